//! Lists of orders and payments.

use jiff::Timestamp;
use jiff::civil::Date;
use qris_api::{Rupiah, TransactionNumber, WibTime};

use crate::database::{Row, Step, Value};
use crate::rows::{events, events_of, find, first_orders, first_orders_by, left_out, orders};
use crate::{Channel, Error, Event, InvalidRow, Ledger, Order, ReportLine, State, sql, totals};

/// A filter for a list of orders. The default matches all.
///
/// ```
/// use qris_ledger::{Ledger, OrderFilter, State};
///
/// # let folder = tempfile::tempdir()?;
/// # let ledger = Ledger::open(folder.path().join("qris.db"))?;
/// let mut filter = OrderFilter::default();
/// filter.state = Some(State::Paid);
/// filter.search = Some("INV-".into());
/// assert_eq!(ledger.orders(&filter, 20)?, []);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderFilter {
    /// Orders in this state, as stored.
    pub state: Option<State>,
    /// Only orders that are not ended ([`State::is_unfinished`]): what a program lists when it starts again.
    pub unfinished: bool,
    /// Orders of this channel.
    pub channel: Option<Channel>,
    /// Orders recorded on this day (WIB) or later.
    pub from: Option<Date>,
    /// Orders recorded on this day (WIB) or earlier.
    pub to: Option<Date>,
    /// Orders with this text in their number, description, reference, RRN or payment method, or with this
    /// amount. [`Ledger::orders`] says how far back it searches.
    pub search: Option<String>,
    /// Orders after this one in the list: the last order of the page before.
    pub after: Option<(WibTime, TransactionNumber)>,
}

/// The states that a filter wants, joined by commas; empty if it wants any state.
fn states(filter: &OrderFilter) -> String {
    if filter.state.is_none() && !filter.unfinished {
        return String::new();
    }
    let is_wanted = |state: &State| {
        filter.state.is_none_or(|wanted| wanted == *state)
            && (!filter.unfinished || state.is_unfinished())
    };
    let wanted: Vec<_> = State::ALL.into_iter().filter(is_wanted).map(State::as_str).collect();
    // A comma alone matches no state.
    if wanted.is_empty() { ",".to_owned() } else { wanted.join(",") }
}

impl Ledger {
    /// The newest orders, newest first.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn list(&self, limit: u32) -> Result<Vec<Order>, Error> {
        self.read(|step| first_orders(step, sql::LIST, &[step.merchant.into()], limit))
    }

    /// The orders that match a filter, newest first.
    ///
    /// A page costs the same for any number of orders and at any depth. A text that is an order's whole
    /// number or RRN finds only that order, at any age. An amount finds orders of any age. A part of a text
    /// finds orders among the newest 2,000 up to the filter's last day or, if the filter has a first day,
    /// among all since then; the earlier that day, the longer it takes.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn orders(&self, filter: &OrderFilter, limit: u32) -> Result<Vec<Order>, Error> {
        let [from, end] = span(filter.from.unwrap_or(FIRST_DAY), filter.to.unwrap_or(Date::MAX));
        let text = filter.search.as_deref().map(str::trim).unwrap_or_default();
        // No stored text has this character. SQLite would end the pattern there, and find every order.
        if text.contains('\0') {
            return Ok(Vec::new());
        }
        self.read(|step| {
            let kind = [
                step.merchant.into(),
                states(filter).as_str().into(),
                filter.channel.map_or("", Channel::as_str).into(),
                from.clone(),
            ];
            let page = [&kind[..], &before(filter, &end)].concat();
            if text.is_empty() {
                return first_orders(step, sql::FILTERED, &page, limit);
            }
            let spelled = [text, &text.to_ascii_uppercase(), &text.to_ascii_lowercase()];
            let spelled = spelled.map(Value::from);
            let whole = [&kind[..1], &spelled, &kind[1..], std::slice::from_ref(&end)].concat();
            let mut found = first_orders(step, sql::SEARCH_WHOLE, &whole, limit)?;
            if !found.is_empty() {
                found.retain(|order| follows(order, filter));
                return Ok(found);
            }
            let since = match filter.from {
                Some(_) => from,
                None => searched_since(step, end)?.unwrap_or(from),
            };
            first_orders_by(step, sql::SEARCH, limit, |limit| {
                [&page[..], &[amount(text), limit.into(), since.clone(), part(text)]].concat()
            })
        })
    }

    /// The orders that need a person, newest first: orders with a code whose outcome is unknown, even if
    /// another code was paid, and orders past their watching time whose last check had no answer.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn attention(&self, limit: u32, now: WibTime) -> Result<Vec<Order>, Error> {
        self.read(|step| {
            first_orders(step, sql::ATTENTION, &[step.merchant.into(), now.into()], limit)
        })
    }

    /// The paid orders that no program has acknowledged yet, oldest first.
    ///
    /// A web shop reads them when it starts and after each payment, ships the goods, and then calls
    /// [`Ledger::acknowledge`]. So a crash between payment and shipping loses nothing. An order that was [paid
    /// late](Order::is_paid_late) is in the list too: a person should look at it before it is shipped.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn unacknowledged(&self, limit: u32) -> Result<Vec<Order>, Error> {
        self.unacknowledged_after(None, None, limit)
    }

    /// The same orders, of one channel only and after one of them: the last order of the page before.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn unacknowledged_after(
        &self,
        channel: Option<Channel>,
        after: Option<&TransactionNumber>,
        limit: u32,
    ) -> Result<Vec<Order>, Error> {
        let channel = channel.map_or("", Channel::as_str);
        let after = after.map_or("", TransactionNumber::as_str);
        self.read(|step| {
            let page = [step.merchant.into(), channel.into(), after.into()];
            first_orders(step, sql::UNACKNOWLEDGED, &page, limit)
        })
    }

    /// Records that the order was fulfilled. `false` if that was recorded before.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] if the order is not paid.
    pub fn acknowledge(&mut self, number: &TransactionNumber, now: WibTime) -> Result<bool, Error> {
        self.write(|step| {
            let order = find(step, number)?.ok_or(Error::Absent)?;
            if order.state != State::Paid {
                return Err(Error::State { expected: &[State::Paid], found: order.state });
            }
            step.moved(sql::ACKNOWLEDGE, &[now.into(), order.id.into()])
        })
    }

    /// The history of an order, oldest first.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn events(&self, number: &TransactionNumber) -> Result<Vec<Event>, Error> {
        self.read(|step| events(step, number))
    }

    /// Totals between two days (WIB), both included, by day and channel. They are stored as orders are
    /// recorded, so a year takes as long with ten million orders as with a thousand.
    ///
    /// Days and channels without invoices and payments have no line.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn report(&self, from: Date, to: Date) -> Result<Vec<ReportLine>, Error> {
        let days = [from, to].map(|day| day.to_string());
        self.read(|step| {
            let days = [days[0].as_str().into(), days[1].as_str().into()];
            let [from, to] = days;
            let rows = step.query(totals::REPORT, &[step.merchant.into(), from, to])?;
            let mut lines = Vec::with_capacity(rows.len());
            for row in rows {
                match report_line(row) {
                    Ok(line) => lines.push(line),
                    Err(error) => left_out(step, None, error)?,
                }
            }
            Ok(lines)
        })
    }

    /// The payments between two days (WIB), both included, earliest first, to compare with the bank's
    /// credits. An order with two paid codes is listed twice.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn payments(&self, from: Date, to: Date) -> Result<Vec<Order>, Error> {
        let [from, to] = span(from, to);
        self.read(|step| orders(step, sql::PAYMENTS, &[step.merchant.into(), from, to]))
    }

    /// The unreadable rows that this connection skipped since the last call, each once.
    ///
    /// A long-running program calls this after each step, reports the rows to a person, and continues.
    pub fn take_invalid_rows(&self) -> Vec<InvalidRow> {
        self.set_aside.take()
    }

    /// Whether a row is still invalid, or was corrected since. A row without a readable number is always
    /// reported as invalid.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn is_invalid_row(&self, row: &InvalidRow) -> Result<bool, Error> {
        let Some(number) = &row.number else { return Ok(true) };
        let before = self.take_invalid_rows();
        let read = self.read(|step| {
            // The row of any merchant.
            for order in orders(step, sql::FIND_ANYWHERE, &[number.as_str().into()])? {
                events_of(step, &order)?;
            }
            Ok(())
        });
        // One of the two reads has set the row aside again.
        let again = self.take_invalid_rows();
        before.into_iter().for_each(|row| self.set_aside.add(row));
        read?;
        Ok(again.iter().any(|again| again.number == row.number))
    }
}

fn report_line(mut row: Row) -> Result<ReportLine, Error> {
    Ok(ReportLine {
        day: row.word(0, "day")?,
        channel: row.word(1, "channel")?,
        invoices: row.natural(2, "invoices")?,
        payments: row.natural(3, "payments")?,
        paid: Rupiah::new(row.natural(4, "paid")?),
    })
}

/// No order was recorded before it.
const FIRST_DAY: Date = Date::constant(1, 1, 1);

/// The number of newest orders in which a part of a text is searched.
const SEARCHED: u32 = 2_000;

/// The start of the first day and the end of the last day.
pub(crate) fn span(from: Date, to: Date) -> [Value; 2] {
    [start_of(from).into(), end_of(to).into()]
}

/// The first second after a day in WIB.
fn end_of(day: Date) -> WibTime {
    day.tomorrow().map_or(WibTime::from(Timestamp::MAX), start_of)
}

/// The position before which a page's orders come: the last order of the page before, or the end of the days.
fn before(filter: &OrderFilter, end: &Value) -> [Value; 2] {
    let last = filter.to.map_or(WibTime::from(Timestamp::MAX), end_of);
    match &filter.after {
        Some((at, number)) if *at < last => [(*at).into(), number.as_str().into()],
        _ => [end.clone(), "".into()],
    }
}

/// Whether an order comes after the filter's position.
fn follows(order: &Order, filter: &OrderFilter) -> bool {
    filter.after.as_ref().is_none_or(|(at, number)| {
        (order.created_at, order.number.as_str()) < (*at, number.as_str())
    })
}

/// The time from which a part of a text is searched. `None` if there are few orders.
fn searched_since(step: &mut Step<'_>, end: Value) -> Result<Option<Value>, Error> {
    let row =
        step.first(sql::SEARCHED_SINCE, &[step.merchant.into(), end, (SEARCHED - 1).into()])?;
    // An unreadable row is set aside by the search, which then starts at the first order.
    Ok(row.and_then(|mut row| row.time(0, "created_at").ok()).map(Value::from))
}

/// A text as an amount, or -1 if it is not one.
fn amount(text: &str) -> Value {
    let amount = text.parse::<i64>().ok().filter(|amount| amount.to_string() == text);
    amount.unwrap_or(-1).into()
}

/// The LIKE pattern for texts that contain a text.
fn part(text: &str) -> Value {
    let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    Value::Text(format!("%{escaped}%"))
}

/// The first second of a day in WIB, but not before the year 1.
pub(crate) fn start_of(day: Date) -> WibTime {
    let day = day.max(FIRST_DAY);
    WibTime::parse(&format!("{day} 00:00:00")).unwrap_or(WibTime::from(Timestamp::MAX))
}

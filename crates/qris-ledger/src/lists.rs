//! What is in the ledger, in lists.

use jiff::Timestamp;
use jiff::civil::Date;
use qris_api::{Rupiah, TransactionNumber, WibTime};

use crate::database::{Row, Step, Value};
use crate::rows::{events, events_of, find, first_orders, first_orders_by, left_out, orders};
use crate::{Channel, Error, Event, Ledger, Order, ReportLine, SetAside, State, sql, totals};

/// Which orders a list has: all of them by default.
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
    /// Those in this state, as it is booked.
    pub state: Option<State>,
    /// Those of this channel.
    pub channel: Option<Channel>,
    /// Those that were booked on this day in WIB or later.
    pub from: Option<Date>,
    /// Those that were booked on this day in WIB or earlier.
    pub to: Option<Date>,
    /// Those whose number, description, reference, RRN or payment method contains this text, or whose
    /// amount it is; [`Ledger::orders`] says how far back.
    pub search: Option<String>,
    /// Those that come after this one in the list: the last of the page before.
    pub after: Option<(WibTime, TransactionNumber)>,
}

impl Ledger {
    /// The last orders, newest first.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn list(&self, limit: u32) -> Result<Vec<Order>, Error> {
        self.read(|step| first_orders(step, sql::LIST, &[step.merchant.into()], limit))
    }

    /// The orders that fit a filter, newest first.
    ///
    /// A page costs the same however many orders there are and however deep in the list it is. A text that is
    /// an order's whole number or RRN finds that order, however old it is, and no other. An amount finds orders of
    /// any age, a part of a text the ones among the newest 2,000 up to the filter's last day or, where the
    /// filter has a first day, among all since then: that takes longer the earlier it is.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::list`].
    pub fn orders(&self, filter: &OrderFilter, limit: u32) -> Result<Vec<Order>, Error> {
        let [from, end] = span(filter.from.unwrap_or(FIRST_DAY), filter.to.unwrap_or(Date::MAX));
        let text = filter.search.as_deref().map(str::trim).unwrap_or_default();
        self.read(|step| {
            let kind = [
                step.merchant.into(),
                filter.state.map_or("", State::as_str).into(),
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

    /// The orders that a person should look at, newest first: those of which the outcome of a code is
    /// unknown, although another code may have been paid, and those whose watching is over by time, but
    /// whose last check had no answer.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::list`].
    pub fn attention(&self, limit: u32, now: WibTime) -> Result<Vec<Order>, Error> {
        self.read(|step| {
            first_orders(step, sql::ATTENTION, &[step.merchant.into(), now.into()], limit)
        })
    }

    /// The paid orders of which no program has said that it has done what the payment asks for, the
    /// oldest first.
    ///
    /// A web shop asks for them when it starts and after each payment, ships, and then says
    /// [`Ledger::acknowledge`]: so a crash between payment and shipping loses nothing.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::list`].
    pub fn unacknowledged(&self, limit: u32) -> Result<Vec<Order>, Error> {
        self.read(|step| first_orders(step, sql::UNACKNOWLEDGED, &[step.merchant.into()], limit))
    }

    /// Books that what a payment asks for has been done. `false` where that was booked before.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] when the order is not paid.
    pub fn acknowledge(&mut self, number: &TransactionNumber, now: WibTime) -> Result<bool, Error> {
        self.write(|step| {
            let order = find(step, number)?.ok_or(Error::Absent)?;
            if order.state != State::Paid {
                return Err(Error::State { expected: State::Paid, found: order.state });
            }
            step.moved(sql::ACKNOWLEDGE, &[now.into(), order.id.into()])
        })
    }

    /// The states an order went through, the oldest first.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::list`].
    pub fn events(&self, number: &TransactionNumber) -> Result<Vec<Event>, Error> {
        self.read(|step| events(step, number))
    }

    /// Totals from one day in WIB to another, both included, by day and channel. They are kept as orders are
    /// booked, so a year takes no longer with ten million orders than with a thousand.
    ///
    /// Days and channels on which nothing happened have no line.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::list`].
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

    /// What was paid from the first to the last day in WIB, one by one, the earliest first: what
    /// the money that a bank has credited is held against. An order of which two codes were paid is
    /// there twice.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::list`].
    pub fn payments(&self, from: Date, to: Date) -> Result<Vec<Order>, Error> {
        let [from, to] = span(from, to);
        self.read(|step| orders(step, sql::PAYMENTS, &[step.merchant.into(), from, to]))
    }

    /// The rows that this connection could not read and left out since the last call, each once.
    ///
    /// A program that runs for long asks after each step, tells a person, and goes on.
    pub fn take_set_aside(&self) -> Vec<SetAside> {
        self.set_aside.take()
    }

    /// Whether a row still makes no sense, or a person has corrected it since. One whose number
    /// cannot be read stays as it is said.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn is_set_aside(&self, row: &SetAside) -> Result<bool, Error> {
        let Some(number) = &row.number else { return Ok(true) };
        let before = self.take_set_aside();
        let read = self.read(|step| {
            // Whichever merchant's it is.
            for order in orders(step, sql::FIND_ANYWHERE, &[number.as_str().into()])? {
                events_of(step, &order)?;
            }
            Ok(())
        });
        // Either of the two has set it aside again.
        let again = self.take_set_aside();
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

/// No order was booked before it.
const FIRST_DAY: Date = Date::constant(1, 1, 1);

/// In how many of the newest orders a part of a text is looked for.
const SEARCHED: u32 = 2_000;

/// The moment at which the first day begins, and the one at which the last is over.
pub(crate) fn span(from: Date, to: Date) -> [Value; 2] {
    [start_of(from).into(), end_of(to).into()]
}

/// The first second after a day in WIB.
fn end_of(day: Date) -> WibTime {
    day.tomorrow().map_or(WibTime::from(Timestamp::MAX), start_of)
}

/// What a page's orders come before in the list: the last one of the page before, or the end of the days.
fn before(filter: &OrderFilter, end: &Value) -> [Value; 2] {
    let last = filter.to.map_or(WibTime::from(Timestamp::MAX), end_of);
    match &filter.after {
        Some((at, number)) if *at < last => [(*at).into(), number.as_str().into()],
        _ => [end.clone(), "".into()],
    }
}

/// Whether an order is on a page after the filter's last one.
fn follows(order: &Order, filter: &OrderFilter) -> bool {
    filter.after.as_ref().is_none_or(|(at, number)| {
        (order.created_at, order.number.as_str()) < (*at, number.as_str())
    })
}

/// Since when orders are searched for a part of a text; nothing where there are few.
fn searched_since(step: &mut Step<'_>, end: Value) -> Result<Option<Value>, Error> {
    let row =
        step.first(sql::SEARCHED_SINCE, &[step.merchant.into(), end, (SEARCHED - 1).into()])?;
    // One that cannot be read is set aside by the search, which then begins with the first order.
    Ok(row.and_then(|mut row| row.time(0, "created_at").ok()).map(Value::from))
}

/// A text as an amount: -1 where it is none.
fn amount(text: &str) -> Value {
    let amount = text.parse::<i64>().ok().filter(|amount| amount.to_string() == text);
    amount.unwrap_or(-1).into()
}

/// The pattern of what contains a text.
fn part(text: &str) -> Value {
    let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    Value::Text(format!("%{escaped}%"))
}

/// The first second of a day in WIB; of the year 1 for what lies before it.
pub(crate) fn start_of(day: Date) -> WibTime {
    let day = day.max(FIRST_DAY);
    WibTime::parse(&format!("{day} 00:00:00")).unwrap_or(WibTime::from(Timestamp::MAX))
}

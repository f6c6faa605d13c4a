//! Records payments that the provider settled and the ledger lacks.

use std::time::Duration;

use qris_api::{InvoiceId, PaymentDetails, Rupiah, TransactionNumber, WibTime};
use ring::digest::{SHA256, digest};

use crate::counted::Happened;
use crate::database::{Row, Step, Value};
use crate::payment::{Confirmed, Settling, settle};
use crate::request::Terms;
use crate::resolve::next_at;
use crate::rows::{OWN_IDS, earlier, find, find_row, integer, left_out, rows_of};
use crate::settlement::{LOCK_LINE, settlement_line};
use crate::shift::open_shift;
use crate::unbooked::intended_for;
use crate::{Error, Ledger, NewOrder, Order, SettlementLine, State, sql};

/// How long before a payment its code may have been requested, and how long after it if the clocks differ.
const CODE_BEFORE: Duration = Duration::from_secs(60 * 60);
const CODE_AFTER: Duration = Duration::from_secs(60);

/// The maximum number of orders that are named as possible matches of a line.
const MAX_CANDIDATES: u32 = 10;

/// How many numbers are tried if others are taken.
const NUMBERS: u32 = 9;

/// Only one line of a merchant is recorded at a time, and no invoice meanwhile. So the comparison stays
/// valid.
const LOCK_MERCHANT: &str = "UPDATE qris_merchant SET nmid = nmid WHERE id = $1 RETURNING id";

const PAID_WITH_RRN: &str = "
    SELECT o.number, i.qris_invoiceid FROM qris_invoice AS i JOIN qris_order AS o ON o.id = i.order_id
    WHERE i.merchant = $1 AND i.rrn IN ($2, $3, $4) AND i.state = 'paid'";

/// Whether the amount of an order fits a line: with its tip, without it, or with a tip that the line does not
/// name.
macro_rules! amount_fits {
    () => {
        "(o.amount = $2 OR o.amount = $3 OR (o.tip = 1 AND o.amount < $4))"
    };
}

const UNKNOWN: &str = concat!(
    "SELECT DISTINCT o.id FROM qris_invoice AS u JOIN qris_order AS o ON o.id = u.order_id
    WHERE u.merchant = $1 AND u.state = 'unknown' AND ",
    amount_fits!(),
    " AND u.requested_at >= $5 AND u.requested_at <= $6
    ORDER BY o.id LIMIT $7"
);

/// Payments of the same minute that no line names.
const SAME_MINUTE: &str = concat!(
    "SELECT DISTINCT i.order_id FROM qris_invoice AS i JOIN qris_order AS o ON o.id = i.order_id
    WHERE i.merchant = $1 AND ",
    amount_fits!(),
    " AND i.paid_at >= $5 AND i.paid_at < $6
        AND NOT EXISTS (
            SELECT 1 FROM qris_settlement_line AS l
            WHERE l.merchant = i.merchant AND l.qris_invoiceid = i.qris_invoiceid)
        AND NOT EXISTS (
            SELECT 1 FROM qris_settlement_line AS l
            WHERE l.merchant = i.merchant AND l.rrn = i.rrn)
        AND NOT EXISTS (
            SELECT 1 FROM qris_settlement_line AS l WHERE l.order_id = i.order_id)
    ORDER BY i.order_id LIMIT $7"
);

macro_rules! webhook {
    ($which:literal) => {
        concat!(
            "SELECT qris_invoiceid, method, customer_name, rrn, note, number FROM qris_unbooked AS u
             WHERE u.merchant = $1 AND ",
            $which,
            " AND NOT EXISTS (
                 SELECT 1 FROM qris_invoice AS i
                 WHERE i.merchant = u.merchant AND i.qris_invoiceid = u.qris_invoiceid)
             ORDER BY u.qris_invoiceid LIMIT 1"
        )
    };
}

const WEBHOOK_OF_ID: &str = webhook!("u.qris_invoiceid = $2");
const WEBHOOK_OF_RRN: &str = webhook!("u.rrn IN ($2, $3, $4)");

const NEW_INVOICE: &str = "
    INSERT INTO qris_invoice (merchant, order_id, state, requested_at, qris_content,
        qris_request_date, qris_invoiceid, qris_nmid, shown_until, expires_at, watched_until)
    VALUES ($1, $2, 'expired', $3, '', $3, $4,
        coalesce((SELECT nmid FROM qris_merchant WHERE id = $1), ''), $3, $3, $3)
    RETURNING id";

const BOOKED: &str = "
    UPDATE qris_settlement_line SET order_id = $1 WHERE id = $2 AND order_id IS NULL RETURNING id";

/// What to do with a settlement line that may belong to an order in the ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnPossibleMatch {
    /// Record nothing, and return those orders.
    #[default]
    Ask,
    /// A person has checked that it belongs to none of them: record it.
    Book,
}

/// The result of recording a settlement line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettledBooking {
    /// This call recorded it as this order.
    Booked(Box<Order>),
    /// It was recorded before, as this order.
    AlreadyBooked(Box<Order>),
    /// Nothing was recorded: the line may belong to one of these orders. Resolve an order with an unknown
    /// outcome first ([`Ledger::candidate`]); a paid order may be the payment itself. An order that allows a tip
    /// is among them if its amount is smaller than the line's and the line names no tip.
    PossibleMatches(Vec<Order>),
}

impl Ledger {
    /// Records an order from a settlement line whose payment the ledger lacks: of a static code, of a webhook
    /// without a recorded invoice, or from after the time of a restored backup.
    ///
    /// The order's number is `SETTLED-` and the line's transaction id, or a digest of the line's key if there
    /// is no id. It is paid at the line's time, with its amount, method and RRN, and has the same events as
    /// any other payment. A kept webhook with the same invoice or RRN is used up: the order gets its payer's
    /// name and note.
    ///
    /// Exactly one caller gets [`SettledBooking::Booked`].
    ///
    /// ```
    /// use qris_api::{Rupiah, WibTime};
    /// use qris_ledger::{OnPossibleMatch, Ledger, SettledBooking, SettlementLine, State};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let paid_at = WibTime::parse("2026-11-27 10:15:30").ok_or("no time")?;
    /// let mut line = SettlementLine::new("id:T-1", paid_at, Rupiah::new(25_578));
    /// line.transaction = Some("T-1".into());
    /// ledger.import_settlement(&[line], WibTime::now())?;
    /// let booked = ledger.book_settled("id:T-1", OnPossibleMatch::Ask, WibTime::now())?;
    /// let SettledBooking::Booked(order) = booked else { return Err("not booked".into()) };
    /// assert_eq!((order.number.as_str(), order.state), ("SETTLED-T-1", State::Paid));
    /// let again = ledger.book_settled("id:T-1", OnPossibleMatch::Ask, WibTime::now())?;
    /// assert_eq!(again, SettledBooking::AlreadyBooked(order));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Absent`] if no line has this key; [`Error::LineBooked`] if an order has the line's invoice
    /// id, or a payment its RRN; [`Error::NumberTaken`].
    pub fn book_settled(
        &mut self,
        key: &str,
        doubt: OnPossibleMatch,
        now: WibTime,
    ) -> Result<SettledBooking, Error> {
        self.write(|step| {
            let shift = open_shift(step)?;
            step.query(LOCK_MERCHANT, &[step.merchant.into()])?;
            let row = step.first(LOCK_LINE, &[step.merchant.into(), key.into()])?;
            let (id, line) = settlement_line(row.ok_or(Error::Absent)?)?;
            if let Some(number) = &line.booked_as {
                let order = find(step, number)?.ok_or(Error::Absent)?;
                return Ok(SettledBooking::AlreadyBooked(Box::new(order)));
            }
            ensure_not_booked(step, &line)?;
            let webhook = webhook_of(step, &line)?;
            if doubt == OnPossibleMatch::Ask {
                let likely = likely(step, &line, webhook.as_ref())?;
                if !likely.is_empty() {
                    return Ok(SettledBooking::PossibleMatches(likely));
                }
            }
            let order = book(step, id, &line, webhook, shift, now)?;
            Ok(SettledBooking::Booked(Box::new(order)))
        })
    }

    /// Whether an order was recorded from a settlement line, so that nobody waits for its receipt.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn is_booked_from_settlement(&self, number: &TransactionNumber) -> Result<bool, Error> {
        self.read(|step| step.moved(IS_FROM_LINE, &[step.merchant.into(), number.as_str().into()]))
    }
}

/// Whether an order was recorded from a settlement line.
const IS_FROM_LINE: &str = "
    SELECT 1 FROM qris_order AS o JOIN qris_settlement_line AS l ON l.order_id = o.id
    WHERE o.merchant = $1 AND o.number = $2";

/// The kept webhook that names the payment of a line.
struct Webhook {
    invoice: InvoiceId,
    details: PaymentDetails,
    /// The order without a known invoice that it probably belongs to.
    order: Option<Order>,
}

fn webhook_of(step: &mut Step<'_>, line: &SettlementLine) -> Result<Option<Webhook>, Error> {
    let row = match (given_invoice(line), &line.rrn) {
        (Some(invoice), _) => {
            let id = integer("qris_invoiceid", invoice.get())?;
            step.first(WEBHOOK_OF_ID, &[step.merchant.into(), id.into()])?
        }
        (None, Some(rrn)) => {
            let [rrn, whole, bare] = spellings(rrn);
            step.first(WEBHOOK_OF_RRN, &[step.merchant.into(), rrn, whole, bare])?
        }
        (None, None) => None,
    };
    row.map(|row| webhook(step, row)).transpose()
}

fn webhook(step: &mut Step<'_>, mut row: Row) -> Result<Webhook, Error> {
    let mut details = PaymentDetails::default();
    details.method = row.optional_text(1, "method")?;
    details.customer_name = row.optional_text(2, "customer_name")?;
    details.rrn = row.optional_text(3, "rrn")?;
    details.note = row.optional_text(4, "note")?;
    let named = row.optional_text(5, "number")?.and_then(|it| TransactionNumber::parse(it).ok());
    let order = intended_for(step, named, details.note.as_deref())?;
    let invoice = InvoiceId::new(row.natural(0, "qris_invoiceid")?);
    Ok(Webhook { invoice, details, order: order.filter(Order::lacks_invoice) })
}

/// The invoice that a line names. No invoice has the id 0.
fn given_invoice(line: &SettlementLine) -> Option<InvoiceId> {
    line.invoice.filter(|id| (1..OWN_IDS).contains(&id.get()))
}

/// An RRN with all of its twelve digits, and without leading zeros: spreadsheets remove them.
fn spellings(rrn: &str) -> [Value; 3] {
    let (whole, bare) = (format!("{rrn:0>12}"), rrn.trim_start_matches('0'));
    [rrn.into(), whole.as_str().into(), bare.into()]
}

fn ensure_not_booked(step: &mut Step<'_>, line: &SettlementLine) -> Result<(), Error> {
    let invoice = given_invoice(line);
    if let Some(invoice) = invoice
        && let Some((_, order)) = rows_of(step, invoice)?
    {
        let mut row = step.first(sql::NUMBER, &[order.into()])?.ok_or(Error::Absent)?;
        return Err(Error::LineBooked { number: row.text(0, "number")? });
    }
    let Some(rrn) = &line.rrn else { return Ok(()) };
    let [rrn, whole, bare] = spellings(rrn);
    for mut row in step.query(PAID_WITH_RRN, &[step.merchant.into(), rrn, whole, bare])? {
        let given = row.optional_natural(1, "qris_invoiceid")?.filter(|&id| id < OWN_IDS);
        // Two invoice ids are two payments, even if all else is the same.
        if given.zip(invoice).is_none_or(|(id, invoice)| id == invoice.get()) {
            return Err(Error::LineBooked { number: row.text(0, "number")? });
        }
    }
    Ok(())
}

/// The orders that the line may belong to.
fn likely(
    step: &mut Step<'_>,
    line: &SettlementLine,
    webhook: Option<&Webhook>,
) -> Result<Vec<Order>, Error> {
    let amount = integer("amount", line.amount.get())?;
    let without_tip = line.amount.get().saturating_sub(line.tip.get());
    let without_tip = integer("amount", without_tip)?;
    // A line without a tip may have an amount that includes one.
    let below = if line.tip.get() == 0 { amount } else { 0 };
    let (first, last) = (earlier(line.paid_at, CODE_BEFORE), line.paid_at.later_by(CODE_AFTER));
    let unknown = [
        step.merchant.into(),
        amount.into(),
        without_tip.into(),
        below.into(),
        first.into(),
        last.into(),
        MAX_CANDIDATES.into(),
    ];
    let mut orders: Vec<Order> = webhook.and_then(|it| it.order.clone()).into_iter().collect();
    for row in step.query(UNKNOWN, &unknown)? {
        add(step, &mut orders, row)?;
    }
    let second = line.paid_at.timestamp().as_second();
    let minute = earlier(line.paid_at, Duration::from_secs(second.rem_euclid(60).unsigned_abs()));
    let same_minute = [
        step.merchant.into(),
        amount.into(),
        without_tip.into(),
        below.into(),
        minute.into(),
        minute.later_by(Duration::from_secs(60)).into(),
        MAX_CANDIDATES.into(),
    ];
    let unknown = orders.len();
    for row in step.query(SAME_MINUTE, &same_minute)? {
        add(step, &mut orders, row)?;
    }
    let paid = orders.split_off(unknown);
    orders.extend(paid.into_iter().filter(|order| may_be(order, line)));
    Ok(orders)
}

fn add(step: &mut Step<'_>, orders: &mut Vec<Order>, mut row: Row) -> Result<(), Error> {
    match find_row(step, row.integer(0, "id")?) {
        Ok(Some(order)) if orders.iter().all(|known| known.number != order.number) => {
            orders.push(order);
            Ok(())
        }
        Ok(_) => Ok(()),
        Err(error) => left_out(step, None, error),
    }
}

/// Whether the ids do not show that an order's payment is another one than the line's.
fn may_be(order: &Order, line: &SettlementLine) -> bool {
    let paid = order.payment.details();
    let rrn = paid.and_then(|details| details.rrn.as_ref());
    let significant = |rrn: &String| rrn.trim_start_matches('0').to_owned();
    let rrns = rrn.map(significant).zip(line.rrn.as_ref().map(significant));
    let ids = order.invoices.iter().filter_map(|invoice| invoice.qris_invoiceid);
    let other_id = given_invoice(line).is_some() && ids.count() > 0;
    rrns.is_none_or(|(one, other)| one == other) && !other_id
}

/// Records the order, its invoice and its payment.
fn book(
    step: &mut Step<'_>,
    id: i64,
    line: &SettlementLine,
    webhook: Option<Webhook>,
    shift: Option<i64>,
    now: WibTime,
) -> Result<Order, Error> {
    let (number, order) = new_order(step, line, shift, now)?;
    let invoice = match given_invoice(line).or(webhook.as_ref().map(|it| it.invoice)) {
        Some(invoice) => invoice,
        None => InvoiceId::new(OWN_IDS.saturating_add(id.unsigned_abs())),
    };
    let invoice_id = integer("qris_invoiceid", invoice.get())?;
    let columns = [step.merchant.into(), order.into(), line.paid_at.into(), invoice_id.into()];
    let mut row = step.first(NEW_INVOICE, &columns)?.ok_or(Error::Absent)?;
    let row = row.integer(0, "id")?;
    step.query(sql::NEWEST_INVOICE, &[row.into(), order.into()])?;
    let mut details = webhook.map(|it| it.details).unwrap_or_default();
    details.paid_at = Some(line.paid_at);
    details.method = line.method.clone().or(details.method);
    details.rrn = line.rrn.clone().or(details.rrn);
    let by = Confirmed::Table(format!("booked from the settlement line {}", line.key));
    settle(step, Settling { row, order, id: invoice, by }, &details, now)?;
    step.query(BOOKED, &[order.into(), id.into()])?;
    next_at(step, invoice_id, None, 0)?;
    let order = find(step, &number)?.ok_or(Error::Absent)?;
    step.count(line.paid_at, order.channel.as_str(), shift, Happened::Invoice);
    Ok(order)
}

/// An order with a number that no other order has.
fn new_order(
    step: &mut Step<'_>,
    line: &SettlementLine,
    shift: Option<i64>,
    now: WibTime,
) -> Result<(TransactionNumber, i64), Error> {
    for try_number in 1..=NUMBERS {
        let number = number(line, try_number).ok_or(Error::NumberTaken)?;
        let new = NewOrder::new(number.clone(), Rupiah::new(line.amount.get()));
        // It is paid at the end of this step.
        let order = Terms::new(&new)?.insert(step, &new, State::Expired, shift, now)?;
        if let Some(order) = order {
            return Ok((number, order));
        }
    }
    Err(Error::NumberTaken)
}

/// A number that is made from the line.
fn number(line: &SettlementLine, try_number: u32) -> Option<TransactionNumber> {
    let end = if try_number == 1 { String::new() } else { format!("-{try_number}") };
    let named = line.transaction.as_deref().map(|id| format!("SETTLED-{id}{end}"));
    if let Some(number) = named.and_then(|text| TransactionNumber::parse(text).ok()) {
        return Some(number);
    }
    let hash = digest(&SHA256, line.key.as_bytes());
    let hex: String = hash.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    TransactionNumber::parse(format!("SETTLED-{hex}{end}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(transaction: Option<&str>, try_number: u32) -> String {
        let mut line = SettlementLine::new("id:T-1", WibTime::now(), Rupiah::new(1));
        line.transaction = transaction.map(str::to_owned);
        number(&line, try_number).expect("a number").to_string()
    }

    #[test]
    fn a_number_is_the_transaction_id_or_a_digest_of_the_key_where_that_is_none_or_too_long() {
        assert_eq!(numbered(Some("T-1"), 1), "SETTLED-T-1");
        assert_eq!(numbered(Some("T-1"), 2), "SETTLED-T-1-2");
        let digest = numbered(None, 1);
        assert_eq!(digest.len(), "SETTLED-".len() + 16);
        assert_eq!(numbered(Some(&"T".repeat(60)), 1), digest);
        assert_eq!(numbered(None, 3), format!("{digest}-3"));
    }
}

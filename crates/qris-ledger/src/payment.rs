//! Payments: what checks and webhooks report.

use std::time::Duration;

use qris_api::{InvoiceId, Payment, PaymentDetails, TransactionNumber, WibTime};

use crate::check::after_gap;
use crate::counted::Happened;
use crate::database::{Row, Step, Value};
use crate::rows::{append, kept, rows_of, transaction_number};
use crate::shift::Booking;
use crate::thinning::announced;
use crate::{Error, Ledger, State, sql};

/// The maximum number of characters of a payment's texts; longer text is cut.
const MAX_NAME_CHARS: usize = 200;
const MAX_NOTE_CHARS: usize = 500;
const MAX_WORD_CHARS: usize = 64;

/// The time between the last check of an invoice and the next, for a repeated webhook.
const HINT_GAP: Duration = Duration::from_secs(60);

/// The number of "not paid" answers that close a webhook.
const HINT_CHECKS: u32 = 3;

/// The first words of the event for the payment of another code.
pub(crate) const OVERPAID: &str = "another code was paid too";

/// How far the provider's clock may be ahead.
const AHEAD: Duration = Duration::from_secs(24 * 60 * 60);

/// The result of recording a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// This call settled the order: hand over the goods.
    Settled,
    /// The order was settled before.
    AlreadySettled,
    /// This call recorded the payment of another code of a paid order: hand over nothing.
    /// [`Order::overpaid`](crate::Order::overpaid) has the excess amount.
    Overpaid,
    /// There was no payment to record.
    NotPaid,
}

/// The result of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookEffect {
    /// The invoice is due: at once, or a minute after its last check for a repeated webhook.
    Due(TransactionNumber),
    /// Nothing changed: an earlier webhook is still open, or the invoice is paid.
    NoChange,
    /// No invoice with this id is recorded.
    UnknownInvoice,
}

impl Ledger {
    /// Records the payment of an invoice, once. The first payment of an order settles the order.
    ///
    /// Only one caller, among all threads and processes, gets [`Settlement::Settled`]. Values that the check does
    /// not have are taken from an earlier webhook. A payment time before the request or more than a day in
    /// the future is impossible: the payment gets the current time, and the event's detail has the reported
    /// time.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`] if no invoice with this id is recorded.
    pub fn settle(
        &mut self,
        invoice: InvoiceId,
        payment: &Payment,
        now: WibTime,
    ) -> Result<Settlement, Error> {
        let Payment::Paid(details) = payment else {
            return Ok(Settlement::NotPaid);
        };
        self.write(|step| {
            let (row, order) = rows_of(step, invoice)?.ok_or(Error::Absent)?;
            settle(step, Settling { row, order, id: invoice, by: Confirmed::Check }, details, now)
        })
    }

    /// Records a webhook. Its values are kept where none is known yet. If it is the first one for the
    /// invoice, the invoice is due at once, before all scheduled checks.
    ///
    /// The webhook stays open until the invoice is paid, or until three checks were answered "not paid".
    /// While it is open, further webhooks change nothing. The next webhook after that opens it again; then
    /// the invoice is due a minute after its last check.
    ///
    /// A webhook never records a payment. Its `rrn` is also kept for an invoice that is already paid, because
    /// checks do not have it.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn record_webhook(
        &mut self,
        invoice: InvoiceId,
        details: &PaymentDetails,
        now: WibTime,
    ) -> Result<WebhookEffect, Error> {
        if i64::try_from(invoice.get()).is_err() {
            return Ok(WebhookEffect::UnknownInvoice);
        }
        self.write(|step| {
            let Some((id, order)) = rows_of(step, invoice)? else {
                return Ok(WebhookEffect::UnknownInvoice);
            };
            let [method, name, rrn, note, version] = texts_of(details);
            // No database accepts a time before the year 1.
            let paid_at = details.paid_at.filter(|at| at.date().year() > 0).into();
            step.query(sql::FILL, &[method, name, rrn, note, version, paid_at, id.into()])?;
            let mut row = step.first(sql::LAST_CHECK, &[id.into()])?.ok_or(Error::Absent)?;
            let due = match row.optional_time(0, "hinted_at")? {
                Some(_) => {
                    let checked = row.optional_time(1, "checked_at")?;
                    let asked = row.optional_time(2, "asked_at")?;
                    after_gap(checked.max(asked), HINT_GAP, now)
                }
                None => now,
            };
            let parameters = [now.into(), due.into(), HINT_CHECKS.into(), id.into()];
            if !step.moved(sql::HINT, &parameters)? {
                return Ok(WebhookEffect::NoChange);
            }
            let mut row = step.first(sql::NUMBER, &[order.into()])?.ok_or(Error::Absent)?;
            Ok(WebhookEffect::Due(transaction_number(&row.text(0, "number")?)?))
        })
    }
}

/// The invoice to settle.
pub(crate) struct Settling {
    pub(crate) row: i64,
    pub(crate) order: i64,
    pub(crate) id: InvoiceId,
    pub(crate) by: Confirmed,
}

/// The evidence that an invoice is paid.
pub(crate) enum Confirmed {
    /// A check.
    Check,
    /// A check of an invoice that was found after the reply with it was lost: a webhook or a person named it.
    Found { by_webhook: bool },
    /// The provider's settlement table, with a text for the event.
    Table(String),
}

/// Records a payment, first the invoice's, then the order's.
pub(crate) fn settle(
    step: &mut Step<'_>,
    Settling { row, order, id, by }: Settling,
    details: &PaymentDetails,
    now: WibTime,
) -> Result<Settlement, Error> {
    step.query(sql::LOCK_ORDER, &[order.into()])?;
    let booking = Booking::of_payment(step, row)?;
    let [shift, outside, late] = booking.columns();
    let times = step.first(sql::TIMES, &[row.into()])?.ok_or(Error::Absent)?;
    let (paid_at, odd) = time_of_payment(times, details.paid_at, now)?;
    let [method, name, rrn, note, version] = texts_of(details);
    let parameters =
        [paid_at.into(), method, name, rrn, note, version, shift, outside, late, row.into()];
    let Some(mut settled) = step.first(sql::SETTLE, &parameters)? else {
        // It is already paid.
        return Ok(Settlement::AlreadySettled);
    };
    let hinted_at = settled.optional_time(1, "hinted_at")?;
    match &by {
        Confirmed::Check => announced(step, hinted_at.is_some(), now)?,
        Confirmed::Found { by_webhook: true } => announced(step, true, now)?,
        // A person, or the provider's table, and not the schedule.
        Confirmed::Found { by_webhook: false } | Confirmed::Table(_) => {}
    }
    let mut what = step.first(sql::AMOUNT, &[order.into()])?.ok_or(Error::Absent)?;
    let (channel, amount) = (what.text(0, "channel")?, what.integer(1, "amount")?);
    step.count(paid_at, &channel, booking.shift(), Happened::Payment(amount));
    let mut words = match by {
        Confirmed::Check => Vec::new(),
        Confirmed::Found { .. } => vec![format!("found as qris_invoiceid {id}")],
        Confirmed::Table(said) => vec![said],
    };
    let settlement = match step.moved(sql::PAY, &[row.into(), order.into()])? {
        true => Settlement::Settled,
        false => {
            let mut over = step.first(sql::OVERPAY, &[order.into()])?.ok_or(Error::Absent)?;
            let overpaid = over.integer(0, "overpaid")?;
            words.push(format!("{OVERPAID}, qris_invoiceid {id}: Rp{overpaid} too much"));
            Settlement::Overpaid
        }
    };
    words.extend(odd.map(|said| format!("paid_at as said: {said}")));
    append(step, order, Some(row), State::Paid, Some(&words.join("; ")), now)?;
    Ok(settlement)
}

/// The texts of a payment as they are stored: method, name, rrn, note, version.
pub(crate) fn texts_of(details: &PaymentDetails) -> [Value; 5] {
    let text = |text: &Option<String>, max_chars| {
        text.as_deref().and_then(|text| kept(text, max_chars)).as_deref().into()
    };
    [
        text(&details.method, MAX_WORD_CHARS),
        text(&details.customer_name, MAX_NAME_CHARS),
        text(&details.rrn, MAX_WORD_CHARS),
        text(&details.note, MAX_NOTE_CHARS),
        text(&details.api_version, MAX_WORD_CHARS),
    ]
}

/// The time of a payment: the first possible one of the check's, the webhook's and the clock's; and the
/// reported time if it was impossible.
pub(crate) fn time_of_payment(
    mut times: Row,
    checked: Option<WibTime>,
    now: WibTime,
) -> Result<(WibTime, Option<WibTime>), Error> {
    let requested_at = times.time(0, "requested_at")?;
    let made = times.optional_time(1, "qris_request_date")?.unwrap_or(requested_at);
    let hinted = times.optional_time(2, "hinted_paid_at")?;
    let (earliest, latest) = (requested_at.min(made), now.later_by(AHEAD));
    let can_be_true = |at: &WibTime| (earliest..=latest).contains(at);
    let said = [checked, hinted].into_iter().flatten();
    let odd = said.clone().next().filter(|at| !can_be_true(at));
    Ok((said.clone().find(can_be_true).unwrap_or(now), odd))
}

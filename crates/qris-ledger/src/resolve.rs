//! Ends orders with an unknown outcome: the invoice is found, or a person says that there is none.

use std::time::Duration;

use qris_api::{Invoice, InvoiceId, PaymentDetails, Schedule, TransactionNumber, WibTime};

use crate::check::{free_turns, take_turn};
use crate::counted::Happened;
use crate::database::{Row, Step};
use crate::payment::{Confirmed, Settling, settle, texts_of};
use crate::request::follow_invoices;
use crate::rows::{find, integer, rows_of, transaction_number, wrong_state};
use crate::unbooked::{NAMED, intended_for, is_open};
use crate::{Budget, CheckOutcome, Error, InvoiceState, Ledger, Order, Settlement, State, sql};

/// The shortest and longest time between checks of an unconfirmed payment. The time doubles each time.
const FIRST_GAP: Duration = Duration::from_secs(60);
const LAST_GAP: Duration = Duration::from_secs(60 * 60);

/// The first words of the event when a person says that there is no invoice.
pub(crate) const NOT_MADE_DETAIL: &str = "not made: ";

const NAME: &str = "
    INSERT INTO qris_unbooked (merchant, qris_invoiceid, received_at, status, number, next_check_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (merchant, qris_invoiceid) DO UPDATE
    SET number = excluded.number, next_check_at = excluded.next_check_at
    RETURNING qris_invoiceid";

const DUE: &str = "
    SELECT qris_invoiceid, received_at, tries, number, note FROM qris_unbooked
    WHERE merchant = $1 AND (next_check_at <= $2 OR next_check_at > $3)
    ORDER BY next_check_at, qris_invoiceid LIMIT $4 FOR UPDATE SKIP LOCKED";

const NEXT: &str = "
    UPDATE qris_unbooked SET next_check_at = $1, tries = tries + $2
    WHERE merchant = $3 AND qris_invoiceid = $4
    RETURNING qris_invoiceid";

/// The webhook's values for an invoice, from before the invoice was recorded.
const WEBHOOK: &str = "
    SELECT method, customer_name, rrn, note, paid_at, status FROM qris_unbooked
    WHERE merchant = $1 AND qris_invoiceid = $2";

/// The provider's reply to the create call was lost, and with it the QR and the date.
const ADOPT: &str = "
    UPDATE qris_invoice
    SET state = 'expired', qris_content = '', qris_request_date = requested_at,
        qris_invoiceid = $1,
        qris_nmid = coalesce((SELECT nmid FROM qris_merchant WHERE id = qris_invoice.merchant), ''),
        shown_until = requested_at, expires_at = requested_at, watched_until = requested_at
    WHERE id = $2 AND state IN ('unknown', 'rejected', 'resolved')
    RETURNING requested_at,
        (SELECT o.shift FROM qris_order AS o WHERE o.id = qris_invoice.order_id)";

const NOT_MADE: &str = "
    UPDATE qris_invoice SET state = 'resolved' WHERE id = $1 AND state = 'unknown' RETURNING id";

/// A provider invoice that may belong to an order with an unknown outcome.
///
/// Check [`invoice`](Self::invoice), which has the order's amount. If it is paid, call
/// [`Ledger::resolve_paid`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate {
    /// The order.
    pub order: Order,
    /// The invoice to check. It has no QR and must not be shown.
    pub invoice: Invoice,
    received_at: WibTime,
    tries: u64,
}

impl Candidate {
    fn new(order: Order, id: InvoiceId, received_at: WibTime, tries: u64) -> Self {
        // The day of the request whose reply was lost, not of a newer code: a check needs this day.
        let lacking = order.invoices.iter().rev().find(|found| found.state.lacks_id());
        let made = lacking.map_or(order.created_at, |found| found.requested_at);
        let invoice = Invoice::new(order.number.clone(), order.amount, "", made, id, "");
        Self { order, invoice, received_at, tries }
    }
}

impl Ledger {
    /// Names a provider invoice as the candidate for an order, because a person says so.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] if no invoice of the order is `unknown`, `rejected` or `resolved`;
    /// [`Error::InvoiceIdTaken`] if another order has this invoice; [`Error::TooLarge`].
    pub fn candidate(
        &self,
        number: &TransactionNumber,
        invoice: InvoiceId,
    ) -> Result<Candidate, Error> {
        self.read(|step| {
            let order = may_have(step, number, invoice)?;
            let received_at = order.requested_at.unwrap_or(order.created_at);
            Ok(Candidate::new(order, invoice, received_at, 0))
        })
    }

    /// Claims the candidates that are due for a check: at most `limit`, and no more than the key's budget
    /// allows. No other process gets them until the claim ends. Check each one once, then call
    /// [`Ledger::resolve_paid`] or [`Ledger::record_candidate_check`].
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`],
    /// [`Error::Corrupt`].
    pub fn claim_candidates(
        &mut self,
        budget: &Budget,
        limit: u32,
        now: WibTime,
    ) -> Result<Vec<Candidate>, Error> {
        self.make_turns(budget.checks_per_minute)?;
        self.write(|step| {
            let ahead = now.later_by(LAST_GAP.saturating_mul(2));
            let due = [step.merchant.into(), now.into(), ahead.into(), limit.into()];
            let mut claimed = Vec::new();
            for row in step.query(DUE, &due)? {
                let id = row_id(&row)?;
                let candidate = match candidate(step, row) {
                    // An invalid row must not stop the others.
                    Err(Error::Corrupt { .. }) => None,
                    candidate => candidate?,
                };
                let Some(candidate) = candidate else {
                    next_at(step, id, None, 0)?;
                    continue;
                };
                if !candidate.order.lacks_invoice() {
                    // It is being requested; its outcome will be known soon.
                    let next = now.later_by(FIRST_GAP);
                    next_at(step, id, Some(next), 0)?;
                } else if take_turns(step, &candidate.invoice, budget, now)? {
                    let next = now.later_by(budget.claim);
                    next_at(step, id, Some(next), 1)?;
                    claimed.push(candidate);
                } else {
                    break;
                }
            }
            Ok(claimed)
        })
    }

    /// Ends a claim without a payment. The candidate is checked again, at most an hour later, until the
    /// provider has answered after the end of validity and grace.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn record_candidate_check(
        &mut self,
        candidate: &Candidate,
        schedule: &Schedule,
        outcome: CheckOutcome,
        now: WibTime,
    ) -> Result<(), Error> {
        let id = integer("qris_invoiceid", candidate.invoice.qris_invoiceid.get())?;
        let first = candidate.received_at.max(candidate.order.created_at);
        let over = outcome == CheckOutcome::Unpaid && now >= first.later_by(schedule.end());
        let doubled = u32::try_from(candidate.tries).unwrap_or(u32::MAX).min(6);
        let gap = FIRST_GAP.saturating_mul(1 << doubled).min(LAST_GAP);
        let (gap, tries) = match outcome {
            // It says nothing about the invoice, so it is not the try that the claim counted.
            CheckOutcome::KeyRefused => (FIRST_GAP, -1),
            CheckOutcome::Paused { wait } => (wait.max(FIRST_GAP), -1),
            CheckOutcome::Unpaid | CheckOutcome::Unanswered => (gap, 0),
        };
        let next = (!over).then(|| now.later_by(gap));
        self.write(|step| next_at(step, id, next, tries))
    }

    /// Keeps an invoice that a person named for an order and that is not paid yet. It is checked like the
    /// candidates from webhooks, and the order does not change.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::candidate`].
    pub fn watch_candidate(&mut self, candidate: &Candidate, now: WibTime) -> Result<(), Error> {
        let (number, invoice) = (&candidate.order.number, candidate.invoice.qris_invoiceid);
        self.write(|step| {
            may_have(step, number, invoice)?;
            let id = integer("qris_invoiceid", invoice.get())?;
            let next = now.later_by(FIRST_GAP);
            let row = [
                step.merchant.into(),
                id.into(),
                now.into(),
                NAMED.into(),
                number.as_str().into(),
                next.into(),
            ];
            step.query(NAME, &row).map(drop)
        })
    }

    /// Takes the slots of the key's budget for one check of this invoice now. `false` if this minute has too
    /// few left.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn take_turns(
        &mut self,
        invoice: &Invoice,
        budget: &Budget,
        now: WibTime,
    ) -> Result<bool, Error> {
        self.make_turns(budget.checks_per_minute)?;
        self.write(|step| take_turns(step, invoice, budget, now))
    }

    /// Records that the invoice of an order was found and is paid: the order becomes `paid`. The event's
    /// detail has the invoice's id. Values that the check does not have are taken from the webhook of this
    /// invoice, if one came.
    ///
    /// Only the caller that gets [`Settlement::Settled`] settled it.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::candidate`].
    pub fn resolve_paid(
        &mut self,
        number: &TransactionNumber,
        invoice: InvoiceId,
        details: &PaymentDetails,
        now: WibTime,
    ) -> Result<Settlement, Error> {
        let id = integer("qris_invoiceid", invoice.get())?;
        self.write(|step| {
            let order = find(step, number)?.ok_or(Error::Absent)?;
            step.query(sql::LOCK_ORDER, &[order.id.into()])?;
            if let Some((row, booked)) = rows_of(step, invoice)?
                && booked == order.id
                && find(step, number)?.is_some_and(|order| {
                    let mut rows = order.invoices.iter();
                    rows.any(|found| found.id == row && found.state == InvoiceState::Paid)
                })
            {
                return Ok(Settlement::AlreadySettled);
            }
            let order = may_have(step, number, invoice)?;
            let lacking = order.invoices.iter().rev().find(|found| found.state.lacks_id());
            let row = lacking.ok_or(Error::Absent)?.id;
            let adopted = step.first(ADOPT, &[id.into(), row.into()])?;
            let Some(mut adopted) = adopted else {
                return Err(wrong_state(find(step, number)?, &[State::Unknown]));
            };
            let requested_at = adopted.time(0, "requested_at")?;
            let webhook = [step.merchant.into(), id.into()];
            let mut by_webhook = false;
            if let Some(mut said) = step.first(WEBHOOK, &webhook)? {
                let mut webhook = PaymentDetails::default();
                webhook.method = said.optional_text(0, "method")?;
                webhook.customer_name = said.optional_text(1, "customer_name")?;
                webhook.rrn = said.optional_text(2, "rrn")?;
                webhook.note = said.optional_text(3, "note")?;
                let paid_at = said.optional_time(4, "paid_at")?.into();
                by_webhook = said.text(5, "status")? != NAMED;
                let [method, name, rrn, note, version] = texts_of(&webhook);
                step.query(sql::FILL, &[method, name, rrn, note, version, paid_at, row.into()])?;
            }
            let by = Confirmed::Found { by_webhook };
            let settling = Settling { row, order: order.id, id: invoice, by };
            let settlement = settle(step, settling, details, now)?;
            let shift = adopted.optional_integer(1, "shift")?;
            step.count(requested_at, order.channel.as_str(), shift, Happened::Invoice);
            next_at(step, id, None, 0)?;
            Ok(settlement)
        })
    }

    /// Records that a person found out that the provider made no invoice, and how. `unknown` becomes
    /// `rejected`, or `expired` if the order has older codes, so another code can be requested. A paid or
    /// cancelled order with [such a code](Order::has_unknown_code) keeps its state. The event keeps the reason.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] if no code of the order is `unknown`.
    pub fn resolve_not_made(
        &mut self,
        number: &TransactionNumber,
        reason: &str,
        now: WibTime,
    ) -> Result<(), Error> {
        let detail = format!("{NOT_MADE_DETAIL}{reason}");
        self.write(|step| {
            let order = find(step, number)?.ok_or(Error::Absent)?;
            step.query(sql::LOCK_ORDER, &[order.id.into()])?;
            let order = find(step, number)?.ok_or(Error::Absent)?;
            let mut unknown = order.invoices.iter();
            let unknown = unknown.find(|invoice| invoice.state == InvoiceState::Unknown);
            let Some(row) = unknown.map(|invoice| invoice.id) else {
                return Err(wrong_state(Some(order), &[State::Unknown]));
            };
            if !step.moved(NOT_MADE, &[row.into()])? {
                return Err(wrong_state(Some(order), &[State::Unknown]));
            }
            follow_invoices(step, order.id, row, Some(&detail), now)
        })
    }
}

/// When a candidate is checked next, and its new number of attempts.
pub(crate) fn next_at(
    step: &mut Step<'_>,
    id: i64,
    at: Option<WibTime>,
    tries: i64,
) -> Result<(), Error> {
    step.query(NEXT, &[at.into(), tries.into(), step.merchant.into(), id.into()]).map(drop)
}

/// The order, if it may have this invoice.
fn may_have(
    step: &mut Step<'_>,
    number: &TransactionNumber,
    invoice: InvoiceId,
) -> Result<Order, Error> {
    let order = find(step, number)?.ok_or(Error::Absent)?;
    if !order.lacks_invoice() {
        return Err(wrong_state(Some(order), &[State::Unknown]));
    }
    match rows_of(step, invoice)? {
        Some(_) => Err(Error::InvoiceIdTaken),
        None => Ok(order),
    }
}

/// The candidate of a row; `None` if no order without an invoice matches.
fn candidate(step: &mut Step<'_>, mut row: Row) -> Result<Option<Candidate>, Error> {
    let id = InvoiceId::new(row.natural(0, "qris_invoiceid")?);
    if rows_of(step, id)?.is_some() {
        return Ok(None);
    }
    let number = row.optional_text(3, "number")?;
    let number = number.map(|number| transaction_number(&number)).transpose()?;
    let note = row.optional_text(4, "note")?;
    let order = intended_for(step, number, note.as_deref())?.filter(is_open);
    let (received_at, tries) = (row.time(1, "received_at")?, row.natural(2, "tries")?);
    Ok(order.map(|order| Candidate::new(order, id, received_at, tries)))
}

fn row_id(row: &Row) -> Result<i64, Error> {
    match row.0.first() {
        Some(crate::database::Value::Integer(id)) => Ok(*id),
        _ => Err(Error::Corrupt { column: "qris_invoiceid" }),
    }
}

/// Takes the slots of one check. After midnight a check is two calls and takes two.
fn take_turns(
    step: &mut Step<'_>,
    invoice: &Invoice,
    budget: &Budget,
    now: WibTime,
) -> Result<bool, Error> {
    let questions = if now.date() > invoice.qris_request_date.date() { 2_u8 } else { 1 };
    let free = free_turns(step, budget.checks_per_minute, questions.into(), now)?;
    if free.len() < usize::from(questions) {
        return Ok(false);
    }
    for (slot, at) in free {
        take_turn(step, slot, at)?;
    }
    Ok(true)
}

//! How a sale whose outcome is unknown ends: its invoice is found, or a person says that there is
//! none.

use std::time::Duration;

use qris_api::{Invoice, InvoiceId, PaymentDetails, Schedule, TransactionNumber, WibTime};

use crate::check::free_turns;
use crate::database::{Row, Statements};
use crate::payment::{texts_of, time_of_payment};
use crate::rows::{advance, find, find_invoice, integer, texts, transaction_number, wrong_state};
use crate::unbooked::{NAMED, intended_for, is_open, lacks_invoice};
use crate::{Budget, Error, Ledger, Record, Settlement, State, sql};

/// The time between checks while a payment is not confirmed: it doubles from the one to the other.
const FIRST_GAP: Duration = Duration::from_secs(60);
const LAST_GAP: Duration = Duration::from_secs(60 * 60);

const NAME: &str = "
    INSERT INTO qris_unbooked (qris_invoiceid, received_at, status, number, next_check_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (qris_invoiceid) DO UPDATE
    SET number = excluded.number, next_check_at = excluded.next_check_at
    RETURNING qris_invoiceid";

const DUE: &str = "
    SELECT qris_invoiceid, received_at, tries, number, note FROM qris_unbooked
    WHERE next_check_at <= $1 OR next_check_at > $2
    ORDER BY next_check_at, qris_invoiceid LIMIT $3 FOR UPDATE SKIP LOCKED";

const NEXT: &str = "
    UPDATE qris_unbooked SET next_check_at = $1, tries = tries + $2 WHERE qris_invoiceid = $3
    RETURNING qris_invoiceid";

/// The webhook's words of an invoice, as they were when it was not booked yet.
const WEBHOOK: &str = "
    SELECT method, customer_name, rrn, note, paid_at FROM qris_unbooked WHERE qris_invoiceid = $1";

/// Locks the row, so that what is read of it stays true.
const LOCK: &str = "UPDATE qris_invoice SET state = state WHERE number = $1 RETURNING number";

/// The provider's reply to the create was lost, and with it the QR and the date.
const ADOPT: &str = "
    UPDATE qris_invoice
    SET state = 'expired', qris_content = '', qris_request_date = requested_at,
        qris_invoiceid = $1, qris_nmid = coalesce((SELECT nmid FROM qris_account), ''),
        shown_until = requested_at, expires_at = requested_at
    WHERE number = $2 AND state IN ('unknown', 'rejected')
    RETURNING number";

const NOT_MADE: &str = "
    UPDATE qris_invoice SET state = 'rejected' WHERE number = $1 AND state = 'unknown'
    RETURNING number";

/// An invoice of the provider that may be the one of a sale whose outcome is unknown.
///
/// Check [`invoice`](Self::invoice), whose amount is the sale's. When it is paid, say
/// [`Ledger::resolve_paid`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate {
    /// The sale.
    pub record: Record,
    /// What to check. It has no QR, and must not be shown.
    pub invoice: Invoice,
    received_at: WibTime,
    tries: u64,
}

impl Candidate {
    fn new(record: Record, id: InvoiceId, received_at: WibTime, tries: u64) -> Self {
        let (number, made) = (record.number.clone(), record.requested_at);
        let invoice = Invoice::new(number, record.amount, "", made, id, "");
        Self { record, invoice, received_at, tries }
    }
}

impl Ledger {
    /// An invoice of the provider as the candidate for a sale, because a person says so.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] when the sale is not `unknown`, nor `rejected`;
    /// [`Error::InvoiceIdTaken`] when another sale has this invoice; [`Error::TooLarge`].
    pub fn candidate(
        &self,
        number: &TransactionNumber,
        invoice: InvoiceId,
    ) -> Result<Candidate, Error> {
        self.read(|books| {
            let record = may_have(books, number, invoice)?;
            let received_at = record.requested_at;
            Ok(Candidate::new(record, invoice, received_at, 0))
        })
    }

    /// Takes the candidates that are due to be checked: at most `limit`, and no more than the key's
    /// budget has turns for. Each is this caller's alone until the claim ends; make one check of
    /// each, then say [`Ledger::resolve_paid`] or [`Ledger::candidate_checked`].
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`],
    /// [`Error::Foreign`].
    pub fn claim_candidates(
        &mut self,
        budget: &Budget,
        limit: u32,
        now: WibTime,
    ) -> Result<Vec<Candidate>, Error> {
        self.make_turns(budget.checks_per_minute)?;
        self.write(|step| {
            let due = [now.into(), now.later_by(LAST_GAP.saturating_mul(2)).into(), limit.into()];
            let mut claimed = Vec::new();
            for row in step.query(DUE, &due)? {
                let id = row_id(&row)?;
                let candidate = match candidate(step, row) {
                    // A row that makes no sense must not stop the others.
                    Err(Error::Foreign { .. }) => None,
                    candidate => candidate?,
                };
                let Some(candidate) = candidate else {
                    step.query(NEXT, &[None::<WibTime>.into(), 0_i64.into(), id.into()])?;
                    continue;
                };
                if !lacks_invoice(&candidate.record) {
                    // It is being asked for: its outcome is known in a while.
                    let next = now.later_by(FIRST_GAP);
                    step.query(NEXT, &[next.into(), 0_i64.into(), id.into()])?;
                } else if take_turns(step, &candidate.invoice, budget, now)? {
                    let next = now.later_by(budget.claim);
                    step.query(NEXT, &[next.into(), 1_i64.into(), id.into()])?;
                    claimed.push(candidate);
                } else {
                    break;
                }
            }
            Ok(claimed)
        })
    }

    /// Ends a claim without a payment. The candidate is checked again, at most an hour apart, until
    /// the provider has answered after the end of validity and grace.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn candidate_checked(
        &mut self,
        candidate: &Candidate,
        schedule: &Schedule,
        answered: bool,
        now: WibTime,
    ) -> Result<(), Error> {
        let id = integer("qris_invoiceid", candidate.invoice.qris_invoiceid.get())?;
        let first = candidate.received_at.max(candidate.record.requested_at);
        let over = answered && now >= first.later_by(schedule.end());
        let doubled = u32::try_from(candidate.tries).unwrap_or(u32::MAX).min(6);
        let gap = FIRST_GAP.saturating_mul(1 << doubled).min(LAST_GAP);
        let next = (!over).then(|| now.later_by(gap));
        self.write(|step| step.query(NEXT, &[next.into(), 0_i64.into(), id.into()]).map(drop))
    }

    /// Keeps an invoice that a person named for a sale, because it is not paid yet: it is checked
    /// as the candidates of webhooks are, and the sale stays as it is.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::candidate`].
    pub fn watch_candidate(&mut self, candidate: &Candidate, now: WibTime) -> Result<(), Error> {
        let (number, invoice) = (&candidate.record.number, candidate.invoice.qris_invoiceid);
        self.write(|step| {
            may_have(step, number, invoice)?;
            let id = integer("qris_invoiceid", invoice.get())?;
            let next = now.later_by(FIRST_GAP);
            let row = [id.into(), now.into(), NAMED.into(), number.as_str().into(), next.into()];
            step.query(NAME, &row).map(drop)
        })
    }

    /// Takes turns of the key's budget for one check of this invoice, now. `false` when this minute
    /// has too few left.
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

    /// Books that the invoice of a sale was found and is paid: `unknown` or `rejected` becomes
    /// `paid`. The event's detail has the invoice's id. What the check does not say is taken from
    /// the webhook of this invoice, if one came.
    ///
    /// Only the caller that is told [`Settlement::Now`] settled it.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::candidate`].
    pub fn resolve_paid(
        &mut self,
        number: &TransactionNumber,
        invoice: InvoiceId,
        details: &PaymentDetails,
        now: WibTime,
    ) -> Result<Settlement, Error> {
        let id = integer("qris_invoiceid", invoice.get())?;
        self.write(|step| {
            step.query(LOCK, &[number.as_str().into()])?;
            if let Some(record) = find_invoice(step, invoice)?
                && record.number == *number
                && record.state == State::Paid
            {
                return Ok(Settlement::Earlier);
            }
            may_have(step, number, invoice)?;
            if texts(step, ADOPT, &[id.into(), number.as_str().into()])?.is_empty() {
                return Err(wrong_state(find(step, number)?, State::Unknown));
            }
            if let Some(mut said) = step.query(WEBHOOK, &[id.into()])?.pop() {
                let mut webhook = PaymentDetails::default();
                webhook.method = said.optional_text(0, "method")?;
                webhook.customer_name = said.optional_text(1, "customer_name")?;
                webhook.rrn = said.optional_text(2, "rrn")?;
                webhook.note = said.optional_text(3, "note")?;
                let paid_at = said.optional_time(4, "paid_at")?.into();
                let [method, name, rrn, note, version] = texts_of(&webhook);
                let row = [method, name, rrn, note, version, paid_at, id.into()];
                step.query(sql::FILL, &row)?;
            }
            let times = step.query(sql::TIMES, &[id.into()])?.pop().ok_or(Error::Absent)?;
            let (paid_at, odd) = time_of_payment(times, details.paid_at, now)?;
            let [method, name, rrn, note, version] = texts_of(details);
            let row = [paid_at.into(), method, name, rrn, note, version, id.into()];
            let odd = odd.map_or_else(String::new, |said| format!("; paid_at as said: {said}"));
            let detail = format!("found as qris_invoiceid {invoice}{odd}");
            if !advance(step, sql::SETTLE, &row, State::Paid, Some(&detail), now)? {
                return Err(wrong_state(find(step, number)?, State::Unknown));
            }
            step.query(NEXT, &[None::<WibTime>.into(), 0_i64.into(), id.into()])?;
            Ok(Settlement::Now)
        })
    }

    /// Books that a person found out that the provider made no invoice, and how: `unknown` becomes
    /// `rejected`, so the number can be asked for again. The reason is kept in the event.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] when it is not `unknown`.
    pub fn resolve_not_made(
        &mut self,
        number: &TransactionNumber,
        reason: &str,
        now: WibTime,
    ) -> Result<(), Error> {
        let detail = format!("not made: {reason}");
        self.write(|step| {
            let parameters = [number.as_str().into()];
            if advance(step, NOT_MADE, &parameters, State::Rejected, Some(&detail), now)? {
                return Ok(());
            }
            Err(wrong_state(find(step, number)?, State::Unknown))
        })
    }
}

/// The sale, if it may have this invoice.
fn may_have(
    books: &mut dyn Statements,
    number: &TransactionNumber,
    invoice: InvoiceId,
) -> Result<Record, Error> {
    let record = find(books, number)?.ok_or(Error::Absent)?;
    if !lacks_invoice(&record) {
        return Err(wrong_state(Some(record), State::Unknown));
    }
    match find_invoice(books, invoice)? {
        Some(_) => Err(Error::InvoiceIdTaken),
        None => Ok(record),
    }
}

/// The candidate of a row; nothing where it is of no sale without an invoice.
fn candidate(step: &mut dyn Statements, mut row: Row) -> Result<Option<Candidate>, Error> {
    let id = InvoiceId::new(row.natural(0, "qris_invoiceid")?);
    if find_invoice(step, id)?.is_some() {
        return Ok(None);
    }
    let number = row.optional_text(3, "number")?;
    let number = number.map(|number| transaction_number(&number)).transpose()?;
    let note = row.optional_text(4, "note")?;
    let record = intended_for(step, number, note.as_deref())?.filter(is_open);
    let (received_at, tries) = (row.time(1, "received_at")?, row.natural(2, "tries")?);
    Ok(record.map(|record| Candidate::new(record, id, received_at, tries)))
}

fn row_id(row: &Row) -> Result<i64, Error> {
    match row.0.first() {
        Some(crate::database::Value::Integer(id)) => Ok(*id),
        _ => Err(Error::Foreign { column: "qris_invoiceid" }),
    }
}

/// Takes the turns of one check: two after midnight, when it is two questions.
fn take_turns(
    step: &mut dyn Statements,
    invoice: &Invoice,
    budget: &Budget,
    now: WibTime,
) -> Result<bool, Error> {
    let questions = if now.date() > invoice.qris_request_date.date() { 2 } else { 1 };
    let free = free_turns(step, budget.checks_per_minute, now)?;
    if free.len() < questions {
        return Ok(false);
    }
    for (slot, at) in free.into_iter().take(questions) {
        step.query(sql::TAKE_TURN, &[at.into(), slot.into()])?;
    }
    Ok(true)
}

//! Records the provider's new invoice and decides whether its code may be shown.

use qris_api::{Invoice, Schedule, WibTime};

use crate::counted::Happened;
use crate::database::Step;
use crate::next_check::Start;
use crate::request::{follow_invoices, not_created};
use crate::rows::{events, find, integer, kept, rows_of};
use crate::thinning::first_check;
use crate::{Error, Intent, InvoiceState, Ledger, State, sql};

/// The maximum length of an NMID in characters. "ID" and 13 digits are usual.
pub(crate) const MAX_NMID_CHARS: usize = 32;

impl Ledger {
    /// Records the invoice that the provider made: it and its order become `pending`.
    ///
    /// The schedule gives how long the QR is shown, how long it is valid, and when the first check is due. If
    /// the order was paid or cancelled meanwhile, it keeps that state, and the invoice is still watched. If
    /// the reply came so late that another code was requested, this invoice is `expired`, still watched, and
    /// never shown.
    ///
    /// An invoice that must not be shown becomes `unknown`, because the provider did make one. The event's
    /// detail has the provider's id and date, and the reason: the id, the QR or the QR's reference label
    /// belongs to another number, or the NMID differs from the account's other invoices.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`], [`Error::State`]; [`Error::Conflict`] if the invoice differs from the request. If
    /// it must not be shown: [`Error::InvoiceIdTaken`], [`Error::ContentTaken`], [`Error::ReferenceTaken`],
    /// [`Error::OtherNmid`] or, for an id that does not fit into the database, [`Error::TooLarge`].
    pub fn record_created(
        &mut self,
        intent: &Intent,
        invoice: &Invoice,
        schedule: &Schedule,
        now: WibTime,
    ) -> Result<(), Error> {
        let refused = self.write(|step| {
            step.query(sql::LOCK_ORDER, &[intent.order.into()])?;
            let order = find(step, &intent.number)?.ok_or(Error::Absent)?;
            if order.amount != invoice.amount || order.number != invoice.number {
                return Err(Error::Conflict { booked: order.amount, asked: invoice.amount });
            }
            let row = order.invoices.iter().find(|row| row.id == intent.invoice);
            let state = row.ok_or(Error::Absent)?.state;
            if !matches!(
                state,
                InvoiceState::Requested | InvoiceState::Unknown | InvoiceState::Resolved
            ) {
                return Err(Error::State { expected: &[State::Requested], found: order.state });
            }
            if let Some(reason) = must_not_be_shown(step, intent, invoice)? {
                set_aside(step, intent, invoice, &reason, now)?;
                return Ok(Some(reason));
            }
            let start = Start::new(invoice, now);
            let shown = order.shown_for.unwrap_or(schedule.shown).min(schedule.validity);
            let expires_at = start.watched_from.later_by(schedule.validity);
            let parameters = [
                invoice.qris_content.as_str().into(),
                invoice.qris_request_date.into(),
                integer("qris_invoiceid", invoice.qris_invoiceid.get())?.into(),
                invoice.qris_nmid.as_str().into(),
                start.shown_from.later_by(shown).into(),
                expires_at.into(),
                expires_at.later_by(schedule.grace).into(),
                first_check(step, start, schedule, now)?.into(),
                now.into(),
                intent.invoice.into(),
            ];
            let Some(mut created) = step.first(sql::CREATED, &parameters)? else {
                return Err(Error::State { expected: &[State::Requested], found: order.state });
            };
            let requested_at = created.time(0, "requested_at")?;
            let state: InvoiceState = created.word(1, "state")?;
            let mut words = Vec::new();
            if !invoice.reference_matches() {
                words.push("the reference label (62.05) of the QR is not its qris_invoiceid");
            }
            let has_ended = matches!(order.state, State::Paid | State::Cancelled);
            if has_ended || state != InvoiceState::Pending {
                words.push("this code came too late and is not shown");
            }
            let detail = Some(words.join("; ")).filter(|words| !words.is_empty());
            follow_invoices(step, intent.order, intent.invoice, detail.as_deref(), now)?;
            let shift = created.optional_integer(2, "shift")?;
            step.count(requested_at, order.channel.as_str(), shift, Happened::Invoice);
            Ok(None)
        })?;
        refused.map_or(Ok(()), Err)
    }
}

/// Why an invoice must not be shown, by comparison with the rest of the ledger. `None` if it may be shown.
fn must_not_be_shown(
    step: &mut Step<'_>,
    intent: &Intent,
    invoice: &Invoice,
) -> Result<Option<Error>, Error> {
    let Invoice { qris_content, qris_invoiceid, qris_nmid, .. } = invoice;
    if let Err(error) = integer("qris_invoiceid", qris_invoiceid.get()) {
        return Ok(Some(error));
    }
    let nmid = [qris_nmid.as_str().into(), step.merchant.into()];
    if let Some(mut row) = step.first(sql::SEE_NMID, &nmid)? {
        let booked = row.text(0, "nmid")?;
        if booked != *qris_nmid {
            let found = kept(qris_nmid, MAX_NMID_CHARS).unwrap_or_default();
            return Ok(Some(Error::OtherNmid { booked, found }));
        }
    }
    let is_elsewhere =
        |rows: Option<(i64, i64)>| rows.is_some_and(|(row, _)| row != intent.invoice);
    if is_elsewhere(rows_of(step, *qris_invoiceid)?) {
        return Ok(Some(Error::InvoiceIdTaken));
    }
    let elsewhere = [qris_content.as_str().into(), intent.invoice.into()];
    if step.moved(sql::CONTENT_ELSEWHERE, &elsewhere)? {
        return Ok(Some(Error::ContentTaken));
    }
    let reference = invoice.reference().filter(|reference| reference != qris_invoiceid);
    // An id that is too large for the database belongs to no other invoice.
    if let Some(reference) = reference.filter(|id| i64::try_from(id.get()).is_ok())
        && is_elsewhere(rows_of(step, reference)?)
    {
        return Ok(Some(Error::ReferenceTaken));
    }
    Ok(None)
}

/// Records an invoice that must not be shown as `unknown`, with all that a person needs to find it.
fn set_aside(
    step: &mut Step<'_>,
    intent: &Intent,
    invoice: &Invoice,
    reason: &Error,
    now: WibTime,
) -> Result<(), Error> {
    let Invoice { qris_invoiceid, qris_request_date, .. } = invoice;
    let detail = format!("qris_invoiceid {qris_invoiceid} of {qris_request_date}: {reason}");
    // An earlier attempt may have been recorded although its answer was lost.
    let last = events(step, &intent.number)?.pop().and_then(|event| event.detail);
    if last.as_ref() == Some(&detail) {
        return Ok(());
    }
    if !not_created(step, intent, InvoiceState::Unknown, Some(&detail), now)? {
        // It is already unknown, or was resolved meanwhile.
        follow_invoices(step, intent.order, intent.invoice, Some(&detail), now)?;
    }
    Ok(())
}

//! What the provider made, and whether it may be shown.

use qris_api::{Invoice, Schedule, WibTime};

use crate::database::Statements;
use crate::next_check::Start;
use crate::rows::{advance, append, events, find, find_invoice, integer, kept};
use crate::{Error, Ledger, State, sql};

/// The most characters of an NMID; "ID" and 13 digits are usual.
pub(crate) const MAX_NMID_CHARS: usize = 32;

impl Ledger {
    /// Books the invoice that the provider made: `requested` or `unknown` becomes `pending`.
    ///
    /// The schedule says how long its QR is shown, how long it is valid and when the provider is
    /// first to be asked whether it is paid.
    ///
    /// An invoice that must not be shown becomes `unknown` instead, because the provider made one
    /// all the same; the event's detail has the provider's id and date, and the reason: the id,
    /// the QR or the QR's reference label is of another number, or the NMID is not the one that
    /// the account's invoices have.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`], [`Error::State`], [`Error::Conflict`] when it is not what was asked
    /// for. What must not be shown is [`Error::InvoiceIdTaken`], [`Error::ContentTaken`],
    /// [`Error::ReferenceTaken`], [`Error::OtherNmid`] or, for an id that does not fit into the
    /// database, [`Error::TooLarge`].
    pub fn record_created(
        &mut self,
        invoice: &Invoice,
        schedule: &Schedule,
        now: WibTime,
    ) -> Result<(), Error> {
        let amount = integer("amount", invoice.amount.get())?;
        let refused = self.write(|step| {
            let record = find(step, &invoice.number)?.ok_or(Error::Absent)?;
            if record.amount != invoice.amount {
                return Err(Error::Conflict { booked: record.amount, asked: invoice.amount });
            }
            if !matches!(record.state, State::Requested | State::Unknown) {
                return Err(Error::State { expected: State::Requested, found: record.state });
            }
            if let Some(reason) = must_not_be_shown(step, invoice)? {
                set_aside(step, invoice, &reason, now)?;
                return Ok(Some(reason));
            }
            let start = Start::new(invoice, now);
            let parameters = [
                invoice.qris_content.as_str().into(),
                invoice.qris_request_date.into(),
                integer("qris_invoiceid", invoice.qris_invoiceid.get())?.into(),
                invoice.qris_nmid.as_str().into(),
                start.shown_from.later_by(schedule.shown.min(schedule.validity)).into(),
                start.watched_from.later_by(schedule.validity).into(),
                start.first_check(schedule, now).into(),
                now.into(),
                invoice.number.as_str().into(),
                amount.into(),
            ];
            let detail = (!invoice.reference_matches())
                .then_some("the reference label (62.05) of the QR is not its qris_invoiceid");
            if advance(step, sql::CREATED, &parameters, State::Pending, detail, now)? {
                return Ok(None);
            }
            // Another process was faster.
            let found = find(step, &invoice.number)?.ok_or(Error::Absent)?.state;
            Err(Error::State { expected: State::Requested, found })
        })?;
        refused.map_or(Ok(()), Err)
    }
}

/// Why an invoice must not be shown, if so, by what else is in the books.
fn must_not_be_shown(step: &mut dyn Statements, invoice: &Invoice) -> Result<Option<Error>, Error> {
    let Invoice { number, qris_content, qris_invoiceid, qris_nmid, .. } = invoice;
    if let Err(error) = integer("qris_invoiceid", qris_invoiceid.get()) {
        return Ok(Some(error));
    }
    let rows = step.query(sql::SEE_NMID, &[qris_nmid.as_str().into()])?;
    if let Some(mut row) = rows.into_iter().next() {
        let booked = row.text(0, "nmid")?;
        if booked != *qris_nmid {
            let found = kept(qris_nmid, MAX_NMID_CHARS).unwrap_or_default();
            return Ok(Some(Error::OtherNmid { booked, found }));
        }
    }
    if find_invoice(step, *qris_invoiceid)?.is_some_and(|record| record.number != *number) {
        return Ok(Some(Error::InvoiceIdTaken));
    }
    let elsewhere = [qris_content.as_str().into(), number.as_str().into()];
    if !step.query(sql::CONTENT_ELSEWHERE, &elsewhere)?.is_empty() {
        return Ok(Some(Error::ContentTaken));
    }
    let reference = invoice.reference().filter(|reference| reference != qris_invoiceid);
    // One that is too large for the database is nobody's id.
    if let Some(reference) = reference.filter(|id| i64::try_from(id.get()).is_ok())
        && find_invoice(step, reference)?.is_some_and(|record| record.number != *number)
    {
        return Ok(Some(Error::ReferenceTaken));
    }
    Ok(None)
}

/// Books as `unknown` what must not be shown, with all that a person needs to find it.
fn set_aside(
    step: &mut dyn Statements,
    invoice: &Invoice,
    reason: &Error,
    now: WibTime,
) -> Result<(), Error> {
    let Invoice { number, qris_invoiceid, qris_request_date, .. } = invoice;
    let detail = format!("qris_invoiceid {qris_invoiceid} of {qris_request_date}: {reason}");
    // An earlier try may have been booked although its answer was lost.
    let last = events(step, number)?.pop().and_then(|event| event.detail);
    if last.as_ref() == Some(&detail) {
        return Ok(());
    }
    let parameters = [State::Unknown.as_str().into(), number.as_str().into()];
    if !advance(step, sql::NOT_CREATED, &parameters, State::Unknown, Some(&detail), now)? {
        // It is unknown already.
        append(step, number.as_str(), State::Unknown, Some(&detail), now)?;
    }
    Ok(())
}

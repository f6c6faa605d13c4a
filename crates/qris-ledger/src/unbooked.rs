//! Webhooks of invoices that are not recorded: they are kept and listed.

use std::fmt;

use qris_api::webhook::{Status, WebhookEvent};
use qris_api::{InvoiceId, PaymentDetails, TransactionNumber, WibTime};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use crate::database::{Row, Step};
use crate::payment::texts_of;
use crate::rows::{find, integer, kept, transaction_number};
use crate::{Error, Ledger, Order, State};

/// The maximum number of characters of a status.
const MAX_STATUS_CHARS: usize = 40;

/// A repeat adds missing values. A first report of payment makes an invoice that is no longer checked due
/// again.
const KEEP: &str = "
    INSERT INTO qris_unbooked (merchant, qris_invoiceid, received_at, status, method,
        customer_name, rrn, note, paid_at, next_check_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (merchant, qris_invoiceid) DO UPDATE
    SET next_check_at = CASE WHEN qris_unbooked.status = 'paid'
            THEN coalesce(qris_unbooked.next_check_at, excluded.next_check_at)
            ELSE coalesce(excluded.next_check_at, qris_unbooked.next_check_at) END,
        status = CASE WHEN qris_unbooked.status = 'paid' THEN 'paid' ELSE excluded.status END,
        method = coalesce(qris_unbooked.method, excluded.method),
        customer_name = coalesce(qris_unbooked.customer_name, excluded.customer_name),
        rrn = coalesce(qris_unbooked.rrn, excluded.rrn),
        note = coalesce(qris_unbooked.note, excluded.note),
        paid_at = coalesce(qris_unbooked.paid_at, excluded.paid_at)
    RETURNING qris_invoiceid";

/// A row that a person added is not a webhook.
pub(crate) const NAMED: &str = "named";

const LIST: &str = "
    SELECT qris_invoiceid, received_at, status, method, customer_name, rrn, note, paid_at, number
    FROM qris_unbooked
    WHERE merchant = $1 AND status <> 'named' AND NOT EXISTS (
        SELECT 1 FROM qris_invoice
        WHERE qris_invoice.merchant = qris_unbooked.merchant
            AND qris_invoice.qris_invoiceid = qris_unbooked.qris_invoiceid
    )
    ORDER BY received_at DESC, qris_invoiceid DESC LIMIT $2";

const COUNT: &str = "
    SELECT count(*) FROM qris_unbooked
    WHERE merchant = $1 AND status <> 'named' AND NOT EXISTS (
        SELECT 1 FROM qris_invoice
        WHERE qris_invoice.merchant = qris_unbooked.merchant
            AND qris_invoice.qris_invoiceid = qris_unbooked.qris_invoiceid
    )";

/// A webhook of an invoice that is not in the ledger. `Debug` omits the payer's name.
///
/// Its JSON has `qris_invoiceid`, `received_at`, `status`, `rrn`, `note`, `paid_at`, `method`,
/// `customer_name` and `number`. Missing values are `null`.
///
/// ```
/// use qris_api::WibTime;
/// use qris_api::webhook::WebhookEvent;
/// use qris_ledger::Ledger;
///
/// # let folder = tempfile::tempdir()?;
/// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
/// let webhook = WebhookEvent::parse(br#"{"invoice":"413255111","qris_status":"success"}"#)?;
/// ledger.keep_webhook(&webhook, WibTime::now())?;
/// let kept = ledger.unbooked_webhooks(20)?.remove(0);
/// assert_eq!(kept.invoice, webhook.invoice);
/// assert_eq!(kept.status, "paid");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnbookedWebhook {
    /// The invoice that it names.
    pub invoice: InvoiceId,
    /// When the first webhook of this invoice came.
    pub received_at: WibTime,
    /// `paid`, `pending`, or another word as received.
    pub status: String,
    /// The payment's details.
    pub details: PaymentDetails,
    /// The number of the order without a known invoice that it probably belongs to: its note has that number
    /// and amount.
    pub number: Option<TransactionNumber>,
}

impl fmt::Debug for UnbookedWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnbookedWebhook")
            .field("invoice", &self.invoice)
            .field("received_at", &self.received_at)
            .field("status", &self.status)
            .field("details", &self.details)
            .field("number", &self.number)
            .finish()
    }
}

impl Serialize for UnbookedWebhook {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_struct("UnbookedWebhook", 9)?;
        json.serialize_field("qris_invoiceid", &self.invoice.get())?;
        json.serialize_field("received_at", &self.received_at.to_string())?;
        json.serialize_field("status", &self.status)?;
        json.serialize_field("rrn", &self.details.rrn)?;
        json.serialize_field("note", &self.details.note)?;
        json.serialize_field("paid_at", &self.details.paid_at.map(|at| at.to_string()))?;
        json.serialize_field("method", &self.details.method)?;
        json.serialize_field("customer_name", &self.details.customer_name)?;
        json.serialize_field("number", &self.number.as_ref().map(TransactionNumber::as_str))?;
        json.end()
    }
}

impl Ledger {
    /// Keeps a webhook of an invoice that is not recorded, one row for each invoice. Returns the number that
    /// it probably belongs to.
    ///
    /// If the note of a paid one has the number and amount of an order without a known invoice, it is due for
    /// a check at once: see [`Ledger::claim_candidates`].
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] for an id that does not fit into the database; [`Error::Busy`],
    /// [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn keep_webhook(
        &mut self,
        webhook: &WebhookEvent,
        now: WibTime,
    ) -> Result<Option<TransactionNumber>, Error> {
        let id = integer("qris_invoiceid", webhook.invoice.get())?;
        let status = match &webhook.status {
            Status::Paid => Some("paid".to_owned()),
            Status::Pending => Some("pending".to_owned()),
            Status::Other(word) => kept(word, MAX_STATUS_CHARS).filter(|word| word != NAMED),
            _ => None,
        };
        let status = status.unwrap_or_else(|| "other".to_owned());
        let details = webhook.details();
        self.write(|step| {
            let note = details.note.as_deref();
            let intended = note.and_then(of_note).map_or(Ok(None), |(number, amount)| {
                let found = find(step, &number)?;
                Ok::<_, Error>(found.filter(|order| order.amount.get() == amount))
            })?;
            // An order that is being requested may have an unknown outcome later.
            let due = webhook.status == Status::Paid && intended.as_ref().is_some_and(is_open);
            let [method, name, rrn, note, _] = texts_of(&details);
            // No database accepts a time before the year 1.
            let paid_at = details.paid_at.filter(|at| at.date().year() > 0).into();
            let next = due.then_some(now).into();
            let status = status.as_str().into();
            let row = [
                step.merchant.into(),
                id.into(),
                now.into(),
                status,
                method,
                name,
                rrn,
                note,
                paid_at,
                next,
            ];
            step.query(KEEP, &row)?;
            Ok(intended.filter(Order::lacks_invoice).map(|order| order.number))
        })
    }

    /// The webhooks of invoices that are not recorded, newest first, at most this many.
    ///
    /// # Errors
    ///
    /// [`Error::Corrupt`], [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn unbooked_webhooks(&self, limit: u32) -> Result<Vec<UnbookedWebhook>, Error> {
        self.read(|step| {
            let rows = step.query(LIST, &[step.merchant.into(), limit.into()])?;
            rows.into_iter().map(|row| unbooked(step, row)).collect()
        })
    }

    /// The number of webhooks of invoices that are not recorded.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn count_unbooked_webhooks(&self) -> Result<u64, Error> {
        self.read(|step| {
            let mut rows = step.query(COUNT, &[step.merchant.into()])?;
            rows.pop().map_or(Ok(0), |mut row| row.natural(0, "count"))
        })
    }
}

fn unbooked(step: &mut Step<'_>, mut row: Row) -> Result<UnbookedWebhook, Error> {
    let mut details = PaymentDetails::default();
    details.method = row.optional_text(3, "method")?;
    details.customer_name = row.optional_text(4, "customer_name")?;
    details.rrn = row.optional_text(5, "rrn")?;
    details.note = row.optional_text(6, "note")?;
    details.paid_at = row.optional_time(7, "paid_at")?;
    let named = row.optional_text(8, "number")?;
    let named = named.map(|number| transaction_number(&number)).transpose()?;
    let number = intended_for(step, named, details.note.as_deref())?;
    Ok(UnbookedWebhook {
        invoice: InvoiceId::new(row.natural(0, "qris_invoiceid")?),
        received_at: row.time(1, "received_at")?,
        status: row.text(2, "status")?,
        details,
        number: number.filter(Order::lacks_invoice).map(|order| order.number),
    })
}

/// The order that a person named, or that a note names by its number and amount.
pub(crate) fn intended_for(
    step: &mut Step<'_>,
    named: Option<TransactionNumber>,
    note: Option<&str>,
) -> Result<Option<Order>, Error> {
    if let Some(number) = named {
        return find(step, &number);
    }
    let Some((number, amount)) = note.and_then(of_note) else { return Ok(None) };
    Ok(find(step, &number)?.filter(|order| order.amount.get() == amount))
}

/// The number and the amount in a note: `1 PAY-1 10200`. The number may contain spaces.
fn of_note(note: &str) -> Option<(TransactionNumber, u64)> {
    let (number, amount) = note.strip_prefix("1 ")?.rsplit_once(' ')?;
    if !amount.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((TransactionNumber::parse(number).ok()?, amount.parse().ok()?))
}

/// Whether an invoice with an unknown id may exist for this order, or may turn out to exist soon.
pub(crate) fn is_open(order: &Order) -> bool {
    order.lacks_invoice() || order.state == State::Requested
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn number_and_amount(note: &str) -> Option<(String, u64)> {
        of_note(note).map(|(number, amount)| (number.to_string(), amount))
    }

    #[test]
    fn a_note_has_a_number_with_any_spaces_in_it_and_an_amount_of_digits() {
        let found = |number: &str, amount| Some((number.to_owned(), amount));
        assert_eq!(number_and_amount("1 PAY-1 10200"), found("PAY-1", 10_200));
        assert_eq!(number_and_amount("1 Order 7 of 9 500"), found("Order 7 of 9", 500));
        for note in ["PAY-1 10200", "2 PAY-1 10200", "1 PAY-1", "1 PAY-1 +500", "1 PAY-1 ", "1  5"]
        {
            assert_eq!(number_and_amount(note), None, "{note}");
        }
    }
}

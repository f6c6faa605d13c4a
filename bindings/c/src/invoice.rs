//! Creating and checking invoices.

use std::ffi::c_char;
use std::fmt;
use std::ops::RangeInclusive;

use qris_api::{Invoice, InvoiceId, Payment, Rupiah, TransactionNumber, WibTime};

use crate::border::{boundary, give, writable};
use crate::client::{block_on, c_text, connection, qris_client};
use crate::error::{Problem, qris_error};
use crate::status::qris_status;
use crate::text::{Field, read_field};

/// An invoice. The caller owns it, may copy and keep it, and has nothing to free.
///
/// All texts are UTF-8 and end with a NUL. Each field has room for the longest value there can be,
/// so nothing is ever cut. `qris_check_invoice` and `qris_wait_for_payment` need `number`,
/// `rupiah`, `qris_request_date` and `qris_invoiceid` as `qris_create_invoice` wrote them, and look
/// at nothing else, so an invoice can be put together again from a database. The layout does not
/// change.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct qris_invoice {
    /// The provider's number of the invoice: up to 11 digits are seen, so 32 bits do not hold it.
    pub qris_invoiceid: u64,
    /// What is to be paid, in whole rupiah, without a tip.
    pub rupiah: u64,
    /// The caller's own number of the transaction: 40 characters at most.
    pub number: [c_char; 41],
    /// When the provider made the invoice: `2020-08-07T11:13:42+07:00`.
    pub qris_request_date: [c_char; 26],
    /// When the QR stops being payable, by the validity of the client.
    pub expires_at: [c_char; 26],
    /// The merchant's national number, to be shown under the QR: 99 characters at most, of 4 bytes
    /// each.
    pub qris_nmid: [c_char; 397],
    /// The payload to draw: 7089 bytes at most, which is what the largest QR symbol holds.
    pub qris_content: [c_char; 7090],
}

impl fmt::Debug for qris_invoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("qris_invoice")
            .field("qris_invoiceid", &self.qris_invoiceid)
            .field("rupiah", &self.rupiah)
            .finish_non_exhaustive()
    }
}

/// Whether money has come. There is no third state: an expired invoice stays unpaid.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_payment_state {
    /// The invoice is not paid, or not yet.
    Unpaid = 0,
    /// The invoice is paid.
    Paid = 1,
}

/// What the provider says of an invoice. The caller owns it and has nothing to free.
///
/// All texts are UTF-8 and end with a NUL; some replies lack all three, which are empty then. The
/// layout does not change.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct qris_payment {
    /// Whether it is paid.
    pub state: qris_payment_state,
    /// How many bytes the payer's name has in full. The provider sets no limit, so a name of more
    /// than 255 bytes is cut in `customer_name`, between two characters; this number tells.
    pub customer_name_len: u32,
    /// The same for `method`, where there is room for 63.
    pub method_len: u32,
    /// The payer's name, as the payer's bank knows it.
    pub customer_name: [c_char; 256],
    /// The payer's bank or wallet: `BCA`, `Sakuku`...
    pub method: [c_char; 64],
    /// When it was paid: `2020-08-07T11:15:00+07:00`.
    pub paid_at: [c_char; 26],
}

impl fmt::Debug for qris_payment {
    /// Leaves the payer's name out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("qris_payment").field("state", &self.state).finish_non_exhaustive()
    }
}

/// Asks the provider for an invoice, and holds the QR that comes against what was asked for.
///
/// It returns when the provider has answered, which takes up to 30 seconds. `client` is from
/// `qris_client_new`. `number` is the caller's own number of the transaction, 1 to 40 of
/// `A-Z a-z 0-9 -`, and ends with a NUL. `rupiah` is what is to be paid, from 100 to 10000000.
/// `invoice` must not be NULL and is written only on success. `error` may be NULL. Not in a library
/// built without `client`.
///
/// The provider makes another payable invoice each time it is asked, even under the same number.
/// So never simply try again after QRIS_STATUS_OUTCOME_UNKNOWN or QRIS_STATUS_INTERNAL, and after
/// QRIS_STATUS_CONTENT_MISMATCH an invoice was made whose QR must not be shown.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_CLIENT_UNKNOWN,
/// QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_VALUE_REFUSED (`code` is `transaction-number` or
/// `amount`), QRIS_STATUS_REJECTED, QRIS_STATUS_OUTCOME_UNKNOWN, QRIS_STATUS_UNREACHABLE (nothing
/// was sent), QRIS_STATUS_CONTENT_MISMATCH (`code` is `payload`, `currency`, `amount`, `nmid` or
/// `tip`), QRIS_STATUS_INTERNAL. Threads: from any, at any time, on the same client too.
///
/// # Safety
///
/// - `number` is NULL or ends with a NUL.
/// - `invoice` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_create_invoice(
    client: *const qris_client,
    number: *const c_char,
    rupiah: u64,
    invoice: *mut qris_invoice,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        writable(invoice, "invoice")?;
        let connection = connection(client)?;
        // SAFETY: the caller promises that it is NULL or ends with a NUL.
        let number = unsafe { c_text(number, "number") }?;
        let number = TransactionNumber::parse(number).map_err(qris_api::Error::Invalid)?;
        let amount = Rupiah::new(rupiah);
        let made = block_on(async {
            Ok(connection.client.create_invoice(&number, amount, connection.tip).await?)
        })?;
        let made = qris_invoice::of(&made, made.expires_at(connection.client.schedule().validity))?;
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { give(invoice, made) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// Asks the provider whether an invoice is paid.
///
/// It returns when the provider has answered, which takes up to 30 seconds, and waits before that
/// if the client has made all the checks that it may make in a minute. `client` is from
/// `qris_client_new`, `invoice` from `qris_create_invoice`. `payment` must not be NULL and is
/// written only on success. `error` may be NULL. Not in a library built without `client`.
///
/// No failure says that the invoice is unpaid.
///
/// Statuses: QRIS_STATUS_OK (look at `state`), QRIS_STATUS_NULL_ARGUMENT,
/// QRIS_STATUS_CLIENT_UNKNOWN, QRIS_STATUS_INVOICE_INVALID, QRIS_STATUS_REJECTED,
/// QRIS_STATUS_UNREACHABLE, QRIS_STATUS_MALFORMED_REPLY. Threads: from any, at any time, on the
/// same client too.
///
/// # Safety
///
/// - `invoice` is NULL or can be read.
/// - `payment` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_check_invoice(
    client: *const qris_client,
    invoice: *const qris_invoice,
    payment: *mut qris_payment,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        writable(payment, "payment")?;
        let connection = connection(client)?;
        // SAFETY: the caller promises that it is NULL or can be read.
        let invoice = unsafe { read_invoice(invoice) }?;
        let found = block_on(async { Ok(connection.client.check_invoice(&invoice).await?) })?;
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { give(payment, qris_payment::of(&found)) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// The invoice that C hands back.
///
/// # Safety
///
/// `invoice` is NULL or can be read.
pub(crate) unsafe fn read_invoice(invoice: *const qris_invoice) -> Result<Invoice, Problem> {
    if invoice.is_null() {
        return Err(Problem::Null("invoice"));
    }
    // SAFETY: not NULL (checked above), and the caller promises that it can be read; any bytes
    // are a `qris_invoice`.
    let invoice = unsafe { &*invoice };
    invoice.read()
}

impl qris_invoice {
    /// The invoice for C. Every part is drawn, shown or sent back, so none may be cut.
    fn of(invoice: &Invoice, expires_at: WibTime) -> Result<Self, Problem> {
        Ok(Self {
            qris_invoiceid: invoice.qris_invoiceid.get(),
            rupiah: invoice.amount.get(),
            number: whole(invoice.number.as_str(), "a number")?,
            qris_request_date: whole(&rfc3339(invoice.qris_request_date), "a request date")?,
            expires_at: whole(&rfc3339(expires_at), "an expiry")?,
            qris_nmid: whole(&invoice.qris_nmid, "an NMID")?,
            qris_content: whole(&invoice.qris_content, "a payload")?,
        })
    }

    fn read(&self) -> Result<Invoice, Problem> {
        let text = |field: &[c_char], name| read_field(field).ok_or(Problem::Invoice { name });
        let number = text(&self.number, "number")?;
        let date = text(&self.qris_request_date, "qris_request_date")?;
        if self.qris_invoiceid == 0 {
            return Err(Problem::Invoice { name: "qris_invoiceid" });
        }
        if !INVOICED.contains(&self.rupiah) {
            return Err(Problem::Invoice { name: "rupiah" });
        }
        Ok(Invoice::new(
            TransactionNumber::parse(number).map_err(|_| Problem::Invoice { name: "number" })?,
            Rupiah::new(self.rupiah),
            "",
            wib_time(&date).ok_or(Problem::Invoice { name: "qris_request_date" })?,
            InvoiceId::new(self.qris_invoiceid),
            "",
        ))
    }
}

/// A moment to the second, which is all that fits: `2020-08-07T11:13:42+07:00`.
fn rfc3339(moment: WibTime) -> String {
    format!("{}+07:00", moment.to_api_text().replace(' ', "T"))
}

/// What an invoice can be made over, in rupiah.
const INVOICED: RangeInclusive<u64> = 100..=10_000_000;

/// Reads what [`rfc3339`] writes.
fn wib_time(text: &str) -> Option<WibTime> {
    let (date, time) = text.strip_suffix("+07:00")?.split_once('T')?;
    WibTime::parse(&format!("{date} {time}"))
}

fn whole<const N: usize>(text: &str, name: &'static str) -> Result<[c_char; N], Problem> {
    let field = Field::whole(text).ok_or(Problem::Unusable { name })?;
    Ok(field.for_c())
}

impl qris_payment {
    pub(crate) fn of(payment: &Payment) -> Self {
        let (state, name, method, paid_at) = match payment {
            Payment::Paid(details) => (
                qris_payment_state::Paid,
                details.customer_name.as_deref(),
                details.method.as_deref(),
                details.paid_at,
            ),
            Payment::Unpaid => (qris_payment_state::Unpaid, None, None, None),
        };
        let (name, method) = (name.unwrap_or_default(), method.unwrap_or_default());
        let len = |text: &str| u32::try_from(text.len()).unwrap_or(u32::MAX);
        Self {
            state,
            customer_name_len: len(name),
            method_len: len(method),
            customer_name: Field::cut(name).for_c(),
            method: Field::cut(method).for_c(),
            paid_at: time(paid_at),
        }
    }
}

/// A moment for C, or an empty text.
pub(crate) fn time(moment: Option<WibTime>) -> [c_char; 26] {
    Field::cut(&moment.map(rfc3339).unwrap_or_default()).for_c()
}

#[cfg(test)]
mod tests {
    use qris_api::PaymentDetails;

    use super::*;

    fn invoice(content: &str) -> Result<Invoice, Box<dyn std::error::Error>> {
        Ok(Invoice::new(
            TransactionNumber::parse("INV-1")?,
            Rupiah::new(25_578),
            content,
            WibTime::parse("2020-08-07 11:13:42").ok_or("no date")?,
            InvoiceId::new(41_325_511_100),
            "ID1020021181745",
        ))
    }

    #[test]
    fn an_invoice_comes_back_from_c_with_all_that_a_check_needs()
    -> Result<(), Box<dyn std::error::Error>> {
        let made = invoice("0002")?;
        let over = qris_invoice::of(&made, made.qris_request_date).map_err(|p| p.to_string())?;
        let back = over.read().map_err(|problem| problem.to_string())?;
        assert_eq!(back.number, made.number);
        assert_eq!(back.amount, made.amount);
        assert_eq!(back.qris_request_date, made.qris_request_date);
        assert_eq!(back.qris_invoiceid, made.qris_invoiceid);
        Ok(())
    }

    #[test]
    fn a_payload_that_no_symbol_holds_is_refused_and_never_cut()
    -> Result<(), Box<dyn std::error::Error>> {
        let fits = invoice(&"1".repeat(7089))?;
        assert!(qris_invoice::of(&fits, fits.qris_request_date).is_ok());
        for content in ["1".repeat(7090), "00\x002".to_owned()] {
            let made = invoice(&content)?;
            let problem = qris_invoice::of(&made, made.qris_request_date).unwrap_err();
            assert_eq!(problem.status(), qris_status::ContentMismatch);
        }
        Ok(())
    }

    #[test]
    fn a_moment_is_told_to_the_second_whatever_the_clock_knows() {
        let now = read_field(&time(Some(WibTime::now()))).unwrap_or_default();
        assert_eq!((now.len(), now.get(19..)), (25, Some("+07:00")));
        let second = WibTime::parse("2020-08-07 11:13:42");
        assert_eq!(read_field(&time(second)).as_deref(), Some("2020-08-07T11:13:42+07:00"));
        assert_eq!(read_field(&time(None)).as_deref(), Some(""));
    }

    #[test]
    fn a_long_name_is_cut_between_two_characters_and_says_so() {
        let mut details = PaymentDetails::default();
        details.customer_name = Some("\u{e9}".repeat(200));
        details.method = Some("BCA".into());
        let over = qris_payment::of(&Payment::Paid(details));
        assert_eq!(over.customer_name_len, 400);
        let shown = read_field(&over.customer_name);
        assert_eq!(shown, Some("\u{e9}".repeat(127)));
        assert_eq!((over.method_len, read_field(&over.method)), (3, Some("BCA".to_owned())));
        assert_eq!(read_field(&over.paid_at).as_deref(), Some(""));
    }
}

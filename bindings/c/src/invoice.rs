//! Creating and checking invoices.

use std::ffi::c_char;
use std::fmt;

use qris_api::{
    Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, Schedule, TransactionNumber, WibTime,
    limits,
};
use qris_codec::rules::limits::MAX_AMOUNT_CHARS;

use crate::client::{block_on, c_text, connection, qris_client, run_blocking};
use crate::error::{Problem, qris_error};
use crate::ffi::{boundary, writable, write_out};
use crate::status::qris_status;
use crate::text::{Field, read_field};

/// An invoice. The caller owns it and may copy and keep it; there is nothing to free.
///
/// All texts are UTF-8 and end with a NUL. Each field has room for the longest possible value, so
/// nothing is ever cut. `qris_check_invoice` and `qris_wait_for_payment` read only `number`,
/// `rupiah`, `qris_request_date` and `qris_invoiceid`, as `qris_create_invoice` wrote them. So you
/// can restore an invoice from a database. The layout does not change.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct qris_invoice {
    /// The provider's number of the invoice. It may have 11 digits, more than 32 bits can hold.
    pub qris_invoiceid: u64,
    /// The amount to pay, in whole rupiah, without a tip.
    pub rupiah: u64,
    /// The caller's own number of the transaction: 64 characters at most.
    pub number: [c_char; 65],
    /// When the provider made the invoice: `2020-08-07T11:13:42+07:00`.
    pub qris_request_date: [c_char; 26],
    /// When to stop showing the QR, from `shown_seconds` of the client: some accounts refuse a
    /// later payment.
    pub shown_until: [c_char; 26],
    /// Until when a payment may come, from `validity_seconds` of the client.
    pub expires_at: [c_char; 26],
    /// The merchant's national number. Show it under the QR. At most 99 characters of up to 4
    /// bytes.
    pub qris_nmid: [c_char; 397],
    /// The payload to draw: 7089 bytes at most, the capacity of the largest QR symbol.
    pub qris_content: [c_char; 7090],
}

// cbindgen needs the length of an array as a literal number.
const _: () = assert!(size_of::<[c_char; 65]>() == limits::MAX_NUMBER_CHARS + 1);

impl fmt::Debug for qris_invoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("qris_invoice")
            .field("qris_invoiceid", &self.qris_invoiceid)
            .field("rupiah", &self.rupiah)
            .finish_non_exhaustive()
    }
}

/// Whether an invoice is paid. There is no third state: an expired invoice stays unpaid.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_payment_state {
    /// The invoice is not paid yet.
    Unpaid = 0,
    /// The invoice is paid.
    Paid = 1,
}

/// The provider's answer to a check. The caller owns it; there is nothing to free.
///
/// All texts are UTF-8 and end with a NUL. A text that is not in the reply is empty. They come from
/// payers and banks, so the library cleans them: control characters are removed, and U+FFFD
/// replaces bytes that are not UTF-8. Each field has room for the longest possible text. The layout
/// does not change.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct qris_payment {
    /// Whether the invoice is paid.
    pub state: qris_payment_state,
    /// The payer's name, as the payer's bank knows it. At most 100 characters of up to 4 bytes.
    pub customer_name: [c_char; 401],
    /// The payer's bank or wallet, `BCA`, `Sakuku`...: 40 characters at most.
    pub method: [c_char; 161],
    /// When it was paid: `2020-08-07T11:15:00+07:00`.
    pub paid_at: [c_char; 26],
    /// The national retrieval reference number (RRN): usually 12 digits, at most 40 characters.
    /// Settlement lists and disputes use it. It is usually missing in replies to a check.
    pub rrn: [c_char; 161],
    /// The provider's note on the payment: at most 200 characters. It is usually missing in replies
    /// to a check.
    pub note: [c_char; 801],
    /// The version of the API, as the reply has it: 40 characters at most.
    pub api_version: [c_char; 161],
}

impl fmt::Debug for qris_payment {
    /// Without the payer's name and the note.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("qris_payment").field("state", &self.state).finish_non_exhaustive()
    }
}

/// Creates an invoice at the provider, and checks that its QR is the requested one.
///
/// It returns when the provider has answered, which takes up to 30 seconds. `client` is from
/// `qris_client_new`. `number` is the caller's own number of the transaction: 1 to 64 printable
/// ASCII characters with no space at either end, and a NUL. `rupiah` is the amount to pay, from
/// `lowest_rupiah` to `highest_rupiah` of the client. `invoice` must not be NULL and is written
/// only on success. `error` may be NULL. Needs the feature `client`.
///
/// The provider creates another payable invoice with each call, even for the same number. So do not
/// simply try again after QRIS_STATUS_OUTCOME_UNKNOWN or QRIS_STATUS_INTERNAL. After
/// QRIS_STATUS_CONTENT_MISMATCH an invoice exists, but its QR must not be shown.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_CLIENT_UNKNOWN,
/// QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_VALUE_REFUSED (`code` is `transaction-number` or
/// `amount`), QRIS_STATUS_REJECTED, QRIS_STATUS_OUTCOME_UNKNOWN, QRIS_STATUS_UNREACHABLE (nothing
/// was sent), QRIS_STATUS_CONTENT_MISMATCH (`code` is `payload`, `initiation`, `currency`,
/// `amount`, `nmid`, `tip`, `reference` or `reused`), QRIS_STATUS_INTERNAL. Thread-safe, also
/// with the same client.
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
        let made = run_blocking(|| {
            block_on(async {
                Ok(connection.client.create_invoice(&number, amount, connection.tip).await?)
            })
        })?;
        let made = qris_invoice::new(&made, &connection.client.schedule())?;
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { write_out(invoice, made) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// Asks the provider whether an invoice is paid.
///
/// It first waits until the invoice may be checked again (the first three checks are
/// `try_gap_seconds` apart, later ones `check_gap_seconds`) and until the budget of the key allows
/// a check. Checks of other threads and processes count too; see `state_dir` of the options. Then
/// it asks the provider, which takes up to 30 seconds. `client` is from `qris_client_new`,
/// `invoice` from `qris_create_invoice`. `payment` must not be NULL and is written only on success.
/// `error` may be NULL. Needs the feature `client`.
///
/// A failure never means that the invoice is unpaid.
///
/// Statuses: QRIS_STATUS_OK (look at `state`), QRIS_STATUS_NULL_ARGUMENT,
/// QRIS_STATUS_CLIENT_UNKNOWN, QRIS_STATUS_INVOICE_INVALID, QRIS_STATUS_REJECTED,
/// QRIS_STATUS_UNREACHABLE, QRIS_STATUS_MALFORMED_REPLY, QRIS_STATUS_PAUSED. Thread-safe, also
/// with the same client.
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
        let found = run_blocking(|| {
            block_on(async { Ok(connection.client.check_invoice(&invoice).await?) })
        })?;
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { write_out(payment, qris_payment::new(&found)) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// The invoice in a C struct.
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
    /// The invoice for C. Each part is drawn, shown or sent back, so none may be cut.
    fn new(invoice: &Invoice, schedule: &Schedule) -> Result<Self, Problem> {
        let shown_until = invoice.shown_until(schedule.shown);
        let expires_at = invoice.expires_at(schedule.validity);
        Ok(Self {
            qris_invoiceid: invoice.qris_invoiceid.get(),
            rupiah: invoice.amount.get(),
            number: whole(invoice.number.as_str(), "a number")?,
            qris_request_date: whole(&rfc3339(invoice.qris_request_date), "a request date")?,
            shown_until: whole(&rfc3339(shown_until), "a shown time")?,
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
        // Not the limits of the client: an older invoice outside new limits can still be paid.
        if self.rupiah == 0 || self.rupiah > MAX_RUPIAH {
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

/// A time without fractions of a second, which do not fit: `2020-08-07T11:13:42+07:00`.
fn rfc3339(moment: WibTime) -> String {
    format!("{}+07:00", moment.to_api_text().replace(' ', "T"))
}

/// The largest amount that object 54 can hold.
const MAX_RUPIAH: u64 = 10_u64.pow(MAX_AMOUNT_CHARS as u32) - 1;

/// Reads what [`rfc3339`] writes.
pub(crate) fn wib_time(text: &str) -> Option<WibTime> {
    let (date, time) = text.strip_suffix("+07:00")?.split_once('T')?;
    WibTime::parse(&format!("{date} {time}"))
}

fn whole<const N: usize>(text: &str, name: &'static str) -> Result<[c_char; N], Problem> {
    let field = Field::whole(text).ok_or(Problem::Unusable { name })?;
    Ok(field.for_c())
}

impl qris_payment {
    pub(crate) fn new(payment: &Payment) -> Self {
        match payment {
            Payment::Paid(details) => Self::paid(details),
            Payment::Unpaid => Self {
                state: qris_payment_state::Unpaid,
                customer_name: [0; 401],
                method: [0; 161],
                paid_at: [0; 26],
                rrn: [0; 161],
                note: [0; 801],
                api_version: [0; 161],
            },
        }
    }

    /// Not inlined: otherwise the compiler reads these texts of an unpaid invoice too and then
    /// ignores them, which valgrind reports as a use of uninitialised values.
    #[inline(never)]
    fn paid(details: &PaymentDetails) -> Self {
        Self {
            state: qris_payment_state::Paid,
            customer_name: payer_text(details.customer_name.as_deref()),
            method: payer_text(details.method.as_deref()),
            paid_at: time(details.paid_at),
            rrn: payer_text(details.rrn.as_deref()),
            note: payer_text(details.note.as_deref()),
            api_version: payer_text(details.api_version.as_deref()),
        }
    }
}

/// A text for C. It was already cut at its limit.
pub(crate) fn payer_text<const N: usize>(text: Option<&str>) -> [c_char; N] {
    Field::cut(text.unwrap_or_default()).for_c()
}

/// A time for C, or an empty text.
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
    fn an_invoice_from_c_has_all_fields_that_a_check_needs()
    -> Result<(), Box<dyn std::error::Error>> {
        let made = invoice("0002")?;
        let over = qris_invoice::new(&made, &Schedule::default()).map_err(|p| p.to_string())?;
        let back = over.read().map_err(|problem| problem.to_string())?;
        assert_eq!(back.number, made.number);
        assert_eq!(back.amount, made.amount);
        assert_eq!(back.qris_request_date, made.qris_request_date);
        assert_eq!(back.qris_invoiceid, made.qris_invoiceid);
        Ok(())
    }

    #[test]
    fn a_payload_that_fits_into_no_symbol_is_refused_and_never_cut()
    -> Result<(), Box<dyn std::error::Error>> {
        let fits = invoice(&"1".repeat(7089))?;
        assert!(qris_invoice::new(&fits, &Schedule::default()).is_ok());
        for content in ["1".repeat(7090), "00\x002".to_owned()] {
            let made = invoice(&content)?;
            let problem = qris_invoice::new(&made, &Schedule::default()).unwrap_err();
            assert_eq!(problem.status(), qris_status::ContentMismatch);
        }
        Ok(())
    }

    #[test]
    fn a_time_has_no_fractions_of_a_second() {
        let now = read_field(&time(Some(WibTime::now()))).unwrap_or_default();
        assert_eq!((now.len(), now.get(19..)), (25, Some("+07:00")));
        let second = WibTime::parse("2020-08-07 11:13:42");
        assert_eq!(read_field(&time(second)).as_deref(), Some("2020-08-07T11:13:42+07:00"));
        assert_eq!(read_field(&time(None)).as_deref(), Some(""));
    }

    #[test]
    fn a_number_of_64_characters_comes_back_whole_from_c() -> Result<(), Box<dyn std::error::Error>>
    {
        let mut made = invoice("0002")?;
        made.number = TransactionNumber::parse(format!("Order #{}", "1/".repeat(28) + "2"))?;
        assert_eq!(made.number.as_str().len(), 64);
        let over = qris_invoice::new(&made, &Schedule::default()).map_err(|p| p.to_string())?;
        let back = over.read().map_err(|problem| problem.to_string())?;
        assert_eq!(back.number, made.number);
        Ok(())
    }

    #[test]
    fn an_invoice_says_how_long_to_show_it_and_how_long_it_is_valid()
    -> Result<(), Box<dyn std::error::Error>> {
        let made = invoice("0002")?;
        let over = qris_invoice::new(&made, &Schedule::default()).map_err(|p| p.to_string())?;
        let text = |field: &[c_char]| read_field(field).unwrap_or_default();
        assert_eq!(text(&over.shown_until), "2020-08-07T11:43:42+07:00");
        assert_eq!(text(&over.expires_at), "2020-08-07T12:13:42+07:00");
        Ok(())
    }

    #[test]
    fn the_longest_texts_of_a_payment_are_not_cut() {
        type D = PaymentDetails;
        let longest = |chars| Some("\u{1F600}".repeat(chars));
        let mut details = D::default();
        details.customer_name = longest(D::MAX_NAME_CHARS);
        details.method = longest(D::MAX_METHOD_CHARS);
        details.rrn = longest(D::MAX_RRN_CHARS);
        details.note = longest(D::MAX_NOTE_CHARS);
        details.api_version = longest(D::MAX_VERSION_CHARS);
        let over = qris_payment::new(&Payment::Paid(details.clone()));
        assert_eq!(read_field(&over.customer_name), details.customer_name);
        assert_eq!(read_field(&over.method), details.method);
        assert_eq!(read_field(&over.rrn), details.rrn);
        assert_eq!(read_field(&over.note), details.note);
        assert_eq!(read_field(&over.api_version), details.api_version);
        assert_eq!(read_field(&over.paid_at).as_deref(), Some(""));
    }
}

//! Reading what the provider posts to a webhook.

use std::ffi::c_char;
use std::fmt;

use qris_api::webhook::{Status, WebhookEvent};

use crate::border::{boundary, bytes, give, writable};
use crate::error::{Problem, qris_error};
use crate::invoice::{payer_text, time};
use crate::status::qris_status;

/// What a webhook says of an invoice.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_webhook_status {
    /// Another word than the ones below.
    Other = 0,
    /// `success` or `paid`.
    Paid = 1,
    /// `pending`.
    Pending = 2,
}

/// What a webhook says. The caller owns it and has nothing to free.
///
/// All texts are UTF-8 and end with a NUL. A text that the body lacks is empty; they are cleaned and
/// have room for the longest text there can be, as those of `qris_payment`. The layout does not
/// change.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct qris_webhook {
    /// The provider's number of the invoice that there may be news of.
    pub qris_invoiceid: u64,
    /// What is said of it.
    pub status: qris_webhook_status,
    /// The payer's name.
    pub customer_name: [c_char; 401],
    /// The payer's bank or wallet.
    pub method: [c_char; 161],
    /// When it is said to have been paid: `2020-08-07T11:15:00+07:00`.
    pub paid_at: [c_char; 26],
    /// The national retrieval reference number.
    pub rrn: [c_char; 161],
    /// Words of the provider on the payment.
    pub note: [c_char; 801],
}

impl fmt::Debug for qris_webhook {
    /// Leaves the payer's name and the note out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("qris_webhook")
            .field("qris_invoiceid", &self.qris_invoiceid)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Reads the body of a webhook of the provider. Nothing is sent and no client is needed.
///
/// The body is not signed and names no amount, so it is a hint and nothing more: check the invoice
/// before anything is handed over. Answer it with HTTP status 200, and expect the same one twice and
/// late. `qris_orders_webhook` does all of that for orders.
///
/// `body` is `len` bytes, neither NULL nor with a NUL behind it. `webhook` must not be NULL and is
/// written only on success. `error` may be NULL. Not in a library built without `client`.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_TEXT_TOO_LONG where `len` cannot
/// be right, QRIS_STATUS_WEBHOOK_MALFORMED. Threads: from any, at any time.
///
/// # Safety
///
/// - `len` bytes from `body` can be read and do not change before it returns.
/// - `webhook` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_read_webhook(
    body: *const c_char,
    len: usize,
    webhook: *mut qris_webhook,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        writable(webhook, "webhook")?;
        // SAFETY: the caller promises that `len` bytes from `body` can be read.
        let read = read(unsafe { bytes(body, len, "body") }?)?;
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { give(webhook, qris_webhook::of(&read)) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// The webhook in a body.
pub(crate) fn read(body: &[u8]) -> Result<WebhookEvent, Problem> {
    WebhookEvent::parse(body).map_err(Problem::Webhook)
}

impl qris_webhook {
    fn of(event: &WebhookEvent) -> Self {
        Self {
            qris_invoiceid: event.invoice.get(),
            status: match event.status {
                Status::Paid => qris_webhook_status::Paid,
                Status::Pending => qris_webhook_status::Pending,
                _ => qris_webhook_status::Other,
            },
            customer_name: payer_text(event.customer_name.as_deref()),
            method: payer_text(event.method.as_deref()),
            paid_at: time(event.paid_at),
            rrn: payer_text(event.rrn.as_deref()),
            note: payer_text(event.note.as_deref()),
        }
    }
}

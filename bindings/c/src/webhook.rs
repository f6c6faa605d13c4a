//! Reading webhooks of the provider.

use std::ffi::c_char;
use std::fmt;

use qris_api::webhook::{Status, WebhookEvent};

use crate::error::{Problem, qris_error};
use crate::ffi::{boundary, bytes, writable, write_out};
use crate::invoice::{payer_text, time};
use crate::status::qris_status;

/// The status of an invoice in a webhook.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_webhook_status {
    /// Any other word.
    Other = 0,
    /// `success` or `paid`.
    Paid = 1,
    /// `pending`.
    Pending = 2,
}

/// The content of a webhook. The caller owns it; there is nothing to free.
///
/// All texts are UTF-8 and end with a NUL. A text that is not in the body is empty. The texts are
/// cleaned, and each field has room for the longest possible text, as in `qris_payment`. The layout
/// does not change.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct qris_webhook {
    /// The provider's number of the invoice.
    pub qris_invoiceid: u64,
    /// The status of the invoice.
    pub status: qris_webhook_status,
    /// The payer's name.
    pub customer_name: [c_char; 401],
    /// The payer's bank or wallet.
    pub method: [c_char; 161],
    /// When it was paid, as the webhook says: `2020-08-07T11:15:00+07:00`.
    pub paid_at: [c_char; 26],
    /// The national retrieval reference number.
    pub rrn: [c_char; 161],
    /// The provider's note on the payment.
    pub note: [c_char; 801],
}

impl fmt::Debug for qris_webhook {
    /// Without the payer's name and the note.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("qris_webhook")
            .field("qris_invoiceid", &self.qris_invoiceid)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Reads the body of a webhook of the provider. Nothing is sent and no client is needed.
///
/// The body has no signature and no amount, so it is only a hint: check the invoice before you hand
/// out the goods. Answer with HTTP status 200. The same webhook may come twice or late.
/// `qris_orders_webhook` handles all of this for orders.
///
/// `body` must not be NULL. It is `len` bytes and needs no NUL at its end. `webhook` must not be
/// NULL and is written only on success. `error` may be NULL. Needs the feature `client`.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_TEXT_TOO_LONG if `len` is
/// impossibly large, QRIS_STATUS_WEBHOOK_MALFORMED. Thread-safe.
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
        unsafe { write_out(webhook, qris_webhook::new(&read)) };
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
    fn new(event: &WebhookEvent) -> Self {
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

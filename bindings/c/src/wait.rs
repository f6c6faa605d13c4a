//! Waiting for a payment.

use std::ffi::{c_char, c_int, c_void};
use std::mem::offset_of;
use std::ops::ControlFlow;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use qris_api::{Check, EarlyCheck, Payment, Wait};

use crate::client::{block_on, connection, qris_client};
use crate::error::{Problem, qris_error};
use crate::ffi::{Options, boundary, options, writable, write_out};
use crate::invoice::{qris_invoice, qris_payment, read_invoice, time};
use crate::status::qris_status;

/// What a callback asks for.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_wait_step {
    /// Continue to wait.
    Continue = 0,
    /// Stop waiting.
    Cancel = 1,
    /// The cashier asks for a check now. At most three such checks are made, `try_gap_seconds` apart;
    /// further requests are ignored.
    Check = 2,
}

/// A check that was made while waiting. It and its pointers are valid until the callback returns.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_check {
    /// The number of the check, from 1.
    pub number: u32,
    /// The result of the check. A failure does not end the wait.
    pub status: qris_status,
    /// The provider's answer, or NULL if the status is not QRIS_STATUS_OK.
    pub payment: *const qris_payment,
    /// The failure, or NULL if the status is QRIS_STATUS_OK.
    pub error: *const qris_error,
    /// When it was made: `2020-08-07T11:13:57+07:00`. It ends with a NUL.
    pub made_at: [c_char; 26],
    /// When the next check is due, or empty after the last one. It ends with a NUL.
    pub next_at: [c_char; 26],
}

/// Called after each check. It returns a `qris_wait_step`; any other number means continue. `user`
/// is the one in the options. It must return normally: no `longjmp` and no exception may leave it.
pub type qris_check_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, check: *const qris_check) -> c_int>;

/// Called about once a second. It returns a `qris_wait_step`; any other number means continue.
/// `user` is the one in the options. It must return normally: no `longjmp` and no exception may
/// leave it.
pub type qris_second_callback = Option<unsafe extern "C" fn(user: *mut c_void) -> c_int>;

/// Options of `qris_wait_for_payment`. Set the whole struct to zero, then `size` to
/// `sizeof(qris_wait_options)`, then the fields you need.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_wait_options {
    /// `sizeof(qris_wait_options)`.
    pub size: usize,
    /// Called after each check; may be NULL.
    pub on_check: qris_check_callback,
    /// Called about once a second, for a countdown and the cashier's keys; may be NULL.
    pub on_second: qris_second_callback,
    /// Passed to both callbacks unchanged.
    pub user: *mut c_void,
}

impl Default for qris_wait_options {
    /// All zero.
    fn default() -> Self {
        Self { size: 0, on_check: None, on_second: None, user: ptr::null_mut() }
    }
}

// SAFETY: `repr(C)`, begins with its size, has only pointers and callbacks, and zero means "not
// set" in each of them: a callback of zero is `None`.
unsafe impl Options for qris_wait_options {
    const NAME: &'static str = "qris_wait_options";
    const MIN_SIZE: usize = offset_of!(Self, user) + size_of::<*mut c_void>();
}

/// Waits until an invoice is paid or can no longer be paid.
///
/// By default it checks 15, 30 and 45 seconds after the invoice was created, then every minute,
/// then less often until validity and grace end. It never checks more often than the key allows. If
/// several checks were due before the call, it makes one check for all of them. It ends with
/// QRIS_PAYMENT_STATE_PAID as soon as a check says so. It ends with QRIS_PAYMENT_STATE_UNPAID only
/// if the provider says so after validity and grace have ended. While the provider does not answer,
/// it continues to wait, with up to an hour between checks. The clock of this machine does not
/// matter.
///
/// `client` is from `qris_client_new`, `invoice` from `qris_create_invoice`. `options` may be NULL.
/// Its callbacks are called on the calling thread, one at a time. They may call every function of
/// this library except this one, also `qris_client_free`. `payment` must not be NULL and is written
/// only on success. `error` may be NULL. Needs the feature `client`.
///
/// Statuses: QRIS_STATUS_OK (look at `state`), QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
/// QRIS_STATUS_CLIENT_UNKNOWN, QRIS_STATUS_INVOICE_INVALID, QRIS_STATUS_CANCELLED (a callback ended
/// the wait: check once more before you give up the invoice), QRIS_STATUS_REJECTED (for a reason that
/// does not go away, such as a wrong key), QRIS_STATUS_WAIT_BUSY (called in a callback of this
/// function). Thread-safe, also with the same client.
///
/// # Safety
///
/// - `invoice` is NULL or can be read.
/// - `options` is NULL, or as many bytes can be read as its `size` says, and its callbacks are NULL
///   or functions of their types that can use `user`.
/// - `payment` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_wait_for_payment(
    client: *const qris_client,
    invoice: *const qris_invoice,
    options: *const qris_wait_options,
    payment: *mut qris_payment,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        writable(payment, "payment")?;
        let connection = connection(client)?;
        // SAFETY: the caller promises that it is NULL or can be read.
        let invoice = unsafe { read_invoice(invoice) }?;
        let options = if options.is_null() {
            qris_wait_options::default()
        } else {
            // SAFETY: the caller promises that as many bytes can be read as the size says.
            unsafe { self::options(options) }?
        };
        let caller = Caller { options, cancelled: AtomicBool::new(false) };
        let early = connection.client.early_check();
        let wait = Wait::new().early_check(&early).on_check(|check| caller.check(check));
        let waiting = async { Ok(connection.client.wait_for_payment(&invoice, wait).await?) };
        let outcome = block_on(async {
            tokio::select! {
                biased;
                outcome = waiting => outcome,
                () = caller.seconds(&early) => Err(Problem::Plain(qris_status::Cancelled)),
            }
        });
        let paid = matches!(outcome, Ok(Payment::Paid(_)));
        if caller.cancelled.load(Ordering::Relaxed) && !paid {
            return Err(Problem::Plain(qris_status::Cancelled));
        }
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { write_out(payment, qris_payment::new(&outcome?)) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// The callbacks, and whether one of them has ended the wait.
struct Caller {
    options: qris_wait_options,
    cancelled: AtomicBool,
}

// SAFETY: `Wait::on_check` requires `Sync`, but `block_on` runs everything on the calling thread,
// so `user` never leaves it.
unsafe impl Sync for Caller {}

impl Caller {
    /// Calls the callback for a check.
    fn check(&self, check: &Check) -> ControlFlow<()> {
        const CANCEL: c_int = qris_wait_step::Cancel as c_int;
        let Some(callback) = self.options.on_check else { return ControlFlow::Continue(()) };
        let outcome = match &check.outcome {
            Ok(payment) => Ok(qris_payment::new(payment)),
            Err(error) => Err(Problem::Api(error.clone()).for_c()),
        };
        let made = qris_check {
            number: check.number,
            status: outcome.as_ref().err().map_or(qris_status::Ok, |error| error.status),
            payment: outcome.as_ref().map_or(ptr::null(), |payment| &raw const *payment),
            error: outcome.as_ref().err().map_or(ptr::null(), |error| &raw const *error),
            made_at: time(Some(check.made_at)),
            next_at: time(check.next_at),
        };
        // SAFETY: the caller of `qris_wait_for_payment` promises that it can be called with
        // `user`; the check and what it points to live until it returns.
        let step = unsafe { callback(self.options.user, &raw const made) };
        if step == CANCEL {
            self.cancelled.store(true, Ordering::Relaxed);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Calls the callback once a second, until it ends the wait.
    async fn seconds(&self, early: &EarlyCheck) {
        const CANCEL: c_int = qris_wait_step::Cancel as c_int;
        const CHECK: c_int = qris_wait_step::Check as c_int;
        let Some(callback) = self.options.on_second else { return std::future::pending().await };
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            // SAFETY: the caller of `qris_wait_for_payment` promises that it can be called with
            // `user`.
            match unsafe { callback(self.options.user) } {
                CANCEL => return,
                CHECK => {
                    // A check too many or too soon is ignored, as the enum says.
                    let _ = early.press();
                }
                _ => {}
            }
        }
    }
}

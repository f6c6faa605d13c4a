//! Waiting for a payment.

use std::ffi::{c_char, c_int, c_void};
use std::mem::offset_of;
use std::ops::ControlFlow;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use qris_api::{Check, EarlyCheck, Payment, Wait};

use crate::border::{Options, boundary, give, options, writable};
use crate::client::{block_on, connection, qris_client};
use crate::error::{Problem, qris_error};
use crate::invoice::{qris_invoice, qris_payment, read_invoice, time};
use crate::status::qris_status;

/// What a callback says that is to happen.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_wait_step {
    /// Go on waiting.
    Continue = 0,
    /// End the waiting.
    Cancel = 1,
    /// The cashier asks for a check now. Three are made, the gap between tries apart; more are
    /// passed over.
    Check = 2,
}

/// A check that was made while waiting. It and what it points to are valid until the callback
/// returns.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_check {
    /// Which check it was, from 1.
    pub number: u32,
    /// What came of it. A failure does not end the waiting.
    pub status: qris_status,
    /// What the provider said, or NULL where the status is not QRIS_STATUS_OK.
    pub payment: *const qris_payment,
    /// What went wrong, or NULL where the status is QRIS_STATUS_OK.
    pub error: *const qris_error,
    /// When it was made: `2020-08-07T11:13:57+07:00`. It ends with a NUL.
    pub made_at: [c_char; 26],
    /// When the next one is due, or empty if this was the last. It ends with a NUL.
    pub next_at: [c_char; 26],
}

/// Is told of a check, and returns a `qris_wait_step`; any other number goes on. `user` is that of
/// the options. It must return: no `longjmp` and no exception may leave it.
pub type qris_check_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, check: *const qris_check) -> c_int>;

/// Is called about once a second, and returns a `qris_wait_step`; any other number goes on. `user`
/// is that of the options. It must return: no `longjmp` and no exception may leave it.
pub type qris_second_callback = Option<unsafe extern "C" fn(user: *mut c_void) -> c_int>;

/// How to wait. Set all of it to zero, then `size` to `sizeof(qris_wait_options)`, then what there
/// is to say.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct qris_wait_options {
    /// `sizeof(qris_wait_options)`.
    pub size: usize,
    /// Is told of each check; may be NULL.
    pub on_check: qris_check_callback,
    /// Is called about once a second, for a countdown and for the keys that the cashier presses;
    /// may be NULL.
    pub on_second: qris_second_callback,
    /// Handed to both and not touched.
    pub user: *mut c_void,
}

impl Default for qris_wait_options {
    /// All zero.
    fn default() -> Self {
        Self { size: 0, on_check: None, on_second: None, user: ptr::null_mut() }
    }
}

// SAFETY: `repr(C)`, begins with its size, holds pointers and callbacks only, of which a callback
// of zero is `None`, and zero is "not said" in each of them.
unsafe impl Options for qris_wait_options {
    const NAME: &'static str = "qris_wait_options";
    const LEAST: usize = offset_of!(Self, user) + size_of::<*mut c_void>();
}

/// Waits until an invoice is paid, or can no longer be.
///
/// By default it asks 15, 30 and 45 seconds after the invoice was made, then by the minute, then
/// more seldom until validity and grace are over; never more often than the key may ask. What was
/// due before the call is made up with one check. It ends with QRIS_PAYMENT_STATE_PAID as soon as a
/// check says so. It ends with QRIS_PAYMENT_STATE_UNPAID only if the provider said so at or after
/// the end: while the provider does not answer, waiting goes on, with up to an hour between checks.
/// The clock of this machine does not matter.
///
/// `client` is from `qris_client_new`, `invoice` from `qris_create_invoice`. `options` may be NULL.
/// Its callbacks are called on the calling thread, one at a time, and may call any function of this
/// library but this one, `qris_client_free` too. `payment` must not be NULL and is written only on success.
/// `error` may be NULL. Not in a library built without `client`.
///
/// Statuses: QRIS_STATUS_OK (look at `state`), QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
/// QRIS_STATUS_CLIENT_UNKNOWN, QRIS_STATUS_INVOICE_INVALID, QRIS_STATUS_CANCELLED (a callback ended
/// it: check once more before the invoice is given up), QRIS_STATUS_REJECTED (for a reason that
/// another check would meet again, such as a wrong key), QRIS_STATUS_WAIT_BUSY (in a callback of this
/// function). Threads: from any, at any time, on the
/// same client too.
///
/// # Safety
///
/// - `invoice` is NULL or can be read.
/// - `options` is NULL, or as many bytes can be read as its size says, and its callbacks are NULL or
///   functions of their types, and what they do with `user` is sound.
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
        unsafe { give(payment, qris_payment::of(&outcome?)) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// Who waits: the callbacks, and whether one of them has ended it.
struct Caller {
    options: qris_wait_options,
    cancelled: AtomicBool,
}

// SAFETY: `Wait::on_check` asks for it, but `block_on` runs everything on the calling thread, so
// `user` never leaves it.
unsafe impl Sync for Caller {}

impl Caller {
    /// Tells of a check.
    fn check(&self, check: &Check) -> ControlFlow<()> {
        const CANCEL: c_int = qris_wait_step::Cancel as c_int;
        let Some(callback) = self.options.on_check else { return ControlFlow::Continue(()) };
        let outcome = match &check.outcome {
            Ok(payment) => Ok(qris_payment::of(payment)),
            Err(error) => Err(Problem::Api(error.clone()).for_c()),
        };
        let told = qris_check {
            number: check.number,
            status: outcome.as_ref().err().map_or(qris_status::Ok, |error| error.status),
            payment: outcome.as_ref().map_or(ptr::null(), |payment| &raw const *payment),
            error: outcome.as_ref().err().map_or(ptr::null(), |error| &raw const *error),
            made_at: time(Some(check.made_at)),
            next_at: time(check.next_at),
        };
        // SAFETY: the caller of `qris_wait_for_payment` promises that it can be called with
        // `user`; the check and what it points to live until it returns.
        let step = unsafe { callback(self.options.user, &raw const told) };
        if step == CANCEL {
            self.cancelled.store(true, Ordering::Relaxed);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Asks once a second what is to happen, until the waiting is to end.
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
                    // A press too many or too soon is passed over, as the enum says.
                    let _ = early.press();
                }
                _ => {}
            }
        }
    }
}

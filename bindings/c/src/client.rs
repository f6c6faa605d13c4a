//! The one thing that is made and freed: the client of the Open API.

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char};
use std::future::Future;
use std::mem::offset_of;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use qris_api::{ApiKey, Cause, CheckBudget, Client, Error, Invalid, MerchantId, Schedule, Tip};

use crate::border::{Options, boundary, give, optional, options, reserved, writable};
use crate::encode::qris_tip;
use crate::error::{Problem, qris_error};
use crate::status::qris_status;
use crate::text::qris_str;

/// A client of the Open API, from `qris_client_new` to `qris_client_free`. There is nothing to see
/// inside.
#[derive(Debug)]
pub struct qris_client(());

/// How a client is to be. Set all of it to zero, then `size` to `sizeof(qris_client_options)`,
/// then what there is to say; what is left at zero has the value named here. The texts stay the
/// caller's and need to live only until the call returns; the library wipes its copy of the key.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct qris_client_options {
    /// `sizeof(qris_client_options)`.
    pub size: usize,
    /// The secret from the registration. Must be given.
    pub api_key: qris_str,
    /// The provider's number of the merchant (`mID`), not the NMID. Must be given.
    pub merchant_id: qris_str,
    /// Another address of the API, up to and including the folder of its two pages: https, or http
    /// to this machine.
    pub base_url: qris_str,
    /// How long a call may take in all, in seconds; 35, for the provider takes up to 30.
    pub timeout_seconds: u32,
    /// How long an invoice can be paid, in seconds; 3600, which some accounts have 1800 of.
    pub validity_seconds: u32,
    /// How long waiting goes on after that, for a payment may land late; 600.
    pub grace_seconds: u32,
    /// The least time between the first three checks of an invoice that is waited for; 15. The
    /// provider blocks keys that ask more often.
    pub try_gap_seconds: u32,
    /// The least time between later checks; 60. The provider blocks keys that ask more often.
    pub check_gap_seconds: u32,
    /// How many checks the client makes in a minute, over all invoices and threads; 60.
    pub checks_per_minute: u32,
    /// A `qris_tip`: none, or QRIS_TIP_PROMPT to have the wallet ask for a tip on every invoice.
    pub tip: i32,
    /// Zero.
    pub reserved: i32,
}

// SAFETY: `repr(C)`, begins with its size, holds numbers and pointers only, and zero is "not
// said" in each of them.
unsafe impl Options for qris_client_options {
    const NAME: &'static str = "qris_client_options";
    const LEAST: usize = offset_of!(Self, reserved) + size_of::<i32>();
}

/// What is behind a [`qris_client`].
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) tip: Tip,
}

/// All clients that were made and not freed yet, by what C takes for their addresses.
///
/// C never gets a real address, so a client that was freed, and any other pointer, is found out
/// instead of followed.
struct Register {
    clients: BTreeMap<usize, Connection>,
    /// The last address that was given out. None is given out twice.
    last: usize,
}

static REGISTER: Mutex<Register> = Mutex::new(Register { clients: BTreeMap::new(), last: 0 });

fn register() -> MutexGuard<'static, Register> {
    // A panic elsewhere leaves nothing half-done, so a poisoned lock is as good as any.
    REGISTER.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Register {
    /// Addresses are this far apart: those of real objects would be too.
    const STEP: usize = 16;

    fn add(&mut self, connection: Connection) -> *mut qris_client {
        self.last += Self::STEP;
        self.clients.insert(self.last, connection);
        std::ptr::without_provenance_mut(self.last)
    }
}

/// The client behind a pointer from C.
pub(crate) fn connection(client: *const qris_client) -> Result<Connection, Problem> {
    if client.is_null() {
        return Err(Problem::Null("client"));
    }
    let found = register().clients.get(&client.addr()).cloned();
    found.ok_or(Problem::Plain(qris_status::ClientUnknown))
}

/// Makes a client of the Open API. Nothing is sent yet.
///
/// `options` must not be NULL. `client` must not be NULL and is written only on success; the client
/// belongs to the caller, who ends it with `qris_client_free`. `error` may be NULL. One client for
/// the whole program is best, because it keeps count of the checks that the provider allows; make
/// it after a `fork`. Not in a library built without `client`.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
/// QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_VALUE_REFUSED (`code` is
/// `api-key`, `merchant-id` or `base-url`), QRIS_STATUS_CERTIFICATE_STORE. Threads: from any, at
/// any time.
///
/// # Safety
///
/// - `options` is NULL, or as many bytes can be read as its size says, and its texts can be read
///   to their lengths.
/// - `client` and `error` are NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qris_client_new(
    options: *const qris_client_options,
    client: *mut *mut qris_client,
    error: *mut qris_error,
) -> qris_status {
    let call = || {
        writable(client, "client")?;
        // SAFETY: the caller promises that as many bytes can be read as the size says.
        let options = unsafe { self::options(options) }?;
        // SAFETY: the caller promises that its texts can be read to their lengths.
        let connection = unsafe { options.connect() }?;
        let made = register().add(connection);
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { give(client, made) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// Frees a client. NULL and a client that was freed before are passed over.
///
/// Calls that other threads are making with it come to their end; later calls with it return
/// QRIS_STATUS_CLIENT_UNKNOWN. Threads: from any, at any time. Not in a library built without
/// `client`.
#[unsafe(no_mangle)]
pub extern "C" fn qris_client_free(client: *mut qris_client) {
    let call = || {
        // It is dropped when the register is free again.
        let freed = register().clients.remove(&client.addr());
        drop(freed);
        Ok(())
    };
    // SAFETY: NULL asks for no details.
    unsafe { boundary(std::ptr::null_mut(), call) };
}

impl qris_client_options {
    /// # Safety
    ///
    /// Its texts can be read to their lengths.
    unsafe fn connect(&self) -> Result<Connection, Problem> {
        let text = |given: qris_str, name| {
            // SAFETY: the caller promises that all texts can be read.
            unsafe { optional(given, name) }
        };
        reserved(self.reserved)?;
        const UNSPECIFIED: i32 = qris_tip::Unspecified as i32;
        const NONE: i32 = qris_tip::None as i32;
        const PROMPT: i32 = qris_tip::Prompt as i32;
        let tip = match self.tip {
            UNSPECIFIED | NONE => Tip::None,
            PROMPT => Tip::Ask,
            found => return Err(Problem::Unknown { name: "qris_tip for invoices", found }),
        };
        let key = ApiKey::parse(text(self.api_key, "api_key")?.unwrap_or_default());
        let merchant =
            MerchantId::parse(text(self.merchant_id, "merchant_id")?.unwrap_or_default());
        let mut builder =
            Client::builder(key.map_err(Error::Invalid)?, merchant.map_err(Error::Invalid)?)
                .schedule(self.schedule());
        if let Some(url) = text(self.base_url, "base_url")? {
            builder = builder.base_url(url);
        }
        if let Some(limit) = seconds(self.timeout_seconds) {
            builder = builder.total_timeout(limit);
        }
        if self.checks_per_minute > 0 {
            builder = builder.budget(CheckBudget::per_minute(self.checks_per_minute));
        }
        Ok(Connection { client: builder.build()?, tip })
    }

    fn schedule(&self) -> Schedule {
        let usual = Schedule::default();
        Schedule {
            validity: seconds(self.validity_seconds).unwrap_or(usual.validity),
            grace: seconds(self.grace_seconds).unwrap_or(usual.grace),
            try_gap: seconds(self.try_gap_seconds).unwrap_or(usual.try_gap),
            check_gap: seconds(self.check_gap_seconds).unwrap_or(usual.check_gap),
            ..usual
        }
    }
}

/// This many seconds, or `None` for none.
fn seconds(number: u32) -> Option<Duration> {
    (number > 0).then(|| Duration::from_secs(number.into()))
}

/// Runs one call to its end on the caller's thread, so that callbacks are called on it.
///
/// Each call has a runtime of its own: one that is kept would not survive a fork.
pub(crate) fn block_on<T>(call: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Error::Unreachable {
        cause: Cause::Connect { detail: error.to_string() },
    })?;
    let answer = runtime.block_on(call);
    // Looking up a name cannot be broken off and may go on after the time-out: nobody waits.
    runtime.shutdown_background();
    answer
}

/// A text that ends with a NUL.
///
/// # Safety
///
/// `text` is NULL or ends with a NUL, and does not change for `'a`.
pub(crate) unsafe fn c_text<'a>(
    text: *const c_char,
    name: &'static str,
) -> Result<&'a str, Problem> {
    if text.is_null() {
        return Err(Problem::Null(name));
    }
    // SAFETY: not NULL (checked above), and the caller promises a NUL at its end.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map_err(|error| Problem::NotUtf8 { name, offset: error.valid_up_to() })
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Api(error)
    }
}

pub(crate) const fn status_of(error: &Error) -> qris_status {
    match error {
        Error::Invalid(Invalid::CertificateStore { .. }) => qris_status::CertificateStore,
        Error::Invalid(_) => qris_status::ValueRefused,
        Error::Rejected { .. } => qris_status::Rejected,
        Error::OutcomeUnknown { .. } => qris_status::OutcomeUnknown,
        Error::Unreachable { .. } | Error::Paused { .. } => qris_status::Unreachable,
        Error::MalformedReply { .. } => qris_status::MalformedReply,
        Error::ContentMismatch { .. } => qris_status::ContentMismatch,
        _ => qris_status::Internal,
    }
}

pub(crate) const fn code_of(error: &Error) -> &'static str {
    match error {
        Error::Invalid(invalid) => invalid.code(),
        Error::Rejected { reason } => reason.code(),
        Error::ContentMismatch { field, .. } => field.code(),
        _ => status_of(error).code(),
    }
}

//! The client of the Open API.

use std::ffi::{CStr, c_char};
use std::future::Future;
use std::mem::offset_of;
use std::ops::RangeInclusive;
use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

use qris_api::{
    ApiKey, Cause, CheckBudget, Client, ClientBuilder, Error, MerchantId, Rupiah, Schedule, Tip,
    limits,
};
use tokio::runtime::{Builder, Handle};

use crate::encode::qris_tip;
use crate::error::{Problem, qris_error};
use crate::ffi::{Options, boundary, optional, options, reserved, writable, write_out};
use crate::handles::Handles;
use crate::status::qris_status;
use crate::text::qris_str;

/// A client of the Open API, from `qris_client_new` to `qris_client_free`. Its content is private.
#[derive(Debug)]
pub struct qris_client(());

/// Client options. Set the whole struct to zero, then `size` to `sizeof(qris_client_options)`, then
/// the fields you need. A field left at zero has the default named here. The caller owns the texts;
/// they must live until the call returns. The library wipes its copy of the key.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct qris_client_options {
    /// `sizeof(qris_client_options)`.
    pub size: usize,
    /// The secret from the registration. Required.
    pub api_key: qris_str,
    /// The provider's number of the merchant (`mID`), not the NMID. Required.
    pub merchant_id: qris_str,
    /// Another address of the API, up to and including the folder of its two pages. It must be
    /// https; http is allowed to this machine only.
    pub base_url: qris_str,
    /// The merchant's national number, which every QR must have. Default: the one in the first
    /// invoice that the client creates.
    pub nmid: qris_str,
    /// The folder of the small file that keeps the check budget of the key. Default: the
    /// environment variable QRIS_STATE_DIR, or else `~/.local/state/qris` (on Windows `qris` in
    /// `LOCALAPPDATA`). Processes that use the same folder share the budget.
    pub state_dir: qris_str,
    /// Time limit for one call, in seconds. Default 35: the provider takes up to 30.
    pub timeout_seconds: u32,
    /// How long a QR is shown to a payer, in seconds. Default 1800: some accounts refuse a later
    /// payment. It sets `shown_until` of an invoice.
    pub shown_seconds: u32,
    /// Validity of an invoice in seconds: until then a payment may come. Default 3600. It sets
    /// `expires_at` of an invoice.
    pub validity_seconds: u32,
    /// How long to wait after the validity, in seconds, because a payment may arrive late. Default
    /// 600.
    pub grace_seconds: u32,
    /// The minimum time between the first three checks of an invoice, in seconds. Default 15. The
    /// provider blocks keys that ask more often.
    pub try_gap_seconds: u32,
    /// The minimum time between later checks of an invoice, in seconds. Default 60. The provider
    /// blocks keys that ask more often.
    pub check_gap_seconds: u32,
    /// The maximum number of checks of the key in a minute, over all invoices, threads and
    /// processes. Default 60.
    pub checks_per_minute: u32,
    /// A `qris_tip`: none, or QRIS_TIP_PROMPT: the wallet asks for a tip on every invoice.
    pub tip: i32,
    /// The smallest amount of an invoice, in rupiah. Default 100, the minimum of most wallets.
    pub lowest_rupiah: u64,
    /// The largest amount of an invoice, in rupiah. Default 10000000, the limit of Bank Indonesia.
    pub highest_rupiah: u64,
    /// A `qris_budget_place`. Default QRIS_BUDGET_PLACE_FILE.
    pub budget_place: i32,
    /// Must be zero.
    pub reserved: i32,
}

/// Where the check budget of a key is kept: the checks that were made, and when the next is
/// allowed.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_budget_place {
    /// The default: in a file.
    Unspecified = 0,
    /// In a small file that all processes of the user share, also after a restart.
    File = 1,
    /// In this client only. Other clients and processes, and this program after a restart, do not
    /// know about its checks, but the provider counts all of them.
    Memory = 2,
}

// SAFETY: `repr(C)`, begins with its size, has only numbers and pointers, and zero means "not set"
// in each of them.
unsafe impl Options for qris_client_options {
    const NAME: &'static str = "qris_client_options";
    const MIN_SIZE: usize = offset_of!(Self, reserved) + size_of::<i32>();
}

/// The client behind a [`qris_client`] pointer.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) tip: Tip,
}

static CLIENTS: Handles<Connection> = Handles::new(0);

/// The client behind a pointer from C.
pub(crate) fn connection(client: *const qris_client) -> Result<Connection, Problem> {
    if client.is_null() {
        return Err(Problem::Null("client"));
    }
    CLIENTS.find(client).ok_or(Problem::Plain(qris_status::ClientUnknown))
}

/// Creates a client of the Open API. Nothing is sent yet.
///
/// `options` must not be NULL. `client` must not be NULL and is written only on success. The caller
/// owns the client and frees it with `qris_client_free`. `error` may be NULL. Do not use
/// a client made before a `fork` in the child: create a new one. Needs the feature `client`.
///
/// Statuses: QRIS_STATUS_OK, QRIS_STATUS_NULL_ARGUMENT, QRIS_STATUS_STRUCT_SIZE,
/// QRIS_STATUS_UNKNOWN_VALUE, QRIS_STATUS_TEXT_NOT_UTF8, QRIS_STATUS_VALUE_REFUSED (`code` is
/// `api-key`, `merchant-id`, `base-url` or `amount`), QRIS_STATUS_CERTIFICATE_STORE. Thread-safe.
///
/// # Safety
///
/// - `options` is NULL, or as many bytes can be read as its `size` says, and its texts can be read
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
        let made = CLIENTS.add(connection);
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { write_out(client, made) };
        Ok(())
    };
    // SAFETY: the caller promises that `error` is NULL or can be written to.
    unsafe { boundary(error, call) }
}

/// Frees a client. NULL and a client that was freed before are ignored.
///
/// Running calls of other threads with it finish. Later calls with it return
/// QRIS_STATUS_CLIENT_UNKNOWN. Thread-safe. Needs the feature `client`.
#[unsafe(no_mangle)]
pub extern "C" fn qris_client_free(client: *mut qris_client) {
    let call = || {
        drop(CLIENTS.remove(client));
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
        // SAFETY: the caller promises the same.
        let (builder, tip) = unsafe { self.builder() }?;
        Ok(Connection { client: builder.budget(self.budget()?).build()?, tip })
    }

    /// A client builder without a budget, and the tip of its invoices.
    ///
    /// # Safety
    ///
    /// Its texts can be read to their lengths.
    pub(crate) unsafe fn builder(&self) -> Result<(ClientBuilder, Tip), Problem> {
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
                .schedule(self.schedule())
                .amounts(self.amounts()?);
        if let Some(url) = text(self.base_url, "base_url")? {
            builder = builder.base_url(url);
        }
        if let Some(limit) = seconds(self.timeout_seconds) {
            builder = builder.total_timeout(limit);
        }
        if let Some(nmid) = text(self.nmid, "nmid")? {
            builder = builder.nmid(nmid);
        }
        if let Some(folder) = text(self.state_dir, "state_dir")? {
            builder = builder.state_dir(folder);
        }
        Ok((builder, tip))
    }

    /// The most checks in a minute.
    pub(crate) fn per_minute(&self) -> u32 {
        let given = Some(self.checks_per_minute).filter(|checks| *checks > 0);
        given.unwrap_or(limits::CHECKS_PER_MINUTE)
    }

    /// How long one call may take.
    #[cfg(feature = "orders")]
    pub(crate) fn timeout(&self) -> Duration {
        seconds(self.timeout_seconds).unwrap_or(limits::CALL_TIMEOUT)
    }

    fn budget(&self) -> Result<CheckBudget, Problem> {
        const UNSPECIFIED: i32 = qris_budget_place::Unspecified as i32;
        const FILE: i32 = qris_budget_place::File as i32;
        const MEMORY: i32 = qris_budget_place::Memory as i32;
        let per_minute = self.per_minute();
        match self.budget_place {
            UNSPECIFIED | FILE => Ok(CheckBudget::per_minute(per_minute)),
            MEMORY => Ok(CheckBudget::in_memory(per_minute)),
            found => Err(Problem::Unknown { name: "qris_budget_place", found }),
        }
    }

    fn amounts(&self) -> Result<RangeInclusive<Rupiah>, Problem> {
        let or = |given: u64, default| if given > 0 { given } else { default };
        let (lowest, highest) = (
            or(self.lowest_rupiah, limits::MIN_INVOICE_RUPIAH),
            or(self.highest_rupiah, limits::MAX_INVOICE_RUPIAH),
        );
        if lowest > highest {
            return Err(Problem::Bounds { lowest, highest });
        }
        Ok(Rupiah::new(lowest)..=Rupiah::new(highest))
    }

    fn schedule(&self) -> Schedule {
        let usual = Schedule::default();
        let try_gap = seconds(self.try_gap_seconds).unwrap_or(usual.try_gap);
        usual
            .with_shown(seconds(self.shown_seconds).unwrap_or(usual.shown))
            .with_validity(seconds(self.validity_seconds).unwrap_or(usual.validity))
            .with_grace(seconds(self.grace_seconds).unwrap_or(usual.grace))
            .with_try_gap(try_gap)
            .with_jitter(usual.jitter.min(try_gap / 3))
            .with_check_gap(seconds(self.check_gap_seconds).unwrap_or(usual.check_gap))
    }
}

/// A number of seconds as a duration, or `None` for 0.
pub(crate) fn seconds(number: u32) -> Option<Duration> {
    (number > 0).then(|| Duration::from_secs(number.into()))
}

/// Runs one call to its end on the caller's thread, so that its callbacks run there.
///
/// Each call has its own runtime, because a kept runtime would not survive a fork.
pub(crate) fn block_on<T>(call: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    if Handle::try_current().is_ok() {
        return Err(Problem::Plain(qris_status::WaitBusy));
    }
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Error::Unreachable {
        cause: Cause::Connect { detail: error.to_string() },
    })?;
    let answer = runtime.block_on(call);
    // A DNS lookup cannot be cancelled and may go on after the time-out: do not wait for it.
    runtime.shutdown_background();
    answer
}

/// Runs blocking work without callbacks on the caller's thread. Inside a callback of
/// `qris_wait_for_payment` that thread already runs a call, so the work runs on another thread.
pub(crate) fn run_blocking<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if Handle::try_current().is_err() {
        return work();
    }
    let done = thread::scope(|scope| scope.spawn(work).join());
    done.unwrap_or_else(|panic| resume_unwind(panic))
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

/// One error of each kind, and the table of their codes.
#[cfg(test)]
#[path = "../../../crates/qris-api/tests/errors/mod.rs"]
mod errors;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_the_status_and_the_code_of_its_line() {
        for (name, error) in errors::samples() {
            let line = errors::lines().into_iter().find(|line| line[0] == name);
            let [_, code, status, _] = line.unwrap_or_else(|| panic!("{name} has no line"));
            let over = Problem::Api(error).for_c();
            let written = crate::text::read_field(&over.code);
            assert_eq!(written.as_deref(), Some(code), "{name}");
            assert_eq!(over.status.code().replace('-', "_").to_uppercase(), status, "{name}");
        }
    }

    #[test]
    fn a_pause_says_after_how_many_whole_seconds_to_ask_again() {
        for (name, error) in errors::samples() {
            let seconds = Problem::Api(error).for_c().retry_after_seconds;
            // The samples of a pause have 6.5 s.
            assert_eq!(seconds, if name.starts_with("Paused/") { 7 } else { 0 }, "{name}");
        }
    }
}

//! The limits of the provider and Bank Indonesia, and a client's defaults.
//!
//! Checks, messages and defaults use these numbers.
//!
//! ```
//! use qris_api::limits;
//!
//! let amount = 25_578;
//! assert!((limits::MIN_INVOICE_RUPIAH..=limits::MAX_INVOICE_RUPIAH).contains(&amount));
//! ```

use std::time::Duration;

/// The smallest amount of an invoice in rupiah: the minimum of most wallets (OVO: Rp1,000).
pub const MIN_INVOICE_RUPIAH: u64 = 100;

/// The largest amount of an invoice in rupiah: the limit of one payment.
pub const MAX_INVOICE_RUPIAH: u64 = qris_codec::rules::limits::MAX_TRANSACTION_RUPIAH;

/// The maximum length of a transaction number in characters. The provider documents no limit.
pub const MAX_NUMBER_CHARS: usize = 64;

/// The maximum length of an API key or a merchant ID in characters. Known ones have 15 and 12.
pub const MAX_CREDENTIAL_CHARS: usize = 256;

/// How long a code is shown to the payer: some accounts refuse a later payment.
pub const SHOWN: Duration = Duration::from_secs(30 * 60);

/// How long an invoice can be paid.
pub const VALIDITY: Duration = Duration::from_secs(60 * 60);

/// How long an invoice is checked after its validity, because a payment may arrive late.
pub const GRACE: Duration = Duration::from_secs(10 * 60);

/// The number of checks of an invoice that the provider allows for a person's button.
pub const TRIES: u32 = 3;

/// The minimum time between two of these checks.
pub const TRY_GAP: Duration = Duration::from_secs(15);

/// The number of other checks of an invoice that the provider allows.
pub const CHECKS: u32 = 30;

/// The minimum time between two of these checks.
pub const CHECK_GAP: Duration = Duration::from_secs(60);

/// How far the checks of invoices that were created at the same time are spread.
pub const JITTER: Duration = Duration::from_secs(5);

/// The maximum number of checks of a key in any minute, over all invoices.
pub const CHECKS_PER_MINUTE: u32 = 60;

/// How long connecting may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a whole call may take. The provider answers in 6 to 30 s; with a shorter limit, a slow
/// success would look like a failure.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(35);

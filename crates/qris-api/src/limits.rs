//! What the provider and Bank Indonesia allow, and what a client does where nothing else is said.
//!
//! Checks, messages and defaults take the numbers from here.
//!
//! ```
//! use qris_api::limits;
//!
//! let amount = 25_578;
//! assert!((limits::MIN_INVOICE_RUPIAH..=limits::MAX_INVOICE_RUPIAH).contains(&amount));
//! ```

use std::time::Duration;

/// The least rupiah of an invoice: most wallets pay no less (OVO: Rp1,000).
pub const MIN_INVOICE_RUPIAH: u64 = 100;

/// The most rupiah of an invoice: what one payment may be.
pub const MAX_INVOICE_RUPIAH: u64 = qris_codec::rules::limits::MAX_TRANSACTION_RUPIAH;

/// The most characters of a transaction number. The provider does not say how long it may be.
pub const MAX_NUMBER_CHARS: usize = 64;

/// The most characters of an API key or a merchant ID; 15 and 12 are seen.
pub const MAX_CREDENTIAL_CHARS: usize = 256;

/// How long a code is shown to the payer: some accounts refuse a later payment.
pub const SHOWN: Duration = Duration::from_secs(30 * 60);

/// How long an invoice may be payable.
pub const VALIDITY: Duration = Duration::from_secs(60 * 60);

/// How long an invoice is watched after its validity, because a payment may arrive late.
pub const GRACE: Duration = Duration::from_secs(10 * 60);

/// How many checks of an invoice the provider allows a person's button.
pub const TRIES: u32 = 3;

/// The least time between two of these.
pub const TRY_GAP: Duration = Duration::from_secs(15);

/// How many checks of an invoice the provider allows besides.
pub const CHECKS: u32 = 30;

/// The least time between two of these.
pub const CHECK_GAP: Duration = Duration::from_secs(60);

/// How far the checks of invoices that were made at the same time are moved apart.
pub const JITTER: Duration = Duration::from_secs(5);

/// How many checks a key makes in any minute, over all invoices.
pub const CHECKS_PER_MINUTE: u32 = 60;

/// How long connecting may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a call may take in all: the provider answers in 6 to 30 s, and with less patience a slow
/// success would be taken for a failure.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(35);

//! The fees of transfers to the merchant's bank account.

use serde::Serialize;

/// The provider's transfer fees, in rupiah. The provider transfers on working days, from a smallest amount
/// on. Smaller amounts wait for the next settlement day.
///
/// The defaults were reported by the press in 2023: from Rp25,000; Rp2,000 below Rp50,000 and Rp3,000 from
/// there, to BCA, BRI and Mandiri; Rp2,900 more to other banks. Set your own if your contract differs.
///
/// ```
/// use qris_settlement::TransferFees;
///
/// let fees = TransferFees::to_bank("BCA");
/// assert_eq!((fees.fee(49_999), fees.fee(50_000)), (2_000, 3_000));
/// assert_eq!(TransferFees::to_bank("Bank Jago").fee(50_000), 5_900);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TransferFees {
    /// The smallest amount that is transferred.
    pub minimum: u64,
    /// Transfers below this amount cost `small_fee`.
    pub small_below: u64,
    /// The fee of a small transfer.
    pub small_fee: u64,
    /// The fee of any other transfer.
    pub fee: u64,
}

/// The names of the banks without the higher fee.
const NEAR: [&str; 6] = ["bca", "bank bca", "bri", "bank bri", "mandiri", "bank mandiri"];

impl TransferFees {
    /// The default fees to a bank, by its name. Case is ignored.
    pub fn to_bank(name: &str) -> Self {
        let is_near = NEAR.contains(&name.trim().to_lowercase().as_str());
        let more = if is_near { 0 } else { 2_900 };
        Self { minimum: 25_000, small_below: 50_000, small_fee: 2_000 + more, fee: 3_000 + more }
    }

    /// Whether these are the defaults, which were not confirmed since 2023.
    pub fn is_default(&self) -> bool {
        ["bca", ""].into_iter().any(|bank| *self == Self::to_bank(bank))
    }

    /// The fee for a transfer of this amount.
    pub fn fee(&self, amount: u64) -> u64 {
        if amount < self.small_below { self.small_fee } else { self.fee }
    }
}

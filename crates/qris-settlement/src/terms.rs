//! The merchant's terms with the provider.

use crate::mdr::{Criteria, MdrTable};
use crate::transfer::TransferFees;
use crate::working_day::Holidays;

/// The terms on which a merchant's payments are settled.
///
/// ```
/// use qris_settlement::{Criteria, Terms, TransferFees};
///
/// let mut terms = Terms::default();
/// assert_eq!((terms.criteria, terms.due_days), (None, 1));
/// terms.criteria = Some(Criteria::Umi);
/// terms.transfer = Some(TransferFees::to_bank("bri"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Terms {
    /// The merchant's criteria; `None` computes no MDR.
    pub criteria: Option<Criteria>,
    /// The rates of the MDR.
    pub mdr: MdrTable,
    /// The transfer fees; `None` computes none.
    pub transfer: Option<TransferFees>,
    /// The number of working days until a payment should be settled.
    pub due_days: u32,
    /// National holidays.
    pub holidays: Holidays,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            criteria: None,
            mdr: MdrTable::default(),
            transfer: None,
            due_days: 1,
            holidays: Holidays::none(),
        }
    }
}

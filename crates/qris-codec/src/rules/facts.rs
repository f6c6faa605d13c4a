//! The facts about objects for the rules across objects.

use super::value::Kept;
use crate::tag::Tags;

/// The facts after all objects were read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'a> {
    /// The tags of the root.
    pub(super) met: Tags,
    pub(super) initiation: Option<Kept<'a>>,
    pub(super) category: Option<Kept<'a>>,
    pub(super) currency: Option<Kept<'a>>,
    pub(super) amount: Option<Kept<'a>>,
    pub(super) tip: Option<Kept<'a>>,
    pub(super) fee_fixed: Option<Kept<'a>>,
    pub(super) fee_percent: Option<Kept<'a>>,
    pub(super) country: Option<Kept<'a>>,
    pub(super) postal_code: Option<Kept<'a>>,
    pub(super) purpose: Option<Kept<'a>>,
    pub(super) transfer: Option<TransferAccount<'a>>,
}

/// The facts about object 40 for a transfer.
#[derive(Clone, Copy, Debug)]
pub(super) struct TransferAccount<'a> {
    pub(super) account: Kept<'a>,
    pub(super) pan: Option<Kept<'a>>,
    pub(super) has_criteria: bool,
}

impl<'a> Facts<'a> {
    pub(super) const NONE: Self = Self {
        met: Tags::NONE,
        initiation: None,
        category: None,
        currency: None,
        amount: None,
        tip: None,
        fee_fixed: None,
        fee_percent: None,
        country: None,
        postal_code: None,
        purpose: None,
        transfer: None,
    };

    #[inline(always)]
    pub(super) fn currency(&self) -> &'a [u8] {
        self.currency.as_ref().map_or(b"", |currency| currency.bytes)
    }
}

/// Whether a value exists and is equal to a text.
#[inline(always)]
pub(super) fn is_text(value: &Option<Kept<'_>>, text: &str) -> bool {
    matches!(value, Some(value) if value.bytes == text.as_bytes())
}

//! QRIS transfers, cash-in and cash-out (TTS, Tuntas).

use super::account::pan_length;
use super::facts::{Facts, TransferAccount, is_text};
use super::limits;
use super::listener::Listener;
use super::value::{Kept, Value, missing};
use crate::charset::Charset;
use crate::error::{ErrorKind as K, Found};
use crate::tag::{Path, Tag};

/// The purpose of a QRIS transfer (62.08 of a payload with object 40).
///
/// ```
/// use qris_codec::Purpose;
///
/// assert_eq!(Purpose::from_code("CWDL"), Some(Purpose::CashOut));
/// assert_eq!(Purpose::from_code("GIFT"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// `BOOK`: a transfer within one institution.
    OnUs,
    /// `DMCT`: a domestic transfer.
    Domestic,
    /// `XBCT`: a transfer across the border.
    CrossBorder,
    /// `CWDL`: cash out.
    CashOut,
    /// `CDPT`: cash in.
    CashIn,
    /// `POSP`: a purchase.
    PointOfSale,
    /// `BILL`: a bill.
    Bill,
}

impl Purpose {
    /// Every purpose, in the order of [`limits::TRANSFER_PURPOSES`].
    const ALL: [Self; 7] = [
        Self::OnUs,
        Self::Domestic,
        Self::CrossBorder,
        Self::CashOut,
        Self::CashIn,
        Self::PointOfSale,
        Self::Bill,
    ];

    /// The purpose of a code in 62.08 of a transfer, if it is known.
    pub fn from_code(code: &str) -> Option<Self> {
        let mut all = limits::TRANSFER_PURPOSES.iter().zip(Self::ALL);
        all.find(|(word, _)| **word == code).map(|(_, purpose)| purpose)
    }
}

/// The rules about 40. It is an acquirer's template like its neighbours, unless the purpose or the
/// merchant category makes the payload a transfer.
#[inline(always)]
pub(super) fn check<'a, L: Listener>(
    facts: &Facts<'a>,
    account: &TransferAccount<'a>,
    charset: Charset,
    end: usize,
    out: &mut L,
) {
    let at = |value: &Option<Kept<'a>>, path: Path| value.map(|it| it.at(path, charset));
    let purpose = at(&facts.purpose, Path::PURPOSE);
    let is_known = purpose.is_some_and(is_purpose);
    let is_transfer = is_known || is_text(&facts.category, limits::TRANSFER_CATEGORY);
    let own = |number: u8| Path::sub(Tag::TRANSFER_ACCOUNT, Tag::clamped(number));
    if let Some(pan) = at(&account.pan, own(1)) {
        let min =
            if is_transfer { limits::MIN_TRANSFER_PAN_DIGITS } else { limits::MIN_PAN_DIGITS };
        pan_length(pan, min, out);
    }
    if !is_transfer {
        if !account.has_criteria {
            let end = account.account.at(Path::new(Tag::TRANSFER_ACCOUNT), charset).end();
            out.report(missing(K::CriteriaMissing, own(3), end));
        }
        return;
    }
    let code = |value: Value<'_>, expected: &str| value.code::<L>(expected.len());
    match at(&facts.initiation, Path::new(Tag::INITIATION)) {
        Some(value) => out.ensure(value.bytes == limits::DYNAMIC.as_bytes(), || {
            value.finding(K::TransferNotDynamic { found: code(value, limits::DYNAMIC) })
        }),
        None => {
            let kind = K::TransferNotDynamic { found: Found::Nothing };
            out.report(missing(kind, Tag::INITIATION.into(), end));
        }
    }
    match at(&facts.category, Path::new(Tag::CATEGORY_CODE)) {
        Some(value) => out.ensure(value.bytes == limits::TRANSFER_CATEGORY.as_bytes(), || {
            value.finding(K::TransferCategory { found: code(value, limits::TRANSFER_CATEGORY) })
        }),
        None => {
            let kind = K::TransferCategory { found: Found::Nothing };
            out.report(missing(kind, Tag::CATEGORY_CODE.into(), end));
        }
    }
    match purpose {
        // It may be a name, so the message shows only its length.
        Some(value) => out.ensure(is_known, || {
            value.finding(K::TransferPurpose { found: value.found::<L>(Found::chars) })
        }),
        None => {
            let kind = K::TransferPurpose { found: Found::Nothing };
            out.report(missing(kind, Path::PURPOSE, end));
        }
    }
}

fn is_purpose(value: Value<'_>) -> bool {
    limits::TRANSFER_PURPOSES.iter().any(|word| word.as_bytes() == value.bytes)
}

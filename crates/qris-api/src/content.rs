//! Holds the QR of a reply against what was asked for.

use std::fmt;

use qris_codec::{Amount, Path, Payload, Qris, Tag};

use crate::invoice::{Rupiah, Tip};

/// A part of a QR that is not what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The whole: not a payload, the checksum (63) is wrong, or the national rules forbid its use.
    Payload,
    /// 53 is not the rupiah.
    Currency,
    /// 54 is not the amount.
    Amount,
    /// 51.02 is not the NMID of the reply.
    NationalMerchantId,
    /// 55 asks for a tip or a fee that was not wanted, or does not ask for one that was.
    Tip,
}

impl Field {
    /// A stable word for programs, such as `nmid`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Payload => "payload",
            Self::Currency => "currency",
            Self::Amount => "amount",
            Self::NationalMerchantId => "nmid",
            Self::Tip => "tip",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Payload => "the payload's form or checksum (63)",
            Self::Currency => "the currency (53)",
            Self::Amount => "the amount (54)",
            Self::NationalMerchantId => "the NMID (51.02)",
            Self::Tip => "the tip indicator (55)",
        })
    }
}

const NMID: Path = Path::sub(Tag::NATIONAL_ACCOUNT, SUB_02);
const REFERENCE: Path = Path::sub(Tag::ADDITIONAL_DATA, SUB_05);
const SUB_02: Tag = tag(2);
const SUB_05: Tag = tag(5);

const fn tag(number: u8) -> Tag {
    match Tag::new(number) {
        Some(tag) => tag,
        None => Tag::FORMAT,
    }
}

/// The first part of the payload that is not as asked.
pub(crate) fn mismatch(content: &str, amount: Rupiah, tip: Tip, nmid: &str) -> Option<Field> {
    let Ok(payload) = Payload::parse(content) else {
        return Some(Field::Payload);
    };
    if payload.currency() != Some("360") {
        return Some(Field::Currency);
    }
    if payload.amount() != Some(Ok(Amount::rupiah(amount.get()))) {
        return Some(Field::Amount);
    }
    if payload.get(NMID) != Some(nmid) {
        return Some(Field::NationalMerchantId);
    }
    let wanted = match tip {
        Tip::Ask => Some("01"),
        Tip::None => None,
    };
    if payload.get(Path::of(Tag::TIP)) != wanted {
        return Some(Field::Tip);
    }
    // Last, so that what can be named is named.
    Qris::try_from(payload).err().map(|_| Field::Payload)
}

/// The reference label (62.05) as an invoice number.
pub(crate) fn reference(content: &str) -> Option<u64> {
    Payload::parse(content).ok()?.get(REFERENCE)?.parse().ok()
}

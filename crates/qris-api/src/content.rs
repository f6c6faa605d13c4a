//! Holds the QR of a reply against what was asked for.

use std::fmt;

use qris_codec::{Amount, Path, Payload, Qris, Tag};

use crate::invoice::{Invoice, Tip};

/// A part of a QR that is not what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The whole: not a payload, the checksum (63) is wrong, or the national rules forbid its use.
    Payload,
    /// 01 is not 12. A static code with an amount can be paid for ever.
    Initiation,
    /// 53 is not the rupiah.
    Currency,
    /// 54 is not the amount.
    Amount,
    /// 51.02 is not the NMID of the reply, or that is not the NMID of the key.
    NationalMerchantId,
    /// 55 is not as asked, or 56 or 57 adds a fee that was not asked for.
    Tip,
    /// 62.05 is the number of another invoice.
    Reference,
    /// The invoice's number, or its QR, was given out before.
    Reused,
}

impl Field {
    /// A stable word for programs, such as `nmid`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Payload => "payload",
            Self::Initiation => "initiation",
            Self::Currency => "currency",
            Self::Amount => "amount",
            Self::NationalMerchantId => "nmid",
            Self::Tip => "tip",
            Self::Reference => "reference",
            Self::Reused => "reused",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Payload => "the payload's form or checksum (63) differs",
            Self::Initiation => "the point of initiation (01) differs",
            Self::Currency => "the currency (53) differs",
            Self::Amount => "the amount (54) differs",
            Self::NationalMerchantId => "the NMID (51.02) differs",
            Self::Tip => "the tip or fee (55, 56, 57) differs",
            Self::Reference => "the reference label (62.05) is the number of another invoice",
            Self::Reused => "the invoice's number or QR was given out before",
        })
    }
}

/// Holds the payload of an invoice against its other fields, and gives the first that differs.
pub(crate) fn cross_check(invoice: &Invoice, tip: Tip) -> Result<(), Field> {
    let ensure = |holds, field| if holds { Ok(()) } else { Err(field) };
    let payload = Payload::parse(&invoice.qris_content).map_err(|_| Field::Payload)?;
    ensure(payload.get(Tag::INITIATION) == Some("12"), Field::Initiation)?;
    ensure(payload.currency() == Some("360"), Field::Currency)?;
    let amount = Amount::rupiah(invoice.amount.get());
    ensure(payload.amount() == Some(Ok(amount)), Field::Amount)?;
    ensure(payload.get(Path::NMID) == Some(&invoice.qris_nmid), Field::NationalMerchantId)?;
    let indicator = match tip {
        Tip::Ask => Some("01"),
        Tip::None => None,
    };
    ensure(payload.get(Tag::TIP) == indicator, Field::Tip)?;
    let is_absent = |tag: Tag| payload.get(tag).is_none();
    ensure(is_absent(Tag::FEE_FIXED) && is_absent(Tag::FEE_PERCENT), Field::Tip)?;
    // Last, so that a field that has a name is named.
    Qris::try_from(payload).map(drop).map_err(|_| Field::Payload)
}

//! Checks the QR of a reply against the request.

use std::fmt;

use qris_codec::{Amount, Path, Payload, Qris, Tag};

use crate::invoice::{Invoice, Tip};

/// A part of a QR that is not as requested.
///
/// ```
/// use qris_api::Field;
///
/// assert_eq!(Field::Amount.code(), "amount");
/// assert_eq!(Field::Amount.to_string(), "the amount (54) differs");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The whole QR: it is not a payload, the checksum (63) is wrong, or it breaks the national
    /// rules.
    Payload,
    /// 01 is not 12. A static code with an amount can be paid for ever.
    Initiation,
    /// 53 is not the rupiah.
    Currency,
    /// 54 is not the amount.
    Amount,
    /// 51.02 is not the NMID of the reply, or the reply's NMID is not the key's.
    NationalMerchantId,
    /// 55 is not as requested, or 56 or 57 adds a fee that was not requested.
    Tip,
    /// 62.05 is the number of another invoice.
    Reference,
    /// The invoice's number or its QR was used before.
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
            Self::Payload => "the payload is not valid or its checksum (63) is wrong",
            Self::Initiation => "the point of initiation (01) differs",
            Self::Currency => "the currency (53) differs",
            Self::Amount => "the amount (54) differs",
            Self::NationalMerchantId => "the NMID (51.02) differs",
            Self::Tip => "the tip or fee (55, 56, 57) differs",
            Self::Reference => "the reference label (62.05) is the number of another invoice",
            Self::Reused => "the invoice's number or QR was used before",
        })
    }
}

/// Compares the payload of an invoice with its other fields. Returns the first difference.
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
    // Last, so that a more exact field is reported first.
    Qris::try_from(payload).map(drop).map_err(|_| Field::Payload)
}

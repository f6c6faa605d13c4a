//! The sandbox's QRs: valid under every national rule, unless a fault wants otherwise.

use qris_codec::encode::{Builder, NewAccount, NewAdditional};
use qris_codec::mpm::Entry;
use qris_codec::{Amount, Error, Initiation, Rules, Tag, checksum};

use crate::invoice::Tip;

/// The country, which follows the tip and the fees (55 to 57).
const COUNTRY: &str = "5802ID";

/// The buffer size. The longest QR has about 250 bytes.
const ROOM: usize = 512;

/// The merchant that is paid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Merchant {
    /// The name that payers see.
    pub(crate) name: &'static str,
    /// The national number (51.02).
    pub(crate) nmid: &'static str,
    /// The merchant's numbers at the acquirer (26.01, 26.02).
    pan: &'static str,
    id: &'static str,
}

/// The sandbox's own merchant: a business registered in 2026, with invented numbers. The institution 0898 of
/// the PAN is from the provider's sample; product 3 is e-money.
pub(crate) const MERCHANT: Merchant = Merchant {
    name: "WARUNG SANDBOX",
    nmid: "ID2026000000128",
    pan: "9360089830000000128",
    id: "SANDBOX00000001",
};

/// Another merchant, with equally valid numbers.
pub(crate) const OTHER_MERCHANT: Merchant = Merchant {
    name: "TOKO LAIN",
    nmid: "ID2026000000136",
    pan: "9360089830000000136",
    id: "SANDBOX00000002",
};

/// What differs from one QR to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Payload {
    pub(crate) merchant: Merchant,
    pub(crate) initiation: Initiation,
    pub(crate) amount: u64,
    /// The ISO 4217 code; 360 is the rupiah.
    pub(crate) currency: &'static str,
    pub(crate) tip: Tip,
    /// A fee object (56 or 57) without its required indicator (55).
    pub(crate) fee: Option<&'static str>,
    /// The invoice's number (62.05).
    pub(crate) reference: u64,
}

impl Payload {
    /// The payload as text, checked against these rules. A fee is added without a check.
    pub(crate) fn text(&self, rules: Rules) -> Result<String, Error> {
        let acquirer = NewAccount {
            tag: Tag::FIRST_ACCOUNT,
            guid: Some("ID.CO.TELKOM.WWW"),
            pan: Some(self.merchant.pan),
            merchant_id: Some(self.merchant.id),
            criteria: Some("UMI"),
        };
        let national = NewAccount {
            tag: Tag::NATIONAL_ACCOUNT,
            guid: Some("ID.CO.QRIS.WWW"),
            pan: None,
            merchant_id: Some(self.merchant.nmid),
            criteria: Some("UMI"),
        };
        let reference = self.reference.to_string();
        let additional = NewAdditional {
            reference_label: Some(Entry::Text(&reference)),
            ..NewAdditional::default()
        };
        // With two decimals, as in the provider's sample.
        let amount: Amount = format!("{}.00", self.amount).parse()?;
        let accounts = [acquirer, national];
        let mut builder = Builder::new(self.merchant.name, "KOTA SURABAYA", "5812")
            .rules(rules)
            .initiation(self.initiation)
            .accounts(&accounts)
            .currency(self.currency)
            .amount(amount)
            .postal_code("60136")
            .additional(additional);
        if self.tip == Tip::Ask && self.fee.is_none() {
            builder = builder.tip(qris_codec::Tip::Prompt);
        }
        let mut room = [0; ROOM];
        let text = builder.encode_into(&mut room)?;
        Ok(match self.fee {
            Some(fee) => with_checksum(text.replacen(COUNTRY, &format!("{fee}{COUNTRY}"), 1)),
            None => text.to_owned(),
        })
    }
}

/// Replaces the checksum's four digits with the right ones.
fn with_checksum(mut text: String) -> String {
    text.truncate(text.len().saturating_sub(4));
    let checksum = checksum(text.as_bytes());
    text + &format!("{checksum:04X}")
}

//! The QRs that the sandbox gives out: valid under every national rule, unless a fault is wanted.

use qris_codec::encode::{Builder, NewAccount, NewAdditional};
use qris_codec::mpm::Entry;
use qris_codec::{Amount, Error, Initiation, Rules, Tag};

use crate::invoice::Tip;

/// The merchant's name, shown to payers.
pub(crate) const MERCHANT_NAME: &str = "WARUNG SANDBOX";

/// The merchant's national number: a business registered in 2026, with an invented sequence.
pub(crate) const NMID: &str = "ID2026000000128";

/// The acquirer's account of the merchant: the domain of the class text's sample, its institution
/// 0898, product 3 (e-money) and an invented merchant.
const ACQUIRER: NewAccount<'_> = NewAccount {
    tag: Tag::FIRST_ACCOUNT,
    guid: Some("ID.CO.TELKOM.WWW"),
    pan: Some("9360089830000000128"),
    merchant_id: Some("SANDBOX00000001"),
    criteria: Some("UMI"),
};

/// Room for the longest of them, which has some 250 bytes.
const ROOM: usize = 512;

/// What differs from one QR to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dynamic<'a> {
    pub(crate) amount: u64,
    /// ISO 4217 digits; 360 is the rupiah.
    pub(crate) currency: &'a str,
    pub(crate) tip: Tip,
    pub(crate) nmid: &'a str,
    /// The invoice's number (62.05).
    pub(crate) reference: u64,
}

impl Dynamic<'_> {
    /// The payload, which keeps these rules.
    pub(crate) fn payload(&self, rules: Rules) -> Result<String, Error> {
        let national = NewAccount {
            tag: Tag::NATIONAL_ACCOUNT,
            guid: Some("ID.CO.QRIS.WWW"),
            pan: None,
            merchant_id: Some(self.nmid),
            criteria: Some("UMI"),
        };
        let reference = self.reference.to_string();
        let mut additional = NewAdditional::default();
        let [_, _, _, _, reference_label, ..] = &mut additional.entries;
        *reference_label = Some(Entry::Text(&reference));
        // With two decimals, as the class text's sample has it.
        let amount: Amount = format!("{}.00", self.amount).parse()?;
        let accounts = [ACQUIRER, national];
        let mut builder = Builder::new(MERCHANT_NAME, "KOTA SURABAYA", "5812")
            .rules(rules)
            .initiation(Initiation::Dynamic)
            .accounts(&accounts)
            .currency(self.currency)
            .amount(amount)
            .postal_code("60136")
            .additional(additional);
        if self.tip == Tip::Ask {
            builder = builder.tip(qris_codec::Tip::Prompt);
        }
        builder.encode_into(&mut [0; ROOM]).map(str::to_owned)
    }
}

//! Texts of receipts, in Indonesian and English.

use qris_api::WibTime;
use qris_ledger::Channel;

/// The language of a receipt.
///
/// ```
/// use qris_till::ReceiptLanguage;
///
/// assert_eq!("en".parse(), Ok(ReceiptLanguage::English));
/// assert_eq!(ReceiptLanguage::default(), ReceiptLanguage::Indonesian);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReceiptLanguage {
    /// `id`.
    #[default]
    Indonesian,
    /// `en`.
    English,
}

impl std::str::FromStr for ReceiptLanguage {
    type Err = UnknownLanguage;

    fn from_str(word: &str) -> Result<Self, UnknownLanguage> {
        match word {
            "id" => Ok(Self::Indonesian),
            "en" => Ok(Self::English),
            _ => Err(UnknownLanguage),
        }
    }
}

/// A word that is not a [`ReceiptLanguage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected id or en, found another word")]
pub struct UnknownLanguage;

/// The texts of one language, in ASCII, because every printer has those characters.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) lang: &'static str,
    pub(super) receipt: &'static str,
    pub(super) slip: &'static str,
    pub(super) number: &'static str,
    pub(super) time: &'static str,
    pub(super) method: &'static str,
    pub(super) channel: &'static str,
    pub(super) description: &'static str,
    pub(super) total: &'static str,
    pub(super) overpaid: &'static str,
    pub(super) paid: &'static str,
    pub(super) unpaid: &'static str,
    pub(super) valid_until: &'static str,
    pub(super) scan: &'static str,
    pub(super) no_proof: &'static str,
    /// The text before the code, and the text after it.
    pub(super) check_code: [&'static str; 2],
    /// What to check if there is no code.
    pub(super) check_number: &'static str,
    pub(super) no_picture: &'static str,
    pub(super) left_out: &'static str,
    pub(super) print: &'static str,
    pos: &'static str,
    ecommerce: &'static str,
    bill: &'static str,
    clock: char,
}

static INDONESIAN: Words = Words {
    lang: "id",
    receipt: "Struk",
    slip: "Slip QRIS",
    number: "No.",
    time: "Dibayar",
    method: "Metode",
    channel: "Kanal",
    description: "Keterangan",
    total: "TOTAL",
    overpaid: "Kelebihan bayar",
    paid: "LUNAS (QRIS)",
    unpaid: "BELUM DIBAYAR",
    valid_until: "Berlaku sampai",
    scan: "Pindai dengan aplikasi bank atau dompet digital.",
    no_proof: "Bukan bukti transfer.",
    check_code: ["Cek kode:", "di kasir."],
    check_number: "Cek nomornya di kasir.",
    no_picture: "[Kode QR hanya berupa gambar]",
    left_out: "Huruf yang tidak dapat dicetak dihilangkan.",
    print: "Cetak",
    pos: "Kasir",
    ecommerce: "Toko online",
    bill: "Tagihan",
    clock: '.',
};

static ENGLISH: Words = Words {
    lang: "en",
    receipt: "Receipt",
    slip: "QRIS slip",
    number: "No.",
    time: "Paid",
    method: "Method",
    channel: "Channel",
    description: "Description",
    total: "TOTAL",
    overpaid: "Overpaid",
    paid: "PAID (QRIS)",
    unpaid: "NOT YET PAID",
    valid_until: "Valid until",
    scan: "Scan with a bank app or e-wallet.",
    no_proof: "Not a proof of transfer.",
    check_code: ["Check code:", "at the till."],
    check_number: "Check the number at the till.",
    no_picture: "[The QR code is only a picture]",
    left_out: "Characters that cannot be printed are left out.",
    print: "Print",
    pos: "Counter",
    ecommerce: "Online shop",
    bill: "Bill",
    clock: ':',
};

impl Words {
    pub(super) const fn for_language(language: ReceiptLanguage) -> &'static Self {
        match language {
            ReceiptLanguage::Indonesian => &INDONESIAN,
            ReceiptLanguage::English => &ENGLISH,
        }
    }

    pub(super) const fn channel_name(&self, channel: Channel) -> &'static str {
        match channel {
            Channel::Ecommerce => self.ecommerce,
            Channel::Bill => self.bill,
            Channel::Pos => self.pos,
        }
    }

    /// Day and time: 27-11-2026 11.44 WIB.
    pub(super) fn moment(&self, time: WibTime) -> String {
        let (date, text) = (time.date(), time.to_api_text());
        let clock = text.get(11..16).unwrap_or_default().replace(':', &self.clock.to_string());
        format!("{:02}-{:02}-{} {clock} WIB", date.day(), date.month(), date.year())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_of_wib_and_written_as_each_language_does() {
        let time = WibTime::parse("2026-08-07 09:05:59").expect("a time");
        assert_eq!(INDONESIAN.moment(time), "07-08-2026 09.05 WIB");
        assert_eq!(ENGLISH.moment(time), "07-08-2026 09:05 WIB");
    }
}

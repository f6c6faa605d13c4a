//! Texts of receipts, in Indonesian and English.

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
    pub(super) rrn: &'static str,
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
    /// On paper: that letters are missing.
    pub(super) left_out: &'static str,
    /// On the page: that letters will be missing on a receipt printer's paper.
    pub(super) printer_lacks: &'static str,
    pub(super) print: &'static str,
    pos: &'static str,
    ecommerce: &'static str,
    bill: &'static str,
}

static INDONESIAN: Words = Words {
    lang: "id",
    receipt: "Struk",
    slip: "Slip QRIS",
    number: "No.",
    time: "Dibayar",
    method: "Metode",
    rrn: "No. ref. (RRN)",
    channel: "Dijual lewat",
    description: "Keterangan",
    total: "TOTAL",
    overpaid: "Kelebihan bayar",
    paid: "LUNAS (QRIS)",
    unpaid: "BELUM DIBAYAR",
    valid_until: "Berlaku sampai",
    scan: "Pindai dengan aplikasi bank atau dompet digital.",
    no_proof: "Struk ini bukan bukti transfer.",
    check_code: ["Cek kode:", "di kasir."],
    check_number: "Cek nomornya di kasir.",
    no_picture: "[Kode QR hanya berupa gambar]",
    left_out: "Sebagian huruf tidak bisa dicetak.",
    printer_lacks: "Printer struk tidak punya semua huruf di halaman ini. Huruf yang tidak ada \
                    akan hilang di kertasnya. Kode QR-nya tetap benar.",
    print: "Cetak",
    pos: "Kasir",
    ecommerce: "Toko online",
    bill: "Tagihan",
};

static ENGLISH: Words = Words {
    lang: "en",
    receipt: "Receipt",
    slip: "QRIS slip",
    number: "No.",
    time: "Paid",
    method: "Method",
    rrn: "Ref. no. (RRN)",
    channel: "Sold via",
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
    left_out: "Some letters cannot be printed.",
    printer_lacks: "The receipt printer does not have all letters of this page. The others will \
                    be missing on its paper. The QR code stays correct.",
    print: "Print",
    pos: "Counter",
    ecommerce: "Online shop",
    bill: "Bill",
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
}

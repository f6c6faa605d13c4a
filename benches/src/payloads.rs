//! The measured payloads.

use qris_codec::encode::{Builder, NewAccount, NewAdditional};
use qris_codec::mpm::Entry;
use qris_codec::{Amount, Error, Initiation, Tag, Tip};

/// The Open API's sample reply: 242 characters, 14 objects at the root, 22 in all.
pub const SAMPLE: &str = "00020101021226680016ID.CO.TELKOM.WWW0118936008980255996627021500019525599\
    66270303UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.005502015802\
    ID5916InterActive Corp6013KOTA SURABAYA61056013662130509413255111630439B7";

/// A sticker: static, without an amount.
pub const STICKER: &str = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303\
    UMI51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007\
    JAKARTA61051011062070703A01630466DC";

/// The sticker without its postal code, which causes a warning.
pub const WARNED: &str = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303\
    UMI51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007\
    JAKARTA62070703A01630440DE";

/// The two accounts of [`SAMPLE`].
pub const ACCOUNTS: [NewAccount<'_>; 2] = [
    NewAccount {
        tag: Tag::FIRST_ACCOUNT,
        guid: Some("ID.CO.TELKOM.WWW"),
        pan: Some("936008980255996627"),
        merchant_id: Some("000195255996627"),
        criteria: Some("UMI"),
    },
    NewAccount {
        tag: Tag::NATIONAL_ACCOUNT,
        guid: Some("ID.CO.QRIS.WWW"),
        pan: None,
        merchant_id: Some("ID1020021181745"),
        criteria: Some("UMI"),
    },
];

/// The values from which [`SAMPLE`] is written.
pub fn sample_values() -> Builder<'static> {
    let additional = NewAdditional {
        reference_label: Some(Entry::Text("413255111")),
        ..NewAdditional::default()
    };
    Builder::new("InterActive Corp", "KOTA SURABAYA", "5732")
        .postal_code("60136")
        .accounts(&ACCOUNTS)
        .initiation(Initiation::Dynamic)
        .amount("25578.00".parse().unwrap_or(Amount::rupiah(25_578)))
        .tip(Tip::Prompt)
        .additional(additional)
}

/// The same with a fee of five per cent instead of a tip.
pub fn exact_values() -> Builder<'static> {
    sample_values().tip(Tip::Percent(Amount::rupiah(5)))
}

/// The number of payloads that [`corpus`] makes.
pub const CORPUS: usize = 1_024;

/// Different payloads without findings, of about 190 to 270 characters: static and dynamic, with
/// and without tip, bill number, terminal and reference, with names and cities of different
/// lengths, and three acquirers.
///
/// # Errors
///
/// If the builder refuses one, which would be a bug of this function.
pub fn corpus() -> Result<Vec<String>, Error> {
    const NAMES: [&str; 8] = [
        "WARUNG BU SRI",
        "TOKO MAJU",
        "APOTEK SEHAT SENTOSA",
        "KOPI",
        "BENGKEL MOTOR JAYA ABADI",
        "SALON MELATI",
        "InterActive Corp",
        "RM PADANG",
    ];
    const CITIES: [(&str, &str); 8] = [
        ("JAKARTA", "10110"),
        ("KOTA SURABAYA", "60136"),
        ("DENPASAR", "80111"),
        ("BANDUNG", "40111"),
        ("MEDAN", "20111"),
        ("YOGYAKARTA", "55111"),
        ("PALU", "94111"),
        ("BANDA ACEH", "23111"),
    ];
    const ACQUIRERS: [(&str, &str); 3] = [
        ("ID.CO.TELKOM.WWW", "93600898"),
        ("COM.GO-JEK.WWW", "93600914"),
        ("ID.CO.BCA.WWW", "93600014"),
    ];
    let mut random = Random::new(20_200_807);
    let mut draw = |below: usize| random.below(below);
    let mut buffer = [0; 512];
    let mut payloads = Vec::with_capacity(CORPUS);
    for number in 0..CORPUS {
        let (guid, nns) = ACQUIRERS[draw(3)];
        let pan = format!("{nns}{:010}", draw(1 << 24));
        let merchant_id = format!("{:0width$}", number, width = 9 + draw(7));
        let nmid = with_check_digit(&format!("1020{:08}", number * 7_919));
        let accounts = [
            NewAccount {
                guid: Some(guid),
                pan: Some(&pan),
                merchant_id: Some(&merchant_id),
                ..ACCOUNTS[0]
            },
            NewAccount { merchant_id: Some(&nmid), ..ACCOUNTS[1] },
        ];
        let (city, postal_code) = CITIES[draw(8)];
        let bill = format!("INV-{number}");
        let mut additional = NewAdditional::default();
        if draw(2) == 0 {
            additional.bill_number = Some(Entry::Text(&bill));
        }
        if draw(2) == 0 {
            additional.reference_label = Some(Entry::Text("413255111"));
        }
        if draw(2) == 0 {
            additional.terminal_label = Some(Entry::Text("A01"));
        }
        let mut builder = Builder::new(NAMES[draw(8)], city, "5732")
            .postal_code(postal_code)
            .accounts(&accounts)
            .additional(additional);
        if draw(3) == 0 {
            builder = builder.initiation(Initiation::Static);
        } else {
            let amount = Amount::rupiah(1_000 + draw(1 << 22) as u64);
            builder = builder.initiation(Initiation::Dynamic).amount(amount);
        }
        if draw(4) == 0 {
            builder = builder.tip(Tip::Prompt);
        }
        payloads.push(builder.encode_into(&mut buffer)?.to_owned());
    }
    Ok(payloads)
}

/// The generator of Numerical Recipes, so that the payloads are the same in every run.
#[derive(Debug)]
pub(crate) struct Random(u32);

impl Random {
    pub(crate) const fn new(seed: u32) -> Self {
        Self(seed)
    }

    /// A number below this limit.
    pub(crate) const fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % below
    }
}

/// An NMID with these twelve digits and their check digit.
fn with_check_digit(digits: &str) -> String {
    let sum: u32 =
        digits.bytes().rev().zip([2, 1].into_iter().cycle()).fold(0, |sum, (b, times)| {
            let counted = u32::from(b - b'0') * times;
            sum + counted / 10 + counted % 10
        });
    format!("ID{digits}{}", (10 - sum % 10) % 10)
}

/// A text with this many bytes, at least 64, that [`Payload::parse`](qris_codec::Payload::parse)
/// walks to its end.
///
/// Up to 8 KiB it is a payload with objects of 99 characters. There are only a hundred tags, so a
/// longer text repeats object 01. It is walked completely and refused for that.
pub fn of_length(bytes: usize) -> String {
    let mut text = String::from("000201");
    let mut tags = (1..=99).filter(|&tag| tag != 63);
    // Object 63 takes eight bytes, and each other object at least five.
    while let left @ 9.. = bytes - text.len() - 8 {
        let tag = tags.next().unwrap_or(1);
        let room = left.min(103);
        // The rest must be nothing or another object.
        let room = if (1..9).contains(&(left - room)) { room - 9 } else { room };
        text.push_str(&format!("{tag:02}{:02}{}", room - 4, "x".repeat(room - 4)));
    }
    let left = bytes - text.len() - 8;
    if left > 0 {
        let tag = tags.next().unwrap_or(1);
        text.push_str(&format!("{tag:02}{:02}{}", left - 4, "x".repeat(left - 4)));
    }
    text.push_str("6304");
    let crc = qris_codec::checksum(text.as_bytes());
    text.push_str(&format!("{crc:04X}"));
    text
}

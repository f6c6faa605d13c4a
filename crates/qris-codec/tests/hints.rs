//! Hints for texts that wallets refuse.

use qris_codec::{Hint, Path, Payload, Rules, Tag, checksum, hints};

const STICKER: &str = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007JAKARTA61051011062070703A01630466DC";

fn found(text: &str) -> Vec<Hint> {
    hints(text, Rules::Qris).collect()
}

fn sealed(body: &str) -> String {
    let covered = format!("{body}6304");
    format!("{covered}{:04X}", checksum(covered.as_bytes()))
}

/// A payload with this amount and currency.
fn priced(amount: &str, currency: &str) -> String {
    sealed(&format!(
        "00020101021226180014COM.GO-JEK.WWW520458125303{currency}54{:02}{amount}5802ID5904TOKO6004KOTA",
        amount.len()
    ))
}

#[test]
fn a_good_payload_gives_no_hint() {
    assert_eq!(found(STICKER), []);
    assert_eq!(found(&format!(" {STICKER}\n")), []);
    assert_eq!(found(""), []);
    assert_eq!(found("Budi, 0002"), []);
}

#[test]
fn no_vector_that_is_valid_gives_a_hint_under_its_rules() {
    for line in include_str!("vectors/payloads.tsv").lines().skip(1) {
        let text = line.split('\t').nth(5).expect("a payload");
        let Ok(payload) = Payload::parse(text) else { continue };
        for hint in hints(text, Rules::Emv) {
            assert!(payload.verdict(Rules::Emv).as_str() != "valid", "{hint:?} for {text}");
        }
    }
}

#[test]
fn spaces_as_plus_signs_are_recognised_by_the_checksum() {
    assert_eq!(found(&STICKER.replace(' ', "+")), [Hint::PlusForSpace]);
    // It is not the reason if the checksum is still wrong.
    assert_eq!(found(&STICKER.replace(' ', "+").replace("66DC", "66DD")), []);
}

#[test]
fn percent_encoding_is_recognised_with_plus_signs_and_without() {
    assert_eq!(found(&STICKER.replace(' ', "%20")), [Hint::PercentEncoded]);
    let two = sealed("00020101021126180014COM.GO-JEK.WWW5204581253033605802ID5907TO KO/A6004KOTA");
    let encoded = two.replace(' ', "+").replace('/', "%2F");
    assert_eq!(found(&encoded), [Hint::PercentEncoded]);
    assert_eq!(found(&STICKER.replace(' ', "%2")), [], "cut short");
}

#[test]
fn a_payload_inside_a_link_is_recognised_with_its_offset() {
    let pix = "https://pix.ae/copiaecola/?00020126700014br.gov.bcb.pix0136a11b222c-3d33-4444-55e5-66f6a7b88c9d0208[Pix.ae]5204000053039865802BR5903Pix6003Pix63049281";
    assert_eq!(found(pix), [Hint::Link { offset: 27 }]);
    let link = format!("https://example.id/pay?qr={}&from=app", STICKER.replace(' ', "%20"));
    assert_eq!(found(&link), [Hint::Link { offset: 26 }]);
    assert_eq!(found("https://example.id/pay?qr=0002"), []);
}

#[test]
fn a_consumer_presented_code_is_recognised() {
    assert_eq!(found(" hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=\n"), [Hint::Cpm]);
}

#[test]
fn digits_in_groups_of_three_are_recognised_in_the_amount() {
    for amount in ["1.000", "25.578", "1.000.000", "10,000", "1 000", "1'000", "10.000,00"] {
        let text = priced(amount, "360");
        let offset = text.find(amount).expect("there");
        assert_eq!(found(&text), [Hint::ThousandsSeparator { offset }], "{amount}");
    }
    for amount in ["1000", "1000.00", "25578.0", "1000,00", "1.00", ",000", "1.0000", "1..000"] {
        assert_eq!(found(&priced(amount, "360")), [], "{amount}");
    }
    // 1 dinar of 1,000 fils.
    assert_eq!(found(&priced("1.000", "414")), []);
    // With a wrong checksum, too.
    let text = priced("10,000", "360").replace("TOKO", "TOKA");
    assert!(matches!(found(&text)[..], [Hint::ThousandsSeparator { .. }]));
}

#[test]
fn two_payloads_in_one_text_are_recognised_with_the_offset_of_the_second() {
    for between in ["", "\n", " ", ", "] {
        let text = format!("{STICKER}{between}{STICKER}");
        let offset = STICKER.len() + between.len();
        assert_eq!(found(&text), [Hint::SecondPayload { offset }], "{between:?}");
    }
    assert_eq!(found(&format!("{STICKER}12")), []);
}

#[test]
fn a_field_of_a_csv_line_is_recognised_in_quotes_and_without() {
    for (before, behind) in [("7,", ",paid"), ("7;", ";paid"), ("7\t", "\tpaid"), ("7,\"", "\",x")]
    {
        let text = format!("{before}{STICKER}{behind}");
        assert_eq!(found(&text), [Hint::Csv { offset: before.len() }], "{before}");
    }
    let comma = sealed("00020101021126180014COM.GO-JEK.WWW5204581253033605802ID5905A, B,6004KOTA");
    assert_eq!(found(&format!("7,\"{comma}\"")), [Hint::Csv { offset: 3 }]);
    assert_eq!(found("number,payload,state"), []);
}

#[test]
fn encrypted_account_data_is_recognised() {
    let yape = "0002010102113944aJiWAQsDbdLVy8dUm6PCInnb18aWhKiqSA80KarqBZT=5204561153036045802PE5906FHWLYV6004Lima630486B0";
    let tag = Tag::new(39).expect("below 100");
    let expected = [Hint::Base64Account { tag }];
    assert_eq!(hints(yape, Rules::Emv).collect::<Vec<_>>(), expected);
}

#[test]
fn a_code_of_another_country_is_recognised_under_the_national_rules_only() {
    let fps = "00020101021126400012hk.com.hkicl01030030313+852-912345675204000053033445802HK5912CHAN TAI MAN6002HK63045A35";
    assert_eq!(found(fps), [Hint::Foreign { country: *b"HK" }]);
    assert_eq!(hints(fps, Rules::Emv).count(), 0);
    let hint = Hint::Foreign { country: *b"HK" };
    assert!(hint.to_string().contains("a code of HK"), "{hint}");
    // Two characters that are not letters are never shown.
    let payload = fps.replace("5802HK", "580207");
    let body = &payload[..payload.len() - 8];
    assert_eq!(found(&sealed(body)), []);
    assert_eq!(Payload::parse(fps).expect("a payload").get(Path::new(Tag::COUNTRY)), Some("HK"));
}

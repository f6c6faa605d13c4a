//! Examples of masked copies.

use qris_codec::{ErrorKind, Path, Payload, Rules, anonymize_into, checksum};

const STICKER: &str = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007JAKARTA61051011062070703A01630466DC";

#[track_caller]
fn masked(text: &str) -> String {
    let mut buffer = [0; 600];
    let copy = anonymize_into(text, &mut buffer).expect("a copy");
    assert_eq!(copy.fault(), Payload::parse(text).err());
    copy.as_str().to_owned()
}

/// The value at a path of the masked copy.
#[track_caller]
fn masked_value(text: &str, path: &str) -> String {
    let copy = masked(text);
    let copy = Payload::parse(&copy).expect("a payload");
    let path: Path = path.parse().expect("a path");
    copy.get(path).expect("an object").to_owned()
}

/// The body with its checksum.
fn sealed(body: &str) -> String {
    let covered = format!("{body}6304");
    format!("{covered}{:04X}", checksum(covered.as_bytes()))
}

#[test]
fn an_anonymised_copy_keeps_institution_and_check_digits() {
    // 93600914 is kept; the nineteenth digit is the right Luhn check digit.
    for (path, value) in [
        ("26.00", "COM.GO-JEK.WWW"),
        ("26.01", "9360091400000000001"),
        ("26.02", "X000000000"),
        ("26.03", "UMI"),
        ("51.02", "ID0000000000000"),
        ("52", "5812"),
        ("53", "360"),
        ("58", "ID"),
        ("59", "XXXX XXXXXX"),
        ("60", "XXXXXXX"),
        ("61", "00000"),
        ("62.07", "X00"),
    ] {
        assert_eq!(masked_value(STICKER, path), value, "{path}");
    }
    let copy = masked(STICKER);
    assert_eq!(Payload::parse(&copy).expect("a payload").findings(Rules::Qris).count(), 0);
}

#[test]
fn a_name_and_a_phone_number_in_the_criteria_are_masked() {
    let leak = "00020101021126830014COM.GO-JEK.WWW01189360091436640017570210M6640017570325BUDI SANTOSO 08123456789051440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007JAKARTA61051011063045CCF";
    assert_eq!(masked_value(leak, "26.03"), "XXXX XXXXXXX 000000000000");
    assert_eq!(masked_value(leak, "51.03"), "UMI");
}

#[test]
fn an_account_number_in_an_identifier_is_masked() {
    let khqr = "00020101021129420013sok_dara@aclb01090123456780208Dev Bank5204599953031165802KH5908Sok Dara6010Phnom Penh6304CCF9";
    assert_eq!(masked_value(khqr, "29.00"), "xxx_xxxx@xxxx");
    assert_eq!(masked_value(khqr, "29.01"), "000000000");
    assert_eq!(masked_value(khqr, "60"), "Xxxxx Xxxx");
    assert_eq!(masked_value(khqr, "58"), "KH");
}

#[test]
fn a_foreign_phone_and_account_are_masked_and_the_scheme_stays() {
    let fps = "00020101021126400012hk.com.hkicl01030030313+852-912345675204000053033445802HK5912CHAN TAI MAN6002HK63045A35";
    assert_eq!(masked_value(fps, "26.00"), "hk.com.hkicl");
    assert_eq!(masked_value(fps, "26.03"), "+000-00000000");
    let bangla = "00020101021126540013com.pathaopay01020202040410031991000000000000000085204739953030505802BD5907WEBTOKO600445466304DDA6";
    assert_eq!(masked_value(bangla, "26.03"), "0000000000000000000");
    assert_eq!(masked_value(bangla, "59"), "XXXXXXX");
}

#[test]
fn a_foreign_account_that_looks_like_a_national_one_is_masked_completely() {
    let foreign = sealed(
        "00020101021126380012hk.com.hkicl01189360091436640017575204000053033445802HK5902NA6002HK",
    );
    assert_eq!(masked_value(&foreign, "26.01"), "000000000000000000");
    let national = foreign.replace("5802HK", "5802ID");
    let national = sealed(&national[..national.len() - 8]);
    assert_eq!(masked_value(&national, "26.01"), "936009140000000000");
}

#[test]
fn reserved_objects_and_unreserved_templates_are_masked() {
    let text = sealed(
        "00020101021126180014COM.GO-JEK.WWW5204581253033605802ID5904TOKO6004KOTA\
         65080812345690330013Jl. Mawar 10 0112081234567890",
    );
    assert_eq!(masked_value(&text, "65"), "00000000");
    assert_eq!(masked_value(&text, "90.00"), "Xx. Xxxxx 00 ");
    assert_eq!(masked_value(&text, "90.01"), "000000000000");
}

#[test]
fn a_text_that_is_cut_short_is_masked_as_far_as_it_can_be_read() {
    let cut = &STICKER[..STICKER.find(" CONTOH").expect("a name")];
    let mut buffer = [0; 600];
    let copy = anonymize_into(cut, &mut buffer).expect("a copy");
    let name = cut.find("5911").expect("a header");
    assert_eq!(copy.unread(), Some(name));
    assert_eq!(&copy.as_str()[name..], "5911XXXX");
    // The copy has the same error at the same byte.
    assert_eq!(Payload::parse(copy.as_str()).err(), copy.fault());
    assert_eq!(copy.fault(), Payload::parse(cut).err());
    assert!(copy.as_str().contains("01199360091400000000001"), "{:?}", copy.as_str());
}

#[test]
fn an_unreadable_text_keeps_no_digit_and_no_letter() {
    assert_eq!(masked("Budi, 0812-3456"), "Xxxx, 0000-0000");
    assert_eq!(masked("B\u{1b}[2J\u{202e}"), "XX[0X\u{5e97}", "no control characters are left");
    // They can be read as a tag and a length, but may be something else.
    assert_eq!(masked("081234567890"), "XXXXXXXXXXXX");
    let mut buffer = [0; 64];
    let copy = anonymize_into("081234567890", &mut buffer).expect("a copy");
    assert_eq!(copy.unread(), Some(0));
}

#[test]
fn a_duplicate_object_before_a_fault_is_masked_as_unreadable() {
    let wrong = "0002010102125902TO0108520812345";
    let mut buffer = [0; 64];
    let copy = anonymize_into(wrong, &mut buffer).expect("a copy");
    assert_eq!(copy.unread(), Some(18));
    assert_eq!(copy.as_str(), "0002010102125902XXXXXXXXXXXXXXX");
}

#[test]
fn a_wrong_checksum_is_wrong_by_the_same_difference_in_the_copy() {
    let wrong = STICKER.replace("66DC", "66DD");
    let copy = masked(&wrong);
    let Some(ErrorKind::ChecksumMismatch { found, expected }) =
        Payload::parse(&copy).err().map(|error| error.kind())
    else {
        panic!("the copy has to be refused as well");
    };
    assert_eq!(found ^ expected, 0x66DC ^ 0x66DD);
    let mut buffer = [0; 600];
    assert_eq!(anonymize_into(&wrong, &mut buffer).expect("a copy").unread(), None);
}

#[test]
fn an_empty_text_and_a_small_buffer_are_refused() {
    let kind = |text: &str, room: usize| {
        anonymize_into(text, &mut vec![0; room]).expect_err("refused").kind()
    };
    assert_eq!(kind(" ", 9), ErrorKind::Empty);
    assert_eq!(kind("0002", 3), ErrorKind::BufferTooSmall { needed: 4, found: 3 });
}

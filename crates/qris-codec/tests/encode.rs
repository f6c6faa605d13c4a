//! Examples of writing and changing payloads.

use qris_codec::encode::{Builder, NewAccount, NewAdditional};
use qris_codec::rules::limits;
use qris_codec::{
    Amount, Entry, ErrorKind, Initiation, Path, Payload, Rules, Tag, Tip, Verdict, mpm::Language,
};

const STICKER: &str = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007JAKARTA61051011062070703A01630466DC";

fn accounts() -> [NewAccount<'static>; 2] {
    [
        NewAccount {
            tag: Tag::FIRST_ACCOUNT,
            guid: Some("COM.GO-JEK.WWW"),
            pan: Some("9360091436640017575"),
            merchant_id: Some("M664001757"),
            criteria: Some("UMI"),
        },
        NewAccount {
            tag: Tag::NATIONAL_ACCOUNT,
            guid: Some("ID.CO.QRIS.WWW"),
            pan: None,
            merchant_id: Some("ID1020038431489"),
            criteria: Some("UMI"),
        },
    ]
}

fn terminal() -> NewAdditional<'static> {
    NewAdditional { terminal_label: Some(Entry::Text("A01")), ..NewAdditional::default() }
}

#[track_caller]
fn encoded(builder: &Builder<'_>) -> String {
    let mut buffer = [0; 600];
    builder.encode_into(&mut buffer).expect("it is written").to_owned()
}

#[track_caller]
fn refused(builder: &Builder<'_>) -> (ErrorKind, usize) {
    let mut buffer = [0xAA; 600];
    let error = builder.encode_into(&mut buffer).expect_err("it is refused");
    (error.kind(), error.offset())
}

#[track_caller]
fn amended(amendment: &qris_codec::encode::Amendment<'_>) -> String {
    let mut buffer = [0; 600];
    amendment.encode_into(&mut buffer).expect("it is amended").to_owned()
}

fn path(text: &str) -> Path {
    text.parse().expect("a path")
}

#[test]
fn a_static_code_is_written_byte_for_byte_like_the_acquirers() {
    let accounts = accounts();
    let builder = Builder::new("TOKO CONTOH", "JAKARTA", "5812")
        .postal_code("10110")
        .accounts(&accounts)
        .additional(terminal())
        .initiation(Initiation::Static);
    assert_eq!(encoded(&builder), STICKER);
    assert_eq!(builder.encoded_len(), STICKER.len());
}

#[test]
fn every_optional_part_is_written_and_valid() {
    let accounts = accounts();
    let templates = [
        (path("62.50.00"), "COM.EXAMPLE"),
        (path("62.50.01"), "1"),
        (path("62.99.00"), "00"),
        (path("62.99.01"), "REF"),
        (path("80.00"), "com.example.me"),
        (path("81.00"), "com.example.you"),
    ];
    let builder = Builder::new("TOKO CONTOH", "JAKARTA", "5812")
        .postal_code("10110")
        .accounts(&accounts)
        .additional(terminal())
        .initiation(Initiation::Dynamic)
        .amount(Amount::rupiah(25_000))
        .tip(Tip::Percent("2.5".parse().expect("a number")))
        .language(Language {
            code: "ZH", merchant_name: "最佳运输", merchant_city: Some("北京")
        })
        .templates(&templates);
    let text = encoded(&builder);
    let payload = Payload::parse(&text).expect("a payload");
    assert_eq!(payload.verdict(Rules::Qris), Verdict::Valid, "{text}");
    assert_eq!(payload.get(path("57")), Some("02.50"));
    for (path, value) in templates {
        assert_eq!(payload.get(path), Some(value), "{path}");
    }
}

#[test]
fn a_value_without_a_place_in_the_payload_is_refused_and_not_left_out() {
    let accounts = accounts();
    let shop = Builder::new("TOKO", "JAKARTA", "5812")
        .postal_code("10110")
        .accounts(&accounts)
        .initiation(Initiation::Static);
    for at in ["59", "01", "26.01", "63.01", "64.05", "79.01", "62.05", "62.50", "62.05.00", "80"] {
        let templates = [(path(at), "X")];
        let tag = path(at).root();
        assert_eq!(refused(&shop.templates(&templates)).0, ErrorKind::NotAmendable { tag }, "{at}");
    }
    let deep = [(path("80.00"), "com.example.me"), (path("80.01.02"), "X")];
    let tag = path("80").root();
    assert_eq!(refused(&shop.templates(&deep)).0, ErrorKind::NotAmendable { tag });

    let number = NewAccount {
        tag: path("02").root(),
        guid: None,
        pan: Some("4111111111111111"),
        merchant_id: None,
        criteria: None,
    };
    let with = |account| [account, accounts[0], accounts[1]];
    assert!(encoded(&shop.accounts(&with(number))).contains("02164111111111111111"));
    for account in [
        NewAccount { guid: Some("COM.EXAMPLE"), ..number },
        NewAccount { merchant_id: Some("M1"), ..number },
        NewAccount { criteria: Some("UMI"), ..number },
        NewAccount { tag: path("52").root(), ..number },
        NewAccount { tag: path("01").root(), ..number },
    ] {
        let kind = ErrorKind::NotAmendable { tag: account.tag };
        assert_eq!(refused(&shop.accounts(&with(account))).0, kind);
    }
}

#[test]
fn a_payload_with_a_finding_is_refused_with_its_kind_and_offset() {
    let accounts = accounts();
    let shop = |name: &'static str| {
        Builder::new(name, "JAKARTA", "5812").postal_code("10110").accounts(&accounts)
    };
    let fixed = shop("TOKO").initiation(Initiation::Static);
    let live = shop("TOKO").initiation(Initiation::Dynamic);
    let amount = Amount::rupiah(1);
    assert_eq!(refused(&live).0, ErrorKind::DynamicWithoutAmount);
    assert_eq!(refused(&live.amount(Amount::rupiah(0))).0, ErrorKind::AmountZero);
    let most = limits::MAX_TRANSACTION_RUPIAH;
    let above = most + 1;
    assert_eq!(
        refused(&live.amount(Amount::rupiah(above))).0.to_string(),
        format!("expected at most {most} rupiah, found {above}")
    );
    assert_eq!(refused(&fixed.amount(amount)).0, ErrorKind::StaticWithAmount);
    assert_eq!(
        refused(&fixed.postal_code("1011")).0.to_string(),
        "expected a postal code of 5 digits in country ID, found 4 characters"
    );
    assert_eq!(
        refused(&fixed.currency("840")).0.to_string(),
        "expected currency 360, found \"840\""
    );
    assert_eq!(refused(&fixed.accounts(&[])).0, ErrorKind::AccountMissing);
    let bar = shop("TOKO|X").initiation(Initiation::Static);
    // The name begins at byte 151.
    assert_eq!(refused(&bar), (ErrorKind::ReservedCharacter, 155));
    let long = shop("TOKO CONTOH YANG SANGAT PJ").initiation(Initiation::Static);
    assert_eq!(refused(&long), (ErrorKind::MerchantNameLong { found: 26 }, 151));
}

#[test]
fn a_value_that_is_too_long_for_an_object_is_refused() {
    let accounts = accounts();
    let long = "X".repeat(100);
    let builder = Builder::new(&long, "JAKARTA", "5812").postal_code("10110").accounts(&accounts);
    let (kind, _) = refused(&builder);
    assert_eq!(kind, ErrorKind::ValueTooLong { tag: Tag::MERCHANT_NAME, found: 100 });
}

#[test]
fn a_value_that_is_too_long_inside_a_template_is_refused_with_its_whole_path() {
    let payload = Payload::parse(STICKER).unwrap();
    let long = "X".repeat(100);
    for path in [Path::REFERENCE_LABEL, "62.50.01".parse().unwrap()] {
        let amendment = payload.to_dynamic(Amount::rupiah(1)).set(path, &long);
        let refused = amendment.encode_into(&mut [0; 1000]).unwrap_err();
        assert_eq!((refused.code(), refused.path()), ("value-too-long", Some(path)));
    }
}

#[test]
fn two_accounts_under_one_tag_are_refused() {
    let [first, _] = accounts();
    let twice = [first, first];
    let builder = Builder::new("TOKO", "JAKARTA", "5812").postal_code("10110").accounts(&twice);
    assert_eq!(refused(&builder).0, ErrorKind::Duplicate { tag: Tag::FIRST_ACCOUNT });
}

#[test]
fn combining_marks_are_refused_where_precomposed_characters_are_required() {
    let accounts = accounts();
    let language = Language { code: "VI", merchant_name: "Cafe\u{301}", merchant_city: None };
    let builder = Builder::new("TOKO", "JAKARTA", "5812")
        .postal_code("10110")
        .accounts(&accounts)
        .language(language);
    assert_eq!(refused(&builder).0, ErrorKind::NotPrecomposed);
}

#[test]
fn the_error_for_a_small_buffer_has_the_needed_length() {
    let payload = Payload::parse(STICKER).expect("a payload");
    let amendment = payload.to_dynamic(Amount::rupiah(25_000));
    let needed = amendment.encoded_len();
    let mut buffer = vec![0; needed - 1];
    let error = amendment.encode_into(&mut buffer).expect_err("too small");
    let needed = needed as u16;
    assert_eq!(error.kind(), ErrorKind::BufferTooSmall { needed, found: needed - 1 });
    let error = payload.anonymize_into(&mut []).expect_err("too small");
    let needed = STICKER.len() as u16;
    assert_eq!(error.kind(), ErrorKind::BufferTooSmall { needed, found: 0 });
}

#[test]
fn a_static_code_becomes_dynamic_with_the_new_objects_in_order() {
    let payload = Payload::parse(STICKER).expect("a payload");
    let text = amended(
        &payload
            .to_dynamic(Amount::rupiah(25_000))
            .tip(Some(Tip::Fixed(Amount::rupiah(500))))
            .bill_number("B-7")
            .reference_label("INV-1"),
    );
    let body = "00020101021226620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI520458125303360540525000550202560350058\
                02ID5911TOKO CONTOH6007JAKARTA61051011062230103B-70505INV-10703A016304";
    assert_eq!(&text[..text.len() - 4], body);
    assert_eq!(Verdict::from_text(&text, Rules::Qris), Verdict::Valid);
}

#[test]
fn a_payload_without_62_gets_one_and_loses_it_again() {
    let bare = amended(&Payload::parse(STICKER).expect("a payload").amend().remove(path("62.07")));
    let payload = Payload::parse(&bare).expect("a payload");
    assert_eq!(payload.get(path("62")), None);
    let referred = amended(&payload.amend().set(path("62.05"), "R"));
    let payload = Payload::parse(&referred).expect("a payload");
    assert_eq!(payload.get(path("62")), Some("0501R"));
    assert_eq!(amended(&payload.amend().remove(path("62.05"))), bare);
}

#[test]
fn an_object_is_set_in_its_place_in_any_order() {
    // 62, 53, 54, 60, 52, 59, 58, 61: the order of one acquirer.
    let odd = "00020101021226640017ID.CO.DANAMON.WWW0118936000110000245777021010448706130303UKE51440014ID.CO.QRIS.WWW0215ID20243090024650303UKE625605023306023307112919416152508023399190002000109402880213530336054062000006009TANGERANG520489995908SINGAPAY5802ID61051533163049F15";
    let payload = Payload::parse(odd).expect("a payload");
    let text = amended(&payload.amend().set(path("54"), "300000"));
    assert_eq!(text[..text.len() - 4], odd[..odd.len() - 4].replace("200000", "300000"));
}

#[test]
fn an_object_three_levels_down_can_be_set() {
    let payload = Payload::parse(STICKER).expect("a payload");
    let text = amended(&payload.amend().set(path("62.99.00"), "00").set(path("62.99.01"), "DATA"));
    let payload = Payload::parse(&text).expect("a payload");
    assert_eq!(payload.get(path("62")), Some("0703A0199140002000104DATA"));
}

#[test]
fn an_object_that_cannot_be_amended_is_refused() {
    let payload = Payload::parse(STICKER).expect("a payload");
    let kind = |amendment: qris_codec::encode::Amendment<'_>| {
        amendment.encode_into(&mut [0; 600]).expect_err("refused").kind()
    };
    for (at, tag) in [("00", Tag::FORMAT), ("63", Tag::CHECKSUM), ("59.01", Tag::MERCHANT_NAME)] {
        let refused = kind(payload.amend().set(path(at), "1"));
        assert_eq!(refused, ErrorKind::NotAmendable { tag }, "{at}");
    }
    assert_eq!(kind(payload.amend().set(path("54"), "0")), ErrorKind::AmountZero);
    assert_eq!(kind(payload.amend().remove(path("59"))), ErrorKind::MerchantNameMissing);
    assert_eq!(
        kind(payload.amend().set(path("59"), "KEDAI É")).to_string(),
        "expected printable ASCII, found a character outside ASCII"
    );
}

#[test]
fn an_existing_warning_does_not_refuse_a_change() {
    let no_postal_code = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007JAKARTA62070703A01630440DE";
    let payload = Payload::parse(no_postal_code).expect("a payload");
    let text = amended(&payload.to_dynamic(Amount::rupiah(5_000)));
    assert_eq!(Verdict::from_text(&text, Rules::Qris), Verdict::Warn);
}

#[test]
fn a_new_warning_about_several_objects_refuses_a_change() {
    let payload = Payload::parse(STICKER).expect("a payload");
    let refused = payload.amend().set(path("54"), "1").encode_into(&mut [0; 600]).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::StaticWithAmount);
}

#[test]
fn an_existing_error_refuses_a_change() {
    let covered = &STICKER.replace("5303360", "530236")[..STICKER.len() - 5];
    let text = format!("{covered}{:04X}", qris_codec::checksum(covered.as_bytes()));
    let payload = Payload::parse(&text).expect("a payload");
    let refused = payload.amend().set(path("61"), "10120").encode_into(&mut [0; 600]).unwrap_err();
    assert_eq!(refused.code(), "currency-shape");
}

#[test]
fn the_same_warning_about_another_object_is_new() {
    // Dynamic, with a fee of 0500: its leading zero is a warning.
    let text = STICKER.replace("010211", "010212").replace("5802ID", "550202560405005802ID");
    let covered = &text[..text.len() - 4];
    let text = format!("{covered}{:04X}", qris_codec::checksum(covered.as_bytes()));
    let payload = Payload::parse(&text).expect("a payload");
    let mut buffer = [0; 600];
    assert!(payload.amend().set(path("54"), "100").encode_into(&mut buffer).is_ok());
    let refused = payload.amend().set(path("54"), "0100").encode_into(&mut buffer).unwrap_err();
    assert_eq!((refused.code(), refused.path()), ("amount-leading-zero", Some(path("54"))));
}

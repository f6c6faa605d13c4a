//! The properties of `laws/mod.rs`, tested with many kinds of text.

mod laws;

use proptest::prelude::*;
use qris_codec::{Path, Payload, Tag};

/// The payloads of the vectors that the parser accepts, without text around them.
fn accepted() -> Vec<String> {
    laws::table::vectors()
        .iter()
        .filter_map(|vector| Some(Payload::parse(&vector.payload).ok()?.as_str().to_owned()))
        .collect()
}

fn a_payload() -> impl Strategy<Value = String> {
    prop::sample::select(accepted())
}

/// An object with a right, a slightly wrong, or any length.
fn an_object() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        "[ -~]{0,12}",
        "[0-9]{0,20}",
        "\\PC{0,8}",
        Just("0002ab0102cd".to_owned()),
        Just("0016ID.CO.QRIS.WWW0215ID1020038431489".to_owned()),
        Just("6304ABCD".to_owned()),
    ];
    (0_u8..100, value, prop_oneof![9 => Just(0_i8), 1 => -2_i8..3]).prop_map(|(tag, value, off)| {
        let length = (value.chars().count() as i8).saturating_add(off).max(0);
        format!("{tag:02}{length:02}{value}")
    })
}

/// Objects with a right checksum; most are not payloads for other reasons.
fn objects() -> impl Strategy<Value = String> {
    prop::collection::vec(an_object(), 0..20)
        .prop_map(|objects| laws::sealed(&format!("000201{}", objects.concat())))
}

fn a_path() -> impl Strategy<Value = Path> {
    let tag = || (0_u8..100).prop_filter_map("below 100", Tag::new);
    prop_oneof![
        tag().prop_map(Path::new),
        prop::sample::select(vec![26_u8, 51, 62, 64, 80])
            .prop_flat_map(move |root| tag().prop_map(move |sub| (root, sub)))
            .prop_filter_map("below 100", |(root, sub)| Some(Path::sub(Tag::new(root)?, sub))),
        tag().prop_filter_map("below 100", |sub| {
            Some(Path::sub(Tag::ADDITIONAL_DATA, Tag::new(99)?).join(sub))
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        laws::any_bytes_are_judged(&bytes);
    }

    #[test]
    fn any_text_is_judged(text in "\\PC{0,200}") {
        laws::any_text_is_judged(&text);
        laws::any_text_is_judged(&laws::sealed(&text));
        laws::anonymising_keeps_the_verdict_and_no_name(&text);
    }

    #[test]
    fn any_objects_are_judged(text in objects()) {
        laws::any_text_is_judged(&text);
        laws::the_reader_agrees_with_the_naive_one(&text);
        laws::anonymising_keeps_the_verdict_and_no_name(&text);
    }

    #[test]
    fn the_reader_agrees_with_the_naive_one(text in "[0-2é]{0,60}") {
        laws::the_reader_agrees_with_the_naive_one(&text);
    }

    // The checksum always detects one changed byte. A longer character in its place has
    // the same checksum one time in 65,536.
    #[test]
    fn a_changed_character_is_refused(payload in a_payload(), at in 0_usize..260, to in "[\0-\x7f]") {
        let to = to.chars().next().expect("one");
        laws::a_changed_character_is_refused(&payload, at % payload.chars().count(), to);
    }

    #[test]
    fn a_changed_digit_is_refused(payload in a_payload(), at in 0_usize..260, to in "[0-9A-F]") {
        let to = to.chars().next().expect("one");
        laws::a_changed_character_is_refused(&payload, at % payload.chars().count(), to);
    }

    #[test]
    fn what_is_written_reads_back(
        fields in prop::collection::vec(
            prop_oneof![
                6 => Just(String::new()),
                2 => "[0-9]{1,19}",
                2 => "[A-Za-z0-9 .]{1,26}",
                1 => "\\PC{1,6}",
                1 => Just("***".to_owned()),
            ],
            15,
        ),
        number in prop_oneof![1_u64..20_000_000, any::<u64>()],
    ) {
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        laws::what_is_written_reads_back(&fields, number);
    }

    #[test]
    fn amending_leaves_the_rest_alone(
        payload in a_payload(),
        path in a_path(),
        value in prop::option::of(prop_oneof!["[0-9]{1,6}", "[ -~]{1,25}", "\\PC{1,9}"]),
    ) {
        laws::amending_leaves_the_rest_alone(&payload, path, value.as_deref());
    }

    #[test]
    fn there_and_back_is_the_same(
        payload in a_payload(),
        rupiah in 1_u64..10_000_000,
        reference in "[A-Z0-9-]{1,25}",
    ) {
        laws::there_and_back_is_the_same(&payload, rupiah, &reference);
    }
}

#[test]
fn every_vector_keeps_its_verdict_when_anonymised() {
    for payload in &accepted() {
        laws::anonymising_keeps_the_verdict_and_no_name(payload);
    }
}

/// Found by fuzzing: lengths are valid only in bytes, but after masking the names in characters
/// too.
#[test]
fn a_copy_that_would_be_read_differently_is_refused() {
    let text = laws::sealed(
        "00020101021126690017COM.TELKOMSEL.WWW01189360091101021162620014COM.GO-JEK.WWW011993600912\
         15ID10200384314890303UMI5204581253003635802ID5915KEDA00020101021129370016A0400006770101110\
         10300668012345675802Iq\0\0\0\0\0\0\0 CAF\u{c9} S\u{dc}SU6007JAKARTA61051039202070703A014027562070703A01",
    );
    let payload = Payload::parse(&text).expect("it comes out in bytes");
    let mut buffer = vec![0; text.len()];
    let error = payload.anonymize_into(&mut buffer).expect_err("refused");
    assert_eq!(error.kind().code(), "not-anonymizable");
    laws::anonymising_keeps_the_verdict_and_no_name(&text);
}

/// Found by fuzzing: another case of the same.
#[test]
fn a_copy_whose_objects_would_move_is_refused() {
    let text = laws::sealed("00020101021026400015ID.CO.SHOPEE.WWG01020102101\u{5e97}893010210264");
    laws::anonymising_keeps_the_verdict_and_no_name(&text);
}

/// Found by fuzzing: lengths in bytes that are valid in characters too in the dynamic copy.
#[test]
fn an_amendment_that_would_be_read_differently_is_refused() {
    let text = laws::sealed(
        "0002010122\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r0301004082038?119520400005303702160105802SG59006030United \
         States of Am\0\0\0\0\0c\u{386}\ne)62042100",
    );
    let payload = Payload::parse(&text).expect("it comes out in bytes");
    let mut buffer = [0; 512];
    let amendment = payload.to_dynamic(qris_codec::Amount::rupiah(3)).reference_label("210");
    let error = amendment.encode_into(&mut buffer).expect_err("refused");
    assert_eq!(error.kind().code(), "length-unit-ambiguous");
    laws::there_and_back_is_the_same(&text, 3, "210");
}

/// One checksum in seven has no letter that shows lower case: the copy must have one.
#[test]
fn a_checksum_in_lower_case_stays_in_lower_case() {
    for payload in &accepted() {
        let (body, crc) = payload.split_at(payload.len() - 4);
        laws::anonymising_keeps_the_verdict_and_no_name(&format!("{body}{}", crc.to_lowercase()));
    }
}

#[test]
fn every_vector_cut_at_every_byte_is_judged() {
    for payload in &accepted() {
        for end in 0..=payload.len() {
            laws::any_bytes_are_judged(&payload.as_bytes()[..end]);
        }
    }
}

#[test]
fn every_vector_cut_or_changed_in_one_byte_is_anonymised() {
    for payload in
        include_str!("vectors/payloads.tsv").lines().filter_map(|it| it.split('\t').nth(5))
    {
        laws::anonymising_keeps_the_verdict_and_no_name(payload);
        for at in (0..payload.len()).filter(|at| payload.is_char_boundary(*at)).step_by(3) {
            let (front, rest) = payload.split_at(at);
            laws::anonymising_keeps_the_verdict_and_no_name(front);
            let rest = rest.get(1..).unwrap_or_default();
            laws::anonymising_keeps_the_verdict_and_no_name(&format!("{front}9{rest}"));
        }
    }
}

#[test]
fn every_changed_digit_of_every_vector_is_refused() {
    for payload in &accepted() {
        for at in 0..payload.chars().count() {
            laws::a_changed_character_is_refused(payload, at, '7');
        }
    }
}

/// The slowest inputs for the parser, 64 KiB each.
#[test]
fn the_worst_shapes_of_64_kib_are_judged() {
    let most = Payload::MAX_LEN;
    let fill = |piece: &str| piece.repeat(most / piece.len());
    for text in [
        fill("0"),
        fill("9"),
        fill("0000"),
        fill("0001A"),
        fill("é"),
        fill("0001é"),
        fill("\u{feff}"),
        fill(" "),
        fill("\0"),
        fill("\u{202e}"),
        fill("6304"),
        fill("2699"),
        fill("9999"),
        laws::sealed(&fill("0000")[..most - 8]),
        "0".repeat(most + 1),
    ] {
        laws::any_text_is_judged(&text);
        laws::the_reader_agrees_with_the_naive_one(&text);
    }
}

/// The largest payload: every tag once, each template full of the smallest objects.
#[test]
fn the_largest_possible_payload_is_judged() {
    let full: String = (0..24).map(|tag| format!("{tag:02}00")).collect();
    let body: String = (1..100)
        .filter(|&tag| tag != 63)
        .map(|tag| format!("{tag:02}{:02}{full}", full.len()))
        .collect();
    let text = laws::sealed(&format!("000201{body}"));
    assert!(Payload::parse(&text).is_ok());
    laws::any_text_is_judged(&text);
    laws::anonymising_keeps_the_verdict_and_no_name(&text);
}

/// A 62 that is not a template: the fast path gets further than the exact one, which must clean up.
#[test]
fn a_refused_change_leaves_nothing_in_the_buffer() {
    let sticker = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
                   51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID\
                   5911TOKO CONTOH6007JAKARTA61006207y703A01";
    laws::changes_bring_nothing_wrong(&laws::sealed(sticker), b"\x01\x11\0\x002");
}

proptest! {
    // Many cases, because only one in five is a payload.
    #![proptest_config(ProptestConfig { cases: 8_192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nearly_right_values_are_written_right(choices in prop::collection::vec(any::<u8>(), 90)) {
        laws::nearly_right_values_are_written_right(&choices);
    }
    #[test]
    fn changes_bring_nothing_wrong(
        payload in a_payload(),
        choices in prop::collection::vec(any::<u8>(), 30),
    ) {
        laws::changes_bring_nothing_wrong(&payload, &choices);
    }
}

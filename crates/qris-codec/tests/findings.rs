//! Every finding there is: what brings it about, at which object and byte, and how it reads.

use std::collections::BTreeSet;

use qris_codec::{ErrorKind, Finding, Payload, Rules, checksum};

/// The objects of a sound static code.
const SOUND: &[(&str, &str)] = &[
    ("00", "01"),
    ("01", "11"),
    ("26", "0014COM.GO-JEK.WWW01189360091436640017570210M6640017570303UMI"),
    ("51", "0014ID.CO.QRIS.WWW0215ID10200384314890303UMI"),
    ("52", "5812"),
    ("53", "360"),
    ("58", "ID"),
    ("59", "TOKO CONTOH"),
    ("60", "JAKARTA"),
    ("61", "10110"),
    ("62", "0703A01"),
];

fn sealed(body: &str) -> String {
    let covered = format!("{body}6304");
    format!("{covered}{:04X}", checksum(covered.as_bytes()))
}

fn written(objects: &[(&str, String)]) -> String {
    let body: String = objects
        .iter()
        .map(|(tag, value)| format!("{tag}{:02}{value}", value.chars().count()))
        .collect();
    sealed(&body)
}

/// The sound code with some objects set; a value of `-` takes the object away.
fn with(changes: &[(&str, &str)]) -> String {
    let mut objects: Vec<(&str, String)> =
        SOUND.iter().map(|&(tag, value)| (tag, value.to_owned())).collect();
    for &(tag, value) in changes {
        objects.retain(|(there, _)| *there != tag);
        if value != "-" {
            let at = objects.iter().position(|(there, _)| *there > tag).unwrap_or(objects.len());
            objects.insert(at, (tag, value.to_owned()));
        }
    }
    written(&objects)
}

fn dynamic(changes: &[(&str, &str)]) -> String {
    let mut all = vec![("01", "12"), ("54", "1000")];
    all.extend(changes);
    with(&all)
}

/// All findings of a text, the parser's refusal included.
fn findings(text: &str) -> Vec<Finding> {
    match Payload::parse(text) {
        Ok(payload) => payload.findings(Rules::Qris).collect(),
        Err(error) => vec![Finding::from(error)],
    }
}

/// `code path value-at-span`, as short as a line can be.
fn shown(text: &str, finding: &Finding) -> String {
    let path = finding.path().map_or("-".to_owned(), |path| path.to_string());
    format!("{} {path} {:?}", finding.code(), text.get(finding.span()).unwrap_or("outside"))
}

/// Texts, and what is found in each: the whole list, in order.
fn cases() -> Vec<(String, Vec<&'static str>)> {
    let account = |inside: &str| with(&[("26", inside)]);
    let repository = |inside: &str| with(&[("51", inside)]);
    let additional = |inside: &str| with(&[("62", inside)]);
    let transfer = |changes: &[(&str, &str)]| {
        let mut all = vec![
            ("01", "12"),
            ("54", "1000"),
            ("26", "-"),
            ("51", "-"),
            ("40", "0013ID.CO.BCA.WWW011893600014151703139202105170313927"),
            ("52", "4829"),
            ("62", "0804CWDL99180002000108ABCDEFGH"),
        ];
        all.extend(changes);
        with(&all)
    };
    let long = "X".repeat(99);
    vec![
        (with(&[]), vec![]),
        // The parser's refusals.
        (String::new(), vec!["text-empty - \"\""]),
        ("0".repeat(65_536), vec!["text-too-long - \"\""]),
        ("000201012".into(), vec!["object-header-short - \"\""]),
        ("0002010A02".into(), vec!["object-header-not-digits - \"\""]),
        ("000201010211590".into(), vec!["object-header-short - \"\""]),
        ("0002010102".into(), vec!["object-truncated 01 \"\""]),
        ("000201590321é".into(), vec!["checksum-missing 63 \"\""]),
        ("0002015903WÜ".into(), vec!["object-truncated 59 \"\""]),
        ("0102116304ABCD".into(), vec!["format-not-first 00 \"0102\""]),
        (format!("{}0101A", with(&[])), vec!["checksum-not-last 01 \"0101\""]),
        ("0002016303ABC".into(), vec!["checksum-length 63 \"\""]),
        ("0002016304é000".into(), vec!["checksum-length 63 \"\""]),
        ("0002016304ABCG".into(), vec!["checksum-not-hexadecimal 63 \"ABCG\""]),
        ("0002016304ABCD".into(), vec!["checksum-mismatch 63 \"ABCD\""]),
        (sealed("0002015901A5901B"), vec!["object-duplicate 59 \"5901\""]),
        // Errors.
        (with(&[("00", "02")]), vec!["format-unknown 00 \"02\""]),
        (with(&[("01", "13")]), vec!["initiation-unknown 01 \"13\""]),
        (
            with(&[("26", "-"), ("51", "-")]),
            vec!["account-missing - \"\"", "national-account-missing 51 \"\""],
        ),
        (with(&[("26", "ABCDE")]), vec!["account-not-tlv 26 \"ABCDE\""]),
        (with(&[("52", "-")]), vec!["category-code-missing 52 \"\""]),
        (with(&[("52", "581")]), vec!["category-code-shape 52 \"581\""]),
        (with(&[("53", "-")]), vec!["currency-missing 53 \"\""]),
        (
            with(&[("53", "36A")]),
            vec!["currency-shape 53 \"36A\"", "currency-not-rupiah 53 \"36A\""],
        ),
        (with(&[("53", "840")]), vec!["currency-not-rupiah 53 \"840\""]),
        (dynamic(&[("54", "1,000")]), vec!["amount-syntax 54 \"1,000\""]),
        (dynamic(&[("54", "0.00")]), vec!["amount-zero 54 \"0.00\""]),
        (
            dynamic(&[("54", "00000000000001")]),
            vec![
                "amount-too-long 54 \"00000000000001\"",
                "amount-leading-zero 54 \"00000000000001\"",
            ],
        ),
        (with(&[("55", "04")]), vec!["tip-unknown 55 \"04\""]),
        (with(&[("55", "02")]), vec!["fee-fixed-missing 56 \"\""]),
        (with(&[("55", "02"), ("56", "0")]), vec!["amount-zero 56 \"0\""]),
        (with(&[("55", "03")]), vec!["fee-percent-missing 57 \"\""]),
        (with(&[("55", "03"), ("57", "00.00")]), vec!["fee-percent-range 57 \"00.00\""]),
        (with(&[("55", "03"), ("57", "0.001")]), vec!["fee-percent-range 57 \"0.001\""]),
        (with(&[("55", "03"), ("57", "99.99")]), vec![]),
        (with(&[("58", "-")]), vec!["country-missing 58 \"\""]),
        (with(&[("58", "id")]), vec!["country-shape 58 \"id\""]),
        (with(&[("59", "-")]), vec!["merchant-name-missing 59 \"\""]),
        (with(&[("60", "-")]), vec!["merchant-city-missing 60 \"\""]),
        (
            with(&[("64", "0201A")]),
            vec!["language-code-missing 64.00 \"\"", "language-name-missing 64.01 \"\""],
        ),
        (
            account("0014COM.GO-JEK.WWW011893600914366400175A0210M6640017570303UMI"),
            vec!["mpan-not-digits 26.01 \"93600914366400175A\""],
        ),
        (
            account("0014COM.GO-JEK.WWW0120936009143664001757000210M6640017570303UMI"),
            vec!["mpan-too-long 26.01 \"93600914366400175700\""],
        ),
        (transfer(&[]), vec![]),
        (
            transfer(&[("01", "11"), ("54", "-")]),
            vec!["national-account-missing 51 \"\"", "transfer-not-dynamic 01 \"11\""],
        ),
        (transfer(&[("52", "5812")]), vec!["transfer-category 52 \"5812\""]),
        (transfer(&[("62", "0804PYMT")]), vec!["transfer-purpose-unknown 62.08 \"PYMT\""]),
        (transfer(&[("62", "-")]), vec!["transfer-purpose-unknown 62.08 \"\""]),
        // Warnings.
        (format!("\u{feff}{}", with(&[])), vec!["byte-order-mark - \"\\u{feff}\""]),
        (format!("{}\r\n", with(&[])), vec!["surrounding-space - \"\\r\\n\""]),
        (with(&[]).to_lowercase().replace("toko", "TOKO"), vec!["checksum-mismatch 63"]),
        (with(&[("61", "")]), vec!["object-empty 61 \"6100\"", "postal-code-shape 61 \"\""]),
        (with(&[("80", "ABC")]), vec!["template-not-tlv 80 \"ABC\""]),
        // A template with nothing in it lacks what must be in it.
        (
            with(&[("64", "")]),
            vec![
                "object-empty 64 \"6400\"",
                "language-code-missing 64.00 \"\"",
                "language-name-missing 64.01 \"\"",
            ],
        ),
        (with(&[("62", "")]), vec!["object-empty 62 \"6200\""]),
        (with(&[("80", "")]), vec!["object-empty 80 \"8000\"", "guid-missing 80.00 \"\""]),
        (
            account(""),
            vec![
                "object-empty 26 \"2600\"",
                "guid-missing 26.00 \"\"",
                "mpan-missing 26.01 \"\"",
                "criteria-missing 26.03 \"\"",
            ],
        ),
        (with(&[("64", "0002é!0101A")]), vec!["text-not-ans 64.00 \"é\""]),
        (additional("1103A-é"), vec!["text-not-ans 62.11 \"é\""]),
        (additional("ABC"), vec!["template-not-tlv 62 \"ABC\""]),
        (dynamic(&[("54", "1000.5")]), vec!["amount-decimals 54 \"1000.5\""]),
        (dynamic(&[("54", "01000")]), vec!["amount-leading-zero 54 \"01000\""]),
        (with(&[("56", "500")]), vec!["fee-fixed-unexpected 56 \"5603\""]),
        (with(&[("57", "02.50")]), vec!["fee-percent-unexpected 57 \"5705\""]),
        (with(&[("55", "03"), ("57", "2.5")]), vec!["fee-percent-shape 57 \"2.5\""]),
        (
            with(&[("59", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")]),
            vec!["merchant-name-long 59 \"ABCDEFGHIJKLMNOPQRSTUVWXYZ\""],
        ),
        (with(&[("60", "ABCDEFGHIJKLMNOP")]), vec!["merchant-city-long 60 \"ABCDEFGHIJKLMNOP\""]),
        (
            with(&[("61", "10110101101")]),
            vec!["postal-code-long 61 \"10110101101\"", "postal-code-shape 61 \"10110101101\""],
        ),
        (with(&[("59", "KOPI SÜSU")]), vec!["text-not-ans 59 \"Ü\""]),
        (with(&[("59", "KOPI\tX")]), vec!["text-not-ans 59 \"\\t\""]),
        (
            additional("0126ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            vec!["additional-long 62.01 \"ABCDEFGHIJKLMNOPQRSTUVWXYZ\""],
        ),
        (additional("0903AMX"), vec!["consumer-data-request 62.09 \"AMX\""]),
        (additional("0902AA"), vec!["consumer-data-request 62.09 \"AA\""]),
        (additional("110212"), vec!["merchant-channel-length 62.11 \"12\""]),
        (account("01189360091436640017570210M6640017570303UMI"), vec!["guid-missing 26.00 \"\""]),
        (with(&[("80", "0101A")]), vec!["guid-missing 80.00 \"\""]),
        (
            with(&[("80", "0033com.example.a.name.that.is.longer")]),
            vec!["guid-long 80.00 \"com.example.a.name.that.is.longer\""],
        ),
        (with(&[("65", "A")]), vec!["object-reserved 65 \"6501\""]),
        (additional("1201A"), vec!["object-reserved 62.12 \"1201\""]),
        (with(&[("01", "-")]), vec!["initiation-missing 01 \"\""]),
        (with(&[("54", "1000")]), vec!["static-with-amount 54 \"5404\""]),
        (with(&[("01", "12")]), vec!["dynamic-without-amount 54 \"\""]),
        (dynamic(&[("54", "10000000.01")]), vec!["amount-over-ceiling 54 \"10000000.01\""]),
        (dynamic(&[("54", "10000000.00")]), vec![]),
        (with(&[("61", "-")]), vec!["postal-code-missing 61 \"\""]),
        (with(&[("61", "1011")]), vec!["postal-code-shape 61 \"1011\""]),
        (with(&[("51", "-")]), vec!["national-account-missing 51 \"\""]),
        (repository("0014ID.CO.QRIS.WWW0303UMI"), vec!["nmid-missing 51.02 \"\""]),
        (
            repository("0014ID.CO.QRIS.WWW0215XX1020038431489"),
            vec!["nmid-shape 51.02 \"XX1020038431489\""],
        ),
        (account("0014COM.GO-JEK.WWW0210M6640017570303UMI"), vec!["mpan-missing 26.01 \"\""]),
        (
            account("0014COM.GO-JEK.WWW01181234091436640017570210M6640017570303UMI"),
            vec!["mpan-prefix 26.01 \"123409143664001757\""],
        ),
        (
            account("0014COM.GO-JEK.WWW0117936009143664001750210M6640017570303UMI"),
            vec!["mpan-length 26.01 \"93600914366400175\""],
        ),
        (
            transfer(&[("40", "0013ID.CO.BCA.WWW0115936000141517031")]),
            vec!["mpan-length 40.01 \"936000141517031\""],
        ),
        (
            with(&[("40", "0013ID.CO.BCA.WWW0116936000141517031302011")]),
            vec!["mpan-length 40.01 \"9360001415170313\"", "criteria-missing 40.03 \"\""],
        ),
        (
            account("0014COM.GO-JEK.WWW01189360091436640017570216M6640017570000000303UMI"),
            vec!["merchant-id-long 26.02 \"M664001757000000\""],
        ),
        (
            account("0014COM.GO-JEK.WWW01189360091436640017570210M664001757"),
            vec!["criteria-missing 26.03 \"\""],
        ),
        (
            account("0014COM.GO-JEK.WWW01189360091436640017570210M6640017570303XXX"),
            vec!["criteria-unknown 26.03 \"XXX\""],
        ),
        (with(&[("60", "JAKARTA|X")]), vec!["reserved-character 60 \"|\""]),
        (with(&[("62", "0703A|1")]), vec![]),
        // Templates.
        (additional("0703A010703A02"), vec!["object-duplicate 62.07 \"0703\""]),
        (additional("0100"), vec!["object-empty 62.01 \"0100\""]),
        // Information.
        (
            written(&[
                ("00", "01".into()),
                ("01", "11".into()),
                ("26", SOUND[2].1.into()),
                ("51", SOUND[3].1.into()),
                ("53", "360".into()),
                ("52", "5812".into()),
                ("58", "ID".into()),
                ("59", "TOKO".into()),
                ("60", "KOTA".into()),
                ("61", "10110".into()),
            ]),
            vec!["order-not-ascending 52 \"5204\""],
        ),
        (with(&[("59", "TOKO ")]), vec!["text-padded 59 \"TOKO \""]),
        (additional("0001A"), vec!["additional-undefined 62.00 \"0001\""]),
        (additional("5003ABC"), vec!["additional-not-tlv 62.50 \"ABC\""]),
        (additional("50050101A"), vec!["additional-guid-missing 62.50 \"0101A\""]),
        (
            repository("0014ID.CO.QRIS.WWW0215ID1020038431480"),
            vec!["nmid-check-digit 51.02 \"ID1020038431480\""],
        ),
        (
            account("0014COM.GO-JEK.WWW011993600914366400175760210M6640017570303UMI"),
            vec!["mpan-check-digit 26.01 \"9360091436640017576\""],
        ),
        (
            account("0014COM.GO-JEK.WWW01189360999936640017570210M6640017570303UMI"),
            vec!["institution-unknown 26.01 \"936099993664001757\""],
        ),
        (
            account("0011COM.NOBODY.01189360091436640017570210M6640017570303UMI"),
            vec!["guid-unknown 26.00 \"COM.NOBODY.\""],
        ),
        (
            repository("0014ID.OR.GPNQR.WW0215ID1020038431489"),
            vec!["national-guid-other 51.00 \"ID.OR.GPNQR.WW\""],
        ),
        // Six hundred characters: proprietary templates that are long and sound.
        (
            with(&["80", "81", "82", "83", "84", "85"].map(|tag| {
                (
                    tag,
                    Box::leak(format!("0014com.example.me0177{}", &long[..77]).into_boxed_str())
                        as &str,
                )
            })),
            vec!["payload-long - "],
        ),
    ]
}

#[test]
fn each_fault_is_found_alone_and_at_its_place() {
    let mut wrong = Vec::new();
    for (text, expected) in cases() {
        let found: Vec<String> =
            findings(&text).iter().map(|finding| shown(&text, finding)).collect();
        // A long span need not be written out.
        let same = found.len() == expected.len()
            && found.iter().zip(&expected).all(|(found, expected)| found.starts_with(expected));
        if !same {
            wrong.push(format!("{found:#?} instead of {expected:#?} in {text:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Codes that no single text of characters can bring about here, and where they are shown.
const ELSEWHERE: &[&str] = &[
    // Bytes: tests `properties` and `lengths`.
    "text-not-utf8",
    "object-splits-character",
    "length-in-bytes",
    "checksum-lower-case",
    // Writing and paths: test `encode`.
    "buffer-too-small",
    "value-too-long",
    "text-not-precomposed",
    "object-not-amendable",
    "not-anonymizable",
    "length-unit-ambiguous",
    "path-syntax",
];

#[test]
fn every_code_there_is_is_brought_about() {
    let mut met: BTreeSet<&str> = ELSEWHERE.iter().copied().collect();
    for (text, _) in cases() {
        met.extend(findings(&text).iter().map(|finding| finding.code()));
    }
    let listed: BTreeSet<&str> = ErrorKind::LIST
        .iter()
        .map(|rule| rule.code)
        .filter(|code| !code.starts_with("cpm-"))
        .collect();
    assert_eq!(met, listed);
}

#[test]
fn a_checksum_in_lower_case_is_taken_with_a_warning() {
    let text = with(&[("59", "KOPI")]);
    let (body, crc) = text.split_at(text.len() - 4);
    let lower = format!("{body}{}", crc.to_lowercase());
    assert_ne!(lower, text, "the checksum has a letter");
    let found = findings(&lower);
    assert_eq!(found.iter().map(Finding::code).collect::<Vec<_>>(), ["checksum-lower-case"]);
}

#[test]
fn lengths_in_bytes_are_taken_where_characters_do_not_come_out() {
    // 59: eleven characters, twelve bytes.
    let name = "KEDAI SÜSU ";
    let text = with(&[("59", name)]);
    let bytes = text
        .rsplit_once("6304")
        .expect("a checksum")
        .0
        .replace(&format!("59{}{name}", name.chars().count()), &format!("59{}{name}", name.len()));
    let text = sealed(&bytes);
    let payload = Payload::parse(&text).expect("it comes out in bytes");
    assert_eq!(payload.merchant_name(), Some(name));
    let codes: Vec<&str> = findings(&text).iter().map(Finding::code).collect();
    assert_eq!(codes, ["length-in-bytes", "text-not-ans", "text-padded"]);
}

/// Which unit it is shows in the framing alone (rule book 3.2): a second reading of a text that
/// has one already would be a guess.
#[test]
fn lengths_in_bytes_are_not_tried_where_characters_come_out() {
    // In characters 60 takes the header of the object behind it, and 62 is there twice; in bytes
    // all would be well.
    let body = "00020101021126610014COM.GO-JEK.WWW01189360091436640017570210M6640017570303UMI51440014\
                ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5904TOKO6006日本61051011\
                062650102B10203***0301S0703A010903AME1006123456110300050120003x.y0101z64210002ID0104\
                TOKO0203JKT80120003a.b0101c";
    let error = Payload::parse(&sealed(body)).expect_err("refused");
    assert_eq!(error.kind().code(), "object-duplicate");
}

#[test]
fn a_length_in_bytes_that_splits_a_character_is_refused() {
    use qris_codec::tlv::{Reader, Unit};
    let error = Reader::new("5901Ü", Unit::Bytes).next_object().expect_err("split");
    assert_eq!(error.kind().code(), "object-splits-character");
    assert_eq!(error.offset(), 4);
}

#[test]
fn offsets_count_from_the_text_that_was_given() {
    let text = format!(" \u{feff}{}", with(&[("59", "KOPI SÜSU")]));
    let found = findings(&text);
    let name = found.iter().find(|finding| finding.code() == "text-not-ans").expect("found");
    assert_eq!(&text[name.span()], "Ü");
}

#[test]
fn a_message_says_expected_and_found_and_quotes_nothing() {
    let secret = "SITI RAHAYU BINTI SUKARNO X";
    let text = with(&[("59", secret), ("61", "99999x")]);
    for finding in findings(&text) {
        let message = finding.to_string();
        assert!(message.contains("expected") && message.contains("found"), "{message}");
        assert!(!message.contains("SITI") && !message.contains("99999x"), "{message}");
    }
    for rule in ErrorKind::LIST {
        assert!(rule.message.contains("found"), "{}", rule.code);
        assert!(
            rule.message.contains("expected") || rule.message.contains("should"),
            "{}",
            rule.code
        );
    }
}

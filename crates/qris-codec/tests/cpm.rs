//! Consumer-presented codes: EMVCo's samples, QRIS, and broken codes.

use qris_codec::cpm::{self, Payload};
use qris_codec::{Error, ErrorKind};

/// The first sample of EMVCo's specification: track 2.
const TRACK: &str = "hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=";

/// The second: two applications and common data.
const TWO: &str = "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0WF8gDkNBUkRIT0xERVIvRU1WXy0IcnVlc2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjvEw==";

const AID: [u8; 7] = [0xA0, 0, 0, 0, 0x55, 0x55, 0x55];

fn object(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let length = u8::try_from(value.len()).expect("short");
    let length = if length < 128 { vec![length] } else { vec![0x81, length] };
    [tag, &length, value].concat()
}

/// A code in the form of QRIS: 85, 61 {4F, 50, 5A, 5F2D, 63 {9F74}}.
fn qris() -> Vec<u8> {
    let pan = [0x93, 0x60, 0x09, 0x14, 0x12, 0x34, 0x56, 0x78, 0x90, 0x3F];
    let data = [
        object(&[0x4F], &cpm::QRIS_AID),
        object(&[0x50], b"QRISCPM"),
        object(&[0x5A], &pan),
        object(&[0x5F, 0x2D], b"iden"),
        object(&[0x63], &object(&[0x9F, 0x74], &[b'A'; 64])),
    ];
    [object(&[0x85], b"CPV01"), object(&[0x61], &data.concat())].concat()
}

#[track_caller]
fn refused(bytes: &[u8]) -> (ErrorKind, usize) {
    let error = Payload::parse(bytes).expect_err("refused");
    (error.kind(), error.offset())
}

#[test]
fn the_first_sample_of_emvco_gives_its_pan_from_track_2() -> Result<(), Error> {
    let mut buffer = [0; 512];
    let payload = Payload::parse(cpm::decode_into(TRACK, &mut buffer)?)?;
    let application = payload.application(&AID)?.expect("offered");
    assert_eq!(application.pan().as_str(), "1234567890123458");
    assert_eq!(application.adf_name(), AID);
    assert_eq!(application.get(cpm::PAN), None);
    Ok(())
}

#[test]
fn the_second_sample_of_emvco_offers_two_applications_over_common_data() -> Result<(), Error> {
    let mut buffer = [0; 512];
    let payload = Payload::parse(cpm::decode_into(TWO, &mut buffer)?)?;
    assert_eq!(payload.adf_names().count(), 2);
    // A shorter AID matches every name that begins with it; the first in order counts.
    let first = payload.application(&AID[..4])?.expect("offered");
    assert_eq!(first.label(), Some("Product1"));
    assert_eq!(first.text(cpm::LANGUAGES), Some("ruesdeen"));
    assert_eq!(first.get(0x9F36), Some(&[0, 1][..]), "inside the transparent template");
    let second = payload.application(&[0xA0, 0, 0, 0, 0x66, 0x66, 0x66])?.expect("offered");
    assert_eq!(second.label(), Some("Product2"));
    assert_eq!(second.pan().as_str(), "1234567890123458");
    assert_eq!(payload.application(&cpm::QRIS_AID)?, None);
    Ok(())
}

#[test]
fn a_qris_code_gives_its_pan_of_19_digits_and_its_issuer_data() -> Result<(), Error> {
    let bytes = qris();
    let payload = Payload::parse(&bytes)?;
    let application = payload.application(&cpm::QRIS_AID)?.expect("offered");
    assert_eq!(application.label(), Some("QRISCPM"));
    assert_eq!(application.pan().as_str(), "9360091412345678903");
    assert_eq!(application.get(cpm::ISSUER_DATA).map(<[u8]>::len), Some(64));
    Ok(())
}

#[test]
fn debug_does_not_show_the_payers_number() -> Result<(), Error> {
    let bytes = qris();
    let application = Payload::parse(&bytes)?.application(&cpm::QRIS_AID)?.expect("offered");
    let shown = format!("{application:?} {:?}", application.pan());
    assert!(!shown.contains("9360"), "{shown}");
    Ok(())
}

#[test]
fn a_code_cut_anywhere_is_refused_or_still_whole() {
    let whole = qris();
    for end in 0..whole.len() {
        let error = Payload::parse(&whole[..end]).expect_err("cut");
        let expected = match end {
            0 => ErrorKind::CpmFormat,
            7 => ErrorKind::CpmApplicationMissing,
            _ => ErrorKind::CpmObject,
        };
        assert_eq!(error.kind(), expected, "cut at {end}");
    }
}

#[test]
fn a_code_with_a_wrong_beginning_is_refused() {
    let other = [object(&[0x85], b"CPV02"), object(&[0x61], b"")].concat();
    assert_eq!(refused(&other), (ErrorKind::CpmFormat, 0));
    let late = [object(&[0x61], b""), object(&[0x85], b"CPV01")].concat();
    assert_eq!(refused(&late), (ErrorKind::CpmFormat, 0));
}

#[test]
fn a_code_larger_than_any_symbol_is_refused() {
    let (kind, at) = refused(&[0; Payload::MAX_LEN + 1]);
    assert_eq!((kind.to_string().as_str(), at), ("expected at most 4096 bytes, found 4097", 4096));
}

#[test]
fn malformed_lengths_and_endless_tags_are_refused() {
    let begin = object(&[0x85], b"CPV01");
    for tail in [&[0x61, 0x80][..], &[0x61, 0x83, 0, 0, 0], &[0x1F, 0xFF, 0xFF, 0xFF, 0x00]] {
        assert_eq!(refused(&[&begin, tail].concat()), (ErrorKind::CpmObject, 7));
    }
}

#[test]
fn an_application_with_contradictory_data_is_refused() {
    let name = object(&[0x4F], &cpm::QRIS_AID);
    let pan = object(&[0x5A], &[0x12, 0x34]);
    let chosen = |inside: &[&[u8]], common: &[u8]| {
        let mut bytes = [object(&[0x85], b"CPV01"), object(&[0x61], &inside.concat())].concat();
        if !common.is_empty() {
            bytes.extend(object(&[0x62], common));
        }
        let payload = Payload::parse(&bytes).expect("framed");
        payload.application(&cpm::QRIS_AID).map(|found| found.is_some()).map_err(|e| e.kind())
    };
    let track = object(&[0x57], &[0x12, 0x35, 0xD0]);
    assert_eq!(chosen(&[&name, &pan], b""), Ok(true));
    assert_eq!(chosen(&[&name], &pan), Ok(true));
    assert_eq!(chosen(&[&name, &pan], &pan), Err(ErrorKind::CpmDuplicate));
    assert_eq!(chosen(&[&name, &pan, &pan], b""), Err(ErrorKind::CpmDuplicate));
    assert_eq!(chosen(&[&name], b""), Err(ErrorKind::CpmAccountMissing));
    assert_eq!(chosen(&[&name, &pan, &track], b""), Err(ErrorKind::CpmPanMismatch));
    let letters = object(&[0x5A], &[0x1A]);
    assert_eq!(chosen(&[&name, &letters], b""), Err(ErrorKind::CpmPanShape { found: 1 }));
    // A name outside 5 to 16 bytes: the template is ignored.
    assert_eq!(chosen(&[&object(&[0x4F], &[0xA0, 0, 0, 6]), &pan], b""), Ok(false));
}

#[test]
fn base64_is_read_exactly() {
    let mut buffer = [0; 64];
    for (text, bytes) in [("", &b""[..]), ("QQ==", b"A"), ("QUI=", b"AB"), ("QUJD", b"ABC")] {
        assert_eq!(cpm::decode_into(text, &mut buffer), Ok(bytes));
    }
    assert_eq!(cpm::decode_into(" QUJD\r\n", &mut buffer), Ok(&b"ABC"[..]));
    for (text, at) in [("Q", 0), ("QU-D", 2), ("Q===", 1), ("QQ=A", 2), ("QQ==QQ==", 4)] {
        let error = cpm::decode_into(text, &mut buffer).expect_err(text);
        assert_eq!((error.kind(), error.offset()), (ErrorKind::CpmBase64, at), "{text}");
    }
    let error = cpm::decode_into("QUJDRA==", &mut [0; 3]).expect_err("small");
    assert_eq!(error.kind(), ErrorKind::BufferTooSmall { needed: 6, found: 3 });
}

proptest::proptest! {
    #[test]
    fn any_bytes_and_any_text_are_refused_or_read(bytes: Vec<u8>, text: String) {
        let mut buffer = vec![0; text.len()];
        let _ = cpm::decode_into(&text, &mut buffer);
        for bytes in [bytes.clone(), [object(&[0x85], b"CPV01"), bytes].concat()] {
            if let Ok(payload) = Payload::parse(&bytes) {
                for name in payload.adf_names() {
                    let _ = payload.application(name);
                }
            }
        }
    }
}

#[test]
fn the_objects_inside_a_template_have_their_offsets() -> Result<(), Error> {
    let code = qris();
    let payload = Payload::parse(&code)?;
    let [format, application] = payload.objects().collect::<Vec<_>>()[..] else {
        panic!("two objects");
    };
    assert!(format.objects().is_none(), "not a template");
    let inner: Vec<_> = application.objects().expect("a template").collect();
    let tags: Vec<u32> = inner.iter().map(|object| object.tag).collect();
    assert_eq!(tags, [0x4F, 0x50, 0x5A, 0x5F2D, 0x63]);
    for object in &inner {
        let written = object.tag.to_be_bytes().into_iter().find(|&byte| byte != 0);
        assert_eq!(Some(code[object.offset]), written, "{:X}", object.tag);
    }
    let deeper = inner[4].objects().expect("a template").next().expect("one");
    assert_eq!((deeper.tag, deeper.value), (cpm::ISSUER_DATA, &[b'A'; 64][..]));
    Ok(())
}

//! Properties of reading replies.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;

/// Words of replies, and other words.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("success".to_owned()),
        Just("failed".to_owned()),
        Just("failed, Invoice ID is empty".to_owned()),
        Just("paid".to_owned()),
        Just("unpaid".to_owned()),
        Just("invalid amount".to_owned()),
        Just("2020-08-07 11:13:42".to_owned()),
        Just("413255111".to_owned()),
        ".{0,12}",
    ]
}

fn leaf() -> impl Strategy<Value = Json> {
    prop_oneof![
        3 => word().prop_map(Json::from),
        1 => any::<i64>().prop_map(Json::from),
        1 => any::<f64>().prop_map(Json::from),
        1 => any::<bool>().prop_map(Json::from),
        1 => Just(Json::Null),
        1 => Just(Json::Array(Vec::new())),
    ]
}

/// A text like a reply: right names with any values, or other names.
fn reply() -> impl Strategy<Value = Json> {
    let name = prop_oneof![
        Just("qris_status".to_owned()),
        Just("qris_content".to_owned()),
        Just("qris_request_date".to_owned()),
        Just("qris_invoiceid".to_owned()),
        Just("qris_nmid".to_owned()),
        Just("qris_paid_date".to_owned()),
        Just("status".to_owned()),
        "[a-z_]{0,8}",
    ];
    let object = prop::collection::vec((name, leaf()), 0..8)
        .prop_map(|members| Json::Object(members.into_iter().collect()));
    let data = prop_oneof![3 => object, 1 => leaf()];
    (leaf(), data).prop_map(|(status, data)| serde_json::json!({"status": status, "data": data}))
}

/// Text like PHP, HTML and people write around a reply: without a marked or cut object.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("\u{feff}".as_bytes().to_vec()),
        Just(
            b"<br />\n<b>Notice</b>:  Undefined index: tip in <b>/x.php</b> on line <b>4</b>"
                .to_vec()
        ),
        Just(b"Notice: Undefined {x}, {$y} and {\"z\"} in {'a':1}".to_vec()),
        Just(br#"{"cf":{"status":"success","data":{"qris_status":"paid"}}}"#.to_vec()),
        Just(br#"<script>a={"b":c};if(d){e({})}</script><style>p { margin: 0 }</style>"#.to_vec()),
        Just(b"}]}\"' \r\n\t\0".to_vec()),
        "[^{]{0,20}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>().prop_filter("no brace", |byte| *byte != b'{'), 0..20),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

const PAID: &str = r#"{"status":"success","data":{"qris_status":"paid"}}"#;
const UNPAID: &str = r#"{"status":"failed","data":{"qris_status":"unpaid"}}"#;

fn is_paid(body: &[u8]) -> bool {
    matches!(checked(200, body), Ok(Checked::Payment(Payment::Paid(_))))
}

proptest! {
    #[test]
    fn only_success_with_paid_is_a_payment(reply in reply()) {
        let body = reply.to_string();
        let is = |value: &Json, word: &str| {
            value.as_str().is_some_and(|text| text.trim().eq_ignore_ascii_case(word))
        };
        let says_so = is(&reply["status"], "success") && is(&reply["data"]["qris_status"], "paid");
        prop_assert_eq!(is_paid(body.as_bytes()), says_so, "{}", body);
    }

    #[test]
    fn an_invoice_has_a_number_above_0_and_no_empty_text(reply in reply()) {
        if let Ok(Created::Invoice { content, id, nmid, .. }) = created(200, reply.to_string().as_bytes()) {
            prop_assert!(id.get() > 0 && !content.is_empty() && !nmid.is_empty());
        }
    }

    #[test]
    fn a_reply_that_is_cut_short_is_unreadable(reply in reply(), cut in 0.0..1.0, before in noise()) {
        let body = reply.to_string().into_bytes();
        let (cut, _) = body.split_at((body.len() as f64 * cut) as usize);
        let body = [&before, cut].concat();
        prop_assert!(created(200, &body).is_err(), "{}", String::from_utf8_lossy(&body));
        prop_assert!(checked(200, &body).is_err(), "{}", String::from_utf8_lossy(&body));
    }

    #[test]
    fn noise_around_a_reply_changes_nothing(reply in reply(), before in noise(), after in noise()) {
        let body = reply.to_string().into_bytes();
        let noisy = [&before[..], &body, &after].concat();
        prop_assert_eq!(created(200, &noisy), created(200, &body));
        prop_assert_eq!(checked(200, &noisy), checked(200, &body));
    }

    #[test]
    fn a_second_reply_is_the_same_or_makes_both_unreadable(
        first in reply(), second in reply(), between in noise(),
    ) {
        let body = [first.to_string().as_bytes(), &between, second.to_string().as_bytes()].concat();
        let expected = if first == second {
            checked(200, first.to_string().as_bytes())
        } else {
            Err(Defect::Several { marker: "status" })
        };
        prop_assert_eq!(checked(200, &body), expected);
    }

    #[test]
    fn no_five_damaged_bytes_turn_unpaid_into_paid(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..3_u8, any::<u8>()), 1..6),
        success in any::<bool>(),
    ) {
        let mut body = UNPAID.as_bytes().to_vec();
        // After `success` two bytes fewer would be enough.
        let edits = if success {
            body = UNPAID.replace("failed", "success").into_bytes();
            &edits[..1]
        } else {
            &edits[..]
        };
        for (place, edit, byte) in edits {
            let place = place.index(body.len());
            match edit {
                0 => body[place] = *byte,
                1 => body.insert(place, *byte),
                _ => drop(body.remove(place)),
            }
        }
        prop_assert!(!is_paid(&body), "{}", String::from_utf8_lossy(&body));
    }

    #[test]
    fn a_name_of_any_bytes_never_changes_the_answer(
        name in prop::collection::vec(
            any::<u8>().prop_filter("no end of the string", |byte| !b"\"\\".contains(byte)), 0..200,
        ),
        escape in prop_oneof![Just(""), Just("\\ud800"), Just("\\u0000"), Just("\\udc00\\ud83d"), Just("\\x")],
        paid in any::<bool>(),
    ) {
        let body = if paid { PAID } else { UNPAID };
        let (head, tail) = body.split_at(body.len() - 2);
        let member = br#","qris_payment_customername":""#;
        let body = [head.as_bytes(), member, &name, escape.as_bytes(), b"\"", tail.as_bytes()].concat();
        let read = checked(200, &body);
        let Ok(Checked::Payment(payment)) = read else {
            panic!("found {read:?} for {}", String::from_utf8_lossy(&body));
        };
        prop_assert_eq!(payment.is_paid(), paid);
        let name = payment.details().and_then(|details| details.customer_name.as_deref());
        let name = name.unwrap_or_default();
        prop_assert!(name.chars().count() <= PaymentDetails::MAX_NAME_CHARS);
        prop_assert!(!name.contains(char::is_control));
    }
}

#[test]
fn a_hostile_mebibyte_is_refused_in_moderate_time() {
    let started = Instant::now();
    for piece in [
        "{",
        "{\"",
        "{ ",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":{},",
        "{\"a\":[",
        "{\"\\",
        "{\"\\\"",
        "{{}",
        "{\"a\":{\"a\":1}x",
        "{\"status\"",
        "{}",
        "{\"a\":\"{\\\"",
        "{\"a\" ",
        "\"{",
    ] {
        let body = piece.repeat(1024 * 1024 / piece.len());
        assert!(checked(200, body.as_bytes()).is_err(), "{piece}");
        let body = format!("{{\"a\":[{}", &body[..256 * 1024]);
        assert!(checked(200, body.as_bytes()).is_err(), "[{piece}");
    }
    // 20 MiB take a few seconds in linear time in a debug build; in quadratic time, a day.
    assert!(started.elapsed() < Duration::from_secs(120), "{:?}", started.elapsed());
}

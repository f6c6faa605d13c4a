//! Text around a reply, damage inside it, and what makes it unreadable.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod exchange;
mod server;

use exchange::*;
use qris_api::{Cause, Defect, Error, Payment, PaymentDetails, Reason};

const SEVERAL: Defect = Defect::Several { marker: "status" };

fn member(name: &'static str, expected: &'static str, found: &'static str) -> Defect {
    Defect::Member { name, expected, found }
}

#[tokio::test]
async fn a_reply_that_cannot_be_read_is_malformed_and_leaves_a_create_unknown() {
    let right = success("413255111");
    let half = &right[..right.len() / 2];
    for (body, defect) in [
        ("", ABSENT),
        ("<html><h1>502 Bad Gateway</h1></html>", ABSENT),
        ("null", ABSENT),
        ("[]", ABSENT),
        ("{}", ABSENT),
        (r#""{\"status\":\"success\"}""#, ABSENT),
        (r#"{"status":"success"}"#, member("data", "an object", "nothing")),
        (r#"{"status":"success","data":[]}"#, member("data", "an object", "an array")),
        (r#"{"status":1,"data":{}}"#, member("status", "success or failed", "a number")),
        (r#"{"status":"done","data":{}}"#, member("status", "success or failed", "another text")),
        (r#"{"status":"faile","data":{}}"#, member("status", "success or failed", "another text")),
        (half, Defect::Broken { offset: half.len() }),
        (r#"{"status":"success","data":{"qris_status":"paid"}"#, Defect::Broken { offset: 49 }),
        (r#"{"status":"success","data":{"status":"paid"},}"#, Defect::Broken { offset: 46 }),
        (
            r#"{"reply":{"status":"success","data":{"qris_status":"paid"}}"#,
            Defect::Broken { offset: 59 },
        ),
    ] {
        assert_unknown(created(body).await, 200, body.as_bytes(), defect);
        assert_malformed(checked(body).await, 200, body.as_bytes(), defect);
    }
    let body = [0xFF, 0xFE, 0, b'{'];
    assert_malformed(checked_with(503, &body).await, 503, &body, ABSENT);
}

#[tokio::test]
async fn php_output_around_a_reply_is_ignored() {
    let right = success("413255111");
    let paid = r#"{"status":"success","data":{"qris_status":"paid"}}"#;
    let is_paid = Ok(Payment::Paid(PaymentDetails::default()));
    let notice = "<br />\n<b>Notice</b>:  Undefined index: {tip} in <b>/var/www/show_qris.php</b> on \
                  line <b>42</b><br />\n";
    for (before, after) in [
        ("\u{feff}", ""),
        (" \r\n\t", "\n\n"),
        (notice, ""),
        ("", notice),
        ("Array {\"x\"} {}", "<script>if(a){b}</script>"),
        (r#"{"debug":{"status":"failed"}}"#, r#"{"time":0.1}"#),
    ] {
        let body = format!("{before}{right}{after}");
        assert_eq!(created(&body).await, Ok(invoice()), "{body}");
        let body = format!("{before}{paid}{after}");
        assert_eq!(checked(&body).await, is_paid, "{body}");
    }
    assert_eq!(created(&format!("{right}{right}")).await, Ok(invoice()));
    assert_eq!(checked(&format!("{paid}\n{paid}")).await, is_paid);
}

#[tokio::test]
async fn two_different_replies_are_unreadable() {
    let paid = r#"{"status":"success","data":{"qris_status":"paid"}}"#;
    let unpaid = r#"{"status":"failed","data":{"qris_status":"unpaid"}}"#;
    for body in [format!("{paid}{unpaid}"), format!("{unpaid}<br />{paid}")] {
        assert_malformed(checked(&body).await, 200, body.as_bytes(), SEVERAL);
    }
    let body = format!("{}{}", success("413255111"), success("413255112"));
    assert_unknown(created(&body).await, 200, body.as_bytes(), SEVERAL);
}

#[tokio::test]
async fn a_member_that_appears_twice_must_have_the_same_value() {
    let is_paid = Ok(Payment::Paid(PaymentDetails::default()));
    let twice = r#"{"status":"success","status":"success","data":{"qris_status":"paid","qris_status":"paid"}}"#;
    assert_eq!(checked(twice).await, is_paid);
    for (body, name) in [
        (r#"{"status":"failed","status":"success","data":{"qris_status":"paid"}}"#, "status"),
        (
            r#"{"status":"success","data":{"qris_status":"unpaid","qris_status":"paid"}}"#,
            "qris_status",
        ),
        (r#"{"status":"success","data":{"qris_status":"paid"},"data":[]}"#, "data"),
        (r#"{"status":"success","data":{"qris_status":"paid","x":{"y":1,"y":2}}}"#, "a member"),
    ] {
        assert_malformed(checked(body).await, 200, body.as_bytes(), Defect::Duplicate { name });
    }
    let body = success("413255111").replace("}}", r#","qris_invoiceid":413255112}}"#);
    let defect = Defect::Duplicate { name: "qris_invoiceid" };
    assert_unknown(created(&body).await, 200, body.as_bytes(), defect);
}

#[tokio::test]
async fn a_damaged_name_does_not_hide_a_payment() {
    for (bytes, name) in [
        (&b"JOS\xe9"[..], "JOS\u{fffd}"),
        (b"SITI \xc3", "SITI \u{fffd}"),
        (b"SITI\tNUR\nHALIZA", "SITI NUR HALIZA"),
        (br"SITI\ud800", "SITI\u{fffd}"),
        (br"SITI \ud83d\ude00", "SITI \u{1f600}"),
        (br"SITI\u0000", "SITI"),
        (b"SITI\0\x1b[2J", "SITI  [2J"),
        (br"SITI\qNUR", "SITI qNUR"),
    ] {
        let (head, tail) = (
            &br#"{"status":"success","data":{"qris_status":"paid","qris_payment_customername":""#[..],
            &br#"","qris_payment_methodby":"BCA"}}"#[..],
        );
        let body = [head, bytes, tail].concat();
        let payment = checked_with(200, &body).await.unwrap();
        let details = payment.details().expect("it is paid");
        assert_eq!(details.customer_name.as_deref(), Some(name));
        assert_eq!(details.method.as_deref(), Some("BCA"));
    }
}

#[tokio::test]
async fn damage_in_a_value_that_matters_for_money_is_refused() {
    let damaged = "a text with damaged characters";
    for (body, name, expected) in [
        (
            &b"{\"status\":\"success\t\",\"data\":{\"qris_status\":\"paid\"}}"[..],
            "status",
            "success or failed",
        ),
        (
            b"{\"status\":\"success\",\"data\":{\"qris_status\":\"paid\n\"}}",
            "data.qris_status",
            "paid or unpaid",
        ),
        (
            b"{\"status\":\"success\",\"data\":{\"qris_status\":\"pa\xefid\"}}",
            "data.qris_status",
            "paid or unpaid",
        ),
        (
            b"{\"status\":\"failed\",\"data\":{\"qris_status\":\"unpaid\0\"}}",
            "data.qris_status",
            "a text",
        ),
        (b"{\"status\":\"failed\",\"data\":\"unpaid\\ud800\"}", "data", "the reason of a refusal"),
    ] {
        let defect = member(name, expected, damaged);
        assert_malformed(checked_with(200, body).await, 200, body, defect);
    }
    for (name, part) in [
        ("data.qris_content", "5916InterActive"),
        ("data.qris_nmid", "\"ID102"),
        ("data.qris_request_date", "2020-08-07"),
    ] {
        let body = success("413255111").replacen(part, &format!("{part}\t"), 1);
        let Err(Error::OutcomeUnknown { cause: Cause::MalformedReply { defect, .. } }) =
            created(&body).await
        else {
            panic!("{body} was read");
        };
        let is_named = matches!(defect, Defect::Member { name: found, .. } if found == name);
        assert!(is_named, "{name}: {defect}");
    }
}

#[tokio::test]
async fn a_failure_with_an_invoice_leaves_a_create_unknown() {
    let invoice = success("413255111").replace("success", "failed");
    let contradiction = Defect::Contradiction { found: "a failure with an invoice" };
    for body in [
        invoice.replace("}}", r#","qris_status":"invalid amount"}}"#),
        invoice,
        r#"{"status":"failed","data":{"qris_status":"invalid amount","qris_invoiceid":7}}"#
            .to_owned(),
        r#"{"status":"failed","data":"invalid amount","qris_invoiceid":"413255111"}"#.to_owned(),
    ] {
        assert_unknown(created(&body).await, 200, body.as_bytes(), contradiction);
    }
    let empty =
        r#"{"status":"failed","data":{"qris_status":"invalid amount","qris_invoiceid":""}}"#;
    let refused = Error::Rejected { reason: Reason::InvalidAmount };
    assert_eq!(created(empty).await, Err(refused));
}

#[tokio::test]
async fn a_refusal_counts_only_with_an_http_status_of_the_api() {
    let known = br#"{"status":"failed","data":"invalid amount"}"#;
    let other = br#"{"status":"failed","data":"Access denied"}"#;
    let unpaid = br#"{"status":"failed","data":{"qris_status":"unpaid"}}"#;
    let refused = Error::Rejected { reason: Reason::InvalidAmount };
    for status in [200, 400, 401, 403, 404] {
        assert_eq!(created_with(status, known).await, Err(refused.clone()), "{status}");
        assert_eq!(checked_with(status, known).await, Err(refused.clone()), "{status}");
        assert_eq!(checked_with(status, unpaid).await, Ok(Payment::Unpaid), "{status}");
    }
    for status in [500, 502, 503, 504] {
        let defect = Defect::RefusalStatus;
        assert_unknown(created_with(status, known).await, status, known, defect);
        assert_malformed(checked_with(status, known).await, status, known, defect);
        assert_malformed(checked_with(status, unpaid).await, status, unpaid, defect);
    }
    for status in [401, 403, 407, 408, 429] {
        assert_unknown(created_with(status, other).await, status, other, Defect::RefusalStatus);
        assert_malformed(checked_with(status, other).await, status, other, Defect::RefusalStatus);
    }
    let reason = Reason::Other("Access denied".to_owned());
    assert_eq!(created_with(400, other).await, Err(Error::Rejected { reason }));
    let silent = br#"{"status":"failed","message":"Forbidden"}"#;
    let defect = member("data", "the reason of a refusal", "nothing");
    assert_unknown(created_with(200, silent).await, 200, silent, defect);
}

#[tokio::test]
async fn a_contradictory_paid_is_unreadable() {
    let body = r#"{"status":"failed","data":{"qris_status":"paid"}}"#;
    let defect = Defect::Contradiction { found: "a failure with paid" };
    assert_malformed(checked(body).await, 200, body.as_bytes(), defect);
    let body = r#"{"status":"success","data":{"qris_status":"refunded"}}"#;
    let defect = member("data.qris_status", "paid or unpaid", "another text");
    assert_malformed(checked(body).await, 200, body.as_bytes(), defect);
}

#[tokio::test]
async fn an_invoice_with_a_missing_part_is_malformed_and_the_error_names_the_part() {
    let right = success("413255111");
    let date = member("data.qris_request_date", "a date as YYYY-MM-DD HH:MM:SS", "another text");
    let id = |found| member("data.qris_invoiceid", "a positive integer of 64 bits", found);
    let nmid = |found| member("data.qris_nmid", "a text", found);
    for (part, wrong, defect) in [
        (r#""qris_nmid":"ID1020021181745""#, r#""qris_nmid":"""#, nmid("an empty text")),
        (r#""qris_nmid""#, r#""nmid""#, nmid("nothing")),
        (
            r#""qris_content":""#,
            r#""qris_content":7,"c":""#,
            member("data.qris_content", "a text", "a number"),
        ),
        (r#""qris_invoiceid":413255111"#, r#""qris_invoiceid":0"#, id("a number")),
        (r#""qris_invoiceid":413255111"#, r#""qris_invoiceid":-1"#, id("a number")),
        (r#""qris_invoiceid":413255111"#, r#""qris_invoiceid":4.5"#, id("a number")),
        (r#""qris_invoiceid":413255111"#, r#""qris_invoiceid":[7]"#, id("an array")),
        (r#""qris_invoiceid":413255111"#, r#""qris_invoiceid":true"#, id("a boolean")),
        (r#""qris_invoiceid":413255111"#, r#""qris_invoiceid":{}"#, id("an object")),
        (r#""qris_invoiceid":413255111"#, r#""qris_invoiceid":"+413""#, id("another text")),
        (r#""qris_invoiceid":413255111"#, r#""qris_invoiceid":"""#, id("an empty text")),
        (
            r#""qris_invoiceid":413255111"#,
            r#""qris_invoiceid":"18446744073709551616""#,
            id("another text"),
        ),
        (r#""qris_invoiceid":413255111"#, r#""qris_invoiceid":null"#, id("null")),
        ("2020-08-07 11:13:42", "2020-08-07", date),
        ("2020-08-07 11:13:42", "2020-13-07 11:13:42", date),
        ("2020-08-07 11:13:42", "07-08-2020 11:13:42", date),
    ] {
        let body = right.replace(part, wrong);
        assert_ne!(body, right, "{part}");
        assert_unknown(created(&body).await, 200, body.as_bytes(), defect);
    }
    let error = created(&right.replace(":413255111", ":[7]")).await.unwrap_err().to_string();
    let said = "expected data.qris_invoiceid as a positive integer of 64 bits, found an array \
                (HTTP status 200, ";
    assert!(error.contains(said), "{error}");
    let error = checked(" ").await.unwrap_err().to_string();
    assert!(error.ends_with("found none (HTTP status 200, 1 byte)"), "{error}");
}

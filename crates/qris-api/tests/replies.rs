//! Every shape that a reply is known to have, and many that it should not have, over real HTTP.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod server;

use proptest::prelude::*;
use qris_api::{
    ApiKey, Cause, Client, Defect, Error, Invoice, InvoiceId, MerchantId, Payment, PaymentDetails,
    Reason, Rupiah, Tip, TransactionNumber, WibTime,
};
use server::Server;

/// The class text's sample: Rp25,578, with a tip.
fn content() -> &'static str {
    concat!(
        "00020101021226680016ID.CO.TELKOM.WWW011893600898025599662702150001952559966270303UMI",
        "51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.005502015802ID",
        "5916InterActive Corp6013KOTA SURABAYA61056013662130509413255111630439B7"
    )
}

fn client(server: &Server) -> Client {
    let key = ApiKey::parse("139139220920202").unwrap();
    Client::builder(key, MerchantId::parse("195255685725").unwrap())
        .base_url(server.base_url())
        .build()
        .unwrap()
}

fn number() -> TransactionNumber {
    TransactionNumber::parse("INV-1").unwrap()
}

fn invoice() -> Invoice {
    Invoice::new(
        number(),
        Rupiah::new(25_578),
        content(),
        WibTime::parse("2020-08-07 11:13:42").unwrap(),
        InvoiceId::new(413_255_111),
        "ID1020021181745",
    )
}

/// The path of the only request so far, and its parameters in the order in which they came.
#[track_caller]
fn only_request(server: &Server) -> (String, Vec<(String, String)>) {
    let asked = server.asked.lock().unwrap();
    let [target] = asked.as_slice() else {
        panic!("expected one request, found {}", asked.len());
    };
    let (path, query) = target.split_once('?').unwrap();
    let parameter = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    };
    (path.to_owned(), query.split('&').map(parameter).collect())
}

async fn created(body: &str) -> Result<Invoice, Error> {
    created_with(200, body.as_bytes()).await
}

async fn created_with(status: u16, body: &[u8]) -> Result<Invoice, Error> {
    let server = Server::answering(status, body).await;
    client(&server).create_invoice(&number(), Rupiah::new(25_578), Tip::Ask).await
}

async fn checked(body: &str) -> Result<Payment, Error> {
    checked_with(200, body.as_bytes()).await
}

async fn checked_with(status: u16, body: &[u8]) -> Result<Payment, Error> {
    let server = Server::answering(status, body).await;
    client(&server).check_invoice(&invoice()).await
}

fn success(id: &str) -> String {
    format!(
        r#"{{"status":"success","data":{{"qris_content":"{}","qris_request_date":"2020-08-07 11:13:42","qris_invoiceid":{id},"qris_nmid":"ID1020021181745"}}}}"#,
        content()
    )
}

#[tokio::test]
async fn a_create_sends_exactly_the_parameters_of_the_table() {
    for (tip, word) in [(Tip::Ask, "yes"), (Tip::None, "no")] {
        let server = Server::answering(200, b"{}").await;
        client(&server).create_invoice(&number(), Rupiah::new(25_578), tip).await.unwrap_err();
        let (path, query) = only_request(&server);
        assert_eq!(path, "/restapi/qris/show_qris.php");
        let expected = [
            ("do", "create-invoice"),
            ("apikey", "139139220920202"),
            ("mID", "195255685725"),
            ("cliTrxNumber", "INV-1"),
            ("cliTrxAmount", "25578"),
            ("useTip", word),
        ];
        assert_eq!(query, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}

#[tokio::test]
async fn a_check_sends_exactly_the_parameters_of_the_table() {
    let paid = br#"{"status":"success","data":{"qris_status":"paid"}}"#;
    let server = Server::answering(200, paid).await;
    client(&server).check_invoice(&invoice()).await.unwrap();
    let (path, query) = only_request(&server);
    assert_eq!(path, "/restapi/qris/checkpaid_qris.php");
    let expected = [
        ("do", "checkStatus"),
        ("apikey", "139139220920202"),
        ("mID", "195255685725"),
        ("invid", "413255111"),
        ("trxvalue", "25578"),
        ("trxdate", "2020-08-07"),
    ];
    assert_eq!(query, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn a_key_with_any_visible_character_arrives_as_it_is() {
    let server = Server::answering(200, b"{}").await;
    let key = ApiKey::parse("a&b=c#d%e+f/g?h").unwrap();
    let client = Client::builder(key, MerchantId::parse("1").unwrap())
        .base_url(server.base_url())
        .build()
        .unwrap();
    client.create_invoice(&number(), Rupiah::new(100), Tip::None).await.unwrap_err();
    let (_, query) = only_request(&server);
    assert_eq!(query[1], ("apikey".to_owned(), "a%26b%3Dc%23d%25e%2Bf%2Fg%3Fh".to_owned()));
}

#[tokio::test]
async fn the_class_texts_sample_is_an_invoice() {
    for id in [r#""413255111""#, r#"" 413255111 ""#, "413255111"] {
        assert_eq!(created(&success(id)).await, Ok(invoice()), "{id}");
    }
    let loud = success("413255111").replace("success", "SUCCESS");
    assert_eq!(created(&loud).await, Ok(invoice()));
}

#[tokio::test]
async fn a_success_counts_whatever_the_http_status_is() {
    for status in [200, 201, 302, 404, 500, 503] {
        let body = success("413255111");
        assert_eq!(created_with(status, body.as_bytes()).await, Ok(invoice()), "{status}");
    }
}

#[tokio::test]
async fn an_invoice_number_of_eleven_digits_is_held() {
    let long = success(r#""41325511101""#);
    let invoice = created(&long).await.unwrap();
    assert_eq!(invoice.qris_invoiceid, InvoiceId::new(41_325_511_101));
    assert!(!invoice.reference_matches(), "the sample's 62.05 is another number: a warning");
}

#[tokio::test]
async fn each_refusal_is_known_in_both_shapes_and_any_case() {
    for (words, reason) in [
        ("invalid amount", Reason::InvalidAmount),
        ("Invalid Amount", Reason::InvalidAmount),
        ("invalid apikey", Reason::InvalidApiKey),
        ("invalid mID", Reason::InvalidMerchantId),
        ("INVALID MID", Reason::InvalidMerchantId),
        ("transcation number is empty", Reason::TransactionNumberEmpty),
        ("transaction number is empty", Reason::TransactionNumberEmpty),
        ("what we do for you?", Reason::UnknownRequest),
        ("Sistem sedang dirawat", Reason::Other("Sistem sedang dirawat".to_owned())),
    ] {
        for body in [
            format!(r#"{{"status":"failed","data":"{words}"}}"#),
            format!(r#"{{"status":"failed","data":{{"qris_status":"{words}"}}}}"#),
            format!(r#"{{"status":"failed, {words}","data":[]}}"#),
            format!(r#"{{"status":"FAILED","data":" {words} "}}"#),
        ] {
            let refused = Error::Rejected { reason: reason.clone() };
            assert_eq!(created(&body).await, Err(refused.clone()), "{body}");
            assert_eq!(checked(&body).await, Err(refused), "{body}");
        }
    }
    let empty = r#"{"status":"failed, Invoice ID is empty","data":[]}"#;
    let refused = Error::Rejected { reason: Reason::InvoiceIdEmpty };
    assert_eq!(checked(empty).await, Err(refused));
    let silent = Error::Rejected { reason: Reason::Other(String::new()) };
    assert_eq!(checked(r#"{"status":"failed","data":[]}"#).await, Err(silent));
}

#[tokio::test]
async fn unpaid_is_an_answer_and_not_a_failure() {
    for word in ["unpaid", "UNPAID", "Unpaid"] {
        let body = format!(r#"{{"status":"failed","data":{{"qris_status":"{word}"}}}}"#);
        assert_eq!(checked(&body).await, Ok(Payment::Unpaid), "{body}");
    }
}

#[tokio::test]
async fn paid_comes_with_all_or_none_of_its_facts() {
    let bare = Payment::Paid(PaymentDetails::default());
    for body in [
        r#"{"status":"success","data":{"qris_status":"paid"}}"#,
        r#"{"status":"Success","data":{"qris_status":"PAID","qris_payment_methodby":""}}"#,
        r#"{"status":"success","data":{"qris_status":"paid","qris_paid_date":"soon"},"qris_api_version_code":null}"#,
    ] {
        assert_eq!(checked(body).await, Ok(bare.clone()), "{body}");
    }
    let full = r#"{"status":"success","data":{"qris_status":"paid",
        "qris_payment_customername":"Zainal Arief","qris_payment_methodby":"Sakuku",
        "qris_paid_date":"2020-08-08 00:01:02"},"qris_api_version_code":"2206091709"}"#;
    let mut expected = PaymentDetails::default();
    expected.customer_name = Some("Zainal Arief".to_owned());
    expected.method = Some("Sakuku".to_owned());
    expected.paid_at = WibTime::parse("2020-08-08 00:01:02");
    expected.api_version = Some("2206091709".to_owned());
    assert_eq!(checked(full).await, Ok(Payment::Paid(expected)));
}

const ABSENT: Defect = Defect::Absent { marker: "status" };
const SEVERAL: Defect = Defect::Several { marker: "status" };

fn member(name: &'static str, expected: &'static str, found: &'static str) -> Defect {
    Defect::Member { name, expected, found }
}

/// That a create ends unknown, for this reason.
#[track_caller]
fn assert_unknown(outcome: Result<Invoice, Error>, status: u16, body: &[u8], defect: Defect) {
    let cause = Cause::MalformedReply { status, length: body.len(), defect };
    let body = String::from_utf8_lossy(body);
    assert_eq!(outcome, Err(Error::OutcomeUnknown { cause }), "{body}");
}

/// That a check has no answer, for this reason.
#[track_caller]
fn assert_malformed(outcome: Result<Payment, Error>, status: u16, body: &[u8], defect: Defect) {
    let error = Error::MalformedReply { status, length: body.len(), defect };
    assert_eq!(outcome, Err(error), "{}", String::from_utf8_lossy(body));
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
        (r#"{"status":"success","data":{"status":"paid"},}"#, Defect::Broken { offset: 45 }),
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
async fn what_php_writes_around_a_reply_costs_nothing() {
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
async fn two_replies_that_differ_are_none() {
    let paid = r#"{"status":"success","data":{"qris_status":"paid"}}"#;
    let unpaid = r#"{"status":"failed","data":{"qris_status":"unpaid"}}"#;
    for body in [format!("{paid}{unpaid}"), format!("{unpaid}<br />{paid}")] {
        assert_malformed(checked(&body).await, 200, body.as_bytes(), SEVERAL);
    }
    let body = format!("{}{}", success("413255111"), success("413255112"));
    assert_unknown(created(&body).await, 200, body.as_bytes(), SEVERAL);
}

#[tokio::test]
async fn a_member_that_stands_twice_must_say_the_same_twice() {
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
async fn a_damaged_name_costs_no_payment() {
    for (bytes, name) in [
        (&b"JOS\xe9"[..], "JOS\u{fffd}"),
        (b"SITI \xc3", "SITI \u{fffd}"),
        (b"SITI\tNUR\nHALIZA", "SITI NUR HALIZA"),
        (br"SITI\ud800", "SITI\u{fffd}"),
        (br"SITI \ud83d\ude00", "SITI \u{1f600}"),
        (br"SITI\u0000", "SITI"),
        (b"SITI\0\x1b[2J", "SITI[2J"),
        (br"SITI\qNUR", "SITI\u{fffd}qNUR"),
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
async fn damage_in_what_matters_for_money_is_not_passed_over() {
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
    ] {
        assert_unknown(created(&body).await, 200, body.as_bytes(), contradiction);
    }
    let empty =
        r#"{"status":"failed","data":{"qris_status":"invalid amount","qris_invoiceid":""}}"#;
    let refused = Error::Rejected { reason: Reason::InvalidAmount };
    assert_eq!(created(empty).await, Err(refused));
}

#[tokio::test]
async fn a_refusal_counts_only_under_a_status_of_the_api() {
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
async fn paid_that_contradicts_itself_is_not_believed() {
    let body = r#"{"status":"failed","data":{"qris_status":"paid"}}"#;
    let defect = Defect::Contradiction { found: "a failure with paid" };
    assert_malformed(checked(body).await, 200, body.as_bytes(), defect);
    let body = r#"{"status":"success","data":{"qris_status":"refunded"}}"#;
    let defect = member("data.qris_status", "paid or unpaid", "another text");
    assert_malformed(checked(body).await, 200, body.as_bytes(), defect);
}

#[tokio::test]
async fn an_invoice_without_one_of_its_parts_is_malformed_and_the_part_is_named() {
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

#[tokio::test]
async fn a_reply_keeps_what_it_says_of_a_payment() {
    for version in [r#""2206091709""#, "2206091709"] {
        let body = format!(
            r#"{{"status":"success","data":{{"qris_status":"paid","rrn":"000380970875","note":"1 PAY-1"}},"qris_api_version_code":{version}}}"#
        );
        let payment = checked(&body).await.unwrap();
        let details = payment.details().expect("it is paid");
        assert_eq!(details.rrn.as_deref(), Some("000380970875"));
        assert_eq!(details.note.as_deref(), Some("1 PAY-1"));
        assert_eq!(details.api_version.as_deref(), Some("2206091709"));
    }
}

#[tokio::test]
async fn what_is_kept_of_a_payment_has_a_limit() {
    let long = "x".repeat(1_000);
    let body = format!(
        r#"{{"status":"success","data":{{"qris_status":"paid","rrn":"{long}","note":"{long}","qris_payment_customername":"{long}","qris_payment_methodby":"{long}"}},"qris_api_version_code":"{long}"}}"#
    );
    let payment = checked(&body).await.unwrap();
    let details = payment.details().expect("it is paid");
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let lengths = [
        &details.customer_name,
        &details.method,
        &details.rrn,
        &details.note,
        &details.api_version,
    ];
    assert_eq!(lengths.map(length), [100, 40, 40, 200, 40]);
}

#[tokio::test]
async fn a_body_over_a_mebibyte_is_not_read_to_its_end() {
    let body = format!("{}{}", success("413255111"), " ".repeat(3 * 1024 * 1024));
    let error = created(&body).await.unwrap_err();
    let Error::OutcomeUnknown { cause: Cause::MalformedReply { status: 200, length, defect } } =
        error
    else {
        panic!("found {error:?}");
    };
    assert!((1024 * 1024..2 * 1024 * 1024).contains(&length), "{length} bytes were read");
    assert_eq!(defect, Defect::TooLong { limit: 1024 * 1024 });
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::answering(200, success("413255111").as_bytes()).await;
    let head = format!(
        "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
        elsewhere.base_url()
    );
    let server = Server::raw(head).await;
    let outcome = client(&server).create_invoice(&number(), Rupiah::new(25_578), Tip::Ask).await;
    assert_unknown(outcome, 302, b"", ABSENT);
    assert_eq!(elsewhere.asked.lock().unwrap().len(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_body_gives_a_typed_error_or_a_value(body: Vec<u8>, status in 200_u16..600) {
        // 204 and 304 have no body, whatever the server sends.
        prop_assume!(status != 204 && status != 304);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (created, checked) = runtime.block_on(async {
            (created_with(status, &body).await, checked_with(status, &body).await)
        });
        assert_unknown(created, status, &body, ABSENT);
        assert_malformed(checked, status, &body, ABSENT);
    }
}

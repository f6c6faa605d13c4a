//! Requests, and every known form of a reply, over real HTTP.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod exchange;
mod server;

use exchange::*;
use proptest::prelude::*;
use qris_api::{
    ApiKey, Cause, Client, Defect, Error, InvoiceId, MerchantId, Payment, PaymentDetails, Reason,
    Rupiah, Tip, WibTime,
};
use server::Server;

/// The path of the only request so far, and its parameters in their order.
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
async fn a_key_with_any_visible_character_arrives_unchanged() {
    let server = Server::answering(200, b"{}").await;
    let key = ApiKey::parse("a&b=c#d%e+f/g?h").unwrap();
    let client = Client::builder(key, MerchantId::parse("1").unwrap())
        .base_url(server.base_url())
        .budget(qris_api::CheckBudget::in_memory(60))
        .build()
        .unwrap();
    client.create_invoice(&number(), Rupiah::new(100), Tip::None).await.unwrap_err();
    let (_, query) = only_request(&server);
    assert_eq!(query[1], ("apikey".to_owned(), "a%26b%3Dc%23d%25e%2Bf%2Fg%3Fh".to_owned()));
}

#[tokio::test]
async fn the_sample_reply_of_the_documentation_is_an_invoice() {
    for id in [r#""413255111""#, r#"" 413255111 ""#, "413255111"] {
        assert_eq!(created(&success(id)).await, Ok(invoice()), "{id}");
    }
    let loud = success("413255111").replace("success", "SUCCESS");
    assert_eq!(created(&loud).await, Ok(invoice()));
}

#[tokio::test]
async fn a_success_counts_with_any_http_status() {
    for status in [200, 201, 302, 404, 500, 503] {
        let body = success("413255111");
        assert_eq!(created_with(status, body.as_bytes()).await, Ok(invoice()), "{status}");
    }
}

#[tokio::test]
async fn an_invoice_number_of_eleven_digits_is_kept() {
    let long = success(r#""41325511101""#);
    let invoice = created(&long).await.unwrap();
    assert_eq!(invoice.qris_invoiceid, InvoiceId::new(41_325_511_101));
    assert!(!invoice.reference_matches(), "the sample's 62.05 is another number: a warning");
}

#[tokio::test]
async fn each_refusal_is_known_in_both_forms_and_any_case() {
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
async fn paid_may_have_all_or_none_of_its_details() {
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

#[tokio::test]
async fn a_reply_keeps_the_details_of_a_payment() {
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
async fn the_details_of_a_payment_are_cut_at_their_limits() {
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
        // 204 and 304 have no body, even if the server sends one.
        prop_assume!(status != 204 && status != 304);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (created, checked) = runtime.block_on(async {
            (created_with(status, &body).await, checked_with(status, &body).await)
        });
        assert_unknown(created, status, &body, ABSENT);
        assert_malformed(checked, status, &body, ABSENT);
    }
}

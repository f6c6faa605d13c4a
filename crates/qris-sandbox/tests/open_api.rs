//! The two calls, over real HTTP, as in the provider's documentation.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod http;

use http::{json, send};
use qris_codec::{Amount, Initiation, Path, Payload, Tag};
use qris_sandbox::{CheckDate, PayError, Payer, RefusalShape, Sandbox};
use serde_json::{Value, json};

const CREATE: &str = "/restapi/qris/show_qris.php?do=create-invoice&apikey=sandbox-key&mID=123456";
const CHECK: &str = "/restapi/qris/checkpaid_qris.php?do=checkStatus&apikey=sandbox-key&mID=123456";

async fn get(sandbox: &Sandbox, path: &str) -> Value {
    json(send(sandbox, "GET", path, "").await)
}

async fn create(sandbox: &Sandbox, number: &str, amount: u64) -> Value {
    let path = format!("{CREATE}&cliTrxNumber={number}&cliTrxAmount={amount}&useTip=no");
    get(sandbox, &path).await["data"].clone()
}

fn id(invoice: &Value) -> u64 {
    invoice["qris_invoiceid"].as_str().unwrap().parse().unwrap()
}

fn day(invoice: &Value) -> &str {
    &invoice["qris_request_date"].as_str().unwrap()[..10]
}

#[tokio::test]
async fn a_created_invoice_carries_a_qr_with_its_amount_number_and_nmid() {
    let sandbox = Sandbox::start().await.unwrap();
    let invoice = create(&sandbox, "INV-1", 25_578).await;
    let payload = Payload::parse(invoice["qris_content"].as_str().unwrap()).unwrap();
    assert_eq!(payload.initiation(), Some(Initiation::Dynamic));
    assert_eq!(payload.amount(), Some(Ok(Amount::rupiah(25_578))));
    assert_eq!(payload.currency(), Some("360"));
    assert_eq!(payload.get(Tag::TIP), None);
    assert_eq!(payload.get(Path::NMID), invoice["qris_nmid"].as_str());
    assert_eq!(payload.get(Path::REFERENCE_LABEL), invoice["qris_invoiceid"].as_str());
}

#[tokio::test]
async fn a_tip_is_asked_for_unless_it_is_declined() {
    let sandbox = Sandbox::start().await.unwrap();
    for (parameter, indicator) in
        [("&useTip=yes", Some("01")), ("&useTip=no", None), ("", Some("01"))]
    {
        let path = format!("{CREATE}&cliTrxNumber=INV-1&cliTrxAmount=1000{parameter}");
        let reply = get(&sandbox, &path).await;
        let content = reply["data"]["qris_content"].as_str().unwrap();
        let payload = Payload::parse(content).unwrap();
        assert_eq!(payload.get(Tag::TIP), indicator, "{parameter}");
    }
}

#[tokio::test]
async fn each_refused_create_is_worded_as_documented() {
    let sandbox = Sandbox::start().await.unwrap();
    let page = "/restapi/qris/show_qris.php?";
    let rows = [
        ("do=sing&apikey=sandbox-key&mID=123456", json!({"qris_status": "what we do for you?"})),
        ("", json!({"qris_status": "what we do for you?"})),
        ("do=create-invoice&apikey=wrong&mID=123456", json!({"qris_status": "invalid apikey"})),
        ("do=create-invoice&apikey=sandbox-key&mID=1", json!({"qris_status": "invalid mID"})),
        (
            "do=create-invoice&apikey=sandbox-key&mID=123456&cliTrxAmount=1000",
            json!({"qris_status": "transcation number is empty"}),
        ),
        ("do=create-invoice&apikey=sandbox-key&mID=123456&cliTrxNumber=A", json!("invalid amount")),
    ];
    for (query, data) in rows {
        let reply = get(&sandbox, &format!("{page}{query}")).await;
        assert_eq!(reply, json!({"status": "failed", "data": data}), "{query}");
    }
    for amount in ["0", "-1", "1.5", "1.000", "1000,00", "abc", "%2B5", "10000001"] {
        let reply = get(&sandbox, &format!("{CREATE}&cliTrxNumber=A&cliTrxAmount={amount}")).await;
        assert_eq!(reply, json!({"status": "failed", "data": "invalid amount"}), "{amount}");
    }
}

#[tokio::test]
async fn refusals_come_in_the_shape_that_was_set() {
    for (shape, data) in [
        (RefusalShape::Text, json!("invalid apikey")),
        (RefusalShape::Object, json!({"qris_status": "invalid apikey"})),
    ] {
        let sandbox = Sandbox::builder().refusals(shape).start().await.unwrap();
        let reply = get(&sandbox, "/restapi/qris/show_qris.php?do=create-invoice&apikey=x").await;
        assert_eq!(reply, json!({"status": "failed", "data": data}));
    }
}

#[tokio::test]
async fn an_invoice_is_unpaid_until_it_is_paid_and_then_says_who_paid() {
    let sandbox = Sandbox::start().await.unwrap();
    let invoice = create(&sandbox, "INV-1", 25_578).await;
    let path = format!("{CHECK}&invid={}&trxvalue=25578&trxdate={}", id(&invoice), day(&invoice));
    let unpaid = json!({"status": "failed", "data": {"qris_status": "unpaid"}});
    assert_eq!(get(&sandbox, &path).await, unpaid);

    sandbox.pay_as(id(&invoice), Payer::new("SITI", "BCA")).unwrap();
    let paid = get(&sandbox, &path).await;
    assert_eq!(paid["status"], "success");
    assert_eq!(paid["data"]["qris_status"], "paid");
    assert_eq!(paid["data"]["qris_payment_customername"], "SITI");
    assert_eq!(paid["data"]["qris_payment_methodby"], "BCA");

    for wrong in [
        path.replace("trxvalue=25578", "trxvalue=25579"),
        path.replace(day(&invoice), "2020-01-01"),
        path.replace(&id(&invoice).to_string(), "7"),
    ] {
        assert_eq!(get(&sandbox, &wrong).await, unpaid, "{wrong}");
    }
}

#[tokio::test]
async fn each_refused_check_is_worded_as_documented() {
    let sandbox = Sandbox::builder().check_date(CheckDate::Either).start().await.unwrap();
    let empty = json!({"status": "failed, Invoice ID is empty", "data": []});
    assert_eq!(get(&sandbox, CHECK).await, empty);
    assert_eq!(get(&sandbox, &format!("{CHECK}&invid=")).await, empty);
    for (query, words) in [
        ("do=checkStatus&apikey=wrong&mID=123456", "invalid apikey"),
        ("do=checkStatus&apikey=sandbox-key&mID=1", "invalid mID"),
    ] {
        let reply = get(&sandbox, &format!("/restapi/qris/checkpaid_qris.php?{query}")).await;
        assert_eq!(reply, json!({"status": "failed", "data": {"qris_status": words}}), "{query}");
    }
}

#[tokio::test]
async fn an_invoice_is_paid_once_over_http_too() {
    let sandbox = Sandbox::start().await.unwrap();
    let invoice = create(&sandbox, "INV-1", 25_578).await;
    let path = format!("/sandbox/invoices/{}/pay", id(&invoice));
    let paid = json(send(&sandbox, "POST", &path, r#"{"method":"BNI"}"#).await);
    assert_eq!(paid["state"], "paid");
    assert_eq!(paid["method"], "BNI");
    let listed = get(&sandbox, "/sandbox/invoices").await;
    assert_eq!(listed, json!([paid]));

    assert_eq!(sandbox.pay(id(&invoice)), Err(PayError::AlreadyPaid));
    let (status, again) = send(&sandbox, "POST", &path, "").await;
    assert_eq!(status, 409, "{again}");
    let (status, other) = send(&sandbox, "POST", "/sandbox/invoices/1/pay", "").await;
    assert_eq!(status, 404, "{other}");
}

#[tokio::test]
async fn a_stopped_sandbox_listens_no_more() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = sandbox.address();
    sandbox.stop().await;
    let error = tokio::net::TcpStream::connect(address).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
}

//! Calls of programs in production, and the answers that they read.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod http;

use http::{exchange, json, send};
use qris_codec::{Payload, Tag};
use qris_sandbox::{Payer, Sandbox, SandboxBuilder};
use serde_json::{Value, json};

const CREATE_PAGE: &str = "/restapi/qris/show_qris.php";
const CHECK_PAGE: &str = "/restapi/qris/checkpaid_qris.php";
const KEY: &str = "apikey=sandbox-key&mID=123456";
const FORM: &str = "application/x-www-form-urlencoded";

async fn at_eleven(builder: SandboxBuilder) -> Sandbox {
    let sandbox = builder.start().await.unwrap();
    sandbox.set_time("2026-08-27T11:10:55+07:00".parse().unwrap());
    sandbox.stop_clock();
    sandbox
}

async fn get(sandbox: &Sandbox, path: &str) -> Value {
    json(send(sandbox, "GET", path, "").await)
}

/// Posts a form and reads the JSON of the answer.
async fn post(sandbox: &Sandbox, path: &str, form: &str) -> Value {
    let answer = exchange(sandbox, "POST", path, (FORM, form)).await;
    json((answer.status, String::from_utf8(answer.body).unwrap()))
}

#[track_caller]
fn id(created: &Value) -> u64 {
    created["data"]["qris_invoiceid"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn odoo_sees_a_payment_though_it_sends_a_time_and_no_tip() {
    let sandbox = at_eleven(Sandbox::builder()).await;
    let create = format!(
        "{CREATE_PAGE}?do=create-invoice&{KEY}&cliTrxNumber=INV%2F2026%2F00001&cliTrxAmount=25578"
    );
    let created = get(&sandbox, &create).await;
    let content = created["data"]["qris_content"].as_str().unwrap();
    let payload = Payload::parse(content).unwrap();
    assert_eq!(payload.get(Tag::TIP), Some("01"), "tips are on");

    let check = format!(
        "{CHECK_PAGE}?do=checkStatus&{KEY}&invid={}&trxvalue=25578&trxdate=2026-08-27+04%3A10%3A55",
        id(&created)
    );
    assert_eq!(get(&sandbox, &check).await["data"]["qris_status"], "unpaid");
    sandbox.pay(id(&created)).unwrap();
    assert_eq!(get(&sandbox, &check).await["data"]["qris_status"], "paid");
    let another_day = check.replace("2026-08-27", "2026-08-26");
    assert_eq!(get(&sandbox, &another_day).await["data"]["qris_status"], "unpaid");
}

#[tokio::test]
async fn a_flutter_client_that_posts_a_query_sees_a_payment() {
    let sandbox = at_eleven(Sandbox::builder()).await;
    let create = format!(
        "{CREATE_PAGE}?do=create-invoice&{KEY}&cliTrxNumber=%231001&cliTrxAmount=1000&useTip=no"
    );
    let created = json(send(&sandbox, "POST", &create, "").await);
    sandbox.pay(id(&created)).unwrap();
    let check = format!(
        "{CHECK_PAGE}?do=create-invoice&{KEY}&invid={}&trxvalue=1000&trxdate=2026-08-27",
        id(&created)
    );
    let paid = json(send(&sandbox, "POST", &check, "").await);
    assert_eq!(paid["data"]["qris_status"], "paid");
    assert_eq!((sandbox.calls().creates(), sandbox.calls().checks()), (1, 1));
}

#[tokio::test]
async fn a_flutter_client_that_posts_a_form_sees_a_payment() {
    let sandbox = at_eleven(Sandbox::builder()).await;
    let number = "Order+00012-003-0004";
    let form = format!("do=create-invoice&{KEY}&cliTrxNumber={number}&cliTrxAmount=1000&useTip=no");
    let created = post(&sandbox, CREATE_PAGE, &form).await;
    let listed = get(&sandbox, "/sandbox/invoices").await;
    assert_eq!(listed[0]["number"], "Order 00012-003-0004");
    sandbox.pay(id(&created)).unwrap();
    // Some of it in the query, and a UUID as `do`.
    let path = format!("{CHECK_PAGE}?do=6f1c2c1e-8d0b-4f5e-9a54-0d3a0a2f6b11&{KEY}");
    let form = format!("invid={}&trxvalue=1000&trxdate=2026-08-27T23:59:59", id(&created));
    assert_eq!(post(&sandbox, &path, &form).await["data"]["qris_status"], "paid");
    assert_eq!((sandbox.calls().creates(), sandbox.calls().checks()), (1, 1));
}

#[tokio::test]
async fn a_strict_sandbox_refuses_what_the_documentation_does_not_show() {
    let sandbox = at_eleven(Sandbox::builder().strict()).await;
    let create = format!("{CREATE_PAGE}?do=create-invoice&{KEY}&cliTrxNumber=A&cliTrxAmount=1000");
    let words = json!("expected useTip as yes or no, found another");
    assert_eq!(get(&sandbox, &create).await["data"]["qris_status"], words);
    let create = create + "&useTip=no";
    assert_eq!(send(&sandbox, "POST", &create, "").await.0, 405);
    let created = get(&sandbox, &create).await;
    sandbox.pay(id(&created)).unwrap();

    let check = format!(
        "{CHECK_PAGE}?do=checkStatus&{KEY}&invid={}&trxvalue=1000&trxdate=2026-08-27",
        id(&created)
    );
    assert_eq!(get(&sandbox, &check).await["data"]["qris_status"], "paid");
    assert_eq!(send(&sandbox, "POST", &check, "").await.0, 405);
    let words = json!("what we do for you?");
    let other = check.replace("checkStatus", "create-invoice");
    assert_eq!(get(&sandbox, &other).await["data"]["qris_status"], words);
    let words = json!("expected trxdate as YYYY-MM-DD, found another");
    for date in ["2026-08-27+04:10:55", "2026-8-27", "20260827", "27-08-2026", ""] {
        let other = check.replace("2026-08-27", date);
        assert_eq!(get(&sandbox, &other).await["data"]["qris_status"], words, "{date}");
    }
}

#[tokio::test]
async fn a_date_that_is_none_never_says_paid() {
    let sandbox = at_eleven(Sandbox::builder()).await;
    let create = format!("{CREATE_PAGE}?do=create-invoice&{KEY}&cliTrxNumber=A&cliTrxAmount=1000");
    let created = get(&sandbox, &create).await;
    sandbox.pay(id(&created)).unwrap();
    for date in ["", "2026-08-271", "2026-08-27x", "2026-13-27", "2026-08-2é", "27-08-2026"] {
        let path =
            format!("{CHECK_PAGE}?{KEY}&invid={}&trxvalue=1000&trxdate={date}", id(&created))
                .replace('é', "%C3%A9");
        assert_eq!(get(&sandbox, &path).await["data"]["qris_status"], "unpaid", "{date}");
    }
}

#[tokio::test]
async fn transaction_numbers_are_64_printable_characters_without_outer_spaces() {
    let sandbox = Sandbox::start().await.unwrap();
    let create = async |number: &str| {
        let form = format!("do=create-invoice&{KEY}&cliTrxAmount=1000&cliTrxNumber={number}");
        post(&sandbox, CREATE_PAGE, &form).await
    };
    let longest = "x".repeat(64);
    for number in ["INV%2F2026%2F00001", "%231001", "Order%2000012-003-0004", "~%21", &longest] {
        assert_eq!(create(number).await["status"], "success", "{number}");
    }
    let words = "expected cliTrxNumber as 1 to 64 printable ASCII characters without a space at \
                 either end, found another text";
    let refused = json!({"status": "failed", "data": {"qris_status": words}});
    let too_long = "x".repeat(65);
    for number in ["%20A", "A%20", "%20", "A%09B", "A%7F", "caf%C3%A9", &too_long] {
        assert_eq!(create(number).await, refused, "{number}");
    }
}

/// The text between two marks.
#[track_caller]
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).unwrap().1.split_once(after).unwrap().0
}

#[tokio::test]
async fn members_come_in_the_documented_order() {
    let sandbox = at_eleven(Sandbox::builder()).await;
    let create = format!("{CREATE_PAGE}?do=create-invoice&{KEY}&cliTrxNumber=A&cliTrxAmount=1000");
    let (_, created) = send(&sandbox, "GET", &create, "").await;
    let content = between(&created, r#""qris_content":""#, "\"").to_owned();
    let id = between(&created, r#""qris_invoiceid":""#, "\"").to_owned();
    assert_eq!(
        created,
        format!(
            r#"{{"status":"success","data":{{"qris_content":"{content}","qris_request_date":"2026-08-27 11:10:55","qris_invoiceid":"{id}","qris_nmid":"{}"}}}}"#,
            sandbox.nmid()
        )
    );
    let check = format!("{CHECK_PAGE}?{KEY}&invid={id}&trxvalue=1000&trxdate=2026-08-27");
    let (_, unpaid) = send(&sandbox, "GET", &check, "").await;
    assert_eq!(unpaid, r#"{"status":"failed","data":{"qris_status":"unpaid"}}"#);
    sandbox.pay_as(id.parse().unwrap(), Payer::new("SITI", "BCA")).unwrap();
    let (_, paid) = send(&sandbox, "GET", &check, "").await;
    assert_eq!(
        paid,
        r#"{"status":"success","data":{"qris_status":"paid","qris_payment_customername":"SITI","qris_payment_methodby":"BCA","qris_paid_date":"2026-08-27 11:10:55"}}"#
    );
}

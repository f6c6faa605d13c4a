//! Several merchants in one till, over real HTTP.

use std::net::SocketAddr;

use qris_api::{ApiKey, Client, MerchantId, Schedule};
use qris_sandbox::Sandbox;
use qris_till::{Error, MerchantName, MerchantSettings, Settings, Till, Token};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::running::{Events, get, post, send};
use crate::shop::HOUR;

/// The webhook token of each merchant.
const TOKENS: [&str; 2] = ["7d1e0b55c2a94be2a3f0", "9a40c1d2e3f4056b7c8d"];
const NAMES: [&str; 2] = ["kios-1", "kios-2"];

struct Mall {
    sandboxes: [Sandbox; 2],
    till: Till,
    _folder: TempDir,
}

fn name(text: &str) -> MerchantName {
    text.parse().expect("a name")
}

fn merchant(named: &str, sandbox: &Sandbox, key: &str, id: &str) -> MerchantSettings {
    let schedule = Schedule::default().with_try_gap(HOUR).with_check_gap(HOUR);
    let client = Client::builder(ApiKey::parse(key).unwrap(), MerchantId::parse(id).unwrap())
        .base_url(sandbox.base_url())
        .schedule(schedule);
    MerchantSettings::named(name(named), client)
}

/// A till for two merchants, each with a separate provider and webhook.
async fn mall() -> Mall {
    let folder = tempfile::tempdir().unwrap();
    let one = Sandbox::builder().credentials("key-of-one", "111111").start().await.unwrap();
    let two = Sandbox::builder().credentials("key-of-two", "222222").start().await.unwrap();
    let database = format!("sqlite://{}", folder.path().join("qris.db").display());
    let merchants = [
        merchant(NAMES[0], &one, "key-of-one", "111111"),
        merchant(NAMES[1], &two, "key-of-two", "222222"),
    ];
    let tokens = NAMES.into_iter().zip(TOKENS);
    let mut settings = Settings::new(merchants, database);
    settings.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    settings.webhook_tokens =
        tokens.map(|(at, token)| (name(at), Token::parse(token).unwrap())).collect();
    let till = Till::start(settings).await.unwrap();
    Mall { sandboxes: [one, two], till, _folder: folder }
}

/// Charges the same number for both merchants.
async fn charge_both(at: SocketAddr) -> [Value; 2] {
    let charge = |merchant: &'static str, amount: u64| async move {
        let body = json!({"number": "INV-1", "amount": amount}).to_string();
        post(at, &format!("/api/orders?merchant={merchant}"), &body).await.json(201)
    };
    [charge(NAMES[0], 500).await, charge(NAMES[1], 700).await]
}

fn id_of(order: &Value) -> u64 {
    order["qris_invoiceid"].as_u64().expect("an invoice")
}

#[tokio::test(flavor = "multi_thread")]
async fn two_merchants_have_the_same_number_and_each_sees_its_own_order() {
    let mall = mall().await;
    let at = mall.till.address();
    let orders = charge_both(at).await;
    for (merchant, amount, order) in [(NAMES[0], 500, &orders[0]), (NAMES[1], 700, &orders[1])] {
        assert_eq!(order["merchant"], merchant);
        let path = format!("/api/orders/INV-1?merchant={merchant}");
        assert_eq!(get(at, &path).await.json(200)["amount"], amount);
        let list = get(at, &format!("/api/orders?merchant={merchant}")).await.json(200);
        assert_eq!(list["orders"].as_array().unwrap().len(), 1, "{list}");
    }
    let events = |merchant| Events::at(at, merchant);
    let mut first = events("/api/orders/INV-1/events?merchant=kios-1").await;
    let mut both = events("/api/stream?merchant=kios-2&number=INV-1").await;
    assert_eq!(first.next().await.unwrap()["amount"], 500);
    assert_eq!(both.next().await.unwrap()["amount"], 700);
    mall.sandboxes[1].pay(id_of(&orders[1])).unwrap();
    post(at, "/api/orders/INV-1/check?merchant=kios-2", "").await.json(200);
    loop {
        let event = both.next().await.unwrap();
        if event["state"] == "paid" {
            break;
        }
    }
    let other = get(at, "/api/orders/INV-1?merchant=kios-1").await.json(200);
    assert_eq!(other["state"], "pending", "nobody paid it");
    let report = get(at, "/api/report?by=merchant").await.json(200);
    let total = |merchant: &str, payments: u64, paid: u64| {
        json!({
            "merchant": merchant, "day": null, "channel": null,
            "invoices": 1, "payments": payments, "paid": paid,
        })
    };
    assert_eq!(report["totals"], json!([total("kios-1", 0, 0), total("kios-2", 1, 700)]));
    let csv = get(at, "/api/report?by=merchant&format=csv").await.body;
    let expected = "merchant,invoices,payments,paid\r\nkios-1,1,0,0\r\nkios-2,1,1,700\r\n";
    assert_eq!(csv, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_names_no_merchant_or_another_is_refused_and_charges_nobody() {
    let mall = mall().await;
    let at = mall.till.address();
    let body = r#"{"number":"INV-1","amount":500}"#;
    for (method, path) in [
        ("POST", "/api/orders"),
        ("POST", "/api/orders?merchant=main"),
        ("POST", "/api/orders?merchant="),
        ("GET", "/api/orders?merchant=kios-3"),
        ("GET", "/api/report"),
        ("GET", "/api/stream?counter=main"),
        ("GET", "/api/counters/main"),
    ] {
        let refused = send(at, method, path, "", body).await.unwrap().json(404);
        assert_eq!(refused["error"], "unknown-merchant", "{method} {path}");
        let words = refused["message"].as_str().unwrap();
        assert!(words.contains("merchant=kios-1 or kios-2"), "{words}");
    }
    assert_eq!(mall.sandboxes[0].calls().creates() + mall.sandboxes[1].calls().creates(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_of_the_merchant_whose_token_it_has_and_of_no_other() {
    let mall = mall().await;
    let at = mall.till.address();
    let orders = charge_both(at).await;
    // A webhook of the first merchant's invoice at the second merchant's address: it is kept there, and nothing
    // is checked.
    let id = id_of(&orders[0]) + 7_000;
    let hint = format!(r#"{{"invoice":"{id}","qris_status":"success"}}"#);
    let path = format!("/webhook/{}", TOKENS[1]);
    assert_eq!(post(at, &path, &hint).await.status, 200);
    let kept = async |merchant: &str| {
        let path = format!("/api/webhooks/unbooked?merchant={merchant}");
        get(at, &path).await.json(200).as_array().unwrap().len()
    };
    assert_eq!((kept(NAMES[0]).await, kept(NAMES[1]).await), (0, 1));
    let hook = format!("http://{at}/webhook/{}", TOKENS[0]);
    mall.sandboxes[0].set_webhook(&hook).unwrap();
    mall.sandboxes[0].pay(id_of(&orders[0])).unwrap();
    let mut events = Events::at(at, "/api/orders/INV-1/events?merchant=kios-1").await;
    loop {
        if events.next().await.unwrap()["state"] == "paid" {
            break;
        }
    }
    let other = get(at, "/api/orders/INV-1?merchant=kios-2").await.json(200);
    assert_eq!(other["state"], "pending");
    assert_eq!(mall.sandboxes[1].calls().checks(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_of_one_merchant_shows_nothing_of_another_merchants_counter() {
    let mall = mall().await;
    let at = mall.till.address();
    charge_both(at).await;
    let body = r#"{"number":"INV-1"}"#;
    let path = "/api/counters/K1?merchant=kios-1";
    send(at, "PUT", path, "", body).await.unwrap().json(200);
    assert_eq!(get(at, path).await.json(200)["number"], "INV-1");
    let other = get(at, "/api/counters/K1?merchant=kios-2").await.json(200);
    assert_eq!(other["number"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_does_not_start_when_its_merchants_could_be_mistaken_for_each_other() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("qris.db").display());
    let named = |one: &str| merchant(one, &sandbox, "key-of-one", "111111");
    let settings = |merchants: Vec<MerchantSettings>| {
        let mut settings = Settings::new(merchants, database.clone());
        settings.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        settings
    };
    let error = Till::start(settings(Vec::new())).await.unwrap_err();
    assert!(matches!(error, Error::NoMerchant), "{error}");
    let error = Till::start(settings(vec![named("a"), named("a")])).await.unwrap_err();
    assert!(matches!(&error, Error::SameMerchant(found) if found.as_str() == "a"), "{error}");
    let token = || Token::parse(TOKENS[0]).unwrap();
    let mut shared = settings(vec![named("a"), named("b")]);
    shared.webhook_tokens = [(name("a"), token()), (name("b"), token())].into();
    let error = Till::start(shared).await.unwrap_err();
    assert!(matches!(error, Error::SameWebhookToken(_)), "{error}");
    let mut unknown = settings(vec![named("a")]);
    unknown.webhook_tokens = [(name("c"), token())].into();
    let error = Till::start(unknown).await.unwrap_err();
    assert!(matches!(error, Error::WebhookMerchant(_)), "{error}");
}

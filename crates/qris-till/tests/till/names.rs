//! Payers' names: each route that returns them, called by each role.

use qris_api::{InvoiceId, Payment, PaymentDetails, Rupiah, WibTime};
use qris_ledger::{NewPlan, Period, ReceiptCode, Role, TokenRole};
use serde_json::json;

use crate::people::{add_token, add_user, bearer, ledger, signed_in};
use crate::running::{Events, charge, reaches, send};
use crate::shop::{HOOK, HOUR, Shop, TOKEN, with_token};

const NAME: &str = "BUDI SANTOSO";
const MASKED: &str = "BU** S******";
const TABLE: &str = include_str!("../../src/permissions.md");

/// How a role sees a payer's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sees {
    Whole,
    Masked,
    Nothing,
}

/// How much of the name an answer has.
fn seen(text: &str) -> Sees {
    match (text.contains(NAME), text.contains(MASKED)) {
        (true, _) => Sees::Whole,
        (false, true) => Sees::Masked,
        (false, false) => Sees::Nothing,
    }
}

/// Each role that may see an order, with its headers.
async fn roles(shop: &Shop) -> [(&'static str, String, Sees); 5] {
    let at = shop.at();
    add_user(shop, "Kasir", Role::Cashier, "480615");
    add_user(shop, "Penyelia", Role::Supervisor, "739104");
    add_user(shop, "Pemilik", Role::Owner, "628401");
    let program = bearer(&add_token(shop, "erp", TokenRole::Program, None));
    [
        ("cashier", signed_in(at, "Kasir", "480615").await, Sees::Masked),
        ("supervisor", signed_in(at, "Penyelia", "739104").await, Sees::Whole),
        ("owner", signed_in(at, "Pemilik", "628401").await, Sees::Whole),
        ("program", program, Sees::Whole),
        ("owner's token", bearer(TOKEN), Sees::Whole),
    ]
}

/// A till with a paid sale, a bill, and a webhook of an unrecorded invoice. All three have the name.
async fn with_payer() -> Shop {
    let shop = Shop::with(HOUR, with_token).await;
    let owner = bearer(TOKEN);
    let body = r#"{"number":"INV-1","amount":5000}"#;
    let sale = send(shop.at(), "POST", "/api/orders", &owner, body).await.unwrap().json(201);
    let mut details = PaymentDetails::default();
    details.customer_name = Some(NAME.into());
    let (id, mut ledger) = (sale["qris_invoiceid"].as_u64().expect("an id"), ledger(&shop));
    let paid = Payment::Paid(details);
    ledger.settle(InvoiceId::new(id), &paid, WibTime::now()).expect("a payment");
    let today = WibTime::now().date();
    let mut plan = NewPlan::new("BILL", Rupiah::new(5_000), Period::Weekly, today);
    plan.customer_name = Some(NAME.into());
    ledger.add_plan(&plan, WibTime::now()).expect("a plan");
    ledger.make_plan_orders(1, WibTime::now()).expect("a bill");
    let webhook = json!({
        "invoice": "41325511100", "qris_status": "success", "qris_payment_customername": NAME,
    });
    let (path, webhook) = (format!("/webhook/{HOOK}"), webhook.to_string());
    let taken = send(shop.at(), "POST", &path, "", &webhook).await.unwrap();
    assert_eq!(taken.status, 200);
    shop
}

#[tokio::test(flavor = "multi_thread")]
async fn each_answer_that_has_a_payers_name_has_it_masked_for_a_cashier_and_whole_for_the_others() {
    let shop = with_payer().await;
    let at = shop.at();
    let receipt = send(at, "GET", "/api/orders/INV-1/receipt.txt", &bearer(TOKEN), "").await;
    let receipt = receipt.unwrap().body;
    let code = receipt.split_whitespace().rfind(|word| word.parse::<ReceiptCode>().is_ok());
    let look_up = format!("/api/receipts/{}", code.expect("a code on the receipt"));
    let sale = r#"{"number":"INV-1","amount":5000}"#;
    let routes = [
        ("GET", "/api/orders", ""),
        ("GET", "/api/orders?search=INV-1", ""),
        ("GET", "/api/orders?search=BILL", ""),
        ("GET", "/api/orders/INV-1", ""),
        ("GET", "/api/orders/INV-1?while=pending&wait=1", ""),
        ("GET", look_up.as_str(), ""),
        ("GET", "/api/attention", ""),
        ("POST", "/api/orders", sale),
        ("POST", "/api/orders/INV-1/acknowledge", "{}"),
    ];
    let supervised = [
        ("GET", "/api/bills", ""),
        ("GET", "/api/events", ""),
        ("GET", "/api/plans", ""),
        ("GET", "/api/report?by=payment", ""),
        ("GET", "/api/webhooks/unbooked", ""),
    ];
    for (who, headers, expected) in roles(&shop).await {
        for (method, path, body) in routes {
            let answer = send(at, method, path, &headers, body).await.unwrap();
            assert_eq!(seen(&answer.body), expected, "{method} {path} as {who}: {}", answer.body);
        }
        for (method, path, body) in supervised {
            let answer = send(at, method, path, &headers, body).await.unwrap();
            let expected = if who == "cashier" { Sees::Nothing } else { expected };
            assert_eq!(seen(&answer.body), expected, "{method} {path} as {who}: {}", answer.body);
        }
        for path in ["/api/orders/INV-1/events", "/api/stream?number=INV-1"] {
            let mut events = Events::with(at, path, &headers).await;
            let event = events.next().await.expect("an event").to_string();
            assert_eq!(seen(&event), expected, "{path} as {who}: {event}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_route_that_a_cashier_or_a_display_reaches_has_a_whole_name() {
    let shop = with_payer().await;
    let at = shop.at();
    let display = bearer(&add_token(&shop, "layar", TokenRole::Display, None));
    let roles = roles(&shop).await;
    let (_, cashier, _) = &roles[0];
    // A display may read the order that its counter shows.
    let shown = r#"{"number":"INV-1"}"#;
    let put = send(at, "PUT", "/api/counters/main", cashier, shown).await.unwrap();
    assert!(put.status < 300, "{}", put.body);
    let routes = TABLE.lines().filter(|line| line.starts_with("| `"));
    let mut asked = 0;
    for line in routes.filter(|line| line.contains("| cashier |")) {
        let cells: Vec<&str> = line.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let (method, path) = (cells[1], cells[2]);
        // Streams do not end and are tested above. A session that was ended cannot send more requests.
        if path.ends_with("/events") || path == "/api/stream" || method == "DELETE" {
            continue;
        }
        let path = path.replace("{number}", "INV-1").replace("{id}", "1").replace("{till}", "main");
        for (who, headers) in [("cashier", cashier), ("display", &display)] {
            let body = if method == "GET" { "" } else { "{}" };
            let answer = send(at, method, &path, headers, body).await.unwrap();
            let found = seen(&answer.body);
            assert_ne!(found, Sees::Whole, "{method} {path} as {who}: {}", answer.body);
            if who == "display" {
                assert_eq!(found, Sees::Nothing, "{method} {path}: {}", answer.body);
            }
            asked += 1;
        }
    }
    assert!(asked > 50, "{asked}");
    let mut events = Events::with(at, "/api/stream?number=INV-1", &display).await;
    let event = events.next().await.expect("an event");
    assert_eq!((seen(&event.to_string()), &event["state"]), (Sees::Nothing, &json!("paid")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_printed_and_added_up_has_no_payers_name_for_anybody() {
    let shop = with_payer().await;
    let owner = bearer(TOKEN);
    for path in [
        "/api/orders/INV-1/receipt.html",
        "/api/orders/INV-1/receipt.txt",
        "/api/orders/INV-1/story",
        "/api/report?by=payment&format=csv",
        "/api/shifts",
    ] {
        let answer = send(shop.at(), "GET", path, &owner, "").await.unwrap();
        assert_eq!((answer.status, seen(&answer.body)), (200, Sees::Nothing), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_is_asked_who_they_are_names_are_whole() {
    let shop = Shop::open().await;
    let sale = charge(shop.at(), "INV-1", 5_000).await.json(201);
    shop.pay(&sale);
    let paid = reaches(shop.at(), "INV-1", "paid").await;
    let name = paid["customer_name"].as_str().expect("a name");
    assert!(!name.is_empty() && !name.contains('*'), "{name}");
}

//! Settlements over real HTTP: tables of the portal, the differences, and how a person resolves them.

use qris_api::{Rupiah, TransactionNumber, WibTime};
use qris_ledger::{Ledger, NewOrder, Request};
use qris_till::{MerchantName, SettlementTerms};
use serde_json::{Value, json};

use crate::running::{charge, get, post, reaches};
use crate::shop::{HOUR, Shop};

const HEAD: &str = "tgl,nominal,cs,rrn,idtrans,idinv,datesettle";

/// A table with these lines: amount, transaction id, invoice id.
fn table(lines: &[(u64, &str, &str)]) -> String {
    let now = WibTime::now().to_api_text();
    let lines = lines.iter().map(|(amount, id, invoice)| {
        format!("{now},{amount},SITI NURHALIZA,R{id},{id},{invoice},2026-12-01\n")
    });
    format!("{HEAD}\n{}", lines.collect::<String>())
}

async fn import(shop: &Shop, table: &str) -> Value {
    post(shop.at(), "/api/settlements", table).await.json(200)
}

async fn report(shop: &Shop) -> Value {
    get(shop.at(), "/api/settlements").await.json(200)
}

fn counts(report: &Value) -> [u64; 5] {
    ["matched", "other_amount", "unpaid", "only_booked", "only_settled"]
        .map(|list| report[list]["count"].as_u64().expect("a count"))
}

async fn paid(shop: &Shop, number: &str) -> u64 {
    let order = charge(shop.at(), number, 25_578).await.json(201);
    shop.pay(&order);
    reaches(shop.at(), number, "paid").await;
    order["qris_invoiceid"].as_u64().expect("an id")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_kept_once_and_what_is_not_booked_is_booked_once() {
    let shop = Shop::with(std::time::Duration::from_secs(1), |mut settings| {
        let mut terms = SettlementTerms::default();
        terms.criteria = Some("uke".parse().expect("a criteria"));
        settings.settlement_terms.insert(MerchantName::default(), terms);
        settings
    });
    let shop = shop.await;
    let id = paid(&shop, "INV-1").await;
    let waits = paid(&shop, "INV-2").await;
    assert_ne!(id, waits);
    let table = table(&[(25_578, "T-1", &id.to_string()), (50_000, "T/2", "")]);
    let first = import(&shop, &table).await;
    assert_eq!(
        (&first["new"], &first["known"], &first["to_check"]),
        (&json!(2), &json!(0), &json!(0))
    );
    assert_eq!(first["from"], WibTime::now().date().to_string());
    let again = import(&shop, &table).await;
    assert_eq!((&again["new"], &again["known"]), (&json!(0), &json!(2)));

    let found = report(&shop).await;
    assert_eq!(counts(&found), [1, 0, 0, 1, 1], "{found}");
    assert_eq!(found["only_booked"]["rows"][0]["number"], "INV-2");
    assert!(found["only_booked"]["rows"][0]["due"].is_string());
    let row = &found["only_settled"]["rows"][0];
    assert_eq!((&row["key"], &row["settled"]), (&json!("id:T/2"), &json!(50_000)));
    // 0.7 % of each payment, each rounded separately.
    let day = &found["days"][0];
    assert_eq!((&day["gross"], &day["mdr"]), (&json!(75_578), &json!(179 + 350)));
    assert_eq!(day["net"], 75_578 - 529);
    let everything = get(shop.at(), "/api/settlements").await.body
        + &get(shop.at(), "/api/settlements?format=csv").await.body;
    assert!(!everything.contains("NURHALIZA"), "{everything}");

    // Two people at once, and one more request.
    let path = "/api/settlements/id%3AT%2F2/book";
    let (one, two) = tokio::join!(post(shop.at(), path, ""), post(shop.at(), path, "{}"));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 201], "{} {}", one.body, two.body);
    let order = post(shop.at(), path, "").await.json(200);
    assert_eq!((&order["number"], &order["state"]), (&json!("SETTLED-T/2"), &json!("paid")));
    assert_eq!(order["qris_invoiceid"], Value::Null);
    let story = get(shop.at(), "/api/orders/SETTLED-T%2F2/story").await.json(200);
    assert_eq!(story["story"].as_array().map(Vec::len), Some(1), "{story}");
    assert_eq!(counts(&report(&shop).await), [2, 0, 0, 1, 0]);
    let totals = get(shop.at(), "/api/report").await.json(200);
    assert_eq!(totals["totals"][0]["payments"], 3, "{totals}");
    let csv = get(shop.at(), "/api/settlements?format=csv").await;
    assert!(csv.head.contains("text/csv"), "{}", csv.head);
    assert!(csv.body.contains("matched,\"SETTLED-T/2\",,"), "{}", csv.body);
    let gone = post(shop.at(), "/api/settlements/id%3ANO/book", "").await;
    assert_eq!(gone.json(404)["error"], "not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_the_table_says_is_paid_is_paid_by_a_check_and_a_lying_table_changes_nothing()
{
    // The schedule makes no check for an hour.
    let shop = Shop::with(HOUR, |settings| settings).await;
    let paid = charge(shop.at(), "PAID", 25_578).await.json(201);
    let unpaid = charge(shop.at(), "UNPAID", 30_000).await.json(201);
    let shop = shop.close().await;
    shop.sandbox.pay(paid["qris_invoiceid"].as_u64().expect("an id")).expect("the payer pays");
    let shop = shop.open(HOUR, |settings| settings).await;
    let id = |order: &Value| order["qris_invoiceid"].as_u64().expect("an id");
    let (paid_id, unpaid_id) = (id(&paid).to_string(), id(&unpaid).to_string());
    let table = table(&[(30_000, "T-1", &unpaid_id), (25_578, "T-2", &paid_id)]);
    assert_eq!(shop.sandbox.calls().checks(), 0, "nothing was checked");

    let done = import(&shop, &table).await;
    assert_eq!((&done["new"], &done["to_check"]), (&json!(2), &json!(2)), "{done}");
    let found = report(&shop).await;
    let rows = found["unpaid"]["rows"].as_array().expect("rows");
    assert!(
        rows.iter().any(|row| row["number"] == "PAID" && row["is_checking"] == true),
        "{found}"
    );
    reaches(shop.at(), "PAID", "paid").await;
    let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let last = loop {
        let found = report(&shop).await;
        if found["unpaid"]["rows"][0]["answered_at"].is_string() {
            break found;
        }
        assert!(std::time::Instant::now() < end, "no answer: {found}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    };
    assert_eq!(counts(&last), [1, 0, 1, 0, 0], "{last}");
    let row = &last["unpaid"]["rows"][0];
    assert_eq!((&row["number"], &row["state"]), (&json!("UNPAID"), &json!("pending")));
    assert_eq!(shop.sandbox.calls().checks_of(id(&unpaid)).len(), 1, "asked once");
    let order = get(shop.at(), "/api/orders/UNPAID").await.json(200);
    assert_eq!((&order["state"], order.get("paid_at")), (&json!("pending"), None));
    // It is the payment of an order, so it is not recorded as another one.
    let refused =
        post(shop.at(), "/api/settlements/id%3AT-1/book", r#"{"accept_likely":true}"#).await;
    let refused = refused.json(409);
    assert_eq!(
        (&refused["error"], &refused["number"]),
        (&json!("already-booked"), &json!("UNPAID"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_may_be_of_an_unknown_order_is_answered_with_that_order_first() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let mut ledger = Ledger::connect(&shop.database()).expect("the ledger");
    let number = TransactionNumber::parse("LOST").expect("a number");
    let order = NewOrder::new(number, Rupiah::new(50_000));
    let asked = ledger.request(&order, WibTime::now()).expect("a request");
    let Request::New(intent) = asked else { panic!("the number is new") };
    ledger.record_unknown(&intent, Some("no answer"), WibTime::now()).expect("booked");
    import(&shop, &table(&[(50_000, "T-1", "77")])).await;
    let path = "/api/settlements/id%3AT-1/book";
    let refused = post(shop.at(), path, "").await.json(409);
    assert_eq!(refused["error"], "likely-orders");
    assert_eq!(refused["orders"][0]["number"], "LOST", "{refused}");
    assert_eq!(refused["orders"][0]["state"], "unknown");
    assert_eq!(counts(&report(&shop).await), [0, 0, 0, 0, 1], "nothing was booked");
    let order = post(shop.at(), path, r#"{"accept_likely":true}"#).await.json(201);
    assert_eq!(order["qris_invoiceid"], 77);
    assert_eq!(get(shop.at(), "/api/orders/LOST").await.json(200)["state"], "unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_keeps_nothing_and_a_name_in_the_query_finds_a_column() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let table = table(&[(50_000, "T-1", ""), (60_000, "T-2", "")]);
    let table = table.replace("nominal", "Uang masuk");
    let preview = "/api/settlements?preview=yes";
    let seen = post(shop.at(), preview, &table).await.json(200);
    assert_eq!(seen["missing"], json!(["amount"]), "{seen}");
    assert_eq!(seen["columns"][1], json!({"name": "Uang masuk", "column": null}));
    assert_eq!(seen["lines"].as_array().map(Vec::len), Some(2));
    let refused = post(shop.at(), "/api/settlements", &table).await.json(422);
    assert_eq!((&refused["error"], &refused["fault"]), (&json!("wrong-file"), &json!("no-column")));
    let named = format!("{preview}&column_amount=Uang%20masuk");
    let seen = post(shop.at(), &named, &table).await.json(200);
    assert_eq!((&seen["missing"], &seen["columns"][1]["column"]), (&json!([]), &json!("amount")));
    assert_eq!(counts(&report(&shop).await), [0; 5], "nothing was kept");
    let named = "/api/settlements?column_amount=Uang%20masuk";
    assert_eq!(post(shop.at(), named, &table).await.json(200)["new"], 2);
    let unknown = post(shop.at(), "/api/settlements?column_colour=red", &table).await;
    assert_eq!(unknown.json(400)["error"], "bad-request");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_table_is_refused_whole_with_its_line_and_column_and_without_what_is_in_it() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let good = table(&[(50_000, "T-1", "")]);
    let wrong = format!("{good}kemarin,1,SITI NURHALIZA,R9,T-9,,\n");
    let refused = post(shop.at(), "/api/settlements", &wrong).await;
    assert!(!refused.body.contains("NURHALIZA") && !refused.body.contains("kemarin"));
    let refused = refused.json(422);
    assert_eq!((&refused["line"], &refused["column"]), (&json!(3), &json!("paid_at")), "{refused}");
    assert_eq!(counts(&report(&shop).await), [0; 5], "nothing of it is kept");
    import(&shop, &good).await;
    let other = good.replace("50000", "60000");
    let refused = post(shop.at(), "/api/settlements", &other).await.json(409);
    assert_eq!((&refused["error"], &refused["line"]), (&json!("other-payments"), &json!(2)));
    for query in ["from=2026-01-01&to=2026-12-31", "from=2026-02-02&to=2026-02-01", "from=x"] {
        let refused = get(shop.at(), &format!("/api/settlements?{query}")).await;
        assert_eq!(refused.status, 422, "{query}: {}", refused.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_may_be_larger_than_other_bodies_and_has_a_limit_of_its_own() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let lines: Vec<_> = (0..2_000).map(|at| format!("T-{at}")).collect();
    let lines: Vec<_> = lines.iter().map(|id| (10_000, id.as_str(), "")).collect();
    let large = table(&lines);
    assert!(large.len() > 64 * 1024, "{}", large.len());
    assert_eq!(import(&shop, &large).await["new"], 2_000);
    let found = report(&shop).await;
    assert_eq!(found["only_settled"]["count"], 2_000);
    assert_eq!(found["only_settled"]["amount"], 20_000_000);
    assert_eq!(found["only_settled"]["rows"].as_array().map(Vec::len), Some(500));
    let csv = get(shop.at(), "/api/settlements?format=csv").await;
    assert_eq!(csv.body.lines().count(), 2_001);
    let refused = post(shop.at(), "/api/settlements", &"x".repeat(8 * 1024 * 1024 + 1)).await;
    assert_eq!(refused.json(413)["error"], "too-large");
    let other = post(shop.at(), "/api/tickets", &"x".repeat(16 * 1024 + 1)).await;
    assert_eq!(other.json(413)["error"], "too-large");
}

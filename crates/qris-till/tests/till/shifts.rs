//! Shifts over real HTTP: opening, totals, closing and printing.

use qris_api::{Rupiah, TransactionNumber, WibTime};
use qris_ledger::{Ledger, NewOrder, Request};
use serde_json::{Value, json};

use crate::running::{charge, get, post, reaches};
use crate::shop::Shop;

async fn opened(shop: &Shop, name: &str) -> Value {
    let body = json!({ "name": name }).to_string();
    post(shop.at(), "/api/shifts", &body).await.json(201)
}

/// Charges a number, and pays.
async fn paid(shop: &Shop, number: &str, amount: u64) {
    let order = charge(shop.at(), number, amount).await.json(201);
    shop.pay(&order);
    post(shop.at(), &format!("/api/orders/{number}/check"), "").await;
    reaches(shop.at(), number, "paid").await;
}

/// Records an order of unknown outcome.
fn unknown(shop: &Shop, number: &str) {
    let mut ledger = Ledger::connect(&shop.database()).expect("the ledger");
    let number = TransactionNumber::parse(number).expect("a number");
    let order = NewOrder::new(number, Rupiah::new(5_000));
    let asked = ledger.request(&order, WibTime::now()).expect("a request");
    let Request::New(intent) = asked else { panic!("the number is new") };
    ledger.record_unknown(&intent, Some("no answer"), WibTime::now()).expect("booked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shift_is_opened_with_a_name_added_up_and_closed_for_good() {
    let shop = Shop::open().await;
    let shift = opened(&shop, "Siti").await;
    assert_eq!((&shift["number"], &shift["name"]), (&json!(1), &json!("Siti")));
    assert_eq!((&shift["opened_by"], &shift["closed_at"]), (&json!("cashier"), &Value::Null));
    let again = post(shop.at(), "/api/shifts", r#"{"name":"Budi"}"#).await;
    assert_eq!(again.json(409)["error"], "shift-open");
    paid(&shop, "INV-1", 25_578).await;
    charge(shop.at(), "INV-2", 10_000).await.json(201);

    let path = format!("/api/shifts/{}", shift["id"]);
    let x = get(shop.at(), &path).await.json(200);
    assert_eq!(x["report"]["orders"], 2);
    assert_eq!(x["report"]["payments"], json!({"count": 1, "amount": 25_578}));
    assert_eq!(x["report"]["methods"][0]["amount"], 25_578);
    assert_eq!(x["report"]["pending"]["orders"], json!([{"number": "INV-2", "amount": 10_000}]));

    let z = post(shop.at(), &format!("{path}/close"), "").await.json(200);
    assert_eq!((&z["payments"], &z["paid"]), (&json!(1), &json!(25_578)));
    assert_eq!((&z["closed_by"], &z["report_at"]), (&json!("cashier"), &z["closed_at"]));
    let closed = post(shop.at(), &format!("{path}/close"), "{}").await;
    assert_eq!(closed.json(409)["error"], "shift-closed");
    // Later payments are not part of it.
    post(shop.at(), "/api/orders/INV-2/cancel", "").await.json(200);
    assert_eq!(get(shop.at(), &path).await.json(200), z);

    let second = opened(&shop, "Budi").await;
    assert_eq!(second["number"], 2);
    let list = get(shop.at(), "/api/shifts?limit=1").await.json(200);
    assert_eq!((&list["shifts"][0]["name"], &list["next_cursor"]), (&json!("Budi"), &second["id"]));
    let cursor = list["next_cursor"].as_i64().expect("another page");
    let list = get(shop.at(), &format!("/api/shifts?limit=1&cursor={cursor}")).await.json(200);
    assert_eq!((&list["shifts"][0]["paid"], &list["next_cursor"]), (&json!(25_578), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shift_is_closed_over_an_order_without_an_answer_only_if_that_is_accepted() {
    let shop = Shop::open().await;
    let shift = opened(&shop, "Siti").await;
    unknown(&shop, "LOST");
    let path = format!("/api/shifts/{}/close", shift["id"]);
    for body in ["", "{}", r#"{"accept_unanswered":false}"#] {
        let refused = post(shop.at(), &path, body).await.json(409);
        assert_eq!(refused["error"], "unanswered-checks");
        assert_eq!((&refused["unknown"], &refused["unanswered"]), (&json!(["LOST"]), &json!([])));
    }
    let z = post(shop.at(), &path, r#"{"accept_unanswered":true}"#).await.json(200);
    assert_eq!(z["unanswered_accepted"], true);
    assert_eq!(z["report"]["unknown"]["orders"][0]["number"], "LOST");
    let text = get(shop.at(), &format!("/api/shifts/{}/report.txt", shift["id"])).await.body;
    assert!(text.contains("Ditutup walaupun ada transaksi yang belum pasti"), "{text}");
    assert!(text.contains("LOST"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_is_printed_as_x_and_z_on_either_paper_in_either_language() {
    let shop = Shop::open().await;
    let shift = opened(&shop, "Siti <b>& Budi</b>").await;
    paid(&shop, "INV-1", 1_250_000).await;
    let order = get(shop.at(), "/api/orders/INV-1").await.json(200);
    let name = order["merchant_name"].as_str().expect("a name");
    let path = format!("/api/shifts/{}", shift["id"]);
    let x = get(shop.at(), &format!("{path}/report.txt?width=58")).await;
    assert!(x.head.contains("text/plain; charset=utf-8"), "{}", x.head);
    assert!(x.body.contains("LAPORAN X 1") && x.body.contains("Sementara"), "{}", x.body);
    post(shop.at(), &format!("{path}/close"), "").await.json(200);
    for (width, columns) in [(58, 32), (80, 48)] {
        let z = get(shop.at(), &format!("{path}/report.txt?width={width}")).await.body;
        // The shop's name from its codes, not the merchant's name in the settings.
        assert!(z.contains(name) && !z.contains("main"), "{z}");
        assert!(z.contains("LAPORAN Z 1") && z.contains("Siti <b>& Budi</b>"), "{z}");
        let sum = z.lines().find(|line| line.starts_with("Jumlah diterima")).expect("a sum");
        assert!(sum.ends_with("Rp1.250.000") && sum.chars().count() == columns, "{z}");
        assert!(z.lines().all(|line| line.chars().count() <= columns), "{z}");
        let html = get(shop.at(), &format!("{path}/report.html?width={width}&lang=en")).await;
        assert!(html.head.contains("text/html"), "{}", html.head);
        assert!(html.body.contains(&format!("class=\"w{width}\"")), "{}", html.body);
        assert!(html.body.contains("Z REPORT 1") && html.body.contains("Rp1,250,000"));
        assert!(html.body.contains("Siti &lt;b&gt;&amp; Budi&lt;/b&gt;"), "{}", html.body);
    }
    let wide = get(shop.at(), &format!("{path}/report.txt")).await.body;
    assert_eq!(wide, get(shop.at(), &format!("{path}/report.txt?width=80&lang=id")).await.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_name_and_no_shift_is_refused() {
    let shop = Shop::open().await;
    let long = "S".repeat(65);
    for name in ["", "  ", long.as_str()] {
        let body = json!({ "name": name }).to_string();
        let refused = post(shop.at(), "/api/shifts", &body).await.json(422);
        assert_eq!(refused["error"], "invalid", "{name}");
    }
    assert_eq!(opened(&shop, &"S".repeat(64)).await["number"], 1);
    for path in ["/api/shifts/99", "/api/shifts/no", "/api/shifts/99/report.html"] {
        assert_eq!(get(shop.at(), path).await.json(404)["error"], "not-found", "{path}");
    }
    let refused = post(shop.at(), "/api/shifts/99/close", "").await;
    assert_eq!(refused.json(404)["error"], "not-found");
    for (body, status) in
        [("yes", 400), (r#"{"accept_unanswered":1}"#, 422), (r#"{"even_so":true}"#, 422)]
    {
        let refused = post(shop.at(), "/api/shifts/1/close", body).await;
        assert_eq!(refused.status, status, "{body}: {}", refused.body);
        assert_eq!(get(shop.at(), "/api/shifts/1").await.json(200)["closed_at"], Value::Null);
    }
    let refused = get(shop.at(), "/api/shifts/1/report.txt?width=60").await;
    assert_eq!(refused.json(422)["error"], "invalid");
}

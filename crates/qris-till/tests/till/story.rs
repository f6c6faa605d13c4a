//! The history of an order over HTTP.

use serde_json::{Value, json};

use crate::running::{charge, get, post, reaches};
use crate::shop::Shop;

/// One member of each step.
fn each(story: &Value, name: &str) -> Vec<Value> {
    let steps = story["story"].as_array().expect("a list");
    steps.iter().map(|step| step[name].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_orders_story_says_what_happened_who_did_it_and_to_which_code() {
    let shop = Shop::open().await;
    let body = json!({"number": "INV-1", "amount": 25_578, "code": false}).to_string();
    post(shop.at(), "/api/orders", &body).await.json(201);
    let order = charge(shop.at(), "INV-1", 25_578).await.json(201);
    shop.pay(&order);
    post(shop.at(), "/api/orders/INV-1/check", "").await;
    let paid = reaches(shop.at(), "INV-1", "paid").await;

    let story = get(shop.at(), "/api/orders/INV-1/story").await.json(200);
    assert_eq!(story["number"], "INV-1");
    assert_eq!(
        each(&story, "event"),
        [json!("opened"), json!("code-requested"), json!("code-made"), json!("paid")],
    );
    assert_eq!(
        each(&story, "before"),
        [Value::Null, json!("open"), json!("requested"), json!("pending")],
    );
    let id = &order["qris_invoiceid"];
    assert_eq!(each(&story, "qris_invoiceid"), [&Value::Null, id, id, id].map(Clone::clone));
    assert_eq!(each(&story, "actor")[0], "cashier");
    assert_eq!(each(&story, "message")[3], "Dibayar.");
    let payer = paid["customer_name"].as_str().expect("the sandbox names a payer");
    assert!(!story.to_string().contains(payer), "the payer's name is in {story}");

    let english = get(shop.at(), "/api/orders/INV-1/story?lang=en").await.json(200);
    assert_eq!(each(&english, "message")[3], "Paid.");
    let unknown = get(shop.at(), "/api/orders/NONE/story").await;
    assert_eq!(unknown.json(404)["error"], "not-found");
}

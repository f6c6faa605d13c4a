//! The report over real HTTP.

use serde_json::json;

use crate::running::{charge, get, reaches};
use crate::shop::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn the_report_adds_up_what_was_paid_today() {
    let shop = Shop::open().await;
    for number in ["INV-1", "INV-2", "INV-3"] {
        let record = charge(shop.at(), number, 25_578).await.json(201);
        if number != "INV-3" {
            shop.pay(&record);
            reaches(shop.at(), number, "paid").await;
        }
    }
    let day = qris_api::WibTime::now().date();
    let report = get(shop.at(), "/api/report").await.json(200);
    let total = json!({
        "merchant": null, "day": day.to_string(), "channel": "pos",
        "invoices": 3, "payments": 2, "paid": 51_156,
    });
    let day_text = day.to_string();
    let expected = json!({"from": day_text, "to": day_text, "totals": [total], "orders": []});
    assert_eq!(report, expected);
    let csv = get(shop.at(), &format!("/api/report?from={day}&to={day}&by=day&format=csv")).await;
    assert_eq!(csv.body, format!("day,invoices,payments,paid\r\n{day},3,2,51156\r\n"));
    let csv = get(shop.at(), &format!("/api/report?from={day}&by=payment&format=csv")).await;
    let lines: Vec<&str> = csv.body.lines().collect();
    assert_eq!(
        lines.first(),
        Some(&"paid_at,number,qris_invoiceid,amount,channel,method,rrn,note,api_version")
    );
    assert_eq!(lines.len(), 3, "{}", csv.body);
    assert_eq!(get(shop.at(), "/api/report?from=yesterday").await.status, 422);
    let turned = get(shop.at(), "/api/report?from=2026-11-02&to=2026-11-01").await.json(422);
    assert_eq!(turned["error"], "wrong-days");
}

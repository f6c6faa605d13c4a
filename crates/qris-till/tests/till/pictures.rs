//! Pictures of codes.

use std::time::Duration;

use qris_api::Schedule;

use crate::running::{Events, charge, get, post, reaches};
use crate::shop::{HOUR, Shop, with_schedule};

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_a_pending_invoice_are_drawn() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    charge(shop.at(), "INV-1", 500).await.json(201);
    let svg = get(shop.at(), "/api/orders/INV-1/qr.svg").await;
    assert_eq!(svg.status, 200);
    assert!(svg.head.contains("content-type: image/svg+xml"), "{}", svg.head);
    assert!(svg.body.starts_with("<svg"), "{}", &svg.body[..80]);
    assert!(svg.body.contains(shop.sandbox.nmid()));
    let plain = get(shop.at(), "/api/orders/INV-1/qr.svg?plain=yes").await;
    assert!(!plain.body.contains(shop.sandbox.nmid()));
    let png = get(shop.at(), "/api/orders/INV-1/qr.png?width=400").await;
    assert_eq!(png.status, 200);
    assert!(png.head.contains("content-type: image/png"), "{}", png.head);
    assert_eq!(get(shop.at(), "/api/orders/INV-1/qr.png?width=10").await.status, 422);
    let mut lengths = Vec::new();
    for width in ["", "?width=58", "?width=80"] {
        let printed = get(shop.at(), &format!("/api/orders/INV-1/qr.escpos{width}")).await;
        assert_eq!(printed.status, 200);
        assert!(printed.body.starts_with("\u{1d}v0"), "{:?}", &printed.body[..4]);
        lengths.push(printed.body.len());
    }
    assert_eq!(lengths[0], lengths[1]);
    assert!(lengths[1] < lengths[2], "{lengths:?}");
    let refused = get(shop.at(), "/api/orders/INV-1/qr.escpos?width=70").await.json(422);
    assert_eq!(refused["error"], "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_picture_is_shown_past_its_time_though_the_books_cannot_be_written() {
    let shown = Schedule::default().with_shown(Duration::from_secs(2));
    let shop = Shop::with(HOUR, |settings| with_schedule(settings, shown)).await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    assert!(record["shown_until"].as_str() < record["watched_until"].as_str(), "{record}");
    let mut events = Events::open(shop.at(), "INV-1").await;
    assert_eq!(events.next().await.unwrap()["state"], "pending");
    assert_eq!(get(shop.at(), "/api/orders/INV-1/qr.svg").await.status, 200);
    // The expiry cannot be recorded now.
    let books = rusqlite::Connection::open(shop.folder.path().join("qris.db")).unwrap();
    books.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(events.next().await.unwrap()["state"], "expired");
    let booked: String =
        books.query_row("SELECT state FROM qris_order", [], |row| row.get(0)).unwrap();
    assert_eq!(booked, "pending");
    for picture in ["qr.svg", "qr.png"] {
        let refused = get(shop.at(), &format!("/api/orders/INV-1/{picture}")).await.json(410);
        assert_eq!(refused["message"], "expected a pending order, found it expired");
    }
    assert_eq!(get(shop.at(), "/api/orders/INV-1").await.json(200)["state"], "expired");
    books.execute_batch("ROLLBACK").unwrap();
    drop(books);
    // It is still watched, so the payment is recorded.
    shop.pay(&record);
    post(shop.at(), "/api/orders/INV-1/check", "").await.json(200);
    reaches(shop.at(), "INV-1", "paid").await;
}

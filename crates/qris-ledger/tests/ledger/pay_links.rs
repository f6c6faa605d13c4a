//! Links of payers' pages, on any database.

use qris_api::TransactionNumber;
use qris_ledger::{
    Actor, Ledger, MerchantName, NewEndpoint, PayKey, PayLinks, Request, WebAddress,
};

use crate::TestDatabase;
use crate::orders::order;
use crate::properties::{at, number};

const NOON: &str = "2020-08-07 12:00:00";

fn links(key: u8) -> PayLinks {
    let address = WebAddress::parse("https://bayar.toko.example/kasir/").expect("an address");
    PayLinks::new(PayKey::from_bytes(&[key; 32]), Some(address))
}

fn open(database: &TestDatabase, key: u8) -> Ledger {
    let mut ledger = database.open();
    ledger.set_pay_links(Some(links(key)));
    ledger
}

fn secret(key: u8, number: &TransactionNumber) -> String {
    links(key).secret(&MerchantName::default(), number)
}

pub(crate) fn an_order_has_the_link_that_its_secret_finds(database: &TestDatabase) {
    let mut ledger = open(database, 1);
    ledger.open_order(&order("INV-1"), at(NOON)).expect("an order");
    ledger.request(&order("INV-2"), at(NOON)).expect("a request");
    for name in ["INV-1", "INV-2"] {
        let secret = secret(1, &number(name));
        let found = ledger.find_by_pay_secret(&secret).expect("found").expect("an order");
        assert_eq!(found.number.as_str(), name);
        let url = format!("https://bayar.toko.example/kasir/pay/{secret}");
        assert_eq!(found.pay_url.as_ref().map(|url| url.as_str()), Some(url.as_str()));
        assert!(!format!("{found:?}").contains(&secret), "Debug shows a secret");
        let listed = ledger.list(10).expect("a list");
        assert!(listed.iter().any(|order| order.pay_url == found.pay_url));
    }
    let other = secret(1, &number("INV-3"));
    for wrong in ["", "A", other.as_str(), &"A".repeat(10_000), "\0", "INV-1"] {
        assert_eq!(ledger.find_by_pay_secret(wrong).expect("an answer"), None);
    }
}

pub(crate) fn a_number_that_is_asked_for_again_keeps_its_link(database: &TestDatabase) {
    let mut ledger = open(database, 1);
    let Request::New(intent) = ledger.request(&order("INV-1"), at(NOON)).expect("a request") else {
        panic!("it is new");
    };
    ledger.record_rejected(&intent, at(NOON)).expect("booked");
    // A program without the key asks again.
    database.open().request(&order("INV-1"), at(NOON)).expect("a request");
    let secret = secret(1, &number("INV-1"));
    assert!(ledger.find_by_pay_secret(&secret).expect("an answer").is_some());
}

pub(crate) fn only_orders_that_were_recorded_with_the_same_key_have_a_link(
    database: &TestDatabase,
) {
    database.open().open_order(&order("WITHOUT"), at(NOON)).expect("an order");
    open(database, 2).open_order(&order("OTHER"), at(NOON)).expect("an order");
    let ledger = open(database, 1);
    for name in ["WITHOUT", "OTHER"] {
        let found = ledger.find(&number(name)).expect("found").expect("an order");
        assert_eq!(found.pay_url, None, "{name}");
    }
    // Existing links still work.
    let old = secret(2, &number("OTHER"));
    assert!(ledger.find_by_pay_secret(&old).expect("an answer").is_some());
    let mut unnamed = database.open();
    unnamed.set_pay_links(Some(PayLinks::new(PayKey::from_bytes(&[2; 32]), None)));
    let found = unnamed.find(&number("OTHER")).expect("found").expect("an order");
    assert_eq!(found.pay_url, None, "there is no address to put before it");
}

pub(crate) fn events_have_the_link_and_neither_the_outbox_nor_the_export_has(
    database: &TestDatabase,
) {
    let mut ledger = open(database, 1);
    let mut new = order("INV-1");
    new.metadata = Some(r#"{"pay_url":null}"#.into());
    let endpoint = NewEndpoint::to("https://shop.example/hook");
    let endpoint = ledger.add_endpoint(&endpoint, "whsec_AAAA", at(NOON)).expect("an endpoint");
    ledger.open_order(&new, at(NOON)).expect("an order");
    let lease = std::time::Duration::from_secs(60);
    let told = |ledger: &mut Ledger| {
        let due = ledger.due_deliveries(endpoint.id, 10, lease, at(NOON)).expect("deliveries");
        let event = ledger.outbox(0, 10).expect("events").remove(0).payload;
        (event, due.into_iter().next().map(|delivery| delivery.payload))
    };
    let (event, delivered) = told(&mut ledger);
    let json: serde_json::Value = serde_json::from_str(&event).expect("JSON");
    let secret = secret(1, &number("INV-1"));
    let url = format!("https://bayar.toko.example/kasir/pay/{secret}");
    assert_eq!(json["data"]["pay_url"], url);
    assert_eq!(json["data"]["metadata"]["pay_url"], serde_json::Value::Null);
    assert_eq!(delivered, Some(event));

    let mut without = database.open();
    assert!(!told(&mut without).0.contains(&secret), "the outbox has the secret");
    let mut exported = Vec::new();
    ledger.export(&mut exported).expect("an export");
    assert!(!String::from_utf8_lossy(&exported).contains(&secret), "the export has the secret");
}

pub(crate) fn orders_that_were_booked_without_a_link_get_one_of_each_merchant_and_keep_the_others(
    database: &TestDatabase,
) {
    let mut old = database.open();
    old.open_order(&order("OLD"), at(NOON)).expect("an order");
    open(database, 2).open_order(&order("OTHER"), at(NOON)).expect("an order");
    let kios: MerchantName = "kios".parse().expect("a name");
    let id = old.merchant(&kios).expect("a merchant");
    old.act_for(id, &Actor::default());
    old.open_order(&order("OLD"), at(NOON)).expect("an order");
    let mut ledger = open(database, 1);
    let (mut last, mut pages) = (Some(0), 0);
    while let Some(row) = last {
        last = ledger.add_pay_links(row).expect("links");
        pages += 1;
    }
    assert_eq!(pages, 2, "one with orders, and one with none");
    for merchant in [MerchantName::default(), kios] {
        let secret = links(1).secret(&merchant, &number("OLD"));
        let found = ledger.find_by_pay_secret(&secret).expect("an answer").expect("an order");
        assert_eq!((found.merchant, found.number.as_str()), (merchant, "OLD"));
    }
    let kept = ledger.find_by_pay_secret(&secret(2, &number("OTHER"))).expect("an answer");
    assert!(kept.is_some(), "a link that was handed out is dead");
    assert_eq!(database.open().add_pay_links(0).expect("an answer"), None, "it has no key");
}

/// The file's bytes, not the results of queries.
#[test]
fn a_database_file_has_no_secret_and_no_key() {
    let database = TestDatabase::in_a_file();
    let mut ledger = open(&database, b'k');
    let mut new = order("INV-1");
    new.return_url = Some(WebAddress::parse("https://toko.example/selesai").expect("an address"));
    let order = ledger.open_order(&new, at(NOON)).expect("an order");
    assert_eq!(order.return_url.as_deref(), Some("https://toko.example/selesai"));
    drop(ledger);
    let file = std::fs::read(database.path()).expect("the file");
    let has = |text: &[u8]| file.windows(text.len()).any(|window| window == text);
    assert!(has(b"https://toko.example/selesai"), "the file has what was booked");
    assert!(!has(secret(b'k', &number("INV-1")).as_bytes()), "the file has the secret");
    assert!(!has(&[b'k'; 32]), "the file has the key");
}

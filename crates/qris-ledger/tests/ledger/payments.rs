//! The stored data of a payment, on any database.

use std::collections::BTreeSet;
use std::time::Duration;

use qris_api::{InvoiceId, Payment, PaymentDetails, Rupiah};
use qris_ledger::{Channel, Ledger, Settlement, WebhookEffect, payments_csv};

use crate::properties::{at, booked, number, paid, payment, pending};
use crate::{OneCode as _, TestDatabase};

const ID: InvoiceId = InvoiceId::new(1);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// What a webhook says of a payment.
fn webhook(rrn: Option<&str>, name: Option<&str>, paid_at: Option<&str>) -> PaymentDetails {
    let mut details = PaymentDetails::default();
    details.rrn = rrn.map(str::to_owned);
    details.note = Some("1 INV-1 25578".to_owned());
    details.customer_name = name.map(str::to_owned);
    details.paid_at = paid_at.map(at);
    details
}

#[track_caller]
fn details(ledger: &Ledger) -> PaymentDetails {
    booked(ledger, "INV-1").payment.details().expect("a payment").clone()
}

pub(crate) fn a_webhooks_values_are_kept_if_the_check_has_none(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let hint = webhook(Some("000380970875"), Some("BUDI"), Some("2020-08-07 11:15:00"));
    ledger.record_webhook(ID, &hint, at("2020-08-07 11:16:00")).unwrap();
    let mut check = PaymentDetails::default();
    check.customer_name = Some("SITI".to_owned());
    check.method = Some("BCA".to_owned());
    check.api_version = Some("2210160900".to_owned());
    ledger.settle(ID, &Payment::Paid(check.clone()), at("2020-08-07 11:17:00")).unwrap();
    check.rrn = hint.rrn;
    check.note = hint.note;
    check.paid_at = hint.paid_at;
    assert_eq!(details(&database.open()), check);
    let json = serde_json::to_value(booked(&ledger, "INV-1")).unwrap();
    for (member, text) in [
        ("rrn", "000380970875"),
        ("customer_name", "SITI"),
        ("method", "BCA"),
        ("paid_at", "2020-08-07T11:15:00+07:00"),
    ] {
        assert_eq!(json[member], text, "{member}");
    }
    let mut export = Vec::new();
    ledger.export(&mut export).unwrap();
    assert!(String::from_utf8(export).unwrap().contains(r#""rrn":"000380970875""#));
}

pub(crate) fn a_reference_number_that_comes_after_the_payment_is_kept_and_changes_nothing_else(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    ledger.settle(ID, &paid("SITI"), at("2020-08-07 11:17:00")).unwrap();
    let before = details(&ledger);
    let hint = webhook(Some("000380970875"), Some("BUDI"), Some("2020-08-07 11:15:00"));
    let hinted = ledger.record_webhook(ID, &hint, at("2020-08-07 11:18:00")).unwrap();
    assert_eq!(hinted, WebhookEffect::NoChange);
    let mut expected = before;
    expected.rrn = hint.rrn;
    expected.note = hint.note;
    assert_eq!(details(&ledger), expected);
    let day = "2020-08-07".parse().unwrap();
    assert_eq!(
        payments_csv(&ledger.payments(day, day).unwrap()).lines().nth(1),
        Some(
            "2020-08-07T11:17:00+07:00,\"INV-1\",1,25578,pos,\"BCA\",\"000380970875\",\"1 INV-1 25578\",\"\""
        ),
    );
}

pub(crate) fn a_later_webhook_fills_what_is_missing_and_replaces_nothing(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:16:00");
    ledger.record_webhook(ID, &webhook(Some("1"), None, None), now).unwrap();
    ledger.record_webhook(ID, &webhook(Some("2"), Some("BUDI"), None), now).unwrap();
    ledger.settle(ID, &Payment::Paid(PaymentDetails::default()), now).unwrap();
    let found = details(&ledger);
    assert_eq!(found.rrn.as_deref(), Some("1"));
    assert_eq!(found.customer_name.as_deref(), Some("BUDI"));
}

pub(crate) fn a_webhook_is_no_payment_until_a_check_confirms_it(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let before = booked(&ledger, "INV-1");
    let now = at("2020-08-07 11:16:00");
    ledger
        .record_webhook(ID, &webhook(Some("1"), Some("BUDI"), Some("2020-08-07 11:15:00")), now)
        .unwrap();
    let after = booked(&ledger, "INV-1");
    assert_eq!(after.payment, Payment::Unpaid);
    assert_eq!(after.state, before.state);
    assert_eq!(serde_json::to_value(after).unwrap(), serde_json::to_value(before).unwrap());
}

pub(crate) fn an_impossible_payment_time_becomes_now_and_is_kept_in_the_event(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:20:00");
    // Requested and made at 11:13:42.
    for (id, said, taken) in [
        (1, "2020-08-07 11:13:42", true),
        (2, "2020-08-07 11:13:41", false),
        (3, "2020-08-08 11:20:00", true),
        (4, "2020-08-08 11:20:01", false),
        (5, "0001-01-01 00:00:00", false),
        (6, "9999-12-30 00:00:00", false),
    ] {
        let name = format!("INV-{id}");
        pending(&mut ledger, &name, id);
        let said = at(said);
        ledger.settle(InvoiceId::new(id), &payment(None, None, Some(said)), now).unwrap();
        let paid_at = booked(&ledger, &name).payment.details().and_then(|details| details.paid_at);
        let event = ledger.events(&number(&name)).unwrap().pop().unwrap();
        let kept = (!taken).then(|| format!("paid_at as said: {said}"));
        assert_eq!((paid_at, event.detail), (Some(if taken { said } else { now }), kept), "{said}");
    }
}

pub(crate) fn a_webhooks_time_replaces_an_impossible_one(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    let hint = webhook(None, None, Some("2020-08-07 11:15:00"));
    ledger.record_webhook(ID, &hint, now).unwrap();
    let odd = Some(at("2031-01-01 00:00:00"));
    ledger.settle(ID, &payment(None, None, odd), now).unwrap();
    assert_eq!(details(&ledger).paid_at, hint.paid_at);
}

pub(crate) fn payers_names_are_kept_without_what_no_name_has(database: &TestDatabase) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:20:00");
    let long = "é".repeat(1_000);
    for (id, said, kept) in [
        (1, "JOS\u{0}E", Some("JOSE")),
        (2, " SITI\tAMINAH\r\n", Some("SITI AMINAH")),
        (3, "\u{1b}[31mBUDI\u{9b}", Some("[31mBUDI")),
        (4, "\u{0}\u{7}", None),
        (5, "S\u{fffd}\u{10ffff} \u{1f600}", Some("S\u{fffd}\u{10ffff} \u{1f600}")),
        (6, long.as_str(), Some(&long[..400])),
    ] {
        let name = format!("INV-{id}");
        pending(&mut ledger, &name, id);
        let id = InvoiceId::new(id);
        let paid = payment(Some(said), Some("B\u{0}CA"), None);
        assert_eq!(ledger.settle(id, &paid, now).unwrap(), Settlement::Settled, "{name}");
        let record = booked(&ledger, &name);
        let details = record.payment.details().unwrap();
        assert_eq!(details.customer_name.as_deref(), kept, "{name}");
        assert_eq!(details.method.as_deref(), Some("BCA"));
        // A webhook's texts have limits, too.
        let hint = webhook(Some("0\u{0}1"), None, None);
        assert_eq!(ledger.record_webhook(id, &hint, now).unwrap(), WebhookEffect::NoChange);
        let record = booked(&ledger, &name);
        assert_eq!(record.payment.details().unwrap().rrn.as_deref(), Some("01"));
    }
}

pub(crate) fn numbers_of_any_printable_ascii_are_kept_apart(database: &TestDatabase) {
    let mut ledger = database.open();
    let long = "~".repeat(64);
    let names = [
        "INV/2026/00001",
        "#1001",
        "Order 00012-003-0004",
        "inv-1",
        "INV-1",
        "INV_1",
        "INV%1",
        "%",
        "_",
        "'",
        "\"",
        "\\",
        "'; DROP TABLE qris_event; --",
        "a?b=c&d",
        "<b>",
        "1,2;3",
        "0",
        "00",
        "..",
        "$1",
        long.as_str(),
    ];
    let now = at("2020-08-07 11:13:42");
    for (id, name) in (1_u64..).zip(names) {
        let asked = ledger.ask(&number(name), Rupiah::new(id), Channel::Pos, now).unwrap();
        assert!(matches!(asked, qris_ledger::Request::New(_)), "{name}");
    }
    for (id, name) in (1_u64..).zip(names) {
        let record = booked(&ledger, name);
        assert_eq!((record.number.as_str(), record.amount.get()), (name, id));
        assert_eq!(ledger.events(&number(name)).unwrap().len(), 1, "{name}");
    }
    let mut export = Vec::new();
    assert_eq!(ledger.export(&mut export).unwrap(), names.len() as u64);
    let exported: Vec<String> = String::from_utf8(export)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|record| record["number"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(exported, names, "in the order in which they were booked");
    // Orders of the same second are sorted by bytes, in a database of any language.
    let ordered: Vec<&str> = names.into_iter().collect::<BTreeSet<_>>().into_iter().rev().collect();
    let listed: Vec<String> =
        ledger.list(100).unwrap().iter().map(|order| order.number.to_string()).collect();
    assert_eq!(listed, ordered);
}

pub(crate) fn why_an_outcome_is_unknown_is_in_the_event(database: &TestDatabase) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:13:42");
    ledger.ask(&number("INV-1"), Rupiah::new(100), Channel::Pos, now).unwrap();
    let why = "no complete answer within 35 s";
    ledger.lost(&number("INV-1"), Some(why), now.later_by(HOUR)).unwrap();
    let event = ledger.events(&number("INV-1")).unwrap().pop().unwrap();
    assert_eq!(
        serde_json::to_string(&event).unwrap(),
        r#"{"at":"2020-08-07T12:13:42+07:00","state":"unknown","actor":"program","detail":"no complete answer within 35 s"}"#,
    );
    let first = ledger.events(&number("INV-1")).unwrap().remove(0);
    assert!(!serde_json::to_string(&first).unwrap().contains("detail"));
}

//! `qris order renew` against a sandbox: another code, once the last one is no longer shown.

use std::time::Duration;

use crate::shop::{Shop, complaint, id_of, text};
use qris_ledger::{InvoiceState, State};
use qris_sandbox::{Fault, FaultCall, FaultRepeat};
use serde_json::Value;

/// The time for which a code is shown.
const SHOWN: Duration = Duration::from_secs(30 * 60 + 1);

fn renew(shop: &Shop) -> std::process::Output {
    shop.qris(&["order", "renew", "INV-1", "--json"])
}

/// An order whose code is no longer shown, and the id of that code.
fn expired(shop: &Shop) -> u64 {
    let row = shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    shop.sandbox.advance(SHOWN);
    id_of(&row)
}

#[test]
fn an_order_gets_another_code_when_the_last_one_is_no_longer_shown_and_not_before() {
    let shop = Shop::open();
    let row = shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    let early = renew(&shop);
    assert_eq!(early.status.code(), Some(1), "{}", complaint(&early));
    let until = row["shown_until"].as_str().expect("a time");
    assert!(complaint(&early).contains(until), "{}", complaint(&early));
    assert_eq!(shop.sandbox.calls().creates(), 1);

    shop.sandbox.advance(SHOWN);
    let renewed = renew(&shop);
    assert_eq!(renewed.status.code(), Some(0), "{}", complaint(&renewed));
    let renewed: Value = serde_json::from_slice(&renewed.stdout).expect("JSON");
    assert_eq!(renewed["state"], "pending");
    assert_ne!(id_of(&renewed), id_of(&row));
    let invoices = renewed["invoices"].as_array().expect("codes");
    let states: Vec<_> = invoices.iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["expired", "pending"]);
    // After midnight, the check of a code of the day before is two calls.
    let calls = shop.sandbox.calls().checks();
    assert!((1..=2).contains(&calls), "the older code was checked first, in {calls} calls");

    let show = text(&shop.qris(&["order", "show", "INV-1"]));
    for words in [
        "codes, oldest first:\n",
        &format!("expired, qris_invoiceid {}", id_of(&row)),
        &format!("pending, qris_invoiceid {}", id_of(&renewed)),
        "history:\n",
        "by qris order",
        "requested, by qris order: another code",
    ] {
        assert!(show.contains(words), "no {words:?} in {show}");
    }
    shop.close();
}

#[test]
fn an_older_code_that_was_paid_just_now_pays_the_order_and_there_is_no_new_code() {
    let shop = Shop::open();
    let id = expired(&shop);
    shop.sandbox.pay(id).expect("paid");
    let renewed = renew(&shop);
    assert_eq!(renewed.status.code(), Some(0), "{}", complaint(&renewed));
    assert!(complaint(&renewed).contains("the order is paid"), "{}", complaint(&renewed));
    let order: Value = serde_json::from_slice(&renewed.stdout).expect("JSON");
    assert_eq!((&order["state"], id_of(&order)), (&"paid".into(), id));
    assert_eq!(shop.sandbox.calls().creates(), 1);
    shop.close();
}

#[test]
fn without_an_answer_about_the_older_code_there_is_no_new_one_and_the_exit_code_is_three() {
    let shop = Shop::open();
    expired(&shop);
    shop.sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Standing);
    let renewed = renew(&shop);
    assert_eq!(renewed.status.code(), Some(3), "{}", complaint(&renewed));
    assert_eq!(text(&renewed), "");
    assert_eq!(shop.sandbox.calls().creates(), 1);
    assert_eq!(shop.booked("INV-1").state, State::Expired);
    shop.close();
}

#[test]
fn a_second_code_whose_outcome_is_unknown_ends_with_three_and_is_not_asked_for_again() {
    let shop = Shop::open();
    expired(&shop);
    shop.sandbox.inject(Fault::DropAfterAccepting, FaultCall::Create, FaultRepeat::Once);
    for _ in 0..2 {
        let renewed = renew(&shop);
        assert_eq!(renewed.status.code(), Some(3), "{}", complaint(&renewed));
    }
    let booked = shop.booked("INV-1");
    let states: Vec<_> = booked.invoices.iter().map(|invoice| invoice.state).collect();
    assert_eq!(states, [InvoiceState::Expired, InvoiceState::Unknown]);
    assert_eq!(shop.sandbox.calls().creates(), 2);
    shop.close();
}

#[test]
fn an_order_that_is_cancelled_open_or_absent_gets_no_other_code() {
    let shop = Shop::open();
    shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    shop.json(&["order", "cancel", "INV-1", "--json"]);
    shop.json(&["order", "create", "INV-2", "5000", "--no-code", "--json"]);
    let creates = shop.sandbox.calls().creates();
    for (number, words) in [
        ("INV-1", "the order is cancelled"),
        ("INV-2", "qris order create"),
        ("INV-3", "no order has this number"),
    ] {
        let refused = shop.qris(&["order", "renew", number]);
        assert_eq!(refused.status.code(), Some(1), "{number}: {}", complaint(&refused));
        assert!(complaint(&refused).contains(words), "{number}: {}", complaint(&refused));
    }
    assert_eq!(shop.sandbox.calls().creates(), creates);
    shop.close();
}

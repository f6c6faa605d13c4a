//! `qris order create --no-code`, `list` with its filters, `acknowledge`, and what needs a person.

use std::time::Duration;

use crate::shop::{Shop, complaint, id_of, text};
use qris_api::WibTime;
use qris_api::webhook::WebhookEvent;
use qris_ledger::Ledger;
use qris_sandbox::{Fault, FaultCall, FaultRepeat};
use rusqlite::Connection;
use serde_json::Value;

/// The numbers of the orders that a list has.
#[track_caller]
fn numbers(shop: &Shop, filter: &[&str]) -> Vec<String> {
    let list = shop.json(&[&["order", "list", "--json"], filter].concat());
    let orders = list.as_array().expect("a list");
    orders.iter().map(|order| order["number"].as_str().expect("a number").to_owned()).collect()
}

#[test]
fn an_order_without_a_code_asks_nobody_and_gets_its_code_when_it_is_charged() {
    let shop = Shop::open();
    let create = ["order", "create", "BILL-1", "5000", "--channel", "bill"];
    let said = ["--description", "November", "--reference", "contract 7"];
    let command = [&create[..], &said, &["--no-code", "--json"]].concat();
    let output = shop.command(&command).env_remove("QRIS_API_KEY").output().expect("it runs");
    let open: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(open["state"], "open");
    assert_eq!(open["description"], "November");
    assert_eq!(open["reference"], "contract 7");
    assert_eq!(open["qris_content"], Value::Null);
    assert_eq!(open["invoices"].as_array().map(Vec::len), Some(0));
    assert_eq!(shop.sandbox.calls().creates(), 0);
    // The same again is the same order.
    assert_eq!(shop.json(&command), open);

    let charged = shop.json(&[&create[..], &["--json"]].concat());
    assert_eq!(charged["state"], "pending");
    assert_eq!(charged["created_at"], open["created_at"]);
    assert_eq!(charged["description"], "November");
    assert_eq!(shop.sandbox.calls().creates(), 1);
    let show = text(&shop.qris(&["order", "show", "BILL-1"]));
    assert!(show.contains("description         November\n"), "{show}");
    shop.close();
}

#[test]
fn the_json_of_an_order_has_the_fields_that_programs_are_promised() {
    let shop = Shop::open();
    let row = shop.json(&["order", "create", "INV-1", "5000", "--tip", "--json"]);
    shop.sandbox.pay(id_of(&row)).expect("paid");
    let paid = shop.json(&["order", "check", "INV-1", "--json"]);
    let promised = "merchant number reference amount channel tip description metadata state \
        created_at due_at pay_url qris_content qris_request_date qris_invoiceid qris_nmid \
        shown_until watched_until invoices";
    for (order, promised) in
        [(&row, promised), (&paid, promised), (&paid, "paid_at method customer_name rrn overpaid")]
    {
        for field in promised.split_whitespace() {
            assert!(order.get(field).is_some(), "no {field} in {order}");
        }
    }
    assert_eq!((&row["merchant"], &row["tip"]), (&"main".into(), &true.into()));
    for field in ["state", "qris_invoiceid", "qris_request_date", "paid_at"] {
        assert!(row["invoices"][0].get(field).is_some(), "no {field} of a code in {row}");
    }
    shop.close();
}

#[test]
fn a_list_has_the_orders_that_fit_all_filters_newest_first() {
    let shop = Shop::open();
    let paid = shop.json(&["order", "create", "INV-1", "7000", "--json"]);
    shop.sandbox.pay(id_of(&paid)).expect("paid");
    shop.json(&["order", "check", "INV-1", "--json"]);
    let bill = ["order", "create", "BILL-2", "5000", "--channel", "bill", "--no-code"];
    assert!(shop.qris(&[&bill[..], &["--description", "50% off"]].concat()).status.success());
    let web = ["order", "create", "WEB-3", "6000", "--channel", "ecommerce", "--no-code"];
    assert!(shop.qris(&web).status.success());

    assert_eq!(numbers(&shop, &["--state", "paid"]), ["INV-1"]);
    assert_eq!(numbers(&shop, &["--state", "open"]).len(), 2);
    assert_eq!(numbers(&shop, &["--state", "open", "--channel", "bill"]), ["BILL-2"]);
    assert_eq!(numbers(&shop, &["--search", "50% o"]), ["BILL-2"]);
    assert_eq!(numbers(&shop, &["--search", "6000"]), ["WEB-3"]);
    assert_eq!(numbers(&shop, &["--limit", "1"]).len(), 1);
    let today = WibTime::now().date();
    let tomorrow = today.tomorrow().expect("a day").to_string();
    let today = today.to_string();
    assert!(numbers(&shop, &["--from", &tomorrow]).is_empty());
    // A run at midnight begins on one day and ends on the next.
    assert_eq!(numbers(&shop, &["--to", &tomorrow]).len(), 3);
    for wrong in [&["--state", "lost"][..], &["--from", &tomorrow, "--to", &today]] {
        let refused = shop.qris(&[&["order", "list"], wrong].concat());
        assert_eq!(refused.status.code(), Some(2), "{wrong:?}: {}", complaint(&refused));
    }
    shop.close();
}

#[test]
fn a_paid_order_is_listed_until_it_is_acknowledged() {
    let shop = Shop::open();
    let row = shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    let early = shop.qris(&["order", "acknowledge", "INV-1"]);
    assert_eq!(early.status.code(), Some(1), "{}", complaint(&early));
    assert!(numbers(&shop, &["--unacknowledged"]).is_empty());
    shop.sandbox.pay(id_of(&row)).expect("paid");
    shop.json(&["order", "check", "INV-1", "--json"]);
    assert_eq!(numbers(&shop, &["--unacknowledged"]), ["INV-1"]);
    // Twice is as good as once.
    for _ in 0..2 {
        let done = shop.qris(&["order", "acknowledge", "INV-1"]);
        assert_eq!(done.status.code(), Some(0), "{}", complaint(&done));
        assert!(!text(&done).contains("not yet"), "{}", text(&done));
    }
    assert!(numbers(&shop, &["--unacknowledged"]).is_empty());
    shop.close();
}

/// What a command says on standard error that a person must do, as `list` and as `report` say it.
fn needs_a_person(shop: &Shop) -> String {
    let list = complaint(&shop.qris(&["order", "list", "--json"]));
    assert_eq!(complaint(&shop.qris(&["report", "--csv"])), list);
    list
}

#[test]
fn list_and_report_say_what_needs_a_person_and_say_nothing_when_all_is_well() {
    let shop = Shop::open();
    shop.json(&["order", "create", "LATE-1", "5000", "--json"]);
    assert_eq!(needs_a_person(&shop), "");

    shop.sandbox.inject(Fault::DropAfterAccepting, FaultCall::Create, FaultRepeat::Once);
    assert_eq!(shop.qris(&["order", "create", "PAY-1", "5000"]).status.code(), Some(3));
    let mut ledger = Ledger::open(shop.books()).expect("books");
    let body = br#"{"invoice":"8","qris_status":"success","note":"1 PAY-1 5000"}"#;
    let webhook = WebhookEvent::parse(body).expect("a webhook");
    ledger.keep_webhook(&webhook, WibTime::now()).expect("kept");
    let said = needs_a_person(&shop);
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("needs a person: PAY-1: it is not known whether"), "{said}");
    assert!(said.contains("`qris order resolve --invoiceid 8 -- PAY-1`"), "{said}");
    shop.close();
}

#[test]
fn an_order_whose_time_is_over_and_whose_last_check_had_no_answer_is_listed() {
    let shop = Shop::open();
    let three_hours = Duration::from_secs(3 * 60 * 60);
    shop.sandbox.set_time(shop.sandbox.now() - three_hours);
    shop.json(&["order", "create", "LATE-1", "5000", "--json"]);
    shop.sandbox.advance(three_hours);
    shop.sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Standing);
    assert_eq!(shop.qris(&["order", "check", "LATE-1"]).status.code(), Some(3));
    let said = needs_a_person(&shop);
    assert!(
        said.contains("LATE-1: its time is over, and it is not known whether it was paid"),
        "{said}"
    );
    let doctor = shop.json(&["doctor", "--offline", "--json"]);
    let checks = doctor["checks"].as_array().expect("checks");
    let orders = checks.iter().find(|check| check["check"] == "orders").expect("orders");
    assert_eq!(orders["result"], "warning");
    assert!(orders["message"].as_str().is_some_and(|words| words.contains("LATE-1")), "{orders}");
    shop.close();
}

#[test]
fn a_row_that_makes_no_sense_is_named_and_stops_neither_list_nor_doctor() {
    let shop = Shop::open();
    shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    shop.json(&["order", "create", "INV-2", "5000", "--json"]);
    let books = Connection::open(shop.books()).expect("a database");
    books
        .execute_batch(
            "PRAGMA ignore_check_constraints = ON;
             UPDATE qris_order SET channel = 'shop' WHERE number = 'INV-1';",
        )
        .expect("damaged");
    drop(books);
    let list = shop.qris(&["order", "list", "--json"]);
    assert_eq!(list.status.code(), Some(0), "{}", complaint(&list));
    let said = complaint(&list);
    assert!(said.contains("needs a person: the channel in the row of INV-1"), "{said}");
    let orders: Value = serde_json::from_slice(&list.stdout).expect("JSON");
    assert_eq!(orders.as_array().map(Vec::len), Some(1));
    let doctor = shop.qris(&["doctor", "--offline"]);
    assert_eq!(doctor.status.code(), Some(1), "{}", text(&doctor));
    assert!(text(&doctor).contains("problem  rows "), "{}", text(&doctor));
    shop.close();
}

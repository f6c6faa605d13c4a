//! Searching orders by state, channel, day and text, page by page, on any database.

use qris_api::{InvoiceId, PaymentDetails, Rupiah};
use qris_ledger::{Channel, Ledger, NewOrder, OrderFilter, State};

use crate::TestDatabase;
use crate::orders::{ask_for, order};
use crate::properties::{at, number, paid, pending};

#[track_caller]
fn names(ledger: &Ledger, filter: &OrderFilter, limit: u32) -> Vec<String> {
    let orders = ledger.orders(filter, limit).expect("the ledger answers");
    orders.iter().map(|order| order.number.to_string()).collect()
}

fn searching(text: &str) -> OrderFilter {
    let mut filter = OrderFilter::default();
    filter.search = Some(text.to_owned());
    filter
}

pub(crate) fn orders_are_found_by_state_channel_and_day(database: &TestDatabase) {
    let mut ledger = database.open();
    for (name, channel, when) in [
        ("A", Channel::Pos, "2020-08-06 23:59:59"),
        ("B", Channel::Bill, "2020-08-07 00:00:00"),
        ("C", Channel::Pos, "2020-08-07 23:59:59"),
        ("D", Channel::Bill, "2020-08-08 00:00:00"),
    ] {
        let mut new = order(name);
        new.channel = channel;
        ask_for(&mut ledger, &new, at(when));
    }
    let refused = ledger.find(&number("C")).unwrap().unwrap().intent().unwrap();
    ledger.record_rejected(&refused, at("2020-08-08 00:00:00")).unwrap();
    let filter = OrderFilter::default();
    assert_eq!(names(&ledger, &filter, 10), ["D", "C", "B", "A"]);
    assert_eq!(names(&ledger, &filter, 2), ["D", "C"]);
    let mut day = OrderFilter::default();
    day.from = Some("2020-08-07".parse().unwrap());
    day.to = day.from;
    assert_eq!(names(&ledger, &day, 10), ["C", "B"]);
    day.to = None;
    assert_eq!(names(&ledger, &day, 10), ["D", "C", "B"]);
    day.channel = Some(Channel::Bill);
    assert_eq!(names(&ledger, &day, 10), ["D", "B"]);
    let mut rejected = OrderFilter::default();
    rejected.state = Some(State::Rejected);
    assert_eq!(names(&ledger, &rejected, 10), ["C"]);
    rejected.channel = Some(Channel::Bill);
    assert_eq!(names(&ledger, &rejected, 10), [""; 0]);
}

pub(crate) fn unfinished_orders_are_the_ones_that_wait_for_a_code_a_payment_or_a_person(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:00:00");
    let mut open = order("OPEN");
    open.description = Some("meja 4".to_owned());
    ledger.open_order(&open, now).unwrap();
    for name in ["REQUESTED", "UNKNOWN", "REJECTED"] {
        ask_for(&mut ledger, &order(name), now);
    }
    let intent =
        |ledger: &Ledger, name| ledger.find(&number(name)).unwrap().unwrap().intent().unwrap();
    let rejected = intent(&ledger, "REJECTED");
    ledger.record_rejected(&rejected, now).unwrap();
    let unknown = intent(&ledger, "UNKNOWN");
    ledger.record_unknown(&unknown, None, now).unwrap();
    for (name, id) in [("PENDING", 1), ("PAID", 2)] {
        pending(&mut ledger, name, id);
    }
    ledger.settle(InvoiceId::new(2), &paid("SITI"), now).unwrap();

    let mut filter = OrderFilter::default();
    filter.unfinished = true;
    let mut found = names(&ledger, &filter, 10);
    found.sort();
    assert_eq!(found, ["OPEN", "PENDING", "REQUESTED", "UNKNOWN"]);
    filter.search = Some("meja".to_owned());
    assert_eq!(names(&ledger, &filter, 10), ["OPEN"]);
    filter.search = Some("PAID".to_owned());
    assert_eq!(names(&ledger, &filter, 10), [""; 0]);
    filter.search = None;
    filter.state = Some(State::Pending);
    assert_eq!(names(&ledger, &filter, 10), ["PENDING"]);
    filter.state = Some(State::Paid);
    assert_eq!(names(&ledger, &filter, 10), [""; 0]);
}

pub(crate) fn a_search_finds_number_description_reference_rrn_method_and_amount(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:13:42");
    let mut with_words = NewOrder::new(number("INV-10"), Rupiah::new(7_500));
    with_words.description = Some("Dua Kopi".to_owned());
    with_words.reference = Some("Cart-77".to_owned());
    ask_for(&mut ledger, &with_words, now);
    for (name, amount) in [("100%", 1_000), ("100", 2_000), ("A_B", 3_000), ("A!B", 4_000)] {
        ask_for(&mut ledger, &NewOrder::new(number(name), Rupiah::new(amount)), now);
    }
    pending(&mut ledger, "PAID", 1);
    let mut details = PaymentDetails::default();
    details.rrn = Some("000380970875".to_owned());
    ledger.record_webhook(InvoiceId::new(1), &details, now).unwrap();
    ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap();
    for (text, expected) in [
        ("inv-1", vec!["INV-10"]),
        (" kopi ", vec!["INV-10"]),
        ("CART-77", vec!["INV-10"]),
        ("80970", vec!["PAID"]),
        ("bca", vec!["PAID"]),
        ("7500", vec!["INV-10"]),
        ("750", vec![]),
        ("%", vec!["100%"]),
        ("0%", vec!["100%"]),
        ("_", vec!["A_B"]),
        ("a_b", vec!["A_B"]),
        ("!", vec!["A!B"]),
        ("'", vec![]),
        ("\\", vec![]),
        ("SITI", vec![]),
        ("\0", vec![]),
        ("kopi\0", vec![]),
    ] {
        assert_eq!(names(&ledger, &searching(text), 10), expected, "{text}");
    }
    assert_eq!(names(&ledger, &searching("  "), 10).len(), 6, "no text, no filter");
}

pub(crate) fn pages_of_orders_skip_and_repeat_nothing(database: &TestDatabase) {
    let mut ledger = database.open();
    // Several orders in one second, as in a busy shop.
    for (at_, name) in (0..25).map(|n| (n / 4, format!("N{:02}", n * 7 % 25))) {
        let now = at(&format!("2020-08-07 11:00:{at_:02}"));
        ask_for(&mut ledger, &NewOrder::new(number(&name), Rupiah::new(100)), now);
    }
    let whole = names(&ledger, &OrderFilter::default(), 100);
    assert_eq!(whole.len(), 25);
    for limit in [1, 3, 4, 7, 25] {
        let mut filter = OrderFilter::default();
        let mut paged = Vec::new();
        loop {
            let page = ledger.orders(&filter, limit).unwrap();
            let Some(last) = page.last() else { break };
            filter.after = Some((last.created_at, last.number.clone()));
            paged.extend(page.iter().map(|order| order.number.to_string()));
            // Orders that are recorded meanwhile are on none of the following pages.
            let name = format!("NEW-{limit}-{}", paged.len());
            let later = at("2020-08-07 12:00:00");
            ask_for(&mut ledger, &NewOrder::new(number(&name), Rupiah::new(100)), later);
            if paged.len() == page.len() {
                let days = "2020-08-07".parse().ok();
                (filter.from, filter.to) = (days, days);
            }
        }
        let old: Vec<String> = paged.into_iter().filter(|name| !name.starts_with("NEW")).collect();
        assert_eq!(old, whole, "pages of {limit}");
    }
}

pub(crate) fn a_whole_number_or_rrn_finds_its_order_alone_within_the_rest_of_the_filter(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    for name in ["INV-1", "INV-10"] {
        ask_for(
            &mut ledger,
            &NewOrder::new(number(name), Rupiah::new(500)),
            at("2020-08-07 11:00:00"),
        );
    }
    pending(&mut ledger, "PAID", 1);
    let mut details = PaymentDetails::default();
    details.rrn = Some("1000".to_owned());
    ledger.record_webhook(InvoiceId::new(1), &details, at("2020-08-07 11:20:00")).unwrap();
    ledger.settle(InvoiceId::new(1), &paid("SITI"), at("2020-08-07 11:20:00")).unwrap();
    // Its amount is the RRN of another, and its number has that in it.
    ask_for(
        &mut ledger,
        &NewOrder::new(number("A-1000"), Rupiah::new(1_000)),
        at("2020-08-08 11:00:00"),
    );
    assert_eq!(names(&ledger, &searching("INV-1"), 10), ["INV-1"]);
    assert_eq!(names(&ledger, &searching("inv-1"), 10), ["INV-1"]);
    assert_eq!(names(&ledger, &searching("INV-"), 10), ["INV-10", "INV-1"]);
    assert_eq!(names(&ledger, &searching("1000"), 10), ["PAID"]);
    let mut filter = searching("1000");
    filter.from = "2020-08-08".parse().ok();
    assert_eq!(
        names(&ledger, &filter, 10),
        ["A-1000"],
        "by amount and by a part of the number, once"
    );
    let mut filter = searching("INV-1");
    filter.after = Some((at("2020-08-07 11:00:00"), number("INV-1")));
    assert_eq!(names(&ledger, &filter, 10), [""; 0], "there is no other page");
    filter.after = Some((at("2020-08-07 11:00:00"), number("INV-10")));
    assert_eq!(names(&ledger, &filter, 10), ["INV-1"]);
}

//! Merchants that share a ledger and nothing else, on any database.

use qris_api::webhook::WebhookEvent;
use qris_api::{Fingerprint, InvoiceId, PaymentDetails, Rupiah};
use qris_ledger::{
    Actor, Budget, CheckOutcome, Error, Ledger, MerchantRowId, OrderFilter, Settlement, State,
    WebhookEffect,
};

use crate::TestDatabase;
use crate::orders::{GAP, PLENTY, ask_for, order};
use crate::properties::{SCHEDULE, at, booked, id_of, invoice, number, paid, pending, state};

/// The ledger for another merchant.
#[track_caller]
fn kiosk(database: &TestDatabase) -> Ledger {
    let mut ledger = database.open();
    let kiosk = ledger.merchant(&"kiosk".parse().unwrap()).expect("a merchant");
    ledger.act_for(kiosk, &Actor::new("ani"));
    ledger
}

/// The same number and id for both, with different codes.
fn both(database: &TestDatabase) -> (Ledger, Ledger) {
    let (mut main, mut other) = (database.open(), kiosk(database));
    pending(&mut main, "INV-1", 1);
    let made = "2020-08-07 11:13:42";
    let intent = ask_for(&mut other, &order("INV-1"), at(made));
    let mut theirs = invoice("INV-1", 1, made);
    theirs.qris_content =
        crate::properties::content(1).replace("InterActive Corp", "Kios Ani di Tuba");
    theirs.qris_nmid = "ID2020021181746".to_owned();
    other.record_created(&intent, &theirs, &SCHEDULE, at(made)).expect("an invoice of their own");
    (main, other)
}

pub(crate) fn a_merchant_is_made_once_and_keeps_its_orders(database: &TestDatabase) {
    let mut ledger = database.open();
    let name = "kiosk".parse().unwrap();
    let first = ledger.merchant(&name).unwrap();
    assert_eq!(database.open().merchant(&name).unwrap(), first);
    assert_ne!(first, MerchantRowId::MAIN);
    assert_eq!(
        ledger.merchant(&qris_ledger::MerchantName::default()).unwrap(),
        MerchantRowId::MAIN
    );
    assert_ne!(ledger.merchant(&"kiosk-2".parse().unwrap()).unwrap(), first);
    let names: Vec<_> = ledger.merchants().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["kiosk", "kiosk-2", "main"]);
}

pub(crate) fn two_merchants_may_have_the_same_number_and_the_same_invoice_id(
    database: &TestDatabase,
) {
    let (mut main, mut other) = both(database);
    assert_eq!(booked(&main, "INV-1").merchant.as_str(), "main");
    assert_eq!(booked(&other, "INV-1").merchant.as_str(), "kiosk");
    let now = at("2020-08-07 11:20:00");
    // A webhook or a check of one does not affect the other.
    let id = InvoiceId::new(1);
    let mut details = PaymentDetails::default();
    details.rrn = Some("000380970875".to_owned());
    assert_eq!(
        other.record_webhook(id, &details, now).unwrap(),
        WebhookEffect::Due(number("INV-1"))
    );
    assert_eq!(other.settle(id, &paid("BUDI"), now).unwrap(), Settlement::Settled);
    assert_eq!(state(&other, "INV-1"), State::Paid);
    let mine = booked(&main, "INV-1");
    assert_eq!((mine.state, &mine.payment), (State::Pending, &qris_api::Payment::Unpaid));
    assert_eq!(main.find_invoice(id).unwrap(), Some(mine));
    assert_eq!(main.settle(id, &paid("SITI"), now).unwrap(), Settlement::Settled);
    let payer = |ledger: &Ledger| {
        booked(ledger, "INV-1").payment.details().unwrap().customer_name.clone().unwrap()
    };
    assert_eq!((payer(&main), payer(&other)), ("SITI".to_owned(), "BUDI".to_owned()));
    // A step on the other merchant's number finds no order.
    let intent = ask_for(&mut other, &order("KIOSK-ONLY"), now);
    assert!(matches!(main.cancel(&number("KIOSK-ONLY"), now), Err(Error::Absent)));
    assert!(matches!(main.renew(&number("KIOSK-ONLY"), now), Err(Error::Absent)));
    assert!(matches!(main.events(&number("KIOSK-ONLY")), Ok(events) if events.is_empty()));
    let made = invoice("KIOSK-ONLY", 5, "2020-08-07 11:20:00");
    assert!(matches!(main.record_created(&intent, &made, &SCHEDULE, now), Err(Error::Absent)));
    assert_eq!(state(&other, "KIOSK-ONLY"), State::Requested);
}

pub(crate) fn lists_reports_and_searches_are_one_merchants(database: &TestDatabase) {
    let (main, mut other) = both(database);
    let now = at("2020-08-07 11:20:00");
    ask_for(&mut other, &order("KIOSK-ONLY"), now);
    other.settle(InvoiceId::new(1), &paid("BUDI"), now).unwrap();
    let day = now.date();
    let totals = |ledger: &Ledger| -> Vec<(u64, u64, Rupiah)> {
        let lines = ledger.report(day, day).unwrap();
        lines.iter().map(|line| (line.invoices, line.payments, line.paid)).collect()
    };
    assert_eq!(totals(&main), [(1, 0, Rupiah::new(0))]);
    assert_eq!(totals(&other), [(1, 1, Rupiah::new(25_578))]);
    let filter = OrderFilter::default();
    for (ledger, orders, payments) in [(&main, 1, 0), (&other, 2, 1)] {
        assert_eq!(ledger.list(10).unwrap().len(), orders);
        assert_eq!(ledger.orders(&filter, 10).unwrap().len(), orders);
        assert_eq!(ledger.payments(day, day).unwrap().len(), payments);
        assert_eq!(ledger.unacknowledged(10).unwrap().len(), payments);
    }
    // An export has the whole ledger, with the merchant of each order.
    let mut out = Vec::new();
    assert_eq!(main.export(&mut out).unwrap(), 3);
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.matches(r#"{"merchant":"kiosk","#).count(), 2);
}

pub(crate) fn one_code_is_never_shown_for_two_merchants(database: &TestDatabase) {
    let (mut main, mut other) = (database.open(), kiosk(database));
    pending(&mut main, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    let intent = ask_for(&mut other, &order("INV-1"), now);
    let mut stray = invoice("INV-1", 2, "2020-08-07 11:20:00");
    stray.qris_content = crate::properties::content(1);
    let error = other.record_created(&intent, &stray, &SCHEDULE, now).unwrap_err();
    assert!(matches!(error, Error::ContentTaken), "{error}");
    assert_eq!(state(&other, "INV-1"), State::Unknown);
}

pub(crate) fn each_merchant_has_an_account_and_an_nmid_of_its_own(database: &TestDatabase) {
    let (mut main, mut other) = both(database);
    let account = |digest| Fingerprint::from_parts("qris.interactive.co.id", digest);
    main.bind_account(&account("0c9f1d7ab4e84f3b"), None).unwrap();
    other.bind_account(&account("7d1e0b55c2a94be2"), None).unwrap();
    for (ledger, own, strange) in [
        (&mut main, "0c9f1d7ab4e84f3b", "7d1e0b55c2a94be2"),
        (&mut other, "7d1e0b55c2a94be2", "0c9f1d7ab4e84f3b"),
    ] {
        ledger.bind_account(&account(own), None).unwrap();
        let refused = ledger.bind_account(&account(strange), None);
        assert!(matches!(refused, Err(Error::OtherAccount { .. })));
    }
    let now = at("2020-08-07 11:20:00");
    let intent = ask_for(&mut other, &order("INV-2"), now);
    let error =
        other.record_created(&intent, &invoice("INV-2", 2, "2020-08-07 11:20:00"), &SCHEDULE, now);
    assert!(matches!(error, Err(Error::OtherNmid { booked, .. }) if booked == "ID2020021181746"));
}

pub(crate) fn one_merchants_checks_use_no_slot_of_another(database: &TestDatabase) {
    let (mut main, mut other) = both(database);
    let due = at("2020-08-07 12:13:42");
    let budget = Budget::default().with_checks_per_minute(1);
    let claims = main.claim_checks(&budget, 10, due).unwrap();
    assert_eq!(claims.len(), 1);
    assert_eq!(claims[0].order.merchant.as_str(), "main");
    pending(&mut main, "INV-2", 2);
    assert_eq!(main.claim_checks(&budget, 10, due).unwrap(), [], "its turn is used up");
    let claims = other.claim_checks(&budget, 10, due).unwrap();
    assert_eq!(claims.iter().map(id_of).collect::<Vec<_>>(), [1]);
    assert_eq!(claims[0].order.merchant.as_str(), "kiosk");
    assert_eq!(main.claim_check(&number("KIOSK-ONLY"), &budget, due).unwrap(), None);
}

pub(crate) fn it_is_known_which_merchants_have_a_check_that_is_due(database: &TestDatabase) {
    let (mut main, mut other) = both(database);
    let kiosk = other.merchant(&"kiosk".parse().unwrap()).unwrap();
    let due = at("2020-08-07 12:13:42");
    assert_eq!(main.due_merchants(at("2020-08-07 12:13:41")).unwrap(), []);
    assert_eq!(other.due_merchants(due).unwrap(), [MerchantRowId::MAIN, kiosk]);
    let claims = main.claim_checks(&PLENTY, 10, due).unwrap();
    main.record_check(&claims[0], CheckOutcome::Unpaid, &SCHEDULE, due).unwrap();
    assert_eq!(main.due_merchants(due).unwrap(), [kiosk]);
    // Manual checks and webhooks are due at once.
    main.request_check(&number("INV-1"), 3, GAP, at("2020-08-07 12:20:00")).unwrap();
    assert_eq!(
        main.due_merchants(at("2020-08-07 12:20:00")).unwrap(),
        [MerchantRowId::MAIN, kiosk]
    );
    let due = at("2020-08-07 12:20:00");
    for ledger in [&mut main, &mut other] {
        let claims = ledger.claim_checks(&PLENTY, 10, due).unwrap();
        ledger.record_check(&claims[0], CheckOutcome::Unpaid, &SCHEDULE, due).unwrap();
    }
    assert_eq!(main.due_merchants(due).unwrap(), []);
    // So is a webhook of an unknown invoice.
    let lost = ask_for(&mut other, &order("LOST"), due);
    other.record_unknown(&lost, None, due).unwrap();
    let webhook =
        WebhookEvent::parse(br#"{"invoice":"77","qris_status":"success","note":"1 LOST 25578"}"#)
            .unwrap();
    assert_eq!(other.keep_webhook(&webhook, due).unwrap(), Some(number("LOST")));
    assert_eq!(main.due_merchants(due).unwrap(), [kiosk]);
    assert_eq!(main.unbooked_webhooks(10).unwrap(), []);
    assert_eq!(main.claim_candidates(&PLENTY, 10, due).unwrap(), []);
    let candidates = other.claim_candidates(&PLENTY, 10, due).unwrap();
    assert_eq!(candidates[0].order.number, number("LOST"));
}

pub(crate) fn one_merchants_clock_ends_no_code_of_another(database: &TestDatabase) {
    let (mut main, mut other) = both(database);
    let over = at("2020-08-07 11:43:42");
    ask_for(&mut other, &order("LOST"), over);
    assert_eq!(main.expire(over).unwrap(), [number("INV-1")]);
    assert_eq!(main.abandon(over, over).unwrap(), []);
    assert_eq!((state(&main, "INV-1"), state(&other, "INV-1")), (State::Expired, State::Pending));
    assert_eq!(other.expire(over).unwrap(), [number("INV-1")]);
    assert_eq!(other.abandon(over, over).unwrap(), [number("LOST")]);
    let who = other.events(&number("LOST")).unwrap().pop().unwrap();
    assert_eq!((who.state, who.actor.as_deref()), (State::Unknown, Some("ani")));
}

pub(crate) fn the_changes_after_an_event_are_those_of_all_merchants_since(database: &TestDatabase) {
    let mut ledger = database.open();
    assert_eq!(ledger.last_event().unwrap(), 0, "nothing is booked yet");
    pending(&mut ledger, "INV-9", 9);
    let before = ledger.last_event().unwrap();
    assert!(before > 0);
    assert_eq!(ledger.changes_after(before).unwrap(), []);
    let (main, other) = both(database);
    for asked in [&main, &other] {
        let changes = asked.changes_after(before).unwrap();
        let seen: Vec<_> = changes
            .iter()
            .map(|change| (change.merchant.as_str(), change.number.as_str()))
            .collect();
        let (ours, theirs) = (("main", "INV-1"), ("kiosk", "INV-1"));
        assert_eq!(seen, [ours, ours, theirs, theirs], "an intent and a code of each");
        assert!(changes.windows(2).all(|pair| pair[0].event < pair[1].event));
        assert_eq!(changes.last().map(|change| change.event), Some(asked.last_event().unwrap()));
    }
}

//! Removing payers' names from old records, on any database.

use std::time::Duration;

use qris_api::webhook::WebhookEvent;
use qris_api::{InvoiceId, PaymentDetails, Rupiah};
use qris_ledger::jiff::civil::{Date, date};
use qris_ledger::{
    Actor, Channel, EraseScope, EventType, Forgetting, Forgotten, Ledger, MerchantRowId,
    NewEndpoint, NewPlan, Period, StoryEvent, Traces, TryOutcome, payments_csv,
};

use crate::TestDatabase;
use crate::orders::{ask_for, created, order};
use crate::properties::{at, booked, number, paid, payment, pending};

/// A unique name, so that a search for it in a file finds only payers.
const NAME: &str = "SITI ZULAIKHA";
const TODAY: &str = "2020-09-01 10:00:00";
const DAY: Date = date(2020, 8, 8);

/// Forgets in steps of a few orders until there is nothing left to do.
#[track_caller]
fn forget(ledger: &mut Ledger, before: Date) -> Forgotten {
    let mut forgetting = Forgetting::new(before);
    while ledger.forget_payers(&mut forgetting, 2, at(TODAY)).expect("a step") {}
    forgetting.done
}

#[track_caller]
fn pay(ledger: &mut Ledger, name: &str, id: u64, when: &str) {
    pending(ledger, name, id);
    let details = payment(Some(NAME), Some("BCA"), Some(at(when)));
    ledger.settle(InvoiceId::new(id), &details, at(when)).expect("a payment");
}

fn payer(ledger: &Ledger, name: &str) -> Option<String> {
    booked(ledger, name).payment.details().and_then(|details| details.customer_name.clone())
}

/// The events of an order, by type.
fn told(ledger: &Ledger, name: &str) -> Vec<(EventType, String)> {
    let events = ledger.outbox(0, 1_000).expect("events").into_iter();
    let of_it = events.filter(|event| event.number.as_str() == name);
    of_it.map(|event| (event.event_type, event.payload)).collect()
}

#[track_caller]
fn exported(ledger: &Ledger) -> String {
    let mut out = Vec::new();
    ledger.export(&mut out).expect("an export");
    String::from_utf8(out).expect("text")
}

pub(crate) fn a_payer_is_forgotten_of_what_was_paid_before_the_day_and_of_nothing_else(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    for (name, id, when) in [
        ("OLD", 1, "2020-08-07 12:00:00"),
        ("LAST", 2, "2020-08-07 23:59:59"),
        ("FIRST", 3, "2020-08-08 00:00:00"),
    ] {
        pay(&mut ledger, name, id, when);
    }
    // A webhook named the payer, but no check has confirmed it: one invoice is still checked, one
    // is not.
    let mut said = PaymentDetails::default();
    said.customer_name = Some(NAME.into());
    said.rrn = Some("000380970875".into());
    pending(&mut ledger, "WATCHED", 4);
    ledger.record_webhook(InvoiceId::new(4), &said, at("2020-08-07 11:20:00")).expect("a hint");
    ledger.record_webhook(InvoiceId::new(1), &said, at("2020-08-07 12:01:00")).expect("a hint");
    let month = [date(2020, 8, 1), date(2020, 8, 31)];
    let before = payments_csv(&ledger.payments(month[0], month[1]).expect("payments"));
    let report = ledger.report(month[0], month[1]).expect("a report");
    let stories = [booked(&ledger, "FIRST"), booked(&ledger, "WATCHED")];

    let done = forget(&mut ledger, DAY);
    assert_eq!((done.orders, done.events, done.events_waiting), (2, 2, 0));
    assert_eq!((done.webhooks, done.plans), (0, 0));
    let kept = Some(NAME.to_owned());
    let names = ["OLD", "LAST", "FIRST"].map(|name| payer(&ledger, name));
    assert_eq!(names, [None, None, kept]);
    for name in ["OLD", "LAST"] {
        let [(EventType::Created, _), (EventType::Paid, body)] = &told(&ledger, name)[..] else {
            panic!("{:?}", told(&ledger, name));
        };
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(body["data"]["customer_name"], serde_json::Value::Null);
        assert_eq!((&body["data"]["method"], &body["type"]), (&"BCA".into(), &"order.paid".into()));
    }
    assert!(told(&ledger, "FIRST")[1].1.contains(NAME));
    // Money, methods and RRNs are unchanged, and so are the other orders.
    assert_eq!(payments_csv(&ledger.payments(month[0], month[1]).expect("payments")), before);
    assert!(before.contains("\"000380970875\""), "{before}");
    assert_eq!(ledger.report(month[0], month[1]).expect("a report"), report);
    assert_eq!([booked(&ledger, "FIRST"), booked(&ledger, "WATCHED")], stories);

    // A second run finds nothing, and a later day finds the rest.
    assert_eq!(forget(&mut ledger, DAY), Forgotten::default());
    assert_eq!(forget(&mut ledger, date(2020, 8, 9)).orders, 1);
    assert!(!exported(&ledger).contains(NAME));
}

pub(crate) fn a_day_that_is_to_come_forgets_no_payment_of_today(database: &TestDatabase) {
    let mut ledger = database.open();
    pay(&mut ledger, "TODAY", 1, "2020-09-01 09:00:00");
    pay(&mut ledger, "YESTERDAY", 2, "2020-08-31 23:00:00");
    assert_eq!(forget(&mut ledger, date(2030, 1, 1)).orders, 1);
    assert_eq!(payer(&ledger, "TODAY").as_deref(), Some(NAME));
    assert_eq!(payer(&ledger, "YESTERDAY"), None);
}

pub(crate) fn the_history_of_each_order_says_who_had_its_payer_forgotten(database: &TestDatabase) {
    let mut ledger = database.open();
    pay(&mut ledger, "OLD", 1, "2020-08-07 12:00:00");
    pay(&mut ledger, "NEW", 2, "2020-08-09 12:00:00");
    let told_before = ledger.outbox(0, 1_000).expect("events").len();
    ledger.act_for(MerchantRowId::MAIN, &Actor::new("ibu dewi"));
    forget(&mut ledger, DAY);
    let story = ledger.story(&number("OLD")).expect("a story");
    let last = story.last().expect("a step");
    assert_eq!((last.event, last.actor.as_deref()), (StoryEvent::Noted, Some("ibu dewi")));
    assert_eq!(last.detail.as_deref(), Some("payer's name forgotten"));
    assert_eq!((last.at, last.before), (at(TODAY), Some(last.state)));
    assert_eq!(ledger.story(&number("NEW")).expect("a story").len(), 3);
    assert_eq!(ledger.outbox(0, 1_000).expect("events").len(), told_before, "no program is told");
    forget(&mut ledger, DAY);
    assert_eq!(ledger.story(&number("OLD")).expect("a story"), story);
}

pub(crate) fn each_step_forgets_a_few_orders_and_what_is_left_is_forgotten_by_the_next_run(
    database: &TestDatabase,
) {
    let (mut ledger, mut till) = (database.open(), database.open());
    for id in 1..=7 {
        pay(&mut ledger, &format!("INV-{id}"), id, "2020-08-07 12:00:00");
    }
    let named = |ledger: &Ledger| {
        (1..=7).filter(|id| payer(ledger, &format!("INV-{id}")).is_some()).count()
    };
    let mut forgetting = Forgetting::new(DAY);
    assert!(ledger.forget_payers(&mut forgetting, 3, at(TODAY)).expect("a step"));
    assert_eq!((forgetting.done.orders, named(&till)), (3, 4));
    // Other writers run between two steps.
    pay(&mut till, "MEANWHILE", 8, "2020-08-31 12:00:00");
    // The program is killed. Another run skips what was already removed.
    let mut again = Forgetting::new(DAY);
    let mut steps = 1;
    while till.forget_payers(&mut again, 3, at(TODAY)).expect("a step") {
        steps += 1;
        assert!(steps < 100, "it ends");
    }
    assert_eq!((again.done.orders, named(&ledger)), (4, 0));
    assert_eq!(payer(&till, "MEANWHILE").as_deref(), Some(NAME));
    assert!(!ledger.forget_payers(&mut again, 3, at(TODAY)).expect("a step"), "it has ended");
}

pub(crate) fn an_event_keeps_the_name_until_the_endpoints_that_are_on_have_it(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let now = at("2020-08-07 12:00:00");
    let mut new = NewEndpoint::to("https://shop.example/hook");
    new.events = vec![EventType::Paid];
    let on = ledger.add_endpoint(&new, "whsec_AAAA", now).expect("an endpoint");
    new.url = Some("https://shop.example/other".into());
    let off = ledger.add_endpoint(&new, "whsec_AAAA", now).expect("an endpoint");
    pay(&mut ledger, "OLD", 1, "2020-08-07 12:00:00");
    ledger.set_endpoint_state(off.id, qris_ledger::EndpointState::Disabled, now).expect("off");

    let done = forget(&mut ledger, DAY);
    assert_eq!((done.orders, done.events, done.events_waiting), (1, 0, 1));
    assert_eq!(payer(&ledger, "OLD"), None);
    let lease = Duration::from_secs(60);
    let due = ledger.due_deliveries(on.id, 10, lease, now).expect("deliveries");
    assert!(due[0].payload.contains(NAME), "{}", due[0].payload);
    ledger.record_delivery(&due[0], TryOutcome::Taken(204), now).expect("booked");

    let done = forget(&mut ledger, DAY);
    assert_eq!((done.orders, done.events, done.events_waiting), (1, 1, 0));
    assert!(!told(&ledger, "OLD")[1].1.contains(NAME));
    // An event that waited for a disabled endpoint is sent without the name.
    ledger.set_endpoint_state(off.id, qris_ledger::EndpointState::Enabled, now).expect("on");
    let due = ledger.due_deliveries(off.id, 10, lease, now).expect("deliveries");
    assert!(due[0].payload.contains("\"customer_name\":null"), "{}", due[0].payload);
}

pub(crate) fn a_kept_webhook_loses_its_name_once_it_is_old_and_not_checked_any_more(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let webhook = |id: u64, paid: &str| {
        let body = format!(
            r#"{{"invoice":"{id}","qris_status":"success","qris_paid_date":"{paid}","rrn":"R-{id}",
                "qris_payment_customername":"{NAME}"}}"#
        );
        WebhookEvent::parse(body.as_bytes()).expect("a webhook")
    };
    for (id, paid, received) in [
        (1, "2020-08-07 11:15:00", "2020-08-07 11:16:00"),
        (2, "2020-08-07 23:59:00", "2020-08-07 23:59:30"),
        (3, "2020-08-08 00:00:00", "2020-08-07 23:59:59"),
        (4, "2020-08-07 23:59:00", "2020-08-08 00:00:00"),
        (5, "2020-08-07 11:15:00", "2020-08-07 11:16:00"),
    ] {
        ledger.keep_webhook(&webhook(id, paid), at(received)).expect("kept");
    }
    // A person says that the fifth is of a sale, so that it is checked.
    let lost = ask_for(&mut ledger, &order("LOST"), at("2020-08-07 11:10:00"));
    ledger.record_unknown(&lost, None, at("2020-08-07 11:11:00")).expect("unknown");
    let candidate = ledger.candidate(&number("LOST"), InvoiceId::new(5)).expect("a candidate");
    ledger.watch_candidate(&candidate, at("2020-08-07 11:17:00")).expect("watched");

    assert_eq!(forget(&mut ledger, DAY).webhooks, 2);
    let kept = ledger.unbooked_webhooks(10).expect("webhooks");
    let mut kept: Vec<_> =
        kept.iter().map(|it| (it.invoice.get(), it.details.customer_name.is_some())).collect();
    kept.sort_unstable();
    assert_eq!(kept, [(1, false), (2, false), (3, true), (4, true), (5, true)]);
    assert_eq!(forget(&mut ledger, DAY).webhooks, 0);
}

pub(crate) fn the_customer_of_a_paid_bill_and_of_a_plan_that_has_ended_is_forgotten(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let mut plan = |prefix: &str| {
        let mut new = NewPlan::new(prefix, Rupiah::new(25_578), Period::Weekly, date(2020, 8, 6));
        new.customer_name = Some(NAME.into());
        new.customer_reference = Some("C-7".into());
        ledger.add_plan(&new, at("2020-08-01 09:00:00")).expect("a plan").id
    };
    let (ended, active) = (plan("A"), plan("B"));
    let orders = ledger.make_plan_orders(10, at("2020-08-07 09:00:00")).expect("orders");
    let [first, second] = &orders[..] else { panic!("{orders:?}") };
    ledger.end_plan(ended, at("2020-08-07 10:00:00")).expect("ended");
    // The first bill is paid, the second is owed.
    let intent = ledger.first_code(&first.number, at("2020-08-07 11:13:42")).expect("a code");
    created(&mut ledger, &intent, 1, at("2020-08-07 11:13:42"));
    ledger.settle(InvoiceId::new(1), &paid(NAME), at("2020-08-07 12:00:00")).expect("a payment");
    // A sale's metadata belongs to the program that made the sale.
    let mut sale = order("SALE");
    sale.metadata = Some(r#"{"customer":"CUST-9"}"#.into());
    let intent = ask_for(&mut ledger, &sale, at("2020-08-07 11:13:42"));
    created(&mut ledger, &intent, 2, at("2020-08-07 11:13:42"));
    ledger.settle(InvoiceId::new(2), &paid(NAME), at("2020-08-07 12:00:00")).expect("a payment");

    let done = forget(&mut ledger, DAY);
    assert_eq!((done.orders, done.plans), (2, 1));
    let metadata = |ledger: &Ledger, name: &str| booked(ledger, name).metadata.expect("metadata");
    let (first, second) = (first.number.as_str(), second.number.as_str());
    let bill = metadata(&ledger, first);
    assert!(!bill.contains(NAME) && bill.contains("\"customer_reference\":\"C-7\""), "{bill}");
    assert!(told(&ledger, first).iter().all(|(_, payload)| !payload.contains(NAME)));
    assert!(metadata(&ledger, second).contains(NAME), "who owes it is not forgotten");
    assert_eq!(metadata(&ledger, "SALE"), r#"{"customer":"CUST-9"}"#);
    let plan = ledger.plan(ended).expect("a plan");
    assert_eq!(
        (plan.terms.customer_name, plan.terms.customer_reference),
        (None, Some("C-7".into()))
    );
    assert_eq!(ledger.plan(active).expect("a plan").terms.customer_name.as_deref(), Some(NAME));
}

pub(crate) fn one_merchants_payers_are_forgotten_and_no_others(database: &TestDatabase) {
    let mut ledger = database.open();
    pay(&mut ledger, "OLD", 1, "2020-08-07 12:00:00");
    let kopi = ledger.merchant(&"kopi".parse().expect("a name")).expect("a merchant");
    ledger.act_for(kopi, &Actor::new("siti"));
    let mut own = order("OLD");
    own.channel = Channel::Ecommerce;
    let intent = ask_for(&mut ledger, &own, at("2020-08-07 11:13:42"));
    created(&mut ledger, &intent, 2, at("2020-08-07 11:13:42"));
    ledger.settle(InvoiceId::new(2), &paid(NAME), at("2020-08-07 12:00:00")).expect("a payment");
    assert_eq!(forget(&mut ledger, DAY).orders, 1);
    assert_eq!(payer(&ledger, "OLD"), None);
    ledger.act_for(MerchantRowId::MAIN, &Actor::new("siti"));
    assert_eq!(payer(&ledger, "OLD").as_deref(), Some(NAME));
}

/// Fills a ledger with orders that have a name, some of them from a webhook.
#[track_caller]
pub(crate) fn with_payers(ledger: &mut Ledger) {
    for id in 1..=60 {
        pay(ledger, &format!("INV-{id}"), id, "2020-08-07 12:00:00");
    }
    let body = format!(
        r#"{{"invoice":"9","qris_status":"success","qris_payment_customername":"{NAME}"}}"#
    );
    let webhook = WebhookEvent::parse(body.as_bytes()).expect("a webhook");
    ledger.keep_webhook(&webhook, at("2020-08-07 12:00:00")).expect("kept");
}

#[test]
fn no_byte_of_a_forgotten_name_is_left_in_the_file_or_beside_it() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    // A till that runs on has the file open, and the log beside it.
    let till = database.open();
    with_payers(&mut ledger);
    let found = || {
        let files = std::fs::read_dir(database.path().parent().expect("a folder")).expect("files");
        let paths = files.map(|file| file.expect("a file").path());
        let has_name = |path: &std::path::PathBuf| {
            let bytes = std::fs::read(path).expect("a file");
            bytes.windows(NAME.len()).any(|window| window == NAME.as_bytes())
        };
        paths.filter(has_name).count()
    };
    assert!(found() > 0, "the names can be found");
    assert_eq!(forget(&mut ledger, DAY).orders, 60);
    assert!(found() > 0, "the log has them still");
    assert_eq!(ledger.erase_traces(EraseScope::LogAndFile).expect("rewritten"), Traces::None);
    assert_eq!(found(), 0);
    assert_eq!(till.payments(date(2020, 8, 7), date(2020, 8, 7)).expect("payments").len(), 60);
    assert_eq!(payer(&till, "INV-60"), None);
}

#[test]
fn a_log_that_another_program_reads_is_reported_to_have_names() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    with_payers(&mut ledger);
    assert_eq!(ledger.erase_traces(EraseScope::Log).expect("erased"), Traces::FreeSpace);
    let size = ledger.file_size().expect("a file");
    assert_eq!(size, std::fs::metadata(database.path()).expect("a file").len());
    // A program in the middle of a read.
    let reader = rusqlite::Connection::open(database.path()).expect("a database");
    reader.execute_batch("BEGIN; SELECT count(*) FROM qris_order").expect("read");
    forget(&mut ledger, DAY);
    assert_eq!(ledger.erase_traces(EraseScope::Log).expect("tried"), Traces::Log);
    reader.execute_batch("COMMIT").expect("ended");
    assert_eq!(ledger.erase_traces(EraseScope::LogAndFile).expect("rewritten"), Traces::None);
}

/// All tables, row by row.
#[cfg(feature = "postgres")]
#[test]
fn no_row_of_postgresql_has_a_forgotten_name() {
    let server = crate::postgres::Server::start();
    let database = server.database("shop");
    let mut ledger = database.open();
    with_payers(&mut ledger);
    let rows = || {
        server.sql(
            "SELECT query_to_xml('SELECT * FROM shop.' || table_name, true, false, '')
             FROM information_schema.tables WHERE table_schema = 'shop'",
        )
    };
    assert!(rows().matches(NAME).count() >= 121, "in invoices, events and a webhook");
    let done = forget(&mut ledger, DAY);
    assert_eq!((done.orders, done.events, done.webhooks), (60, 60, 1));
    assert!(!rows().contains(NAME));
    assert_eq!(ledger.erase_traces(EraseScope::LogAndFile).expect("nothing to do"), Traces::Server);
    assert_eq!(ledger.file_size(), None);
}

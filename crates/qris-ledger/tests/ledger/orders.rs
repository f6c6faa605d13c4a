//! Orders, on any database: their terms, their end, and the actors of their steps.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use qris_api::{InvoiceId, Rupiah, Tip, WibTime};
use qris_ledger::{
    Actor, Budget, Channel, CheckOutcome, Error, Intent, InvoiceState, Ledger, MerchantRowId,
    NewOrder, Request, Settlement, State,
};

use crate::TestDatabase;
use crate::properties::{
    MINUTE, SCHEDULE, at, booked, id_of, invoice, number, paid, pending, state,
};

/// PostgreSQL's slots follow the server's clock, which a test cannot move.
pub(crate) const PLENTY: Budget = Budget::new()
    .with_checks_per_minute(1_000)
    .with_claim(Duration::from_secs(180))
    .with_early_percent(20);
pub(crate) const GAP: Duration = Duration::from_secs(15);
/// How long an answer counts.
pub(crate) const FRESH: Duration = Duration::from_secs(50);
pub(crate) const AMOUNT: Rupiah = Rupiah::new(25_578);

/// When the first code of INV-1 is no longer shown.
pub(crate) fn over() -> WibTime {
    at("2020-08-07 11:43:42")
}

pub(crate) fn order(name: &str) -> NewOrder {
    NewOrder::new(number(name), AMOUNT)
}

#[track_caller]
pub(crate) fn ask_for(ledger: &mut Ledger, order: &NewOrder, now: WibTime) -> Intent {
    match ledger.request(order, now).expect("a number that may be used") {
        Request::New(intent) => intent,
        Request::Known(order) => panic!("{} is known", order.number),
    }
}

/// Records the invoice of an intent, made at this time.
#[track_caller]
pub(crate) fn created(ledger: &mut Ledger, intent: &Intent, id: u64, now: WibTime) {
    let invoice = invoice(intent.number().as_str(), id, &now.to_api_text());
    ledger.record_created(intent, &invoice, &SCHEDULE, now).expect("an invoice");
}

/// Checks every code of an order, and each is not paid.
#[track_caller]
pub(crate) fn unpaid(ledger: &mut Ledger, name: &str, now: WibTime) {
    let claimed = ledger.claim_order(&number(name), &PLENTY, GAP, FRESH, now).expect("claims");
    assert_eq!(claimed.wait, None);
    for claim in claimed.claims {
        ledger.record_check(&claim, CheckOutcome::Unpaid, &SCHEDULE, now).expect("a checked claim");
    }
}

/// An order with a second code, made when the first was over and not paid.
#[track_caller]
pub(crate) fn renewed(ledger: &mut Ledger, name: &str, first: u64, second: u64) {
    pending(ledger, name, first);
    ledger.expire(over()).expect("the ledger answers");
    unpaid(ledger, name, over());
    let intent = ledger.renew(&number(name), over()).expect("another code");
    created(ledger, &intent, second, over());
}

pub(crate) fn an_order_is_open_until_its_first_code_is_asked_for(database: &TestDatabase) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:13:42");
    let opened = ledger.open_order(&order("INV-1"), now).unwrap();
    assert_eq!((opened.state, opened.invoices.len()), (State::Open, 0));
    assert_eq!((opened.invoice.as_ref(), opened.created_at), (None, now));
    assert_eq!(opened.intent(), None);
    assert_eq!(ledger.open_order(&order("INV-1"), now.later_by(MINUTE)).unwrap(), opened);
    let mut dearer = order("INV-1");
    dearer.amount = Rupiah::new(30_000);
    assert!(matches!(ledger.open_order(&dearer, now), Err(Error::Conflict { .. })));
    assert!(matches!(ledger.request(&dearer, now), Err(Error::Conflict { .. })));
    assert_eq!(ledger.claim_checks(&PLENTY, 10, now.later_by(MINUTE)).unwrap(), []);
    // An order may be open for days before its customer requests a code.
    let later = at("2020-08-09 10:00:00");
    let intent = ask_for(&mut database.open(), &order("INV-1"), later);
    assert_eq!(state(&ledger, "INV-1"), State::Requested);
    created(&mut ledger, &intent, 1, later);
    let found = booked(&ledger, "INV-1");
    assert_eq!((found.state, found.created_at), (State::Pending, now));
    assert!(matches!(ledger.request(&order("INV-1"), later), Ok(Request::Known(_))));
    assert_eq!(ledger.open_order(&order("INV-1"), later).unwrap(), found);
    // The invoice counts on the day of its request.
    let report = ledger.report(now.date(), later.date()).unwrap();
    assert_eq!(report.iter().map(|line| line.day).collect::<Vec<_>>(), [later.date()]);
}

pub(crate) fn open_shown_and_expired_orders_can_be_cancelled_and_no_others(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:13:42");
    ledger.open_order(&order("OPEN"), now).unwrap();
    ask_for(&mut ledger, &order("REQUESTED"), now);
    let unknown = ask_for(&mut ledger, &order("UNKNOWN"), now);
    ledger.record_unknown(&unknown, None, now).unwrap();
    let refused = ask_for(&mut ledger, &order("REJECTED"), now);
    ledger.record_rejected(&refused, now).unwrap();
    pending(&mut ledger, "EXPIRED", 2);
    ledger.expire(over()).unwrap();
    pending(&mut ledger, "SHOWN", 1);
    for (name, may_be) in [
        ("OPEN", true),
        ("SHOWN", true),
        ("EXPIRED", true),
        ("REQUESTED", false),
        ("UNKNOWN", false),
        ("REJECTED", false),
    ] {
        let before = state(&ledger, name);
        let cancelled = ledger.cancel(&number(name), over());
        match cancelled {
            Ok(()) => assert!(may_be, "{name}"),
            Err(Error::State { found, .. }) => {
                assert_eq!((may_be, found), (false, before), "{name}")
            }
            Err(error) => panic!("{name}: {error}"),
        }
        let expected = if may_be { State::Cancelled } else { before };
        assert_eq!(state(&ledger, name), expected, "{name}");
        let last = ledger.events(&number(name)).unwrap().pop().unwrap();
        assert_eq!(last.state, expected, "{name}");
    }
    // Both codes are watched as before.
    let end = at("2020-08-07 12:13:42");
    let mut due: Vec<u64> =
        ledger.claim_checks(&PLENTY, 10, end).unwrap().iter().map(id_of).collect();
    due.sort_unstable();
    assert_eq!(due, [1, 2]);
    assert_eq!(ledger.settle(InvoiceId::new(2), &paid("SITI"), end).unwrap(), Settlement::Settled);
}

pub(crate) fn the_terms_of_an_order_are_kept_as_they_were_said(database: &TestDatabase) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:13:42");
    let mut new = order("INV-1");
    new.channel = Channel::Ecommerce;
    new.tip = Tip::Ask;
    new.description = Some(" dua kopi\n& roti ".to_owned());
    new.reference = Some("cart-77".to_owned());
    new.metadata = Some(r#"{"cart": 77, "items": ["kopi"]}"#.to_owned());
    new.due_at = Some(at("2020-08-31 23:59:59"));
    new.shown_for = Some(MINUTE * 10);
    let intent = ask_for(&mut ledger, &new, now);
    created(&mut ledger, &intent, 1, now);
    let found = booked(&database.open(), "INV-1");
    assert_eq!(found.channel, Channel::Ecommerce);
    assert_eq!(found.tip, Tip::Ask);
    assert_eq!(found.description.as_deref(), Some("dua kopi & roti"));
    assert_eq!(found.reference, new.reference);
    assert_eq!(found.metadata, new.metadata);
    assert_eq!(found.due_at, new.due_at);
    assert_eq!(found.shown_for, new.shown_for);
    assert_eq!(found.shown_until, Some(at("2020-08-07 11:23:42")), "for as long as it says");
    assert_eq!(found.expires_at, Some(at("2020-08-07 12:13:42")), "and watched as ever");
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(json["metadata"], serde_json::json!({"cart": 77, "items": ["kopi"]}));
    assert_eq!(json["tip"], true);
    assert_eq!(json["due_at"], "2020-08-31T23:59:59+07:00");
    // A code is not shown longer than it is valid.
    let mut long = order("INV-2");
    long.shown_for = Some(MINUTE * 600);
    let intent = ask_for(&mut ledger, &long, now);
    created(&mut ledger, &intent, 2, now);
    assert_eq!(booked(&ledger, "INV-2").shown_until, Some(at("2020-08-07 12:13:42")));
    // Truncated metadata would not be valid JSON.
    let mut heavy = order("INV-3");
    heavy.metadata = Some(format!("\"{}\"", "x".repeat(16 * 1_024)));
    let error = ledger.request(&heavy, now).unwrap_err();
    assert!(matches!(error, Error::TooLong { column: "metadata", .. }), "{error}");
    assert_eq!(ledger.find(&number("INV-3")).unwrap(), None);
}

pub(crate) fn a_payment_is_to_be_acknowledged_until_it_was_once(database: &TestDatabase) {
    let mut ledger = database.open();
    for (id, name) in [(1, "INV-1"), (2, "INV-2"), (3, "UNPAID")] {
        pending(&mut ledger, name, id);
    }
    let now = at("2020-08-07 11:20:00");
    assert_eq!(ledger.unacknowledged(10).unwrap(), []);
    let error = ledger.acknowledge(&number("UNPAID"), now).unwrap_err();
    assert!(
        matches!(error, Error::State { expected: [State::Paid], found: State::Pending }),
        "{error}"
    );
    assert!(matches!(ledger.acknowledge(&number("NONE"), now), Err(Error::Absent)));
    for id in [2, 1] {
        ledger.settle(InvoiceId::new(id), &paid("SITI"), now).unwrap();
    }
    // The program is killed between payment and shipping.
    drop(ledger);
    let mut ledger = database.open();
    let names = |ledger: &Ledger, limit| -> Vec<String> {
        let orders = ledger.unacknowledged(limit).unwrap();
        orders.iter().map(|order| order.number.to_string()).collect()
    };
    assert_eq!(names(&ledger, 10), ["INV-1", "INV-2"]);
    assert_eq!(names(&ledger, 1), ["INV-1"]);
    assert!(ledger.acknowledge(&number("INV-1"), now).unwrap());
    assert!(!database.open().acknowledge(&number("INV-1"), now).unwrap(), "once");
    assert_eq!(names(&database.open(), 10), ["INV-2"]);
    assert_eq!(booked(&ledger, "INV-1").acknowledged_at, Some(now));
    assert_eq!(booked(&ledger, "INV-2").acknowledged_at, None);
}

pub(crate) fn what_a_person_should_look_at_is_listed_until_it_has_ended(database: &TestDatabase) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:13:42");
    pending(&mut ledger, "FINE", 1);
    pending(&mut ledger, "SILENT", 2);
    let unknown = ask_for(&mut ledger, &order("UNKNOWN"), now);
    ledger.record_unknown(&unknown, None, now).unwrap();
    let names = |ledger: &Ledger, now| -> Vec<String> {
        let orders = ledger.attention(10, now).unwrap();
        orders.iter().map(|order| order.number.to_string()).collect()
    };
    assert_eq!(names(&ledger, now), ["UNKNOWN"]);
    // One check has no answer; the next one may have one.
    let silent = |ledger: &mut Ledger, now: WibTime| {
        let claims =
            ledger.claim_order(&number("SILENT"), &PLENTY, GAP, FRESH, now).unwrap().claims;
        ledger.record_check(&claims[0], CheckOutcome::Unanswered, &SCHEDULE, now).unwrap();
    };
    silent(&mut ledger, at("2020-08-07 11:20:00"));
    assert_eq!(names(&ledger, at("2020-08-07 11:20:00")), ["UNKNOWN"]);
    let end = at("2020-08-07 12:13:42");
    silent(&mut ledger, end);
    assert_eq!(names(&ledger, end), ["UNKNOWN", "SILENT"]);
    assert_eq!(ledger.attention(1, end).unwrap().len(), 1);
    ledger.resolve_not_made(&number("UNKNOWN"), "asked the provider", end).unwrap();
    ledger.settle(InvoiceId::new(2), &paid("SITI"), end).unwrap();
    assert_eq!(names(&ledger, end), [""; 0]);
}

pub(crate) fn an_orders_codes_are_claimed_at_once_within_gap_and_budget(database: &TestDatabase) {
    let mut ledger = database.open();
    renewed(&mut ledger, "INV-1", 1, 2);
    let claims = |ledger: &mut Ledger, budget: &Budget, now: WibTime| {
        let found = ledger.claim_order(&number("INV-1"), budget, GAP, FRESH, now).unwrap();
        (found.claims.iter().map(id_of).collect::<Vec<u64>>(), found.wait)
    };
    assert!(matches!(
        ledger.claim_order(&number("NONE"), &PLENTY, GAP, FRESH, over()),
        Err(Error::Absent)
    ));
    // The first was answered within this minute. The second is not due, but is checked too.
    let now = over().later_by(Duration::from_secs(20));
    assert!(!booked(&ledger, "INV-1").is_due(now));
    assert_eq!(claims(&mut ledger, &PLENTY, now), (vec![2], None));
    // Another process waits for the gap while the check is in progress.
    let soon = now.later_by(Duration::from_secs(5));
    let ten_seconds = Some(Duration::from_secs(10));
    assert_eq!(claims(&mut database.open(), &PLENTY, soon), (vec![], ten_seconds));
    // The claimant was killed.
    let later = now.later_by(GAP);
    let taken = ledger.claim_order(&number("INV-1"), &PLENTY, GAP, FRESH, later).unwrap();
    assert_eq!(taken.claims.iter().map(id_of).collect::<Vec<_>>(), [2]);
    ledger.record_check(&taken.claims[0], CheckOutcome::Unanswered, &SCHEDULE, later).unwrap();
    assert_eq!(claims(&mut ledger, &PLENTY, later.later_by(GAP / 3)), (vec![], ten_seconds));
    // The gap is over; the first one's answer is old by now.
    let minute = over().later_by(MINUTE);
    unpaid(&mut ledger, "INV-1", minute);
    assert_eq!(claims(&mut ledger, &PLENTY, minute), (vec![], None), "both had an answer");
    // Without a free slot in the budget, both wait.
    let two = PLENTY.with_checks_per_minute(1);
    let mut other = database.open();
    pending(&mut other, "OTHER", 7);
    let now = minute.later_by(MINUTE);
    let (first, wait) = claims(&mut other, &two, now);
    assert!(first.len() <= 1, "one turn");
    assert_eq!(wait, Some(Duration::from_secs(1)));
}

pub(crate) fn every_event_says_who_did_it(database: &TestDatabase) {
    let mut ledger = database.open();
    let step =
        |ledger: &mut Ledger, who: &str| ledger.act_for(MerchantRowId::MAIN, &Actor::new(who));
    step(&mut ledger, "kasir siti");
    let now = at("2020-08-07 11:13:42");
    let intent = ask_for(&mut ledger, &order("INV-1"), now);
    step(&mut ledger, "till");
    created(&mut ledger, &intent, 1, now);
    step(&mut ledger, "schedule");
    ledger.expire(over()).unwrap();
    step(&mut ledger, "budi");
    unpaid(&mut ledger, "INV-1", over());
    ledger.renew(&number("INV-1"), over()).unwrap();
    step(&mut ledger, "restart");
    ledger.abandon(over(), over()).unwrap();
    step(&mut ledger, "owner");
    ledger.resolve_not_made(&number("INV-1"), "asked", over()).unwrap();
    step(&mut ledger, "ani");
    ledger.cancel(&number("INV-1"), over()).unwrap();
    step(&mut ledger, "webhook");
    ledger.settle(InvoiceId::new(1), &paid("SITI"), over()).unwrap();
    let events = database.open().events(&number("INV-1")).unwrap();
    let found: Vec<(State, &str)> =
        events.iter().map(|event| (event.state, event.actor.as_deref().unwrap_or("-"))).collect();
    assert_eq!(
        found,
        [
            (State::Requested, "kasir siti"),
            (State::Pending, "till"),
            (State::Expired, "schedule"),
            (State::Requested, "budi"),
            (State::Unknown, "restart"),
            (State::Expired, "owner"),
            (State::Cancelled, "ani"),
            (State::Paid, "webhook"),
        ]
    );
}

pub(crate) fn of_many_connections_that_renew_an_order_at_once_one_may_ask_for_a_code(
    database: &TestDatabase,
) {
    const TILLS: usize = 8;
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    ledger.expire(over()).unwrap();
    unpaid(&mut ledger, "INV-1", over());
    let start = Barrier::new(TILLS);
    let renewed: usize = thread::scope(|scope| {
        let tills: Vec<_> = (0..TILLS)
            .map(|_| {
                let (mut ledger, start) = (database.open(), &start);
                scope.spawn(move || {
                    start.wait();
                    match ledger.renew(&number("INV-1"), over()) {
                        Ok(_) => 1,
                        Err(Error::State { .. }) => 0,
                        Err(error) => panic!("{error}"),
                    }
                })
            })
            .collect();
        tills.into_iter().map(|till| till.join().unwrap()).sum()
    });
    assert_eq!(renewed, 1);
    assert_eq!(booked(&ledger, "INV-1").invoices.len(), 2);
}

/// A person's action on an order. Returns how many orders it settled.
type Work = fn(&mut Ledger, u64) -> Result<u64, Error>;

/// Tries again while the database says that it may.
fn insist<T>(mut step: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    for _ in 0..100 {
        match step() {
            Err(error) if error.is_transient() => {}
            done => return done,
        }
    }
    step()
}

pub(crate) fn of_many_that_renew_settle_and_cancel_at_once_the_order_is_paid_once(
    database: &TestDatabase,
) {
    const ORDERS: u64 = 8;
    let mut ledger = database.open();
    for id in 1..=ORDERS {
        pending(&mut ledger, &format!("INV-{id}"), id);
    }
    ledger.expire(over()).unwrap();
    for id in 1..=ORDERS {
        unpaid(&mut ledger, &format!("INV-{id}"), over());
    }
    // Four people do one action each on all orders, and a fifth process watches.
    let works: [Work; 5] = [
        |ledger, id| {
            let settled = ledger.settle(InvoiceId::new(id), &paid("SITI"), over())?;
            Ok(u64::from(settled == Settlement::Settled))
        },
        |ledger, id| {
            let settled = ledger.settle(InvoiceId::new(id), &paid("BUDI"), over())?;
            Ok(u64::from(settled == Settlement::Settled))
        },
        |ledger, id| {
            let name = number(&format!("INV-{id}"));
            match ledger.renew(&name, over()) {
                Ok(intent) => {
                    let made = invoice(name.as_str(), 100 + id, "2020-08-07 11:43:42");
                    insist(|| ledger.record_created(&intent, &made, &SCHEDULE, over()))?;
                    Ok(0)
                }
                Err(Error::State { .. }) => Ok(0),
                Err(error) => Err(error),
            }
        },
        |ledger, id| match ledger.cancel(&number(&format!("INV-{id}")), over()) {
            Ok(()) | Err(Error::State { .. }) => Ok(0),
            Err(error) => Err(error),
        },
        |ledger, _| {
            let now = over().later_by(MINUTE);
            ledger.expire(now)?;
            ledger.sweep(now)?;
            let claims = ledger.claim_checks(&PLENTY, 3, now)?;
            for claim in claims {
                insist(|| ledger.record_check(&claim, CheckOutcome::Unanswered, &SCHEDULE, now))?;
            }
            Ok(0)
        },
    ];
    let start = Barrier::new(works.len());
    let settled: u64 = thread::scope(|scope| {
        let people: Vec<_> = works
            .into_iter()
            .map(|work| {
                let (mut ledger, start) = (database.open(), &start);
                scope.spawn(move || {
                    start.wait();
                    let ids = 1..=ORDERS;
                    ids.map(|id| insist(|| work(&mut ledger, id)).expect("no step fails"))
                        .sum::<u64>()
                })
            })
            .collect();
        people.into_iter().map(|person| person.join().unwrap()).sum()
    });
    assert_eq!(settled, ORDERS, "each payment settled one order, once");
    for id in 1..=ORDERS {
        let order = booked(&ledger, &format!("INV-{id}"));
        assert_eq!((order.state, order.overpaid), (State::Paid, Rupiah::new(0)));
        assert_eq!(order.invoices[0].state, InvoiceState::Paid);
        assert!(order.invoices.len() <= 2);
    }
    let report = ledger.report(over().date(), over().date()).unwrap();
    assert_eq!((report[0].payments, report[0].paid.get()), (ORDERS, ORDERS * 25_578));
}

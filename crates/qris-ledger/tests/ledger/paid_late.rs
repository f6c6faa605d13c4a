//! Late payments and second codes, as an order shows them, on any database.

use qris_api::{InvoiceId, WibTime};
use qris_ledger::{EventType, InvoiceState, Ledger, Settlement, State, StoryEvent};

use crate::TestDatabase;
use crate::orders::{AMOUNT, created, over, unpaid};
use crate::properties::{MINUTE, at, booked, number, paid, pending, state};

/// Records the payment of a code, and whether the order, its event and its story say that it is late.
#[track_caller]
fn is_late(ledger: &mut Ledger, name: &str, id: u64, now: WibTime) -> bool {
    assert!(!booked(ledger, name).is_paid_late(), "{name} is not paid");
    let settled = ledger.settle(InvoiceId::new(id), &paid("SITI"), now).unwrap();
    assert_eq!(settled, Settlement::Settled);
    let shown = booked(ledger, name).is_paid_late();
    let listed = ledger.unacknowledged(100).unwrap();
    let listed = listed.iter().find(|order| order.number == number(name)).expect("a paid order");
    assert_eq!(listed.is_paid_late(), shown, "{name} in the list");
    let events = ledger.outbox(0, 100).unwrap();
    let events = events.iter().filter(|event| event.number.as_str() == name);
    let told: Vec<EventType> = events.map(|event| event.event_type).collect();
    assert_eq!(told.contains(&EventType::PaidLate), shown, "{name}: {told:?}");
    let story: Vec<StoryEvent> =
        ledger.story(&number(name)).unwrap().iter().map(|step| step.event).collect();
    assert_eq!(story.contains(&StoryEvent::PaidLate), shown, "{name}: {story:?}");
    shown
}

pub(crate) fn an_order_is_paid_late_exactly_when_its_event_and_its_story_say_so(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let soon = at("2020-08-07 11:20:00");
    pending(&mut ledger, "SHOWN", 1);
    assert!(!is_late(&mut ledger, "SHOWN", 1, soon));
    pending(&mut ledger, "CANCELLED", 2);
    ledger.cancel(&number("CANCELLED"), soon).unwrap();
    assert!(is_late(&mut ledger, "CANCELLED", 2, soon));
    for (name, id) in [("EXPIRED", 3), ("RENEWED", 4), ("ASKED", 5)] {
        pending(&mut ledger, name, id);
    }
    ledger.expire(over()).unwrap();
    assert!(is_late(&mut ledger, "EXPIRED", 3, over()));
    unpaid(&mut ledger, "ASKED", over());
    let asked = ledger.renew(&number("ASKED"), over()).unwrap();
    assert!(is_late(&mut ledger, "ASKED", 5, over()), "its new code is not shown yet");
    unpaid(&mut ledger, "RENEWED", over());
    let renewed = ledger.renew(&number("RENEWED"), over()).unwrap();
    created(&mut ledger, &renewed, 14, over());
    assert!(!is_late(&mut ledger, "RENEWED", 4, over()), "its new code is shown");
    // What comes after the payment changes nothing.
    created(&mut ledger, &asked, 15, over());
    ledger.settle(InvoiceId::new(15), &paid("SITI"), over()).unwrap();
    let asked = booked(&ledger, "ASKED");
    assert_eq!((asked.is_paid_late(), asked.overpaid), (true, AMOUNT));
}

pub(crate) fn a_second_code_of_a_paid_order_that_becomes_unknown_is_in_the_history_until_a_person_ends_it(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    pending(&mut ledger, "INV-2", 2);
    ledger.expire(over()).unwrap();
    unpaid(&mut ledger, "INV-1", over());
    // The process is killed while it requests the second code, and the payer pays the first.
    ledger.renew(&number("INV-1"), over()).unwrap();
    ledger.settle(InvoiceId::new(1), &paid("SITI"), over()).unwrap();
    assert!(!booked(&ledger, "INV-1").has_unknown_code());
    let later = over().later_by(MINUTE * 3);
    ledger.abandon(over(), later).unwrap();
    let order = booked(&ledger, "INV-1");
    assert_eq!((order.state, order.has_unknown_code()), (State::Paid, true));
    let last = ledger.events(&number("INV-1")).unwrap().pop().expect("an event");
    let detail = last.detail.as_deref();
    assert_eq!((last.at, last.state), (later, State::Paid));
    assert_eq!(detail, Some("it is not known whether the provider made this code"));
    assert_eq!(state(&ledger, "INV-2"), State::Expired);
    ledger.resolve_not_made(&number("INV-1"), "it is not in the portal", later).unwrap();
    let order = booked(&ledger, "INV-1");
    assert_eq!((order.state, order.has_unknown_code()), (State::Paid, false));
    assert_eq!(order.invoices[1].state, InvoiceState::Resolved);
    let events = ledger.outbox(0, 100).unwrap();
    let told: Vec<EventType> = events
        .iter()
        .filter(|event| event.number == number("INV-1"))
        .map(|event| event.event_type)
        .collect();
    assert_eq!(told[told.len() - 2..], [EventType::Unknown, EventType::Resolved]);
    assert!(order.is_paid_late());
}

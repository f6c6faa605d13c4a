//! Property 7: every recorded step has its event, and every event a recorded step.

use qris_ledger::{EventType, InvoiceState, Order, OutboxEvent, State};

use crate::ledger::Store;
use crate::shop::number;
use crate::world::World;

/// The number of events that are read at a time.
const PAGE: u32 = 1_000;

/// The state of the outbox when the world is quiet: see [`crate::properties::at_the_end`].
///
/// - The events of each merchant are numbered 1, 2, 3 and so on.
/// - The first event of each order is from its recording.
/// - A paid order has one event for its first payment and one for each further payment; an unpaid
///   order has none. The event of a payment has the amount and the state `paid`.
/// - The last event of an expired or cancelled order says so.
/// - There are as many events for unknown outcomes as for their ends.
pub(crate) fn what_is_booked_is_told(world: &World, store: &Store) {
    for merchant in 0..world.scenario.merchants {
        let mut events: Vec<OutboxEvent> = Vec::new();
        loop {
            let last = events.last().map_or(0, |event| event.cursor);
            let page = store.with(merchant, |ledger| ledger.outbox(last, PAGE));
            let page = page.unwrap_or_default();
            if page.is_empty() {
                break;
            }
            events.extend(page);
        }
        if !events.iter().map(|event| event.cursor).eq((1..).take(events.len())) {
            world.broken(7, "the events of a merchant are not counted without a gap".to_owned());
        }
        let plans = world.scenario.orders.iter().filter(|plan| plan.merchant == merchant);
        for plan in plans {
            let number = number(plan);
            let order = store.with(merchant, |ledger| ledger.find(&number)).ok().flatten();
            let told = events.iter().filter(|event| event.number == number);
            let told: Vec<&OutboxEvent> = told.collect();
            match order {
                Some(order) => order_is_told(world, &order, &told),
                None if told.is_empty() => {}
                None => world.broken(7, format!("{number} is told of and not booked")),
            }
        }
    }
}

fn order_is_told(world: &World, order: &Order, told: &[&OutboxEvent]) {
    let number = &order.number;
    let types: Vec<EventType> = told.iter().map(|event| event.event_type).collect();
    let count = |wanted: &[EventType]| types.iter().filter(|told| wanted.contains(told)).count();
    if types.first() != Some(&EventType::Created) {
        world.broken(7, format!("{number} was not first told to be created: {types:?}"));
    }
    let codes = order.invoices.iter();
    let paid = codes.filter(|code| code.state == InvoiceState::Paid).count();
    let payments = [EventType::Paid, EventType::PaidLate];
    let told_paid = (count(&payments), count(&[EventType::Overpaid]));
    if told_paid != (paid.min(1), paid.saturating_sub(1)) {
        world.broken(7, format!("{number} has {paid} paid codes, told are {types:?}"));
    }
    for event in told.iter().filter(|event| payments.contains(&event.event_type)) {
        let sent: serde_json::Value = serde_json::from_str(&event.payload).unwrap_or_default();
        let data = &sent["data"];
        if data["state"] != "paid" || data["amount"] != order.amount.get() {
            world.broken(7, format!("{number} is told as paid with another state or amount"));
        }
    }
    let of_state = |told: &&EventType| {
        matches!(
            told,
            EventType::Expired | EventType::Cancelled | EventType::Paid | EventType::PaidLate
        )
    };
    let last = types.iter().rev().find(of_state).copied();
    let is_told = match order.state {
        State::Expired => last == Some(EventType::Expired),
        State::Cancelled => last == Some(EventType::Cancelled),
        _ => true,
    };
    if !is_told {
        world.broken(7, format!("{number} is {} and was told {types:?}", order.state));
    }
    let (unknown, resolved) = (count(&[EventType::Unknown]), count(&[EventType::Resolved]));
    if unknown != resolved {
        world.broken(7, format!("{number} was told {unknown} times to be unknown: {types:?}"));
    }
}

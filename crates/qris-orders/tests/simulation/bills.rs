//! Property 8: each period of a plan has one order, and each overdue order has one event.

use std::time::Duration;

use qris_api::{Rupiah, WibTime};
use qris_ledger::jiff::ToSpan as _;
use qris_ledger::jiff::civil::Date;
use qris_ledger::{EventType, NewPlan, OutboxEvent, Period};

use crate::ledger::Store;
use crate::scenario::hours;
use crate::world::World;

/// The number of bills of a plan that were missed before the run begins, while no process ran.
const MISSED: i64 = 3;

/// The longest time without a look for due bills: a process makes a round every two hours at least.
const IDLE: Duration = hours(3);

/// Each merchant's plan: a weekly bill, next due a day after the run begins.
pub(crate) fn begin(world: &World, store: &Store) {
    let start = world.scenario.start;
    let prefix = "PLAN";
    for merchant in 0..world.scenario.merchants {
        let plan = NewPlan::new(prefix, Rupiah::new(150_000), Period::Weekly, first_date(start));
        store.with(merchant, |ledger| ledger.add_plan(&plan, start)).expect("a plan");
    }
}

fn first_date(start: WibTime) -> Date {
    let next = start.date().tomorrow().unwrap_or(start.date());
    next.checked_sub(MISSED.weeks()).unwrap_or(next)
}

/// The state of the plans at the end of a run: see [`crate::properties::at_the_end`].
///
/// - Each date that has come has one order, also if several processes looked, were killed, or
///   waited for the database, and one `order.created` event. A date that has not come has none,
///   unless the host's clock was wrong: a process that has no answer from the provider uses it.
/// - Each order whose due date has passed has one `order.overdue` event, and no other order has
///   one.
pub(crate) fn each_bill_is_made_once_and_has_one_event(world: &World, store: &Store) {
    let (now, long_ago) = (world.true_time(), world.time_at(world.now().saturating_sub(IDLE)));
    for merchant in 0..world.scenario.merchants {
        let told = store.with(merchant, |ledger| ledger.outbox(0, u32::MAX)).unwrap_or_default();
        let first = first_date(world.scenario.start);
        for week in 0..MISSED + 3 {
            let Ok(date) = first.checked_add(week.weeks()) else { continue };
            let number = format!("PLAN-{}", Period::Weekly.name(date));
            let count = |event: EventType| {
                let of_this =
                    |one: &&OutboxEvent| one.number.as_str() == number && one.event_type == event;
                told.iter().filter(of_this).count()
            };
            let due = WibTime::parse(&format!("{date} 23:59:59")).unwrap_or(now);
            for (event, wanted, allowed) in [
                (EventType::Created, date <= long_ago.date(), date <= now.date()),
                (EventType::Overdue, due <= long_ago, due <= now),
            ] {
                let found = count(event);
                let is_early = found > 0 && !allowed && !world.is_clock_wrong();
                if found > 1 || found == 0 && wanted || is_early {
                    world.broken(8, format!("{number} was told {found} times as {event}"));
                }
            }
        }
    }
}

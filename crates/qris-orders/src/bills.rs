//! Recurring bills in the watcher's rounds: orders whose dates have come, and due dates that have passed.

use std::sync::atomic::Ordering;
use std::time::Duration;

use qris_ledger::Actor;

use crate::service::Served;
use crate::{Clock, Context, Error, OrderService, Provider, SharedLedger};

/// How often it is looked which dates have come.
const BILLS_EVERY: Duration = Duration::from_secs(5);

/// How many orders are made, and how many told to be overdue, in one transaction: a payment must not
/// wait for long.
const AT_ONCE: u32 = 100;

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// Whether it is time to look after the bills of a merchant.
    pub(crate) fn are_bills_due(&self, served: &Served<P>) -> bool {
        let next = Duration::from_millis(served.bills_due.load(Ordering::Relaxed));
        self.clock.elapsed() >= next
    }

    /// Makes the orders of plans whose dates have come, and tells what is overdue: up to a limit, and
    /// the rest in the next round.
    pub(crate) async fn make_bills(&self, served: &Served<P>) -> Result<(), Error> {
        let context = Context { merchant: served.merchant.name.clone(), actor: Actor::new("plan") };
        // A write takes the lock of a SQLite file and waits for the disk, so it is made only where
        // something is due.
        let now = served.now();
        let due = self.ledger.read(&context, move |ledger| ledger.are_bills_due(now)).await?;
        let (mut made, mut overdue, mut taken) = (Vec::new(), Vec::new(), Vec::new());
        if due {
            let clock = served.clock();
            let booked = self.ledger.write(&context, move |ledger| {
                let before = ledger.plans_with_taken_numbers()?;
                let made = ledger.make_plan_orders(AT_ONCE, clock())?;
                let mut taken = ledger.plans_with_taken_numbers()?;
                taken.retain(|plan| !before.contains(plan));
                Ok((made, ledger.tell_overdue(AT_ONCE, clock())?, taken))
            });
            (made, overdue, taken) = booked.await?;
        }
        let limit = usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
        let wait = match made.len() < limit && overdue.len() < limit {
            true => BILLS_EVERY,
            false => Duration::ZERO,
        };
        let next = self.clock.elapsed().saturating_add(wait).as_millis();
        served.bills_due.store(u64::try_from(next).unwrap_or(u64::MAX), Ordering::Relaxed);
        for order in &made {
            tracing::info!(number = %order.number, "a bill is made");
        }
        for plan in taken {
            if let Some(number) = &plan.taken_number {
                tracing::warn!(
                    plan = plan.id.get(),
                    %number,
                    "a bill is not made: another order has its number"
                );
            }
        }
        for order in &overdue {
            tracing::info!(number = %order.number, "a bill is overdue");
        }
        for order in made.iter().chain(&overdue) {
            self.changed(order);
        }
        Ok(())
    }
}

//! Recurring bills in the watcher's rounds: plans whose dates have come, and overdue orders.

use std::sync::atomic::Ordering;
use std::time::Duration;

use qris_ledger::Actor;

use crate::service::Served;
use crate::{Clock, Context, Error, OrderService, Provider, SharedLedger};

/// The time between two looks for due plans.
const BILLS_EVERY: Duration = Duration::from_secs(5);

/// The maximum number of orders, and of overdue events, in one transaction: a payment must not wait long for
/// the lock.
const AT_ONCE: u32 = 100;

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// Whether a merchant's bills are to be processed now.
    pub(crate) fn are_bills_due(&self, served: &Served<P>) -> bool {
        let next = Duration::from_millis(served.bills_due.load(Ordering::Relaxed));
        self.clock.elapsed() >= next
    }

    /// Makes the orders of plans whose dates have come, and writes overdue events, up to a limit. The next
    /// round does the rest.
    pub(crate) async fn make_bills(&self, served: &Served<P>) -> Result<(), Error> {
        let context = Context { merchant: served.merchant.name.clone(), actor: Actor::new("plan") };
        // A write locks a SQLite file and waits for the disk, so it happens only if something is due.
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
                Ok((made, ledger.write_overdue_events(AT_ONCE, clock())?, taken))
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
            tracing::info!(number = %order.number, "made a bill");
        }
        for plan in taken {
            if let Some(number) = &plan.taken_number {
                tracing::warn!(
                    plan = plan.id.get(),
                    %number,
                    "did not make a bill: another order has its number"
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

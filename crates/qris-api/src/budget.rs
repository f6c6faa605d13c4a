//! How often a key may be asked, over all invoices.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Clock;

/// The checks that a key may make in a minute; what does not fit waits, first come first served.
///
/// Each client has one of its own unless the builder is given one: clients that use the same key
/// in one process should share theirs. Clones are the same budget.
///
/// ```
/// use qris_api::{ApiKey, CheckBudget, Client, MerchantId};
///
/// let budget = CheckBudget::per_minute(30);
/// let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
///     .budget(budget.clone())
///     .build()?;
/// # Ok::<(), qris_api::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct CheckBudget(Arc<Mutex<Turns>>);

/// A minute, and a second more because questions do not all travel equally fast: what was sent
/// a minute apart may arrive closer together.
const WINDOW: Duration = Duration::from_secs(61);

impl CheckBudget {
    /// A budget of this many checks in any 60 seconds; at least one.
    pub fn per_minute(checks: u32) -> Self {
        Self(Arc::new(Mutex::new(Turns {
            per_minute: usize::try_from(checks).unwrap_or(usize::MAX).max(1),
            given: VecDeque::new(),
        })))
    }

    /// Waits for a turn to ask.
    pub(crate) async fn turn(&self, clock: &Clock) {
        let now = clock.elapsed();
        let at = self.turns().give(now);
        let mut turn = Turn { budget: self, at, taken: false };
        if at > now {
            clock.sleep(at - now).await;
        }
        turn.taken = true;
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for CheckBudget {
    /// 60 checks a minute.
    fn default() -> Self {
        Self::per_minute(60)
    }
}

/// A turn that is being waited for; given back if the waiting is given up.
struct Turn<'a> {
    budget: &'a CheckBudget,
    at: Duration,
    taken: bool,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.taken {
            self.budget.turns().take_back(self.at);
        }
    }
}

#[derive(Debug)]
struct Turns {
    per_minute: usize,
    /// The turns of the last minute and those to come, in order.
    given: VecDeque<Duration>,
}

impl Turns {
    /// The first moment from `now` on at which one more fits, behind all that were given before.
    fn give(&mut self, now: Duration) -> Duration {
        while self.given.front().is_some_and(|&at| at + WINDOW <= now) {
            self.given.pop_front();
        }
        let full_until = self
            .given
            .len()
            .checked_sub(self.per_minute)
            .and_then(|oldest| self.given.get(oldest))
            .map(|&at| at + WINDOW);
        let last = self.given.back().copied();
        let at = now.max(full_until.unwrap_or_default()).max(last.unwrap_or_default());
        self.given.push_back(at);
        at
    }

    fn take_back(&mut self, turn: Duration) {
        if let Some(index) = self.given.iter().rposition(|&at| at == turn) {
            self.given.remove(index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(per_minute: usize) -> Turns {
        Turns { per_minute, given: VecDeque::new() }
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn what_does_not_fit_into_a_minute_waits_for_the_next_in_order() {
        let mut turns = turns(2);
        assert_eq!(turns.give(at(0)), at(0));
        assert_eq!(turns.give(at(10)), at(10));
        assert_eq!(turns.give(at(11)), at(61));
        assert_eq!(turns.give(at(12)), at(71));
        assert_eq!(turns.give(at(13)), at(122));
        assert_eq!(turns.give(at(200)), at(200));
    }

    #[test]
    fn a_turn_that_is_given_up_is_given_to_somebody_else() {
        let mut turns = turns(1);
        assert_eq!(turns.give(at(0)), at(0));
        let second = turns.give(at(1));
        assert_eq!(second, at(61));
        turns.take_back(second);
        assert_eq!(turns.give(at(2)), at(61));
    }
}

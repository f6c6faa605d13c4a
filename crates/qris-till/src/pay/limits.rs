//! What payers may ask for, and how often.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use qris_api::WibTime;
use qris_ledger::{Event, State};
use tokio::sync::Semaphore;

use crate::failed_logins::FailedLogins;
use crate::live::Key;

/// Who asks for codes on the payer's page, as the events say it.
pub(crate) const PAYER: &str = "payer";

/// How long a payer waits between two presses for a code.
const PRESS_EVERY: Duration = Duration::from_secs(60);

/// How many codes payers may ask for of one order.
const MAX_CODES: usize = 20;

/// How many presses are remembered; more orders have to wait.
const MAX_PRESSES: usize = 4_096;

/// What the payers' pages share while the till runs.
#[derive(Debug)]
pub(crate) struct PayLimits {
    /// When a code was last asked for, by order: a press that fails counts too.
    presses: Mutex<HashMap<Key, Instant>>,
    /// A permit for each page that waits for news.
    pub(crate) followers: Arc<Semaphore>,
    /// Wrong links, by the address that they came from.
    pub(crate) wrong_links: FailedLogins,
}

/// Why a payer gets no other code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooOften {
    /// One was asked for within the last minute.
    Minute,
    /// Too many were asked for.
    Order,
}

impl PayLimits {
    /// Limits of a listener with this many connections.
    pub(crate) fn new(connections: usize) -> Self {
        Self {
            presses: Mutex::default(),
            followers: Arc::new(Semaphore::new((connections / 4).max(1))),
            wrong_links: FailedLogins::default(),
        }
    }

    /// Counts a press of an order with this history, if it is allowed.
    pub(crate) fn press(
        &self,
        key: Key,
        history: &[Event],
        now: WibTime,
        instant: Instant,
    ) -> Result<(), TooOften> {
        let by_payers = history.iter().filter(|event| {
            event.state == State::Requested && event.actor.as_deref() == Some(PAYER)
        });
        let asked: Vec<WibTime> = by_payers.map(|event| event.at).collect();
        if asked.len() >= MAX_CODES {
            return Err(TooOften::Order);
        }
        // What another till was asked for is in the history alone.
        if asked.last().is_some_and(|at| now < at.later_by(PRESS_EVERY) && *at <= now) {
            return Err(TooOften::Minute);
        }
        let mut presses = self.presses.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |at: &Instant| instant.saturating_duration_since(*at) < PRESS_EVERY;
        if presses.get(&key).is_some_and(is_recent) {
            return Err(TooOften::Minute);
        }
        if presses.len() >= MAX_PRESSES {
            presses.retain(|_, at| is_recent(at));
            if presses.len() >= MAX_PRESSES {
                return Err(TooOften::Minute);
            }
        }
        presses.insert(key, instant);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use qris_api::{Rupiah, TransactionNumber};
    use qris_ledger::{Actor, Ledger, MerchantRowId, NewOrder, Request};
    use qris_orders::MerchantName;

    use super::*;

    fn key(number: &str) -> Key {
        let number = TransactionNumber::parse(number).expect("a number");
        (MerchantName::default(), number)
    }

    fn at(minute: u32, second: u32) -> WibTime {
        WibTime::parse(&format!("2026-11-27 12:{minute:02}:{second:02}")).expect("a time")
    }

    /// The history of an order of which a payer asked for this many codes, one a minute from 12:01.
    fn history(codes: u32, actor: &str) -> Vec<Event> {
        let mut ledger = Ledger::in_memory().expect("a ledger");
        let order = NewOrder::new(key("INV-1").1, Rupiah::new(100));
        ledger.open_order(&order, at(0, 0)).expect("an order");
        ledger.act_for(MerchantRowId::MAIN, &Actor::new(actor));
        for minute in 1..=codes {
            let asked = ledger.request(&order, at(minute, 0)).expect("a request");
            let Request::New(intent) = asked else { panic!("the last one was refused") };
            ledger.record_rejected(&intent, at(minute, 1)).expect("booked");
        }
        ledger.events(&order.number).expect("events")
    }

    #[test]
    fn a_payer_may_ask_once_a_minute_by_any_till() {
        let now = Instant::now();
        let press = |limits: &PayLimits, history: &[Event], second, instant| {
            limits.press(key("INV-1"), history, at(1, second), instant)
        };
        let limits = PayLimits::new(4);
        let asked = history(1, PAYER);
        assert_eq!(press(&limits, &asked, 59, now), Err(TooOften::Minute), "by another till");
        assert_eq!(limits.press(key("INV-1"), &asked, at(2, 0), now), Ok(()));
        // The same till, whose press has failed and is not in the history.
        let soon = now + Duration::from_secs(59);
        assert_eq!(limits.press(key("INV-1"), &asked, at(2, 59), soon), Err(TooOften::Minute));
        assert_eq!(limits.press(key("INV-2"), &[], at(2, 59), soon), Ok(()), "another order");
        let later = now + Duration::from_secs(60);
        assert_eq!(limits.press(key("INV-1"), &asked, at(3, 0), later), Ok(()));
        // The cashier's codes are the cashier's.
        let cashiers = history(1, "cashier");
        assert_eq!(press(&PayLimits::new(4), &cashiers, 1, now), Ok(()));
    }

    #[test]
    fn payers_get_twenty_codes_of_an_order_and_no_more() {
        let limits = PayLimits::new(4);
        let (before, all) = (history(19, PAYER), history(20, PAYER));
        assert_eq!(limits.press(key("INV-1"), &before, at(40, 0), Instant::now()), Ok(()));
        let refused = limits.press(key("INV-2"), &all, at(40, 0), Instant::now());
        assert_eq!(refused, Err(TooOften::Order));
    }

    #[test]
    fn any_number_of_orders_takes_a_bounded_amount_of_memory() {
        let (limits, now) = (PayLimits::new(4), Instant::now());
        let press = |number: usize, instant| {
            limits.press(key(&format!("INV-{number}")), &[], at(1, 0), instant)
        };
        for number in 0..MAX_PRESSES {
            assert_eq!(press(number, now), Ok(()));
        }
        assert_eq!(press(MAX_PRESSES, now), Err(TooOften::Minute));
        assert_eq!(press(MAX_PRESSES, now + PRESS_EVERY), Ok(()));
        assert_eq!(limits.presses.lock().expect("no panic").len(), 1);
    }
}

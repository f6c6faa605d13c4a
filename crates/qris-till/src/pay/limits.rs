//! Limits of what payers may request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use qris_api::WibTime;
use qris_ledger::{Event, State};
use tokio::sync::Semaphore;

use crate::failed_logins::FailedLogins;
use crate::live::Key;

/// The actor in events of the payment page.
pub(crate) const PAYER: &str = "payer";

/// The minimum time between two requests for a code.
const MIN_GAP: Duration = Duration::from_secs(60);

/// The maximum number of codes that payers may request for one order.
const MAX_CODES: usize = 20;

/// How many requests are remembered. Further orders have to wait.
const MAX_REMEMBERED: usize = 4_096;

/// The shared state of the payment pages.
#[derive(Debug)]
pub(crate) struct PayLimits {
    /// The time of the last request for a code, by order. Failed requests count too.
    requests: Mutex<HashMap<Key, Instant>>,
    /// Permits for pages that wait for changes.
    pub(crate) followers: Arc<Semaphore>,
    /// Wrong links, by address.
    pub(crate) wrong_links: FailedLogins,
}

/// Why a payer gets no new code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooOften {
    /// One was requested within the last minute.
    Minute,
    /// Too many were requested.
    Order,
}

impl PayLimits {
    /// Limits for a listener with this number of connections.
    pub(crate) fn new(connections: usize) -> Self {
        Self {
            requests: Mutex::default(),
            followers: Arc::new(Semaphore::new((connections / 4).max(1))),
            wrong_links: FailedLogins::default(),
        }
    }

    /// Counts a request for a code of an order with this history, if it is allowed.
    pub(crate) fn request_code(
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
        // Requests at another till are only in the history.
        if asked.last().is_some_and(|at| now < at.later_by(MIN_GAP) && *at <= now) {
            return Err(TooOften::Minute);
        }
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |at: &Instant| instant.saturating_duration_since(*at) < MIN_GAP;
        if requests.get(&key).is_some_and(is_recent) {
            return Err(TooOften::Minute);
        }
        if requests.len() >= MAX_REMEMBERED {
            requests.retain(|_, at| is_recent(at));
            if requests.len() >= MAX_REMEMBERED {
                return Err(TooOften::Minute);
            }
        }
        requests.insert(key, instant);
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

    /// The history of an order for which a payer requested this number of codes, one per minute
    /// from 12:01.
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
            limits.request_code(key("INV-1"), history, at(1, second), instant)
        };
        let limits = PayLimits::new(4);
        let asked = history(1, PAYER);
        assert_eq!(press(&limits, &asked, 59, now), Err(TooOften::Minute), "by another till");
        assert_eq!(limits.request_code(key("INV-1"), &asked, at(2, 0), now), Ok(()));
        // The same till: its request has failed and is not in the history.
        let soon = now + Duration::from_secs(59);
        assert_eq!(
            limits.request_code(key("INV-1"), &asked, at(2, 59), soon),
            Err(TooOften::Minute)
        );
        assert_eq!(
            limits.request_code(key("INV-2"), &[], at(2, 59), soon),
            Ok(()),
            "another order"
        );
        let later = now + Duration::from_secs(60);
        assert_eq!(limits.request_code(key("INV-1"), &asked, at(3, 0), later), Ok(()));
        // Codes that the cashier requested do not count.
        let cashiers = history(1, "cashier");
        assert_eq!(press(&PayLimits::new(4), &cashiers, 1, now), Ok(()));
    }

    #[test]
    fn payers_get_twenty_codes_of_an_order_and_no_more() {
        let limits = PayLimits::new(4);
        let (before, all) = (history(19, PAYER), history(20, PAYER));
        assert_eq!(limits.request_code(key("INV-1"), &before, at(40, 0), Instant::now()), Ok(()));
        let refused = limits.request_code(key("INV-2"), &all, at(40, 0), Instant::now());
        assert_eq!(refused, Err(TooOften::Order));
    }

    #[test]
    fn any_number_of_orders_takes_a_bounded_amount_of_memory() {
        let (limits, now) = (PayLimits::new(4), Instant::now());
        let press = |number: usize, instant| {
            limits.request_code(key(&format!("INV-{number}")), &[], at(1, 0), instant)
        };
        for number in 0..MAX_REMEMBERED {
            assert_eq!(press(number, now), Ok(()));
        }
        assert_eq!(press(MAX_REMEMBERED, now), Err(TooOften::Minute));
        assert_eq!(press(MAX_REMEMBERED, now + MIN_GAP), Ok(()));
        assert_eq!(limits.requests.lock().expect("no panic").len(), 1);
    }
}

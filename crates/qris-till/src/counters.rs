//! The order that each customer display shows. The counter's cashier page sets it.
//!
//! Kept only in memory. After a restart it is empty (`revision` 0), and the cashier page sets it
//! again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use qris_api::{TransactionNumber, WibTime};
use qris_orders::MerchantName;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::http_error::HttpError;

/// The maximum number of counters.
const MAX_COUNTERS: usize = 1_000;

/// A counter of a merchant: its name is 1 to 12 ASCII letters and digits. Pages opened without one
/// are `main`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CounterName {
    merchant: MerchantName,
    name: String,
}

impl CounterName {
    pub(crate) fn parse(merchant: &MerchantName, text: &str) -> Result<Self, HttpError> {
        let valid =
            (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if valid {
            return Ok(Self { merchant: merchant.clone(), name: text.to_owned() });
        }
        let words = "expected a counter of 1 to 12 ASCII letters and digits";
        Err(HttpError::invalid(words))
    }
}

/// What one counter's display shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CounterDisplay {
    /// The order; `None` for a blank display.
    number: Option<TransactionNumber>,
    /// Grows with each change, also over restarts; 0 if nothing was set.
    revision: u64,
}

impl CounterDisplay {
    pub(crate) fn json(&self, counter: &str) -> Value {
        let number = self.number.as_ref().map(TransactionNumber::as_str);
        json!({"counter": counter, "number": number, "revision": self.revision})
    }
}

/// The displays of all counters.
#[derive(Debug, Default)]
pub(crate) struct Counters(Mutex<Displays>);

#[derive(Debug, Default)]
struct Displays {
    by_counter: HashMap<CounterName, watch::Sender<CounterDisplay>>,
    last_revision: u64,
}

impl Displays {
    fn get(&mut self, counter: CounterName) -> Result<&watch::Sender<CounterDisplay>, HttpError> {
        if !self.by_counter.contains_key(&counter) && self.by_counter.len() >= MAX_COUNTERS {
            self.by_counter.retain(|_, display| {
                display.receiver_count() > 0 || display.borrow().number.is_some()
            });
            if self.by_counter.len() >= MAX_COUNTERS {
                let words = format!("expected at most {MAX_COUNTERS} counters in use, found more");
                return Err(HttpError::new(StatusCode::TOO_MANY_REQUESTS, "too-many", words));
            }
        }
        Ok(self.by_counter.entry(counter).or_default())
    }
}

impl Counters {
    /// Watches a display, starting with its current order.
    pub(crate) fn watch(
        &self,
        counter: CounterName,
    ) -> Result<watch::Receiver<CounterDisplay>, HttpError> {
        Ok(self.displays().get(counter)?.subscribe())
    }

    pub(crate) fn show(&self, counter: CounterName) -> CounterDisplay {
        let displays = self.displays();
        let display = displays.by_counter.get(&counter);
        display.map(|display| display.borrow().clone()).unwrap_or_default()
    }

    /// Whether a counter of the merchant shows this order.
    pub(crate) fn is_shown(&self, merchant: &MerchantName, number: &str) -> bool {
        self.displays().by_counter.iter().any(|(counter, display)| {
            counter.merchant == *merchant
                && display.borrow().number.as_ref().is_some_and(|one| one.as_str() == number)
        })
    }

    pub(crate) fn set(
        &self,
        counter: CounterName,
        number: Option<TransactionNumber>,
    ) -> Result<CounterDisplay, HttpError> {
        let mut displays = self.displays();
        // Microseconds, so that revisions after a restart are higher than before.
        let now = u64::try_from(WibTime::now().timestamp().as_microsecond()).unwrap_or_default();
        let revision = now.max(displays.last_revision + 1);
        let display = CounterDisplay { number, revision };
        displays.get(counter)?.send_replace(display.clone());
        displays.last_revision = revision;
        Ok(display)
    }

    fn displays(&self) -> MutexGuard<'_, Displays> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

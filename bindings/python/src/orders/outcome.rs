//! Results of calls for orders: JSON, or a failure.

use std::time::Duration;

use pyo3::prelude::*;
use qris_ledger::OutboxEvent;
use qris_orders::{Error, Order, Orders, State};
use serde::Serialize;

use crate::errors;

/// Why a call for orders failed.
pub(super) enum Failed {
    Orders(Error),
    /// The check had no answer; the cause, if this process made it.
    Unanswered(Option<qris_api::Error>),
    /// It is too early for a check; the time until one is allowed.
    TooSoon(Duration),
    /// No press is left; the time until the next scheduled check, if there is one.
    NoneLeft(Option<Duration>),
}

impl Failed {
    pub(super) fn raise(self, py: Python<'_>) -> PyErr {
        match self {
            Self::Orders(error) => errors::orders_error(py, &error),
            Self::Unanswered(cause) => errors::not_checked(py, cause.as_ref()),
            Self::TooSoon(wait) => errors::too_soon(py, wait),
            Self::NoneLeft(wait) => errors::none_left(py, wait),
        }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Orders(error)
    }
}

impl From<qris_ledger::Error> for Failed {
    fn from(error: qris_ledger::Error) -> Self {
        Self::Orders(error.into())
    }
}

/// A step that the order's state does not allow.
pub(super) fn wrong_state(expected: &'static [State], found: State) -> Failed {
    qris_ledger::Error::State { expected, found }.into()
}

/// The time until the next scheduled check of an order, if there is one.
pub(super) fn until_next_check(orders: &Orders, order: &Order) -> Option<Duration> {
    let left = order.next_check_at?.timestamp() - orders.now().timestamp();
    Some(left.try_into().unwrap_or_default())
}

/// A value of the ledger as JSON.
pub(super) fn json(value: &impl Serialize) -> String {
    // Only maps with keys that are not texts can fail, and there are none.
    serde_json::to_string(value).unwrap_or_default()
}

/// The order as it is now: expired if its code may no longer be shown.
pub(super) fn order_json(orders: &Orders, mut order: Order) -> String {
    order.state = order.state_at(orders.now());
    json(&order)
}

pub(super) fn orders_json(orders: &Orders, found: Vec<Order>) -> String {
    let found: Vec<_> = found.into_iter().map(|order| order_json(orders, order)).collect();
    format!("[{}]", found.join(","))
}

/// An event: its cursor, its id and its content.
pub(super) fn event_json(event: &OutboxEvent) -> String {
    let OutboxEvent { cursor, id, payload, .. } = event;
    format!("{{\"cursor\":{cursor},\"id\":{},\"event\":{payload}}}", json(id))
}

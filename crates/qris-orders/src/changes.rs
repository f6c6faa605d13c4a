//! The changes of orders that this process makes.

use qris_ledger::Order;
use tokio::sync::broadcast::{self, error::RecvError};

/// A subscription to the changes that this process makes.
///
/// It does not include the changes of other processes that use the same ledger, nor the changes before a crash.
/// Read the ledger at the start and from time to time.
#[derive(Debug)]
pub struct Changes(broadcast::Receiver<Order>);

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The current order. It may be equal to the one of the change before.
    Order(Box<Order>),
    /// The subscriber was too slow and missed this many changes. Read the ledger.
    Missed(u64),
}

impl Changes {
    pub(crate) const fn new(receiver: broadcast::Receiver<Order>) -> Self {
        Self(receiver)
    }

    /// Waits for the next change; `None` if there will be none. The future can be dropped safely.
    pub async fn next(&mut self) -> Option<Change> {
        match self.0.recv().await {
            Ok(order) => Some(Change::Order(Box::new(order))),
            Err(RecvError::Lagged(missed)) => Some(Change::Missed(missed)),
            Err(RecvError::Closed) => None,
        }
    }
}

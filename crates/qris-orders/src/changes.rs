//! What became of orders, as this process learns of it.

use qris_ledger::Order;
use tokio::sync::broadcast::{self, error::RecvError};

/// A subscription to the changes that this process makes.
///
/// It hears nothing of what other processes do with the same ledger, and nothing after a crash: ask
/// the ledger when the program starts and from time to time.
#[derive(Debug)]
pub struct Changes(broadcast::Receiver<Order>);

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An order as it is now. It may be the same as before.
    Order(Box<Order>),
    /// The subscriber was too slow and missed this many changes: ask the ledger.
    Missed(u64),
}

impl Changes {
    pub(crate) const fn new(receiver: broadcast::Receiver<Order>) -> Self {
        Self(receiver)
    }

    /// Waits for the next change; `None` once there can be none. It is safe to drop the future.
    pub async fn next(&mut self) -> Option<Change> {
        match self.0.recv().await {
            Ok(order) => Some(Change::Order(Box::new(order))),
            Err(RecvError::Lagged(missed)) => Some(Change::Missed(missed)),
            Err(RecvError::Closed) => None,
        }
    }
}

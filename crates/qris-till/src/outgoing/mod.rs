//! Events on their way to other programs: where they may go, how they are signed, and how one is sent.

mod address;
mod send;
mod signature;

use std::sync::Arc;

use tokio::sync::Notify;

pub(crate) use self::address::{AddressRules, UrlError};
pub use self::address::{Network, NotANetwork};
pub(crate) use self::send::{Sender, Sent};
pub use self::signature::SigningSecret;

/// What the handlers of requests share with the task that delivers.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) rules: Arc<AddressRules>,
    /// Wakes the task: something is due.
    due: Notify,
    /// Wakes streams of events: something was told.
    pub(crate) told: Notify,
}

impl Outgoing {
    pub(crate) fn new(rules: AddressRules) -> Self {
        Self { rules: Arc::new(rules), due: Notify::new(), told: Notify::new() }
    }

    /// An order has changed, so there may be something to tell.
    pub(crate) fn order_changed(&self) {
        self.due.notify_one();
        self.told.notify_waiters();
    }

    /// Waits until something may be due.
    pub(crate) async fn due(&self) {
        self.due.notified().await;
    }

    /// Something is due that was not.
    pub(crate) fn delivery_due(&self) {
        self.due.notify_one();
    }
}

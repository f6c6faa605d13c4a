//! Sending events to other programs: allowed addresses, signatures, and delivery.

mod address;
pub(crate) mod authorities;
mod send;
mod signature;

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use tokio::sync::Notify;

pub(crate) use self::address::{AddressRules, UrlError};
pub use self::address::{Network, NotANetwork};
pub(crate) use self::send::{DeliveryResult, Sender};
pub use self::signature::SigningSecret;

/// What the handlers of requests share with the task that delivers.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) rules: Arc<AddressRules>,
    /// Additional certificate authorities for endpoints.
    pub(crate) authorities: Vec<CertificateDer<'static>>,
    /// Wakes the task when something is due.
    due: Notify,
    /// Wakes streams when there is a new event.
    pub(crate) told: Notify,
}

impl Outgoing {
    pub(crate) fn new(rules: AddressRules, authorities: Vec<CertificateDer<'static>>) -> Self {
        Self { rules: Arc::new(rules), authorities, due: Notify::new(), told: Notify::new() }
    }

    /// An order has changed, so there may be new events.
    pub(crate) fn order_changed(&self) {
        self.due.notify_one();
        self.told.notify_waiters();
    }

    /// Waits until something may be due.
    pub(crate) async fn due(&self) {
        self.due.notified().await;
    }

    /// A delivery became due.
    pub(crate) fn delivery_due(&self) {
        self.due.notify_one();
    }
}

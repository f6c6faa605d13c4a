//! Events on their way to other programs: where they may go, how they are signed, and how one is sent.

mod address;
pub(crate) mod authorities;
mod send;
mod signature;

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use tokio::sync::Notify;

pub(crate) use self::address::{AddressRules, UrlError};
pub use self::address::{Network, NotANetwork};
pub(crate) use self::send::{Sender, Sent};
pub use self::signature::SigningSecret;

/// What the handlers of requests share with the task that delivers.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) rules: Arc<AddressRules>,
    /// Authorities that endpoints' certificates may be of, beside the ones that the system trusts.
    pub(crate) authorities: Vec<CertificateDer<'static>>,
    /// Wakes the task: something is due.
    due: Notify,
    /// Wakes streams of events: something was told.
    pub(crate) told: Notify,
}

impl Outgoing {
    pub(crate) fn new(rules: AddressRules, authorities: Vec<CertificateDer<'static>>) -> Self {
        Self { rules: Arc::new(rules), authorities, due: Notify::new(), told: Notify::new() }
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

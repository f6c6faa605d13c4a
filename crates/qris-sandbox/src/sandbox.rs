//! A running sandbox.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::calls::Calls;
use crate::fault::{Fault, FaultCall, FaultRepeat};
use crate::invoice::{PayError, Payer};
use crate::order::Order;
use crate::payload::MERCHANT;
use crate::shared::Shared;
use crate::webhook::{Address, WebhookUrlError};

/// The time limit for calls in progress when the sandbox stops.
const DRAIN: Duration = Duration::from_secs(2);

/// A running sandbox. Dropping it ends it; [`stop`](Self::stop) ends it gracefully.
#[derive(Debug)]
pub struct Sandbox {
    pub(crate) shared: Arc<Shared>,
    pub(crate) address: SocketAddr,
    pub(crate) stopping: watch::Sender<bool>,
    pub(crate) server: JoinHandle<()>,
}

impl Sandbox {
    /// The address that it listens on.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL to give to a client: `http://127.0.0.1:PORT/restapi/qris/`.
    pub fn base_url(&self) -> String {
        format!("http://{}/restapi/qris/", self.address)
    }

    /// Pays an invoice as [`Payer::default`], like the button on the payer's page.
    ///
    /// # Errors
    ///
    /// [`PayError`] if the payer's app would refuse.
    pub fn pay(&self, invoice_id: u64) -> Result<(), PayError> {
        self.pay_as(invoice_id, Payer::default())
    }

    /// Pays an invoice as this payer.
    ///
    /// # Errors
    ///
    /// [`PayError`] if the payer's app would refuse.
    pub fn pay_as(&self, invoice_id: u64, payer: Payer) -> Result<(), PayError> {
        self.shared.pay(invoice_id, payer)
    }

    /// The merchant's national number (NMID) in every right QR.
    pub const fn nmid(&self) -> &'static str {
        MERCHANT.nmid
    }

    /// Makes a fault happen.
    pub fn inject(&self, fault: Fault, on: FaultCall, times: FaultRepeat) {
        self.shared.inject(Order { fault, on, times });
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.shared.clear_faults();
    }

    /// Posts payments to this plain-http URL from now on.
    ///
    /// # Errors
    ///
    /// [`WebhookUrlError`] for anything else.
    pub fn set_webhook(&self, url: &str) -> Result<(), WebhookUrlError> {
        self.shared.state().webhook = Some(Address::parse(url)?);
        Ok(())
    }

    /// The sandbox's current time.
    pub fn now(&self) -> Timestamp {
        self.shared.state().clock.now()
    }

    /// Sets the sandbox's clock. It continues from there unless it is stopped.
    pub fn set_time(&self, now: Timestamp) {
        self.shared.state().clock.set(now);
    }

    /// Moves the sandbox's clock forward.
    pub fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.shared.state().clock.advance(by);
    }

    /// Stops the sandbox's clock.
    pub fn stop_clock(&self) {
        self.shared.state().clock.stop();
    }

    /// Starts the sandbox's clock again.
    pub fn run_clock(&self) {
        self.shared.state().clock.run();
    }

    /// The calls with the right key.
    pub fn calls(&self) -> Calls {
        self.shared.state().calls.clone()
    }

    /// The calls with a wrong key, or with none.
    pub fn wrong_key_calls(&self) -> Calls {
        self.shared.state().wrong_key_calls.clone()
    }

    /// Ends the sandbox. Calls in progress get a short time to finish.
    pub async fn stop(mut self) {
        self.stopping.send_replace(true);
        if tokio::time::timeout(DRAIN, &mut self.server).await.is_err() {
            self.server.abort();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}

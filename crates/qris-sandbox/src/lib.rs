//! Stands in for the InterActive QRIS Open API, which has no sandbox of its own, over real HTTP.
//!
//! ```
//! use qris_sandbox::{Fault, Lasting, On, Sandbox};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let sandbox = Sandbox::start().await?;
//! // Give this to what is to be tested, with the key `sandbox-key` and the mID `123456`.
//! assert!(sandbox.base_url().ends_with("/restapi/qris/"));
//!
//! // The next create is accepted, and then the connection drops.
//! sandbox.inject(Fault::DropAfterAccepting, On::Create, Lasting::Once);
//! // An hour passes.
//! sandbox.advance(std::time::Duration::from_secs(3600));
//! // Nobody has asked too often.
//! assert!(sandbox.calls().busiest_minute() <= 60);
//! sandbox.stop().await;
//! # Ok::<(), qris_sandbox::StartError>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it serves
//!
//! The two calls of the API are `/restapi/qris/show_qris.php` and
//! `/restapi/qris/checkpaid_qris.php`, with the replies, refusals and spellings of the provider's
//! documentation, and the members of each reply in the same order.
//!
//! It takes what production clients send:
//!
//! - GET with a query, or POST with a query or with a form (`application/x-www-form-urlencoded`);
//! - as `cliTrxNumber` 1 to 64 printable ASCII characters without a space at either end, such as
//!   `INV/2026/00001`, `#1001` or `Order 00012-003-0004`;
//! - a create without `useTip`: then the QR asks for a tip (tag 55 is `01`);
//! - a check with any `do`, and with a time after the date in `trxdate`, of which only the date
//!   counts.
//!
//! [`SandboxBuilder::strict`] refuses what the documentation does not show. Where that is silent
//! the sandbox decides: amounts go up to what Bank Indonesia allows for one payment
//! ([`MAX_TRANSACTION_RUPIAH`](qris_codec::rules::limits::MAX_TRANSACTION_RUPIAH)); an unknown invoice, a wrong amount and a wrong day are `unpaid`; the day is the day of the payment. Much of
//! that can be decided otherwise ([`Behaviour`]): how the ids come, what a number that is used twice
//! gives, what a check compares, what a webhook says. Each answer ends its connection.
//!
//! A webhook is a POST of `rrn`, `note` (`1`, the transaction number and the amount), `invoice`,
//! `qris_status`, `qris_paid_date`, `qris_payment_methodby` and `qris_payment_customername`.
//!
//! Everything else belongs to the sandbox alone. Bodies are JSON; a refusal is
//! `{"error":"already-paid","message":"…"}` with a fitting HTTP status.
//!
//! | call | does |
//! |---|---|
//! | `GET /` | the payer's phone, as a page |
//! | `GET /sandbox` | merchant and time |
//! | `GET /sandbox/invoices` | all invoices, newest first; `state` is `pending`, `landing`, `paid` or `expired` |
//! | `POST /sandbox/invoices/{id}/pay` | pays one; `{"customer_name","method"}` may be left out |
//! | `GET`, `POST`, `DELETE /sandbox/faults` | what is to go wrong: `{"fault":"slow","on":"any"\|"create"\|"check","times":"once"\|"standing","seconds":20}`; the names, and which of them take `seconds` or `words`, are listed at [`Fault`] and in the answer to an unknown name |
//! | `GET`, `POST /sandbox/clock` | `{"now":"2026-11-22T23:59:00+07:00","advance_seconds":60,"running":false}`, each of which may be left out |
//! | `GET`, `DELETE /sandbox/calls` | how often each key has called; all keys but the right one are counted under an empty name |
//! | `GET`, `POST /sandbox/webhook` | what was posted where; `{"url":"http://127.0.0.1:8080/hook"}`, or `null` for nowhere |
//!
//! Nothing is kept when it ends, and nobody is kept out: it is for a developer's own machine.
#![forbid(unsafe_code)]

mod api;
mod behaviour;
mod builder;
mod calls;
mod clock;
mod control;
mod fault;
mod invoice;
mod listener;
mod order;
mod page;
mod payload;
mod reply;
mod webhook;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use crate::behaviour::{
    AbsentTip, Behaviour, CheckAction, CheckAmount, CheckDate, IdKind, Note, RefusalShape,
    RepeatedNumber, Rrn, TimeInDate, UnknownWord,
};
pub use crate::builder::{SandboxBuilder, StartError, WebhookUrlError};
pub use crate::calls::Calls;
use crate::clock::{Clock, later};
use crate::fault::Occasion;
pub use crate::fault::{Fault, FaultError, Lasting, On};
use crate::invoice::{Invoices, Received};
pub use crate::invoice::{PayError, Payer};

use crate::listener::Port;
use crate::order::{Order, Orders};
use crate::webhook::{Address, Announcement, Sending};
/// The crate of the moments in signatures.
pub use jiff;

/// The key that a sandbox takes unless told otherwise.
pub const DEFAULT_API_KEY: &str = "sandbox-key";
/// The merchant's number that a sandbox takes unless told otherwise.
pub const DEFAULT_MERCHANT_ID: &str = "123456";

/// How long calls that are under way may take once the sandbox is told to stop.
const DRAIN: Duration = Duration::from_secs(2);

/// A running sandbox. It ends when it is dropped; [`stop`](Self::stop) ends it gracefully.
#[derive(Debug)]
pub struct Sandbox {
    shared: Arc<Shared>,
    address: SocketAddr,
    stopping: watch::Sender<bool>,
    server: JoinHandle<()>,
}

/// What all calls share.
#[derive(Debug)]
struct Shared {
    api_key: String,
    merchant_id: String,
    validity: SignedDuration,
    behaviour: Behaviour,
    port: Arc<Port>,
    /// Where webhooks are sent from, so that anybody may pay.
    runtime: tokio::runtime::Handle,
    state: Mutex<State>,
}

/// What changes while the sandbox runs.
#[derive(Debug)]
struct State {
    clock: Clock,
    invoices: Invoices,
    faults: Orders,
    /// Those that came with the right key.
    calls: Calls,
    /// Those that came with any other.
    foreign_calls: Calls,
    webhook: Option<Address>,
    sendings: Vec<Sending>,
}

impl Shared {
    /// A panic elsewhere leaves nothing half-written, so a poisoned lock is as good as any.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Pays an invoice and tells the webhook of it.
    fn pay(self: &Arc<Self>, invoice_id: u64, payer: Payer) -> Result<(), PayError> {
        let mut state = self.state();
        let State { clock, invoices, faults, webhook, .. } = &mut *state;
        let now = clock.now();
        let invoice = invoices.open(invoice_id, now)?;
        let faults = faults.take(Occasion::Payment);
        let delay = faults.iter().find_map(|fault| match fault {
            Fault::LatePayment { seconds } => SignedDuration::try_from_secs_f64(*seconds).ok(),
            _ => None,
        });
        let lands_at = later(now, delay.unwrap_or_default());
        let bad_bytes = faults.contains(&Fault::BadBytesInNames);
        let payment = Received { payer, at: now, lands_at, bad_bytes };
        invoice.payment = Some(payment.clone());
        let invoice = invoice.clone();
        if let Some(address) = webhook.clone() {
            let to_nobody = faults.contains(&Fault::WebhookOfUnbooked);
            let unbooked = to_nobody.then(|| invoices.reserve_id());
            let announcement = Announcement { address, invoice, payment, faults, unbooked };
            self.runtime.spawn(announcement.tell(Arc::clone(self)));
        }
        Ok(())
    }

    /// Makes something go wrong.
    fn inject(&self, order: Order) {
        if let Fault::RefusedConnection { seconds } = order.fault {
            let time = Duration::try_from_secs_f64(seconds).unwrap_or_default();
            self.port.refuse(&self.runtime, time);
        } else {
            self.state().faults.add(order);
        }
    }

    /// Makes everything go right again.
    fn clear_faults(&self) {
        self.state().faults.clear();
        self.port.stop_refusing(&self.runtime);
    }
}

impl Sandbox {
    /// Starts a sandbox on a free port of this machine, with every setting at its default.
    ///
    /// # Errors
    ///
    /// [`StartError::Listen`] when no port is free.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Starts from the defaults.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::new()
    }

    /// The address that it listens on.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL to give to a client: `http://127.0.0.1:PORT/restapi/qris/`.
    pub fn base_url(&self) -> String {
        format!("http://{}/restapi/qris/", self.address)
    }

    /// Pays an invoice as [`Payer::default`], as a press of the button on the payer's page does.
    ///
    /// # Errors
    ///
    /// [`PayError`] when the payer's app would say no.
    pub fn pay(&self, invoice_id: u64) -> Result<(), PayError> {
        self.pay_as(invoice_id, Payer::default())
    }

    /// Pays an invoice as somebody.
    ///
    /// # Errors
    ///
    /// [`PayError`] when the payer's app would say no.
    pub fn pay_as(&self, invoice_id: u64, payer: Payer) -> Result<(), PayError> {
        self.shared.pay(invoice_id, payer)
    }

    /// The merchant's national number, as it stands in every right QR.
    pub const fn nmid(&self) -> &'static str {
        payload::MERCHANT.nmid
    }

    /// Makes something go wrong.
    pub fn inject(&self, fault: Fault, on: On, times: Lasting) {
        self.shared.inject(Order { fault, on, times });
    }

    /// Makes everything go right again.
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

    /// The moment it is for the sandbox.
    pub fn now(&self) -> Timestamp {
        self.shared.state().clock.now()
    }

    /// Sets the sandbox's clock, which goes on from there unless it is stopped.
    pub fn set_time(&self, now: Timestamp) {
        self.shared.state().clock.set(now);
    }

    /// Moves the sandbox's clock on.
    pub fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.shared.state().clock.advance(by);
    }

    /// Stops the sandbox's clock.
    pub fn stop_clock(&self) {
        self.shared.state().clock.stop();
    }

    /// Lets the sandbox's clock run on from where it stands.
    pub fn run_clock(&self) {
        self.shared.state().clock.run();
    }

    /// The calls that came with the right key.
    pub fn calls(&self) -> Calls {
        self.shared.state().calls.clone()
    }

    /// The calls that came with any other key, or with none.
    pub fn foreign_calls(&self) -> Calls {
        self.shared.state().foreign_calls.clone()
    }

    /// Ends the sandbox: no new calls, and a moment for those under way.
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

/// The README's examples, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

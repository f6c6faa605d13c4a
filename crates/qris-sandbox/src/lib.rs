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
//! The two calls of the API are `GET /restapi/qris/show_qris.php` and
//! `GET /restapi/qris/checkpaid_qris.php`, with the replies, refusals and spellings of the
//! provider's class text. Where that is silent the sandbox decides: amounts go up to
//! Rp10,000,000, above which no QR is valid; an unknown invoice, a wrong amount and a wrong day
//! are `unpaid`; the day is that of the payment ([`CheckDate`]).
//!
//! Everything else is the sandbox's own. Bodies are JSON; a refusal is
//! `{"error":"already-paid","message":"…"}` with a fitting HTTP status.
//!
//! | call | does |
//! |---|---|
//! | `GET /` | the payer's phone, as a page |
//! | `GET /sandbox` | merchant and time |
//! | `GET /sandbox/invoices` | all invoices, newest first; `state` is `pending`, `landing`, `paid` or `expired` |
//! | `POST /sandbox/invoices/{id}/pay` | pays one; `{"customer_name","method"}` may be left out |
//! | `GET`, `POST`, `DELETE /sandbox/faults` | what is to go wrong: `{"fault":"slow","on":"any"\|"create"\|"check","times":"once"\|"standing","seconds":20}`; `words` for `refuse`; the names are those of [`Fault`] |
//! | `GET`, `POST /sandbox/clock` | `{"now":"2026-11-22T23:59:00+07:00","advance_seconds":60,"running":false}`, each of which may be left out |
//! | `GET`, `DELETE /sandbox/calls` | how often each key has called; all keys but the right one are counted under an empty name |
//! | `GET`, `POST /sandbox/webhook` | what was posted where; `{"url":"http://127.0.0.1:8080/hook"}`, or `null` for nowhere |
//!
//! Nothing is kept when it ends, and nobody is kept out: it is for a developer's own machine.
#![forbid(unsafe_code)]

mod api;
mod calls;
mod clock;
mod control;
mod fault;
mod invoice;
mod page;
mod payload;
mod reply;
mod webhook;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use crate::calls::Calls;
use crate::clock::{Clock, later};
pub use crate::fault::{Fault, Lasting, On};
use crate::fault::{Occasion, Order, Orders};
use crate::invoice::{Invoices, Received};
pub use crate::invoice::{PayError, Payer};
use crate::webhook::{Address, Sending};

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
    refusals: RefusalShape,
    check_date: CheckDate,
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
        let payment = Received { payer, at: now, lands_at };
        invoice.payment = Some(payment.clone());
        if let Some(address) = webhook.clone() {
            let (shared, invoice) = (Arc::clone(self), invoice.clone());
            self.runtime.spawn(webhook::tell(shared, address, invoice, payment, faults));
        }
        Ok(())
    }
}

/// The shape in which refusals come. Both are in the class text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RefusalShape {
    /// `invalid amount` as text and the others as an object, as the class text shows them.
    #[default]
    Documented,
    /// `{"status":"failed","data":"…"}`
    Text,
    /// `{"status":"failed","data":{"qris_status":"…"}}`
    Object,
}

/// Which day a check must name (`trxdate`) to be told of a payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CheckDate {
    /// The day of the payment, as the provider's documents say.
    #[default]
    Payment,
    /// The day of the request, which most integrations send.
    Request,
    /// Either of them.
    Either,
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// It could not listen on its address.
    #[error("expected to listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The webhook's address is none.
    #[error(transparent)]
    Webhook(#[from] WebhookUrlError),
}

/// The webhook's URL is not one that the sandbox can post to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a webhook URL that begins with http:// and names a host, found another text")]
pub struct WebhookUrlError;

fn address_of(url: &str) -> Result<Address, WebhookUrlError> {
    Address::parse(url).ok_or(WebhookUrlError)
}

/// Settings of a [`Sandbox`].
#[derive(Clone, Debug)]
#[must_use]
pub struct SandboxBuilder {
    listen: SocketAddr,
    api_key: String,
    merchant_id: String,
    validity: Duration,
    refusals: RefusalShape,
    check_date: CheckDate,
    webhook: Option<String>,
}

impl SandboxBuilder {
    /// Where to listen; any free port of 127.0.0.1 by default.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// The pair that is let in; [`DEFAULT_API_KEY`] and [`DEFAULT_MERCHANT_ID`] by default.
    pub fn credentials(
        mut self,
        api_key: impl Into<String>,
        merchant_id: impl Into<String>,
    ) -> Self {
        self.api_key = api_key.into();
        self.merchant_id = merchant_id.into();
        self
    }

    /// How long an invoice can be paid; 60 minutes by default.
    pub fn validity(mut self, validity: Duration) -> Self {
        self.validity = validity;
        self
    }

    /// The shape of refusals; as the class text shows them by default.
    pub fn refusals(mut self, shape: RefusalShape) -> Self {
        self.refusals = shape;
        self
    }

    /// The day that a check must name; that of the payment by default.
    pub fn check_date(mut self, day: CheckDate) -> Self {
        self.check_date = day;
        self
    }

    /// Where to post payments to: a plain-http URL; nowhere by default.
    pub fn webhook(mut self, url: impl Into<String>) -> Self {
        self.webhook = Some(url.into());
        self
    }

    /// Starts to listen.
    ///
    /// # Errors
    ///
    /// [`StartError::Listen`] when the address is taken or not this machine's, and
    /// [`StartError::Webhook`] when the webhook is not a plain-http URL.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let refused = |source| StartError::Listen { address: self.listen, source };
        let webhook = self.webhook.as_deref().map(address_of).transpose()?;
        let listener = TcpListener::bind(self.listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let shared = Arc::new(Shared {
            api_key: self.api_key,
            merchant_id: self.merchant_id,
            validity: SignedDuration::try_from(self.validity).unwrap_or(SignedDuration::MAX),
            refusals: self.refusals,
            check_date: self.check_date,
            runtime: tokio::runtime::Handle::current(),
            state: Mutex::new(State {
                clock: Clock::SYSTEM,
                invoices: Invoices::new(Timestamp::now()),
                faults: Orders::default(),
                calls: Calls::default(),
                foreign_calls: Calls::default(),
                webhook,
                sendings: Vec::new(),
            }),
        });
        let (stopping, mut stopped) = watch::channel(false);
        let app = api::routes()
            .merge(control::routes())
            .merge(page::routes())
            .with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            let stop = async move {
                // A dropped sender means the same as a stop.
                stopped.wait_for(|&stopping| stopping).await.ok();
            };
            // Serving ends with an error for no connection; a broken one is its client's loss.
            axum::serve(listener, app).with_graceful_shutdown(stop).await.ok();
        });
        Ok(Sandbox { shared, address, stopping, server })
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
        SandboxBuilder {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            api_key: DEFAULT_API_KEY.to_owned(),
            merchant_id: DEFAULT_MERCHANT_ID.to_owned(),
            validity: Duration::from_secs(60 * 60),
            refusals: RefusalShape::default(),
            check_date: CheckDate::default(),
            webhook: None,
        }
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
        payload::NMID
    }

    /// Makes something go wrong.
    pub fn inject(&self, fault: Fault, on: On, times: Lasting) {
        self.shared.state().faults.add(Order { fault, on, times });
    }

    /// Makes everything go right again.
    pub fn clear_faults(&self) {
        self.shared.state().faults.clear();
    }

    /// Posts payments to this plain-http URL from now on.
    ///
    /// # Errors
    ///
    /// [`WebhookUrlError`] for anything else.
    pub fn set_webhook(&self, url: &str) -> Result<(), WebhookUrlError> {
        self.shared.state().webhook = Some(address_of(url)?);
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

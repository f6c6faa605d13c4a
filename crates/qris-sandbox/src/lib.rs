//! Stands in for the InterActive QRIS Open API, which has no sandbox of its own, over real HTTP.
//!
//! ```
//! use qris_sandbox::Sandbox;
//!
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let sandbox = Sandbox::start().await?;
//! assert!(sandbox.base_url().ends_with("/restapi/qris/"));
//! assert!(sandbox.pay(1).is_err(), "no invoice has been asked for yet");
//! sandbox.stop().await;
//! # Ok::<(), qris_sandbox::StartError>(())
//! # }).unwrap();
//! ```
#![forbid(unsafe_code)]

mod api;
mod clock;
mod control;
mod invoice;
mod payload;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::invoice::Invoices;
pub use crate::invoice::{PayError, Payer};

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
    state: Mutex<State>,
}

/// What changes while the sandbox runs.
#[derive(Debug)]
struct State {
    clock: Clock,
    invoices: Invoices,
}

impl Shared {
    /// A panic elsewhere leaves nothing half-written, so a poisoned lock is as good as any.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pay(&self, invoice_id: u64, payer: Payer) -> Result<(), PayError> {
        let mut state = self.state();
        let now = state.clock.now();
        state.invoices.pay(invoice_id, payer, now)
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

/// The sandbox could not listen on its address.
#[derive(Debug, thiserror::Error)]
#[error("expected to listen on {address}")]
pub struct StartError {
    address: SocketAddr,
    source: std::io::Error,
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

    /// Starts to listen.
    ///
    /// # Errors
    ///
    /// [`StartError`] when the address is taken or not this machine's.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let refused = |source| StartError {
            address: self.listen,
            source,
        };
        let listener = TcpListener::bind(self.listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let shared = Arc::new(Shared {
            api_key: self.api_key,
            merchant_id: self.merchant_id,
            validity: SignedDuration::try_from(self.validity).unwrap_or(SignedDuration::MAX),
            refusals: self.refusals,
            check_date: self.check_date,
            state: Mutex::new(State {
                clock: Clock::SYSTEM,
                invoices: Invoices::new(Timestamp::now()),
            }),
        });
        let (stopping, mut stopped) = watch::channel(false);
        let app = api::routes()
            .merge(control::routes())
            .with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            let stop = async move {
                // A dropped sender means the same as a stop.
                stopped.wait_for(|&stopping| stopping).await.ok();
            };
            // Serving ends with an error for no connection; a broken one is its client's loss.
            axum::serve(listener, app)
                .with_graceful_shutdown(stop)
                .await
                .ok();
        });
        Ok(Sandbox {
            shared,
            address,
            stopping,
            server,
        })
    }
}

impl Sandbox {
    /// Starts a sandbox on a free port of this machine, with every setting at its default.
    ///
    /// # Errors
    ///
    /// [`StartError`] when no port is free.
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

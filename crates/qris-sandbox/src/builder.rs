//! Settings, and the start.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract;
use axum::http::HeaderValue;
use axum::http::header::{CONNECTION, DATE};
use axum::middleware::{map_response, map_response_with_state};
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::behaviour::{Behaviour, CheckDate, RefusalShape};
use crate::calls::Calls;
use crate::clock::Clock;
use crate::invoice::Invoices;
use crate::listener::{Incoming, Port};
use crate::order::Orders;
use crate::sandbox::Sandbox;
use crate::shared::{Shared, State};
use crate::webhook::{Address, WebhookUrlError};
use crate::{api, control, page};

/// The key that a sandbox takes unless told otherwise.
pub const DEFAULT_API_KEY: &str = "sandbox-key";
/// The merchant's number that a sandbox takes unless told otherwise.
pub const DEFAULT_MERCHANT_ID: &str = "123456";

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
    /// The webhook's URL is not one that the sandbox can post to.
    #[error(transparent)]
    Webhook(#[from] WebhookUrlError),
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
}

/// Settings of a [`Sandbox`].
#[derive(Clone, Debug)]
#[must_use]
pub struct SandboxBuilder {
    listen: SocketAddr,
    api_key: String,
    merchant_id: String,
    validity: Duration,
    behaviour: Behaviour,
    strict: bool,
    webhook: Option<String>,
}

impl SandboxBuilder {
    pub(crate) fn new() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            api_key: DEFAULT_API_KEY.to_owned(),
            merchant_id: DEFAULT_MERCHANT_ID.to_owned(),
            validity: Duration::from_secs(60 * 60),
            behaviour: Behaviour::default(),
            strict: false,
            webhook: None,
        }
    }

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

    /// The shape of refusals; as the provider's documentation shows them by default.
    pub fn refusals(mut self, shape: RefusalShape) -> Self {
        self.behaviour.refusals = shape;
        self
    }

    /// The day that a check must name; that of the payment by default.
    pub fn check_date(mut self, day: CheckDate) -> Self {
        self.behaviour.check_date = day;
        self
    }

    /// Decides all that the provider's documentation leaves open.
    pub fn behaviour(mut self, behaviour: Behaviour) -> Self {
        self.behaviour = behaviour;
        self
    }

    /// Refuses what the provider's documentation does not show, though production clients send it
    /// and are answered: a POST (405), a check whose `do` is not `checkStatus`, a `trxdate` that is
    /// not `YYYY-MM-DD` alone, and a create whose `useTip` is neither `yes` nor `no`. Off by default.
    ///
    /// ```
    /// use qris_sandbox::Sandbox;
    ///
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = Sandbox::builder().strict().start().await?;
    /// sandbox.stop().await;
    /// # Ok::<(), qris_sandbox::StartError>(())
    /// # }).unwrap();
    /// ```
    pub fn strict(mut self) -> Self {
        self.strict = true;
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
        let mut behaviour = self.behaviour;
        if self.strict {
            behaviour.made_strict();
        }
        let webhook = self.webhook.as_deref().map(Address::parse).transpose()?;
        let listener = TcpListener::bind(self.listen).await.map_err(refused)?;
        let port = Arc::new(Port::new(listener).map_err(refused)?);
        let shared = Arc::new(Shared {
            api_key: self.api_key,
            merchant_id: self.merchant_id,
            validity: SignedDuration::try_from(self.validity).unwrap_or(SignedDuration::MAX),
            behaviour,
            port: Arc::clone(&port),
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
        let address = port.address();
        let (stopping, mut stopped) = watch::channel(false);
        let app = api::routes(self.strict)
            .merge(control::routes())
            .merge(page::routes())
            // One call a connection, so that none is left when connections are to be refused.
            .layer(map_response(async |response| ([(CONNECTION, "close")], response)))
            .with_state(Arc::clone(&shared))
            .layer(map_response_with_state(Arc::clone(&shared), dated));
        let server = tokio::spawn(async move {
            let stop = async move {
                // A dropped sender means the same as a stop.
                stopped.wait_for(|&stopping| stopping).await.ok();
            };
            // Serving ends with an error for no connection; a broken one is its client's loss.
            axum::serve(Incoming(port), app).with_graceful_shutdown(stop).await.ok();
        });
        Ok(Sandbox { shared, address, stopping, server })
    }
}

/// Gives a reply the date of the sandbox's clock.
async fn dated(
    extract::State(shared): extract::State<Arc<Shared>>,
    mut reply: Response,
) -> Response {
    let now = shared.state().clock.now();
    let text = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&text) {
        reply.headers_mut().insert(DATE, date);
    }
    reply
}

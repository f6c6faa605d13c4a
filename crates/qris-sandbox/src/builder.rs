//! The settings and the start of a sandbox.

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

/// The key that a sandbox accepts by default.
pub const DEFAULT_API_KEY: &str = "sandbox-key";
/// The merchant's number (mID) that a sandbox accepts by default.
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
        /// The system's error.
        source: std::io::Error,
    },
    /// The sandbox cannot post to the webhook's URL.
    #[error(transparent)]
    Webhook(#[from] WebhookUrlError),
}

impl Sandbox {
    /// Starts a sandbox on a free port of this machine with the default settings.
    ///
    /// # Errors
    ///
    /// [`StartError::Listen`] if no port is free.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// The default settings.
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

    /// Sets the address to listen on. Default: any free port of 127.0.0.1.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Sets the accepted key and merchant number. Default: [`DEFAULT_API_KEY`] and [`DEFAULT_MERCHANT_ID`].
    pub fn credentials(
        mut self,
        api_key: impl Into<String>,
        merchant_id: impl Into<String>,
    ) -> Self {
        self.api_key = api_key.into();
        self.merchant_id = merchant_id.into();
        self
    }

    /// Sets how long an invoice can be paid. Default: 60 minutes.
    pub fn validity(mut self, validity: Duration) -> Self {
        self.validity = validity;
        self
    }

    /// Sets the format of refusals. Default: as in the provider's documentation.
    pub fn refusals(mut self, shape: RefusalShape) -> Self {
        self.behaviour.refusals = shape;
        self
    }

    /// Sets the day that a check must name. Default: the day of the payment.
    pub fn check_date(mut self, day: CheckDate) -> Self {
        self.behaviour.check_date = day;
        self
    }

    /// Sets all behaviour that the provider's documentation does not specify.
    pub fn behaviour(mut self, behaviour: Behaviour) -> Self {
        self.behaviour = behaviour;
        self
    }

    /// Refuses what the provider's documentation does not show, although the provider answers production
    /// clients that send it: a POST (405), a check whose `do` is not `checkStatus`, a `trxdate` with more
    /// than `YYYY-MM-DD`, and a create whose `useTip` is neither `yes` nor `no`. Off by default.
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

    /// Sets the plain-http URL that payments are posted to. Default: none.
    pub fn webhook(mut self, url: impl Into<String>) -> Self {
        self.webhook = Some(url.into());
        self
    }

    /// Starts listening.
    ///
    /// # Errors
    ///
    /// [`StartError::Listen`] if the address is taken or is not on this machine; [`StartError::Webhook`] if
    /// the webhook is not a plain-http URL.
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
                wrong_key_calls: Calls::default(),
                webhook,
                sendings: Vec::new(),
            }),
        });
        let address = port.address();
        let (stopping, mut stopped) = watch::channel(false);
        let app = api::routes(self.strict)
            .merge(control::routes())
            .merge(page::routes())
            // One call per connection, so that no connection is left when connections are to be refused.
            .layer(map_response(async |response| ([(CONNECTION, "close")], response)))
            .with_state(Arc::clone(&shared))
            .layer(map_response_with_state(Arc::clone(&shared), dated));
        let server = tokio::spawn(async move {
            let stop = async move {
                // A dropped sender also means stop.
                stopped.wait_for(|&stopping| stopping).await.ok();
            };
            // A broken connection does not end the server with an error.
            axum::serve(Incoming(port), app).with_graceful_shutdown(stop).await.ok();
        });
        Ok(Sandbox { shared, address, stopping, server })
    }
}

/// Sets the date of a reply from the sandbox's clock.
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

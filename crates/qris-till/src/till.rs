//! Starts a till, and ends it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use qris_orders::{Actor, Orders, OrdersSettings};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::connections::{Connections, Limits};
use crate::failed_logins::FailedLogins;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::outgoing::{AddressRules, Outgoing};
use crate::state::AppState;
use crate::tickets::Tickets;
use crate::{Error, Settings, api, deliver, follow, open_files, server};

/// How long what is under way may take once the till is told to stop: a create takes up to 35 s.
const DRAIN: Duration = Duration::from_secs(45);

/// A running till. End it with [`stop`](Self::stop).
#[derive(Debug)]
pub struct Till {
    address: SocketAddr,
    app: Arc<AppState>,
    server: JoinHandle<()>,
    deliverer: JoinHandle<()>,
}

impl Till {
    /// Opens the ledger, listens, and begins to watch what is open in the ledger.
    ///
    /// A ledger of another account is refused: a sandbox would call the shop's unpaid sales paid.
    ///
    /// How many connections it takes follows from the process's limit of open files: see the
    /// [limits](crate#limits).
    ///
    /// # Errors
    ///
    /// Each variant of [`Error`] but [`Error::Signals`].
    pub async fn start(settings: Settings) -> Result<Self, Error> {
        settings.ensure_valid()?;
        let Settings {
            database,
            merchants,
            listen,
            token,
            allow_origins,
            webhook_tokens,
            private_networks,
            notify_urls,
        } = settings;
        let rules = AddressRules::new(private_networks, &notify_urls).ok_or(Error::NotifyUrl)?;
        if token.is_none() && !listen.ip().is_loopback() {
            return Err(Error::Exposed { address: listen });
        }
        let refused = |source| Error::Listen { address: listen, source };
        let listener = TcpListener::bind(listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let names = merchants.iter().map(|merchant| merchant.name.clone()).collect();
        let orders = Orders::start(OrdersSettings::new(merchants, database)).await?;
        let limits = Limits::within(open_files::limit());
        let connections = Arc::new(Connections::new(limits));
        let app = Arc::new(AppState {
            orders: orders.by(Actor::new("cashier")),
            merchants: names,
            live: Live::default(),
            metrics: Metrics::default(),
            stopping: watch::Sender::new(false),
            token,
            allow_origins,
            tickets: Tickets::default(),
            webhook_tokens,
            failed_logins: FailedLogins::default(),
            connections: Arc::clone(&connections),
            outgoing: Outgoing::new(rules),
        });
        tokio::spawn(follow::follow(Arc::clone(&app)));
        let deliverer = tokio::spawn(deliver::run(Arc::clone(&app)));
        let (router, served) = (api::router(Arc::clone(&app)), Arc::clone(&app));
        let server = tokio::spawn(async move {
            let stopping = served.stopping.subscribe();
            server::serve(listener, router, connections, &served.metrics, stopping).await;
        });
        let Limits { total, per_address } = limits;
        tracing::info!(%address, connections = total, per_address, "the till is open");
        Ok(Self { address, app, server, deliverer })
    }

    /// The address that it listens on.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends the till: no new requests, streams of events end at once, and charges under way are
    /// brought to their end. What is being checked is checked again by the next till.
    pub async fn stop(mut self) {
        self.app.stopping.send_replace(true);
        let drained = async {
            (&mut self.server).await.ok();
            (&mut self.deliverer).await.ok();
            self.app.orders.stop().await;
        };
        if tokio::time::timeout(DRAIN, drained).await.is_err() {
            tracing::warn!("something was still under way when the till closed");
        }
        self.server.abort();
        self.deliverer.abort();
        tracing::info!("the till is closed");
    }
}

/// Runs a till until Ctrl-C or SIGTERM, and says where it listens once it does.
///
/// On Unix it first raises the process's limit of open files to 4,096, or as near to it as the
/// system allows.
///
/// # Errors
///
/// Each variant of [`Error`].
pub async fn serve(settings: Settings, listening: impl FnOnce(SocketAddr)) -> Result<(), Error> {
    let mut interrupted = Box::pin(tokio::signal::ctrl_c());
    #[cfg(unix)]
    let mut terminated = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).map_err(Error::Signals)?
    };
    open_files::raise_limit();
    let till = Till::start(settings).await?;
    listening(till.address());
    #[cfg(unix)]
    tokio::select! {
        _ = &mut interrupted => {}
        _ = terminated.recv() => {}
    }
    #[cfg(not(unix))]
    interrupted.as_mut().await.map_err(Error::Signals)?;
    till.stop().await;
    Ok(())
}

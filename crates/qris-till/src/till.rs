//! Starts a till, and ends it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use qris_api::CheckBudget;
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::JoinHandle;

use crate::books::Books;
use crate::connections::{Connections, Limits};
use crate::failed_logins::FailedLogins;
use crate::health::Health;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::shop::{CHARGES, Shop};
use crate::{Error, Settings, Token, api, candidates, live, open_files, server, watcher};

/// How long what is under way may take once the till is told to stop: a create takes up to 35 s.
const DRAIN: Duration = Duration::from_secs(45);

/// What the handlers of requests share.
#[derive(Debug)]
pub(crate) struct Doors {
    pub(crate) shop: Arc<Shop>,
    pub(crate) token: Option<Token>,
    pub(crate) webhook_token: Option<Token>,
    pub(crate) failed_logins: FailedLogins,
    pub(crate) connections: Arc<Connections>,
}

/// A running till. End it with [`stop`](Self::stop).
#[derive(Debug)]
pub struct Till {
    address: SocketAddr,
    shop: Arc<Shop>,
    server: JoinHandle<()>,
}

impl Till {
    /// Opens the books, listens, and begins to watch what is open in the books.
    ///
    /// Books of another account are refused: a sandbox would call the shop's unpaid sales paid.
    ///
    /// How many connections it takes follows from the process's limit of open files: see the
    /// [limits](crate#limits).
    ///
    /// # Errors
    ///
    /// Each variant of [`Error`] but [`Error::Signals`].
    pub async fn start(settings: Settings) -> Result<Self, Error> {
        let Settings {
            client,
            database,
            listen,
            token,
            webhook_token,
            nmid,
            budget,
            abandon_after,
        } = settings;
        if token.is_none() && !listen.ip().is_loopback() {
            return Err(Error::Exposed { address: listen });
        }
        // The books share their budget with the tills that use the same books; the client shares
        // its own with every program on this machine that uses the same key.
        let shared = CheckBudget::per_minute(budget.checks_per_minute);
        let client = client.budget(shared).build()?;
        let books = Books::open(database).await?;
        let account = client.fingerprint().clone();
        let bound = books.write(move |ledger| {
            ledger.bind_account(&account, nmid.as_deref())?;
            Ok(ledger.is_private())
        });
        if !bound.await? {
            tracing::warn!(
                "other users of this machine can read the books: change the file's mode"
            );
        }
        let refused = |source| Error::Listen { address: listen, source };
        let listener = TcpListener::bind(listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let shop = Arc::new(Shop {
            live: Live::new(client.clone()),
            client,
            books,
            metrics: Metrics::default(),
            budget,
            abandon_after,
            due: Notify::new(),
            candidates_due: Notify::new(),
            health: Health::new(),
            stopping: watch::Sender::new(false),
            charges: Arc::new(Semaphore::new(usize::try_from(CHARGES).unwrap_or(usize::MAX))),
        });
        tokio::spawn(watcher::watch(Arc::clone(&shop)));
        tokio::spawn(candidates::watch(Arc::clone(&shop)));
        tokio::spawn(live::follow(Arc::clone(&shop)));
        let limits = Limits::within(open_files::limit());
        let connections = Arc::new(Connections::new(limits));
        let doors = Doors {
            shop: Arc::clone(&shop),
            token,
            webhook_token,
            failed_logins: FailedLogins::default(),
            connections: Arc::clone(&connections),
        };
        let app = api::router(Arc::new(doors));
        let served = Arc::clone(&shop);
        let server = tokio::spawn(async move {
            let stopping = served.stopping.subscribe();
            server::serve(listener, app, connections, &served.metrics, stopping).await;
        });
        let Limits { total, per_address } = limits;
        tracing::info!(%address, connections = total, per_address, "the till is open");
        Ok(Self { address, shop, server })
    }

    /// The address that it listens on.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends the till: no new requests, streams of events end at once, and charges under way are
    /// brought to their end. What is being checked is checked again by the next till.
    pub async fn stop(mut self) {
        self.shop.stopping.send_replace(true);
        let drained = async {
            (&mut self.server).await.ok();
            // All permits are there when no charge is under way.
            self.shop.charges.acquire_many(CHARGES).await.ok();
        };
        if tokio::time::timeout(DRAIN, drained).await.is_err() {
            tracing::warn!("something was still under way when the till closed");
        }
        self.server.abort();
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

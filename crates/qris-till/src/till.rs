//! Starts and stops a till.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use qris_orders::{Actor, Orders, OrdersSettings};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::connections::{Connections, Limits};
use crate::failed_logins::FailedLogins;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::outgoing::{AddressRules, Outgoing, authorities};
use crate::pay::{self, limits::PayLimits};
use crate::people::People;
use crate::printers::Printers;
use crate::state::AppState;
use crate::tickets::Tickets;
use crate::{Error, Settings, api, deliver, follow, old_orders, open_files, printers, server};

/// How long active requests may take after the till is told to stop. A create call takes up to 35
/// s.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(45);

/// A running till. Stop it with [`stop`](Self::stop).
#[derive(Debug)]
pub struct Till {
    address: SocketAddr,
    pay_address: Option<SocketAddr>,
    app: Arc<AppState>,
    servers: Vec<JoinHandle<()>>,
    deliverer: JoinHandle<()>,
    printing: Vec<JoinHandle<()>>,
}

impl Till {
    /// Opens the ledger, listens, and starts watching open orders.
    ///
    /// A ledger of another account is refused, because a sandbox would report the shop's unpaid
    /// sales as paid.
    ///
    /// The number of connections depends on the process's limit of open files: see
    /// [limits](crate#limits).
    ///
    /// # Errors
    ///
    /// Each variant of [`Error`] except [`Error::Signals`].
    pub async fn start(settings: Settings) -> Result<Self, Error> {
        settings.ensure_valid()?;
        let Settings {
            database,
            merchants,
            listen,
            token,
            idle_timeout,
            allow_origins,
            webhook_tokens,
            private_networks,
            notify_urls,
            ca_file,
            pay_listen,
            public_url,
            pay_key_file,
            printers,
            settlement_terms,
            settlement_columns,
        } = settings;
        let rules = AddressRules::new(private_networks, &notify_urls).ok_or(Error::NotifyUrl)?;
        let authorities = ca_file.as_deref().map(authorities::read).transpose();
        let authorities = authorities.map_err(Error::CaFile)?.unwrap_or_default();
        let is_local = listen.ip().is_loopback();
        let (listener, address) = bind(listen).await?;
        let pay = match pay_listen {
            Some(listen) => Some(bind(listen).await?),
            None => None,
        };
        let pay_address = pay.as_ref().map(|(_, address)| *address);
        let pay_links = Settings::pay_links(
            &database,
            pay_key_file,
            public_url,
            pay_address.unwrap_or(address),
        )?;
        let names = merchants.iter().map(|merchant| merchant.name.clone()).collect();
        let mut settings = OrdersSettings::new(merchants, database);
        settings.pay_links.clone_from(&pay_links);
        let orders = Orders::start(settings).await?;
        let has_users = orders.read(|ledger| ledger.has_users()).await.map_err(Error::Ledger)?;
        if token.is_none() && !is_local && !has_users {
            orders.stop().await;
            return Err(Error::Exposed { address: listen });
        }
        let all = Limits::within(open_files::limit());
        // Connections from the internet do not reduce the connections of the shop.
        let limits = if pay.is_some() { all.half() } else { all };
        let connections = Arc::new(Connections::new(limits));
        let (shop_printers, queues) = Printers::new(printers);
        let app = Arc::new(AppState {
            orders: orders.by(Actor::new("cashier")),
            merchants: names,
            live: Live::default(),
            metrics: Metrics::default(),
            stopping: watch::Sender::new(false),
            token,
            is_local,
            people: People::new(idle_timeout, has_users),
            allow_origins,
            tickets: Tickets::default(),
            webhook_tokens,
            failed_logins: FailedLogins::default(),
            failed_pins: FailedLogins::default(),
            connections: Arc::clone(&connections),
            outgoing: Outgoing::new(rules, authorities),
            pay: PayLimits::new(limits.total),
            printers: shop_printers,
            pay_links,
            settlement_terms,
            settlement_columns,
        });
        let mut printing: Vec<_> = queues
            .into_iter()
            .map(|queue| tokio::spawn(printers::run(queue, app.stopping.subscribe())))
            .collect();
        printing.push(tokio::spawn(printers::print_payments(Arc::clone(&app))));
        tokio::spawn(follow::follow(Arc::clone(&app)));
        tokio::spawn(old_orders::add_pay_links(Arc::clone(&app)));
        let deliverer = tokio::spawn(deliver::run(Arc::clone(&app)));
        let router = api::router(Arc::clone(&app));
        let mut servers = vec![serve_on(listener, router, connections, Arc::clone(&app))];
        if let Some((listener, address)) = pay {
            let router = pay::public_router(Arc::clone(&app));
            let connections = Arc::new(Connections::new(limits));
            servers.push(serve_on(listener, router, connections, Arc::clone(&app)));
            tracing::info!(%address, "the payment pages are open");
        }
        let Limits { total, per_address } = limits;
        tracing::info!(%address, connections = total, per_address, "the till is open");
        Ok(Self { address, pay_address, app, servers, deliverer, printing })
    }

    /// The address that the till listens on.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address that serves only payment pages, if there is one.
    pub const fn pay_address(&self) -> Option<SocketAddr> {
        self.pay_address
    }

    /// Stops the till: it accepts no new requests, ends streams of events at once, and finishes
    /// active charges. The next till repeats active checks.
    pub async fn stop(mut self) {
        self.app.stopping.send_replace(true);
        let drained = async {
            for server in &mut self.servers {
                server.await.ok();
            }
            (&mut self.deliverer).await.ok();
            for task in &mut self.printing {
                task.await.ok();
            }
            self.app.orders.stop().await;
        };
        if tokio::time::timeout(SHUTDOWN_TIMEOUT, drained).await.is_err() {
            tracing::warn!("some requests were not finished when the till stopped");
        }
        self.servers.iter().for_each(JoinHandle::abort);
        self.deliverer.abort();
        self.printing.iter().for_each(JoinHandle::abort);
        tracing::info!("the till has stopped");
    }
}

async fn bind(listen: SocketAddr) -> Result<(TcpListener, SocketAddr), Error> {
    let refused = |source| Error::Listen { address: listen, source };
    let listener = TcpListener::bind(listen).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok((listener, address))
}

/// Serves a listener in its own task until the till stops.
fn serve_on(
    listener: TcpListener,
    router: Router,
    connections: Arc<Connections>,
    app: Arc<AppState>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let stopping = app.stopping.subscribe();
        server::serve(listener, router, connections, &app.metrics, stopping).await;
    })
}

/// Runs a till until Ctrl-C or SIGTERM. Calls `listening` with the address when it listens.
///
/// On Unix it first raises the process's limit of open files to 4,096, or as far as the system
/// allows.
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

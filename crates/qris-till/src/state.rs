//! What the handlers of requests share.

use std::collections::BTreeMap;
use std::sync::Arc;

use qris_api::WibTime;
use qris_orders::{MerchantName, Orders, PayLinks};
use tokio::sync::watch;

use crate::connections::Connections;
use crate::failed_logins::FailedLogins;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::outgoing::Outgoing;
use crate::pay::limits::PayLimits;
use crate::printers::Printers;
use crate::tickets::Tickets;
use crate::{Origin, Token};

/// What the handlers of requests share.
#[derive(Debug)]
pub(crate) struct AppState {
    /// The use case; [`Merchant`](crate::merchant::Merchant) gives it for the one that a request is
    /// about.
    pub(crate) orders: Orders,
    pub(crate) merchants: Vec<MerchantName>,
    pub(crate) live: Live,
    pub(crate) metrics: Metrics,
    pub(crate) stopping: watch::Sender<bool>,
    pub(crate) token: Option<Token>,
    pub(crate) allow_origins: Vec<Origin>,
    pub(crate) tickets: Tickets,
    pub(crate) webhook_tokens: BTreeMap<MerchantName, Token>,
    pub(crate) failed_logins: FailedLogins,
    pub(crate) connections: Arc<Connections>,
    pub(crate) outgoing: Outgoing,
    pub(crate) pay: PayLimits,
    pub(crate) printers: Printers,
    /// The key of the codes on receipts; without it they have none.
    pub(crate) pay_links: Option<PayLinks>,
}

impl AppState {
    /// The best-known time of a merchant's provider.
    pub(crate) fn now(&self, merchant: &MerchantName) -> WibTime {
        let orders = self.orders.for_merchant(merchant.clone());
        orders.map_or_else(|_| WibTime::now(), |orders| orders.now())
    }
}

/// Waits until the till is told to stop.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // A sender that is gone means the same.
    stopping.wait_for(|&stopping| stopping).await.ok();
}

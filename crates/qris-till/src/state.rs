//! The shared state of request handlers.

use std::collections::BTreeMap;
use std::sync::Arc;

use qris_api::WibTime;
use qris_orders::{MerchantName, Orders, PayLinks};
use qris_settlement::{Columns, Terms};
use tokio::sync::watch;

use crate::connections::Connections;
use crate::failed_logins::FailedLogins;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::outgoing::Outgoing;
use crate::pay::limits::PayLimits;
use crate::people::People;
use crate::printers::Printers;
use crate::tickets::Tickets;
use crate::{Origin, Token};

/// The shared state of request handlers.
#[derive(Debug)]
pub(crate) struct AppState {
    /// The order service; [`Merchant`](crate::merchant::Merchant) gives it for the merchant of a
    /// request.
    pub(crate) orders: Orders,
    pub(crate) merchants: Vec<MerchantName>,
    pub(crate) live: Live,
    pub(crate) metrics: Metrics,
    pub(crate) stopping: watch::Sender<bool>,
    pub(crate) token: Option<Token>,
    /// Whether only this machine can reach the till.
    pub(crate) is_local: bool,
    pub(crate) people: People,
    pub(crate) allow_origins: Vec<Origin>,
    pub(crate) tickets: Tickets,
    pub(crate) webhook_tokens: BTreeMap<MerchantName, Token>,
    pub(crate) failed_logins: FailedLogins,
    /// Counted separately: a browser with an ended session repeats its old cookie, and must not
    /// block signing in.
    pub(crate) failed_pins: FailedLogins,
    pub(crate) connections: Arc<Connections>,
    pub(crate) outgoing: Outgoing,
    pub(crate) pay: PayLimits,
    pub(crate) printers: Printers,
    /// The key of receipt codes. Without it receipts have no code.
    pub(crate) pay_links: Option<PayLinks>,
    pub(crate) settlement_terms: BTreeMap<MerchantName, Terms>,
    pub(crate) settlement_columns: BTreeMap<MerchantName, Columns>,
}

impl AppState {
    /// Whether everybody on this machine has access: there is no token, and there never was a user.
    pub(crate) async fn needs_no_sign_in(&self) -> bool {
        self.is_local && self.token.is_none() && !self.people.has_users(&self.orders).await
    }

    /// The best-known time of a merchant's provider.
    pub(crate) fn now(&self, merchant: &MerchantName) -> WibTime {
        let orders = self.orders.for_merchant(merchant.clone());
        orders.map_or_else(|_| WibTime::now(), |orders| orders.now())
    }
}

/// Waits until the till has to stop.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // A dropped sender means the same.
    stopping.wait_for(|&stopping| stopping).await.ok();
}

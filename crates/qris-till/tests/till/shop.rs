//! A shop for a test: a sandbox, a till and a ledger.

use std::net::SocketAddr;
use std::time::Duration;

use qris_api::{ApiKey, Client, MerchantId, Schedule};
use qris_sandbox::{DEFAULT_API_KEY, DEFAULT_MERCHANT_ID, Sandbox};
use qris_till::{MerchantName, MerchantSettings, Settings, Till, Token};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) const TOKEN: &str = "0c9f1d7ab4e84f3b9d62";
pub(crate) const HOOK: &str = "7d1e0b55c2a94be2a3f0";

/// A sandbox, a till, and a ledger in a folder that is deleted at the end of the test.
pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) till: Till,
    pub(crate) folder: TempDir,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        // A check each second, so that no test waits long.
        Self::with(Duration::from_secs(1), |settings| settings).await
    }

    pub(crate) async fn with(gap: Duration, change: impl FnOnce(Settings) -> Settings) -> Self {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let folder = tempfile::tempdir().expect("a folder");
        ClosedShop { sandbox, folder }.open(gap, change).await
    }

    /// Stops the till. The sandbox and the ledger stay.
    pub(crate) async fn close(self) -> ClosedShop {
        self.till.stop().await;
        ClosedShop { sandbox: self.sandbox, folder: self.folder }
    }

    pub(crate) fn at(&self) -> SocketAddr {
        self.till.address()
    }

    /// The URL of the till's database.
    pub(crate) fn database(&self) -> String {
        format!("sqlite://{}", self.folder.path().join("qris.db").display())
    }

    /// Pays an invoice.
    #[track_caller]
    pub(crate) fn pay(&self, record: &Value) {
        let id = record["qris_invoiceid"].as_u64().expect("an invoice");
        self.sandbox.pay(id).expect("the payer pays");
    }
}

/// A shop without a running till.
pub(crate) struct ClosedShop {
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: TempDir,
}

impl ClosedShop {
    pub(crate) async fn open(
        self,
        gap: Duration,
        change: impl FnOnce(Settings) -> Settings,
    ) -> Shop {
        let Self { sandbox, folder } = self;
        let database = format!("sqlite://{}", folder.path().join("qris.db").display());
        let hook = Token::parse(HOOK).expect("a token");
        let mut settings = Settings::main(client(&sandbox, gap), database);
        settings.webhook_tokens = [(MerchantName::default(), hook)].into();
        settings.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let till = Till::start(change(settings)).await.expect("a till");
        Shop { sandbox, till, folder }
    }
}

pub(crate) fn client(sandbox: &Sandbox, gap: Duration) -> qris_api::ClientBuilder {
    let key = ApiKey::parse(DEFAULT_API_KEY).expect("a key");
    let merchant = MerchantId::parse(DEFAULT_MERCHANT_ID).expect("a merchant");
    Client::builder(key, merchant)
        .base_url(sandbox.base_url())
        .total_timeout(Duration::from_secs(5))
        .schedule(Schedule::default().with_try_gap(gap).with_check_gap(gap))
}

pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);

pub(crate) fn with_token(mut settings: Settings) -> Settings {
    settings.token = Some(Token::parse(TOKEN).expect("a token"));
    settings
}

/// The same till with this schedule for its codes.
pub(crate) fn with_schedule(mut settings: Settings, schedule: Schedule) -> Settings {
    let scheduled = |mut merchant: MerchantSettings| {
        merchant.client = merchant.client.schedule(schedule);
        merchant
    };
    settings.merchants = settings.merchants.into_iter().map(scheduled).collect();
    settings
}

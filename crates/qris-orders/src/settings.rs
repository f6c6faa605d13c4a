//! What a program says before it takes orders: its database and its merchants.

use std::time::Duration;

use qris_api::ClientBuilder;
use qris_ledger::{Budget, MerchantName, PayLinks};

/// More than all attempts to connect take together, before the one that succeeds.
const CONNECT_TIME: Duration = Duration::from_secs(60);

/// How long nobody else asks about an invoice while a check of it may last, where a call of the API
/// may take up to `timeout`: the claim of a [`Budget`].
pub fn claim_time(timeout: Duration) -> Duration {
    // After midnight a check is two calls.
    Budget::default().claim.max(timeout.saturating_add(CONNECT_TIME).saturating_mul(2))
}

/// How long after an intent nobody can still be asking for its code, where a call of the API may take
/// up to `timeout`: [`MerchantSettings::abandon_after`].
pub fn abandon_time(timeout: Duration) -> Duration {
    Duration::from_secs(3 * 60).max(timeout.saturating_add(CONNECT_TIME))
}

/// A merchant whose orders a program takes.
#[derive(Debug)]
#[non_exhaustive]
pub struct MerchantSettings {
    /// Its name.
    pub name: MerchantName,
    /// How to reach the provider. It is given the budget below.
    pub client: ClientBuilder,
    /// The merchant's national number, where the owner says it. Without it the one that the ledger
    /// saw first is the only one whose code is shown.
    pub nmid: Option<String>,
    /// How often the key may be asked, by all programs that share the ledger.
    pub budget: Budget,
    /// How long after an intent nobody can still be asking for its code; 3 minutes. It must be
    /// longer than a create may take with all its attempts to connect.
    pub abandon_after: Duration,
}

impl MerchantSettings {
    /// The merchant `main`, with the default budget and times.
    pub fn main(client: ClientBuilder) -> Self {
        Self::named(MerchantName::default(), client)
    }

    /// A merchant of this name, with the default budget and times.
    pub fn named(name: MerchantName, client: ClientBuilder) -> Self {
        Self {
            name,
            client,
            nmid: None,
            budget: Budget::default(),
            abandon_after: Duration::from_secs(3 * 60),
        }
    }

    /// The same, with the times that follow from how long one call of the provider may take, as the
    /// client is told.
    #[must_use]
    pub fn with_call_timeout(mut self, timeout: Duration) -> Self {
        self.abandon_after = self.abandon_after.max(abandon_time(timeout));
        self.budget = self.budget.with_claim(self.budget.claim.max(claim_time(timeout)));
        self
    }
}

/// Settings of [`Orders`](crate::Orders).
#[derive(Debug)]
#[non_exhaustive]
pub struct OrdersSettings {
    /// Where the ledger is: `sqlite://PATH` or `postgres://…`.
    pub database: String,
    /// The merchants, each with a name of its own.
    pub merchants: Vec<MerchantSettings>,
    /// The links of payers' pages; orders have none without it.
    pub pay_links: Option<PayLinks>,
}

impl OrdersSettings {
    /// These merchants.
    pub fn new(
        merchants: impl IntoIterator<Item = MerchantSettings>,
        database: impl Into<String>,
    ) -> Self {
        let merchants = merchants.into_iter().collect();
        Self { database: database.into(), merchants, pay_links: None }
    }

    /// One merchant, `main`, with the default budget and times.
    pub fn main(client: ClientBuilder, database: impl Into<String>) -> Self {
        Self::new([MerchantSettings::main(client)], database)
    }
}

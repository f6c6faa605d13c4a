//! Settings: the database and the merchants.

use std::time::Duration;

use qris_api::{ClientBuilder, limits};
use qris_ledger::{Budget, MerchantName, PayLinks};

/// More than all failed connection attempts take together.
const CONNECT_TIME: Duration = Duration::from_secs(60);

/// The claim time for a [`Budget`], if one API call may take up to `timeout`: how long one process may hold a
/// check.
pub fn claim_time(timeout: Duration) -> Duration {
    // After midnight a check is two calls.
    Budget::default().claim.max(timeout.saturating_add(CONNECT_TIME).saturating_mul(2))
}

/// Added to a call's time limit when a charge waits for another process.
const ANSWER_MARGIN: Duration = Duration::from_secs(5);

/// The value of [`MerchantSettings::abandon_after`], if one API call may take up to `timeout`. No create takes
/// longer, in this program or in one with the default time limit.
///
/// ```
/// use std::time::Duration;
///
/// assert_eq!(qris_orders::abandon_time(Duration::from_secs(5)), Duration::from_secs(95));
/// ```
pub fn abandon_time(timeout: Duration) -> Duration {
    timeout.max(limits::CALL_TIMEOUT).saturating_add(CONNECT_TIME)
}

/// How long a charge waits for another process, if one API call may take up to `timeout`:
/// [`MerchantSettings::answer_within`].
pub fn answer_time(timeout: Duration) -> Duration {
    timeout.saturating_add(ANSWER_MARGIN)
}

/// The settings of a merchant.
#[derive(Debug)]
#[non_exhaustive]
pub struct MerchantSettings {
    /// Its name.
    pub name: MerchantName,
    /// The client's settings. Its budget is replaced by `budget`.
    pub client: ClientBuilder,
    /// The merchant's national number (NMID), if the owner configured it. Otherwise only codes with the NMID
    /// that the ledger saw first are shown.
    pub nmid: Option<String>,
    /// How often the key may call, over all programs that share the ledger.
    pub budget: Budget,
    /// After this time a create without a result counts as lost, and its order becomes `unknown`; 95 s. It must
    /// be longer than a create can take with all its connection attempts.
    pub abandon_after: Duration,
    /// How long a charge waits for another process that charges the same number; 40 s.
    pub answer_within: Duration,
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
            abandon_after: abandon_time(limits::CALL_TIMEOUT),
            answer_within: answer_time(limits::CALL_TIMEOUT),
        }
    }

    /// Sets the times that depend on how long one provider call may take. Use the client's timeout.
    #[must_use]
    pub fn with_call_timeout(mut self, timeout: Duration) -> Self {
        self.abandon_after = self.abandon_after.max(abandon_time(timeout));
        self.answer_within = answer_time(timeout);
        self.budget = self.budget.with_claim(self.budget.claim.max(claim_time(timeout)));
        self
    }
}

/// Settings of [`Orders`](crate::Orders).
#[derive(Debug)]
#[non_exhaustive]
pub struct OrdersSettings {
    /// The URL of the ledger: `sqlite://PATH` or `postgres://…`.
    pub database: String,
    /// The merchants, each with a different name.
    pub merchants: Vec<MerchantSettings>,
    /// The pay links. Without them, orders have no payer's page.
    pub pay_links: Option<PayLinks>,
}

impl OrdersSettings {
    /// Settings for these merchants.
    pub fn new(
        merchants: impl IntoIterator<Item = MerchantSettings>,
        database: impl Into<String>,
    ) -> Self {
        let merchants = merchants.into_iter().collect();
        Self { database: database.into(), merchants, pay_links: None }
    }

    /// Settings for one merchant, `main`, with the default budget and times.
    pub fn main(client: ClientBuilder, database: impl Into<String>) -> Self {
        Self::new([MerchantSettings::main(client)], database)
    }
}

//! Checks every code of an order before another is requested or the order is cancelled, because the payer may
//! have just paid.

use std::time::Duration;

use futures_util::future::join_all;
use qris_api::{TransactionNumber, Trigger};
use qris_ledger::{Order, OrderClaim, State};

use crate::service::Served;
use crate::{Clock, Context, Error, OrderService, Provider, SharedLedger};

/// How many times the ledger is read for codes to check. Each answer may come at the end of the minute for
/// which another answer counts.
const MAX_ROUNDS: u32 = 100;

/// The ledger stores the time of an answer in whole seconds.
const ROUNDING: Duration = Duration::from_secs(1);

/// The provider's answers about the codes of an order.
#[derive(Debug)]
pub(crate) enum Codes {
    /// The order is paid.
    Paid(Box<Order>),
    /// Each code that may be paid was just answered "not paid".
    Unpaid,
    /// A check had no answer.
    Unanswered(qris_api::Error),
    /// A code may not be checked yet.
    TooSoon(Duration),
}

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// Checks the codes of an order that may be paid, as soon as the gap between checks and the budget allow,
    /// if that is within `limit`.
    pub(crate) async fn check_codes(
        &self,
        context: &Context,
        served: &Served<P>,
        number: &TransactionNumber,
        limit: Duration,
    ) -> Result<Codes, Error> {
        let begun = self.clock.elapsed();
        for _ in 0..MAX_ROUNDS {
            let order = self.find(context, number).await?;
            if order.state == State::Paid {
                return Ok(Codes::Paid(Box::new(order)));
            }
            let (asked, budget, clock) = (number.clone(), served.merchant.budget, served.clock());
            let gap = served.merchant.provider.schedule().try_gap;
            // Only an answer from here on counts: the payer may have paid since the last check.
            let fresh = ROUNDING.saturating_add(self.clock.elapsed().saturating_sub(begun));
            let claimed = self.ledger.write(context, move |ledger| {
                ledger.claim_order(&asked, &budget, gap, fresh, clock())
            });
            let OrderClaim { claims, wait, .. } = claimed.await?;
            if claims.is_empty() && wait.is_none() {
                return Ok(Codes::Unpaid);
            }
            let left = limit.saturating_sub(self.clock.elapsed().saturating_sub(begun));
            let checks = claims.into_iter().map(|claim| {
                self.check_claimed(context, served, claim, Trigger::Button, Some(left))
            });
            let (mut unanswered, mut too_soon) = (None, wait);
            for checked in join_all(checks).await {
                match checked? {
                    (order, _) if order.state == State::Paid => {
                        return Ok(Codes::Paid(Box::new(order)));
                    }
                    (_, Some(Ok(()))) => {}
                    (_, Some(Err(error))) => unanswered = Some(error),
                    (_, None) => too_soon = too_soon.max(Some(gap)),
                }
            }
            if let Some(error) = unanswered {
                return Ok(Codes::Unanswered(error));
            }
            // If there is nothing to wait for, read the ledger again to see whether that was all.
            let Some(wait) = too_soon else { continue };
            let waited = self.clock.elapsed().saturating_sub(begun);
            if waited.saturating_add(wait) > limit {
                return Ok(Codes::TooSoon(wait));
            }
            self.clock.sleep(wait).await;
        }
        Ok(Codes::TooSoon(served.merchant.provider.schedule().try_gap))
    }
}

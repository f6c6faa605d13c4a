//! Cancels orders, after a check, because the payer may have just paid.

use std::time::Duration;

use qris_api::TransactionNumber;
use qris_ledger::State;

use crate::older_codes::Codes;
use crate::{Cancelled, Clock, Context, Error, OrderService, Provider, SharedLedger};

/// How long a person waits until a code may be checked.
pub(crate) const CHECK_WAIT: Duration = Duration::from_secs(2);

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// Cancels an unpaid order. Each of its codes is checked first. If the limits allow no check within two
    /// seconds, the order is cancelled without it. Codes cannot be withdrawn, so a later payment is still
    /// recorded. An order that is cancelled already is returned as it is.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order that is neither open,
    /// pending, expired, cancelled nor paid, and with [`Absent`](qris_ledger::Error::Absent);
    /// [`Error::StillRequested`]; [`Error::UnknownMerchant`].
    pub async fn cancel(
        &self,
        context: &Context,
        number: &TransactionNumber,
    ) -> Result<Cancelled, Error> {
        let served = self.served(context)?;
        let order = self.find(context, number).await?;
        if order.state == State::Cancelled {
            return Ok(Cancelled::Now { order, unanswered: None, unchecked: false });
        }
        let order = self.not_requested(context, served, order).await?;
        let (mut unanswered, mut unchecked) = (None, false);
        if matches!(order.state, State::Pending | State::Expired) {
            match self.check_codes(context, served, number, CHECK_WAIT).await? {
                Codes::Paid(order) => return Ok(Cancelled::Paid(*order)),
                Codes::Unanswered(error) => unanswered = Some(error),
                Codes::TooSoon(_) => unchecked = true,
                Codes::Unpaid => {}
            }
        }
        let (number, now) = (number.clone(), served.now());
        let cancelled = self.ledger.write(context, move |ledger| {
            let cancelled = ledger.cancel(&number, now);
            let order = ledger.find(&number)?.ok_or(qris_ledger::Error::Absent)?;
            match cancelled {
                // It was paid meanwhile, or before.
                Err(qris_ledger::Error::State { .. }) if order.state == State::Paid => {
                    Ok((order, true))
                }
                // Another call cancelled it meanwhile.
                Err(qris_ledger::Error::State { .. }) if order.state == State::Cancelled => {
                    Ok((order, false))
                }
                cancelled => cancelled.map(|()| (order, false)),
            }
        });
        let (order, is_paid) = cancelled.await?;
        self.changed(&order);
        Ok(match is_paid {
            true => Cancelled::Paid(order),
            false => Cancelled::Now { order, unanswered, unchecked },
        })
    }
}

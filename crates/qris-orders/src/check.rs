//! Checks one order: on a manual request, at once, or until it is paid.

use std::time::Duration;

use qris_api::{ManualCheck, Payment, Schedule, TransactionNumber, Trigger};
use qris_ledger::{CheckOutcome, Claim, Order, Settlement, State};

use crate::service::Served;
use crate::{Clock, Context, Error, OrderService, Provider, SharedLedger};

/// The time between two looks at the ledger while waiting.
const PAUSE: Duration = Duration::from_millis(250);

/// How long to wait for a provider that does not answer, after validity and grace. The order stays due after
/// that, for the watcher of any process.
const WAIT_WITHOUT_ANSWER: Duration = Duration::from_secs(60 * 60);

/// Events while waiting for an order.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum WaitEvent<'a> {
    /// It is not due yet. Contains the current order. This comes several times a second.
    Waiting(&'a Order),
    /// A manual check was requested a moment ago. The next one is possible after this time.
    TooSoon(Duration),
    /// All manual checks are used up; waiting for the scheduled check. Contains the current order.
    NoneLeft(&'a Order),
    /// A check was made. Contains the error if it had no answer.
    Checked(Option<&'a qris_api::Error>),
}

/// The result of a manual check.
#[derive(Debug)]
pub enum Checked {
    /// The check was made, or the order was already paid.
    Made(Waited),
    /// The last manual check was too recent, or all checks of the key are paused. A check that was requested
    /// during a pause is made after it.
    TooSoon {
        /// The time until the next one is possible.
        wait: Duration,
        /// The current order.
        order: Order,
    },
    /// All manual checks of this code are used up; the schedule continues. Contains the current order.
    NoneLeft(Order),
}

/// How waiting for an order ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct Waited {
    /// The current order.
    pub order: Order,
    /// Why the last check had no answer, so that it is unknown whether the order is paid.
    pub unanswered: Option<qris_api::Error>,
}

/// What ends the wait for a check.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// The check that this process makes.
    Due,
    /// The requested manual check, made by any process.
    Requested,
}

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// Requests a manual check: makes an order due at once, if manual checks are left, and returns the order.
    /// The watcher of this process makes the check.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order that is not waiting for a
    /// payment, and with [`Absent`](qris_ledger::Error::Absent); [`Error::UnknownMerchant`].
    pub async fn check(
        &self,
        context: &Context,
        number: &TransactionNumber,
    ) -> Result<(ManualCheck, Order), Error> {
        let served = self.served(context)?;
        let Schedule { tries, try_gap, .. } = served.merchant.provider.schedule();
        let (number, clock) = (number.clone(), served.clock());
        let pressed = self.ledger.write(context, move |ledger| {
            let press = ledger.request_check(&number, tries, try_gap, clock())?;
            Ok((press, ledger.find(&number)?.ok_or(qris_ledger::Error::Absent)?))
        });
        let pressed = pressed.await?;
        if matches!(pressed.0, ManualCheck::Accepted { .. }) {
            self.due.notify_one();
        }
        Ok(pressed)
    }

    /// Requests a manual check and, if it is accepted, waits until it is made: by this call, or by the
    /// watcher of any process.
    ///
    /// # Errors
    ///
    /// The errors of [`wait`](Self::wait).
    pub async fn check_and_wait(
        &self,
        context: &Context,
        number: &TransactionNumber,
    ) -> Result<Checked, Error> {
        let (served, order) = self.begin(context, number).await?;
        if order.state == State::Paid {
            return Ok(Checked::Made(Waited { order, unanswered: None }));
        }
        match self.check(context, number).await {
            Ok((ManualCheck::Accepted { .. }, _)) => {}
            Ok((ManualCheck::TooSoon { wait }, order)) => {
                return Ok(Checked::TooSoon { wait, order });
            }
            Ok((_, order)) => return Ok(Checked::NoneLeft(order)),
            Err(Error::Ledger(qris_ledger::Error::State { found: State::Paid, .. })) => {}
            Err(error) => return Err(error),
        }
        let (order, answer) =
            self.check_when(context, served, number, Until::Requested, &mut |_| ()).await?;
        if answer.is_none()
            && let Some(wait) = postponed(served, &order)
        {
            return Ok(Checked::TooSoon { wait, order });
        }
        Ok(Checked::Made(Waited { order, unanswered: answer.and_then(Result::err) }))
    }

    /// Requests a manual check and makes it, as soon as the gap between checks and the key's budget allow.
    /// For programs without a watcher.
    ///
    /// # Errors
    ///
    /// The errors of [`wait`](Self::wait).
    pub async fn check_now(
        &self,
        context: &Context,
        number: &TransactionNumber,
        mut on_event: impl FnMut(WaitEvent<'_>) + Send,
    ) -> Result<Waited, Error> {
        let (served, mut order) = self.begin(context, number).await?;
        while order.state != State::Paid {
            match self.check(context, number).await {
                Ok((ManualCheck::Accepted { .. }, _)) => break,
                Ok((ManualCheck::TooSoon { wait }, _)) => {
                    on_event(WaitEvent::TooSoon(wait));
                    // Another process may find meanwhile that it is paid.
                    self.clock.sleep(wait).await;
                }
                Ok((_, order)) => {
                    on_event(WaitEvent::NoneLeft(&order));
                    break;
                }
                Err(Error::Ledger(qris_ledger::Error::State { found: State::Paid, .. })) => {}
                Err(error) => return Err(error),
            }
            order = self.find(context, number).await?;
        }
        let (order, answer) =
            self.check_when(context, served, number, Until::Due, &mut on_event).await?;
        Ok(Waited { order, unanswered: answer.and_then(Result::err) })
    }

    /// Checks an order each time it is due, until it is paid or its watching ends. All processes that share
    /// the ledger share the key's budget.
    ///
    /// `on_event` receives the events meanwhile. Drop the future to stop waiting: the order stays due.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order without a code, and with
    /// [`Absent`](qris_ledger::Error::Absent); [`Error::Provider`] if the provider refuses for a [known
    /// reason](qris_api::Reason::is_known), and so would refuse again; [`Error::UnknownMerchant`].
    pub async fn wait(
        &self,
        context: &Context,
        number: &TransactionNumber,
        mut on_event: impl FnMut(WaitEvent<'_>) + Send,
    ) -> Result<Waited, Error> {
        let (served, mut order) = self.begin(context, number).await?;
        let mut unanswered = None;
        while order.state != State::Paid {
            let checked =
                self.check_when(context, served, number, Until::Due, &mut on_event).await?;
            order = checked.0;
            match checked.1 {
                None => break,
                Some(Ok(())) => unanswered = None,
                Some(Err(error)) => {
                    if let qris_api::Error::Rejected { reason } = &error
                        && reason.is_known()
                    {
                        return Err(error.into());
                    }
                    unanswered = Some(error);
                    if is_long_over(served, &order) {
                        break;
                    }
                }
            }
        }
        let unanswered = unanswered.filter(|_| order.state != State::Paid);
        Ok(Waited { order, unanswered })
    }

    /// The merchant, after learning its provider's time, and the order, which has a code or is paid.
    async fn begin(
        &self,
        context: &Context,
        number: &TransactionNumber,
    ) -> Result<(&Served<P>, Order), Error> {
        let served = self.served(context)?;
        self.ask_server_time(served).await;
        let order = self.find(context, number).await?;
        if order.invoice.is_none() && order.state != State::Paid {
            let expected = &[State::Pending, State::Expired, State::Cancelled];
            return Err(qris_ledger::Error::State { expected, found: order.state }.into());
        }
        Ok((served, order))
    }

    /// Waits until the order is due and can be claimed by this process, and checks it. Returns `None` if no
    /// check is left to make, if another process made the awaited check, or if it is postponed.
    async fn check_when(
        &self,
        context: &Context,
        served: &Served<P>,
        number: &TransactionNumber,
        until: Until,
        on_event: &mut (impl FnMut(WaitEvent<'_>) + Send),
    ) -> Result<(Order, Option<Answered>), Error> {
        loop {
            let order = self.find(context, number).await?;
            let is_over = until == Until::Requested
                && (!order.is_check_requested() || postponed(served, &order).is_some());
            if is_over || order.next_check_at.is_none() || !order.state.may_be_paid() {
                return Ok((order, None));
            }
            let now = served.now();
            // Writes only if there is something to write, because many callers may wait.
            if order.state == State::Pending && order.shown_until.is_some_and(|at| at <= now) {
                self.ledger.write(context, move |ledger| ledger.expire(now).map(drop)).await?;
            }
            if order.is_due(now) {
                let (number, budget, clock) =
                    (number.clone(), served.merchant.budget, served.clock());
                let claim = self
                    .ledger
                    .write(context, move |ledger| ledger.claim_check(&number, &budget, clock()));
                if let Some(claim) = claim.await? {
                    let trigger = claim.trigger();
                    let checked = self.check_claimed(context, served, claim, trigger, None);
                    let (order, answer) = checked.await?;
                    on_event(WaitEvent::Checked(
                        answer.as_ref().and_then(|answer| answer.as_ref().err()),
                    ));
                    return Ok((order, answer));
                }
            }
            on_event(WaitEvent::Waiting(&order));
            self.clock.sleep(PAUSE).await;
        }
    }

    /// Makes the check of a claim and records its result. Returns `None` if the check could not start within
    /// `max_wait`.
    pub(crate) async fn check_claimed(
        &self,
        context: &Context,
        served: &Served<P>,
        claim: Claim,
        trigger: Trigger,
        max_wait: Option<Duration>,
    ) -> Result<(Order, Option<Answered>), Error> {
        let number = claim.order.number.clone();
        let Some(invoice) = claim.order.invoice.clone() else {
            return Ok((claim.order, Some(Ok(()))));
        };
        let provider = &served.merchant.provider;
        let answer = match max_wait {
            None => Some(provider.check(&invoice, trigger).await),
            Some(wait) => provider.check_within(&invoice, trigger, wait).await.transpose(),
        };
        if let Some(answer) = &answer {
            self.check_made(context, &number, answer);
        }
        let (id, schedule, now) = (invoice.qris_invoiceid, provider.schedule(), served.now());
        let (settlement, order) = match &answer {
            Some(Ok(payment @ Payment::Paid(_))) => {
                let payment = payment.clone();
                let booked = self.retry_while_unavailable(context, move |ledger| {
                    let settlement = ledger.settle(id, &payment, now)?;
                    Ok((settlement, ledger.find(&number)?.ok_or(qris_ledger::Error::Absent)?))
                });
                booked.await?
            }
            other => {
                let no_turn = CheckOutcome::Paused { wait: Duration::ZERO };
                let outcome = other.as_ref().and_then(CheckOutcome::from_answer).unwrap_or(no_turn);
                let booked = self.ledger.write(context, move |ledger| {
                    ledger.record_check(&claim, outcome, &schedule, now)?;
                    ledger.find(&number)?.ok_or(qris_ledger::Error::Absent)
                });
                (Settlement::NotPaid, booked.await?)
            }
        };
        self.settled(settlement, &order);
        Ok((order, answer.map(|answer| answer.map(drop))))
    }
}

/// How long a requested check is postponed, if that is longer than the gap between checks: the watcher found
/// that the key is paused.
fn postponed<P: Provider>(served: &Served<P>, order: &Order) -> Option<Duration> {
    let at = order.next_check_at.filter(|_| order.is_check_requested())?;
    let wait = at.timestamp().duration_since(served.now().timestamp());
    Duration::try_from(wait).ok().filter(|wait| *wait > served.merchant.provider.schedule().try_gap)
}

/// A check was answered, or why it was not.
pub(crate) type Answered = Result<(), qris_api::Error>;

/// Whether validity and grace ended so long ago that waiting for an answer stops.
fn is_long_over<P: Provider>(served: &Served<P>, order: &Order) -> bool {
    let grace = served.merchant.provider.schedule().grace;
    let patience = grace.saturating_add(WAIT_WITHOUT_ANSWER);
    order.expires_at.is_some_and(|at| at.later_by(patience) <= served.now())
}

//! Checking one order: by the button, at once, or until it is paid.

use std::time::Duration;

use qris_api::{Payment, Press, Schedule, TransactionNumber, Trigger};
use qris_ledger::{CheckOutcome, Claim, Order, Settlement, State};

use crate::service::Served;
use crate::{Clock, Context, Error, OrderService, Provider, SharedLedger};

/// How often the ledger is looked at while something is waited for.
const PAUSE: Duration = Duration::from_millis(250);

/// How long after validity and grace a provider that does not answer is still waited for. The order
/// stays due after that, for the watcher of any process.
const WAIT_WITHOUT_ANSWER: Duration = Duration::from_secs(60 * 60);

/// What happens while an order is waited for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum WaitEvent<'a> {
    /// It is not due yet; the order as it is. This comes several times a second.
    Waiting(&'a Order),
    /// The button was pressed a moment ago: waiting this long before pressing it again.
    TooSoon(Duration),
    /// All presses of the button are used up: waiting for the schedule. The order as it is.
    NoneLeft(&'a Order),
    /// A check was made. The error, if it had no answer.
    Checked(Option<&'a qris_api::Error>),
}

/// What came of a press of the button.
#[derive(Debug)]
pub enum Checked {
    /// The check was made, or the order was paid already.
    Made(Waited),
    /// The last press was too short a time ago.
    TooSoon {
        /// After how long the next may follow.
        wait: Duration,
        /// The order as it is.
        order: Order,
    },
    /// All presses of this code are used up; the schedule goes on. The order as it is.
    NoneLeft(Order),
}

/// How waiting for an order ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct Waited {
    /// The order as it is now.
    pub order: Order,
    /// Why the last check had no answer: it is not known whether the order is paid.
    pub unanswered: Option<qris_api::Error>,
}

/// What ends the waiting for a check.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// The check that this process makes.
    Due,
    /// The check that a press of the button asked for, by whichever process.
    Pressed,
}

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// The cashier's button: makes an order due at once, if there are presses left, and says how the
    /// order is. The watcher of this process makes the check.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order that waits for no
    /// payment, and with [`Absent`](qris_ledger::Error::Absent); [`Error::UnknownMerchant`].
    pub async fn check(
        &self,
        context: &Context,
        number: &TransactionNumber,
    ) -> Result<(Press, Order), Error> {
        let served = self.served(context)?;
        let Schedule { tries, try_gap, .. } = served.merchant.provider.schedule();
        let (number, clock) = (number.clone(), served.clock());
        let pressed = self.ledger.write(context, move |ledger| {
            let press = ledger.press(&number, tries, try_gap, clock())?;
            Ok((press, ledger.find(&number)?.ok_or(qris_ledger::Error::Absent)?))
        });
        let pressed = pressed.await?;
        if matches!(pressed.0, Press::Accepted { .. }) {
            self.due.notify_one();
        }
        Ok(pressed)
    }

    /// Presses the button once and, where the press counts, waits until the check is made: by this
    /// call, or by the watcher of any process.
    ///
    /// # Errors
    ///
    /// The errors of [`wait`](Self::wait).
    pub async fn press_and_check(
        &self,
        context: &Context,
        number: &TransactionNumber,
    ) -> Result<Checked, Error> {
        let (served, order) = self.begin(context, number).await?;
        if order.state == State::Paid {
            return Ok(Checked::Made(Waited { order, unanswered: None }));
        }
        match self.check(context, number).await {
            Ok((Press::Accepted { .. }, _)) => {}
            Ok((Press::TooSoon { wait }, order)) => return Ok(Checked::TooSoon { wait, order }),
            Ok((Press::NoneLeft, order)) => return Ok(Checked::NoneLeft(order)),
            Err(Error::Ledger(qris_ledger::Error::State { found: State::Paid, .. })) => {}
            Err(error) => return Err(error),
        }
        let (order, answer) =
            self.check_when(context, served, number, Until::Pressed, &mut |_| ()).await?;
        Ok(Checked::Made(Waited { order, unanswered: answer.and_then(Result::err) }))
    }

    /// Presses the button and makes the check itself, as soon as the gaps between checks and the
    /// key's budget allow. For programs without a watcher.
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
                Ok((Press::Accepted { .. }, _)) => break,
                Ok((Press::TooSoon { wait }, _)) => {
                    on_event(WaitEvent::TooSoon(wait));
                    // Meanwhile another process may find that it is paid.
                    self.clock.sleep(wait).await;
                }
                Ok((Press::NoneLeft, order)) => {
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

    /// Checks an order when the ledger says that it is due, until it is paid or its watching ends;
    /// all processes that share the ledger keep to the key's budget together.
    ///
    /// `on_event` is told what happens meanwhile. Drop the future to end the waiting: the order
    /// stays due.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order without a code, and
    /// with [`Absent`](qris_ledger::Error::Absent); [`Error::Provider`] where the provider refuses
    /// for a reason that [is known](qris_api::Reason::is_known), so that it would refuse again;
    /// [`Error::UnknownMerchant`].
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

    /// The merchant, whose provider was asked for its time, and the order, which has a code or is
    /// paid.
    async fn begin(
        &self,
        context: &Context,
        number: &TransactionNumber,
    ) -> Result<(&Served<P>, Order), Error> {
        let served = self.served(context)?;
        self.ask_server_time(served).await;
        let order = self.find(context, number).await?;
        if order.invoice.is_none() && order.state != State::Paid {
            let (expected, found) = (State::Pending, order.state);
            return Err(qris_ledger::Error::State { expected, found }.into());
        }
        Ok((served, order))
    }

    /// Waits until the order is due and this process's to check, and checks it. The answer is `None`
    /// where no check is left to make, and where another process made the one that is waited for.
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
            let is_made = until == Until::Pressed && !order.is_pressed();
            if is_made || order.next_check_at.is_none() || !order.state.may_be_paid() {
                return Ok((order, None));
            }
            let now = served.now();
            // Written only where there is something to write, because many may wait.
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

    /// Makes the check of a claim and books what came of it. The answer is `None` where the check
    /// could not begin within `max_wait`.
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
                    ledger.checked(&claim, outcome, &schedule, now)?;
                    ledger.find(&number)?.ok_or(qris_ledger::Error::Absent)
                });
                (Settlement::Unpaid, booked.await?)
            }
        };
        self.settled(settlement, &order);
        Ok((order, answer.map(|answer| answer.map(drop))))
    }
}

/// That a check was answered, or why it was not.
pub(crate) type Answered = Result<(), qris_api::Error>;

/// Whether validity and grace ended so long ago that nobody waits for an answer any more.
fn is_long_over<P: Provider>(served: &Served<P>, order: &Order) -> bool {
    let grace = served.merchant.provider.schedule().grace;
    let patience = grace.saturating_add(WAIT_WITHOUT_ANSWER);
    order.expires_at.is_some_and(|at| at.later_by(patience) <= served.now())
}

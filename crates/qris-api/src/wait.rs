//! Waiting for a payment: the schedule, the cashier's button and webhooks.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::error::Error;
use crate::payment::Payment;
use crate::schedule::{Schedule, Trigger};
use crate::wib::WibTime;

/// Options for waiting for a payment: a progress callback and early checks.
///
/// ```no_run
/// use std::ops::ControlFlow;
/// use qris_api::{Client, Error, Invoice, Payment, Wait};
///
/// # async fn example(client: Client, invoice: Invoice) -> Result<(), Error> {
/// let wait = Wait::new().on_check(|check| {
///     println!("check {}: {:?}, the next at {:?}", check.number, check.outcome, check.next_at);
///     ControlFlow::Continue(())
/// });
/// let payment: Payment = client.wait_for_payment(&invoice, wait).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
#[must_use]
pub struct Wait<'a> {
    pub(crate) on_check: Option<OnCheck<'a>>,
    pub(crate) early_check: Option<EarlyCheck>,
}

type OnCheck<'a> = Box<dyn FnMut(&Check) -> ControlFlow<()> + Send + 'a>;

impl<'a> Wait<'a> {
    /// Waits without a callback.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a callback that is called after each check. It may break to end the wait.
    pub fn on_check(mut self, callback: impl FnMut(&Check) -> ControlFlow<()> + Send + 'a) -> Self {
        self.on_check = Some(Box::new(callback));
        self
    }

    /// Makes early checks for the cashier's button and webhooks.
    pub fn early_check(mut self, early: &EarlyCheck) -> Self {
        self.early_check = Some(early.clone());
        self
    }
}

impl fmt::Debug for Wait<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("on_check", &self.on_check.is_some())
            .field("early_check", &self.early_check)
            .finish()
    }
}

/// One check, made while waiting.
///
/// See [`Wait`] for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// The number of the check, from 1.
    pub number: u32,
    /// Why it was made.
    pub trigger: Trigger,
    /// When it was made.
    pub made_at: WibTime,
    /// The result. An error does not end the wait, unless it is a known refusal.
    pub outcome: Result<Payment, Error>,
    /// When the next check is due, or `None` if this was the last.
    pub next_at: Option<WibTime>,
}

/// Requests checks of an invoice before they are due. Clones share one state.
///
/// Make one with [`Client::early_check`](crate::Client::early_check) for one invoice, pass it to
/// [`Wait::early_check`], and call it from anywhere during the wait. The cashier has
/// [`Schedule::tries`] presses, [`Schedule::try_gap`] apart. A webhook allows one check, at once.
///
/// ```
/// use qris_api::{ApiKey, Client, MerchantId, ManualCheck};
///
/// let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
///     .build()?;
/// let early = client.early_check();
/// assert_eq!(early.press(), ManualCheck::Accepted { left: 2 });
/// assert!(matches!(early.press(), ManualCheck::TooSoon { .. }));
/// # Ok::<(), qris_api::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct EarlyCheck(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: Clock,
    schedule: Schedule,
    state: Mutex<State>,
    called: Notify,
}

#[derive(Debug, Default)]
struct State {
    presses: u32,
    pressed_at: Option<Duration>,
    webhook_came: bool,
    /// The requested check that was not made yet.
    wanted: Option<Trigger>,
}

/// The result of requesting a manual check with the button.
///
/// See [`EarlyCheck`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ManualCheck {
    /// The invoice will be checked as soon as the key's budget allows, at least
    /// [`Schedule::try_gap`] after its last check.
    Accepted {
        /// How many manual checks are left.
        left: u32,
    },
    /// It is too soon after the last manual check.
    TooSoon {
        /// The time until the next one is allowed.
        wait: Duration,
    },
    /// All manual checks are used up. Scheduled checks continue.
    NoneLeft,
}

impl EarlyCheck {
    pub(crate) fn new(clock: Clock, schedule: Schedule) -> Self {
        Self(Arc::new(Inner { clock, schedule, state: Mutex::default(), called: Notify::new() }))
    }

    /// Requests a check for the cashier's button.
    pub fn press(&self) -> ManualCheck {
        let Inner { clock, schedule, .. } = &*self.0;
        let mut state = self.state();
        if state.presses >= schedule.tries {
            return ManualCheck::NoneLeft;
        }
        let now = clock.elapsed();
        let free_at = state.pressed_at.map(|at| at.saturating_add(schedule.try_gap));
        if let Some(free_at) = free_at.filter(|&free_at| free_at > now) {
            return ManualCheck::TooSoon { wait: free_at - now };
        }
        state.presses += 1;
        state.pressed_at = Some(now);
        let left = schedule.tries - state.presses;
        self.want(state, Trigger::Button);
        ManualCheck::Accepted { left }
    }

    /// Requests a check for a webhook. The first webhook allows a check at once; later ones, which
    /// may be repeats, allow none.
    pub fn webhook(&self) {
        let mut state = self.state();
        if !state.webhook_came {
            state.webhook_came = true;
            self.want(state, Trigger::Webhook);
        }
    }

    fn want(&self, mut state: MutexGuard<'_, State>, trigger: Trigger) {
        state.wanted = Some(trigger);
        drop(state);
        self.0.called.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn wanted(&self) -> Trigger {
        loop {
            let wanted = self.state().wanted.take();
            match wanted {
                Some(trigger) => return trigger,
                None => self.0.called.notified().await,
            }
        }
    }
}

/// Which days of a possible payment a check asks for (`trxdate`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Days {
    /// One day: the day of the request and the later ones in turn, by the number of the check.
    InTurn(u32),
    /// All days, one after the other.
    All,
}

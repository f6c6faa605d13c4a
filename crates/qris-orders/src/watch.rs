//! The watcher: checks open orders with the provider when they are due, and records the results.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::{join, join_all};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use qris_api::{Payment, Trigger, WibTime};
use qris_ledger::{Actor, Candidate, CheckOutcome, Claim, Ledger, Order, State};
use tokio::sync::Notify;

use crate::service::Served;
use crate::{Clock, Context, Error, OrderService, Provider, SharedLedger};

/// The time between two looks for due orders.
const ROUND_EVERY: Duration = Duration::from_millis(500);

/// The time between two looks for due candidates. A webhook of an order wakes the watcher at once.
const CANDIDATES_EVERY: Duration = Duration::from_secs(5);

/// The time between two looks at a merchant without due candidates, because a clock that was set back may
/// have delayed one.
const CANDIDATES_VISIT_EVERY: Duration = Duration::from_secs(60);

/// The time between two looks at a merchant without due orders, multiplied by the number of merchants.
const VISIT_EVERY: Duration = Duration::from_millis(25);

/// The maximum number of concurrent checks of one merchant. The rest is left for other processes.
const AT_ONCE: usize = 64;

/// The maximum number of concurrent checks of one merchant's candidates.
const CANDIDATES_AT_ONCE: u32 = 8;

type Check<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;
type Running<'a> = FuturesUnordered<Check<'a>>;

/// A claimed check.
enum Job {
    Order(Box<Claim>),
    Candidate(Box<Candidate>),
}

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// Runs rounds until `stop` completes: makes due checks, and records what has expired or what a killed
    /// process left unfinished. Checks in progress end with the future, and are repeated when their claims
    /// end.
    ///
    /// At the beginning, every code that may be paid is due for a check once, as soon as the gap after its
    /// last check and the budget allow: payments may have come while no program watched.
    pub async fn watch(&self, stop: impl Future<Output = ()> + Send) {
        for served in self.merchants.values() {
            served.checks_all.store(true, Ordering::Relaxed);
        }
        tokio::select! {
            biased;
            () = stop => {}
            _ = join(self.watch_orders(), self.watch_candidates()) => {}
        }
    }

    /// Runs one round with all of its checks. [`watch`](Self::watch) does this repeatedly.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] if the due orders are unknown. A failed check is not an error: it is repeated when
    /// it is due.
    pub async fn round(&self) -> Result<(), Error> {
        join_all(self.merchants.values().map(|served| self.ask_server_time(served))).await;
        let (mut checks, mut done) = (Running::new(), Ok(()));
        for served in self.merchants.values() {
            // A claimed check starts at once; the next claim may wait for the database.
            let claimed = beside(&mut checks, self.claim_orders(served)).await;
            done = done.and(claimed.map(|claimed| checks.extend(claimed)));
            let claimed = beside(&mut checks, self.claim_candidates(served)).await;
            done = done.and(claimed.map(|claimed| checks.extend(claimed)));
            done = done.and(beside(&mut checks, self.make_bills(served)).await);
        }
        while checks.next().await.is_some() {}
        done
    }

    async fn watch_orders(&self) {
        let mut checks = Running::new();
        // The provider's time, not the host's clock, decides what has expired.
        let ask = |served| -> Check<'_> { Box::pin(self.ask_server_time(served)) };
        checks.extend(self.merchants.values().map(ask));
        loop {
            let merchants = self.merchants_to_visit(ROUND_EVERY, |served| &served.visited);
            match beside(&mut checks, merchants).await {
                Ok(merchants) => {
                    let mut all_claimed = true;
                    for served in merchants {
                        match beside(&mut checks, self.claim_orders(served)).await {
                            Ok(claimed) => checks.extend(claimed),
                            Err(error) => {
                                all_claimed = false;
                                self.round_failed(&error, "a round of checks failed");
                            }
                        }
                        if self.are_bills_due(served)
                            && let Err(error) = beside(&mut checks, self.make_bills(served)).await
                        {
                            self.round_failed(&error, "bills were not made");
                        }
                    }
                    if all_claimed {
                        self.health.round_made(self.clock.elapsed());
                    }
                }
                Err(error) => self.round_failed(&error, "could not read which orders are due"),
            }
            beside(&mut checks, self.pause(&self.due, ROUND_EVERY)).await;
        }
    }

    /// The merchants with a due check, and the others from time to time.
    ///
    /// A ledger can take about forty such steps a second beside its other work. So with more merchants, the
    /// ones without due checks wait longer.
    async fn merchants_to_visit(
        &self,
        visit_every: Duration,
        visited: fn(&Served<P>) -> &AtomicU64,
    ) -> Result<Vec<&Served<P>>, Error> {
        let ready =
            self.merchants.values().filter(|served| served.is_ready.load(Ordering::Relaxed));
        let ready: Vec<_> = ready.collect();
        let count = u32::try_from(self.merchants.len()).unwrap_or(u32::MAX);
        let visit_every = VISIT_EVERY.saturating_mul(count).max(visit_every);
        let latest = ready.iter().map(|served| served.now()).max();
        let (Some(first), Some(latest), true) = (ready.first(), latest, ready.len() > 1) else {
            return Ok(ready);
        };
        let context = schedule(first);
        let due = self.ledger.read(&context, move |ledger| ledger.due_merchants(latest)).await?;
        let now = self.clock.elapsed();
        let is_wanted = |served: &&Served<P>| {
            let visited = Duration::from_millis(visited(served).load(Ordering::Relaxed));
            let is_due = served.id.get().is_none_or(|id| due.contains(id));
            is_due || now.saturating_sub(visited) >= visit_every
        };
        Ok(ready.into_iter().filter(is_wanted).collect())
    }

    /// Records that a merchant is being processed.
    fn visit(&self, visited: &AtomicU64) {
        let now = u64::try_from(self.clock.elapsed().as_millis());
        visited.store(now.unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    async fn watch_candidates(&self) {
        let mut checks = Running::new();
        let unknown = "could not read which webhooks to check";
        loop {
            let merchants = self
                .merchants_to_visit(CANDIDATES_VISIT_EVERY, |served| &served.candidates_visited);
            let merchants = beside(&mut checks, merchants).await.unwrap_or_else(|error| {
                self.round_failed(&error, unknown);
                Vec::new()
            });
            for served in merchants {
                match beside(&mut checks, self.claim_candidates(served)).await {
                    Ok(claimed) => checks.extend(claimed),
                    Err(error) => self.round_failed(&error, unknown),
                }
            }
            beside(&mut checks, self.pause(&self.candidates_due, CANDIDATES_EVERY)).await;
        }
    }

    fn round_failed(&self, error: &Error, message: &str) {
        self.counters.ledger_failed.add(1);
        tracing::warn!(%error, "{message}");
    }

    async fn pause(&self, woken: &Notify, time: Duration) {
        tokio::select! {
            biased;
            () = woken.notified() => {}
            () = self.clock.sleep(time) => {}
        }
    }

    /// Learns the provider's time, and records what time alone has changed in a merchant's orders: expired
    /// codes, and intents of killed processes. [`watch`](Self::watch) does this in each round. A program
    /// without a watcher calls this first, so that a wrong host clock neither hides a code nor shows it for
    /// too long. If the provider does not answer within two seconds, the host's clock is used.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with the ledger's error; [`Error::UnknownMerchant`].
    pub async fn catch_up(&self, context: &Context) -> Result<(), Error> {
        let served = self.served(context)?;
        self.ask_server_time(served).await;
        self.record_passed_time(context, served).await
    }

    async fn record_passed_time(&self, context: &Context, served: &Served<P>) -> Result<(), Error> {
        let (now, long_ago) = (served.now(), self.long_ago(served));
        let moved = self.ledger.write(context, move |ledger| move_by_time(ledger, long_ago, now));
        self.moved(&moved.await?);
        Ok(())
    }

    /// The order, unless a process may still be requesting its code. If no process can be, it is `unknown`.
    pub(crate) async fn not_requested(
        &self,
        context: &Context,
        served: &Served<P>,
        order: Order,
    ) -> Result<Order, Error> {
        if order.state != State::Requested {
            return Ok(order);
        }
        self.record_passed_time(context, served).await?;
        let order = self.find(context, &order.number).await?;
        if order.state != State::Requested {
            return Ok(order);
        }
        let requested_at = order.requested_at.unwrap_or(order.created_at);
        let end = requested_at.later_by(served.merchant.abandon_after).timestamp();
        let left = end.duration_since(self.earliest_time(served).timestamp());
        Err(Error::StillRequested { wait: Duration::try_from(left).unwrap_or_default() })
    }

    /// Intents from before this time are abandoned.
    fn long_ago(&self, served: &Served<P>) -> Option<WibTime> {
        let earliest = self.earliest_time(served).timestamp();
        earliest.checked_sub(served.merchant.abandon_after).ok().map(WibTime::from)
    }

    /// The earlier one of the two clocks: an intent may have been recorded with either.
    fn earliest_time(&self, served: &Served<P>) -> WibTime {
        served.now().min(self.clock.host_time())
    }

    /// Sends what time alone has changed to subscribers.
    fn moved(&self, moved: &Moved) {
        self.counters.expired.add(moved.expired);
        for order in &moved.orders {
            tracing::info!(number = %order.number, state = %order.state, "its time has passed");
            self.changed(order);
        }
    }

    /// Records what time alone has changed in a merchant's orders, and claims the due ones.
    async fn claim_orders<'a>(&'a self, served: &'a Served<P>) -> Result<Vec<Check<'a>>, Error> {
        self.record_late(served).await;
        let (context, budget, clock) = (schedule(served), served.merchant.budget, served.clock());
        let long_ago = self.long_ago(served);
        let in_flight = served.in_flight.load(Ordering::Relaxed);
        let limit = u32::try_from(AT_ONCE.saturating_sub(in_flight)).unwrap_or(0);
        let name = served.merchant.name.clone();
        let known = served.id.get().copied();
        let checks_all = served.checks_all.swap(false, Ordering::Relaxed);
        let gap = served.merchant.provider.schedule().check_gap;
        let claimed = self.ledger.write(&context, move |ledger| {
            let (id, now) = (known.map_or_else(|| ledger.merchant(&name), Ok)?, clock());
            if checks_all {
                ledger.check_all_soon(&budget, gap, now)?;
            }
            if ledger.revive(now)? > 0 {
                tracing::warn!("orders without a valid time for their next check are due now");
            }
            let moved = move_by_time(ledger, long_ago, now)?;
            let swept = ledger.sweep(now)?;
            if swept > 0 {
                tracing::info!(
                    count = swept,
                    "unpaid orders of the last day are checked once more"
                );
            }
            Ok((id, ledger.claim_checks(&budget, limit, now)?, moved))
        });
        let claimed = claimed.await;
        if checks_all && claimed.is_err() {
            served.checks_all.store(true, Ordering::Relaxed);
        }
        let (id, claims, moved) = claimed?;
        // Another call may have set the same.
        served.id.set(id).ok();
        self.visit(&served.visited);
        self.moved(&moved);
        let check = |claim| -> Check<'a> {
            let counted = InFlight::count(&served.in_flight);
            let job = Job::Order(Box::new(claim));
            Box::pin(async move {
                let _counted = counted;
                self.run(served, job).await;
            })
        };
        Ok(claims.into_iter().map(check).collect())
    }

    /// Claims the candidates of a merchant that are due.
    async fn claim_candidates<'a>(
        &'a self,
        served: &'a Served<P>,
    ) -> Result<Vec<Check<'a>>, Error> {
        let (context, budget, clock) = (schedule(served), served.merchant.budget, served.clock());
        let claimed = self.ledger.write(&context, move |ledger| {
            ledger.claim_candidates(&budget, CANDIDATES_AT_ONCE, clock())
        });
        let check = |candidate| -> Check<'a> {
            Box::pin(self.run(served, Job::Candidate(Box::new(candidate))))
        };
        let claimed = claimed.await?;
        self.visit(&served.candidates_visited);
        Ok(claimed.into_iter().map(check).collect())
    }

    /// Makes one check.
    async fn run(&self, served: &Served<P>, job: Job) {
        let context = schedule(served);
        let (number, done) = match job {
            Job::Order(claim) => {
                let number = claim.order.number.clone();
                let trigger = claim.trigger();
                let checked = self.check_claimed(&context, served, *claim, trigger, None);
                (number, checked.await.map(drop))
            }
            Job::Candidate(candidate) => {
                let number = candidate.order.number.clone();
                (number, self.check_candidate(&context, served, *candidate).await)
            }
        };
        if let Err(error) = done {
            // It is due again when the claim ends.
            self.counters.ledger_failed.add(1);
            tracing::warn!(%number, %error, "could not record a check");
        }
    }

    async fn check_candidate(
        &self,
        context: &Context,
        served: &Served<P>,
        candidate: Candidate,
    ) -> Result<(), Error> {
        let provider = &served.merchant.provider;
        let answer = provider.check(&candidate.invoice, Trigger::Webhook).await;
        self.check_made(context, &candidate.order.number, &answer);
        let outcome = match &answer {
            Ok(payment @ Payment::Paid(_)) => {
                self.record_resolved(context, served, &candidate, payment).await?;
                return Ok(());
            }
            other => CheckOutcome::from_answer(other).unwrap_or(CheckOutcome::Unanswered),
        };
        let (schedule, now) = (provider.schedule(), served.now());
        let write = self.ledger.write(context, move |ledger| {
            ledger.record_candidate_check(&candidate, &schedule, outcome, now)
        });
        Ok(write.await?)
    }
}

/// What time alone has changed in orders.
struct Moved {
    /// The number of expired orders.
    expired: usize,
    orders: Vec<Order>,
}

fn move_by_time(
    ledger: &mut Ledger,
    long_ago: Option<WibTime>,
    now: WibTime,
) -> Result<Moved, qris_ledger::Error> {
    let mut moved = ledger.expire(now)?;
    let expired = moved.len();
    if let Some(long_ago) = long_ago {
        moved.extend(ledger.abandon(long_ago, now)?);
    }
    let orders = moved.iter().map(|number| ledger.find(number));
    // An invalid one must not block the checks of the others.
    let orders = orders.filter(|found| !matches!(found, Err(qris_ledger::Error::Corrupt { .. })));
    let orders = orders.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?;
    Ok(Moved { expired, orders })
}

/// The watcher's work for a merchant.
fn schedule<P>(served: &Served<P>) -> Context {
    Context { merchant: served.merchant.name.clone(), actor: Actor::new("schedule") }
}

/// Runs one future while checks continue.
async fn beside<T>(checks: &mut Running<'_>, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            Some(()) = checks.next(), if !checks.is_empty() => {}
        }
    }
}

/// Counts a check in progress until it is dropped.
struct InFlight<'a>(&'a AtomicUsize);

impl<'a> InFlight<'a> {
    fn count(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

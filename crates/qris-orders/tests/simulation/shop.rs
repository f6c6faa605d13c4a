//! The shop: its processes and what befalls them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use qris_api::TransactionNumber;
use qris_ledger::{InvoiceState, OrderInvoice};
use qris_orders::{Actor, Context, Merchant, OrderService};
use tokio::sync::Notify;

use crate::executor::{Owner, WORLD, lock, reply};
use crate::ledger::{SimLedger, Store};
use crate::process::{Life, SimClock};
use crate::provider::{HostBudget, SimProvider};
use crate::random::Chance;
use crate::scenario::{Act, Kind, OrderPlan, hours, minutes, seconds};
use crate::world::World;

/// How often `watch` looks.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

pub(crate) type Service = OrderService<SimProvider, SimLedger, SimClock>;

/// The shop and everybody around it.
pub(crate) struct Shop {
    pub(crate) world: Arc<World>,
    pub(crate) store: Arc<Store>,
    host: Arc<HostBudget>,
    processes: Mutex<Vec<Process>>,
    wake: Notify,
    news: Notify,
}

#[derive(Default)]
struct Process {
    lives: usize,
    running: Option<(Life, Arc<Service>)>,
}

pub(crate) fn number(plan: &OrderPlan) -> TransactionNumber {
    TransactionNumber::parse(format!("INV-{}", plan.id)).expect("a number")
}

impl Shop {
    pub(crate) fn new(world: Arc<World>, store: Store) -> Arc<Self> {
        let count = world.scenario.processes;
        let processes = Mutex::new((0..count).map(|_| Process::default()).collect());
        Arc::new(Self {
            world,
            store: Arc::new(store),
            host: Arc::default(),
            processes,
            wake: Notify::new(),
            news: Notify::new(),
        })
    }

    /// Sets everything going.
    pub(crate) fn open(self: &Arc<Self>) {
        for process in 0..self.world.scenario.processes {
            self.start(process);
        }
        for plan in self.world.scenario.orders.clone() {
            let shop = Arc::clone(self);
            self.world.time.spawn(WORLD, async move { shop.serve(plan).await });
        }
        for (at, trouble) in self.world.scenario.trouble.clone().into_iter().enumerate() {
            let shop = Arc::clone(self);
            self.world.time.spawn(WORLD, async move { shop.trouble(at, trouble).await });
        }
    }

    /// Starts a process, unless it runs.
    pub(crate) fn start(self: &Arc<Self>, process: usize) {
        let life = {
            let mut processes = lock(&self.processes);
            let slot = &mut processes[process];
            if slot.running.as_ref().is_some_and(|(life, _)| !life.is_dead()) {
                return;
            }
            slot.lives += 1;
            let owner = Owner(process * 1_000_000 + slot.lives);
            let life = Life::new(Arc::clone(&self.world), process, owner);
            let lives = u64::try_from(slot.lives).unwrap_or_default();
            let ledger = SimLedger::new(Arc::clone(&self.store), life.clone(), lives);
            let merchants = (0..self.world.scenario.merchants).map(|merchant| {
                let (world, host) = (Arc::clone(&self.world), Arc::clone(&self.host));
                let store = Arc::clone(&self.store);
                let provider = SimProvider::new(world, life.clone(), merchant, host, store);
                Merchant::named(self.store.merchant_name(merchant), provider)
            });
            let service = Service::new(ledger, SimClock(life.clone()), merchants);
            slot.running = Some((life.clone(), Arc::new(service)));
            life
        };
        self.world.tell(|| format!("{life} starts"));
        let shop = Arc::clone(self);
        let watcher = life.clone();
        life.spawn(async move { shop.watch(process, watcher).await });
    }

    /// The world becomes quiet: all processes run, and a person resolves what is unknown.
    pub(crate) fn quiet(self: &Arc<Self>) {
        self.world.tell(|| "the world is quiet".to_owned());
        self.world.with(|state| state.is_quiet = true);
        (0..self.world.scenario.processes).for_each(|process| self.start(process));
        self.is_busy();
        let shop = Arc::clone(self);
        self.world.time.spawn(WORLD, async move { shop.resolve_all().await });
    }

    async fn resolve_all(self: &Arc<Self>) {
        let mut chance = Chance::new(self.world.scenario.seed, "owner", 0, 0);
        for _ in 0..6 {
            self.world.time.sleep(minutes(30)).await;
            for merchant in 0..self.world.scenario.merchants {
                let now = self.world.true_time();
                let listed = self.store.with(merchant, |ledger| ledger.attention(100, now));
                for order in listed.unwrap_or_default() {
                    let unknown = |code: &OrderInvoice| code.state == InvoiceState::Unknown;
                    let mut plans = self.world.scenario.orders.iter();
                    if order.invoices.iter().any(unknown)
                        && let Some(plan) = plans.find(|plan| number(plan) == order.number)
                    {
                        self.press(plan, Act::Resolve, &mut chance).await;
                        self.world.time.sleep(minutes(2)).await;
                    }
                }
            }
        }
    }

    pub(crate) fn kill_all(&self) {
        for process in lock(&self.processes).iter() {
            process.running.iter().for_each(|(life, _)| life.die());
        }
    }

    /// A process that runs.
    fn alive(&self, process: usize) -> Option<(Life, Arc<Service>)> {
        let processes = lock(&self.processes);
        processes[process].running.clone().filter(|(life, _)| !life.is_dead())
    }

    /// Looks after the orders, as `watch` does it, without the rounds in which nothing is due: but
    /// for one now and then.
    async fn watch(self: Arc<Self>, process: usize, life: Life) {
        let Some((_, service)) = self.alive(process) else { return };
        let seed = self.world.scenario.seed;
        let mut chance = Chance::new(seed, "rounds", u64::try_from(process).unwrap_or(0), 0);
        let mut last_round = self.world.now();
        let mut pause = FIRST_PAUSE;
        let mut is_first = true;
        loop {
            let (now, due) = (self.world.now(), self.next_due());
            let is_due = due.is_some_and(|due| due <= now);
            let idle = if now < hours(2) { minutes(10) } else { hours(2) };
            if std::mem::take(&mut is_first) || is_due || now >= last_round + idle {
                last_round = now;
                let (world, service, of) =
                    (Arc::clone(&self.world), Arc::clone(&service), life.clone());
                life.spawn(async move {
                    if let Err(error) = service.round().await {
                        world.tell(|| format!("{of}: a round was not made: {error}"));
                    }
                });
                let is_news = tokio::select! {
                    biased;
                    () = self.news.notified() => true,
                    () = life.sleep(pause) => false,
                };
                // What is still due waits for the budget, for the database, or for another clock.
                let most = match self.world.troubles().next() {
                    None => seconds(5),
                    Some(_) => minutes(2),
                };
                pause = if is_due && !is_news { (pause * 2).min(most) } else { FIRST_PAUSE };
                continue;
            }
            pause = FIRST_PAUSE;
            let late = chance.any_time(Duration::from_millis(1)..self.world.scenario.round_gap);
            let next = due.map_or(last_round + idle, |due| due.min(last_round + idle)) + late;
            tokio::select! {
                biased;
                () = self.wake.notified() => {}
                () = self.world.time.sleep_until(next) => {}
            }
        }
    }

    /// When something is due next, by the true time.
    fn next_due(&self) -> Option<Duration> {
        let due = self.store.next_due()?;
        let since = due.timestamp().duration_since(self.world.scenario.start.timestamp());
        Some(Duration::try_from(since).unwrap_or_default())
    }

    pub(crate) fn is_busy(&self) {
        self.wake.notify_waiters();
    }

    /// A webhook was taken, or the button was pressed.
    pub(crate) fn is_news(&self) {
        self.news.notify_waiters();
        self.is_busy();
    }

    /// Has a process do something; `None` if it was not there, or did not live to answer.
    pub(crate) async fn call<T, F>(
        self: &Arc<Self>,
        process: usize,
        work: impl FnOnce(Arc<Service>) -> F + Send + 'static,
    ) -> Option<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let (life, service) = self.alive(process)?;
        let (answer, done) = reply();
        life.spawn(async move { answer.send(work(service).await) });
        done.get().await
    }

    async fn trouble(self: Arc<Self>, at: usize, trouble: crate::scenario::Trouble) {
        let time = &self.world.time;
        time.sleep_until(trouble.from).await;
        self.world.tell(|| format!("{}, until {} s", trouble.kind, trouble.to.as_secs()));
        let name = format!("copy-{at}");
        match trouble.kind {
            Kind::Kill(process, steps) => {
                if let Some((life, _)) = self.alive(process) {
                    life.doom(steps);
                }
            }
            Kind::Restore => self.store.save(&name),
            _ => {}
        }
        time.sleep_until(trouble.to).await;
        match trouble.kind {
            Kind::Kill(process, _) => match self.alive(process) {
                // It made so few steps that it lives on.
                Some((life, _)) => life.doom(u64::MAX),
                None => self.start(process),
            },
            Kind::Restore => {
                self.kill_all();
                // Their tasks are dropped before this goes on.
                time.step().await;
                self.store.restore(&name);
                let now = self.world.now();
                self.world.with(|state| state.restored.push((trouble.from, now)));
                self.world.tell(|| "the database is put back".to_owned());
                (0..self.world.scenario.processes).for_each(|process| self.start(process));
            }
            _ => self.world.tell(|| format!("no longer: {}", trouble.kind)),
        }
        self.is_busy();
    }

    pub(crate) fn context(&self, merchant: usize, actor: &str) -> Context {
        Context { merchant: self.store.merchant_name(merchant), actor: Actor::new(actor) }
    }

    pub(crate) fn any_process(&self, chance: &mut Chance) -> usize {
        chance.index(self.world.scenario.processes)
    }
}

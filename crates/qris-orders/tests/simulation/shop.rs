//! The shop: its processes, its cashiers, its payers, and the provider's webhooks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use qris_api::webhook::Hint;
use qris_api::{InvoiceId, Rupiah, TransactionNumber};
use qris_ledger::{InvoiceState, OrderInvoice};
use qris_orders::{
    Actor, Charged, Context, Error, Merchant, NewOrder, Order, OrderService, Renewed,
};
use tokio::sync::Notify;

use crate::executor::{Owner, WORLD, lock, reply};
use crate::laws;
use crate::ledger::{SimLedger, Store};
use crate::process::{Life, SimClock};
use crate::provider::{HostBudget, SimProvider};
use crate::random::Chance;
use crate::scenario::{Act, Kind, OrderPlan, hours, minutes, seconds};
use crate::world::{Paid, Truth, World};

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
                life.sleep(pause).await;
                // What is still due waits for the database, for the budget, or for another clock.
                pause = if is_due { (pause * 2).min(minutes(2)) } else { FIRST_PAUSE };
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
        let due = self.store.with(0, |ledger| ledger.next_due(minutes(3))).ok().flatten()?;
        let since = due.timestamp().duration_since(self.world.scenario.start.timestamp());
        Some(Duration::try_from(since).unwrap_or_default())
    }

    fn is_busy(&self) {
        self.wake.notify_waiters();
    }

    /// Has a process do something; `None` if it was not there, or did not live to answer.
    async fn call<T, F>(
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

    /// The cashier of an order.
    async fn serve(self: Arc<Self>, plan: OrderPlan) {
        let seed = self.world.scenario.seed;
        let mut chance = Chance::new(seed, "cashier", u64::try_from(plan.id).unwrap_or(0), 0);
        self.world.time.sleep_until(plan.at).await;
        for _ in 0..4 {
            if self.charge(&plan, plan.amount, &mut chance).await {
                break;
            }
            let pause = chance.any_time(seconds(2)..minutes(3));
            self.world.time.sleep(pause).await;
        }
        for &(after, act) in &plan.acts {
            self.world.time.sleep_until(plan.at + after).await;
            match act {
                Act::Charge => drop(self.charge(&plan, plan.amount, &mut chance).await),
                Act::ChargeAnotherAmount => {
                    self.charge(&plan, plan.amount + 500, &mut chance).await;
                }
                act => self.press(&plan, act, &mut chance).await,
            }
        }
    }

    fn context(&self, merchant: usize, actor: &str) -> Context {
        Context { merchant: self.store.merchant_name(merchant), actor: Actor::new(actor) }
    }

    fn any_process(&self, chance: &mut Chance) -> usize {
        chance.index(self.world.scenario.processes)
    }

    /// Charges; `false` if that is worth another try.
    async fn charge(self: &Arc<Self>, plan: &OrderPlan, amount: u64, chance: &mut Chance) -> bool {
        let number = number(plan);
        let mut order = NewOrder::new(number.clone(), Rupiah::new(amount));
        order.reference = plan.has_reference.then(|| format!("cart-{}", plan.id));
        let context = self.context(plan.merchant, "cashier");
        let process = self.any_process(chance);
        self.is_busy();
        self.world
            .tell(|| format!("the cashier charges Rp{amount} for {number} (process {process})"));
        let asked = context.clone();
        let charged = self.call(process, |service| async move {
            let charged = service.charge(&asked, &order).await;
            (charged, service.now(&asked))
        });
        let charged = charged.await;
        let Some((charged, now)) = charged else {
            self.print_slips(plan);
            self.world.tell(|| format!("nobody answers the cashier about {number}"));
            return false;
        };
        self.is_busy();
        match charged {
            Ok(Charged::Created(record) | Charged::Known(record)) => {
                if let Ok(now) = now
                    && record.may_be_shown(now)
                {
                    self.show(plan, amount, &record);
                }
                laws::what_is_seen_is_true(&self.world, plan, &record);
                true
            }
            Err(error) => {
                self.print_slips(plan);
                self.world.tell(|| format!("{number} is not charged: {error}"));
                match error {
                    Error::Ledger(error) => !error.is_transient(),
                    Error::Provider(error) => {
                        matches!(error, qris_api::Error::OutcomeUnknown { .. })
                    }
                    _ => true,
                }
            }
        }
    }

    /// A code is shown to a payer.
    fn show(self: &Arc<Self>, plan: &OrderPlan, amount: u64, record: &Order) {
        let Some(invoice) = &record.invoice else { return };
        let id = invoice.qris_invoiceid;
        self.world.tell(|| format!("the payer of {} sees the code of invoice {id}", record.number));
        laws::a_shown_code_is_the_orders_own(&self.world, plan, amount, record);
        let Some(truth) = self.world.invoice(id) else { return };
        let now = self.world.now();
        if truth.shown.is_none() {
            self.world.change(id, |truth| truth.shown = Some(now));
            self.payer(&truth, 450);
        }
    }

    /// Codes of a number that nobody was shown, because the reply was lost or the process was killed:
    /// now and then somebody pays one all the same, from a printed slip or by a second screen.
    fn print_slips(self: &Arc<Self>, plan: &OrderPlan) {
        let number = number(plan);
        let unseen = self.world.with(|state| {
            let of_this = |truth: &&mut Truth| {
                let is_this = truth.merchant == plan.merchant && truth.number == number;
                is_this && truth.shown.is_none() && !truth.is_on_a_slip
            };
            let unseen = state.invoices.values_mut().filter(of_this).map(|truth| {
                truth.is_on_a_slip = true;
                truth.clone()
            });
            unseen.collect::<Vec<_>>()
        });
        unseen.iter().for_each(|truth| self.payer(truth, 300));
    }

    /// Somebody who may pay, with a code that is paid so often in a thousand.
    pub(crate) fn payer(self: &Arc<Self>, truth: &Truth, often: u32) {
        let id = truth.id;
        let mut chance = Chance::new(self.world.scenario.seed, "payer", id.get(), 0);
        if !chance.per_mille(often) {
            return;
        }
        let waits = match chance.number(0..10) {
            0 => chance.time(minutes(30)..minutes(60)),
            1 => chance.time(minutes(59)..minutes(60)),
            _ => chance.any_time(seconds(2)..minutes(29)),
        };
        let shop = Arc::clone(self);
        let (made, validity) = (truth.made, self.world.scenario.validity);
        self.world.time.spawn(WORLD, async move {
            shop.world.time.sleep(waits).await;
            let now = shop.world.now();
            if shop.world.invoice(id).is_some_and(|truth| truth.paid.is_some()) {
                return;
            }
            if now >= made + validity {
                shop.world.tell(|| format!("a payer finds that the code of {id} is over"));
                return;
            }
            let lag = if chance.per_mille(900) {
                chance.any_time(Duration::from_millis(100)..seconds(30))
            } else {
                chance.any_time(seconds(30)..minutes(9))
            };
            shop.world.change(id, |truth| {
                truth.paid = Some(Paid { at: now, confirmed: now + lag });
            });
            shop.world.tell(|| {
                format!(
                    "a payer pays invoice {id}; a check says so {:.1} s later",
                    lag.as_secs_f32()
                )
            });
            if chance.per_mille(shop.world.scenario.webhooks) {
                shop.announce(id, &mut chance).await;
            }
        });
    }

    /// The provider's webhook of a payment, again and again until it is answered with 200.
    async fn announce(self: &Arc<Self>, id: InvoiceId, chance: &mut Chance) {
        let first = if chance.per_mille(900) { minutes(1) } else { hours(3) };
        self.world.time.sleep(chance.any_time(Duration::from_millis(100)..first)).await;
        let Some(truth) = self.world.invoice(id) else { return };
        let mut pause = seconds(10);
        let mut times_more = chance.pick(&[0, 0, 1, 3]);
        loop {
            let body = format!(
                r#"{{"rrn":"{:012}","note":"1 {} {}","invoice":"{id}","qris_status":"success"}}"#,
                id.get(),
                truth.number,
                truth.amount,
            );
            let hint = Hint::parse(body.as_bytes()).expect("a webhook");
            let process = self.any_process(chance);
            let context = self.context(truth.merchant, "webhook");
            let taken = self
                .call(process, |service| async move { service.hint(&context, hint).await.is_ok() });
            if taken.await == Some(true) {
                let now = self.world.now();
                self.world
                    .tell(|| format!("the webhook of {id} is answered 200 by process {process}"));
                self.world.change(id, |truth| truth.webhooks_taken.push(now));
                self.is_busy();
                if times_more == 0 {
                    return;
                }
                times_more -= 1;
            } else {
                self.world.tell(|| format!("the webhook of {id} is not taken"));
            }
            self.world.time.sleep(pause).await;
            pause = (pause * 2).min(hours(1));
        }
    }

    /// What a cashier does about an order that was charged before.
    async fn press(self: &Arc<Self>, plan: &OrderPlan, act: Act, chance: &mut Chance) {
        let number = number(plan);
        let process = self.any_process(chance);
        self.world.tell(|| format!("the cashier wants of {number}: {act:?} (process {process})"));
        self.is_busy();
        let context = self.context(plan.merchant, "cashier");
        let (asked, shop, of) = (number.clone(), Arc::clone(self), plan.clone());
        let done = self.call(process, move |service| async move {
            match act {
                Act::Check => service.check(&context, &asked).await.map(drop),
                Act::Cancel => service.cancel(&context, &asked).await.map(drop),
                Act::Resolve => shop.resolve(&service, &context, &of).await,
                Act::Renew => shop.renew(&service, &context, &of).await,
                Act::Charge | Act::ChargeAnotherAmount => Ok(()),
            }
        });
        match done.await {
            None => self.world.tell(|| format!("nobody answers the cashier about {number}")),
            Some(Err(error)) => self.world.tell(|| format!("{act:?} of {number}: {error}")),
            Some(Ok(())) => {}
        }
        if act == Act::Renew {
            self.print_slips(plan);
        }
        self.is_busy();
    }

    async fn renew(
        self: &Arc<Self>,
        service: &Service,
        context: &Context,
        plan: &OrderPlan,
    ) -> Result<(), Error> {
        let (key, begun) = ((plan.merchant, number(plan)), self.world.now());
        self.world.with(|state| state.renewing.insert(key, begun));
        match service.renew(context, &number(plan)).await? {
            Renewed::Created(order) => {
                if order.may_be_shown(service.now(context)?) {
                    // A rejected order may have been charged again with the other amount.
                    self.show(plan, order.amount.get(), &order);
                }
            }
            Renewed::Paid(order) => laws::what_is_seen_is_true(&self.world, plan, &order),
        }
        Ok(())
    }

    /// A person who looks at the provider's portal, and says what stands there.
    async fn resolve(
        &self,
        service: &Service,
        context: &Context,
        plan: &OrderPlan,
    ) -> Result<(), Error> {
        let number = number(plan);
        let now = self.world.now();
        let order = service.find(context, &number).await?;
        let is_booked = |id| order.invoices.iter().any(|code| code.qris_invoiceid == Some(id));
        let found = self.world.with(|state| {
            let of_this = |truth: &&Truth| {
                truth.merchant == plan.merchant && truth.number == number && !is_booked(truth.id)
            };
            state.invoices.values().filter(of_this).cloned().collect::<Vec<_>>()
        });
        let is_open = |truth: &&Truth| truth.paid.is_none() && now < truth.made + hours(1);
        if let Some(paid) = found.iter().find(|truth| truth.paid.is_some()) {
            self.world.tell(|| format!("a person says that {number} is invoice {}", paid.id));
            let resolved = service.resolve_paid(context, &number, paid.id).await?;
            self.world.tell(|| format!("{number} is resolved: {resolved:?}"));
        } else if !found.iter().any(|truth| is_open(&truth)) {
            self.world.tell(|| format!("a person says that {number} was never made"));
            service.resolve_not_made(context, &number, "not in the portal").await?;
        }
        Ok(())
    }
}

//! How many sales a minute one key can handle: a busy shop for two hours of virtual time.
//!
//! ```text
//! SIM_CAPACITY=all cargo test --release -p qris-orders --test simulation capacity -- --nocapture
//! ```
//!
//! prints the whole table, in some minutes; the other tests are a short form of three of its lines.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use qris_api::webhook::WebhookEvent;
use qris_api::{
    Error, Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, Schedule, Tip, TransactionNumber,
    Trigger, WibTime,
};
use qris_ledger::Ledger;
use qris_orders::{
    Actor, Charged, Clock, Context, Merchant, NewOrder, OrderService, Provider, SharedLedger, State,
};

use crate::executor::{Executor, Handle, WORLD, lock};
use crate::random::Chance;
use crate::scenario::{minutes, seconds};

/// The watcher's pause between two rounds without a wake-up. The real one looks four times as
/// often. This takes less time and finds payments later.
const PAUSE: Duration = seconds(2);

/// The maximum number of checks of a key in any minute.
const BUDGET: usize = 60;

/// A busy shop.
#[derive(Clone, Copy, Debug)]
struct Plan {
    /// How long it sells. After that nobody buys, and all codes get their last check.
    open_for: Duration,
    /// How long a code can be paid.
    validity: Duration,
    /// The number of sales a minute, at random moments.
    sales: u64,
    /// The provider's response time.
    reply: Duration,
    /// Until when each payment has a webhook, 1 to 5 s later.
    webhooks_until: Duration,
}

/// The true state of an invoice.
#[derive(Clone, Copy, Debug, Default)]
struct Truth {
    paid: Option<Duration>,
    webhook: Option<Duration>,
    /// When its order became `paid`.
    seen: Option<Duration>,
}

/// The state that the provider, the ledger, the clock and the payers of a shop share.
struct Shop {
    time: Handle,
    start: WibTime,
    reply: Duration,
    schedule: Schedule,
    invoices: Mutex<BTreeMap<u64, Truth>>,
    checks: Mutex<Vec<Duration>>,
    ledger: Mutex<Ledger>,
}

#[derive(Clone)]
struct Shared(Arc<Shop>);

type Service = OrderService<Shared, Shared, Shared>;

impl Shop {
    fn now(&self) -> WibTime {
        self.start.later_by(self.time.now())
    }

    fn change(&self, id: InvoiceId, change: impl FnOnce(&mut Truth)) {
        change(lock(&self.invoices).entry(id.get()).or_default());
    }
}

impl Provider for Shared {
    async fn create(
        &self,
        number: &TransactionNumber,
        amount: Rupiah,
        _tip: Tip,
    ) -> Result<Invoice, Error> {
        let shop = &self.0;
        shop.time.sleep(shop.reply / 2).await;
        let id = {
            let mut invoices = lock(&shop.invoices);
            let id = 413_255_111 + u64::try_from(invoices.len()).expect("a count");
            invoices.insert(id, Truth::default());
            id
        };
        // A reply has seconds.
        let date = WibTime::parse(&shop.now().to_api_text()).expect("a time");
        shop.time.sleep(shop.reply / 2).await;
        let (id, content) = (InvoiceId::new(id), format!("QR of invoice {id}"));
        Ok(Invoice::new(number.clone(), amount, content, date, id, "ID1020021181740"))
    }

    async fn check(&self, invoice: &Invoice, _trigger: Trigger) -> Result<Payment, Error> {
        let shop = &self.0;
        lock(&shop.checks).push(shop.time.now());
        shop.time.sleep(shop.reply / 2).await;
        let truth = lock(&shop.invoices)[&invoice.qris_invoiceid.get()];
        let is_paid = truth.paid.is_some_and(|at| at <= shop.time.now());
        shop.time.sleep(shop.reply / 2).await;
        Ok(if is_paid { Payment::Paid(PaymentDetails::default()) } else { Payment::Unpaid })
    }

    async fn server_time(&self) {}

    fn now(&self) -> WibTime {
        self.0.now()
    }

    fn schedule(&self) -> Schedule {
        self.0.schedule
    }
}

impl SharedLedger for Shared {
    async fn write<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&mut Ledger) -> Result<T, qris_ledger::Error> + Send + 'static,
    ) -> Result<T, qris_ledger::Error> {
        let mut ledger = lock(&self.0.ledger);
        ledger.act_for(qris_ledger::MerchantRowId::MAIN, &context.actor);
        work(&mut ledger)
    }

    async fn read<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&Ledger) -> Result<T, qris_ledger::Error> + Send + 'static,
    ) -> Result<T, qris_ledger::Error> {
        self.write(context, |ledger| work(ledger)).await
    }
}

impl Clock for Shared {
    async fn sleep(&self, time: Duration) {
        self.0.time.sleep(time.max(PAUSE)).await;
    }

    fn elapsed(&self) -> Duration {
        self.0.time.now()
    }

    fn host_time(&self) -> WibTime {
        self.0.now()
    }
}

/// The result of a plan.
struct Outcome {
    plan: Plan,
    /// The payments: when each was made, when its webhook came, and when its order became `paid`.
    payments: Vec<Truth>,
    busiest_minute: usize,
    checks: usize,
    /// How many payments of more than two minutes ago were not seen when the shop closed, and how
    /// many checks were overdue by more than a minute.
    backlog: (usize, usize),
}

impl Plan {
    fn run(self) -> Outcome {
        let mut executor = Executor::new(Chance::new(self.sales, "turns", 0, 0));
        let time = executor.handle();
        let shop = Shared(Arc::new(Shop {
            time: time.clone(),
            start: WibTime::parse("2026-11-27 09:00:00").expect("a time"),
            reply: self.reply,
            schedule: Schedule::default().with_validity(self.validity),
            invoices: Mutex::default(),
            checks: Mutex::default(),
            ledger: Mutex::new(Ledger::in_memory().expect("a ledger")),
        }));
        let main = Merchant::main(shop.clone());
        let service = Arc::new(OrderService::new(shop.clone(), shop.clone(), [main]));
        let watcher = Arc::clone(&service);
        time.spawn(WORLD, async move { watcher.watch(std::future::pending()).await });
        let (mut changes, seen) = (service.changes(), shop.clone());
        time.spawn(WORLD, async move {
            while let Some(change) = changes.next().await {
                let qris_orders::Change::Order(order) = change else { panic!("too many changes") };
                if order.state == State::Paid {
                    let id = order.invoice.expect("an invoice").qris_invoiceid;
                    let now = seen.0.time.now();
                    seen.0.change(id, |truth| {
                        truth.seen.get_or_insert(now);
                    });
                }
            }
        });
        let mut chance = Chance::new(self.sales, "sales", 0, 0);
        for sale in 0..self.sales * self.open_for.as_secs() / 60 {
            let at = chance.time(Duration::ZERO..self.open_for);
            let (service, shop) = (Arc::clone(&service), shop.clone());
            time.spawn(WORLD, async move { self.sell(&service, &shop, sale, at).await });
        }
        assert!(executor.run_until(self.open_for, &|| false), "the watcher never pauses");
        let backlog = shop.0.backlog();
        assert!(executor.run_until(self.end(), &|| false), "the watcher never pauses");
        let invoices = lock(&shop.0.invoices).clone();
        let payments = invoices.into_values().filter(|truth| truth.paid.is_some()).collect();
        let checks = lock(&shop.0.checks).clone();
        let busiest_minute = busiest_minute(&checks);
        Outcome { plan: self, payments, busiest_minute, checks: checks.len(), backlog }
    }

    /// When every code has had its last check.
    fn end(self) -> Duration {
        self.open_for + self.validity + minutes(20)
    }

    /// One sale: a code, and a payer who pays or leaves.
    async fn sell(self, service: &Service, shop: &Shared, sale: u64, at: Duration) {
        let time = &shop.0.time;
        let mut chance = Chance::new(self.sales, "payer", sale, 0);
        time.sleep_until(at).await;
        let context = Context::main(Actor::new("siti"));
        let number = TransactionNumber::parse(format!("INV-{sale}")).expect("a number");
        let charged = service.charge(&context, &NewOrder::new(number, Rupiah::new(25_578))).await;
        let Ok(Charged::Created(order)) = charged else { panic!("{charged:?}") };
        let id = order.invoice.expect("an invoice").qris_invoiceid;
        if chance.number(0..10) == 0 {
            return;
        }
        time.sleep(chance.time(seconds(5)..seconds(40))).await;
        let paid = time.now();
        shop.0.change(id, |truth| truth.paid = Some(paid));
        if paid >= self.webhooks_until {
            return;
        }
        time.sleep(chance.time(seconds(1)..seconds(5))).await;
        let webhook = time.now();
        shop.0.change(id, |truth| truth.webhook = Some(webhook));
        let text = format!(r#"{{"invoice":"{id}","qris_status":"success"}}"#);
        let hint = WebhookEvent::parse(text.as_bytes()).expect("a webhook");
        service.receive_webhook(&context, hint).await.expect("a booked webhook");
    }
}

impl Shop {
    fn backlog(&self) -> (usize, usize) {
        let before = self.time.now().saturating_sub(minutes(2));
        let unseen =
            |truth: &&Truth| truth.paid.is_some_and(|at| at <= before) && truth.seen.is_none();
        let unseen = lock(&self.invoices).values().filter(unseen).count();
        let a_minute_ago = self.start.later_by(self.time.now().saturating_sub(minutes(1)));
        let orders = lock(&self.ledger).list(u32::MAX).expect("the orders");
        let overdue = orders.iter().filter(|order| order.is_due(a_minute_ago)).count();
        (unseen, overdue)
    }
}

fn busiest_minute(checks: &[Duration]) -> usize {
    let ends = checks.iter().enumerate();
    let counts =
        ends.map(|(at, &end)| at + 1 - checks.partition_point(|&check| check + minutes(1) <= end));
    counts.max().unwrap_or_default()
}

/// The percentile of the sorted times.
fn quantile(times: &[Duration], percent: usize) -> Duration {
    let last = times.len().saturating_sub(1);
    times.get(last * percent / 100).copied().unwrap_or_default()
}

impl Outcome {
    fn lost(&self) -> usize {
        self.payments.iter().filter(|truth| truth.seen.is_none()).count()
    }

    /// How long each payment was unseen, from a moment on, sorted.
    fn delays(&self, from: impl Fn(&Truth) -> Option<Duration>) -> Vec<Duration> {
        let delays = self.payments.iter().filter_map(|truth| {
            Some(truth.seen.unwrap_or(self.plan.end()).saturating_sub(from(truth)?))
        });
        let mut delays: Vec<_> = delays.collect();
        delays.sort_unstable();
        delays
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Plan { sales, reply, webhooks_until, open_for, .. } = self.plan;
        let delays = self.delays(|truth| truth.paid);
        let [median, most, worst] =
            [50, 95, 100].map(|percent| format!("{:.1}", quantile(&delays, percent).as_secs_f64()));
        let webhooks = match webhooks_until {
            Duration::ZERO => "none",
            until if until >= open_for => "all",
            _ => "half the day",
        };
        let (unseen, overdue) = self.backlog;
        write!(
            f,
            "{sales:>5} {:>5} {webhooks:>12} {median:>8} {most:>8} {worst:>8} {:>7} {:>7} {unseen:>7} \
             {overdue:>7} {:>5}",
            reply.as_secs(),
            self.busiest_minute,
            self.checks,
            self.lost(),
        )
    }
}

const NONE: Duration = Duration::ZERO;
const ALL: Duration = Duration::MAX;

impl Plan {
    /// Codes that can be paid for an hour, for two hours.
    fn whole(sales: u64, reply: u64, webhooks_until: Duration) -> Self {
        let (reply, validity) = (seconds(reply), minutes(60));
        Self { open_for: minutes(120), validity, sales, reply, webhooks_until }
    }

    /// The same with codes that can be paid for ten minutes. After twenty minutes the watcher has
    /// its maximum number of them.
    fn short(sales: u64, webhooks_until: Duration) -> Self {
        let open_for = minutes(30);
        Self { open_for, validity: minutes(10), ..Self::whole(sales, 6, webhooks_until) }
    }
}

#[track_caller]
fn nothing_is_lost_and_the_budget_is_kept(outcome: &Outcome) {
    assert_eq!(outcome.lost(), 0, "{outcome}");
    assert!(outcome.busiest_minute <= BUDGET, "{outcome}");
}

#[test]
fn one_key_carries_fifty_sales_a_minute_with_webhooks() {
    let outcome = Plan::short(50, ALL).run();
    nothing_is_lost_and_the_budget_is_kept(&outcome);
    let delays = outcome.delays(|truth| truth.webhook);
    assert!(delays.len() > 1_200, "{outcome}");
    let most = quantile(&delays, 95);
    assert!(most < seconds(15), "95 % within {most:?} after the webhook: {outcome}");
    assert_eq!(outcome.backlog.0, 0, "{outcome}");
}

#[test]
fn one_key_carries_ten_sales_a_minute_without_webhooks() {
    let outcome = Plan::short(10, NONE).run();
    nothing_is_lost_and_the_budget_is_kept(&outcome);
    let delays = outcome.delays(|truth| truth.paid);
    let [most, worst] = [95, 100].map(|percent| quantile(&delays, percent));
    assert!(most < seconds(45), "95 % within {most:?}: {outcome}");
    assert!(worst < minutes(2), "all within {worst:?}: {outcome}");
}

#[test]
fn polls_come_back_after_the_first_payment_that_no_webhook_announces() {
    let outcome = Plan::short(10, minutes(12)).run();
    nothing_is_lost_and_the_budget_is_kept(&outcome);
    let unannounced = outcome.payments.iter().filter(|truth| truth.webhook.is_none());
    let times = unannounced.map(|truth| (truth.paid.expect("paid"), truth.seen.expect("seen")));
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    let &(first_paid, first_seen) = times.first().expect("a payment without a webhook");
    let after = first_seen.saturating_sub(first_paid);
    assert!(after > minutes(4), "the polls were thinned out: {after:?}");
    assert!(after < minutes(5) + seconds(30), "the first is found after {after:?}");
    // The codes that were made meanwhile are checked at once, as far as the budget allows.
    for &(paid, seen) in &times {
        let after = seen.saturating_sub(paid);
        assert!(after < minutes(5) + seconds(30), "paid at {paid:?}, found after {after:?}");
        let after = seen.saturating_sub(paid.max(first_seen));
        assert!(after < minutes(3), "paid at {paid:?}, found {after:?} after the polls came back");
    }
    let later = times.iter().filter(|(paid, _)| *paid > first_seen + minutes(5));
    let mut later: Vec<_> = later.map(|(paid, seen)| seen.saturating_sub(*paid)).collect();
    later.sort_unstable();
    assert!(later.len() > 50, "{}", later.len());
    let [median, worst] = [50, 100].map(|percent| quantile(&later, percent));
    assert!(median < seconds(20), "half within {median:?}: {outcome}");
    assert!(worst < minutes(2), "all within {worst:?}: {outcome}");
}

/// Prints the requested lines: `all`, or one such as `50/6/all` (sales a minute, response time in
/// seconds, which payments have webhooks).
#[test]
fn a_shop_loses_no_payment_and_keeps_the_budget_with_any_number_of_sales() {
    let wanted = std::env::var("SIM_CAPACITY");
    let wanted = wanted.as_deref().unwrap_or("5/6/half");
    println!(
        "sales reply     webhooks   median      95%    worst busiest  checks  unseen overdue  lost"
    );
    for (webhooks_until, word) in [(NONE, "none"), (ALL, "all"), (minutes(60), "half")] {
        for reply in [6, 1] {
            for sales in [5, 10, 15, 20, 30, 40, 50, 60] {
                if wanted == "all" || wanted == format!("{sales}/{reply}/{word}") {
                    let outcome = Plan::whole(sales, reply, webhooks_until).run();
                    println!("{outcome}");
                    nothing_is_lost_and_the_budget_is_kept(&outcome);
                }
            }
        }
    }
}

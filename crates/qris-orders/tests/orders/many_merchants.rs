//! Many merchants in one program, some of whose providers hang.
//!
//! ```text
//! MERCHANTS=200 cargo test -p qris-orders --test orders of_many_merchants -- --nocapture
//! ```
//!
//! runs the long form: 200 merchants, of which 10 hang.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use qris_api::webhook::WebhookEvent;
use qris_api::{Rupiah, Schedule};
use qris_orders::{
    Change, Changes, Charged, MerchantName, MerchantSettings, NewOrder, Order, Orders,
    OrdersSettings, State,
};
use qris_sandbox::{Fault, FaultCall, FaultRepeat, Sandbox};

use crate::shop::{client_of, number};

/// The time until the client gives up a hanging call.
const HANGS_FOR: Duration = Duration::from_secs(5);

/// The time between two checks of an invoice.
const GAP: Duration = Duration::from_secs(2);

struct Merchants {
    orders: Orders,
    sandboxes: Vec<Sandbox>,
    /// When each order was seen to be paid, by merchant and number.
    paid: Arc<Mutex<BTreeMap<(String, String), Instant>>>,
}

fn name(merchant: usize) -> MerchantName {
    format!("m-{merchant}").parse().expect("a name")
}

impl Merchants {
    async fn open(count: usize, folder: &Path) -> Self {
        let sandboxes = join_all((0..count).map(|_| Sandbox::start())).await;
        let sandboxes: Vec<_> =
            sandboxes.into_iter().map(|started| started.expect("a sandbox")).collect();
        let merchants = sandboxes.iter().enumerate().map(|(at, sandbox)| {
            let schedule = Schedule::default().with_try_gap(GAP).with_check_gap(GAP);
            let client = client_of(sandbox)
                .schedule(schedule)
                .total_timeout(HANGS_FOR)
                .state_dir(folder.join("state"));
            MerchantSettings::named(name(at), client)
        });
        let database = format!("sqlite://{}", folder.join("qris.db").display());
        let settings = OrdersSettings::new(merchants, database);
        let orders = Orders::start(settings).await.expect("it starts");
        let paid = Arc::default();
        tokio::spawn(note_payments(orders.changes(), Arc::clone(&paid)));
        Self { orders, sandboxes, paid }
    }

    /// Charges an order of a merchant. Each merchant has its own amount: all sandboxes start with
    /// the same invoice number, and no two codes may be equal.
    async fn charge(&self, merchant: usize, text: &str) -> Result<Order, qris_orders::Error> {
        let amount = Rupiah::new(1_000 + u64::try_from(merchant).expect("an amount"));
        let orders = self.orders.for_merchant(name(merchant)).expect("a merchant");
        match orders.charge(&NewOrder::new(number(text), amount)).await? {
            Charged::Created(order) => Ok(order),
            Charged::Known(order) => panic!("{text} is {}", order.state),
        }
    }

    /// One sale of each of these merchants, all at the same time; every other payment has a webhook.
    async fn sell(&self, merchants: std::ops::Range<usize>, text: &str) -> Figures {
        let sales = join_all(merchants.map(|merchant| self.sale(merchant, text))).await;
        let of = |has_webhook: bool| {
            sales.iter().filter(move |sale| sale.has_webhook == has_webhook).map(|sale| sale.seen)
        };
        let charged = sales.iter().map(|sale| sale.charged);
        Figures {
            charged: Spread::new(charged),
            webhook: Spread::new(of(true)),
            poll: Spread::new(of(false)),
        }
    }

    async fn sale(&self, merchant: usize, text: &str) -> Sale {
        let started = Instant::now();
        let order = self.charge(merchant, text).await.expect("a code");
        let charged = started.elapsed();
        let id = order.invoice.expect("an invoice").qris_invoiceid;
        let paid_at = Instant::now();
        self.sandboxes[merchant].pay(id.get()).expect("the payer pays");
        let has_webhook = merchant.is_multiple_of(2);
        if has_webhook {
            let body = format!(r#"{{"invoice":"{id}","qris_status":"success"}}"#);
            let hint = WebhookEvent::parse(body.as_bytes()).expect("a webhook");
            let orders = self.orders.for_merchant(name(merchant)).expect("a merchant");
            orders.receive_webhook(hint).await.expect("a booked webhook");
        }
        let key = (name(merchant).to_string(), text.to_owned());
        let seen = within(Duration::from_secs(60), "a payment that is seen", || {
            self.paid.lock().expect("the payments").get(&key).copied()
        });
        Sale { has_webhook, charged, seen: seen.await.saturating_duration_since(paid_at) }
    }

    /// From now on these providers accept calls and never answer.
    async fn hang(&self, merchants: std::ops::Range<usize>) {
        let open = merchants.clone().flat_map(|merchant| {
            (0..3).map(
                move |sale| async move { self.charge(merchant, &format!("OPEN-{sale}")).await },
            )
        });
        for charged in join_all(open).await {
            charged.expect("a code");
        }
        let dead = &self.sandboxes[merchants];
        let checks = dead.iter().map(|sandbox| sandbox.calls().checks()).collect::<Vec<_>>();
        for sandbox in dead {
            for on in [FaultCall::Create, FaultCall::Check] {
                sandbox.inject(Fault::Slow { seconds: 600.0 }, on, FaultRepeat::Standing);
            }
        }
        within(Duration::from_secs(30), "checks that hang", || {
            let mut counts = dead.iter().map(|sandbox| sandbox.calls().checks()).zip(&checks);
            counts.all(|(now, &before)| now > before).then_some(())
        })
        .await;
    }
}

async fn note_payments(
    mut changes: Changes,
    paid: Arc<Mutex<BTreeMap<(String, String), Instant>>>,
) {
    while let Some(change) = changes.next().await {
        let Change::Order(order) = change else { panic!("too many changes at once") };
        if order.state == State::Paid {
            let key = (order.merchant.to_string(), order.number.to_string());
            paid.lock().expect("the payments").entry(key).or_insert_with(Instant::now);
        }
    }
}

/// Waits until the value is present.
async fn within<T>(limit: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < limit, "expected {what} within {limit:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

struct Sale {
    has_webhook: bool,
    charged: Duration,
    seen: Duration,
}

#[derive(Debug)]
struct Figures {
    charged: Spread,
    webhook: Spread,
    poll: Spread,
}

#[derive(Debug)]
struct Spread {
    median: Duration,
    #[expect(dead_code, reason = "printed")]
    worst: Duration,
}

impl Spread {
    fn new(times: impl Iterator<Item = Duration>) -> Self {
        let mut times: Vec<_> = times.collect();
        times.sort_unstable();
        let worst = *times.last().expect("a time");
        Self { median: times[times.len() / 2], worst }
    }
}

/// The number of open files and connections of this program, and its memory in bytes. Zero if the
/// system does not provide them.
fn size_of_this_program() -> (usize, u64) {
    let files = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = pages.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    (files, pages.unwrap_or_default() * 4_096)
}

#[tokio::test(flavor = "multi_thread")]
async fn merchants_with_a_hanging_provider_delay_no_other_merchant() {
    let long = std::env::var("MERCHANTS").map(|count| count.parse().expect("a number"));
    let (count, dead) = long.map_or((40, 4), |count: usize| (count, count / 20));
    let folder = tempfile::tempdir().expect("a folder");
    let started = Instant::now();
    let merchants = Merchants::open(count, folder.path()).await;
    println!("{count} merchants are served after {:?}", started.elapsed());
    let before = merchants.sell(dead..count, "BEFORE").await;
    println!("all answer: {before:?}");
    let (files, bytes) = size_of_this_program();
    merchants.hang(0..dead).await;
    let hanging = (0..dead).flat_map(|merchant| (0..5).map(move |sale| (merchant, sale)));
    let hanging = join_all(hanging.map(|(merchant, sale)| {
        let merchants = &merchants;
        async move { merchants.charge(merchant, &format!("HANGS-{sale}")).await }
    }));
    let selling = async {
        let sold = merchants.sell(dead..count, "AFTER").await;
        (sold, size_of_this_program())
    };
    let (charges, (after, (files_now, bytes_now))) = tokio::join!(hanging, selling);
    println!("{dead} hang: {after:?}");
    assert!(charges.iter().all(Result::is_err), "a provider that hangs makes no code");
    for (before, after) in [
        (&before.charged, &after.charged),
        (&before.webhook, &after.webhook),
        (&before.poll, &after.poll),
    ] {
        // Other programs may be busy at that moment. A call that waits for a hanging one would take
        // longer.
        let bound = before.median * 2 + Duration::from_secs(2);
        assert!(after.median < bound, "{after:?} instead of {before:?}");
    }
    println!("{files} files, then {files_now}; {bytes} bytes, then {bytes_now}");
    // Both ends of a connection are in this program.
    assert!(files_now < files + 50 * dead, "{files} files, then {files_now}");
    assert!(bytes_now < bytes + (100 << 20), "{bytes} bytes, then {bytes_now}");
}

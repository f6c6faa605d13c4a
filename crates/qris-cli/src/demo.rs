//! `qris demo`: one payment from start to end, without an account.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use qris_api::{
    ApiKey, CheckBudget, Client, Invoice, MerchantId, Payment, Rupiah, Schedule, TransactionNumber,
    WibTime,
};
use qris_codec::{Amount, Path, Payload, Rules, Tag, Verdict};
use qris_image::Drawing;
use qris_ledger::Settlement;
use qris_orders::{
    Actor, Charged, Context, LedgerPool, Merchant, NewOrder, Order, OrderService, Renewed,
    SharedLedger as _, State, SystemClock,
};
use qris_sandbox::Sandbox;
use tokio::time::{Instant, sleep};

use crate::messages::{format, message};
use crate::money::rupiah;
use crate::output::{print, print_error, visible};

#[derive(Args)]
pub(crate) struct Demo {
    #[arg(long, value_name = "FILE")]
    books: Option<PathBuf>,
}

/// The amount to pay: the amount of the provider's own example.
const AMOUNT: u64 = 25_578;

/// When the sandbox's payer pays, after the QR is shown.
const PAYER_TAKES: Duration = Duration::from_secs(5);

/// For how long the demo shows a code; a shop shows it for 30 minutes.
const SHOWN: Duration = Duration::from_secs(5);

/// The time between two checks of the demo. The live API does not allow this: it blocks a key that
/// checks more than once a minute.
const ASK_EVERY: Duration = Duration::from_secs(2);

/// When the demo gives up.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A failed step of the demo, and the reason.
struct Failure {
    /// Its key in the catalogue.
    step: &'static str,
    why: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = format(self.step, &[]);
        f.write_str(&message!("demo-failed", step = step, why = self.why))
    }
}

/// Adds the step's name to an error.
trait Step<T> {
    fn step(self, step: &'static str) -> Result<T, Failure>;
}

impl<T, E: StdError> Step<T> for Result<T, E> {
    fn step(self, step: &'static str) -> Result<T, Failure> {
        self.map_err(|error| Failure { step, why: error.to_string() })
    }
}

impl Demo {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        match runtime.block_on(self.play()) {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(failure) => {
                print_error(&failure.to_string());
                Ok(ExitCode::FAILURE)
            }
        }
    }

    async fn play(self) -> Result<(), Failure> {
        let started = Instant::now();
        let say = |number: u8, text: String| {
            print(&format!("{number}. {text}\n")).step("demo-step-print")
        };

        let sandbox = Sandbox::start().await.step("demo-step-start-the-sandbox")?;
        say(1, message!("demo-sandbox", url = sandbox.base_url()))?;

        let client = client(&sandbox.base_url())?;
        let path = self.books.unwrap_or_else(temporary_database);
        let pool = LedgerPool::open(format!("sqlite://{}", path.display()));
        let pool = pool.await.step("demo-step-open-the-database")?;
        let shop = Shop {
            orders: OrderService::new(pool, SystemClock, [Merchant::main(client)]),
            context: Context::main(Actor::new("qris demo")),
        };
        shop.orders.catch_up(&shop.context).await.step("demo-step-open-the-database")?;

        let number = demo_number().step("demo-step-number-the-order")?;
        let new = NewOrder::new(number.clone(), Rupiah::new(AMOUNT));
        let charged =
            shop.orders.charge(&shop.context, &new).await.step("demo-step-charge-the-order")?;
        let Charged::Created(order) = charged else {
            return failure("demo-step-charge-the-order", &message!("demo-number-known"));
        };
        say(2, message!("demo-recorded", number = number, file = path.display()))?;
        say(3, message!("demo-requested", amount = rupiah(order.amount.get())))?;
        let first = code(&order)?;
        say(4, message!("demo-matches"))?;
        shop.draw(&order, &first)?;

        let order = shop.renew(&order).await?;
        let second = code(&order)?;
        if first.qris_invoiceid == second.qris_invoiceid {
            return failure("demo-step-renew-the-order", &message!("demo-old-code"));
        }
        say(5, message!("demo-renewed"))?;
        shop.draw(&order, &second)?;

        let payer = async {
            sleep(PAYER_TAKES).await;
            sandbox.pay(second.qris_invoiceid.get()).step("demo-step-let-the-payer-pay")
        };
        let (paid, order) = tokio::join!(payer, shop.wait(&number));
        paid?;
        let order = order?;
        say(6, message!("demo-paid"))?;

        let (again, now) = (order.payment.clone(), WibTime::now());
        let id = second.qris_invoiceid;
        let write =
            shop.orders.ledger().write(&shop.context, move |ledger| ledger.settle(id, &again, now));
        if write.await.step("demo-step-settle-once")? != Settlement::AlreadySettled {
            return failure("demo-step-settle-once", &message!("demo-recorded-twice"));
        }
        say(7, message!("demo-settled"))?;

        print(&shop.report(&number).await?).step("demo-step-report")?;
        sandbox.stop().await;
        let seconds = format_args!("{:.1}", started.elapsed().as_secs_f32()).to_string();
        let done = message!("demo-done", seconds = seconds);
        print(&format!("\n{done}\n")).step("demo-step-print")
    }
}

/// The demo's client: its sandbox allows more checks than the real provider.
fn client(base_url: &str) -> Result<Client, Failure> {
    const STEP: &str = "demo-step-make-a-client";
    let key = ApiKey::parse("sandbox-key").step(STEP)?;
    let merchant = MerchantId::parse("123456").step(STEP)?;
    let schedule = Schedule::default()
        .with_shown(SHOWN)
        .with_tries(20)
        .with_try_gap(ASK_EVERY)
        .with_check_gap(ASK_EVERY);
    let builder = Client::builder(key, merchant).base_url(base_url).schedule(schedule);
    builder.budget(CheckBudget::in_memory(60)).build().step(STEP)
}

/// The shop of the demo.
struct Shop {
    orders: OrderService<Client, LedgerPool, SystemClock>,
    context: Context,
}

impl Shop {
    /// Draws the code of an order.
    fn draw(&self, order: &Order, invoice: &Invoice) -> Result<(), Failure> {
        const STEP: &str = "demo-step-draw-the-qr";
        let now = self.orders.now(&self.context).step(STEP)?;
        if !order.may_be_shown(now) {
            return failure(STEP, &message!("demo-not-shown"));
        }
        let picture = Drawing::parse(&invoice.qris_content).step(STEP)?;
        let picture = picture.terminal().step(STEP)?;
        print(&format!("\n{picture}{}\n\n", time_left(order, now))).step(STEP)
    }

    /// Waits until the code of an order is no longer shown, and requests a new one.
    async fn renew(&self, order: &Order) -> Result<Order, Failure> {
        const STEP: &str = "demo-step-renew-the-order";
        let started = Instant::now();
        while order.may_be_shown(self.orders.now(&self.context).step(STEP)?) {
            if started.elapsed() > TIMEOUT {
                return failure(STEP, &message!("demo-shown-too-long"));
            }
            sleep(Duration::from_millis(100)).await;
        }
        match self.orders.renew(&self.context, &order.number).await.step(STEP)? {
            Renewed::Created(order) => Ok(order),
            Renewed::Paid(_) => failure(STEP, &message!("demo-paid-by-nobody")),
        }
    }

    /// Checks until the order is paid.
    async fn wait(&self, number: &TransactionNumber) -> Result<Order, Failure> {
        const STEP: &str = "demo-step-wait-for-the-payment";
        let started = Instant::now();
        while started.elapsed() < TIMEOUT {
            sleep(ASK_EVERY).await;
            let checked = self.orders.check_now(&self.context, number, |_| {}).await.step(STEP)?;
            let waited = started.elapsed().as_secs();
            let is_paid = checked.order.state == State::Paid;
            let waited = format!("{waited:>2}");
            let line = match is_paid {
                true => message!("demo-checked-paid", seconds = waited),
                false => message!("demo-checked-unpaid", seconds = waited),
            };
            print(&format!("   {line}\n")).step(STEP)?;
            if is_paid {
                return Ok(checked.order);
            }
        }
        failure(STEP, &message!("demo-not-paid"))
    }

    /// What the database has now.
    async fn report(&self, number: &TransactionNumber) -> Result<String, Failure> {
        const STEP: &str = "demo-step-report";
        let order = self.orders.find(&self.context, number).await.step(STEP)?;
        let today = WibTime::now().date();
        let lines = self
            .orders
            .ledger()
            .read(&self.context, move |ledger| ledger.report(today, today))
            .await
            .step(STEP)?;
        let (Some(invoice), Payment::Paid(details)) = (&order.invoice, &order.payment) else {
            return failure(STEP, &message!("demo-no-payment"));
        };
        let mut out = String::new();
        let mut line = |name: String, value: &str| {
            let _ = writeln!(out, "   {name:<20}{}", visible(value));
        };
        line(message!("order-number"), order.number.as_str());
        line(message!("order-state"), order.state.as_str());
        line(message!("order-amount"), &rupiah(order.amount.get()));
        line(message!("demo-codes"), &order.invoices.len().to_string());
        line("qris_invoiceid".to_owned(), &invoice.qris_invoiceid.to_string());
        line("qris_nmid".to_owned(), &invoice.qris_nmid);
        line("qris_request_date".to_owned(), &invoice.qris_request_date.to_string());
        line(
            "qris_content".to_owned(),
            &message!("demo-characters", count = invoice.qris_content.chars().count()),
        );
        line(
            message!("order-paid-at"),
            &details.paid_at.map_or_else(String::new, |at| at.to_string()),
        );
        let not_said = message!("order-not-said");
        line(message!("order-method"), details.method.as_deref().unwrap_or(&not_said));
        line(message!("order-customer"), details.customer_name.as_deref().unwrap_or(&not_said));
        for total in lines {
            let total = message!(
                "demo-total",
                day = total.day,
                channel = total.channel,
                invoices = total.invoices,
                payments = total.payments,
                paid = rupiah(total.paid.get())
            );
            let _ = writeln!(out, "   {total}");
        }
        Ok(out)
    }
}

fn failure<T>(step: &'static str, why: &str) -> Result<T, Failure> {
    Err(Failure { step, why: why.to_owned() })
}

/// A separate file for each run. It is kept for a later look.
fn temporary_database() -> PathBuf {
    let name = format!("qris-demo-{}.db", std::process::id());
    std::env::temp_dir().join(name)
}

/// A number that no earlier demo used in the same database.
fn demo_number() -> Result<TransactionNumber, qris_api::Invalid> {
    let now = WibTime::now().timestamp().as_millisecond();
    TransactionNumber::parse(format!("DEMO-{now}"))
}

/// The code of an order, cross-checked.
fn code(order: &Order) -> Result<Invoice, Failure> {
    match order.invoice.clone() {
        Some(invoice) => cross_check(&invoice).map(|()| invoice),
        None => failure("demo-step-cross-check-the-qr", &message!("demo-no-code")),
    }
}

/// Decodes the reply and compares it with the request.
///
/// The client has already done this; the demo does it again visibly, with the codec only.
fn cross_check(invoice: &Invoice) -> Result<(), Failure> {
    const STEP: &str = "demo-step-cross-check-the-qr";
    let payload = Payload::parse(&invoice.qris_content).step(STEP)?;
    let id = invoice.qris_invoiceid.to_string();
    let asked = Amount::rupiah(invoice.amount.get());
    for (held, what) in [
        (payload.amount() == Some(Ok(asked)), "demo-other-amount"),
        (payload.currency() == Some("360"), "demo-other-currency"),
        (payload.nmid() == Some(&invoice.qris_nmid), "demo-other-nmid"),
        (payload.get(Path::REFERENCE_LABEL) == Some(&id), "demo-other-reference"),
        (payload.get(Tag::INITIATION) == Some("12"), "demo-not-dynamic"),
        (payload.verdict(Rules::Qris) == Verdict::Valid, "demo-not-valid"),
    ] {
        if !held {
            return failure(STEP, &format(what, &[]));
        }
    }
    Ok(())
}

fn time_left(order: &Order, now: WibTime) -> String {
    let Some(until) = order.shown_until else { return String::new() };
    let left = until.timestamp().duration_since(now.timestamp()).as_secs().max(0);
    message!("demo-time-left", seconds = left, until = until)
}

//! `qris demo`: one payment from end to end, without an account.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use qris_api::{
    ApiKey, CheckBudget, Client, Invoice, MerchantId, Payment, Rupiah, Schedule, Tip,
    TransactionNumber, WibTime,
};
use qris_codec::{Amount, Payload, Rules, Tag, Verdict};
use qris_image::Drawing;
use qris_ledger::{Channel, Ledger, Request, Settlement};
use qris_sandbox::Sandbox;
use tokio::time::{Instant, sleep};

use crate::money::rupiah;
use crate::output::{complain, print, visible};

/// Plays one payment from end to end: no account, no network
///
/// Starts the sandbox on a loopback port, asks it for an invoice over real HTTP, cross-checks and
/// draws the QR, has the sandbox's payer pay, asks until it is paid, and books it. Exit code 0
/// only if every step held.
#[derive(Args)]
#[command(after_help = "Example:\n  qris demo\n  qris demo --books shop.db")]
pub(crate) struct Demo {
    /// Where to keep the books; a new file in the system's temporary directory unless given
    #[arg(long, value_name = "FILE")]
    books: Option<PathBuf>,
}

/// What the invoice is about: the class text's own example.
const AMOUNT: u64 = 25_578;

/// When the sandbox's payer pays, after the QR is shown.
const PAYER_TAKES: Duration = Duration::from_secs(5);

/// How often the demo asks. The live API allows nothing like it: there, a key that asks more
/// often than once a minute is blocked.
const ASK_EVERY: Duration = Duration::from_secs(2);

/// When the demo gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A step of the demo that did not hold, and why.
struct Failure {
    step: &'static str,
    why: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step \"{}\" failed: {}", self.step, self.why)
    }
}

/// Names the step that an error belongs to.
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
                complain(&failure.to_string());
                Ok(ExitCode::FAILURE)
            }
        }
    }

    async fn play(self) -> Result<(), Failure> {
        let started = Instant::now();
        let say = |number: u8, text: String| print(&format!("{number}. {text}\n")).step("print");

        let sandbox = Sandbox::start().await.step("start the sandbox")?;
        say(1, format!("the sandbox stands in for the Open API at {}", sandbox.base_url()))?;

        let key = ApiKey::parse("sandbox-key").step("make a client")?;
        let merchant = MerchantId::parse("123456").step("make a client")?;
        let client = Client::builder(key, merchant)
            .base_url(sandbox.base_url())
            // The demo's own provider takes more checks than the real one.
            .budget(CheckBudget::in_memory(60))
            .schedule(Schedule { try_gap: ASK_EVERY, check_gap: ASK_EVERY, ..Schedule::default() })
            .build()
            .step("make a client")?;

        let path = self.books.unwrap_or_else(temporary_books);
        let mut ledger = Ledger::open(&path).step("open the books")?;
        let number = demo_number().step("number the sale")?;
        let amount = Rupiah::new(AMOUNT);
        let intent = ledger.request(&number, amount, Channel::Pos, WibTime::now());
        if intent.step("book the intent")? != Request::New {
            return failure("book the intent", "the number is in the books already");
        }
        say(2, format!("booked the intent {number} before asking, in {}", path.display()))?;

        let invoice =
            client.create_invoice(&number, amount, Tip::None).await.step("ask for an invoice")?;
        say(3, format!("asked over HTTP for an invoice of {}", rupiah(amount.get())))?;

        cross_check(&invoice)?;
        ledger
            .record_created(&invoice, &client.schedule(), WibTime::now())
            .step("book the invoice")?;
        say(4, "the QR says what was asked: checksum, 54, 53, 51.02 and 62.05".to_owned())?;

        let picture = Drawing::parse(&invoice.qris_content).step("draw the QR")?;
        let picture = picture.terminal().step("draw the QR")?;
        print(&format!("\n{picture}{}\n\n", time_left(&invoice, client.schedule())))
            .step("draw the QR")?;

        let payer = async {
            sleep(PAYER_TAKES).await;
            sandbox.pay(invoice.qris_invoiceid.get()).step("let the payer pay")
        };
        let (paid, payment) = tokio::join!(payer, wait(&client, &invoice));
        paid?;
        let payment = payment?;
        say(5, "the sandbox's payer has paid, and the check says so".to_owned())?;

        let now = WibTime::now();
        let settled = ledger.settle(invoice.qris_invoiceid, &payment, now).step("settle")?;
        if settled != Settlement::Now {
            return failure("settle", "the payment was booked before");
        }
        let again = ledger.settle(invoice.qris_invoiceid, &payment, now).step("settle once")?;
        if again != Settlement::Earlier {
            return failure("settle once", "the same payment was booked twice");
        }
        say(6, "booked the payment, once".to_owned())?;

        print(&report(&ledger, &number)?).step("report")?;
        sandbox.stop().await;
        print(&format!("\nEvery step held, in {:.1} s.\n", started.elapsed().as_secs_f32()))
            .step("print")
    }
}

fn failure<T>(step: &'static str, why: &str) -> Result<T, Failure> {
    Err(Failure { step, why: why.to_owned() })
}

/// A file of its own for each run, which stays for whoever wants to look into it.
fn temporary_books() -> PathBuf {
    let name = format!("qris-demo-{}.db", std::process::id());
    std::env::temp_dir().join(name)
}

/// A number that no earlier demo used in the same books.
fn demo_number() -> Result<TransactionNumber, qris_api::Invalid> {
    let now = WibTime::now().timestamp().as_millisecond();
    TransactionNumber::parse(format!("DEMO-{now}"))
}

/// Decodes the reply and holds it against what was asked.
///
/// The client has done so already; here it is done again in the open, by the codec alone.
fn cross_check(invoice: &Invoice) -> Result<(), Failure> {
    const STEP: &str = "cross-check the QR";
    let payload = Payload::parse(&invoice.qris_content).step(STEP)?;
    let id = invoice.qris_invoiceid.to_string();
    let at = |path: &str| path.parse().ok().and_then(|path| payload.get(path));
    let asked = Amount::rupiah(invoice.amount.get());
    for (held, what) in [
        (payload.amount() == Some(Ok(asked)), "object 54 is not the amount asked for"),
        (payload.currency() == Some("360"), "object 53 is not the rupiah"),
        (payload.nmid() == Some(&invoice.qris_nmid), "object 51.02 is not the merchant's NMID"),
        (at("62.05") == Some(&id), "object 62.05 is not the invoice ID"),
        (payload.get(Tag::INITIATION.into()) == Some("12"), "object 01 is not 12, dynamic"),
        (payload.verdict(Rules::Qris) == Verdict::Valid, "the payload is not valid"),
    ] {
        if !held {
            return failure(STEP, what);
        }
    }
    Ok(())
}

/// Asks until the invoice is paid.
async fn wait(client: &Client, invoice: &Invoice) -> Result<Payment, Failure> {
    const STEP: &str = "wait for the payment";
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        sleep(ASK_EVERY).await;
        let payment = client.check_invoice(invoice).await.step(STEP)?;
        let waited = started.elapsed().as_secs();
        let word = if payment.is_paid() { "paid" } else { "unpaid" };
        print(&format!("   asked after {waited:>2} s: {word}\n")).step(STEP)?;
        if payment.is_paid() {
            return Ok(payment);
        }
    }
    failure(STEP, "it was still unpaid when the demo's patience ended")
}

fn time_left(invoice: &Invoice, schedule: Schedule) -> String {
    let expiry = invoice.shown_until(schedule.shown);
    let left = expiry.timestamp().duration_since(WibTime::now().timestamp()).as_secs().max(0);
    format!("sisa waktu {}:{:02} (sampai {expiry})", left / 60, left % 60)
}

/// What the books say now.
fn report(ledger: &Ledger, number: &TransactionNumber) -> Result<String, Failure> {
    const STEP: &str = "report";
    let mut out = String::new();
    let Some(record) = ledger.find(number).step(STEP)? else {
        return failure(STEP, "the sale is not in the books");
    };
    let (Some(invoice), Payment::Paid(details)) = (&record.invoice, &record.payment) else {
        return failure(STEP, "the books do not show the payment");
    };
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(out, "   {name:<20}{}", visible(value));
    };
    line("number", record.number.as_str());
    line("state", record.state.as_str());
    line("amount", &rupiah(record.amount.get()));
    line("qris_invoiceid", &invoice.qris_invoiceid.to_string());
    line("qris_nmid", &invoice.qris_nmid);
    line("qris_request_date", &invoice.qris_request_date.to_string());
    line("qris_content", &format!("{} characters", invoice.qris_content.chars().count()));
    line("paid_at", &details.paid_at.map_or_else(String::new, |at| at.to_string()));
    line("method", details.method.as_deref().unwrap_or("not said"));
    line("customer_name", details.customer_name.as_deref().unwrap_or("not said"));
    let today = WibTime::now().date();
    for total in ledger.report(today, today).step(STEP)? {
        let _ = writeln!(
            out,
            "   {} {}: invoices {}, paid {}, {}",
            total.day,
            total.channel,
            total.invoices,
            total.payments,
            rupiah(total.paid.get())
        );
    }
    Ok(out)
}

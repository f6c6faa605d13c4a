//! `qris invoice`: create, check, wait, list and show, booked in the ledger.

use std::error::Error as StdError;
use std::io::{self, IsTerminal as _};
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use qris_api::blocking::Client;
use qris_api::{Check, Error, Invoice, Payment, Rupiah, Tip, TransactionNumber, Wait, WibTime};
use qris_image::Drawing;
use qris_ledger::{Channel, Ledger, Record, Request, Settlement, State};

use crate::money::rupiah;
use crate::output::{print, visible};
use crate::settings::{Settings, Wrong};

/// Asks for invoices, watches them and books them
///
/// Exit code 0: done, or paid. 1: refused, not paid at the end, or the QR in the reply was not
/// what was asked for. 2: wrong usage or settings. 3: the outcome of the request is not known.
#[derive(Args)]
#[command(after_help = "Example, against a sandbox that `qris sandbox` runs elsewhere:\n  \
    export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456\n  \
    export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/\n  \
    qris invoice create INV-1 25578\n  qris invoice wait INV-1")]
pub(crate) struct InvoiceCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Asks for an invoice and shows its QR; the same number and amount again show the same one
    #[command(after_help = "Example:\n  qris invoice create INV-1 25578 --channel pos")]
    Create {
        /// Your own number of the transaction: 1 to 40 of A-Z a-z 0-9 -
        number: TransactionNumber,
        /// The amount in whole rupiah
        amount: u64,
        /// Have the payer's wallet ask for a tip
        #[arg(long)]
        tip: bool,
        /// Where the sale is made
        #[arg(long, value_enum, default_value_t = ChannelWord::Pos)]
        channel: ChannelWord,
        #[command(flatten)]
        common: Common,
    },
    /// Asks once whether an invoice is paid
    #[command(after_help = "Example:\n  qris invoice check INV-1")]
    Check {
        /// The number of the transaction
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    /// Waits until an invoice is paid, or its time is over
    #[command(after_help = "Example:\n  qris invoice wait INV-1 && echo paid")]
    Wait {
        /// The number of the transaction
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    /// Lists the newest invoices
    #[command(after_help = "Example:\n  qris invoice list --limit 50 --json")]
    List {
        /// How many
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: u32,
        #[command(flatten)]
        common: Common,
    },
    /// Shows an invoice and, while it can be paid, its QR
    #[command(after_help = "Example:\n  qris invoice show INV-1 --json")]
    Show {
        /// The number of the transaction
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(Args)]
struct Common {
    /// Print the row as JSON instead of text and QR
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Clone, Copy, ValueEnum)]
enum ChannelWord {
    /// A cashier's till
    Pos,
    /// A web shop's checkout
    Ecommerce,
    /// A recurring bill
    Bill,
}

impl From<ChannelWord> for Channel {
    fn from(word: ChannelWord) -> Self {
        match word {
            ChannelWord::Pos => Self::Pos,
            ChannelWord::Ecommerce => Self::Ecommerce,
            ChannelWord::Bill => Self::Bill,
        }
    }
}

/// Exit codes of the face.
const REFUSED: u8 = 1;
const UNKNOWN: u8 = 3;

/// An end that is not the one wished for: what to say and the exit code.
struct End {
    code: u8,
    why: String,
}

impl End {
    fn refused(why: impl Into<String>) -> Self {
        Self { code: REFUSED, why: why.into() }
    }
}

impl<E: StdError> From<E> for End {
    fn from(error: E) -> Self {
        Self::refused(error.to_string())
    }
}

impl From<Wrong> for End {
    fn from(wrong: Wrong) -> Self {
        Self { code: crate::USAGE, why: wrong.to_string() }
    }
}

impl InvoiceCommand {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let done = match self.action {
            Action::Create { number, amount, tip, channel, common } => {
                let tip = if tip { Tip::Ask } else { Tip::None };
                create(&common, &number, Rupiah::new(amount), tip, channel.into())
            }
            Action::Check { number, common } => check(&common, &number),
            Action::Wait { number, common } => wait(&common, &number),
            Action::List { limit, common } => list(&common, limit),
            Action::Show { number, common } => show(&common, &number),
        };
        match done {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(end) => {
                anstream::eprintln!("error: {}", end.why);
                Ok(ExitCode::from(end.code))
            }
        }
    }
}

fn create(
    common: &Common,
    number: &TransactionNumber,
    amount: Rupiah,
    tip: Tip,
    channel: Channel,
) -> Result<(), End> {
    let client = common.settings.client()?;
    let mut ledger = common.settings.ledger()?;
    let validity = common.settings.validity()?;
    if let Request::Known(record) = ledger.request(number, amount, channel, WibTime::now())? {
        return known(common, &record);
    }
    match client.create_invoice(number, amount, tip) {
        Ok(invoice) => {
            // Should the books fail now, the payer must not see a QR that nobody watches.
            ledger.created(&invoice, validity, WibTime::now())?;
            let record = booked(&ledger, number)?;
            output(common, &record, Picture::Drawn)
        }
        Err(error) => Err(not_created(&mut ledger, number, &error)),
    }
}

/// Books why there is no invoice to show.
fn not_created(ledger: &mut Ledger, number: &TransactionNumber, error: &Error) -> End {
    let now = WibTime::now();
    let (code, booked) = match error {
        Error::OutcomeUnknown { .. } => (UNKNOWN, ledger.unknown(number, now)),
        // The provider may have made an invoice, but not the one that was asked for.
        Error::ContentMismatch { .. } => (REFUSED, ledger.unknown(number, now)),
        _ => (REFUSED, ledger.rejected(number, now)),
    };
    let why = match booked {
        Ok(()) => error.to_string(),
        Err(books) => format!("{error}; and the books could not be kept: {books}"),
    };
    End { code, why }
}

/// A number that is in the books already, with the same amount.
fn known(common: &Common, record: &Record) -> Result<(), End> {
    match record.state {
        State::Pending => output(common, record, Picture::Drawn),
        State::Paid => output(common, record, Picture::Left),
        State::Requested | State::Unknown => Err(End {
            code: UNKNOWN,
            why: "this number was asked for before and it is not known whether the provider made \
                  an invoice; look with the provider, then use a new number"
                .to_owned(),
        }),
        State::Expired | State::Cancelled | State::Rejected => {
            Err(End::refused(format!("this number is {}; use a new one", record.state)))
        }
    }
}

fn booked(ledger: &Ledger, number: &TransactionNumber) -> Result<Record, End> {
    ledger.find(number)?.ok_or_else(|| End::refused("this number is not in the books"))
}

/// The invoice of a number, which has one only when the provider made it.
fn invoice_of(record: &Record) -> Result<&Invoice, End> {
    record.invoice.as_ref().ok_or_else(|| End {
        code: if matches!(record.state, State::Requested | State::Unknown) {
            UNKNOWN
        } else {
            REFUSED
        },
        why: format!("this number is {}: there is no invoice to ask about", record.state),
    })
}

fn check(common: &Common, number: &TransactionNumber) -> Result<(), End> {
    let mut ledger = common.settings.ledger()?;
    let record = booked(&ledger, number)?;
    if record.state != State::Paid {
        let client = common.settings.client()?;
        let invoice = invoice_of(&record)?;
        let payment = client.check_invoice(invoice)?;
        settle(&mut ledger, invoice, &payment)?;
    }
    finish(common, &ledger, number)
}

fn wait(common: &Common, number: &TransactionNumber) -> Result<(), End> {
    let mut ledger = common.settings.ledger()?;
    let record = booked(&ledger, number)?;
    if record.state != State::Paid {
        let client = common.settings.client()?;
        let invoice = invoice_of(&record)?;
        let payment = watch(&client, invoice, record.expires_at)?;
        settle(&mut ledger, invoice, &payment)?;
    }
    finish(common, &ledger, number)
}

/// Waits, with a line of progress where somebody sees it.
fn watch(
    client: &Client,
    invoice: &Invoice,
    expires_at: Option<WibTime>,
) -> Result<Payment, Error> {
    if !io::stderr().is_terminal() {
        return client.wait_for_payment(invoice, Wait::new());
    }
    std::thread::scope(|scope| {
        let (told, checks) = channel::<Check>();
        scope.spawn(move || {
            let mut last = String::from("not asked yet");
            loop {
                eprint!("\r\x1b[K{} · {last}", time_left(expires_at));
                match checks.recv_timeout(Duration::from_secs(1)) {
                    Ok(check) => last = describe(&check),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            eprint!("\r\x1b[K");
        });
        let wait = Wait::new().on_check(move |check| {
            // The line of progress is all that listens; without it the waiting goes on.
            let _ = told.send(check.clone());
            ControlFlow::Continue(())
        });
        client.wait_for_payment(invoice, wait)
    })
}

fn describe(check: &Check) -> String {
    let outcome = match &check.outcome {
        Ok(payment) if payment.is_paid() => "paid".to_owned(),
        Ok(_) => "not paid yet".to_owned(),
        Err(error) => error.to_string(),
    };
    format!("check {}: {outcome}", check.number)
}

fn time_left(expires_at: Option<WibTime>) -> String {
    let now = WibTime::now().timestamp();
    let left = expires_at.map_or(0, |at| at.timestamp().duration_since(now).as_secs());
    if left > 0 {
        format!("{}:{:02} left", left / 60, left % 60)
    } else {
        "expired, a late payment may still come".to_owned()
    }
}

fn settle(ledger: &mut Ledger, invoice: &Invoice, payment: &Payment) -> Result<Settlement, End> {
    Ok(ledger.settle(invoice.qris_invoiceid, payment, WibTime::now())?)
}

/// Shows the row; an end with 1 unless it is paid.
fn finish(common: &Common, ledger: &Ledger, number: &TransactionNumber) -> Result<(), End> {
    let record = booked(ledger, number)?;
    output(common, &record, Picture::Left)?;
    match record.state {
        State::Paid => Ok(()),
        _ => Err(End::refused("the invoice is not paid")),
    }
}

fn list(common: &Common, limit: u32) -> Result<(), End> {
    let records = common.settings.ledger()?.list(limit)?;
    if common.json {
        return Ok(print(&format!("{}\n", serde_json::to_string_pretty(&records)?))?);
    }
    let mut out = String::new();
    for record in &records {
        out.push_str(&format!(
            "{:<25} {:<20} {:>15} {:<9} {}\n",
            record.requested_at.to_string(),
            record.number.as_str(),
            rupiah(record.amount.get()),
            record.channel,
            record.state
        ));
    }
    Ok(print(&out)?)
}

fn show(common: &Common, number: &TransactionNumber) -> Result<(), End> {
    let record = booked(&common.settings.ledger()?, number)?;
    let picture = match record.state {
        State::Pending => Picture::Drawn,
        _ => Picture::Left,
    };
    output(common, &record, picture)
}

#[derive(Clone, Copy, PartialEq)]
enum Picture {
    Drawn,
    Left,
}

fn output(common: &Common, record: &Record, picture: Picture) -> Result<(), End> {
    if common.json {
        return Ok(print(&format!("{}\n", serde_json::to_string_pretty(record)?))?);
    }
    let mut out = String::new();
    let mut line = |name: &str, value: &str| {
        out.push_str(&format!("{name:<20}{}\n", visible(value)));
    };
    line("number", record.number.as_str());
    line("amount", &rupiah(record.amount.get()));
    line("channel", record.channel.as_str());
    line("state", record.state.as_str());
    if let Some(invoice) = &record.invoice {
        line("qris_invoiceid", &invoice.qris_invoiceid.to_string());
        line("qris_nmid", &invoice.qris_nmid);
        line("qris_request_date", &invoice.qris_request_date.to_string());
    }
    if let Some(at) = record.expires_at {
        line("expires_at", &at.to_string());
    }
    if let Payment::Paid { customer_name, method, paid_at } = &record.payment {
        line("paid_at", &paid_at.map_or_else(String::new, |at| at.to_string()));
        line("method", method.as_deref().unwrap_or("not said"));
        line("customer_name", customer_name.as_deref().unwrap_or("not said"));
    }
    if let (Picture::Drawn, Some(invoice)) = (picture, &record.invoice) {
        let drawing = Drawing::parse(&invoice.qris_content)?;
        out.insert_str(0, &format!("{}\n", drawing.terminal()?));
    }
    Ok(print(&out)?)
}

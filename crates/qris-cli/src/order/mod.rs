//! `qris order`: create, check, wait, cancel, resolve, list and show, recorded in the ledger.

mod cancel;
mod check;
mod create;
mod output;
mod resolve;
mod retry;

use std::error::Error as StdError;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use qris_api::blocking::Client;
use qris_api::{Invoice, Rupiah, Tip, TransactionNumber, WibTime};
use qris_ledger::{Channel, Ledger, Record, State};

use self::output::Qr;
use crate::money::whole_rupiah;
use crate::output::complain;
use crate::settings::{Settings, SettingsError};

/// Charges orders: asks for their codes, checks whether they are paid, and records it
///
/// Exit code 0: done, or paid. 1: refused, not paid at the end, or the QR in the reply was not
/// what was asked for. 2: wrong usage or settings. 3: not known whether the provider made an
/// invoice, or whether it is paid: the last check had no answer.
#[derive(Args)]
#[command(after_help = "Example, against a sandbox that `qris sandbox` runs elsewhere:\n  \
    export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456\n  \
    export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/\n  \
    qris order create INV-1 25578\n  qris order wait INV-1")]
pub(crate) struct OrderCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Charges an order and shows its QR; the same number and amount again show the same order
    #[command(after_help = "Example:\n  qris order create INV-1 25578 --channel pos")]
    Create {
        /// Your own number of the order, such as INV/2026/00001: 1 to 64 printable ASCII
        /// characters, no space at either end; write -- before one that begins with -
        number: TransactionNumber,
        /// The amount in whole rupiah, digits alone
        #[arg(value_parser = whole_rupiah)]
        amount: u64,
        /// Have the payer's wallet ask for a tip
        #[arg(long)]
        tip: bool,
        /// Where the sale is made
        #[arg(long, value_enum, default_value_t = ChannelWord::Pos)]
        channel: ChannelWord,
        /// Your own name for this charge: a number that was paid, expired or cancelled on an
        /// earlier day is refused unless it has the same key
        #[arg(long, value_name = "TEXT")]
        idempotency_key: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Asks once whether an order is paid, as soon as the provider's rules allow: the first
    /// three times no closer than 15 seconds, then by the schedule
    #[command(after_help = "Example:\n  qris order check INV-1")]
    Check {
        /// The number of the order
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    /// Waits until an order is paid, or its time is over
    #[command(after_help = "Example:\n  qris order wait INV-1 && echo paid")]
    Wait {
        /// The number of the order
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    /// Cancels an order that is not paid; its code cannot be withdrawn, so a payment that comes
    /// all the same is booked
    ///
    /// The provider is asked first, if it may be asked within two seconds. Exit code 1 when the
    /// order turns out to be paid, or is not pending.
    #[command(after_help = "Example:\n  qris order cancel INV-1")]
    Cancel {
        /// The number of the order
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    /// Ends an unknown outcome, by what a person found out
    ///
    /// Exit code 3 while the outcome stays unknown: the named invoice is not paid, or the provider
    /// did not answer.
    #[command(after_help = "Examples:\n  qris order resolve INV-1 --invoiceid 413255111\n  \
        qris order resolve INV-1 --not-made --reason 'not in the portal'")]
    Resolve {
        /// The number of the order
        number: TransactionNumber,
        #[command(flatten)]
        finding: resolve::Finding,
        #[command(flatten)]
        common: Common,
    },
    /// Lists the newest orders
    #[command(after_help = "Example:\n  qris order list --limit 50 --json")]
    List {
        /// How many
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: u32,
        #[command(flatten)]
        common: Common,
    },
    /// Shows what is recorded of an order and, while its code may be shown, the QR; asks nothing
    #[command(after_help = "Example:\n  qris order show INV-1 --json")]
    Show {
        /// The number of the order
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

/// How often the ledger is looked at while something is waited for.
const PAUSE: Duration = Duration::from_millis(250);

/// Exit codes.
const REFUSED: u8 = 1;
const UNKNOWN: u8 = 3;

/// Why a command did not succeed: its message and exit code.
#[derive(Debug)]
struct CommandError {
    code: u8,
    message: String,
}

impl CommandError {
    fn refused(message: impl Into<String>) -> Self {
        Self { code: REFUSED, message: message.into() }
    }

    fn unknown(message: impl Into<String>) -> Self {
        Self { code: UNKNOWN, message: message.into() }
    }

    /// A failed check says nothing about the payment.
    fn unanswered(self) -> Self {
        Self::unknown(format!("not known whether it is paid: {}", self.message))
    }
}

impl<E: StdError> From<E> for CommandError {
    fn from(error: E) -> Self {
        Self::refused(error.to_string())
    }
}

impl From<SettingsError> for CommandError {
    fn from(error: SettingsError) -> Self {
        Self { code: crate::USAGE, message: error.to_string() }
    }
}

impl OrderCommand {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let done = match self.action {
            Action::Create { number, amount, tip, channel, idempotency_key, common } => {
                let tip = if tip { Tip::Ask } else { Tip::None };
                let (amount, channel) = (Rupiah::new(amount), channel.into());
                let reference = idempotency_key.as_deref();
                create::run(&common, &create::Sale { number, amount, tip, channel, reference })
            }
            Action::Check { number, common } => check::run(&common, &number),
            Action::Wait { number, common } => check::wait(&common, &number),
            Action::Cancel { number, common } => cancel::run(&common, &number),
            Action::Resolve { number, finding, common } => resolve::run(&common, &number, &finding),
            Action::List { limit, common } => list(&common, limit),
            Action::Show { number, common } => show(&common, &number),
        };
        match done {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error) => {
                complain(&error.message);
                Ok(ExitCode::from(error.code))
            }
        }
    }
}

fn list(common: &Common, limit: u32) -> Result<(), CommandError> {
    let records = open_ledger(common)?.list(limit)?;
    Ok(output::print_list(common, &records)?)
}

fn show(common: &Common, number: &TransactionNumber) -> Result<(), CommandError> {
    let record = find(&open_ledger(common)?, number)?;
    output::print_record(common, &record, Qr::WhileShown)
}

/// The ledger that exists: an order cannot be in a new one.
fn open_ledger(common: &Common) -> Result<Ledger, CommandError> {
    let mut ledger = abandon_stale(common, common.settings.existing_ledger()?)?;
    ledger.expire(WibTime::now())?;
    Ok(ledger)
}

/// Refuses a ledger of another account before the provider is asked about its invoices.
fn bind_account(common: &Common, ledger: &mut Ledger, client: &Client) -> Result<(), CommandError> {
    let nmid = common.settings.nmid()?;
    ledger.bind_account(client.fingerprint(), nmid.as_deref()).map_err(|error| match error {
        error @ qris_ledger::Error::OtherAccount { .. } => SettingsError(error.to_string()).into(),
        error => error.into(),
    })
}

/// Books requests whose process must have ended without an answer as unknown.
fn abandon_stale(common: &Common, mut ledger: Ledger) -> Result<Ledger, CommandError> {
    let now = WibTime::now();
    if let Ok(before) = now.timestamp().checked_sub(common.settings.abandon_after()?) {
        ledger.abandon(before.into(), now)?;
    }
    Ok(ledger)
}

fn find(ledger: &Ledger, number: &TransactionNumber) -> Result<Record, CommandError> {
    ledger.find(number)?.ok_or_else(|| CommandError::refused("this number is not in the books"))
}

/// The invoice of a number, which has one only when the provider made it.
fn invoice_of(record: &Record) -> Result<&Invoice, CommandError> {
    record.invoice.as_ref().ok_or_else(|| match record.state {
        State::Requested => CommandError::unknown(
            "it is being asked for, or was cut off: not known yet whether there is an invoice; \
             look again in three minutes",
        ),
        State::Unknown => CommandError::unknown(
            "it is not known whether the provider made an invoice: ask InterActive before \
             charging again, then say what you found with `qris order resolve`",
        ),
        state => CommandError::refused(format!(
            "this number is {state}: there is no invoice to ask about"
        )),
    })
}

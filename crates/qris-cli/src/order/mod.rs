//! `qris order`: the use case of orders for a shell, one command at a time.

mod cancel;
mod check;
mod create;
mod error;
mod import;
mod list;
mod output;
mod provider;
mod resolve;
mod session;

use std::io;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use qris_api::{Rupiah, Tip, TransactionNumber};
use qris_orders::{Channel, NewOrder, Order, State};

use self::error::CommandError;
use crate::money::whole_rupiah;
use crate::output::complain;
use crate::settings::Settings;

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
    #[command(after_help = "Examples:\n  qris order create INV-1 25578 --channel pos\n  \
        qris order create BILL-7 150000 --no-code --description 'November'")]
    Create {
        #[command(flatten)]
        new: Box<New>,
        #[command(flatten)]
        common: Common,
    },
    /// Asks for another code of an order, once the last one is no longer shown
    ///
    /// Every older code is checked first, as soon as the provider's rules allow: if one of them
    /// turns out to be paid, the order is paid and there is no new code (exit code 0). Without an
    /// answer about each of them there is none either (3).
    #[command(after_help = "Example:\n  qris order renew INV-1")]
    Renew {
        /// The number of the order
        number: TransactionNumber,
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
    /// Lists orders, the newest first, and on standard error what needs a person
    #[command(after_help = "Examples:\n  qris order list --limit 50 --json\n  \
        qris order list --state expired --from 2026-11-01 --search coffee\n  \
        qris order list --unacknowledged")]
    List {
        #[command(flatten)]
        filter: Box<list::Filter>,
        #[command(flatten)]
        common: Common,
    },
    /// Shows an order with all of its codes and what happened to it and, while its code may be
    /// shown, the QR; the provider is asked for its time alone
    #[command(after_help = "Example:\n  qris order show INV-1 --json")]
    Show {
        /// The number of the order
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    /// Records that what a payment asks for is done: the goods are handed over or shipped
    ///
    /// `list --unacknowledged` lists the paid orders of which nobody has said so.
    #[command(after_help = "Example:\n  qris order acknowledge INV-1")]
    Acknowledge {
        /// The number of the order
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    /// Records orders without a code, one from each line of a CSV file
    ///
    /// The first line names the columns: number and amount, and any of description, due (a day, or a
    /// time such as 2026-11-30 17:00:00), customer, channel (bill unless it is said) and reference. The
    /// file comes back with the column pay_url: for each order the link of a page where it can be paid.
    /// It is empty until --public-url, or public_url in the settings, says where payers reach the till.
    /// The same file again changes nothing. A file with a fault is refused whole, with the lines and
    /// columns; so is an amount that the provider makes no code of, below 100 or above 10000000 rupiah.
    #[command(after_help = "Example:\n  \
        qris order import bills.csv --public-url https://bayar.toko.example --out links.csv")]
    Import {
        #[command(flatten)]
        import: Box<import::ImportFile>,
        #[command(flatten)]
        common: Common,
    },
}

/// What is charged.
#[derive(Args)]
struct New {
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
    /// What it is for, in words
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Your own name for this charge: a number that was paid, expired or cancelled on an earlier
    /// day is refused unless it has the same reference
    #[arg(long, value_name = "TEXT", visible_alias = "idempotency-key")]
    reference: Option<String>,
    /// Record the order alone, without asking for a code: charging it later with the same number
    /// and amount asks for one
    #[arg(long)]
    no_code: bool,
}

impl New {
    fn order(self) -> NewOrder {
        let mut order = NewOrder::new(self.number, Rupiah::new(self.amount));
        order.tip = if self.tip { Tip::Ask } else { Tip::None };
        order.channel = self.channel.into();
        order.description = self.description;
        order.reference = self.reference;
        order
    }
}

#[derive(Args)]
struct Common {
    /// Print the order as JSON instead of text and QR. Its pay_url is null until --public-url, or
    /// public_url in the settings, says where payers reach the till
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

impl OrderCommand {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let done = match self.action {
            Action::Create { new, common } => match new.no_code {
                true => create::without_code(&common, &new.order()),
                false => create::run(&common, &new.order()),
            },
            Action::Renew { number, common } => create::renew(&common, &number),
            Action::Check { number, common } => check::run(&common, &number),
            Action::Wait { number, common } => check::wait(&common, &number),
            Action::Cancel { number, common } => cancel::run(&common, &number),
            Action::Resolve { number, finding, common } => resolve::run(&common, &number, &finding),
            Action::List { filter, common } => list::run(&common, *filter),
            Action::Show { number, common } => list::show(&common, &number),
            Action::Acknowledge { number, common } => list::acknowledge(&common, &number),
            Action::Import { import, common } => import.run(&common),
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

/// An order has a code to be asked about only when the provider made one; one that is paid needs
/// none.
fn ensure_invoice(order: &Order) -> Result<(), CommandError> {
    match order.state {
        State::Paid => Ok(()),
        State::Requested => Err(CommandError::unknown(
            "it is being asked for, or was cut off: not known yet whether there is an invoice; \
             look again in three minutes",
        )),
        State::Unknown => Err(CommandError::unknown(
            "it is not known whether the provider made an invoice: ask InterActive before \
             charging again, then say what you found with `qris order resolve`",
        )),
        _ if order.invoice.is_some() => Ok(()),
        state => Err(CommandError::refused(format!(
            "this number is {state}: there is no invoice to ask about"
        ))),
    }
}

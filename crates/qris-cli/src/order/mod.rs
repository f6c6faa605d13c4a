//! `qris order`: orders from a shell, one command at a time.

mod cancel;
mod check;
mod common;
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

use clap::{Args, Subcommand};
use qris_api::{Rupiah, Tip, TransactionNumber};
use qris_orders::NewOrder;

use self::common::{ChannelWord, Common};
use crate::money::whole_rupiah;
use crate::output::print_error;

#[derive(Args)]
pub(crate) struct OrderCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    Create {
        #[command(flatten)]
        new: Box<New>,
        #[command(flatten)]
        common: Common,
    },
    Renew {
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    Check {
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    Wait {
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    Cancel {
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    Resolve {
        number: TransactionNumber,
        #[command(flatten)]
        finding: resolve::Finding,
        #[command(flatten)]
        common: Common,
    },
    List {
        #[command(flatten)]
        filter: Box<list::Filter>,
        #[command(flatten)]
        common: Common,
    },
    Show {
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    Acknowledge {
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    Import {
        #[command(flatten)]
        import: Box<import::ImportFile>,
        #[command(flatten)]
        common: Common,
    },
}

/// The order to charge.
#[derive(Args)]
struct New {
    number: TransactionNumber,
    #[arg(value_parser = whole_rupiah)]
    amount: u64,
    #[arg(long)]
    tip: bool,
    #[arg(long, value_enum, default_value_t = ChannelWord::Pos)]
    channel: ChannelWord,
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    #[arg(long, value_name = "TEXT", visible_alias = "idempotency-key")]
    reference: Option<String>,
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
                print_error(&error.message);
                Ok(ExitCode::from(error.code))
            }
        }
    }
}

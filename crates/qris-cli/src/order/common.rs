//! What the commands of `qris order` share.

use clap::Args;
use qris_orders::{Channel, Order, State};

use super::error::CommandError;
use crate::help::value_enum;
use crate::messages::message;
use crate::settings::Settings;

#[derive(Args)]
pub(super) struct Common {
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) settings: Settings,
}

#[derive(Clone, Copy)]
pub(super) enum ChannelWord {
    Pos,
    Ecommerce,
    Bill,
}

value_enum!(ChannelWord, "values-channel", Pos = "pos", Ecommerce = "ecommerce", Bill = "bill");

impl From<ChannelWord> for Channel {
    fn from(word: ChannelWord) -> Self {
        match word {
            ChannelWord::Pos => Self::Pos,
            ChannelWord::Ecommerce => Self::Ecommerce,
            ChannelWord::Bill => Self::Bill,
        }
    }
}

/// Checks that the order has an invoice to check, or is paid.
pub(super) fn ensure_invoice(order: &Order) -> Result<(), CommandError> {
    match order.state {
        State::Paid => Ok(()),
        State::Requested => Err(CommandError::unknown(message!("order-being-asked"))),
        State::Unknown => Err(CommandError::unknown(message!("order-outcome-unknown"))),
        _ if order.invoice.is_some() => Ok(()),
        state => Err(CommandError::refused(message!("order-no-invoice", state = state))),
    }
}

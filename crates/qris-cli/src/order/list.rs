//! `qris order list`, `show` and `acknowledge`.

use clap::Args;
use jiff::civil::Date;
use qris_api::TransactionNumber;
use qris_ledger::OrderFilter;
use qris_orders::State;

use super::common::{ChannelWord, Common};
use super::error::CommandError;
use super::output::{self, Qr};
use super::session::{Needs, Session};
use crate::attention::Attention;
use crate::messages::message;

/// Which orders are listed.
#[derive(Args)]
pub(super) struct Filter {
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Option<State>,
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    #[arg(long, value_enum)]
    channel: Option<ChannelWord>,
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    #[arg(long, conflicts_with_all = ["state", "from", "to", "channel", "search"])]
    unacknowledged: bool,
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u32,
}

fn state(word: &str) -> Result<State, String> {
    word.parse().map_err(|_| {
        let all = State::ALL.map(State::as_str).join(", ");
        message!("order-expected-state", states = all)
    })
}

/// `qris order list`.
pub(super) fn run(common: &Common, filter: Filter) -> Result<(), CommandError> {
    let Filter { state, from, to, channel, search, unacknowledged, limit } = filter;
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(CommandError {
            code: crate::output::USAGE,
            message: message!("from-after-to"),
        });
    }
    let session = Session::open(common, Needs::Books)?;
    let now = session.now();
    let mut filter = OrderFilter::default();
    filter.state = state;
    filter.channel = channel.map(Into::into);
    filter.from = from;
    filter.to = to;
    filter.search = search;
    let (orders, attention) = session.read(move |ledger| {
        let orders = match unacknowledged {
            true => ledger.unacknowledged(limit)?,
            false => ledger.orders(&filter, limit)?,
        };
        Ok((orders, Attention::read(ledger, now)?))
    })?;
    output::print_list(common, &orders, now)?;
    attention.print(None);
    Ok(())
}

/// `qris order show`.
pub(super) fn show(common: &Common, number: &TransactionNumber) -> Result<(), CommandError> {
    let session = Session::open(common, Needs::Books)?;
    let order = session.find(number)?;
    let number = number.clone();
    let events = session.read(move |ledger| ledger.events(&number))?;
    output::print_story(common, &order, events, session.now())
}

/// `qris order acknowledge`.
pub(super) fn acknowledge(common: &Common, number: &TransactionNumber) -> Result<(), CommandError> {
    let session = Session::open(common, Needs::Books)?;
    session.run(session.service().acknowledge(session.context(), number))?;
    output::print_order(common, &session.find(number)?, session.now(), Qr::Never)
}

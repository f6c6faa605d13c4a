//! `qris order list`, `show` and `acknowledge`.

use clap::Args;
use jiff::civil::Date;
use qris_api::TransactionNumber;
use qris_ledger::OrderFilter;
use qris_orders::State;

use super::output::{self, Qr};
use super::session::{Needs, Session};
use super::{ChannelWord, CommandError, Common};
use crate::attention::Attention;

/// Which orders are listed.
#[derive(Args)]
pub(super) struct Filter {
    /// Those in this state: open, requested, pending, paid, expired, rejected, unknown or cancelled
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Option<State>,
    /// Those that were booked on this day in WIB or later, such as 2026-11-01
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Those that were booked on this day in WIB or earlier
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// Those of this channel
    #[arg(long, value_enum)]
    channel: Option<ChannelWord>,
    /// Those with this number, RRN or amount, or with this text in the number, description, reference, RRN
    /// or method: that in the newest 2,000 orders or, with --from, in all since then
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// The paid ones that nobody has acknowledged, the oldest first
    #[arg(long, conflicts_with_all = ["state", "from", "to", "channel", "search"])]
    unacknowledged: bool,
    /// How many
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u32,
}

fn state(word: &str) -> Result<State, String> {
    word.parse().map_err(|_| {
        let all = State::ALL.map(State::as_str).join(", ");
        format!("expected one of {all}")
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
            message: "expected --from to be no later than --to".to_owned(),
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
    attention.tell(None);
    Ok(())
}

/// `qris order show`.
pub(super) fn show(common: &Common, number: &TransactionNumber) -> Result<(), CommandError> {
    let session = Session::open(common, Needs::Books)?;
    let order = session.find(number)?;
    let number = number.clone();
    let events = session.read(move |ledger| ledger.events(&number))?;
    output::print_story(common, &order, &events, session.now())
}

/// `qris order acknowledge`.
pub(super) fn acknowledge(common: &Common, number: &TransactionNumber) -> Result<(), CommandError> {
    let session = Session::open(common, Needs::Books)?;
    session.run(session.service().acknowledge(session.context(), number))?;
    output::print_order(common, &session.find(number)?, session.now(), Qr::Never)
}

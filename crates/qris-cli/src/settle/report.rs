//! `qris settle report`: where the provider's lines and the booked payments agree, and where not.

use std::io;
use std::process::ExitCode;

use clap::Args;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use qris_api::WibTime;
use qris_ledger::{Ledger, Order, SettlementLine};
use qris_settlement::{Criteria, Holidays, Line, MdrTable, Payment, compare, day_totals};

use super::ledger;
use super::view::{ReportView, Row};
use crate::output::{print, print_json};
use crate::settings::Settings;

/// Holds what was imported against the payments that are booked
///
/// Lines and payments are matched by invoice id, then by RRN, then by amount and minute, and only where
/// there is no choice. Days are those of the payment, in WIB. Totals are by settlement day, of the lines
/// paid on those days; with --criteria they have the MDR, rounded to whole rupiah for each payment, half
/// a rupiah up. Fees of the transfer are not in them.
#[derive(Args)]
#[command(
    after_help = "Example:\n  qris settle report --from 2026-11-01 --to 2026-11-30 --criteria umi\n  \
                  qris settle report --holiday 2026-12-25 --csv > differences.csv"
)]
pub(super) struct Report {
    /// The first day of the payments, such as 2026-11-01; thirty days before the last unless given
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,

    /// The last day of the payments; today unless given
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,

    /// The merchant's criteria: umi, uke, ume, ube, ure, education, fuel or public-service
    #[arg(long)]
    criteria: Option<Criteria>,

    /// A national holiday, on which nothing is settled; repeat it, or separate days by commas
    #[arg(long = "holiday", value_name = "DATE", value_delimiter = ',')]
    holidays: Vec<Date>,

    /// After how many working days a payment should have been settled
    #[arg(long, value_name = "DAYS", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=60))]
    due_days: u32,

    /// Print CSV: one line for each payment
    #[arg(long, conflicts_with = "json")]
    csv: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    settings: Settings,
}

impl Report {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let today = WibTime::now().date();
        let to = self.to.unwrap_or(today);
        let from = self.from.unwrap_or_else(|| to.saturating_sub(30.days()));
        if from > to {
            return Err(io::Error::other("expected --from to be no later than --to"));
        }
        let view = self.view(&ledger(&self.settings)?, from, to, today)?;
        if self.csv {
            print(&view.csv())?;
        } else if self.json {
            print_json(&view)?;
        } else {
            print(&view.table())?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn view(&self, ledger: &Ledger, from: Date, to: Date, today: Date) -> io::Result<ReportView> {
        // The two clocks may have one payment on two days: a day more on both sides is matched.
        let (first, last) = (from.saturating_sub(1.day()), to.saturating_add(1.day()));
        let payments = ledger.payments(first, last).map_err(io::Error::other)?;
        let payments: Vec<_> = payments.iter().filter_map(payment).collect();
        let lines = ledger.settlement_lines(first, last).map_err(io::Error::other)?;
        let lines: Vec<_> = lines.iter().filter_map(line).collect();
        for row in ledger.take_set_aside() {
            crate::output::complain(&format!(
                "a row makes no sense in {} and is left out",
                row.column
            ));
        }
        let is_asked = |time: DateTime| (from..=to).contains(&time.date());
        let comparison = compare(&payments, &lines);
        let pairs = |pairs: &[qris_settlement::Pair<'_>]| {
            let asked = pairs.iter().filter(|pair| is_asked(pair.payment.paid_at));
            asked.map(Row::pair).collect::<Vec<_>>()
        };
        let holidays = Holidays::from_iter(self.holidays.iter().copied());
        let booked = comparison.only_booked.iter().filter(|it| is_asked(it.item.paid_at));
        let booked = booked.map(|it| {
            let due = holidays.working_day_after(it.item.paid_at.date(), self.due_days);
            Row::booked(it, due, due < today)
        });
        let settled = comparison.only_settled.iter().filter(|it| is_asked(it.item.paid_at));
        let table = MdrTable::default();
        let rates = self.criteria.map(|criteria| (&table, criteria));
        let totals = day_totals(lines.iter().filter(|line| is_asked(line.paid_at)), rates);
        Ok(ReportView {
            from: from.to_string(),
            to: to.to_string(),
            criteria: self.criteria.map(|criteria| criteria.to_string()),
            matched: pairs(&comparison.matched),
            other_amount: pairs(&comparison.other_amount),
            only_booked: booked.collect(),
            only_settled: settled.map(Row::settled).collect(),
            days: totals.into_iter().map(Into::into).collect(),
        })
    }
}

fn civil(time: WibTime) -> Option<DateTime> {
    time.to_api_text().parse().ok()
}

fn payment(order: &Order) -> Option<Payment> {
    let details = order.payment.details()?;
    let invoice = order.invoice.as_ref()?.qris_invoiceid.get();
    let paid_at = civil(details.paid_at?)?;
    let mut payment = Payment::new(order.number.as_str(), invoice, paid_at, order.amount.get());
    payment.rrn.clone_from(&details.rrn);
    Some(payment)
}

fn line(kept: &SettlementLine) -> Option<Line> {
    let mut line = Line::new(&kept.key, civil(kept.paid_at)?, kept.amount.get());
    line.tip = kept.tip.get();
    line.transaction.clone_from(&kept.transaction);
    line.invoice = kept.invoice.map(|id| id.get());
    line.rrn.clone_from(&kept.rrn);
    line.method.clone_from(&kept.method);
    line.settled_on = kept.settled_on;
    Some(line)
}

//! Makes entries from payments and settlement lines.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::ToSpan as _;
use jiff::civil::Date;
use qris_ledger::{Channel, Ledger, MerchantName, SettlementLine};

use super::entry::{Account, Entry, Journal};
use crate::compare::{Pair, Payment, compare};
use crate::terms::Terms;
use crate::totals::{CARRY_DAYS, DayTotal, day_totals};

/// How many days before the first day a payment can be that is settled in the period.
const MARGIN_DAYS: i64 = 120;

/// How sales are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum JournalGrouping {
    /// One entry for each day and channel.
    #[default]
    DayAndChannel,
    /// One entry for each payment.
    Payment,
}

/// Why a journal cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The terms have no criteria, so the MDR is unknown.
    #[error("expected the merchant's criteria, by which the MDR is computed, found none")]
    NoCriteria,
    /// The MDR table has no rate for a payment that was settled on or shortly before this day.
    #[error("expected a rate of the MDR for what was settled on {0}, found none")]
    NoRate(Date),
    /// The database cannot be read.
    #[error(transparent)]
    Ledger(#[from] qris_ledger::Error),
}

/// A payment and its channel.
pub(super) struct Sale {
    pub(super) payment: Payment,
    pub(super) channel: Channel,
}

/// The journal of a period, for the ledger's selected merchant, which has this name.
///
/// On the day of a payment, [`Account::Receivable`] is debited and [`Account::Sales`] credited. On the
/// settlement day the receivable is credited; [`Account::Bank`], [`Account::Mdr`] and
/// [`Account::TransferFee`] are debited with the totals of that day in the [`report`](crate::report()). Other
/// settled amounts are credited to [`Account::Tips`], [`Account::Differences`] and [`Account::Unbooked`]. So
/// the balance of the receivable is what is recorded and not settled.
///
/// The journals of two consecutive periods together are the journal of the whole period. No entry has a
/// payer's name. Import the settlement lines first: a line that is imported later changes the journal of its
/// settlement day.
///
/// ```
/// use qris_ledger::{Ledger, MerchantName};
/// use qris_settlement::{Account, Criteria, JournalGrouping, Terms, journal};
///
/// # let folder = tempfile::tempdir()?;
/// let ledger = Ledger::open(folder.path().join("qris.db"))?;
/// let mut terms = Terms::default();
/// terms.criteria = Some(Criteria::Umi);
/// let november = "2026-11-01".parse()?..="2026-11-30".parse()?;
/// let main = MerchantName::default();
/// let journal = journal(&ledger, &main, november, JournalGrouping::default(), &terms)?;
/// assert_eq!(journal.balance(Account::Receivable), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`JournalError`]. Unreadable rows are skipped: see [`Ledger::take_invalid_rows`].
pub fn journal(
    ledger: &Ledger,
    merchant: &MerchantName,
    days: RangeInclusive<Date>,
    grouping: JournalGrouping,
    terms: &Terms,
) -> Result<Journal, JournalError> {
    let first = days.start().saturating_sub(MARGIN_DAYS.days());
    // The two clocks may put one payment on two days.
    let last = days.end().saturating_add(1.day());
    let orders = ledger.payments(first, last)?;
    let sale = |order| Some(Sale { payment: Payment::from_order(order)?, channel: order.channel });
    let sales: Vec<_> = orders.iter().filter_map(sale).collect();
    let lines = ledger.settlement_lines(first, last)?;
    entries(merchant, &sales, &lines, &days, grouping, terms)
}

pub(super) fn entries(
    merchant: &MerchantName,
    sales: &[Sale],
    lines: &[SettlementLine],
    days: &RangeInclusive<Date>,
    grouping: JournalGrouping,
    terms: &Terms,
) -> Result<Journal, JournalError> {
    let asked = sales.iter().filter(|sale| days.contains(&sale.payment.paid_at.date()));
    let mut entries: Vec<Entry> = match grouping {
        JournalGrouping::Payment => asked.filter_map(|sale| single(merchant, sale)).collect(),
        JournalGrouping::DayAndChannel => daily(merchant, asked),
    };
    entries.extend(settlements(merchant, sales, lines, days, terms)?);
    entries.sort_by(|one, other| (one.date, &one.id).cmp(&(other.date, &other.id)));
    Ok(Journal { entries })
}

const fn sold(amount: i128) -> [(Account, i128); 2] {
    [(Account::Receivable, amount), (Account::Sales, -amount)]
}

fn single(merchant: &MerchantName, Sale { payment, channel }: &Sale) -> Option<Entry> {
    // A payment that was recorded from a line without an invoice id is identified by its unique number.
    let id = payment.invoice.map_or_else(|| payment.number.clone(), |id| id.to_string());
    Entry::new(
        payment.paid_at.date(),
        format!("QRIS-{merchant}-{id}"),
        format!("Penjualan QRIS {merchant} {channel} {}", payment.number),
        &sold(payment.amount.get().into()),
    )
}

fn daily<'a>(merchant: &MerchantName, sales: impl Iterator<Item = &'a Sale>) -> Vec<Entry> {
    let mut sums: BTreeMap<(Date, &str), (u64, i128)> = BTreeMap::new();
    for Sale { payment, channel } in sales {
        let sum = sums.entry((payment.paid_at.date(), channel.as_str())).or_default();
        sum.0 += 1;
        sum.1 += i128::from(payment.amount.get());
    }
    let entry = |((day, channel), (count, sum))| {
        let id = format!("QRIS-{merchant}-{day}-{channel}");
        let words = format!("Penjualan QRIS {merchant} {channel}, {count} pembayaran");
        Entry::new(day, id, words, &sold(sum))
    };
    sums.into_iter().filter_map(entry).collect()
}

/// The amounts of a settlement day in rupiah, by purpose.
#[derive(Clone, Copy, Default)]
struct Settled {
    receivable: i128,
    tips: i128,
    differences: i128,
    unbooked: i128,
}

fn settlements(
    merchant: &MerchantName,
    sales: &[Sale],
    lines: &[SettlementLine],
    days: &RangeInclusive<Date>,
    terms: &Terms,
) -> Result<Vec<Entry>, JournalError> {
    let payments: Vec<_> = sales.iter().map(|sale| sale.payment.clone()).collect();
    let comparison = compare(&payments, lines);
    let mut settled: BTreeMap<Date, Settled> = BTreeMap::new();
    for pair in comparison.matched.iter().chain(&comparison.other_amount) {
        let Some(day) = pair.line.settled_on else { continue };
        settled.entry(day).or_default().add(pair);
    }
    for line in comparison.only_settled.iter().map(|it| it.item) {
        let Some(day) = line.settled_on else { continue };
        settled.entry(day).or_default().unbooked += i128::from(line.amount.get());
    }
    let since = days.start().saturating_sub(CARRY_DAYS.days());
    let counted = lines
        .iter()
        .filter(|line| line.settled_on.is_some_and(|day| (since..=*days.end()).contains(&day)));
    let mut entries = Vec::new();
    for total in day_totals(counted, terms) {
        let Some(day) = total.settled_on.filter(|day| days.contains(day)) else { continue };
        if terms.criteria.is_none() {
            return Err(JournalError::NoCriteria);
        }
        let of_day = settled.get(&day).copied().unwrap_or_default();
        entries.extend(settlement(merchant, day, &total, of_day, terms)?);
    }
    Ok(entries)
}

impl Settled {
    fn add(&mut self, pair: &Pair<'_>) {
        let booked = i128::from(pair.payment.amount.get());
        self.receivable += booked;
        let more = i128::from(pair.line.amount.get()) - booked;
        if pair.is_tip() {
            self.tips += more;
        } else {
            self.differences += more;
        }
    }
}

/// The entry of a settlement day: its gross is split into bank, MDR, fee and the amount that waits.
fn settlement(
    merchant: &MerchantName,
    day: Date,
    total: &DayTotal,
    settled: Settled,
    terms: &Terms,
) -> Result<Option<Entry>, JournalError> {
    let (mdr, net) = total.mdr.zip(total.net).ok_or(JournalError::NoRate(day))?;
    let (mdr, net) = (i128::from(mdr), i128::from(net));
    let (bank, waiting) = match terms.transfer {
        None => (net, 0),
        Some(_) => {
            let known = total.expected.zip(total.carried).zip(total.waiting);
            let ((expected, carried), waiting) = known.ok_or(JournalError::NoRate(day))?;
            (i128::from(expected), i128::from(waiting) - i128::from(carried))
        }
    };
    let amounts = [
        (Account::Bank, bank),
        (Account::Mdr, mdr),
        (Account::TransferFee, net - bank - waiting),
        (Account::Waiting, waiting),
        (Account::Receivable, -settled.receivable),
        (Account::Tips, -settled.tips),
        (Account::Differences, -settled.differences),
        (Account::Unbooked, -settled.unbooked),
    ];
    let id = format!("QRIS-{merchant}-{day}-settlement");
    let words = format!("Pencairan QRIS {merchant}, {} transaksi", total.count);
    Ok(Entry::new(day, id, words, &amounts))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use qris_api::{InvoiceId, Rupiah, WibTime};

    use super::*;
    use crate::mdr::Criteria;
    use crate::transfer::TransferFees;

    const FIRST: &str = "2026-11-01 08:00:00";

    /// A test payment.
    #[derive(Clone, Copy, Debug)]
    struct Case {
        /// The time of the payment, in seconds after the first moment.
        second: u64,
        amount: u64,
        channel: usize,
        /// The excess amount, and whether the line calls it a tip.
        more: u64,
        is_tip: bool,
        /// The number of days until it was settled.
        settled_after: Option<i64>,
        /// Whether it is recorded, and whether the provider has it.
        sides: (bool, bool),
    }

    fn case() -> impl Strategy<Value = Case> {
        let sides = prop_oneof![
            8 => Just((true, true)),
            1 => Just((true, false)),
            1 => Just((false, true)),
        ];
        let more = prop_oneof![3 => Just(0_u64), 1 => 1_u64..50_000];
        let settled = prop::option::weighted(0.8, 0_i64..5);
        (0..20 * 86_400_u64, 1..600_000_u64, 0..3_usize, more, any::<bool>(), settled, sides)
            .prop_map(|(second, amount, channel, more, is_tip, settled_after, sides)| Case {
                second,
                amount,
                channel,
                more,
                is_tip,
                settled_after,
                sides,
            })
    }

    fn books(cases: &[Case]) -> (Vec<Sale>, Vec<SettlementLine>) {
        let (mut sales, mut lines) = (Vec::new(), Vec::new());
        let first = WibTime::parse(FIRST).expect("a time");
        for (id, case) in (1_u64..).zip(cases) {
            let paid_at = first.later_by(Duration::from_secs(case.second));
            let (invoice, amount) = (InvoiceId::new(id), Rupiah::new(case.amount));
            let payment = Payment::new(format!("INV-{id}"), invoice, paid_at, amount);
            let channel = [Channel::Pos, Channel::Ecommerce, Channel::Bill][case.channel];
            if case.sides.0 {
                sales.push(Sale { payment, channel });
            }
            if case.sides.1 {
                let gross = Rupiah::new(case.amount + case.more);
                let mut line = SettlementLine::new(format!("id:{id}"), paid_at, gross);
                line.invoice = Some(invoice);
                line.tip = Rupiah::new(if case.is_tip { case.more } else { 0 });
                let day = |days: i64| paid_at.date().saturating_add(days.days());
                line.settled_on = case.settled_after.map(day);
                lines.push(line);
            }
        }
        (sales, lines)
    }

    fn terms(transfer: bool) -> Terms {
        Terms {
            criteria: Some(Criteria::Uke),
            transfer: transfer.then(|| TransferFees::to_bank("bca")),
            ..Terms::default()
        }
    }

    #[track_caller]
    fn made(
        (sales, lines): &(Vec<Sale>, Vec<SettlementLine>),
        days: [&str; 2],
        grouping: JournalGrouping,
        terms: &Terms,
    ) -> Journal {
        let days = days.map(|day| day.parse().expect("a day"));
        let merchant = MerchantName::default();
        entries(&merchant, sales, lines, &(days[0]..=days[1]), grouping, terms).expect("a journal")
    }

    const ALL: [&str; 2] = ["2026-11-01", "2026-11-30"];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn each_entry_balances_and_the_receivable_is_what_is_booked_and_not_settled(
            cases in prop::collection::vec(case(), 0..40),
            transfer in any::<bool>(),
        ) {
            let books = books(&cases);
            let journal = made(&books, ALL, JournalGrouping::DayAndChannel, &terms(transfer));
            for entry in &journal.entries {
                prop_assert_eq!(entry.postings.iter().map(|it| it.amount).sum::<i128>(), 0, "{:?}", entry);
                prop_assert!(entry.postings.iter().all(|posting| posting.amount != 0));
            }
            let mut ids: Vec<_> = journal.entries.iter().map(|entry| &entry.id).collect();
            ids.sort();
            ids.dedup();
            prop_assert_eq!(ids.len(), journal.entries.len());

            let sum = |wanted: &dyn Fn(&Case) -> bool, amount: &dyn Fn(&Case) -> u64| -> i128 {
                cases.iter().filter(|case| wanted(case)).map(|case| i128::from(amount(case))).sum()
            };
            let is_settled = |case: &Case| case.sides.1 && case.settled_after.is_some();
            let open = sum(&|case| case.sides.0 && !is_settled(case), &|case| case.amount);
            prop_assert_eq!(journal.balance(Account::Receivable), open);
            let booked = sum(&|case| case.sides.0, &|case| case.amount);
            prop_assert_eq!(journal.balance(Account::Sales), -booked);
            let gross = |case: &Case| case.amount + case.more;
            let unbooked = sum(&|case| is_settled(case) && !case.sides.0, &gross);
            prop_assert_eq!(journal.balance(Account::Unbooked), -unbooked);
            let is_pair = |case: &Case| is_settled(case) && case.sides.0;
            let tips = sum(&|case| is_pair(case) && case.is_tip, &|case| case.more);
            prop_assert_eq!(journal.balance(Account::Tips), -tips);
            let others = sum(&|case| is_pair(case) && !case.is_tip, &|case| case.more);
            prop_assert_eq!(journal.balance(Account::Differences), -others);
            let settled = sum(&is_settled, &gross);
            let came = [Account::Bank, Account::Waiting, Account::Mdr, Account::TransferFee];
            prop_assert_eq!(came.map(|it| journal.balance(it)).iter().sum::<i128>(), settled);
        }

        #[test]
        fn the_journals_of_two_halves_of_a_month_are_that_of_the_month(
            cases in prop::collection::vec(case(), 0..40),
            last in 1_u32..30,
            transfer in any::<bool>(),
        ) {
            let (books, terms) = (books(&cases), terms(transfer));
            for grouping in [JournalGrouping::DayAndChannel, JournalGrouping::Payment] {
                let halves = [format!("2026-11-{last:02}"), format!("2026-11-{:02}", last + 1)];
                let mut both = made(&books, [ALL[0], &halves[0]], grouping, &terms);
                both.entries.extend(made(&books, [&halves[1], ALL[1]], grouping, &terms).entries);
                prop_assert_eq!(both, made(&books, ALL, grouping, &terms));
            }
        }
    }

    fn paid(second: u64, amount: u64) -> Case {
        Case {
            second,
            amount,
            channel: 0,
            more: 0,
            is_tip: false,
            settled_after: Some(1),
            sides: (true, true),
        }
    }

    /// The postings of an entry as short text.
    fn postings(entry: &Entry) -> Vec<(Account, i128)> {
        entry.postings.iter().map(|it| (it.account, it.amount)).collect()
    }

    #[test]
    fn a_settlement_day_debits_what_comes_to_the_bank_its_mdr_and_its_fee() {
        let tip = Case { more: 5_000, is_tip: true, ..paid(60, 50_000) };
        let unbooked = Case { sides: (false, true), ..paid(120, 20_000) };
        let books = books(&[paid(0, 100_000), tip, unbooked]);
        let journal = made(&books, ALL, JournalGrouping::DayAndChannel, &terms(true));
        let [sales, settled] = &journal.entries[..] else { panic!("{journal:?}") };
        assert_eq!(
            (sales.id.as_str(), sales.date.to_string()),
            ("QRIS-main-2026-11-01-pos", ALL[0].to_owned())
        );
        assert_eq!(sales.description, "Penjualan QRIS main pos, 2 pembayaran");
        let sold = [(Account::Receivable, 150_000), (Account::Sales, -150_000)];
        assert_eq!(postings(sales), sold);
        assert_eq!(settled.id, "QRIS-main-2026-11-02-settlement");
        assert_eq!(settled.description, "Pencairan QRIS main, 3 transaksi");
        // 0.7 % of each: 700, 385 and 140.
        let expected = [
            (Account::Bank, 170_775),
            (Account::Mdr, 1_225),
            (Account::TransferFee, 3_000),
            (Account::Receivable, -150_000),
            (Account::Tips, -5_000),
            (Account::Unbooked, -20_000),
        ];
        assert_eq!(postings(settled), expected);
    }

    #[test]
    fn what_is_too_little_for_a_transfer_waits_and_comes_with_the_next() {
        let books = books(&[paid(0, 10_000), paid(2 * 86_400, 100_000)]);
        let journal = made(&books, ALL, JournalGrouping::DayAndChannel, &terms(true));
        let waits = [(Account::Mdr, 70), (Account::Waiting, 9_930), (Account::Receivable, -10_000)];
        assert_eq!(postings(&journal.entries[1]), waits);
        let comes = [
            (Account::Bank, 106_230),
            (Account::Mdr, 700),
            (Account::TransferFee, 3_000),
            (Account::Waiting, -9_930),
            (Account::Receivable, -100_000),
        ];
        assert_eq!(postings(&journal.entries[3]), comes);
        assert_eq!(journal.balance(Account::Waiting), 0);
    }

    #[test]
    fn without_criteria_or_a_rate_nothing_that_was_settled_is_in_a_journal() {
        let books = books(&[paid(0, 10_000)]);
        let days = ALL.map(|day| day.parse().expect("a day"));
        let merchant = MerchantName::default();
        let try_with = |terms: &Terms, days: RangeInclusive<Date>| {
            entries(&merchant, &books.0, &books.1, &days, JournalGrouping::DayAndChannel, terms)
        };
        let none = try_with(&Terms::default(), days[0]..=days[1]).expect_err("no criteria");
        assert!(matches!(none, JournalError::NoCriteria), "{none}");
        assert!(try_with(&Terms::default(), days[0]..=days[0]).is_ok(), "nothing was settled");
        let mut early = terms(false);
        early.mdr = crate::mdr::MdrTable::new([]);
        let none = try_with(&early, days[0]..=days[1]).expect_err("no rate");
        assert!(matches!(none, JournalError::NoRate(day) if day.to_string() == "2026-11-02"));
    }

    #[test]
    fn a_payment_by_itself_has_its_invoice_and_its_number() {
        let books = books(&[paid(0, 10_000), paid(60, 20_000)]);
        let journal = made(&books, [ALL[0], ALL[0]], JournalGrouping::Payment, &terms(false));
        let ids: Vec<_> = journal.entries.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids, ["QRIS-main-1", "QRIS-main-2"]);
        assert_eq!(journal.entries[1].description, "Penjualan QRIS main pos INV-2");
        assert_eq!(journal.balance(Account::Receivable), 30_000);
    }
}

//! A generated year of payments, compared with files of the provider's table with known
//! differences.
//!
//! Each kind of difference applies to two of a hundred sales. The list of each payment and line is
//! known in advance. `year.sh` runs it with 300,000 payments.

mod answer;
mod files;
mod ledgers;
#[path = "../../../qris-ledger/tests/postgres/mod.rs"]
#[expect(dead_code, reason = "a year needs a server, and nothing of its network")]
mod postgres;
mod truth;

use std::collections::BTreeMap;
use std::time::Instant;

use answer::{assert_same, expected, expected_days, found, found_days, payments, terms};
use qris_settlement::{Columns, Lines, SettlementLine, compare, day_totals, read};
use truth::{DISTURBANCES, Kind, Sale, sales};

/// The number of payments in a year, unless `QRIS_YEAR_PAYMENTS` has another.
const PAYMENTS: usize = 1_500;

fn payments_of_a_year() -> usize {
    std::env::var("QRIS_YEAR_PAYMENTS")
        .map_or(PAYMENTS, |count| count.parse().expect("QRIS_YEAR_PAYMENTS: a number of payments"))
}

/// The lines of all files, each once.
#[track_caller]
fn lines(files: &[Vec<u8>]) -> Vec<SettlementLine> {
    let mut lines = Lines::default();
    for file in files {
        let file = read(file, &Columns::default()).expect("a file without faults");
        for line in file.lines() {
            lines.add(line.clone()).expect("a line that contradicts no other");
        }
    }
    lines.iter().cloned().collect()
}

#[test]
fn every_fault_of_a_year_is_in_its_list_and_no_clean_payment_is_in_one() {
    for seed in 1..=3 {
        let sales = sales(seed, payments_of_a_year());
        let files = files::written(&sales, seed);
        let start = Instant::now();
        let lines = lines(&files);
        let read = start.elapsed();
        let payments = payments(&sales);
        let start = Instant::now();
        let comparison = compare(&payments, &lines);
        let compared = start.elapsed();
        assert_same(&found(&comparison), &expected(&sales));
        println!(
            "seed {seed}: {} payments, {} lines of {} files read in {read:?}, compared in {compared:?}",
            payments.len(),
            lines.len(),
            files.len(),
        );
        for (kind, count) in counts(&sales) {
            println!("  {kind:?}: {count}");
        }
    }
}

#[test]
fn a_year_adds_up_to_the_rupiah_by_settlement_day() {
    let sales = sales(4, payments_of_a_year());
    let lines = lines(&files::written(&sales, 4));
    let totals = day_totals(&lines, &terms());
    assert_eq!(found_days(&totals), expected_days(&sales));
    let gross: u64 = totals.iter().map(|total| total.gross).sum();
    assert_eq!(gross, answer::paid_rows(&sales).map(|row| row.amount).sum::<u64>());
    // The lists come to the same sums.
    let payments = payments(&sales);
    let comparison = compare(&payments, &lines);
    let pairs = comparison.matched.iter().chain(&comparison.other_amount);
    let settled: u64 = pairs.clone().map(|pair| pair.line.amount.get()).sum();
    let only_settled: u64 = comparison.only_settled.iter().map(|it| it.item.amount.get()).sum();
    assert_eq!(settled + only_settled, gross);
    let booked: u64 = pairs.map(|pair| pair.payment.amount.get()).sum();
    let only_booked: u64 = comparison.only_booked.iter().map(|it| it.item.amount.get()).sum();
    assert_eq!(
        booked + only_booked,
        payments.iter().map(|payment| payment.amount.get()).sum::<u64>()
    );
}

#[test]
fn the_files_of_a_year_in_any_other_split_say_the_same() {
    let sales = sales(5, 1_000);
    let whole = lines(&files::written(&sales, 5));
    for seed in 0..8 {
        let parts = [1, 2, 7, 40][seed % 4];
        let seed = u64::try_from(seed).expect("a small number");
        assert_eq!(lines(&files::split(&sales, parts, seed)), whole, "seed {seed}");
    }
}

#[test]
fn a_made_year_has_two_percent_of_each_fault() {
    let sales = sales(6, 30_000);
    let counts = counts(&sales);
    for kind in DISTURBANCES {
        // Clean ones next to differences reduce it a little.
        let count = counts.get(&kind).copied().unwrap_or_default();
        assert!((450..=700).contains(&count), "{kind:?}: {count}");
    }
    let mut minutes = BTreeMap::<_, u32>::new();
    for payment in payments(&sales) {
        let minute = payment.paid_at.timestamp().as_second().div_euclid(60);
        *minutes.entry((payment.amount, minute)).or_default() += 1;
    }
    let equal = minutes.values().filter(|count| **count > 1).count();
    assert!(equal > 2_000, "{equal} minutes with equal amounts");
}

fn counts(sales: &[Sale]) -> BTreeMap<Kind, usize> {
    let mut counts = BTreeMap::new();
    for sale in sales {
        *counts.entry(sale.kind).or_default() += 1;
    }
    counts
}

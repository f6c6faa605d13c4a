//! Totals of settlement days, and cases in which nothing distinguishes payments.

use qris_api::{InvoiceId, Rupiah, WibTime};
use qris_settlement::{
    Criteria, MdrRate, MdrTable, Payment, SettlementLine, Terms, compare, day_totals,
};

#[track_caller]
fn at(text: &str) -> WibTime {
    WibTime::parse(text).expect("a time")
}

fn line(key: &str, paid_at: &str, amount: u64) -> SettlementLine {
    SettlementLine::new(key, at(paid_at), Rupiah::new(amount))
}

fn settled(key: &str, paid_at: &str, amount: u64, day: &str) -> SettlementLine {
    let mut line = line(key, paid_at, amount);
    line.settled_on = Some(day.parse().expect("a day"));
    line
}

fn payment(id: u64, paid_at: &str, amount: u64) -> Payment {
    let (invoice, amount) = (InvoiceId::new(id), Rupiah::new(amount));
    Payment::new(format!("INV-{id}"), invoice, at(paid_at), amount)
}

fn terms(criteria: Criteria) -> Terms {
    let mut terms = Terms::default();
    terms.criteria = Some(criteria);
    terms
}

#[test]
fn among_rates_with_one_first_day_the_one_for_the_smallest_amounts_applies() {
    let from = "2026-01-01".parse().expect("a day");
    let rate = |up_to, basis_points| MdrRate { criteria: Criteria::Uke, from, up_to, basis_points };
    let mut rates = [rate(None, 70), rate(Some(100_000), 30), rate(Some(10_000), 0)];
    for _ in 0..2 {
        let table = MdrTable::new(rates);
        let mdr =
            [10_000, 10_001, 100_000, 100_001].map(|amount| table.mdr(Criteria::Uke, from, amount));
        assert_eq!(mdr, [Some(0), Some(30), Some(300), Some(700)]);
        rates.reverse();
    }
}

#[test]
fn the_mdr_is_that_of_the_day_of_the_payment_and_not_of_its_settlement() {
    // Public services have paid nothing since 14 March 2025, a Friday.
    let lines = [
        settled("a", "2025-03-13 23:59:59", 10_000, "2025-03-14"),
        settled("b", "2025-03-14 00:00:00", 10_000, "2025-03-14"),
    ];
    let total = day_totals(&lines, &terms(Criteria::PublicService))[0];
    assert_eq!((total.gross, total.mdr, total.net), (20_000, Some(40), Some(19_960)));
}

#[test]
fn one_payment_without_a_known_rate_leaves_the_mdr_of_its_day_unknown_wherever_it_stands() {
    let mut lines = [
        settled("a", "2023-06-30 10:00:00", 10_000, "2023-07-03"),
        settled("b", "2023-07-01 10:00:00", 10_000, "2023-07-03"),
    ];
    for _ in 0..2 {
        let total = day_totals(&lines, &terms(Criteria::Uke))[0];
        assert_eq!((total.count, total.gross, total.mdr, total.net), (2, 20_000, None, None));
        lines.reverse();
    }
}

#[test]
fn an_rrn_of_zeros_is_no_rrn() {
    // Two payments with another time and amount, whose RRNs the table does not have.
    let mut booked = [payment(1, "2026-11-27 10:15:30", 5_000)];
    booked[0].rrn = Some("000000000000".into());
    let mut lines = [line("a", "2026-11-27 19:40:00", 75_000)];
    lines[0].rrn = Some("0".into());
    let comparison = compare(&booked, &lines);
    assert_eq!((comparison.only_booked.len(), comparison.only_settled.len()), (1, 1));
    // It does not distinguish them either.
    let mut lines = [line("a", "2026-11-27 10:15:00", 5_000)];
    lines[0].rrn = Some("633100000001".into());
    assert_eq!(compare(&booked, &lines).matched.len(), 1);
}

#[test]
fn a_sticker_of_the_minute_and_amount_of_a_payment_is_taken_for_it_where_no_id_says_otherwise() {
    // The payment has no RRN, because no webhook came, and it has no line. Nothing distinguishes it
    // from the sticker. Both sums are still right.
    let booked = [payment(1, "2026-11-27 10:15:30", 5_000)];
    let mut sticker = line("sticker", "2026-11-27 10:15:10", 5_000);
    sticker.rrn = Some("633100000001".into());
    let lines = [sticker];
    assert_eq!(compare(&booked, &lines).matched.len(), 1);
    // When the payment's own line comes, the sticker is separate.
    let mut own = line("own", "2026-11-27 10:15:30", 5_000);
    own.invoice = Some(InvoiceId::new(1));
    let [sticker] = lines;
    let lines = [sticker, own];
    let comparison = compare(&booked, &lines);
    assert_eq!(comparison.matched[0].line.key, "own");
    let left: Vec<_> =
        comparison.only_settled.iter().map(|it| (it.item.key.as_str(), it.is_ambiguous)).collect();
    assert_eq!(left, [("sticker", false)]);
}

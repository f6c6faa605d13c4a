//! The report that the command and the till share, over a ledger.

use qris_api::{InvoiceId, Rupiah, WibTime};
use qris_ledger::{Actor, Ledger};
use qris_settlement::jiff::civil::Date;
use qris_settlement::{
    Column, Columns, Criteria, ImportError, Report, ReportPeriod, SettlementLine, Terms,
    TransferFees, import, read, report,
};

#[track_caller]
fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn now() -> WibTime {
    WibTime::parse("2026-12-31 08:00:00").expect("a time")
}

struct Books {
    ledger: Ledger,
    _folder: tempfile::TempDir,
}

fn books() -> Books {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = Ledger::open(folder.path().join("qris.db")).expect("a ledger");
    Books { ledger, _folder: folder }
}

#[track_caller]
fn imported(ledger: &mut Ledger, rows: &str) -> (u64, u64, u64) {
    let file = format!("tgl;nominal;idtrans;datesettle\n{rows}");
    let file = read(file.as_bytes(), &Columns::default()).expect("a file without faults");
    let done = import(ledger, &file, now()).expect("lines that contradict nothing");
    (done.new, done.completed, done.known)
}

#[track_caller]
fn asked(ledger: &Ledger, from: &str, to: &str) -> Report {
    let mut terms = Terms::default();
    terms.criteria = Some(Criteria::Umi);
    terms.transfer = Some(TransferFees::to_bank("bca"));
    let period = ReportPeriod { from: day(from), to: day(to), today: day("2026-12-31") };
    report(ledger, &period, &terms).expect("a report")
}

/// The day of each total, its lines, and what is expected on the bank account.
fn totals(report: &Report) -> Vec<(Option<String>, u64, Option<u64>)> {
    let of = |day: &qris_settlement::DayTotal| {
        (day.settled_on.map(|day| day.to_string()), day.count, day.expected)
    };
    report.days.iter().map(of).collect()
}

#[test]
fn a_settlement_day_is_whole_whenever_its_payments_were_made() {
    let Books { mut ledger, _folder } = books();
    let rows = "20/11/2026 10:00:00;100.000;T-1;30/11/2026\n\
                30/11/2026 10:00:00;30.000;T-2;01/12/2026\n\
                01/12/2026 10:00:00;30.000;T-3;01/12/2026\n\
                29/11/2026 10:00:00;30.000;T-4;30/11/2026\n\
                30/11/2026 11:00:00;7.000;T-5;\n\
                01/12/2026 11:00:00;8.000;T-6;\n";
    assert_eq!(imported(&mut ledger, rows), (6, 0, 0));
    let of = |day: &str, count, expected| (Some(day.to_owned()), count, Some(expected));
    // The payment of that day is settled a day later, with another one.
    assert_eq!(
        totals(&asked(&ledger, "2026-11-30", "2026-11-30")),
        [of("2026-11-30", 2, 127_000), of("2026-12-01", 2, 57_000), (None, 1, None)],
    );
    assert_eq!(
        totals(&asked(&ledger, "2026-12-01", "2026-12-01")),
        [of("2026-12-01", 2, 57_000), (None, 1, None)],
    );
    assert_eq!(asked(&ledger, "2026-11-30", "2026-11-30").only_settled.len(), 2);
}

#[test]
fn what_waited_before_the_first_day_is_carried_into_it() {
    let Books { mut ledger, _folder } = books();
    let rows = "05/11/2026 10:00:00;20.000;T-1;06/11/2026\n\
                30/11/2026 10:00:00;6.000;T-2;01/12/2026\n";
    imported(&mut ledger, rows);
    let report = asked(&ledger, "2026-11-30", "2026-12-01");
    let found: Vec<_> = report.days.iter().map(|it| (it.carried, it.expected)).collect();
    assert_eq!(found, [(Some(20_000), Some(24_000))]);
}

#[test]
fn a_row_that_is_not_booked_has_the_key_of_its_line() {
    let Books { mut ledger, _folder } = books();
    imported(&mut ledger, "30/11/2026 10:00:00;6.000;T-2;\n30/11/2026 10:00:00;6.000;;\n");
    let report = asked(&ledger, "2026-11-30", "2026-11-30");
    let mut keys: Vec<_> = report.only_settled.iter().filter_map(|row| row.key.clone()).collect();
    let lines = ledger.settlement_lines(day("2026-11-30"), day("2026-11-30")).expect("lines");
    let mut expected: Vec<_> = lines.into_iter().map(|line| line.key).collect();
    keys.sort();
    expected.sort();
    assert_eq!(keys, expected);
    assert!(keys.contains(&"id:T-2".to_owned()) && keys.len() == 2);
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!(
        json["only_settled"][0]["key"],
        report.only_settled[0].key.as_deref().expect("a key")
    );
    assert_eq!(json["from"], "2026-11-30");
    assert_eq!(json["days"][0]["settled_on"], serde_json::Value::Null);
}

#[test]
fn lines_of_another_payment_refuse_the_import_each_with_its_line_and_column() {
    let Books { mut ledger, _folder } = books();
    let paid_at = WibTime::parse("2026-11-30 10:00:00").expect("a time");
    let mut known =
        [1, 2].map(|id| SettlementLine::new(format!("id:T-{id}"), paid_at, Rupiah::new(6_000)));
    known[1].invoice = Some(InvoiceId::new(2));
    ledger.import_settlement(&known, now()).expect("imported");
    let file = "tgl,nominal,idtrans,idinv\n\
                30/11/2026 10:00:00,6000,T-2,3\n\
                30/11/2026 10:01:00,6000,T-1,\n\
                30/11/2026 10:00:00,6000,T-0,\n";
    let file = read(file.as_bytes(), &Columns::default()).expect("a file");
    let Err(ImportError::OtherPayments(others)) = import(&mut ledger, &file, now()) else {
        panic!("expected a refusal");
    };
    let found: Vec<_> = others.iter().map(|it| (it.line, it.column)).collect();
    assert_eq!(found, [(2, Column::Invoice), (3, Column::PaidAt)]);
    let kept = ledger.settlement_lines(day("2026-11-30"), day("2026-11-30")).expect("lines");
    assert_eq!(kept, known);
}

#[test]
fn a_report_is_of_the_merchant_that_the_ledger_acts_for() {
    let Books { mut ledger, _folder } = books();
    imported(&mut ledger, "30/11/2026 10:00:00;6.000;T-2;\n");
    let kopi = ledger.merchant(&"kopi".parse().expect("a name")).expect("a merchant");
    ledger.act_for(kopi, &Actor::new("siti"));
    assert!(asked(&ledger, "2026-11-30", "2026-11-30").only_settled.is_empty());
    imported(&mut ledger, "30/11/2026 10:00:00;7.000;T-2;\n");
    let report = asked(&ledger, "2026-11-30", "2026-11-30");
    assert_eq!(report.only_settled[0].settled, Some(7_000));
}

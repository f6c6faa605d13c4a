//! The generated year in a database: recorded as a shop does, imported as an owner does.

use std::thread;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use qris_api::webhook::WebhookEvent;
use qris_api::{
    Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, Schedule, TransactionNumber, WibTime,
};
use qris_ledger::{Actor, Ledger, MerchantRowId, NewOrder, Request, SettlementLine};
use qris_settlement::{Columns, ReportPeriod, import, read, report};

use crate::answer::{assert_same, expected, expected_days, found_days, reported, terms, wib};
use crate::postgres::Server;
use crate::truth::{Booked, Kind, LAST_DAY, Sale, sales};
use crate::{files, payments_of_a_year};

const SEED: u64 = 7;

/// How many tills book at once on a server.
const BOOKING: usize = 6;

#[test]
fn a_year_in_a_sqlite_file_is_reported_without_a_false_difference() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("qris.db");
    let sales = sales(SEED, payments_of_a_year());
    // In memory first: otherwise thousands of writes would each wait for the disk.
    let mut memory = Ledger::in_memory().expect("a database");
    let start = Instant::now();
    sales.iter().for_each(|sale| book(&mut memory, sale));
    say_booked("SQLite", start);
    memory.backup(&path).expect("a file");
    drop(memory);
    check_a_year("SQLite", &format!("sqlite://{}", path.display()), &sales);
}

#[test]
fn a_year_in_postgresql_is_reported_without_a_false_difference() {
    let server = Server::start();
    let (url, sales) = (server.url("year"), sales(SEED, payments_of_a_year()));
    drop(Ledger::connect(&url).expect("a database"));
    let start = Instant::now();
    thread::scope(|scope| {
        for part in sales.chunks(sales.len().div_ceil(BOOKING)) {
            let url = &url;
            scope.spawn(move || {
                let mut ledger = Ledger::connect(url).expect("a database");
                part.iter().for_each(|sale| book(&mut ledger, sale));
            });
        }
    });
    say_booked("PostgreSQL", start);
    check_a_year("PostgreSQL", &url, &sales);
}

#[test]
fn files_in_any_split_order_and_repetition_leave_the_same_lines_in_a_sqlite_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    check_splits(&format!("sqlite://{}", folder.path().join("qris.db").display()));
}

#[test]
fn files_in_any_split_order_and_repetition_leave_the_same_lines_in_postgresql() {
    check_splits(&Server::start().url("splits"));
}

#[track_caller]
fn check_a_year(database: &str, url: &str, sales: &[Sale]) {
    let mut ledger = Ledger::connect(url).expect("a database");
    let now = wib(LAST_DAY.at(8, 0, 0, 0));
    let mut files = files::written(sales, SEED);
    // In the order of an owner's files, and some of them twice.
    fastrand::Rng::with_seed(SEED).shuffle(&mut files);
    let start = Instant::now();
    let [mut new, mut completed, mut known] = [0, 0, 0];
    for file in files.iter().chain(&files[..3]) {
        let file = read(file, &Columns::default()).expect("a file without faults");
        let done = import(&mut ledger, &file, now).expect("lines that contradict no other");
        (new, completed, known) = (new + done.new, completed + done.completed, known + done.known);
    }
    let imported = start.elapsed();
    let [from, to] = ["2026-01-01", "2026-12-31"].map(|day| day.parse().expect("a day"));
    let start = Instant::now();
    let period = ReportPeriod { from, to, today: LAST_DAY };
    let report = report(&ledger, &period, &terms()).expect("a report");
    let reported_in = start.elapsed();
    assert_eq!(ledger.take_invalid_rows(), []);
    assert_same(&reported(&report), &expected(sales));
    assert_eq!(found_days(&report.days), expected_days(sales));
    println!(
        "{database}: {} files imported in {imported:?} ({new} lines new, {completed} completed, \
         {known} known); report of the year in {reported_in:?}",
        files.len() + 3,
    );
    for (list, rows) in [
        ("matched", &report.matched),
        ("other amount", &report.other_amount),
        ("unpaid", &report.unpaid),
        ("only booked", &report.only_booked),
        ("only settled", &report.only_settled),
    ] {
        let several = rows.iter().filter(|row| row.is_ambiguous == Some(true)).count();
        println!("  {list}: {}, of which {several} fit several", rows.len());
    }
}

fn say_booked(database: &str, start: Instant) {
    println!("{database}: {} payments booked in {:?}", payments_of_a_year(), start.elapsed());
}

/// Records a sale: its orders, codes and payments.
#[track_caller]
fn book(ledger: &mut Ledger, sale: &Sale) {
    for booked in &sale.booked {
        book_order(ledger, booked);
    }
    if sale.kind == Kind::KeptWebhook {
        let row = &sale.rows[0];
        let id = row.invoice.expect("an invoice id");
        let body = format!(r#"{{"invoice":"{id}","qris_status":"success"}}"#);
        let webhook = WebhookEvent::parse(body.as_bytes()).expect("a webhook");
        ledger.keep_webhook(&webhook, wib(row.paid_at)).expect("kept");
    }
}

#[track_caller]
fn book_order(ledger: &mut Ledger, booked: &Booked) {
    let paid_at = wib(booked.paid_at);
    let made = wib(booked.paid_at.saturating_sub(SignedDuration::from_mins(2)));
    let number = TransactionNumber::parse(&booked.number).expect("a number");
    let (amount, id) = (Rupiah::new(booked.amount), InvoiceId::new(booked.invoice));
    let asked = ledger.request(&NewOrder::new(number.clone(), amount), made).expect("booked");
    let Request::New(intent) = asked else { panic!("the number is known") };
    let content = format!("content of {id}");
    let invoice = Invoice::new(number.clone(), amount, content, made, id, "ID1020021181745");
    let schedule = Schedule::default().with_validity(Duration::from_secs(3_600));
    ledger.record_created(&intent, &invoice, &schedule, made).expect("recorded");
    if booked.is_paid {
        let mut details = PaymentDetails::default();
        details.paid_at = Some(paid_at);
        details.rrn.clone_from(&booked.rrn);
        ledger.settle(id, &Payment::Paid(details), paid_at).expect("settled");
    } else if booked.invoice.is_multiple_of(2) {
        ledger.cancel(&number, made).expect("cancelled");
    }
}

/// Imports the same lines in other files for other merchants.
#[track_caller]
fn check_splits(url: &str) {
    let sales = sales(8, 400);
    let mut ledger = Ledger::connect(url).expect("a database");
    import_all(&mut ledger, &files::written(&sales, 8));
    let whole = lines(&ledger);
    assert!(whole.len() > 400);
    for (seed, parts) in (0..).zip([1, 2, 3, 12, 60]) {
        let name = format!("split-{parts}").parse().expect("a name");
        let merchant: MerchantRowId = ledger.merchant(&name).expect("a merchant");
        ledger.act_for(merchant, &Actor::default());
        import_all(&mut ledger, &files::split(&sales, parts, seed));
        assert!(lines(&ledger) == whole, "in {parts} files");
    }
}

#[track_caller]
fn import_all(ledger: &mut Ledger, files: &[Vec<u8>]) {
    for file in files {
        let file = read(file, &Columns::default()).expect("a file without faults");
        import(ledger, &file, WibTime::now()).expect("lines that contradict no other");
    }
}

fn lines(ledger: &Ledger) -> Vec<SettlementLine> {
    let [from, to] = ["2025-12-31", "2027-01-01"].map(|day| day.parse().expect("a day"));
    ledger.settlement_lines(from, to).expect("lines")
}

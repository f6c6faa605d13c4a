//! The stored totals equal the sums over the orders, with many writers and after manual
//! corrections.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use qris_api::{Invoice, InvoiceId, PaymentDetails, Rupiah, TransactionNumber};
use qris_ledger::{
    Actor, Channel, DayTotal, Error, Ledger, NewOrder, Request, ShiftId, TotalDifference,
    Unanswered,
};

use crate::TestDatabase;
use crate::file::SCHEMAS;
use crate::properties::{SCHEDULE, at, content, paid, pending};

#[cfg(feature = "postgres")]
use crate::postgres::Server;

/// The number of tills that record at once.
const TILLS: u64 = 10;

/// A manual change of the database.
type ByHand<'a> = &'a dyn Fn(&str);

fn in_a_file(database: &TestDatabase) -> impl Fn(&str) {
    let path = database.path();
    move |sql| {
        let connection = rusqlite::Connection::open(&path).expect("a file");
        connection.execute_batch(sql).expect(sql);
    }
}

#[cfg(feature = "postgres")]
fn on_a_server<'a>(server: &'a Server, schema: &'a str) -> impl Fn(&str) + 'a {
    move |sql| drop(server.sql(&format!("SET search_path = {schema}; {sql}")))
}

/// The steps of one till with one order on a random day, in a fixed but mixed sequence. A refusal
/// is allowed, a failure is not.
fn one_sale(ledger: &mut Ledger, till: u64, sale: u64) -> Result<(), Error> {
    let id = till * 1_000 + sale + 1;
    let mixed = id.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let day = 5 + mixed % 3;
    let made = at(&format!("2020-08-0{day} 23:{:02}:10", mixed % 60));
    let later = made.later_by(Duration::from_secs(60 * (1 + mixed % 40)));
    let name = TransactionNumber::parse(format!("T{till}-{sale}")).expect("a number");
    let amount = Rupiah::new(1_000 + mixed % 7);
    let channel = [Channel::Pos, Channel::Ecommerce, Channel::Bill][(mixed % 3) as usize];
    let mut new = NewOrder::new(name.clone(), amount);
    new.channel = channel;
    let Request::New(intent) = ledger.request(&new, made)? else { return Ok(()) };
    if mixed.is_multiple_of(11) {
        ledger.record_unknown(&intent, Some("no answer"), made)?;
        ledger.resolve_paid(&name, InvoiceId::new(id), &PaymentDetails::default(), later)?;
        return Ok(());
    }
    let made_invoice = Invoice::new(
        name.clone(),
        amount,
        content(id),
        made,
        InvoiceId::new(id),
        "ID1020021181745",
    );
    ledger.record_created(&intent, &made_invoice, &SCHEDULE, made)?;
    match mixed % 5 {
        0 => ledger.cancel(&name, later),
        1 => Ok(()),
        _ => ledger.settle(InvoiceId::new(id), &paid("SITI"), later).map(drop),
    }
}

#[track_caller]
fn sums(ledger: &Ledger) -> (u64, u64, u64) {
    let lines = ledger.report("2020-08-01".parse().unwrap(), "2020-08-31".parse().unwrap());
    lines.unwrap().iter().fold((0, 0, 0), |(invoices, payments, paid), line| {
        (invoices + line.invoices, payments + line.payments, paid + line.paid.get())
    })
}

pub(crate) fn totals_are_the_sums_of_the_orders_when_ten_tills_book_at_once(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    ledger.merchant(&"kiosk".parse().unwrap()).unwrap();
    let start = Barrier::new(TILLS as usize + 1);
    thread::scope(|scope| {
        for till in 0..TILLS {
            let (mut ledger, start) = (database.open(), &start);
            scope.spawn(move || {
                // Two merchants share the database.
                if till % 3 == 0 {
                    let kiosk = ledger.merchant(&"kiosk".parse().unwrap()).unwrap();
                    ledger.act_for(kiosk, &Actor::default());
                }
                start.wait();
                for sale in 0..12 {
                    one_sale(&mut ledger, till, sale).expect("no till fails or waits for another");
                }
            });
        }
        let (mut ledger, start) = (database.open(), &start);
        scope.spawn(move || {
            start.wait();
            for minute in 0..6 {
                let now = at(&format!("2020-08-07 12:{minute:02}:00"));
                let shift = ledger.open_shift("Siti", now).expect("none is open");
                ledger.close_shift(shift.id, Unanswered::Accept, now).expect("it is open");
            }
        });
    });
    assert_eq!(ledger.compare_totals().unwrap(), []);
    let (invoices, payments, _) = sums(&ledger);
    assert!(invoices > 50 && payments > 30, "{invoices} invoices, {payments} payments");
}

/// Three sales of a day, two of them paid, one in a shift.
fn a_day(database: &TestDatabase) -> (Ledger, ShiftId) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:20:00");
    for id in 1..=3 {
        pending(&mut ledger, &format!("INV-{id}"), id);
    }
    ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap();
    let shift = ledger.open_shift("Siti", now).unwrap();
    ledger.settle(InvoiceId::new(2), &paid("SITI"), now).unwrap();
    ledger.close_shift(shift.id, Unanswered::Refuse, now).unwrap();
    assert_eq!(sums(&ledger), (3, 2, 51_156));
    assert_eq!(ledger.compare_totals().unwrap(), []);
    (ledger, shift.id)
}

fn counts(total: DayTotal) -> (i64, i64, i64) {
    (total.invoices, total.payments, total.paid)
}

fn manual_changes_are_reported_by_day_and_corrected(database: &TestDatabase, by_hand: ByHand<'_>) {
    let (mut ledger, shift) = a_day(database);
    by_hand(
        "UPDATE qris_order SET amount = 20000 WHERE number = 'INV-2';
         UPDATE qris_total SET invoices = invoices + 7 WHERE shift = 0;
         DELETE FROM qris_unbooked",
    );
    let found = ledger.compare_totals().unwrap();
    let said = |difference: &TotalDifference| {
        assert_eq!(difference.merchant.as_str(), "main");
        assert_eq!(
            (difference.day, difference.channel),
            ("2020-08-07".parse().unwrap(), Channel::Pos)
        );
        (difference.shift, counts(difference.kept), counts(difference.counted))
    };
    let said: Vec<_> = found.iter().map(said).collect();
    assert_eq!(
        said,
        [(None, (10, 1, 25_578), (3, 1, 25_578)), (Some(shift), (0, 1, 25_578), (0, 1, 20_000))],
    );
    assert_eq!(sums(&ledger), (10, 2, 51_156), "a comparison changes nothing");
    assert_eq!(ledger.recompute_totals().unwrap(), found);
    assert_eq!(sums(&ledger), (3, 2, 45_578));
    assert_eq!(ledger.compare_totals().unwrap(), []);

    // The table lost all of its rows, or has a row for a day without orders.
    by_hand(
        "DELETE FROM qris_total;
         INSERT INTO qris_total (merchant, day, channel, shift, invoices, payments, paid)
         VALUES (1, '2020-08-01', 'bill', 0, 1, -1, 5)",
    );
    assert_eq!(ledger.recompute_totals().unwrap().len(), 3);
    assert_eq!(sums(&ledger), (3, 2, 45_578), "a total of nothing has no line");
    let days = ledger.report("2020-08-01".parse().unwrap(), "2020-08-01".parse().unwrap());
    assert_eq!(days.unwrap(), []);
}

#[test]
fn manual_changes_in_a_file_are_reported_by_day_and_corrected() {
    let database = TestDatabase::in_a_file();
    manual_changes_are_reported_by_day_and_corrected(&database, &in_a_file(&database));
}

#[cfg(feature = "postgres")]
#[test]
fn manual_changes_on_a_server_are_reported_by_day_and_corrected() {
    let server = Server::start();
    let database = server.database("shop");
    manual_changes_are_reported_by_day_and_corrected(&database, &on_a_server(&server, "shop"));
}

fn corrections_at_once_and_beside_ten_tills_count_everything_once(
    database: &TestDatabase,
    by_hand: ByHand<'_>,
) {
    let (ledger, _) = a_day(database);
    by_hand("UPDATE qris_total SET paid = paid + 1000000, invoices = invoices + 5");
    let start = Barrier::new(TILLS as usize);
    thread::scope(|scope| {
        for till in 0..TILLS {
            let (mut ledger, start) = (database.open(), &start);
            scope.spawn(move || {
                start.wait();
                for sale in 0..6 {
                    if till % 2 == 0 {
                        one_sale(&mut ledger, till, 100 + sale).expect("no till fails");
                    } else {
                        // Another program corrects them at this moment.
                        match ledger.recompute_totals() {
                            Ok(_) | Err(Error::Busy) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                }
            });
        }
    });
    assert_eq!(ledger.compare_totals().unwrap(), []);
}

#[test]
fn corrections_of_a_file_at_once_and_beside_ten_tills_count_everything_once() {
    let database = TestDatabase::in_a_file();
    corrections_at_once_and_beside_ten_tills_count_everything_once(
        &database,
        &in_a_file(&database),
    );
}

#[cfg(feature = "postgres")]
#[test]
fn corrections_on_a_server_at_once_and_beside_ten_tills_count_everything_once() {
    let server = Server::start();
    let database = server.database("shop");
    let by_hand = on_a_server(&server, "shop");
    corrections_at_once_and_beside_ten_tills_count_everything_once(&database, &by_hand);
}

pub(crate) fn a_payment_that_a_later_report_takes_in_moves_no_total(database: &TestDatabase) {
    let mut ledger = database.open();
    let times = ["11:20:00", "11:30:00", "11:40:00"].map(|time| at(&format!("2020-08-07 {time}")));
    for id in 1..=2 {
        pending(&mut ledger, &format!("INV-{id}"), id);
    }
    let first = ledger.open_shift("Pagi", times[0]).unwrap();
    ledger.close_shift(first.id, Unanswered::Refuse, times[0]).unwrap();
    // Outside of all shifts: the next report lists it.
    ledger.settle(InvoiceId::new(1), &paid("SITI"), times[1]).unwrap();
    assert_eq!(ledger.compare_totals().unwrap(), []);
    let second = ledger.open_shift("Siang", times[2]).unwrap();
    ledger.settle(InvoiceId::new(2), &paid("SITI"), times[2]).unwrap();
    let (_, report) = ledger.close_shift(second.id, Unanswered::Refuse, times[2]).unwrap();
    assert_eq!((report.payments.count, report.outside.total.count), (1, 1));
    assert_eq!(ledger.compare_totals().unwrap(), []);
    assert_eq!(sums(&ledger), (2, 2, 51_156));
}

#[test]
fn a_row_that_makes_no_sense_is_in_no_corrected_total_and_stops_no_comparison() {
    for (table, column, value) in [
        ("qris_order", "amount", "'a lot'"),
        ("qris_order", "amount", "-5"),
        ("qris_order", "channel", "'fax'"),
        ("qris_order", "shift", "'x'"),
        ("qris_invoice", "paid_at", "'yesterday'"),
        ("qris_invoice", "requested_at", "'about noon'"),
        ("qris_invoice", "merchant", "77"),
    ] {
        let database = TestDatabase::in_a_file();
        let (mut ledger, _) = a_day(&database);
        let key = if table == "qris_order" { "number = 'INV-1'" } else { "qris_invoiceid = 1" };
        in_a_file(&database)(&format!(
            "PRAGMA ignore_check_constraints = on; PRAGMA foreign_keys = off;
             UPDATE {table} SET {column} = {value} WHERE {key}"
        ));
        ledger.recompute_totals().unwrap();
        assert_eq!(ledger.compare_totals().unwrap(), [], "{column}");
        let expected = match column {
            "amount" | "paid_at" => (3, 1, 25_578),
            "channel" | "merchant" => (2, 1, 25_578),
            "requested_at" => (2, 2, 51_156),
            _ => (3, 2, 51_156),
        };
        assert_eq!(sums(&ledger), expected, "{column}");
    }
}

/// Sales of format 5: one paid in a shift, one outside of shifts that a later report includes, one
/// unpaid, one invalid; and stored totals that someone changed.
const FORMAT_5: &str = "
    INSERT INTO qris_shift (id, merchant, number, name, opened_at, opened_by)
    VALUES (7, 1, 1, 'Siti', '2020-08-07T08:00:00+07:00', 'siti');
    INSERT INTO qris_order (id, merchant, number, amount, channel, state, created_at, invoices, invoice,
        paid_invoice, shift)
    VALUES
        (1, 1, 'IN', 1000, 'pos', 'paid', '2020-08-07T11:00:00+07:00', 1, 1, 1, 7),
        (2, 1, 'OUTSIDE', 2000, 'bill', 'paid', '2020-08-07T11:00:00+07:00', 1, 2, 2, NULL),
        (3, 1, 'UNPAID', 4000, 'pos', 'expired', '2020-08-07T11:00:00+07:00', 1, 3, NULL, 7),
        (4, 1, 'X-BAD', 8000, 'pos', 'paid', '2020-08-07T11:00:00+07:00', 1, 4, 4, NULL);
    INSERT INTO qris_invoice (id, merchant, order_id, state, requested_at, qris_content,
        qris_request_date, qris_invoiceid, qris_nmid, shown_until, expires_at, watched_until, paid_at,
        final_answer_at, shift, outside_shift)
    SELECT id, 1, id, state, created_at, 'QR', created_at, id, 'ID9', created_at, created_at, created_at,
        CASE WHEN state = 'paid' THEN created_at END, created_at,
        CASE WHEN id < 3 THEN 7 END, CASE WHEN id = 2 THEN 1 ELSE 0 END
    FROM qris_order;
    INSERT INTO qris_total (merchant, day, channel, invoices, payments, paid)
    VALUES (1, '2020-08-07', 'pos', 99, 99, 99);";

/// The totals by channel and shift, and what a report adds up.
#[track_caller]
fn totals_are_made_from_the_orders(database: &TestDatabase, rows: &dyn Fn(&str) -> String) {
    for _ in 0..2 {
        let ledger = database.open();
        assert_eq!(ledger.compare_totals().unwrap(), []);
        assert_eq!(sums(&ledger), (4, 2, 3_000));
    }
    let found = rows(
        "SELECT day || ' ' || channel || ' ' || shift || ' ' || invoices || ' ' || payments || ' ' || paid
         FROM qris_total ORDER BY channel, shift",
    );
    let expected =
        ["2020-08-07 bill 0 1 1 2000", "2020-08-07 pos 0 1 0 0", "2020-08-07 pos 7 2 1 1000"];
    assert_eq!(found.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_file_of_format_5_gets_its_totals_from_its_orders_without_what_makes_no_sense() {
    let database = TestDatabase::in_a_file();
    let connection = rusqlite::Connection::open(database.path()).unwrap();
    let newer = [
        include_str!("../../src/schema/sqlite-4.sql"),
        include_str!("../../src/schema/sqlite-5.sql"),
    ];
    for schema in SCHEMAS.into_iter().chain(newer).chain([
        FORMAT_5,
        "PRAGMA ignore_check_constraints = on; UPDATE qris_order SET amount = 'a lot' WHERE id = 4;
         PRAGMA user_version = 5",
    ]) {
        connection.execute_batch(schema).unwrap();
    }
    totals_are_made_from_the_orders(&database, &|sql| {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(|row| row.unwrap() + "\n").collect()
    });
}

#[cfg(feature = "postgres")]
#[test]
fn tables_of_format_5_get_their_totals_from_their_orders_without_what_makes_no_sense() {
    let server = Server::start();
    let database = server.database("shop");
    let newer = [
        include_str!("../../src/schema/postgres-4.sql"),
        include_str!("../../src/schema/postgres-5.sql"),
    ];
    // SQL text in quotes is not a time where it is selected.
    let rows = FORMAT_5.replace("created_at, 'QR'", "created_at::timestamptz, 'QR'");
    server.sql(&format!(
        "SET search_path = shop; {} {} {rows}
         ALTER TABLE qris_order DISABLE TRIGGER USER; UPDATE qris_order SET amount = -5 WHERE id = 4;
         ALTER TABLE qris_order ENABLE TRIGGER USER;
         CREATE TABLE qris_format (format BIGINT NOT NULL); INSERT INTO qris_format VALUES (5)",
        crate::migration::POSTGRES_SCHEMAS.concat(),
        newer.concat(),
    ));
    totals_are_made_from_the_orders(&database, &|sql| {
        let found = server.sql(&format!("SET search_path = shop; {sql}"));
        found.strip_prefix("SET\n").unwrap_or_default().to_owned()
    });
}

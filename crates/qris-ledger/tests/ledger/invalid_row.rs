//! An invalid row does not stop anything else.

use qris_api::{InvoiceId, PaymentDetails};
use qris_ledger::{Actor, Budget, Error, Ledger, MerchantRowId, Settlement};

use crate::TestDatabase;
use crate::postgres::Server;
use crate::properties::{at, number, paid, pending};

/// Values that a mistake or a damaged disk may leave in the rows of X-BAD: table, column, value.
const DAMAGE: [(&str, &str, &str); 13] = [
    ("qris_order", "amount", "'a lot'"),
    ("qris_order", "amount", "-5"),
    ("qris_order", "amount", "2.5"),
    ("qris_order", "channel", "'fax'"),
    ("qris_order", "state", "'sold'"),
    ("qris_order", "created_at", "'2020-08-07, about noon'"),
    ("qris_order", "overpaid", "'much'"),
    ("qris_invoice", "state", "'sold'"),
    ("qris_invoice", "requested_at", "'2020-08-07, about noon'"),
    ("qris_invoice", "qris_invoiceid", "-7"),
    ("qris_invoice", "qris_request_date", "'yesterday'"),
    ("qris_invoice", "next_check_at", "'at once'"),
    ("qris_invoice", "qris_content", "x'ff00'"),
];

/// The rows of X-BAD in a table.
fn x_bad(table: &str) -> &'static str {
    match table {
        "qris_order" => "number = 'X-BAD'",
        _ => "order_id = (SELECT id FROM qris_order WHERE number = 'X-BAD')",
    }
}

/// Three invoices. X-BAD is the first to be checked and listed.
fn three_invoices(ledger: &mut Ledger) {
    for (name, id) in [("GOOD-1", 1), ("X-BAD", 2), ("GOOD-2", 3)] {
        pending(ledger, name, id);
    }
    for (id, minute) in [(1, 16), (2, 15), (3, 17)] {
        let now = at(&format!("2020-08-07 11:{minute}:00"));
        ledger
            .record_webhook(InvoiceId::new(id), &PaymentDetails::default(), now)
            .expect("the database answer");
    }
    let now = at("2020-08-07 11:18:00");
    ledger.settle(InvoiceId::new(3), &paid("SITI"), now).expect("the database answer");
}

/// Everything that a till does. X-BAD is skipped and reported once.
#[track_caller]
fn the_others_are_as_before(database: &TestDatabase, column: &str) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:20:00");
    let numbers = |records: Vec<qris_ledger::Order>| -> Vec<String> {
        records.iter().map(|record| record.number.to_string()).collect()
    };
    assert_eq!(
        numbers(ledger.list(3).expect("the database answer")),
        ["GOOD-2", "GOOD-1"],
        "{column}"
    );
    let row = ledger.take_invalid_rows().pop().expect("X-BAD is said");
    assert_eq!((row.number.as_ref(), row.column), (Some(&number("X-BAD")), column));
    assert_eq!(ledger.take_invalid_rows(), [], "once");
    assert!(ledger.is_invalid_row(&row).expect("the database answer"));

    ledger.revive(now).expect("the database answer");
    ledger.expire(at("2020-08-07 11:14:00")).expect("the database answer");
    let claims = ledger.claim_checks(&Budget::default(), 1, now).expect("the database answer");
    assert_eq!(numbers(claims.into_iter().map(|claim| claim.order).collect()), ["GOOD-1"]);

    let day = now.date();
    assert_eq!(
        numbers(ledger.payments(day, day).expect("the database answer")),
        ["GOOD-2"],
        "{column}"
    );
    let report = ledger.report(day, day).expect("the database answer");
    let total = report.iter().map(|line| (line.payments, line.paid.get()));
    assert_eq!(total.collect::<Vec<_>>(), [(1, 25_578)], "{column}");
    let mut export = Vec::new();
    assert_eq!(ledger.export(&mut export).expect("the database answer"), 2, "{column}");

    assert!(matches!(ledger.find(&number("X-BAD")), Err(Error::Corrupt { .. })), "not absent");
    let late = ledger.settle(InvoiceId::new(1), &paid("BUDI"), now).expect("the database answer");
    assert_eq!(late, Settlement::Settled);
}

/// Someone with access to the file who bypasses the constraints.
fn by_hand(database: &TestDatabase, sql: &str) -> rusqlite::Result<()> {
    let connection = rusqlite::Connection::open(database.path())?;
    connection.pragma_update(None, "ignore_check_constraints", "on")?;
    connection.execute_batch(sql)
}

#[test]
fn an_invalid_row_is_skipped_and_reported_and_stops_no_other() {
    // SQLite itself does not check that a text is UTF-8.
    let no_text = ("qris_invoice", "qris_nmid", "CAST(x'ff' AS TEXT)");
    for (table, column, value) in DAMAGE.into_iter().chain([no_text]) {
        let database = TestDatabase::in_a_file();
        three_invoices(&mut database.open());
        by_hand(
            &database,
            &format!("UPDATE {table} SET {column} = {value} WHERE {}", x_bad(table)),
        )
        .unwrap();
        the_others_are_as_before(&database, column);
    }
}

#[test]
fn more_rows_that_make_no_sense_than_a_round_takes_keep_no_other_from_its_check() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    for id in 1..=200 {
        pending(&mut ledger, &format!("INV-{id}"), id);
    }
    by_hand(
        &database,
        "UPDATE qris_invoice SET next_check_at = '2020-08-07T11:19:30+07:00';
         UPDATE qris_invoice SET next_check_at = '2020-08-07T11:19:00+07:00'
         WHERE order_id <> (SELECT id FROM qris_order WHERE number = 'INV-200');
         UPDATE qris_order SET amount = 'x' WHERE number <> 'INV-200'",
    )
    .unwrap();
    let now = at("2020-08-07 11:20:00");
    let claims = ledger.claim_checks(&Budget::default(), 2, now).unwrap();
    assert_eq!(claims.len(), 1);
    assert_eq!(claims[0].order.number, number("INV-200"));
    assert_eq!(ledger.take_invalid_rows().len(), 199);
}

#[test]
fn a_page_of_an_export_without_a_row_that_makes_sense_is_not_its_end() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    pending(&mut ledger, "Z-LAST", 1);
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
        INSERT INTO qris_order (id, merchant, number, amount, channel, state, created_at, invoices,
            invoice)
        SELECT -i, 1, 'A-' || i, 'x', 'pos', 'requested', '2020-08-07T11:13:42+07:00', 1, -i FROM n;
        INSERT INTO qris_order (id, merchant, number, amount, channel, state, created_at)
        VALUES (-3000, 1, x'00ff', 1, 'pos', 'requested', '2020-08-07T11:13:42+07:00');
        INSERT INTO qris_invoice (id, merchant, order_id, state, requested_at)
        SELECT id, 1, id, 'requested', created_at FROM qris_order WHERE id < 0";
    by_hand(&database, rows).unwrap();
    assert_eq!(ledger.export(&mut Vec::new()).unwrap(), 1);
    assert_eq!(ledger.take_invalid_rows().len(), 2_501);
    // A sweep skips the unreadable number and processes the others.
    assert_eq!(
        ledger.abandon(at("2020-08-07 11:20:00"), at("2020-08-07 11:20:00")).unwrap().len(),
        2_500
    );
}

#[test]
fn a_line_of_the_history_that_makes_no_sense_hides_no_other() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let line = "INSERT INTO qris_event (order_id, at, state) VALUES (1, 'noon', 'paid')";
    by_hand(&database, line).unwrap();
    assert_eq!(ledger.events(&number("INV-1")).unwrap().len(), 2);
    let row = ledger.take_invalid_rows().pop().expect("the line is said");
    assert_eq!(row.to_string(), "the at in the row of INV-1 makes no sense");
}

#[test]
fn a_row_that_a_person_has_corrected_is_no_longer_set_aside() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    by_hand(&database, "UPDATE qris_order SET amount = 'x'").unwrap();
    ledger.list(10).unwrap();
    let row = ledger.take_invalid_rows().pop().expect("it is said");
    by_hand(&database, "UPDATE qris_order SET amount = 25578").unwrap();
    assert!(!ledger.is_invalid_row(&row).unwrap());
}

#[test]
fn whether_a_row_was_corrected_is_known_whichever_merchants_it_is_and_nothing_else_is_forgotten() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    let kiosk = ledger.merchant(&"kiosk".parse().unwrap()).unwrap();
    ledger.act_for(kiosk, &Actor::default());
    pending(&mut ledger, "THEIRS", 1);
    pending(&mut ledger, "THEIRS-2", 2);
    by_hand(&database, "UPDATE qris_order SET amount = 'x'").unwrap();
    ledger.list(10).unwrap();
    let rows = ledger.take_invalid_rows();
    assert_eq!(rows.len(), 2);
    // Another connection, or the same one, has another merchant selected when it is asked.
    ledger.act_for(MerchantRowId::MAIN, &Actor::default());
    assert!(ledger.is_invalid_row(&rows[0]).unwrap());
    by_hand(&database, "UPDATE qris_order SET amount = 25578 WHERE number = 'THEIRS'").unwrap();
    assert!(!ledger.is_invalid_row(&rows[0]).unwrap());
    ledger.act_for(kiosk, &Actor::default());
    ledger.list(10).unwrap();
    assert!(!ledger.is_invalid_row(&rows[0]).unwrap());
    assert_eq!(ledger.take_invalid_rows(), [rows[1].clone()], "what was not told yet is told");
}

#[test]
fn the_file_refuses_a_row_that_makes_no_sense() {
    let database = TestDatabase::in_a_file();
    pending(&mut database.open(), "INV-1", 1);
    let connection = rusqlite::Connection::open(database.path()).unwrap();
    for (table, column, value) in DAMAGE {
        let sql = format!("UPDATE {table} SET {column} = {value}");
        connection.execute(&sql, []).expect_err(&sql);
        let sql = format!(
            "CREATE TEMP TABLE copy AS SELECT * FROM {table};
             UPDATE copy SET id = 99, {column} = {value};
             INSERT INTO {table} SELECT * FROM copy"
        );
        connection.execute_batch(&sql).expect_err(&sql);
        connection.execute_batch("DROP TABLE copy").unwrap();
    }
    for value in ["''", "'kasir' || char(10)", "x'41'"] {
        let sql = format!("UPDATE qris_order SET number = {value}");
        connection.execute_batch(&sql).expect_err(&sql);
    }
    let event = "INSERT INTO qris_event (order_id, at, state) VALUES (1, 'noon', 'paid')";
    connection.execute(event, []).unwrap_err();
}

#[test]
fn the_server_refuses_a_row_that_makes_no_sense_and_one_that_is_there_stops_no_other() {
    let server = Server::start();
    for (at, (table, column, value)) in [
        ("qris_order", "amount", "-5"),
        ("qris_invoice", "qris_invoiceid", "-7"),
        ("qris_invoice", "qris_request_date", "'infinity'"),
    ]
    .into_iter()
    .enumerate()
    {
        let schema = format!("shop_{at}");
        let database = server.database(&schema);
        three_invoices(&mut database.open());
        let row = x_bad(table).replace("qris_order", &format!("{schema}.qris_order"));
        let damage = format!("UPDATE {schema}.{table} SET {column} = {value} WHERE {row}");
        let refused = format!(
            "DO $$ BEGIN {damage}; EXCEPTION WHEN raise_exception THEN
             CREATE TABLE {schema}.refused AS SELECT SQLERRM; END $$"
        );
        server.sql(&refused);
        assert_eq!(server.sql(&format!("SELECT count(*) FROM {schema}.refused")), "1");
        server.sql(&format!("ALTER TABLE {schema}.{table} DISABLE TRIGGER USER; {damage}"));
        server.sql(&format!("ALTER TABLE {schema}.{table} ENABLE TRIGGER USER"));
        the_others_are_as_before(&database, column);
    }
}

//! The same tests on PostgreSQL, and tests for PostgreSQL only.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use qris_api::{InvoiceId, Rupiah};
use qris_ledger::{Channel, Error, Ledger, Settlement, State, Unanswered};

use crate::postgres::{Proxy, Server};
use crate::properties::{at, content, number, paid, pending, state};
use crate::{OneCode as _, SHARED_TESTS, TestDatabase};

impl Server {
    #[track_caller]
    pub(crate) fn database(&self, schema: &str) -> TestDatabase {
        TestDatabase { folder: tempfile::tempdir().expect("a folder"), url: self.url(schema) }
    }
}

#[test]
fn every_shared_test_passes_on_postgresql() {
    let server = Server::start();
    let broken: Vec<&str> = SHARED_TESTS
        .iter()
        .enumerate()
        .filter(|(at, (_, test))| {
            let database = server.database(&format!("test_{at}"));
            catch_unwind(AssertUnwindSafe(|| test(&database))).is_err()
        })
        .map(|(_, (name, _))| *name)
        .collect();
    assert_eq!(broken, <[&str; 0]>::default());
}

#[test]
fn the_server_names_columns_like_the_reply_guards_its_events_and_survives_a_fall() {
    let server = Server::start();
    let database = server.database("shop");
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 41_325_511_100);
    let row = server.sql(
        "SET timezone = 'Asia/Jakarta'; SELECT qris_content, qris_request_date, qris_invoiceid,
         qris_nmid FROM shop.qris_invoice",
    );
    let expected = format!(
        "SET\n{}|2020-08-07 11:13:42+07|41325511100|ID1020021181745",
        content(41_325_511_100)
    );
    assert_eq!(row, expected);
    for statement in ["UPDATE shop.qris_event SET state = 'paid'", "TRUNCATE shop.qris_event"] {
        let sql = format!(
            "DO $$ BEGIN {statement}; EXCEPTION WHEN raise_exception THEN
             CREATE TEMP TABLE refused AS SELECT SQLERRM AS words; END $$; SELECT words FROM refused"
        );
        assert_eq!(server.sql(&sql), "DO\nqris_event is append-only");
    }

    let now = at("2020-08-07 11:14:00");
    let shift = ledger.open_shift("Siti", now).unwrap();
    ledger.close_shift(shift.id, Unanswered::Refuse, now).unwrap();
    for (statement, refusal) in [
        ("UPDATE shop.qris_shift SET paid = 1", "a closed shift is not changed"),
        ("DELETE FROM shop.qris_shift", "a shift is not deleted"),
    ] {
        let sql = format!(
            "DO $$ BEGIN {statement}; EXCEPTION WHEN raise_exception THEN
             CREATE TEMP TABLE refused AS SELECT SQLERRM AS words; END $$; SELECT words FROM refused"
        );
        assert_eq!(server.sql(&sql), format!("DO\n{refusal}"));
    }

    // The server is killed and restarted: the data is there, and the same ledger continues.
    server.stop();
    let now = at("2020-08-07 11:20:00");
    let request = ledger.ask(&number("INV-2"), Rupiah::new(100), Channel::Pos, now);
    assert_eq!(
        request.unwrap_err().to_string(),
        "the database server could not be reached: try again, and check what was recorded",
    );
    server.resume();
    assert_eq!(state(&ledger, "INV-1"), State::Pending);
    let settled = ledger.settle(InvoiceId::new(41_325_511_100), &paid("SITI"), now).unwrap();
    assert_eq!(settled, Settlement::Settled);

    // A database of a later version is not changed.
    server.sql("INSERT INTO shop.qris_format VALUES (7)");
    let error = Ledger::connect(&database.url).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected ledger format 6 or older, found 7: update this program",
    );
}

#[test]
fn tables_of_each_older_format_are_brought_up_to_date_with_all_that_is_in_them() {
    let server = Server::start();
    let schemas = [
        include_str!("../../src/schema/postgres-2.sql"),
        include_str!("../../src/schema/postgres-3.sql"),
    ];
    for (count, format) in [(1, 2), (2, 3)] {
        let schema = format!("shop_{format}");
        let database = server.database(&schema);
        server.sql(&format!(
            "SET search_path = {schema}; {} CREATE TABLE qris_format (format BIGINT NOT NULL);
             INSERT INTO qris_format VALUES ({format}); {}",
            schemas[..count].concat(),
            crate::file::OLD_ROWS,
        ));
        crate::file::old_rows_are_whole(&database);
        assert_eq!(server.sql(&format!("SELECT max(format) FROM {schema}.qris_format")), "6");
    }
}

#[tokio::test]
async fn a_ledger_may_be_used_and_dropped_inside_an_async_runtime() {
    let server = Server::start();
    let mut ledger = server.database("shop").open();
    pending(&mut ledger, "INV-1", 1);
    assert_eq!(ledger.list(10).unwrap().len(), 1);
    drop(ledger);
}

#[test]
fn a_server_with_an_untrusted_certificate_gets_no_data() {
    let server = Server::start();
    let (_, url) = server.with_tls("shop");
    let error = Ledger::connect(&url).unwrap_err();
    let Error::Unreachable(cause) = error else { panic!("{error}") };
    let words = format!("{cause:?}");
    assert!(words.contains("InvalidCertificate(UnknownIssuer)"), "{words}");
}

/// Stops answering at the first write.
struct FallsSilent<'a>(&'a Proxy);

impl std::io::Write for FallsSilent<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.fall_silent();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_server_that_neither_answers_nor_breaks_is_given_up_and_the_next_call_uses_a_new_connection() {
    let server = Server::start();
    let (network, url) = server.over_a_network("shop");
    let mut ledger = Ledger::connect(&url).unwrap();
    pending(&mut ledger, "INV-1", 1);
    pending(&mut ledger, "INV-2", 2);
    let silent_for = |ledger: &mut Ledger, call: &dyn Fn(&mut Ledger) -> Result<(), Error>| {
        let started = Instant::now();
        let error = call(ledger).unwrap_err();
        assert!(matches!(error, Error::Unreachable(_)), "{error}");
        started.elapsed()
    };
    // In the middle of a transaction.
    let export = |ledger: &mut Ledger| ledger.export(&mut FallsSilent(&network)).map(drop);
    let elapsed = silent_for(&mut ledger, &export);
    assert!(elapsed < Duration::from_secs(20), "{elapsed:?}");
    network.speak();
    assert_eq!(ledger.list(10).unwrap().len(), 2);
    // Between two transactions: neither the kept connection nor a new one answers.
    network.fall_silent();
    let settle = |ledger: &mut Ledger| {
        ledger.settle(InvoiceId::new(1), &paid("SITI"), at("2020-08-07 11:20:00")).map(drop)
    };
    let elapsed = silent_for(&mut ledger, &settle);
    assert!(elapsed < Duration::from_secs(20), "{elapsed:?}");
    network.speak();
    settle(&mut ledger).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Paid);
}

#[test]
fn a_server_that_takes_no_writes_any_more_is_left_for_the_one_that_does() {
    let server = Server::start();
    let mut ledger = server.database("shop").open();
    pending(&mut ledger, "INV-1", 1);
    // As in a failover: open sessions become read-only, new ones can write.
    server.sql("ALTER DATABASE postgres SET default_transaction_read_only = off");
    server.sql("ALTER SYSTEM SET default_transaction_read_only = on");
    server.sql("SELECT pg_reload_conf()");
    let now = at("2020-08-07 11:20:00");
    let mut settle = || ledger.settle(InvoiceId::new(1), &paid("SITI"), now);
    let started = Instant::now();
    let error = loop {
        // The open session notices it a moment later.
        match settle() {
            Err(error) => break error,
            Ok(_) => assert!(started.elapsed() < Duration::from_secs(10), "it can still write"),
        }
    };
    assert!(error.is_transient(), "{error}");
    assert_eq!(error.to_string(), "the database is read-only: make it writable, then try again");
    assert!(settle().is_ok());
}

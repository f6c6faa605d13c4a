//! Tests for SQLite files only.

use std::thread;

use qris_api::{InvoiceId, PaymentDetails, Rupiah};
use qris_ledger::{
    Budget, Channel, Error, Ledger, PayKey, PayLinks, Settlement, State, Unanswered,
};

use crate::disk::Disk;
use crate::properties::{SCHEDULE, at, booked, content, number, paid, pending, state};
use crate::{OneCode as _, TestDatabase};

#[test]
fn the_columns_are_named_like_the_fields_of_the_reply_and_the_time_keeps_its_offset() {
    let database = TestDatabase::in_a_file();
    pending(&mut database.open(), "INV-1", 41_325_511_100);
    let row: (String, String, i64, String) = rusqlite::Connection::open(database.path())
        .unwrap()
        .query_row(
            "SELECT qris_content, qris_request_date, qris_invoiceid, qris_nmid FROM qris_invoice",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap();
    let expected = (
        content(41_325_511_100),
        "2020-08-07T11:13:42+07:00".to_owned(),
        41_325_511_100,
        "ID1020021181745".to_owned(),
    );
    assert_eq!(row, expected);
}

#[test]
fn events_can_be_neither_changed_nor_deleted() {
    let database = TestDatabase::in_a_file();
    pending(&mut database.open(), "INV-1", 1);
    let connection = rusqlite::Connection::open(database.path()).unwrap();
    for sql in [
        "UPDATE qris_event SET state = 'paid'",
        "DELETE FROM qris_event",
        "REPLACE INTO qris_event (id, order_id, at, state) SELECT id, order_id, at, 'paid' FROM qris_event",
    ] {
        let error = connection.execute(sql, []).unwrap_err();
        assert_eq!(error.to_string(), "qris_event is append-only");
    }
}

#[test]
fn a_closed_shift_can_be_neither_changed_nor_deleted() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    let now = at("2020-08-07 11:00:00");
    let shift = ledger.open_shift("Siti", now).unwrap();
    ledger.close_shift(shift.id, Unanswered::Refuse, now).unwrap();
    ledger.open_shift("Budi", now).unwrap();
    let connection = rusqlite::Connection::open(database.path()).unwrap();
    for (sql, refusal) in [
        (
            "UPDATE qris_shift SET paid = 1 WHERE closed_at IS NOT NULL",
            "a closed shift is not changed",
        ),
        (
            "UPDATE qris_shift SET closed_at = NULL WHERE closed_at IS NOT NULL",
            "a closed shift is not changed",
        ),
        ("DELETE FROM qris_shift", "a shift is not deleted"),
        (
            "INSERT OR REPLACE INTO qris_shift (id, merchant, number, name, opened_at, opened_by)
             SELECT id, merchant, number, name, opened_at, opened_by FROM qris_shift",
            "a shift is not replaced",
        ),
        (
            "REPLACE INTO qris_shift (merchant, number, name, opened_at, opened_by)
             SELECT merchant, number, name, opened_at, opened_by FROM qris_shift",
            "a shift is not replaced",
        ),
        (
            "UPDATE OR REPLACE qris_shift SET id = (SELECT min(id) FROM qris_shift)
             WHERE closed_at IS NULL",
            "a shift keeps its number",
        ),
    ] {
        let error = connection.execute(sql, []).unwrap_err();
        assert_eq!(error.to_string(), refusal);
    }
}

#[test]
fn a_file_of_a_later_version_is_left_alone() {
    let database = TestDatabase::in_a_file();
    drop(database.open());
    let connection = rusqlite::Connection::open(database.path()).unwrap();
    connection.pragma_update(None, "user_version", 7).unwrap();
    let error = Ledger::open(database.path()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected ledger format 6 or older, found 7: update this program",
    );
}

#[test]
fn a_file_that_is_no_database_is_refused_and_not_overwritten() {
    let database = TestDatabase::in_a_file();
    let text = "number;amount\n".repeat(100);
    std::fs::write(database.path(), &text).unwrap();
    let error = Ledger::open(database.path()).unwrap_err();
    assert!(matches!(error, Error::Database(_)), "{error}");
    assert_eq!(std::fs::read_to_string(database.path()).unwrap(), text);
}

#[test]
fn a_file_of_the_first_version_is_brought_up_to_date_with_all_that_is_in_it() {
    let database = TestDatabase::in_a_file();
    let connection = rusqlite::Connection::open(database.path()).unwrap();
    connection.execute_batch(include_str!("../../src/schema/sqlite-1.sql")).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    let row = "INSERT INTO qris_invoice (number, amount, channel, state, requested_at)
               VALUES ('INV-1', 25578, 'pos', 'requested', '2020-08-07T11:13:42+07:00')";
    connection.execute(row, []).unwrap();
    drop(connection);
    let mut ledger = database.open();
    assert_eq!(booked(&ledger, "INV-1").created_at, at("2020-08-07 11:13:42"));
    let now = at("2020-08-07 11:14:00");
    ledger
        .made(&crate::properties::invoice("INV-1", 1, "2020-08-07 11:13:42"), &SCHEDULE, now)
        .unwrap();
    ledger.record_webhook(InvoiceId::new(1), &PaymentDetails::default(), now).unwrap();
    assert_eq!(ledger.claim_checks(&Budget::default(), 10, now).unwrap().len(), 1);
}

#[test]
fn slots_are_free_again_after_a_minute_and_not_a_second_before() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    for id in 1..=4 {
        pending(&mut ledger, &format!("INV-{id}"), id);
        ledger
            .record_webhook(
                InvoiceId::new(id),
                &PaymentDetails::default(),
                at("2020-08-07 11:19:00"),
            )
            .unwrap();
    }
    let budget = Budget::default().with_checks_per_minute(2);
    let mut claimed = |now: &str| ledger.claim_checks(&budget, 10, at(now)).unwrap().len();
    assert_eq!(claimed("2020-08-07 11:20:00"), 2);
    assert_eq!(claimed("2020-08-07 11:20:59"), 0);
    assert_eq!(claimed("2020-08-07 11:21:02"), 2);
}

#[test]
fn slots_taken_before_the_clock_was_set_back_delay_checks_by_at_most_a_minute() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    for id in 1..=2 {
        pending(&mut ledger, &format!("INV-{id}"), id);
        ledger
            .record_webhook(
                InvoiceId::new(id),
                &PaymentDetails::default(),
                at("2020-08-07 11:19:00"),
            )
            .unwrap();
    }
    let budget = Budget::default().with_checks_per_minute(1);
    assert_eq!(ledger.claim_checks(&budget, 10, at("2020-08-07 18:00:00")).unwrap().len(), 1);
    let mut claimed = |now: &str| ledger.claim_checks(&budget, 10, at(now)).unwrap().len();
    // It may have been taken within this minute.
    assert_eq!(claimed("2020-08-07 11:20:00"), 0);
    assert_eq!(claimed("2020-08-07 11:21:02"), 1);
}

#[test]
fn a_backup_made_while_a_till_writes_is_whole_and_opens() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let copy = database.path().with_extension("copy");
    std::fs::write(&copy, "what an earlier backup left").unwrap();
    thread::scope(|scope| {
        let mut writer = database.open();
        scope.spawn(move || {
            for name in 0..200 {
                let now = at("2020-08-07 11:20:00");
                let number = number(&format!("N-{name}"));
                writer.ask(&number, Rupiah::new(100), Channel::Pos, now).unwrap();
            }
        });
        ledger.backup(&copy).unwrap();
    });
    let copied = Ledger::open(&copy).unwrap();
    assert_eq!(state(&copied, "INV-1"), State::Pending);
    for record in copied.list(1_000).unwrap() {
        assert!(!copied.events(&record.number).unwrap().is_empty(), "{}", record.number);
    }
}

#[cfg(unix)]
#[test]
fn a_new_file_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    for name in ["qris.db", "qris.db-wal", "qris.db-shm"] {
        let file = std::fs::metadata(database.path().with_file_name(name)).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_full_disk_refuses_the_step_keeps_the_rest_and_goes_on_when_there_is_room() {
    let disk = Disk::of_kib(1_024);
    let mut ledger = Ledger::open(disk.path().join("qris.db")).unwrap();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    let mut booked_before = 1;
    let refused = (0..10_000).find_map(|name| {
        let number = number(&format!("N-{name}"));
        let error = ledger.ask(&number, Rupiah::new(100), Channel::Pos, now).err();
        booked_before += u32::from(error.is_none());
        error.map(|error| (number, error))
    });
    let (number, error) = refused.expect("a disk of 1 MiB is full some time");
    assert_eq!(error.to_string(), "the database's disk is full: free some space, then try again");
    assert_eq!(ledger.find(&number).unwrap(), None);
    assert_eq!(ledger.list(20_000).unwrap().len() as u32, booked_before);
    disk.resize_to_kib(8_192);
    let settled = ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap();
    assert_eq!(settled, Settlement::Settled);
}

/// A file of an older format with an invoice in each state.
fn books_of_format(format: usize) -> TestDatabase {
    let database = TestDatabase::in_a_file();
    let connection = rusqlite::Connection::open(database.path()).unwrap();
    for schema in &SCHEMAS[..format] {
        connection.execute_batch(schema).unwrap();
    }
    connection.pragma_update(None, "user_version", format as i64).unwrap();
    connection.execute_batch(OLD_ROWS).unwrap();
    database
}

pub(crate) const SCHEMAS: [&str; 3] = [
    include_str!("../../src/schema/sqlite-1.sql"),
    include_str!("../../src/schema/sqlite-2.sql"),
    include_str!("../../src/schema/sqlite-3.sql"),
];

/// PAID was valid for an hour; PENDING, made before midnight, for ten minutes.
pub(crate) const OLD_ROWS: &str = "
    INSERT INTO qris_invoice (number, amount, channel, state, requested_at, qris_content,
        qris_request_date, qris_invoiceid, qris_nmid, expires_at, paid_at, method, customer_name)
    VALUES
    ('PAID', 100, 'pos', 'paid', '2020-08-07T11:13:40+07:00', 'A', '2020-08-07T11:13:42+07:00', 1,
     'ID1', '2020-08-07T12:13:42+07:00', '2020-08-07T11:15:00+07:00', 'BCA', 'SITI'),
    ('PENDING', 100, 'pos', 'pending', '2020-08-07T23:40:00+07:00', 'B',
     '2020-08-07T23:40:01+07:00', 2, 'ID2', '2020-08-08T00:40:01+07:00', NULL, NULL, NULL),
    ('SHORT', 100, 'pos', 'pending', '2020-08-07T23:30:00+07:00', 'C',
     '2020-08-07T23:30:00+07:00', 3, 'ID1', '2020-08-07T23:40:00+07:00', NULL, NULL, NULL);
    INSERT INTO qris_invoice (number, amount, channel, state, requested_at)
    VALUES ('UNKNOWN', 100, 'bill', 'unknown', '2020-08-07T09:00:00+07:00');
    INSERT INTO qris_event (number, at, state)
    VALUES ('PAID', '2020-08-07T11:15:00+07:00', 'paid');";

/// The expected values of these rows in the newest format.
#[track_caller]
pub(crate) fn old_rows_are_whole(database: &TestDatabase) {
    let mut ledger = database.open();
    let record = booked(&ledger, "PAID");
    let details = record.payment.details().expect("a payment");
    assert_eq!(details.customer_name.as_deref(), Some("SITI"));
    assert_eq!((&details.rrn, &details.note, &details.api_version), (&None, &None, &None));
    assert_eq!(record.shown_until, Some(at("2020-08-07 11:43:42")));
    assert_eq!(record.expires_at, Some(at("2020-08-07 12:13:42")));
    let events = ledger.events(&number("PAID")).unwrap();
    assert_eq!((events.len(), events[0].state, &events[0].detail), (1, State::Paid, &None));
    let shown_until = |name: &str| booked(&ledger, name).shown_until;
    assert_eq!(shown_until("PENDING"), Some(at("2020-08-08 00:10:01")));
    assert_eq!(shown_until("SHORT"), Some(at("2020-08-07 23:40:00")), "no longer than it is valid");
    assert_eq!(shown_until("UNKNOWN"), None);
    assert_eq!(state(&ledger, "UNKNOWN"), State::Unknown);
    let now = at("2020-08-08 00:10:00");
    assert_eq!(ledger.expire(now).unwrap(), [number("SHORT")]);
    assert_eq!(ledger.settle(InvoiceId::new(2), &paid("BUDI"), now).unwrap(), Settlement::Settled);
    // The NMID of the newest invoice is the account's.
    ledger.ask(&number("NEXT"), Rupiah::new(25_578), Channel::Pos, now).unwrap();
    let next = crate::properties::invoice("NEXT", 9, "2020-08-08 00:10:00");
    let error = ledger.made(&next, &SCHEDULE, now).unwrap_err();
    assert!(matches!(&error, Error::OtherNmid { booked, .. } if booked == "ID2"), "{error}");
}

#[test]
fn a_file_of_each_older_format_is_brought_up_to_date_with_all_that_is_in_it() {
    (1..=SCHEMAS.len()).for_each(|format| old_rows_are_whole(&books_of_format(format)));
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_taken_from_them_when_it_is_opened() {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    let database = TestDatabase::in_a_file();
    let mut first = database.open();
    pending(&mut first, "INV-1", 1);
    let paths =
        ["qris.db", "qris.db-wal", "qris.db-shm"].map(|name| database.path().with_file_name(name));
    for path in &paths {
        set_permissions(path, Permissions::from_mode(0o644)).unwrap();
    }
    let second = database.open();
    assert!(second.is_private());
    for path in &paths {
        assert_eq!(metadata(path).unwrap().permissions().mode() & 0o777, 0o600, "{path:?}");
    }

    // A file that is not a database is not changed.
    let text = database.path().with_file_name("list.csv");
    std::fs::write(&text, "number;amount\n".repeat(100)).unwrap();
    set_permissions(&text, Permissions::from_mode(0o644)).unwrap();
    Ledger::open(&text).unwrap_err();
    assert_eq!(metadata(&text).unwrap().permissions().mode() & 0o777, 0o644);
}

#[test]
fn a_file_that_is_up_to_date_opens_and_is_read_while_another_process_writes() {
    let database = TestDatabase::in_a_file();
    pending(&mut database.open(), "INV-1", 1);
    let writer = rusqlite::Connection::open(database.path()).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(state(&database.open(), "INV-1"), State::Pending);
}

#[test]
fn where_no_bill_link_or_old_delivery_waits_that_is_known_while_another_process_writes() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    ledger.set_pay_links(Some(PayLinks::new(PayKey::from_bytes(&[1; 32]), None)));
    pending(&mut ledger, "INV-1", 1);
    let writer = rusqlite::Connection::open(database.path()).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    let started = std::time::Instant::now();
    let now = at("2020-08-08 11:13:42");
    assert!(!ledger.are_bills_due(now).unwrap());
    assert_eq!(ledger.add_pay_links(0).unwrap(), Some(1));
    assert_eq!(ledger.delete_old_deliveries(100, now).unwrap(), 0);
    // A write would wait ten seconds and fail.
    assert!(started.elapsed() < std::time::Duration::from_secs(5));
}

#[cfg(unix)]
#[test]
fn a_file_that_is_replaced_or_deleted_while_open_is_noticed_and_nothing_is_written() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let away = database.path().with_file_name("away.db");
    let copy = database.path().with_file_name("copy.db");
    ledger.backup(&copy).unwrap();
    let now = at("2020-08-07 11:20:00");
    let mut charge =
        |name: &str| ledger.ask(&number(name), Rupiah::new(100), Channel::Pos, now).map(drop);

    // Deleted: the path leads to no file.
    std::fs::rename(database.path(), &away).unwrap();
    assert!(matches!(charge("INV-2"), Err(Error::Replaced)));
    // An older backup in its place.
    std::fs::copy(&copy, database.path()).unwrap();
    let error = charge("INV-2").unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected the database file that was opened, found another or none at its path: put it \
         back, or stop the program before the file is replaced; never open it with another SQLite \
         library in the same program",
    );
    // The original file again.
    std::fs::rename(&away, database.path()).unwrap();
    charge("INV-2").unwrap();
    assert_eq!(ledger.list(10).unwrap().len(), 2);
}

#[cfg(unix)]
#[test]
fn a_log_that_another_sqlite_library_of_the_program_removed_is_noticed_and_nothing_is_lost() {
    let database = TestDatabase::in_a_file();
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    let charge = |ledger: &mut Ledger, name: &str| {
        ledger.ask(&number(name), Rupiah::new(100), Channel::Pos, now).map(drop)
    };
    // As that library does when it closes the file: it takes the log over, and removes it.
    let other = rusqlite::Connection::open(database.path()).unwrap();
    other.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(other);
    for end in ["-wal", "-shm"] {
        let mut file = database.path().as_os_str().to_owned();
        file.push(end);
        std::fs::remove_file(file).unwrap();
    }
    assert!(matches!(charge(&mut ledger, "INV-2"), Err(Error::Replaced)));
    // By the lost log's index it would write where nobody reads.
    let file = ledger.file_id();
    assert!(matches!(Ledger::connect_again(&database.url, file), Err(Error::Replaced)));
    drop(ledger);
    let mut again = Ledger::connect_again(&database.url, file).unwrap();
    charge(&mut again, "INV-2").unwrap();
    drop(again);
    assert_eq!(database.open().list(10).unwrap().len(), 2);
}

#[cfg(unix)]
#[test]
fn no_further_connection_is_made_to_a_file_in_the_place_of_the_first() {
    let database = TestDatabase::in_a_file();
    let ledger = database.open();
    let mut other = database.open();
    let again = Ledger::connect_again(&database.url, ledger.file_id()).unwrap();
    assert_eq!(again.file_id(), ledger.file_id());
    std::fs::remove_file(database.path()).unwrap();
    let refused = Ledger::connect_again(&database.url, ledger.file_id());
    assert!(matches!(refused, Err(Error::Replaced)));
    assert!(!database.path().exists(), "no file is made");
    assert!(matches!(other.check_writable(), Err(Error::Replaced)));
}

#[test]
fn whether_writes_succeed_is_known_on_a_full_disk_and_when_there_is_room_again() {
    let disk = Disk::of_kib(1_024);
    let mut ledger = Ledger::open(disk.path().join("qris.db")).unwrap();
    ledger.check_writable().unwrap();
    let now = at("2020-08-07 11:20:00");
    let refused = (0..10_000).find_map(|name| {
        let number = number(&format!("N-{name}"));
        ledger.ask(&number, Rupiah::new(100), Channel::Pos, now).err()
    });
    assert!(matches!(refused, Some(Error::Full)));
    assert!(matches!(ledger.check_writable(), Err(Error::Full)));
    disk.resize_to_kib(8_192);
    ledger.check_writable().unwrap();
}

#[test]
fn a_ledger_in_memory_goes_back_to_a_snapshot_with_its_budget() {
    let mut ledger = Ledger::in_memory().unwrap();
    let empty = ledger.snapshot().unwrap();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 12:13:42");
    assert_eq!(ledger.claim_checks(&Budget::default(), 10, now).unwrap().len(), 1);
    let full = ledger.snapshot().unwrap();
    ledger.restore(&empty).unwrap();
    assert_eq!(ledger.list(10).unwrap(), []);
    // The slots that were created since the snapshot are created again.
    pending(&mut ledger, "INV-2", 2);
    assert_eq!(ledger.claim_checks(&Budget::default(), 10, now).unwrap().len(), 1);
    ledger.restore(&full).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Pending);
    assert_eq!(ledger.find(&number("INV-2")).unwrap(), None);
    assert_eq!(ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap(), Settlement::Settled);
}

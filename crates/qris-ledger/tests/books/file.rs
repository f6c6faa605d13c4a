//! What holds for a SQLite file alone.

use std::thread;

use qris_api::{InvoiceId, PaymentDetails, Rupiah};
use qris_ledger::{Budget, Channel, Error, Ledger, Settlement, State};

use crate::Books;
use crate::disk::Disk;
use crate::laws::{SCHEDULE, at, booked, content, number, paid, pending, state};

#[test]
fn the_table_holds_the_names_of_the_class_text_and_keeps_the_time() {
    let books = Books::in_a_file();
    pending(&mut books.open(), "INV-1", 41_325_511_100);
    let row: (String, String, i64, String) = rusqlite::Connection::open(books.path())
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
    let books = Books::in_a_file();
    pending(&mut books.open(), "INV-1", 1);
    let connection = rusqlite::Connection::open(books.path()).unwrap();
    for sql in ["UPDATE qris_event SET state = 'paid'", "DELETE FROM qris_event"] {
        let error = connection.execute(sql, []).unwrap_err();
        assert_eq!(error.to_string(), "qris_event is append-only");
    }
}

#[test]
fn a_file_of_a_later_version_is_left_alone() {
    let books = Books::in_a_file();
    drop(books.open());
    let connection = rusqlite::Connection::open(books.path()).unwrap();
    connection.pragma_update(None, "user_version", 5).unwrap();
    let error = Ledger::open(books.path()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected ledger format 4 or older, found 5: update this program",
    );
}

#[test]
fn a_file_that_is_no_database_is_refused_and_not_overwritten() {
    let books = Books::in_a_file();
    let text = "number;amount\n".repeat(100);
    std::fs::write(books.path(), &text).unwrap();
    let error = Ledger::open(books.path()).unwrap_err();
    assert!(matches!(error, Error::Database(_)), "{error}");
    assert_eq!(std::fs::read_to_string(books.path()).unwrap(), text);
}

#[test]
fn a_file_of_the_first_version_is_brought_up_to_date_with_all_that_is_in_it() {
    let books = Books::in_a_file();
    let connection = rusqlite::Connection::open(books.path()).unwrap();
    connection.execute_batch(include_str!("../../src/schema/sqlite-1.sql")).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    let row = "INSERT INTO qris_invoice (number, amount, channel, state, requested_at)
               VALUES ('INV-1', 25578, 'pos', 'requested', '2020-08-07T11:13:42+07:00')";
    connection.execute(row, []).unwrap();
    drop(connection);
    let mut ledger = books.open();
    assert_eq!(booked(&ledger, "INV-1").requested_at, at("2020-08-07 11:13:42"));
    let now = at("2020-08-07 11:14:00");
    ledger
        .record_created(&crate::laws::invoice("INV-1", 1, "2020-08-07 11:13:42"), &SCHEDULE, now)
        .unwrap();
    ledger.hint(InvoiceId::new(1), &PaymentDetails::default(), now).unwrap();
    assert_eq!(ledger.claim_checks(&Budget::default(), 10, now).unwrap().len(), 1);
}

#[test]
fn turns_come_back_after_a_minute_and_not_a_second_before() {
    let books = Books::in_a_file();
    let mut ledger = books.open();
    for id in 1..=4 {
        pending(&mut ledger, &format!("INV-{id}"), id);
        ledger
            .hint(InvoiceId::new(id), &PaymentDetails::default(), at("2020-08-07 11:19:00"))
            .unwrap();
    }
    let budget = Budget { checks_per_minute: 2, ..Budget::default() };
    let mut claimed = |now: &str| ledger.claim_checks(&budget, 10, at(now)).unwrap().len();
    assert_eq!(claimed("2020-08-07 11:20:00"), 2);
    assert_eq!(claimed("2020-08-07 11:20:59"), 0);
    assert_eq!(claimed("2020-08-07 11:21:02"), 2);
}

#[test]
fn turns_that_a_clock_took_before_it_was_set_back_hold_nobody_up_for_hours() {
    let books = Books::in_a_file();
    let mut ledger = books.open();
    for id in 1..=2 {
        pending(&mut ledger, &format!("INV-{id}"), id);
        ledger
            .hint(InvoiceId::new(id), &PaymentDetails::default(), at("2020-08-07 11:19:00"))
            .unwrap();
    }
    let budget = Budget { checks_per_minute: 1, ..Budget::default() };
    assert_eq!(ledger.claim_checks(&budget, 10, at("2020-08-07 18:00:00")).unwrap().len(), 1);
    assert_eq!(ledger.claim_checks(&budget, 10, at("2020-08-07 11:20:00")).unwrap().len(), 1);
}

#[test]
fn a_backup_made_while_a_till_writes_is_whole_and_opens() {
    let books = Books::in_a_file();
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let copy = books.path().with_extension("copy");
    std::fs::write(&copy, "what an earlier backup left").unwrap();
    thread::scope(|scope| {
        let mut writer = books.open();
        scope.spawn(move || {
            for name in 0..200 {
                let now = at("2020-08-07 11:20:00");
                let number = number(&format!("N-{name}"));
                writer.request(&number, Rupiah::new(100), Channel::Pos, now).unwrap();
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
    let books = Books::in_a_file();
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    for name in ["qris.db", "qris.db-wal", "qris.db-shm"] {
        let file = std::fs::metadata(books.path().with_file_name(name)).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_full_disk_refuses_the_step_keeps_the_rest_and_goes_on_when_there_is_room() {
    let disk = Disk::of_kib(512);
    let mut ledger = Ledger::open(disk.path().join("qris.db")).unwrap();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    let mut booked_before = 1;
    let refused = (0..10_000).find_map(|name| {
        let number = number(&format!("N-{name}"));
        let error = ledger.request(&number, Rupiah::new(100), Channel::Pos, now).err();
        booked_before += u32::from(error.is_none());
        error.map(|error| (number, error))
    });
    let (number, error) = refused.expect("a disk of 512 KiB is full some time");
    assert_eq!(error.to_string(), "the disk of the database is full: make room, then try again");
    assert_eq!(ledger.find(&number).unwrap(), None);
    assert_eq!(ledger.list(20_000).unwrap().len() as u32, booked_before);
    disk.resize_to_kib(8_192);
    let settled = ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap();
    assert_eq!(settled, Settlement::Now);
}

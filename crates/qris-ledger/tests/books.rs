//! What a shop relies on, against a real file.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use qris_api::{Invoice, InvoiceId, Payment, Rupiah, TransactionNumber, WibTime};
use qris_ledger::{Channel, Error, Event, Ledger, Record, Request, Settlement, State};
use tempfile::TempDir;

const HOUR: Duration = Duration::from_secs(60 * 60);
const CONTENT: &str = "00020101021226680016ID.CO.TELKOM.WWW0118936008980255996627021500019525599\
    66270303UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.0055020\
    15802ID5916InterActive Corp6013KOTA SURABAYA61056013662130509413255111630439B7";

/// A ledger's file in a folder that goes when the test ends.
struct Books {
    folder: TempDir,
}

impl Books {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("qris.db")
    }

    #[track_caller]
    fn open(&self) -> Ledger {
        Ledger::open(self.path()).expect("the file opens")
    }
}

#[track_caller]
fn at(text: &str) -> WibTime {
    WibTime::parse(text).expect("a time as the API writes it")
}

#[track_caller]
fn number(text: &str) -> TransactionNumber {
    TransactionNumber::parse(text).expect("a transaction number")
}

fn invoice(number_text: &str, id: u64, made: &str) -> Invoice {
    Invoice::new(
        number(number_text),
        Rupiah::new(25_578),
        CONTENT,
        at(made),
        InvoiceId::new(id),
        "ID1020021181745",
    )
}

fn paid(by: &str) -> Payment {
    Payment::Paid {
        customer_name: Some(by.to_owned()),
        method: Some("BCA".to_owned()),
        paid_at: None,
    }
}

/// Books an invoice that waits for its payer since 11:13:42.
#[track_caller]
fn pending(ledger: &mut Ledger, number_text: &str, id: u64) {
    let made = "2020-08-07 11:13:42";
    let asked = ledger
        .request(&number(number_text), Rupiah::new(25_578), Channel::Pos, at(made))
        .expect("a new number");
    assert_eq!(asked, Request::New);
    ledger
        .created(&invoice(number_text, id, made), HOUR, at(made))
        .expect("an invoice that was asked for");
}

#[track_caller]
fn state(ledger: &Ledger, number_text: &str) -> State {
    booked(ledger, number_text).state
}

#[track_caller]
fn booked(ledger: &Ledger, number_text: &str) -> Record {
    ledger.find(&number(number_text)).expect("a readable record").expect("a booked number")
}

#[test]
fn everything_that_was_booked_is_there_after_reopening() {
    let books = Books::new();
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 41_325_511_100);
    let id = InvoiceId::new(41_325_511_100);
    ledger.schedule_check(id, Some(at("2020-08-07 11:14:42"))).unwrap();
    drop(ledger);

    let ledger = books.open();
    let record = booked(&ledger, "INV-1");
    assert_eq!(record.number, number("INV-1"));
    assert_eq!(record.amount, Rupiah::new(25_578));
    assert_eq!(record.channel, Channel::Pos);
    assert_eq!(record.state, State::Pending);
    assert_eq!(record.requested_at, at("2020-08-07 11:13:42"));
    assert_eq!(record.invoice, Some(invoice("INV-1", 41_325_511_100, "2020-08-07 11:13:42")),);
    assert_eq!(record.expires_at, Some(at("2020-08-07 12:13:42")));
    assert_eq!(record.payment, Payment::Unpaid);
    assert_eq!(record.next_check_at, Some(at("2020-08-07 11:14:42")));
    assert_eq!(ledger.find_invoice(id).unwrap(), Some(record));
}

#[test]
fn the_table_holds_the_names_of_the_class_text_and_keeps_the_time() {
    let books = Books::new();
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
        CONTENT.to_owned(),
        "2020-08-07T11:13:42+07:00".to_owned(),
        41_325_511_100,
        "ID1020021181745".to_owned(),
    );
    assert_eq!(row, expected);
}

#[test]
fn the_intent_is_in_the_file_before_the_provider_is_asked() {
    let books = Books::new();
    let mut ledger = books.open();
    let now = at("2020-08-07 11:13:40");
    ledger.request(&number("INV-1"), Rupiah::new(25_578), Channel::Bill, now).unwrap();
    // Another connection sees it while the first is still open, as after a crash.
    let record = booked(&books.open(), "INV-1");
    assert_eq!(record.state, State::Requested);
    assert_eq!(record.invoice, None);
    assert_eq!(record.channel, Channel::Bill);
}

#[test]
fn the_same_number_and_amount_give_the_live_invoice_again() {
    let books = Books::new();
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let again = ledger
        .request(&number("INV-1"), Rupiah::new(25_578), Channel::Pos, at("2020-08-07 11:20:00"))
        .unwrap();
    assert_eq!(again, Request::Known(Box::new(booked(&ledger, "INV-1"))));
    assert_eq!(ledger.events(&number("INV-1")).unwrap().len(), 2);
}

#[test]
fn the_same_number_with_another_amount_is_a_conflict_and_changes_nothing() {
    let books = Books::new();
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let before = booked(&ledger, "INV-1");
    let now = at("2020-08-07 11:20:00");
    let error =
        ledger.request(&number("INV-1"), Rupiah::new(30_000), Channel::Pos, now).unwrap_err();
    assert_eq!(
        error.to_string(),
        "this number is booked with Rp25578, found Rp30000: use a new number for a new amount",
    );
    assert_eq!(booked(&ledger, "INV-1"), before);
}

#[test]
fn a_refused_number_may_be_asked_for_again_with_another_amount() {
    let books = Books::new();
    let mut ledger = books.open();
    let now = at("2020-08-07 11:13:42");
    let one = number("INV-1");
    ledger.request(&one, Rupiah::new(5), Channel::Pos, now).unwrap();
    ledger.rejected(&one, now).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Rejected);
    pending(&mut ledger, "INV-1", 1);
    assert_eq!(booked(&ledger, "INV-1").amount, Rupiah::new(25_578));
    let states: Vec<State> = ledger.events(&one).unwrap().iter().map(|event| event.state).collect();
    assert_eq!(states, [State::Requested, State::Rejected, State::Requested, State::Pending],);
}

#[test]
fn an_invoice_whose_making_was_unknown_may_be_found_after_all() {
    let books = Books::new();
    let mut ledger = books.open();
    let now = at("2020-08-07 11:13:42");
    ledger.request(&number("INV-1"), Rupiah::new(25_578), Channel::Pos, now).unwrap();
    ledger.unknown(&number("INV-1"), now).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Unknown);
    ledger.created(&invoice("INV-1", 1, "2020-08-07 11:13:42"), HOUR, now).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Pending);
}

#[test]
fn an_invoice_id_belongs_to_one_number() {
    let books = Books::new();
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 7);
    let now = at("2020-08-07 11:20:00");
    ledger.request(&number("INV-2"), Rupiah::new(25_578), Channel::Pos, now).unwrap();
    let error = ledger.created(&invoice("INV-2", 7, "2020-08-07 11:20:00"), HOUR, now).unwrap_err();
    assert!(matches!(error, Error::InvoiceIdTaken), "{error}");
    assert_eq!(state(&ledger, "INV-2"), State::Requested);
}

#[test]
fn an_invoice_of_another_amount_than_asked_for_is_not_booked() {
    let books = Books::new();
    let mut ledger = books.open();
    let now = at("2020-08-07 11:20:00");
    ledger.request(&number("INV-1"), Rupiah::new(100), Channel::Pos, now).unwrap();
    let error = ledger.created(&invoice("INV-1", 7, "2020-08-07 11:20:00"), HOUR, now).unwrap_err();
    let Error::Conflict { booked, asked } = error else {
        panic!("{error}");
    };
    assert_eq!((booked, asked), (Rupiah::new(100), Rupiah::new(25_578)));
}

#[test]
fn a_payment_is_booked_once_with_who_how_and_when() {
    let books = Books::new();
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let id = InvoiceId::new(1);
    ledger.schedule_check(id, Some(at("2020-08-07 11:14:42"))).unwrap();
    let first = ledger.settle(id, &paid("SITI"), at("2020-08-07 11:20:00")).unwrap();
    let second = ledger.settle(id, &paid("BUDI"), at("2020-08-07 11:21:00")).unwrap();
    assert_eq!((first, second), (Settlement::Now, Settlement::Earlier));
    let record = booked(&ledger, "INV-1");
    assert_eq!(record.state, State::Paid);
    assert_eq!(
        record.payment,
        Payment::Paid {
            customer_name: Some("SITI".to_owned()),
            method: Some("BCA".to_owned()),
            paid_at: Some(at("2020-08-07 11:20:00")),
        },
    );
    assert_eq!(record.next_check_at, None);
}

#[test]
fn the_providers_word_on_the_time_of_payment_goes_before_the_ledgers() {
    let books = Books::new();
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let payment = Payment::Paid {
        customer_name: None,
        method: None,
        paid_at: Some(at("2020-08-07 11:15:01")),
    };
    ledger.settle(InvoiceId::new(1), &payment, at("2020-08-07 11:20:00")).unwrap();
    assert_eq!(booked(&ledger, "INV-1").payment, payment);
}

#[test]
fn an_unpaid_reply_settles_nothing() {
    let books = Books::new();
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    let settlement = ledger.settle(InvoiceId::new(1), &Payment::Unpaid, now).unwrap();
    assert_eq!(settlement, Settlement::Unpaid);
    assert_eq!(state(&ledger, "INV-1"), State::Pending);
}

#[test]
fn a_payment_for_an_invoice_that_is_not_booked_is_said_to_be_absent() {
    let books = Books::new();
    let now = at("2020-08-07 11:20:00");
    let error = books.open().settle(InvoiceId::new(99), &paid("SITI"), now).unwrap_err();
    assert!(matches!(error, Error::Absent), "{error}");
}

#[test]
fn an_invoice_expires_at_the_end_of_its_validity_and_not_a_second_before() {
    let books = Books::new();
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    assert_eq!(ledger.expire(at("2020-08-07 12:13:41")).unwrap(), 0);
    assert_eq!(state(&ledger, "INV-1"), State::Pending);
    assert_eq!(ledger.expire(at("2020-08-07 12:13:42")).unwrap(), 1);
    assert_eq!(state(&ledger, "INV-1"), State::Expired);
    assert_eq!(ledger.expire(at("2020-08-07 12:13:43")).unwrap(), 0);
}

#[test]
fn a_late_payment_settles_an_expired_invoice() {
    let books = Books::new();
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    ledger.expire(at("2020-08-07 12:20:00")).unwrap();
    let late = at("2020-08-07 12:21:00");
    let settlement = ledger.settle(InvoiceId::new(1), &paid("SITI"), late).unwrap();
    assert_eq!(settlement, Settlement::Now);
    let history = ledger.events(&number("INV-1")).unwrap();
    let history: Vec<(String, State)> =
        history.iter().map(|&Event { at, state, .. }| (at.to_api_text(), state)).collect();
    assert_eq!(
        history,
        [
            ("2020-08-07 11:13:42".to_owned(), State::Requested),
            ("2020-08-07 11:13:42".to_owned(), State::Pending),
            ("2020-08-07 12:20:00".to_owned(), State::Expired),
            ("2020-08-07 12:21:00".to_owned(), State::Paid),
        ],
    );
}

#[test]
fn money_for_a_cancelled_invoice_is_booked_because_its_code_could_not_be_withdrawn() {
    let books = Books::new();
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    ledger.cancel(&number("INV-1"), now).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Cancelled);
    let settlement = ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap();
    assert_eq!(settlement, Settlement::Now);
    assert_eq!(state(&ledger, "INV-1"), State::Paid);
}

#[test]
fn a_paid_invoice_can_be_neither_cancelled_nor_expired_nor_created_again() {
    let books = Books::new();
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 23:00:00");
    ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap();
    let before = booked(&ledger, "INV-1");
    assert_eq!(
        ledger.cancel(&number("INV-1"), now).unwrap_err().to_string(),
        "expected an invoice that is pending, found it paid",
    );
    assert_eq!(
        ledger
            .created(&invoice("INV-1", 1, "2020-08-07 11:13:42"), HOUR, now)
            .unwrap_err()
            .to_string(),
        "expected an invoice that is requested, found it paid",
    );
    assert_eq!(
        ledger.rejected(&number("INV-1"), now).unwrap_err().to_string(),
        "expected an invoice that is requested, found it paid",
    );
    assert_eq!(ledger.expire(now).unwrap(), 0);
    ledger.schedule_check(InvoiceId::new(1), Some(now)).unwrap();
    assert_eq!(booked(&ledger, "INV-1"), before);
}

#[test]
fn every_step_on_a_number_that_is_not_booked_says_so() {
    let books = Books::new();
    let mut ledger = books.open();
    let now = at("2020-08-07 11:20:00");
    let none = number("NONE");
    let errors = [
        ledger.rejected(&none, now).unwrap_err(),
        ledger.unknown(&none, now).unwrap_err(),
        ledger.cancel(&none, now).unwrap_err(),
        ledger.created(&invoice("NONE", 1, "2020-08-07 11:13:42"), HOUR, now).unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, Error::Absent), "{error}");
    }
    assert_eq!(ledger.find(&none).unwrap(), None);
}

#[test]
fn of_many_connections_that_settle_at_once_each_invoice_is_settled_by_one() {
    const TILLS: usize = 8;
    const INVOICES: u64 = 20;
    let books = Books::new();
    let mut ledger = books.open();
    for id in 1..=INVOICES {
        pending(&mut ledger, &format!("INV-{id}"), id);
    }
    let start = Barrier::new(TILLS);
    let settled: Vec<u64> = thread::scope(|scope| {
        let tills: Vec<_> = (0..TILLS)
            .map(|till| {
                let mut ledger = books.open();
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    let now = at("2020-08-07 11:20:00");
                    let payer = paid(&format!("PAYER {till}"));
                    (1..=INVOICES)
                        .filter(|&id| {
                            let done = ledger.settle(InvoiceId::new(id), &payer, now);
                            done.expect("no till fails") == Settlement::Now
                        })
                        .collect::<Vec<u64>>()
                })
            })
            .collect();
        tills.into_iter().flat_map(|till| till.join().unwrap()).collect()
    });
    let different: BTreeSet<u64> = settled.iter().copied().collect();
    assert_eq!(settled.len(), 20);
    assert_eq!(different.len(), 20);
    for id in 1..=INVOICES {
        let history = ledger.events(&number(&format!("INV-{id}"))).unwrap();
        let payments = history.iter().filter(|event| event.state == State::Paid);
        assert_eq!(payments.count(), 1);
    }
}

#[test]
fn of_many_connections_that_ask_for_one_number_at_once_one_may_ask_the_provider() {
    const TILLS: usize = 8;
    let books = Books::new();
    let start = Barrier::new(TILLS);
    let asked: usize = thread::scope(|scope| {
        let tills: Vec<_> = (0..TILLS)
            .map(|_| {
                let (books, start) = (&books, &start);
                scope.spawn(move || {
                    start.wait();
                    // Making the file is part of the race.
                    let mut ledger = books.open();
                    let now = at("2020-08-07 11:20:00");
                    let request = ledger
                        .request(&number("INV-1"), Rupiah::new(25_578), Channel::Pos, now)
                        .expect("no till fails");
                    usize::from(request == Request::New)
                })
            })
            .collect();
        tills.into_iter().map(|till| till.join().unwrap()).sum()
    });
    assert_eq!(asked, 1);
}

#[test]
fn the_list_is_newest_first_and_no_longer_than_asked_for() {
    let books = Books::new();
    let mut ledger = books.open();
    for minute in [20, 40, 30] {
        let now = at(&format!("2020-08-07 11:{minute}:00"));
        let number = number(&format!("AT-{minute}"));
        ledger.request(&number, Rupiah::new(1_000), Channel::Pos, now).unwrap();
    }
    let numbers: Vec<String> =
        ledger.list(2).unwrap().iter().map(|record| record.number.to_string()).collect();
    assert_eq!(numbers, ["AT-40", "AT-30"]);
}

#[test]
fn checks_fall_due_at_their_time_the_most_overdue_first() {
    let books = Books::new();
    let mut ledger = books.open();
    for (id, minute) in [(1, 30), (2, 20), (3, 40)] {
        pending(&mut ledger, &format!("INV-{id}"), id);
        let due = at(&format!("2020-08-07 11:{minute}:00"));
        ledger.schedule_check(InvoiceId::new(id), Some(due)).unwrap();
    }
    let due = |ledger: &Ledger| -> Vec<String> {
        let due = ledger.due_checks(at("2020-08-07 11:30:00"), 10).unwrap();
        due.iter().map(|record| record.number.to_string()).collect()
    };
    assert_eq!(due(&ledger), ["INV-2", "INV-1"]);
    ledger.schedule_check(InvoiceId::new(2), None).unwrap();
    assert_eq!(due(&ledger), ["INV-1"]);
}

#[test]
fn the_report_counts_by_day_in_wib_and_by_channel() {
    let books = Books::new();
    let mut ledger = books.open();
    // The last second of a day in WIB is 16:59:59 UTC; the payment of INV-1 is of the next day.
    let sales = [
        ("INV-1", 1, Channel::Pos, "2020-08-07 23:59:59", Some("2020-08-08 00:00:00")),
        ("INV-2", 2, Channel::Pos, "2020-08-08 00:00:00", Some("2020-08-08 00:01:00")),
        ("INV-3", 3, Channel::Ecommerce, "2020-08-08 12:00:00", Some("2020-08-08 12:01:00")),
        ("INV-4", 4, Channel::Ecommerce, "2020-08-08 12:00:00", None),
        ("INV-5", 5, Channel::Bill, "2020-08-09 00:00:00", Some("2020-08-09 00:01:00")),
    ];
    for (name, id, channel, made, paid_at) in sales {
        ledger.request(&number(name), Rupiah::new(25_578), channel, at(made)).unwrap();
        ledger.created(&invoice(name, id, made), HOUR, at(made)).unwrap();
        if let Some(paid_at) = paid_at {
            let settled = ledger.settle(InvoiceId::new(id), &paid("SITI"), at(paid_at));
            assert_eq!(settled.unwrap(), Settlement::Now);
        }
    }
    // Nothing was made for this one.
    let refused = number("INV-6");
    let noon = at("2020-08-08 12:00:00");
    ledger.request(&refused, Rupiah::new(25_578), Channel::Bill, noon).unwrap();
    ledger.rejected(&refused, noon).unwrap();

    let report = |from: &str, to: &str| -> Vec<(String, Channel, u64, u64, u64)> {
        ledger
            .report(from.parse().unwrap(), to.parse().unwrap())
            .unwrap()
            .iter()
            .map(|line| {
                (line.day.to_string(), line.channel, line.invoices, line.payments, line.paid.get())
            })
            .collect()
    };
    let eighth = || "2020-08-08".to_owned();
    assert_eq!(
        report("2020-08-08", "2020-08-08"),
        [(eighth(), Channel::Ecommerce, 2, 1, 25_578), (eighth(), Channel::Pos, 1, 2, 51_156),],
    );
    let whole = report("2020-08-07", "2020-08-09");
    assert_eq!(whole.len(), 4);
    assert_eq!(whole[0], ("2020-08-07".to_owned(), Channel::Pos, 1, 0, 0));
    assert_eq!(whole[3], ("2020-08-09".to_owned(), Channel::Bill, 1, 1, 25_578));
    assert_eq!(report("2020-08-10", "2020-08-31"), []);
}

#[test]
fn events_can_be_neither_changed_nor_deleted() {
    let books = Books::new();
    pending(&mut books.open(), "INV-1", 1);
    let connection = rusqlite::Connection::open(books.path()).unwrap();
    for sql in ["UPDATE qris_event SET state = 'paid'", "DELETE FROM qris_event"] {
        let error = connection.execute(sql, []).unwrap_err();
        assert_eq!(error.to_string(), "qris_event is append-only");
    }
}

#[test]
fn a_file_of_a_later_version_is_left_alone() {
    let books = Books::new();
    drop(books.open());
    let connection = rusqlite::Connection::open(books.path()).unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
    let error = Ledger::open(books.path()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected ledger format 1 or older, found 2: update this program",
    );
}

#[test]
fn a_file_that_is_no_database_is_refused_and_not_overwritten() {
    let books = Books::new();
    let text = "number;amount\n".repeat(100);
    std::fs::write(books.path(), &text).unwrap();
    let error = Ledger::open(books.path()).unwrap_err();
    assert!(matches!(error, Error::Database(_)), "{error}");
    assert_eq!(std::fs::read_to_string(books.path()).unwrap(), text);
}

#[test]
fn neither_records_nor_errors_show_the_payer() {
    let books = Books::new();
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    ledger.settle(InvoiceId::new(1), &paid("SITI"), at("2020-08-07 11:20:00")).unwrap();
    let shown = format!("{:?}", booked(&ledger, "INV-1"));
    assert!(shown.contains("INV-1"));
    assert!(!shown.contains("SITI"), "{shown}");
}

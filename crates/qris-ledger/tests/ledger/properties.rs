//! What a shop relies on, with any database.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use qris_api::{
    Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, Schedule, TransactionNumber, WibTime,
};
use qris_ledger::{
    Budget, Channel, Claim, Error, Event, Ledger, Order, Request, Settlement, State,
};

use crate::{OneCode as _, TestDatabase};

pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);
/// Watched for an hour, shown for half an hour, and not checked before the end.
pub(crate) const SCHEDULE: Schedule = Schedule::new()
    .with_shown(Duration::from_secs(30 * 60))
    .with_validity(HOUR)
    .with_grace(Duration::ZERO)
    .with_tries(0)
    .with_try_gap(Duration::from_secs(15))
    .with_checks(1)
    .with_check_gap(MINUTE)
    .with_jitter(Duration::ZERO);

/// The QR of an invoice of this id.
pub(crate) fn content(id: u64) -> String {
    referring_to(&id.to_string())
}

/// A QR with this reference label.
pub(crate) fn referring_to(label: &str) -> String {
    let chars = label.len();
    let text = format!(
        "00020101021226680016ID.CO.TELKOM.WWW011893600898025599662702150001952559966270303UMI\
         51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.00550201\
         5802ID5916InterActive Corp6013KOTA SURABAYA61056013662{:02}05{chars:02}{label}6304",
        chars + 4
    );
    format!("{text}{:04X}", checksum(text.as_bytes()))
}

/// CRC-16/IBM-3740, as EMVCo requires.
fn checksum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

#[track_caller]
pub(crate) fn at(text: &str) -> WibTime {
    WibTime::parse(text).expect("a time as the API writes it")
}

#[track_caller]
pub(crate) fn number(text: &str) -> TransactionNumber {
    TransactionNumber::parse(text).expect("a transaction number")
}

pub(crate) fn invoice(number_text: &str, id: u64, made: &str) -> Invoice {
    Invoice::new(
        number(number_text),
        Rupiah::new(25_578),
        content(id),
        at(made),
        InvoiceId::new(id),
        "ID1020021181745",
    )
}

pub(crate) fn paid(by: &str) -> Payment {
    payment(Some(by), Some("BCA"), None)
}

/// A payment with these facts.
pub(crate) fn payment(
    name: Option<&str>,
    method: Option<&str>,
    paid_at: Option<WibTime>,
) -> Payment {
    let mut details = PaymentDetails::default();
    details.customer_name = name.map(str::to_owned);
    details.method = method.map(str::to_owned);
    details.paid_at = paid_at;
    Payment::Paid(details)
}

/// Records an invoice that waits for its payer since 11:13:42.
#[track_caller]
pub(crate) fn pending(ledger: &mut Ledger, number_text: &str, id: u64) {
    let made = "2020-08-07 11:13:42";
    let asked = ledger
        .ask(&number(number_text), Rupiah::new(25_578), Channel::Pos, at(made))
        .expect("a new number");
    assert!(matches!(asked, Request::New(_)));
    ledger
        .made(&invoice(number_text, id, made), &SCHEDULE, at(made))
        .expect("an invoice that was asked for");
}

#[track_caller]
pub(crate) fn state(ledger: &Ledger, number_text: &str) -> State {
    booked(ledger, number_text).state
}

#[track_caller]
pub(crate) fn booked(ledger: &Ledger, number_text: &str) -> Order {
    ledger.find(&number(number_text)).expect("a readable record").expect("a booked number")
}

/// Records invoices with these ids, each due at a minute past eleven.
#[track_caller]
pub(crate) fn due_at(ledger: &mut Ledger, due: &[(u64, u32)]) {
    for &(id, minute) in due {
        pending(ledger, &format!("INV-{id}"), id);
        let due = at(&format!("2020-08-07 11:{minute}:00"));
        ledger.schedule_check(InvoiceId::new(id), due, at("2020-08-07 11:13:42")).unwrap();
    }
}

/// The ids of the claimable invoices.
#[track_caller]
pub(crate) fn claim(ledger: &mut Ledger, budget: &Budget, now: &str) -> Vec<u64> {
    let claims = ledger.claim_checks(budget, 1_000, at(now)).expect("claims");
    claims.iter().map(id_of).collect()
}

pub(crate) fn id_of(claim: &Claim) -> u64 {
    claim.order.invoice.as_ref().map_or(0, |invoice| invoice.qris_invoiceid.get())
}

pub(crate) fn everything_recorded_is_there_after_reopening(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 41_325_511_100);
    let id = InvoiceId::new(41_325_511_100);
    ledger.schedule_check(id, at("2020-08-07 11:14:42"), at("2020-08-07 11:13:42")).unwrap();
    drop(ledger);

    let ledger = database.open();
    let record = booked(&ledger, "INV-1");
    assert_eq!(record.number, number("INV-1"));
    assert_eq!(record.amount, Rupiah::new(25_578));
    assert_eq!(record.channel, Channel::Pos);
    assert_eq!(record.state, State::Pending);
    assert_eq!(record.created_at, at("2020-08-07 11:13:42"));
    assert_eq!(record.invoice, Some(invoice("INV-1", 41_325_511_100, "2020-08-07 11:13:42")),);
    assert_eq!(record.expires_at, Some(at("2020-08-07 12:13:42")));
    assert_eq!(record.payment, Payment::Unpaid);
    assert_eq!(record.next_check_at, Some(at("2020-08-07 11:14:42")));
    assert_eq!(ledger.find_invoice(id).unwrap(), Some(record));
}

pub(crate) fn the_intent_is_in_the_file_before_the_provider_is_asked(database: &TestDatabase) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:13:40");
    ledger.ask(&number("INV-1"), Rupiah::new(25_578), Channel::Bill, now).unwrap();
    // Another connection sees it while the first is still open, as after a crash.
    let record = booked(&database.open(), "INV-1");
    assert_eq!(record.state, State::Requested);
    assert_eq!(record.invoice, None);
    assert_eq!(record.channel, Channel::Bill);
}

pub(crate) fn the_same_number_and_amount_give_the_live_invoice_again(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let again = ledger
        .ask(&number("INV-1"), Rupiah::new(25_578), Channel::Pos, at("2020-08-07 11:20:00"))
        .unwrap();
    assert_eq!(again, Request::Known(Box::new(booked(&ledger, "INV-1"))));
    assert_eq!(ledger.events(&number("INV-1")).unwrap().len(), 2);
}

pub(crate) fn the_same_number_with_another_amount_is_a_conflict_and_changes_nothing(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let before = booked(&ledger, "INV-1");
    let now = at("2020-08-07 11:20:00");
    let error = ledger.ask(&number("INV-1"), Rupiah::new(30_000), Channel::Pos, now).unwrap_err();
    assert_eq!(
        error.to_string(),
        "this number is booked with Rp25578, found Rp30000: use a new number for a new amount",
    );
    assert_eq!(booked(&ledger, "INV-1"), before);
}

pub(crate) fn a_refused_number_may_be_asked_for_again_with_its_amount_and_no_other(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:13:42");
    let one = number("INV-1");
    ledger.ask(&one, Rupiah::new(25_578), Channel::Pos, now).unwrap();
    ledger.refused(&one, now).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Rejected);
    let other = ledger.ask(&one, Rupiah::new(5), Channel::Pos, now).unwrap_err();
    let Error::Conflict { booked: there, asked } = other else { panic!("{other}") };
    assert_eq!((there.get(), asked.get()), (25_578, 5));
    assert_eq!(state(&ledger, "INV-1"), State::Rejected);
    pending(&mut ledger, "INV-1", 1);
    assert_eq!(booked(&ledger, "INV-1").amount, Rupiah::new(25_578));
    let states: Vec<State> = ledger.events(&one).unwrap().iter().map(|event| event.state).collect();
    assert_eq!(states, [State::Requested, State::Rejected, State::Requested, State::Pending],);
}

pub(crate) fn an_invoice_whose_making_was_unknown_may_be_found_after_all(database: &TestDatabase) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:13:42");
    ledger.ask(&number("INV-1"), Rupiah::new(25_578), Channel::Pos, now).unwrap();
    ledger.lost(&number("INV-1"), None, now).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Unknown);
    ledger.made(&invoice("INV-1", 1, "2020-08-07 11:13:42"), &SCHEDULE, now).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Pending);
}

pub(crate) fn an_invoice_id_belongs_to_one_number(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 7);
    let now = at("2020-08-07 11:20:00");
    ledger.ask(&number("INV-2"), Rupiah::new(25_578), Channel::Pos, now).unwrap();
    let error =
        ledger.made(&invoice("INV-2", 7, "2020-08-07 11:20:00"), &SCHEDULE, now).unwrap_err();
    assert!(matches!(error, Error::InvoiceIdTaken), "{error}");
    assert_eq!(state(&ledger, "INV-2"), State::Unknown);
}

pub(crate) fn an_invoice_with_another_amount_than_requested_is_not_recorded(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:20:00");
    ledger.ask(&number("INV-1"), Rupiah::new(100), Channel::Pos, now).unwrap();
    let error =
        ledger.made(&invoice("INV-1", 7, "2020-08-07 11:20:00"), &SCHEDULE, now).unwrap_err();
    let Error::Conflict { booked, asked } = error else {
        panic!("{error}");
    };
    assert_eq!((booked, asked), (Rupiah::new(100), Rupiah::new(25_578)));
}

pub(crate) fn a_payment_is_booked_once_with_who_how_and_when(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let id = InvoiceId::new(1);
    ledger.schedule_check(id, at("2020-08-07 11:14:42"), at("2020-08-07 11:13:42")).unwrap();
    let first = ledger.settle(id, &paid("SITI"), at("2020-08-07 11:20:00")).unwrap();
    let second = ledger.settle(id, &paid("BUDI"), at("2020-08-07 11:21:00")).unwrap();
    assert_eq!((first, second), (Settlement::Settled, Settlement::AlreadySettled));
    let record = booked(&ledger, "INV-1");
    assert_eq!(record.state, State::Paid);
    assert_eq!(record.payment, payment(Some("SITI"), Some("BCA"), Some(at("2020-08-07 11:20:00"))),);
    assert_eq!(record.next_check_at, None);
}

pub(crate) fn the_providers_word_on_the_time_of_payment_goes_before_the_ledgers(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let payment = payment(None, None, Some(at("2020-08-07 11:15:01")));
    ledger.settle(InvoiceId::new(1), &payment, at("2020-08-07 11:20:00")).unwrap();
    assert_eq!(booked(&ledger, "INV-1").payment, payment);
}

pub(crate) fn an_unpaid_reply_settles_nothing(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    let settlement = ledger.settle(InvoiceId::new(1), &Payment::Unpaid, now).unwrap();
    assert_eq!(settlement, Settlement::NotPaid);
    assert_eq!(state(&ledger, "INV-1"), State::Pending);
}

pub(crate) fn a_payment_for_an_unknown_invoice_is_an_error(database: &TestDatabase) {
    let now = at("2020-08-07 11:20:00");
    let error = database.open().settle(InvoiceId::new(99), &paid("SITI"), now).unwrap_err();
    assert!(matches!(error, Error::Absent), "{error}");
}

pub(crate) fn a_late_payment_settles_an_expired_invoice(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    ledger.expire(at("2020-08-07 12:20:00")).unwrap();
    let late = at("2020-08-07 12:21:00");
    let settlement = ledger.settle(InvoiceId::new(1), &paid("SITI"), late).unwrap();
    assert_eq!(settlement, Settlement::Settled);
    let history = ledger.events(&number("INV-1")).unwrap();
    let history: Vec<(String, State)> =
        history.iter().map(|Event { at, state, .. }| (at.to_api_text(), *state)).collect();
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

pub(crate) fn a_payment_of_a_cancelled_order_is_recorded(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    ledger.cancel(&number("INV-1"), now).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Cancelled);
    let settlement = ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap();
    assert_eq!(settlement, Settlement::Settled);
    assert_eq!(state(&ledger, "INV-1"), State::Paid);
}

pub(crate) fn a_paid_invoice_can_be_neither_cancelled_nor_expired_nor_created_again(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 23:00:00");
    ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap();
    let before = booked(&ledger, "INV-1");
    assert_eq!(
        ledger.cancel(&number("INV-1"), now).unwrap_err().to_string(),
        "expected an order that is open, pending or expired, found it paid",
    );
    assert_eq!(
        ledger
            .made(&invoice("INV-1", 1, "2020-08-07 11:13:42"), &SCHEDULE, now)
            .unwrap_err()
            .to_string(),
        "expected an order that is requested, found it paid",
    );
    assert_eq!(
        ledger.refused(&number("INV-1"), now).unwrap_err().to_string(),
        "expected an order that is requested, found it paid",
    );
    assert_eq!(ledger.expire(now).unwrap(), []);
    ledger.schedule_check(InvoiceId::new(1), now, now).unwrap();
    assert_eq!(booked(&ledger, "INV-1"), before);
}

pub(crate) fn every_step_on_an_unknown_number_is_an_error(database: &TestDatabase) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:20:00");
    let none = number("NONE");
    let errors = [
        ledger.refused(&none, now).unwrap_err(),
        ledger.lost(&none, None, now).unwrap_err(),
        ledger.cancel(&none, now).unwrap_err(),
        ledger.made(&invoice("NONE", 1, "2020-08-07 11:13:42"), &SCHEDULE, now).unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, Error::Absent), "{error}");
    }
    assert_eq!(ledger.find(&none).unwrap(), None);
}

pub(crate) fn of_many_connections_that_settle_at_once_each_invoice_is_settled_by_one(
    database: &TestDatabase,
) {
    const TILLS: usize = 8;
    const INVOICES: u64 = 20;
    let mut ledger = database.open();
    for id in 1..=INVOICES {
        pending(&mut ledger, &format!("INV-{id}"), id);
    }
    let start = Barrier::new(TILLS);
    let settled: Vec<u64> = thread::scope(|scope| {
        let tills: Vec<_> = (0..TILLS)
            .map(|till| {
                let mut ledger = database.open();
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    let now = at("2020-08-07 11:20:00");
                    let payer = paid(&format!("PAYER {till}"));
                    (1..=INVOICES)
                        .filter(|&id| {
                            let done = ledger.settle(InvoiceId::new(id), &payer, now);
                            done.expect("no till fails") == Settlement::Settled
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

pub(crate) fn of_many_connections_that_ask_for_one_number_at_once_one_may_ask_the_provider(
    database: &TestDatabase,
) {
    const TILLS: usize = 8;
    let start = Barrier::new(TILLS);
    let asked: usize = thread::scope(|scope| {
        let tills: Vec<_> = (0..TILLS)
            .map(|_| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    // Creating the file is part of the race.
                    let mut ledger = database.open();
                    let now = at("2020-08-07 11:20:00");
                    let request = ledger
                        .ask(&number("INV-1"), Rupiah::new(25_578), Channel::Pos, now)
                        .expect("no till fails");
                    usize::from(matches!(request, Request::New(_)))
                })
            })
            .collect();
        tills.into_iter().map(|till| till.join().unwrap()).sum()
    });
    assert_eq!(asked, 1);
}

pub(crate) fn the_list_is_newest_first_and_no_longer_than_asked_for(database: &TestDatabase) {
    let mut ledger = database.open();
    for minute in [20, 40, 30] {
        let now = at(&format!("2020-08-07 11:{minute}:00"));
        let number = number(&format!("AT-{minute}"));
        ledger.ask(&number, Rupiah::new(1_000), Channel::Pos, now).unwrap();
    }
    let numbers: Vec<String> =
        ledger.list(2).unwrap().iter().map(|record| record.number.to_string()).collect();
    assert_eq!(numbers, ["AT-40", "AT-30"]);
}

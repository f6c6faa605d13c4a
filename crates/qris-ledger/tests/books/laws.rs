//! What a shop relies on, whatever database its books are in.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use qris_api::{
    Invoice, InvoiceId, Payment, PaymentDetails, Press, Rupiah, Schedule, TransactionNumber,
    WibTime,
};
use qris_ledger::{
    Budget, Channel, CheckOutcome, Claim, Error, Event, Grouping, Hinted, InvoiceState, Ledger,
    Order, Request, Settlement, State, Total, payments_csv,
};

use serde_json::json;

use crate::{Books, OneCode as _};

pub(crate) const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
/// Watched for an hour, shown for half of it, and not checked before its end.
pub(crate) const SCHEDULE: Schedule = Schedule {
    shown: Duration::from_secs(30 * 60),
    validity: HOUR,
    grace: Duration::ZERO,
    tries: 0,
    try_gap: Duration::from_secs(15),
    checks: 1,
    check_gap: MINUTE,
    jitter: Duration::ZERO,
};

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

/// CRC-16/IBM-3740, which EMVCo asks for.
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

/// Books an invoice that waits for its payer since 11:13:42.
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

pub(crate) fn everything_that_was_booked_is_there_after_reopening(books: &Books) {
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 41_325_511_100);
    let id = InvoiceId::new(41_325_511_100);
    ledger.schedule_check(id, at("2020-08-07 11:14:42"), at("2020-08-07 11:13:42")).unwrap();
    drop(ledger);

    let ledger = books.open();
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

pub(crate) fn the_intent_is_in_the_file_before_the_provider_is_asked(books: &Books) {
    let mut ledger = books.open();
    let now = at("2020-08-07 11:13:40");
    ledger.ask(&number("INV-1"), Rupiah::new(25_578), Channel::Bill, now).unwrap();
    // Another connection sees it while the first is still open, as after a crash.
    let record = booked(&books.open(), "INV-1");
    assert_eq!(record.state, State::Requested);
    assert_eq!(record.invoice, None);
    assert_eq!(record.channel, Channel::Bill);
}

pub(crate) fn the_same_number_and_amount_give_the_live_invoice_again(books: &Books) {
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let again = ledger
        .ask(&number("INV-1"), Rupiah::new(25_578), Channel::Pos, at("2020-08-07 11:20:00"))
        .unwrap();
    assert_eq!(again, Request::Known(Box::new(booked(&ledger, "INV-1"))));
    assert_eq!(ledger.events(&number("INV-1")).unwrap().len(), 2);
}

pub(crate) fn the_same_number_with_another_amount_is_a_conflict_and_changes_nothing(books: &Books) {
    let mut ledger = books.open();
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

pub(crate) fn a_refused_number_may_be_asked_for_again_with_another_amount(books: &Books) {
    let mut ledger = books.open();
    let now = at("2020-08-07 11:13:42");
    let one = number("INV-1");
    ledger.ask(&one, Rupiah::new(5), Channel::Pos, now).unwrap();
    ledger.refused(&one, now).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Rejected);
    pending(&mut ledger, "INV-1", 1);
    assert_eq!(booked(&ledger, "INV-1").amount, Rupiah::new(25_578));
    let states: Vec<State> = ledger.events(&one).unwrap().iter().map(|event| event.state).collect();
    assert_eq!(states, [State::Requested, State::Rejected, State::Requested, State::Pending],);
}

pub(crate) fn an_invoice_whose_making_was_unknown_may_be_found_after_all(books: &Books) {
    let mut ledger = books.open();
    let now = at("2020-08-07 11:13:42");
    ledger.ask(&number("INV-1"), Rupiah::new(25_578), Channel::Pos, now).unwrap();
    ledger.lost(&number("INV-1"), None, now).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Unknown);
    ledger.made(&invoice("INV-1", 1, "2020-08-07 11:13:42"), &SCHEDULE, now).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Pending);
}

pub(crate) fn an_invoice_id_belongs_to_one_number(books: &Books) {
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 7);
    let now = at("2020-08-07 11:20:00");
    ledger.ask(&number("INV-2"), Rupiah::new(25_578), Channel::Pos, now).unwrap();
    let error =
        ledger.made(&invoice("INV-2", 7, "2020-08-07 11:20:00"), &SCHEDULE, now).unwrap_err();
    assert!(matches!(error, Error::InvoiceIdTaken), "{error}");
    assert_eq!(state(&ledger, "INV-2"), State::Unknown);
}

pub(crate) fn an_invoice_of_another_amount_than_asked_for_is_not_booked(books: &Books) {
    let mut ledger = books.open();
    let now = at("2020-08-07 11:20:00");
    ledger.ask(&number("INV-1"), Rupiah::new(100), Channel::Pos, now).unwrap();
    let error =
        ledger.made(&invoice("INV-1", 7, "2020-08-07 11:20:00"), &SCHEDULE, now).unwrap_err();
    let Error::Conflict { booked, asked } = error else {
        panic!("{error}");
    };
    assert_eq!((booked, asked), (Rupiah::new(100), Rupiah::new(25_578)));
}

pub(crate) fn a_payment_is_booked_once_with_who_how_and_when(books: &Books) {
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let id = InvoiceId::new(1);
    ledger.schedule_check(id, at("2020-08-07 11:14:42"), at("2020-08-07 11:13:42")).unwrap();
    let first = ledger.settle(id, &paid("SITI"), at("2020-08-07 11:20:00")).unwrap();
    let second = ledger.settle(id, &paid("BUDI"), at("2020-08-07 11:21:00")).unwrap();
    assert_eq!((first, second), (Settlement::Now, Settlement::Earlier));
    let record = booked(&ledger, "INV-1");
    assert_eq!(record.state, State::Paid);
    assert_eq!(record.payment, payment(Some("SITI"), Some("BCA"), Some(at("2020-08-07 11:20:00"))),);
    assert_eq!(record.next_check_at, None);
}

pub(crate) fn the_providers_word_on_the_time_of_payment_goes_before_the_ledgers(books: &Books) {
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let payment = payment(None, None, Some(at("2020-08-07 11:15:01")));
    ledger.settle(InvoiceId::new(1), &payment, at("2020-08-07 11:20:00")).unwrap();
    assert_eq!(booked(&ledger, "INV-1").payment, payment);
}

pub(crate) fn an_unpaid_reply_settles_nothing(books: &Books) {
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    let settlement = ledger.settle(InvoiceId::new(1), &Payment::Unpaid, now).unwrap();
    assert_eq!(settlement, Settlement::Unpaid);
    assert_eq!(state(&ledger, "INV-1"), State::Pending);
}

pub(crate) fn a_payment_for_an_invoice_that_is_not_booked_is_said_to_be_absent(books: &Books) {
    let now = at("2020-08-07 11:20:00");
    let error = books.open().settle(InvoiceId::new(99), &paid("SITI"), now).unwrap_err();
    assert!(matches!(error, Error::Absent), "{error}");
}

pub(crate) fn a_late_payment_settles_an_expired_invoice(books: &Books) {
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    ledger.expire(at("2020-08-07 12:20:00")).unwrap();
    let late = at("2020-08-07 12:21:00");
    let settlement = ledger.settle(InvoiceId::new(1), &paid("SITI"), late).unwrap();
    assert_eq!(settlement, Settlement::Now);
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

pub(crate) fn money_for_a_cancelled_invoice_is_booked_because_its_code_could_not_be_withdrawn(
    books: &Books,
) {
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    ledger.cancel(&number("INV-1"), now).unwrap();
    assert_eq!(state(&ledger, "INV-1"), State::Cancelled);
    let settlement = ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap();
    assert_eq!(settlement, Settlement::Now);
    assert_eq!(state(&ledger, "INV-1"), State::Paid);
}

pub(crate) fn a_paid_invoice_can_be_neither_cancelled_nor_expired_nor_created_again(books: &Books) {
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
            .made(&invoice("INV-1", 1, "2020-08-07 11:13:42"), &SCHEDULE, now)
            .unwrap_err()
            .to_string(),
        "expected an invoice that is requested, found it paid",
    );
    assert_eq!(
        ledger.refused(&number("INV-1"), now).unwrap_err().to_string(),
        "expected an invoice that is requested, found it paid",
    );
    assert_eq!(ledger.expire(now).unwrap(), []);
    ledger.schedule_check(InvoiceId::new(1), now, now).unwrap();
    assert_eq!(booked(&ledger, "INV-1"), before);
}

pub(crate) fn every_step_on_a_number_that_is_not_booked_says_so(books: &Books) {
    let mut ledger = books.open();
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
    books: &Books,
) {
    const TILLS: usize = 8;
    const INVOICES: u64 = 20;
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

pub(crate) fn of_many_connections_that_ask_for_one_number_at_once_one_may_ask_the_provider(
    books: &Books,
) {
    const TILLS: usize = 8;
    let start = Barrier::new(TILLS);
    let asked: usize = thread::scope(|scope| {
        let tills: Vec<_> = (0..TILLS)
            .map(|_| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    // Making the file is part of the race.
                    let mut ledger = books.open();
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

pub(crate) fn the_list_is_newest_first_and_no_longer_than_asked_for(books: &Books) {
    let mut ledger = books.open();
    for minute in [20, 40, 30] {
        let now = at(&format!("2020-08-07 11:{minute}:00"));
        let number = number(&format!("AT-{minute}"));
        ledger.ask(&number, Rupiah::new(1_000), Channel::Pos, now).unwrap();
    }
    let numbers: Vec<String> =
        ledger.list(2).unwrap().iter().map(|record| record.number.to_string()).collect();
    assert_eq!(numbers, ["AT-40", "AT-30"]);
}

/// Books invoices of these ids, each due at a minute past eleven.
#[track_caller]
pub(crate) fn due_at(ledger: &mut Ledger, due: &[(u64, u32)]) {
    for &(id, minute) in due {
        pending(ledger, &format!("INV-{id}"), id);
        let due = at(&format!("2020-08-07 11:{minute}:00"));
        ledger.schedule_check(InvoiceId::new(id), due, at("2020-08-07 11:13:42")).unwrap();
    }
}

/// The ids of what can be claimed.
#[track_caller]
pub(crate) fn claim(ledger: &mut Ledger, budget: &Budget, now: &str) -> Vec<u64> {
    let claims = ledger.claim_checks(budget, 1_000, at(now)).expect("claims");
    claims.iter().map(id_of).collect()
}

pub(crate) fn id_of(claim: &Claim) -> u64 {
    claim.order.invoice.as_ref().map_or(0, |invoice| invoice.qris_invoiceid.get())
}

pub(crate) fn checks_fall_due_at_their_time_the_most_overdue_first(books: &Books) {
    let mut ledger = books.open();
    due_at(&mut ledger, &[(1, 30), (2, 20), (3, 40)]);
    ledger.settle(InvoiceId::new(3), &paid("SITI"), at("2020-08-07 11:19:00")).unwrap();
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 11:19:59"), [0_u64; 0]);
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 11:59:00"), [2, 1]);
}

pub(crate) fn an_invoice_is_first_due_when_its_schedule_says(books: &Books) {
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 12:13:41"), [0_u64; 0]);
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 12:13:42"), [1]);
}

pub(crate) fn an_invoice_is_one_claimants_until_the_claim_ends(books: &Books) {
    let (mut one, mut other) = (books.open(), books.open());
    due_at(&mut one, &[(1, 20)]);
    let budget = Budget::default();
    let claims = one.claim_checks(&budget, 10, at("2020-08-07 11:20:00")).unwrap();
    assert_eq!(claims[0].until, at("2020-08-07 11:23:00"));
    assert_eq!(claim(&mut other, &budget, "2020-08-07 11:22:59"), [0_u64; 0]);
    // The first was killed: nothing is lost.
    assert_eq!(claim(&mut other, &budget, "2020-08-07 11:23:00"), [1]);
}

pub(crate) fn one_invoice_can_be_claimed_when_it_is_due_and_within_the_budget(books: &Books) {
    let (mut one, mut other) = (books.open(), books.open());
    due_at(&mut one, &[(1, 20), (2, 20)]);
    let budget = Budget { checks_per_minute: 1, ..Budget::default() };
    let now = at("2020-08-07 11:20:00");
    let early = at("2020-08-07 11:19:59");
    assert_eq!(one.claim_check(&number("INV-2"), &budget, early).unwrap(), None, "not due");
    let claim = one.claim_check(&number("INV-2"), &budget, now).unwrap().expect("a claim");
    assert_eq!(id_of(&claim), 2);
    assert_eq!(other.claim_check(&number("INV-2"), &budget, now).unwrap(), None, "taken");
    assert_eq!(other.claim_check(&number("INV-1"), &budget, now).unwrap(), None, "no turn left");
    assert_eq!(other.claim_check(&number("NONE"), &budget, now).unwrap(), None);
}

pub(crate) fn a_check_that_was_made_is_due_again_when_it_is_said_to_be(books: &Books) {
    let mut ledger = books.open();
    due_at(&mut ledger, &[(1, 20)]);
    let budget = Budget::default();
    let claims = ledger.claim_checks(&budget, 10, at("2020-08-07 11:20:00")).unwrap();
    let schedule = Schedule { tries: 0, checks: 100, ..Schedule::default() };
    let now = at("2020-08-07 11:20:00");
    let by_schedule = ledger.checked(&claims[0], CheckOutcome::Unpaid, &schedule, now).unwrap();
    assert_eq!(by_schedule, Some(at("2020-08-07 11:21:00")));
    assert_eq!(claim(&mut ledger, &budget, "2020-08-07 11:20:59"), [0_u64; 0]);
    assert_eq!(claim(&mut ledger, &budget, "2020-08-07 11:59:00"), [1]);
    // The validity of an hour, and no grace, end with an answer.
    let end = at("2020-08-07 12:13:42");
    let claims = ledger.claim_checks(&budget, 10, end).unwrap();
    let finally = ledger.checked(&claims[0], CheckOutcome::Unpaid, &SCHEDULE, end).unwrap();
    assert_eq!(finally, None);
    assert_eq!(claim(&mut ledger, &budget, "2020-08-07 13:59:00"), [0_u64; 0]);
}

pub(crate) fn a_check_without_an_answer_is_known_of_until_one_has_one(books: &Books) {
    let mut ledger = books.open();
    due_at(&mut ledger, &[(1, 20)]);
    let budget = Budget::default();
    let unanswered = |ledger: &Ledger| booked(ledger, "INV-1").unanswered_at;
    let check = |ledger: &mut Ledger, now: &str, answered: bool| {
        let now = at(now);
        let claim = ledger.claim_checks(&budget, 10, now).unwrap().remove(0);
        let outcome = if answered { CheckOutcome::Unpaid } else { CheckOutcome::Unanswered };
        ledger.checked(&claim, outcome, &Schedule::default(), now).unwrap();
        claim
    };
    assert_eq!(unanswered(&ledger), None);
    check(&mut ledger, "2020-08-07 11:20:00", false);
    assert_eq!(unanswered(&ledger), Some(at("2020-08-07 11:20:00")));
    assert_eq!(unanswered(&books.open()), Some(at("2020-08-07 11:20:00")));
    check(&mut ledger, "2020-08-07 11:22:00", true);
    assert_eq!(unanswered(&ledger), None);
    let claim = check(&mut ledger, "2020-08-07 11:24:00", false);
    let now = at("2020-08-07 11:25:00");
    ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap();
    assert_eq!(unanswered(&ledger), None);
    // What comes late to a paid invoice changes nothing.
    ledger.checked(&claim, CheckOutcome::Unanswered, &SCHEDULE, now).unwrap();
    assert_eq!(unanswered(&ledger), None);
    assert_eq!(booked(&ledger, "INV-1").next_check_at, None);
}

pub(crate) fn a_press_during_a_check_is_not_forgotten_when_the_check_ends(books: &Books) {
    let mut ledger = books.open();
    due_at(&mut ledger, &[(1, 20)]);
    let budget = Budget::default();
    let claims = ledger.claim_checks(&budget, 10, at("2020-08-07 11:20:00")).unwrap();
    let gap = Duration::from_secs(15);
    ledger.press(&number("INV-1"), 3, gap, at("2020-08-07 11:20:01")).unwrap();
    let answered = at("2020-08-07 11:20:02");
    ledger.checked(&claims[0], CheckOutcome::Unpaid, &SCHEDULE, answered).unwrap();
    assert_eq!(claim(&mut ledger, &budget, "2020-08-07 11:20:14"), [0_u64; 0], "the gap holds");
    assert_eq!(claim(&mut ledger, &budget, "2020-08-07 11:20:15"), [1]);
}

pub(crate) fn processes_that_claim_at_once_get_invoices_of_their_own(books: &Books) {
    const TILLS: usize = 4;
    let invoices: Vec<(u64, u32)> = (1..=40).map(|id| (id, 20)).collect();
    due_at(&mut books.open(), &invoices);
    let start = Barrier::new(TILLS);
    let mut claimed: Vec<u64> = thread::scope(|scope| {
        let tills: Vec<_> = (0..TILLS)
            .map(|_| {
                let (mut ledger, start) = (books.open(), &start);
                scope.spawn(move || {
                    start.wait();
                    let mut claimed = Vec::new();
                    for _ in 0..20 {
                        let now = at("2020-08-07 11:20:00");
                        let claims = ledger.claim_checks(&Budget::default(), 3, now);
                        claimed.extend(claims.expect("no till fails").iter().map(id_of));
                    }
                    claimed
                })
            })
            .collect();
        tills.into_iter().flat_map(|till| till.join().unwrap()).collect()
    });
    claimed.sort_unstable();
    assert_eq!(claimed, (1..=40).collect::<Vec<u64>>());
}

pub(crate) fn a_key_is_asked_no_oftener_than_its_budget_by_all_processes_together(books: &Books) {
    let invoices: Vec<(u64, u32)> = (1..=40).map(|id| (id, 20)).collect();
    let (mut one, mut other) = (books.open(), books.open());
    due_at(&mut one, &invoices);
    let budget = Budget { checks_per_minute: 10, early_percent: 0, ..Budget::default() };
    let now = at("2020-08-07 11:20:00");
    assert_eq!(one.claim_checks(&budget, 7, now).unwrap().len(), 7);
    assert_eq!(claim(&mut other, &budget, "2020-08-07 11:20:00").len(), 3);
    assert_eq!(claim(&mut one, &budget, "2020-08-07 11:20:00"), [0_u64; 0]);
}

pub(crate) fn after_midnight_a_check_takes_two_turns(books: &Books) {
    let mut ledger = books.open();
    due_at(&mut ledger, &[(1, 20), (2, 20), (3, 20)]);
    let budget = Budget { checks_per_minute: 5, ..Budget::default() };
    assert_eq!(claim(&mut ledger, &budget, "2020-08-08 00:00:10"), [1, 2]);
}

pub(crate) fn a_clock_that_was_set_back_leaves_no_invoice_unwatched(books: &Books) {
    let mut ledger = books.open();
    due_at(&mut ledger, &[(1, 20)]);
    // By a clock that is 45 minutes ahead, the next check is due a minute later.
    let (ahead, due) = (at("2020-08-07 12:05:00"), at("2020-08-07 12:06:00"));
    ledger.schedule_check(InvoiceId::new(1), due, ahead).unwrap();
    assert!(booked(&ledger, "INV-1").is_due(at("2020-08-07 11:20:00")));
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 11:20:00"), [1]);
}

pub(crate) fn an_invoice_given_up_by_a_clock_that_was_ahead_is_watched_again(books: &Books) {
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    // The clock jumps three hours ahead: its time has passed, and the last check is made.
    let ahead = at("2020-08-07 14:13:42");
    assert_eq!(ledger.expire(ahead).unwrap(), [number("INV-1")]);
    let claims = ledger.claim_checks(&Budget::default(), 1, ahead).unwrap();
    ledger.checked(&claims[0], CheckOutcome::Unpaid, &SCHEDULE, ahead).unwrap();
    assert_eq!(booked(&ledger, "INV-1").next_check_at, None);
    assert_eq!(ledger.revive(ahead).unwrap(), 0);
    // The clock is right again.
    let now = at("2020-08-07 11:20:00");
    assert_eq!(ledger.revive(now).unwrap(), 1);
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 11:20:00"), [1]);
    assert_eq!(ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap(), Settlement::Now);
}

pub(crate) fn the_button_has_three_presses_fifteen_seconds_apart(books: &Books) {
    let (mut one, mut other) = (books.open(), books.open());
    pending(&mut one, "INV-1", 1);
    let press = |ledger: &mut Ledger, time: &str| {
        let now = at(&format!("2020-08-07 11:{time}"));
        ledger.press(&number("INV-1"), 3, Duration::from_secs(15), now).expect("a press")
    };
    assert_eq!(press(&mut one, "20:00"), Press::Accepted { left: 2 });
    let soon = Press::TooSoon { wait: Duration::from_secs(10) };
    assert_eq!(press(&mut other, "20:05"), soon);
    assert_eq!(press(&mut other, "20:15"), Press::Accepted { left: 1 });
    assert_eq!(press(&mut one, "20:30"), Press::Accepted { left: 0 });
    assert_eq!(press(&mut one, "20:45"), Press::NoneLeft);
    assert_eq!(claim(&mut one, &Budget::default(), "2020-08-07 11:20:45"), [1]);
}

pub(crate) fn a_paid_invoice_has_no_button(books: &Books) {
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    ledger.settle(InvoiceId::new(1), &paid("SITI"), now).unwrap();
    let error = ledger.press(&number("INV-1"), 3, HOUR, now).unwrap_err();
    assert_eq!(error.to_string(), "expected an invoice that is pending, found it paid");
    let error = ledger.press(&number("NONE"), 3, HOUR, now).unwrap_err();
    assert!(matches!(error, Error::Absent), "{error}");
}

pub(crate) fn the_first_hint_of_an_invoice_makes_it_due_and_while_it_is_open_no_other(
    books: &Books,
) {
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    let now = at("2020-08-07 11:20:00");
    assert_eq!(
        ledger.hint(InvoiceId::new(1), &PaymentDetails::default(), now).unwrap(),
        Hinted::Due(number("INV-1"))
    );
    assert_eq!(
        ledger.hint(InvoiceId::new(1), &PaymentDetails::default(), now).unwrap(),
        Hinted::Spent
    );
    assert_eq!(
        ledger.hint(InvoiceId::new(2), &PaymentDetails::default(), now).unwrap(),
        Hinted::Absent
    );
    assert_eq!(
        ledger.hint(InvoiceId::new(u64::MAX), &PaymentDetails::default(), now).unwrap(),
        Hinted::Absent
    );
    assert_eq!(ledger.find_invoice(InvoiceId::new(u64::MAX)).unwrap(), None, "no error either");
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 11:20:00"), [1]);
}

pub(crate) fn a_cancelled_invoice_is_due_when_it_would_have_been_without_the_cancel(books: &Books) {
    let mut ledger = books.open();
    due_at(&mut ledger, &[(1, 20)]);
    ledger.cancel(&number("INV-1"), at("2020-08-07 11:19:00")).unwrap();
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 11:19:59"), [0_u64; 0]);
    assert_eq!(claim(&mut ledger, &Budget::default(), "2020-08-07 11:20:00"), [1]);
}

pub(crate) fn an_intent_whose_process_was_killed_becomes_unknown(books: &Books) {
    let mut ledger = books.open();
    for (name, made) in [("OLD", "2020-08-07 11:00:00"), ("NEW", "2020-08-07 11:00:01")] {
        ledger.ask(&number(name), Rupiah::new(100), Channel::Pos, at(made)).unwrap();
    }
    let now = at("2020-08-07 11:02:00");
    let abandoned = ledger.abandon(at("2020-08-07 11:00:00"), now).unwrap();
    assert_eq!(abandoned, [number("OLD")]);
    assert_eq!(state(&ledger, "OLD"), State::Unknown);
    assert_eq!(state(&ledger, "NEW"), State::Requested);
    // The one who was asking was alive after all.
    ledger.refused(&number("OLD"), now).unwrap();
    assert_eq!(state(&ledger, "OLD"), State::Rejected);
}

pub(crate) fn an_intent_of_a_clock_that_was_far_ahead_becomes_unknown_now(books: &Books) {
    let mut ledger = books.open();
    for (name, made) in [("AHEAD", "2020-08-07 13:02:00"), ("NOW", "2020-08-07 11:03:00")] {
        ledger.ask(&number(name), Rupiah::new(100), Channel::Pos, at(made)).unwrap();
    }
    // Two processes' clocks may be up to a minute apart.
    let now = at("2020-08-07 11:02:00");
    let abandoned = ledger.abandon(at("2020-08-07 10:59:00"), now).unwrap();
    assert_eq!(abandoned, [number("AHEAD")]);
    let events = ledger.events(&number("AHEAD")).unwrap();
    assert_eq!(events.last().map(|event| (event.state, event.at)), Some((State::Unknown, now)));
    let invoices = booked(&ledger, "AHEAD").invoices;
    assert_eq!(invoices.last().map(|invoice| invoice.state), Some(InvoiceState::Unknown));
    assert_eq!(state(&ledger, "NOW"), State::Requested);
}

pub(crate) fn a_report_is_added_up_by_day_or_by_channel(books: &Books) {
    let mut ledger = books.open();
    for (name, id, channel, made) in [
        ("INV-1", 1, Channel::Pos, "2020-08-07 10:00:00"),
        ("INV-2", 2, Channel::Bill, "2020-08-07 11:00:00"),
        ("INV-3", 3, Channel::Pos, "2020-08-08 10:00:00"),
    ] {
        ledger.ask(&number(name), Rupiah::new(25_578), channel, at(made)).unwrap();
        ledger.made(&invoice(name, id, made), &SCHEDULE, at(made)).unwrap();
        ledger.settle(InvoiceId::new(id), &paid("SITI"), at(made)).unwrap();
    }
    let lines =
        ledger.report("2020-08-01".parse().unwrap(), "2020-08-31".parse().unwrap()).unwrap();
    let csv = |grouping| Total::csv(&Total::of(&lines, grouping), grouping);
    assert_eq!(
        csv(Grouping::Day),
        "day,invoices,payments,paid\r\n2020-08-07,2,2,51156\r\n2020-08-08,1,1,25578\r\n",
    );
    assert_eq!(
        csv(Grouping::Channel),
        "channel,invoices,payments,paid\r\nbill,1,1,25578\r\npos,2,2,51156\r\n",
    );
    assert_eq!(
        csv(Grouping::DayAndChannel),
        "day,channel,invoices,payments,paid\r\n2020-08-07,bill,1,1,25578\r\n\
         2020-08-07,pos,1,1,25578\r\n2020-08-08,pos,1,1,25578\r\n",
    );
    let days = Total::of(&lines, Grouping::Day);
    assert_eq!(
        serde_json::to_string(&days[1]).unwrap(),
        r#"{"day":"2020-08-08","invoices":1,"payments":1,"paid":25578}"#,
    );
}

pub(crate) fn the_export_has_every_record_with_its_history(books: &Books) {
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 41_325_511_100);
    let paid_at = at("2020-08-07 11:20:00");
    ledger.settle(InvoiceId::new(41_325_511_100), &paid("SITI"), paid_at).unwrap();
    ledger.ask(&number("INV-2"), Rupiah::new(100), Channel::Bill, paid_at).unwrap();
    let mut out = Vec::new();
    assert_eq!(ledger.export(&mut out).unwrap(), 2);
    let content = content(41_325_511_100);
    let made = "2020-08-07T11:13:42+07:00";
    let paid = "2020-08-07T11:20:00+07:00";
    let expected = [
        json!({
            "merchant": "main", "number": "INV-1", "reference": null, "amount": 25_578,
            "channel": "pos", "tip": false, "description": null, "metadata": null, "state": "paid",
            "created_at": made, "due_at": null, "pay_url": null, "qris_content": content,
            "qris_request_date": made, "qris_invoiceid": 41_325_511_100_u64,
            "qris_nmid": "ID1020021181745", "shown_until": "2020-08-07T11:43:42+07:00",
            "watched_until": "2020-08-07T12:13:42+07:00", "paid_at": paid, "method": "BCA",
            "customer_name": "SITI", "rrn": null, "overpaid": 0,
            "invoices": [{
                "state": "paid", "qris_invoiceid": 41_325_511_100_u64, "qris_request_date": made,
                "paid_at": paid,
            }],
            "events": [
                {"at": made, "state": "requested", "actor": "program"},
                {"at": made, "state": "pending", "actor": "program"},
                {"at": paid, "state": "paid", "actor": "program"},
            ],
        }),
        json!({
            "merchant": "main", "number": "INV-2", "reference": null, "amount": 100,
            "channel": "bill", "tip": false, "description": null, "metadata": null,
            "state": "requested", "created_at": paid, "due_at": null, "pay_url": null,
            "qris_content": null, "qris_request_date": null, "qris_invoiceid": null,
            "qris_nmid": null, "shown_until": null, "watched_until": null,
            "invoices": [{
                "state": "requested", "qris_invoiceid": null, "qris_request_date": null,
                "paid_at": null,
            }],
            "events": [{"at": paid, "state": "requested", "actor": "program"}],
        }),
    ];
    let lines = String::from_utf8(out).unwrap();
    let found: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found, expected);
}

pub(crate) fn an_export_of_more_than_a_page_skips_and_repeats_nothing(books: &Books) {
    let mut ledger = books.open();
    let now = at("2020-08-07 11:20:00");
    for name in 0..1_001 {
        let number = number(&format!("N{name}"));
        ledger.ask(&number, Rupiah::new(100), Channel::Pos, now).unwrap();
    }
    let mut out = Vec::new();
    assert_eq!(ledger.export(&mut out).unwrap(), 1_001);
    let text = String::from_utf8(out).unwrap();
    let numbers: BTreeSet<&str> = text.lines().filter_map(|line| line.split('"').nth(7)).collect();
    assert_eq!(numbers.len(), 1_001);
}

pub(crate) fn the_report_counts_by_day_in_wib_and_by_channel(books: &Books) {
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
        ledger.ask(&number(name), Rupiah::new(25_578), channel, at(made)).unwrap();
        ledger.made(&invoice(name, id, made), &SCHEDULE, at(made)).unwrap();
        if let Some(paid_at) = paid_at {
            let settled = ledger.settle(InvoiceId::new(id), &paid("SITI"), at(paid_at));
            assert_eq!(settled.unwrap(), Settlement::Now);
        }
    }
    // Nothing was made for this one.
    let refused = number("INV-6");
    let noon = at("2020-08-08 12:00:00");
    ledger.ask(&refused, Rupiah::new(25_578), Channel::Bill, noon).unwrap();
    ledger.refused(&refused, noon).unwrap();

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

    let payments = |from: &str, to: &str| {
        let records = ledger.payments(from.parse().unwrap(), to.parse().unwrap()).unwrap();
        records.iter().map(|record| record.number.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(payments("2020-08-08", "2020-08-08"), ["INV-1", "INV-2", "INV-3"]);
    assert_eq!(payments("2020-08-07", "2020-08-09"), ["INV-1", "INV-2", "INV-3", "INV-5"]);
    assert_eq!(payments("2020-08-10", "2020-08-31"), [""; 0]);
}

pub(crate) fn a_list_of_payments_has_what_a_bank_statement_is_held_against(books: &Books) {
    let mut ledger = books.open();
    for (id, name, method) in
        [(1, "INV-1", "Sakuku"), (2, "=2;-1", "=1+1"), (3, "INV-3", "A \"B\", C")]
    {
        pending(&mut ledger, name, id);
        let paid_at = WibTime::parse(&format!("2020-08-07 11:20:0{id}"));
        let paid = payment(Some("SITI"), Some(method), paid_at);
        ledger.settle(InvoiceId::new(id), &paid, at("2020-08-07 11:21:00")).unwrap();
    }
    let day = "2020-08-07".parse().unwrap();
    let csv = payments_csv(&ledger.payments(day, day).unwrap());
    assert_eq!(
        csv,
        "paid_at,number,qris_invoiceid,amount,channel,method,rrn,note,api_version\r\n\
         2020-08-07T11:20:01+07:00,\"INV-1\",1,25578,pos,\"Sakuku\",\"\",\"\",\"\"\r\n\
         2020-08-07T11:20:02+07:00,\"'=2;'-1\",2,25578,pos,\"'=1+1\",\"\",\"\",\"\"\r\n\
         2020-08-07T11:20:03+07:00,\"INV-3\",3,25578,pos,\"A \"\"B\"\", C\",\"\",\"\",\"\"\r\n"
    );
}

pub(crate) fn neither_records_nor_errors_show_the_payer(books: &Books) {
    let mut ledger = books.open();
    pending(&mut ledger, "INV-1", 1);
    ledger.settle(InvoiceId::new(1), &paid("SITI"), at("2020-08-07 11:20:00")).unwrap();
    let shown = format!("{:?}", booked(&ledger, "INV-1"));
    assert!(shown.contains("INV-1"));
    assert!(!shown.contains("SITI"), "{shown}");
}

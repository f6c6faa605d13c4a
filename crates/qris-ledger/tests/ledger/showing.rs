//! What may be shown to a payer and for how long, on any database.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use qris_api::{Fingerprint, Invoice, InvoiceId, Rupiah, Schedule};
use qris_ledger::{Budget, Channel, CheckOutcome, Error, Ledger, Order, Request, State};

use crate::properties::{
    SCHEDULE, at, booked, content, invoice, number, pending, referring_to, state,
};
use crate::{OneCode as _, TestDatabase};

const MADE: &str = "2020-08-07 11:13:42";

/// TestDatabase the intent of a number.
#[track_caller]
fn requested(ledger: &mut Ledger, number_text: &str) {
    let asked = ledger.ask(&number(number_text), Rupiah::new(25_578), Channel::Pos, at(MADE));
    assert!(matches!(asked.expect("a new number"), Request::New(_)));
}

#[track_caller]
fn refused(ledger: &mut Ledger, invoice: &Invoice) -> Error {
    ledger.made(invoice, &SCHEDULE, at(MADE)).expect_err("it must not be shown")
}

/// The detail of the last event of a number.
#[track_caller]
fn detail(ledger: &Ledger, number_text: &str) -> Option<String> {
    let events = ledger.events(&number(number_text)).expect("a history");
    events.last().expect("an event").detail.clone()
}

pub(crate) fn an_invoice_expires_when_it_is_no_longer_shown_and_not_a_second_before(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    let record = booked(&ledger, "INV-1");
    assert_eq!(record.shown_until, Some(at("2020-08-07 11:43:42")));
    assert_eq!(record.expires_at, Some(at("2020-08-07 12:13:42")));
    assert_eq!(ledger.expire(at("2020-08-07 11:43:41")).unwrap(), []);
    assert_eq!(state(&ledger, "INV-1"), State::Pending);
    assert_eq!(ledger.expire(at("2020-08-07 11:43:42")).unwrap(), [number("INV-1")]);
    assert_eq!(state(&ledger, "INV-1"), State::Expired);
    assert_eq!(ledger.expire(at("2020-08-07 11:43:43")).unwrap(), []);
}

pub(crate) fn the_display_time_ends_by_the_clock_before_the_expiry_is_recorded(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    requested(&mut ledger, "INV-2");
    let at_time = |record: &Order, time: &str| {
        let now = at(&format!("2020-08-07 {time}"));
        (record.may_be_shown(now), record.state_at(now))
    };
    let record = booked(&ledger, "INV-1");
    assert_eq!(at_time(&record, "11:43:41"), (true, State::Pending));
    assert_eq!(at_time(&record, "11:43:42"), (false, State::Expired));
    ledger.cancel(&number("INV-1"), at(MADE)).unwrap();
    let cancelled = booked(&ledger, "INV-1");
    assert_eq!(at_time(&cancelled, "11:20:00"), (false, State::Cancelled));
    assert_eq!(at_time(&booked(&ledger, "INV-2"), "11:20:00"), (false, State::Requested));
}

pub(crate) fn an_invoice_that_is_no_longer_shown_is_watched_to_the_end_of_validity_and_grace(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    requested(&mut ledger, "INV-1");
    let schedule = Schedule::default();
    ledger.made(&invoice("INV-1", 1, MADE), &schedule, at(MADE)).unwrap();
    assert_eq!(booked(&ledger, "INV-1").next_check_at, Some(at("2020-08-07 11:13:57")));
    let mut checks = 0;
    let mut last = at(MADE);
    while let Some(due) = booked(&ledger, "INV-1").next_check_at {
        ledger.expire(due).unwrap();
        let claim = ledger.claim_check(&number("INV-1"), &Budget::default(), due).unwrap();
        let claim = claim.expect("a claim of what is due");
        ledger.record_check(&claim, CheckOutcome::Unpaid, &schedule, due).unwrap();
        checks += 1;
        last = due;
    }
    assert_eq!(state(&ledger, "INV-1"), State::Expired);
    assert_eq!((checks, last), (33, at("2020-08-07 12:23:42")));
}

pub(crate) fn a_qr_is_shown_no_longer_than_it_is_valid(database: &TestDatabase) {
    let mut ledger = database.open();
    requested(&mut ledger, "INV-1");
    let schedule = Schedule::default().with_validity(Duration::from_secs(5 * 60));
    ledger.made(&invoice("INV-1", 1, MADE), &schedule, at(MADE)).unwrap();
    let record = booked(&ledger, "INV-1");
    assert_eq!(record.shown_until, Some(at("2020-08-07 11:18:42")));
    assert_eq!(record.expires_at, record.shown_until);
}

pub(crate) fn an_invoice_of_another_merchant_is_refused_until_the_owner_says_so(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    requested(&mut ledger, "INV-2");
    let mut other = invoice("INV-2", 2, MADE);
    other.qris_nmid = "ID2020999999999".to_owned();
    let error = refused(&mut ledger, &other);
    assert_eq!(
        error.to_string(),
        "expected an invoice for NMID ID1020021181745, found ID2020999999999: if that one is \
         yours, set it as the NMID in the settings",
    );
    assert!(error.is_mismatch());
    assert_eq!(state(&ledger, "INV-2"), State::Unknown);
    assert_eq!(booked(&ledger, "INV-2").invoice, None);

    let account = Fingerprint::from_parts("localhost", "0c9f1d7ab4e84f3b");
    ledger.bind_account(&account, Some("ID2020999999999")).unwrap();
    ledger.made(&other, &SCHEDULE, at(MADE)).unwrap();
    assert_eq!(state(&ledger, "INV-2"), State::Pending);
    requested(&mut ledger, "INV-3");
    let error = refused(&mut ledger, &invoice("INV-3", 3, MADE));
    assert!(matches!(error, Error::OtherNmid { .. }), "{error}");
}

pub(crate) fn an_invoice_of_another_number_is_not_shown_and_its_id_is_kept(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 71);
    let with = |name: &str, id: u64, content: String| {
        let mut invoice = invoice(name, id, MADE);
        invoice.qris_content = content;
        invoice
    };
    for (name, id, content, words) in [
        (
            "THE-ID",
            71,
            content(72),
            "expected a new qris_invoiceid, found one that is booked under another number",
        ),
        (
            "THE-QR",
            73,
            content(71),
            "expected a new QR, found one that is booked under another number",
        ),
        (
            "THE-LABEL",
            74,
            referring_to("0071"),
            "expected the reference label (62.05) of this invoice, found the qris_invoiceid of \
             another number",
        ),
    ] {
        requested(&mut ledger, name);
        let invoice = with(name, id, content);
        let error = refused(&mut ledger, &invoice);
        assert_eq!(error.to_string(), words);
        assert!(error.is_mismatch());
        let record = booked(&ledger, name);
        assert_eq!((record.state, &record.invoice), (State::Unknown, &None), "{name}");
        let expected = format!("qris_invoiceid {id} of 2020-08-07T11:13:42+07:00: {words}");
        assert_eq!(detail(&ledger, name), Some(expected));
        // Repeated, because the answer was lost: it is refused again and recorded once.
        assert_eq!(refused(&mut ledger, &invoice).to_string(), words);
        assert_eq!(ledger.events(&number(name)).unwrap().len(), 2, "{name}");
    }
    assert_eq!(state(&ledger, "INV-1"), State::Pending);
}

pub(crate) fn what_must_not_be_shown_is_kept_in_the_event_of_one_that_is_unknown_already(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 71);
    requested(&mut ledger, "INV-2");
    ledger.lost(&number("INV-2"), None, at(MADE)).unwrap();
    refused(&mut ledger, &invoice("INV-2", 71, MADE));
    let detail = detail(&ledger, "INV-2").expect("a detail");
    assert!(detail.starts_with("qris_invoiceid 71 of 2020-08-07T11:13:42+07:00"), "{detail}");
}

pub(crate) fn a_label_that_is_no_invoices_id_is_in_the_event_and_the_qr_is_shown(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    for (id, label) in [(1, "99"), (2, "99999999999999999999"), (3, "A01")] {
        let name = format!("INV-{id}");
        requested(&mut ledger, &name);
        let mut invoice = invoice(&name, id, MADE);
        invoice.qris_content = referring_to(label);
        ledger.made(&invoice, &SCHEDULE, at(MADE)).unwrap();
        assert!(booked(&ledger, &name).may_be_shown(at(MADE)));
        let said = "the reference label (62.05) of the QR is not its qris_invoiceid";
        assert_eq!(detail(&ledger, &name).as_deref(), Some(said), "{label}");
    }
    pending(&mut ledger, "INV-4", 4);
    assert_eq!(detail(&ledger, "INV-4"), None);
}

pub(crate) fn an_id_that_the_database_cannot_hold_is_kept_in_words(database: &TestDatabase) {
    let mut ledger = database.open();
    requested(&mut ledger, "INV-1");
    let error = refused(&mut ledger, &invoice("INV-1", u64::MAX, MADE));
    assert!(matches!(error, Error::TooLarge { column: "qris_invoiceid" }), "{error}");
    assert_eq!(state(&ledger, "INV-1"), State::Unknown);
    let detail = detail(&ledger, "INV-1").expect("a detail");
    assert!(detail.starts_with("qris_invoiceid 18446744073709551615 of 2020"), "{detail}");
}

pub(crate) fn of_creates_at_once_with_one_qr_one_is_shown(database: &TestDatabase) {
    const TILLS: u64 = 4;
    let mut ledger = database.open();
    (1..=TILLS).for_each(|id| requested(&mut ledger, &format!("INV-{id}")));
    let start = Barrier::new(TILLS as usize);
    let shown: usize = thread::scope(|scope| {
        let tills: Vec<_> = (1..=TILLS)
            .map(|id| {
                let (mut ledger, start) = (database.open(), &start);
                scope.spawn(move || {
                    let mut invoice = invoice(&format!("INV-{id}"), id, MADE);
                    invoice.qris_content = content(99);
                    start.wait();
                    match ledger.made(&invoice, &SCHEDULE, at(MADE)) {
                        Ok(()) => 1,
                        Err(Error::ContentTaken) => 0,
                        Err(error) => panic!("{error}"),
                    }
                })
            })
            .collect();
        tills.into_iter().map(|till| till.join().unwrap()).sum()
    });
    assert_eq!(shown, 1);
}

pub(crate) fn a_request_date_that_cannot_be_true_shows_no_qr_too_long_and_watches_none_too_short(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let schedule = Schedule::default();
    let now = at("2020-08-07 11:14:00");
    for (id, date, shown_until) in [
        (1, "2020-08-07 11:13:42", "2020-08-07 11:43:42"),
        (2, "2020-08-07 04:13:42", "2020-08-07 04:43:42"),
        (3, "1970-01-01 07:00:00", "1970-01-01 07:30:00"),
        (4, "2099-01-01 00:00:00", "2020-08-07 11:44:00"),
    ] {
        let name = format!("INV-{id}");
        requested(&mut ledger, &name);
        let made = invoice(&name, id, date);
        ledger.made(&made, &schedule, now).unwrap();
        let record = booked(&ledger, &name);
        assert_eq!(record.shown_until, Some(at(shown_until)), "{date}");
        let expires_at = if id == 1 { "2020-08-07 12:13:42" } else { "2020-08-07 12:14:00" };
        assert_eq!(record.expires_at, Some(at(expires_at)), "{date}");
        // An answer in the first minute is not the last.
        let claim =
            ledger.claim_check(&number(&name), &Budget::default(), at("2020-08-07 11:15:00"));
        let claim = claim.unwrap().expect("it is due");
        let answered = at("2020-08-07 11:15:01");
        let next = ledger.record_check(&claim, CheckOutcome::Unpaid, &schedule, answered).unwrap();
        assert!(next.is_some_and(|next| next <= at("2020-08-07 11:17:00")), "{date}: {next:?}");
    }
}

pub(crate) fn a_ledger_remembers_its_account_and_refuses_another(database: &TestDatabase) {
    let shop = Fingerprint::from_parts("qris.interactive.co.id", "0c9f1d7ab4e84f3b");
    let sandbox = Fingerprint::from_parts("localhost", "7d1e0b55c2a94be2");
    let other_merchant = Fingerprint::from_parts("qris.interactive.co.id", "7d1e0b55c2a94be3");
    database.open().bind_account(&shop, None).unwrap();
    let mut ledger = database.open();
    let error = ledger.bind_account(&sandbox, Some("ID9")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected the account at qris.interactive.co.id whose invoices are in this database, found \
         another account at localhost: use another database for it; a sandbox needs one of its own",
    );
    let error = ledger.bind_account(&other_merchant, None).unwrap_err();
    assert!(matches!(error, Error::OtherAccount { .. }), "{error}");
    ledger.bind_account(&shop, None).unwrap();
    // The refused one has set no NMID.
    requested(&mut ledger, "INV-1");
    ledger.made(&invoice("INV-1", 1, MADE), &SCHEDULE, at(MADE)).unwrap();
    assert!(ledger.find_invoice(InvoiceId::new(1)).unwrap().is_some());
}

//! Migration from formats 1 to 4, with an invoice in every state: nothing is lost.

use qris_api::{InvoiceId, Rupiah, WibTime};
use qris_ledger::{
    Budget, Channel, Error, EventType, InvoiceState, Ledger, OrderFilter, Request, Settlement,
    State,
};

use crate::file::SCHEMAS;
#[cfg(feature = "postgres")]
use crate::postgres::Server;
use crate::properties::{SCHEDULE, at, booked, id_of, invoice, number, paid};
use crate::{OneCode as _, TestDatabase};

/// A row of an old `qris_invoice`: number, amount, channel, state, time of request, id, validity,
/// time of payment, time of the next check.
type OldRow = (
    &'static str,
    u64,
    Channel,
    State,
    &'static str,
    Option<u64>,
    u64,
    Option<&'static str>,
    Option<&'static str>,
);

const ROWS: [OldRow; 13] = {
    use Channel::{Bill, Ecommerce, Pos};
    use State::{Cancelled, Expired, Paid, Pending, Rejected, Requested, Unknown};
    let due = Some("2020-08-07 12:20:00");
    [
        ("REQUESTED", 1_000, Pos, Requested, "2020-08-07 12:00:00", None, 0, None, None),
        ("SHOWN", 2_000, Pos, Pending, "2020-08-07 12:01:00", Some(2), 60, None, due),
        ("SHOWN-LONG-AGO", 3_000, Bill, Pending, "2020-08-07 11:20:00", Some(3), 60, None, due),
        ("UNWATCHED", 4_000, Pos, Pending, "2020-08-07 11:00:00", Some(4), 60, None, None),
        (
            "PAID-LATE",
            5_000,
            Ecommerce,
            Paid,
            "2020-08-06 23:50:00",
            Some(5),
            60,
            Some("2020-08-07 00:10:00"),
            None,
        ),
        (
            "PAID",
            6_000,
            Ecommerce,
            Paid,
            "2020-08-07 09:00:00",
            Some(41_325_511_100),
            30,
            Some("2020-08-07 09:01:00"),
            None,
        ),
        ("EXPIRED-CHECKED", 7_000, Pos, Expired, "2020-08-07 11:10:00", Some(7), 60, None, due),
        ("EXPIRED", 8_000, Pos, Expired, "2020-08-05 10:00:00", Some(8), 60, None, None),
        ("REJECTED", 9_000, Pos, Rejected, "2020-08-05 10:00:00", None, 0, None, None),
        ("UNKNOWN", 10_000, Pos, Unknown, "2020-08-05 10:00:00", None, 0, None, None),
        (
            "CANCELLED-WHILE-SHOWN",
            11_000,
            Pos,
            Cancelled,
            "2020-08-07 12:02:00",
            Some(11),
            60,
            None,
            due,
        ),
        ("CANCELLED", 12_000, Pos, Cancelled, "2020-08-04 10:00:00", Some(12), 60, None, None),
        ("TEN-MINUTES", 13_000, Bill, Expired, "2020-08-07 12:00:00", Some(13), 10, None, due),
    ]
};

fn quoted(time: WibTime) -> String {
    format!("'{time}'")
}

fn quoted_or_null(time: Option<&str>) -> String {
    time.map_or("NULL".to_owned(), |time| quoted(at(time)))
}

/// The rows in the SQL that both databases and all old formats have.
fn rows_as_sql(format: usize) -> String {
    let mut sql = String::new();
    for (name, amount, channel, state, requested, id, minutes, paid_at, next) in ROWS {
        let made = at(requested);
        let expires = made.later_by(crate::properties::MINUTE * u32::try_from(minutes).unwrap());
        let invoice = match id {
            None => "NULL, NULL, NULL, NULL, NULL".to_owned(),
            Some(id) => format!("'QR-{id}', {}, {id}, 'ID9', {}", quoted(made), quoted(expires)),
        };
        let (method, payer) =
            if paid_at.is_some() { ("'BCA'", "'SITI'") } else { ("NULL", "NULL") };
        let (paid_at, next) = (quoted_or_null(paid_at), quoted_or_null(next));
        sql += &format!(
            "INSERT INTO qris_invoice (number, amount, channel, state, requested_at, qris_content,
                qris_request_date, qris_invoiceid, qris_nmid, expires_at, paid_at, method,
                customer_name, next_check_at)
             VALUES ('{name}', {amount}, '{channel}', '{state}', {}, {invoice}, {paid_at}, {method},
                {payer}, {next});",
            quoted(made),
        );
        for state in history(state) {
            let made = quoted(made);
            sql += &format!(
                "INSERT INTO qris_event (number, at, state) VALUES ('{name}', {made}, '{state}');"
            );
        }
    }
    if format >= 2 {
        sql += "UPDATE qris_invoice SET presses = 2, pressed_at = '2020-08-07T12:03:00+07:00',
                    hinted_at = '2020-08-07T12:03:30+07:00' WHERE number = 'SHOWN';
                INSERT INTO qris_turn (slot, taken_at) VALUES (0, '2020-08-07T12:03:00+07:00');";
    }
    if format >= 3 {
        sql += "UPDATE qris_invoice SET unanswered_at = '2020-08-07T12:10:00+07:00'
                WHERE number = 'EXPIRED-CHECKED';";
    }
    sql
}

/// The states that an order went through.
fn history(state: State) -> Vec<State> {
    match state {
        State::Requested => vec![State::Requested],
        State::Pending => vec![State::Requested, State::Pending],
        State::Rejected | State::Unknown => vec![State::Requested, state],
        _ => vec![State::Requested, State::Pending, state],
    }
}

fn old_file(format: usize) -> TestDatabase {
    let database = TestDatabase::in_a_file();
    let connection = rusqlite::Connection::open(database.path()).unwrap();
    let old = &SCHEMAS[..format.min(3)];
    old.iter().for_each(|schema| connection.execute_batch(schema).unwrap());
    connection.execute_batch(&rows_as_sql(format)).unwrap();
    if format >= 4 {
        connection.execute_batch(include_str!("../../src/schema/sqlite-4.sql")).unwrap();
    }
    connection.pragma_update(None, "user_version", i64::try_from(format).unwrap()).unwrap();
    database
}

#[cfg(feature = "postgres")]
pub(crate) const POSTGRES_SCHEMAS: [&str; 2] = [
    include_str!("../../src/schema/postgres-2.sql"),
    include_str!("../../src/schema/postgres-3.sql"),
];

#[cfg(feature = "postgres")]
fn old_server(server: &Server, format: usize, more: &str) -> TestDatabase {
    let schema = format!("old_{format}");
    let database = server.database(&schema);
    let newer = if format >= 4 { include_str!("../../src/schema/postgres-4.sql") } else { "" };
    server.sql(&format!(
        "SET search_path = {schema}; {} CREATE TABLE qris_format (format BIGINT NOT NULL);
         INSERT INTO qris_format VALUES ({format}); {} {more} {newer}",
        POSTGRES_SCHEMAS[..format.min(3) - 1].concat(),
        rows_as_sql(format),
    ));
    database
}

/// Compares everything with what was written.
#[track_caller]
fn everything_is_there(ledger: &Ledger, format: usize) {
    let all = ledger.orders(&OrderFilter::default(), 100).unwrap();
    assert_eq!(all.len(), ROWS.len(), "format {format}");
    for (name, amount, channel, state, requested, id, minutes, paid_at, next) in ROWS {
        let what = format!("{name} of format {format}");
        let order = booked(ledger, name);
        let made = at(requested);
        assert_eq!((order.amount.get(), order.channel, order.state), (amount, channel, state));
        assert_eq!((order.created_at, order.requested_at), (made, Some(made)), "{what}");
        assert_eq!(order.invoices.len(), 1, "{what}");
        let expected = match state {
            State::Cancelled => InvoiceState::Expired,
            state => state.as_str().parse().unwrap(),
        };
        assert_eq!(order.invoices[0].state, expected, "{what}");
        let found = order.invoice.as_ref().map(|invoice| invoice.qris_invoiceid.get());
        assert_eq!(found, id, "{what}");
        if let Some(invoice) = &order.invoice {
            assert_eq!(invoice.qris_content, format!("QR-{}", id.unwrap()), "{what}");
            assert_eq!((invoice.qris_request_date, invoice.qris_nmid.as_str()), (made, "ID9"));
            let minute = |minutes: u64| {
                Some(made.later_by(crate::properties::MINUTE * u32::try_from(minutes).unwrap()))
            };
            assert_eq!(order.shown_until, minute(minutes.min(30)), "{what}");
            assert_eq!(order.expires_at, minute(minutes), "{what}");
            assert_eq!(order.watched_until, minute(minutes + 10), "{what}");
        }
        let details = order.payment.details();
        assert_eq!(details.and_then(|details| details.paid_at), paid_at.map(at), "{what}");
        if let Some(details) = details {
            assert_eq!(details.method.as_deref(), Some("BCA"), "{what}");
            assert_eq!(details.customer_name.as_deref(), Some("SITI"), "{what}");
        }
        match next {
            Some(next) => assert_eq!(order.next_check_at, Some(at(next)), "{what}"),
            None => {
                let is_payable = expected.may_be_paid();
                assert_eq!(
                    order.next_check_at.is_some(),
                    is_payable,
                    "{what} is asked about again"
                );
            }
        }
        let events = ledger.events(&number(name)).unwrap();
        let states: Vec<State> = events.iter().map(|event| event.state).collect();
        assert_eq!(states, history(state), "{what}");
        assert!(events.iter().all(|event| event.at == made && event.actor.is_none()), "{what}");
    }
    let unanswered = (format >= 3).then(|| at("2020-08-07 12:10:00"));
    assert_eq!(booked(ledger, "EXPIRED-CHECKED").unanswered_at, unanswered);
    assert_eq!(
        ledger.unacknowledged(10).unwrap(),
        [],
        "what was paid before needs no shipping now"
    );
    assert_eq!(ledger.outbox(0, 100).unwrap(), [], "what was booked before is not told now");
    assert_eq!(totals(ledger), old_report(), "format {format}");
    assert_eq!(ledger.take_invalid_rows(), []);
}

type Total = (String, Channel, u64, u64, u64);

fn totals(ledger: &Ledger) -> Vec<Total> {
    let lines = ledger.report("2020-01-01".parse().unwrap(), "2020-12-31".parse().unwrap());
    let of_line = |line: &qris_ledger::ReportLine| {
        (line.day.to_string(), line.channel, line.invoices, line.payments, line.paid.get())
    };
    lines.unwrap().iter().map(of_line).collect()
}

/// What `qris report` of those formats said: invoices on the day they were asked for, payments on the
/// day they were made.
fn old_report() -> Vec<Total> {
    let day = |day: u8| format!("2020-08-0{day}");
    vec![
        (day(4), Channel::Pos, 1, 0, 0),
        (day(5), Channel::Pos, 1, 0, 0),
        (day(6), Channel::Ecommerce, 1, 0, 0),
        (day(7), Channel::Bill, 2, 0, 0),
        (day(7), Channel::Ecommerce, 1, 2, 11_000),
        (day(7), Channel::Pos, 4, 0, 0),
    ]
}

/// Open orders continue: each ends as it would have before.
#[track_caller]
fn everything_open_goes_on(ledger: &mut Ledger, format: usize) {
    let now = at("2020-08-07 12:20:00");
    let claims = ledger.claim_checks(&Budget::default(), 20, now).unwrap();
    let mut due: Vec<u64> = claims.iter().map(id_of).collect();
    due.sort_unstable();
    assert_eq!(due, [2, 3, 7, 11, 13], "format {format}");
    let mut expired = ledger.expire(now).unwrap();
    expired.sort();
    assert_eq!(expired, [number("SHOWN-LONG-AGO"), number("UNWATCHED")]);
    for id in [2, 3, 4, 7, 8, 11, 12, 13] {
        let settled = ledger.settle(InvoiceId::new(id), &paid("BUDI"), now).unwrap();
        assert_eq!(settled, Settlement::Settled, "{id} of format {format}");
    }
    let settled = ledger.settle(InvoiceId::new(5), &paid("BUDI"), now).unwrap();
    assert_eq!(settled, Settlement::AlreadySettled);
    assert_eq!(ledger.unacknowledged(20).unwrap().len(), 8);
    // The reply that was on its way during the update.
    let mut late = invoice("REQUESTED", 1, "2020-08-07 12:00:01");
    late.amount = Rupiah::new(1_000);
    late.qris_nmid = "ID9".to_owned();
    ledger.made(&late, &SCHEDULE, now).unwrap();
    ledger.resolve_not_made(&number("UNKNOWN"), "not in the provider's list", now).unwrap();
    let asked = ledger.ask(&number("REJECTED"), Rupiah::new(9_000), Channel::Pos, now).unwrap();
    assert!(matches!(asked, Request::New(_)));
    let known = ledger.ask(&number("NEW"), Rupiah::new(1), Channel::Pos, now).unwrap();
    assert!(matches!(known, Request::New(_)));
    let all = ledger.orders(&OrderFilter::default(), 100).unwrap();
    assert_eq!(all.len(), ROWS.len() + 1);
    let told = ledger.outbox(0, 100).unwrap();
    let mut told: Vec<(&str, EventType)> =
        told.iter().map(|event| (event.number.as_str(), event.event_type)).collect();
    told.sort_unstable();
    let expected = [
        ("CANCELLED", EventType::PaidLate),
        ("CANCELLED-WHILE-SHOWN", EventType::PaidLate),
        ("EXPIRED", EventType::PaidLate),
        ("EXPIRED-CHECKED", EventType::PaidLate),
        ("NEW", EventType::Created),
        ("REJECTED", EventType::Created),
        ("SHOWN", EventType::Paid),
        ("SHOWN-LONG-AGO", EventType::PaidLate),
        ("SHOWN-LONG-AGO", EventType::Expired),
        ("TEN-MINUTES", EventType::PaidLate),
        ("UNKNOWN", EventType::Resolved),
        ("UNWATCHED", EventType::PaidLate),
        ("UNWATCHED", EventType::Expired),
    ];
    assert_eq!(told, expected, "format {format}");
}

#[test]
fn a_file_of_each_older_format_keeps_every_payment_event_and_check() {
    for format in 1..=4 {
        let database = old_file(format);
        everything_is_there(&database.open(), format);
        everything_is_there(&database.open(), format);
        everything_open_goes_on(&mut database.open(), format);
        let connection = rusqlite::Connection::open(database.path()).unwrap();
        let check = |pragma: &str| -> Vec<String> {
            let mut statement = connection.prepare(pragma).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.collect::<Result<_, _>>().unwrap()
        };
        assert_eq!(check("PRAGMA integrity_check"), ["ok"], "every constraint holds");
        assert_eq!(check("PRAGMA foreign_key_check"), [""; 0]);
    }
}

#[cfg(feature = "postgres")]
#[test]
fn tables_of_each_older_format_keep_every_payment_event_and_check() {
    let server = Server::start();
    for format in 2..=4 {
        let database = old_server(&server, format, "");
        everything_is_there(&database.open(), format);
        everything_is_there(&database.open(), format);
        everything_open_goes_on(&mut database.open(), format);
    }
}

#[test]
fn an_old_row_that_makes_no_sense_keeps_no_file_from_opening_and_changes_no_total() {
    for (column, value) in [
        ("amount", "'x'"),
        ("amount", "-5"),
        ("amount", "2.5"),
        ("channel", "'fax'"),
        ("state", "'sold'"),
        ("requested_at", "'noon'"),
        ("qris_request_date", "'noon'"),
        ("expires_at", "x'00'"),
        ("qris_invoiceid", "'seven'"),
        ("next_check_at", "'soon'"),
        ("paid_at", "'yesterday'"),
    ] {
        let database = old_file(3);
        let connection = rusqlite::Connection::open(database.path()).unwrap();
        connection.pragma_update(None, "ignore_check_constraints", "on").unwrap();
        let sql = format!("UPDATE qris_invoice SET {column} = {value} WHERE number = 'PAID-LATE'");
        connection.execute_batch(&sql).unwrap();
        let event = "INSERT INTO qris_event (number, at, state) VALUES ('PAID', 'noon', 'sold')";
        connection.execute_batch(event).unwrap();
        drop(connection);
        let mut ledger = database.open();
        let listed = ledger.list(100).unwrap();
        assert_eq!(listed.len(), ROWS.len() - 1, "{column}");
        let row = ledger.take_invalid_rows().pop().expect("it is said");
        assert_eq!(row.number, Some(number("PAID-LATE")), "{column}");
        let found = ledger.find(&number("PAID-LATE"));
        assert!(matches!(found, Err(Error::Corrupt { .. })), "{column}: not absent");
        assert_eq!(ledger.events(&number("PAID")).unwrap().len(), 3, "the others are there");
        // The total of its day counts the other payment.
        let line = |totals: Vec<Total>| {
            totals
                .into_iter()
                .find(|line| (line.0.as_str(), line.1) == ("2020-08-07", Channel::Ecommerce))
        };
        let (_, _, invoices, payments, paid_amount) = line(totals(&ledger)).expect("a total");
        let expected = match column {
            "amount" | "channel" | "paid_at" => (1, 1, 6_000),
            _ => (1, 2, 11_000),
        };
        assert_eq!((invoices, payments, paid_amount), expected, "{column}");
        let now = at("2020-08-07 12:20:00");
        assert_eq!(ledger.claim_checks(&Budget::default(), 20, now).unwrap().len(), 5);
        assert_eq!(
            ledger.settle(InvoiceId::new(2), &paid("BUDI"), now).unwrap(),
            Settlement::Settled
        );
    }
}

#[cfg(feature = "postgres")]
#[test]
fn old_rows_that_make_no_sense_keep_no_tables_from_being_brought_up_to_date() {
    let server = Server::start();
    let damage = "
        UPDATE qris_invoice SET amount = -5 WHERE number = 'PAID-LATE';
        UPDATE qris_invoice SET requested_at = 'infinity' WHERE number = 'EXPIRED';
        UPDATE qris_invoice SET qris_request_date = 'infinity' WHERE number = 'SHOWN';
        INSERT INTO qris_event (number, at, state) VALUES ('PAID', '-infinity', 'sold');";
    let database = old_server(&server, 3, damage);
    let mut ledger = database.open();
    assert_eq!(ledger.list(100).unwrap().len(), ROWS.len() - 3);
    assert_eq!(ledger.take_invalid_rows().len(), 3);
    assert_eq!(ledger.events(&number("PAID")).unwrap().len(), 3);
    let mut expected = old_report();
    expected.retain(|line| line.0 != "2020-08-05");
    expected.iter_mut().filter(|line| line.4 > 0).for_each(|line| (line.3, line.4) = (1, 6_000));
    assert_eq!(totals(&ledger), expected);
    // This program must not write a wrong event.
    server.sql(
        "DO $$ BEGIN INSERT INTO old_3.qris_event (order_id, at, state)
             SELECT id, now(), 'sold' FROM old_3.qris_order LIMIT 1;
         EXCEPTION WHEN check_violation THEN CREATE TABLE old_3.refused AS SELECT 1; END $$",
    );
    assert_eq!(server.sql("SELECT count(*) FROM old_3.refused"), "1");
    let now = at("2020-08-07 12:20:00");
    assert_eq!(ledger.settle(InvoiceId::new(3), &paid("BUDI"), now).unwrap(), Settlement::Settled);
}

#[test]
fn old_unchecked_invoices_are_checked_once_and_leave_free_slots_for_todays() {
    let database = TestDatabase::in_a_file();
    let connection = rusqlite::Connection::open(database.path()).unwrap();
    SCHEMAS.iter().for_each(|schema| connection.execute_batch(schema).unwrap());
    connection.pragma_update(None, "user_version", 3).unwrap();
    connection
        .execute_batch(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
             INSERT INTO qris_invoice (number, amount, channel, state, requested_at, qris_content,
                 qris_request_date, qris_invoiceid, qris_nmid, expires_at)
             SELECT 'OLD-' || i, 100, 'pos', 'expired', '2020-08-07T11:00:00+07:00', 'QR-' || i,
                 '2020-08-07T11:00:00+07:00', i, 'ID9', '2020-08-07T12:00:00+07:00' FROM n",
        )
        .unwrap();
    let mut ledger = database.open();
    let now = WibTime::now().later_by(crate::properties::MINUTE);
    let claims = ledger.claim_checks(&Budget::default(), 64, now).unwrap();
    // One every six seconds, plus some tolerance for a slow machine.
    assert!((9..40).contains(&claims.len()), "{} in the first minute", claims.len());
    for claim in &claims {
        let outcome = qris_ledger::CheckOutcome::Unpaid;
        assert_eq!(
            ledger.record_check(claim, outcome, &SCHEDULE, now).unwrap(),
            None,
            "one answer"
        );
    }
}

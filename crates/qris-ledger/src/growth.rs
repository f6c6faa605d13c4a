//! Shows that a shop's queries and each round of the watcher cost the same for any number of orders.

use rusqlite::types::Value;
use rusqlite::{Connection, StatementStatus};

use crate::{Ledger, shift, sql, totals};

/// The last `?1` orders of a history that ends on 1 January 2020: one a minute, two in three paid.
const HISTORY: &str = "
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?1)
    INSERT INTO qris_order (id, merchant, number, amount, channel, state, created_at, invoices, invoice,
        paid_invoice, acknowledged_at)
    SELECT n, 1, 'OLD-' || (?1 - n), 1000 + ?1 - n, 'pos',
        CASE WHEN (?1 - n) % 3 THEN 'paid' ELSE 'expired' END,
        strftime('%Y-%m-%dT%H:%M:%S+07:00', '2020-01-01', (n - ?1) || ' minutes'), 1, n,
        CASE WHEN (?1 - n) % 3 THEN n END, '2020-01-01T00:00:00+07:00'
    FROM number";

const INVOICES: &str = "
    INSERT INTO qris_invoice (id, merchant, order_id, state, requested_at, qris_content,
        qris_request_date, qris_invoiceid, qris_nmid, shown_until, expires_at, watched_until, paid_at,
        rrn, final_answer_at)
    SELECT id, 1, id, state, created_at, 'QR-' || id, created_at, id, 'ID9', created_at, created_at,
        created_at, CASE state WHEN 'paid' THEN created_at END, 'R' || number, created_at
    FROM qris_order;
    INSERT INTO qris_total (merchant, day, channel, shift, invoices, payments, paid)
    SELECT merchant, day, channel, shift, sum(invoices), sum(payments), sum(paid) FROM qris_counted
    GROUP BY 1, 2, 3, 4";

/// The number of rows that a statement returns in a history of this many orders, and the number of SQLite
/// steps.
fn cost(database: &Connection, sql: &str, parameters: &[Value]) -> (usize, i32) {
    let mut statement = database.prepare(sql).expect("a statement");
    let mut rows = statement.query(rusqlite::params_from_iter(parameters)).expect("an answer");
    let mut found = 0;
    while rows.next().expect("a row").is_some() {
        found += 1;
    }
    drop(rows);
    (found, statement.get_status(StatementStatus::VmStep))
}

fn history(orders: u32, statistics: &str) -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("qris.db");
    drop(Ledger::open(&path).expect("a ledger"));
    let database = Connection::open(&path).expect("a file");
    database.execute(HISTORY, [orders]).expect("orders");
    database.execute_batch(INVOICES).expect("invoices");
    database.execute_batch(statistics).expect("statistics");
    (folder, database)
}

/// The statistics that SQLite may use for its query plan. Usually none: this program never runs ANALYZE.
const STATISTICS: [&str; 3] = ["", "ANALYZE", "PRAGMA analysis_limit = 100; ANALYZE"];

#[test]
fn lists_searches_reports_and_rounds_take_no_more_steps_with_twenty_times_the_orders() {
    let text = |text: &str| Value::Text(text.to_owned());
    let (all, main) = (|| text(""), Value::Integer(1));
    let filter = |from: &str, before: &str, number: &str| {
        vec![main.clone(), all(), all(), text(from), text(before), text(number)]
    };
    let always = "0001-01-01T00:00:00+07:00";
    let with = |mut filter: Vec<Value>, more: &[Value]| {
        filter.extend_from_slice(more);
        filter
    };
    let whole = |what: &str| {
        let spelled = vec![main.clone(), text(what), text(what), text(what)];
        with(spelled, &[all(), all(), text(always), text("2021"), Value::Integer(20)])
    };
    let search = |what: &str, amount: i64| {
        let filter = filter(always, "2020-01-02T00:00:00+07:00", "");
        let (limit, since) = (Value::Integer(20), text("2019-12-31T18:00:00+07:00"));
        with(filter, &[amount.into(), limit, since, text(&format!("%{what}%"))])
    };
    let page = |from, before, number| with(filter(from, before, number), &[Value::Integer(20)]);
    let statements = [
        (
            "a day",
            sql::FILTERED,
            page("2020-01-01T00:00:00+07:00", "2020-01-02T00:00:00+07:00", ""),
        ),
        ("a deep page", sql::FILTERED, page(always, "2019-12-31T12:00:00+07:00", "A")),
        ("a number", sql::SEARCH_WHOLE, whole("OLD-900")),
        ("an RRN", sql::SEARCH_WHOLE, whole("ROLD-900")),
        ("an amount", sql::SEARCH, search("1900", 1_900)),
        ("nothing", sql::SEARCH, search("no such text", -1)),
        ("attention", sql::ATTENTION, vec![main.clone(), text("2021"), Value::Integer(100)]),
        (
            "a day's report",
            totals::REPORT,
            vec![main.clone(), text("2019-12-31"), text("2019-12-31")],
        ),
    ];
    let rounds = [
        ("what is abandoned", sql::ANY_ABANDONED, vec![main.clone(), text("2020"), text("2021")]),
        ("what expires", sql::ANY_EXPIRED, vec![main.clone(), text("2020")]),
        ("what has no check", sql::UNSCHEDULED, vec![main.clone(), text("2021")]),
        ("what is due", sql::DUE, vec![main.clone(), text("2021"), Value::Integer(10)]),
        (
            "what is to be shipped",
            sql::UNACKNOWLEDGED,
            vec![main.clone(), all(), all(), Value::Integer(20)],
        ),
        ("the newest", sql::LIST, vec![main.clone(), Value::Integer(20)]),
    ];
    let of_shifts = shift::STATEMENTS.map(|sql| ("a shift", sql, vec![main.clone()]));
    let statements: Vec<_> = statements.into_iter().chain(rounds).chain(of_shifts).collect();
    for statistics in STATISTICS {
        let (_little, few) = history(1_000, statistics);
        let (_much, many) = history(20_000, statistics);
        for (what, sql, parameters) in &statements {
            // SQLite has no row locks.
            let sql = sql.split(" FOR UPDATE").next().unwrap_or(sql);
            let (found, steps) = cost(&few, sql, parameters);
            let (found_of_many, steps_of_many) = cost(&many, sql, parameters);
            assert_eq!(found, found_of_many, "{what}");
            assert!(
                steps_of_many <= steps + steps / 4 + 50,
                "{what} takes {steps} steps and then {steps_of_many}, {statistics}: {sql}"
            );
        }
        let found = [
            cost(&many, sql::SEARCH_WHOLE, &whole("OLD-900")).0,
            cost(&many, sql::SEARCH_WHOLE, &whole("ROLD-900")).0,
            cost(&many, sql::SEARCH, &search("1900", 1_900)).0,
        ];
        assert_eq!(found, [1, 1, 1], "an old order is found");
    }
}

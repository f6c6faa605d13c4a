//! A shop's queries on a server read few rows, for any number of orders.

use std::thread;
use std::time::{Duration, Instant};

use qris_api::WibTime;
use qris_ledger::{Ledger, OrderFilter};

use crate::TestDatabase;
use crate::postgres::Server;
use crate::properties::{at, number};

/// A history with this many orders, in the SQL of both databases: all of `main`, one a minute, two
/// in three paid, none with an unknown outcome.
const HISTORY: &str = "
    INSERT INTO qris_order (id, merchant, number, amount, channel, state, created_at, invoices,
        invoice, paid_invoice, acknowledged_at)
    SELECT n, 1, 'OLD-' || n, 1000 + n, 'pos', CASE WHEN n % 3 > 0 THEN 'paid' ELSE 'expired' END,
        TIMESTAMPTZ '2020-01-01 00:00+07' + n * INTERVAL '1 minute', 1, n,
        CASE WHEN n % 3 > 0 THEN n END, now()
    FROM generate_series(1, 20000) AS n;
    INSERT INTO qris_invoice (id, merchant, order_id, state, requested_at, qris_content,
        qris_request_date, qris_invoiceid, qris_nmid, shown_until, expires_at, watched_until, paid_at,
        method, rrn, final_answer_at)
    SELECT id, 1, id, state, created_at, 'QR-' || id, created_at, id, 'ID9', created_at, created_at,
        created_at, CASE WHEN state = 'paid' THEN created_at END, 'BCA', 'R' || (100000 + id), created_at
    FROM qris_order;
    INSERT INTO qris_total (merchant, day, channel, shift, invoices, payments, paid)
    SELECT merchant, day, channel, shift, sum(invoices), sum(payments), sum(paid) FROM qris_counted
    GROUP BY 1, 2, 3, 4;
    ANALYZE";

type Work<'a> = &'a dyn Fn(&Ledger) -> usize;

/// The result, and how many rows of orders and invoices the connection has read. The server counts
/// them when the connection ends.
fn rows_read_by(server: &Server, database: &TestDatabase, work: Work<'_>) -> (usize, i64) {
    let is_idle = || {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'qris'";
        server.sql(sql) == "0"
    };
    let rows = || -> i64 {
        let started = Instant::now();
        while !is_idle() && started.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_millis(20));
        }
        let read = server.sql(
            "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)
             FROM pg_stat_user_tables
             WHERE schemaname = 'shop' AND relname IN ('qris_order', 'qris_invoice')",
        );
        read.parse().expect("a number")
    };
    let before = rows();
    let found = work(&database.open());
    (found, rows() - before)
}

#[test]
fn a_shops_queries_on_a_server_read_few_rows_at_any_age_of_the_order() {
    let server = Server::start();
    let database = server.database("shop");
    drop(database.open());
    server.sql(&format!("SET search_path = shop; {HISTORY}"));
    let read_by = |work: Work<'_>| rows_read_by(&server, &database, work);
    let day = |text: &str| text.parse().ok();
    let of_day = |text: &str| {
        let mut filter = OrderFilter::default();
        (filter.from, filter.to) = (day(text), day(text));
        filter
    };
    let searching = |text: &str| {
        let mut filter = OrderFilter::default();
        filter.search = Some(text.to_owned());
        filter
    };
    let mut deep = OrderFilter::default();
    deep.after = Some((at("2020-01-03 00:00:30"), number("OLD-1")));
    // Parts of texts are searched in the newest 2,000 orders, which are counted first, and in their
    // payments. There are 40,000 rows.
    let window = 6_500;
    let few = 200;
    let lists = [
        ("a day", of_day("2020-01-03"), 20, few),
        ("a page deep in the list", deep, 20, few),
        ("an old number", searching("OLD-77"), 1, few),
        ("an old number in small letters", searching("old-77"), 1, few),
        ("an old RRN", searching("R100077"), 1, few),
        ("an old amount", searching("1077"), 1, window),
        ("nothing", searching("no such text"), 0, window),
    ];
    for (what, filter, expected, most) in lists {
        let (found, rows) = read_by(&|ledger| ledger.orders(&filter, 20).unwrap().len());
        assert_eq!(found, expected, "{what}");
        assert!(rows <= most, "{what} reads {rows} rows");
    }
    let first = "2020-01-01".parse().unwrap();
    let year = |ledger: &Ledger| ledger.report(first, "2020-12-31".parse().unwrap()).unwrap().len();
    let reads: [(&str, Work<'_>, i64); 4] = [
        ("the report of a year", &year, 0),
        (
            "what needs a person",
            &|ledger| ledger.attention(100, WibTime::now()).unwrap().len(),
            few,
        ),
        ("the newest", &|ledger| ledger.list(20).unwrap().len(), few),
        ("what is to be shipped", &|ledger| ledger.unacknowledged(20).unwrap().len(), few),
    ];
    for (what, work, most) in reads {
        let (_, rows) = read_by(work);
        assert!(rows <= most, "{what} reads {rows} rows");
    }
    let shift = database.open().open_shift("Siti", WibTime::now()).unwrap();
    let (_, rows) = read_by(&|ledger| ledger.shift_report(shift.id).unwrap().1.methods.len());
    assert!(rows <= few, "the report of a shift reads {rows} rows");
}

//! Fills a ledger with a million orders of a year, then says how long the cashier's list and the
//! reports take. Usage: `a_year_of_history sqlite://FILE` or `postgres://…`, either one new.
#![forbid(unsafe_code)]

use std::error::Error;
use std::time::{Duration, Instant};

use qris_ledger::Ledger;

/// A million orders with one invoice each, one every 31 seconds since the beginning of 2026, most of
/// them paid.
const SQLITE: &str = "
    PRAGMA foreign_keys = off;
    CREATE TEMP TABLE sale AS
    WITH RECURSIVE sale (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM sale WHERE n < 1000000)
    SELECT n, strftime('%Y-%m-%dT%H:%M:%S+07:00', 1767225600 + n * 31, 'unixepoch') AS at,
        n % 8 > 0 AS is_paid, CASE WHEN n % 8 THEN 'paid' ELSE 'expired' END AS state
    FROM sale;
    INSERT INTO qris_order (id, merchant, number, amount, channel, state, created_at, invoices,
        invoice, paid_invoice, acknowledged_at)
    SELECT n, 1, 'INV-' || n, 1000 + n % 500000, CASE n % 3 WHEN 0 THEN 'bill' WHEN 1 THEN 'pos'
        ELSE 'ecommerce' END, state, at, 1, n, CASE WHEN is_paid THEN n END,
        CASE WHEN is_paid THEN at END
    FROM sale;
    INSERT INTO qris_invoice (id, merchant, order_id, state, requested_at, qris_content,
        qris_request_date, qris_invoiceid, qris_nmid, shown_until, expires_at, watched_until, paid_at,
        method, customer_name, final_answer_at)
    SELECT n, 1, n, state, at, printf('%0242d', n), at, 40000000000 + n, 'ID1020021181745', at, at,
        at, CASE WHEN is_paid THEN at END, 'BCA', 'SITI', CASE WHEN NOT is_paid THEN at END
    FROM sale;
    INSERT INTO qris_event (order_id, invoice, at, state) SELECT n, n, at, state FROM sale;
    INSERT INTO qris_total (merchant, day, channel, invoices, payments, paid)
    SELECT 1, substr(created_at, 1, 10), channel, count(*), count(paid_invoice),
        sum(CASE WHEN state = 'paid' THEN amount ELSE 0 END)
    FROM qris_order GROUP BY 2, 3;
    PRAGMA optimize;";

#[cfg(feature = "postgres")]
const POSTGRES: &str = "
    CREATE TEMP TABLE sale AS
    SELECT n, to_timestamp(1767225600 - 7 * 3600 + n * 31) AS at, n % 8 > 0 AS is_paid,
        CASE WHEN n % 8 > 0 THEN 'paid' ELSE 'expired' END AS state
    FROM generate_series(1, 1000000) AS n;
    INSERT INTO qris_order (id, merchant, number, amount, channel, state, created_at, invoices,
        invoice, paid_invoice, acknowledged_at)
    SELECT n, 1, 'INV-' || n, 1000 + n % 500000, CASE n % 3 WHEN 0 THEN 'bill' WHEN 1 THEN 'pos'
        ELSE 'ecommerce' END, state, at, 1, n, CASE WHEN is_paid THEN n END,
        CASE WHEN is_paid THEN at END
    FROM sale;
    INSERT INTO qris_invoice (id, merchant, order_id, state, requested_at, qris_content,
        qris_request_date, qris_invoiceid, qris_nmid, shown_until, expires_at, watched_until, paid_at,
        method, customer_name, final_answer_at)
    SELECT n, 1, n, state, at, lpad(n::text, 242, '0'), at, 40000000000 + n, 'ID1020021181745', at,
        at, at, CASE WHEN is_paid THEN at END, 'BCA', 'SITI', CASE WHEN NOT is_paid THEN at END
    FROM sale;
    INSERT INTO qris_event (order_id, invoice, at, state) SELECT n, n, at, state FROM sale;
    INSERT INTO qris_total (merchant, day, channel, invoices, payments, paid)
    SELECT 1, to_char(created_at AT TIME ZONE INTERVAL '7 hours', 'YYYY-MM-DD'), channel, count(*),
        count(paid_invoice), coalesce(sum(amount) FILTER (WHERE state = 'paid'), 0)
    FROM qris_order GROUP BY 2, 3;
    ANALYZE;";

fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("expected a database URL")?;
    // Makes the tables.
    drop(Ledger::connect(&url)?);
    let started = Instant::now();
    match url.strip_prefix("sqlite://") {
        Some(path) => rusqlite::Connection::open(path)?.execute_batch(SQLITE)?,
        None => fill_postgres(&url)?,
    }
    println!("filled in {:.1} s", started.elapsed().as_secs_f64());

    let ledger = Ledger::connect(&url)?;
    let day = "2026-07-01".parse()?;
    time("the last 20", 50, || ledger.list(20).map(|orders| orders.len()))?;
    time("the report of a day", 50, || ledger.report(day, day).map(|lines| lines.len()))?;
    let (first, last) = ("2026-01-01".parse()?, "2026-12-31".parse()?);
    time("the report of the year", 3, || ledger.report(first, last).map(|lines| lines.len()))?;
    Ok(())
}

#[cfg(feature = "postgres")]
fn fill_postgres(url: &str) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        Ok(client.batch_execute(POSTGRES).await?)
    })
}

#[cfg(not(feature = "postgres"))]
fn fill_postgres(_: &str) -> Result<(), Box<dyn Error>> {
    Err("built without PostgreSQL".into())
}

fn time(
    what: &str,
    times: usize,
    work: impl Fn() -> Result<usize, qris_ledger::Error>,
) -> Result<(), Box<dyn Error>> {
    let mut taken: Vec<Duration> = Vec::new();
    let mut lines = 0;
    for _ in 0..times {
        let started = Instant::now();
        lines = work()?;
        taken.push(started.elapsed());
    }
    taken.sort();
    let longest = taken.last().copied().unwrap_or_default();
    let median = taken.get(times / 2).copied().unwrap_or_default();
    println!("{what}: {lines} lines, median {median:.1?}, longest {longest:.1?} of {times}");
    Ok(())
}

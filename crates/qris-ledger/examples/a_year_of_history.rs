//! Fills books with a million invoices of a year, then says how long the cashier's list and the
//! reports take. Usage: `a_year_of_history sqlite://FILE` or `postgres://…`, either one new.
#![forbid(unsafe_code)]

use std::error::Error;
use std::time::{Duration, Instant};

use qris_ledger::Ledger;

/// A million invoices, one every 31 seconds since the beginning of 2026, most of them paid.
const SQLITE: &str = "
    WITH RECURSIVE sale (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM sale WHERE n < 999999)
    INSERT INTO qris_invoice (number, amount, channel, state, requested_at, qris_content,
        qris_request_date, qris_invoiceid, qris_nmid, expires_at, shown_until, paid_at, method,
        customer_name)
    SELECT 'INV-' || n, 1000 + n % 500000, CASE n % 3 WHEN 0 THEN 'bill' WHEN 1 THEN 'pos' ELSE
        'ecommerce' END, CASE WHEN n % 8 THEN 'paid' ELSE 'expired' END, at, printf('%0242d', n),
        at, 40000000000 + n, 'ID1020021181745', at, at, CASE WHEN n % 8 THEN at END, 'BCA', 'SITI'
    FROM (SELECT n, strftime('%Y-%m-%dT%H:%M:%S+07:00', 1767225600 + n * 31, 'unixepoch') AS at
          FROM sale);
    INSERT INTO qris_event (number, at, state) SELECT number, requested_at, state FROM qris_invoice;
    PRAGMA optimize;";

#[cfg(feature = "postgres")]
const POSTGRES: &str = "
    INSERT INTO qris_invoice (number, amount, channel, state, requested_at, qris_content,
        qris_request_date, qris_invoiceid, qris_nmid, expires_at, shown_until, paid_at, method,
        customer_name)
    SELECT 'INV-' || n, 1000 + n % 500000, CASE n % 3 WHEN 0 THEN 'bill' WHEN 1 THEN 'pos' ELSE
        'ecommerce' END, CASE WHEN n % 8 > 0 THEN 'paid' ELSE 'expired' END, at,
        lpad(n::text, 242, '0'), at, 40000000000 + n, 'ID1020021181745', at, at,
        CASE WHEN n % 8 > 0 THEN at END, 'BCA', 'SITI'
    FROM (SELECT n, to_timestamp(1767225600 - 7 * 3600 + n * 31) AS at
          FROM generate_series(0, 999999) AS n) AS sale;
    INSERT INTO qris_event (number, at, state) SELECT number, requested_at, state FROM qris_invoice;
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
    time("the last 20", 50, || ledger.list(20).map(|records| records.len()))?;
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

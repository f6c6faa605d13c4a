//! Measures how long a shop waits for its ledger when it has many orders. Fills a new database with
//! the orders of a year, then measures the queries of a till and an owner. `benches/ledger` runs it
//! for several sizes.
//!
//! Usage: `a_year_of_history URL ORDERS` with `sqlite://FILE` or `postgres://…`; `a_year_of_history
//! measure URL ORDERS` if the orders are already there; or `a_year_of_history booking URL URL`,
//! which records payments in two databases in turn, one of them without the indexes of format 6.
#![forbid(unsafe_code)]

use std::error::Error;
use std::time::{Duration, Instant};

use qris_api::{
    Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, Schedule, TransactionNumber, WibTime,
};
use qris_ledger::{Ledger, NewOrder, OrderFilter, Request};

type Outcome = Result<(), Box<dyn Error>>;

/// The number of orders that are added in one step.
const CHUNK: u64 = 250_000;

/// Orders `?1` to `?2` of `?3`, with one invoice each and most of them paid, spread over 2026,
/// which begins in WIB at 1767200400 of Unix time. Their QR texts are shorter than real ones, to
/// save disk.
const SQLITE: &str = "
    INSERT INTO sale
    WITH RECURSIVE number (n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM number WHERE n < ?2)
    SELECT n, strftime('%Y-%m-%dT%H:%M:%S+07:00', 1767225600 + n * 31536000 / (?3 + 1), 'unixepoch'),
        n % 8 > 0, CASE WHEN n % 8 THEN 'paid' ELSE 'expired' END
    FROM number";

const SQLITE_ROWS: &str = "
    INSERT INTO qris_order (id, merchant, number, amount, channel, state, created_at, invoices,
        invoice, paid_invoice, acknowledged_at)
    SELECT n, 1, printf('INV-%08d', n), 1000 + n % 500000, CASE n % 3 WHEN 0 THEN 'bill'
        WHEN 1 THEN 'pos' ELSE 'ecommerce' END, state, at, 1, n, CASE WHEN is_paid THEN n END,
        CASE WHEN is_paid THEN at END
    FROM sale;
    INSERT INTO qris_invoice (id, merchant, order_id, state, requested_at, qris_content,
        qris_request_date, qris_invoiceid, qris_nmid, shown_until, expires_at, watched_until, paid_at,
        method, customer_name, rrn, final_answer_at)
    SELECT n, 1, n, state, at, printf('%0100d', n), at, 40000000000 + n, 'ID1020021181745', at, at,
        at, CASE WHEN is_paid THEN at END, 'BCA', 'SITI', CASE WHEN is_paid THEN printf('%012d', n) END,
        CASE WHEN NOT is_paid THEN at END
    FROM sale;
    INSERT INTO qris_event (order_id, invoice, at, state) SELECT n, n, at, state FROM sale;
    DELETE FROM sale";

/// The same with `FIRST`, `LAST` and `ORDERS` in it.
#[cfg(feature = "postgres")]
const POSTGRES: &str = "
    INSERT INTO sale
    SELECT n, to_timestamp(1767200400 + n * 31536000 / (ORDERS + 1)), n % 8 > 0,
        CASE WHEN n % 8 > 0 THEN 'paid' ELSE 'expired' END
    FROM generate_series(FIRST::BIGINT, LAST::BIGINT) AS n;
    INSERT INTO qris_order (id, merchant, number, amount, channel, state, created_at, invoices,
        invoice, paid_invoice, acknowledged_at)
    SELECT n, 1, 'INV-' || lpad(n::text, 8, '0'), 1000 + n % 500000, CASE n % 3 WHEN 0 THEN 'bill'
        WHEN 1 THEN 'pos' ELSE 'ecommerce' END, state, at, 1, n, CASE WHEN is_paid THEN n END,
        CASE WHEN is_paid THEN at END
    FROM sale;
    INSERT INTO qris_invoice (id, merchant, order_id, state, requested_at, qris_content,
        qris_request_date, qris_invoiceid, qris_nmid, shown_until, expires_at, watched_until, paid_at,
        method, customer_name, rrn, final_answer_at)
    SELECT n, 1, n, state, at, lpad(n::text, 100, '0'), at, 40000000000 + n, 'ID1020021181745', at,
        at, at, CASE WHEN is_paid THEN at END, 'BCA', 'SITI',
        CASE WHEN is_paid THEN lpad(n::text, 12, '0') END, CASE WHEN NOT is_paid THEN at END
    FROM sale;
    INSERT INTO qris_event (order_id, invoice, at, state) SELECT n, n, at, state FROM sale;
    TRUNCATE sale";

const TOTALS: &str = "
    INSERT INTO qris_total (merchant, day, channel, shift, invoices, payments, paid)
    SELECT merchant, day, channel, shift, sum(invoices), sum(payments), sum(paid) FROM qris_counted
    GROUP BY merchant, day, channel, shift";

const NEW_INDEXES: &str =
    "DROP INDEX qris_order_amount; DROP INDEX qris_invoice_rrn; DROP INDEX qris_invoice_hinted";

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["booking", with, without] => compare_booking(with, without),
        ["measure", url, orders] => measure(url, orders.parse()?),
        [url, orders] => {
            let orders = orders.parse()?;
            let started = Instant::now();
            fill(url, orders)?;
            println!("filled with {orders} orders in {:.0} s", started.elapsed().as_secs_f64());
            measure(url, orders)
        }
        _ => Err("expected a database URL and a number of orders, or booking and two URLs".into()),
    }
}

fn measure(url: &str, orders: u64) -> Outcome {
    let mut ledger = Ledger::connect(url)?;
    let (year, month, day) = (
        ["2026-01-01".parse()?, "2026-12-31".parse()?],
        ["2026-07-01".parse()?, "2026-07-31".parse()?],
        "2026-07-01".parse()?,
    );
    let payments = orders - orders / 8;
    time("report of a year", 50, || {
        let lines = ledger.report(year[0], year[1])?;
        expect(lines.iter().map(|line| line.payments).sum(), payments)
    })?;
    time("report of a month", 50, || Ok(ledger.report(month[0], month[1])?))?;
    time("report of a day", 50, || Ok(ledger.report(day, day)?))?;
    let list = |filter: &OrderFilter, expected: u64| {
        expect(ledger.orders(filter, 20)?.len() as u64, expected)
    };
    let mut of_day = OrderFilter::default();
    (of_day.from, of_day.to) = (Some(day), Some(day));
    time("first page of a day", 50, || list(&of_day, 20))?;
    let mut deep = OrderFilter::default();
    deep.after = Some((
        WibTime::parse("2026-02-01 00:00:00").ok_or("no date")?,
        TransactionNumber::parse("A")?,
    ));
    time("page deep in the list", 50, || list(&deep, 20))?;
    // The time can only grow with the age of the order, so this one is old.
    let old = orders / 10 + 1;
    let old = old + u64::from(old.is_multiple_of(8));
    for (what, text, expected) in [
        ("search by number", format!("INV-{old:08}"), 1),
        ("search by RRN", format!("{old:012}"), 1),
        ("search by amount", (1_000 + old % 500_000).to_string(), orders.div_ceil(500_000).min(20)),
        ("search for what is nowhere", "no such text".to_owned(), 0),
    ] {
        let mut filter = OrderFilter::default();
        filter.search = Some(text);
        time(what, 50, || list(&filter, expected))?;
    }
    time("newest page", 50, || Ok(ledger.list(20)?))?;
    time("what needs a person", 50, || Ok(ledger.attention(100, WibTime::now())?))?;
    let taken = (0..200).map(|n| book(&mut ledger, n)).collect::<Result<Vec<_>, _>>()?;
    say("booking a payment", taken);
    time("comparison of all totals", 1, || expect(ledger.compare_totals()?.len() as u64, 0))
}

/// Records an order, its code and its payment. Returns the time that the payment took.
fn book(ledger: &mut Ledger, n: u64) -> Result<Duration, Box<dyn Error>> {
    let now = WibTime::now();
    let (number, amount) = (TransactionNumber::parse(format!("NEW-{n}"))?, Rupiah::new(25_578));
    let order = NewOrder::new(number.clone(), amount);
    let Request::New(intent) = ledger.request(&order, now)? else {
        return Err("booked before".into());
    };
    let id = InvoiceId::new(90_000_000_000 + n);
    let invoice = Invoice::new(number, amount, format!("NEW-QR-{n}"), now, id, "ID1020021181745");
    ledger.record_created(&intent, &invoice, &Schedule::default(), now)?;
    let mut details = PaymentDetails::default();
    details.rrn = Some(format!("9{n:011}"));
    let started = Instant::now();
    ledger.settle(id, &Payment::Paid(details), now)?;
    Ok(started.elapsed())
}

/// How much longer a sale and its payment take with the indexes that format 6 added.
fn compare_booking(with: &str, without: &str) -> Outcome {
    for url in [with, without] {
        fill(url, 100_000)?;
    }
    execute(without, NEW_INDEXES)?;
    let mut ledgers = [Ledger::connect(with)?, Ledger::connect(without)?];
    let mut taken = [Vec::new(), Vec::new()];
    for n in 0..500 {
        for at in [n % 2, 1 - n % 2] {
            let started = Instant::now();
            book(&mut ledgers[at as usize], n)?;
            taken[at as usize].push(started.elapsed());
        }
    }
    taken.iter_mut().for_each(|times| times.sort());
    let [with, without] = taken.map(|times| times[times.len() / 2].as_secs_f64());
    println!(
        "a sale and its payment: median {:.2} ms with the indexes, {:.2} ms without: ratio {:.2}",
        with * 1e3,
        without * 1e3,
        with / without
    );
    Ok(())
}

fn expect(found: u64, expected: u64) -> Result<(), Box<dyn Error>> {
    match found == expected {
        true => Ok(()),
        false => Err(format!("expected {expected}, found {found}").into()),
    }
}

fn time<T>(
    what: &str,
    times: usize,
    mut work: impl FnMut() -> Result<T, Box<dyn Error>>,
) -> Outcome {
    let mut taken = Vec::new();
    for _ in 0..times {
        let started = Instant::now();
        work().map_err(|error| format!("{what}: {error}"))?;
        taken.push(started.elapsed());
    }
    say(what, taken);
    Ok(())
}

fn say(what: &str, mut taken: Vec<Duration>) {
    taken.sort();
    let at = |part: usize| taken[(taken.len() - 1) * part / 100].as_secs_f64() * 1e3;
    println!("{what:<28} median {:>9.2} ms, least {:>9.2} ms", at(50), at(0));
}

/// Fills a new database. The indexes are created last, which takes a tenth of the time.
fn fill(url: &str, orders: u64) -> Outcome {
    // Creates the tables.
    drop(Ledger::connect(url)?);
    match url.strip_prefix("sqlite://") {
        Some(path) => fill_sqlite(path, orders),
        None => fill_postgres(url, orders),
    }
}

fn chunks(orders: u64) -> impl Iterator<Item = (u64, u64)> {
    (0..orders.div_ceil(CHUNK)).map(move |n| (n * CHUNK + 1, ((n + 1) * CHUNK).min(orders)))
}

fn fill_sqlite(path: &str, orders: u64) -> Outcome {
    let database = rusqlite::Connection::open(path)?;
    database.execute_batch(
        "PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA foreign_keys = off;
         PRAGMA ignore_check_constraints = on; PRAGMA cache_size = -200000;
         CREATE TEMP TABLE sale (n INTEGER PRIMARY KEY, at TEXT, is_paid INTEGER, state TEXT)",
    )?;
    let of_tables = "type = 'index' AND sql IS NOT NULL
        AND tbl_name IN ('qris_order', 'qris_invoice', 'qris_event')";
    let mut indexes = Vec::new();
    let sql = format!("SELECT name, sql FROM sqlite_master WHERE {of_tables}");
    for row in database.prepare(&sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
        let row: (String, String) = row?;
        indexes.push(row);
    }
    for (name, _) in &indexes {
        database.execute_batch(&format!("DROP INDEX {name}"))?;
    }
    for (first, last) in chunks(orders) {
        let [first, last, orders] =
            [first, last, orders].map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        database.execute_batch("BEGIN")?;
        database.execute(SQLITE, [first, last, orders])?;
        database.execute_batch(SQLITE_ROWS)?;
        database.execute_batch("COMMIT")?;
    }
    for (_, sql) in &indexes {
        database.execute_batch(sql)?;
    }
    database.execute_batch(TOTALS)?;
    Ok(database
        .execute_batch("PRAGMA analysis_limit = 1000; ANALYZE; PRAGMA journal_mode = wal")?)
}

fn execute(url: &str, sql: &str) -> Outcome {
    match url.strip_prefix("sqlite://") {
        Some(path) => Ok(rusqlite::Connection::open(path)?.execute_batch(sql)?),
        None => run_postgres(url, |_| vec![sql.to_owned()]),
    }
}

fn fill_postgres(url: &str, orders: u64) -> Outcome {
    run_postgres(url, |indexes| {
        let mut steps = vec![
            "SET synchronous_commit = off; SET maintenance_work_mem = '256MB';
             SET session_replication_role = replica;
             CREATE TEMP TABLE sale (n BIGINT, at TIMESTAMPTZ, is_paid BOOLEAN, state TEXT)"
                .to_owned(),
        ];
        steps.extend(indexes.iter().map(|(name, _)| format!("DROP INDEX {name}")));
        steps.extend(chunks(orders).map(|(first, last)| {
            let sql = POSTGRES.replace("FIRST", &first.to_string());
            sql.replace("LAST", &last.to_string()).replace("ORDERS", &orders.to_string())
        }));
        steps.extend(indexes.iter().map(|(_, sql)| sql.clone()));
        steps.push(TOTALS.to_owned());
        for table in ["qris_merchant", "qris_order", "qris_invoice", "qris_event"] {
            steps.push(format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            ));
            steps.push(format!("VACUUM ANALYZE {table}"));
        }
        steps
    })
}

/// Runs statements that may depend on the existing indexes.
#[cfg(feature = "postgres")]
fn run_postgres(url: &str, steps: impl FnOnce(&[(String, String)]) -> Vec<String>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        let rows = client
            .query(
                "SELECT indexname::TEXT, indexdef FROM pg_indexes
                 WHERE schemaname = current_schema()
                    AND tablename IN ('qris_order', 'qris_invoice', 'qris_event')
                    AND indexname::TEXT NOT IN (SELECT conname::TEXT FROM pg_constraint)",
                &[],
            )
            .await?;
        let indexes: Vec<_> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        for step in steps(&indexes) {
            client.batch_execute(&step).await?;
        }
        Ok(())
    })
}

#[cfg(not(feature = "postgres"))]
fn run_postgres(_: &str, _: impl FnOnce(&[(String, String)]) -> Vec<String>) -> Outcome {
    Err("built without PostgreSQL".into())
}

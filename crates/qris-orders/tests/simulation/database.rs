//! The database of the runs, by `SIM_LEDGER`: `memory`, a SQLite `file`, or a `postgres` server
//! of this process.
//!
//! What differs:
//!
//! - With a file, a run writes to `TMPDIR`, and each write waits for the disk. A copy is made
//!   while the file is open, like a backup, and restored while it is closed.
//! - With a server a copy is a separate schema.
//! - With PostgreSQL the slots of a budget follow the server's clock, which virtual time does not
//!   move. So the schema has its own `clock_timestamp()`, found before PostgreSQL's, with the
//!   run's true time: the budget is the same 60 checks a minute as in memory.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use qris_api::{Rupiah, TransactionNumber, WibTime};
use qris_ledger::{Actor, Budget, Ledger, MerchantName, MerchantRowId, NewOrder};
use tempfile::TempDir;

use crate::postgres::Server;

/// A database with the initial data of each run. A thread reuses it for the next run.
pub(crate) struct Database {
    ledger: Option<Ledger>,
    place: Place,
    merchants: Vec<(MerchantName, MerchantRowId)>,
    empty: Option<Copied>,
}

enum Place {
    Memory,
    File(TempDir),
    Postgres(Schema),
}

/// A copy of a database.
#[derive(Clone)]
pub(crate) enum Copied {
    Bytes(Vec<u8>),
    File(PathBuf),
    Schema(String),
}

thread_local! {
    /// Where a run leaves its database for the next one.
    static KEPT: RefCell<Option<Database>> = const { RefCell::new(None) };
}

/// Ends this thread's database when it is dropped, because a server would outlive its process.
pub(crate) struct Closing;

impl Drop for Closing {
    fn drop(&mut self) {
        drop(KEPT.with(RefCell::take));
    }
}

impl Database {
    /// The database of an earlier run, or a new empty one.
    pub(crate) fn empty() -> Self {
        let mut database = KEPT.with(RefCell::take).unwrap_or_else(|| {
            let kind = std::env::var("SIM_LEDGER");
            Self::new(kind.as_deref().unwrap_or("memory"))
        });
        if let Some(empty) = database.empty.clone() {
            database.restore(&empty);
        }
        database
    }

    /// Leaves it for the next run.
    pub(crate) fn keep(self) {
        KEPT.with(|kept| kept.replace(Some(self)));
    }

    fn new(kind: &str) -> Self {
        let place = match kind {
            "memory" => Place::Memory,
            "file" => Place::File(tempfile::tempdir().expect("a temporary folder")),
            "postgres" => Place::Postgres(Schema::new()),
            _ => panic!("SIM_LEDGER is {kind}: expected memory, file or postgres"),
        };
        let mut database = Self { ledger: None, place, merchants: Vec::new(), empty: None };
        let mut ledger = database.open();
        let merchants = ["main", "second"].map(|name| {
            let name: MerchantName = name.parse().expect("a name");
            let id = ledger.merchant(&name).expect("a merchant");
            // The slots of its budget are created here, not in each run.
            ledger.act_for(id, &Actor::default());
            ledger.claim_checks(&Budget::default(), 0, WibTime::now()).expect("turns");
            (name, id)
        });
        // As in a newly opened one.
        ledger.act_for(MerchantRowId::MAIN, &Actor::default());
        database.ledger = Some(ledger);
        database.merchants = merchants.to_vec();
        database.empty = Some(database.save("empty"));
        database
    }

    fn open(&self) -> Ledger {
        let ledger = match &self.place {
            Place::Memory => Ledger::in_memory(),
            Place::File(folder) => Ledger::open(folder.path().join("qris.db")),
            Place::Postgres(schema) => Ledger::connect(&schema.url),
        };
        ledger.expect("a ledger")
    }

    pub(crate) fn ledger(&mut self) -> &mut Ledger {
        self.ledger.as_mut().expect("an open ledger")
    }

    pub(crate) fn merchants(&self) -> &[(MerchantName, MerchantRowId)] {
        &self.merchants
    }

    /// Sets the server's clock, if there is a server.
    pub(crate) fn set_clock(&mut self, now: WibTime) {
        if let Place::Postgres(schema) = &mut self.place {
            schema.set_clock(now);
        }
    }

    /// Makes a copy, to restore later.
    pub(crate) fn save(&mut self, name: &str) -> Copied {
        match &self.place {
            Place::Memory => Copied::Bytes(self.ledger().snapshot().expect("a copy")),
            Place::File(folder) => {
                let copy = folder.path().join(name);
                self.ledger().backup(&copy).expect("a copy");
                Copied::File(copy)
            }
            Place::Postgres(schema) => Copied::Schema(schema.save(name)),
        }
    }

    /// Restores a copy.
    pub(crate) fn restore(&mut self, copy: &Copied) {
        match (&self.place, copy) {
            (Place::File(folder), Copied::File(copy)) => {
                // When the file is closed, it has all of the log, and the log is gone.
                self.ledger = None;
                fs::copy(copy, folder.path().join("qris.db")).expect("a copy");
                self.ledger = Some(self.open());
            }
            (Place::Postgres(schema), Copied::Schema(copy)) => schema.restore(copy),
            (_, Copied::Bytes(copy)) => self.ledger().restore(copy).expect("a database"),
            _ => unreachable!("a copy of another database"),
        }
    }
}

/// The tables, each after the ones that it refers to.
const TABLES: [&str; 12] = [
    "qris_merchant",
    "qris_order",
    "qris_invoice",
    "qris_event",
    "qris_total",
    "qris_turn",
    "qris_unbooked",
    "qris_outbox",
    "qris_outbox_cursor",
    "qris_endpoint",
    "qris_delivery",
    "qris_plan",
];

/// The ids of these continue from the last one.
const WITH_IDS: [&str; 8] = [
    "qris_merchant",
    "qris_order",
    "qris_invoice",
    "qris_event",
    "qris_outbox",
    "qris_endpoint",
    "qris_delivery",
    "qris_plan",
];

/// A schema on the server that all threads of this process share.
struct Schema {
    server: Arc<Server>,
    name: String,
    url: String,
    clock: PathBuf,
    now: Option<WibTime>,
}

impl Schema {
    fn new() -> Self {
        static SERVER: Mutex<Weak<Server>> = Mutex::new(Weak::new());
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let server = {
            let mut shared = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
            shared.upgrade().unwrap_or_else(|| {
                let server = Arc::new(Server::start());
                *shared = Arc::downgrade(&server);
                server
            })
        };
        let name = format!("sim_{}", COUNT.fetch_add(1, Relaxed));
        // An object can only be replaced if it is found before the one in pg_catalog.
        let url = format!("{}%2Cpg_catalog", server.url(&name));
        let clock = server.data().join(format!("{name}.clock"));
        server.sql(&format!(
            "CREATE FUNCTION {name}.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
             AS $$ SELECT pg_read_file('{name}.clock')::timestamptz $$"
        ));
        let mut schema = Self { server, name, url, clock, now: None };
        schema.set_clock(WibTime::now());
        schema
    }

    fn set_clock(&mut self, now: WibTime) {
        if self.now.replace(now) != Some(now) {
            fs::write(&self.clock, now.timestamp().to_string()).expect("a clock");
        }
    }

    fn save(&self, name: &str) -> String {
        let (from, copy) = (&self.name, format!("\"{}-{name}\"", self.name));
        let mut sql = format!("DROP SCHEMA IF EXISTS {copy} CASCADE; CREATE SCHEMA {copy};");
        for table in TABLES {
            sql += &format!("CREATE TABLE {copy}.{table} AS TABLE {from}.{table};");
        }
        self.server.sql(&sql);
        copy
    }

    fn restore(&self, copy: &str) {
        let to = &self.name;
        // As pg_restore does: no trigger prevents replacing the events.
        let mut sql = "SET session_replication_role = replica;".to_owned();
        let all = TABLES.map(|table| format!("{to}.{table}")).join(", ");
        // Other tables refer to these, and have no rows in a run.
        sql += &format!("TRUNCATE {all} CASCADE;");
        for table in TABLES {
            sql +=
                &format!("INSERT INTO {to}.{table} OVERRIDING SYSTEM VALUE TABLE {copy}.{table};");
        }
        for table in WITH_IDS {
            sql += &format!(
                "SELECT setval(pg_get_serial_sequence('{to}.{table}', 'id'),
                    coalesce(max(id), 0) + 1, false) FROM {to}.{table};"
            );
        }
        self.server.sql(&sql);
    }
}

#[test]
fn a_restored_copy_has_what_was_recorded_before_it_and_nothing_else() {
    for kind in ["memory", "file", "postgres"] {
        let mut database = Database::new(kind);
        let now = WibTime::parse("2026-11-20 10:00:00").expect("a time");
        let numbers = ["A", "B"].map(|text| TransactionNumber::parse(text).expect("a number"));
        let order = |at: usize| NewOrder::new(numbers[at].clone(), Rupiah::new(5_000));
        let mut events = Vec::new();
        let mut book = |database: &mut Database, at: usize| {
            database.ledger().open_order(&order(at), now).expect("an order");
            let booked = database.ledger().events(&numbers[at]).expect("events");
            events.push((at, booked.len()));
        };
        book(&mut database, 0);
        let copy = database.save("copy");
        book(&mut database, 1);
        database.restore(&copy);
        let found = |database: &mut Database| {
            let ledger = database.ledger();
            numbers.each_ref().map(|number| ledger.find(number).expect("an answer").is_some())
        };
        assert_eq!(found(&mut database), [true, false], "{kind}");
        // Its id is the next one, with as many events as before.
        book(&mut database, 1);
        assert_eq!(events, [(0, 1), (1, 1), (1, 1)], "{kind}");
        let empty = database.empty.clone().expect("a copy");
        database.restore(&empty);
        assert_eq!(found(&mut database), [false, false], "{kind}");
    }
}

#[test]
fn the_clock_of_the_server_says_the_time_of_the_story() {
    let mut database = Database::new("postgres");
    for time in ["2026-11-20 10:00:00", "2026-11-19 23:59:59"] {
        database.set_clock(WibTime::parse(time).expect("a time"));
        let Place::Postgres(schema) = &database.place else { panic!("PostgreSQL") };
        let path = format!("{}, pg_catalog", schema.name);
        let said = schema.server.sql(&format!(
            "SET search_path = {path}; SET TIME ZONE 'Asia/Jakarta';
             SELECT to_char(clock_timestamp(), 'YYYY-MM-DD HH24:MI:SS')"
        ));
        assert_eq!(said.lines().last(), Some(time));
    }
}

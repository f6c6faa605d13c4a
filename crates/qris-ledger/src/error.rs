//! The errors of the ledger.

use qris_api::Rupiah;

use crate::{EndpointId, State};

/// Why the ledger failed, by what the caller can do.
///
/// ```
/// use qris_api::Rupiah;
/// use qris_ledger::Error;
///
/// let error = Error::Conflict { booked: Rupiah::new(25_578), asked: Rupiah::new(30_000) };
/// assert_eq!(
///     error.to_string(),
///     "this number is booked with Rp25578, found Rp30000: use a new number for a new amount",
/// );
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The number exists with another amount.
    #[error(
        "this number is booked with Rp{booked}, found Rp{asked}: use a new number for a new amount"
    )]
    Conflict {
        /// The stored amount.
        booked: Rupiah,
        /// The requested amount.
        asked: Rupiah,
    },
    /// The number exists with another reference, so it belongs to another sale.
    #[error(
        "this number is booked with another reference: use a new number for a new sale, or send the \
         reference of that charge if it is the same sale"
    )]
    OtherReference,
    /// The number was used on an earlier day, and no reference says that it is the same sale.
    #[error(
        "expected a number that is new today, found one that was {state} on {day}: use a new number{}",
        same_sale_advice(*.state, *.has_reference)
    )]
    UsedEarlier {
        /// How that charge ended: paid, expired or cancelled.
        state: State,
        /// The day (WIB) of its payment. If it was not paid, the day of its request.
        day: jiff::civil::Date,
        /// Whether it has a reference. Only then can a charge say that it is the same sale.
        has_reference: bool,
    },
    /// The number, or the invoice id, is not in the ledger.
    #[error("expected an order with this number, found none")]
    Absent,
    /// The step cannot start from the invoice's state.
    #[error("expected an order that is {}, found it {found}", either(.expected))]
    State {
        /// The states from which the step starts.
        expected: &'static [State],
        /// The stored state.
        found: State,
    },
    /// The invoice id already belongs to another number.
    #[error("expected a new qris_invoiceid, found one that is booked under another number")]
    InvoiceIdTaken,
    /// The QR already belongs to another number, so a payment would be for that number.
    #[error("expected a new QR, found one that is booked under another number")]
    ContentTaken,
    /// The QR's reference label (62.05) is the id of another invoice in the ledger.
    #[error(
        "expected the reference label (62.05) of this invoice, found the qris_invoiceid of \
         another number"
    )]
    ReferenceTaken,
    /// The invoice is for another merchant than the ones before it.
    #[error(
        "expected an invoice for NMID {booked}, found {found}: if that one is yours, set it as \
         the NMID in the settings"
    )]
    OtherNmid {
        /// The NMID of the earlier invoices, or of the settings.
        booked: String,
        /// The NMID of this invoice.
        found: String,
    },
    /// The ledger belongs to another account than the client's.
    #[error(
        "expected the account at {booked} whose invoices are in this database, found another \
         account at {found}: use another database for it; a sandbox needs one of its own"
    )]
    OtherAccount {
        /// The host of the account that the ledger belongs to.
        booked: String,
        /// The host of the account that tried to use it.
        found: String,
    },
    /// A number does not fit into the database's 64-bit integers.
    #[error("expected {column} of at most 9223372036854775807, found more")]
    TooLarge {
        /// The column for the number.
        column: &'static str,
    },
    /// A text is longer than its limit.
    #[error("expected {column} of at most {bytes} bytes, found more")]
    TooLong {
        /// The column for the text.
        column: &'static str,
        /// The limit in bytes.
        bytes: usize,
    },
    /// Another code was requested, but an older code of the order may have been paid meanwhile.
    #[error(
        "expected every older code of this order to be checked within the last minute, found one \
         that was not: check the order first"
    )]
    Unchecked,
    /// The merchant already has an endpoint for this URL, or one for the `notify_url` of its orders. A second
    /// one would receive every event twice.
    #[error(
        "expected one endpoint for each URL and one for the orders' notify_url, found endpoint {} there \
         already",
        .id.get()
    )]
    EndpointTaken {
        /// The existing endpoint.
        id: EndpointId,
    },
    /// The endpoint of a delivery is not enabled.
    #[error("expected an endpoint that is enabled, found one that is off, gone or deleted")]
    EndpointOff,
    /// Orders of an import exist with other terms. No order of the import was recorded.
    #[error("expected new orders or the ones in the ledger, found {} that differ", .0.len())]
    Differs(Vec<Difference>),
    /// Settlement lines exist as other payments. No line of the import was stored.
    #[error(
        "expected settlement lines that are new or as they were imported before, found {} that differ",
        .0.len()
    )]
    SettlementDiffers(Vec<Difference>),
    /// The payment of a settlement line is already in the ledger, or its order is still to be checked.
    #[error("expected a settlement line that is not booked, found the one of {number}")]
    LineBooked {
        /// The order with the line's invoice id or RRN.
        number: String,
    },
    /// All numbers that can be made from a settlement line are taken by other orders.
    #[error(
        "expected a free number for the settlement line, found that other orders have all of them"
    )]
    NumberTaken,
    /// The terms of a plan are not valid.
    #[error("expected {expected}, found another value")]
    InvalidPlan {
        /// What was expected.
        expected: &'static str,
    },
    /// Another plan of the merchant has this prefix, so its orders would have the same numbers.
    #[error("expected a new prefix, found one that another plan has")]
    PrefixTaken,
    /// An ended plan cannot be changed.
    #[error("expected a plan that has not ended, found one that has: add a new one")]
    PlanEnded,
    /// Another user or token has this name.
    #[error("expected a new name, found one that is taken")]
    NameTaken,
    /// No user or token has this name, or it was revoked.
    #[error("expected the name of a user or token that is not revoked, found another name")]
    NoSuchName,
    /// The merchant already has an open shift. Only one can be open.
    #[error("expected no open shift, found shift {number}: close it first")]
    ShiftOpen {
        /// The number of the open shift.
        number: u64,
    },
    /// A closed shift cannot be changed.
    #[error("expected a shift that is open, found one that is closed")]
    ShiftClosed,
    /// The shift was not closed: for some orders it is not known whether a code was made, or whether it is
    /// paid. Nothing was changed.
    #[error(
        "expected an answer about every order before the shift is closed, found {} without: check \
         them, or accept it",
        unknown.len() + unanswered.len()
    )]
    UnansweredChecks {
        /// The orders for which it is not known whether the provider made a code.
        unknown: Vec<String>,
        /// The orders whose last check had no answer.
        unanswered: Vec<String>,
    },
    /// The file was written by a newer version of this program. Update this one.
    #[error("expected ledger format {known} or older, found {found}: update this program")]
    SchemaTooNew {
        /// The newest format that this version knows.
        known: i64,
        /// The format of the file.
        found: i64,
    },
    /// A column has a value that this program never writes.
    #[error("expected {column} as the ledger writes it, found something else")]
    Corrupt {
        /// The column.
        column: &'static str,
    },
    /// The URL is not one of a supported database.
    #[error(
        "expected a database URL such as sqlite://shop.db or postgres://HOST/NAME, found another text"
    )]
    Url,
    /// The program was built without PostgreSQL.
    #[error("expected a database URL such as sqlite://shop.db: this program has no PostgreSQL")]
    NoPostgres,
    /// The folder of the SQLite file does not exist.
    #[error(
        "expected a folder for the database file, found none: make the folder, or correct the path"
    )]
    NoFolder,
    /// Only a SQLite database can be copied as a file.
    #[error("expected a SQLite file to copy, found a PostgreSQL database: use pg_dump")]
    NotAFile,
    /// Other processes locked the database for more than ten seconds. Try again.
    #[error("the database was busy for ten seconds: try again")]
    Busy,
    /// The disk is full. Nothing of the step was stored: free some space, then try again.
    #[error("the database's disk is full: free some space, then try again")]
    Full,
    /// The database is read-only. Nothing of the step was stored: the file or its disk is read-only, or
    /// another PostgreSQL server has become the primary. The next step uses a new connection.
    #[error("the database is read-only: make it writable, then try again")]
    ReadOnly,
    /// The path of the open SQLite database now has another file or none: someone moved, deleted or restored
    /// it. New data would go into a file that nobody can find. Or its write-ahead log is gone, because another
    /// copy of SQLite in this process opened and closed the file, for example Python's `sqlite3`.
    #[error(
        "expected the database file that was opened, found another or none at its path: put it \
         back, or stop the program before the file is replaced; never open it with another SQLite \
         library in the same program"
    )]
    Replaced,
    /// The database server is unreachable, or the connection broke. The step may have been stored: check when
    /// the server is back.
    #[error("the database server could not be reached: try again, and check what was recorded")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The export could not be written.
    #[error("the export could not be written")]
    Export(#[source] std::io::Error),
    /// The database failed. For example, the file is not a database.
    #[error("the database failed")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A stable code for the error, in kebab case. It is the same in Python, C and over HTTP.
    ///
    /// ```
    /// assert_eq!(qris_ledger::Error::Absent.code(), "not-found");
    /// assert_eq!(qris_ledger::Error::Full.code(), "books-unavailable");
    /// ```
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Conflict { .. } | Self::OtherReference => "conflict",
            Self::UsedEarlier { .. } => "used-earlier",
            Self::Absent => "not-found",
            Self::State { .. } => "wrong-state",
            Self::EndpointTaken { .. } => "endpoint-taken",
            Self::EndpointOff => "endpoint-off",
            Self::PrefixTaken => "prefix-taken",
            Self::PlanEnded => "plan-ended",
            Self::LineBooked { .. } => "already-booked",
            Self::NumberTaken => "number-taken",
            Self::ShiftOpen { .. } => "shift-open",
            Self::ShiftClosed => "shift-closed",
            Self::InvalidPlan { .. } => "invalid",
            Self::Unchecked => "not-checked",
            Self::TooLarge { .. } | Self::TooLong { .. } => "too-large",
            error if error.is_mismatch() => "content-mismatch",
            _ => "books-unavailable",
        }
    }

    /// A more precise code than [`code`](Self::code), if there is one: which database failed and how, or
    /// which content belongs to another order. It is the same in Python and C.
    ///
    /// ```
    /// assert_eq!(qris_ledger::Error::Full.detail_code(), "full");
    /// assert_eq!(qris_ledger::Error::Absent.detail_code(), "not-found");
    /// ```
    pub const fn detail_code(&self) -> &'static str {
        match self {
            Self::OtherNmid { .. } => "nmid",
            Self::ReferenceTaken | Self::InvoiceIdTaken | Self::ContentTaken => "reused",
            Self::OtherAccount { .. } => "other-account",
            Self::SchemaTooNew { .. } => "newer-format",
            Self::Url => "database-url",
            Self::NoPostgres => "no-postgres",
            Self::NoFolder => "no-folder",
            Self::Replaced => "replaced",
            Self::Busy => "busy",
            Self::Full => "full",
            Self::ReadOnly => "read-only",
            Self::Unreachable(_) => "unreachable",
            error => error.code(),
        }
    }

    /// Whether the error may pass by itself, so that the caller can try again: the database is busy, full,
    /// read-only or unavailable.
    ///
    /// ```
    /// assert!(qris_ledger::Error::Full.is_transient());
    /// assert!(!qris_ledger::Error::Absent.is_transient());
    /// ```
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Busy | Self::Full | Self::ReadOnly | Self::Unreachable(_))
    }

    /// Whether the provider made this invoice but it must not be shown, because its QR, id or merchant is not
    /// valid for this number.
    pub const fn is_mismatch(&self) -> bool {
        matches!(
            self,
            Self::InvoiceIdTaken
                | Self::ContentTaken
                | Self::ReferenceTaken
                | Self::OtherNmid { .. }
        )
    }
}

/// States in words: "open, pending or expired".
fn either(states: &[State]) -> String {
    let words: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// What else a caller can do about a number that was used earlier.
const fn same_sale_advice(state: State, has_reference: bool) -> &'static str {
    match (state, has_reference) {
        (State::Expired, _) => ", or renew that order if it is the same sale",
        (_, true) => ", or send the reference of that charge if it is the same sale",
        (_, false) => "",
    }
}

/// An order or settlement line of an import that differs from the one in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// Its position in the import, counted from 0.
    pub index: usize,
    /// The field that differs: its name in the JSON of an order, or the column of a settlement line.
    pub column: &'static str,
}

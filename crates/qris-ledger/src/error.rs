//! What can go wrong with the books.

use qris_api::Rupiah;

use crate::{EndpointId, State};

/// Why the ledger refused or failed, by what the caller can do.
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
    /// The number stands in the books with another amount.
    #[error(
        "this number is booked with Rp{booked}, found Rp{asked}: use a new number for a new amount"
    )]
    Conflict {
        /// The amount in the books.
        booked: Rupiah,
        /// The amount that was asked for.
        asked: Rupiah,
    },
    /// The number was used on an earlier day, and nothing says that it is the same sale.
    #[error(
        "expected a number that is new today, found one that was {state} on {day}: use a new \
         number, or send the reference of that charge if it is the same sale"
    )]
    UsedEarlier {
        /// How that charge ended: paid, expired or cancelled.
        state: State,
        /// The day in WIB on which it was paid; else the one on which it was asked for.
        day: jiff::civil::Date,
    },
    /// The number, or the invoice id, is not in the books.
    #[error("expected a number that is in the ledger, found none")]
    Absent,
    /// The step does not start from the state that the invoice is in.
    #[error("expected an invoice that is {expected}, found it {found}")]
    State {
        /// The state in which the step starts.
        expected: State,
        /// The state the books have.
        found: State,
    },
    /// The invoice id is booked under another number already.
    #[error("expected a new qris_invoiceid, found one that is booked under another number")]
    InvoiceIdTaken,
    /// The QR is booked under another number already: its payment would be for that one.
    #[error("expected a new QR, found one that is booked under another number")]
    ContentTaken,
    /// The QR's reference label (62.05) is the id of another invoice in the books.
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
        /// The NMID of the invoices so far, or of the settings.
        booked: String,
        /// The NMID of this invoice.
        found: String,
    },
    /// The books are of another account than the client's.
    #[error(
        "expected the account at {booked} whose invoices are in this database, found another \
         account at {found}: use another database for it; a sandbox needs one of its own"
    )]
    OtherAccount {
        /// The host of the account that the books are of.
        booked: String,
        /// The host of the account that wants to use them.
        found: String,
    },
    /// A number is larger than the database's 64-bit integers.
    #[error("expected {column} of at most 9223372036854775807, found more")]
    TooLarge {
        /// The column it was meant for.
        column: &'static str,
    },
    /// A text is longer than what is kept.
    #[error("expected {column} of at most {bytes} bytes, found more")]
    TooLong {
        /// The column it was meant for.
        column: &'static str,
        /// The most bytes.
        bytes: usize,
    },
    /// Another code was asked for, but an older one of the order may have been paid meanwhile.
    #[error(
        "expected every older code of this order to be checked within the last minute, found one \
         that was not: check the order first"
    )]
    Unchecked,
    /// A merchant has one endpoint for a URL, and one for the `notify_url` of its orders: another one
    /// would be sent every event once more.
    #[error(
        "expected one endpoint for each URL and one for the orders' notify_url, found endpoint {} there \
         already",
        .id.get()
    )]
    EndpointTaken {
        /// The endpoint that is there.
        id: EndpointId,
    },
    /// The endpoint of a delivery is not enabled.
    #[error("expected an endpoint that is enabled, found one that is off, gone or deleted")]
    EndpointOff,
    /// Orders of an import are in the ledger with other terms. Nothing of it was booked.
    #[error("expected new orders or the ones in the ledger, found {} that differ", .0.len())]
    Differs(Vec<Difference>),
    /// Settlement lines are in the ledger as other payments. Nothing of the import was kept.
    #[error(
        "expected settlement lines that are new or as they were imported before, found {} that differ",
        .0.len()
    )]
    SettlementDiffers(Vec<Difference>),
    /// The payment of a settlement line is in the ledger, or waits there to be checked.
    #[error("expected a settlement line that is not booked, found the one of {number}")]
    LineBooked {
        /// The order that has its invoice id or its RRN.
        number: String,
    },
    /// Orders have all the numbers that follow from a settlement line.
    #[error("expected a number that no order has, found that others have each of them")]
    NumberTaken,
    /// The terms of a plan are not what a plan can have.
    #[error("expected {expected}, found another value")]
    InvalidPlan {
        /// What was expected.
        expected: &'static str,
    },
    /// Another plan of the merchant has this prefix, and its orders would have the same numbers.
    #[error("expected a prefix that no other plan has, found one that is taken")]
    PrefixTaken,
    /// A plan that has ended does not change any more.
    #[error("expected a plan that has not ended, found one that has: add a new one")]
    PlanEnded,
    /// Another user, or another token, has this name.
    #[error("expected a name that nobody has, found one that is taken")]
    NameTaken,
    /// No user, or no token, has this name; or it was revoked.
    #[error("expected the name of a user or token that is not revoked, found another name")]
    NoSuchName,
    /// A merchant has one open shift at a time.
    #[error("expected no open shift, found shift {number}: close it first")]
    ShiftOpen {
        /// The number of the open one.
        number: u64,
    },
    /// A shift that is closed stays as it is.
    #[error("expected a shift that is open, found one that is closed")]
    ShiftClosed,
    /// A shift was to be closed, but of an order it is not known whether its code was made, or whether
    /// it is paid. Nothing was changed.
    #[error(
        "expected an answer about every order before the shift is closed, found {} without: check \
         them, or accept it",
        unknown.len() + unanswered.len()
    )]
    UnansweredChecks {
        /// The numbers of the orders of which it is not known whether the provider made a code.
        unknown: Vec<String>,
        /// The numbers of the orders whose last check had no answer.
        unanswered: Vec<String>,
    },
    /// The file was written by a newer version of this program: update this one.
    #[error("expected ledger format {known} or older, found {found}: update this program")]
    Newer {
        /// The newest format that this version knows.
        known: i64,
        /// The format of the file.
        found: i64,
    },
    /// What stands in a column is not what this program writes there.
    #[error("expected {column} as the ledger writes it, found something else")]
    Foreign {
        /// The column.
        column: &'static str,
    },
    /// The URL names no database that can be opened.
    #[error(
        "expected a database URL that begins with sqlite:// or postgres://, found another text"
    )]
    Url,
    /// The program was built without PostgreSQL.
    #[error("expected a database URL that begins with sqlite://: this program has no PostgreSQL")]
    NoPostgres,
    /// Only a SQLite file can be copied as a file.
    #[error("expected a SQLite file to copy, found a PostgreSQL database: use pg_dump")]
    NotAFile,
    /// Other processes kept the database for longer than ten seconds: try again.
    #[error("the database was busy for ten seconds: try again")]
    Busy,
    /// The disk is full, and nothing of the step was booked: make room, then try again.
    #[error("the disk of the database is full: make room, then try again")]
    Full,
    /// The database takes no writes, and nothing of the step was booked: the file or its disk is
    /// read-only, or another PostgreSQL server has taken over. The next step uses a new connection
    /// to the server.
    #[error("the database can only be read: make it writable, then try again")]
    ReadOnly,
    /// Another file, or none, is at the path of the open SQLite database: somebody moved, deleted or
    /// restored it. What were to be booked now would be in no file that anybody finds again.
    #[error(
        "expected the database file that was opened, found another or none at its path: put it \
         back, or stop the program before the file is replaced"
    )]
    Replaced,
    /// No connection to the database server, or it broke. What was being booked may be booked:
    /// look when it is back.
    #[error("the database server could not be reached: try again, and look what is booked")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What was exported could not be written.
    #[error("the export could not be written")]
    Export(#[source] std::io::Error),
    /// The database failed: the file is not a database, say.
    #[error("the database failed")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A stable word for what happened, in kebab case: the same in Python, C and over HTTP.
    ///
    /// ```
    /// assert_eq!(qris_ledger::Error::Absent.code(), "not-found");
    /// assert_eq!(qris_ledger::Error::Full.code(), "books-unavailable");
    /// ```
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => "conflict",
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

    /// A finer word than [`code`](Self::code), where there is one: which database failed how, and which
    /// content is not this order's. The same in Python and C.
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
            Self::Newer { .. } => "newer-format",
            Self::Url => "database-url",
            Self::NoPostgres => "no-postgres",
            Self::Replaced => "replaced",
            Self::Busy => "busy",
            Self::Full => "full",
            Self::ReadOnly => "read-only",
            Self::Unreachable(_) => "unreachable",
            error => error.code(),
        }
    }

    /// Whether this may pass by itself, so that a program that waits tries again: the database is
    /// busy, full, read-only or unavailable.
    ///
    /// ```
    /// assert!(qris_ledger::Error::Full.is_transient());
    /// assert!(!qris_ledger::Error::Absent.is_transient());
    /// ```
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Busy | Self::Full | Self::ReadOnly | Self::Unreachable(_))
    }

    /// Whether this is an invoice that the provider made and that must not be shown: its QR, its
    /// id or its merchant is not the one that this number may have.
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

/// Where an order or a settlement line of an import is not the one in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The place of it in the import, counted from 0.
    pub index: usize,
    /// What differs, by the name it has in an order's JSON or, of a line, in the database.
    pub column: &'static str,
}

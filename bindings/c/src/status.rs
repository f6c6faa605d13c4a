//! What came of a call, as a number.

use std::ffi::{CStr, c_char};

use qris_codec::ErrorKind;

/// What came of a call. Zero is success; a number never changes its meaning and is never used
/// again. New numbers may be added, so treat an unknown one as a failure.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_status {
    /// It worked.
    Ok = 0,
    /// There is no such object, or no further one. Not a failure.
    Absent = 1,

    // 10 to 19: the call itself is wrong; correct the program.
    /// A pointer that must not be NULL is.
    NullArgument = 10,
    /// The size that a struct begins with is none that it ever had, or the struct is newer than
    /// the library and uses what the library does not know.
    StructSize = 11,
    /// A number is none of the values of its enum.
    UnknownValue = 12,
    /// The `qris_payload` was not filled in by `qris_parse`.
    NotParsed = 13,
    /// A tag path is not one to three pairs of digits joined by points, such as `62.05`.
    PathSyntax = 14,
    /// The buffer is too small; `*written` says how much room is needed.
    BufferTooSmall = 15,
    /// The `qris_cursor` is neither zero nor what `qris_next` left in it for this payload.
    CursorInvalid = 16,
    /// More accounts or template values than a payload can hold.
    TooMany = 17,
    /// The client was freed, or was never made.
    ClientUnknown = 18,
    /// A field of the `qris_invoice` is not what `qris_create_invoice` wrote.
    InvoiceInvalid = 19,

    // 20 to 39: the text is no payload.
    /// There is no text, or nothing but white space.
    TextEmpty = 20,
    /// The text is longer than 65535 bytes.
    TextTooLong = 21,
    /// The text is not UTF-8.
    TextNotUtf8 = 22,
    /// One to three characters stand where an object's four digits should.
    ObjectHeaderShort = 23,
    /// The tag or the length of an object is not two digits.
    ObjectHeaderNotDigits = 24,
    /// The text ends inside an object.
    ObjectTruncated = 25,
    /// A length, counted in bytes, ends inside a character.
    ObjectSplitsCharacter = 26,
    /// An object stands twice.
    ObjectDuplicate = 27,
    /// The first object is not 00.
    FormatNotFirst = 28,
    /// There is no object 63.
    ChecksumMissing = 30,
    /// Objects follow object 63.
    ChecksumNotLast = 31,
    /// The checksum is not four characters long.
    ChecksumLength = 32,
    /// The checksum is not hexadecimal.
    ChecksumNotHexadecimal = 33,
    /// The checksum does not belong to the text.
    ChecksumMismatch = 34,

    // 40 to 49: nothing was written, because it would have been wrong.
    /// A value is longer than the 99 characters that an object can hold.
    ValueTooLong = 40,
    /// A text has combining marks instead of precomposed characters.
    TextNotPrecomposed = 41,
    /// An object cannot be set this way.
    ObjectNotAmendable = 42,
    /// An amount, fee or percentage is not digits with at most one decimal point.
    AmountSyntax = 43,
    /// The payload would break a rule; `code` of the `qris_error` says which.
    RuleBroken = 44,
    /// No masked copy of the text would be read in the same way.
    NotAnonymizable = 45,

    // 50 to 59: no picture, or none that can be read.
    /// The largest QR symbol does not hold the text.
    DrawingTooLong = 50,
    /// The paper is narrower than the symbol.
    DrawingTooNarrow = 51,
    /// The picture would be too large.
    DrawingTooLarge = 52,
    /// The writer did not return zero.
    WriterStopped = 53,
    /// The file to read is neither a PNG nor a JPEG picture.
    PictureFormat = 54,
    /// The picture to read has more than 50 million pixels.
    PictureTooLarge = 55,
    /// The picture to read is cut short or damaged.
    PictureDamaged = 56,

    // 60 to 79: no answer about money. Each is another thing to do.
    /// A value was refused before anything was sent: correct it. `code` says which.
    ValueRefused = 60,
    /// The provider refused: correct the request or the credentials. `code` says why.
    Rejected = 61,
    /// The create may have reached the provider, so a payable invoice may exist: look before
    /// trying again.
    OutcomeUnknown = 62,
    /// No answer came, and asking again is safe.
    Unreachable = 63,
    /// An answer to a check came that cannot be read; asking again is safe.
    MalformedReply = 64,
    /// The QR in the reply is not the one that was asked for: never show it.
    ContentMismatch = 65,
    /// A callback ended the waiting before the invoice was known to be paid.
    Cancelled = 66,
    /// The system has no usable certificate store.
    CertificateStore = 67,
    /// Nothing was sent, because the provider wants no checks with this key for now: ask again
    /// after `retry_after_seconds` of the `qris_error`. `code` says why.
    Paused = 68,
    /// The body is no webhook of the provider.
    WebhookMalformed = 69,

    // 70 to 79: orders and the database that they are in.
    /// The orders were closed, or were never opened.
    OrdersUnknown = 70,
    /// The number is taken: use a new one. `code` says why: `conflict` where the order has another
    /// amount, `used-earlier` where it was paid, expired or cancelled on an earlier day.
    OrderConflict = 71,
    /// The step does not start from the state that the order is in.
    OrderState = 72,
    /// The provider may not be asked yet: try again after `retry_after_seconds` of the `qris_error`.
    /// `code` is `none-left` where all presses are used up and only the schedule goes on.
    TooSoon = 73,
    /// It is not known whether an older code of the order was paid just now, so there is no new one:
    /// try again later.
    NotChecked = 74,
    /// The database cannot be used just now: try again. `code` is `busy`, `full`, `read-only` or
    /// `unreachable`.
    DatabaseUnavailable = 75,
    /// The database is not one that these settings can use: correct them. `code` says why.
    DatabaseRefused = 76,
    /// The database failed, or a row of it makes no sense.
    DatabaseFailed = 77,
    /// Another thread, or a callback of this one, is in `qris_orders_poll` of the same orders.
    PollBusy = 78,
    /// A callback of `qris_wait_for_payment` has called that function again.
    WaitBusy = 79,

    // 90 to 99: the library itself is wrong; report it.
    /// Something went wrong inside the library. After a create, look before trying again.
    Internal = 90,
}

/// Each status as a word and as a sentence, in the order of [`qris_status::ALL`], each with a NUL behind
/// it: a table of pointers would be twice as large.
const WORDS: &str = concat!(
    "ok\0it worked\0",
    "absent\0there is no such object\0",
    "null-argument\0a pointer that must not be NULL is\0",
    "struct-size\0the size at the start of a struct is none that it ever had\0",
    "unknown-value\0a number is none of the values of its enum\0",
    "not-parsed\0the payload was not filled in by qris_parse\0",
    "path-syntax\0a tag path is not such as 54 or 62.05\0",
    "buffer-too-small\0the buffer is too small\0",
    "cursor-invalid\0the cursor is neither zero nor what qris_next left in it\0",
    "too-many\0there are more accounts or template values than a payload can hold\0",
    "client-unknown\0the client was freed, or was never made\0",
    "invoice-invalid\0the invoice is not what qris_create_invoice wrote\0",
    "text-empty\0there is no text\0",
    "text-too-long\0the text is longer than 65535 bytes\0",
    "text-not-utf8\0the text is not UTF-8\0",
    "object-header-short\0the text ends inside an object's tag and length\0",
    "object-header-not-digits\0an object's tag or length is not two digits\0",
    "object-truncated\0the text ends inside an object\0",
    "object-splits-character\0an object ends inside a character\0",
    "object-duplicate\0an object stands twice\0",
    "format-not-first\0the first object is not 00\0",
    "checksum-missing\0there is no checksum (object 63)\0",
    "checksum-not-last\0objects follow the checksum\0",
    "checksum-length\0the checksum is not four characters long\0",
    "checksum-not-hexadecimal\0the checksum is not hexadecimal\0",
    "checksum-mismatch\0the checksum is wrong\0",
    "value-too-long\0a value is longer than the 99 characters of an object\0",
    "text-not-precomposed\0a text has combining marks\0",
    "object-not-amendable\0an object cannot be set this way\0",
    "amount-syntax\0an amount is not digits with at most one decimal point\0",
    "rule-broken\0the payload would break a rule\0",
    "not-anonymizable\0no masked copy of the text would be read in the same way\0",
    "drawing-too-long\0the largest QR symbol does not hold the text\0",
    "drawing-too-narrow\0the paper is narrower than the symbol\0",
    "drawing-too-large\0the picture would be too large\0",
    "writer-stopped\0the writer did not return zero\0",
    "picture-format\0the file is neither a PNG nor a JPEG picture\0",
    "picture-too-large\0the picture has more than 50 million pixels\0",
    "picture-damaged\0the picture is cut short or damaged\0",
    "value-refused\0a value was refused before anything was sent: correct it\0",
    "rejected\0the provider refused: correct the request or the credentials\0",
    "outcome-unknown\0it is not known whether an invoice was made: look before trying again\0",
    "unreachable\0no answer came, and asking again is safe\0",
    "malformed-reply\0an answer came that cannot be read; asking again is safe\0",
    "content-mismatch\0the QR in the reply is not the one that was asked for: never show it\0",
    "cancelled\0a callback ended the waiting before a payment was known\0",
    "certificate-store\0the system has no usable certificate store\0",
    "paused\0the provider wants no checks with this key for now: ask again later\0",
    "webhook-malformed\0the body is no webhook\0",
    "orders-unknown\0the orders were closed, or were never opened\0",
    "order-conflict\0the number is taken: use a new one\0",
    "order-state\0the step does not start from the state that the order is in\0",
    "too-soon\0the provider may not be asked yet: try again later\0",
    "not-checked\0an older code of the order has no answer: try again later\0",
    "database-unavailable\0the database cannot be used just now: try again\0",
    "database-refused\0the database is none that these settings can use\0",
    "database-failed\0the database failed\0",
    "poll-busy\0another thread, or a callback, is in qris_orders_poll\0",
    "wait-busy\0a callback of qris_wait_for_payment has called it again\0",
    "internal\0something went wrong inside the library: report it\0",
);

impl qris_status {
    /// Every status, in the order of their numbers.
    pub(crate) const ALL: [Self; 60] = [
        Self::Ok,
        Self::Absent,
        Self::NullArgument,
        Self::StructSize,
        Self::UnknownValue,
        Self::NotParsed,
        Self::PathSyntax,
        Self::BufferTooSmall,
        Self::CursorInvalid,
        Self::TooMany,
        Self::ClientUnknown,
        Self::InvoiceInvalid,
        Self::TextEmpty,
        Self::TextTooLong,
        Self::TextNotUtf8,
        Self::ObjectHeaderShort,
        Self::ObjectHeaderNotDigits,
        Self::ObjectTruncated,
        Self::ObjectSplitsCharacter,
        Self::ObjectDuplicate,
        Self::FormatNotFirst,
        Self::ChecksumMissing,
        Self::ChecksumNotLast,
        Self::ChecksumLength,
        Self::ChecksumNotHexadecimal,
        Self::ChecksumMismatch,
        Self::ValueTooLong,
        Self::TextNotPrecomposed,
        Self::ObjectNotAmendable,
        Self::AmountSyntax,
        Self::RuleBroken,
        Self::NotAnonymizable,
        Self::DrawingTooLong,
        Self::DrawingTooNarrow,
        Self::DrawingTooLarge,
        Self::WriterStopped,
        Self::PictureFormat,
        Self::PictureTooLarge,
        Self::PictureDamaged,
        Self::ValueRefused,
        Self::Rejected,
        Self::OutcomeUnknown,
        Self::Unreachable,
        Self::MalformedReply,
        Self::ContentMismatch,
        Self::Cancelled,
        Self::CertificateStore,
        Self::Paused,
        Self::WebhookMalformed,
        Self::OrdersUnknown,
        Self::OrderConflict,
        Self::OrderState,
        Self::TooSoon,
        Self::NotChecked,
        Self::DatabaseUnavailable,
        Self::DatabaseRefused,
        Self::DatabaseFailed,
        Self::PollBusy,
        Self::WaitBusy,
        Self::Internal,
    ];

    /// The word of the status, its sentence, and the ones of all that follow.
    fn words(self) -> &'static str {
        let before = Self::ALL.iter().take_while(|status| **status != self).count();
        let mut words = WORDS;
        for _ in 0..2 * before {
            words = words.split_once('\0').unwrap_or_default().1;
        }
        words
    }

    /// The stable kebab-case word.
    pub(crate) fn code(self) -> &'static str {
        self.words().split_once('\0').unwrap_or_default().0
    }

    /// The sentence for it, which ends with a NUL.
    pub(crate) fn message(self) -> &'static CStr {
        let sentence = self.words().split_once('\0').unwrap_or_default().1;
        CStr::from_bytes_until_nul(sentence.as_bytes()).unwrap_or_default()
    }

    /// The status for what the codec refuses. What is neither the framing nor the writing of a
    /// payload is a rule.
    pub(crate) const fn from_kind(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Empty => Self::TextEmpty,
            ErrorKind::TooLong { .. } => Self::TextTooLong,
            ErrorKind::Utf8 => Self::TextNotUtf8,
            ErrorKind::Header { .. } => Self::ObjectHeaderShort,
            ErrorKind::Digits { .. } => Self::ObjectHeaderNotDigits,
            ErrorKind::Truncated { .. } => Self::ObjectTruncated,
            ErrorKind::SplitCharacter { .. } => Self::ObjectSplitsCharacter,
            ErrorKind::Duplicate { .. } => Self::ObjectDuplicate,
            ErrorKind::FormatNotFirst { .. } => Self::FormatNotFirst,
            ErrorKind::ChecksumMissing => Self::ChecksumMissing,
            ErrorKind::ChecksumNotLast { .. } => Self::ChecksumNotLast,
            ErrorKind::ChecksumLength { .. } => Self::ChecksumLength,
            ErrorKind::ChecksumDigits { .. } => Self::ChecksumNotHexadecimal,
            ErrorKind::ChecksumMismatch { .. } => Self::ChecksumMismatch,
            ErrorKind::BufferTooSmall { .. } => Self::BufferTooSmall,
            ErrorKind::ValueTooLong { .. } => Self::ValueTooLong,
            ErrorKind::NotPrecomposed => Self::TextNotPrecomposed,
            ErrorKind::NotAmendable { .. } => Self::ObjectNotAmendable,
            ErrorKind::PathSyntax => Self::PathSyntax,
            ErrorKind::NotAnonymizable => Self::NotAnonymizable,
            _ => Self::RuleBroken,
        }
    }

    /// The status for a picture that cannot be drawn.
    #[cfg(feature = "draw")]
    pub(crate) const fn from_draw_error(error: &qris_image::DrawError) -> Self {
        use qris_image::DrawError;

        match error {
            DrawError::NotAPayload(error) => Self::from_kind(error.kind()),
            DrawError::TooLong { .. } => Self::DrawingTooLong,
            DrawError::TooNarrow { .. } => Self::DrawingTooNarrow,
            DrawError::TooLarge { .. } => Self::DrawingTooLarge,
            _ => Self::Internal,
        }
    }

    /// The status for a picture that cannot be read.
    #[cfg(feature = "read")]
    pub(crate) const fn from_read_error(error: &qris_image::ReadError) -> Self {
        use qris_image::ReadError;

        match error {
            ReadError::Format => Self::PictureFormat,
            ReadError::TooLarge { .. } => Self::PictureTooLarge,
            ReadError::Damaged { .. } => Self::PictureDamaged,
            _ => Self::Internal,
        }
    }

    /// The status for a call of the Open API that failed.
    #[cfg(feature = "client")]
    pub(crate) const fn from_api_error(error: &qris_api::Error) -> Self {
        use qris_api::{Error, Invalid};

        match error {
            Error::Invalid(Invalid::CertificateStore { .. }) => Self::CertificateStore,
            Error::Invalid(_) => Self::ValueRefused,
            Error::Rejected { .. } => Self::Rejected,
            Error::OutcomeUnknown { .. } => Self::OutcomeUnknown,
            Error::Unreachable { .. } => Self::Unreachable,
            Error::MalformedReply { .. } => Self::MalformedReply,
            Error::ContentMismatch { .. } => Self::ContentMismatch,
            Error::Paused { .. } => Self::Paused,
            _ => Self::Internal,
        }
    }

    /// The status for a step of an order that was not done.
    #[cfg(feature = "orders")]
    pub(crate) const fn from_orders_error(error: &::qris_orders::Error) -> Self {
        use ::qris_orders::Error;

        match error {
            Error::Provider(error) => Self::from_api_error(error),
            Error::Ledger(error) => Self::from_ledger_error(error),
            Error::Unanswered(_) => Self::NotChecked,
            Error::TooSoon { .. } => Self::TooSoon,
            Error::OutcomeUnknown => Self::OutcomeUnknown,
            Error::Refused => Self::Rejected,
            Error::UnknownMerchant(_) => Self::ValueRefused,
            _ => Self::Internal,
        }
    }

    #[cfg(feature = "orders")]
    const fn from_ledger_error(error: &qris_ledger::Error) -> Self {
        use qris_ledger::Error;

        match error {
            Error::Conflict { .. } | Error::UsedEarlier { .. } => Self::OrderConflict,
            Error::Absent => Self::Absent,
            Error::State { .. } => Self::OrderState,
            Error::Unchecked => Self::NotChecked,
            Error::TooLarge { .. } | Error::TooLong { .. } => Self::ValueRefused,
            Error::OtherAccount { .. }
            | Error::SchemaTooNew { .. }
            | Error::Url
            | Error::NoPostgres
            | Error::Replaced => Self::DatabaseRefused,
            error if error.is_mismatch() => Self::ContentMismatch,
            error if error.is_transient() => Self::DatabaseUnavailable,
            _ => Self::DatabaseFailed,
        }
    }
}

/// A sentence for a status, in English, for logs and programmers.
///
/// `status` may be any number; an unknown one has a sentence that says so. The text ends with a
/// NUL, is never NULL, belongs to the library and lives as long as it is loaded. Threads: from
/// any, at any time.
#[unsafe(no_mangle)]
pub extern "C" fn qris_status_message(status: i32) -> *const c_char {
    let known = qris_status::ALL.into_iter().find(|known| *known as i32 == status);
    known.map_or(c"unknown status: the header is of another version", qris_status::message).as_ptr()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_the_words_of_its_name() {
        for status in qris_status::ALL {
            let mut word = String::new();
            for letter in format!("{status:?}").chars() {
                if letter.is_uppercase() && !word.is_empty() {
                    word.push('-');
                }
                word.push(letter.to_ascii_lowercase());
            }
            assert_eq!(status.code(), word);
            assert!(status.message().count_bytes() > 0, "{word}");
        }
        assert_eq!(WORDS.matches('\0').count(), 2 * qris_status::ALL.len());
    }

    #[test]
    fn no_two_statuses_share_a_number_or_a_word() {
        for pair in qris_status::ALL.windows(2) {
            assert!((pair[0] as i32) < (pair[1] as i32), "{pair:?}");
        }
        let words: std::collections::BTreeSet<_> =
            qris_status::ALL.iter().map(|status| status.code()).collect();
        assert_eq!(words.len(), qris_status::ALL.len());
    }
}

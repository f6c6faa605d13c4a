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
    /// The database cannot be used just now, and nothing was booked: try again. `code` is `busy`,
    /// `full`, `read-only` or `unreachable`.
    DatabaseUnavailable = 75,
    /// The database is not one that these settings can use: correct them. `code` says why.
    DatabaseRefused = 76,
    /// The database failed, or a row of it makes no sense.
    DatabaseFailed = 77,
    /// Another thread, or a callback of this one, is in `qris_orders_poll` of the same orders.
    PollBusy = 78,

    // 90 to 99: the library itself is wrong; report it.
    /// Something went wrong inside the library. After a create, look before trying again.
    Internal = 90,
}

impl qris_status {
    /// Every status, in the order of their numbers.
    pub(crate) const ALL: [Self; 59] = [
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
        Self::Internal,
    ];

    /// The status as a word and as a sentence.
    const fn words(self) -> (&'static str, &'static CStr) {
        match self {
            Self::Ok => ("ok", c"it worked"),
            Self::Absent => ("absent", c"there is no such object"),
            Self::NullArgument => ("null-argument", c"a pointer that must not be NULL is"),
            Self::StructSize => {
                ("struct-size", c"the size at the start of a struct is none that it ever had")
            }
            Self::UnknownValue => ("unknown-value", c"a number is none of the values of its enum"),
            Self::NotParsed => ("not-parsed", c"the payload was not filled in by qris_parse"),
            Self::PathSyntax => ("path-syntax", c"a tag path is not such as 54 or 62.05"),
            Self::BufferTooSmall => ("buffer-too-small", c"the buffer is too small"),
            Self::CursorInvalid => {
                ("cursor-invalid", c"the cursor is neither zero nor what qris_next left in it")
            }
            Self::TooMany => {
                ("too-many", c"there are more accounts or template values than a payload can hold")
            }
            Self::ClientUnknown => ("client-unknown", c"the client was freed, or was never made"),
            Self::InvoiceInvalid => {
                ("invoice-invalid", c"the invoice is not what qris_create_invoice wrote")
            }
            Self::TextEmpty => ("text-empty", c"there is no text"),
            Self::TextTooLong => ("text-too-long", c"the text is longer than 65535 bytes"),
            Self::TextNotUtf8 => ("text-not-utf8", c"the text is not UTF-8"),
            Self::ObjectHeaderShort => {
                ("object-header-short", c"the text ends inside an object's tag and length")
            }
            Self::ObjectHeaderNotDigits => {
                ("object-header-not-digits", c"an object's tag or length is not two digits")
            }
            Self::ObjectTruncated => ("object-truncated", c"the text ends inside an object"),
            Self::ObjectSplitsCharacter => {
                ("object-splits-character", c"an object ends inside a character")
            }
            Self::ObjectDuplicate => ("object-duplicate", c"an object stands twice"),
            Self::FormatNotFirst => ("format-not-first", c"the first object is not 00"),
            Self::ChecksumMissing => ("checksum-missing", c"there is no checksum (object 63)"),
            Self::ChecksumNotLast => ("checksum-not-last", c"objects follow the checksum"),
            Self::ChecksumLength => {
                ("checksum-length", c"the checksum is not four characters long")
            }
            Self::ChecksumNotHexadecimal => {
                ("checksum-not-hexadecimal", c"the checksum is not hexadecimal")
            }
            Self::ChecksumMismatch => ("checksum-mismatch", c"the checksum is wrong"),
            Self::ValueTooLong => {
                ("value-too-long", c"a value is longer than the 99 characters of an object")
            }
            Self::TextNotPrecomposed => ("text-not-precomposed", c"a text has combining marks"),
            Self::ObjectNotAmendable => {
                ("object-not-amendable", c"an object cannot be set this way")
            }
            Self::AmountSyntax => {
                ("amount-syntax", c"an amount is not digits with at most one decimal point")
            }
            Self::RuleBroken => ("rule-broken", c"the payload would break a rule"),
            Self::NotAnonymizable => {
                ("not-anonymizable", c"no masked copy of the text would be read in the same way")
            }
            Self::DrawingTooLong => {
                ("drawing-too-long", c"the largest QR symbol does not hold the text")
            }
            Self::DrawingTooNarrow => {
                ("drawing-too-narrow", c"the paper is narrower than the symbol")
            }
            Self::DrawingTooLarge => ("drawing-too-large", c"the picture would be too large"),
            Self::WriterStopped => ("writer-stopped", c"the writer did not return zero"),
            Self::PictureFormat => {
                ("picture-format", c"the file is neither a PNG nor a JPEG picture")
            }
            Self::PictureTooLarge => {
                ("picture-too-large", c"the picture has more than 50 million pixels")
            }
            Self::PictureDamaged => ("picture-damaged", c"the picture is cut short or damaged"),
            Self::ValueRefused => {
                ("value-refused", c"a value was refused before anything was sent: correct it")
            }
            Self::Rejected => {
                ("rejected", c"the provider refused: correct the request or the credentials")
            }
            Self::OutcomeUnknown => (
                "outcome-unknown",
                c"it is not known whether an invoice was made: look before trying again",
            ),
            Self::Unreachable => ("unreachable", c"no answer came, and asking again is safe"),
            Self::MalformedReply => {
                ("malformed-reply", c"an answer came that cannot be read; asking again is safe")
            }
            Self::ContentMismatch => (
                "content-mismatch",
                c"the QR in the reply is not the one that was asked for: never show it",
            ),
            Self::Cancelled => {
                ("cancelled", c"a callback ended the waiting before a payment was known")
            }
            Self::CertificateStore => {
                ("certificate-store", c"the system has no usable certificate store")
            }
            Self::Paused => {
                ("paused", c"the provider wants no checks with this key for now: ask again later")
            }
            Self::WebhookMalformed => ("webhook-malformed", c"the body is no webhook"),
            Self::OrdersUnknown => {
                ("orders-unknown", c"the orders were closed, or were never opened")
            }
            Self::OrderConflict => ("order-conflict", c"the number is taken: use a new one"),
            Self::OrderState => {
                ("order-state", c"the step does not start from the state that the order is in")
            }
            Self::TooSoon => ("too-soon", c"the provider may not be asked yet: try again later"),
            Self::NotChecked => {
                ("not-checked", c"an older code of the order has no answer: try again later")
            }
            Self::DatabaseUnavailable => {
                ("database-unavailable", c"the database cannot be used just now: try again")
            }
            Self::DatabaseRefused => {
                ("database-refused", c"the database is none that these settings can use")
            }
            Self::DatabaseFailed => ("database-failed", c"the database failed"),
            Self::PollBusy => {
                ("poll-busy", c"another thread, or a callback, is in qris_orders_poll")
            }
            Self::Internal => ("internal", c"something went wrong inside the library: report it"),
        }
    }

    /// The stable kebab-case word.
    pub(crate) const fn code(self) -> &'static str {
        self.words().0
    }

    /// The sentence for it, which ends with a NUL.
    pub(crate) const fn message(self) -> &'static CStr {
        self.words().1
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
            | Error::Newer { .. }
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
    fn no_two_statuses_share_a_number_or_a_word() {
        for pair in qris_status::ALL.windows(2) {
            assert!((pair[0] as i32) < (pair[1] as i32), "{pair:?}");
        }
        let words: std::collections::BTreeSet<_> =
            qris_status::ALL.iter().map(|status| status.code()).collect();
        assert_eq!(words.len(), qris_status::ALL.len());
    }
}

//! The result of a call, as a number.

use std::ffi::{CStr, c_char};

use qris_codec::ErrorKind;

/// The result of a call. Zero is success. A number never changes its meaning and is never reused.
/// New numbers may be added: treat a number you do not know as a failure.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum qris_status {
    /// Success.
    Ok = 0,
    /// There is no such object, or there are no more objects. This is not a failure.
    Absent = 1,

    // 10 to 19: the call itself is wrong; correct the program.
    /// A required pointer is NULL.
    NullArgument = 10,
    /// The struct's `size` is wrong: set it to sizeof. Or the struct is newer than the library and
    /// sets fields that the library does not know.
    StructSize = 11,
    /// A number is not a value of its enum.
    UnknownValue = 12,
    /// The `qris_payload` was not filled in by `qris_parse`.
    NotParsed = 13,
    /// A tag path is not one to three pairs of digits joined by points, such as `62.05`.
    PathSyntax = 14,
    /// The buffer is too small; `*written` says how much room is needed.
    BufferTooSmall = 15,
    /// The `qris_cursor` was not set to zero before the first call, was changed, or belongs to another
    /// payload.
    CursorInvalid = 16,
    /// There are more accounts or template values than a payload can hold.
    TooMany = 17,
    /// The client was freed or never created.
    ClientUnknown = 18,
    /// A field of the `qris_invoice` is not what `qris_create_invoice` wrote.
    InvoiceInvalid = 19,

    // 20 to 39: the text is not a payload.
    /// The text is empty or only white space.
    TextEmpty = 20,
    /// The text is longer than 65535 bytes.
    TextTooLong = 21,
    /// The text is not UTF-8.
    TextNotUtf8 = 22,
    /// The text ends inside the tag or the length of an object, which are two characters each.
    ObjectHeaderShort = 23,
    /// The tag or the length of an object is not two digits.
    ObjectHeaderNotDigits = 24,
    /// The text ends inside an object.
    ObjectTruncated = 25,
    /// A length, counted in bytes, ends inside a character.
    ObjectSplitsCharacter = 26,
    /// An object appears twice.
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
    /// The checksum does not match the text.
    ChecksumMismatch = 34,

    // 40 to 49: nothing was written, because the result would be wrong.
    /// A value is longer than the 99 characters that an object can hold.
    ValueTooLong = 40,
    /// A text has combining marks. Use precomposed characters.
    TextNotPrecomposed = 41,
    /// An object cannot be set this way.
    ObjectNotAmendable = 42,
    /// An amount, fee or percentage is not digits with at most one decimal point.
    AmountSyntax = 43,
    /// The payload would break a rule. `code` of the `qris_error` says which one.
    RuleBroken = 44,
    /// The text cannot be masked: no masked copy would have the same shape and the same verdict.
    NotAnonymizable = 45,

    // 50 to 59: no picture was drawn or read.
    /// The text does not fit into the largest QR symbol.
    DrawingTooLong = 50,
    /// The paper is narrower than the symbol.
    DrawingTooNarrow = 51,
    /// The picture would be too large.
    DrawingTooLarge = 52,
    /// The writer callback did not return zero.
    WriterStopped = 53,
    /// The file to read is no PNG, JPEG, WebP or BMP picture. The message says what it is instead.
    PictureFormat = 54,
    /// The picture to read has more than 120 million pixels, or takes more than 512 MiB to read.
    PictureTooLarge = 55,
    /// The picture to read is cut short or damaged.
    PictureDamaged = 56,
    /// A poster needs a static code, and this one is for one payment.
    DrawingNotStatic = 58,

    // 60 to 79: no answer about money. Each status asks for another action.
    /// A value was refused and nothing was sent. Correct the value. `code` says which one.
    ValueRefused = 60,
    /// The provider refused. Correct the request or the credentials. `code` says why.
    Rejected = 61,
    /// The create call may have reached the provider, so a payable invoice may exist. Check before
    /// you try again.
    OutcomeUnknown = 62,
    /// No answer came. It is safe to ask again.
    Unreachable = 63,
    /// The answer to a check cannot be read. It is safe to ask again.
    MalformedReply = 64,
    /// The QR in the reply is not the requested one. Never show it.
    ContentMismatch = 65,
    /// A callback ended the wait before the invoice was known to be paid.
    Cancelled = 66,
    /// The system has no usable certificate store.
    CertificateStore = 67,
    /// Nothing was sent, because checks with this key are paused. Ask again after
    /// `retry_after_seconds` of the `qris_error`. `code` says why.
    Paused = 68,
    /// The body is not a webhook of the provider.
    WebhookMalformed = 69,

    // 70 to 79: orders and their database.
    /// The orders were closed or never opened.
    OrdersUnknown = 70,
    /// The number is taken: use a new one for a new sale. `code` is `conflict` if the order has
    /// another amount or reference, and `used-earlier` if it was paid, expired or cancelled on an
    /// earlier day. If it is the same sale and it expired, call `qris_orders_renew`.
    OrderConflict = 71,
    /// The order is in a state that does not allow this step.
    OrderState = 72,
    /// It is too early to ask the provider. Try again after `retry_after_seconds` of the
    /// `qris_error`. `code` is `none-left` if all manual checks are used up and only scheduled
    /// checks follow.
    TooSoon = 73,
    /// An older code of the order may have been paid just now, so no new code was made. Try again
    /// later.
    NotChecked = 74,
    /// The database cannot be used at the moment. Try again. `code` is `busy`, `full`, `read-only`
    /// or `unreachable`.
    DatabaseUnavailable = 75,
    /// These settings cannot be used with this database. Correct them. `code` says why.
    DatabaseRefused = 76,
    /// The database failed, or one of its rows is corrupt.
    DatabaseFailed = 77,
    /// Another thread, or a callback of this thread, is in `qris_orders_poll` with the same orders.
    PollBusy = 78,
    /// A callback of `qris_wait_for_payment` called `qris_wait_for_payment`.
    WaitBusy = 79,

    // 90 to 99: the library has a bug. Report it.
    /// The library has a bug: please report it. After a create call, an invoice may exist: check
    /// before you try again.
    Internal = 90,
}

/// The word and the sentence of each status, in the order of [`qris_status::ALL`]. Each text ends with a
/// NUL: a table of pointers would be twice as large.
const WORDS: &str = concat!(
    "ok\0success\0",
    "absent\0there is no such object\0",
    "null-argument\0a required pointer is NULL\0",
    "struct-size\0the size at the start of a struct is wrong\0",
    "unknown-value\0a number is not a value of its enum\0",
    "not-parsed\0the payload was not filled in by qris_parse\0",
    "path-syntax\0a tag path is not written like 54 or 62.05\0",
    "buffer-too-small\0the buffer is too small\0",
    "cursor-invalid\0the cursor was not set to zero before the first call, was changed, or belongs to another payload\0",
    "too-many\0there are more accounts or template values than a payload can hold\0",
    "client-unknown\0the client was freed or never created\0",
    "invoice-invalid\0the invoice is not what qris_create_invoice wrote\0",
    "text-empty\0the text is empty\0",
    "text-too-long\0the text is longer than 65535 bytes\0",
    "text-not-utf8\0the text is not UTF-8\0",
    "object-header-short\0the text ends inside an object's tag and length\0",
    "object-header-not-digits\0an object's tag or length is not two digits\0",
    "object-truncated\0the text ends inside an object\0",
    "object-splits-character\0an object ends inside a character\0",
    "object-duplicate\0an object appears twice\0",
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
    "not-anonymizable\0the text cannot be masked: no masked copy would have the same shape and the same verdict\0",
    "drawing-too-long\0the text does not fit into the largest QR symbol\0",
    "drawing-too-narrow\0the paper is narrower than the symbol\0",
    "drawing-too-large\0the picture would be too large\0",
    "writer-stopped\0the writer callback did not return zero\0",
    "picture-format\0the file is no picture of a kind that is read\0",
    "picture-too-large\0the picture has too many pixels\0",
    "picture-damaged\0the picture is cut short or damaged\0",
    "drawing-not-static\0the code is for one payment, and a poster needs a static one\0",
    "value-refused\0a value was refused before anything was sent: correct it\0",
    "rejected\0the provider refused: correct the request or the credentials\0",
    "outcome-unknown\0an invoice may or may not exist: check before you try again\0",
    "unreachable\0no answer came; it is safe to ask again\0",
    "malformed-reply\0the answer cannot be read; it is safe to ask again\0",
    "content-mismatch\0the QR in the reply is not the requested one: never show it\0",
    "cancelled\0a callback ended the wait before a payment was known\0",
    "certificate-store\0the system has no usable certificate store\0",
    "paused\0checks with this key are paused: ask again later\0",
    "webhook-malformed\0the body is not a webhook of the provider\0",
    "orders-unknown\0the orders were closed or never opened\0",
    "order-conflict\0the number is taken: use a new one\0",
    "order-state\0the order is in a state that does not allow this step\0",
    "too-soon\0it is too early to ask the provider: try again later\0",
    "not-checked\0an older code of the order could not be checked: try again later\0",
    "database-unavailable\0the database cannot be used at the moment: try again\0",
    "database-refused\0these settings cannot be used with this database\0",
    "database-failed\0the database failed\0",
    "poll-busy\0another thread, or a callback, is in qris_orders_poll\0",
    "wait-busy\0a callback of qris_wait_for_payment called qris_wait_for_payment\0",
    "internal\0the library has a bug: please report it\0",
);

impl qris_status {
    /// Every status, in the order of their numbers.
    pub(crate) const ALL: [Self; 61] = [
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
        Self::DrawingNotStatic,
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

    /// The word and the sentence of the status, followed by the ones of all later statuses.
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

    /// The status for an error of the codec. A kind that is about neither framing nor writing is a
    /// broken rule.
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
            DrawError::NotAPayload(error) | DrawError::NotQris(error) => {
                Self::from_kind(error.kind())
            }
            DrawError::NotStatic => Self::DrawingNotStatic,
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
            ReadError::Format { .. } => Self::PictureFormat,
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
            Error::OutcomeUnknown | Error::StillRequested { .. } => Self::OutcomeUnknown,
            Error::Refused => Self::Rejected,
            Error::UnknownMerchant(_) => Self::ValueRefused,
            _ => Self::Internal,
        }
    }

    #[cfg(feature = "orders")]
    const fn from_ledger_error(error: &qris_ledger::Error) -> Self {
        use qris_ledger::Error;

        match error {
            Error::Conflict { .. } | Error::OtherReference | Error::UsedEarlier { .. } => {
                Self::OrderConflict
            }
            Error::Absent => Self::Absent,
            Error::State { .. } => Self::OrderState,
            Error::Unchecked => Self::NotChecked,
            Error::TooLarge { .. } | Error::TooLong { .. } => Self::ValueRefused,
            Error::OtherAccount { .. }
            | Error::SchemaTooNew { .. }
            | Error::Url
            | Error::NoPostgres
            | Error::NoFolder
            | Error::Replaced => Self::DatabaseRefused,
            error if error.is_mismatch() => Self::ContentMismatch,
            error if error.is_transient() => Self::DatabaseUnavailable,
            _ => Self::DatabaseFailed,
        }
    }
}

/// Returns an English sentence for a status, for logs and programmers.
///
/// `status` may be any number; for an unknown number the sentence says so. The text ends with a NUL
/// and is never NULL. The library owns it; it is valid as long as the library is loaded.
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn qris_status_message(status: i32) -> *const c_char {
    let known = qris_status::ALL.into_iter().find(|known| *known as i32 == status);
    known.map_or(c"unknown status: the header has another version", qris_status::message).as_ptr()
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

//! One deviation from the rules.

use core::fmt;
use core::ops::Range;

use crate::error::{Error, ErrorKind, Severity};
use crate::language::{Language, Localized, say};
use crate::tag::Path;

/// One deviation from the rules: its kind, its severity, its object and its bytes.
///
/// ```
/// use qris_codec::{ErrorKind, Payload, Rules, Severity};
///
/// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
///             CONTOH6007JAKARTA62070703A01630440DE";
/// let payload = Payload::parse(text)?;
/// let finding = payload.findings(Rules::Qris).next().unwrap();
/// assert_eq!(finding.kind(), ErrorKind::PostalCodeMissing);
/// assert_eq!(finding.code(), "postal-code-missing");
/// assert_eq!(finding.severity(), Severity::Warning);
/// assert_eq!(finding.path().unwrap().to_string(), "61");
/// # Ok::<(), qris_codec::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    kind: ErrorKind,
    path: Option<Path>,
    offset: u16,
    len: u16,
}

impl Finding {
    #[inline(always)]
    pub(crate) fn new(kind: ErrorKind, path: Option<Path>, offset: usize, len: usize) -> Self {
        let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        Self { kind, path, offset: short(offset), len: short(len) }
    }

    /// The kind of deviation, with its facts.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The stable kebab-case name, such as `amount-zero`.
    pub const fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// How much it matters.
    #[inline(always)]
    pub const fn severity(&self) -> Severity {
        self.kind.severity()
    }

    /// The wrong or missing object; `None` if the finding is about the whole text.
    pub const fn path(&self) -> Option<Path> {
        self.path
    }

    /// The byte of the given text at which it begins: the value if the value is wrong, the tag if
    /// the object must not be there, and for a missing object the end of the place where it
    /// belongs.
    pub const fn offset(&self) -> usize {
        self.offset as usize
    }

    /// The range of bytes that it is about; empty for a missing object.
    pub const fn span(&self) -> Range<usize> {
        let start = self.offset as usize;
        start..start.saturating_add(self.len as usize)
    }

    /// The same as an error: without the length of its span.
    pub fn error(&self) -> Error {
        Error::at(self.kind, self.path, self.offset())
    }

    /// The message in this language. The code is the same in every language.
    pub const fn localized(self, language: Language) -> Localized<Self> {
        Localized::new(self, language)
    }
}

impl core::error::Error for Finding {}

impl From<Error> for Finding {
    /// An error of the parser as a finding, so that one list can have both.
    fn from(error: Error) -> Self {
        use ErrorKind as K;
        let len = match error.kind() {
            K::ChecksumMismatch { .. }
            | K::ChecksumDigits { .. }
            | K::FormatNotFirst { .. }
            | K::ChecksumNotLast { .. }
            | K::Duplicate { .. } => 4,
            // The error does not have the length of the other kinds: use an empty range.
            _ => 0,
        };
        Self::new(error.kind(), error.path(), error.offset(), len)
    }
}

impl From<Finding> for Error {
    fn from(finding: Finding) -> Self {
        finding.error()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.localized(Language::English).fmt(f)
    }
}

impl fmt::Display for Localized<Finding> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { of: Finding { kind, path, .. }, language } = *self;
        write!(f, "{}[{}]", kind.severity().localized(language), kind.code())?;
        if let Some(path) = path {
            say!(f, language, " object {path}", " objek {path}")?;
        }
        write!(f, ": {}", self.of.error().localized(language))
    }
}

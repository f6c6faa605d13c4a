//! The languages of messages.

use core::fmt;

/// A language of messages: English, and Indonesian with the feature `indonesian`.
///
/// `Display` writes English. `localized` of an error, a finding or a hint writes another language.
///
/// ```
/// use qris_codec::{Language, Payload};
///
/// let error = Payload::parse("0002015912WARUNG").unwrap_err();
/// let english = "object 59 should hold 12 characters, found 6 at byte 10";
/// assert_eq!(error.localized(Language::English).to_string(), english);
/// # #[cfg(feature = "indonesian")]
/// assert_eq!(
///     error.localized(Language::Indonesian).to_string(),
///     "objek 59 seharusnya berisi 12 karakter, ditemukan 6 pada byte 10",
/// );
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Indonesian.
    #[cfg(feature = "indonesian")]
    Indonesian,
}

impl Language {
    /// Every language there is.
    pub const ALL: &'static [Self] = &[
        Self::English,
        #[cfg(feature = "indonesian")]
        Self::Indonesian,
    ];

    /// The language of a code of ISO 639-1: `en` or `id`. `None` for other codes, and for `id`
    /// without the feature `indonesian`.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|language| language.code() == code)
    }

    /// The code of ISO 639-1: `en` or `id`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            #[cfg(feature = "indonesian")]
            Self::Indonesian => "id",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A message in the chosen language: `Display` writes it. Returned by `localized` of an
/// [`Error`](crate::Error), an [`ErrorKind`](crate::ErrorKind), a [`Finding`](crate::Finding), a
/// [`Hint`](crate::Hint), a [`Rule`](crate::Rule) or a [`Severity`](crate::Severity).
///
/// See [`Language`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Localized<T> {
    pub(crate) of: T,
    pub(crate) language: Language,
}

impl<T> Localized<T> {
    pub(crate) const fn new(of: T, language: Language) -> Self {
        Self { of, language }
    }
}

/// Writes the sentence in the language: each sentence is next to its translation, with the same
/// facts in braces.
macro_rules! say {
    ($f:expr, $language:expr, $english:literal, $indonesian:literal) => {
        match $language {
            $crate::language::Language::English => write!($f, $english),
            #[cfg(feature = "indonesian")]
            $crate::language::Language::Indonesian => write!($f, $indonesian),
        }
    };
}

pub(crate) use say;

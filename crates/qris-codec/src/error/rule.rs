//! The macro that makes a type of the list of kinds, and the properties of each kind.

use core::fmt;

use crate::language::{Language, Localized, say};
use crate::rules::limits;

/// How much a deviation matters.
///
/// See [`Finding`](crate::Finding) for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing. Codes that work everywhere have it too.
    Info,
    /// Breaks a rule, but most wallets accept it.
    Warning,
    /// The payload must not be used.
    Error,
}

impl Severity {
    /// The word in this language. Programs read the English one, which `Display` writes.
    pub const fn localized(self, language: Language) -> Localized<Self> {
        Localized::new(self, language)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.localized(Language::English).fmt(f)
    }
}

impl fmt::Display for Localized<Severity> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.of {
            Severity::Info => f.write_str("info"),
            Severity::Warning => say!(f, self.language, "warning", "peringatan"),
            Severity::Error => say!(f, self.language, "error", "kesalahan"),
        }
    }
}

/// The rules that a payload is checked against.
///
/// See [`findings::inspect`](crate::findings::inspect) for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rules {
    /// EMVCo's rules for merchant-presented codes of any country.
    Emv,
    /// EMVCo's rules and Indonesia's national rules.
    Qris,
}

/// The part of the crate that reports a kind.
///
/// ```
/// use qris_codec::{ErrorKind, Section};
///
/// assert_eq!(ErrorKind::AmountZero.section(), Section::Rules);
/// assert_eq!(ErrorKind::NotPrecomposed.section(), Section::Writing);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Section {
    /// Reading objects, the root of a payload, or a tag path.
    Parsing,
    /// The rules, in [`findings`](crate::findings) and in writing.
    Rules,
    /// Consumer-presented codes.
    Cpm,
    /// Only writing.
    Writing,
}

/// One row of the list of all kinds: see [`ErrorKind::LIST`](crate::ErrorKind::LIST).
///
/// `Display` shows its message with the limits filled in and the names of facts in braces, and
/// [`localized`](Self::localized) the same in another language.
///
/// ```
/// use qris_codec::ErrorKind;
///
/// let rule = ErrorKind::LIST.iter().find(|rule| rule.code == "amount-zero").unwrap();
/// assert_eq!(rule.to_string(), "expected an amount other than zero, found zero");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// The stable word for it, the same in Rust, C, Python and JSON.
    pub code: &'static str,
    /// The part of the crate that reports it.
    pub section: Section,
    /// How much it matters.
    pub severity: Severity,
    /// [`Rules::Qris`] if only the national rules have it.
    pub rules: Rules,
    /// The clause of the standard.
    pub clause: &'static str,
    /// What was expected and what was found. Braces have the names of facts and, in capitals, of
    /// [limit constants](crate::rules::limits).
    pub message: &'static str,
    /// The same in Indonesian.
    #[cfg(feature = "indonesian")]
    pub indonesian: &'static str,
}

impl Rule {
    /// The message in this language.
    pub const fn localized(self, language: Language) -> Localized<Self> {
        Localized::new(self, language)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.localized(Language::English).fmt(f)
    }
}

impl fmt::Display for Localized<Rule> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = match self.language {
            Language::English => self.of.message,
            #[cfg(feature = "indonesian")]
            Language::Indonesian => self.of.indonesian,
        };
        while let Some((before, behind)) = rest.split_once('{') {
            let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
            f.write_str(before)?;
            // The format of a fact is not part of its name.
            let name = name.split_once(':').map_or(name, |(name, _)| name);
            match limits::by_name(name) {
                Some(limit) => write!(f, "{limit}")?,
                None => write!(f, "{{{name}}}")?,
            }
            rest = after;
        }
        f.write_str(rest)
    }
}

/// Defines `ErrorKind` and `ErrorKind::LIST` from one list.
macro_rules! kinds {
    ($($section:ident {$(
        $(#[$meta:meta])*
        $name:ident $({ $($field:ident: $type:ty),* })?
            => ($severity:ident, $rules:ident, $code:literal, $clause:literal, $message:literal, $indonesian:literal);
    )*})*) => {
        /// Everything that can be wrong with a text: refusals of the parser and the writer,
        /// errors, warnings and information.
        ///
        /// One type for all of it, because one `match` must hold what a reader, a builder and a
        /// list of findings can say; [`section`](Self::section) tells the parts of the work apart.
        ///
        /// A kind carries facts: `found` is what stands there or how many characters it has,
        /// `expected` what should stand there, `tag` the object. [`code`](Self::code) is its
        /// stable name, `Display` its sentence in English, and [`localized`](Self::localized) the
        /// sentence in another language. The [`findings`](crate::findings) module lists
        /// them all.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "the facts have the same names everywhere, explained above")]
        pub enum ErrorKind {
            $($(
                $(#[$meta])*
                #[error($message)]
                $name $({ $($field: $type,)* })?,
            )*)*
        }

        impl ErrorKind {
            /// Every kind there is, in the order of the list in [`findings`](crate::findings).
            pub const LIST: &'static [Rule] = &[$($(
                Rule {
                    code: $code,
                    section: Section::$section,
                    severity: Severity::$severity,
                    rules: Rules::$rules,
                    clause: $clause,
                    message: $message,
                    #[cfg(feature = "indonesian")]
                    indonesian: $indonesian,
                },
            )*)*];

            /// The stable kebab-case name, such as `checksum-mismatch`.
            pub const fn code(self) -> &'static str {
                match self { $($(Self::$name { .. } => $code,)*)* }
            }

            /// How much it matters.
            // The rules ask it of kinds that are known when this is compiled.
            #[inline(always)]
            pub const fn severity(self) -> Severity {
                match self { $($(Self::$name { .. } => Severity::$severity,)*)* }
            }

            /// The part of the crate that reports it.
            pub const fn section(self) -> Section {
                match self { $($(Self::$name { .. } => Section::$section,)*)* }
            }

            /// The sentence in this language.
            pub const fn localized(self, language: Language) -> Localized<Self> {
                Localized::new(self, language)
            }
        }

        impl fmt::Display for Localized<ErrorKind> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.language {
                    Language::English => self.of.fmt(f),
                    #[cfg(feature = "indonesian")]
                    language => match self.of {
                        $($(ErrorKind::$name $({ $($field,)* })? => {
                            $($(let $field = $field.in_language(language);)*)?
                            write!(f, $indonesian)
                        })*)*
                    },
                }
            }
        }
    };
}

pub(super) use kinds;

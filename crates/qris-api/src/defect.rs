//! Why an answer cannot be read.

use std::fmt;

/// Why an answer cannot be read: what was expected, and what kind of value was found. It never has
/// a value of the answer.
///
/// ```
/// use qris_api::Defect;
///
/// let defect = Defect::Member {
///     name: "data.qris_invoiceid",
///     expected: "a positive integer",
///     found: "an array",
/// };
/// assert_eq!(
///     defect.to_string(),
///     "expected data.qris_invoiceid as a positive integer, found an array",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Defect {
    /// No JSON object in the body has the member that marks an answer.
    Absent {
        /// That member: `status`, or `qris_status` in a webhook.
        marker: &'static str,
    },
    /// The body has two different answers.
    Several {
        /// The member that marks an answer.
        marker: &'static str,
    },
    /// A JSON object that is cut short or becomes invalid.
    Broken {
        /// The byte of the body at which this happens.
        offset: usize,
    },
    /// A member that an object has twice, with different values.
    Duplicate {
        /// Its name; `a member` if the name is not one of the API's.
        name: &'static str,
    },
    /// A member that is missing or has another form.
    Member {
        /// Its name, with `data.` in front of a member of `data`.
        name: &'static str,
        /// The expected form.
        expected: &'static str,
        /// The kind of JSON value that was found.
        found: &'static str,
    },
    /// An answer that contradicts itself.
    Contradiction {
        /// The two things that contradict each other.
        found: &'static str,
    },
    /// A refusal with an HTTP status of a proxy or of a failing server. It does not prove that the
    /// API refused.
    RefusalStatus,
    /// The body is longer than the limit.
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Absent { marker } => {
                write!(f, "expected one JSON object with the member {marker}, found none")
            }
            Self::Several { marker } => {
                write!(f, "expected one JSON object with the member {marker}, found different ones")
            }
            Self::Broken { offset } => {
                write!(
                    f,
                    "expected a complete JSON object, found one that is cut short at byte {offset}"
                )
            }
            Self::Duplicate { name } => {
                write!(f, "expected {name} once, found it twice with different values")
            }
            Self::Member { name, expected, found } => {
                write!(f, "expected {name} as {expected}, found {found}")
            }
            Self::Contradiction { found } => write!(f, "expected one answer, found {found}"),
            Self::RefusalStatus => f.write_str(
                "expected a refusal with an HTTP status of the API, found one with that of another \
                 or a failed server",
            ),
            Self::TooLong { limit } => {
                write!(f, "expected a body of at most {limit} bytes, found a longer one")
            }
        }
    }
}

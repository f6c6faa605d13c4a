#![doc = include_str!("findings.md")]

use core::fmt;

use crate::error::{Error, Rules, Severity};
pub use crate::finding::Finding;
use crate::mpm::Payload;
use crate::rules::listener::{FindingBuffer, First, INFO, Listener, WARNING};
use crate::rules::{Surroundings, Validator};
use crate::scan::{Outcome, Scanned, scan};

/// What all findings of a text come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// No error and no warning; there may be information.
    Valid,
    /// At least one warning, no error.
    Warn,
    /// At least one error: the payload must not be used.
    Invalid,
    /// [`Payload::parse`] refuses the text.
    Malformed,
}

impl Verdict {
    /// The verdict as a word: `valid`, `warn`, `invalid` or `malformed`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Warn => "warn",
            Self::Invalid => "invalid",
            Self::Malformed => "malformed",
        }
    }

    /// The verdict on findings of which the worst is this severe; `None` where there are none.
    pub const fn from_worst(severity: Option<Severity>) -> Self {
        match severity {
            None | Some(Severity::Info) => Self::Valid,
            Some(Severity::Warning) => Self::Warn,
            Some(Severity::Error) => Self::Invalid,
        }
    }

    /// Judges a text by `rules`.
    ///
    /// ```
    /// use qris_codec::{Rules, Verdict};
    ///
    /// assert_eq!(Verdict::from_text("000201", Rules::Qris), Verdict::Malformed);
    /// ```
    pub fn from_text(text: &str, rules: Rules) -> Self {
        match scan::<WARNING>(text) {
            Some(Scanned { outcome: Outcome::Clean, .. }) => Self::Valid,
            Some(Scanned { payload, .. }) => payload.verdict(rules),
            None => Payload::parse(text).map_or(Self::Malformed, |payload| payload.verdict(rules)),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads a payload and walks everything in which it deviates from `rules`: [`Payload::parse`] and
/// [`Payload::findings`] in one, which is faster.
///
/// ```
/// use qris_codec::{Rules, findings};
///
/// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
///             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// assert_eq!(findings::inspect(text, Rules::Qris)?.count(), 0);
/// # Ok::<(), qris_codec::Error>(())
/// ```
///
/// # Errors
///
/// Those of [`Payload::parse`].
pub fn inspect(text: &str, rules: Rules) -> Result<Findings<'_>, Error> {
    Ok(match scan::<INFO>(text) {
        Some(Scanned { outcome: Outcome::Clean, .. }) => Findings::NONE,
        Some(Scanned { payload, .. }) => Findings::new(payload, rules),
        None => Findings::new(Payload::parse(text)?, rules),
    })
}

/// Findings with the worst first: errors, warnings, information, each in the order in which they
/// were found.
///
/// ```
/// use qris_codec::{Rules, findings};
///
/// // The name ends with a space, which is a warning. There is no city, which is an error.
/// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5\
///             911TOKO CONTO 61051011062070703A016304009F";
/// let found = findings::inspect(text, Rules::Qris)?;
/// let met = found.clone().map(|finding| finding.code());
/// assert!(met.eq(["text-padded", "merchant-city-missing"]));
/// let worst_first = findings::worst_first(&found).map(|finding| finding.code());
/// assert!(worst_first.eq(["merchant-city-missing", "text-padded"]));
/// # Ok::<(), qris_codec::Error>(())
/// ```
pub fn worst_first(
    findings: &(impl Iterator<Item = Finding> + Clone),
) -> impl Iterator<Item = Finding> {
    [Severity::Error, Severity::Warning, Severity::Info].into_iter().flat_map(move |severity| {
        findings.clone().filter(move |finding| finding.severity() == severity)
    })
}

impl<'a> Payload<'a> {
    /// Walks everything in which the payload deviates from `rules`, without allocating.
    pub fn findings(&self, rules: Rules) -> Findings<'a> {
        Findings::new(*self, rules)
    }

    /// What the findings come to: never [`Verdict::Malformed`].
    pub fn verdict(&self, rules: Rules) -> Verdict {
        let mut out = First::<WARNING>::default();
        Walk::new(*self, rules).run(&mut out, |_| false);
        Verdict::from_worst(out.worst)
    }

    /// The first finding as severe as `LEAST`, if there is one.
    pub(crate) fn first<const LEAST: u8>(&self, rules: Rules) -> Option<Finding> {
        let mut out = First::<LEAST>::default();
        Walk::new(*self, rules).run(&mut out, |out| out.finding.is_some());
        out.finding
    }
}

/// All findings of a payload, from [`Payload::findings`] and [`inspect`].
///
/// The order is that of the objects; what concerns several objects together comes last.
/// [`worst_first`] sorts them.
#[derive(Clone, Debug)]
pub struct Findings<'a>(Option<Found<'a>>);

/// What has been found and not been handed out.
#[derive(Clone, Debug)]
struct Found<'a> {
    payload: Payload<'a>,
    rules: Rules,
    buffer: FindingBuffer,
    /// How many of those in the buffer have been handed out.
    taken: usize,
    /// How many have been in all.
    reported: usize,
}

impl<'a> Findings<'a> {
    const NONE: Self = Self(None);

    #[inline(always)]
    fn new(payload: Payload<'a>, rules: Rules) -> Self {
        let mut buffer = FindingBuffer::new(0);
        Walk::new(payload, rules).fill(&mut buffer);
        Self(Some(Found { payload, rules, buffer, taken: 0, reported: 0 }))
    }
}

impl Iterator for Findings<'_> {
    type Item = Finding;

    #[inline]
    fn next(&mut self) -> Option<Finding> {
        let Found { payload, rules, buffer, taken, reported } = self.0.as_mut()?;
        if buffer.get(*taken).is_none() && buffer.is_over() {
            // More than fit, which is rare: what has been handed out is passed over.
            *buffer = FindingBuffer::new(*reported);
            *taken = 0;
            Walk::new(*payload, *rules).fill(buffer);
        }
        let finding = buffer.get(*taken)?;
        *taken = taken.saturating_add(1);
        *reported = reported.saturating_add(1);
        Some(finding)
    }
}

/// Brings the objects of a payload to the rules, in any order.
struct Walk<'a> {
    payload: Payload<'a>,
    rules: Rules,
}

impl<'a> Walk<'a> {
    #[inline(always)]
    const fn new(payload: Payload<'a>, rules: Rules) -> Self {
        Self { payload, rules }
    }

    /// Walks until the buffer is full.
    #[inline(never)]
    fn fill(&self, buffer: &mut FindingBuffer) {
        self.run(buffer, |buffer| buffer.is_over());
    }

    /// Walks to the end, or until there is `enough` after an object.
    #[inline(always)]
    fn run<L: Listener>(&self, out: &mut L, enough: impl Fn(&L) -> bool) {
        let (before, after) = self.payload.around();
        let (charset, unit) = (self.payload.charset(), self.payload.unit());
        let payload = self.payload.as_str();
        Surroundings { before, payload, after, charset, unit }.check(out);
        let mut validator = Validator::new(self.rules, charset, unit);
        // The root is known to be framed to its end.
        let mut root = self.payload.reader();
        while let Some(object) = root.step() {
            if enough(out) {
                return;
            }
            let bytes = object.value().as_bytes();
            validator.object(object.tag(), bytes, object.offset(), out);
        }
        let end = self.payload.end().saturating_sub(CHECKSUM_LEN);
        validator.cross_check(end, out);
    }
}

/// Object 63 takes eight bytes at the end.
const CHECKSUM_LEN: usize = 8;

#![doc = include_str!("findings.md")]

use core::fmt;

use crate::error::{Error, Rules, Severity};
pub use crate::finding::Finding;
use crate::mpm::Payload;
use crate::rules::listener::{FindingBuffer, First, INFO, Listener, WARNING};
use crate::rules::{Surroundings, Validator};
use crate::scan::{Scanned, scan};
use crate::tlv::Reader;

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
            Some(Scanned { is_clean: true, .. }) => Self::Valid,
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
        Some(Scanned { is_clean: true, .. }) => Findings::NONE,
        Some(Scanned { payload, .. }) => Findings::new(payload, rules),
        None => Findings::new(Payload::parse(text)?, rules),
    })
}

/// Findings with the worst first: errors, warnings, information, each in the order in which they
/// were found.
///
/// ```
/// use qris_codec::{Rules, Severity, findings};
///
/// let text = "000201010211530384058021D5904ABCD6004EFGH610512345 6304B4A8";
/// let found = findings::inspect("00020153038406304D2F0", Rules::Emv)?;
/// let worst = findings::worst_first(&found).next();
/// assert_eq!(worst.map(|it| it.severity()), Some(Severity::Error));
/// # let _ = text;
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

/// What has been found and not been handed out, and where to go on.
#[derive(Clone, Debug)]
struct Found<'a> {
    walk: Walk<'a>,
    buffer: FindingBuffer,
    /// How many of those in the buffer have been handed out.
    taken: usize,
}

impl<'a> Findings<'a> {
    const NONE: Self = Self(None);

    fn new(payload: Payload<'a>, rules: Rules) -> Self {
        let (walk, buffer) = (Walk::new(payload, rules), FindingBuffer::new(0));
        Self(Some(Found { walk, buffer, taken: 0 }))
    }
}

impl Iterator for Findings<'_> {
    type Item = Finding;

    fn next(&mut self) -> Option<Finding> {
        let Found { walk, buffer, taken } = self.0.as_mut()?;
        loop {
            if let Some(finding) = buffer.get(*taken) {
                *taken = taken.saturating_add(1);
                return Some(finding);
            }
            if walk.stage == Stage::Done {
                return None;
            }
            // Of the step that did not fit, what has been handed out is passed over.
            *buffer = FindingBuffer::new(walk.reported);
            *taken = 0;
            walk.fill(buffer);
        }
    }
}

/// Brings the objects of a payload to the rules, in any order, one step after another.
#[derive(Clone, Debug)]
struct Walk<'a> {
    payload: Payload<'a>,
    validator: Validator<'a>,
    root: Reader<'a>,
    stage: Stage,
    /// How many findings of the step that comes next are in earlier buffers.
    reported: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Text,
    Root,
    CrossCheck,
    Done,
}

impl<'a> Walk<'a> {
    #[inline(always)]
    fn new(payload: Payload<'a>, rules: Rules) -> Self {
        let validator = Validator::new(rules, payload.charset(), payload.unit());
        Self { payload, validator, root: payload.reader(), stage: Stage::Text, reported: 0 }
    }

    /// Walks to the end, or until there is `enough` after a step.
    #[inline(always)]
    fn run<L: Listener>(&mut self, out: &mut L, enough: impl Fn(&L) -> bool) {
        while self.stage != Stage::Done && !enough(out) {
            self.step(out);
        }
    }

    /// Walks until the buffer is full; a step that does not fit is taken again later.
    #[inline]
    fn fill(&mut self, buffer: &mut FindingBuffer) {
        let mut skipped = self.reported;
        while self.stage != Stage::Done {
            let (root, stage, before) = (self.root.clone(), self.stage, buffer.len());
            self.step(buffer);
            if buffer.is_over() {
                (self.root, self.stage) = (root, stage);
                self.reported = buffer.len().saturating_sub(before).saturating_add(skipped);
                return;
            }
            skipped = 0;
        }
    }

    /// Checks one thing more. To check it again is harmless.
    #[inline(always)]
    fn step<L: Listener>(&mut self, out: &mut L) {
        match self.stage {
            Stage::Text => {
                let (before, after) = self.payload.around();
                let (charset, unit) = (self.payload.charset(), self.payload.unit());
                let payload = self.payload.as_str();
                Surroundings { before, payload, after, charset, unit }.check(out);
                self.stage = Stage::Root;
            }
            Stage::Root => match self.root.step() {
                Some(object) => {
                    let bytes = object.value().as_bytes();
                    self.validator.object(object.tag(), bytes, object.offset(), out);
                }
                // The root is known to be framed to its end.
                None => self.stage = Stage::CrossCheck,
            },
            Stage::CrossCheck => {
                let end = self.payload.end().saturating_sub(CHECKSUM_LEN);
                self.validator.cross_check(end, out);
                self.stage = Stage::Done;
            }
            Stage::Done => {}
        }
    }
}

/// Object 63 takes eight bytes at the end.
const CHECKSUM_LEN: usize = 8;

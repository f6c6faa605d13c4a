#![doc = include_str!("findings.md")]

use core::fmt;

use crate::charset::Charset;
use crate::error::{Error, Rules, Severity};
pub use crate::finding::Finding;
use crate::mpm::Payload;
use crate::rules::listener::FindingBuffer;
use crate::rules::{Surroundings, Validator, limits};
use crate::scan::{find, others};

/// The result of all findings of a text.
///
/// See [`Verdict::from_text`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// No error and no warning. There may be findings of severity info.
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

    /// The verdict for a worst severity; `None` means no findings.
    pub const fn from_worst(severity: Option<Severity>) -> Self {
        match severity {
            None | Some(Severity::Info) => Self::Valid,
            Some(Severity::Warning) => Self::Warn,
            Some(Severity::Error) => Self::Invalid,
        }
    }

    /// Checks a text against `rules`.
    ///
    /// ```
    /// use qris_codec::{Rules, Verdict};
    ///
    /// assert_eq!(Verdict::from_text("000201", Rules::Qris), Verdict::Malformed);
    /// ```
    pub fn from_text(text: &str, rules: Rules) -> Self {
        let worst = |found: Findings<'_>| found.map(|finding| finding.severity()).max();
        inspect(text, rules).map_or(Self::Malformed, |found| Self::from_worst(worst(found)))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads a payload and returns every deviation from `rules`: [`Payload::parse`] and
/// [`Payload::findings`] in one faster step.
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
/// The same as of [`Payload::parse`].
pub fn inspect(text: &str, rules: Rules) -> Result<Findings<'_>, Error> {
    collect(text, Payload::sealed(text), rules)
}

/// Reads a text and finds everything. `sealed` says whether it ends with its checksum.
pub(crate) fn collect<'a>(
    text: &'a str,
    sealed: Option<Payload<'a>>,
    rules: Rules,
) -> Result<Findings<'a>, Error> {
    let payload = sealed.map_or_else(|| Payload::parse(text), Ok)?;
    let mut findings = Findings::known(payload, rules, FindingBuffer::ALL);
    if !findings.fill() {
        // The root is wrong: the parser returns the reason.
        findings = Payload::parse(text)?.findings(rules);
    }
    Ok(findings)
}

/// The findings of a plain payload, by the code path for objects in any order. Only for the test
/// that compares the code paths.
#[doc(hidden)]
pub fn in_any_order(payload: Payload<'_>, rules: Rules) -> Findings<'_> {
    let mut findings = Findings::known(payload, rules, FindingBuffer::ALL);
    findings.fill_in_any_order();
    findings
}

/// Findings with the worst first: errors, warnings, information; inside each group in their
/// original order.
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
    /// Returns every deviation from `rules`, without allocating.
    pub fn findings(&self, rules: Rules) -> Findings<'a> {
        let mut findings = Findings::known(*self, rules, FindingBuffer::ALL);
        findings.fill();
        findings
    }

    /// The errors and warnings among them.
    pub(crate) fn severe_findings(&self, rules: Rules) -> Findings<'a> {
        let mut findings = Findings::known(*self, rules, FindingBuffer::SEVERE);
        findings.fill();
        findings
    }

    /// The result of the findings; never [`Verdict::Malformed`].
    pub fn verdict(&self, rules: Rules) -> Verdict {
        Verdict::from_worst(self.findings(rules).map(|finding| finding.severity()).max())
    }
}

/// All findings of a payload, from [`Payload::findings`] and [`inspect`].
///
/// They are in the order of the objects; findings about several objects come last. [`worst_first`]
/// sorts them.
///
/// See [`inspect`] for an example.
#[derive(Clone, Debug)]
pub struct Findings<'a> {
    payload: Payload<'a>,
    rules: Rules,
    buffer: FindingBuffer,
    /// How many findings of the buffer were returned.
    taken: usize,
    /// How many findings were returned in total.
    reported: usize,
}

impl<'a> Findings<'a> {
    /// The findings so far.
    #[inline(always)]
    pub(crate) const fn known(payload: Payload<'a>, rules: Rules, buffer: FindingBuffer) -> Self {
        Self { payload, rules, buffer, taken: 0, reported: 0 }
    }

    /// The payload of these findings.
    pub(crate) const fn payload(&self) -> Payload<'a> {
        self.payload
    }

    /// Walks the payload. Returns whether its root is right: objects to its end, no duplicate, 00
    /// first and 63 last.
    #[inline(never)]
    fn fill(&mut self) -> bool {
        let (payload, out) = (&self.payload, &mut self.buffer);
        let (text, charset, unit) = (payload.as_str(), payload.charset(), payload.unit());
        if text.len() < payload.given().len()
            || charset != Charset::Plain
            || text.len() > limits::MAX_PAYLOAD_CHARS
        {
            let (before, after) = payload.around();
            Surroundings { before, payload: text, after, unit }.check(out);
        }
        if charset == Charset::Plain && self.rules == Rules::Qris {
            return find(text.as_bytes(), payload.start(), out);
        }
        self.fill_in_any_order()
    }

    /// The same for objects in any order, any rules and any characters.
    #[cold]
    fn fill_in_any_order(&mut self) -> bool {
        let (charset, unit) = (self.payload.charset(), self.payload.unit());
        let validator = Validator::new(self.rules, charset, unit);
        let begins = self.payload.as_str().starts_with("00");
        begins && others(self.payload.root(), validator, &mut self.buffer)
    }
}

impl Iterator for Findings<'_> {
    type Item = Finding;

    #[inline]
    fn next(&mut self) -> Option<Finding> {
        if self.buffer.get(self.taken).is_none() && self.buffer.is_over() {
            // More than fit into the buffer, which is rare: skip the returned ones.
            self.buffer = self.buffer.after(self.reported);
            self.taken = 0;
            self.fill();
        }
        let finding = self.buffer.get(self.taken)?;
        self.taken = self.taken.saturating_add(1);
        self.reported = self.reported.saturating_add(1);
        Some(finding)
    }
}

#![doc = include_str!("findings.md")]

use core::fmt;
use core::ops::Range;

use crate::clean::is_clean;
use crate::error::{Error, ErrorKind, Rules, Severity};
use crate::mpm::{Payload, is_template};
use crate::rules::limits;
#[cfg(feature = "tables")]
use crate::tables;
use crate::tag::{Path, Tag, Tags};
use crate::tlv::{Object, Reader, Unit};

/// One deviation from the rules: what, how bad, at which object and which bytes.
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
    fn new(kind: ErrorKind, path: Option<Path>, offset: usize, len: usize) -> Self {
        let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        Self { kind, path, offset: short(offset), len: short(len) }
    }

    /// What deviates, with its facts.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The stable kebab-case name, such as `amount-zero`.
    pub const fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// How much it matters.
    pub const fn severity(&self) -> Severity {
        self.kind.severity()
    }

    /// The object it is about, present or missing; `None` where it is about the whole text.
    pub const fn path(&self) -> Option<Path> {
        self.path
    }

    /// The byte of the text that was given at which it begins: the value for what is wrong with
    /// a value, the tag for what is wrong with the object being there, and for a missing object
    /// the end of where it should be.
    pub const fn offset(&self) -> usize {
        self.offset as usize
    }

    /// The bytes of the text that it is about; empty for a missing object.
    pub const fn span(&self) -> Range<usize> {
        let start = self.offset as usize;
        start..start.saturating_add(self.len as usize)
    }

    /// The same as an error: without path and span.
    pub const fn error(&self) -> Error {
        Error::at(self.kind, self.offset)
    }
}

impl From<Error> for Finding {
    /// What the parser refuses is a finding too, so that one list can hold both.
    fn from(error: Error) -> Self {
        use ErrorKind as K;
        let (path, len) = match error.kind() {
            K::ChecksumMismatch { .. } | K::ChecksumDigits => (Some(Tag::CHECKSUM), 4),
            K::FormatNotFirst { .. } => (Some(Tag::FORMAT), 4),
            K::ChecksumNotLast { found } => (Some(found), 4),
            K::Duplicate { tag } => (Some(tag), 4),
            // How many bytes these are about is not known from the error alone: a point.
            K::ChecksumLength { .. } | K::ChecksumMissing => (Some(Tag::CHECKSUM), 0),
            K::Truncated { tag, .. } | K::SplitCharacter { tag } => (Some(tag), 0),
            _ => (None, 0),
        };
        Self::new(error.kind(), path.map(Path::from), error.offset(), len)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.severity(), self.code())?;
        if let Some(path) = self.path {
            write!(f, " object {path}")?;
        }
        write!(f, ": {} at byte {}", self.kind, self.offset)
    }
}

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

    /// What findings come to of which the worst is this severe; `None` where there are none.
    pub const fn of_worst(severity: Option<Severity>) -> Self {
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
    /// assert_eq!(Verdict::of("000201", Rules::Qris), Verdict::Malformed);
    /// ```
    pub fn of(text: &str, rules: Rules) -> Self {
        match Payload::parse_clean::<WARNING>(text) {
            Some(_) => Self::Valid,
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
/// [`Payload::findings`] in one, which for a payload without any is faster.
///
/// ```
/// use qris_codec::{Rules, findings};
///
/// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
///             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// assert_eq!(findings::of(text, Rules::Qris)?.count(), 0);
/// # Ok::<(), qris_codec::Error>(())
/// ```
///
/// # Errors
///
/// Those of [`Payload::parse`].
pub fn of(text: &str, rules: Rules) -> Result<Findings<'_>, Error> {
    if Payload::parse_clean::<INFO>(text).is_some() {
        return Ok(Findings(None));
    }
    Payload::parse(text).map(|payload| Findings::new(payload, rules))
}

impl<'a> Payload<'a> {
    /// Walks everything in which the payload deviates from `rules`, without allocating.
    pub fn findings(&self, rules: Rules) -> Findings<'a> {
        // Most payloads are clean, and that is quickly seen; where it is not, each is looked for.
        if self.is_clean::<INFO>() { Findings(None) } else { Findings::new(*self, rules) }
    }

    /// What the findings come to: never [`Verdict::Malformed`].
    pub fn verdict(&self, rules: Rules) -> Verdict {
        if self.is_clean::<WARNING>() {
            return Verdict::Valid;
        }
        Verdict::of_worst(self.worst::<WARNING>(rules))
    }

    /// The first finding of severity error, if there is one.
    pub(crate) fn first_error(&self, rules: Rules) -> Option<Finding> {
        let mut first = First(None);
        self.judge(rules, &mut first);
        first.0
    }

    /// Whether it is plain to see that nothing as severe as `LEAST` is to be found.
    pub(crate) fn is_clean<const LEAST: u8>(&self) -> bool {
        let body = self.as_str();
        let alone = LEAST == ERROR || body.len() == self.given().len();
        let clean = alone && is_clean::<LEAST>(body.as_bytes(), self.characters());
        debug_assert!(
            !clean || self.has_none::<LEAST>(),
            "the quick look has overlooked something"
        );
        clean
    }

    /// Whether judging finds nothing as severe as `LEAST`, by either set of rules.
    pub(crate) fn has_none<const LEAST: u8>(&self) -> bool {
        [Rules::Emv, Rules::Qris].iter().all(|&rules| self.worst::<LEAST>(rules).is_none())
    }

    /// How severe the findings are at worst, from `LEAST` up.
    fn worst<const LEAST: u8>(&self, rules: Rules) -> Option<Severity> {
        let mut gravest = Gravest::<LEAST>(None);
        self.judge(rules, &mut gravest);
        gravest.0
    }

    /// Reports everything at once: what [`Walk`] does step by step.
    fn judge(&self, rules: Rules, report: &mut impl Report) {
        let text = self.characters();
        let mut judge = Judge::new(rules, text, self.unit());
        surroundings(self, text, report);
        for object in self.objects() {
            if !judge.object(&object, report) {
                continue;
            }
            let Some(inside) = self.inside(&object) else {
                report.add(whole_value(not_tlv(object.tag()), &object));
                continue;
            };
            judge.enter();
            inside.for_each(|inner| judge.inside(&object, &inner, report));
            judge.leave(&object, report);
        }
        let mut part = Some(Whole::Missing);
        while let Some(now) = part {
            judge.whole(now, self.end().saturating_sub(CHECKSUM_LEN), report);
            part = now.next();
        }
    }
}

/// What [`Judge`] finds goes to one of these.
trait Report {
    /// What is less severe is of no interest, and the judge spares itself the looking.
    const LEAST: Severity;

    /// Takes a finding that is severe enough.
    fn take(&mut self, finding: Finding);

    /// Whether findings of this severity are of interest: asked before costly looks.
    fn wants(&self, severity: Severity) -> bool {
        severity >= Self::LEAST
    }

    /// Takes a finding if it is severe enough.
    fn add(&mut self, finding: Finding) {
        if self.wants(finding.severity()) {
            self.take(finding);
        }
    }
}

/// Everything is of interest.
pub(crate) const INFO: u8 = 0;

/// Warnings and errors are of interest.
pub(crate) const WARNING: u8 = 1;

/// Errors are of interest.
pub(crate) const ERROR: u8 = 2;

/// Keeps the gravest severity, from `LEAST` up.
struct Gravest<const LEAST: u8>(Option<Severity>);

impl<const LEAST: u8> Report for Gravest<LEAST> {
    const LEAST: Severity = match LEAST {
        INFO => Severity::Info,
        WARNING => Severity::Warning,
        _ => Severity::Error,
    };

    fn take(&mut self, finding: Finding) {
        self.0 = self.0.max(Some(finding.severity()));
    }
}

/// Keeps the first error.
struct First(Option<Finding>);

impl Report for First {
    const LEAST: Severity = Severity::Error;

    fn take(&mut self, finding: Finding) {
        self.0 = self.0.or(Some(finding));
    }
}

/// All findings of a payload, from [`Payload::findings`].
///
/// The order is that of the objects; what concerns several objects together comes last.
#[derive(Clone, Debug)]
pub struct Findings<'a>(Option<Found<'a>>);

/// What has been found, and where to go on; of a payload that is plainly clean there is none.
#[derive(Clone, Debug)]
struct Found<'a> {
    walk: Walk<'a>,
    room: Room,
    next: usize,
}

impl<'a> Findings<'a> {
    fn new(payload: Payload<'a>, rules: Rules) -> Self {
        Self(Some(Found { walk: Walk::new(payload, rules), room: Room::default(), next: 0 }))
    }
}

impl Iterator for Findings<'_> {
    type Item = Finding;

    fn next(&mut self) -> Option<Finding> {
        let Found { walk, room, next } = self.0.as_mut()?;
        loop {
            if let Some(&finding) = room.filled().get(*next) {
                *next = next.saturating_add(1);
                return Some(finding);
            }
            *next = 0;
            room.len = 0;
            if !walk.step(room) && room.len == 0 {
                return None;
            }
        }
    }
}

/// Room for the findings of one step.
#[derive(Clone, Debug)]
struct Room {
    findings: [Finding; Self::SIZE],
    len: usize,
}

impl Room {
    /// More than any one step reports: the most are the six of what may be missing.
    const SIZE: usize = 8;

    fn filled(&self) -> &[Finding] {
        self.findings.get(..self.len).unwrap_or_default()
    }
}

impl Report for Room {
    const LEAST: Severity = Severity::Info;

    fn take(&mut self, finding: Finding) {
        debug_assert!(self.len < Self::SIZE, "a step reported more than there is room for");
        if let Some(slot) = self.findings.get_mut(self.len) {
            *slot = finding;
            self.len = self.len.saturating_add(1);
        }
    }
}

impl Default for Room {
    fn default() -> Self {
        let nothing = Finding { kind: ErrorKind::Empty, path: None, offset: 0, len: 0 };
        Self { findings: [nothing; Self::SIZE], len: 0 }
    }
}

/// Takes the objects of a payload to the [`Judge`], one at a step.
#[derive(Clone, Debug)]
struct Walk<'a> {
    payload: Payload<'a>,
    judge: Judge<'a>,
    root: Reader<'a>,
    stage: Stage<'a>,
}

#[derive(Clone, Debug)]
enum Stage<'a> {
    Text,
    Root,
    Inside { template: Object<'a>, objects: Reader<'a> },
    Whole(Whole),
    Done,
}

/// What is judged when all objects have been seen.
#[derive(Clone, Copy, Debug)]
enum Whole {
    Missing,
    Amounts,
    Fees,
    National,
    Transfer,
}

impl Whole {
    const fn next(self) -> Option<Self> {
        match self {
            Self::Missing => Some(Self::Amounts),
            Self::Amounts => Some(Self::Fees),
            Self::Fees => Some(Self::National),
            Self::National => Some(Self::Transfer),
            Self::Transfer => None,
        }
    }
}

impl<'a> Walk<'a> {
    fn new(payload: Payload<'a>, rules: Rules) -> Self {
        let judge = Judge::new(rules, payload.characters(), payload.unit());
        Self { payload, judge, root: payload.reader(), stage: Stage::Text }
    }

    /// Judges one thing more; `false` when there is nothing left.
    #[inline]
    fn step(&mut self, report: &mut impl Report) -> bool {
        match &mut self.stage {
            Stage::Text => {
                surroundings(&self.payload, self.judge.text, report);
                self.stage = Stage::Root;
            }
            Stage::Root => match self.root.next_object() {
                Ok(Some(object)) => {
                    if self.judge.object(&object, report) {
                        if self.payload.inside(&object).is_some() {
                            self.judge.enter();
                            let objects = Reader::inside(&object, self.payload.unit());
                            self.stage = Stage::Inside { template: object, objects };
                        } else {
                            report.add(whole_value(not_tlv(object.tag()), &object));
                        }
                    }
                }
                // The root is known to be framed to its end.
                _ => self.stage = Stage::Whole(Whole::Missing),
            },
            Stage::Inside { template, objects } => match objects.next_object() {
                Ok(Some(object)) => self.judge.inside(template, &object, report),
                _ => {
                    self.judge.leave(template, report);
                    self.stage = Stage::Root;
                }
            },
            Stage::Whole(part) => {
                let end = self.root.offset().saturating_sub(CHECKSUM_LEN);
                self.judge.whole(*part, end, report);
                self.stage = part.next().map_or(Stage::Done, Stage::Whole);
            }
            Stage::Done => return false,
        }
        true
    }
}

/// Object 63 takes eight bytes at the end.
const CHECKSUM_LEN: usize = 8;

/// What the judge may rely on about all characters of the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// From the space to `{`, which is printable ASCII without the vertical bar and the two rare
    /// characters behind it: a byte is a character, and no value needs to be looked at again for
    /// its characters.
    Plain,
    /// Nothing.
    Any,
}

impl Text {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        // What is below the space comes out above the brace when the space is taken away.
        let above = |byte: u8| byte.wrapping_sub(b' ');
        // Sixteen bytes at a time, and the last of them once more instead of one by one.
        let Some(last) = bytes.last_chunk::<16>() else { return Self::Any };
        let most = bytes.chunks_exact(16).fold(last.map(above), |mut most, chunk| {
            most.iter_mut().zip(chunk).for_each(|(most, &byte)| *most = (*most).max(above(byte)));
            most
        });
        let odd = most.iter().any(|&most| most > above(b'{'));
        if odd { Self::Any } else { Self::Plain }
    }
}

fn surroundings(payload: &Payload<'_>, text: Text, report: &mut impl Report) {
    let body = payload.as_str();
    if body.len() <= limits::MAX_PAYLOAD_CHARS
        && body.len() == payload.given().len()
        && text == Text::Plain
    {
        return;
    }
    let (before, after) = payload.around();
    for (around, at) in [(before, 0), (after, payload.end())] {
        if let Some(within) = around.find('\u{feff}') {
            let at = at.saturating_add(within);
            report.add(Finding::new(ErrorKind::ByteOrderMark, None, at, '\u{feff}'.len_utf8()));
        }
        if around.contains(char::is_whitespace) {
            report.add(Finding::new(ErrorKind::SurroundingSpace, None, at, around.len()));
        }
    }
    let start = before.len();
    let ascii = body.is_ascii();
    if !ascii && payload.unit() == Unit::Bytes {
        report.add(Finding::new(ErrorKind::LengthInBytes, None, start, body.len()));
    }
    if body.len() > limits::MAX_PAYLOAD_CHARS {
        let found = if ascii { body.len() } else { body.chars().count() };
        if found > limits::MAX_PAYLOAD_CHARS {
            let found = u16::try_from(found).unwrap_or(u16::MAX);
            report.add(Finding::new(ErrorKind::PayloadLong { found }, None, start, body.len()));
        }
    }
}

const fn not_tlv(tag: Tag) -> ErrorKind {
    match tag.number() {
        26..=51 => ErrorKind::AccountNotTlv,
        _ => ErrorKind::TemplateNotTlv,
    }
}

/// Reports what is wrong with the value of a root object.
fn wrong_if(wrong: bool, kind: ErrorKind, object: &Object<'_>, report: &mut impl Report) {
    if wrong {
        report.add(whole_value(kind, object));
    }
}

/// A finding about the value of a root object.
fn whole_value(kind: ErrorKind, object: &Object<'_>) -> Finding {
    in_value(kind, object.tag().into(), object)
}

fn in_value(kind: ErrorKind, path: Path, object: &Object<'_>) -> Finding {
    Finding::new(kind, Some(path), object.value_offset(), object.value().len())
}

/// A finding about an object being there.
fn header(kind: ErrorKind, path: Path, object: &Object<'_>) -> Finding {
    Finding::new(kind, Some(path), object.offset(), 4)
}

/// Knows the rules, and remembers of the objects shown to it what later rules ask for.
///
/// It is shown the objects by [`Walk`].
#[derive(Clone, Debug)]
struct Judge<'a> {
    rules: Rules,
    text: Text,
    unit: Unit,
    /// The tags met at the root.
    met: Tags,
    highest: u8,
    initiation: Option<Object<'a>>,
    category: Option<Object<'a>>,
    currency: Option<Object<'a>>,
    country: &'a str,
    tip: &'a str,
    purpose: Option<Object<'a>>,
    amount: Option<Object<'a>>,
    fee_fixed: Option<Object<'a>>,
    fee_percent: Option<Object<'a>>,
    postal_code: Option<Object<'a>>,
    /// The tags met in the template that is open.
    met_inside: Tags,
    /// Of object 40: its own place, its 01, and whether it has a 03.
    transfer: Option<Object<'a>>,
    transfer_pan: Option<Object<'a>>,
    transfer_criteria: bool,
}

impl<'a> Judge<'a> {
    const fn new(rules: Rules, text: Text, unit: Unit) -> Self {
        Self {
            rules,
            text,
            unit,
            met: Tags::NONE,
            highest: 0,
            initiation: None,
            category: None,
            currency: None,
            country: "",
            tip: "",
            purpose: None,
            amount: None,
            fee_fixed: None,
            fee_percent: None,
            postal_code: None,
            met_inside: Tags::NONE,
            transfer: None,
            transfer_pan: None,
            transfer_criteria: false,
        }
    }

    const fn has(&self, tag: Tag) -> bool {
        self.met.contains(tag)
    }

    fn national(&self) -> bool {
        self.rules == Rules::Qris
    }

    /// Judges an object of the root, but for what is inside a template, and says whether it is one.
    fn object(&mut self, object: &Object<'a>, report: &mut impl Report) -> bool {
        use ErrorKind as K;
        let (tag, value) = (object.tag(), object.value());
        let number = tag.number();
        self.met.insert(tag);
        if value.is_empty() {
            report.add(header(K::ObjectEmpty, tag.into(), object));
        }
        if report.wants(Severity::Info) && tag != Tag::CHECKSUM {
            if number < self.highest {
                report.add(header(K::OrderNotAscending, tag.into(), object));
            }
            self.highest = self.highest.max(number);
        }
        match number {
            0 => wrong_if(value != limits::PAYLOAD_FORMAT, K::FormatUnknown, object, report),
            1 => {
                self.initiation = Some(*object);
                wrong_if(value != "11" && value != "12", K::InitiationUnknown, object, report);
            }
            2..=25 => self.ans(tag.into(), object, report),
            40 => {
                self.transfer = Some(*object);
                return true;
            }
            52 => {
                self.category = Some(*object);
                wrong_if(
                    !has_digits::<{ limits::CATEGORY_CODE_DIGITS }>(value),
                    K::CategoryCodeShape,
                    object,
                    report,
                );
            }
            53 => {
                self.currency = Some(*object);
                wrong_if(
                    !has_digits::<{ limits::CURRENCY_DIGITS }>(value),
                    K::CurrencyShape,
                    object,
                    report,
                );
            }
            54 => self.amount = Some(*object),
            55 => {
                self.tip = value;
                wrong_if(!matches!(value, "01" | "02" | "03"), K::TipUnknown, object, report);
            }
            56 => self.fee_fixed = Some(*object),
            57 => self.fee_percent = Some(*object),
            58 => {
                self.country = value;
                let two_letters = matches!(value.as_bytes(), [b'A'..=b'Z', b'A'..=b'Z']);
                wrong_if(!two_letters, K::CountryShape, object, report);
                self.bar(tag.into(), object, report);
            }
            59 | 60 => {
                let (most, long): (u8, fn(u8) -> K) = if number == 59 {
                    (25, |found| K::MerchantNameLong { found })
                } else {
                    (15, |found| K::MerchantCityLong { found })
                };
                self.longer(most, long, tag.into(), object, report);
                self.ans(tag.into(), object, report);
                self.bar(tag.into(), object, report);
                wrong_if(
                    value.starts_with(' ') || value.ends_with(' '),
                    K::TextPadded,
                    object,
                    report,
                );
            }
            61 => {
                self.postal_code = Some(*object);
                self.longer(10, |found| K::PostalCodeLong { found }, tag.into(), object, report);
                self.ans(tag.into(), object, report);
                self.bar(tag.into(), object, report);
            }
            63 => {
                let lower = value.bytes().any(|byte| byte.is_ascii_lowercase());
                wrong_if(lower, K::ChecksumLowerCase, object, report);
            }
            65..=79 => report.add(header(K::Reserved, tag.into(), object)),
            _ => return is_template(tag),
        }
        false
    }

    /// Begins a template.
    const fn enter(&mut self) {
        self.met_inside = Tags::NONE;
    }

    /// Judges an object inside a template of the root.
    fn inside(&mut self, template: &Object<'a>, object: &Object<'a>, report: &mut impl Report) {
        use ErrorKind as K;
        let tag = object.tag();
        let path = Path::sub(template.tag(), tag);
        if !self.met_inside.insert(tag) {
            report.add(header(K::Duplicate { tag }, path, object));
        }
        if object.value().is_empty() {
            report.add(header(K::ObjectEmpty, path, object));
        }
        match (template.tag().number(), tag.number()) {
            (26..=51 | 80..=99, 0) => self.guid(path, object, report),
            (26..=45, _) if self.national() => self.acquirer(path, object, report),
            (51, _) if self.national() => self.repository(path, object, report),
            (62, _) => self.additional(path, object, report),
            (64, 0) => self.ans(path, object, report),
            (64, 1) => {
                self.longer(25, |found| K::MerchantNameLong { found }, path, object, report);
            }
            (64, 2) => {
                self.longer(15, |found| K::MerchantCityLong { found }, path, object, report);
            }
            _ => {}
        }
    }

    /// Ends a template.
    fn leave(&mut self, template: &Object<'a>, report: &mut impl Report) {
        use ErrorKind as K;
        let root = template.tag();
        let end = template.value_offset().saturating_add(template.value().len());
        let met = self.met_inside;
        // But for the language's parts, what is missing is worth a warning.
        let all = report.wants(Severity::Warning);
        let national = all && self.national();
        let mut demand = |number: u8, kind: K| {
            let tag = Tag::clamped(number);
            if !met.contains(tag) {
                report.add(Finding::new(kind, Some(Path::sub(root, tag)), end, 0));
            }
        };
        match root.number() {
            26..=51 | 80..=99 if all => demand(0, K::GuidMissing),
            64 => {
                demand(0, K::LanguageCodeMissing);
                demand(1, K::LanguageNameMissing);
            }
            _ => {}
        }
        match root.number() {
            26..=45 if national => {
                demand(1, K::MpanMissing);
                // Whether 40 is a transfer, which has no criteria, is known only at the end.
                if root == Tag::TRANSFER_ACCOUNT {
                    self.transfer_criteria = met.contains(Tag::clamped(3));
                } else {
                    demand(3, K::CriteriaMissing);
                }
            }
            51 if national => demand(2, K::NmidMissing),
            _ => {}
        }
    }

    fn guid(&self, path: Path, object: &Object<'a>, report: &mut impl Report) {
        use ErrorKind as K;
        self.longer(32, |found| K::GuidLong { found }, path, object, report);
        self.ans(path, object, report);
        if !self.national() || !report.wants(Severity::Info) {
            return;
        }
        let known = match path.root().number() {
            51 if !object.value().eq_ignore_ascii_case(limits::NATIONAL_GUID) => {
                return report.add(in_value(K::NationalGuidOther, path, object));
            }
            #[cfg(feature = "tables")]
            26..=45 => tables::is_known_guid(object.value()),
            _ => true,
        };
        if !known {
            report.add(in_value(K::GuidUnknown, path, object));
        }
    }

    /// 26 to 45: QRIS table 4.3.
    fn acquirer(&mut self, path: Path, object: &Object<'a>, report: &mut impl Report) {
        use ErrorKind as K;
        match last(path) {
            1 => self.mpan(path, object, report),
            2 => {
                self.longer(15, |found| K::MerchantIdLong { found }, path, object, report);
                self.ans(path, object, report);
                self.bar(path, object, report);
            }
            3 => {
                self.bar(path, object, report);
                criteria(path, object, report);
            }
            _ => {}
        }
    }

    fn mpan(&mut self, path: Path, object: &Object<'a>, report: &mut impl Report) {
        use ErrorKind as K;
        let value = object.value();
        let found = u8::try_from(value.len()).unwrap_or(u8::MAX);
        if !all_digits(value.as_bytes()) {
            return report.add(in_value(K::MpanNotDigits, path, object));
        }
        if found > 19 {
            return report.add(in_value(K::MpanTooLong { found }, path, object));
        }
        if path.root() == Tag::TRANSFER_ACCOUNT {
            self.transfer_pan = Some(*object);
        } else if !matches!(found, 18 | 19) {
            report.add(in_value(K::MpanLength { found }, path, object));
        }
        if !value.starts_with(limits::NATIONAL_PAN_PREFIX) {
            report.add(in_value(K::MpanPrefix, path, object));
        }
        if !report.wants(Severity::Info) {
            return;
        }
        if value.starts_with(limits::NATIONAL_PAN_PREFIX)
            && cfg!(feature = "tables")
            && !is_known_institution(value)
        {
            report.add(in_value(K::InstitutionUnknown, path, object));
        }
        if found == 19 && !luhn(value.as_bytes()) {
            report.add(in_value(K::MpanCheckDigit, path, object));
        }
    }

    /// 51: QRIS table 4.5.
    fn repository(&self, path: Path, object: &Object<'a>, report: &mut impl Report) {
        use ErrorKind as K;
        match last(path) {
            2 => {
                match object
                    .value()
                    .strip_prefix(limits::NMID_PREFIX)
                    .filter(|digits| has_digits::<{ limits::NMID_DIGITS }>(digits))
                {
                    None => report.add(in_value(K::NmidShape, path, object)),
                    Some(digits) => {
                        if report.wants(Severity::Info) && !luhn(digits.as_bytes()) {
                            report.add(in_value(K::NmidCheckDigit, path, object));
                        }
                    }
                }
            }
            3 => criteria(path, object, report),
            _ => {}
        }
    }

    /// 62: EMVCo MPM 4.8.
    fn additional(&mut self, path: Path, object: &Object<'a>, report: &mut impl Report) {
        use ErrorKind as K;
        let long = |expected: u8| move |found: u8| K::AdditionalLong { expected, found };
        match last(path) {
            0 => report.add(header(K::AdditionalUndefined, path, object)),
            number @ 1..=8 => {
                if number == 8 {
                    self.purpose = Some(*object);
                }
                self.longer(25, long(25), path, object, report);
                self.ans(path, object, report);
            }
            9 => {
                let value = object.value();
                let once = |letter: char| value.matches(letter).count() <= 1;
                let letters = value.bytes().all(|byte| matches!(byte, b'A' | b'M' | b'E'));
                if !(letters && once('A') && once('M') && once('E')) {
                    report.add(in_value(K::ConsumerDataRequest, path, object));
                }
            }
            10 => {
                self.longer(20, long(20), path, object, report);
                self.ans(path, object, report);
            }
            11 => {
                let found = self.chars(object);
                if found != 3 {
                    report.add(in_value(K::MerchantChannel { found }, path, object));
                }
                self.ans(path, object, report);
            }
            12..=49 => report.add(header(K::Reserved, path, object)),
            50..=99 => {
                let mut objects = Reader::inside(object, self.unit);
                let mut guid = false;
                loop {
                    match objects.next_object() {
                        Ok(Some(inner)) => guid |= inner.tag() == Tag::clamped(0),
                        Ok(None) if guid || object.value().is_empty() => break,
                        Ok(None) => {
                            break report.add(in_value(K::AdditionalGuidMissing, path, object));
                        }
                        Err(_) => break report.add(in_value(K::AdditionalNotTlv, path, object)),
                    }
                }
            }
            _ => {}
        }
    }

    /// Judges what several objects say together; `end` is where object 63 stands.
    fn whole(&self, part: Whole, end: usize, report: &mut impl Report) {
        match part {
            Whole::Missing => self.missing(end, report),
            Whole::Amounts => self.amounts(end, report),
            Whole::Fees => self.fees(end, report),
            Whole::National if self.national() => self.nation(end, report),
            Whole::Transfer if self.national() => self.transfer(end, report),
            Whole::National | Whole::Transfer => {}
        }
    }

    fn missing(&self, end: usize, report: &mut impl Report) {
        use ErrorKind as K;
        if !self.met.meets(ACCOUNTS) {
            report.add(Finding::new(K::AccountMissing, None, end, 0));
        }
        if self.met.holds(MANDATORY) {
            return;
        }
        for (tag, kind) in [
            (Tag::CATEGORY_CODE, K::CategoryCodeMissing),
            (Tag::CURRENCY, K::CurrencyMissing),
            (Tag::COUNTRY, K::CountryMissing),
            (Tag::MERCHANT_NAME, K::MerchantNameMissing),
            (Tag::MERCHANT_CITY, K::MerchantCityMissing),
        ] {
            if !self.has(tag) {
                report.add(missing(kind, tag, end));
            }
        }
    }

    fn amounts(&self, end: usize, report: &mut impl Report) {
        use ErrorKind as K;
        let digits = self.amount.as_ref().and_then(|amount| self.money(amount, report));
        if !self.national() {
            return;
        }
        match (text(&self.initiation), &self.amount) {
            ("11", Some(amount)) => {
                report.add(header(K::StaticWithAmount, Tag::AMOUNT.into(), amount));
            }
            ("12", None) => report.add(missing(K::DynamicWithoutAmount, Tag::AMOUNT, end)),
            _ => {}
        }
        if let (Some(amount), Some((value, decimals))) = (&self.amount, digits) {
            let ceiling =
                10_u64.saturating_pow(decimals).saturating_mul(limits::MAX_TRANSACTION_RUPIAH);
            if value > ceiling {
                report.add(whole_value(K::AmountOverCeiling, amount));
            }
        }
    }

    fn fees(&self, end: usize, report: &mut impl Report) {
        use ErrorKind as K;
        match &self.fee_fixed {
            Some(fee) => {
                self.money(fee, report);
                if self.tip != "02" {
                    report.add(header(K::FeeFixedUnexpected, Tag::FEE_FIXED.into(), fee));
                }
            }
            None if self.tip == "02" => {
                report.add(missing(K::FeeFixedMissing, Tag::FEE_FIXED, end))
            }
            None => {}
        }
        match &self.fee_percent {
            Some(fee) => {
                if !is_percentage(fee.value()) {
                    report.add(whole_value(K::FeePercentRange, fee));
                } else if !matches!(fee.value().as_bytes(), [_, _, b'.', _, _]) {
                    report.add(whole_value(K::FeePercentShape, fee));
                }
                if self.tip != "03" {
                    report.add(header(K::FeePercentUnexpected, Tag::FEE_PERCENT.into(), fee));
                }
            }
            None if self.tip == "03" => {
                report.add(missing(K::FeePercentMissing, Tag::FEE_PERCENT, end));
            }
            None => {}
        }
    }

    /// Judges 54 or 56; its digits and how many of them are decimals, where it is an amount.
    fn money(&self, object: &Object<'a>, report: &mut impl Report) -> Option<(u64, u32)> {
        use ErrorKind as K;
        let value = object.value();
        let found = self.chars(object);
        wrong_if(found > 13, K::AmountTooLong { found }, object, report);
        let Some((digits, decimals)) = decimal(value) else {
            report.add(whole_value(K::AmountSyntax, object));
            return None;
        };
        wrong_if(digits == 0, K::AmountZero, object, report);
        if decimals != 0 && report.wants(Severity::Warning) {
            let expected = exponent(text(&self.currency));
            let kind = K::AmountDecimals { expected, found: decimals };
            wrong_if(decimals != expected, kind, object, report);
        }
        let zero = matches!(value.as_bytes(), [b'0', b'0'..=b'9', ..]);
        wrong_if(zero, K::AmountLeadingZero, object, report);
        (found <= 13).then_some((digits, u32::from(decimals)))
    }

    /// The national rules about several objects.
    fn nation(&self, end: usize, report: &mut impl Report) {
        use ErrorKind as K;
        if self.initiation.is_none() {
            report.add(missing(K::InitiationMissing, Tag::INITIATION, end));
        }
        if text(&self.initiation) == "11" && !self.has(Tag::NATIONAL_ACCOUNT) {
            report.add(missing(K::NationalAccountMissing, Tag::NATIONAL_ACCOUNT, end));
        }
        if self.country != limits::INDONESIA {
            return;
        }
        if let Some(currency) = self.currency.filter(|currency| currency.value() != limits::RUPIAH)
        {
            report.add(whole_value(K::CurrencyNotRupiah, &currency));
        }
        match &self.postal_code {
            None => report.add(missing(K::PostalCodeMissing, Tag::POSTAL_CODE, end)),
            Some(code) if !has_digits::<{ limits::POSTAL_CODE_DIGITS }>(code.value()) => {
                report.add(whole_value(K::PostalCodeShape, code));
            }
            Some(_) => {}
        }
    }

    /// QRIS transfers, cash-in and cash-out (rule book 2.5).
    ///
    /// 40 is an acquirer's template like its neighbours unless the purpose or the merchant
    /// category says that the payload is a transfer.
    fn transfer(&self, end: usize, report: &mut impl Report) {
        use ErrorKind as K;
        let Some(account) = &self.transfer else {
            return;
        };
        let known = Purpose::of(text(&self.purpose)).is_some();
        let is_transfer = known || text(&self.category) == limits::TRANSFER_CATEGORY;
        let length = self.transfer_pan.map(|pan| (pan, self.chars(&pan)));
        if let Some((pan, found)) = length {
            let least = if is_transfer { 16 } else { 18 };
            if !(least..=19).contains(&found) {
                let path = Path::sub(Tag::TRANSFER_ACCOUNT, pan.tag());
                report.add(in_value(K::MpanLength { found }, path, &pan));
            }
        }
        if !is_transfer {
            if !self.transfer_criteria {
                let at = account.value_offset().saturating_add(account.value().len());
                let path = Path::sub(Tag::TRANSFER_ACCOUNT, Tag::clamped(3));
                report.add(Finding::new(K::CriteriaMissing, Some(path), at, 0));
            }
            return;
        }
        for (object, tag, expected, kind) in [
            (&self.initiation, Tag::INITIATION, "12", K::TransferNotDynamic),
            (&self.category, Tag::CATEGORY_CODE, limits::TRANSFER_CATEGORY, K::TransferCategory),
        ] {
            match object {
                Some(object) if object.value() == expected => {}
                Some(object) => report.add(whole_value(kind, object)),
                None => report.add(missing(kind, tag, end)),
            }
        }
        if !known {
            let path = Path::sub(Tag::ADDITIONAL_DATA, Tag::clamped(8));
            report.add(match &self.purpose {
                Some(purpose) => in_value(K::TransferPurpose, path, purpose),
                None => Finding::new(K::TransferPurpose, Some(path), end, 0),
            });
        }
    }

    fn chars(&self, object: &Object<'_>) -> u8 {
        let value = object.value();
        let chars = if self.text == Text::Any { value.chars().count() } else { value.len() };
        u8::try_from(chars).unwrap_or(u8::MAX)
    }

    fn longer(
        &self,
        most: u8,
        kind: impl FnOnce(u8) -> ErrorKind,
        path: Path,
        object: &Object<'_>,
        report: &mut impl Report,
    ) {
        // No value has fewer bytes than characters.
        if report.wants(Severity::Warning) && object.value().len() > usize::from(most) {
            let found = self.chars(object);
            if found > most {
                report.add(in_value(kind(found), path, object));
            }
        }
    }

    /// Reports the first character that is not printable ASCII.
    fn ans(&self, path: Path, object: &Object<'_>, report: &mut impl Report) {
        let printable = |c: char| matches!(c, ' '..='~');
        self.characters(|c| !printable(c), ErrorKind::TextNotAns, path, object, report);
    }

    /// Reports the first vertical bar, which the national rules exclude.
    fn bar(&self, path: Path, object: &Object<'_>, report: &mut impl Report) {
        if self.national() {
            self.characters(|c| c == '|', ErrorKind::ReservedCharacter, path, object, report);
        }
    }

    fn characters(
        &self,
        wrong: impl Fn(char) -> bool,
        kind: ErrorKind,
        path: Path,
        object: &Object<'_>,
        report: &mut impl Report,
    ) {
        if self.text == Text::Plain || !report.wants(kind.severity()) {
            return;
        }
        if let Some((at, c)) = object.value().char_indices().find(|&(_, c)| wrong(c)) {
            let at = object.value_offset().saturating_add(at);
            report.add(Finding::new(kind, Some(path), at, c.len_utf8()));
        }
    }
}

/// What a QRIS transfer is for (62.08, rule book 2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// `BOOK`: a transfer within one institution.
    OnUs,
    /// `DMCT`: a domestic transfer.
    Domestic,
    /// `XBCT`: a transfer across the border.
    CrossBorder,
    /// `CWDL`: cash out.
    CashOut,
    /// `CDPT`: cash in.
    CashIn,
    /// `POSP`: a purchase.
    PointOfSale,
    /// `BILL`: a bill.
    Bill,
}

impl Purpose {
    /// The purpose that 62.08 of a transfer names, if it is one of those that are known.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "BOOK" => Self::OnUs,
            "DMCT" => Self::Domestic,
            "XBCT" => Self::CrossBorder,
            "CWDL" => Self::CashOut,
            "CDPT" => Self::CashIn,
            "POSP" => Self::PointOfSale,
            "BILL" => Self::Bill,
            _ => return None,
        })
    }
}

/// 02 to 51.
const ACCOUNTS: Tags = Tags::below(52).without(Tags::below(2));

/// 52, 53, 58, 59 and 60.
const MANDATORY: Tags = Tags::NONE
    .with(Tag::CATEGORY_CODE)
    .with(Tag::CURRENCY)
    .with(Tag::COUNTRY)
    .with(Tag::MERCHANT_NAME)
    .with(Tag::MERCHANT_CITY);

fn text<'a>(object: &Option<Object<'a>>) -> &'a str {
    object.as_ref().map_or("", |object| object.value())
}

fn last(path: Path) -> u8 {
    path.last().number()
}

/// A finding about a root object that is not there, or not as the others ask for.
fn missing(kind: ErrorKind, tag: Tag, end: usize) -> Finding {
    Finding::new(kind, Some(tag.into()), end, 0)
}

fn criteria(path: Path, object: &Object<'_>, report: &mut impl Report) {
    if !object.value().as_bytes().try_into().is_ok_and(is_criteria) {
        report.add(in_value(ErrorKind::CriteriaUnknown, path, object));
    }
}

/// Whether this is a word for the merchant's size.
pub(crate) fn is_criteria(word: &[u8; 3]) -> bool {
    matches!(word, b"UMI" | b"UKE" | b"UME" | b"UBE" | b"URE" | b"PSO" | b"BLU")
}

fn is_known_institution(pan: &str) -> bool {
    #[cfg(feature = "tables")]
    return tables::has_institution(pan.as_bytes());
    #[cfg(not(feature = "tables"))]
    return !pan.is_empty();
}

/// Whether a value is so many digits.
fn has_digits<const COUNT: usize>(value: &str) -> bool {
    value.len() == COUNT && all_digits(value.as_bytes())
}

/// Whether there is nothing but digits.
#[inline]
pub(crate) fn all_digits(bytes: &[u8]) -> bool {
    // Eight or four bytes at a time, and the last of them once more instead of one by one.
    if let Some(last) = bytes.last_chunk() {
        let wrong = bytes.chunks_exact(8).fold(not_digits(*last), |wrong, chunk| {
            wrong | <[u8; 8]>::try_from(chunk).map_or(u64::MAX, not_digits)
        });
        return wrong == 0;
    }
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(&[a, b, c, d]), Some(&[e, f, g, h])) => not_digits([a, b, c, d, e, f, g, h]) == 0,
        _ => bytes.iter().all(u8::is_ascii_digit),
    }
}

/// Has bits where eight bytes are not all digits: what is left of one above its `0` is above 9,
/// or 6 more than it carries into the upper half.
fn not_digits(bytes: [u8; 8]) -> u64 {
    let digits = u64::from_ne_bytes(bytes) ^ u64::from_ne_bytes([b'0'; 8]);
    (digits | digits.wrapping_add(u64::from_ne_bytes([6; 8]))) & u64::from_ne_bytes([0xF0; 8])
}

/// The check that the last digit of card numbers passes (ISO/IEC 7812-1, annex B).
pub(crate) fn luhn(digits: &[u8]) -> bool {
    luhn_sum(digits).checked_rem(10) == Some(0)
}

/// The sum of which the check digit makes a multiple of ten.
pub(crate) fn luhn_sum(digits: &[u8]) -> u32 {
    // Eight digits at a time, from the right: every other one counts double, its digits added up.
    digits.rchunks(8).fold(0, |sum, chunk| {
        let digits = match chunk.try_into() {
            Ok(bytes) => u64::from_be_bytes(bytes),
            Err(_) => chunk.iter().fold(0, |digits, &digit| (digits << 8) | u64::from(digit)),
        };
        let single = digits & EACH.wrapping_mul(0x0F);
        let double = ((digits >> 8) & EACH.wrapping_mul(0x0F)) << 1;
        let tens = (double.wrapping_add(EACH.wrapping_mul(6)) >> 4) & EACH;
        let each = single.wrapping_add(double).wrapping_sub(tens.wrapping_mul(9));
        // At most 18 in each of four, so that the highest holds the sum of all.
        sum.wrapping_add((each.wrapping_mul(EACH) >> 48) as u32)
    })
}

/// One in each of four.
const EACH: u64 = 0x0001_0001_0001_0001;

/// The digits of `^\d+(\.\d*)?$` as a number, and how many of them stand behind the point.
///
/// Of more digits than a number holds it tells only whether they are all zero.
fn decimal(value: &str) -> Option<(u64, u8)> {
    let mut number = 0_u64;
    let mut point = None;
    for (at, byte) in value.bytes().enumerate() {
        match byte.wrapping_sub(b'0') {
            digit @ 0..=9 => number = number.wrapping_mul(10).wrapping_add(u64::from(digit)),
            _ if byte == b'.' && at > 0 && point.is_none() => point = Some(at.wrapping_add(1)),
            _ => return None,
        }
    }
    if value.len() > 19 {
        number = u64::from(value.bytes().any(|byte| matches!(byte, b'1'..=b'9')));
    }
    let decimals = value.len().saturating_sub(point.unwrap_or(value.len()));
    (!value.is_empty()).then_some((number, u8::try_from(decimals).unwrap_or(u8::MAX)))
}

/// Whether 57 is a number from 00.01 to 99.99 of at most five characters.
fn is_percentage(value: &str) -> bool {
    if value.len() > 5 {
        return false;
    }
    decimal(value).is_some_and(|(digits, decimals)| {
        // In ten-thousandths: five characters hold at most four decimals.
        let more = 4_u32.saturating_sub(u32::from(decimals));
        let scaled = digits.saturating_mul(10_u64.saturating_pow(more));
        (100..=999_900).contains(&scaled)
    })
}

/// How many decimals a currency has (ISO 4217): two but for these.
fn exponent(currency: &str) -> u8 {
    match currency {
        // IDR, so that it need not be compared with all the others.
        "360" => 2,
        // XOF, XAF, XPF, CLP, JPY, KRW, PYG, VND, ISK, UGX, RWF, DJF, GNF, KMF, VUV, BIF
        "952" | "950" | "953" | "152" | "392" | "410" | "600" | "704" | "352" | "800" | "646"
        | "262" | "324" | "174" | "548" | "108" => 0,
        // BHD, IQD, JOD, KWD, LYD, OMR, TND
        "048" | "368" | "400" | "414" | "434" | "512" | "788" => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_luhn_sum_is_what_it_is_digit_by_digit() {
        let digits: std::vec::Vec<u8> = (0..30_u8).map(|n| b'0' + n * 7 % 10).collect();
        for len in 0..digits.len() {
            for start in 0..digits.len() - len {
                let digits = &digits[start..start + len];
                let plain: u32 = digits.iter().rev().zip([1, 2].into_iter().cycle()).fold(
                    0,
                    |sum, (digit, times)| {
                        let counted = u32::from(digit - b'0') * times;
                        sum + counted / 10 + counted % 10
                    },
                );
                assert_eq!(luhn_sum(digits), plain, "{digits:?}");
            }
        }
    }

    #[test]
    fn text_is_plain_from_the_space_to_the_brace_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            for at in 0..20 {
                let mut bytes = [b'A'; 20];
                bytes[at] = byte;
                let plain = matches!(byte, b' '..=b'{');
                assert_eq!(Text::of(&bytes) == Text::Plain, plain, "{byte} at {at}");
            }
        }
    }
}

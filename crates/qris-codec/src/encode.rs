//! Writing: payloads from values, and payloads from other payloads.
//!
//! [`Builder`] makes a new payload, [`Amendment`] changes objects of one that is there, and
//! [`Payload::anonymize_into`] makes a copy that can be shown to others. All write to a buffer of
//! the caller's and hand out nothing in which [`findings`](crate::findings) would find an error,
//! or a warning that was not there before.

mod quick;

use crate::amount::Amount;
use crate::crc::{checksum, hex_digits};
use crate::error::{Error, ErrorKind, Rules, Severity};
use crate::findings::Verdict;
use crate::mpm::{Entry, Initiation, Language, Objects, Payload, Tip, is_template};
use crate::rules::limits;
use crate::tag::{Path, Tag, Tags};
use crate::tlv::{HEADER, Object, Unit};

/// An account to be written: an object of 02 to 51.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewAccount<'a> {
    /// Where it is to stand: 26 for the acquirer, 51 for the national repository.
    pub tag: Tag,
    /// 00, the globally unique identifier. Not for 02 to 25.
    pub guid: Option<&'a str>,
    /// 01, the merchant PAN; for 02 to 25 the account number.
    pub pan: Option<&'a str>,
    /// 02, the acquirer's merchant ID; in 51 the NMID.
    pub merchant_id: Option<&'a str>,
    /// 03, the merchant's size.
    pub criteria: Option<&'a str>,
}

/// The additional data to be written: template 62.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewAdditional<'a> {
    /// 62.01 to 62.08, in that order.
    pub entries: [Option<Entry<'a>>; 8],
    /// 62.09, 62.10 and 62.11: consumer data request, merchant tax ID, merchant channel.
    pub data: [Option<&'a str>; 3],
}

/// A payload to be made from values.
///
/// Indonesia's rupiah and Indonesia are taken for granted until [`currency`](Self::currency) and
/// [`country_code`](Self::country_code) say otherwise, and with them the national rules.
///
/// ```
/// use qris_codec::encode::{Builder, NewAccount};
/// use qris_codec::{Amount, Initiation, Qris, Tag};
///
/// let accounts = [
///     NewAccount {
///         tag: Tag::FIRST_ACCOUNT,
///         guid: Some("COM.GO-JEK.WWW"),
///         pan: Some("936009143664001757"),
///         merchant_id: Some("M664001757"),
///         criteria: Some("UMI"),
///     },
///     NewAccount {
///         tag: Tag::NATIONAL_ACCOUNT,
///         guid: Some("ID.CO.QRIS.WWW"),
///         pan: None,
///         merchant_id: Some("ID1020038431489"),
///         criteria: Some("UMI"),
///     },
/// ];
/// let builder = Builder::new("TOKO CONTOH", "JAKARTA", "5812")
///     .postal_code("10110")
///     .accounts(&accounts)
///     .initiation(Initiation::Dynamic)
///     .amount(Amount::rupiah(25_000));
/// let mut buffer = [0; 512];
/// let text = builder.encode_into(&mut buffer)?;
/// assert_eq!(text.len(), builder.encoded_len());
/// assert_eq!(Qris::parse(text)?.amount(), Some(Amount::rupiah(25_000)));
/// # Ok::<(), qris_codec::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Builder<'a> {
    rules: Rules,
    initiation: Option<Initiation>,
    accounts: &'a [NewAccount<'a>],
    category_code: &'a str,
    currency: &'a str,
    amount: Option<Amount>,
    tip: Option<Tip>,
    country_code: &'a str,
    merchant_name: &'a str,
    merchant_city: &'a str,
    postal_code: Option<&'a str>,
    additional: NewAdditional<'a>,
    language: Option<Language<'a>>,
    templates: &'a [(Path, &'a str)],
}

impl<'a> Builder<'a> {
    /// A payload for this merchant: name, city, and the category code of four digits.
    pub const fn new(
        merchant_name: &'a str,
        merchant_city: &'a str,
        category_code: &'a str,
    ) -> Self {
        Self {
            rules: Rules::Qris,
            initiation: None,
            accounts: &[],
            category_code,
            currency: "360",
            amount: None,
            tip: None,
            country_code: "ID",
            merchant_name,
            merchant_city,
            postal_code: None,
            additional: NewAdditional { entries: [None; 8], data: [None; 3] },
            language: None,
            templates: &[],
        }
    }

    /// Whose rules the payload must keep: [`Rules::Qris`] unless asked.
    #[must_use]
    pub const fn rules(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }

    /// 01, static or dynamic.
    #[must_use]
    pub const fn initiation(self, initiation: Initiation) -> Self {
        Self { initiation: Some(initiation), ..self }
    }

    /// 02 to 51, best in ascending order of their tags: they are written in the order given.
    #[must_use]
    pub const fn accounts(self, accounts: &'a [NewAccount<'a>]) -> Self {
        Self { accounts, ..self }
    }

    /// 53, as three digits.
    #[must_use]
    pub const fn currency(self, currency: &'a str) -> Self {
        Self { currency, ..self }
    }

    /// 54.
    #[must_use]
    pub const fn amount(self, amount: Amount) -> Self {
        Self { amount: Some(amount), ..self }
    }

    /// 55 to 57.
    #[must_use]
    pub const fn tip(self, tip: Tip) -> Self {
        Self { tip: Some(tip), ..self }
    }

    /// 58, as two upper-case letters.
    #[must_use]
    pub const fn country_code(self, country_code: &'a str) -> Self {
        Self { country_code, ..self }
    }

    /// 61, five digits in Indonesia, where it is mandatory.
    #[must_use]
    pub const fn postal_code(self, postal_code: &'a str) -> Self {
        Self { postal_code: Some(postal_code), ..self }
    }

    /// 62.
    #[must_use]
    pub const fn additional(self, additional: NewAdditional<'a>) -> Self {
        Self { additional, ..self }
    }

    /// 64.
    #[must_use]
    pub const fn language(self, language: Language<'a>) -> Self {
        Self { language: Some(language), ..self }
    }

    /// Objects inside the templates 62.50 to 62.99 and 80 to 99, those of a template together and
    /// best in ascending order of their paths: `62.99.00`, `62.99.01`, `80.00`.
    #[must_use]
    pub const fn templates(self, templates: &'a [(Path, &'a str)]) -> Self {
        Self { templates, ..self }
    }

    /// How many bytes the payload takes.
    pub fn encoded_len(&self) -> usize {
        let mut writer = Writer::new(&mut [], Unit::Characters);
        self.write(&mut writer);
        writer.len.saturating_add(CHECKSUM_LEN)
    }

    /// Writes the payload and hands it out.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`] with the room that is needed; [`ErrorKind::ValueTooLong`];
    /// [`ErrorKind::NotPrecomposed`]; [`ErrorKind::NotAmendable`] for an account outside 02 to 51,
    /// for more than a number in 02 to 25, and for a path that leads to no object of
    /// [`templates`](Self::templates); and whatever error or warning
    /// [`findings`](crate::findings) would find in the payload, with the byte of the payload at
    /// which it would stand. The buffer is filled with zeros then.
    pub fn encode_into<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        if let Some(len) = self.write_clean(buffer) {
            let quick = written(buffer, len);
            debug_assert_eq!(quick, self.encode_exactly(&mut [0; 512]), "the quick way is wrong");
            return quick;
        }
        self.encode_exactly(buffer)
    }

    fn encode_exactly<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        let mut writer = Writer::new(buffer, Unit::Characters);
        self.write(&mut writer);
        writer.finish(|payload| {
            if payload.verdict(self.rules) == Verdict::Valid {
                return None;
            }
            let mut found = payload.findings(self.rules);
            let worse = |severity| severity >= Severity::Warning;
            found.find(|finding| worse(finding.severity())).map(|finding| finding.error())
        })
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.text(0, "01");
        out.optional(1, self.initiation.map(Initiation::as_str));
        for account in self.accounts {
            account.write(out);
        }
        out.text(52, self.category_code);
        out.text(53, self.currency);
        if let Some(amount) = self.amount {
            out.number(Tag::AMOUNT, Number::amount(amount));
        }
        for (tag, value) in tip_values(self.tip) {
            match value {
                Some(Value::Text(text)) => out.value(tag, text),
                Some(Value::Number(number)) => out.number(tag, number),
                None => {}
            }
        }
        out.text(58, self.country_code);
        out.text(59, self.merchant_name);
        out.text(60, self.merchant_city);
        out.optional(61, self.postal_code);
        self.write_additional(out);
        if let Some(language) = &self.language {
            if [Some(language.merchant_name), language.merchant_city]
                .into_iter()
                .flatten()
                .any(is_decomposed)
            {
                out.fail(Error::new(ErrorKind::NotPrecomposed, out.len));
            }
            out.object(Tag::LANGUAGE, |out| {
                out.text(0, language.code);
                out.text(1, language.merchant_name);
                out.optional(2, language.merchant_city);
            });
        }
        for (path, _) in self.templates {
            let mut tags = path.tags().map(Tag::number);
            if !matches!(
                (tags.next(), tags.next(), tags.next()),
                (Some(62), Some(50..=99), Some(_)) | (Some(80..=99), Some(_), None)
            ) {
                out.fail(Error::new(ErrorKind::NotAmendable { tag: path.root() }, out.len));
            }
        }
        let unreserved = self.templates.iter().map(|(path, _)| path.root());
        each_once(unreserved.filter(|tag| tag.number() >= 80), |root| {
            out.object(root, |out| {
                for (path, value) in self.templates.iter().filter(|(path, _)| path.root() == root) {
                    out.value(path.last(), value);
                }
            });
        });
    }

    fn write_additional(&self, out: &mut Writer<'_>) {
        let own = |path: &Path| path.root() == Tag::ADDITIONAL_DATA;
        let NewAdditional { entries, data } = &self.additional;
        let any = entries.iter().any(Option::is_some)
            || data.iter().any(Option::is_some)
            || self.templates.iter().any(|(path, _)| own(path));
        if !any {
            return;
        }
        out.object(Tag::ADDITIONAL_DATA, |out| {
            for (number, entry) in (1_u8..).zip(entries) {
                out.optional(number, entry.map(Entry::as_str));
            }
            for (number, text) in (9_u8..).zip(data) {
                out.optional(number, *text);
            }
            let inside = self.templates.iter().filter(|(path, _)| own(path));
            let subs = inside.clone().filter_map(|(path, _)| path.tags().nth(1));
            each_once(subs, |sub| {
                out.object(sub, |out| {
                    for (path, value) in inside.clone() {
                        if path.tags().nth(1) == Some(sub) {
                            out.value(path.last(), value);
                        }
                    }
                });
            });
        });
    }
}

impl NewAccount<'_> {
    fn write(&self, out: &mut Writer<'_>) {
        let is_plain = self.tag < Tag::FIRST_ACCOUNT;
        let more = self.guid.or(self.merchant_id).or(self.criteria).is_some();
        if !matches!(self.tag.number(), 2..=51) || (is_plain && more) {
            out.fail(Error::new(ErrorKind::NotAmendable { tag: self.tag }, out.len));
        }
        if is_plain {
            return out.optional(self.tag.number(), self.pan);
        }
        out.object(self.tag, |out| {
            out.optional(0, self.guid);
            out.optional(1, self.pan);
            out.optional(2, self.merchant_id);
            out.optional(3, self.criteria);
        });
    }
}

/// Calls `act` for each tag that differs from the one before it.
fn each_once(tags: impl Iterator<Item = Tag>, mut act: impl FnMut(Tag)) {
    let mut before = None;
    for tag in tags {
        if before != Some(tag) {
            act(tag);
        }
        before = Some(tag);
    }
}

/// Whether a text has combining marks where EMVCo MPM 4.5.3.1 wants precomposed characters.
///
/// The block of combining diacritical marks is looked at, not the whole of Unicode: normalising
/// needs tables larger than this crate.
fn is_decomposed(text: &str) -> bool {
    text.contains(|c| matches!(c, '\u{300}'..='\u{36f}'))
}

/// A value on its way into an object.
#[derive(Clone, Copy, Debug)]
enum Value<'a> {
    Text(&'a str),
    Number(Number),
}

/// A number on its way into an object.
#[derive(Clone, Copy, Debug)]
struct Number {
    value: Amount,
    /// The least digits in front of the point.
    whole: u8,
}

impl Number {
    const fn amount(value: Amount) -> Self {
        Self { value, whole: 1 }
    }

    /// As `NN.NN` where it has at most two decimals.
    fn percent(percent: Amount) -> Self {
        match percent.at_scale(2) {
            Some(value) => Self { value, whole: 2 },
            None => Self::amount(percent),
        }
    }

    fn digits(self) -> Digits {
        let mut text = [b'0'; 21];
        let mut slots = text.iter_mut().rev();
        let (mut rest, scale) = (self.value.digits(), self.value.scale());
        for slot in slots.by_ref().take(scale.into()) {
            (rest, *slot) = last_digit(rest);
        }
        if scale > 0 {
            slots.next().into_iter().for_each(|slot| *slot = b'.');
        }
        let mut missing = self.whole;
        while rest > 0 || missing > 0 {
            let Some(slot) = slots.next() else { break };
            (rest, *slot) = last_digit(rest);
            missing = missing.saturating_sub(1);
        }
        let start = slots.len();
        Digits { text, start }
    }
}

/// What stands before the last digit of a number, and that digit.
fn last_digit(number: u64) -> (u64, u8) {
    let tens = number / 10;
    (tens, b'0' | number.wrapping_sub(tens.wrapping_mul(10)) as u8)
}

/// A number as text.
struct Digits {
    /// Twenty digits and a point are the most a number of 64 bits has.
    text: [u8; 21],
    start: usize,
}

impl Digits {
    fn as_bytes(&self) -> &[u8] {
        self.text.get(self.start..).unwrap_or_default()
    }
}

/// 55, 56 and 57 for a tip.
fn tip_values<'a>(tip: Option<Tip>) -> [(Tag, Option<Value<'a>>); 3] {
    let (indicator, fixed, percent) = match tip {
        None => (None, None, None),
        Some(Tip::Prompt) => (Some("01"), None, None),
        Some(Tip::Fixed(fee)) => (Some("02"), Some(Value::Number(Number::amount(fee))), None),
        Some(Tip::Percent(fee)) => (Some("03"), None, Some(Value::Number(Number::percent(fee)))),
    };
    [(Tag::TIP, indicator.map(Value::Text)), (Tag::FEE_FIXED, fixed), (Tag::FEE_PERCENT, percent)]
}

/// Object 63 takes eight bytes.
const CHECKSUM_LEN: usize = 8;

/// Writes objects to a buffer, and counts on when it is full.
///
/// It writes anything, counting characters and remembering tags, and has it judged as it reads:
/// what nearly all payloads need not, see [`quick`].
struct Writer<'b> {
    buffer: &'b mut [u8],
    unit: Unit,
    /// Bytes written, or that would have been.
    len: usize,
    /// The same in characters, where lengths count those.
    chars: usize,
    /// How many templates are open.
    depth: u8,
    /// The tags written at the root.
    seen: Tags,
    failed: Option<Error>,
}

impl<'b> Writer<'b> {
    fn new(buffer: &'b mut [u8], unit: Unit) -> Self {
        Self { buffer, unit, len: 0, chars: 0, depth: 0, seen: Tags::NONE, failed: None }
    }

    fn fail(&mut self, error: Error) {
        self.failed = self.failed.or(Some(error));
    }

    fn push(&mut self, text: &str) {
        let end = self.len.saturating_add(text.len());
        if let Some(room) = self.buffer.get_mut(self.len..end) {
            room.copy_from_slice(text.as_bytes());
        }
        self.len = end;
        if self.unit == Unit::Characters {
            self.chars = self.chars.saturating_add(characters(text));
        }
    }

    /// Sees to it that no tag stands twice at the root.
    fn begin(&mut self, tag: Tag) {
        if self.depth == 0 && !self.seen.insert(tag) {
            self.fail(Error::new(ErrorKind::Duplicate { tag }, self.len));
        }
    }

    /// Writes an object whose value `fill` writes.
    fn object(&mut self, tag: Tag, fill: impl FnOnce(&mut Self)) {
        let at = self.len;
        self.begin(tag);
        self.push("0000");
        let (bytes, chars) = (self.len, self.chars);
        self.depth = self.depth.saturating_add(1);
        fill(self);
        self.depth = self.depth.saturating_sub(1);
        let length = match self.unit {
            Unit::Characters => self.chars.saturating_sub(chars),
            Unit::Bytes => self.len.saturating_sub(bytes),
        };
        if length > limits::MAX_VALUE_CHARS {
            self.fail(Error::new(ErrorKind::ValueTooLong { tag }, at));
        } else if let Some(room) = self.buffer.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *room = header(tag, length);
        }
    }

    /// Writes an object with this value.
    fn value(&mut self, tag: Tag, value: &str) {
        let chars = match self.unit {
            Unit::Characters => characters(value),
            Unit::Bytes => value.len(),
        };
        self.put(tag, value.as_bytes(), chars);
    }

    fn number(&mut self, tag: Tag, number: Number) {
        let digits = number.digits();
        self.put(tag, digits.as_bytes(), digits.as_bytes().len());
    }

    fn any_value(&mut self, tag: Tag, value: &Value<'_>) {
        match *value {
            Value::Text(text) => self.value(tag, text),
            Value::Number(number) => self.number(tag, number),
        }
    }

    /// Writes an object with this value, of so many characters.
    fn put(&mut self, tag: Tag, value: &[u8], chars: usize) {
        self.begin(tag);
        let at = self.len;
        self.len = at.saturating_add(HEADER).saturating_add(value.len());
        self.chars = self.chars.saturating_add(HEADER).saturating_add(chars);
        if chars > limits::MAX_VALUE_CHARS {
            self.fail(Error::new(ErrorKind::ValueTooLong { tag }, at));
        } else if let Some(room) = self.buffer.get_mut(at..self.len) {
            if let Some((room, text)) = room.split_first_chunk_mut() {
                *room = header(tag, chars);
                text.copy_from_slice(value);
            }
        }
    }

    fn text(&mut self, number: u8, text: &str) {
        self.value(Tag::clamped(number), text);
    }

    fn optional(&mut self, number: u8, text: Option<&str>) {
        if let Some(text) = text {
            self.text(number, text);
        }
    }

    /// Ends the payload with its checksum, has it judged and hands it out.
    fn finish(
        mut self,
        judge: impl FnOnce(&Payload<'_>) -> Option<Error>,
    ) -> Result<&'b str, Error> {
        self.push("6304");
        let covered = self.buffer.get(..self.len).unwrap_or_default();
        let crc = checksum(covered);
        self.push(core::str::from_utf8(&hex_digits(crc)).unwrap_or_default());
        let Self { buffer, unit, len, failed, .. } = self;
        let refused = match (failed, buffer.get(..len).map(core::str::from_utf8)) {
            (Some(error), _) => Some(error),
            (None, None) => {
                let needed = u16::try_from(len).unwrap_or(u16::MAX);
                Some(Error::new(ErrorKind::BufferTooSmall { needed }, 0))
            }
            // What is not ASCII may be read otherwise than it was meant, so it is read.
            (None, Some(Ok(text))) => Payload::written(text, crc).map_or_else(Some, |payload| {
                let as_meant = text.is_ascii() || payload.unit() == unit;
                if as_meant {
                    judge(&payload)
                } else {
                    Some(Error::new(ErrorKind::UnitAmbiguous, 0))
                }
            }),
            (None, Some(Err(error))) => Some(Error::new(ErrorKind::Utf8, error.valid_up_to())),
        };
        if let Some(error) = refused {
            // What was refused must not be found and shown, nor what was tried before.
            buffer.fill(0);
            return Err(error);
        }
        written(buffer, len)
    }
}

/// How many characters a text has.
fn characters(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

/// A change to some objects of a payload; all others stay as they are, byte for byte.
///
/// Made by [`Payload::to_dynamic`], [`Payload::to_static`] and [`Payload::amend`].
///
/// ```
/// use qris_codec::{Amount, Path, Payload};
///
/// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
///             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// let sticker = Payload::parse(text)?;
/// let mut buffer = [0; 512];
/// let dynamic = sticker
///     .to_dynamic(Amount::rupiah(25_000))
///     .reference_label("INV-1")
///     .encode_into(&mut buffer)?;
/// let dynamic = Payload::parse(dynamic)?;
/// assert_eq!(dynamic.get(Path::REFERENCE_LABEL), Some("INV-1"));
/// assert_eq!(dynamic.get(Path::TERMINAL_LABEL), Some("A01"));
///
/// let mut buffer = [0; 512];
/// assert_eq!(dynamic.to_static().encode_into(&mut buffer)?, text);
/// # Ok::<(), qris_codec::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Amendment<'a> {
    payload: Payload<'a>,
    edits: [Option<Edit<'a>>; Amendment::MOST],
    failed: Option<Error>,
}

#[derive(Clone, Copy, Debug)]
struct Edit<'a> {
    path: Path,
    /// `None` removes the object.
    value: Option<Value<'a>>,
}

impl<'a> Payload<'a> {
    /// Begins a change that sets or removes single objects.
    #[inline]
    pub fn amend(&self) -> Amendment<'a> {
        Amendment { payload: *self, edits: [None; Amendment::MOST], failed: None }
    }

    /// Begins a dynamic copy for one payment: 01 = 12 and 54 = the amount.
    ///
    /// A tip or fee of the payload stays unless [`Amendment::tip`] says otherwise. Whether
    /// a wallet takes a code that somebody else than the acquirer made is up to the wallet.
    #[inline]
    pub fn to_dynamic(&self, amount: Amount) -> Amendment<'a> {
        let mut dynamic = self.amend();
        dynamic.edit(Path::of(Tag::INITIATION), Some(Value::Text("12")));
        dynamic.edit(Path::of(Tag::AMOUNT), Some(Value::Number(Number::amount(amount))));
        dynamic
    }

    /// Begins a static copy for any number of payments: 01 = 11, without amount, tip and fee, and
    /// without what belongs to one payment only, the bill number and the reference label.
    pub fn to_static(&self) -> Amendment<'a> {
        let mut fixed = self.amend();
        fixed.edit(Path::of(Tag::INITIATION), Some(Value::Text("11")));
        for tag in [Tag::AMOUNT, Tag::TIP, Tag::FEE_FIXED, Tag::FEE_PERCENT] {
            fixed.edit(Path::of(tag), None);
        }
        fixed.edit(additional(1), None);
        fixed.edit(additional(5), None);
        fixed
    }
}

/// The path of an object of the additional data.
const fn additional(number: u8) -> Path {
    Path::sub(Tag::ADDITIONAL_DATA, Tag::clamped(number))
}

impl<'a> Amendment<'a> {
    /// How many objects one amendment can change.
    pub const MOST: usize = 16;

    /// Sets the tip or fee (55 to 57), or takes it away.
    #[must_use]
    pub fn tip(mut self, tip: Option<Tip>) -> Self {
        for (tag, value) in tip_values(tip) {
            self.edit(Path::of(tag), value);
        }
        self
    }

    /// Sets 62.01, the bill number.
    #[must_use]
    pub fn bill_number(self, text: &'a str) -> Self {
        self.set(additional(1), text)
    }

    /// Sets 62.05, the reference label.
    #[must_use]
    pub fn reference_label(self, text: &'a str) -> Self {
        self.set(additional(5), text)
    }

    /// Sets the object at a path, in place where it stands; a new one in ascending order.
    #[must_use]
    pub fn set(mut self, path: Path, value: &'a str) -> Self {
        self.edit(path, Some(Value::Text(value)));
        self
    }

    /// Removes the object at a path, if it is there; a template that is left empty goes with it.
    #[must_use]
    pub fn remove(mut self, path: Path) -> Self {
        self.edit(path, None);
        self
    }

    #[inline(always)]
    fn edit(&mut self, path: Path, value: Option<Value<'a>>) {
        let root = path.root();
        let fixed = matches!(root, Tag::FORMAT | Tag::CHECKSUM);
        let deep = path != Path::of(root);
        let mut slots = self.edits.iter_mut();
        let slot = slots.find(|slot| slot.is_none_or(|earlier| earlier.path == path));
        match slot {
            Some(slot) if !fixed && (!deep || is_template(root)) => {
                *slot = Some(Edit { path, value });
            }
            _ => {
                let kind = ErrorKind::NotAmendable { tag: root };
                self.failed = self.failed.or(Some(Error::new(kind, 0)));
            }
        }
    }

    /// How many bytes the amended payload takes.
    pub fn encoded_len(&self) -> usize {
        let mut writer = Writer::new(&mut [], self.unit());
        self.write(&mut writer);
        writer.len.saturating_add(CHECKSUM_LEN)
    }

    /// Writes the amended payload and hands it out.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotAmendable`] for 00 and 63, for parts of what is no template, and for more
    /// than [`MOST`](Self::MOST) objects; [`ErrorKind::BufferTooSmall`];
    /// [`ErrorKind::ValueTooLong`]; [`ErrorKind::UnitAmbiguous`] where lengths count bytes; and
    /// every error that [`findings`](crate::findings) would find
    /// in the result, and every warning that it does not find in the payload amended. The
    /// national rules apply where 58 is `ID`. The buffer is filled with zeros then.
    pub fn encode_into<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        if let Some(len) = self.write_clean(buffer) {
            let quick = written(buffer, len);
            debug_assert_eq!(quick, self.encode_exactly(&mut [0; 512]), "the quick way is wrong");
            return quick;
        }
        self.encode_exactly(buffer)
    }

    fn encode_exactly<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
        let mut writer = Writer::new(buffer, self.unit());
        writer.failed = self.failed;
        self.write(&mut writer);
        writer.finish(|amended| {
            let national = amended.country_code() == Some("ID");
            let rules = if national { Rules::Qris } else { Rules::Emv };
            if amended.verdict(rules) == Verdict::Valid {
                return None;
            }
            let new = |found: &crate::Finding| match found.severity() {
                Severity::Error => true,
                Severity::Warning => !self
                    .payload
                    .findings(rules)
                    .any(|before| before.code() == found.code() && before.path() == found.path()),
                Severity::Info => false,
            };
            amended.findings(rules).find(new).map(|finding| finding.error())
        })
    }

    /// What the lengths are to count: what those of the payload count, where that shows.
    fn unit(&self) -> Unit {
        if self.payload.as_str().is_ascii() { Unit::Characters } else { self.payload.unit() }
    }

    fn write(&self, out: &mut Writer<'_>) {
        self.level(None, self.payload.objects(), out);
    }

    /// The edits, in the order in which they were asked for.
    fn edits(&self) -> impl Iterator<Item = &Edit<'a>> {
        self.edits.iter().map_while(Option::as_ref)
    }

    /// Writes one level of objects, with the edits that belong to it.
    fn level(&self, above: Option<Path>, objects: Objects<'a>, out: &mut Writer<'_>) {
        let (mut touched, mut new) = (Tags::NONE, Tags::NONE);
        for edit in self.edits() {
            if let Some(tag) = edit.path.below(above) {
                touched.insert(tag);
                if edit.value.is_some() {
                    new.insert(tag);
                }
            }
        }
        // What is there is set where it stands. In ascending order that shows on the way.
        if new != Tags::NONE && !(above.is_none() && self.payload.is_ascending()) {
            let there = objects.clone().fold(Tags::NONE, |there, object| there.with(object.tag()));
            new = new.without(there);
        }
        // What stays is copied in one piece up to the next change.
        let (mut copied, mut end) = (objects.offset(), objects.offset());
        let copy = |from: usize, to: usize, out: &mut Writer<'_>| {
            out.push(self.payload.given().get(from..to).unwrap_or_default());
        };
        let mut next = new.first();
        for object in objects {
            let tag = object.tag();
            if above.is_none() && tag == Tag::CHECKSUM {
                break;
            }
            while let Some(first) = next.filter(|&first| first < tag) {
                copy(copied, object.offset(), out);
                copied = object.offset();
                self.insert(above, first, out);
                new = new.without(Tags::NONE.with(first));
                next = new.first();
            }
            end = object.value_offset().saturating_add(object.value().len());
            if !touched.contains(tag) {
                continue;
            }
            copy(copied, object.offset(), out);
            copied = end;
            new = new.without(Tags::NONE.with(tag));
            next = new.first();
            let path = above.map_or(Path::of(tag), |above| above.join(tag));
            match self.edits().find(|edit| edit.path == path) {
                Some(Edit { value: Some(value), .. }) => out.any_value(tag, value),
                Some(Edit { value: None, .. }) => {}
                None => self.rebuild(path, &object, out),
            }
        }
        copy(copied, end, out);
        while let Some(first) = next {
            self.insert(above, first, out);
            new = new.without(Tags::NONE.with(first));
            next = new.first();
        }
    }

    fn rebuild(&self, path: Path, object: &Object<'a>, out: &mut Writer<'_>) {
        let Some(objects) = self.payload.inside(object) else {
            let kind = ErrorKind::NotAmendable { tag: path.root() };
            return out.fail(Error::new(kind, object.value_offset()));
        };
        let before = (out.len, out.chars);
        let mut empty = false;
        out.object(object.tag(), |out| {
            let start = out.len;
            self.level(Some(path), objects, out);
            empty = out.len == start;
        });
        if empty {
            (out.len, out.chars) = before;
        }
    }

    /// Writes an object that was not there.
    fn insert(&self, above: Option<Path>, tag: Tag, out: &mut Writer<'_>) {
        let path = above.map_or(Path::of(tag), |above| above.join(tag));
        match self.edits().find(|edit| edit.path == path) {
            Some(Edit { value: Some(value), .. }) => out.any_value(tag, value),
            _ => out.object(tag, |out| self.level(Some(path), Objects::none(), out)),
        }
    }
}

/// Tag and length, two digits each.
fn header(tag: Tag, length: usize) -> [u8; HEADER] {
    // Both numbers at once, and 103 / 1024 is near enough to a tenth below 100.
    let length = u32::try_from(length).unwrap_or(0);
    let numbers = u32::from(tag.number()) | (length << 16);
    let tens = (numbers.wrapping_mul(103) >> 10) & 0x000F_000F;
    let ones = numbers.wrapping_sub(tens.wrapping_mul(10));
    (tens | (ones << 8) | 0x3030_3030).to_le_bytes()
}

/// The text of this length in a buffer.
fn written(buffer: &[u8], len: usize) -> Result<&str, Error> {
    let text = core::str::from_utf8(buffer.get(..len).unwrap_or_default());
    text.map_err(|error| Error::new(ErrorKind::Utf8, error.valid_up_to()))
}

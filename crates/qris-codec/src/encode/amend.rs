//! Changed copies of payloads.

use core::ops::Range;

use super::number::{NewValue, Number, tip_values};
use super::writer::{CHECKSUM_LEN, Empty, Writer, Written, finished_text, seal};
use crate::amount::Amount;
use crate::charset::Charset;
use crate::error::{Error, ErrorKind, Rules, Severity};
use crate::finding::Finding;
use crate::findings::Findings;
use crate::mpm::{Payload, Tip};
use crate::object_bytes::Objects;
use crate::rules::limits;
use crate::tag::{Path, Tag, Tags};
use crate::tlv::Unit;

/// A change to some objects of a payload. All others stay the same, byte for byte.
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
    edits: [Option<Edit<'a>>; Amendment::MAX_EDITS],
    failed: Option<Error>,
}

#[derive(Clone, Copy, Debug)]
struct Edit<'a> {
    path: Path,
    /// `None` removes the object.
    value: Option<NewValue<'a>>,
}

impl<'a> Payload<'a> {
    /// Begins a change that sets or removes single objects.
    #[inline]
    pub fn amend(&self) -> Amendment<'a> {
        Amendment { payload: *self, edits: [None; Amendment::MAX_EDITS], failed: None }
    }

    /// Begins a dynamic copy for one payment: 01 = 12 and 54 = the amount.
    ///
    /// A tip or fee of the payload stays unless [`Amendment::tip`] changes it. A wallet may refuse
    /// a code that the acquirer did not make.
    #[inline]
    pub fn to_dynamic(&self, amount: Amount) -> Amendment<'a> {
        let mut dynamic = self.amend();
        dynamic.edit(Path::new(Tag::INITIATION), Some(NewValue::Text(limits::DYNAMIC)));
        dynamic.edit(Path::new(Tag::AMOUNT), Some(NewValue::Number(Number::amount(amount))));
        dynamic
    }

    /// Begins a static copy for any number of payments: 01 = 11, without amount, tip, fee, bill
    /// number and reference label.
    pub fn to_static(&self) -> Amendment<'a> {
        let mut fixed = self.amend();
        fixed.edit(Path::new(Tag::INITIATION), Some(NewValue::Text(limits::STATIC)));
        for tag in [Tag::AMOUNT, Tag::TIP, Tag::FEE_FIXED, Tag::FEE_PERCENT] {
            fixed.edit(Path::new(tag), None);
        }
        fixed.edit(Path::BILL_NUMBER, None);
        fixed.edit(Path::REFERENCE_LABEL, None);
        fixed
    }
}

impl<'a> Amendment<'a> {
    /// The maximum number of objects that one amendment can change.
    pub const MAX_EDITS: usize = 16;

    /// Sets the tip or fee (55 to 57), or removes it.
    #[must_use]
    pub fn tip(mut self, tip: Option<Tip>) -> Self {
        for (tag, value) in tip_values(tip) {
            self.edit(Path::new(tag), value);
        }
        self
    }

    /// Sets 62.01, the bill number.
    #[must_use]
    pub fn bill_number(self, text: &'a str) -> Self {
        self.set(Path::BILL_NUMBER, text)
    }

    /// Sets 62.05, the reference label.
    #[must_use]
    pub fn reference_label(self, text: &'a str) -> Self {
        self.set(Path::REFERENCE_LABEL, text)
    }

    /// Sets the object at a path. An existing object stays in its place; a new one is added in
    /// ascending order.
    #[must_use]
    pub fn set(mut self, path: Path, value: &'a str) -> Self {
        self.edit(path, Some(NewValue::Text(value)));
        self
    }

    /// Removes the object at a path, if it exists. A template that becomes empty is removed too.
    #[must_use]
    pub fn remove(mut self, path: Path) -> Self {
        self.edit(path, None);
        self
    }

    #[inline(always)]
    fn edit(&mut self, path: Path, value: Option<NewValue<'a>>) {
        let root = path.root();
        let fixed = matches!(root, Tag::FORMAT | Tag::CHECKSUM);
        let deep = path != Path::new(root);
        let mut slots = self.edits.iter_mut();
        let slot = slots.find(|slot| slot.is_none_or(|earlier| earlier.path == path));
        match slot {
            Some(slot) if !fixed && (!deep || Path::new(root).is_template()) => {
                *slot = Some(Edit { path, value });
            }
            _ => {
                let kind = ErrorKind::NotAmendable { tag: root };
                self.failed = self.failed.or(Some(Error::new(kind, 0)));
            }
        }
    }

    /// The length of the changed payload in bytes.
    pub fn encoded_len(&self) -> usize {
        self.write(&mut [], Charset::Any).len.saturating_add(CHECKSUM_LEN)
    }

    /// Writes the changed payload and returns it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotAmendable`] for 00 and 63, for objects inside a value that is not a
    /// template, and for more than [`MAX_EDITS`](Self::MAX_EDITS) objects; [`ErrorKind::BufferTooSmall`];
    /// [`ErrorKind::ValueTooLong`]; [`ErrorKind::UnitAmbiguous`] if lengths count bytes; and every
    /// error that [`findings`](crate::findings) has for the result, and every warning that the
    /// original does not have. The national rules apply if 58 is `ID`. After an error the buffer is
    /// filled with zeros.
    pub fn encode_into<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Finding> {
        let mut len = self.encode_as(self.payload.charset(), buffer);
        if len == Err(None) {
            len = self.encode_as(Charset::Any, buffer);
        }
        finished_text(buffer, len)
    }

    fn encode_as(&self, charset: Charset, buffer: &mut [u8]) -> Result<usize, Option<Finding>> {
        let written = self.write(buffer, charset);
        seal(buffer, written, |found| self.refusal(found))
    }

    /// The first finding that refuses the result: an error, or a warning that was not there before.
    #[cold]
    fn refusal(&self, mut found: Findings<'_>) -> Option<Finding> {
        let (mut rules, after) = (Rules::Qris, found.payload());
        // Under the national rules another country is an error.
        let has_error = found.clone().any(|it| it.severity() == Severity::Error);
        if has_error && after.country_code() != Some(limits::INDONESIA) {
            rules = Rules::Emv;
            found = after.severe_findings(rules);
        }
        let before = self.payload.severe_findings(rules);
        let same = |a: &Finding, b: &Finding| (a.code(), a.path()) == (b.code(), b.path());
        found.find(|it| {
            it.severity() == Severity::Error || !before.clone().any(|before| same(&before, it))
        })
    }

    /// The unit of the new lengths: the one of the payload, if its text shows it.
    fn unit(&self) -> Unit {
        let is_ascii = self.payload.charset() == Charset::Plain || self.payload.as_str().is_ascii();
        if is_ascii { Unit::Characters } else { self.payload.unit() }
    }

    /// Writes everything except the checksum.
    #[inline(always)]
    fn write(&self, buffer: &mut [u8], charset: Charset) -> Written {
        let mut out = Writer::new(buffer, self.unit(), charset);
        if let Some(error) = self.failed {
            out.refuse(error);
        }
        self.merge(None, self.payload.root(), &mut out);
        out.finish()
    }

    /// The edits, in the order of the calls.
    fn edits(&self) -> impl Iterator<Item = &Edit<'a>> {
        self.edits.iter().map_while(Option::as_ref)
    }

    /// The tags of one level that the edits touch, and the ones that they set.
    #[inline(always)]
    fn touched(&self, above: Option<Path>) -> (Tags, Tags) {
        let (mut touched, mut new) = (Tags::NONE, Tags::NONE);
        for edit in self.edits() {
            if let Some(tag) = edit.path.below(above) {
                touched.insert(tag);
                if edit.value.is_some() {
                    new.insert(tag);
                }
            }
        }
        (touched, new)
    }

    /// Merges the objects of one level with its edits.
    #[inline(always)]
    fn merge(&self, above: Option<Path>, mut objects: Objects<'a>, out: &mut Writer<'_>) {
        let (touched, mut new) = self.touched(above);
        // Unchanged objects are copied together.
        let mut from = objects.offset();
        let mut to = from;
        while let Some((tag, bytes, _)) = objects.next() {
            let tag = Tag::read(tag);
            if above.is_none() && tag == Tag::CHECKSUM {
                break;
            }
            let is_touched = touched.contains(tag);
            if is_touched {
                // An existing object is set in its place.
                new = new.without(Tags::NONE.with(tag));
            }
            if new.first().is_some_and(|first| first < tag) {
                new = new.without(tags_of(objects));
            }
            let is_behind_new = new.first().is_some_and(|first| first < tag);
            if is_behind_new || is_touched {
                self.copy(from..to, out);
                from = to;
                new = self.insert_before(Some(tag), above, new, out);
            }
            to = objects.offset();
            if !is_touched {
                continue;
            }
            from = to;
            let path = above.map_or(Path::new(tag), |above| above.join(tag));
            match self.edits().find(|edit| edit.path == path) {
                Some(Edit { value: Some(value), .. }) => write_new(tag, value, out),
                Some(Edit { value: None, .. }) => {}
                None => match objects.inside(bytes) {
                    Some(objects) => {
                        let open = out.open(tag);
                        self.merge_inside(path, objects, out);
                        out.close(open, Empty::Dropped);
                    }
                    None => out.fail(ErrorKind::NotAmendable { tag: path.root() }),
                },
            }
        }
        self.copy(from..to, out);
        self.insert_before(None, above, new, out);
    }

    /// The same inside a template.
    fn merge_inside(&self, path: Path, objects: Objects<'a>, out: &mut Writer<'_>) {
        self.merge(Some(path), objects, out);
    }

    /// Writes objects unchanged.
    #[inline(always)]
    fn copy(&self, place: Range<usize>, out: &mut Writer<'_>) {
        out.objects(self.payload.given().as_bytes().get(place).unwrap_or_default());
    }

    /// Writes the new objects with tags below `end`. Returns the others.
    #[inline(always)]
    fn insert_before(
        &self,
        end: Option<Tag>,
        above: Option<Path>,
        mut new: Tags,
        out: &mut Writer<'_>,
    ) -> Tags {
        while let Some(tag) = new.first().filter(|&tag| end.is_none_or(|end| tag < end)) {
            let path = above.map_or(Path::new(tag), |above| above.join(tag));
            match self.edits().find(|edit| edit.path == path) {
                Some(Edit { value: Some(value), .. }) => write_new(tag, value, out),
                _ => {
                    let open = out.open(tag);
                    self.merge_inside(path, Objects::NONE, out);
                    out.close(open, Empty::Dropped);
                }
            }
            new = new.without(Tags::NONE.with(tag));
        }
        new
    }
}

#[inline(never)]
fn write_new(tag: Tag, value: &NewValue<'_>, out: &mut Writer<'_>) {
    out.new_value(tag, value);
}

/// The tags of some objects.
fn tags_of(mut objects: Objects<'_>) -> Tags {
    let mut tags = Tags::NONE;
    while let Some((tag, ..)) = objects.next() {
        tags.insert(Tag::read(tag));
    }
    tags
}

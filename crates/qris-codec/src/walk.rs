//! All objects of a payload, including the ones inside templates.

use crate::error::Error;
use crate::mpm::{Payload, trim};
use crate::tag::Path;
use crate::tlv::{Object, Reader, Unit};

/// Every object with its path: each object of the root, and right after a template the objects
/// inside it. Returned by [`Payload::walk`] and [`Walk::from_text`].
///
/// A template is entered if its value is objects to its end; any other value is one object.
///
/// ```
/// use qris_codec::Payload;
///
/// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
///             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// let payload = Payload::parse(text)?;
/// let (path, object) = payload.walk().last().unwrap();
/// assert_eq!((path.to_string(), object.value()), ("63".to_owned(), "66DC"));
/// let inside = payload.walk().filter(|(path, _)| path.depth() == 2);
/// assert_eq!(inside.count(), 8);
/// # Ok::<(), qris_codec::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Walk<'a> {
    root: Reader<'a>,
    unit: Unit,
    /// The open templates, the outermost first: their paths and their remaining objects.
    open: [Option<(Path, Reader<'a>)>; 2],
}

impl<'a> Walk<'a> {
    /// Walks the objects of any text, up to its end or the first unreadable object: see
    /// [`fault`](Self::fault).
    ///
    /// White space and a byte-order mark around them are ignored. If the text is a payload, this is
    /// the same as [`Payload::walk`]. Otherwise lengths count characters.
    ///
    /// ```
    /// use qris_codec::{Tag, Walk};
    ///
    /// let mut walk = Walk::from_text("0002015912WARUNG");
    /// assert_eq!(walk.by_ref().count(), 1);
    /// let fault = walk.fault().unwrap();
    /// assert_eq!(fault.to_string(), "object 59 should hold 12 characters, found 6 at byte 10");
    /// ```
    pub fn from_text(text: &'a str) -> Self {
        if let Ok(payload) = Payload::parse(text) {
            return payload.walk();
        }
        let (start, body) = trim(text);
        Self::new(Reader::at(body, start, Unit::Characters), Unit::Characters)
    }

    const fn new(root: Reader<'a>, unit: Unit) -> Self {
        Self { root, unit, open: [None, None] }
    }

    /// Why the next object of the root cannot be read; `None` if it can be read, and at the end.
    pub fn fault(&self) -> Option<Error> {
        self.root.clone().next_object().err()
    }

    /// The byte of the text at which the next object of the root begins.
    pub const fn offset(&self) -> usize {
        self.root.offset()
    }

    /// What lengths count.
    pub(crate) const fn unit(&self) -> Unit {
        self.unit
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = (Path, Object<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut found = None;
        for level in self.open.iter_mut().rev() {
            let Some((above, objects)) = level else { continue };
            if let Some(object) = objects.step() {
                found = Some((above.join(object.tag()), object));
                break;
            }
            *level = None;
        }
        if found.is_none() {
            found = self.root.step().map(|object| (Path::new(object.tag()), object));
        }
        let (path, object) = found?;
        if let Some(objects) = inside(path, &object, self.unit) {
            if let Some(level) = self.open.iter_mut().find(|level| level.is_none()) {
                *level = Some((path, objects));
            }
        }
        Some((path, object))
    }
}

/// The objects of a template that is not empty and is objects to its end.
pub(crate) fn inside<'a>(path: Path, object: &Object<'a>, unit: Unit) -> Option<Reader<'a>> {
    if !path.is_template() || object.value().is_empty() {
        return None;
    }
    let reader = Reader::inside(object, unit);
    let mut all = reader.clone();
    while all.step().is_some() {}
    all.is_at_end().then_some(reader)
}

impl<'a> Payload<'a> {
    /// All objects with their paths; the objects inside a template follow right after it.
    pub fn walk(&self) -> Walk<'a> {
        Walk::new(self.reader(), self.unit())
    }
}

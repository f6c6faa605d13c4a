//! Object identifiers: the two digits at the start of every object, and paths of them.

use core::fmt;

/// The two-digit identifier of an object, `00` to `99`.
///
/// The meaning of a tag depends on its place: `01` at the root is the point of initiation, `62.01`
/// is the bill number. The constants are the tags of the root (EMVCo MPM, table 3.1).
///
/// ```
/// use qris_codec::Tag;
///
/// assert_eq!(Tag::MERCHANT_NAME.to_string(), "59");
/// assert_eq!(Tag::new(59), Some(Tag::MERCHANT_NAME));
/// assert_eq!(Tag::new(100), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(u8);

impl Tag {
    /// 00, Payload Format Indicator: always `01` and always first.
    pub const FORMAT: Self = Self(0);
    /// 01, Point of Initiation Method: `11` static, `12` dynamic.
    pub const INITIATION: Self = Self(1);
    /// 26, the first of the Merchant Account Information templates.
    pub const FIRST_ACCOUNT: Self = Self(26);
    /// 40, the account template of a QRIS transfer, cash-in or cash-out.
    pub const TRANSFER_ACCOUNT: Self = Self(40);
    /// 51, the national merchant repository's account, which has the NMID.
    pub const NATIONAL_ACCOUNT: Self = Self(51);
    /// 52, Merchant Category Code (ISO 18245).
    pub const CATEGORY_CODE: Self = Self(52);
    /// 53, Transaction Currency (ISO 4217 numeric).
    pub const CURRENCY: Self = Self(53);
    /// 54, Transaction Amount.
    pub const AMOUNT: Self = Self(54);
    /// 55, Tip or Convenience Indicator.
    pub const TIP: Self = Self(55);
    /// 56, Value of Convenience Fee Fixed.
    pub const FEE_FIXED: Self = Self(56);
    /// 57, Value of Convenience Fee Percentage.
    pub const FEE_PERCENT: Self = Self(57);
    /// 58, Country Code (ISO 3166-1 alpha-2).
    pub const COUNTRY: Self = Self(58);
    /// 59, Merchant Name.
    pub const MERCHANT_NAME: Self = Self(59);
    /// 60, Merchant City.
    pub const MERCHANT_CITY: Self = Self(60);
    /// 61, Postal Code.
    pub const POSTAL_CODE: Self = Self(61);
    /// 62, Additional Data Field Template.
    pub const ADDITIONAL_DATA: Self = Self(62);
    /// 63, Cyclic Redundancy Check: always last.
    pub const CHECKSUM: Self = Self(63);
    /// 64, Merchant Information: Language Template.
    pub const LANGUAGE: Self = Self(64);

    /// The tag with this number, or `None` above 99.
    pub const fn new(number: u8) -> Option<Self> {
        if number < 100 { Some(Self(number)) } else { None }
    }

    /// A tag known to be below 100; larger numbers become 99.
    pub(crate) const fn clamped(number: u8) -> Self {
        if number < 100 { Self(number) } else { Self(99) }
    }

    /// The tag of two digits that were read.
    #[inline(always)]
    pub(crate) const fn read(number: u8) -> Self {
        debug_assert!(number < 100, "two digits are below 100");
        Self(number)
    }

    /// The number of the tag, 0 to 99.
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// A set of tags, one bit for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tags {
    /// The tags below 64, which are most: shifting 128 bits takes longer.
    low: u64,
    high: u64,
}

impl Tags {
    pub(crate) const NONE: Self = Self { low: 0, high: 0 };

    /// All tags below a number of at most 63.
    pub(crate) const fn below(number: u8) -> Self {
        Self { low: (1_u64 << (number & 63)).wrapping_sub(1), high: 0 }
    }

    pub(crate) const fn without(self, others: Self) -> Self {
        Self { low: self.low & !others.low, high: self.high & !others.high }
    }

    pub(crate) const fn with(self, tag: Tag) -> Self {
        let bit = 1 << (tag.0 & 63);
        if tag.0 < 64 {
            Self { low: self.low | bit, ..self }
        } else {
            Self { high: self.high | bit, ..self }
        }
    }

    #[inline(always)]
    pub(crate) const fn contains(self, tag: Tag) -> bool {
        let half = if tag.0 < 64 { self.low } else { self.high };
        (half >> (tag.0 & 63)) & 1 != 0
    }

    /// Whether no tag in it is above this one.
    #[inline(always)]
    pub(crate) const fn is_below(self, tag: Tag) -> bool {
        if tag.0 < 64 {
            self.high == 0 && (self.low >> tag.0) >> 1 == 0
        } else {
            (self.high >> (tag.0 & 63)) >> 1 == 0
        }
    }

    /// Whether it contains all of `others`.
    pub(crate) const fn contains_all(self, others: Self) -> bool {
        others.low & !self.low == 0 && others.high & !self.high == 0
    }

    /// Whether it contains any of `others`.
    pub(crate) const fn intersects(self, others: Self) -> bool {
        others.low & self.low != 0 || others.high & self.high != 0
    }

    /// The smallest.
    pub(crate) const fn first(self) -> Option<Tag> {
        match self {
            Self { low: 0, high: 0 } => None,
            Self { low: 0, high } => Some(Tag::clamped((high.trailing_zeros() as u8) | 64)),
            Self { low, .. } => Some(Tag(low.trailing_zeros() as u8)),
        }
    }

    /// Adds a tag. Returns whether it is new.
    #[inline(always)]
    pub(crate) fn insert(&mut self, tag: Tag) -> bool {
        if tag.0 < 64 {
            let new = (self.low >> tag.0) & 1 == 0;
            self.low |= 1 << tag.0;
            new
        } else {
            // Passed by value, because a set whose address is taken stays in memory, with
            // everything next to it.
            let (with, new) = self.with_high(tag);
            *self = with;
            new
        }
    }

    #[cold]
    const fn with_high(self, tag: Tag) -> (Self, bool) {
        (self.with(tag), !self.contains(tag))
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({self})")
    }
}

/// The place of an object: one to three tags from the root down, written `62.05`.
///
/// ```
/// use qris_codec::{Path, Tag};
///
/// let path: Path = "62.05".parse()?;
/// assert_eq!(path, Path::REFERENCE_LABEL);
/// assert_eq!(path.root(), Tag::ADDITIONAL_DATA);
/// assert_eq!(path.to_string(), "62.05");
/// assert_eq!(Path::from(Tag::AMOUNT).to_string(), "54");
/// # Ok::<(), qris_codec::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Path {
    root: Tag,
    /// Tags below the root; [`NONE`] after the end of the path.
    below: [u8; 2],
}

/// Marks the end of a path.
const NONE: u8 = u8::MAX;

impl Path {
    /// 51.00, the identifier of the national repository: `ID.CO.QRIS.WWW`.
    pub const NATIONAL_GUID: Self = Self::sub(Tag::NATIONAL_ACCOUNT, Tag(0));
    /// 51.02, the National Merchant ID.
    pub const NMID: Self = Self::sub(Tag::NATIONAL_ACCOUNT, Tag(2));
    /// 51.03, the merchant's size in the national repository.
    pub const NATIONAL_CRITERIA: Self = Self::sub(Tag::NATIONAL_ACCOUNT, Tag(3));
    /// 62.01, the number of the bill.
    pub const BILL_NUMBER: Self = Self::sub(Tag::ADDITIONAL_DATA, Tag(1));
    /// 62.02, a mobile number to top up or to bill.
    pub const MOBILE_NUMBER: Self = Self::sub(Tag::ADDITIONAL_DATA, Tag(2));
    /// 62.03, the store.
    pub const STORE_LABEL: Self = Self::sub(Tag::ADDITIONAL_DATA, Tag(3));
    /// 62.04, a loyalty card's number.
    pub const LOYALTY_NUMBER: Self = Self::sub(Tag::ADDITIONAL_DATA, Tag(4));
    /// 62.05, the merchant's or acquirer's reference; the Open API puts its invoice ID here.
    pub const REFERENCE_LABEL: Self = Self::sub(Tag::ADDITIONAL_DATA, Tag(5));
    /// 62.06, the customer.
    pub const CUSTOMER_LABEL: Self = Self::sub(Tag::ADDITIONAL_DATA, Tag(6));
    /// 62.07, the terminal.
    pub const TERMINAL_LABEL: Self = Self::sub(Tag::ADDITIONAL_DATA, Tag(7));
    /// 62.08, what the payment is for.
    pub const PURPOSE: Self = Self::sub(Tag::ADDITIONAL_DATA, Tag(8));
    /// 62.09, the payer's data that the wallet sends.
    pub const CONSUMER_DATA_REQUEST: Self = Self::sub(Tag::ADDITIONAL_DATA, Tag(9));
    /// 62.10, the merchant's tax ID (EMVCo MPM 1.1).
    pub const MERCHANT_TAX_ID: Self = Self::sub(Tag::ADDITIONAL_DATA, Tag(10));
    /// 62.11, medium, place and presence as three digits (EMVCo MPM 1.1).
    pub const MERCHANT_CHANNEL: Self = Self::sub(Tag::ADDITIONAL_DATA, Tag(11));
    /// 64.00, the other language as two letters (ISO 639).
    pub const LANGUAGE_CODE: Self = Self::sub(Tag::LANGUAGE, Tag(0));
    /// 64.01, the merchant's name in it.
    pub const LANGUAGE_MERCHANT_NAME: Self = Self::sub(Tag::LANGUAGE, Tag(1));
    /// 64.02, the merchant's city in it.
    pub const LANGUAGE_MERCHANT_CITY: Self = Self::sub(Tag::LANGUAGE, Tag(2));

    /// The path of an object inside a root template, such as `62.05`.
    pub const fn sub(root: Tag, sub: Tag) -> Self {
        Self { root, below: [sub.0, NONE] }
    }

    /// The path of a root object.
    pub const fn new(root: Tag) -> Self {
        Self { root, below: [NONE, NONE] }
    }

    /// The first tag of the path.
    pub const fn root(self) -> Tag {
        self.root
    }

    /// The number of tags: 1 for an object of the root, 2 and 3 inside templates.
    pub const fn depth(self) -> usize {
        match self.below {
            [NONE, _] => 1,
            [_, NONE] => 2,
            _ => 3,
        }
    }

    /// Whether the object at this path is a template, which has objects inside: 26 to 51, 62, 64
    /// and 80 to 99 (EMVCo MPM 4.6.1 and QRIS 4.6), and 62.50 to 62.99, the templates of payment
    /// systems.
    pub const fn is_template(self) -> bool {
        match self.below {
            [NONE, _] => matches!(self.root.0, 26..=51 | 62 | 64 | 80..=99),
            [second, NONE] => self.root.0 == 62 && second >= 50,
            _ => false,
        }
    }

    /// The tags of the path from the root down.
    pub fn tags(self) -> impl Iterator<Item = Tag> {
        let [second, third] = self.below;
        core::iter::once(self.root)
            .chain([second, third].into_iter().take_while(|&tag| tag != NONE).map(Tag))
    }

    /// The tag after `above` in this path, if the path begins with `above`.
    pub(crate) fn below(self, above: Option<Self>) -> Option<Tag> {
        let Some(above) = above else { return Some(self.root) };
        let mut tags = self.tags();
        above.tags().all(|tag| tags.next() == Some(tag)).then(|| tags.next()).flatten()
    }

    /// The last tag of the path.
    pub const fn last(self) -> Tag {
        match self.below {
            [NONE, _] => self.root,
            [second, NONE] => Tag(second),
            [_, third] => Tag(third),
        }
    }

    /// The path of an object one level further down. There are at most three levels.
    #[must_use]
    pub const fn join(self, sub: Tag) -> Self {
        let [second, _] = self.below;
        if second == NONE {
            Self { root: self.root, below: [sub.0, NONE] }
        } else {
            Self { root: self.root, below: [second, sub.0] }
        }
    }
}

impl From<Tag> for Path {
    fn from(tag: Tag) -> Self {
        Self::new(tag)
    }
}

impl From<(Tag, Tag)> for Path {
    fn from((root, sub): (Tag, Tag)) -> Self {
        Self::sub(root, sub)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.root, f)?;
        self.tags().skip(1).try_for_each(|tag| write!(f, ".{tag}"))
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({self})")
    }
}

/// The number of two ASCII digits.
pub(crate) const fn two_digits(tens: u8, ones: u8) -> u8 {
    tens.wrapping_sub(b'0').wrapping_mul(10).wrapping_add(ones.wrapping_sub(b'0'))
}

/// All numbers of two digits, as ASCII.
pub(crate) static TWO_DIGITS: [[u8; 2]; 100] = {
    let mut all = [[0; 2]; 100];
    let mut slots: &mut [_] = &mut all;
    let mut number = 0;
    while let [slot, rest @ ..] = slots {
        *slot = [b'0' | (number / 10), b'0' | (number % 10)];
        slots = rest;
        number += 1_u8;
    }
    all
};

//! The arguments of `Builder` for a text.

use std::iter::Peekable;
use std::vec::IntoIter;

use qris_codec::encode::{Builder, NewAccount, NewAdditional};
use qris_codec::mpm::Language;
use qris_codec::tlv::{Object, Reader, Unit};
use qris_codec::{Amount, Entry, Initiation, Path, Tag, Tip};

use crate::tree::with_checksum;

/// The values of a payload, in the order in which `Builder` writes them.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    initiation: Option<Initiation>,
    accounts: Vec<NewAccount<'a>>,
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
    templates: Vec<(Path, &'a str)>,
}

impl<'a> Parts<'a> {
    /// The parts of a text, unless `Builder` cannot express it: another order, an unknown object, a
    /// number in another format, a wrong checksum.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        if with_checksum(text).as_deref() != Some(text) {
            return None;
        }
        let mut root = Level::new(Reader::new(text, Unit::Characters))?;
        if root.take(0)? != "01" {
            return None;
        }
        let initiation = match root.take(1) {
            None => None,
            Some("11") => Some(Initiation::Static),
            Some("12") => Some(Initiation::Dynamic),
            Some(_) => return None,
        };
        let mut accounts = Vec::new();
        while let Some(object) = root.take_between(2, 51) {
            accounts.push(account(&object)?);
        }
        let (category_code, currency) = (root.take(52)?, root.take(53)?);
        let amount = match root.take(54) {
            None => None,
            Some(text) => Some(number(text)?),
        };
        let tip = match (root.take(55), root.take(56), root.take(57)) {
            (None, None, None) => None,
            (Some("01"), None, None) => Some(Tip::Prompt),
            (Some("02"), Some(fee), None) => Some(Tip::Fixed(number(fee)?)),
            (Some("03"), None, Some(fee)) => Some(Tip::Percent(percent(fee)?)),
            _ => return None,
        };
        let country_code = root.take(58)?;
        let (merchant_name, merchant_city) = (root.take(59)?, root.take(60)?);
        let postal_code = root.take(61);
        let mut templates = Vec::new();
        let additional = match root.take_between(62, 62) {
            None => NewAdditional::default(),
            Some(object) => additional(&object, &mut templates)?,
        };
        let language = match root.take_between(64, 64) {
            None => None,
            Some(object) => Some(language(&object)?),
        };
        while let Some(object) = root.take_between(80, 99) {
            template(Path::new(object.tag()), &object, &mut templates)?;
        }
        if root.take(63)?.len() != 4 || !root.is_at_end() {
            return None;
        }
        Some(Self {
            initiation,
            accounts,
            category_code,
            currency,
            amount,
            tip,
            country_code,
            merchant_name,
            merchant_city,
            postal_code,
            additional,
            language,
            templates,
        })
    }

    pub(crate) fn builder(&self) -> Builder<'_> {
        let mut builder = Builder::new(self.merchant_name, self.merchant_city, self.category_code)
            .accounts(&self.accounts)
            .currency(self.currency)
            .country_code(self.country_code)
            .additional(self.additional)
            .templates(&self.templates);
        if let Some(initiation) = self.initiation {
            builder = builder.initiation(initiation);
        }
        if let Some(amount) = self.amount {
            builder = builder.amount(amount);
        }
        if let Some(tip) = self.tip {
            builder = builder.tip(tip);
        }
        if let Some(postal_code) = self.postal_code {
            builder = builder.postal_code(postal_code);
        }
        if let Some(language) = self.language {
            builder = builder.language(language);
        }
        builder
    }
}

/// Objects one after another.
struct Level<'a>(Peekable<IntoIter<Object<'a>>>);

impl<'a> Level<'a> {
    /// `None` if there are not only objects.
    fn new(mut reader: Reader<'a>) -> Option<Self> {
        let mut objects = Vec::new();
        while let Some(object) = reader.next_object().ok()? {
            objects.push(object);
        }
        Some(Self(objects.into_iter().peekable()))
    }

    fn inside(object: &Object<'a>) -> Option<Self> {
        Self::new(Reader::inside(object, Unit::Characters))
    }

    /// The next object, if its tag is one of these.
    fn take_between(&mut self, first: u8, last: u8) -> Option<Object<'a>> {
        self.0.next_if(|it| (first..=last).contains(&it.tag().number()))
    }

    fn take(&mut self, tag: u8) -> Option<&'a str> {
        self.take_between(tag, tag).map(|object| object.value())
    }

    fn is_at_end(&mut self) -> bool {
        self.0.peek().is_none()
    }
}

fn account<'a>(object: &Object<'a>) -> Option<NewAccount<'a>> {
    let tag = object.tag();
    if tag < Tag::FIRST_ACCOUNT {
        let pan = Some(object.value());
        return Some(NewAccount { tag, guid: None, pan, merchant_id: None, criteria: None });
    }
    let mut inside = Level::inside(object)?;
    let (guid, pan) = (inside.take(0), inside.take(1));
    let (merchant_id, criteria) = (inside.take(2), inside.take(3));
    let account = NewAccount { tag, guid, pan, merchant_id, criteria };
    inside.is_at_end().then_some(account)
}

/// 62. The content of 62.50 to 62.99 goes to `templates`.
fn additional<'a>(
    object: &Object<'a>,
    templates: &mut Vec<(Path, &'a str)>,
) -> Option<NewAdditional<'a>> {
    let mut inside = Level::inside(object)?;
    if inside.is_at_end() {
        return None;
    }
    let mut entry = |tag: u8| inside.take(tag).map(Entry::Text);
    let mut additional = NewAdditional {
        bill_number: entry(1),
        mobile_number: entry(2),
        store_label: entry(3),
        loyalty_number: entry(4),
        reference_label: entry(5),
        customer_label: entry(6),
        terminal_label: entry(7),
        purpose: entry(8),
        ..NewAdditional::default()
    };
    additional.consumer_data_request = inside.take(9);
    additional.merchant_tax_id = inside.take(10);
    additional.merchant_channel = inside.take(11);
    while let Some(inner) = inside.take_between(50, 99) {
        template(Path::sub(object.tag(), inner.tag()), &inner, templates)?;
    }
    inside.is_at_end().then_some(additional)
}

/// The values of a template that is not empty and appears once.
fn template<'a>(
    path: Path,
    object: &Object<'a>,
    templates: &mut Vec<(Path, &'a str)>,
) -> Option<()> {
    let mut inside = Level::inside(object)?;
    let is_again = templates.iter().any(|(it, _)| it.tags().take(path.depth()).eq(path.tags()));
    if inside.is_at_end() || is_again {
        return None;
    }
    while let Some(inner) = inside.take_between(0, 99) {
        templates.push((path.join(inner.tag()), inner.value()));
    }
    Some(())
}

/// 64, which has a code and a name, and no combining marks.
fn language<'a>(object: &Object<'a>) -> Option<Language<'a>> {
    let mut inside = Level::inside(object)?;
    let (code, merchant_name) = (inside.take(0)?, inside.take(1)?);
    let language = Language { code, merchant_name, merchant_city: inside.take(2) };
    let is_decomposed = object.value().contains(|c| ('\u{300}'..='\u{36f}').contains(&c));
    (inside.is_at_end() && !is_decomposed).then_some(language)
}

/// An amount as `Builder` writes it.
fn number(text: &str) -> Option<Amount> {
    text.parse().ok().filter(|amount: &Amount| amount.to_string() == text)
}

/// A percentage as `Builder` writes it.
fn percent(text: &str) -> Option<Amount> {
    let is_written_so = matches!(text.as_bytes(), [tens, _, b'.', _, _] if tens.is_ascii_digit());
    text.parse().ok().filter(|_| is_written_so)
}

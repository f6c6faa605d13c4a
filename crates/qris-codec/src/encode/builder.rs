//! New payloads.

use super::number::{NewValue, Number, tip_values};
use super::writer::{CHECKSUM_LEN, Empty, Writer, Written, finished_text, seal};
use crate::amount::Amount;
use crate::charset::Charset;
use crate::error::{ErrorKind, Rules};
use crate::finding::Finding;
use crate::mpm::{Entry, Initiation, Language, Tip};
use crate::rules::limits;
use crate::tag::{Path, Tag};
use crate::tlv::Unit;

/// An account to write: an object of 02 to 51. See [`Builder`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewAccount<'a> {
    /// The tag: 26 for the acquirer, 51 for the national repository.
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

/// The additional data to write: template 62.
///
/// ```
/// use qris_codec::encode::NewAdditional;
/// use qris_codec::Entry;
///
/// let additional = NewAdditional {
///     reference_label: Some(Entry::Text("INV-1")),
///     terminal_label: Some(Entry::Text("A01")),
///     ..NewAdditional::default()
/// };
/// assert_eq!(additional.bill_number, None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewAdditional<'a> {
    /// 62.01, the number of the bill.
    pub bill_number: Option<Entry<'a>>,
    /// 62.02, a mobile number to top up or to bill.
    pub mobile_number: Option<Entry<'a>>,
    /// 62.03, the store.
    pub store_label: Option<Entry<'a>>,
    /// 62.04, a loyalty card's number.
    pub loyalty_number: Option<Entry<'a>>,
    /// 62.05, the merchant's or acquirer's reference.
    pub reference_label: Option<Entry<'a>>,
    /// 62.06, the customer.
    pub customer_label: Option<Entry<'a>>,
    /// 62.07, the terminal.
    pub terminal_label: Option<Entry<'a>>,
    /// 62.08, what the payment is for.
    pub purpose: Option<Entry<'a>>,
    /// 62.09, the payer's data that the wallet sends: letters A, M and E.
    pub consumer_data_request: Option<&'a str>,
    /// 62.10, the merchant's tax ID (EMVCo MPM 1.1).
    pub merchant_tax_id: Option<&'a str>,
    /// 62.11, the merchant channel (EMVCo MPM 1.1).
    pub merchant_channel: Option<&'a str>,
}

impl<'a> NewAdditional<'a> {
    /// All empty. It is `const`, unlike [`Default`].
    const NONE: Self = Self {
        bill_number: None,
        mobile_number: None,
        store_label: None,
        loyalty_number: None,
        reference_label: None,
        customer_label: None,
        terminal_label: None,
        purpose: None,
        consumer_data_request: None,
        merchant_tax_id: None,
        merchant_channel: None,
    };

    /// 62.01 to 62.11, in that order.
    #[inline]
    fn values(&self) -> [Option<&'a str>; 11] {
        let text = |entry: Option<Entry<'a>>| entry.map(Entry::as_str);
        [
            text(self.bill_number),
            text(self.mobile_number),
            text(self.store_label),
            text(self.loyalty_number),
            text(self.reference_label),
            text(self.customer_label),
            text(self.terminal_label),
            text(self.purpose),
            self.consumer_data_request,
            self.merchant_tax_id,
            self.merchant_channel,
        ]
    }
}

/// A new payload.
///
/// The defaults are the rupiah, Indonesia and the national rules; change them with
/// [`currency`](Self::currency), [`country_code`](Self::country_code) and [`rules`](Self::rules).
///
/// ```
/// use qris_codec::encode::{Builder, NewAccount};
/// use qris_codec::{Amount, Initiation, Qris, Tag};
///
/// let accounts = [
///     NewAccount {
///         guid: Some("COM.GO-JEK.WWW"),
///         pan: Some("936009143664001757"),
///         merchant_id: Some("M664001757"),
///         criteria: Some("UMI"),
///         ..NewAccount::new(Tag::FIRST_ACCOUNT)
///     },
///     NewAccount {
///         guid: Some("ID.CO.QRIS.WWW"),
///         merchant_id: Some("ID1020038431489"),
///         criteria: Some("UMI"),
///         ..NewAccount::new(Tag::NATIONAL_ACCOUNT)
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
            currency: limits::RUPIAH,
            amount: None,
            tip: None,
            country_code: limits::INDONESIA,
            merchant_name,
            merchant_city,
            postal_code: None,
            additional: NewAdditional::NONE,
            language: None,
            templates: &[],
        }
    }

    /// The rules that the payload must follow; [`Rules::Qris`] by default.
    #[must_use]
    pub const fn rules(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }

    /// 01, static or dynamic.
    #[must_use]
    pub const fn initiation(self, initiation: Initiation) -> Self {
        Self { initiation: Some(initiation), ..self }
    }

    /// 02 to 51. They are written in the given order; ascending tags are best.
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

    /// 61. Required in Indonesia, where it has five digits.
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

    /// Objects inside the templates 62.50 to 62.99 and 80 to 99. They are written in the given
    /// order: keep the objects of one template together; ascending paths are best, such as
    /// `62.99.00`, `62.99.01`, `80.00`.
    #[must_use]
    pub const fn templates(self, templates: &'a [(Path, &'a str)]) -> Self {
        Self { templates, ..self }
    }

    /// The length of the payload in bytes.
    pub fn encoded_len(&self) -> usize {
        self.write(&mut [], Charset::Any).len.saturating_add(CHECKSUM_LEN)
    }

    /// Writes the payload and returns it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTooSmall`] with the needed length; [`ErrorKind::ValueTooLong`];
    /// [`ErrorKind::NotPrecomposed`]; [`ErrorKind::NotAmendable`] for an account outside 02 to 51,
    /// for more than a number in 02 to 25, and for a path that [`templates`](Self::templates) does
    /// not allow; and the first error or warning that [`findings`](crate::findings) has for the
    /// payload, with its byte in the payload. After an error the buffer is filled with zeros.
    pub fn encode_into<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b str, Finding> {
        let mut len = self.encode_as(Charset::Plain, buffer);
        if len == Err(None) {
            len = self.encode_as(Charset::Any, buffer);
        }
        finished_text(buffer, len)
    }

    fn encode_as(&self, charset: Charset, buffer: &mut [u8]) -> Result<usize, Option<Finding>> {
        let written = self.write(buffer, charset);
        seal(buffer, written, |mut found| match self.rules {
            Rules::Qris => found.next(),
            Rules::Emv => found.payload().severe_findings(Rules::Emv).next(),
        })
    }

    /// Writes everything except the checksum.
    #[inline(never)]
    fn write(&self, buffer: &mut [u8], charset: Charset) -> Written {
        let mut out = Writer::new(buffer, Unit::Characters, charset);
        out.value(Tag::FORMAT, limits::PAYLOAD_FORMAT.as_bytes());
        out.optional(Tag::INITIATION.number(), self.initiation.map(Initiation::as_str));
        for account in self.accounts {
            account.write(&mut out);
        }
        out.value(Tag::CATEGORY_CODE, self.category_code.as_bytes());
        out.value(Tag::CURRENCY, self.currency.as_bytes());
        if let Some(amount) = self.amount {
            out.new_value(Tag::AMOUNT, &NewValue::Number(Number::amount(amount)));
        }
        if self.tip.is_some() {
            for (tag, value) in tip_values(self.tip) {
                value.iter().for_each(|value| out.new_value(tag, value));
            }
        }
        out.value(Tag::COUNTRY, self.country_code.as_bytes());
        out.value(Tag::MERCHANT_NAME, self.merchant_name.as_bytes());
        out.value(Tag::MERCHANT_CITY, self.merchant_city.as_bytes());
        out.optional(Tag::POSTAL_CODE.number(), self.postal_code);
        // Passed by value, because a value whose address is taken stays in memory.
        out = self.write_additional(out);
        if let Some(language) = &self.language {
            out = write_language(language, out);
        }
        if !self.templates.is_empty() {
            out = self.write_templates(out);
        }
        out.finish()
    }

    #[inline(always)]
    fn write_additional<'b>(&self, mut out: Writer<'b>) -> Writer<'b> {
        let open = out.open(Tag::ADDITIONAL_DATA);
        for (number, text) in (1_u8..).zip(self.additional.values()) {
            out.optional(number, text);
        }
        if !self.templates.is_empty() {
            out = self.write_payment_systems(out);
        }
        out.close(open, Empty::Dropped);
        out
    }

    /// 62.50 to 62.99.
    #[cold]
    fn write_payment_systems<'b>(&self, mut out: Writer<'b>) -> Writer<'b> {
        let inside = self.templates.iter().filter(|(path, _)| is_payment_system(path));
        let subs = inside.clone().filter_map(|(path, _)| path.tags().nth(1));
        each_once(subs, |sub| {
            let open = out.open(sub);
            for (path, value) in inside.clone() {
                if path.tags().nth(1) == Some(sub) {
                    out.value(path.last(), value.as_bytes());
                }
            }
            out.close(open, Empty::Kept);
        });
        out
    }

    /// 80 to 99.
    #[cold]
    fn write_templates<'b>(&self, mut out: Writer<'b>) -> Writer<'b> {
        for (path, _) in self.templates {
            let is_unreserved = path.root().number() >= 80 && path.depth() == 2;
            let is_deep = is_payment_system(path) && path.depth() == 3;
            if !is_unreserved && !is_deep {
                out.fail(ErrorKind::NotAmendable { tag: path.root() });
            }
        }
        let roots = self.templates.iter().map(|(path, _)| path.root());
        each_once(roots.filter(|tag| tag.number() >= 80), |root| {
            let open = out.open(root);
            for (path, value) in self.templates.iter().filter(|(path, _)| path.root() == root) {
                out.value(path.last(), value.as_bytes());
            }
            out.close(open, Empty::Kept);
        });
        out
    }
}

/// Whether a path leads into 62.50 to 62.99.
fn is_payment_system(path: &Path) -> bool {
    let sub = path.tags().nth(1).map(Tag::number);
    path.root() == Tag::ADDITIONAL_DATA && sub.is_some_and(|sub| sub >= 50)
}

/// 64.
#[cold]
fn write_language<'b>(language: &Language<'_>, mut out: Writer<'b>) -> Writer<'b> {
    let texts = [Some(language.merchant_name), language.merchant_city];
    if texts.into_iter().flatten().any(is_decomposed) {
        out.fail(ErrorKind::NotPrecomposed);
    }
    let open = out.open(Tag::LANGUAGE);
    let Language { code, merchant_name, merchant_city } = *language;
    for (number, text) in (0..).zip([Some(code), Some(merchant_name), merchant_city]) {
        out.optional(number, text);
    }
    out.close(open, Empty::Kept);
    out
}

impl NewAccount<'_> {
    /// An empty account with this tag. Use it with struct update syntax, so that later versions can
    /// add fields.
    pub const fn new(tag: Tag) -> Self {
        Self { tag, guid: None, pan: None, merchant_id: None, criteria: None }
    }

    #[inline(always)]
    fn write(&self, out: &mut Writer<'_>) {
        let is_plain = self.tag < Tag::FIRST_ACCOUNT;
        let more = self.guid.or(self.merchant_id).or(self.criteria).is_some();
        if !matches!(self.tag.number(), 2..=51) || (is_plain && more) {
            out.fail(ErrorKind::NotAmendable { tag: self.tag });
        }
        if is_plain {
            return out.optional(self.tag.number(), self.pan);
        }
        let open = out.open(self.tag);
        out.optional(0, self.guid);
        out.optional(1, self.pan);
        out.optional(2, self.merchant_id);
        out.optional(3, self.criteria);
        out.close(open, Empty::Kept);
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

/// Whether a text has combining marks where EMVCo MPM 4.5.3.1 requires precomposed characters.
///
/// It checks the block of combining diacritical marks, not all of Unicode: normalization needs
/// tables that are larger than this crate.
fn is_decomposed(text: &str) -> bool {
    text.contains(|c| matches!(c, '\u{300}'..='\u{36f}'))
}

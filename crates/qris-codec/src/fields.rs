//! The types of a payload's fields.

use crate::amount::Amount;
use crate::rules::limits;
use crate::tlv::{Object, Reader};

/// A tip or fee that is added to the amount (tags 55 to 57).
///
/// ```
/// use qris_codec::{Amount, Payload, Tip};
///
/// let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
///             CONTOH6007JAKARTA61051011062070703A01630466DC";
/// let mut buffer = [0; 512];
/// let with_fee = Payload::parse(text)?
///     .to_dynamic(Amount::rupiah(25_000))
///     .tip(Some(Tip::Fixed(Amount::rupiah(500))))
///     .encode_into(&mut buffer)?;
/// assert_eq!(Payload::parse(with_fee)?.tip(), Some(Ok(Tip::Fixed(Amount::rupiah(500)))));
/// # Ok::<(), qris_codec::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tip {
    /// `01`: the wallet asks the payer for a tip.
    Prompt,
    /// `02`: a fixed convenience fee in the payload's currency.
    Fixed(Amount),
    /// `03`: a convenience fee in percent of the amount.
    Percent(Amount),
}

/// The objects of a root or a template whose framing is checked to the end.
///
/// See [`Reader`](crate::tlv::Reader) for an example.
#[derive(Clone, Debug)]
pub struct Objects<'a> {
    pub(crate) reader: Reader<'a>,
}

impl<'a> Iterator for Objects<'a> {
    type Item = Object<'a>;

    #[inline]
    fn next(&mut self) -> Option<Object<'a>> {
        self.reader.step()
    }
}

impl<'a> Objects<'a> {
    /// The value of the first object of this tag.
    pub(crate) fn value_of(mut self, number: u8) -> Option<&'a str> {
        self.find(|object| object.tag().number() == number).map(|object| object.value())
    }
}

/// A value of the additional data: a text, or a request to ask the payer.
///
/// See [`AdditionalData`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
// With a tag of its own, an absent value is known by its tag alone. Optimised code would look at a text that
// was never written before it looks at the tag, which changes nothing, but valgrind reports it to C programs.
#[repr(u8)]
pub enum Entry<'a> {
    /// The value itself.
    Text(&'a str),
    /// `***`: the wallet asks the payer for it.
    Ask,
}

impl<'a> Entry<'a> {
    /// The value in the payload: `***` if the wallet asks the payer.
    pub const fn as_str(self) -> &'a str {
        match self {
            Self::Text(text) => text,
            Self::Ask => "***",
        }
    }
}

/// The objects of template 62 (EMVCo MPM, additional data field template).
///
/// ```
/// use qris_codec::{Payload, mpm::Entry};
///
/// let text = "00020101021126630014ID.SPINPAY.WWW011893600816343100062402121314310006240303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204839853033605802ID5904SPIN60\
///             13Jakarta Pusat61051034062140103***0703A0163045CDD";
/// let additional = Payload::parse(text)?.additional();
/// assert_eq!(additional.bill_number(), Some(Entry::Ask));
/// assert_eq!(additional.terminal_label(), Some(Entry::Text("A01")));
/// assert_eq!(additional.reference_label(), None);
/// # Ok::<(), qris_codec::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct AdditionalData<'a> {
    pub(crate) objects: Option<Objects<'a>>,
}

impl<'a> AdditionalData<'a> {
    fn text(&self, number: u8) -> Option<&'a str> {
        self.objects.clone()?.value_of(number)
    }

    fn entry(&self, number: u8) -> Option<Entry<'a>> {
        self.text(number).map(|text| if text == "***" { Entry::Ask } else { Entry::Text(text) })
    }

    /// 62.01, the number of the bill.
    pub fn bill_number(&self) -> Option<Entry<'a>> {
        self.entry(1)
    }

    /// 62.02, a mobile number to top up or to bill.
    pub fn mobile_number(&self) -> Option<Entry<'a>> {
        self.entry(2)
    }

    /// 62.03, the store.
    pub fn store_label(&self) -> Option<Entry<'a>> {
        self.entry(3)
    }

    /// 62.04, a loyalty card's number.
    pub fn loyalty_number(&self) -> Option<Entry<'a>> {
        self.entry(4)
    }

    /// 62.05, the merchant's or acquirer's reference; the Open API puts its invoice ID here.
    pub fn reference_label(&self) -> Option<Entry<'a>> {
        self.entry(5)
    }

    /// 62.06, the customer.
    pub fn customer_label(&self) -> Option<Entry<'a>> {
        self.entry(6)
    }

    /// 62.07, the terminal.
    pub fn terminal_label(&self) -> Option<Entry<'a>> {
        self.entry(7)
    }

    /// 62.08, what the payment is for.
    pub fn purpose(&self) -> Option<Entry<'a>> {
        self.entry(8)
    }

    /// 62.09, the payer's data that the wallet sends: letters A (address), M (mobile number) and E
    /// (e-mail address).
    pub fn consumer_data_request(&self) -> Option<&'a str> {
        self.text(9)
    }

    /// 62.10, the merchant's tax ID (EMVCo MPM 1.1).
    pub fn merchant_tax_id(&self) -> Option<&'a str> {
        self.text(10)
    }

    /// 62.11, the merchant channel: three digits for medium, place and presence (EMVCo MPM 1.1).
    pub fn merchant_channel(&self) -> Option<&'a str> {
        self.text(11)
    }
}

/// The merchant in another language (template 64).
///
/// ```
/// use qris_codec::encode::Builder;
/// use qris_codec::{Payload, Rules, mpm::Language};
///
/// let name = Language { code: "EN", merchant_name: "SAMPLE SHOP", merchant_city: None };
/// let accounts = [qris_codec::encode::NewAccount {
///     guid: Some("COM.EXAMPLE"),
///     ..qris_codec::encode::NewAccount::new(qris_codec::Tag::FIRST_ACCOUNT)
/// }];
/// let mut buffer = [0; 512];
/// let text = Builder::new("TOKO CONTOH", "JAKARTA", "5812")
///     .rules(Rules::Emv)
///     .accounts(&accounts)
///     .language(name)
///     .encode_into(&mut buffer)?;
/// assert_eq!(Payload::parse(text)?.language(), Some(name));
/// # Ok::<(), qris_codec::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language<'a> {
    /// 64.00, the language as two letters (ISO 639).
    pub code: &'a str,
    /// 64.01, the merchant's name.
    pub merchant_name: &'a str,
    /// 64.02, the merchant's city.
    pub merchant_city: Option<&'a str>,
}

/// Whether a code stays the same for many payments or is made for one (tag 01).
///
/// ```
/// use qris_codec::Initiation;
///
/// assert_eq!(Initiation::Dynamic.as_str(), "12");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initiation {
    /// `11`: one code for many payments, such as a sticker.
    Static,
    /// `12`: a new code for each payment.
    Dynamic,
}

impl Initiation {
    /// The value of tag 01: `11` or `12`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Static => limits::STATIC,
            Self::Dynamic => limits::DYNAMIC,
        }
    }
}

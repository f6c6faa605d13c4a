//! The national layer: payloads that follow Bank Indonesia's rules, and their accounts.

use crate::amount::Amount;
use crate::error::{Error, Rules, Severity};
use crate::findings::{Findings, collect};
use crate::mpm::{AdditionalData, Entry, Initiation, Payload, Tip};
use crate::rules::Purpose;
use crate::scan::is_without_error;
use crate::tag::Tag;
use crate::tlv::Object;

/// A payload without a finding of severity error under [`Rules::Qris`].
///
/// Mandatory values are not `Option` here. Warnings are allowed: get them with
/// [`Payload::findings`]. Other values are in [`payload`](Self::payload).
///
/// ```
/// use qris_codec::{Amount, Qris};
///
/// let text = "00020101021226620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI\
///             51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605405250005802ID\
///             5911TOKO CONTOH6007JAKARTA61051011062070703A0163040FCD";
/// let code = Qris::parse(text)?;
/// assert_eq!(code.merchant_name(), "TOKO CONTOH");
/// assert_eq!(code.amount(), Some(Amount::rupiah(25_000)));
/// assert_eq!(code.nmid(), Some("ID1020038431489"));
/// let account = code.accounts().next().unwrap();
/// assert_eq!(account.pan(), Some("9360091436640017575"));
/// assert_eq!(account.criteria(), Some("UMI"));
/// # Ok::<(), qris_codec::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Qris<'a> {
    payload: Payload<'a>,
}

impl<'a> Qris<'a> {
    /// Reads a payload and checks it against the national rules.
    ///
    /// # Errors
    ///
    /// The same as of [`Payload::parse`], then the first finding of severity error.
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        match Payload::sealed(text) {
            Some(payload) if is_without_error(&payload) => Ok(Self { payload }),
            sealed => Self::from_findings(collect(text, sealed, Rules::Qris)?),
        }
    }

    #[cold]
    fn from_findings(found: Findings<'a>) -> Result<Self, Error> {
        let payload = found.payload();
        let mut errors = found.filter(|finding| finding.severity() == Severity::Error);
        errors.next().map_or(Ok(Self { payload }), |finding| Err(finding.error()))
    }

    /// The payload, with the methods of all payloads.
    pub const fn payload(&self) -> &Payload<'a> {
        &self.payload
    }

    /// 01: whether the code is for one payment or for many. `None` if it is missing.
    pub fn initiation(&self) -> Option<Initiation> {
        self.payload.initiation()
    }

    /// 02 to 50, see [`Payload::accounts`].
    pub fn accounts(&self) -> impl Iterator<Item = Account<'a>> {
        self.payload.accounts()
    }

    /// 51.02, the National Merchant ID. Show it under the QR.
    pub fn nmid(&self) -> Option<&'a str> {
        self.payload.nmid()
    }

    /// The merchant's size, see [`Payload::criteria`].
    pub fn criteria(&self) -> Option<&'a str> {
        self.payload.criteria()
    }

    /// What a transfer is for, see [`Payload::transfer`]; `None` for a payment.
    pub fn transfer(&self) -> Option<Purpose> {
        self.payload.transfer()
    }

    /// 52, the merchant category code: four digits.
    pub fn merchant_category_code(&self) -> &'a str {
        self.payload.merchant_category_code().unwrap_or_default()
    }

    /// 53, the currency: three digits, `360` in Indonesia.
    pub fn currency(&self) -> &'a str {
        self.payload.currency().unwrap_or_default()
    }

    /// 54, the amount. `None` if the payer enters it.
    pub fn amount(&self) -> Option<Amount> {
        self.payload.amount()?.ok()
    }

    /// 55 to 57, the tip or fee that is added to the amount.
    pub fn tip(&self) -> Option<Tip> {
        self.payload.tip()?.ok()
    }

    /// 58, the country: two upper-case letters.
    pub fn country_code(&self) -> &'a str {
        self.payload.country_code().unwrap_or_default()
    }

    /// 59, the merchant's name.
    pub fn merchant_name(&self) -> &'a str {
        self.payload.merchant_name().unwrap_or_default()
    }

    /// 60, the merchant's city.
    pub fn merchant_city(&self) -> &'a str {
        self.payload.merchant_city().unwrap_or_default()
    }

    /// 61, the merchant's postal code.
    pub fn postal_code(&self) -> Option<&'a str> {
        self.payload.postal_code()
    }

    /// 62, additional data about the payment.
    pub fn additional(&self) -> AdditionalData<'a> {
        self.payload.additional()
    }
}

impl<'a> TryFrom<Payload<'a>> for Qris<'a> {
    type Error = Error;

    fn try_from(payload: Payload<'a>) -> Result<Self, Error> {
        Self::from_findings(payload.findings(Rules::Qris))
    }
}

impl<'a> Payload<'a> {
    /// 02 to 50: the accounts through which the merchant is paid, in order.
    ///
    /// 51 is not one of them: it is the merchant's entry in the national repository, see
    /// [`national`](Self::national).
    pub fn accounts(&self) -> impl Iterator<Item = Account<'a>> {
        let payload = *self;
        payload
            .objects()
            .filter(|object| matches!(object.tag().number(), 2..=50))
            .map(move |object| Account { payload, object })
    }

    /// 51: the merchant in the national repository.
    pub fn national(&self) -> Option<Account<'a>> {
        let object = self.objects().find(|object| object.tag() == Tag::NATIONAL_ACCOUNT)?;
        Some(Account { payload: *self, object })
    }

    /// 51.02, the National Merchant ID. Show it under the QR.
    pub fn nmid(&self) -> Option<&'a str> {
        self.national()?.merchant_id()
    }

    /// The merchant's size: `UMI` micro, `UKE` small, `UME` medium, `UBE` large, `URE` regular,
    /// `PSO` public service obligation, `BLU` public service agency. From 51.03, or from the first
    /// account that has it.
    pub fn criteria(&self) -> Option<&'a str> {
        let national = self.national().and_then(|account| account.criteria());
        national.or_else(|| self.accounts().find_map(|account| account.criteria()))
    }

    /// What a QRIS transfer, cash-in or cash-out is for; `None` for a payment.
    ///
    /// A payload is a transfer if it has object 40 and 62.08 is one of the transfer purposes.
    pub fn transfer(&self) -> Option<Purpose> {
        self.accounts().find(|account| account.tag() == Tag::TRANSFER_ACCOUNT)?;
        self.additional().purpose().map(Entry::as_str).and_then(Purpose::from_code)
    }
}

/// One of the merchant's accounts: an object of 02 to 51.
///
/// 02 to 25 are plain account numbers of international schemes. 26 to 51 are templates. Their
/// objects have the names of QRIS tables 4.3 and 4.5; other countries use them differently.
///
/// See [`Qris`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account<'a> {
    payload: Payload<'a>,
    object: Object<'a>,
}

impl<'a> Account<'a> {
    /// The tag of the account.
    pub const fn tag(&self) -> Tag {
        self.object.tag()
    }

    /// The object itself.
    pub const fn object(&self) -> Object<'a> {
        self.object
    }

    fn part(&self, number: u8) -> Option<&'a str> {
        if self.tag() < Tag::FIRST_ACCOUNT {
            return None;
        }
        self.payload.inside(&self.object)?.value_of(number)
    }

    /// 00, the globally unique identifier: a reverse domain, or `00`.
    pub fn guid(&self) -> Option<&'a str> {
        self.part(0)
    }

    /// 01, the merchant PAN; for 02 to 25 the account number.
    pub fn pan(&self) -> Option<&'a str> {
        if self.tag() < Tag::FIRST_ACCOUNT { Some(self.object.value()) } else { self.part(1) }
    }

    /// 02, the acquirer's merchant ID; in 51 the NMID.
    pub fn merchant_id(&self) -> Option<&'a str> {
        self.part(2)
    }

    /// 03, the merchant's size.
    pub fn criteria(&self) -> Option<&'a str> {
        self.part(3)
    }

    /// The first eight digits of the PAN: the institution's number in the national numbering system
    /// (NNS).
    pub fn nns(&self) -> Option<&'a str> {
        self.part(1)?.get(..8).filter(|nns| nns.starts_with("9360"))
    }

    /// The institution of the PAN, if it is in the list.
    #[cfg(feature = "tables")]
    pub fn institution(&self) -> Option<&'static crate::tables::Institution> {
        crate::tables::institution(self.nns()?)
    }
}

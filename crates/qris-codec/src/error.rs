//! What can be wrong with a text, where, and how bad it is.

use core::fmt;

use crate::tag::Tag;

/// A refusal: what is wrong, and at which byte of the text.
///
/// Eight bytes, `Copy`, no allocation. The message says what was expected and what was found and
/// never quotes the payload.
///
/// ```
/// use qris_codec::{ErrorKind, Payload, Tag};
///
/// let error = Payload::parse("0002015912WARUNG").unwrap_err();
/// assert_eq!(
///     error.kind(),
///     ErrorKind::Truncated { tag: Tag::MERCHANT_NAME, expected: 12, found: 6 },
/// );
/// assert_eq!(error.offset(), 10);
/// assert_eq!(error.to_string(), "object 59 should hold 12 characters, found 6 at byte 10");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {offset}")]
pub struct Error {
    kind: ErrorKind,
    offset: u16,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, offset: usize) -> Self {
        Self { kind, offset: u16::try_from(offset).unwrap_or(u16::MAX) }
    }

    pub(crate) const fn at(kind: ErrorKind, offset: u16) -> Self {
        Self { kind, offset }
    }

    /// What is wrong.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Where, in bytes from the start of the whole text, inside templates too.
    pub const fn offset(&self) -> usize {
        self.offset as usize
    }
}

/// How much a deviation matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; seen in codes that work everywhere.
    Info,
    /// Against the text of a rule; most wallets put up with it.
    Warning,
    /// The payload must not be used.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Whose rules a payload is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rules {
    /// EMVCo's text for merchant-presented codes, for any country.
    Emv,
    /// EMVCo's text and Indonesia's national rules.
    Qris,
}

/// One row of the list of everything that can be found: see [`ErrorKind::LIST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable word for it, the same in Rust, C, Python and JSON.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// [`Rules::Qris`] where only the national rules say so.
    pub rules: Rules,
    /// The clause of the standard that it goes back to.
    pub clause: &'static str,
    /// What was expected and what was found, with the names of facts in braces.
    pub message: &'static str,
}

/// Defines [`ErrorKind`] and [`ErrorKind::LIST`] from one list, so that they cannot disagree.
macro_rules! kinds {
    ($(
        $(#[$meta:meta])*
        $name:ident $({ $($(#[$field_meta:meta])* $field:ident: $type:ty,)* })?
            => ($severity:ident, $rules:ident, $code:literal, $clause:literal, $message:literal);
    )*) => {
        /// Everything that can be wrong with a text: refusals of the parser, errors, warnings
        /// and information.
        ///
        /// A kind carries facts; [`code`](Self::code) is its stable name and `Display` its
        /// sentence. The [`findings`](crate::findings) module lists them all.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $(
                $(#[$meta])*
                #[error($message)]
                $name $({ $($(#[$field_meta])* $field: $type,)* })?,
            )*
        }

        impl ErrorKind {
            /// Every kind there is, in the order of the list in [`findings`](crate::findings).
            pub const LIST: &'static [Rule] = &[$(
                Rule {
                    code: $code,
                    severity: Severity::$severity,
                    rules: Rules::$rules,
                    clause: $clause,
                    message: $message,
                },
            )*];

            /// The stable kebab-case name, such as `checksum-mismatch`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name { .. } => $code,)* }
            }

            /// How much it matters.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name { .. } => Severity::$severity,)* }
            }
        }
    };
}

kinds! {
    /// There is no text, or nothing but white space.
    Empty => (Error, Emv, "text-empty", "EMVCo 4.6.1",
        "expected a payload, found no text");
    /// The text is longer than [`Payload::MAX_LEN`](crate::Payload::MAX_LEN).
    TooLong => (Error, Emv, "text-too-long", "EMVCo 3.2",
        "expected at most 65535 bytes, found more");
    /// The bytes are not UTF-8.
    Utf8 => (Error, Emv, "text-not-utf8", "EMVCo 4.12",
        "expected UTF-8 text, found bytes that are none");
    /// One to three characters stand where an object's four-digit header should.
    Header {
        /// How many characters are there.
        found: u8,
    } => (Error, Emv, "object-header-short", "EMVCo 3.2",
        "expected the four digits of an object's tag and length, found {found} characters");
    /// The tag or the length of an object is not two ASCII digits.
    Digits {
        /// Which of the two.
        field: Field,
    } => (Error, Emv, "object-header-not-digits", "EMVCo 3.2",
        "expected two digits for the {field} of an object, found something else");
    /// The text, or the template, ends inside an object.
    Truncated {
        /// The object.
        tag: Tag,
        /// How many characters its length asks for.
        expected: u8,
        /// How many there are.
        found: u8,
    } => (Error, Emv, "object-truncated", "EMVCo 4.4.1.1",
        "object {tag} should hold {expected} characters, found {found}");
    /// The length, counted in bytes, ends inside a character.
    SplitCharacter {
        /// The object.
        tag: Tag,
    } => (Error, Emv, "object-splits-character", "EMVCo 4.4.1.1",
        "expected object {tag} to end between two characters, found its length in bytes ends inside one");
    /// The first object is not the Payload Format Indicator.
    FormatNotFirst {
        /// The object that stands first.
        found: Tag,
    } => (Error, Emv, "format-not-first", "EMVCo 4.6.1",
        "expected object 00 first, found object {found}");
    /// There is no object 63.
    ChecksumMissing => (Error, Emv, "checksum-missing", "EMVCo 4.6.1",
        "expected object 63, the checksum, last, found none");
    /// Objects follow the checksum.
    ChecksumNotLast {
        /// The object behind it.
        found: Tag,
    } => (Error, Emv, "checksum-not-last", "EMVCo 4.6.1",
        "expected object 63, the checksum, last, found object {found} after it");
    /// The checksum is not four characters of one byte each.
    ChecksumLength {
        /// How many bytes it has.
        found: u8,
    } => (Error, Emv, "checksum-length", "EMVCo object 63",
        "expected a checksum of 4 characters, found {found} bytes");
    /// The checksum is not hexadecimal.
    ChecksumDigits => (Error, Emv, "checksum-not-hexadecimal", "EMVCo object 63",
        "expected a checksum of four hexadecimal digits, found something else");
    /// The checksum does not belong to the text before it.
    ChecksumMismatch {
        /// The checksum that the payload carries.
        found: u16,
        /// The checksum of the text.
        expected: u16,
    } => (Error, Emv, "checksum-mismatch", "EMVCo object 63",
        "expected checksum {expected:04X}, found {found:04X}");
    /// An object stands twice at the root or in a template.
    Duplicate {
        /// The object.
        tag: Tag,
    } => (Error, Emv, "object-duplicate", "EMVCo 4.3.1.2",
        "expected object {tag} once, found it again");
    /// 00 is not `01`.
    FormatUnknown => (Error, Emv, "format-unknown", "EMVCo object 00",
        "expected payload format 01, found another");
    /// 01 is neither `11` nor `12`.
    InitiationUnknown => (Error, Emv, "initiation-unknown", "EMVCo object 01",
        "expected 11 (static) or 12 (dynamic), found another");
    /// None of 02 to 51 is there.
    AccountMissing => (Error, Emv, "account-missing", "EMVCo objects 02-51",
        "expected a merchant account among objects 02 to 51, found none");
    /// The value of 26 to 51 is not objects to its end.
    AccountNotTlv => (Error, Emv, "account-not-tlv", "EMVCo 4.7.11",
        "expected objects inside an account template, found something else");
    /// 52 is not there.
    CategoryCodeMissing => (Error, Emv, "category-code-missing", "EMVCo object 52",
        "expected object 52, the merchant category code, found none");
    /// 52 is not four digits.
    CategoryCodeShape => (Error, Emv, "category-code-shape", "EMVCo object 52",
        "expected a merchant category code of four digits, found something else");
    /// 53 is not there.
    CurrencyMissing => (Error, Emv, "currency-missing", "EMVCo object 53",
        "expected object 53, the currency, found none");
    /// 53 is not three digits.
    CurrencyShape => (Error, Emv, "currency-shape", "EMVCo object 53",
        "expected a currency of three digits, found something else");
    /// 53 is not the rupiah although 58 is Indonesia.
    CurrencyNotRupiah => (Error, Qris, "currency-not-rupiah", "QRIS object 53",
        "expected currency 360 in country ID, found another");
    /// 54 or 56 is not digits with at most one point among or behind them.
    AmountSyntax => (Error, Emv, "amount-syntax", "EMVCo objects 54, 56",
        "expected digits with at most one decimal point, found something else");
    /// 54 or 56 is nothing.
    AmountZero => (Error, Emv, "amount-zero", "EMVCo objects 54, 56",
        "expected an amount other than zero, found zero");
    /// 54 or 56 is longer than thirteen characters.
    AmountTooLong {
        /// How many characters it has.
        found: u8,
    } => (Error, Emv, "amount-too-long", "EMVCo objects 54, 56",
        "expected an amount of at most 13 characters, found {found}");
    /// 55 is none of `01`, `02`, `03`.
    TipUnknown => (Error, Emv, "tip-unknown", "EMVCo object 55",
        "expected 01 (ask), 02 (fixed) or 03 (percentage), found another");
    /// 55 is `02` and 56 is not there.
    FeeFixedMissing => (Error, Emv, "fee-fixed-missing", "EMVCo object 56",
        "expected object 56, the fixed fee that object 55 announces, found none");
    /// 55 is `03` and 57 is not there.
    FeePercentMissing => (Error, Emv, "fee-percent-missing", "EMVCo object 57",
        "expected object 57, the percentage that object 55 announces, found none");
    /// 57 is not a percentage between 00.01 and 99.99 of at most five characters.
    FeePercentRange => (Error, Emv, "fee-percent-range", "EMVCo object 57",
        "expected a percentage from 00.01 to 99.99 of at most 5 characters, found something else");
    /// 58 is not there.
    CountryMissing => (Error, Emv, "country-missing", "EMVCo object 58",
        "expected object 58, the country, found none");
    /// 58 is not two upper-case letters.
    CountryShape => (Error, Emv, "country-shape", "EMVCo object 58",
        "expected a country of two upper-case letters, found something else");
    /// 59 is not there.
    MerchantNameMissing => (Error, Emv, "merchant-name-missing", "EMVCo object 59",
        "expected object 59, the merchant name, found none");
    /// 60 is not there.
    MerchantCityMissing => (Error, Emv, "merchant-city-missing", "EMVCo object 60",
        "expected object 60, the merchant city, found none");
    /// 64 has no 00.
    LanguageCodeMissing => (Error, Emv, "language-code-missing", "EMVCo object 64",
        "expected object 64.00, the language, found none");
    /// 64 has no 01.
    LanguageNameMissing => (Error, Emv, "language-name-missing", "EMVCo object 64",
        "expected object 64.01, the merchant name in that language, found none");
    /// The merchant PAN is not digits.
    MpanNotDigits => (Error, Qris, "mpan-not-digits", "QRIS table 4.3",
        "expected a merchant PAN of digits, found something else");
    /// The merchant PAN is longer than nineteen digits.
    MpanTooLong {
        /// How many digits it has.
        found: u8,
    } => (Error, Qris, "mpan-too-long", "QRIS table 4.3",
        "expected a merchant PAN of at most 19 digits, found {found}");
    /// A QRIS transfer is not dynamic.
    TransferNotDynamic => (Error, Qris, "transfer-not-dynamic", "QRIS TTS",
        "expected 12 (dynamic) in object 01 of a transfer, found another");
    /// A QRIS transfer has another merchant category than 4829.
    TransferCategory => (Error, Qris, "transfer-category", "QRIS TTS",
        "expected merchant category 4829 in a transfer, found another");
    /// The purpose of a QRIS transfer is none that is known.
    TransferPurpose => (Error, Qris, "transfer-purpose-unknown", "QRIS TTS",
        "expected one of BOOK, DMCT, XBCT, CWDL, CDPT, POSP, BILL as the purpose of a transfer, found another");
    /// A byte-order mark stands round the payload.
    ByteOrderMark => (Warning, Emv, "byte-order-mark", "practice",
        "expected the payload alone, found a byte-order mark beside it");
    /// White space stands round the payload.
    SurroundingSpace => (Warning, Emv, "surrounding-space", "practice",
        "expected the payload alone, found white space beside it");
    /// Lengths count bytes where they should count characters.
    LengthInBytes => (Warning, Emv, "length-in-bytes", "EMVCo 4.4.1.1",
        "expected lengths in characters, found lengths in bytes");
    /// The payload is longer than 512 characters.
    PayloadLong {
        /// How many characters it has.
        found: u16,
    } => (Warning, Emv, "payload-long", "QRIS 4.1",
        "expected at most 512 characters, found {found}");
    /// The checksum is written with lower-case letters.
    ChecksumLowerCase => (Warning, Emv, "checksum-lower-case", "EMVCo object 63",
        "expected upper-case hexadecimal digits, found lower case");
    /// An object has the length 00.
    ObjectEmpty => (Warning, Emv, "object-empty", "EMVCo 4.4.1.2",
        "expected 1 to 99 characters, found 0");
    /// The value of 62, 64 or 80 to 99 is not objects to its end.
    TemplateNotTlv => (Warning, Emv, "template-not-tlv", "EMVCo objects 62, 64, 80-99",
        "expected objects inside a template, found something else");
    /// 54 or 56 has more decimals than the currency, or some but not all of them.
    AmountDecimals {
        /// How many decimals the currency has.
        expected: u8,
        /// How many there are.
        found: u8,
    } => (Warning, Emv, "amount-decimals", "EMVCo object 54",
        "expected no decimals or {expected}, found {found}");
    /// 54 or 56 begins with a zero that says nothing.
    AmountLeadingZero => (Warning, Emv, "amount-leading-zero", "EMVCo object 54",
        "expected no leading zero, found one");
    /// 56 is there although 55 is not `02`.
    FeeFixedUnexpected => (Warning, Emv, "fee-fixed-unexpected", "EMVCo object 56",
        "expected no fixed fee unless object 55 is 02, found one");
    /// 57 is there although 55 is not `03`.
    FeePercentUnexpected => (Warning, Emv, "fee-percent-unexpected", "EMVCo object 57",
        "expected no percentage unless object 55 is 03, found one");
    /// 57 is not two digits, a point and two digits.
    FeePercentShape => (Warning, Emv, "fee-percent-shape", "EMVCo object 57",
        "expected a percentage written NN.NN, found it written otherwise");
    /// The merchant name is longer than 25 characters.
    MerchantNameLong {
        /// How many characters it has.
        found: u8,
    } => (Warning, Emv, "merchant-name-long", "EMVCo objects 59, 64.01",
        "expected a merchant name of at most 25 characters, found {found}");
    /// The merchant city is longer than 15 characters.
    MerchantCityLong {
        /// How many characters it has.
        found: u8,
    } => (Warning, Emv, "merchant-city-long", "EMVCo objects 60, 64.02",
        "expected a merchant city of at most 15 characters, found {found}");
    /// The postal code is longer than 10 characters.
    PostalCodeLong {
        /// How many characters it has.
        found: u8,
    } => (Warning, Emv, "postal-code-long", "EMVCo object 61",
        "expected a postal code of at most 10 characters, found {found}");
    /// A character stands where only printable ASCII may.
    TextNotAns => (Warning, Emv, "text-not-ans", "EMVCo 4.5.3.1",
        "expected printable ASCII, found another character");
    /// One of 62.01 to 62.08 is longer than 25 characters, or 62.10 than 20.
    AdditionalLong {
        /// How many characters it may have.
        expected: u8,
        /// How many it has.
        found: u8,
    } => (Warning, Emv, "additional-long", "EMVCo object 62",
        "expected at most {expected} characters, found {found}");
    /// 62.09 is not some of A, M and E, once each.
    ConsumerDataRequest => (Warning, Emv, "consumer-data-request", "EMVCo object 62.09",
        "expected some of the letters A, M and E, once each, found something else");
    /// 62.11 is not three characters.
    MerchantChannel {
        /// How many characters it has.
        found: u8,
    } => (Warning, Emv, "merchant-channel-length", "EMVCo 1.1 object 62.11",
        "expected a merchant channel of 3 characters, found {found}");
    /// A template of 26 to 51 or 80 to 99 has no 00.
    GuidMissing => (Warning, Emv, "guid-missing", "EMVCo 4.7.11.2",
        "expected object 00, the globally unique identifier, found none");
    /// A globally unique identifier is longer than 32 characters.
    GuidLong {
        /// How many characters it has.
        found: u8,
    } => (Warning, Emv, "guid-long", "EMVCo 4.7.11.2",
        "expected an identifier of at most 32 characters, found {found}");
    /// 65 to 79 or 62.12 to 62.49, which are reserved for future use.
    Reserved => (Warning, Emv, "object-reserved", "EMVCo objects 65-79, 62.12-49",
        "expected no object of a tag that is reserved, found one");
    /// 01 is not there.
    InitiationMissing => (Warning, Qris, "initiation-missing", "QRIS object 01",
        "expected object 01 to say static or dynamic, found none");
    /// A static code asks for an amount.
    StaticWithAmount => (Warning, Qris, "static-with-amount", "QRIS object 54",
        "expected no amount in a static code, found one");
    /// A dynamic code asks for no amount.
    DynamicWithoutAmount => (Warning, Qris, "dynamic-without-amount", "QRIS object 54",
        "expected an amount in a dynamic code, found none");
    /// The amount is above the ceiling of Rp10,000,000 a transaction.
    AmountOverCeiling => (Warning, Qris, "amount-over-ceiling", "PADG 24/1/PADG/2022 art. 8",
        "expected at most 10000000 rupiah, found more");
    /// 61 is not there although 58 is Indonesia.
    PostalCodeMissing => (Warning, Qris, "postal-code-missing", "QRIS 4.7.15",
        "expected object 61, the postal code, in country ID, found none");
    /// 61 is not five digits although 58 is Indonesia.
    PostalCodeShape => (Warning, Qris, "postal-code-shape", "QRIS 4.7.15",
        "expected a postal code of five digits in country ID, found something else");
    /// A static code has no 51.
    NationalAccountMissing => (Warning, Qris, "national-account-missing", "QRIS 4.7.7",
        "expected object 51, the national repository, in a static code, found none");
    /// 51 has no 02.
    NmidMissing => (Warning, Qris, "nmid-missing", "QRIS table 4.5",
        "expected object 51.02, the NMID, found none");
    /// The NMID is not `ID` and thirteen digits.
    NmidShape => (Warning, Qris, "nmid-shape", "QRIS table 4.5",
        "expected an NMID of ID and 13 digits, found something else");
    /// An acquirer's template has no 01.
    MpanMissing => (Warning, Qris, "mpan-missing", "QRIS table 4.3",
        "expected object 01, the merchant PAN, found none");
    /// The merchant PAN does not begin with 9360.
    MpanPrefix => (Warning, Qris, "mpan-prefix", "QRIS table 4.3",
        "expected a merchant PAN that begins with 9360, found another");
    /// The merchant PAN is not 18 or 19 digits long (16 to 19 in a transfer).
    MpanLength {
        /// How many digits it has.
        found: u8,
    } => (Warning, Qris, "mpan-length", "QRIS table 4.3",
        "expected a merchant PAN of 18 or 19 digits, found {found}");
    /// The acquirer's merchant ID is longer than 15 characters.
    MerchantIdLong {
        /// How many characters it has.
        found: u8,
    } => (Warning, Qris, "merchant-id-long", "QRIS table 4.3",
        "expected a merchant ID of at most 15 characters, found {found}");
    /// An acquirer's template has no 03.
    CriteriaMissing => (Warning, Qris, "criteria-missing", "QRIS table 4.3",
        "expected object 03, the merchant criteria, found none");
    /// The merchant criteria are none that is known.
    CriteriaUnknown => (Warning, Qris, "criteria-unknown", "QRIS table 4.3",
        "expected one of UMI, UKE, UME, UBE, URE, PSO, BLU, found another");
    /// `|` stands in 58 to 61 or in an acquirer's 02 or 03.
    ReservedCharacter => (Warning, Qris, "reserved-character", "QRIS objects 58-61, 26-45",
        "expected no vertical bar, found one");
    /// Objects are not in ascending order of their tags.
    OrderNotAscending => (Info, Emv, "order-not-ascending", "practice",
        "expected objects in ascending order, found a smaller tag after a larger");
    /// The merchant name or city begins or ends with a space.
    TextPadded => (Info, Emv, "text-padded", "practice",
        "expected no space at either end, found one");
    /// 62.00 is there, which is not defined.
    AdditionalUndefined => (Info, Emv, "additional-undefined", "EMVCo object 62",
        "expected no object 62.00, found one");
    /// The value of 62.50 to 62.99 is not objects to its end.
    AdditionalNotTlv => (Info, Emv, "additional-not-tlv", "EMVCo objects 62.50-99",
        "expected objects inside a template of additional data, found something else");
    /// A template of 62.50 to 62.99 has no 00.
    AdditionalGuidMissing => (Info, Emv, "additional-guid-missing", "EMVCo objects 62.50-99",
        "expected object 00, the globally unique identifier, found none");
    /// The check digit of the NMID does not come out (inferred from samples).
    NmidCheckDigit => (Info, Qris, "nmid-check-digit", "inferred from samples",
        "expected the last digit of the NMID to be its Luhn check digit, found another");
    /// The check digit of a merchant PAN of 19 digits does not come out (inferred from samples).
    MpanCheckDigit => (Info, Qris, "mpan-check-digit", "inferred from samples",
        "expected the last digit of the merchant PAN to be its Luhn check digit, found another");
    /// The first eight digits of the merchant PAN are in no list of institutions.
    InstitutionUnknown => (Info, Qris, "institution-unknown", "table of NNS",
        "expected the number of a known institution, found another");
    /// The globally unique identifier of an acquirer's template is in no list.
    GuidUnknown => (Info, Qris, "guid-unknown", "table of GUIDs, QRIS 4.7.5.3",
        "expected a known acquirer's identifier, found another");
    /// 51 has another identifier than the national repository's.
    NationalGuidOther => (Info, Qris, "national-guid-other", "QRIS table 4.5",
        "expected the identifier ID.CO.QRIS.WWW, found another");
    /// A consumer-presented code is not Base64.
    CpmBase64 => (Error, Emv, "cpm-not-base64", "EMVCo CPM",
        "expected Base64, found something else");
    /// A consumer-presented code is longer than
    /// `cpm::Payload::MAX_LEN`.
    CpmTooLong => (Error, Emv, "cpm-too-long", "EMVCo CPM",
        "expected at most 4096 bytes, found more");
    /// A binary object of a consumer-presented code is malformed or cut short.
    CpmObject => (Error, Emv, "cpm-object", "EMVCo CPM",
        "expected a whole object of tag, length and value, found less or another");
    /// A consumer-presented code does not begin with 85 = `CPV01`.
    CpmFormat => (Error, Emv, "cpm-format", "EMVCo CPM",
        "expected object 85 with CPV01 first, found something else");
    /// A consumer-presented code has no template 61.
    CpmApplicationMissing => (Error, Emv, "cpm-application-missing", "EMVCo CPM",
        "expected an application template 61, found none");
    /// An object stands twice in the data of an application.
    CpmDuplicate => (Error, Emv, "cpm-duplicate", "EMVCo CPM",
        "expected each object once in 61 and 62 together, found one again");
    /// An application has neither 57 nor 5A.
    CpmAccountMissing => (Error, Emv, "cpm-account-missing", "EMVCo CPM",
        "expected object 57 or 5A, found neither");
    /// 57 or 5A holds no PAN of 1 to 20 digits.
    CpmPanShape => (Error, Emv, "cpm-pan-shape", "EMVCo CPM",
        "expected a PAN of 1 to 20 digits, found something else");
    /// 57 and 5A hold different PANs.
    CpmPanMismatch => (Error, Emv, "cpm-pan-mismatch", "EMVCo CPM",
        "expected the same PAN in 57 and 5A, found two");
    /// Writing only: the buffer has less room than the payload needs.
    BufferTooSmall {
        /// How many bytes it needs.
        needed: u16,
    } => (Error, Emv, "buffer-too-small", "writing",
        "expected room for {needed} bytes, found less");
    /// Writing only: a value is longer than the 99 characters an object can hold.
    ValueTooLong {
        /// The object.
        tag: Tag,
    } => (Error, Emv, "value-too-long", "EMVCo 3.2",
        "expected at most 99 characters for object {tag}, found more");
    /// Writing only: a text has combining marks instead of precomposed characters.
    NotPrecomposed => (Error, Emv, "text-not-precomposed", "EMVCo 4.5.3.1",
        "expected precomposed characters (NFC), found a combining mark");
    /// Writing only: the object at this path cannot be set or removed by itself, or not to this.
    NotAmendable {
        /// The object at the root.
        tag: Tag,
    } => (Error, Emv, "object-not-amendable", "writing",
        "expected an object that can be set this way, found {tag}, which cannot");
    /// Writing only: lengths that count bytes would come out in characters as well, and be read so.
    UnitAmbiguous => (Error, Emv, "length-unit-ambiguous", "EMVCo 4.4.1.1",
        "expected lengths that come out in bytes alone, found that they do in characters too");
    /// Writing only: no anonymised copy would be read the same way.
    NotAnonymizable => (Error, Emv, "not-anonymizable", "writing",
        "expected a payload whose copy reads the same way, found one that allows none");
    /// A tag path is not one to three tags joined by points.
    PathSyntax => (Error, Emv, "path-syntax", "reading by path",
        "expected a tag path such as 54 or 62.05, found something else");
}

/// A part of an object's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The first two digits.
    Tag,
    /// The second two digits.
    Length,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tag => "tag",
            Self::Length => "length",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_at_most_eight_bytes() {
        assert!(size_of::<Error>() <= 8, "{} bytes", size_of::<Error>());
    }
}

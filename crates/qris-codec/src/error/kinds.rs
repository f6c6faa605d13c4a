//! The list of all kinds, with their codes and their messages in English and Indonesian.

use core::fmt;

use super::facts::{Field, Found, FoundAmount, FoundBytes};
#[cfg(feature = "indonesian")]
use super::localize::Fact as _;
use super::rule::{Rule, Rules, Section, Severity, kinds};
use crate::language::{Language, Localized};
use crate::rules::limits::{self, *};
use crate::tag::Tag;

/// The same, in the form for messages.
const CRITERIA: Limit = Limit::Words(limits::CRITERIA);
const TRANSFER_PURPOSES: Limit = Limit::Words(limits::TRANSFER_PURPOSES);

kinds! {
    Parsing {
        /// The text is empty or only white space.
        Empty => (Error, Emv, "text-empty", "EMVCo 4.6.1",
            "expected a payload, found no text",
            "seharusnya ada payload, tetapi teks kosong");
        /// The text is longer than [`Payload::MAX_LEN`](crate::Payload::MAX_LEN).
        TooLong { found: FoundBytes } => (Error, Emv, "text-too-long", "EMVCo 3.2",
            "expected at most 65535 bytes, found {found}",
            "seharusnya paling banyak 65535 byte, ditemukan {found}");
        /// The bytes are not UTF-8.
        Utf8 => (Error, Emv, "text-not-utf8", "EMVCo 4.12",
            "expected UTF-8 text, found bytes that are not UTF-8",
            "seharusnya teks UTF-8, ditemukan byte yang bukan UTF-8");
        /// One to three characters are left where an object needs a header of four digits.
        Header { found: u8 } => (Error, Emv, "object-header-short", "EMVCo 3.2",
            "expected the four digits of an object's tag and length, found {found} characters",
            "seharusnya empat digit tag dan panjang objek, ditemukan {found} karakter");
        /// The tag or the length of an object is not two ASCII digits.
        Digits { field: Field, found: Found } => (Error, Emv, "object-header-not-digits", "EMVCo 3.2",
            "expected two digits for the {field} of an object, found {found}",
            "seharusnya {field} objek dua digit, ditemukan {found}");
        /// The text, or the template, ends inside an object.
        Truncated { tag: Tag, expected: u8, found: u8 } => (Error, Emv, "object-truncated", "EMVCo 4.4.1.1",
            "object {tag} should hold {expected} characters, found {found}",
            "objek {tag} seharusnya berisi {expected} karakter, ditemukan {found}");
        /// The length, counted in bytes, ends inside a character.
        SplitCharacter { tag: Tag } => (Error, Emv, "object-splits-character", "EMVCo 4.4.1.1",
            "expected object {tag} to end between two characters, found that its length in bytes ends inside one",
            "seharusnya objek {tag} berakhir di antara dua karakter, panjangnya dalam byte berakhir di tengah karakter");
        /// The first object is not the Payload Format Indicator.
        FormatNotFirst { found: Tag } => (Error, Emv, "format-not-first", "EMVCo 4.6.1",
            "expected object 00 first, found object {found}",
            "seharusnya objek 00 paling depan, ditemukan objek {found}");
        /// There is no object 63.
        ChecksumMissing => (Error, Emv, "checksum-missing", "EMVCo 4.6.1",
            "expected object 63, the checksum, last, found none",
            "seharusnya objek 63 (CRC) di akhir, tidak ditemukan");
        /// Objects follow the checksum.
        ChecksumNotLast { found: Tag } => (Error, Emv, "checksum-not-last", "EMVCo 4.6.1",
            "expected object 63, the checksum, last, found object {found} after it",
            "seharusnya objek 63 (CRC) di akhir, ditemukan objek {found} sesudahnya");
        /// The checksum is not four characters of one byte each.
        ChecksumLength { found: u8 } => (Error, Emv, "checksum-length", "EMVCo object 63",
            "expected a checksum of 4 characters, found {found} bytes",
            "seharusnya CRC 4 karakter, ditemukan {found} byte");
        /// The checksum is not hexadecimal.
        ChecksumDigits { found: Found } => (Error, Emv, "checksum-not-hexadecimal", "EMVCo object 63",
            "expected a checksum of four hexadecimal digits, found {found}",
            "seharusnya CRC empat digit heksadesimal, ditemukan {found}");
        /// The checksum does not match the text before it.
        ChecksumMismatch { found: u16, expected: u16 } => (Error, Emv, "checksum-mismatch", "EMVCo object 63",
            "expected checksum {expected:04X}, found {found:04X}",
            "seharusnya CRC {expected:04X}, ditemukan {found:04X}");
        /// An object appears twice at the root or in a template.
        Duplicate { tag: Tag } => (Error, Emv, "object-duplicate", "EMVCo 4.3.1.2",
            "expected object {tag} once, found it again",
            "seharusnya objek {tag} satu kali, ditemukan lagi");
        /// A tag path is not one to three tags joined by points.
        PathSyntax => (Error, Emv, "path-syntax", "reading by path",
            "expected a tag path such as 54 or 62.05, found other text",
            "seharusnya jalur tag seperti 54 atau 62.05, ditemukan teks lain");
    }
    Rules {
        /// 00 is not `01`.
        FormatUnknown { found: Found } => (Error, Emv, "format-unknown", "EMVCo object 00",
            "expected payload format \"{PAYLOAD_FORMAT}\", found {found}",
            "seharusnya format payload \"{PAYLOAD_FORMAT}\", ditemukan {found}");
        /// 01 is neither `11` nor `12`.
        InitiationUnknown { found: Found } => (Error, Emv, "initiation-unknown", "EMVCo object 01",
            "expected {STATIC} (static) or {DYNAMIC} (dynamic), found {found}",
            "seharusnya {STATIC} (statis) atau {DYNAMIC} (dinamis), ditemukan {found}");
        /// There is no object 02 to 51.
        AccountMissing => (Error, Emv, "account-missing", "EMVCo objects 02-51",
            "expected a merchant account among objects 02 to 51, found none",
            "seharusnya ada akun merchant pada objek 02 sampai 51, tidak ditemukan");
        /// The value of 26 to 51 is not objects to its end.
        AccountNotTlv => (Error, Emv, "account-not-tlv", "EMVCo 4.7.11",
            "expected objects inside an account template, found a value that does not read as objects",
            "seharusnya objek di dalam template akun, ditemukan nilai yang tidak terbaca sebagai objek");
        /// 52 is missing.
        CategoryCodeMissing => (Error, Emv, "category-code-missing", "EMVCo object 52",
            "expected object 52, the merchant category code, found none",
            "objek 52 (kode kategori merchant) wajib ada, tidak ditemukan");
        /// 52 is not four digits.
        CategoryCodeShape { found: Found } => (Error, Emv, "category-code-shape", "EMVCo object 52",
            "expected a merchant category code of {CATEGORY_CODE_DIGITS} digits, found {found}",
            "seharusnya kode kategori merchant {CATEGORY_CODE_DIGITS} digit, ditemukan {found}");
        /// 53 is missing.
        CurrencyMissing => (Error, Emv, "currency-missing", "EMVCo object 53",
            "expected object 53, the currency, found none",
            "objek 53 (mata uang) wajib ada, tidak ditemukan");
        /// 53 is not three digits.
        CurrencyShape { found: Found } => (Error, Emv, "currency-shape", "EMVCo object 53",
            "expected a currency of {CURRENCY_DIGITS} digits, found {found}",
            "seharusnya kode mata uang {CURRENCY_DIGITS} digit, ditemukan {found}");
        /// 53 is not the rupiah.
        CurrencyNotRupiah { found: Found } => (Error, Qris, "currency-not-rupiah", "QRIS object 53",
            "expected currency {RUPIAH}, found {found}",
            "seharusnya mata uang {RUPIAH}, ditemukan {found}");
        /// 54 or 56 is not digits with at most one point between or after them.
        AmountSyntax { found: Found } => (Error, Emv, "amount-syntax", "EMVCo objects 54, 56",
            "expected digits with at most one decimal point, found {found}",
            "seharusnya digit dengan paling banyak satu titik desimal, ditemukan {found}");
        /// 54 or 56 is zero.
        AmountZero => (Error, Emv, "amount-zero", "EMVCo objects 54, 56",
            "expected an amount other than zero, found zero",
            "seharusnya nominal bukan nol, ditemukan nol");
        /// 54 or 56 is longer than 13 characters.
        AmountTooLong { found: u8 } => (Error, Emv, "amount-too-long", "EMVCo objects 54, 56",
            "expected an amount of at most {MAX_AMOUNT_CHARS} characters, found {found}",
            "seharusnya nominal paling panjang {MAX_AMOUNT_CHARS} karakter, ditemukan {found}");
        /// 55 is none of `01`, `02`, `03`.
        TipUnknown { found: Found } => (Error, Emv, "tip-unknown", "EMVCo object 55",
            "expected {TIP_PROMPT} (ask), {TIP_FIXED} (fixed) or {TIP_PERCENT} (percentage), found {found}",
            "seharusnya {TIP_PROMPT} (ditanyakan), {TIP_FIXED} (tetap) atau {TIP_PERCENT} (persentase), ditemukan {found}");
        /// 55 is `02` and 56 is missing.
        FeeFixedMissing => (Error, Emv, "fee-fixed-missing", "EMVCo object 56",
            "expected object 56, the fixed fee that object 55 requires, found none",
            "objek 56 (biaya tetap) wajib ada menurut objek 55, tidak ditemukan");
        /// 55 is `03` and 57 is missing.
        FeePercentMissing => (Error, Emv, "fee-percent-missing", "EMVCo object 57",
            "expected object 57, the percentage that object 55 requires, found none",
            "objek 57 (persentase biaya) wajib ada menurut objek 55, tidak ditemukan");
        /// 57 is not a percentage between 00.01 and 99.99 of at most five characters.
        FeePercentRange { found: Found } => (Error, Emv, "fee-percent-range", "EMVCo object 57",
            "expected a percentage from {MIN_PERCENT} to {MAX_PERCENT} of at most {MAX_PERCENT_CHARS} characters, found {found}",
            "seharusnya persentase {MIN_PERCENT} sampai {MAX_PERCENT}, paling panjang {MAX_PERCENT_CHARS} karakter, ditemukan {found}");
        /// 58 is missing.
        CountryMissing => (Error, Emv, "country-missing", "EMVCo object 58",
            "expected object 58, the country, found none",
            "objek 58 (kode negara) wajib ada, tidak ditemukan");
        /// 58 is not two upper-case letters.
        CountryShape { found: Found } => (Error, Emv, "country-shape", "EMVCo object 58",
            "expected a country of {COUNTRY_LETTERS} upper-case letters, found {found}",
            "seharusnya kode negara {COUNTRY_LETTERS} huruf kapital, ditemukan {found}");
        /// 58 is not Indonesia: the code may be right under the rules of its own country.
        CountryNotIndonesia { found: Found } => (Error, Qris, "country-not-indonesia", "QRIS object 58",
            "expected country {INDONESIA}, found {found}: a code of another country (58): try rules emv",
            "seharusnya kode negara {INDONESIA}, ditemukan {found}: kode dari negara lain (58), coba aturan emv");
        /// 59 is missing.
        MerchantNameMissing => (Error, Emv, "merchant-name-missing", "EMVCo object 59",
            "expected object 59, the merchant name, found none",
            "objek 59 (nama merchant) wajib ada, tidak ditemukan");
        /// 60 is missing.
        MerchantCityMissing => (Error, Emv, "merchant-city-missing", "EMVCo object 60",
            "expected object 60, the merchant city, found none",
            "objek 60 (kota merchant) wajib ada, tidak ditemukan");
        /// 64 has no 00.
        LanguageCodeMissing => (Error, Emv, "language-code-missing", "EMVCo object 64",
            "expected object 64.00, the language, found none",
            "objek 64.00 (bahasa) wajib ada, tidak ditemukan");
        /// 64 has no 01.
        LanguageNameMissing => (Error, Emv, "language-name-missing", "EMVCo object 64",
            "expected object 64.01, the merchant name in that language, found none",
            "objek 64.01 (nama merchant dalam bahasa itu) wajib ada, tidak ditemukan");
        /// The merchant PAN is not digits.
        MpanNotDigits { found: Found } => (Error, Qris, "mpan-not-digits", "QRIS table 4.3",
            "expected a merchant PAN of digits, found {found}",
            "seharusnya merchant PAN hanya digit, ditemukan {found}");
        /// The merchant PAN is too long.
        MpanTooLong { found: u8 } => (Error, Qris, "mpan-too-long", "QRIS table 4.3",
            "expected a merchant PAN of at most {MAX_PAN_DIGITS} digits, found {found}",
            "seharusnya merchant PAN paling banyak {MAX_PAN_DIGITS} digit, ditemukan {found}");
        /// A QRIS transfer is not dynamic.
        TransferNotDynamic { found: Found } => (Error, Qris, "transfer-not-dynamic", "QRIS TTS",
            "expected {DYNAMIC} (dynamic) in object 01 of a transfer, found {found}",
            "seharusnya {DYNAMIC} (dinamis) pada objek 01 transfer, ditemukan {found}");
        /// The merchant category of a QRIS transfer is not 4829.
        TransferCategory { found: Found } => (Error, Qris, "transfer-category", "QRIS TTS",
            "expected merchant category {TRANSFER_CATEGORY} in a transfer, found {found}",
            "seharusnya kode kategori merchant {TRANSFER_CATEGORY} pada transfer, ditemukan {found}");
        /// The purpose of a QRIS transfer is unknown.
        TransferPurpose { found: Found } => (Error, Qris, "transfer-purpose-unknown", "QRIS TTS",
            "expected one of {TRANSFER_PURPOSES} as the purpose of a transfer, found {found}",
            "seharusnya tujuan transfer salah satu dari {TRANSFER_PURPOSES}, ditemukan {found}");
        /// There is a byte-order mark around the payload.
        ByteOrderMark => (Warning, Emv, "byte-order-mark", "practice",
            "expected only the payload, found a byte-order mark next to it",
            "seharusnya hanya payload, ditemukan byte-order mark di sebelahnya");
        /// There is white space around the payload.
        SurroundingSpace => (Warning, Emv, "surrounding-space", "practice",
            "expected only the payload, found white space next to it",
            "seharusnya hanya payload, ditemukan spasi di sebelahnya");
        /// Lengths count bytes instead of characters.
        LengthInBytes => (Warning, Emv, "length-in-bytes", "EMVCo 4.4.1.1",
            "expected lengths in characters, found lengths in bytes",
            "seharusnya panjang dalam karakter, ditemukan panjang dalam byte");
        /// The payload is longer than 512 characters.
        PayloadLong { found: u16 } => (Warning, Emv, "payload-long", "QRIS 4.1",
            "expected at most {MAX_PAYLOAD_CHARS} characters, found {found}",
            "seharusnya paling banyak {MAX_PAYLOAD_CHARS} karakter, ditemukan {found}");
        /// The checksum is written with lower-case letters.
        ChecksumLowerCase => (Warning, Emv, "checksum-lower-case", "EMVCo object 63",
            "expected upper-case hexadecimal digits, found lower case",
            "seharusnya digit heksadesimal huruf kapital, ditemukan huruf kecil");
        /// An object has the length 00.
        ObjectEmpty => (Warning, Emv, "object-empty", "EMVCo 4.4.1.2",
            "expected 1 to 99 characters, found 0",
            "seharusnya 1 sampai 99 karakter, ditemukan 0");
        /// The value of 62, 64 or 80 to 99 is not objects to its end.
        TemplateNotTlv => (Warning, Emv, "template-not-tlv", "EMVCo objects 62, 64, 80-99",
            "expected objects inside a template, found a value that does not read as objects",
            "seharusnya objek di dalam template, ditemukan nilai yang tidak terbaca sebagai objek");
        /// 54 or 56 has more decimals than the currency, or some but not all of them.
        AmountDecimals { expected: u8, found: u8 } => (Warning, Emv, "amount-decimals", "EMVCo object 54",
            "expected no decimals or {expected}, found {found}",
            "seharusnya tanpa desimal atau {expected} desimal, ditemukan {found}");
        /// 54 or 56 begins with a useless zero.
        AmountLeadingZero => (Warning, Emv, "amount-leading-zero", "EMVCo object 54",
            "expected no leading zero, found one",
            "seharusnya tanpa nol di depan, ditemukan nol di depan");
        /// 56 exists although 55 is not `02`.
        FeeFixedUnexpected => (Warning, Emv, "fee-fixed-unexpected", "EMVCo object 56",
            "expected no fixed fee unless object 55 is 02, found one",
            "seharusnya tanpa biaya tetap kecuali objek 55 bernilai 02, ditemukan biaya tetap");
        /// 57 exists although 55 is not `03`.
        FeePercentUnexpected => (Warning, Emv, "fee-percent-unexpected", "EMVCo object 57",
            "expected no percentage unless object 55 is 03, found one",
            "seharusnya tanpa persentase biaya kecuali objek 55 bernilai 03, ditemukan persentase");
        /// 57 is not two digits, a point and two digits.
        FeePercentShape { found: Found } => (Warning, Emv, "fee-percent-shape", "EMVCo object 57",
            "expected a percentage written NN.NN, found {found}",
            "seharusnya persentase ditulis NN.NN, ditemukan {found}");
        /// The merchant name is longer than 25 characters.
        MerchantNameLong { found: u8 } => (Warning, Emv, "merchant-name-long", "EMVCo objects 59, 64.01",
            "expected a merchant name of at most {MAX_NAME_CHARS} characters, found {found}",
            "seharusnya nama merchant paling panjang {MAX_NAME_CHARS} karakter, ditemukan {found}");
        /// The merchant city is longer than 15 characters.
        MerchantCityLong { found: u8 } => (Warning, Emv, "merchant-city-long", "EMVCo objects 60, 64.02",
            "expected a merchant city of at most {MAX_CITY_CHARS} characters, found {found}",
            "seharusnya kota merchant paling panjang {MAX_CITY_CHARS} karakter, ditemukan {found}");
        /// The postal code is longer than 10 characters.
        PostalCodeLong { found: u8 } => (Warning, Emv, "postal-code-long", "EMVCo object 61",
            "expected a postal code of at most {MAX_POSTAL_CODE_CHARS} characters, found {found}",
            "seharusnya kode pos paling panjang {MAX_POSTAL_CODE_CHARS} karakter, ditemukan {found}");
        /// A character is not printable ASCII.
        TextNotAns { found: Found } => (Warning, Emv, "text-not-ans", "EMVCo 4.5.3.1",
            "expected printable ASCII, found {found}",
            "seharusnya karakter ASCII yang dapat dicetak, ditemukan {found}");
        /// One of 62.01 to 62.08 is longer than 25 characters, or 62.10 than 20.
        AdditionalLong { expected: u8, found: u8 } => (Warning, Emv, "additional-long", "EMVCo object 62",
            "expected at most {expected} characters, found {found}",
            "seharusnya paling panjang {expected} karakter, ditemukan {found}");
        /// 62.09 is not some of A, M and E, once each.
        ConsumerDataRequest { found: Found } => (Warning, Emv, "consumer-data-request", "EMVCo object 62.09",
            "expected some of the letters A, M and E, once each, found {found}",
            "seharusnya huruf A, M atau E, masing-masing sekali, ditemukan {found}");
        /// 62.11 is not three characters.
        MerchantChannel { found: u8 } => (Warning, Emv, "merchant-channel-length", "EMVCo 1.1 object 62.11",
            "expected a merchant channel of {MERCHANT_CHANNEL_CHARS} characters, found {found}",
            "seharusnya kanal merchant {MERCHANT_CHANNEL_CHARS} karakter, ditemukan {found}");
        /// A template of 26 to 51 or 80 to 99 has no 00.
        GuidMissing => (Warning, Emv, "guid-missing", "EMVCo 4.7.11.2",
            "expected object 00, the globally unique identifier, found none",
            "objek 00 (Globally Unique Identifier) wajib ada, tidak ditemukan");
        /// A globally unique identifier is longer than 32 characters.
        GuidLong { found: u8 } => (Warning, Emv, "guid-long", "EMVCo 4.7.11.2",
            "expected an identifier of at most {MAX_GUID_CHARS} characters, found {found}",
            "seharusnya Globally Unique Identifier paling panjang {MAX_GUID_CHARS} karakter, ditemukan {found}");
        /// 65 to 79 or 62.12 to 62.49, which are reserved for future use.
        Reserved => (Warning, Emv, "object-reserved", "EMVCo objects 65-79, 62.12-49",
            "expected no object with a reserved tag, found one",
            "seharusnya tanpa objek dengan tag yang dicadangkan, ditemukan satu");
        /// 01 is missing.
        InitiationMissing => (Warning, Qris, "initiation-missing", "QRIS object 01",
            "expected object 01 with static or dynamic, found none",
            "objek 01 (statis atau dinamis) wajib ada, tidak ditemukan");
        /// A static code has an amount.
        StaticWithAmount => (Warning, Qris, "static-with-amount", "QRIS object 54",
            "expected no amount in a static code, found one",
            "seharusnya tanpa nominal pada kode statis, ditemukan nominal");
        /// A dynamic code has no amount.
        DynamicWithoutAmount => (Warning, Qris, "dynamic-without-amount", "QRIS object 54",
            "expected an amount in a dynamic code, found none",
            "seharusnya ada nominal pada kode dinamis, tidak ditemukan");
        /// The amount in rupiah is above the limit of a transaction.
        AmountOverCeiling { found: FoundAmount } => (Warning, Qris, "amount-over-ceiling", "PADG 24/1/PADG/2022 art. 8",
            "expected at most {MAX_TRANSACTION_RUPIAH} rupiah, found {found}",
            "seharusnya paling banyak {MAX_TRANSACTION_RUPIAH} rupiah, ditemukan {found}");
        /// 61 is missing although 58 is Indonesia.
        PostalCodeMissing => (Warning, Qris, "postal-code-missing", "QRIS 4.7.15",
            "expected object 61, the postal code, in country ID, found none",
            "objek 61 (kode pos) wajib ada untuk negara ID, tidak ditemukan");
        /// 61 does not have the digits of an Indonesian postal code although 58 is Indonesia.
        PostalCodeShape { found: Found } => (Warning, Qris, "postal-code-shape", "QRIS 4.7.15",
            "expected a postal code of {POSTAL_CODE_DIGITS} digits in country ID, found {found}",
            "seharusnya kode pos {POSTAL_CODE_DIGITS} digit untuk negara ID, ditemukan {found}");
        /// A static code has no 51.
        NationalAccountMissing => (Warning, Qris, "national-account-missing", "QRIS 4.7.7",
            "expected object 51, the national repository, in a static code, found none",
            "objek 51 (repositori nasional) wajib ada pada kode statis, tidak ditemukan");
        /// 51 has no 02.
        NmidMissing => (Warning, Qris, "nmid-missing", "QRIS table 4.5",
            "expected object 51.02, the NMID, found none",
            "objek 51.02 (NMID) wajib ada, tidak ditemukan");
        /// The NMID is not its prefix and thirteen digits.
        NmidShape { found: Found } => (Warning, Qris, "nmid-shape", "QRIS table 4.5",
            "expected an NMID of {NMID_PREFIX} and {NMID_DIGITS} digits, found {found}",
            "seharusnya NMID berisi {NMID_PREFIX} dan {NMID_DIGITS} digit, ditemukan {found}");
        /// An acquirer's template has no 01.
        MpanMissing => (Warning, Qris, "mpan-missing", "QRIS table 4.3",
            "expected object 01, the merchant PAN, found none",
            "objek 01 (merchant PAN) wajib ada, tidak ditemukan");
        /// The merchant PAN does not begin like an Indonesian one.
        MpanPrefix { found: Found } => (Warning, Qris, "mpan-prefix", "QRIS table 4.3",
            "expected a merchant PAN that begins with {NATIONAL_PAN_PREFIX}, found {found}",
            "seharusnya merchant PAN diawali {NATIONAL_PAN_PREFIX}, ditemukan {found}");
        /// The merchant PAN is too short for a payment or a transfer.
        MpanLength { expected: u8, found: u8 } => (Warning, Qris, "mpan-length", "QRIS table 4.3",
            "expected a merchant PAN of {expected} to {MAX_PAN_DIGITS} digits, found {found}",
            "seharusnya merchant PAN {expected} sampai {MAX_PAN_DIGITS} digit, ditemukan {found}");
        /// The acquirer's merchant ID is too long.
        MerchantIdLong { found: u8 } => (Warning, Qris, "merchant-id-long", "QRIS table 4.3",
            "expected a merchant ID of at most {MAX_MERCHANT_ID_CHARS} characters, found {found}",
            "seharusnya ID merchant paling panjang {MAX_MERCHANT_ID_CHARS} karakter, ditemukan {found}");
        /// An acquirer's template has no 03.
        CriteriaMissing => (Warning, Qris, "criteria-missing", "QRIS table 4.3",
            "expected object 03, the merchant criteria, found none",
            "objek 03 (kriteria usaha) wajib ada, tidak ditemukan");
        /// The merchant criteria are unknown.
        CriteriaUnknown { found: Found } => (Warning, Qris, "criteria-unknown", "QRIS table 4.3",
            "expected one of {CRITERIA}, found {found}",
            "seharusnya kriteria usaha salah satu dari {CRITERIA}, ditemukan {found}");
        /// 58 to 61 or an acquirer's 02 or 03 has a `|`.
        ReservedCharacter => (Warning, Qris, "reserved-character", "QRIS objects 58-61, 26-45",
            "expected no vertical bar, found one",
            "seharusnya tanpa garis tegak, ditemukan satu");
        /// Objects are not in ascending order of their tags.
        OrderNotAscending => (Info, Emv, "order-not-ascending", "practice",
            "expected objects in ascending order, found a smaller tag after a larger",
            "seharusnya objek berurutan naik, ditemukan tag yang lebih kecil sesudah yang lebih besar");
        /// The merchant name or city begins or ends with a space.
        TextPadded => (Info, Emv, "text-padded", "practice",
            "expected no space at either end, found one",
            "seharusnya tanpa spasi di awal atau akhir, ditemukan spasi");
        /// 62.00 exists, but is not defined.
        AdditionalUndefined => (Info, Emv, "additional-undefined", "EMVCo object 62",
            "expected no object 62.00, found one",
            "seharusnya tanpa objek 62.00, ditemukan satu");
        /// The value of 62.50 to 62.99 is not objects to its end.
        AdditionalNotTlv => (Info, Emv, "additional-not-tlv", "EMVCo objects 62.50-99",
            "expected objects inside a template of additional data, found a value that does not read as objects",
            "seharusnya objek di dalam template data tambahan, ditemukan nilai yang tidak terbaca sebagai objek");
        /// A template of 62.50 to 62.99 has no 00.
        AdditionalGuidMissing => (Info, Emv, "additional-guid-missing", "EMVCo objects 62.50-99",
            "expected object 00, the globally unique identifier, found none",
            "objek 00 (Globally Unique Identifier) wajib ada, tidak ditemukan");
        /// The check digit of the NMID is wrong (inferred from samples).
        NmidCheckDigit { expected: u8, found: u8 } => (Info, Qris, "nmid-check-digit", "inferred from samples",
            "expected the last digit of the NMID to be its Luhn check digit {expected}, found {found}",
            "seharusnya digit terakhir NMID adalah digit cek Luhn {expected}, ditemukan {found}");
        /// The check digit of a merchant PAN of 19 digits is wrong (inferred from samples).
        MpanCheckDigit { expected: u8, found: u8 } => (Info, Qris, "mpan-check-digit", "inferred from samples",
            "expected the last digit of the merchant PAN to be its Luhn check digit {expected}, found {found}",
            "seharusnya digit terakhir merchant PAN adalah digit cek Luhn {expected}, ditemukan {found}");
        /// The first eight digits of the merchant PAN are in no list of institutions.
        InstitutionUnknown { found: Found } => (Info, Qris, "institution-unknown", "table of NNS",
            "expected the number of a known institution after {NATIONAL_PAN_PREFIX}, found {found}",
            "seharusnya nomor lembaga yang dikenal sesudah {NATIONAL_PAN_PREFIX}, ditemukan {found}");
        /// The globally unique identifier of an acquirer's template is in no list.
        GuidUnknown => (Info, Qris, "guid-unknown", "table of GUIDs, QRIS 4.7.5.3",
            "expected a known acquirer's identifier, found an unknown one",
            "seharusnya Globally Unique Identifier acquirer yang dikenal, ditemukan yang tidak ada di daftar");
        /// The identifier of 51 is not the national repository's.
        NationalGuidOther { found: u8 } => (Info, Qris, "national-guid-other", "QRIS table 4.5",
            "expected the identifier {NATIONAL_GUID}, found an identifier of {found} characters",
            "seharusnya Globally Unique Identifier {NATIONAL_GUID}, ditemukan {found} karakter yang berbeda");
    }
    Cpm {
        /// A consumer-presented code is not Base64.
        CpmBase64 => (Error, Emv, "cpm-not-base64", "EMVCo CPM",
            "expected Base64, found characters that are not Base64",
            "seharusnya Base64, ditemukan karakter yang bukan Base64");
        /// A consumer-presented code is longer than
        /// `cpm::Payload::MAX_LEN`.
        CpmTooLong { found: FoundBytes } => (Error, Emv, "cpm-too-long", "EMVCo CPM",
            "expected at most 4096 bytes, found {found}",
            "seharusnya paling banyak 4096 byte, ditemukan {found}");
        /// A binary object of a consumer-presented code is malformed or cut short.
        CpmObject => (Error, Emv, "cpm-object", "EMVCo CPM",
            "expected a whole object of tag, length and value, found a malformed or cut one",
            "seharusnya objek utuh (tag, panjang, nilai), ditemukan objek yang rusak atau terpotong");
        /// A consumer-presented code does not begin with 85 = `CPV01`.
        CpmFormat => (Error, Emv, "cpm-format", "EMVCo CPM",
            "expected object 85 with CPV01 first, found a code without it",
            "seharusnya objek 85 berisi CPV01 paling depan, ditemukan kode tanpa itu");
        /// A consumer-presented code has no template 61.
        CpmApplicationMissing => (Error, Emv, "cpm-application-missing", "EMVCo CPM",
            "expected an application template 61, found none",
            "template aplikasi 61 wajib ada, tidak ditemukan");
        /// An object appears twice in the data of an application.
        CpmDuplicate => (Error, Emv, "cpm-duplicate", "EMVCo CPM",
            "expected each object once in 61 and 62 together, found one twice",
            "seharusnya tiap objek satu kali di 61 dan 62, ditemukan lagi");
        /// An application has neither 57 nor 5A.
        CpmAccountMissing => (Error, Emv, "cpm-account-missing", "EMVCo CPM",
            "expected object 57 or 5A, found neither",
            "objek 57 atau 5A wajib ada, tidak ditemukan");
        /// 57 or 5A is not a PAN of 1 to 20 digits.
        CpmPanShape { found: u8 } => (Error, Emv, "cpm-pan-shape", "EMVCo CPM",
            "expected a PAN of 1 to 20 digits, found {found} bytes of another form",
            "seharusnya PAN 1 sampai 20 digit, ditemukan {found} byte yang bukan PAN");
        /// 57 and 5A have different PANs.
        CpmPanMismatch => (Error, Emv, "cpm-pan-mismatch", "EMVCo CPM",
            "expected the same PAN in 57 and 5A, found two different ones",
            "seharusnya PAN yang sama di 57 dan 5A, ditemukan dua PAN");
    }
    Writing {
        /// Writing only: the buffer is smaller than the payload.
        BufferTooSmall { needed: u16, found: u16 } => (Error, Emv, "buffer-too-small", "writing",
            "expected a buffer of {needed} bytes, found {found}",
            "seharusnya tersedia {needed} byte, ditemukan {found}");
        /// Writing only: a value is longer than an object can hold.
        ValueTooLong { tag: Tag, found: u16 } => (Error, Emv, "value-too-long", "EMVCo 3.2",
            "expected at most {MAX_VALUE_CHARS} characters for object {tag}, found {found}",
            "seharusnya objek {tag} paling panjang {MAX_VALUE_CHARS} karakter, ditemukan {found}");
        /// Writing only: a text has combining marks instead of precomposed characters.
        NotPrecomposed => (Error, Emv, "text-not-precomposed", "EMVCo 4.5.3.1",
            "expected precomposed characters (NFC), found a combining mark",
            "seharusnya karakter tersusun (NFC), ditemukan tanda diakritik terpisah");
        /// Writing only: the object at this path cannot be set or removed this way.
        NotAmendable { tag: Tag } => (Error, Emv, "object-not-amendable", "writing",
            "expected an object that can be set this way, found {tag}, which cannot",
            "seharusnya objek yang dapat diubah dengan cara ini, ditemukan {tag}");
        /// Writing only: lengths that count bytes would be valid as characters too, and be read that way.
        UnitAmbiguous => (Error, Emv, "length-unit-ambiguous", "EMVCo 4.4.1.1",
            "expected lengths that are valid only in bytes, found lengths that are valid in characters too",
            "seharusnya panjang cocok dalam byte saja, ditemukan cocok juga dalam karakter");
        /// Writing only: every masked copy would be read differently.
        NotAnonymizable => (Error, Emv, "not-anonymizable", "writing",
            "expected a payload with a masked copy that is read the same way, found one without",
            "seharusnya payload yang salinannya terbaca sama, ditemukan yang tidak bisa begitu");
    }
}

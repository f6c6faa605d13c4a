//! Every number and word of the rules, with its clause.
//!
//! The checks and the messages use these constants. A program can use them to check input before it
//! makes a payload.
//!
//! ```
//! use qris_codec::rules::limits;
//!
//! assert_eq!(limits::MAX_TRANSACTION_RUPIAH, 10_000_000);
//! assert_eq!("TOKO CONTOH".len().min(limits::MAX_NAME_CHARS), 11);
//! ```

use core::fmt;

/// The maximum length of a payload in characters (EMVCo MPM 3.2, QRIS 4.1: "should not exceed").
pub const MAX_PAYLOAD_CHARS: usize = 512;
/// The maximum length of a value: two digits (EMVCo MPM 3.2).
pub const MAX_VALUE_CHARS: usize = 99;
/// 00, the payload format (EMVCo MPM object 00).
pub const PAYLOAD_FORMAT: &str = "01";
/// 01 of a static code, which is paid many times (EMVCo MPM object 01).
pub const STATIC: &str = "11";
/// 01 of a dynamic code, which is paid once (EMVCo MPM object 01).
pub const DYNAMIC: &str = "12";
/// 52, the merchant category code: digits (ISO 18245).
pub const CATEGORY_CODE_DIGITS: usize = 4;
/// 53, the currency: digits (ISO 4217).
pub const CURRENCY_DIGITS: usize = 3;
/// 53 of a QRIS payload, the rupiah (QRIS 4.7.7).
pub const RUPIAH: &str = "360";
/// 58, the country: letters (ISO 3166-1 alpha-2).
pub const COUNTRY_LETTERS: usize = 2;
/// 58 of a QRIS payload (QRIS object 58).
pub const INDONESIA: &str = "ID";
/// The maximum amount of one payment in rupiah (PADG 24/1/PADG/2022, article 8, since 1 March
/// 2022).
pub const MAX_TRANSACTION_RUPIAH: u64 = 10_000_000;
/// 54 and 56: characters, the decimal point included (EMVCo MPM objects 54 and 56).
pub const MAX_AMOUNT_CHARS: usize = 13;
/// 55: the wallet asks the payer for a tip (EMVCo MPM object 55).
pub const TIP_PROMPT: &str = "01";
/// 55: 56 has a fixed fee (EMVCo MPM object 55).
pub const TIP_FIXED: &str = "02";
/// 55: 57 has a percentage (EMVCo MPM object 55).
pub const TIP_PERCENT: &str = "03";
/// 57: characters (EMVCo MPM object 57).
pub const MAX_PERCENT_CHARS: usize = 5;
/// 57: the smallest percentage (EMVCo MPM object 57).
pub const MIN_PERCENT: &str = "00.01";
/// 57: the largest percentage (EMVCo MPM object 57).
pub const MAX_PERCENT: &str = "99.99";
/// 59 and 64.01, the merchant's name (EMVCo MPM objects 59 and 64.01).
pub const MAX_NAME_CHARS: usize = 25;
/// 60 and 64.02, the merchant's city (EMVCo MPM objects 60 and 64.02).
pub const MAX_CITY_CHARS: usize = 15;
/// 61, the postal code of any country (EMVCo MPM object 61).
pub const MAX_POSTAL_CODE_CHARS: usize = 10;
/// 61 of a QRIS payload (QRIS 4.7.15).
pub const POSTAL_CODE_DIGITS: usize = 5;
/// 62.01 to 62.08, the entries of the additional data (EMVCo MPM object 62).
pub const MAX_ADDITIONAL_CHARS: usize = 25;
/// 62.09, the consumer data request: each of these letters at most once (EMVCo MPM 62.09).
pub const CONSUMER_DATA: &str = "AME";
/// 62.10, the merchant's tax ID (EMVCo MPM 1.1, object 62.10).
pub const MAX_TAX_ID_CHARS: usize = 20;
/// 62.11, the merchant channel (EMVCo MPM 1.1, object 62.11).
pub const MERCHANT_CHANNEL_CHARS: usize = 3;
/// 00 of a template, the globally unique identifier (EMVCo MPM 4.7.11.2).
pub const MAX_GUID_CHARS: usize = 32;
/// 51.00 of most payloads, the national repository (QRIS table 4.5).
pub const NATIONAL_GUID: &str = "ID.CO.QRIS.WWW";
/// The first digits of an Indonesian merchant PAN (QRIS table 4.3).
pub const NATIONAL_PAN_PREFIX: &str = "9360";
/// 26.01 to 45.01, the merchant PAN: fewest digits (QRIS table 4.3).
pub const MIN_PAN_DIGITS: usize = 18;
/// 26.01 to 45.01, the merchant PAN: most digits (QRIS table 4.3).
pub const MAX_PAN_DIGITS: usize = 19;
/// 40.01 of a transfer, the customer PAN: fewest digits (QRIS TTS).
pub const MIN_TRANSFER_PAN_DIGITS: usize = 16;
/// The digits of a PAN that name the institution (NNS).
pub const INSTITUTION_DIGITS: usize = 8;
/// 26.02 to 45.02, the acquirer's merchant ID (QRIS table 4.3).
pub const MAX_MERCHANT_ID_CHARS: usize = 15;
/// 26.03 to 45.03 and 51.03, the merchant criteria: micro, small, medium, large, regular,
/// public service obligation, public service agency (QRIS table 4.3).
pub const CRITERIA: &[&str] = &["UMI", "UKE", "UME", "UBE", "URE", "PSO", "BLU"];
/// The beginning of 51.02, the NMID (QRIS table 4.5).
pub const NMID_PREFIX: &str = "ID";
/// 51.02, the NMID: digits after the prefix (QRIS table 4.5).
pub const NMID_DIGITS: usize = 13;
/// 51.02, the NMID: total characters (QRIS table 4.5).
pub const NMID_CHARS: usize = NMID_PREFIX.len().saturating_add(NMID_DIGITS);
/// 52 of a transfer (QRIS TTS).
pub const TRANSFER_CATEGORY: &str = "4829";
/// 62.08 of a transfer, what it is for (QRIS TTS).
pub const TRANSFER_PURPOSES: &[&str] = &["BOOK", "DMCT", "XBCT", "CWDL", "CDPT", "POSP", "BILL"];

/// A limit in a message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    Number(u64),
    Words(&'static [&'static str]),
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Words(words) => words.iter().enumerate().try_for_each(|(at, word)| {
                f.write_str(if at == 0 { "" } else { ", " })?;
                f.write_str(word)
            }),
        }
    }
}

/// A limit by the name of its constant, for messages.
pub(crate) fn by_name(name: &str) -> Option<Limit> {
    Some(match name {
        "MAX_PAYLOAD_CHARS" => Limit::Number(MAX_PAYLOAD_CHARS as u64),
        "MAX_VALUE_CHARS" => Limit::Number(MAX_VALUE_CHARS as u64),
        "PAYLOAD_FORMAT" => Limit::Words(&[PAYLOAD_FORMAT]),
        "STATIC" => Limit::Words(&[STATIC]),
        "DYNAMIC" => Limit::Words(&[DYNAMIC]),
        "CATEGORY_CODE_DIGITS" => Limit::Number(CATEGORY_CODE_DIGITS as u64),
        "CURRENCY_DIGITS" => Limit::Number(CURRENCY_DIGITS as u64),
        "RUPIAH" => Limit::Words(&[RUPIAH]),
        "COUNTRY_LETTERS" => Limit::Number(COUNTRY_LETTERS as u64),
        "INDONESIA" => Limit::Words(&[INDONESIA]),
        "MAX_TRANSACTION_RUPIAH" => Limit::Number(MAX_TRANSACTION_RUPIAH),
        "MAX_AMOUNT_CHARS" => Limit::Number(MAX_AMOUNT_CHARS as u64),
        "TIP_PROMPT" => Limit::Words(&[TIP_PROMPT]),
        "TIP_FIXED" => Limit::Words(&[TIP_FIXED]),
        "TIP_PERCENT" => Limit::Words(&[TIP_PERCENT]),
        "MAX_PERCENT_CHARS" => Limit::Number(MAX_PERCENT_CHARS as u64),
        "MIN_PERCENT" => Limit::Words(&[MIN_PERCENT]),
        "MAX_PERCENT" => Limit::Words(&[MAX_PERCENT]),
        "MAX_NAME_CHARS" => Limit::Number(MAX_NAME_CHARS as u64),
        "MAX_CITY_CHARS" => Limit::Number(MAX_CITY_CHARS as u64),
        "MAX_POSTAL_CODE_CHARS" => Limit::Number(MAX_POSTAL_CODE_CHARS as u64),
        "POSTAL_CODE_DIGITS" => Limit::Number(POSTAL_CODE_DIGITS as u64),
        "MERCHANT_CHANNEL_CHARS" => Limit::Number(MERCHANT_CHANNEL_CHARS as u64),
        "MAX_GUID_CHARS" => Limit::Number(MAX_GUID_CHARS as u64),
        "NATIONAL_GUID" => Limit::Words(&[NATIONAL_GUID]),
        "NATIONAL_PAN_PREFIX" => Limit::Words(&[NATIONAL_PAN_PREFIX]),
        "MAX_PAN_DIGITS" => Limit::Number(MAX_PAN_DIGITS as u64),
        "MAX_MERCHANT_ID_CHARS" => Limit::Number(MAX_MERCHANT_ID_CHARS as u64),
        "CRITERIA" => Limit::Words(CRITERIA),
        "NMID_PREFIX" => Limit::Words(&[NMID_PREFIX]),
        "NMID_DIGITS" => Limit::Number(NMID_DIGITS as u64),
        "TRANSFER_CATEGORY" => Limit::Words(&[TRANSFER_CATEGORY]),
        "TRANSFER_PURPOSES" => Limit::Words(TRANSFER_PURPOSES),
        _ => return None,
    })
}

//! Every number and word that the rules ask for, with its clause.
//!
//! The checks and the messages take them from here, and so can a program that wants to check
//! input before it makes a payload of it.
//!
//! ```
//! use qris_codec::rules::limits;
//!
//! assert_eq!(limits::MAX_TRANSACTION_RUPIAH, 10_000_000);
//! assert_eq!("TOKO CONTOH".len().min(limits::MAX_NAME_CHARS), 11);
//! ```

use core::fmt;

/// Defines the constants, and the table by which messages find them.
macro_rules! limits {
    ($($(#[$meta:meta])* $name:ident: $kind:ident = $value:expr;)*) => {
        $($(#[$meta])* pub const $name: limits!(type $kind) = $value;)*

        /// A limit by the name of its constant.
        pub(crate) fn by_name(name: &str) -> Option<Limit> {
            match name {
                $(stringify!($name) => Some(limits!(limit $kind $name)),)*
                _ => None,
            }
        }
    };
    (type chars) => { usize };
    (type rupiah) => { u64 };
    (type text) => { &str };
    (type words) => { &[&str] };
    (limit chars $name:ident) => { Limit::Number($name as u64) };
    (limit rupiah $name:ident) => { Limit::Number($name) };
    (limit text $name:ident) => { Limit::Words(&[$name]) };
    (limit words $name:ident) => { Limit::Words($name) };
}

/// A limit as a message shows it.
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

limits! {
    /// The longest payload, in characters (EMVCo MPM 3.2, QRIS 4.1: "should not exceed").
    MAX_PAYLOAD_CHARS: chars = 512;
    /// The longest value that two digits of length can announce (EMVCo MPM 3.2).
    MAX_VALUE_CHARS: chars = 99;
    /// 00, the payload format (EMVCo MPM object 00).
    PAYLOAD_FORMAT: text = "01";
    /// 01 of a static code, which is paid many times (EMVCo MPM object 01).
    STATIC: text = "11";
    /// 01 of a dynamic code, which is paid once (EMVCo MPM object 01).
    DYNAMIC: text = "12";
    /// 52, the merchant category code: digits (ISO 18245).
    CATEGORY_CODE_DIGITS: chars = 4;
    /// 53, the currency: digits (ISO 4217).
    CURRENCY_DIGITS: chars = 3;
    /// 53 of a QRIS payload, the rupiah (QRIS 4.7.7).
    RUPIAH: text = "360";
    /// 58, the country: letters (ISO 3166-1 alpha-2).
    COUNTRY_LETTERS: chars = 2;
    /// 58 of a QRIS payload (QRIS object 58).
    INDONESIA: text = "ID";
    /// The most rupiah of one payment (PADG 24/1/PADG/2022, article 8, since 1 March 2022).
    MAX_TRANSACTION_RUPIAH: rupiah = 10_000_000;
    /// 54 and 56: characters, the decimal point included (EMVCo MPM objects 54 and 56).
    MAX_AMOUNT_CHARS: chars = 13;
    /// 55: the wallet asks the payer for a tip (EMVCo MPM object 55).
    TIP_PROMPT: text = "01";
    /// 55: a fixed fee stands in 56 (EMVCo MPM object 55).
    TIP_FIXED: text = "02";
    /// 55: a percentage stands in 57 (EMVCo MPM object 55).
    TIP_PERCENT: text = "03";
    /// 57: characters (EMVCo MPM object 57).
    MAX_PERCENT_CHARS: chars = 5;
    /// 57: the smallest percentage (EMVCo MPM object 57).
    MIN_PERCENT: text = "00.01";
    /// 57: the largest percentage (EMVCo MPM object 57).
    MAX_PERCENT: text = "99.99";
    /// 59 and 64.01, the merchant's name (EMVCo MPM objects 59 and 64.01).
    MAX_NAME_CHARS: chars = 25;
    /// 60 and 64.02, the merchant's city (EMVCo MPM objects 60 and 64.02).
    MAX_CITY_CHARS: chars = 15;
    /// 61, the postal code of any country (EMVCo MPM object 61).
    MAX_POSTAL_CODE_CHARS: chars = 10;
    /// 61 of a QRIS payload (QRIS 4.7.15).
    POSTAL_CODE_DIGITS: chars = 5;
    /// 62.01 to 62.08, the entries of the additional data (EMVCo MPM object 62).
    MAX_ADDITIONAL_CHARS: chars = 25;
    /// 62.09, the consumer data request: each of these letters at most once (EMVCo MPM 62.09).
    CONSUMER_DATA: text = "AME";
    /// 62.10, the merchant's tax ID (EMVCo MPM 1.1, object 62.10).
    MAX_TAX_ID_CHARS: chars = 20;
    /// 62.11, the merchant channel (EMVCo MPM 1.1, object 62.11).
    MERCHANT_CHANNEL_CHARS: chars = 3;
    /// 00 of a template, the globally unique identifier (EMVCo MPM 4.7.11.2).
    MAX_GUID_CHARS: chars = 32;
    /// 51.00 of most payloads, the national repository (QRIS table 4.5).
    NATIONAL_GUID: text = "ID.CO.QRIS.WWW";
    /// How a merchant PAN of an Indonesian institution begins (QRIS table 4.3).
    NATIONAL_PAN_PREFIX: text = "9360";
    /// 26.01 to 45.01, the merchant PAN: fewest digits (QRIS table 4.3).
    MIN_PAN_DIGITS: chars = 18;
    /// 26.01 to 45.01, the merchant PAN: most digits (QRIS table 4.3).
    MAX_PAN_DIGITS: chars = 19;
    /// 40.01 of a transfer, the customer PAN: fewest digits (QRIS TTS).
    MIN_TRANSFER_PAN_DIGITS: chars = 16;
    /// The digits of a PAN that name the institution (NNS).
    INSTITUTION_DIGITS: chars = 8;
    /// 26.02 to 45.02, the acquirer's merchant ID (QRIS table 4.3).
    MAX_MERCHANT_ID_CHARS: chars = 15;
    /// 26.03 to 45.03 and 51.03, the merchant criteria: micro, small, medium, large, regular,
    /// public service obligation, public service agency (QRIS table 4.3).
    CRITERIA: words = &["UMI", "UKE", "UME", "UBE", "URE", "PSO", "BLU"];
    /// How 51.02, the NMID, begins (QRIS table 4.5).
    NMID_PREFIX: text = "ID";
    /// 51.02, the NMID: digits behind the prefix (QRIS table 4.5).
    NMID_DIGITS: chars = 13;
    /// 51.02, the NMID: characters in all (QRIS table 4.5).
    NMID_CHARS: chars = NMID_PREFIX.len().saturating_add(NMID_DIGITS);
    /// 52 of a transfer (QRIS TTS).
    TRANSFER_CATEGORY: text = "4829";
    /// 62.08 of a transfer, what it is for (QRIS TTS).
    TRANSFER_PURPOSES: words = &["BOOK", "DMCT", "XBCT", "CWDL", "CDPT", "POSP", "BILL"];
}

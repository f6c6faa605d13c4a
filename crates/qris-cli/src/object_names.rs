//! Names of the objects (EMVCo MPM tables 3.1 to 3.8, QRIS tables 4.3 and 4.5).

use qris_codec::Path;

use crate::messages::format;

/// The name of the object at a path, for `qris decode`. The objects that QRIS defines in an account
/// have names only in national codes.
pub(crate) fn name(path: Path, national: bool) -> String {
    format(key(path, national), &[])
}

fn key(path: Path, national: bool) -> &'static str {
    let mut tags = path.tags().map(|tag| tag.number());
    let root = tags.next().unwrap_or_default();
    match (root, tags.next(), tags.next()) {
        (51, None, _) if !national => "object-merchant-account",
        (root, None, _) => at_root(root),
        (26..=51, Some(1..), None) if !national => "object-scheme-specific",
        (26..=45, Some(sub), None) => match sub {
            0 => "object-globally-unique-identifier",
            1 => "object-merchant-pan",
            2 => "object-merchant-id",
            3 => "object-merchant-criteria",
            _ => "object-network-specific",
        },
        (51, Some(sub), None) => match sub {
            0 => "object-globally-unique-identifier",
            2 => "object-nmid",
            3 => "object-merchant-criteria",
            _ => "object-network-specific",
        },
        (62, Some(sub), None) => match sub {
            1 => "object-bill-number",
            2 => "object-mobile-number",
            3 => "object-store-label",
            4 => "object-loyalty-number",
            5 => "object-reference-label",
            6 => "object-customer-label",
            7 => "object-terminal-label",
            8 => "object-purpose",
            9 => "object-consumer-data-request",
            10 => "object-merchant-tax-id",
            11 => "object-merchant-channel",
            50..=99 => "object-payment-system-template",
            _ => "object-reserved",
        },
        (64, Some(sub), None) => match sub {
            0 => "object-language",
            1 => "object-merchant-name-in-that-language",
            2 => "object-merchant-city-in-that-language",
            _ => "object-reserved",
        },
        (_, Some(0), _) => "object-globally-unique-identifier",
        _ => "object-scheme-specific",
    }
}

fn at_root(tag: u8) -> &'static str {
    match tag {
        0 => "object-payload-format",
        1 => "object-point-of-initiation",
        2 | 3 => "object-visa-account",
        4 | 5 => "object-mastercard-account",
        9 | 10 => "object-discover-account",
        11 | 12 => "object-amex-account",
        13 | 14 => "object-jcb-account",
        15 | 16 => "object-unionpay-account",
        6..=8 | 17..=25 => "object-emvco-account",
        26..=50 => "object-merchant-account",
        51 => "object-national-repository",
        52 => "object-merchant-category-code",
        53 => "object-currency",
        54 => "object-amount",
        55 => "object-tip-indicator",
        56 => "object-fixed-fee",
        57 => "object-percentage-fee",
        58 => "object-country",
        59 => "object-merchant-name",
        60 => "object-merchant-city",
        61 => "object-postal-code",
        62 => "object-additional-data",
        63 => "object-checksum",
        64 => "object-language-template",
        65..=79 => "object-reserved",
        _ => "object-unreserved-template",
    }
}

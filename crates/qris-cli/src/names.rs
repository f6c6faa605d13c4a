//! What the objects are called (EMVCo MPM tables 3.1 to 3.8, QRIS tables 4.3 and 4.5).

use qris_codec::Path;

/// The field's name of the object at a path, for a reader of `qris decode`. What QRIS puts into an
/// account has its name in national codes alone.
pub(crate) fn of(path: Path, national: bool) -> &'static str {
    let mut tags = path.tags().map(|tag| tag.number());
    let root = tags.next().unwrap_or_default();
    match (root, tags.next(), tags.next()) {
        (51, None, _) if !national => "merchant account",
        (root, None, _) => at_root(root),
        (26..=51, Some(1..), None) if !national => "scheme specific",
        (26..=45, Some(sub), None) => match sub {
            0 => "globally unique identifier",
            1 => "merchant PAN",
            2 => "merchant ID",
            3 => "merchant criteria",
            _ => "network specific",
        },
        (51, Some(sub), None) => match sub {
            0 => "globally unique identifier",
            2 => "NMID",
            3 => "merchant criteria",
            _ => "network specific",
        },
        (62, Some(sub), None) => match sub {
            1 => "bill number",
            2 => "mobile number",
            3 => "store label",
            4 => "loyalty number",
            5 => "reference label",
            6 => "customer label",
            7 => "terminal label",
            8 => "purpose",
            9 => "consumer data request",
            10 => "merchant tax ID",
            11 => "merchant channel",
            50..=99 => "payment system template",
            _ => "reserved",
        },
        (64, Some(sub), None) => match sub {
            0 => "language",
            1 => "merchant name in that language",
            2 => "merchant city in that language",
            _ => "reserved",
        },
        (_, Some(0), _) => "globally unique identifier",
        _ => "scheme specific",
    }
}

fn at_root(tag: u8) -> &'static str {
    match tag {
        0 => "payload format",
        1 => "point of initiation",
        2 | 3 => "Visa account",
        4 | 5 => "Mastercard account",
        9 | 10 => "Discover account",
        11 | 12 => "Amex account",
        13 | 14 => "JCB account",
        15 | 16 => "UnionPay account",
        6..=8 | 17..=25 => "EMVCo account",
        26..=50 => "merchant account",
        51 => "national repository",
        52 => "merchant category code",
        53 => "currency",
        54 => "amount",
        55 => "tip indicator",
        56 => "fixed fee",
        57 => "percentage fee",
        58 => "country",
        59 => "merchant name",
        60 => "merchant city",
        61 => "postal code",
        62 => "additional data",
        63 => "checksum",
        64 => "language template",
        65..=79 => "reserved",
        _ => "unreserved template",
    }
}

//! Who stands behind a number or an identifier: institutions by NNS and acquirers by GUID.
//!
//! The lists are kept as `data/nns.tsv` and `data/guids.tsv`; the test `tables` holds the source
//! against them and, with `UPDATE_TABLES=1`, writes it anew. No official list is public: the rows
//! were gathered from the switching companies' pages and from payloads in the field, and of the
//! numbers only those are here that are well attested.

mod generated;

/// An institution with a number of its own in the national numbering (NNS).
///
/// ```
/// use qris_codec::tables::institution;
///
/// let gopay = institution("936009143664001757").unwrap();
/// assert_eq!(gopay.nns, 93600914);
/// assert_eq!(gopay.name, "GoPay");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Institution {
    /// The first eight digits of the PANs it gives out.
    pub nns: u32,
    /// What people call it.
    pub name: &'static str,
    /// Its legal name.
    pub organization: &'static str,
}

/// The institution that gave out a PAN, by its first eight digits.
///
/// `None` for fewer than eight digits and for a number that is in no list.
pub fn institution(pan: &str) -> Option<&'static Institution> {
    let nns: u32 = pan.get(..8)?.bytes().try_fold(0_u32, |number, byte| {
        let digit = char::from(byte).to_digit(10)?;
        Some(number.wrapping_mul(10).wrapping_add(digit))
    })?;
    let at = generated::INSTITUTIONS.binary_search_by_key(&nns, |row| row.nns).ok()?;
    generated::INSTITUTIONS.get(at)
}

/// Whether an acquirer's globally unique identifier is known, in upper or lower case.
pub fn is_known_guid(guid: &str) -> bool {
    let mut text = [0; LONGEST];
    let Some(room) = text.get_mut(..guid.len()) else { return false };
    room.copy_from_slice(guid.as_bytes());
    text.make_ascii_uppercase();
    let wanted = key(&text);
    generated::GUIDS.binary_search_by(|row| key(row).cmp(&wanted)).is_ok()
}

/// How long an identifier can be (EMVCo MPM 4.7.11.2).
const LONGEST: usize = 32;

/// Two numbers in the order of the text: compared in two steps, not byte by byte.
fn key(text: &[u8; LONGEST]) -> (u128, u128) {
    let half = |bytes: Option<&[u8; 16]>| bytes.map_or(0, |bytes| u128::from_be_bytes(*bytes));
    (half(text.first_chunk()), half(text.last_chunk()))
}

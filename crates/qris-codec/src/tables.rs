//! Lists of institutions by NNS number and of acquirers by GUID.
//!
//! The lists are in `data/nns.tsv` and `data/guids.tsv`. The test `tables` compares the source with
//! them; with `UPDATE_TABLES=1` it writes the source again. There is no public official list: the
//! rows are from pages of the switching companies and from real payloads, and only well attested
//! numbers are included.

mod generated;
mod institution;

pub use institution::Institution;

use crate::copy::copy;
use crate::digits::all_digits;
use crate::rules::limits::MAX_GUID_CHARS;

/// The institution that issued a PAN, by its first eight digits.
///
/// `None` for fewer than eight digits and for an unknown number.
///
/// ```
/// use qris_codec::tables::institution;
///
/// assert_eq!(institution("936009143664001757").map(|found| found.name), Some("GoPay"));
/// assert_eq!(institution("9360"), None);
/// ```
pub fn institution(pan: &str) -> Option<&'static Institution> {
    let nns = number(pan.as_bytes())?;
    let at = generated::INSTITUTIONS.binary_search_by_key(&nns, |row| row.nns).ok()?;
    generated::INSTITUTIONS.get(at)
}

/// Whether [`institution()`] finds one for a PAN.
pub(crate) fn has_institution(pan: &[u8]) -> bool {
    number(pan).is_some_and(|nns| {
        let at = nns.wrapping_sub(FIRST);
        let byte = KNOWN.get((at >> 3) as usize).copied().unwrap_or(0);
        (byte >> (at & 7)) & 1 != 0
    })
}

/// The lowest of the numbers, which begin with 9360.
const FIRST: u32 = 93_600_000;

/// A bit for each number from [`FIRST`] on, which is faster than searching the list.
static KNOWN: [u8; 1_250] = {
    let mut known = [0; 1_250];
    let mut rows = generated::INSTITUTIONS;
    while let [row, rest @ ..] = rows {
        let at = row.nns.wrapping_sub(FIRST);
        if let (_, [byte, ..]) = known.split_at_mut((at >> 3) as usize) {
            *byte |= 1 << (at & 7);
        }
        rows = rest;
    }
    known
};

/// The number of the first eight digits: pairs of digits, pairs of pairs, then the halves.
fn number(digits: &[u8]) -> Option<u32> {
    let digits = digits.first_chunk::<8>().filter(|digits| all_digits(*digits))?;
    let ones = u64::from_le_bytes(*digits) & 0x0F0F_0F0F_0F0F_0F0F;
    let pairs = ones.wrapping_mul(10).wrapping_add(ones >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_FFFF_0000_FFFF;
    Some(fours.wrapping_mul(10_000).wrapping_add(fours >> 32) as u32)
}

/// Whether an acquirer's globally unique identifier is known, in upper or lower case.
///
/// ```
/// use qris_codec::tables::is_known_guid;
///
/// assert!(is_known_guid("com.go-jek.www"));
/// assert!(!is_known_guid("COM.EXAMPLE.WWW"));
/// ```
pub fn is_known_guid(guid: &str) -> bool {
    is_known(guid.as_bytes())
}

/// [`is_known_guid`] for bytes.
pub(crate) fn is_known(guid: &[u8]) -> bool {
    let mut text = [0; MAX_GUID_CHARS];
    let Some(room) = text.get_mut(..guid.len()) else { return false };
    copy(room, guid);
    let rows = generated::GUIDS.get(guid.len()).copied().unwrap_or_default();
    let has = |text: &[u8; MAX_GUID_CHARS]| rows.iter().any(|row| row == text);
    // Nearly always upper case.
    if has(&text) {
        return true;
    }
    text.make_ascii_uppercase();
    has(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_is_set_for_every_institution_and_for_no_other_number() {
        for nns in FIRST.wrapping_sub(20)..FIRST.wrapping_add(10_020) {
            let pan = std::format!("{nns}0123456789");
            assert_eq!(has_institution(pan.as_bytes()), institution(&pan).is_some(), "{nns}");
        }
    }
}

//! The checksum of tag 63.

use crc::{CRC_16_IBM_3740, Crc, Table};

mod fold;

/// Sixteen tables of 256 entries (8 KiB of constants), for short texts and the rest of long ones.
static CRC: Crc<u16, Table<16>> = Crc::<u16, Table<16>>::new(&CRC_16_IBM_3740);

/// The checksum of EMVCo MPM 4.7.3: CRC-16 with polynomial 1021 and initial value FFFF
/// (CCITT-FALSE), over the UTF-8 bytes of everything up to and including `6304`.
///
/// ```
/// assert_eq!(qris_codec::checksum(b"123456789"), 0x29B1);
/// ```
pub fn checksum(bytes: &[u8]) -> u16 {
    // Sixteen bytes at a time. The odd bytes come first, as a block that begins with zeros. Leading
    // zeros do not change a checksum with the initial value zero, and that is the case here after
    // the initial value is mixed into the first two bytes. This does not work for a single odd
    // byte.
    let (initial, bytes) = match bytes {
        [first, rest @ ..] if rest.len() % BLOCK == 0 => (CRC.checksum(&[*first]), rest),
        _ => (0xFFFF, bytes),
    };
    let odd = match bytes.len() % BLOCK {
        0 => BLOCK,
        odd => odd,
    };
    let (Some(&first), Some(blocks)) = (bytes.first_chunk(), bytes.get(odd..)) else {
        let mut digest = CRC.digest_with_initial(initial);
        digest.update(bytes);
        return digest.finalize();
    };
    let mixed = u128::from_be_bytes(first) ^ (u128::from(initial) << 112);
    let block = (mixed >> (BLOCK.wrapping_sub(odd).wrapping_mul(8) & 0x7F)).to_be_bytes();
    let mut digest = CRC.digest_with_initial(0);
    if let Some(folded) = fold::fold(block, blocks) {
        digest.update(&folded);
        return digest.finalize();
    }
    digest.update(&block);
    digest.update(blocks);
    digest.finalize()
}

/// The number of bytes in one step.
const BLOCK: usize = 16;

/// The number of four hexadecimal digits in either case.
pub(crate) fn hex(digits: &[u8]) -> Option<u16> {
    let &[a, b, c, d] = digits else { return None };
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    let value = (nibble(a)? << 12) | (nibble(b)? << 8) | (nibble(c)? << 4) | nibble(d)?;
    u16::try_from(value).ok()
}

/// A checksum as four upper-case hexadecimal digits.
pub(crate) fn hex_digits(checksum: u16) -> [u8; 4] {
    // All four at once, a byte each.
    let wide = u32::from(checksum);
    let pairs = (wide >> 8) | ((wide & 0xFF) << 16);
    let nibbles = ((pairs >> 4) & 0x000F_000F) | ((pairs & 0x000F_000F) << 8);
    let letters = (nibbles.wrapping_add(0x0606_0606) >> 4) & 0x0101_0101;
    let gap = u32::from(b'A'.wrapping_sub(b'9').wrapping_sub(1));
    nibbles.wrapping_add(0x3030_3030).wrapping_add(letters.wrapping_mul(gap)).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    #[test]
    fn the_odd_bytes_count_as_in_a_bytewise_checksum() {
        let bytes: Vec<u8> = (0..600_u16).map(|n| n.wrapping_mul(167).to_be_bytes()[1]).collect();
        for len in 0..bytes.len() {
            let plain = bytes[..len].iter().fold(0xFFFF_u16, |crc, &byte| {
                (0..8).fold(crc ^ (u16::from(byte) << 8), |crc, _| {
                    if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
                })
            });
            assert_eq!(checksum(&bytes[..len]), plain, "{len} bytes");
        }
    }

    #[test]
    fn every_checksum_reads_back_from_its_digits() {
        for value in 0..=u16::MAX {
            let digits = hex_digits(value);
            assert_eq!(std::str::from_utf8(&digits), Ok(&*std::format!("{value:04X}")));
            assert_eq!(hex(&digits), Some(value));
            assert_eq!(hex(&digits.map(|digit| digit.to_ascii_lowercase())), Some(value));
        }
    }
}

//! Shortens the input of a checksum with exclusive-or only, because its polynomial has few terms.
//!
//! A text is a polynomial over GF(2), and only its remainder modulo the checksum's P = x¹⁶ + x¹² +
//! x⁵ + 1 counts. Over GF(2), squaring a sum squares each of its terms, so with n = 2ᵏ
//!
//! ```text
//! Pⁿ = x¹⁶ⁿ + x¹²ⁿ + x⁵ⁿ + 1
//! ```
//!
//! and texts with the same remainder modulo Pⁿ have the same remainder modulo P. So in lanes of n
//! bits, the first lane can be removed if it is added to the lanes 4, 11 and 16 places later. Lanes
//! of 32, 16 and 8 bits reduce a text of any length to sixteen bytes, without a table and without
//! multiplication.

use core::ops::BitXor;

/// Sixteen bytes with the same remainder as `first` followed by the `blocks` of sixteen bytes, or
/// `None` if there are fewer than three blocks.
#[inline]
pub(super) fn fold(first: [u8; 16], blocks: &[u8]) -> Option<[u8; 16]> {
    let (&b, rest) = blocks.split_first_chunk()?;
    let (&c, rest) = rest.split_first_chunk()?;
    let (&d, rest) = rest.split_first_chunk()?;
    let mut lanes = [first, b, c, d].map(u128::from_le_bytes);
    for block in rest.chunks_exact(16) {
        let next = u128::from_le_bytes(*block.first_chunk()?);
        lanes = step(lanes, next, |lane| [lane << 96, lane >> 32]);
    }

    let [[a, b], [c, d], [e, f], [g, h]] = lanes.map(|lane| [lane as u64, (lane >> 64) as u64]);
    let mut lanes = [a, b, c, d];
    for next in [e, f, g, h] {
        lanes = step(lanes, next, |lane| [lane << 48, lane >> 16]);
    }

    let [[a, b], [c, d], [e, f], [g, h]] = lanes.map(|lane| [lane as u32, (lane >> 32) as u32]);
    let mut lanes = [a, b, c, d];
    for next in [e, f, g, h] {
        lanes = step(lanes, next, |lane| [lane << 24, lane >> 8]);
    }

    let [a, b, c, d] = lanes.map(u128::from);
    Some((a | (b << 32) | (c << 64) | (d << 96)).to_le_bytes())
}

/// Removes the first four of sixteen lanes and appends four more. Lanes are in groups of four,
/// little-endian: later text is the higher part. `eleventh` shifts four lanes by eleven places, in
/// two parts, because eleven is one less than three groups of four.
#[inline(always)]
fn step<T: Copy + BitXor<Output = T>>(
    [first, second, third, fourth]: [T; 4],
    next: T,
    eleventh: impl Fn(T) -> [T; 2],
) -> [T; 4] {
    let [one, three] = eleventh(first);
    [second ^ first, third ^ one, fourth ^ three, next ^ first]
}

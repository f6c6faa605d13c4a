//! Shortens what a checksum is taken of, by exclusive-or alone: its polynomial has few terms.
//!
//! A text is a polynomial over GF(2), and what counts of it is its remainder by the checksum's
//! P = x¹⁶ + x¹² + x⁵ + 1. Over GF(2), squaring a sum squares each of its terms, so with n = 2ᵏ
//!
//! ```text
//! Pⁿ = x¹⁶ⁿ + x¹²ⁿ + x⁵ⁿ + 1
//! ```
//!
//! and what has the same remainder by Pⁿ has the same by P. In lanes of n bits, then, the first lane
//! can go if it is added to those 4, 11 and 16 places on. Lanes of 32 bits, of 16 and of 8 take a
//! text of any length down to sixteen bytes, without a table and without multiplying.

use core::ops::BitXor;

/// Sixteen bytes with the same remainder as `first` and the `blocks` of sixteen bytes behind it, or
/// `None` where there are fewer than three of those.
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

/// Lets the first four of sixteen lanes go, and takes in four more behind them. They are held by
/// fours, little-endian: what is further on in the text is the higher part. `eleventh` puts four
/// lanes eleven places on, in two parts: that is one place short of the third four.
#[inline(always)]
fn step<T: Copy + BitXor<Output = T>>(
    [first, second, third, fourth]: [T; 4],
    next: T,
    eleventh: impl Fn(T) -> [T; 2],
) -> [T; 4] {
    let [one, three] = eleventh(first);
    [second ^ first, third ^ one, fourth ^ three, next ^ first]
}

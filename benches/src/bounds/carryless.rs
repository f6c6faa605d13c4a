//! The checksum by carry-less multiplication, which x86-64 processors have since 2010.
//!
//! A message is a polynomial over GF(2), and the checksum is its remainder by the checksum's
//! polynomial. A multiplication moves sixteen bytes to where they can be added to the next sixteen
//! without changing that remainder. See Gopal and others, *Fast CRC Computation for Generic
//! Polynomials Using PCLMULQDQ Instruction* (Intel, 2009).

use archmage::{SimdToken, X64CryptoToken, arcane};

/// Sixteen bytes with the same remainder as `first` and the next `blocks` of sixteen bytes, or
/// `None` if the processor does not have this multiplication.
#[inline]
pub(crate) fn fold(first: u128, blocks: &[u8]) -> Option<u128> {
    X64CryptoToken::summon().map(|token| multiply(token, first, blocks))
}

#[arcane(import_intrinsics)]
fn multiply(_token: X64CryptoToken, first: u128, blocks: &[u8]) -> u128 {
    // Text begins with the highest power, registers with the lowest.
    let reverse = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    let [high, low] = [(first >> 64) as i64, first as i64];
    let mut even = _mm_set_epi64x(high, low);
    let mut odd = _mm_setzero_si128();
    const ONE: [i64; 2] = [power(192), power(128)];
    const TWO: [i64; 2] = [power(320), power(256)];
    let [by_one, by_two] = [ONE, TWO].map(|[high, low]| _mm_set_epi64x(high, low));
    // Two at a time: one waits for its product while the other multiplies.
    let mut pairs = blocks.chunks_exact(32);
    for pair in &mut pairs {
        if let (Some(left), Some(right)) = (pair.first_chunk(), pair.last_chunk()) {
            let left = _mm_shuffle_epi8(_mm_loadu_si128::<[u8; 16]>(left), reverse);
            let right = _mm_shuffle_epi8(_mm_loadu_si128::<[u8; 16]>(right), reverse);
            let step = |sum, block| {
                let high = _mm_clmulepi64_si128::<0x11>(sum, by_two);
                let low = _mm_clmulepi64_si128::<0x00>(sum, by_two);
                _mm_xor_si128(_mm_xor_si128(high, low), block)
            };
            (odd, even) = (step(odd, left), step(even, right));
        }
    }
    let one = |sum, block| {
        let high = _mm_clmulepi64_si128::<0x11>(sum, by_one);
        let low = _mm_clmulepi64_si128::<0x00>(sum, by_one);
        _mm_xor_si128(_mm_xor_si128(high, low), block)
    };
    let mut sum = one(odd, even);
    if let Some(last) = pairs.remainder().first_chunk() {
        sum = one(sum, _mm_shuffle_epi8(_mm_loadu_si128::<[u8; 16]>(last), reverse));
    }
    let (high, low) = (_mm_extract_epi64::<1>(sum) as u64, _mm_cvtsi128_si64(sum) as u64);
    (u128::from(high) << 64) | u128::from(low)
}

/// The remainder of this power of x.
const fn power(exponent: u32) -> i64 {
    let mut remainder = 1_u16;
    let mut at = 0_u32;
    while at < exponent {
        let carry = remainder >> 15;
        remainder = (remainder << 1) ^ carry.wrapping_mul(0x1021);
        at = at.wrapping_add(1);
    }
    remainder as i64
}

//! The bounds for the codec: the same work, written by hand for speed only.
//!
//! Both bounds walk the root and verify the checksum; only the checksum's algorithm differs. They
//! refuse what `Payload::parse` refuses, and are simpler in three ways: they take bytes and do not
//! check UTF-8, lengths count bytes, and an error has no reason. All code is safe; the SIMD bound
//! multiplies through `archmage`.

#[cfg(target_arch = "x86_64")]
mod carryless;

/// Walks the root of `text` to its end: framed objects, no object twice, 00 first and 63 last.
///
/// Returns the number of objects.
pub fn walk(text: &[u8]) -> Option<u32> {
    let mut rest = text;
    let mut seen = 0_u128;
    let mut count = 0;
    loop {
        let (header, after) = rest.split_first_chunk::<4>()?;
        // '0' to '9' are 0x30 to 0x39, so the rest must be at most 9 in every byte.
        let digits = u32::from_le_bytes(*header) ^ 0x3030_3030;
        if (digits.wrapping_add(0x0606_0606) | digits) & 0xF0F0_F0F0 != 0 {
            return None;
        }
        let [a, b, c, d] = digits.to_le_bytes();
        let (tag, length) = (a * 10 + b, usize::from(c * 10 + d));
        if seen == 0 && tag != 0 {
            return None;
        }
        let bit = 1_u128 << tag;
        if seen & bit != 0 {
            return None;
        }
        seen |= bit;
        count += 1;
        rest = after.get(length..)?;
        if rest.is_empty() {
            return (tag == 63 && length == 4).then_some(count);
        }
    }
}

/// The value of the last object, and the text that its checksum covers.
fn split(text: &[u8]) -> Option<(&[u8], u16)> {
    let (covered, crc) = text.split_last_chunk::<4>()?;
    let mut found = 0;
    for digit in crc {
        found = found << 4 | char::from(*digit).to_digit(16)?;
    }
    Some((covered, u16::try_from(found).ok()?))
}

/// Walk and slice-by-16.
pub fn parse_sliced(text: &[u8]) -> Option<u16> {
    walk(text)?;
    let (covered, found) = split(text)?;
    (sliced(covered) == found).then_some(found)
}

/// Walk and carry-less multiply.
pub fn parse_carryless(text: &[u8]) -> Option<u16> {
    walk(text)?;
    let (covered, found) = split(text)?;
    (carryless(covered) == found).then_some(found)
}

const POLYNOMIAL: u16 = 0x1021;

/// `TABLES[n][b]`: the checksum of the byte `b` followed by `n` zero bytes.
static TABLES: [[u16; 256]; 16] = {
    let mut tables = [[0_u16; 256]; 16];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u16) << 8;
        let mut table = 0;
        while table < 16 {
            let mut bit = 0;
            while bit < 8 {
                crc = (crc << 1) ^ (if crc & 0x8000 != 0 { POLYNOMIAL } else { 0 });
                bit += 1;
            }
            tables[table][byte] = crc;
            table += 1;
        }
        byte += 1;
    }
    tables
};

/// CRC-16 (CCITT-FALSE) in slices of sixteen bytes, and the rest byte by byte.
pub fn sliced(bytes: &[u8]) -> u16 {
    sliced_from(u16::MAX, bytes)
}

fn sliced_from(initial: u16, bytes: &[u8]) -> u16 {
    let (blocks, rest) = bytes.as_chunks::<16>();
    let mut crc = initial;
    for block in blocks {
        let [high, low] = crc.to_be_bytes();
        // The part that depends on the previous block comes last, so that the rest does not wait
        // for it.
        let mut next = 0;
        for at in 2..16 {
            next ^= TABLES[15 - at][usize::from(block[at])];
        }
        crc = next
            ^ TABLES[14][usize::from(block[1] ^ low)]
            ^ TABLES[15][usize::from(block[0] ^ high)];
    }
    for &byte in rest {
        crc = (crc << 8) ^ TABLES[0][usize::from((crc >> 8) as u8 ^ byte)];
    }
    crc
}

/// CRC-16 (CCITT-FALSE) by carry-less multiplication, if the processor has it: first the odd bytes,
/// padded with zeros at the front, then two blocks of sixteen bytes at a time.
pub fn carryless(bytes: &[u8]) -> u16 {
    let odd = bytes.len() % 16;
    if let (Some(&first), true) = (bytes.first_chunk(), odd > 1) {
        let block = (u128::from_be_bytes(first) ^ (0xFFFF << 112)) >> (8 * (16 - odd));
        #[cfg(target_arch = "x86_64")]
        if let Some(folded) = carryless::fold(block, &bytes[odd..]) {
            return sliced_from(0, &folded.to_be_bytes());
        }
    }
    sliced(bytes)
}

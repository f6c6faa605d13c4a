//! The characters of a text.

/// What the rules may assume about the characters of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    /// Only characters from the space to `{`: printable ASCII without the vertical bar and the two
    /// rare characters after it. A byte is a character, and values need no further check of their
    /// characters.
    Plain,
    /// Any characters.
    Any,
}

impl Charset {
    #[inline]
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        // Subtracting the space wraps smaller bytes to values above the brace.
        let above = |byte: u8| byte.wrapping_sub(b' ');
        // Sixteen bytes at a time; the last sixteen overlap instead of single bytes.
        let Some(last) = bytes.last_chunk::<16>() else { return Self::Any };
        let most = bytes.chunks_exact(16).fold(last.map(above), |mut most, chunk| {
            most.iter_mut().zip(chunk).for_each(|(most, &byte)| *most = (*most).max(above(byte)));
            most
        });
        let odd = most.iter().any(|&most| most > above(b'{'));
        if odd { Self::Any } else { Self::Plain }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_plain_from_the_space_to_the_brace_in_any_position() {
        for byte in 0..=u8::MAX {
            for at in 0..20 {
                let mut bytes = [b'A'; 20];
                bytes[at] = byte;
                let plain = matches!(byte, b' '..=b'{');
                assert_eq!(Charset::from_bytes(&bytes) == Charset::Plain, plain, "{byte} at {at}");
            }
        }
    }
}

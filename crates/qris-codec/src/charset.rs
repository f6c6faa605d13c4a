//! What is known about all characters of a text.

/// What the rules may rely on about the characters of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    /// From the space to `{`, which is printable ASCII without the vertical bar and the two rare
    /// characters behind it: a byte is a character, and no value needs to be looked at again for
    /// its characters.
    Plain,
    /// Any characters at all.
    Any,
}

impl Charset {
    #[inline]
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        // What is below the space comes out above the brace when the space is taken away.
        let above = |byte: u8| byte.wrapping_sub(b' ');
        // Sixteen bytes at a time, and the last of them once more instead of one by one.
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

//! The sizes of the frames in a WebP file (RFC 9649).

/// Whether no frame is larger than the picture: the decoder allocates a frame before it compares.
///
/// It searches frame headers everywhere in the file. So it finds each frame that the decoder finds, even
/// if the two would split the file into chunks differently.
pub(super) fn frames_fit(file: &[u8], (width, height): (u32, u32)) -> bool {
    let fits = |(across, down): (u32, u32)| across <= width && down <= height;
    file.windows(18).filter_map(|bytes| lossy(bytes).or_else(|| lossless(bytes))).all(fits)
        // A lossless header is shorter than the window at the end of the file.
        && file.get(file.len().saturating_sub(17)..).is_none_or(|end| {
            end.windows(13).filter_map(lossless).all(fits)
        })
}

/// The size in a key frame's header (RFC 6386, 9.1), after the name and the length of its chunk.
fn lossy(bytes: &[u8]) -> Option<(u32, u32)> {
    match *bytes {
        [b'V', b'P', b'8', b' ', _, _, _, _, _, _, _, 0x9d, 0x01, 0x2a, a, b, c, d, ..] => {
            let side = |bytes| u32::from(u16::from_le_bytes(bytes) & 0x3fff);
            Some((side([a, b]), side([c, d])))
        }
        _ => None,
    }
}

/// The size in a lossless header (RFC 9649, 3.4), after the name and the length of its chunk.
fn lossless(bytes: &[u8]) -> Option<(u32, u32)> {
    match *bytes {
        [b'V', b'P', b'8', b'L', _, _, _, _, 0x2f, a, b, c, d, ..] => {
            let bits = u32::from_le_bytes([a, b, c, d]);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}

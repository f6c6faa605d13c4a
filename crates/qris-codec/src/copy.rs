//! Fast copies of a few bytes.

/// Copies to a slice of the same length.
#[inline]
pub(crate) fn copy(room: &mut [u8], text: &[u8]) {
    // Two overlapping copies are faster than a call to memcpy, and are enough for most values.
    let len = text.len();
    if !(2..=32).contains(&len) {
        room.copy_from_slice(text);
    } else if len < 4 {
        halves::<2>(room, text);
    } else if len < 8 {
        halves::<4>(room, text);
    } else if len < 16 {
        halves::<8>(room, text);
    } else {
        halves::<16>(room, text);
    }
}

#[inline]
fn halves<const HALF: usize>(room: &mut [u8], text: &[u8]) {
    if let (Some(left), Some(right)) = (text.first_chunk::<HALF>(), text.last_chunk::<HALF>()) {
        room.first_chunk_mut().into_iter().for_each(|room| *room = *left);
        room.last_chunk_mut().into_iter().for_each(|room| *room = *right);
    }
}

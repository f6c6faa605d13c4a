//! Black and white pixels, eight in a byte, as PNG and printers use them.

/// The longest side of a picture, in pixels.
pub(crate) const MAX_SIDE: usize = 16_384;

/// A picture of black and white pixels. A set bit is black; rows begin on a byte.
pub(crate) struct Raster {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

impl Raster {
    /// A white picture of this size.
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self { width, height, bytes: vec![0; width.div_ceil(8) * height] }
    }

    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    pub(crate) const fn height(&self) -> usize {
        self.height
    }

    /// All rows, one after the other.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bytes a row has.
    pub(crate) const fn row_len(&self) -> usize {
        self.width.div_ceil(8)
    }

    /// Makes a pixel black; outside the picture nothing happens.
    pub(crate) fn blacken(&mut self, x: usize, y: usize) {
        if x >= self.width {
            return;
        }
        let at = y * self.row_len() + x / 8;
        if let Some(byte) = self.bytes.get_mut(at) {
            *byte |= 0x80 >> (x % 8);
        }
    }

    /// Makes the pixels of a row black, from a start up to an end, which is not included.
    pub(crate) fn blacken_run(&mut self, from: usize, to: usize, y: usize) {
        let row = y * self.row_len();
        let until = to.saturating_sub(1);
        let (first, last) = (from / 8, until / 8);
        let (head, tail) = (0xff >> (from % 8), 0xff << (7 - until % 8));
        let Some(bytes) = self.bytes.get_mut(row + first..=row + last) else {
            return;
        };
        match bytes {
            [only] => *only |= head & tail,
            [start, middle @ .., end] => {
                *start |= head;
                middle.fill(0xff);
                *end |= tail;
            }
            [] => {}
        }
    }

    /// Copies a row downwards, so that there are `times` of it.
    pub(crate) fn repeat(&mut self, y: usize, times: usize) {
        let len = self.row_len();
        let row = y * len..(y + 1) * len;
        for below in 1..times {
            self.bytes.copy_within(row.clone(), (y + below) * len);
        }
    }
}

//! Draws the label as pixels, with bitmaps of Noto Sans Mono.

use noto_sans_mono_bitmap::{
    FontWeight, RasterHeight, RasterizedChar, get_raster, get_raster_width,
};

use crate::raster::Raster;

/// The words of a label, split into lines that fit, in a size that fits.
pub(crate) struct Words {
    lines: Vec<String>,
    face: Face,
}

/// A size of the font, magnified by a whole number.
#[derive(Clone, Copy)]
struct Face {
    size: RasterHeight,
    times: usize,
}

impl Face {
    const fn width(self) -> usize {
        get_raster_width(WEIGHT, self.size) * self.times
    }

    const fn height(self) -> usize {
        self.size.val() * self.times
    }

    /// The pixels of a character that the font [has](has_letter).
    fn glyph(self, c: char) -> Option<RasterizedChar> {
        get_raster(c, WEIGHT, self.size)
    }
}

/// Thermal printers and small pictures lose thin strokes.
const WEIGHT: FontWeight = FontWeight::Bold;

/// The sizes, the finest last. If two give the same height, the finer one is smoother.
const SIZES: [RasterHeight; 3] = [RasterHeight::Size16, RasterHeight::Size24, RasterHeight::Size32];

/// The font's edges are shades of grey. From this shade on, a pixel is black.
const INK: u8 = 110;

/// Whether the font has this character: those of Western Europe (ISO 8859-1), in every size.
pub(crate) fn has_letter(c: char) -> bool {
    get_raster(c, WEIGHT, SIZES[0]).is_some()
}

/// Finds the largest letters of at most `max_height` with which no line is longer than `width`,
/// both in pixels. If even the smallest are too wide, lines are wrapped; nothing is cut off.
pub(crate) fn typeset(lines: &[String], width: usize, max_height: usize) -> Words {
    let longest = lines.iter().map(|line| line.chars().count()).max();
    let single = SIZES.map(|size| Face { size, times: 1 });
    let face = single
        .into_iter()
        .filter_map(|face| {
            let wide = width / (face.width() * longest?.max(1));
            let high = max_height / face.height();
            let times = wide.min(high);
            (times > 0).then_some(Face { times, ..face })
        })
        .max_by_key(|face| face.height())
        .unwrap_or(single[0]);
    let columns = (width / face.width()).max(1);
    Words { lines: lines.iter().flat_map(|line| broken(line, columns)).collect(), face }
}

/// The line in pieces of at most this many characters, split at spaces if there are any.
fn broken(line: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest: Vec<char> = line.chars().collect();
    while rest.len() > columns {
        let space = rest.iter().take(columns + 1).rposition(|&c| c == ' ');
        let end = space.filter(|&at| at > 0).unwrap_or(columns);
        let below = rest.split_off(end);
        lines.push(rest.into_iter().collect());
        rest = below.into_iter().skip_while(|&c| c == ' ').collect();
    }
    lines.push(rest.into_iter().collect());
    lines
}

impl Words {
    /// The height of the lines with the gaps between and below them, in pixels.
    pub(crate) fn height(&self) -> usize {
        if self.lines.is_empty() {
            return 0;
        }
        self.lines.len() * self.pitch() + self.face.height() / 2
    }

    /// The distance from the top of a line to the top of the next, in pixels.
    fn pitch(&self) -> usize {
        self.face.height() + self.face.height() / 4
    }

    /// Paints the lines centred, from the row `top` down.
    pub(crate) fn paint(&self, raster: &mut Raster, top: usize) {
        for (row, line) in self.lines.iter().enumerate() {
            let columns = line.chars().count();
            let left = raster.width().saturating_sub(columns * self.face.width()) / 2;
            for (column, c) in line.chars().enumerate() {
                let place = (left + column * self.face.width(), top + row * self.pitch());
                self.paint_letter(raster, c, place);
            }
        }
    }

    fn paint_letter(&self, raster: &mut Raster, c: char, (left, top): (usize, usize)) {
        let times = self.face.times;
        let rows = self.face.glyph(c).into_iter().flat_map(|glyph| glyph.rows());
        for (y, row) in rows.enumerate() {
            for (x, _) in row.iter().enumerate().filter(|&(_, &shade)| shade >= INK) {
                for (dx, dy) in (0..times * times).map(|at| (at % times, at / times)) {
                    raster.blacken(left + x * times + dx, top + y * times + dy);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_has_the_letters_of_western_europe_and_no_other() {
        for size in SIZES {
            let face = Face { size, times: 1 };
            let pixels = |c| face.glyph(c).map(|glyph| glyph.pixels().to_vec());
            let question = pixels('?').unwrap();
            for letter in ('!'..='~').chain('¡'..='ÿ').filter(|c| !"?\u{ad}".contains(*c)) {
                assert!(has_letter(letter), "{letter}");
                assert_ne!(pixels(letter).unwrap(), question, "{letter}");
            }
            for letter in ['最', 'ي', '🍜', '\u{301}', 'ş'] {
                assert!(!has_letter(letter), "{letter}");
                assert!(face.glyph(letter).is_none(), "{letter}");
            }
        }
    }

    #[test]
    fn letters_are_as_large_as_fits_and_lines_are_broken_only_where_none_fit() {
        let label = ["InterActive Corp", "NMID: ID1020021181745"].map(str::to_owned);
        let words = typeset(&label, 440, 32);
        assert_eq!((words.face.height(), words.lines.len()), (32, 2));
        let words = typeset(&label, 440, 31);
        assert_eq!((words.face.height(), words.lines.len()), (24, 2));
        let words = typeset(&label, 120, 32);
        assert_eq!(words.face.height(), 16);
        assert_eq!(words.lines, ["InterActive Corp", "NMID:", "ID1020021181745"]);
    }

    #[test]
    fn lines_are_broken_at_spaces_and_lose_nothing_else() {
        assert_eq!(broken("WARUNG BU SITI", 14), ["WARUNG BU SITI"]);
        assert_eq!(broken("WARUNG BU SITI", 13), ["WARUNG BU", "SITI"]);
        assert_eq!(broken("WARUNG BU SITI", 6), ["WARUNG", "BU", "SITI"]);
        assert_eq!(broken("ID1020021181745", 6), ["ID1020", "021181", "745"]);
        assert_eq!(broken("", 6), [""]);
    }
}

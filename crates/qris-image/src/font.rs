//! The label as pixels, in the bitmap fonts of X11.

use embedded_graphics::geometry::{OriginDimensions, Point};
use embedded_graphics::image::GetPixel;
use embedded_graphics::mono_font::MonoFont;
use embedded_graphics::mono_font::iso_8859_1::{FONT_5X8, FONT_6X12, FONT_9X15, FONT_10X20};
use embedded_graphics::pixelcolor::BinaryColor;

use crate::label::Label;
use crate::raster::Raster;

/// The words of a label, cut into lines that fit, in a size that fits.
pub(crate) struct Words {
    lines: Vec<String>,
    face: Face,
}

/// A font at a whole multiple of its size.
#[derive(Clone, Copy)]
struct Face {
    font: &'static MonoFont<'static>,
    times: usize,
}

impl Face {
    const fn width(self) -> usize {
        self.font.character_size.width as usize * self.times
    }

    const fn height(self) -> usize {
        self.font.character_size.height as usize * self.times
    }
}

/// The fonts, the finest last: of two that come out equally high, that one is smoother.
const FONTS: [&MonoFont<'_>; 4] = [&FONT_5X8, &FONT_6X12, &FONT_9X15, &FONT_10X20];

/// Finds the largest letters of at most `max_height` with which no line is longer than `width`,
/// both in pixels. Where even the smallest are too wide, lines are broken: nothing is cut off.
pub(crate) fn typeset(label: &Label, width: usize, max_height: usize) -> Words {
    let longest = label.lines().iter().map(|line| line.chars().count()).max();
    let single = FONTS.map(|font| Face { font, times: 1 });
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
    Words { lines: label.lines().iter().flat_map(|line| broken(line, columns)).collect(), face }
}

/// The line in pieces of at most that many characters, broken at spaces where there are any.
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
    /// How high the lines are with the gaps between and below them, in pixels.
    pub(crate) fn height(&self) -> usize {
        if self.lines.is_empty() {
            return 0;
        }
        self.lines.len() * self.pitch() + self.face.height() / 2
    }

    /// From the top of a line to the top of the next, in pixels.
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

    /// Paints one character; one that the font lacks is a question mark.
    fn paint_letter(&self, raster: &mut Raster, c: char, (left, top): (usize, usize)) {
        let Face { font, times } = self.face;
        let (width, height) = (font.character_size.width, font.character_size.height);
        let across = font.image.size().width / width;
        let index = u32::try_from(font.glyph_mapping.index(c)).unwrap_or(0);
        let (glyph_x, glyph_y) = (index % across * width, index / across * height);
        let dots = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        for (x, y) in dots {
            let dot = Point::new((glyph_x + x) as i32, (glyph_y + y) as i32);
            if font.image.pixel(dot) != Some(BinaryColor::On) {
                continue;
            }
            for (dx, dy) in (0..times * times).map(|at| (at % times, at / times)) {
                let (x, y) = (x as usize * times, y as usize * times);
                raster.blacken(left + x + dx, top + y + dy);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_font_has_the_letters_of_western_europe_and_a_question_mark_for_the_rest() {
        for font in FONTS {
            let question = font.glyph_mapping.index('?');
            for letter in ('!'..='~').chain('¡'..='ÿ').filter(|&c| c != '?') {
                assert_ne!(font.glyph_mapping.index(letter), question, "{letter}");
            }
            for letter in ['最', 'ي', 'ŵ', '🍜', '\u{301}'] {
                assert_eq!(font.glyph_mapping.index(letter), question, "{letter}");
            }
        }
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

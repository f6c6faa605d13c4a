//! The layout of a poster's page.

use crate::helvetica::{Weight, width};

/// A page with the places of its parts, in millimetres from the upper left corner.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) frames: Vec<Frame>,
    pub(crate) symbol: Square,
    pub(crate) texts: Vec<Text>,
}

/// A place that stays empty, with a thin dashed line around it.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The id of its content, for programs that fill it.
    pub(crate) id: &'static str,
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// The upper left module of the symbol, without its quiet zone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Square {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) module: f32,
}

/// A line of words.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) line: String,
    /// The point that `align` refers to.
    pub(crate) x: f32,
    pub(crate) baseline: f32,
    pub(crate) size: f32,
    pub(crate) weight: Weight,
    pub(crate) align: Align,
    /// From 0, black, to 1, white.
    pub(crate) grey: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Middle,
    Right,
}

/// The words of a poster. A field that is `None` is left out.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) name: Option<String>,
    pub(crate) nmid: Option<String>,
    pub(crate) terminal: Option<String>,
    pub(crate) amount: Option<String>,
    pub(crate) printed_by: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) criteria: Option<String>,
}

impl Text {
    /// The width of the line.
    pub(crate) fn width(&self) -> f32 {
        width(&self.line, self.weight) * self.size
    }

    /// The left end of the line.
    pub(crate) fn left(&self) -> f32 {
        match self.align {
            Align::Left => self.x,
            Align::Middle => self.x - self.width() / 2.0,
            Align::Right => self.x - self.width(),
        }
    }
}

/// The light modules around the symbol (ISO/IEC 18004 9.1).
pub(crate) const QUIET_ZONE: usize = 4;

// All lengths are for a page with the width of A5, 148 mm. They are scaled for other widths.
const A5_WIDTH: f32 = 148.0;
const MARGIN: f32 = 10.0;
const LOGO_HEIGHT: f32 = 18.0;
const QRIS_LOGO_WIDTH: f32 = 50.0;
const GPN_LOGO_WIDTH: f32 = 22.0;
const LOGO_GAP: f32 = 4.5;
/// The distance between the symbol and the words above and below it.
const GAP: f32 = 2.5;
const NAME_SIZE: f32 = 10.0;
const NAME_HEIGHT: f32 = 24.0;
const NMID_SIZE: f32 = 4.8;
const AMOUNT_SIZE: f32 = 6.5;
const SLOGAN_SIZE: f32 = 6.0;
const SITE_SIZE: f32 = 3.6;
const SMALL_SIZE: f32 = 2.9;
const SMALL_GREY: f32 = 0.25;
const CAPTION_GREY: f32 = 0.6;

/// From baseline to baseline, and from the top of a line to its baseline, in sizes of the font.
const LEADING: f32 = 1.2;
const ASCENT: f32 = 0.92;

/// Lays out a page of this size, in millimetres, for a symbol of this many modules.
///
/// The words get the space that they need. The symbol gets the rest, up to the margins.
pub(crate) fn lay_out(page: (f32, f32), modules: usize, words: &Words) -> Page {
    let scale = page.0 / A5_WIDTH;
    let mut column = Column {
        scale,
        left: MARGIN * scale,
        right: page.0 - MARGIN * scale,
        middle: page.0 / 2.0,
        y: 0.0,
        texts: Vec::new(),
    };
    let frames = column.logos();
    let logos_end = (MARGIN + LOGO_HEIGHT + LOGO_GAP) * scale;

    // The lower part is measured from its own top, and moved when its height is known.
    column.below(words);
    let below_height = column.y;
    let footer = column.take();
    column.above(words);
    let above_height = column.y;
    let above = column.take();

    let end = page.1 - MARGIN * scale;
    let room = end - logos_end - above_height - below_height;
    let across = modules + 2 * QUIET_ZONE;
    let side = room.min(column.right - column.left);
    let module = side / across as f32;
    let spare = (room - side) / 3.0;

    let quiet = module * QUIET_ZONE as f32;
    let symbol_top = logos_end + above_height + 2.0 * spare;
    let symbol = Square { x: column.middle - side / 2.0 + quiet, y: symbol_top + quiet, module };
    let mut texts = column.captions(&frames);
    texts.extend(moved(above, logos_end + spare));
    texts.extend(moved(footer, end - below_height));
    Page { width: page.0, height: page.1, frames, symbol, texts }
}

fn moved(texts: Vec<Text>, down: f32) -> impl Iterator<Item = Text> {
    texts.into_iter().map(move |text| Text { baseline: text.baseline + down, ..text })
}

/// Lines, one below the other.
struct Column {
    scale: f32,
    left: f32,
    right: f32,
    middle: f32,
    /// The top of the next line.
    y: f32,
    texts: Vec<Text>,
}

impl Column {
    /// Returns the lines so far, and starts again at the top.
    fn take(&mut self) -> Vec<Text> {
        self.y = 0.0;
        std::mem::take(&mut self.texts)
    }

    fn logos(&self) -> Vec<Frame> {
        let (y, height) = (MARGIN * self.scale, LOGO_HEIGHT * self.scale);
        let (qris, gpn) = (QRIS_LOGO_WIDTH * self.scale, GPN_LOGO_WIDTH * self.scale);
        vec![
            Frame { id: "logo-qris", x: self.left, y, width: qris, height },
            Frame { id: "logo-gpn", x: self.right - gpn, y, width: gpn, height },
        ]
    }

    fn captions(&self, frames: &[Frame]) -> Vec<Text> {
        let size = SMALL_SIZE * self.scale;
        let captions = frames.iter().zip(["logo QRIS", "logo GPN"]);
        captions
            .map(|(frame, caption)| Text {
                line: caption.to_owned(),
                x: frame.x + frame.width / 2.0,
                baseline: frame.y + frame.height / 2.0 + size / 3.0,
                size,
                weight: Weight::Regular,
                align: Align::Middle,
                grey: CAPTION_GREY,
            })
            .collect()
    }

    /// The name, the NMID and the terminal.
    fn above(&mut self, words: &Words) {
        if let Some(name) = &words.name {
            let (width, height) = (self.right - self.left, NAME_HEIGHT * self.scale);
            let (size, lines) = fit(name, NAME_SIZE * self.scale, width, height);
            for line in lines {
                self.centred(&line, size, Weight::Bold);
            }
            self.y += self.scale;
        }
        let size = NMID_SIZE * self.scale;
        for (line, weight) in [(&words.nmid, Weight::Regular), (&words.terminal, Weight::Bold)] {
            if let Some(line) = line {
                self.centred(line, size, weight);
            }
        }
        self.y += GAP * self.scale;
    }

    /// The amount, the words that all signs have, and who printed this one.
    fn below(&mut self, words: &Words) {
        self.y += GAP * self.scale;
        if let Some(amount) = &words.amount {
            self.centred(amount, AMOUNT_SIZE * self.scale, Weight::Bold);
            self.y += self.scale;
        }
        self.centred("SATU QRIS UNTUK SEMUA", SLOGAN_SIZE * self.scale, Weight::Bold);
        let site = "Cek aplikasi penyelenggara di: www.aspi-qris.id";
        self.centred(site, SITE_SIZE * self.scale, Weight::Regular);
        self.y += 2.0 * GAP * self.scale;
        let printed_by = words.printed_by.as_ref().map(|name| format!("Dicetak oleh: {name}"));
        let version = words.version.as_ref().map(|version| format!("Versi cetak: {version}"));
        let criteria = words.criteria.as_ref().map(|criteria| format!("Kriteria: {criteria}"));
        for (left, right) in [(printed_by, None), (version, criteria)] {
            self.small(left, Align::Left);
            self.small(right, Align::Right);
            self.y += SMALL_SIZE * LEADING * self.scale;
        }
    }

    /// A centred line, in smaller letters if it is too wide.
    fn centred(&mut self, line: &str, size: f32, weight: Weight) {
        let size = size.min((self.right - self.left) / width(line, weight).max(1.0));
        let (x, baseline) = (self.middle, self.y + ASCENT * size);
        let line = line.to_owned();
        self.texts.push(Text { line, x, baseline, size, weight, align: Align::Middle, grey: 0.0 });
        self.y += size * LEADING;
    }

    /// A line of small print on one side. The other side may have one too.
    fn small(&mut self, line: Option<String>, align: Align) {
        let Some(line) = line else { return };
        let weight = Weight::Regular;
        // The criteria at the right are short.
        let room = (self.right - self.left) * 0.7;
        let size = (SMALL_SIZE * self.scale).min(room / width(&line, weight).max(1.0));
        let x = if align == Align::Right { self.right } else { self.left };
        let baseline = self.y + ASCENT * SMALL_SIZE * self.scale;
        self.texts.push(Text { line, x, baseline, size, weight, align, grey: SMALL_GREY });
    }
}

/// A name that would be smaller than this part of its size is set in two lines.
const ONE_LINE: f32 = 0.65;

/// The largest letters, up to a size, in which a bold text fits, and its lines. Nothing is cut off.
fn fit(text: &str, size: f32, max_width: f32, max_height: f32) -> (f32, Vec<String>) {
    let single = max_width / width(text, Weight::Bold).max(0.1);
    if single >= size * ONE_LINE {
        return (single.min(size), vec![text.to_owned()]);
    }
    let sizes = || (1..=100).rev().map(|percent| size * percent as f32 / 100.0);
    let fits = |size: f32| {
        let lines = wrapped(text, max_width / size)?;
        (lines.len() as f32 * LEADING * size <= max_height).then_some((size, lines))
    };
    let Some((size, lines)) = sizes().find_map(fits) else {
        // Longer than any name: one line, in letters that are small enough.
        return (single, vec![text.to_owned()]);
    };
    // The same number of lines, as equal in length as the words allow.
    let narrower = (50..100).find_map(|percent| {
        let even = wrapped(text, max_width / size * percent as f32 / 100.0)?;
        (even.len() == lines.len()).then_some(even)
    });
    (size, narrower.unwrap_or(lines))
}

/// The text in lines of at most this many sizes of the font, wrapped at spaces. A word that is wider
/// than a line is split. `None` if not even one letter fits.
fn wrapped(text: &str, max: f32) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let fits = |line: &str| width(line, Weight::Bold) <= max;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for c in word.chars() {
            line.push(c);
            if !fits(&line) {
                line.pop();
                if line.is_empty() {
                    return None;
                }
                lines.push(std::mem::replace(&mut line, c.to_string()));
            }
        }
    }
    lines.push(line);
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A5: (f32, f32) = (148.0, 210.0);
    const A6: (f32, f32) = (105.0, 148.0);

    fn words(name: &str) -> Words {
        let some = |text: &str| Some(text.to_owned());
        Words {
            name: some(name),
            nmid: some("NMID: ID1020038431489"),
            terminal: some("A01"),
            amount: some("Rp10.000"),
            printed_by: some("93600914"),
            version: some("1.0"),
            criteria: some("UMI"),
        }
    }

    /// The upper and lower edge of a line.
    fn edges(text: &Text) -> (f32, f32) {
        (text.baseline - 0.75 * text.size, text.baseline + 0.25 * text.size)
    }

    #[test]
    fn names_of_every_length_leave_the_margins_and_the_quiet_zone_free() {
        let letters = ["W", "i", "最", "WARUNG ", "x y "];
        for (letter, page) in letters.into_iter().flat_map(|letter| [(letter, A5), (letter, A6)]) {
            for chars in 1..=99 {
                let name: String = letter.chars().cycle().take(chars).collect();
                let page = lay_out(page, 57, &words(name.trim()));
                let margin = 9.9 * page.width / 148.0;
                let across = (57 + 2 * QUIET_ZONE) as f32 * page.symbol.module;
                let quiet = page.symbol.module * QUIET_ZONE as f32;
                let (top, bottom) = (page.symbol.y - quiet, page.symbol.y - quiet + across);
                assert!(across > 0.6 * page.width, "{name}: a symbol of {across} mm");
                assert!((page.symbol.x - quiet + across / 2.0 - page.width / 2.0).abs() < 0.01);
                for text in &page.texts {
                    let (above, below) = edges(text);
                    assert!(text.left() >= margin, "{text:?}");
                    assert!(text.left() + text.width() <= page.width - margin, "{text:?}");
                    assert!(above >= margin && below <= page.height - margin, "{text:?}");
                    assert!(below <= top || above >= bottom, "{text:?} in {top} to {bottom}");
                }
            }
        }
    }

    #[test]
    fn no_letter_of_a_name_is_lost_at_any_length() {
        for name in ["TOKO CONTOH", &"W".repeat(99), &"WARUNG MAKAN ".repeat(7)] {
            let (_, lines) = fit(name.trim(), 10.0, 128.0, 24.0);
            let together: String = lines.concat();
            assert_eq!(together.replace(' ', ""), name.replace(' ', ""));
        }
    }

    #[test]
    fn a_long_name_stands_in_lines_of_about_the_same_length() {
        let (size, lines) = fit("WARUNG MAKAN PADANG SEDERHANA JAYA", 10.0, 128.0, 24.0);
        assert_eq!(lines, ["WARUNG MAKAN PADANG", "SEDERHANA JAYA"]);
        assert!(size > 8.0, "{size}");
        assert_eq!(fit("TOKO CONTOH", 10.0, 128.0, 24.0), (10.0, vec!["TOKO CONTOH".to_owned()]));
    }
}

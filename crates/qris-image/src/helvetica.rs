//! The letters of Helvetica and their widths. It is one of the 14 fonts that every PDF viewer has.
//!
//! The letters of Arial and Liberation Sans have the same widths.

/// A weight of the font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// The byte of a character in WinAnsiEncoding (ISO 32000-1, D.2), if it has one.
pub(crate) fn byte(c: char) -> Option<u8> {
    match c {
        ' '..='~' | '\u{a0}'..='ÿ' => u8::try_from(u32::from(c)).ok(),
        _ => {
            let (_, byte) = BEYOND_LATIN_1.into_iter().find(|(letter, _)| *letter == c)?;
            Some(byte)
        }
    }
}

/// Whether the font has this character.
pub(crate) fn has_letter(c: char) -> bool {
    byte(c).is_some()
}

/// The characters from 0x80 to 0x9f.
const BEYOND_LATIN_1: [(char, u8); 27] = [
    ('€', 0x80),
    ('‚', 0x82),
    ('ƒ', 0x83),
    ('„', 0x84),
    ('…', 0x85),
    ('†', 0x86),
    ('‡', 0x87),
    ('ˆ', 0x88),
    ('‰', 0x89),
    ('Š', 0x8a),
    ('‹', 0x8b),
    ('Œ', 0x8c),
    ('Ž', 0x8e),
    ('‘', 0x91),
    ('’', 0x92),
    ('“', 0x93),
    ('”', 0x94),
    ('•', 0x95),
    ('–', 0x96),
    ('—', 0x97),
    ('˜', 0x98),
    ('™', 0x99),
    ('š', 0x9a),
    ('›', 0x9b),
    ('œ', 0x9c),
    ('ž', 0x9e),
    ('Ÿ', 0x9f),
];

/// The assumed width of a letter that Helvetica lacks, in thousandths. An ideograph has 1000.
const OTHER_FONT: u16 = 1050;

/// The width of a line in sizes of the font. Letters that Helvetica lacks are assumed to be wide.
pub(crate) fn width(line: &str, weight: Weight) -> f32 {
    line.chars().map(|c| f32::from(thousandths(c, weight)) / 1000.0).sum()
}

fn thousandths(c: char, weight: Weight) -> u16 {
    let widths = match weight {
        Weight::Regular => &REGULAR,
        Weight::Bold => &BOLD,
    };
    let at = byte(c).and_then(|byte| byte.checked_sub(FIRST));
    at.and_then(|at| widths.get(usize::from(at))).copied().unwrap_or(OTHER_FONT)
}

/// The byte of the first width.
const FIRST: u8 = b' ';

/// Widths by byte, in thousandths of the size: Adobe's metrics of the core fonts.
#[rustfmt::skip]
const REGULAR: [u16; 224] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556,
        556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722,
        722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
        667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556,
        556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,
        500, 334, 260, 334, 584, 350, 556, 350, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333,
        1000, 350, 611, 350, 350, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944,
        350, 500, 667, 278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737,
        333, 400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611, 667,
        667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778,
        778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611, 556, 556, 556, 556, 556,
        556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278, 556, 556, 556, 556, 556, 556, 556,
        584, 611, 556, 556, 556, 556, 500, 556, 500,
];

#[rustfmt::skip]
const BOLD: [u16; 224] = [
        278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556,
        556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722,
        722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722,
        667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611,
        611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556,
        500, 389, 280, 389, 584, 350, 556, 350, 278, 556, 500, 1000, 556, 556, 333, 1000, 667, 333,
        1000, 350, 611, 350, 350, 278, 278, 500, 500, 350, 556, 1000, 333, 1000, 556, 333, 944,
        350, 500, 667, 278, 333, 556, 556, 556, 556, 280, 556, 333, 737, 370, 556, 584, 333, 737,
        333, 400, 584, 333, 333, 333, 611, 556, 278, 333, 333, 365, 556, 834, 834, 834, 611, 722,
        722, 722, 722, 722, 722, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778,
        778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611, 556, 556, 556, 556, 556,
        556, 889, 556, 556, 556, 556, 556, 278, 278, 278, 278, 611, 611, 611, 611, 611, 611, 611,
        584, 611, 611, 611, 611, 611, 556, 611, 556,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_as_wide_as_in_the_metrics_of_the_font() {
        assert_eq!(thousandths('W', Weight::Regular), 944);
        assert_eq!(thousandths('i', Weight::Bold), 278);
        assert_eq!(thousandths('€', Weight::Regular), 556);
        assert_eq!(thousandths('ÿ', Weight::Bold), 556);
        assert_eq!(thousandths('最', Weight::Bold), 1050);
        assert_eq!(width("A1", Weight::Regular), 0.667 + 0.556);
    }

    #[test]
    fn the_encoding_has_the_letters_of_windows_1252_and_no_other() {
        assert_eq!(byte('é'), Some(0xe9));
        assert_eq!(byte('’'), Some(0x92));
        for c in ['\u{7f}', '\u{80}', '\u{9f}', 'ş', '最', '\n'] {
            assert_eq!(byte(c), None, "{c:?}");
        }
    }
}

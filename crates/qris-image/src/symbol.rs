//! The QR symbol of a text: the smallest that ISO/IEC 18004 allows at a level.

use qrcode::bits::Bits;
use qrcode::types::Mode;
use qrcode::{QrCode, Version};

use crate::{DrawError, Level};

/// The modules of a symbol, without a quiet zone.
pub(crate) struct Symbol {
    modules: Vec<bool>,
    width: usize,
}

/// Dark modules beside each other, in modules from the symbol's corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) len: usize,
}

impl Symbol {
    /// The smallest symbol of at least this level.
    pub(crate) fn of(text: &str, level: Level) -> Result<Self, DrawError> {
        let too_long = || DrawError::TooLong { bytes: text.len(), level };
        let bits = smallest(text, level).ok_or_else(too_long)?;
        // The same version at a higher level, if it has room: the picture stays as large.
        let (bits, level) = Level::ALL
            .into_iter()
            .rev()
            .take_while(|&higher| higher != level)
            .find_map(|higher| Some((in_version(text, bits.version(), higher)?, higher)))
            .unwrap_or((bits, level));
        let code = QrCode::with_bits(bits, level.in_qrcode()).map_err(|_| too_long())?;
        Ok(Self {
            width: code.width(),
            modules: code
                .into_colors()
                .into_iter()
                .map(|color| color.select(true, false))
                .collect(),
        })
    }

    /// The width and height in modules.
    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    /// The rows from top to bottom; a dark module is `true`.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.modules.chunks(self.width.max(1))
    }

    /// The dark modules as runs beside each other, row by row.
    pub(crate) fn runs(&self) -> impl Iterator<Item = Run> {
        self.rows().enumerate().flat_map(|(y, row)| {
            let mut x = 0;
            row.chunk_by(|left, right| left == right).filter_map(move |modules| {
                let run = Run { x, y, len: modules.len() };
                x += modules.len();
                (modules.first() == Some(&true)).then_some(run)
            })
        })
    }

    /// Whether the module is dark. Outside the symbol everything is light.
    pub(crate) fn is_dark(&self, x: isize, y: isize) -> bool {
        let inside = |at: isize| usize::try_from(at).ok().filter(|&at| at < self.width);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => self.modules.get(y * self.width + x) == Some(&true),
            _ => false,
        }
    }
}

/// The largest versions of the three groups that share the widths of their length fields.
const GROUPS: [i16; 3] = [9, 26, 40];

/// The bits of the smallest version that holds the text.
fn smallest(text: &str, level: Level) -> Option<Bits> {
    GROUPS.into_iter().find_map(|largest| {
        let segments = segments(text, Version::Normal(largest));
        let first =
            GROUPS.into_iter().rev().find(|&group| group < largest).map_or(1, |below| below + 1);
        // Capacity grows with the version.
        let mut versions = first..=largest;
        versions.find_map(|version| write(text, &segments, Version::Normal(version), level))
    })
}

/// The bits of this very version, if it holds the text.
fn in_version(text: &str, version: Version, level: Level) -> Option<Bits> {
    write(text, &segments(text, version), version, level)
}

/// A run of the text in one mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Segment {
    mode: Mode,
    begin: usize,
    end: usize,
}

/// ECI assignment number of UTF-8.
const ECI_UTF_8: u32 = 26;

/// Writes the segments, or finds that the version is too small.
fn write(text: &str, segments: &[Segment], version: Version, level: Level) -> Option<Bits> {
    let level = level.in_qrcode();
    let mut bits = Bits::new(version);
    if !text.is_ascii() {
        bits.push_eci_designator(ECI_UTF_8).ok()?;
    }
    let needed = bits.len() + segments.iter().map(|s| bit_len(s, version)).sum::<usize>();
    if needed > bits.max_len(level).ok()? {
        return None;
    }
    for segment in segments {
        let data = text.as_bytes().get(segment.begin..segment.end)?;
        match segment.mode {
            Mode::Numeric => bits.push_numeric_data(data),
            Mode::Alphanumeric => bits.push_alphanumeric_data(data),
            Mode::Byte | Mode::Kanji => bits.push_byte_data(data),
        }
        .ok()?;
    }
    bits.push_terminator(level).ok()?;
    Some(bits)
}

fn bit_len(segment: &Segment, version: Version) -> usize {
    version.mode_bits_count()
        + segment.mode.length_bits_count(version)
        + segment.mode.data_bits_count(segment.end - segment.begin)
}

/// The modes that a payload is written in. Kanji is Shift JIS: never right for UTF-8.
const MODES: [Mode; 3] = [Mode::Byte, Mode::Alphanumeric, Mode::Numeric];

/// Cuts the text into the runs that take the fewest bits.
///
/// A payload with characters outside ASCII is one run in byte mode, as EMVCo MPM 4.12 demands.
/// Otherwise each byte is given, for each mode it could end in, the cheapest way to get there;
/// costs are counted in sixths of a bit, so that a third of ten bits is whole.
fn segments(text: &str, version: Version) -> Vec<Segment> {
    let bytes = text.as_bytes();
    if !text.is_ascii() {
        return vec![Segment { mode: Mode::Byte, begin: 0, end: bytes.len() }];
    }
    let head = MODES.map(|mode| 6 * (version.mode_bits_count() + mode.length_bits_count(version)));
    // The cost of the text so far, ending in each mode; at first, of opening a run in it.
    let mut costs = head.map(Some);
    // For each byte and the mode after it: the mode the byte itself is written in.
    let mut written_in: Vec<[usize; 3]> = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        let mut next: [Option<usize>; 3] = [0, 1, 2].map(|mode| {
            let sixths = sixths_of_a_bit(MODES[mode], byte)?;
            Some(costs[mode]? + sixths)
        });
        let mut from = [0, 1, 2];
        let stayed = next;
        for (through, cost) in stayed.into_iter().enumerate() {
            let Some(cost) = cost else { continue };
            for to in 0..3 {
                // Closing a run rounds it up to whole bits.
                let switched = cost.div_ceil(6) * 6 + head[to];
                if next[to].is_none_or(|best| switched < best) {
                    next[to] = Some(switched);
                    from[to] = through;
                }
            }
        }
        written_in.push(from);
        costs = next;
    }
    let mut mode = (0..3).min_by_key(|&mode| costs[mode].unwrap_or(usize::MAX)).unwrap_or(0);
    let mut runs: Vec<Segment> = Vec::new();
    for (at, from) in written_in.iter().enumerate().rev() {
        mode = from[mode];
        match runs.last_mut() {
            Some(run) if run.mode == MODES[mode] => run.begin = at,
            _ => runs.push(Segment { mode: MODES[mode], begin: at, end: at + 1 }),
        }
    }
    runs.reverse();
    runs
}

/// What a byte costs in a mode, or `None` if the mode does not have it.
fn sixths_of_a_bit(mode: Mode, byte: u8) -> Option<usize> {
    match mode {
        Mode::Numeric => byte.is_ascii_digit().then_some(20),
        Mode::Alphanumeric => {
            let has = matches!(byte, b'0'..=b'9' | b'A'..=b'Z') || b" $%*+-./:".contains(&byte);
            has.then_some(33)
        }
        Mode::Byte | Mode::Kanji => Some(48),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "00020101021226680016ID.CO.TELKOM.WWW01189360089802559966270215000195255\
        9966270303UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI5204573253033605408255\
        78.005502015802ID5916InterActive Corp6013KOTA SURABAYA6105601366213050941325511163\
        0439B7";

    /// The fewest bits over every way to cut a short text, tried one by one.
    fn fewest_bits(text: &[u8], version: Version) -> usize {
        if text.is_empty() {
            return 0;
        }
        (1..=text.len())
            .flat_map(|end| MODES.into_iter().map(move |mode| (mode, end)))
            .filter(|&(mode, end)| {
                text[..end].iter().all(|&byte| sixths_of_a_bit(mode, byte).is_some())
            })
            .map(|(mode, end)| {
                let first = Segment { mode, begin: 0, end };
                bit_len(&first, version) + fewest_bits(&text[end..], version)
            })
            .min()
            .unwrap()
    }

    #[test]
    fn no_other_cut_takes_fewer_bits() {
        // Short runs next to long ones, so that switching modes pays in some and not in others.
        for text in [
            "",
            "7",
            "a1234",
            "A12345678",
            "ab123456789",
            "AB12cd34",
            "1234567AbC",
            "12345678AB",
            "aABCDEFGH1a",
        ] {
            for version in GROUPS.map(Version::Normal) {
                let found: usize =
                    segments(text, version).iter().map(|segment| bit_len(segment, version)).sum();
                assert_eq!(found, fewest_bits(text.as_bytes(), version), "{text}");
            }
        }
    }

    #[test]
    fn the_segments_cover_the_text_once_and_in_order() {
        let mut end = 0;
        for segment in segments(SAMPLE, Version::Normal(9)) {
            assert_eq!(segment.begin, end);
            end = segment.end;
        }
        assert_eq!(end, SAMPLE.len());
    }

    #[test]
    fn a_payload_beyond_ascii_is_one_run_of_bytes_behind_the_utf_8_eci() {
        let bits = smallest("0002最佳", Level::Low).unwrap().into_bytes();
        // 0111 00011010: ECI 26. 0100 00001010: byte mode, ten bytes. 0x30: the first of them.
        assert_eq!(bits[..4], [0x71, 0xa4, 0x0a, 0x30]);
    }

    #[test]
    fn a_higher_level_that_is_free_is_taken() {
        let code = Symbol::of("1", Level::Low).unwrap();
        // The format information beside the upper left finder holds the level: 10 is H, before
        // the mask 10 of ISO/IEC 18004 7.9.
        let level = [0, 1].map(|x| code.is_dark(x, 8));
        assert_eq!(level, [false, false]);
    }
}

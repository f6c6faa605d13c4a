//! The segments of a JPEG file (ITU-T T.81, annex B) that its pixels need.

const BASELINE_FRAME: u8 = 0xc0;
const PROGRESSIVE_FRAME: u8 = 0xc2;
const HUFFMAN_TABLES: u8 = 0xc4;
const FIRST_RESTART: u8 = 0xd0;
const LAST_RESTART: u8 = 0xd7;
const START_OF_IMAGE: u8 = 0xd8;
const END_OF_IMAGE: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;
const QUANTIZATION_TABLES: u8 = 0xdb;
const RESTART_INTERVAL: u8 = 0xdd;
/// An application segment. It says, among other things, that the Huffman tables are left out.
const APP0: u8 = 0xe0;
/// Adobe's segment, which says what the components are.
const APP14: u8 = 0xee;

/// A file without comments, colour profiles, embedded pictures and fill bytes. The decoder would keep
/// them in memory, and sort some of them again for each further one.
pub(crate) struct Stripped {
    pub(crate) bytes: Vec<u8>,
    pub(crate) frame: Frame,
    /// Whether the end marker follows the pixels.
    pub(crate) has_end: bool,
}

/// The header of the frame.
pub(crate) struct Frame {
    is_progressive: bool,
    width: u64,
    height: u64,
    /// For each component, the number of its blocks in a unit of all components, across and down.
    sampling: Vec<[u64; 2]>,
}

struct Segment<'f> {
    marker: u8,
    /// The bytes after the length.
    body: &'f [u8],
}

impl Stripped {
    pub(crate) fn new(file: &[u8]) -> Result<Self, &'static str> {
        let mut bytes = vec![0xff, START_OF_IMAGE];
        let mut rest = file.get(2..).unwrap_or_default();
        let mut frame = None;
        let scan = loop {
            let segment = Segment::split(&mut rest).ok_or("the data ends before the pixels")?;
            match segment.marker {
                START_OF_SCAN => break segment,
                // Reserved segments, and tables of a coding that this crate does not read.
                0xc8 | 0xcc => {}
                HUFFMAN_TABLES | QUANTIZATION_TABLES | RESTART_INTERVAL | APP0 | APP14 => {
                    segment.write(&mut bytes);
                }
                BASELINE_FRAME..=0xcf if frame.is_some() => return Err("there are two frames"),
                BASELINE_FRAME..=0xcf => {
                    let start = bytes.len();
                    segment.write(&mut bytes);
                    frame = Some((segment, start..bytes.len()));
                }
                _ => {}
            }
        };
        let (segment, place) = frame.ok_or("the pixels have no frame")?;
        let frame = Frame::new(&segment).ok_or("the frame's header is cut short")?;
        let has_end = rest.windows(2).any(|two| two == [0xff, END_OF_IMAGE]);
        if frame.is_progressive || scan.body.first() == segment.body.get(5) {
            scan.write(&mut bytes);
            bytes.extend_from_slice(rest);
            return Ok(Self { bytes, frame, has_end });
        }
        // The components come one after the other. The decoder would keep all of them, and put rows in
        // wrong places. The first of three components alone is the brightness.
        let alone =
            frame.first_alone(segment.body, scan.body).ok_or("its components stand apart")?;
        let segment = Segment { marker: segment.marker, body: &alone };
        let mut header = Vec::new();
        segment.write(&mut header);
        bytes.splice(place, header);
        scan.write(&mut bytes);
        bytes.extend_from_slice(coded(rest));
        bytes.extend([0xff, END_OF_IMAGE]);
        let frame = Frame::new(&segment).ok_or("the frame's header is cut short")?;
        Ok(Self { bytes, frame, has_end })
    }
}

impl Frame {
    fn new(segment: &Segment<'_>) -> Option<Self> {
        let &[_, high, low, left, right, _, ref components @ ..] = segment.body else {
            return None;
        };
        let number = |high, low| u64::from(u16::from_be_bytes([high, low]));
        let sampling = |component: &[u8; 3]| [component[1] >> 4, component[1] & 15].map(u64::from);
        Some(Self {
            is_progressive: segment.marker == PROGRESSIVE_FRAME,
            height: number(high, low),
            width: number(left, right),
            sampling: components.as_chunks().0.iter().map(sampling).collect(),
        })
    }

    /// The maximum number of blocks of a component in a unit, across and down.
    fn unit(&self) -> [u64; 2] {
        [0, 1].map(|side| self.sampling.iter().map(|blocks| blocks[side]).max().unwrap_or(1).max(1))
    }

    /// Whether the resolution of colour is lower vertically than horizontally.
    pub(crate) fn is_coarser_down(&self) -> bool {
        let [across, down] = self.unit();
        down > across
    }

    /// The number of bytes that the decoder keeps until it has read all scans.
    pub(crate) fn coefficients(&self) -> u64 {
        if !self.is_progressive {
            return 0;
        }
        let [across, down] = self.unit();
        let units = self.width.div_ceil(8 * across) * self.height.div_ceil(8 * down);
        let blocks: u64 = self.sampling.iter().map(|[across, down]| across * down * units).sum();
        2 * 64 * blocks
    }

    /// The header for the first component of three, if its scan comes first and it is as large as
    /// the picture.
    fn first_alone(&self, header: &[u8], scan: &[u8]) -> Option<Vec<u8>> {
        let &[first, _, table] = header.get(6..9)? else { return None };
        let is_first = matches!(scan, [1, component, ..] if *component == first);
        let is_full = self.sampling.first() == Some(&self.unit());
        (is_first && is_full && self.sampling.len() == 3)
            .then(|| [&header[..5], &[1, first, 0x11, table]].concat())
    }
}

impl<'f> Segment<'f> {
    /// Takes the next segment from the front of `rest`: `None` at its end.
    fn split(rest: &mut &'f [u8]) -> Option<Self> {
        loop {
            // Any number of fill bytes may come before a marker.
            let fill = rest.iter().position(|&byte| byte == 0xff)?;
            let at = fill + rest[fill..].iter().position(|&byte| byte != 0xff)?;
            let (marker, after) = (rest[at], &rest[at + 1..]);
            *rest = after;
            // These have no length.
            if matches!(marker, 0 | 1 | FIRST_RESTART..=LAST_RESTART | START_OF_IMAGE) {
                continue;
            }
            let &[high, low] = after.first_chunk()?;
            let len = usize::from(u16::from_be_bytes([high, low]));
            let body = after.get(2..len)?;
            *rest = &after[len..];
            return (marker != END_OF_IMAGE).then_some(Self { marker, body });
        }
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        let len = u16::try_from(self.body.len() + 2).unwrap_or(u16::MAX);
        bytes.extend([0xff, self.marker]);
        bytes.extend(len.to_be_bytes());
        bytes.extend_from_slice(self.body);
    }
}

/// The coded pixels of one scan: up to the next marker that is not a restart marker.
fn coded(pixels: &[u8]) -> &[u8] {
    let is_end = |two: &[u8]| two[0] == 0xff && !matches!(two[1], 0 | FIRST_RESTART..=LAST_RESTART);
    let end = pixels.windows(2).position(is_end).unwrap_or(pixels.len());
    &pixels[..end]
}

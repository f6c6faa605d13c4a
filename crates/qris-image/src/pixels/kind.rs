//! Recognizes the kind of a file by its first bytes.

/// The kinds of pictures that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Png,
    Jpeg,
    WebP,
    Bmp,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::WebP => "WebP",
            Self::Bmp => "BMP",
        }
    }
}

const HEIC: &str = "a HEIC picture: save it as JPEG or take a screenshot of it";
const AVIF: &str = "an AVIF picture: save it as JPEG or take a screenshot of it";
const JPEG_XL: &str = "a JPEG XL picture: save it as JPEG or take a screenshot of it";
const JPEG_2000: &str = "a JPEG 2000 picture: save it as JPEG or take a screenshot of it";
const GIF: &str = "a GIF picture: save it as PNG or take a screenshot of it";
const TIFF: &str = "a TIFF picture: save it as PNG or take a screenshot of it";
const PSD: &str = "a Photoshop file: save it as PNG";
const RAW: &str = "a raw camera picture: save it as JPEG";
const ICO: &str = "an icon file: save it as PNG";
const NETPBM: &str = "a Netpbm picture: save it as PNG";
const PDF: &str = "a PDF file: save the page as PNG or take a screenshot of it";
const POST_SCRIPT: &str = "a PostScript file: save the page as PNG or take a screenshot of it";
const SVG: &str = "an SVG drawing: save it as PNG or take a screenshot of it";
const ARCHIVE: &str = "a ZIP archive or an office document: take the picture out of it";
const VIDEO: &str = "a video: take a screenshot of it";
const WEB_PAGE: &str = "a web page: open it in a browser and save the picture itself";
const EMPTY: &str = "an empty file";
const OTHER: &str = "something else";

/// How the files of each well-known kind begin.
const BEGINNINGS: [(&[u8], &str); 26] = [
    (b"GIF8", GIF),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
    (b"8BPS", PSD),
    (b"FUJIFILM", RAW),
    (b"IIRO", RAW),
    (b"IIU\0", RAW),
    (b"\0\0\x01\0", ICO),
    (b"\0\0\0\x0cJXL \r\n\x87\n", JPEG_XL),
    (b"\xff\x0a", JPEG_XL),
    (b"\0\0\0\x0cjP  \r\n\x87\n", JPEG_2000),
    (b"\xff\x4f\xff\x51", JPEG_2000),
    (b"%!PS", POST_SCRIPT),
    (b"\xc5\xd0\xd3\xc6", POST_SCRIPT),
    (b"PK\x03\x04", ARCHIVE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ARCHIVE),
    (b"\x1a\x45\xdf\xa3", VIDEO),
    (b"P1\n", NETPBM),
    (b"P2\n", NETPBM),
    (b"P3\n", NETPBM),
    (b"P4\n", NETPBM),
    (b"P5\n", NETPBM),
    (b"P6\n", NETPBM),
    (b"P7\n", NETPBM),
];

/// The kind of a file. For other files: what it is, and what to do instead.
pub(crate) fn kind(file: &[u8]) -> Result<Kind, &'static str> {
    match file {
        [] => Err(EMPTY),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(Kind::Png),
        [0xff, 0xd8, 0xff, ..] => Ok(Kind::Jpeg),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Kind::WebP),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] => Err(VIDEO),
        [b'B', b'M', _, _, _, _, _, _, _, _, ..] => Ok(Kind::Bmp),
        [_, _, _, _, b'f', b't', b'y', b'p', brands @ ..] => Err(media(brands)),
        _ => Err(other(file)),
    }
}

/// The kind of an ISO media file (ISO/IEC 14496-12), from its brands.
fn media(brands: &[u8]) -> &'static str {
    let has = |names: &[&[u8; 4]]| {
        brands.chunks_exact(4).take(16).any(|brand| names.iter().any(|name| brand == *name))
    };
    if has(&[b"avif", b"avis"]) {
        AVIF
    } else if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        HEIC
    } else if has(&[b"crx "]) {
        RAW
    } else {
        VIDEO
    }
}

fn other(file: &[u8]) -> &'static str {
    if let Some((_, found)) = BEGINNINGS.iter().find(|(begins, _)| file.starts_with(begins)) {
        return found;
    }
    // These may begin with a byte-order mark, blank lines or comments.
    let head = file.get(..1024).unwrap_or(file).to_ascii_lowercase();
    let has = |word: &[u8]| head.windows(word.len()).any(|found| found == word);
    if has(b"%pdf-") {
        PDF
    } else if has(b"<html") || has(b"<!doctype html") {
        WEB_PAGE
    } else if has(b"<svg") {
        SVG
    } else {
        OTHER
    }
}

//! A receipt as commands for a printer: text in the printer's own fonts, the QR as a raster picture.
//!
//! The crate `escpos` (0.20, MIT) was looked at and is not used. Ten commands of two to five bytes are
//! needed here. It would bring them with a queue and a driver trait of its own, whose drivers block and
//! have one time-out for all; it writes UTF-8 unless told otherwise, and a letter that a code page lacks
//! as `&#9749;`, where a receipt needs a letter that looks alike. The QR comes from `qris-image` in any
//! case, because printers' own QR commands choose segments and sizes themselves.

use qris_image::{DrawError, Drawing, Paper};

use super::content::{Align, Document, Emphasis};
use super::layout::{Row, columns, rows};

/// `ESC @`: forgets what another program has set.
const RESET: [u8; 2] = [0x1b, b'@'];

/// `ESC t 0`: code page 437. `ESC R 0`: the characters of the USA, so that ASCII is ASCII.
const ASCII: [u8; 6] = [0x1b, b't', 0, 0x1b, b'R', 0];

/// `ESC a n`: the side on which lines begin.
const ALIGN: [u8; 2] = [0x1b, b'a'];

/// `ESC E n`: bold.
const BOLD: [u8; 2] = [0x1b, b'E'];

/// `GS ! n`: how many times as wide and high letters are, less one; the low four bits are the height.
const SIZE: [u8; 2] = [0x1d, b'!'];
const DOUBLE_HEIGHT: u8 = 0x01;

/// `ESC d n`: feeds lines, so that the last one is above the edge to tear at.
const FEED: [u8; 3] = [0x1b, b'd', 4];

/// `GS V 66 n`: feeds to the knife and n dots more, and cuts but for one point.
const CUT: [u8; 4] = [0x1d, b'V', 66, 0];

/// `ESC p m t1 t2`: a pulse on pin 2 of the drawer's socket, 50 ms long, and 500 ms until the next.
const KICK: [u8; 5] = [0x1b, b'p', 0, 25, 250];

/// What the printer does after the last line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Finish {
    pub(crate) cuts: bool,
    pub(crate) opens_drawer: bool,
}

/// All that the printer is sent.
pub(crate) fn commands(
    document: &Document,
    paper: Paper,
    finish: Finish,
) -> Result<Vec<u8>, DrawError> {
    let mut commands = Vec::with_capacity(1024);
    commands.extend(RESET);
    commands.extend(ASCII);
    // A drawer that opens before the paper comes saves the cashier a second.
    if finish.opens_drawer {
        commands.extend(KICK);
    }
    for row in rows(document, columns(paper)) {
        match row {
            Row::Text { text, align, emphasis } => {
                style(&mut commands, align, emphasis);
                commands.extend(text.as_bytes());
                commands.push(b'\n');
            }
            Row::Qr(payload) => {
                style(&mut commands, Align::Left, Emphasis::Normal);
                commands.extend(Drawing::parse(payload)?.plain().escpos(paper)?);
            }
        }
    }
    style(&mut commands, Align::Left, Emphasis::Normal);
    commands.extend(FEED);
    if finish.cuts {
        commands.extend(CUT);
    }
    Ok(commands)
}

fn style(commands: &mut Vec<u8>, align: Align, emphasis: Emphasis) {
    commands.extend(ALIGN);
    commands.push(u8::from(align == Align::Center));
    commands.extend(BOLD);
    commands.push(u8::from(emphasis != Emphasis::Normal));
    commands.extend(SIZE);
    commands.push(if emphasis == Emphasis::Large { DOUBLE_HEIGHT } else { 0 });
}

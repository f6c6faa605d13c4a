//! A receipt as printer commands: text in the printer's fonts, the QR as a raster picture.
//!
//! The crate `escpos` (0.20, MIT) is not used. This module needs ten commands of two to five bytes.
//! The crate adds a queue and a driver trait; its drivers block and have one time-out for
//! everything. By default it writes UTF-8, and a letter that a code page lacks as `&#9749;`; a
//! receipt needs a similar letter. The QR comes from `qris-image` anyway, because printers' QR
//! commands choose segments and sizes themselves.

use qris_image::{DrawError, Drawing, Paper};

use super::document::{Align, Document, Emphasis};
use super::layout::{Row, columns, rows};

/// `ESC @`: resets the settings of other programs.
const RESET: [u8; 2] = [0x1b, b'@'];

/// `ESC t 0`: code page 437. `ESC R 0`: the characters of the USA, so that ASCII is ASCII.
const ASCII: [u8; 6] = [0x1b, b't', 0, 0x1b, b'R', 0];

/// `ESC a n`: the alignment.
const ALIGN: [u8; 2] = [0x1b, b'a'];

/// `ESC E n`: bold.
const BOLD: [u8; 2] = [0x1b, b'E'];

/// `GS ! n`: the scale of letters minus one: width in the high four bits, height in the low four
/// bits.
const SIZE: [u8; 2] = [0x1d, b'!'];
const DOUBLE_HEIGHT: u8 = 0x01;

/// `ESC d n`: feeds lines, so that the last line is above the tear bar.
const FEED: [u8; 3] = [0x1b, b'd', 4];

/// `GS V 66 n`: feeds to the cutter and n dots more, and makes a partial cut.
const CUT: [u8; 4] = [0x1d, b'V', 66, 0];

/// `ESC p m t1 t2`: a pulse on pin 2 of the drawer's socket, 50 ms long, and 500 ms until the next.
const DRAWER_PULSE: [u8; 5] = [0x1b, b'p', 0, 25, 250];

/// What the printer does after the last line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Finish {
    pub(crate) cuts: bool,
    pub(crate) opens_drawer: bool,
}

/// All commands for the printer.
pub(crate) fn commands(
    document: &Document,
    paper: Paper,
    finish: Finish,
) -> Result<Vec<u8>, DrawError> {
    let mut commands = Vec::with_capacity(1024);
    commands.extend(RESET);
    commands.extend(ASCII);
    // Opening the drawer before printing saves the cashier a second.
    if finish.opens_drawer {
        commands.extend(DRAWER_PULSE);
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

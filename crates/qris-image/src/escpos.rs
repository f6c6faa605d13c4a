//! Converts pixels to commands for a receipt printer.

use crate::raster::Raster;

/// `GS v 0 m` with m = 0: a raster picture with one dot per pixel. After it come the width in bytes and
/// the height in dots, 16 bits each, low byte first, and then the rows. A set bit is a black dot.
const RASTER: [u8; 4] = [0x1d, b'v', b'0', 0];

/// The rows of one command. Small printers have a buffer of a few kilobytes; consecutive rasters
/// join without a gap.
const BAND: usize = 128;

/// The picture as consecutive raster commands.
pub(crate) fn write(raster: &Raster) -> Vec<u8> {
    let mut commands = Vec::with_capacity(raster.bytes().len() + 256);
    let row_len = raster.row_len();
    for band in raster.bytes().chunks(BAND * row_len) {
        commands.extend(RASTER);
        commands.extend(low_high(row_len));
        commands.extend(low_high(band.len() / row_len));
        commands.extend(band);
    }
    commands
}

/// A number in 16 bits, low byte first. Paper is 72 bytes wide at most and a band 128 rows high.
fn low_high(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes()
}

//! A symbol and the words under it as pixels.

use crate::raster::{MAX_SIDE, Raster};
use crate::symbol::Symbol;
use crate::{DrawError, font};

/// The symbol in the middle of the width, and the lines under its quiet zone, in letters that the
/// [font](font::has_letter) has.
///
/// `module` is the side of a module and `width` the width of the picture, in pixels; the
/// symbol fits.
pub(crate) fn draw(
    symbol: &Symbol,
    quiet_zone: u8,
    lines: &[String],
    module: usize,
    width: usize,
) -> Result<Raster, DrawError> {
    let margin = usize::from(quiet_zone) * module;
    let symbol_side = symbol.width() * module;
    let words = font::typeset(lines, width.saturating_sub(2 * module), 4 * module);
    let height = symbol_side + 2 * margin + words.height();
    let longer = width.max(height);
    if longer > MAX_SIDE {
        return Err(DrawError::TooLarge { found: longer, max: MAX_SIDE });
    }
    let mut raster = Raster::new(width, height);
    let left = width.saturating_sub(symbol_side) / 2;
    for (row, modules) in symbol.rows().enumerate() {
        let top = margin + row * module;
        let mut from = left;
        for run in modules.chunk_by(|one, next| one == next) {
            let to = from + run.len() * module;
            if run.first() == Some(&true) {
                raster.blacken_run(from, to, top);
            }
            from = to;
        }
        raster.repeat(top, module);
    }
    words.paint(&mut raster, symbol_side + 2 * margin);
    Ok(raster)
}

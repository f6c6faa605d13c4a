//! Draws two modules in a character cell, one above the other.

use crate::label::Label;
use crate::symbol::Symbol;

/// Black ink on white ground by number of the 256 colours: unlike the first sixteen, no theme
/// changes these.
const BLACK_ON_WHITE: &str = "\x1b[38;5;16;48;5;231m";
const RESET: &str = "\x1b[0m";

/// The symbol as half blocks, and the label centred under it.
pub(crate) fn draw(symbol: &Symbol, quiet_zone: u8, label: &Label) -> String {
    let margin = isize::from(quiet_zone);
    let end = isize::try_from(symbol.width()).unwrap_or(isize::MAX) + margin;
    let mut screen = String::new();
    for y in (-margin..end).step_by(2) {
        screen.push_str(BLACK_ON_WHITE);
        screen.extend((-margin..end).map(|x| {
            match (symbol.is_dark(x, y), symbol.is_dark(x, y + 1)) {
                (false, false) => ' ',
                (true, false) => '▀',
                (false, true) => '▄',
                (true, true) => '█',
            }
        }));
        screen.push_str(RESET);
        screen.push('\n');
    }
    let columns = symbol.width() + 2 * usize::from(quiet_zone);
    for line in label.lines() {
        let indent = columns.saturating_sub(line.chars().count()) / 2;
        screen.extend(std::iter::repeat_n(' ', indent));
        screen.push_str(line);
        screen.push('\n');
    }
    screen
}

//! The screen around the modules.

use qris_image::Drawing;

use crate::vectors;

/// Black on white by colours that no theme changes.
const COLOURS: &str = "\x1b[38;5;16;48;5;231m";

/// The dark modules of the half blocks, row by row; lines of words are skipped.
#[track_caller]
pub(crate) fn modules(screen: &str) -> Vec<Vec<bool>> {
    let mut rows = Vec::new();
    for line in screen.lines().filter_map(|line| line.strip_prefix(COLOURS)) {
        let cells = line.strip_suffix("\x1b[0m").expect("a reset at the end");
        let half = |dark: [char; 2]| cells.chars().map(|c| dark.contains(&c)).collect();
        assert!(cells.chars().all(|c| " ▀▄█".contains(c)));
        rows.push(half(['▀', '█']));
        rows.push(half(['▄', '█']));
    }
    rows
}

#[test]
fn the_words_underneath_are_name_nmid_and_amount() {
    let screen = Drawing::parse(vectors::SAMPLE).unwrap().terminal().unwrap();
    let words: Vec<&str> =
        screen.lines().filter(|line| !line.contains('\x1b')).map(str::trim).collect();
    assert_eq!(words, ["InterActive Corp", "NMID: ID1020021181745", "Rp25.578"],);
}

#[test]
fn a_plain_drawing_is_the_symbol_alone() {
    let drawing = Drawing::parse(vectors::SAMPLE).unwrap();
    let whole = drawing.terminal().unwrap();
    let plain = drawing.plain().terminal().unwrap();
    assert!(plain.lines().all(|line| line.starts_with(COLOURS)));
    assert!(whole.starts_with(&plain));
}

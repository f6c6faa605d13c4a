//! One path of dark runs, and text.

use std::fmt::Write;

use crate::label::Label;
use crate::symbol::Symbol;

/// The height of a line of words and of the gap to the next, in modules.
const LINE: f32 = 4.0;
const LETTERS: f32 = 3.2;

/// The symbol and its label as an SVG document, `width` pixels wide.
///
/// The unit of the drawing is a module, so that every edge lies on a whole number.
pub(crate) fn draw(symbol: &Symbol, quiet_zone: u8, label: &Label, width: usize) -> String {
    let margin = usize::from(quiet_zone);
    let modules = symbol.width() + 2 * margin;
    let lines: Vec<&str> = label.lines().collect();
    let rows = modules + lines.len() * LINE as usize + usize::from(!lines.is_empty());
    let height = rows * width / modules;
    let mut page = String::with_capacity(16 * 1024);
    // Writing to a string does not fail.
    let _ = write!(
        page,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {modules} {rows}\"><rect width=\"{modules}\" height=\"{rows}\" \
         fill=\"#fff\"/><path shape-rendering=\"crispEdges\" d=\"",
    );
    push_path(&mut page, symbol, margin);
    page.push_str("\"/>");
    if !lines.is_empty() {
        let size = letters(&lines, modules as f32);
        let _ = write!(
            page,
            "<g font-family=\"sans-serif\" font-size=\"{size}\" text-anchor=\"middle\">",
        );
        for (line, words) in lines.iter().enumerate() {
            let x = modules as f32 / 2.0;
            let y = modules as f32 + LINE * line as f32 + LETTERS;
            let _ = write!(page, "<text x=\"{x}\" y=\"{y}\">{}</text>", escaped(words));
        }
        page.push_str("</g>");
    }
    page.push_str("</svg>\n");
    page
}

/// The dark runs of the symbol as the data of a path, in modules, `margin` of them from the corner.
pub(crate) fn push_path(page: &mut String, symbol: &Symbol, margin: usize) {
    for run in symbol.runs() {
        let (x, y, len) = (margin + run.x, margin + run.y, run.len);
        // Writing to a string does not fail.
        let _ = write!(page, "M{x} {y}h{len}v1h-{len}z");
    }
}

/// A font size with which the longest line fits in any viewer's font. The mean width of capitals in common
/// fonts is 0.7 of their size; an ideograph has the full size.
fn letters(lines: &[&str], modules: f32) -> f32 {
    let widest = lines
        .iter()
        .map(|line| {
            let width = |c: char| if c.is_ascii() { 0.72 } else { 1.0 };
            line.chars().map(width).sum::<f32>()
        })
        .fold(1.0, f32::max);
    let fitting = (modules - 2.0) / widest;
    // Two decimals, so that a drawing is the same text on each machine.
    (fitting.min(LETTERS) * 100.0).floor() / 100.0
}

pub(crate) fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

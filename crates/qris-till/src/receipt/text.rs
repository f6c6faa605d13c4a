//! A receipt as plain text, for programs with their own printer driver.

use qris_image::Paper;

use super::document::{Align, Document};
use super::layout::{Row, columns, rows};

/// Lines of ASCII, not longer than the paper width. A QR is not drawn: a line says so.
pub(super) fn text(document: &Document, paper: Paper) -> String {
    let columns = columns(paper);
    let mut page = String::new();
    for row in rows(document, columns) {
        let line = match &row {
            Row::Text { text, align: Align::Left, .. } => text.clone(),
            Row::Text { text, align: Align::Center, .. } => centered(text, columns),
            Row::Qr(_) => centered(document.words.get().no_picture, columns),
        };
        page.push_str(line.trim_end());
        page.push('\n');
    }
    page
}

fn centered(text: &str, columns: usize) -> String {
    let before = columns.saturating_sub(text.len()) / 2;
    format!("{:before$}{text}", "")
}

//! Wraps lines to the columns of a printer's font.

use qris_image::Paper;

use super::ascii::ascii;
use super::document::{Align, Document, Emphasis, Line};

/// The number of columns with font A, 12 dots wide.
pub(super) const fn columns(paper: Paper) -> usize {
    match paper {
        Paper::Mm58 => 32,
        Paper::Mm80 => 48,
    }
}

/// The width of the paper.
pub(crate) const fn millimetres(paper: Paper) -> u16 {
    match paper {
        Paper::Mm58 => 58,
        Paper::Mm80 => 80,
    }
}

/// A line of paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row<'a> {
    /// ASCII, not longer than the paper width.
    Text { text: String, align: Align, emphasis: Emphasis },
    /// The QR of a payload.
    Qr(&'a str),
}

impl Row<'_> {
    fn left(text: String, emphasis: Emphasis) -> Self {
        Self::Text { text, align: Align::Left, emphasis }
    }
}

/// The lines of a document in ASCII. If letters were left out, the last line says so.
pub(super) fn rows(document: &Document, columns: usize) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for line in &document.lines {
        match line {
            Line::Rule => rows.push(Row::left("-".repeat(columns), Emphasis::Normal)),
            Line::Qr(payload) => rows.push(Row::Qr(payload)),
            Line::Text { text, align, emphasis } => {
                let (align, emphasis) = (*align, *emphasis);
                let written = ascii(text);
                let lines = wrapped(&written.text, columns);
                rows.extend(lines.into_iter().map(|text| Row::Text { text, align, emphasis }));
            }
            Line::Pair { label, value, emphasis } => {
                let written = ascii(value);
                let lines = pair(label, &written.text, columns);
                rows.extend(lines.into_iter().map(|text| Row::left(text, *emphasis)));
            }
        }
    }
    if lacks_letters(document) {
        for text in wrapped(document.words.get().left_out, columns) {
            rows.push(Row::Text { text, align: Align::Center, emphasis: Emphasis::Normal });
        }
    }
    rows
}

/// Whether a printer leaves letters of a document out, because its font does not have them.
pub(super) fn lacks_letters(document: &Document) -> bool {
    document.lines.iter().any(|line| match line {
        Line::Text { text, .. } | Line::Pair { value: text, .. } => ascii(text).is_cut,
        Line::Rule | Line::Qr(_) => false,
    })
}

/// A label and a value on one line, or the value below: aligned right, unless it needs several
/// lines.
fn pair(label: &str, value: &str, columns: usize) -> Vec<String> {
    if value.is_empty() {
        return Vec::new();
    }
    if label.len() + 1 + value.len() <= columns {
        let width = columns - label.len();
        return vec![format!("{label}{value:>width$}")];
    }
    let mut lines = vec![label.to_owned()];
    match wrapped(value, columns).as_slice() {
        [only] => lines.push(format!("{only:>columns$}")),
        several => lines.extend_from_slice(several),
    }
    lines
}

/// Lines of whole words. A word that is longer than a line is split.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => {
                let parts = word.as_bytes().chunks(columns);
                lines.extend(parts.map(|part| String::from_utf8_lossy(part).into_owned()));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_at_the_right_and_below_its_label_where_both_have_no_room() {
        assert_eq!(pair("No.", "INV-1", 10), ["No.  INV-1"]);
        assert_eq!(pair("No.", "123456", 10), ["No. 123456"]);
        assert_eq!(pair("No.", "1234567", 10), ["No.", "   1234567"]);
        assert_eq!(pair("Ket", "kopi susu dua", 10), ["Ket", "kopi susu", "dua"]);
        assert_eq!(pair("Ket", "", 10), [""; 0]);
    }

    #[test]
    fn a_word_that_is_longer_than_a_line_is_cut() {
        assert_eq!(wrapped("a bcdefghijklm no", 5), ["a", "bcdef", "ghijk", "lm no"]);
        assert_eq!(wrapped("", 5), [""; 0]);
    }
}

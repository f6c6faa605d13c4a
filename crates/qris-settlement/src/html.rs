//! Reads the tables of a web page, which portals save under the name .xls.

use crate::cell::Cell;
use crate::row::Row;

/// The rows of all tables, counted from 1, or `None` if there is no table.
pub(crate) fn rows(text: &str) -> Option<Vec<Row>> {
    let mut page = Page::default();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        page.text(before);
        let end = if after.starts_with("!--") { "-->" } else { ">" };
        let Some((tag, after)) = after.split_once(end) else { break };
        page.tag(tag);
        rest = after;
    }
    page.end_row();
    (page.count > 0).then_some(page.rows)
}

#[derive(Default)]
struct Page {
    rows: Vec<Row>,
    /// The number of rows so far.
    count: u64,
    cells: Vec<Cell>,
    /// The text of the open cell.
    cell: Option<String>,
    /// The end tag of the open script or style sheet.
    skipped_until: Option<&'static str>,
}

impl Page {
    fn text(&mut self, text: &str) {
        if let (Some(cell), None) = (&mut self.cell, self.skipped_until) {
            cell.push_str(text);
        }
    }

    fn tag(&mut self, tag: &str) {
        // The length of the longest relevant name, with its slash.
        let name: String = tag.chars().take(8).map(|c| c.to_ascii_lowercase()).collect();
        let ends = |(at, c): (usize, char)| c.is_whitespace() || (at > 0 && c == '/');
        let end = name.char_indices().find(|&it| ends(it)).map_or(name.len(), |(at, _)| at);
        let name = name.get(..end).unwrap_or_default();
        if let Some(until) = self.skipped_until {
            self.skipped_until = (name != until).then_some(until);
            return;
        }
        match name {
            "script" => self.skipped_until = Some("/script"),
            "style" => self.skipped_until = Some("/style"),
            "tr" => {
                self.end_row();
                self.count += 1;
            }
            "td" | "th" => {
                self.end_cell();
                self.cell = Some(String::new());
            }
            "/td" | "/th" => self.end_cell(),
            "/tr" | "/table" => self.end_row(),
            "br" => self.text(" "),
            _ => {}
        }
    }

    fn end_cell(&mut self) {
        if let Some(text) = self.cell.take() {
            let text = unescaped(&text);
            let words: Vec<_> = text.split_whitespace().collect();
            self.cells.push(Cell::Text(words.join(" ")));
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().any(|cell| *cell != Cell::Text(String::new())) {
            self.rows.push(Row { number: self.count.max(1), cells });
        }
    }
}

/// The text with its character references decoded.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        // The longest one is &#1114111;.
        let reference = after.bytes().take(10).position(|byte| byte == b';');
        let found = reference.and_then(|end| Some((character(after.get(..end)?)?, end)));
        match found {
            Some((c, end)) => {
                out.push(c);
                rest = after.get(end + 1..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out + rest
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn texts(page: &str) -> Vec<(u64, Vec<String>)> {
        let rows = rows(page).expect("a table").into_iter();
        rows.map(|row| (row.number, row.cells.iter().map(|it| it.text().into_owned()).collect()))
            .collect()
    }

    #[test]
    fn rows_and_cells_are_read_whether_their_ends_are_written_or_not() {
        let page = "<!DOCTYPE html><STYLE>td { <tr> }</STYLE><!-- <tr><td>x --><table border=1>\
                    <TR class='a'><TH>A <b>b</b>&nbsp;c</TH><th/>d</tr><tr><td></td></tr>\
                    <tr><td>1<br>2<td>&lt;&#65;&#x42;&amp;amp; &bad; & </table> after <p>";
        assert_eq!(
            texts(page),
            [
                (1, vec!["A b c".to_owned(), "d".to_owned()]),
                (3, vec!["1 2".to_owned(), "<AB&amp; &bad; &".to_owned()]),
            ],
        );
    }

    #[test]
    fn a_page_without_a_table_has_no_rows() {
        for page in ["<p>tgl;nominal</p>", "<?xml version=\"1.0\"?><Workbook>", "<", "<!-- <tr>"] {
            assert!(rows(page).is_none(), "{page}");
        }
        assert_eq!(rows("<tr>"), Some(Vec::new()));
    }
}

//! External text in a CSV file.

use crate::terminal::is_unprintable;

/// A text as a quoted cell that no spreadsheet evaluates as a formula.
///
/// Spreadsheets with Indonesian settings separate cells by semicolons. They ignore quotes in the middle of a
/// line, split the text at each `;`, and evaluate what follows. So the text after each separator is treated
/// like the beginning of a cell. Control characters and invisible characters become spaces; tab and line
/// break, the other two separators, are among them.
///
/// ```
/// use qris_ledger::text_cell;
///
/// assert_eq!(text_cell("INV \"1\""), "\"INV \"\"1\"\"\"");
/// assert_eq!(text_cell("=1+1"), "\"'=1+1\"");
/// ```
pub fn text_cell(text: &str) -> String {
    let text: String = text.chars().map(|c| if is_unprintable(c) { ' ' } else { c }).collect();
    let mut cell = String::with_capacity(text.len() + 2);
    cell.push('"');
    for piece in text.split_inclusive([',', ';']) {
        if is_formula(piece) {
            cell.push('\'');
        }
        cell.push_str(&piece.replace('"', "\"\""));
    }
    cell.push('"');
    cell
}

/// Whether a spreadsheet may evaluate this as a formula. Some spreadsheets skip leading spaces and quotes.
fn is_formula(text: &str) -> bool {
    let begins = text.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
    begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits a line as spreadsheets do: a quote counts only at the beginning of a cell, and text after the
    /// closing quote belongs to the cell.
    fn split(line: &str, separator: char) -> Vec<String> {
        let mut cells = vec![String::new()];
        let (mut quoted, mut at_start) = (false, true);
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            let cell = cells.last_mut().expect("there is one");
            match c {
                '"' if at_start => quoted = true,
                '"' if quoted && chars.peek() == Some(&'"') => {
                    chars.next();
                    cell.push('"');
                }
                '"' if quoted => quoted = false,
                c if c == separator && !quoted => {
                    cells.push(String::new());
                    at_start = true;
                    continue;
                }
                c => cell.push(c),
            }
            at_start = false;
        }
        cells
    }

    #[track_caller]
    fn assert_harmless(text: &str) {
        let cell = text_cell(text);
        assert!(!cell.contains(is_unprintable), "{text:?} gives {cell:?}");
        let line = format!("2020-08-07T11:20:01+07:00,{cell},1,25578,pos,{cell}");
        for separator in [',', ';', '\t'] {
            for found in split(&line, separator) {
                let begins = found.trim_start().chars().next();
                let formula = begins.is_some_and(|c| "=+-@".contains(c));
                assert!(!formula, "{text:?} gives {found:?} between {separator:?}");
            }
        }
        assert_eq!(split(&line, ',').len(), 6, "{text:?} gives {cell:?}");
    }

    #[test]
    fn no_spreadsheet_finds_a_formula_in_a_text_whichever_way_it_separates_cells() {
        for text in [
            "=1+1",
            "x;=HYPERLINK(\"http://example.com\")",
            "@SUM(A1)",
            "-2-3",
            "a\t+1",
            "\u{200b}=1",
        ] {
            assert_harmless(text);
        }
        // All texts of up to four of these.
        let letters = ['=', '-', ';', ',', '"', '\'', '\t', '\n', ' ', 'x'];
        for number in 0..letters.len().pow(4) {
            let digits = (0..4).map(|at| number / letters.len().pow(at) % letters.len());
            let text: String = digits.map(|digit| letters[digit]).collect();
            assert_harmless(text.trim_end_matches('x'));
        }
    }

    #[test]
    fn a_text_without_a_formula_stays_as_it_is() {
        for text in ["", "Sakuku", "A \"B\", C; D", "BCA - mobile", "it's", "Rp1=1"] {
            let line = format!("{},end", text_cell(text));
            assert_eq!(split(&line, ','), [text, "end"]);
        }
    }
}

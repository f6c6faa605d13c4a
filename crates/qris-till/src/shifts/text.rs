//! A report as plain text, for fixed-width printer fonts.

use super::content::{Content, Line, Section};

/// Writes a report in lines of at most this many characters.
pub(super) fn write(content: &Content, columns: usize) -> String {
    let rule = "-".repeat(columns);
    let mut lines = vec![center(&content.title, columns)];
    for (name, value) in &content.facts {
        lines.extend(pair(name, value, columns));
    }
    lines.push(rule.clone());
    for (name, value) in &content.totals {
        lines.extend(pair(name, value, columns));
    }
    for Section { title, total, note, lines: of_section } in &content.sections {
        lines.push(rule.clone());
        lines.extend(pair(title, total, columns));
        lines.extend(note.iter().flat_map(|note| wrapped(note, columns)));
        for Line { name, amount, note } in of_section {
            lines.extend(pair(name, amount, columns));
            for part in note.iter().flat_map(|note| wrapped(note, columns - 2)) {
                lines.push(format!("  {part}"));
            }
        }
    }
    lines.push(rule);
    lines.extend(content.note.iter().flat_map(|note| wrapped(note, columns)));
    let mut text = String::new();
    for line in lines {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn center(text: &str, columns: usize) -> String {
    format!("{text:^columns$}")
}

/// A name on the left and a value on the right; on separate lines if one line is too short.
fn pair(left: &str, right: &str, columns: usize) -> Vec<String> {
    if width(left) + 1 + width(right) <= columns {
        let gap = columns - width(left) - width(right);
        return vec![format!("{left}{}{right}", " ".repeat(gap))];
    }
    let mut lines = wrapped(left, columns);
    lines.extend(wrapped(right, columns).into_iter().map(|line| format!("{line:>columns$}")));
    lines
}

/// Wraps a text between words. A word that is longer than a line is split.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        if let Some(last) = lines.last_mut()
            && width(last) + 1 + width(word) <= columns
        {
            last.push(' ');
            last.push_str(word);
            continue;
        }
        let chars: Vec<char> = word.chars().collect();
        lines.extend(chars.chunks(columns).map(|part| part.iter().collect::<String>()));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_the_paper_and_no_character_is_lost() {
        let long = "A".repeat(40);
        for columns in [32, 48] {
            for (left, right) in [("Transaksi", "12"), (long.as_str(), "Rp25.578"), ("", "x y")] {
                let lines = pair(left, right, columns);
                assert!(lines.iter().all(|line| width(line) <= columns), "{lines:?}");
                let solid = |text: &str| text.replace(' ', "");
                assert_eq!(solid(&lines.concat()), solid(left) + &solid(right));
            }
        }
        assert_eq!(pair("Jumlah", "Rp5", 12), ["Jumlah   Rp5"]);
        assert_eq!(wrapped("satu dua tiga", 8), ["satu dua", "tiga"]);
    }
}

//! The words under a symbol.

use qris_codec::{Path, Payload};

use crate::letters::in_font;

/// The text for people under the symbol: merchant name, NMID and amount.
///
/// Bank Indonesia requires that the NMID is shown with the code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Label {
    lines: Vec<Line>,
}

/// A line of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    text: String,
    /// The same in another language, for fonts that lack some letters of the first.
    other: Option<String>,
}

/// A label in a font that may lack letters.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Set<'a> {
    /// The lines in letters that the font has.
    pub(crate) lines: Vec<String>,
    /// The lines that it cannot show.
    pub(crate) omitted: Vec<&'a str>,
}

impl Line {
    /// `None` if nothing of it is visible.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let text = printable(text);
        (!text.is_empty()).then_some(Self { text, other: None })
    }

    /// The merchant's name (59), and its name in another language (64.01).
    pub(crate) fn merchant_name(payload: &Payload<'_>) -> Option<Self> {
        let name = payload.merchant_name().and_then(Self::new);
        let other = payload.language().and_then(|other| Self::new(other.merchant_name));
        match (name, other) {
            (Some(name), other) => Some(Self { other: other.map(|other| other.text), ..name }),
            (None, other) => other,
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The line in letters that the font has: in its first language, or otherwise in the other.
    pub(crate) fn in_font(&self, has: impl Fn(char) -> bool) -> Option<String> {
        in_font(&self.text, &has).or_else(|| in_font(self.other.as_deref()?, &has))
    }
}

impl Label {
    pub(crate) fn of(payload: &Payload<'_>) -> Self {
        let nmid = payload.get(Path::NMID).filter(|nmid| !nmid.trim().is_empty());
        let lines = [
            Line::merchant_name(payload),
            nmid.and_then(|nmid| Line::new(&format!("NMID: {nmid}"))),
            amount(payload).and_then(|amount| Line::new(&amount)),
        ];
        Self { lines: lines.into_iter().flatten().collect() }
    }

    /// Adds a line, unless nothing of it is visible.
    pub(crate) fn add(&mut self, line: &str) {
        self.lines.extend(Line::new(line));
    }

    /// The unchanged lines, for a viewer that has all letters.
    pub(crate) fn lines(&self) -> impl ExactSizeIterator<Item = &str> {
        self.lines.iter().map(Line::text)
    }

    /// The lines in a font that may lack letters.
    pub(crate) fn set_in(&self, has: impl Fn(char) -> bool) -> Set<'_> {
        let mut set = Set::default();
        for line in &self.lines {
            match line.in_font(&has) {
                Some(text) => set.lines.push(text),
                None => set.omitted.push(&line.text),
            }
        }
        set
    }
}

/// The text without characters that move the cursor or hide the text after them.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if is_invisible(c) { ' ' } else { c })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Characters that are not visible but have an effect: control characters, soft hyphens, marks that
/// change the direction of the text, and characters that XML forbids.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{fffe}'..='\u{ffff}')
}

/// The amount as Indonesia writes it, `Rp25.578`; in another currency the payload's own digits.
pub(crate) fn amount(payload: &Payload<'_>) -> Option<String> {
    let amount = payload.amount()?.ok()?;
    if payload.currency() != Some("360") {
        return Some(amount.to_string());
    }
    let plain = amount.to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut grouped = String::from("Rp");
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    if fraction.bytes().any(|digit| digit != b'0') {
        grouped.push(',');
        grouped.push_str(fraction);
    }
    Some(grouped)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A payload of these objects, with the checksum it needs.
    fn label(objects: &str) -> Vec<String> {
        let text = format!("{objects}6304");
        let text = format!("{text}{:04X}", qris_codec::checksum(text.as_bytes()));
        Label::of(&Payload::parse(&text).unwrap()).lines().map(str::to_owned).collect()
    }

    /// The same in a font of ASCII letters, and what is left out.
    fn in_ascii(objects: &str) -> (Vec<String>, Vec<String>) {
        let text = format!("{objects}6304");
        let text = format!("{text}{:04X}", qris_codec::checksum(text.as_bytes()));
        let label = Label::of(&Payload::parse(&text).unwrap());
        let set = label.set_in(|c| c.is_ascii());
        (set.lines.clone(), set.omitted.iter().map(|&line| line.to_owned()).collect())
    }

    #[test]
    fn name_nmid_and_amount_stand_under_each_other() {
        assert_eq!(
            label("00020151190215ID10200211817455303360540825578.005904TOKO"),
            ["TOKO", "NMID: ID1020021181745", "Rp25.578"],
        );
    }

    #[test]
    fn rupiah_are_grouped_by_thousands_and_show_a_fraction_only_where_there_is_one() {
        assert_eq!(label("000201530336054011"), ["Rp1"]);
        assert_eq!(label("00020153033605403999"), ["Rp999"]);
        assert_eq!(label("0002015303360540810000000"), ["Rp10.000.000"]);
        assert_eq!(label("00020153033605404100."), ["Rp100"]);
        assert_eq!(label("000201530336054071000.50"), ["Rp1.000,50"]);
    }

    #[test]
    fn an_amount_in_another_currency_is_not_called_rupiah() {
        assert_eq!(label("00020153037025405 12.5"), [] as [&str; 0]);
        assert_eq!(label("0002015303702540412.5"), ["12.5"]);
    }

    #[test]
    fn a_name_cannot_steer_the_terminal_nor_turn_the_text_round() {
        assert_eq!(label("0002015907A\u{1b}[2J\u{202e}B"), ["A [2J B"]);
    }

    #[test]
    fn a_payload_without_words_has_no_lines() {
        assert_eq!(label("0002015902  "), [] as [&str; 0]);
    }

    #[test]
    fn a_font_that_lacks_a_letter_takes_the_name_in_the_other_language() {
        let objects = "00020151190215ID10200211817455904最佳运输64200002EN0110BEST MOVES";
        assert_eq!(
            in_ascii(objects),
            (vec!["BEST MOVES".to_owned(), "NMID: ID1020021181745".to_owned()], vec![]),
        );
        assert_eq!(label(objects)[0], "最佳运输");
        // With the languages swapped, the first is drawn.
        let objects = "0002015910BEST MOVES64140002ZH0104最佳运输";
        assert_eq!(in_ascii(objects), (vec!["BEST MOVES".to_owned()], vec![]));
    }

    #[test]
    fn a_name_that_a_font_lacks_in_both_languages_is_left_out_and_told() {
        let objects = "00020151190215ID10200211817455904最佳运输64120002JA0102運送";
        assert_eq!(
            in_ascii(objects),
            (vec!["NMID: ID1020021181745".to_owned()], vec!["最佳运输".to_owned()]),
        );
    }
}

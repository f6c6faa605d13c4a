//! The words under a symbol.

use qris_codec::{Path, Payload};

/// What a person is told beside the symbol: merchant name, NMID and amount.
///
/// Bank Indonesia wants the NMID to be seen with the code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Label {
    lines: Vec<String>,
}

impl Label {
    pub(crate) fn of(payload: &Payload<'_>) -> Self {
        let nmid = payload.get(Path::NMID);
        let lines = [
            payload.merchant_name().map(printable),
            nmid.map(|nmid| format!("NMID: {}", printable(nmid))),
            amount(payload),
        ];
        Self { lines: lines.into_iter().flatten().filter(|line| !line.trim().is_empty()).collect() }
    }

    /// One more line, unless there is nothing to see of it.
    pub(crate) fn add(&mut self, line: &str) {
        let line = printable(line);
        if !line.is_empty() {
            self.lines.push(line);
        }
    }

    /// A label of any words, for tests of how they are set.
    #[cfg(test)]
    pub(crate) fn of_lines<const N: usize>(lines: [&str; N]) -> Self {
        Self { lines: lines.map(str::to_owned).into() }
    }

    pub(crate) fn lines(&self) -> &[String] {
        &self.lines
    }
}

/// The text without what could move the cursor or hide what follows.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if is_invisible(c) { ' ' } else { c })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Characters that show nothing but do something: control characters, soft hyphens, the marks that
/// turn the direction of the text round, and what XML forbids.
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
fn amount(payload: &Payload<'_>) -> Option<String> {
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
        Label::of(&Payload::parse(&text).unwrap()).lines
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
}

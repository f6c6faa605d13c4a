//! Texts in ASCII, which every code page of every printer has.

/// A text in ASCII.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ascii {
    pub(super) text: String,
    /// Whether a letter was left out, because no ASCII letter can replace it.
    pub(super) is_cut: bool,
}

/// Converts a text to ASCII: letters lose their marks, typographic signs become plain ones. Letters
/// without a replacement are left out.
pub(super) fn ascii(text: &str) -> Ascii {
    let mut written = Ascii { text: String::with_capacity(text.len()), is_cut: false };
    for char in text.chars() {
        match char {
            ' '..='~' => written.text.push(char),
            // Combining marks, and marks without width.
            '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{fe0f}' => {}
            char => match stand_in(char) {
                Some(letters) => written.text.push_str(letters),
                None => written.is_cut = true,
            },
        }
    }
    let words: Vec<&str> = written.text.split_whitespace().collect();
    written.text = words.join(" ");
    written
}

/// The ASCII replacement of a Western or Central European letter, or of a sign.
const fn stand_in(char: char) -> Option<&'static str> {
    Some(match char {
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ª' => "a",
        'Æ' => "AE",
        'æ' => "ae",
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'Ð' | 'Ď' | 'Đ' => "D",
        'ð' | 'ď' | 'đ' => "d",
        'È'..='Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'Ĥ' | 'Ħ' => "H",
        'ĥ' | 'ħ' => "h",
        'Ì'..='Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'Ĵ' => "J",
        'ĵ' => "j",
        'Ķ' => "K",
        'ķ' => "k",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ł' => "L",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'Ñ' | 'Ń' | 'Ņ' | 'Ň' => "N",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ŏ' | 'Ő' => "O",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'º' | '°' => "o",
        'Œ' => "OE",
        'œ' => "oe",
        'Ŕ' | 'Ŗ' | 'Ř' => "R",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'Ţ' | 'Ť' | 'Ț' => "T",
        'ţ' | 'ť' | 'ț' => "t",
        'Þ' => "Th",
        'þ' => "th",
        'Ù'..='Ü' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'µ' => "u",
        'Ŵ' => "W",
        'ŵ' => "w",
        'Ý' | 'Ŷ' | 'Ÿ' => "Y",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'ź' | 'ż' | 'ž' => "z",
        '\u{2010}'..='\u{2015}' | '−' => "-",
        '‘' | '’' | '‚' | '‹' | '›' | '´' | 'ʼ' => "'",
        '“' | '”' | '„' | '«' | '»' => "\"",
        '…' => "...",
        '•' | '·' => "*",
        '×' => "x",
        '÷' => "/",
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        '²' => "2",
        '³' => "3",
        '€' => "EUR",
        '™' => "TM",
        '©' => "(c)",
        '®' => "(R)",
        '№' => "No.",
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => " ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_lose_their_marks_and_what_nothing_stands_for_is_left_out_and_said() {
        for (text, expected, is_cut) in [
            ("Toko Sari 2", "Toko Sari 2", false),
            ("Café Böhm – “Es”…", "Cafe Bohm - \"Es\"...", false),
            ("Cafe\u{301} Łódź ½", "Cafe Lodz 1/2", false),
            ("奶茶 Kopi ☕ susu", "Kopi susu", true),
            ("奶茶", "", true),
        ] {
            assert_eq!(ascii(text), Ascii { text: expected.to_owned(), is_cut }, "{text}");
        }
    }
}

//! Payloads like the ones in the field: a third without findings, a third with information only, a
//! third with warnings or errors. The README has the shares.

use qris_codec::{Error, Payload, checksum};

use crate::payloads::{Random, corpus};

/// The number of payloads that [`mixed`] makes, divisible by three.
pub const MIXED: usize = 1_023;

/// Different payloads that `Payload::parse` accepts: in turn clean, with information only, and with
/// warnings or errors.
///
/// # Errors
///
/// If the builder refuses a clean one, which would be a bug of [`corpus`].
pub fn mixed() -> Result<Vec<String>, Error> {
    let mut random = Random::new(20_220_301);
    let clean = corpus()?;
    let texts = clean.iter().take(MIXED).enumerate();
    texts
        .map(|(at, text)| {
            let mut code = Objects::new(&Payload::parse(text)?);
            match at % 3 {
                0 => {}
                1 => inform(&mut code, &mut random),
                _ => {
                    deviate(&mut code, &mut random);
                    // One in twelve of all codes has its objects in another order, here as among the
                    // ones with information only.
                    if random.below(12) == 0 {
                        reorder(&mut code, &mut random);
                    }
                }
            }
            Ok(code.text())
        })
        .collect()
}

/// Makes it a code with information, and nothing worse.
fn inform(code: &mut Objects, random: &mut Random) {
    match random.below(8) {
        0 | 1 => reorder(code, random),
        2 | 3 => code.set_inside("26", "00", Some("ID.CO.SPINPAY.WWW")),
        4 => code.set_inside("51", "00", Some("ID.OR.GPNQR.WWW")),
        5 => {
            let nmid = code.inside("51", "02").unwrap_or_default();
            code.set_inside("51", "02", Some(&with_another_last_digit(&nmid)));
        }
        6 => {
            let name = code.get("59").unwrap_or_default();
            let kept: String = name.chars().take(24).collect();
            code.set("59", Some(&format!("{} ", kept.trim_end())));
        }
        _ => {
            let additional = code.get("62").unwrap_or_default();
            code.set("62", Some(&format!("{additional}6009free text")));
        }
    }
}

/// Makes it a code with a warning or, four times in twenty-eight, with an error.
fn deviate(code: &mut Objects, random: &mut Random) {
    match random.below(28) {
        0..3 => code.set("61", None),
        3 | 4 => code.set("61", Some("123456")),
        5..8 => code.set_inside("51", "02", Some("999999999")),
        8..11 => {
            code.set("51", None);
            code.set("54", None);
            code.set("01", Some("11"));
        }
        11 | 12 => code.set_inside("26", "03", None),
        13 => code.set_inside("26", "01", Some("9360091412345678")),
        14 => code.set("59", Some("WARUNG MAKAN BU SRI REJEKI")),
        15 => code.set("59", Some("KEDAI S\u{dc}SU")),
        16 | 17 => {
            code.set("01", Some("11"));
            code.set("54", Some("25000"));
        }
        18 | 19 => {
            code.set("01", Some("12"));
            code.set("54", None);
        }
        20 => amount(code, "10000001"),
        21 => amount(code, "25578.5"),
        22 | 23 => code.set_inside("26", "00", None),
        24 => code.set("52", None),
        25 => code.set("26", Some("936009143664001757")),
        26 => amount(code, "0"),
        _ => code.set_inside("26", "01", Some("93600914366400175A")),
    }
}

fn amount(code: &mut Objects, amount: &str) {
    code.set("01", Some("12"));
    code.set("54", Some(amount));
}

/// The other orders of objects in the field.
fn reorder(code: &mut Objects, random: &mut Random) {
    let order: &[&str] = match random.below(3) {
        // Danamon, LinkAja.
        0 => &["00", "01", "26", "51", "62", "53", "54", "55", "60", "52", "59", "58", "61"],
        // Xendit.
        1 => &["00", "01", "26", "51", "52", "58", "59", "60", "61", "62", "53", "54", "55"],
        // A static code that a program made dynamic.
        _ => &["00", "01", "26", "51", "52", "58", "59", "60", "61", "62", "53", "55", "54"],
    };
    code.0.sort_by_key(|(tag, _)| order.iter().position(|there| there == tag));
}

/// The objects of a root, without the checksum.
struct Objects(Vec<(String, String)>);

impl Objects {
    fn new(payload: &Payload<'_>) -> Self {
        let objects = payload.objects().filter(|object| object.tag().number() != 63);
        Self(objects.map(|object| (object.tag().to_string(), object.value().to_owned())).collect())
    }

    fn get(&self, tag: &str) -> Option<String> {
        self.0.iter().find(|(there, _)| there == tag).map(|(_, value)| value.clone())
    }

    /// Inserts a value at its position in ascending order, or removes the object.
    fn set(&mut self, tag: &str, value: Option<&str>) {
        self.0.retain(|(there, _)| there != tag);
        if let Some(value) = value {
            let at = self.0.iter().position(|(there, _)| there.as_str() > tag);
            self.0.insert(at.unwrap_or(self.0.len()), (tag.to_owned(), value.to_owned()));
        }
    }

    /// A value inside a template.
    fn inside(&self, template: &str, tag: &str) -> Option<String> {
        Self::read(&self.get(template)?).get(tag)
    }

    fn set_inside(&mut self, template: &str, tag: &str, value: Option<&str>) {
        let mut inside = Self::read(&self.get(template).unwrap_or_default());
        inside.set(tag, value);
        self.set(template, Some(&inside.written()));
    }

    /// The objects of an ASCII template.
    fn read(mut text: &str) -> Self {
        let mut objects = Vec::new();
        while let (Some(tag), Some(len)) = (text.get(..2), text.get(2..4)) {
            let end = 4 + len.parse::<usize>().unwrap_or(0);
            objects.push((tag.to_owned(), text.get(4..end).unwrap_or_default().to_owned()));
            text = text.get(end..).unwrap_or_default();
        }
        Self(objects)
    }

    fn written(&self) -> String {
        let objects = self.0.iter();
        objects.map(|(tag, value)| format!("{tag}{:02}{value}", value.chars().count())).collect()
    }

    fn text(&self) -> String {
        let covered = format!("{}6304", self.written());
        format!("{covered}{:04X}", checksum(covered.as_bytes()))
    }
}

fn with_another_last_digit(nmid: &str) -> String {
    let (kept, last) = nmid.split_at(nmid.len().saturating_sub(1));
    format!("{kept}{}", if last == "0" { "1" } else { "0" })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use qris_codec::{Rules, Severity};

    use super::*;

    #[test]
    fn a_third_is_clean_a_third_has_information_only_and_a_third_has_worse() {
        let texts = mixed().expect("made");
        assert_eq!(texts.len(), MIXED);
        assert_eq!(texts.iter().collect::<HashSet<_>>().len(), MIXED);
        let mut errors = 0;
        for (at, text) in texts.iter().enumerate() {
            let payload = Payload::parse(text).expect("a payload");
            let findings: Vec<_> = payload.findings(Rules::Qris).collect();
            let worst = findings.iter().map(|finding| finding.severity()).max();
            match at % 3 {
                0 => assert_eq!(worst, None, "{findings:?}"),
                1 => assert_eq!(worst, Some(Severity::Info), "{text}: {findings:?}"),
                _ => assert!(worst >= Some(Severity::Warning), "{text}: {findings:?}"),
            }
            errors += usize::from(worst == Some(Severity::Error));
        }
        assert!((30..80).contains(&errors), "{errors} errors");
    }
}

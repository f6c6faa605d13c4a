//! Compares all code paths for a text, and counts how many texts were scanned in order.

use std::collections::BTreeMap;

use qris_codec::{Finding, Payload, Qris, Rules, Severity, Verdict, findings, scan_in_order};

use crate::parts::Parts;

/// The number of texts of a kind, and their results.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Count {
    pub(crate) texts: usize,
    /// The parser accepts them.
    pub(crate) parsed: usize,
    /// The scanner reads them to their end or to a finding.
    pub(crate) scanned: usize,
    /// The scanner finds no error in them, so [`Qris::parse`] does not walk.
    pub(crate) accepted: usize,
    /// The scanner finds nothing in them.
    pub(crate) clean: usize,
    /// `Builder` can express them, and writes them.
    pub(crate) built: usize,
    /// `Builder` can express them, and refuses.
    pub(crate) refused: usize,
}

impl Count {
    /// Every result for a text must be the result of walking it, and the result of `Builder` for
    /// the same values.
    #[track_caller]
    pub(crate) fn check(&mut self, text: &str) {
        self.texts += 1;
        let parsed = Payload::parse(text);
        self.parsed += usize::from(parsed.is_ok());
        let exact = |rules| -> Vec<Finding> {
            parsed.map(|payload| payload.findings(rules).collect()).unwrap_or_default()
        };
        let (emv, qris) = (exact(Rules::Emv), exact(Rules::Qris));
        for least in [Severity::Info, Severity::Warning, Severity::Error] {
            let Some((payload, is_clean)) = scan_in_order(text, least) else { continue };
            assert_eq!(parsed, Ok(payload), "{text}");
            let any = |found: &[Finding]| found.iter().any(|it| it.severity() >= least);
            assert_eq!(is_clean, !any(&qris), "{least} in {text}: {qris:#?}");
            assert!(!(is_clean && any(&emv)), "{least} in {text}: {emv:#?}");
            self.scanned += usize::from(least == Severity::Info);
            self.accepted += usize::from(least == Severity::Error && is_clean);
            self.clean += usize::from(least == Severity::Info && is_clean);
        }
        for (rules, exact) in [(Rules::Emv, &emv), (Rules::Qris, &qris)] {
            let inspected = findings::inspect(text, rules).map(Iterator::collect::<Vec<_>>);
            assert_eq!(inspected, parsed.map(|_| exact.clone()), "{text}");
            let worst = exact.iter().map(Finding::severity).max();
            let verdict = parsed.map_or(Verdict::Malformed, |_| Verdict::from_worst(worst));
            assert_eq!(Verdict::from_text(text, rules), verdict, "{text}");
        }
        if let Some(payload) = parsed.ok().filter(|it| it.as_str() == text && text.len() <= 512) {
            // Objects in order give findings in order; here they are never in order.
            let in_any_order = findings::in_any_order(payload, Rules::Qris);
            let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'{'));
            assert!(!plain || in_any_order.eq(qris.iter().copied()), "{text}");
        }
        let first = qris.iter().find(|it| it.severity() == Severity::Error).map(Finding::error);
        let expected = parsed.and_then(|payload| first.map_or(Ok(payload), Err));
        assert_eq!(Qris::parse(text).map(|code| *code.payload()), expected, "{text}");
        let Some(parts) = Parts::read(text) else { return };
        for (rules, exact) in [(Rules::Emv, &emv), (Rules::Qris, &qris)] {
            let first = exact.iter().find(|it| it.severity() >= Severity::Warning);
            let expected = match (parsed, first) {
                (Err(error), _) => Err(Finding::from(error)),
                (Ok(_), Some(finding)) => Err(*finding),
                (Ok(_), None) => Ok(text),
            };
            let mut buffer = vec![0; text.len()];
            let builder = parts.builder().rules(rules);
            assert_eq!(builder.encoded_len(), text.len(), "{text}");
            assert_eq!(builder.encode_into(&mut buffer), expected, "{rules:?}: {text}");
            let (built, refused) = (expected.is_ok(), expected.is_err());
            self.built += usize::from(rules == Rules::Qris && built);
            self.refused += usize::from(rules == Rules::Qris && refused);
        }
    }
}

/// Counts by kind of edit.
#[derive(Default)]
pub(crate) struct Counts(BTreeMap<&'static str, Count>);

impl Counts {
    pub(crate) fn of(&mut self, kind: &'static str) -> &mut Count {
        self.0.entry(kind).or_default()
    }

    /// Checks a text, if there is one.
    #[track_caller]
    pub(crate) fn check(&mut self, kind: &'static str, text: Option<String>) {
        if let Some(text) = text {
            self.of(kind).check(&text);
        }
    }

    /// Prints the counts and requires a minimum of each kind.
    #[track_caller]
    pub(crate) fn demand(&self, least: &[Least<'_>]) {
        for (kind, count) in &self.0 {
            println!("{kind}: {count:?}");
        }
        let kinds: Vec<&str> = least.iter().map(|(kind, ..)| *kind).collect();
        assert_eq!(self.0.keys().copied().collect::<Vec<_>>(), kinds);
        for (kind, texts, shares, built) in least {
            let count = self.0[kind];
            let Count { parsed, scanned, accepted, clean, .. } = count;
            let enough = if *shares == REFUSED {
                parsed * 1_000 <= count.texts
            } else {
                let found = [scanned, accepted, clean];
                found.iter().zip(shares).all(|(found, share)| found * 100 >= parsed * share)
            };
            let enough = enough && count.texts >= *texts;
            let enough = enough && count.built >= built[0] && count.refused >= built[1];
            assert!(enough, "{kind}: expected {texts}, {shares:?} %, {built:?}, found {count:?}");
        }
    }
}

/// The minimum of a kind: texts; the percentages of accepted texts that are `scanned`, `accepted`
/// and `clean`; and how many `Builder` writes and refuses.
pub(crate) type Least<'a> = (&'a str, usize, [usize; 3], [usize; 2]);

/// The parser refuses all of a kind, except one in a thousand that it may accept by chance.
pub(crate) const REFUSED: [usize; 3] = [100; 3];

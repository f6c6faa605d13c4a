//! The page of facts, as Markdown and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use qris_api::WibTime;
use serde::Serialize;

use super::question::Question;

/// How certain a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Certainty {
    /// It was seen at least once.
    Seen,
    /// It follows from what was seen, but there may be another cause.
    Likely,
    /// It was not seen.
    NotSeen,
}

impl Certainty {
    const fn word(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Likely => "likely",
            Self::NotSeen => "not seen",
        }
    }
}

/// What is known about one question.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    /// A short answer. Where there are only a few answers, it is a stable word.
    answer: String,
    /// What was seen.
    seen: String,
    certainty: Certainty,
    /// The toolkit setting that follows from the answer.
    setting: Option<String>,
}

impl Fact {
    pub(super) fn seen(answer: impl Into<String>, seen: impl Into<String>) -> Self {
        let (answer, seen) = (answer.into(), seen.into());
        Self { answer, seen, certainty: Certainty::Seen, setting: None }
    }

    pub(super) fn likely(answer: impl Into<String>, seen: impl Into<String>) -> Self {
        Self { certainty: Certainty::Likely, ..Self::seen(answer, seen) }
    }

    pub(super) fn not_seen(why: impl Into<String>) -> Self {
        Self { certainty: Certainty::NotSeen, ..Self::seen("not seen", why) }
    }

    pub(super) fn with_setting(self, setting: impl Into<String>) -> Self {
        Self { setting: Some(setting.into()), ..self }
    }
}

/// An invoice that the probe made.
#[derive(Clone, Debug, Serialize)]
pub(super) struct MadeInvoice {
    pub(super) number: String,
    pub(super) qris_invoiceid: u64,
    /// Its purpose.
    pub(super) purpose: &'static str,
    pub(super) paid: bool,
    /// Whether its code was shown to be paid.
    pub(super) shown: bool,
}

/// All facts.
#[derive(Debug)]
pub(super) struct Page {
    facts: BTreeMap<Question, Fact>,
    pub(super) invoices: Vec<MadeInvoice>,
    /// Create calls that may have made an invoice.
    pub(super) unclear: Vec<String>,
    provider: String,
    started_at: WibTime,
}

/// A fact with its question, for JSON.
#[derive(Serialize)]
struct FactView<'a> {
    id: &'static str,
    question: &'static str,
    answer: &'a str,
    seen: &'a str,
    certainty: Certainty,
    setting: Option<&'a str>,
}

#[derive(Serialize)]
struct PageView<'a> {
    program: &'static str,
    provider: &'a str,
    started_at: String,
    ended_at: String,
    facts: Vec<FactView<'a>>,
    sandbox: String,
    invoices: &'a [MadeInvoice],
    unclear: &'a [String],
}

const PROGRAM: &str = concat!("qris ", env!("CARGO_PKG_VERSION"));

impl Page {
    pub(super) fn new(provider: String, started_at: WibTime) -> Self {
        let (facts, invoices, unclear) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { facts, invoices, unclear, provider, started_at }
    }

    /// Notes a fact. A "not seen" does not replace a fact or an earlier reason.
    pub(super) fn note(&mut self, question: Question, fact: Fact) {
        if fact.certainty == Certainty::NotSeen {
            self.facts.entry(question).or_insert(fact);
        } else {
            self.facts.insert(question, fact);
        }
    }

    /// The answer, if there is one.
    pub(super) fn answer(&self, question: Question) -> Option<&str> {
        let fact = self.facts.get(&question)?;
        (fact.certainty != Certainty::NotSeen).then_some(fact.answer.as_str())
    }

    fn views(&self) -> Vec<FactView<'_>> {
        let view = |&question: &Question| {
            let fact = self.facts.get(&question);
            FactView {
                id: question.id(),
                question: question.words(),
                answer: fact.map_or("not seen", |fact| &fact.answer),
                seen: fact.map_or("the probe ended before this", |fact| &fact.seen),
                certainty: fact.map_or(Certainty::NotSeen, |fact| fact.certainty),
                setting: fact.and_then(|fact| fact.setting.as_deref()),
            }
        };
        Question::ALL.iter().map(view).collect()
    }

    /// The `qris sandbox` command that answers like this account, as far as it was seen.
    fn sandbox(&self) -> String {
        let mut command = "qris sandbox".to_owned();
        let mut flag = |name: &str, question: Question, words: &[&str]| {
            if let Some(answer) = self.answer(question).filter(|answer| words.contains(answer)) {
                let _ = write!(command, " --{name} {answer}");
            }
        };
        flag("ids", Question::InvoiceIdKind, qris_sandbox::IdKind::WORDS);
        flag("repeated-number", Question::RepeatedNumber, qris_sandbox::RepeatedNumber::WORDS);
        flag("absent-tip", Question::TipAbsent, qris_sandbox::AbsentTip::WORDS);
        flag("refusals", Question::RefusalShape, qris_sandbox::RefusalShape::WORDS);
        // Either day may be compared: they differ only across midnight.
        flag("check-date", Question::WrongDate, &["ignored"]);
        flag("time-in-date", Question::TimeInDate, qris_sandbox::TimeInDate::WORDS);
        flag("check-amount", Question::WrongAmount, qris_sandbox::CheckAmount::WORDS);
        flag("check-action", Question::OtherAction, qris_sandbox::CheckAction::WORDS);
        flag("note", Question::WebhookNote, qris_sandbox::Note::WORDS);
        flag("rrn", Question::WebhookRrn, qris_sandbox::Rrn::WORDS);
        if self.answer(Question::LongNumber) == Some("refused") {
            // The limit is not known; shorter numbers were accepted.
            command += " --longest-number 40";
        }
        // A type with a quote, or several types, cannot be an argument.
        let is_plain = |text: &&str| !text.contains(['\'', '"', '\\']) && !text.contains(" and ");
        if let Some(content_type) = self.answer(Question::ContentType).filter(is_plain) {
            let _ = write!(command, " --content-type '{content_type}'");
        }
        if let Some(status) = self.answer(Question::RefusalStatus)
            && status.bytes().all(|byte| byte.is_ascii_digit())
        {
            let _ = write!(command, " --refusal-status {status}");
        }
        let around = self.answer(Question::Surroundings).unwrap_or_default();
        for (found, fault) in [
            ("a byte-order mark", "byte-order-mark"),
            ("a PHP message before", "notice-before"),
            ("a PHP message after", "text-behind"),
        ] {
            if around.split(", ").any(|part| part == found) {
                let _ = write!(command, " --fault {fault}");
            }
        }
        command
    }

    /// The page for programs.
    pub(super) fn json(&self, ended_at: WibTime) -> serde_json::Result<serde_json::Value> {
        serde_json::to_value(PageView {
            program: PROGRAM,
            provider: &self.provider,
            started_at: self.started_at.to_string(),
            ended_at: ended_at.to_string(),
            facts: self.views(),
            sandbox: self.sandbox(),
            invoices: &self.invoices,
            unclear: &self.unclear,
        })
    }

    /// The page for people.
    pub(super) fn markdown(&self, ended_at: WibTime) -> String {
        let mut page = format!(
            "# What `qris probe` found\n\n\
             With {PROGRAM} and {}, from {} to {} WIB. The page holds no API key, merchant ID or \
             payer's name: it can be sent to us.\n\n\
             | question | answer | what was seen | certainty | setting that follows |\n\
             |---|---|---|---|---|\n",
            cell(&self.provider),
            self.started_at.to_api_text(),
            ended_at.to_api_text(),
        );
        for FactView { question, answer, seen, certainty, setting, .. } in self.views() {
            let (answer, seen) = (cell(answer), cell(seen));
            let (certainty, setting) = (certainty.word(), setting.map(cell).unwrap_or_default());
            let _ = writeln!(page, "| {question} | {answer} | {seen} | {certainty} | {setting} |");
        }
        let _ = write!(
            page,
            "\nA sandbox that answers like this account, as far as it was seen:\n\n```sh\n{}\n```\n",
            self.sandbox()
        );
        if !self.invoices.is_empty() {
            page += "\n## Invoices that this run made\n\n\
                     They are in no ledger.\n\n\
                     | number | qris_invoiceid | made for | state |\n|---|---|---|---|\n";
        }
        for MadeInvoice { number, qris_invoiceid, purpose, paid, shown } in &self.invoices {
            let state = match (paid, shown) {
                (true, _) => "paid",
                (false, true) => "not paid",
                (false, false) => "not paid; do not pay this",
            };
            let _ = writeln!(page, "| {} | {qris_invoiceid} | {purpose} | {state} |", cell(number));
        }
        for number in &self.unclear {
            let _ = write!(
                page,
                "\nIt is not known whether the create of {} made an invoice. Do not pay it.\n",
                cell(number)
            );
        }
        page
    }
}

/// Escapes a text for a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        Page::new("a sandbox".to_owned(), WibTime::parse("2026-11-22 10:00:00").expect("a time"))
    }

    fn at() -> WibTime {
        WibTime::parse("2026-11-22 10:30:00").expect("a time")
    }

    #[test]
    fn every_question_stands_on_the_page_once_and_one_without_an_answer_is_not_seen() {
        let json = page().json(at()).expect("JSON");
        let facts = json["facts"].as_array().expect("a list");
        assert_eq!(facts.len(), Question::ALL.len());
        for (fact, question) in facts.iter().zip(Question::ALL) {
            assert_eq!(fact["id"], question.id());
            assert_eq!(fact["certainty"], "not-seen");
        }
        let mut ids: Vec<_> = Question::ALL.iter().map(|question| question.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Question::ALL.len(), "no id is repeated");
        assert_eq!(json["sandbox"], "qris sandbox");
    }

    #[test]
    fn what_was_seen_stays_when_it_is_not_seen_later() {
        let mut page = page();
        page.note(Question::WebhookRrn, Fact::not_seen("no webhook arrived"));
        assert_eq!(page.answer(Question::WebhookRrn), None);
        page.note(Question::WebhookRrn, Fact::seen("present", "12 digits"));
        page.note(Question::WebhookRrn, Fact::not_seen("no webhook arrived"));
        assert_eq!(page.answer(Question::WebhookRrn), Some("present"));
    }

    #[test]
    fn the_sandbox_command_has_a_flag_for_each_fact_that_a_flag_can_say() {
        let mut page = page();
        page.note(Question::InvoiceIdKind, Fact::seen("number", ""));
        page.note(Question::TipAbsent, Fact::seen("another indicator", ""));
        page.note(Question::WrongDate, Fact::seen("compared", ""));
        page.note(Question::RefusalStatus, Fact::seen("400", ""));
        let around = "a byte-order mark, a PHP message after";
        page.note(Question::Surroundings, Fact::seen(around, ""));
        assert_eq!(
            page.sandbox(),
            "qris sandbox --ids number --refusal-status 400 --fault byte-order-mark --fault \
             text-behind"
        );
    }

    #[test]
    fn nothing_that_the_provider_says_breaks_the_table() {
        let mut page = page();
        page.note(Question::RefusedAction, Fact::seen("a | b", "c\n| d"));
        let markdown = page.markdown(at());
        assert!(markdown.contains("| a \\| b | c \\| d | seen |  |\n"), "{markdown}");
    }
}

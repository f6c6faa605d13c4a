//! Facts from all answers together: how long they take, what is around the JSON, the form of refusals.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use qris_api::WibTime;
use qris_api::probe::{Checked, Created, Kind, Reply, Surrounding};

use super::page::{Fact, Page};
use super::question::Question;

/// A machine whose clock is off by this many seconds needs NTP.
const CLOCK_TOLERANCE: u64 = 5;

/// What was seen in all answers.
#[derive(Debug, Default)]
pub(super) struct Replies {
    creates: Vec<Duration>,
    checks: Vec<Duration>,
    /// How many seconds this machine's clock was ahead when it was last compared.
    ahead: Option<i64>,
    surroundings: BTreeSet<&'static str>,
    content_types: BTreeSet<String>,
    refusal_statuses: BTreeSet<u16>,
    refused_amount: Option<Kind>,
    refused_action: Option<Kind>,
}

impl Replies {
    /// Compares this machine's clock with the server's.
    pub(super) fn clock(&mut self, here: WibTime, there: WibTime) {
        // The server's time has whole seconds, so less than one second is no difference.
        let ahead = there.timestamp().duration_until(here.timestamp()).as_secs();
        self.ahead = Some(ahead);
    }

    pub(super) fn note_create(&mut self, reply: &Reply<Created>) {
        self.creates.push(reply.took);
        self.note(reply);
        if let Ok(Created::Refused(_)) = reply.answer {
            self.refusal_statuses.insert(reply.status);
        }
    }

    pub(super) fn note_check(&mut self, reply: &Reply<Checked>) {
        self.checks.push(reply.took);
        self.note(reply);
        if let Ok(Checked::Refused(_)) = reply.answer {
            self.refusal_statuses.insert(reply.status);
        }
    }

    /// The shape of the refusal of a create call with Rp0.
    pub(super) fn refused_amount(&mut self, reply: &Reply<Created>) {
        self.refused_amount = reply.form.kind_of("data");
    }

    /// The shape of the refusal of a create call with another `do`.
    pub(super) fn refused_action(&mut self, reply: &Reply<Created>) {
        self.refused_action = reply.form.kind_of("data");
    }

    fn note<T>(&mut self, reply: &Reply<T>) {
        if let Some(there) = reply.server_time {
            self.clock(reply.received_at, there);
        }
        let content_type = reply.content_type.as_deref().unwrap_or("none");
        self.content_types.insert(content_type.to_owned());
        let form = &reply.form;
        if form.byte_order_mark {
            self.surroundings.insert("a byte-order mark");
        }
        self.surroundings.extend(match form.before {
            Surrounding::WhiteSpace => Some("white space before"),
            Surrounding::PhpMessage => Some("a PHP message before"),
            Surrounding::Html => Some("HTML before"),
            Surrounding::Text => Some("other text before"),
            _ => None,
        });
        self.surroundings.extend(match form.after {
            Surrounding::WhiteSpace => Some("white space after"),
            Surrounding::PhpMessage => Some("a PHP message after"),
            Surrounding::Html => Some("HTML after"),
            Surrounding::Text => Some("other text after"),
            _ => None,
        });
    }

    pub(super) fn conclude(&self, page: &mut Page) {
        if let Some(ahead) = self.ahead {
            let (seconds, way) =
                (ahead.unsigned_abs(), if ahead < 0 { "behind" } else { "ahead of" });
            let fact = Fact::seen(format!("{ahead} s"), format!("{seconds} s {way} the server's"));
            let setting = if seconds <= CLOCK_TOLERANCE {
                "none: the clock is right"
            } else {
                "set this machine's clock with NTP"
            };
            page.note(Question::ServerClock, fact.with_setting(setting));
        }
        self.conclude_times(page);
        let answers = self.creates.len() + self.checks.len();
        if answers > 0 {
            let found: Vec<&str> = self.surroundings.iter().copied().collect();
            let answer = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
            let fact = Fact::seen(answer, format!("in {answers} answers"));
            page.note(Question::Surroundings, fact.with_setting("none: it is ignored"));
            let found: Vec<&str> = self.content_types.iter().map(String::as_str).collect();
            let fact = Fact::seen(found.join(" and "), format!("in {answers} answers"));
            page.note(Question::ContentType, fact.with_setting("none: it is not read"));
        }
        if !self.refusal_statuses.is_empty() {
            let statuses: Vec<String> =
                self.refusal_statuses.iter().map(ToString::to_string).collect();
            let fact = Fact::seen(statuses.join(" and "), "in the refusals above");
            page.note(Question::RefusalStatus, fact.with_setting("none: the body is read first"));
        }
        let shape = match (self.refused_amount, self.refused_action) {
            (Some(Kind::Text), Some(Kind::Object)) => "documented",
            (Some(Kind::Text), Some(Kind::Text)) => "text",
            (Some(Kind::Object), Some(Kind::Object)) => "object",
            (Some(_), Some(_)) => "another",
            _ => return,
        };
        let kinds = [self.refused_amount, self.refused_action].into_iter().flatten();
        let kinds: Vec<String> = kinds.map(|kind| kind.to_string()).collect();
        let seen = format!("data of the two refused create calls: {}", kinds.join(", "));
        let fact = Fact::seen(shape, seen).with_setting("none: all of these are supported");
        page.note(Question::RefusalShape, fact);
    }

    fn conclude_times(&self, page: &mut Page) {
        let all = || self.creates.iter().chain(&self.checks);
        let (Some(least), Some(most)) = (all().min(), all().max()) else { return };
        let seconds = |time: &Duration| format!("{:.1}", time.as_secs_f64());
        let answer = format!("{} to {} s", seconds(least), seconds(most));
        let seen = format!("{} creates and {} checks", self.creates.len(), self.checks.len());
        // The usual limit is 35 s. A slow account gets 1.5 times its slowest answer.
        let setting = match (most.as_secs_f64() * 1.5).ceil() {
            enough if enough <= 35.0 => "none: timeout_seconds is 35".to_owned(),
            more => format!("timeout_seconds = {more:.0}"),
        };
        page.note(Question::ReplyTime, Fact::seen(answer, seen).with_setting(setting));
    }
}

/// A description of an answer's form.
pub(super) fn form_words<T>(reply: &Reply<T>) -> String {
    let mut words = format!(
        "HTTP {}, {}, {} bytes",
        reply.status,
        reply.content_type.as_deref().unwrap_or("no content type"),
        reply.form.length
    );
    for (at, member) in reply.form.members.iter().enumerate() {
        let before = if at == 0 { "; members: " } else { ", " };
        let _ = write!(words, "{before}{} {}", member.path, member.kind);
    }
    if let Some(defect) = reply.form.defect {
        let _ = write!(words, "; {defect}");
    }
    words
}

//! Whether a webhook arrives, and its content.

use qris_api::Invoice;
use qris_api::probe::BodyForm;
use qris_api::webhook::{Status, WebhookEvent};
use tokio::time::timeout_at;

use super::console::Consent;
use super::error::Abort;
use super::listen::Received;
use super::page::Fact;
use super::payment::{Paid, next_webhook};
use super::question::Question;
use super::session::Session;
use crate::messages::message;
use crate::output::visible;

/// How long to wait for a webhook after the payment, in gaps between checks.
const GAPS: u32 = 10;

const QUESTIONS: [Question; 7] = [
    Question::Webhook,
    Question::WebhookDelay,
    Question::WebhookForm,
    Question::WebhookStatus,
    Question::WebhookNote,
    Question::WebhookRrn,
    Question::WebhookRepeats,
];

impl Session {
    /// Prints the webhook address.
    pub(super) async fn announce_webhook(&mut self) -> Result<(), Abort> {
        let Some(webhooks) = &self.webhooks else { return Ok(()) };
        let address = webhooks.address;
        self.console.say(&match &webhooks.path {
            Some(path) => message!("probe-webhook-at", address = address, path = path),
            None => message!("probe-webhook-at-own", address = address),
        });
        let question = message!("probe-webhook");
        if self.console.ask(&question).await? == Consent::Skip {
            self.webhooks = None;
        }
        Ok(())
    }

    /// Waits for the webhook of the payment, if it has not arrived yet.
    pub(super) async fn wait_for_webhook(
        &mut self,
        invoice: &Invoice,
        paid: &Paid,
    ) -> Result<(), Abort> {
        self.take_webhooks();
        if self.webhooks.is_none() {
            return Ok(());
        }
        let until = paid.at + self.schedule.check_gap * GAPS;
        let is_there = |came: &[Received]| came.iter().any(|one| is_of(one, invoice));
        if !is_there(&self.came) {
            self.console.say(&message!("probe-waiting-webhook"));
        }
        while !is_there(&self.came) {
            match timeout_at(until, next_webhook(&mut self.webhooks)).await {
                Ok(received) => self.came.push(received),
                Err(_) => break,
            }
        }
        Ok(())
    }

    /// Collects the webhooks that have arrived.
    fn take_webhooks(&mut self) {
        let Some(webhooks) = &mut self.webhooks else { return };
        while let Ok(received) = webhooks.received.try_recv() {
            self.came.push(received);
        }
    }

    /// Notes the facts about webhooks.
    pub(super) fn conclude_webhook(&mut self) {
        self.take_webhooks();
        let Some(invoice) = self.paying.clone() else {
            self.not_seen(&QUESTIONS, "no code was shown for payment");
            return;
        };
        if self.webhooks.is_none() {
            self.not_seen(&QUESTIONS, "nobody listened: use --listen");
            return;
        }
        let ours: Vec<&Received> = self.came.iter().filter(|one| is_of(one, &invoice)).collect();
        let unreadable = self.came.iter().filter(|one| one.hint.is_none()).count();
        let Some((first, hint)) = ours.first().and_then(|one| Some((*one, one.hint.as_ref()?)))
        else {
            let fact = if unreadable > 0 {
                Fact::seen("unreadable", format!("{unreadable} that cannot be read"))
                    .with_setting("report it as an issue")
            } else if let Some((at, _)) = self.paid {
                let waited = at.elapsed().as_secs();
                Fact::likely("did-not-come", format!("none within {waited} s of the payment"))
                    .with_setting("none: do not set QRIS_WEBHOOK_TOKEN; checks find payments")
            } else {
                Fact::not_seen("no check said paid")
            };
            self.not_seen(&QUESTIONS, "no webhook arrived");
            self.page.note(Question::Webhook, fact);
            return;
        };
        let repeats = ours.len() - 1;
        let delay = self.delay(first);
        let facts = [
            (
                Question::Webhook,
                Fact::seen("came", format!("{} for the paid invoice", ours.len()))
                    .with_setting("QRIS_WEBHOOK_TOKEN, for `qris till`"),
            ),
            (Question::WebhookDelay, delay),
            (Question::WebhookForm, form_fact(first)),
            (Question::WebhookStatus, status_fact(hint)),
            (Question::WebhookNote, note_fact(hint, &invoice)),
            (Question::WebhookRrn, rrn_fact(hint)),
            (
                Question::WebhookRepeats,
                match repeats {
                    0 => Fact::likely("no", "one arrived while the probe listened"),
                    _ => Fact::seen("yes", format!("it arrived {} times", ours.len())),
                }
                .with_setting("none: a payment is recorded once"),
            ),
        ];
        for (question, fact) in facts {
            self.page.note(question, fact);
        }
    }

    /// How long after the payment a webhook arrived.
    fn delay(&self, received: &Received) -> Fact {
        let Some((checked_at, paid_at)) = self.paid else {
            return Fact::not_seen("no check said paid");
        };
        let beside = match received.at.checked_duration_since(checked_at) {
            Some(after) => format!("{} s after the first check that said paid", after.as_secs()),
            None => {
                let before = checked_at.saturating_duration_since(received.at).as_secs();
                format!("{before} s before the first check that said paid")
            }
        };
        let Some(paid_at) = paid_at else { return Fact::not_seen(beside) };
        let now = self.client.now().timestamp();
        let since_paid = paid_at.timestamp().duration_until(now).as_secs();
        let since_received = i64::try_from(received.at.elapsed().as_secs()).unwrap_or_default();
        let after = (since_paid - since_received).max(0);
        Fact::seen(format!("{after} s"), format!("after qris_paid_date, {beside}"))
    }
}

fn is_of(received: &Received, invoice: &Invoice) -> bool {
    received.hint.as_ref().is_some_and(|hint| hint.invoice == invoice.qris_invoiceid)
}

fn form_fact(received: &Received) -> Fact {
    let BodyForm { length, before, after, members, .. } = &received.form;
    let content_type = received.content_type.as_deref().unwrap_or("no content type");
    let members: Vec<String> =
        members.iter().map(|member| format!("{} {}", member.path, member.kind)).collect();
    let seen = format!(
        "{length} bytes; members: {}; {before} before and {after} behind the JSON",
        members.join(", ")
    );
    Fact::seen(content_type, seen)
}

fn status_fact(hint: &WebhookEvent) -> Fact {
    let answer = match &hint.status {
        Status::Paid => "success or paid".to_owned(),
        Status::Pending => "pending".to_owned(),
        Status::Other(word) => visible(&word.chars().take(40).collect::<String>()).into_owned(),
        _ => "another".to_owned(),
    };
    Fact::seen(answer, "in the first webhook of the invoice").with_setting("none: a check decides")
}

fn note_fact(hint: &WebhookEvent, invoice: &Invoice) -> Fact {
    let Some(note) = &hint.note else {
        return Fact::seen("absent", "there is no note")
            .with_setting("none: `qris order resolve` ends an unknown outcome");
    };
    let (number, amount) = (invoice.number.as_str(), invoice.amount.to_string());
    let answer = if *note == format!("1 {number} {amount}") {
        "number-and-amount"
    } else if note == number {
        "number"
    } else {
        "another"
    };
    Fact::seen(answer, format!("of the form: {}", masked(note, number, &amount))).with_setting(
        "none: a note with number and amount identifies an order with an unknown outcome",
    )
}

/// The note with NUMBER and AMOUNT in place of the probe's values. Every other letter becomes `a` and every
/// digit `9`, because the note may have a payer's name.
fn masked(note: &str, number: &str, amount: &str) -> String {
    let mask = |text: &str| -> String {
        text.chars()
            .map(|c| match c {
                _ if c.is_alphabetic() => 'a',
                _ if c.is_numeric() => '9',
                _ => c,
            })
            .collect()
    };
    let mask_rest =
        |text: &str| -> String { text.split(amount).map(mask).collect::<Vec<_>>().join("AMOUNT") };
    note.split(number).map(mask_rest).collect::<Vec<_>>().join("NUMBER")
}

fn rrn_fact(hint: &WebhookEvent) -> Fact {
    match &hint.rrn {
        Some(rrn) => {
            let kind = if rrn.bytes().all(|byte| byte.is_ascii_digit()) {
                "digits"
            } else {
                "characters that are not all digits"
            };
            Fact::seen("present", format!("{} {kind}", rrn.chars().count()))
                .with_setting("none: it is stored; settlement lists are matched by it")
        }
        None => Fact::seen("absent", "there is no rrn")
            .with_setting("none: settlement is matched by invoice and amount"),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_note_is_shown_without_anything_but_its_form() {
        let number = "PAY-THIS-20261122-103000";
        assert_eq!(masked(&format!("1 {number} 1000"), number, "1000"), "9 NUMBER AMOUNT");
        assert_eq!(masked("SITI/1000 x", number, "1000"), "aaaa/AMOUNT a");
        assert_eq!(masked("", number, "1000"), "");
    }
}

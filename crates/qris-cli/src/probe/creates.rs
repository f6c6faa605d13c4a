//! Create calls: refusals, tips, the invoice to pay, and a second one with its number.

use qris_api::probe::{CheckRequest, Checked, CreateRequest, Created, Kind, Reply};
use qris_api::{Error, Invoice, Payment, Rupiah, Tip, TransactionNumber, Trigger};

use super::console::Consent;
use super::error::Abort;
use super::page::{Fact, MadeInvoice};
use super::question::Question;
use super::replies::form_words;
use super::session::{AMOUNT, Session, ensure_accepted};
use crate::messages::message;

/// Why a step has no facts.
const SKIPPED: &str = "the step was skipped";

impl Session {
    fn number(&self, name: &str) -> Result<TransactionNumber, Abort> {
        TransactionNumber::parse(format!("{name}-{}", self.stamp))
            .map_err(|error| Abort::Failed(error.to_string()))
    }

    /// Sends a create call. `Err` is the reason if there is no answer.
    async fn create(
        &mut self,
        request: &CreateRequest,
        purpose: &'static str,
    ) -> Result<Result<Reply<Created>, String>, Abort> {
        let number = request.number.as_str();
        self.console.say(&message!("probe-sending", number = number));
        // Kept until there is an answer, because the probe may be interrupted.
        self.page.unclear.push(number.to_owned());
        let reply = match self.client.probe_create(request).await {
            Ok(reply) => reply,
            Err(error) => {
                self.console.say(&error.to_string());
                if !matches!(error, Error::OutcomeUnknown { .. }) {
                    self.page.unclear.pop();
                }
                return Ok(Err(format!("no answer: {error}")));
            }
        };
        self.replies.note_create(&reply);
        if reply.answer.is_ok() {
            self.page.unclear.pop();
        }
        match &reply.answer {
            Ok(Created::Invoice { invoice, .. }) => {
                let qris_invoiceid = invoice.qris_invoiceid.get();
                let is_new =
                    self.page.invoices.iter().all(|made| made.qris_invoiceid != qris_invoiceid);
                if is_new {
                    self.console.say(&message!(
                        "probe-made",
                        invoice = qris_invoiceid,
                        number = number
                    ));
                    let number = number.to_owned();
                    let made =
                        MadeInvoice { number, qris_invoiceid, purpose, paid: false, shown: false };
                    self.page.invoices.push(made);
                }
            }
            Ok(Created::Refused(reason)) => ensure_accepted(reason)?,
            // It is not certain that no invoice was made.
            Ok(_) | Err(_) => {}
        }
        Ok(Ok(reply))
    }

    /// Three requests that the API should refuse.
    pub(super) async fn see_refusals(&mut self) -> Result<(), Abort> {
        let questions =
            [Question::RefusedAction, Question::RefusedAmount, Question::RefusedInvoice];
        let question = message!("probe-step-1");
        if self.console.ask(&question).await? == Consent::Skip {
            self.not_seen(&questions, SKIPPED);
            return Ok(());
        }
        let wrong_action = CreateRequest {
            action: "qris-probe".to_owned(),
            ..CreateRequest::new(self.number("DO-NOT-PAY-ACTION")?, AMOUNT)
        };
        let nothing = CreateRequest::new(self.number("DO-NOT-PAY-ZERO")?, Rupiah::new(0));
        let answered = self.create(&wrong_action, "a create call with another do").await?;
        if let Some(reply) = self.note_refusal(Question::RefusedAction, answered) {
            self.replies.refused_action(&reply);
        }
        let answered = self.create(&nothing, "a create call with Rp0").await?;
        if let Some(reply) = self.note_refusal(Question::RefusedAmount, answered) {
            self.replies.refused_amount(&reply);
        }
        let request = CheckRequest {
            action: "checkStatus".to_owned(),
            invoice: None,
            value: AMOUNT,
            date: self.client.now().date().to_string(),
        };
        let fact = match self.check(&request, Trigger::Button).await? {
            Some(Ok(reply)) => match &reply.answer {
                Ok(Checked::Refused(reason)) => {
                    Fact::seen(format!("refused: {reason}"), form_words(&reply))
                }
                Ok(Checked::Payment(Payment::Unpaid)) => Fact::seen("unpaid", form_words(&reply)),
                Ok(Checked::Payment(Payment::Paid(_))) => Fact::seen("paid", form_words(&reply)),
                Ok(_) => Fact::seen("unknown", form_words(&reply)),
                Err(defect) => {
                    Fact::seen("unreadable", format!("{defect}; {}", form_words(&reply)))
                }
            },
            Some(Err(error)) => Fact::not_seen(format!("no answer: {error}")),
            None => Fact::not_seen("no check is left"),
        };
        self.page.note(Question::RefusedInvoice, fact);
        Ok(())
    }

    /// Notes the answer to a create call that should be refused, and returns the refusal.
    fn note_refusal(
        &mut self,
        question: Question,
        answered: Result<Reply<Created>, String>,
    ) -> Option<Reply<Created>> {
        let reply = match answered {
            Ok(reply) => reply,
            Err(why) => {
                self.page.note(question, Fact::not_seen(why));
                return None;
            }
        };
        let form = form_words(&reply);
        let (answer, is_refusal) = match &reply.answer {
            Ok(Created::Refused(reason)) => (format!("refused: {reason}"), true),
            Ok(Created::Invoice { .. }) => ("an invoice".to_owned(), false),
            Ok(_) | Err(_) => ("unreadable".to_owned(), false),
        };
        self.page.note(question, Fact::seen(answer, form));
        is_refusal.then_some(reply)
    }

    /// Three invoices that must not be paid: without `useTip`, with `useTip=yes`, with a long number.
    pub(super) async fn see_tips(&mut self) -> Result<(), Abort> {
        let questions =
            [Question::TipAbsent, Question::TipYes, Question::LongNumber, Question::UnpaidForm];
        let question = message!("probe-step-2");
        if self.console.ask(&question).await? == Consent::Skip {
            self.not_seen(&questions, SKIPPED);
            return Ok(());
        }
        for (question, name, use_tip, purpose) in [
            (Question::TipAbsent, "DO-NOT-PAY-TIP-ABSENT", None, "a create call without useTip"),
            (
                Question::TipYes,
                "DO-NOT-PAY-TIP-YES",
                Some(Tip::Ask),
                "a create call with useTip=yes",
            ),
        ] {
            let request =
                CreateRequest { use_tip, ..CreateRequest::new(self.number(name)?, AMOUNT) };
            let answered = self.create(&request, purpose).await?;
            if let Some(invoice) = self.note_tip(question, answered) {
                self.unpaid.get_or_insert(invoice);
            }
        }
        self.see_long_number().await?;
        let Some(invoice) = self.unpaid.clone() else { return Ok(()) };
        let fact = match self.check(&CheckRequest::new(&invoice), Trigger::Button).await? {
            Some(Ok(reply)) => match &reply.answer {
                Ok(Checked::Payment(Payment::Unpaid)) => Fact::seen("unpaid", form_words(&reply)),
                Ok(Checked::Payment(Payment::Paid(_))) => {
                    Fact::seen("paid, although nobody paid", form_words(&reply))
                        .with_setting("report it as an issue before you take payments")
                }
                Ok(Checked::Refused(reason)) => {
                    Fact::seen(format!("refused: {reason}"), form_words(&reply))
                }
                Ok(_) | Err(_) => Fact::seen("unreadable", form_words(&reply)),
            },
            Some(Err(error)) => Fact::not_seen(format!("no answer: {error}")),
            None => Fact::not_seen("no check is left"),
        };
        self.page.note(Question::UnpaidForm, fact);
        Ok(())
    }

    async fn see_long_number(&mut self) -> Result<(), Abort> {
        let name = self.number("DO-NOT-PAY-LONG")?;
        let (name, width) = (name.as_str(), TransactionNumber::MAX_CHARS);
        let long = format!("{name:X<width$}");
        let number =
            TransactionNumber::parse(long).map_err(|error| Abort::Failed(error.to_string()))?;
        let request = CreateRequest::new(number, AMOUNT);
        let fact =
            match self.create(&request, "a create call with a number of 64 characters").await? {
                Ok(reply) => match reply.answer {
                    Ok(Created::Invoice { .. }) => {
                        Fact::seen("yes", "it made an invoice").with_setting("none")
                    }
                    Ok(Created::Refused(reason)) => Fact::seen("refused", reason.to_string())
                        .with_setting("use shorter transaction numbers"),
                    Ok(_) => Fact::seen("unknown", String::new()),
                    Err(defect) => Fact::seen("unreadable", defect.to_string()),
                },
                Err(why) => Fact::not_seen(why),
            };
        self.page.note(Question::LongNumber, fact);
        Ok(())
    }

    /// The one invoice that the owner pays.
    pub(super) async fn make_the_invoice_to_pay(&mut self) -> Result<Option<Invoice>, Abort> {
        let question = message!("probe-step-3");
        if self.console.ask(&question).await? == Consent::Skip {
            return Ok(None);
        }
        let request = CreateRequest::new(self.number("PAY-THIS")?, AMOUNT);
        let reply = match self.create(&request, "the invoice to pay").await? {
            Ok(reply) => reply,
            Err(why) => {
                self.page.note(Question::CreateForm, Fact::not_seen(why));
                return Ok(None);
            }
        };
        let form = form_words(&reply);
        let content_type = reply.content_type.as_deref().unwrap_or("no content type");
        let answer = format!("HTTP {}, {content_type}", reply.status);
        self.page.note(Question::CreateForm, Fact::seen(answer, form));
        let kind = match reply.form.kind_of("data.qris_invoiceid") {
            Some(Kind::Text) => Some("text"),
            Some(Kind::Number) => Some("number"),
            _ => None,
        };
        if let Some(kind) = kind {
            let fact = Fact::seen(kind, "in the answer to the create call");
            self.page.note(Question::InvoiceIdKind, fact.with_setting("none: both are supported"));
        }
        let server_time = reply.server_time;
        let answer = reply.answer.clone();
        self.note_tip(Question::TipNo, Ok(reply));
        match answer {
            Ok(Created::Invoice { invoice, mismatch }) => {
                self.note_request_date(&invoice, server_time.unwrap_or_else(|| self.client.now()));
                self.note_qr(&invoice);
                let Some(field) = mismatch else { return Ok(Some(invoice)) };
                self.console.say(&message!(
                    "probe-other-qr",
                    field = field,
                    invoice = invoice.qris_invoiceid
                ));
                self.page.note(
                    Question::PaymentDelay,
                    Fact::not_seen(format!("the QR does not match the request: {field}")),
                );
                Ok(None)
            }
            Ok(Created::Refused(reason)) => {
                self.console.say(&message!("probe-create-refused", reason = reason));
                Ok(None)
            }
            Ok(_) | Err(_) => Ok(None),
        }
    }

    /// Sends the same number again: the answer is a second invoice, the same one, or a refusal.
    pub(super) async fn use_the_number_again(
        &mut self,
        first: &Invoice,
    ) -> Result<Option<Invoice>, Abort> {
        let question = Question::RepeatedNumber;
        let question_words = message!("probe-step-4", number = first.number);
        if self.console.ask(&question_words).await? == Consent::Skip {
            self.not_seen(&[question, Question::OtherInvoicePaid], SKIPPED);
            return Ok(None);
        }
        let request = CreateRequest::new(first.number.clone(), AMOUNT);
        let reply =
            match self.create(&request, "the second create call with the same number").await? {
                Ok(reply) => reply,
                Err(why) => {
                    self.not_seen(&[question, Question::OtherInvoicePaid], &why);
                    return Ok(None);
                }
            };
        let setting = "none: the toolkit never sends a create call twice";
        let (fact, second) = match reply.answer {
            Ok(Created::Invoice { invoice, .. })
                if invoice.qris_invoiceid == first.qris_invoiceid =>
            {
                let same_qr = invoice.qris_content == first.qris_content;
                let qr = if same_qr { "the same QR" } else { "another QR" };
                (Fact::seen("same-invoice", format!("the same id, {qr}")), None)
            }
            Ok(Created::Invoice { invoice, .. }) => {
                self.console.say(&message!(
                    "probe-do-not-pay",
                    invoice = invoice.qris_invoiceid,
                    number = first.number
                ));
                let same_qr = invoice.qris_content == first.qris_content;
                let qr = if same_qr { "the same QR" } else { "another QR" };
                (Fact::seen("second-invoice", format!("another id, {qr}")), Some(invoice))
            }
            Ok(Created::Refused(reason)) => (Fact::seen("refused", reason.to_string()), None),
            Ok(_) => (Fact::seen("unknown", String::new()), None),
            Err(defect) => (Fact::seen("unreadable", defect.to_string()), None),
        };
        self.page.note(question, fact.with_setting(setting));
        if second.is_none() {
            self.not_seen(&[Question::OtherInvoicePaid], "there is no second invoice");
        }
        Ok(second)
    }
}

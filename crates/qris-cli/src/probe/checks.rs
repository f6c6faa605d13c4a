//! Checks of the paid invoice that differ from the usual check.

use qris_api::probe::{CheckRequest, Checked};
use qris_api::{Invoice, Payment, Rupiah, Trigger};

use super::error::Abort;
use super::page::Fact;
use super::payment::Paid;
use super::question::Question;
use super::replies::form_words;
use super::session::Session;
use crate::messages::message;

/// How far the wrong day is from the right one. No time zone and no midnight can make it right.
const DAYS_BEFORE: i64 = 2;

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CheckResult {
    Paid,
    Unpaid,
    Refused,
}

impl Session {
    /// Checks the paid invoice with one difference at a time, then as usual; then checks the other
    /// invoice of its number.
    pub(super) async fn check_otherwise(
        &mut self,
        invoice: &Invoice,
        paid: &Paid,
        second: Option<&Invoice>,
    ) -> Result<(), Abort> {
        let usual = CheckRequest { date: paid.date.clone(), ..CheckRequest::new(invoice) };
        let day = invoice.qris_request_date.date();
        let wrong_day = day.saturating_sub(jiff::Span::new().days(DAYS_BEFORE)).to_string();
        let variants = [
            (
                Question::WrongDate,
                message!("probe-another-trxdate"),
                CheckRequest { date: wrong_day, ..usual.clone() },
            ),
            (
                Question::TimeInDate,
                message!("probe-time-after-date"),
                CheckRequest { date: format!("{} 12:00:00", paid.date), ..usual.clone() },
            ),
            (
                Question::WrongAmount,
                message!("probe-another-trxvalue"),
                CheckRequest { value: Rupiah::new(invoice.amount.get() + 1), ..usual.clone() },
            ),
            (
                Question::OtherAction,
                message!("probe-another-do"),
                CheckRequest { action: "qris-probe".to_owned(), ..usual.clone() },
            ),
        ];
        let mut found = Vec::new();
        for (question, what, request) in variants {
            self.console.say(&message!("probe-checking-with", what = what));
            found.push((question, self.check_result(&request).await?));
        }
        if let Some(second) = second {
            self.console.say(&message!("probe-checking-other"));
            let request = CheckRequest { date: paid.date.clone(), ..CheckRequest::new(second) };
            let said = self.check_result(&request).await?;
            self.note_other_invoice(said);
        }
        self.console.say(&message!("probe-checking-again"));
        let still_paid = matches!(self.check_result(&usual).await?, Ok((CheckResult::Paid, _)));
        for (question, said) in found {
            self.page.note(question, fact(question, said, still_paid));
        }
        Ok(())
    }

    /// The result of a check and the form of the answer; `Err` is the reason if there is no answer.
    async fn check_result(
        &mut self,
        request: &CheckRequest,
    ) -> Result<Result<(CheckResult, String), String>, Abort> {
        let Some(answered) = self.check(request, Trigger::Schedule).await? else {
            return Ok(Err("no check is left".to_owned()));
        };
        Ok(match answered {
            Ok(reply) => match &reply.answer {
                Ok(Checked::Payment(Payment::Paid(_))) => {
                    Ok((CheckResult::Paid, form_words(&reply)))
                }
                Ok(Checked::Payment(Payment::Unpaid)) => {
                    Ok((CheckResult::Unpaid, form_words(&reply)))
                }
                Ok(Checked::Refused(reason)) => {
                    Ok((CheckResult::Refused, format!("{reason}; {}", form_words(&reply))))
                }
                Ok(_) => Err("the answer is of an unknown kind".to_owned()),
                Err(defect) => Err(format!("the answer cannot be read: {defect}")),
            },
            Err(error) => Err(format!("no answer: {error}")),
        })
    }

    fn note_other_invoice(&mut self, said: Result<(CheckResult, String), String>) {
        let fact = match said {
            Ok((CheckResult::Paid, form)) => Fact::seen("yes", form).with_setting(
                "report it as an issue before you take payments: two invoices look paid",
            ),
            Ok((CheckResult::Unpaid, form)) => {
                Fact::seen("no", form).with_setting("none: each invoice is checked by its own id")
            }
            Ok((CheckResult::Refused, form)) => Fact::seen("refused", form),
            Err(why) => Fact::not_seen(why),
        };
        self.page.note(Question::OtherInvoicePaid, fact);
    }
}

/// The setting that follows from a check with one difference.
fn fact(question: Question, said: Result<(CheckResult, String), String>, still_paid: bool) -> Fact {
    let (said, form) = match said {
        Ok(found) => found,
        Err(why) => return Fact::not_seen(why),
    };
    let answer = match (said, question) {
        (CheckResult::Paid, _) => "ignored",
        (CheckResult::Refused, _) => "refused",
        (CheckResult::Unpaid, Question::WrongDate | Question::WrongAmount) => "compared",
        (CheckResult::Unpaid, _) => "unpaid",
    };
    let setting = match (question, said) {
        (Question::WrongDate, CheckResult::Paid) => "none: the toolkit sends the day anyway",
        (Question::WrongDate, _) => "none: after midnight the toolkit checks both days in turn",
        (Question::WrongAmount, CheckResult::Paid) => {
            "none: the QR proves the amount, and the toolkit checks the QR"
        }
        (Question::WrongAmount, _) => "none: the toolkit sends the amount of the invoice",
        (Question::TimeInDate, _) => "none: the toolkit sends only the date",
        _ => "none: the toolkit sends checkStatus",
    };
    let words = match said {
        CheckResult::Paid => "it says paid",
        CheckResult::Unpaid => "it says unpaid",
        CheckResult::Refused => "it is refused",
    };
    // If the usual check no longer says paid, there may be another cause.
    let is_certain = said == CheckResult::Paid || still_paid;
    let seen = if is_certain {
        format!("{words}: {form}")
    } else {
        format!("{words}, but a usual check after it did not say paid either: {form}")
    };
    let fact = if is_certain { Fact::seen(answer, seen) } else { Fact::likely(answer, seen) };
    fact.with_setting(setting)
}

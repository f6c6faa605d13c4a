//! What a check says about an unpaid invoice after its time.

use std::time::Duration;

use qris_api::probe::{CheckRequest, Checked};
use qris_api::{Invoice, Payment, Trigger};

use super::console::Consent;
use super::error::Abort;
use super::page::Fact;
use super::question::Question;
use super::replies::form_words;
use super::session::Session;
use crate::messages::message;

/// After this many gaps between checks the server is asked for the time again.
const GAPS: u32 = 10;

const AGES: [(Question, u64); 2] = [(Question::UnpaidAfter30, 31), (Question::UnpaidAfter60, 61)];

impl Session {
    pub(super) async fn watch_unpaid(&mut self) -> Result<(), Abort> {
        let questions = AGES.map(|(question, _)| question);
        if !self.expiry {
            self.not_seen(&questions, "nobody waited: use --expiry");
            return Ok(());
        }
        let Some(invoice) = self.unpaid.clone() else {
            self.not_seen(&questions, "there is no invoice that stays unpaid");
            return Ok(());
        };
        let question = message!("probe-last-step");
        if self.console.ask(&question).await? == Consent::Skip {
            self.not_seen(&questions, "the step was skipped");
            return Ok(());
        }
        for (question, minutes) in AGES {
            self.wait_until_old(&invoice, minutes).await;
            let request = CheckRequest::new(&invoice);
            let fact = match self.check(&request, Trigger::Schedule).await? {
                Some(Ok(reply)) => match &reply.answer {
                    Ok(Checked::Payment(Payment::Unpaid)) => {
                        Fact::seen("unpaid", form_words(&reply)).with_setting(
                            "none: a check does not show whether a wallet still accepts the code",
                        )
                    }
                    Ok(Checked::Payment(Payment::Paid(_))) => {
                        Fact::seen("paid", form_words(&reply))
                            .with_setting("report it as an issue: it should be unpaid")
                    }
                    Ok(Checked::Refused(reason)) => {
                        Fact::seen(format!("refused: {reason}"), form_words(&reply)).with_setting(
                            "report it as an issue: it may say that the code has ended",
                        )
                    }
                    Ok(_) => Fact::seen("unknown", form_words(&reply)),
                    Err(defect) => Fact::seen("unreadable", defect.to_string()),
                },
                Some(Err(error)) => Fact::not_seen(format!("no answer: {error}")),
                None => Fact::not_seen("no check is left"),
            };
            self.page.note(question, fact);
        }
        Ok(())
    }

    /// Waits until an invoice has this age by the provider's clock.
    async fn wait_until_old(&self, invoice: &Invoice, minutes: u64) {
        let id = invoice.qris_invoiceid;
        self.console.say(&message!("probe-waiting-until-old", invoice = id, minutes = minutes));
        let end = invoice.qris_request_date.later_by(Duration::from_secs(minutes * 60));
        loop {
            let left = self.client.now().timestamp().duration_until(end.timestamp());
            let left = Duration::try_from(left).unwrap_or_default();
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(self.schedule.check_gap * GAPS)).await;
            // Without an answer this machine's clock is used.
            self.client.server_time().await.ok();
        }
    }
}

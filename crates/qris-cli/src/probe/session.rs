//! The state of a probe, and its checks.

use std::collections::HashMap;

use qris_api::probe::{CheckRequest, Checked, Reply};
use qris_api::{
    Client, Error, Invoice, InvoiceId, PauseCause, Reason, Rupiah, Schedule, Trigger, WibTime,
};
use tokio::time::Instant;

use super::console::Console;
use super::error::Abort;
use super::listen::{Received, Webhooks};
use super::page::{Fact, Page};
use super::question::Question;
use super::replies::Replies;
use crate::messages::message;

/// The amount of each invoice of a probe.
pub(super) const AMOUNT: Rupiah = Rupiah::new(1_000);

/// The state of a probe.
pub(super) struct Session {
    pub(super) client: Client,
    pub(super) console: Console,
    pub(super) page: Page,
    pub(super) replies: Replies,
    pub(super) schedule: Schedule,
    pub(super) webhooks: Option<Webhooks>,
    /// The received webhooks.
    pub(super) came: Vec<Received>,
    /// The number of checks of each invoice.
    pub(super) checks: HashMap<Option<InvoiceId>, u32>,
    /// A part of all transaction numbers of this run.
    pub(super) stamp: String,
    /// An invoice that must not be paid.
    pub(super) unpaid: Option<Invoice>,
    /// The invoice whose code was shown.
    pub(super) paying: Option<Invoice>,
    /// The time of the first check that said paid, and the provider's time of payment.
    pub(super) paid: Option<(Instant, Option<WibTime>)>,
    pub(super) expiry: bool,
}

impl Session {
    /// Makes a check; `None` if the invoice has no check left. `Err` is the reason if there is no
    /// answer.
    pub(super) async fn check(
        &mut self,
        request: &CheckRequest,
        trigger: Trigger,
    ) -> Result<Option<Result<Reply<Checked>, Error>>, Abort> {
        let made = self.checks.entry(request.invoice).or_default();
        if *made >= self.schedule.tries + self.schedule.checks {
            return Ok(None);
        }
        *made += 1;
        let answer = self.client.probe_check(request, trigger).await;
        match &answer {
            Ok(reply) => {
                self.replies.note_check(reply);
                if let Ok(Checked::Refused(reason)) = &reply.answer {
                    ensure_accepted(reason)?;
                }
            }
            Err(Error::Paused { cause: PauseCause::Refused(reason), .. }) => {
                ensure_accepted(reason)?;
            }
            Err(error) => self.console.say(&message!("probe-no-answer", error = error)),
        }
        Ok(Some(answer))
    }

    /// Notes that these questions have no answer.
    pub(super) fn not_seen(&mut self, questions: &[Question], why: &str) {
        for &question in questions {
            self.page.note(question, Fact::not_seen(why));
        }
    }
}

/// Ends the probe if the provider refused the credentials.
pub(super) fn ensure_accepted(reason: &Reason) -> Result<(), Abort> {
    match reason {
        Reason::InvalidApiKey | Reason::InvalidMerchantId => {
            Err(Abort::Failed(message!("probe-credentials-refused", reason = reason)))
        }
        _ => Ok(()),
    }
}

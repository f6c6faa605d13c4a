//! The two calls, sent unchanged, and descriptions of their answers.

use super::inner::{Client, Inner};
use super::transport::{Body, Call};
use crate::budget::{self, Permit};
use crate::cross_check;
use crate::defect::Defect;
use crate::error::{Cause, Error, Reason};
use crate::invalid::Invalid;
use crate::invoice::{Invoice, Tip};
use crate::payment;
use crate::probe::{BodyForm, CheckRequest, Checked, CreateRequest, Created, Reply};
use crate::reply;
use crate::schedule::Trigger;
use crate::wib::WibTime;

/// The maximum length of a content type in characters.
const MAX_CONTENT_TYPE_CHARS: usize = 100;

impl Client {
    /// Sends a create unchanged, and describes the answer; see [`probe`](crate::probe).
    ///
    /// It creates an invoice like any other create, and is never sent twice.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for more than the client's largest amount, [`Error::Unreachable`] if
    /// nothing was sent, and [`Error::OutcomeUnknown`] if no whole answer came. A refusal, or an
    /// answer that cannot be read, is not an error: it is in the [`Reply`].
    pub async fn probe_create(&self, request: &CreateRequest) -> Result<Reply<Created>, Error> {
        let Inner { lowest, highest, .. } = *self.0;
        let CreateRequest { action, number, amount, use_tip } = request;
        if *amount > highest {
            return Err(Invalid::Amount { lowest, highest, found: *amount }.into());
        }
        let amount_text = amount.to_string();
        let mut query = vec![
            ("do", action.as_str()),
            ("apikey", self.0.key.expose()),
            ("mID", self.0.merchant.expose()),
            ("cliTrxNumber", number.as_str()),
            ("cliTrxAmount", &amount_text),
        ];
        query.extend(use_tip.map(|tip| ("useTip", tip.word())));
        let body = self.fetch(Call::Create, &query).await.map_err(|cause| match cause {
            Cause::Connect { .. } => Error::Unreachable { cause },
            _ => Error::OutcomeUnknown { cause },
        })?;
        let answer = reply::created(body.status, &body.bytes).map(|created| match created {
            reply::Created::Invoice { content, request_date, id, nmid } => {
                let invoice =
                    Invoice::new(number.clone(), *amount, content, request_date, id, nmid)
                        .created_now(&self.0.clock);
                let checked = match use_tip {
                    Some(tip) => cross_check::cross_check(&invoice, *tip),
                    None => cross_check::cross_check(&invoice, Tip::None)
                        .or_else(|_| cross_check::cross_check(&invoice, Tip::Ask)),
                };
                let mismatch = checked.and_then(|()| self.0.issued.record(&invoice)).err();
                Created::Invoice { invoice, mismatch }
            }
            reply::Created::Refused(reason) => Created::Refused(self.redacted_reason(reason)),
        });
        Ok(self.reply(body, answer))
    }

    /// Sends a check unchanged, and describes the answer; see [`probe`](crate::probe).
    ///
    /// It follows the gaps of the invoice and the budget of the key like
    /// [`check_invoice_for`](Self::check_invoice_for), and counts as a check. It asks for one day:
    /// the one in the request.
    ///
    /// # Errors
    ///
    /// [`Error::Paused`], without asking, while checks are paused; [`Error::Unreachable`] and
    /// [`Error::MalformedReply`] if no whole answer came. A refusal, or an answer that cannot be
    /// read, is not an error: it is in the [`Reply`].
    pub async fn probe_check(
        &self,
        request: &CheckRequest,
        trigger: Trigger,
    ) -> Result<Reply<Checked>, Error> {
        let Inner { budget, clock, budget_key, schedule, .. } = &*self.0;
        let CheckRequest { action, invoice, value, date } = request;
        // No invoice has the number 0: all checks without a number share the gaps of 0.
        let counted = invoice.map_or(0, |id| id.get());
        let asked = budget::Request { invoice: counted, trigger, schedule };
        let permit = budget.check(clock, budget_key, asked).await?;
        let id = invoice.map(|id| id.to_string()).unwrap_or_default();
        let value = value.to_string();
        let query = [
            ("do", action.as_str()),
            ("apikey", self.0.key.expose()),
            ("mID", self.0.merchant.expose()),
            ("invid", &id),
            ("trxvalue", &value),
            ("trxdate", date),
        ];
        let body = self.fetch(Call::Check, &query).await.map_err(|cause| match cause {
            Cause::MalformedReply { status, length, defect } => {
                Error::MalformedReply { status, length, defect }
            }
            cause => Error::Unreachable { cause },
        })?;
        let answer = match reply::checked(body.status, &body.bytes) {
            Ok(reply::Checked::Payment(payment)) => {
                if permit == Permit::Probe {
                    budget.accepted(budget_key).await;
                }
                Ok(Checked::Payment(payment))
            }
            Ok(reply::Checked::Refused(reason)) => {
                if matches!(reason, Reason::InvalidApiKey | Reason::InvalidMerchantId) {
                    budget.refused(clock, budget_key, &reason).await;
                }
                Ok(Checked::Refused(self.redacted_reason(reason)))
            }
            Err(defect) => Err(defect),
        };
        Ok(self.reply(body, answer))
    }

    fn reply<T>(&self, body: Body, answer: Result<T, Defect>) -> Reply<T> {
        let mut form = BodyForm::from_reply(&body.bytes);
        for member in &mut form.members {
            member.path = self.redacted(std::mem::take(&mut member.path));
        }
        let content_type = body
            .content_type
            .and_then(|text| payment::cleaned(&self.redacted(text), MAX_CONTENT_TYPE_CHARS));
        Reply {
            status: body.status,
            content_type,
            server_time: body.date.map(WibTime::from),
            received_at: body.received_at.into(),
            took: body.took,
            form,
            answer,
        }
    }
}

//! The two pages of the Open API, with their words, shapes and spellings.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use qris_codec::Rules;
use serde_json::{Value, json};

use crate::clock::{WIB, api_text, later};
use crate::fault::{Fault, Occasion};
use crate::invoice::{Invoice, Received, Tip};
use crate::{CheckDate, RefusalShape, Shared, payload, reply};

/// Bank Indonesia's ceiling for one transaction; a QR over it would not be valid.
const MAX_RUPIAH: u64 = 10_000_000;

/// An NMID that is not the sandbox's own.
const OTHER_NMID: &str = "ID1020021181745";

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/restapi/qris/show_qris.php", get(create))
        .route("/restapi/qris/checkpaid_qris.php", get(check))
}

/// A query, in which an absent parameter is as good as an empty one.
struct Parameters(HashMap<String, String>);

impl Parameters {
    fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

async fn create(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let query = Parameters(query);
    let faults = shared.begin(Occasion::Create, &query);
    answer(faults, |faults| shared.create(&query, faults)).await
}

async fn check(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let query = Parameters(query);
    let faults = shared.begin(Occasion::Check, &query);
    answer(faults, |faults| shared.check(&query, faults)).await
}

/// Answers with what `work` says, or with the faults that happen.
async fn answer(faults: Vec<Fault>, work: impl FnOnce(&[Fault]) -> Value) -> Response {
    for fault in &faults {
        if let Fault::Slow { seconds } = fault {
            let delay = Duration::try_from_secs_f64(*seconds).unwrap_or_default();
            tokio::time::sleep(delay).await;
        }
    }
    if faults.contains(&Fault::DropBeforeAccepting) {
        return reply::dropped();
    }
    let right = work(&faults).to_string();
    reply::spoilt(right, &faults)
}

impl Shared {
    /// Counts a call and takes the faults that happen on it.
    fn begin(&self, occasion: Occasion, query: &Parameters) -> Vec<Fault> {
        let mut state = self.state();
        let now = state.clock.now();
        let calls = if query.text("apikey") == self.api_key {
            &mut state.calls
        } else {
            &mut state.foreign_calls
        };
        match occasion {
            Occasion::Check => calls.count_check(now, query.text("invid").parse().ok()),
            _ => calls.count_create(),
        }
        state.faults.take(occasion)
    }

    fn create(&self, query: &Parameters, faults: &[Fault]) -> Value {
        if query.text("do") != "create-invoice" {
            return self.refuse("what we do for you?");
        }
        if let Some(refusal) = self.refusal(query, faults) {
            return refusal;
        }
        let number = query.text("cliTrxNumber");
        if number.is_empty() {
            return self.refuse("transcation number is empty");
        }
        let Some(amount) = whole_rupiah(query.text("cliTrxAmount")) else {
            return self.refuse("invalid amount");
        };
        // Tips may be on where the parameter is absent: the sample reply carries tag 55.
        let tip = match query.text("useTip") {
            "no" => Tip::None,
            _ => Tip::Ask,
        };
        let invoice = match self.add_invoice(number, amount, tip, faults) {
            Ok(invoice) => invoice,
            Err(error) => return self.refuse(&format!("the sandbox cannot write the QR: {error}")),
        };
        let id = if faults.contains(&Fault::NumericId) {
            json!(invoice.id)
        } else {
            json!(invoice.id.to_string())
        };
        json!({
            "status": "success",
            "data": {
                "qris_content": invoice.content,
                "qris_request_date": api_text(invoice.requested_at),
                "qris_invoiceid": id,
                "qris_nmid": invoice.nmid,
            },
        })
    }

    fn check(&self, query: &Parameters, faults: &[Fault]) -> Value {
        if query.text("do") != "checkStatus" {
            return self.refuse("what we do for you?");
        }
        if let Some(refusal) = self.refusal(query, faults) {
            return refusal;
        }
        if query.text("invid").is_empty() {
            return json!({"status": "failed, Invoice ID is empty", "data": []});
        }
        match self.payment_asked_for(query) {
            Some(payment) => json!({
                "status": "success",
                "data": {
                    "qris_status": "paid",
                    "qris_payment_customername": payment.payer.customer_name,
                    "qris_payment_methodby": payment.payer.method,
                    "qris_paid_date": api_text(payment.at),
                },
            }),
            None => json!({"status": "failed", "data": {"qris_status": "unpaid"}}),
        }
    }

    /// A refusal in the documented shape, or in the one that was set.
    fn refuse(&self, words: &str) -> Value {
        let flat = match self.refusals {
            RefusalShape::Documented => words == "invalid amount",
            RefusalShape::Text => true,
            RefusalShape::Object => false,
        };
        if flat {
            json!({"status": "failed", "data": words})
        } else {
            json!({"status": "failed", "data": {"qris_status": words}})
        }
    }

    /// What both calls are refused for.
    fn refusal(&self, query: &Parameters, faults: &[Fault]) -> Option<Value> {
        if query.text("apikey") != self.api_key {
            return Some(self.refuse("invalid apikey"));
        }
        if query.text("mID") != self.merchant_id {
            return Some(self.refuse("invalid mID"));
        }
        faults.iter().find_map(|fault| match fault {
            Fault::Refuse { words } => Some(self.refuse(words)),
            _ => None,
        })
    }

    /// Makes an invoice whose QR is right but for these faults.
    fn add_invoice(
        &self,
        number: &str,
        amount: u64,
        tip: Tip,
        faults: &[Fault],
    ) -> Result<Invoice, qris_codec::Error> {
        let mut state = self.state();
        let requested_at = state.clock.now();
        let id = state.invoices.reserve_id();
        let nmid = payload::NMID;
        let right = payload::Dynamic { amount, currency: "360", tip, nmid, reference: id };
        let mut content = right.payload(Rules::Qris)?;
        for fault in faults {
            let mut wrong = right;
            match fault {
                Fault::WrongAmount => wrong.amount += 1,
                Fault::WrongCurrency => wrong.currency = "840",
                Fault::WrongNmid => wrong.nmid = OTHER_NMID,
                Fault::WrongTip => wrong.tip = tip.opposite(),
                Fault::OtherReference => wrong.reference += 1,
                Fault::BadChecksum => {
                    let last = if content.ends_with('0') { '1' } else { '0' };
                    content.pop();
                    content.push(last);
                    continue;
                }
                _ => continue,
            }
            // Right by EMVCo's rules alone: the national ones forbid some of these.
            content = wrong.payload(Rules::Emv)?;
        }
        let invoice = Invoice {
            id,
            number: number.to_owned(),
            amount,
            tip,
            content,
            nmid: nmid.to_owned(),
            requested_at,
            expires_at: later(requested_at, self.validity),
            payment: None,
        };
        state.invoices.add(invoice.clone());
        Ok(invoice)
    }

    /// The payment of the invoice that a check asks for: number, amount and day must be right.
    fn payment_asked_for(&self, query: &Parameters) -> Option<Received> {
        let state = self.state();
        let invoice = state.invoices.find(query.text("invid").parse().ok()?)?;
        let payment = invoice.payment.as_ref()?;
        let day = |moment: Timestamp| WIB.to_datetime(moment).date().to_string();
        let requested_on = query.text("trxdate") == day(invoice.requested_at);
        let paid_on = query.text("trxdate") == day(payment.at);
        let day_is_right = match self.check_date {
            CheckDate::Payment => paid_on,
            CheckDate::Request => requested_on,
            CheckDate::Either => paid_on || requested_on,
        };
        let amount_is_right = query.text("trxvalue") == invoice.amount.to_string();
        let known = state.clock.now() >= payment.lands_at;
        (known && day_is_right && amount_is_right).then(|| payment.clone())
    }
}

/// Digits without separators, from one rupiah to the ceiling.
fn whole_rupiah(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let amount = text.parse().ok().filter(|_| digits)?;
    (1..=MAX_RUPIAH).contains(&amount).then_some(amount)
}

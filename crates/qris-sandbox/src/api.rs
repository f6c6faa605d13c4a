//! The two pages of the Open API, with their words, shapes and spellings.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::clock::{WIB, api_text};
use crate::invoice::{Invoice, Received, Tip, expiry};
use crate::{CheckDate, RefusalShape, Shared, payload};

/// Bank Indonesia's ceiling for one transaction; a QR over it would not be valid.
const MAX_RUPIAH: u64 = 10_000_000;

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
) -> Json<Value> {
    let query = Parameters(query);
    if query.text("do") != "create-invoice" {
        return shared.refuse("what we do for you?");
    }
    if let Some(words) = shared.credentials_refusal(&query) {
        return shared.refuse(words);
    }
    let number = query.text("cliTrxNumber");
    if number.is_empty() {
        return shared.refuse("transcation number is empty");
    }
    let Some(amount) = whole_rupiah(query.text("cliTrxAmount")) else {
        return shared.refuse("invalid amount");
    };
    // Tips may be on where the parameter is absent: the sample reply carries tag 55.
    let tip = match query.text("useTip") {
        "no" => Tip::None,
        _ => Tip::Ask,
    };
    let invoice = shared.add_invoice(number, amount, tip);
    Json(json!({
        "status": "success",
        "data": {
            "qris_content": invoice.content,
            "qris_request_date": api_text(invoice.requested_at),
            "qris_invoiceid": invoice.id.to_string(),
            "qris_nmid": invoice.nmid,
        },
    }))
}

async fn check(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
) -> Json<Value> {
    let query = Parameters(query);
    if query.text("do") != "checkStatus" {
        return shared.refuse("what we do for you?");
    }
    if let Some(words) = shared.credentials_refusal(&query) {
        return shared.refuse(words);
    }
    if query.text("invid").is_empty() {
        return Json(json!({"status": "failed, Invoice ID is empty", "data": []}));
    }
    match shared.payment_asked_for(&query) {
        Some(payment) => Json(json!({
            "status": "success",
            "data": {
                "qris_status": "paid",
                "qris_payment_customername": payment.payer.customer_name,
                "qris_payment_methodby": payment.payer.method,
                "qris_paid_date": api_text(payment.at),
            },
        })),
        None => Json(json!({"status": "failed", "data": {"qris_status": "unpaid"}})),
    }
}

impl Shared {
    /// A refusal in the documented shape, or in the one that was set.
    fn refuse(&self, words: &str) -> Json<Value> {
        let flat = match self.refusals {
            RefusalShape::Documented => words == "invalid amount",
            RefusalShape::Text => true,
            RefusalShape::Object => false,
        };
        Json(if flat {
            json!({"status": "failed", "data": words})
        } else {
            json!({"status": "failed", "data": {"qris_status": words}})
        })
    }

    fn credentials_refusal(&self, query: &Parameters) -> Option<&'static str> {
        if query.text("apikey") != self.api_key {
            Some("invalid apikey")
        } else if query.text("mID") != self.merchant_id {
            Some("invalid mID")
        } else {
            None
        }
    }

    fn add_invoice(&self, number: &str, amount: u64, tip: Tip) -> Invoice {
        let mut state = self.state();
        let requested_at = state.clock.now();
        let id = state.invoices.reserve_id();
        let nmid = payload::nmid();
        let invoice = Invoice {
            id,
            number: number.to_owned(),
            amount,
            content: payload::dynamic(id, amount, tip, &nmid),
            nmid,
            requested_at,
            expires_at: expiry(requested_at, self.validity),
            payment: None,
        };
        state.invoices.add(invoice.clone());
        invoice
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
        (day_is_right && amount_is_right).then(|| payment.clone())
    }
}

/// Digits without separators, from one rupiah to the ceiling.
fn whole_rupiah(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let amount = text.parse().ok().filter(|_| digits)?;
    (1..=MAX_RUPIAH).contains(&amount).then_some(amount)
}

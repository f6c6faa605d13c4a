//! `GET /api/attention`: what needs a person.

use std::sync::Arc;

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::routing::{MethodRouter, get};
use axum::{Json, Router};
use qris_api::TransactionNumber;
use qris_ledger::{InvalidRow, Plan, UnbookedWebhook};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::order_view::OrderView;
use crate::orders::limit;
use crate::state::AppState;

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/attention", attention_route())
        .route("/api/webhooks/unbooked", get(unbooked))
}

fn attention_route() -> MethodRouter<Arc<AppState>> {
    get(attention)
}

#[derive(Deserialize)]
struct LimitQuery {
    limit: Option<u32>,
}

/// An order that a person should check.
#[derive(Serialize)]
struct Case<'a> {
    #[serde(flatten)]
    order: OrderView<'a>,
    /// `unknown`: it is not known whether one of its codes was made. `unanswered`: the order's time is over,
    /// and it is not known whether it was paid.
    reason: &'static str,
    /// Webhooks that probably belong to it.
    webhooks: Vec<&'a UnbookedWebhook>,
}

async fn attention(
    Merchant { orders, payers, .. }: Merchant,
    query: Result<Query<LimitQuery>, QueryRejection>,
) -> Result<Json<Value>, HttpError> {
    let Query(query) = query?;
    let (limit, now) = (limit(query.limit), orders.now());
    let read = orders.read(move |ledger| {
        let found = ledger.attention(limit, now)?;
        let taken = ledger.plans_with_taken_numbers()?;
        Ok((found, ledger.unbooked_webhooks(limit)?, ledger.count_given_up()?, taken))
    });
    let (found, webhooks, given_up, taken) = read.await?;
    let webhooks: Vec<_> = webhooks.into_iter().map(|one| payers.in_webhook(one)).collect();
    let cases = found.iter().map(|order| Case {
        order: OrderView::new(order, payers, now),
        reason: if order.has_unknown_code() { "unknown" } else { "unanswered" },
        webhooks: webhooks
            .iter()
            .filter(|one| one.number.as_ref() == Some(&order.number))
            .collect(),
    });
    let cases: Vec<_> = cases.collect();
    let rows: Vec<_> = orders.invalid_rows().iter().map(row).collect();
    Ok(Json(json!({
        "orders": cases,
        "webhooks": webhooks,
        "rows_set_aside": rows,
        "deliveries_given_up": given_up,
        "bills_not_made": taken.iter().map(not_made).collect::<Vec<_>>(),
    })))
}

/// The plan whose bill was not made, and the number, which another order has.
fn not_made(plan: &Plan) -> Value {
    json!({
        "plan": plan.id.get(),
        "prefix": plan.terms.prefix,
        "number": plan.taken_number.as_ref().map(TransactionNumber::as_str),
    })
}

/// The place of an invalid row, without its content.
fn row(row: &InvalidRow) -> Value {
    let number = row.number.as_ref().map(TransactionNumber::as_str);
    json!({"number": number, "column": row.column})
}

/// Webhooks of invoices that are not recorded.
async fn unbooked(
    Merchant { orders, payers, .. }: Merchant,
    query: Result<Query<LimitQuery>, QueryRejection>,
) -> Result<Json<Value>, HttpError> {
    let Query(query) = query?;
    let limit = limit(query.limit);
    let webhooks = orders.read(move |ledger| ledger.unbooked_webhooks(limit)).await?;
    let webhooks: Vec<_> = webhooks.into_iter().map(|one| payers.in_webhook(one)).collect();
    Ok(Json(json!(webhooks)))
}

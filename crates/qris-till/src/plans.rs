//! `/api/plans` and `/api/bills`: recurring bills and unpaid bills.

use std::sync::Arc;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::civil::Date;
use qris_api::{Rupiah, WibTime};
use qris_ledger::{BillTotal, Ledger, NewPlan, Period, Plan, PlanChange, PlanId};
use qris_orders::Orders;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::order_view::OrderView;
use crate::orders::limit;
use crate::state::AppState;

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/bills", get(bills))
        .route("/api/plans", get(list).post(create))
        .route("/api/plans/{id}", get(show).patch(change))
        .route("/api/plans/{id}/pause", post(pause))
        .route("/api/plans/{id}/resume", post(resume))
        .route("/api/plans/{id}/end", post(end))
}

/// The id in a path. Text that is not a number matches no id.
fn plan_id(text: &str) -> Result<PlanId, HttpError> {
    let id = text.parse().map(PlanId::new);
    id.map_err(|_| HttpError::from(qris_ledger::Error::Absent))
}

#[derive(Deserialize)]
struct ListQuery {
    cursor: Option<i64>,
    limit: Option<u32>,
}

async fn list(
    Merchant { orders, .. }: Merchant,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(query) = query?;
    let (before, limit) = (query.cursor.map(PlanId::new), limit(query.limit));
    // One more than requested shows whether there is another page.
    let found = orders.read(move |ledger| ledger.plans(before, limit.saturating_add(1))).await?;
    let (found, has_more) = page(found, limit);
    let next = found.last().filter(|_| has_more).map(|last| last.id.get());
    Ok(Json(json!({ "plans": found, "next_cursor": next })).into_response())
}

/// A page, and whether there is a next page.
fn page<T>(mut found: Vec<T>, limit: u32) -> (Vec<T>, bool) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > limit;
    found.truncate(limit);
    (found, has_more)
}

async fn show(
    Merchant { orders, .. }: Merchant,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let id = plan_id(&id)?;
    Ok(Json(orders.read(move |ledger| ledger.plan(id)).await?).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateRequest {
    prefix: String,
    amount: u64,
    period: String,
    day: Option<u8>,
    first_date: String,
    last_date: Option<String>,
    #[serde(default)]
    due_days: u16,
    customer_reference: Option<String>,
    customer_name: Option<String>,
    description: Option<String>,
}

fn date(name: &str, text: &str) -> Result<Date, HttpError> {
    let date = text.parse().ok().filter(|date: &Date| date.to_string() == text);
    let words = "expected a day such as 2026-11-30, found another text";
    date.ok_or_else(|| HttpError::invalid(format!("{name}: {words}")))
}

fn period(word: &str, day: Option<u8>) -> Result<Period, HttpError> {
    match (word, day) {
        ("weekly", None) => Ok(Period::Weekly),
        ("yearly", None) => Ok(Period::Yearly),
        ("monthly", Some(day)) => Ok(Period::Monthly { day }),
        _ => Err(HttpError::invalid(
            "day: expected 1 to 31 for a monthly period, and no day for other periods",
        )),
    }
}

async fn create(
    Merchant { orders, .. }: Merchant,
    body: Result<Json<CreateRequest>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(request) = body?;
    let period = period(&request.period, request.day)?;
    let first = date("first_date", &request.first_date)?;
    let mut new = NewPlan::new(request.prefix, Rupiah::new(request.amount), period, first);
    let last = request.last_date.as_deref().map(|text| date("last_date", text));
    new.last_date = last.transpose()?;
    new.due_days = request.due_days;
    new.customer_reference = request.customer_reference;
    new.customer_name = request.customer_name;
    new.description = request.description;
    let now = orders.now();
    let plan = orders.write(move |ledger| ledger.add_plan(&new, now)).await?;
    Ok((StatusCode::CREATED, Json(plan)).into_response())
}

/// Distinguishes `null` from a missing member.
fn said<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Deserialize::deserialize(value).map(Some)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeRequest {
    amount: Option<u64>,
    due_days: Option<u16>,
    #[serde(default, deserialize_with = "said")]
    last_date: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    customer_reference: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    customer_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    description: Option<Option<String>>,
}

async fn change(
    Merchant { orders, .. }: Merchant,
    Path(id): Path<String>,
    body: Result<Json<ChangeRequest>, JsonRejection>,
) -> Result<Response, HttpError> {
    let (id, Json(request)) = (plan_id(&id)?, body?);
    let mut change = PlanChange::default();
    change.amount = request.amount.map(Rupiah::new);
    change.due_days = request.due_days;
    let last = |text: Option<String>| text.map(|text| date("last_date", &text)).transpose();
    change.last_date = request.last_date.map(last).transpose()?;
    change.customer_reference = request.customer_reference;
    change.customer_name = request.customer_name;
    change.description = request.description;
    step(&orders, move |ledger, now| ledger.change_plan(id, &change, now)).await
}

async fn pause(
    Merchant { orders, .. }: Merchant,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let id = plan_id(&id)?;
    step(&orders, move |ledger, now| ledger.pause_plan(id, now)).await
}

async fn resume(
    Merchant { orders, .. }: Merchant,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let id = plan_id(&id)?;
    step(&orders, move |ledger, now| ledger.resume_plan(id, now)).await
}

async fn end(
    Merchant { orders, .. }: Merchant,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let id = plan_id(&id)?;
    step(&orders, move |ledger, now| ledger.end_plan(id, now)).await
}

async fn step(
    orders: &Orders,
    change: impl FnOnce(&mut Ledger, WibTime) -> Result<Plan, qris_ledger::Error> + Send + 'static,
) -> Result<Response, HttpError> {
    let now = orders.now();
    Ok(Json(orders.write(move |ledger| change(ledger, now)).await?).into_response())
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum BillState {
    #[default]
    Unpaid,
    Paid,
}

#[derive(Deserialize)]
struct BillsQuery {
    #[serde(default)]
    state: BillState,
    /// How many to skip.
    cursor: Option<u32>,
    limit: Option<u32>,
}

/// Unpaid bills, or bills paid this month in WIB.
async fn bills(
    Merchant { orders, payers, .. }: Merchant,
    query: Result<Query<BillsQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(query) = query?;
    let (offset, limit) = (query.cursor.unwrap_or(0), limit(query.limit));
    let (now, state, more) = (orders.now(), query.state, limit.saturating_add(1));
    let month = WibTime::parse(&format!("{} 00:00:00", now.date().first_of_month())).unwrap_or(now);
    let read = orders.read(move |ledger| {
        let found = match state {
            BillState::Unpaid => ledger.unpaid_bills(offset, more)?,
            BillState::Paid => ledger.paid_bills(month, offset, more)?,
        };
        Ok((found, ledger.bill_totals(month, now)?))
    });
    let (found, totals) = read.await?;
    let (found, has_more) = page(found, limit);
    let next = has_more.then(|| offset.saturating_add(limit));
    let views: Vec<_> = found.iter().map(|order| OrderView::new(order, payers, now)).collect();
    Ok(Json(json!({
        "orders": views,
        "next_cursor": next,
        "unpaid": total(totals.unpaid),
        "overdue": total(totals.overdue),
        "paid_this_month": total(totals.paid),
    }))
    .into_response())
}

fn total(total: BillTotal) -> Value {
    json!({ "count": total.count, "amount": total.amount.get() })
}

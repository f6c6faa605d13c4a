//! `/api/settlements`: the differences between settled and recorded payments, and actions on them.

mod file;
mod view;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::ToSpan as _;
use jiff::civil::Date;
use qris_ledger::{Error as LedgerError, OnPossibleMatch, Order, SettledBooking};
use qris_orders::Error;
use qris_settlement::{Report, ReportPeriod};
use serde::Deserialize;
use serde_json::json;

use self::view::ReportView;
use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::order_view::order_response;
use crate::orders::{day, ensure_in_order};
use crate::state::AppState;

/// The default and the maximum number of days of a report.
const USUAL_DAYS: i32 = 30;
const MAX_DAYS: i32 = 100;

pub(crate) fn routes() -> Router<Arc<AppState>> {
    // The body was read with its own size limit.
    let import = post(file::take).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/api/settlements", get(show).merge(import))
        .route("/api/settlements/{key}/book", post(book))
}

#[derive(Deserialize)]
struct ReportQuery {
    from: Option<String>,
    to: Option<String>,
    format: Option<String>,
}

async fn show(
    State(app): State<Arc<AppState>>,
    Merchant { name, orders, .. }: Merchant,
    query: Result<Query<ReportQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(query) = query?;
    let now = orders.now();
    let today = now.date();
    let to = day(query.to.as_deref())?.unwrap_or(today);
    let from = day(query.from.as_deref())?;
    let from = from.unwrap_or_else(|| to.saturating_sub(USUAL_DAYS.days()));
    ensure_in_order(Some(from), Some(to))?;
    ensure_few_days(from, to)?;
    let terms = app.settlement_terms.get(&name).cloned().unwrap_or_default();
    let period = ReportPeriod { from, to, today };
    let report =
        orders.read(move |ledger| qris_settlement::report(ledger, &period, &terms)).await?;
    // The query is already validated.
    Ok(match query.format.as_deref() {
        Some("csv") => csv(&report),
        _ => Json(ReportView::new(&report, now)).into_response(),
    })
}

fn ensure_few_days(from: Date, to: Date) -> Result<(), HttpError> {
    let days = from.until(to).map_or(i32::MAX, |span| span.get_days()).saturating_add(1);
    if days <= MAX_DAYS {
        return Ok(());
    }
    let words = format!("expected from and to of at most {MAX_DAYS} days, found {days}");
    Err(HttpError::invalid(words))
}

fn csv(report: &Report) -> Response {
    let (from, to) = (report.from, report.to);
    let name = format!("attachment; filename=\"settlement-{from}-{to}.csv\"");
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    (headers, report.to_csv()).into_response()
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BookRequest {
    /// Whether a person has checked the likely orders, and the line belongs to none of them.
    #[serde(default)]
    accept_likely: bool,
}

async fn book(
    Merchant { orders, payers, .. }: Merchant,
    Path(key): Path<String>,
    body: Bytes,
) -> Result<Response, HttpError> {
    // A body, if present, is already validated.
    let request: BookRequest = serde_json::from_slice(&body).unwrap_or_default();
    let doubt = if request.accept_likely { OnPossibleMatch::Book } else { OnPossibleMatch::Ask };
    let booked = orders.book_settled(&key, doubt).await.map_err(not_booked)?;
    match booked {
        SettledBooking::Booked(order) => {
            Ok((StatusCode::CREATED, order_response(&orders, payers, &order)).into_response())
        }
        SettledBooking::AlreadyBooked(order) => Ok(order_response(&orders, payers, &order)),
        SettledBooking::PossibleMatches(found) => Err(likely(&found)),
    }
}

/// The refusal names the order that has this payment.
fn not_booked(error: Error) -> HttpError {
    match &error {
        Error::Ledger(LedgerError::LineBooked { number }) => HttpError::with(
            StatusCode::CONFLICT,
            json!({
                "error": "already-booked",
                "message": error.to_string(),
                "number": number,
            }),
        ),
        _ => error.into(),
    }
}

/// The refusal has the orders that a person has to check.
fn likely(orders: &[Order]) -> HttpError {
    let message = format!(
        "expected a line that can be of no order here, found {} that it may be of: resolve the one \
         whose outcome is unknown, or accept that it is of none of them",
        orders.len()
    );
    let orders = orders.iter().map(|order| {
        let paid_at = order.payment.details().and_then(|details| details.paid_at);
        json!({
            "number": order.number.as_str(),
            "state": order.state,
            "amount": order.amount.get(),
            "created_at": order.created_at.to_string(),
            "paid_at": paid_at.map(|at| at.to_string()),
        })
    });
    let orders: Vec<_> = orders.collect();
    let body = json!({"error": "likely-orders", "message": message, "orders": orders});
    HttpError::with(StatusCode::CONFLICT, body)
}

//! `/api/shifts`: shifts of cashiers, and the payments in each.

mod content;
mod html;
mod text;
mod words;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use qris_api::WibTime;
use qris_ledger::{Error as LedgerError, Shift, ShiftId, ShiftReport, Unanswered};
use serde::{Deserialize, Serialize};
use serde_json::json;

use self::content::Content;
use crate::http_error::HttpError;
use crate::language::Language;
use crate::merchant::Merchant;
use crate::orders::limit;
use crate::state::AppState;
use crate::text::merchants_name;

/// The maximum length of a shift's name in characters.
pub(crate) const MAX_NAME_CHARS: usize = 64;

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/shifts", get(list).post(open))
        .route("/api/shifts/{id}", get(show))
        .route("/api/shifts/{id}/close", post(close))
        .route("/api/shifts/{id}/report.txt", get(report_text))
        .route("/api/shifts/{id}/report.html", get(report_html))
}

/// The id in a path. Text that is not a number matches no id.
fn shift_id(text: &str) -> Result<ShiftId, HttpError> {
    let id = text.parse().map(ShiftId::new);
    id.map_err(|_| HttpError::from(LedgerError::Absent))
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
    let (before, limit) = (query.cursor.map(ShiftId::new), limit(query.limit));
    // One more than requested shows whether there is another page.
    let found = orders.read(move |ledger| ledger.shifts(before, limit.saturating_add(1)));
    let mut found = found.await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(|last| last.id.get());
    Ok(Json(json!({ "shifts": found, "next_cursor": next })).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenRequest {
    name: String,
}

async fn open(
    Merchant { orders, .. }: Merchant,
    body: Result<Json<OpenRequest>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(OpenRequest { name }) = body?;
    let chars = name.trim().chars().count();
    if !(1..=MAX_NAME_CHARS).contains(&chars) {
        return Err(HttpError::invalid(format!(
            "name: expected 1 to {MAX_NAME_CHARS} characters, found {chars}"
        )));
    }
    let now = orders.now();
    let shift = orders.write(move |ledger| ledger.open_shift(&name, now)).await?;
    Ok((StatusCode::CREATED, Json(shift)).into_response())
}

/// A shift with its totals.
#[derive(Serialize)]
struct ShiftView<'a> {
    #[serde(flatten)]
    shift: &'a Shift,
    /// The time of the totals.
    report_at: String,
    report: &'a ShiftReport,
}

fn view(shift: &Shift, report: &ShiftReport, now: WibTime) -> Response {
    let report_at = shift.closed.as_ref().map_or(now, |closed| closed.at).to_string();
    Json(ShiftView { shift, report_at, report }).into_response()
}

async fn show(
    Merchant { orders, .. }: Merchant,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let (id, now) = (shift_id(&id)?, orders.now());
    let (shift, report) = orders.read(move |ledger| ledger.shift_report(id)).await?;
    Ok(view(&shift, &report, now))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CloseRequest {
    /// Whether to close the shift although an order has no answer.
    #[serde(default)]
    accept_unanswered: bool,
}

async fn close(
    Merchant { orders, .. }: Merchant,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, HttpError> {
    let id = shift_id(&id)?;
    // A body, if present, is already validated.
    let request: CloseRequest = serde_json::from_slice(&body).unwrap_or_default();
    let unanswered = match request.accept_unanswered {
        true => Unanswered::Accept,
        false => Unanswered::Refuse,
    };
    let now = orders.now();
    let closed = orders.write(move |ledger| ledger.close_shift(id, unanswered, now)).await;
    let (shift, report) = closed.map_err(refused)?;
    Ok(view(&shift, &report, now))
}

/// The refusal has the orders without an answer.
fn refused(error: LedgerError) -> HttpError {
    let message = error.to_string();
    match error {
        LedgerError::UnansweredChecks { unknown, unanswered } => HttpError::with(
            StatusCode::CONFLICT,
            json!({
                "error": "unanswered-checks",
                "message": message,
                "unknown": unknown,
                "unanswered": unanswered,
            }),
        ),
        error => error.into(),
    }
}

/// The paper of a printed report.
#[derive(Clone, Copy, Default, Deserialize)]
enum Paper {
    /// 58 mm: 32 characters per line.
    #[serde(rename = "58")]
    Narrow,
    /// 80 mm: 48 characters per line.
    #[default]
    #[serde(rename = "80")]
    Wide,
}

impl Paper {
    const fn columns(self) -> usize {
        match self {
            Self::Narrow => 32,
            Self::Wide => 48,
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Narrow => "w58",
            Self::Wide => "w80",
        }
    }
}

#[derive(Deserialize)]
struct PrintQuery {
    #[serde(default)]
    width: Paper,
    #[serde(default)]
    lang: Language,
}

/// The printed report of a shift: X while it is open, Z after it is closed.
async fn content(
    Merchant { name, orders, .. }: Merchant,
    id: &str,
    language: Language,
) -> Result<Content, HttpError> {
    let (id, now) = (shift_id(id)?, orders.now());
    let (shift, report) = orders.read(move |ledger| ledger.shift_report(id)).await?;
    let shop = merchants_name(&orders).await.unwrap_or_else(|| name.to_string());
    Ok(Content::new(shop, &shift, &report, now, language))
}

async fn report_text(
    merchant: Merchant,
    Path(id): Path<String>,
    query: Result<Query<PrintQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(query) = query?;
    let content = content(merchant, &id, query.lang).await?;
    let text = text::write(&content, query.width.columns());
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

async fn report_html(
    merchant: Merchant,
    Path(id): Path<String>,
    query: Result<Query<PrintQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(query) = query?;
    let content = content(merchant, &id, query.lang).await?;
    Ok(Html(html::write(&content, query.lang, query.width.class())).into_response())
}

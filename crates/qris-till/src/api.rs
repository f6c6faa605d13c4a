//! The till over HTTP, for pages and for other programs.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{
    ALLOW, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER,
};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use jiff::civil::Date;
use qris_api::{Press, Rupiah, Tip, TransactionNumber};
use qris_image::{DrawError, Drawing, Size};
use qris_ledger::{
    Channel, Error as LedgerError, Grouping, Order, State as Stage, Total, payments_csv,
};
use qris_orders::{Charged, NewOrder};
use serde::Deserialize;
use serde_json::json;

use crate::shown::Shown;
use crate::till::AppState;
use crate::{
    cancel, counters, events, guard, health, pages, reference, request_body, resolve, webhook,
};

pub(crate) fn router(app: Arc<AppState>) -> Router {
    Router::new()
        .route("/api/invoices", get(list).post(charge))
        .route("/api/invoices/{number}", get(show))
        .route("/api/invoices/{number}/qr.svg", get(svg))
        .route("/api/invoices/{number}/qr.png", get(png))
        .route("/api/invoices/{number}/check", post(check))
        .route("/api/invoices/{number}/cancel", post(cancel::handle))
        .route("/api/invoices/{number}/resolve", post(resolve::handle))
        .route("/api/webhooks/unbooked", get(resolve::unbooked))
        .route("/api/report", get(report))
        .route("/webhook/{token}", post(webhook::take))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(document))
        .route("/login", get(|| async { pages::login() }).post(guard::login))
        .merge(counters::routes())
        .merge(events::routes())
        .merge(pages::routes())
        .layer(middleware::from_fn(request_body::read))
        .layer(middleware::from_fn(json_error_body))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), guard::guard))
        .layer(middleware::from_fn(guard::harden))
        .with_state(app)
}

/// A refusal: a word for programs, a sentence for people.
pub(crate) fn refuse(status: StatusCode, code: &str, message: impl ToString) -> Response {
    (status, Json(json!({"error": code, "message": message.to_string()}))).into_response()
}

/// Gives the refusals of the framework the till's JSON body: what the framework says of a query, a
/// path or a method is plain text, or nothing.
async fn json_error_body(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let status = response.status();
    let code = match status {
        StatusCode::BAD_REQUEST => "bad-request",
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "wrong-method",
        _ => return response,
    };
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| !kind.starts_with("text/plain")) {
        return response;
    }
    let body = to_bytes(std::mem::take(response.body_mut()), 1024).await.unwrap_or_default();
    let words = match (status, str::from_utf8(&body)) {
        (StatusCode::NOT_FOUND, _) => "expected one of the paths in /openapi.json",
        (StatusCode::METHOD_NOT_ALLOWED, _) => "expected a method that /openapi.json names",
        (_, Ok(words)) if !words.is_empty() => words,
        _ => "expected what /openapi.json says",
    };
    let mut refused = refuse(status, code, words);
    if let Some(allowed) = response.headers_mut().remove(ALLOW) {
        refused.headers_mut().insert(ALLOW, allowed);
    }
    refused
}

/// A refusal as an error, boxed because a response is large.
pub(crate) struct Refused(pub(crate) Box<Response>);

impl Refused {
    pub(crate) fn new(status: StatusCode, code: &str, message: impl ToString) -> Self {
        Self(Box::new(refuse(status, code, message)))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl From<LedgerError> for Refused {
    fn from(error: LedgerError) -> Self {
        let (status, code) = match &error {
            LedgerError::Conflict { .. } => (StatusCode::CONFLICT, "conflict"),
            LedgerError::UsedEarlier { .. } => (StatusCode::CONFLICT, "used-earlier"),
            LedgerError::Absent => (StatusCode::NOT_FOUND, "not-found"),
            LedgerError::State { .. } => (StatusCode::CONFLICT, "wrong-state"),
            LedgerError::Unchecked => (StatusCode::CONFLICT, "not-checked"),
            error if error.is_mismatch() => (StatusCode::BAD_GATEWAY, "content-mismatch"),
            LedgerError::TooLarge { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "too-large"),
            _ => (StatusCode::SERVICE_UNAVAILABLE, "books-unavailable"),
        };
        if status == StatusCode::SERVICE_UNAVAILABLE {
            tracing::error!(%error, source = ?std::error::Error::source(&error), "the ledger failed");
        }
        Self::new(status, code, error)
    }
}

impl From<qris_api::Error> for Refused {
    fn from(error: qris_api::Error) -> Self {
        use qris_api::{Error, Reason};
        let (status, code) = match &error {
            Error::Invalid(_) | Error::Rejected { reason: Reason::InvalidAmount } => {
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid")
            }
            Error::Rejected { reason: Reason::InvalidApiKey | Reason::InvalidMerchantId } => {
                (StatusCode::BAD_GATEWAY, "wrong-credentials")
            }
            Error::Rejected { .. } => (StatusCode::BAD_GATEWAY, "rejected"),
            Error::Unreachable { .. } => (StatusCode::SERVICE_UNAVAILABLE, "provider-unreachable"),
            Error::ContentMismatch { .. } => (StatusCode::BAD_GATEWAY, "content-mismatch"),
            _ => (StatusCode::BAD_GATEWAY, "outcome-unknown"),
        };
        Self::new(status, code, error)
    }
}

impl From<qris_orders::Error> for Refused {
    fn from(error: qris_orders::Error) -> Self {
        match error {
            qris_orders::Error::Provider(error) => error.into(),
            qris_orders::Error::Ledger(error) => error.into(),
            error @ qris_orders::Error::Unanswered(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "not-checked", error)
            }
            error @ qris_orders::Error::TooSoon { wait } => {
                let mut refused = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-soon", error);
                let seconds = HeaderValue::from(wait.as_secs().max(1));
                refused.0.headers_mut().insert(RETRY_AFTER, seconds);
                refused
            }
            error => Self::new(StatusCode::NOT_FOUND, "not-found", error),
        }
    }
}

impl From<DrawError> for Refused {
    fn from(error: DrawError) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "not-drawable", error)
    }
}

pub(crate) fn transaction_number(text: &str) -> Result<TransactionNumber, Refused> {
    TransactionNumber::parse(text)
        .map_err(|error| Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", error))
}

pub(crate) async fn find(app: &AppState, number: &str) -> Result<Order, Refused> {
    Ok(app.orders.find(&transaction_number(number)?).await?)
}

/// What is to be charged.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChargeRequest {
    number: String,
    amount: u64,
    channel: Option<String>,
    #[serde(default)]
    tip: bool,
    /// The caller's own name for this charge; the header `Idempotency-Key` means the same.
    reference: Option<String>,
}

async fn charge(
    State(app): State<Arc<AppState>>,
    headers: HeaderMap,
    body: Result<Json<ChargeRequest>, JsonRejection>,
) -> Result<Response, Refused> {
    let Json(request) =
        body.map_err(|error| Refused::new(error.status(), "bad-request", error.body_text()))?;
    let channel = request.channel.as_deref().unwrap_or("pos");
    let channel: Channel = channel
        .parse()
        .map_err(|error| Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", error))?;
    let mut order =
        NewOrder::new(transaction_number(&request.number)?, Rupiah::new(request.amount));
    order.channel = channel;
    order.tip = if request.tip { Tip::Ask } else { Tip::None };
    order.reference = reference::read(&headers, request.reference)?;
    let (status, record) = match app.orders.charge(&order).await? {
        Charged::Created(record) => (StatusCode::CREATED, record),
        Charged::Known(record) => match record.state {
            Stage::Requested | Stage::Unknown => {
                return Err(Refused::new(
                    StatusCode::BAD_GATEWAY,
                    "outcome-unknown",
                    "it is not known whether the provider made an invoice for this number; \
                     look before charging it under another",
                ));
            }
            Stage::Rejected => {
                return Err(Refused::new(
                    StatusCode::BAD_GATEWAY,
                    "rejected",
                    "the provider refused the charge that was under way; charge it again",
                ));
            }
            _ => (StatusCode::OK, record),
        },
    };
    Ok((status, Json(json!(Shown::of(&record, app.orders.now())))).into_response())
}

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    pub(crate) limit: Option<u32>,
}

/// How many invoices are listed unless asked, and at most.
pub(crate) const LISTED: u32 = 20;
pub(crate) const MOST_LISTED: u32 = 200;

async fn list(
    State(app): State<Arc<AppState>>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Refused> {
    let limit = query.limit.unwrap_or(LISTED).min(MOST_LISTED);
    let records = app.orders.read(move |ledger| ledger.list(limit)).await?;
    let now = app.orders.now();
    let shown: Vec<Shown<'_>> = records.iter().map(|record| Shown::of(record, now)).collect();
    Ok(Json(json!(shown)).into_response())
}

async fn show(
    State(app): State<Arc<AppState>>,
    Path(number): Path<String>,
) -> Result<Response, Refused> {
    let record = find(&app, &number).await?;
    Ok(Json(json!(Shown::of(&record, app.orders.now()))).into_response())
}

#[derive(Deserialize)]
struct PictureQuery {
    /// Pixels across.
    width: Option<u16>,
    /// `yes` leaves out the words underneath.
    plain: Option<String>,
}

/// The payload of an invoice whose time to be shown is not over, by the clock: no other is shown.
async fn payable(app: &AppState, number: &str) -> Result<String, Refused> {
    let record = find(app, number).await?;
    let now = app.orders.now();
    let (may_be_shown, state) = (record.may_be_shown(now), record.state_at(now));
    match record.invoice {
        Some(invoice) if may_be_shown => Ok(invoice.qris_content),
        _ => {
            let words = format!("expected an invoice that is pending, found it {state}");
            Err(Refused::new(StatusCode::GONE, "not-payable", words))
        }
    }
}

fn drawing<'a>(content: &'a str, query: &PictureQuery) -> Result<Drawing<'a>, Refused> {
    let mut drawing = Drawing::parse(content)?;
    if let Some(width) = query.width {
        drawing = drawing.size(Size::Width(width));
    }
    Ok(if query.plain.as_deref() == Some("yes") { drawing.plain() } else { drawing })
}

async fn svg(
    State(app): State<Arc<AppState>>,
    Path(number): Path<String>,
    Query(query): Query<PictureQuery>,
) -> Result<Response, Refused> {
    let content = payable(&app, &number).await?;
    let picture = drawing(&content, &query)?.svg()?;
    Ok(([(CONTENT_TYPE, "image/svg+xml")], picture).into_response())
}

async fn png(
    State(app): State<Arc<AppState>>,
    Path(number): Path<String>,
    Query(query): Query<PictureQuery>,
) -> Result<Response, Refused> {
    let content = payable(&app, &number).await?;
    let picture = drawing(&content, &query)?.png()?;
    Ok(([(CONTENT_TYPE, "image/png")], picture).into_response())
}

async fn check(
    State(app): State<Arc<AppState>>,
    Path(number): Path<String>,
) -> Result<Response, Refused> {
    let (press, record) = app.orders.check(&transaction_number(&number)?).await?;
    let shown = json!(Shown::of(&record, app.orders.now()));
    let (wait, code, message) = match press {
        Press::Accepted { left } => {
            return Ok(Json(json!({"left": left, "invoice": shown})).into_response());
        }
        Press::TooSoon { wait } => {
            (Some(wait.as_secs().max(1)), "too-soon", "expected a longer pause between presses")
        }
        Press::NoneLeft => (None, "none-left", "all presses are used up; the schedule goes on"),
    };
    let body = json!({"error": code, "message": message, "wait_seconds": wait, "invoice": shown});
    let mut response = (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response();
    if let Some(wait) = wait {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait));
    }
    Ok(response)
}

#[derive(Deserialize)]
struct ReportQuery {
    from: Option<String>,
    to: Option<String>,
    by: Option<String>,
    format: Option<String>,
}

async fn report(
    State(app): State<Arc<AppState>>,
    Query(query): Query<ReportQuery>,
) -> Result<Response, Refused> {
    let invalid = |expected| Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", expected);
    let day = |text: Option<String>, default: Date| match text {
        Some(text) => text.parse().map_err(|_| invalid("expected days as YYYY-MM-DD")),
        None => Ok(default),
    };
    let today = app.orders.now().date();
    let to = day(query.to, today)?;
    let from = day(query.from, to)?;
    if from > to {
        let words = "expected a first day that is not after the last";
        return Err(Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong-days", words));
    }
    let csv = |text: String| {
        let name = format!("attachment; filename=\"qris-{from}-{to}.csv\"");
        let headers =
            [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
        (headers, text).into_response()
    };
    let as_csv = match query.format.as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => return Err(invalid("expected format as json or csv")),
    };
    if query.by.as_deref() == Some("payment") {
        let records = app.orders.read(move |ledger| ledger.payments(from, to)).await?;
        if as_csv {
            return Ok(csv(payments_csv(&records)));
        }
        let now = app.orders.now();
        let shown: Vec<Shown<'_>> = records.iter().map(|record| Shown::of(record, now)).collect();
        return Ok(Json(json!(shown)).into_response());
    }
    let grouping = match query.by.as_deref() {
        None => Grouping::DayAndChannel,
        Some("day") => Grouping::Day,
        Some("channel") => Grouping::Channel,
        Some(_) => return Err(invalid("expected by as day, channel or payment")),
    };
    let lines = app.orders.read(move |ledger| ledger.report(from, to)).await?;
    let totals = Total::of(&lines, grouping);
    Ok(if as_csv { csv(Total::csv(&totals, grouping)) } else { Json(totals).into_response() })
}

async fn metrics(State(app): State<Arc<AppState>>) -> Response {
    let (watchers, connections) = (app.live.watchers(), app.connections.count());
    let set_aside = app.orders.set_aside_count();
    let text = app.metrics.text(app.orders.counters(), watchers, connections, set_aside);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

async fn document() -> Response {
    ([(CONTENT_TYPE, "application/json")], include_str!("openapi.json")).into_response()
}

#[cfg(test)]
mod tests {

    #[test]
    fn the_openapi_document_names_every_route_of_the_face() {
        let document: serde_json::Value =
            serde_json::from_str(include_str!("openapi.json")).expect("the document is JSON");
        let paths = document["paths"].as_object().expect("it has paths");
        let named: Vec<&str> = paths.keys().map(String::as_str).collect();
        assert_eq!(
            named,
            [
                "/api/counters/{till}",
                "/api/invoices",
                "/api/invoices/{number}",
                "/api/invoices/{number}/cancel",
                "/api/invoices/{number}/check",
                "/api/invoices/{number}/events",
                "/api/invoices/{number}/qr.png",
                "/api/invoices/{number}/qr.svg",
                "/api/invoices/{number}/resolve",
                "/api/report",
                "/api/stream",
                "/api/webhooks/unbooked",
                "/healthz",
                "/metrics",
                "/openapi.json",
                "/readyz",
                "/webhook/{token}",
            ],
        );
    }
}

//! `/api/orders/{number}/receipt.html`, `.txt` and `.escpos`, and `/api/receipts/{code}`.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use qris_image::Paper;
use qris_orders::{Order, Orders};
use serde::Deserialize;

use super::document::Document;
use super::escpos::{self, Finish};
use super::words::ReceiptLanguage;
use super::{html, text};
use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::order_view::order_response;
use crate::orders::{find, find_by_receipt_code};
use crate::state::AppState;

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/orders/{number}/receipt.html", get(as_page))
        .route("/api/orders/{number}/receipt.txt", get(as_text))
        .route("/api/orders/{number}/receipt.escpos", get(as_commands))
        .route("/api/receipts/{code}", get(look_up))
        .route("/assets/receipt.css", get(style))
}

#[derive(Deserialize)]
struct ReceiptQuery {
    /// Millimetres of paper.
    width: Option<u16>,
    lang: Option<String>,
}

impl ReceiptQuery {
    /// `openapi.json` has the allowed widths and languages.
    fn paper(&self) -> Paper {
        if self.width == Some(80) { Paper::Mm80 } else { Paper::Mm58 }
    }

    fn language(&self) -> ReceiptLanguage {
        self.lang.as_deref().and_then(|lang| lang.parse().ok()).unwrap_or_default()
    }
}

/// The current document of an order.
pub(crate) fn document(
    app: &AppState,
    orders: &Orders,
    order: &Order,
    language: ReceiptLanguage,
) -> Result<Document, HttpError> {
    let now = orders.now();
    let document = Document::for_order(order, now, app.pay_links.as_ref(), language);
    document.ok_or_else(|| {
        let state = order.state_at(now);
        let words =
            format!("expected a paid order, or one with a shown code, found one that is {state}");
        HttpError::new(StatusCode::CONFLICT, "wrong-state", words)
    })
}

/// Reads the order and lays it out.
async fn prepare(
    app: &AppState,
    orders: &Orders,
    number: &str,
    query: Result<Query<ReceiptQuery>, QueryRejection>,
) -> Result<(Document, Paper), HttpError> {
    let Query(query) = query?;
    let order = find(orders, number).await?;
    Ok((document(app, orders, &order, query.language())?, query.paper()))
}

async fn as_page(
    State(app): State<Arc<AppState>>,
    Merchant { orders, .. }: Merchant,
    Path(number): Path<String>,
    query: Result<Query<ReceiptQuery>, QueryRejection>,
) -> Result<Html<String>, HttpError> {
    let (document, paper) = prepare(&app, &orders, &number, query).await?;
    Ok(Html(html::page(&document, paper)?))
}

async fn as_text(
    State(app): State<Arc<AppState>>,
    Merchant { orders, .. }: Merchant,
    Path(number): Path<String>,
    query: Result<Query<ReceiptQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    let (document, paper) = prepare(&app, &orders, &number, query).await?;
    let text = text::text(&document, paper);
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

async fn as_commands(
    State(app): State<Arc<AppState>>,
    Merchant { orders, .. }: Merchant,
    Path(number): Path<String>,
    query: Result<Query<ReceiptQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    let (document, paper) = prepare(&app, &orders, &number, query).await?;
    let finish = Finish { cuts: true, opens_drawer: false };
    let commands = escpos::commands(&document, paper, finish)?;
    Ok(([(CONTENT_TYPE, "application/octet-stream")], commands).into_response())
}

/// The paid order whose receipt has a code.
async fn look_up(
    Merchant { orders, payers, .. }: Merchant,
    Path(code): Path<String>,
) -> Result<Response, HttpError> {
    let code = code.parse().map_err(HttpError::invalid)?;
    match find_by_receipt_code(&orders, code).await? {
        Some(order) => Ok(order_response(&orders, payers, &order)),
        None => {
            let words = "expected a receipt code of this till, found no order with this code";
            Err(HttpError::new(StatusCode::NOT_FOUND, "not-found", words))
        }
    }
}

/// The paper of a page.
#[derive(Deserialize)]
struct PageSize {
    width: u16,
    height: u16,
}

async fn style(size: Result<Query<PageSize>, QueryRejection>) -> Result<Response, HttpError> {
    let Query(PageSize { width, height }) = size?;
    let kind = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    Ok((kind, html::style(width, height)).into_response())
}

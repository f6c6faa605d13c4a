//! The picture of an order's code.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use qris_image::{Drawing, Paper, Size};
use qris_orders::Orders;
use serde::Deserialize;

use crate::access::Access;
use crate::audience::ensure_visible;
use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::orders::find;
use crate::state::AppState;

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/orders/{number}/qr.svg", get(svg))
        .route("/api/orders/{number}/qr.png", get(png))
        .route("/api/orders/{number}/qr.escpos", get(escpos))
}

#[derive(Deserialize)]
struct PictureQuery {
    /// The width in pixels; for a printer, in millimetres of paper.
    width: Option<u16>,
    /// `yes` leaves out the text below the code.
    plain: Option<String>,
}

impl PictureQuery {
    fn drawing<'a>(&self, content: &'a str) -> Result<Drawing<'a>, HttpError> {
        let drawing = Drawing::parse(content)?;
        Ok(if self.plain.as_deref() == Some("yes") { drawing.plain() } else { drawing })
    }

    fn sized<'a>(&self, content: &'a str) -> Result<Drawing<'a>, HttpError> {
        let drawing = self.drawing(content)?;
        Ok(match self.width {
            Some(width) => drawing.size(Size::Width(width)),
            None => drawing,
        })
    }

    fn paper(&self) -> Result<Paper, HttpError> {
        match self.width {
            None | Some(58) => Ok(Paper::Mm58),
            Some(80) => Ok(Paper::Mm80),
            Some(width) => {
                Err(HttpError::invalid(format!("expected width as 58 or 80 mm, found {width}")))
            }
        }
    }
}

/// The newest code of an order, if it may still be shown by the clock. No other code is shown.
async fn payable(orders: &Orders, number: &str) -> Result<String, HttpError> {
    let order = find(orders, number).await?;
    let now = orders.now();
    let (may_be_shown, state) = (order.may_be_shown(now), order.state_at(now));
    match order.invoice {
        Some(invoice) if may_be_shown => Ok(invoice.qris_content),
        _ => {
            let words = format!("expected a pending order, found it {state}");
            Err(HttpError::new(StatusCode::GONE, "not-payable", words))
        }
    }
}

async fn svg(
    State(app): State<Arc<AppState>>,
    Extension(access): Extension<Access>,
    Merchant { name, orders, .. }: Merchant,
    Path(number): Path<String>,
    Query(query): Query<PictureQuery>,
) -> Result<Response, HttpError> {
    ensure_visible(&app, &access, &name, &number)?;
    let content = payable(&orders, &number).await?;
    let picture = query.sized(&content)?.svg()?;
    Ok(([(CONTENT_TYPE, "image/svg+xml")], picture).into_response())
}

async fn png(
    State(app): State<Arc<AppState>>,
    Extension(access): Extension<Access>,
    Merchant { name, orders, .. }: Merchant,
    Path(number): Path<String>,
    Query(query): Query<PictureQuery>,
) -> Result<Response, HttpError> {
    ensure_visible(&app, &access, &name, &number)?;
    let content = payable(&orders, &number).await?;
    let picture = query.sized(&content)?.png()?;
    Ok(([(CONTENT_TYPE, "image/png")], picture).into_response())
}

async fn escpos(
    Merchant { orders, .. }: Merchant,
    Path(number): Path<String>,
    Query(query): Query<PictureQuery>,
) -> Result<Response, HttpError> {
    let paper = query.paper()?;
    let content = payable(&orders, &number).await?;
    let commands = query.drawing(&content)?.escpos(paper)?;
    Ok(([(CONTENT_TYPE, "application/octet-stream")], commands).into_response())
}

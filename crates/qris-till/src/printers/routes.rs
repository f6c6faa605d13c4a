//! `GET /api/printers` and `POST /api/orders/{number}/print`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::job;
use super::printer::{Printer, Printers};
use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::orders::find;
use crate::receipt::{Kind, routes::document};
use crate::state::AppState;

/// `Retry-After` in seconds for a full queue.
const AFTER_BUSY: Duration = Duration::from_secs(10);

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new().route("/api/printers", get(list)).route("/api/orders/{number}/print", post(print))
}

async fn list(State(app): State<Arc<AppState>>) -> Json<Value> {
    let printers: Vec<Value> = app.printers.iter().map(Printer::json).collect();
    Json(json!({"printers": printers}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PrintRequest {
    /// The name of the printer. It can be omitted if there is only one.
    printer: Option<String>,
    what: PrintKind,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PrintKind {
    Receipt,
    Qr,
}

/// Queues a receipt or a slip. `GET /api/printers` shows whether it was printed.
async fn print(
    State(app): State<Arc<AppState>>,
    Merchant { orders, .. }: Merchant,
    Path(number): Path<String>,
    body: Result<Json<PrintRequest>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(PrintRequest { printer, what }) = body?;
    let order = find(&orders, &number).await?;
    let printer = select(&app.printers, printer.as_deref())?;
    let document = document(&app, &orders, &order, printer.settings.language)?;
    match (what, document.kind()) {
        (PrintKind::Receipt, Kind::Receipt) | (PrintKind::Qr, Kind::Slip) => {}
        (PrintKind::Receipt, Kind::Slip) => {
            return Err(wrong_state("expected a paid order, found a pending one"));
        }
        (PrintKind::Qr, Kind::Receipt) => {
            return Err(wrong_state("expected a pending order, found a paid one"));
        }
    }
    printer.submit(job::commands(&printer.settings, &document)?).map_err(|_| {
        let words = "expected a printer with room in its queue, found 50 jobs waiting: see last_error \
                     in /api/printers";
        HttpError::new(StatusCode::SERVICE_UNAVAILABLE, "printer-busy", words)
            .retry_after(AFTER_BUSY)
    })?;
    Ok((StatusCode::ACCEPTED, Json(printer.json())).into_response())
}

fn wrong_state(words: &str) -> HttpError {
    HttpError::new(StatusCode::CONFLICT, "wrong-state", words)
}

/// The printer of this name, or the only one.
fn select<'a>(printers: &'a Printers, asked: Option<&str>) -> Result<&'a Printer, HttpError> {
    let names: Vec<&str> = printers.iter().map(|one| one.settings.name.as_str()).collect();
    let found = match asked {
        Some(asked) => printers.iter().find(|one| one.settings.name.as_str() == asked),
        None => printers.iter().next().filter(|_| names.len() == 1),
    };
    found.ok_or_else(|| {
        if names.is_empty() {
            let words = "expected a printer in the till's settings, found none";
            return HttpError::new(StatusCode::NOT_FOUND, "no-printer", words);
        }
        let found = if asked.is_some() { "another name" } else { "none" };
        let words = format!("expected printer as {}, found {found}", names.join(" or "));
        HttpError::new(StatusCode::NOT_FOUND, "unknown-printer", words)
    })
}

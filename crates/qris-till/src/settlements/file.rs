//! `POST /api/settlements`: a table that the owner saved from the provider's portal.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use qris_settlement::{
    Column, Columns, Fault, File, ImportError, Imported, OtherPayment, ReadError, import, preview,
    read,
};
use serde_json::json;

use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::state::AppState;

/// The prefix of query parameters with column names.
const COLUMN: &str = "column_";

/// Previews a file, or stores its lines and makes the orders due for a check that it says are paid.
pub(super) async fn take(
    State(app): State<Arc<AppState>>,
    Merchant { name, orders, .. }: Merchant,
    query: Result<Query<BTreeMap<String, String>>, QueryRejection>,
    body: Bytes,
) -> Result<Response, HttpError> {
    let Query(query) = query?;
    let settings = app.settlement_columns.get(&name).cloned().unwrap_or_default();
    let columns = named(settings, &query);
    if query.contains_key("preview") {
        let shown = orders.read(move |_| Ok(preview(&body, &columns))).await?;
        return Ok(Json(shown.map_err(|error| wrong_file(&error))?).into_response());
    }
    // Reading a large file takes a while. Charges do not wait for it.
    let file = orders.read(move |_| Ok(read(&body, &columns))).await?;
    let file = file.map_err(|error| wrong_file(&error))?;
    let now = orders.now();
    let done = orders.write(move |ledger| {
        let days = days(&file);
        let imported = match import(ledger, &file, now) {
            Err(ImportError::Ledger(error)) => return Err(error),
            imported => imported,
        };
        let to_check = match days {
            Some((from, to)) if imported.is_ok() => ledger.unpaid_settled(from, to)?.len(),
            _ => 0,
        };
        Ok((imported, days, to_check))
    });
    let (imported, days, to_check) = done.await?;
    let Imported { new, completed, known, unpaid, .. } = imported.map_err(refused)?;
    let (from, to) = days.map(|(from, to)| (from.to_string(), to.to_string())).unzip();
    let done = json!({
        "new": new,
        "completed": completed,
        "known": known,
        "not_paid": unpaid,
        "from": from,
        "to": to,
        "to_check": to_check,
    });
    Ok(Json(done).into_response())
}

/// The column names from the settings and from the query.
fn named(settings: Columns, query: &BTreeMap<String, String>) -> Columns {
    query.iter().fold(settings, |columns, (name, value)| {
        let column = name.strip_prefix(COLUMN).and_then(|name| name.parse::<Column>().ok());
        match column {
            Some(column) => columns.with(column, value),
            None => columns,
        }
    })
}

/// The first and the last day of its payments.
fn days(file: &File) -> Option<(Date, Date)> {
    let days = || file.lines().map(|line| line.paid_at.date());
    days().min().zip(days().max())
}

/// The refusal of a file has the place of the fault, but no content of the file.
fn wrong_file(error: &ReadError) -> HttpError {
    HttpError::with(
        StatusCode::UNPROCESSABLE_ENTITY,
        json!({
            "error": "wrong-file",
            "message": error.to_string(),
            "line": error.line,
            "column": error.column.map(Column::as_str),
            "fault": word(&error.fault),
        }),
    )
}

fn refused(error: ImportError) -> HttpError {
    let message = error.to_string();
    match error {
        ImportError::OtherPayments(others) => {
            let first = others.first();
            HttpError::with(
                StatusCode::CONFLICT,
                json!({
                    "error": "other-payments",
                    "message": first.map_or(message, OtherPayment::to_string),
                    "line": first.map(|other| other.line),
                    "column": first.map(|other| other.column.as_str()),
                }),
            )
        }
        ImportError::Ledger(error) => error.into(),
        error => HttpError::invalid(error),
    }
}

/// The fault as a word for programs.
const fn word(fault: &Fault) -> &'static str {
    match fault {
        Fault::Cells { .. } => "cells",
        Fault::NoColumn => "no-column",
        Fault::TwoColumns => "two-columns",
        Fault::TooLong => "too-long",
        Fault::Amount => "amount",
        Fault::Time => "time",
        Fault::Day => "day",
        Fault::Status => "status",
        Fault::Invoice => "invoice",
        Fault::Id => "id",
        Fault::Contradiction(_) => "contradiction",
        Fault::Encoding => "encoding",
        Fault::TooLarge => "too-large",
        Fault::TooWide => "too-wide",
        _ => "format",
    }
}

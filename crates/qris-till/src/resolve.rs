//! What a person does about a sale whose outcome is unknown.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use qris_api::{InvoiceId, Payment, TransactionNumber, Trigger};
use qris_ledger::{Error, Record};
use serde::Deserialize;
use serde_json::json;

use crate::api::{LISTED, ListQuery, MOST_LISTED, Refused, refuse, transaction_number};
use crate::cancel::CHECK_WAIT;
use crate::candidates;
use crate::shop::Shop;
use crate::shown::Shown;
use crate::till::Doors;

/// What a person found out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResolveRequest {
    invoiceid: Option<u64>,
    #[serde(default)]
    not_made: bool,
    reason: Option<String>,
}

/// `POST /api/invoices/{number}/resolve`.
pub(crate) async fn handle(
    State(doors): State<Arc<Doors>>,
    Path(number): Path<String>,
    body: Result<Json<ResolveRequest>, JsonRejection>,
) -> Result<Response, Refused> {
    let Json(request) =
        body.map_err(|error| Refused::new(error.status(), "bad-request", error.body_text()))?;
    let (shop, number) = (Arc::clone(&doors.shop), transaction_number(&number)?);
    let reason = request.reason.as_deref().map(str::trim).filter(|text| !text.is_empty());
    match (request.invoiceid, request.not_made, reason) {
        (Some(id), false, None) => {
            // To the end even if nobody waits for it any more: the answer must not be lost.
            let task = tokio::spawn(async move {
                let _permit = shop.charges.acquire().await;
                by_invoice(&shop, number, InvoiceId::new(id)).await
            });
            task.await.unwrap_or_else(|error| Err(Error::Database(Box::new(error)).into()))
        }
        (None, true, Some(reason)) => Ok(shown(&shop, &not_made(&shop, number, reason).await?)),
        _ => Err(Refused::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "expected either invoiceid, or not_made: true with a reason",
        )),
    }
}

/// A person says which of the provider's invoices it is; a check has to confirm that it is paid.
async fn by_invoice(
    shop: &Arc<Shop>,
    number: TransactionNumber,
    invoice: InvoiceId,
) -> Result<Response, Refused> {
    let (budget, now) = (shop.budget, shop.now());
    let claimed = shop.books.write(move |ledger| {
        let candidate = ledger.candidate(&number, invoice)?;
        let has_turn = ledger.take_turns(&candidate.invoice, &budget, now)?;
        Ok((candidate, has_turn))
    });
    let (candidate, has_turn) = claimed.await.map_err(refused)?;
    if !has_turn {
        return Ok(too_soon("60"));
    }
    let check = shop.client.check_invoice_within(&candidate.invoice, Trigger::Button, CHECK_WAIT);
    match check.await {
        Ok(Some(payment @ Payment::Paid(_))) => {
            shop.metrics.checks_paid.add(1);
            let record = candidates::resolve(shop, &candidate, &payment).await.map_err(refused)?;
            Ok(shown(shop, &record))
        }
        Ok(Some(Payment::Unpaid)) => {
            shop.metrics.checks_unpaid.add(1);
            let watched = candidate.clone();
            let write = shop.books.write(move |ledger| ledger.watch_candidate(&watched, now));
            write.await.map_err(refused)?;
            Ok((StatusCode::ACCEPTED, shown(shop, &candidate.record)).into_response())
        }
        Ok(None) => Ok(too_soon("15")),
        Err(error) => {
            shop.metrics.checks_failed.add(1);
            tracing::warn!(number = %candidate.record.number, %error, "a check had no answer");
            Err(error.into())
        }
    }
}

async fn not_made(
    shop: &Arc<Shop>,
    number: TransactionNumber,
    reason: &str,
) -> Result<Record, Error> {
    let (reason, now) = (reason.to_owned(), shop.now());
    let resolved = shop.books.write(move |ledger| {
        ledger.resolve_not_made(&number, &reason, now)?;
        ledger.find(&number)?.ok_or(Error::Absent)
    });
    let record = resolved.await?;
    tracing::info!(number = %record.number, "a person says that there is no invoice");
    shop.live.show(record.clone());
    Ok(record)
}

/// `GET /api/webhooks/unbooked`.
pub(crate) async fn unbooked(
    State(doors): State<Arc<Doors>>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Refused> {
    let limit = query.limit.unwrap_or(LISTED).min(MOST_LISTED);
    let webhooks = doors.shop.books.read(move |ledger| ledger.unbooked_webhooks(limit)).await?;
    Ok(Json(json!(webhooks)).into_response())
}

fn shown(shop: &Shop, record: &Record) -> Response {
    Json(json!(Shown::of(record, shop.now()))).into_response()
}

/// An invoice of another sale is the caller's mistake here, not the provider's.
fn refused(error: Error) -> Refused {
    match error {
        Error::InvoiceIdTaken => Refused::new(
            StatusCode::CONFLICT,
            "invoiceid-taken",
            "expected an invoiceid that is not booked, found the one of another number",
        ),
        error => error.into(),
    }
}

fn too_soon(seconds: &'static str) -> Response {
    let words = "the provider may not be asked just now; try again in a while";
    let mut response = refuse(StatusCode::TOO_MANY_REQUESTS, "too-soon", words);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(seconds));
    response
}

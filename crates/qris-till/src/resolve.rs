//! `POST /api/orders/{number}/resolve`: ends an unknown outcome.

use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use qris_api::InvoiceId;
use qris_orders::{Error, Resolved};
use serde::Deserialize;

use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::order_view::order_response;
use crate::orders::transaction_number;

/// What a person found out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResolveRequest {
    invoiceid: Option<u64>,
    #[serde(default)]
    not_made: bool,
    reason: Option<String>,
}

pub(crate) async fn handle(
    Merchant { orders, payers, .. }: Merchant,
    Path(number): Path<String>,
    body: Result<Json<ResolveRequest>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(request) = body?;
    let number = transaction_number(&number)?;
    let reason = request.reason.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let order = match (request.invoiceid, request.not_made, reason) {
        (Some(id), false, None) => {
            let resolved = orders.resolve_paid(&number, InvoiceId::new(id)).await;
            match resolved.map_err(refused)? {
                Resolved::Paid(order) => order,
                Resolved::Unpaid(order) => {
                    let shown = order_response(&orders, payers, &order);
                    return Ok((StatusCode::ACCEPTED, shown).into_response());
                }
                Resolved::TooSoon { wait } => {
                    let words = "a check is not allowed yet; try again later";
                    return Err(HttpError::too_soon(wait, words));
                }
            }
        }
        (None, true, Some(reason)) => orders.resolve_not_made(&number, reason).await?,
        _ => {
            return Err(HttpError::invalid(
                "expected either invoiceid, or not_made as true with a reason, found neither or both",
            ));
        }
    };
    Ok(order_response(&orders, payers, &order))
}

fn refused(error: Error) -> HttpError {
    use qris_api::Error as Provider;
    match error {
        // An invoice of another order is an error of the caller here, not of the provider.
        Error::Ledger(qris_ledger::Error::InvoiceIdTaken) => HttpError::new(
            StatusCode::CONFLICT,
            "invoiceid-taken",
            "expected an invoiceid without an order, found one of another order",
        ),
        Error::Provider(
            error @ (Provider::Invalid(_)
            | Provider::Rejected { .. }
            | Provider::Unreachable { .. }),
        ) => error.into(),
        Error::Provider(error) => HttpError::new(StatusCode::BAD_GATEWAY, "no-answer", error),
        error => error.into(),
    }
}

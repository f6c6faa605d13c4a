//! The provider's hint that there may be news of an invoice.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use qris_api::webhook::{Hint, Status};
use qris_ledger::Hinted;

use crate::connections::Connection;
use crate::failed_logins::slow_down;
use crate::guard::too_many_logins;
use crate::shop::Shop;
use crate::till::Doors;

/// Takes a hint. It is not believed: it makes the invoice due to be checked.
pub(crate) async fn take(
    State(doors): State<Arc<Doors>>,
    Extension(connection): Extension<Arc<Connection>>,
    Path(token): Path<String>,
    body: Bytes,
) -> Response {
    let shop = &doors.shop;
    if !doors.webhook_token.as_ref().is_some_and(|right| right.is(&token)) {
        shop.metrics.webhooks_refused.add(1);
        return match slow_down(&doors, connection.address).await {
            Ok(()) => StatusCode::NOT_FOUND.into_response(),
            Err(failures) => too_many_logins(failures),
        };
    }
    take_hint(shop, &body).await.into_response()
}

async fn take_hint(shop: &Shop, body: &[u8]) -> StatusCode {
    let Ok(hint) = Hint::parse(body) else {
        shop.metrics.webhooks_refused.add(1);
        return StatusCode::BAD_REQUEST;
    };
    shop.metrics.webhooks_taken.add(1);
    if hint.status != Status::Paid {
        return StatusCode::OK;
    }
    match due(shop, hint).await {
        // Anything but 200 would have it sent again and again.
        Ok(()) => StatusCode::OK,
        Err(error) => {
            tracing::warn!(%error, "a webhook was not booked");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

async fn due(shop: &Shop, hint: Hint) -> Result<(), qris_ledger::Error> {
    let invoice = hint.invoice;
    let (details, now) = (hint.details(), shop.now());
    let (hinted, record) = shop
        .books
        .write(move |ledger| {
            let hinted = ledger.hint(invoice, &details, now)?;
            Ok((hinted, ledger.find_invoice(invoice)?))
        })
        .await?;
    match hinted {
        Hinted::Due(number) => {
            tracing::info!(%number, "a webhook says that it is paid");
            shop.due.notify_one();
        }
        Hinted::Spent => {}
        Hinted::Absent => tracing::warn!(%invoice, "a webhook names an invoice that is not booked"),
    }
    // A paid one may have its reference number only now.
    record.into_iter().for_each(|record| shop.live.show(record));
    Ok(())
}

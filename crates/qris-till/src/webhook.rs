//! The provider's hint that there may be news of an invoice.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use qris_api::webhook::{Hint, Status};
use qris_ledger::{Error, Hinted, Ledger};

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
    // Anything but 200 would have it sent again and again.
    match record(shop, hint).await {
        Ok(()) => StatusCode::OK,
        // No invoice has such an id, and no database could keep it.
        Err(Error::TooLarge { .. }) => StatusCode::BAD_REQUEST,
        Err(error) => {
            tracing::warn!(%error, "a webhook was not booked");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// Has the invoice checked. The webhook of an invoice that is not booked is kept.
async fn record(shop: &Shop, hint: Hint) -> Result<(), Error> {
    let (invoice, is_paid) = (hint.invoice, hint.status == Status::Paid);
    let now = shop.now();
    let write = move |ledger: &mut Ledger| {
        let hinted = match is_paid {
            true => Some(ledger.hint(invoice, &hint.details(), now)?),
            false => None,
        };
        let record = ledger.find_invoice(invoice)?;
        let kept = match record {
            Some(_) => None,
            None => match ledger.keep_webhook(&hint, now) {
                // The provider gives out no such id: it would be sent again and again.
                Err(Error::TooLarge { .. }) => Some(None),
                kept => Some(kept?),
            },
        };
        Ok((hinted, record, kept))
    };
    let (hinted, record, kept) = shop.books.write(write).await?;
    if let Some(Hinted::Due(number)) = hinted {
        tracing::info!(%number, "a webhook says that it is paid");
        shop.due.notify_one();
    }
    if let Some(intended) = kept {
        shop.metrics.webhooks_unbooked.add(1);
        match intended {
            None => tracing::warn!(%invoice, "a webhook names an invoice that is not booked"),
            Some(number) => {
                tracing::warn!(%invoice, %number, "a webhook may be of a sale without an invoice");
                shop.candidates_due.notify_one();
            }
        }
    }
    // A paid one may have its reference number only now.
    record.into_iter().for_each(|record| shop.live.show(record));
    Ok(())
}

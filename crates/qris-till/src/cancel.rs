//! Cancelling an invoice: after a check, because the payer may have paid just now.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use qris_api::{Payment, TransactionNumber, Trigger};
use qris_ledger::{Error, Record, Settlement, State as Stage};
use serde_json::json;

use crate::api::{Refused, transaction_number};
use crate::shop::Shop;
use crate::shown::Shown;
use crate::till::Doors;

/// How long the cashier waits until the invoice may be checked.
pub(crate) const CHECK_WAIT: Duration = Duration::from_secs(2);

/// What came of it.
enum Cancel {
    Cancelled(Record),
    /// It is paid, so it is not cancelled.
    Paid(Record),
}

/// `POST /api/invoices/{number}/cancel`.
pub(crate) async fn handle(
    State(doors): State<Arc<Doors>>,
    Path(number): Path<String>,
) -> Result<Response, Refused> {
    let (shop, number) = (Arc::clone(&doors.shop), transaction_number(&number)?);
    let now = shop.now();
    // To the end even if nobody waits for it any more: the answer to a check must not be lost.
    let task = tokio::spawn(async move {
        let _permit = shop.charges.acquire().await;
        cancel(&shop, number).await
    });
    match task.await.unwrap_or_else(|error| Err(Error::Database(Box::new(error))))? {
        Cancel::Cancelled(record) => Ok(Json(json!(Shown::of(&record, now))).into_response()),
        Cancel::Paid(record) => {
            let error = Error::State { expected: Stage::Pending, found: record.state };
            let invoice = json!(Shown::of(&record, now));
            let message = error.to_string();
            let body = json!({"error": "wrong-state", "message": message, "invoice": invoice});
            Ok((StatusCode::CONFLICT, Json(body)).into_response())
        }
    }
}

async fn cancel(shop: &Arc<Shop>, number: TransactionNumber) -> Result<Cancel, Error> {
    let asked = number.clone();
    let record = shop.books.read(move |ledger| ledger.find(&asked)).await?;
    let record = record.ok_or(Error::Absent)?;
    if record.state == Stage::Pending
        && let Some(paid) = check(shop, record).await?
    {
        return Ok(Cancel::Paid(paid));
    }
    let now = shop.now();
    let cancelled = shop.books.write(move |ledger| {
        let cancelled = ledger.cancel(&number, now);
        let record = ledger.find(&number)?.ok_or(Error::Absent)?;
        match cancelled {
            // It was paid meanwhile, or before.
            Err(Error::State { .. }) if record.state == Stage::Paid => Ok(Cancel::Paid(record)),
            cancelled => cancelled.map(|()| Cancel::Cancelled(record)),
        }
    });
    let done = cancelled.await?;
    match &done {
        Cancel::Cancelled(record) | Cancel::Paid(record) => shop.live.show(record.clone()),
    }
    Ok(done)
}

/// Checks an invoice once, if the key's budget and the gaps between checks allow it soon. The
/// record, if it is paid.
async fn check(shop: &Arc<Shop>, record: Record) -> Result<Option<Record>, Error> {
    let Some(invoice) = record.invoice else { return Ok(None) };
    let (budget, asked, now) = (shop.budget, invoice.clone(), shop.now());
    let turns = shop.books.write(move |ledger| ledger.take_turns(&asked, &budget, now));
    if !turns.await? {
        return Ok(None);
    }
    let answer = shop.client.check_invoice_within(&invoice, Trigger::Button, CHECK_WAIT).await;
    let payment = match answer {
        Ok(Some(payment @ Payment::Paid(_))) => {
            shop.metrics.checks_paid.add(1);
            payment
        }
        Ok(Some(Payment::Unpaid)) => {
            shop.metrics.checks_unpaid.add(1);
            return Ok(None);
        }
        Ok(None) => return Ok(None),
        Err(error) => {
            shop.metrics.checks_failed.add(1);
            tracing::warn!(number = %record.number, %error, "a check had no answer");
            return Ok(None);
        }
    };
    let (id, now) = (invoice.qris_invoiceid, shop.now());
    let settled = shop.insist(move |ledger| {
        let settlement = ledger.settle(id, &payment, now)?;
        Ok((settlement, ledger.find_invoice(id)?.ok_or(Error::Absent)?))
    });
    let (settlement, record) = settled.await?;
    if settlement == Settlement::Now {
        shop.settled(record.clone());
    }
    Ok(Some(record))
}

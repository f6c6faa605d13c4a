//! The caller's reference of a charge, which identifies the same charge on a later day.

use axum::http::HeaderMap;
use qris_ledger::NewOrder;

use crate::http_error::HttpError;

/// The caller's reference of a charge, from the body or the header.
pub(crate) fn read(headers: &HeaderMap, body: Option<String>) -> Result<Option<String>, HttpError> {
    let header = headers.get("idempotency-key").map(|value| value.to_str().map(str::to_owned));
    let header =
        header.transpose().map_err(|_| HttpError::invalid("expected Idempotency-Key in ASCII"))?;
    if let (Some(header), Some(body)) = (&header, &body)
        && header != body
    {
        return Err(HttpError::invalid(
            "expected the same text in Idempotency-Key and reference, found different ones",
        ));
    }
    let text = header.or(body);
    match &text {
        Some(text) if text.trim().is_empty() => {
            Err(HttpError::invalid("reference: expected a text, found none"))
        }
        Some(text) if text.chars().count() > NewOrder::MAX_REFERENCE_CHARS => {
            Err(HttpError::invalid("reference: expected at most 255 characters, found more"))
        }
        _ => Ok(text),
    }
}

//! Reads the body of a request before its handler is called, with a time limit and a size limit.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::StreamExt as _;

use crate::connections::{BODY_TIMEOUT, Connection};
use crate::http_error::refuse;

/// The maximum size of a body in bytes. A webhook has about 250.
const MAX_BODY_BYTES: usize = 16 * 1024;

/// The maximum size of a settlement table in bytes.
const MAX_FILE_BYTES: usize = 8 * 1024 * 1024;

/// Why a body was not read.
enum BodyError {
    TooLarge,
    Broken,
}

/// Reads the body within its limits, or refuses the request.
pub(crate) async fn read(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    let max_bytes = match (&parts.method, path) {
        (&Method::POST, Some("/api/settlements")) => MAX_FILE_BYTES,
        _ => MAX_BODY_BYTES,
    };
    let connection = parts.extensions.get::<Arc<Connection>>().cloned();
    let (status, code, words) =
        match tokio::time::timeout(BODY_TIMEOUT, collect(body, max_bytes)).await {
            Ok(Ok(body)) => {
                if let Some(connection) = connection {
                    connection.body_received();
                }
                return next.run(Request::from_parts(parts, Body::from(body))).await;
            }
            Ok(Err(BodyError::TooLarge)) => {
                let words = format!("expected a body of at most {max_bytes} bytes, found more");
                (StatusCode::PAYLOAD_TOO_LARGE, "too-large", words)
            }
            Ok(Err(BodyError::Broken)) => {
                (StatusCode::BAD_REQUEST, "bad-request", "expected a complete body".to_owned())
            }
            Err(_) => {
                let words = format!("expected the whole body within {} s", BODY_TIMEOUT.as_secs());
                (StatusCode::REQUEST_TIMEOUT, "too-slow", words)
            }
        };
    refuse(status, code, words)
}

async fn collect(body: Body, max_bytes: usize) -> Result<Bytes, BodyError> {
    let mut pieces = body.into_data_stream();
    let mut whole = Vec::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| BodyError::Broken)?;
        if whole.len() + piece.len() > max_bytes {
            return Err(BodyError::TooLarge);
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.into())
}

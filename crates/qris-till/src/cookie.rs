//! The cookie with the secret of a session.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue};

use crate::secret::Secret;

/// The cookie's name over plain HTTP, and over TLS. Other sites on the same host name cannot set
/// the TLS name.
const NAME: &str = "qris_till";
const SECURE_NAME: &str = "__Host-qris_till";

/// How long a browser keeps the cookie. The session may end earlier.
const MAX_AGE_SECONDS: u32 = 400 * 24 * 60 * 60;

/// Whether the browser uses TLS, as the reverse proxy reports it. The till itself has no TLS.
fn is_over_tls(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https")
}

fn name(headers: &HeaderMap) -> &'static str {
    if is_over_tls(headers) { SECURE_NAME } else { NAME }
}

/// The text in the request's cookie.
pub(crate) fn read(headers: &HeaderMap) -> Option<&str> {
    let name = name(headers);
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The header that gives a browser the secret. No script can read it, and no page of another site has
/// it sent.
pub(crate) fn set_cookie(headers: &HeaderMap, secret: &Secret) -> Option<HeaderValue> {
    set(headers, secret.reveal(), MAX_AGE_SECONDS)
}

/// The header that takes it away.
pub(crate) fn take(headers: &HeaderMap) -> Option<HeaderValue> {
    set(headers, "", 0)
}

fn set(headers: &HeaderMap, value: &str, max_age: u32) -> Option<HeaderValue> {
    let secure = if is_over_tls(headers) { "; Secure" } else { "" };
    let name = name(headers);
    let cookie =
        format!("{name}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={max_age}{secure}");
    let mut header = HeaderValue::try_from(cookie).ok()?;
    header.set_sensitive(true);
    Some(header)
}

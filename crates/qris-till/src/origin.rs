//! Sites whose pages may use the API.

use std::fmt;
use std::time::Duration;

use axum::http::header::{
    AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, ORIGIN, RETRY_AFTER,
};
use axum::http::{HeaderMap, Method, Uri};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may cache the answer to a preflight request.
const MAX_AGE: Duration = Duration::from_secs(600);

/// A site whose pages may use the till's API from a browser: scheme, host and port.
///
/// ```
/// use qris_till::Origin;
///
/// let origin = Origin::parse("https://shop.example")?;
/// assert_eq!(origin.to_string(), "https://shop.example");
/// for text in ["*", "null", "shop.example", "https://shop.example/", "https://shop.example:443"] {
///     assert!(Origin::parse(text).is_err(), "{text}");
/// }
/// # Ok::<(), qris_till::InvalidOrigin>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

/// A text that is not an origin as browsers send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected an origin such as https://shop.example or http://localhost:3000, found another text"
)]
pub struct InvalidOrigin;

impl Origin {
    /// Parses an origin as browsers send it: `http` or `https`, a host, and a port that is not the
    /// scheme's own; no path, and no `*`.
    ///
    /// # Errors
    ///
    /// [`InvalidOrigin`] for anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidOrigin> {
        let text = text.to_ascii_lowercase();
        let uri: Uri = text.parse().map_err(|_| InvalidOrigin)?;
        let (scheme, host) = (uri.scheme_str(), uri.host().unwrap_or_default());
        let own_port = match scheme {
            Some("http") => 80,
            Some("https") => 443,
            _ => return Err(InvalidOrigin),
        };
        let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
        let canonical = format!("{}://{host}{port}", scheme.unwrap_or_default());
        if host.is_empty() || host.contains('*') || uri.port_u16() == Some(own_port) {
            return Err(InvalidOrigin);
        }
        if canonical == text { Ok(Self(text)) } else { Err(InvalidOrigin) }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_allowed(allowed: &[Origin], origin: &HeaderValue) -> bool {
    allowed.iter().any(|one| one.0.as_bytes() == origin.as_bytes())
}

/// Whether a request is from a page of one of these sites.
pub(crate) fn is_of(allowed: &[Origin], headers: &HeaderMap) -> bool {
    headers.get(ORIGIN).is_some_and(|origin| is_allowed(allowed, origin))
}

/// Answers preflight requests for these sites, and lets their pages read answers. They send the
/// token in a header; cookies are not accepted from them.
pub(crate) fn cors(allowed: Vec<Origin>) -> CorsLayer {
    let allow = AllowOrigin::predicate(move |origin, request| {
        request.uri.path().starts_with("/api/") && is_allowed(&allowed, origin)
    });
    let own = ["idempotency-key", "last-event-id"].map(HeaderName::from_static);
    let headers = [AUTHORIZATION, CONTENT_TYPE].into_iter().chain(own);
    CorsLayer::new()
        .allow_origin(allow)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers(headers.collect::<Vec<_>>())
        .expose_headers([RETRY_AFTER])
        .max_age(MAX_AGE)
}

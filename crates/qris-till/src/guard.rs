//! Who is let in, and what a browser may do with what it is given.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Query, Request, State};
use axum::http::header::{
    ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HOST, HeaderName,
    HeaderValue, LOCATION, ORIGIN, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Form};
use serde::Deserialize;

use crate::connections::Connection;
use crate::failed_logins::TooManyFailures;
use crate::http_error::refuse;
use crate::state::AppState;
use crate::{origin, pages};

const COOKIE_NAME: &str = "qris_till";

/// Lets a request through if it may pass. A wrong token is answered late.
pub(crate) async fn guard(
    State(app): State<Arc<AppState>>,
    Extension(connection): Extension<Arc<Connection>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    // The webhook has a token of its own, and the page that asks for the token is for those who
    // are not in yet.
    let open = path.starts_with("/webhook/")
        || path.starts_with("/assets/")
        || matches!(path, "/login" | "/healthz" | "/readyz");
    let headers = request.headers();
    let admission = match &app.token {
        Some(token) if !open => {
            let (bearer, cookie, ticket) = (bearer(headers), cookie(headers), ticket(&request));
            if bearer.is_some_and(|text| token.is(text)) {
                Admission::Program
            } else if cookie.is_some_and(|text| token.is(text))
                || ticket.as_deref().is_some_and(|text| app.tickets.redeem(text, Instant::now()))
            {
                Admission::Browser
            } else {
                let refusal = unauthorized(&request);
                // A request without a token is no guess: a browser's first, for one.
                if bearer.is_none() && cookie.is_none() && ticket.is_none() {
                    return refusal;
                }
                let is_page = pages::is_page(path);
                return match app.failed_logins.slow_down(connection.address, &app.metrics).await {
                    Ok(()) => refusal,
                    Err(failures) if is_page => ask_later(refusal, failures),
                    Err(failures) => too_many_logins(failures),
                };
            }
        }
        Some(_) => Admission::Browser,
        // Another site's name may be made to lead here; its pages must not.
        None if !path.starts_with("/webhook/") && !has_loopback_host(headers) => {
            let words = "expected a request to localhost or a loopback address";
            return refuse(StatusCode::MISDIRECTED_REQUEST, "wrong-host", words);
        }
        None => Admission::Browser,
    };
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let webhook = path.starts_with("/webhook/");
    // A cookie is for the till's own pages; where nobody is asked, the allowed sites are let in too.
    let is_own = is_same_origin(headers)
        || (app.token.is_none() && origin::is_of(&app.allow_origins, headers));
    if changes && !webhook && admission == Admission::Browser && !is_own {
        let words = "expected a request of the till's own pages, found one of another site";
        return refuse(StatusCode::FORBIDDEN, "cross-origin", words);
    }
    next.run(request).await
}

/// How somebody got in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Admission {
    /// With a header that no page of another site can set.
    Program,
    /// With a cookie or a ticket, or because nobody is asked: pages of other sites might try as well.
    Browser,
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))
}

/// The ticket in the query of a stream of events; elsewhere it opens nothing.
fn ticket(request: &Request) -> Option<String> {
    if request.method() != Method::GET || !is_stream(request) {
        return None;
    }
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(request.uri()).ok()?;
    pairs.into_iter().find_map(|(name, value)| (name == "ticket").then_some(value))
}

fn is_stream(request: &Request) -> bool {
    let path = request.uri().path();
    // A slash within a number is percent-encoded.
    let order = path.strip_prefix("/api/orders/").and_then(|rest| rest.split_once('/'));
    match path {
        "/api/stream" => true,
        // The same path is a list for a program that does not ask for a stream.
        "/api/events" => accepts_stream(request.headers()),
        _ => order.is_some_and(|(_, what)| what == "events"),
    }
}

/// Whether a request asks for a stream of events.
pub(crate) fn accepts_stream(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.contains("text/event-stream"))
}

/// Asks for the token on a page, and says elsewhere that one is needed.
fn unauthorized(request: &Request) -> Response {
    if request.method() == Method::GET && pages::is_page(request.uri().path()) {
        return (StatusCode::UNAUTHORIZED, pages::login()).into_response();
    }
    let words = "expected Authorization: Bearer and the till's token";
    let mut response = refuse(StatusCode::UNAUTHORIZED, "unauthorized", words);
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

fn has_loopback_host(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let authority = host.and_then(|host| host.parse::<Authority>().ok());
    authority.is_some_and(|authority| {
        let host = authority.host().trim_matches(['[', ']']);
        host.eq_ignore_ascii_case("localhost")
            || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}

/// Too many wrong tokens came from an address.
pub(crate) fn too_many_logins(failures: TooManyFailures) -> Response {
    let words = "expected a pause after many wrong tokens from this address";
    ask_later(refuse(StatusCode::TOO_MANY_REQUESTS, "too-many-logins", words), failures)
}

fn ask_later(mut response: Response, failures: TooManyFailures) -> Response {
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response.headers_mut().insert(RETRY_AFTER, failures.retry_after());
    response
}

/// Programs send neither header; browsers send at least one with what changes something.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or(""));
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match text(ORIGIN) {
        Some(origin) => {
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            authority.is_some() && authority == text(HOST)
        }
        None => true,
    }
}

#[derive(Deserialize)]
pub(crate) struct Login {
    token: String,
    /// The page that was asked for.
    next: Option<String>,
}

/// Takes the token on the page, and gives the browser a cookie that no script can read.
pub(crate) async fn login(
    State(app): State<Arc<AppState>>,
    Extension(connection): Extension<Arc<Connection>>,
    headers: HeaderMap,
    Form(login): Form<Login>,
) -> Response {
    if !app.token.as_ref().is_some_and(|token| token.is(login.token.trim())) {
        return match app.failed_logins.slow_down(connection.address, &app.metrics).await {
            Ok(()) => (StatusCode::UNAUTHORIZED, pages::login_again()).into_response(),
            Err(failures) => ask_later(pages::login_again().into_response(), failures),
        };
    }
    // What speaks TLS before the till says so; by itself the till does not.
    let over_tls = headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    let cookie = format!(
        "{COOKIE_NAME}={}; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000{}",
        login.token.trim(),
        if over_tls { "; Secure" } else { "" },
    );
    let asked = login.next.and_then(|next| next.parse::<Uri>().ok());
    let page = asked.filter(|uri| uri.authority().is_none() && pages::is_page(uri.path()));
    let page = page.map_or("/".to_owned(), |uri| uri.to_string());
    (StatusCode::SEE_OTHER, [(LOCATION, page), (SET_COOKIE, cookie)]).into_response()
}

/// Tells browsers to trust nothing but the till itself, and to keep nothing.
pub(crate) async fn harden(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let content = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                   connect-src 'self'; media-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, content),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // Without a referrer a browser hides the origin of its forms, from the till too.
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

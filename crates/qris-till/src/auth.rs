//! Authenticates requests and checks permissions.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::body::Body;
use axum::extract::{MatchedPath, Query, Request, State};
use axum::http::header::{
    ACCEPT, AUTHORIZATION, HOST, HeaderName, HeaderValue, ORIGIN, WWW_AUTHENTICATE,
};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use qris_ledger::Error as LedgerError;

use crate::access::{Access, Credential, Holder};
use crate::connections::Connection;
use crate::failed_logins::{ask_later, too_many_logins};
use crate::http_error::{HttpError, refuse};
use crate::secret::Secret;
use crate::state::AppState;
use crate::{cookie, http_error, origin, pages, permissions};

/// How often a stream of events checks that its reader still has access.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// Forwards a request if it is allowed. A wrong token is answered late.
pub(crate) async fn authorize(
    State(app): State<Arc<AppState>>,
    Extension(connection): Extension<Arc<Connection>>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_webhook = path.starts_with("/webhook/");
    let needs_no_sign_in = app.needs_no_sign_in().await;
    // Another site's name may resolve to this address (DNS rebinding); its pages must get no
    // access.
    if needs_no_sign_in && !is_webhook && !has_loopback_host(request.headers()) {
        let words = "expected a request to localhost or a loopback address";
        return refuse(StatusCode::MISDIRECTED_REQUEST, "wrong-host", words);
    }
    let claims = Claims::from_request(&request);
    let (access, by_header) = match admit(&app, claims, needs_no_sign_in).await {
        Ok(Admission::Open) => (None, false),
        Ok(Admission::ByHeader(access)) => (Some(access), true),
        Ok(Admission::ByBrowser(access)) => (Some(access), false),
        Ok(Admission::Nobody { guessed }) => {
            let refusal = unauthorized(&request);
            // A request without a token is not a guess: for example a browser's first request.
            if !guessed {
                return refusal;
            }
            let is_page = pages::is_page(path);
            return match app.failed_logins.slow_down(connection.address, &app.metrics).await {
                Ok(()) => refusal,
                Err(failures) if is_page => ask_later(refusal, failures.retry_after()),
                Err(failures) => too_many_logins(failures.retry_after()),
            };
        }
        Err(error) => return HttpError::from(error).into_response(),
    };
    if let Some(access) = &access
        && !is_permitted(access, &request)
    {
        return wrong_method(&request).unwrap_or_else(|| forbidden(&request));
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    // A cookie is for the till's own pages. If nobody needs to sign in, the allowed sites have
    // access too.
    let headers = request.headers();
    let is_own =
        is_same_origin(headers) || (needs_no_sign_in && origin::is_of(&app.allow_origins, headers));
    if changes && !is_webhook && !by_header && !is_own {
        let words = "expected a request from the till's own pages, found one from another site";
        return refuse(StatusCode::FORBIDDEN, "cross-origin", words);
    }
    let Some(access) = access else { return next.run(request).await };
    let is_stream = is_stream(&request);
    request.extensions_mut().insert(access.clone());
    let response = next.run(request).await;
    match is_stream && access.proof != Credential::None {
        true => response.map(|body| ended_with(app, access, body)),
        false => response,
    }
}

/// How a request was authenticated.
enum Admission {
    /// The path needs no authentication.
    Open,
    /// With a header that pages of other sites cannot set.
    ByHeader(Access),
    /// With a cookie or a ticket, or without sign-in. Pages of other sites could send such requests
    /// too.
    ByBrowser(Access),
    /// It was not.
    Nobody { guessed: bool },
}

/// The credentials of a request.
struct Claims {
    /// Whether its path needs no authentication.
    is_open: bool,
    bearer: Option<String>,
    cookie: Option<String>,
    ticket: Option<String>,
    /// Whether a person caused it, by opening a page or pressing a button.
    is_use: bool,
}

impl Claims {
    fn from_request(request: &Request) -> Self {
        let headers = request.headers();
        Self {
            is_open: permissions::is_open(request.method().as_str(), request.uri().path()),
            bearer: bearer(headers),
            cookie: cookie::read(headers).map(str::to_owned),
            ticket: ticket(request),
            is_use: is_use(request),
        }
    }
}

/// Automatic requests of an open page do not keep a session alive.
fn is_use(request: &Request) -> bool {
    let path = request.uri().path();
    match *request.method() {
        Method::GET | Method::HEAD => pages::is_page(path),
        _ => !path.starts_with("/api/counters/"),
    }
}

async fn admit(
    app: &AppState,
    claims: Claims,
    needs_no_sign_in: bool,
) -> Result<Admission, LedgerError> {
    let Claims { is_open, bearer, cookie, ticket, is_use } = claims;
    if is_open {
        return Ok(Admission::Open);
    }
    if let Some(text) = bearer.as_deref() {
        if app.token.as_ref().is_some_and(|token| token.is(text)) {
            return Ok(Admission::ByHeader(Access::owner_token()));
        }
        if let Some(secret) = Secret::from_text(text)
            && let Some(access) = app.people.by_token(&app.orders, &secret).await?
        {
            return Ok(Admission::ByHeader(access));
        }
    }
    if let Some(secret) = cookie.as_deref().and_then(Secret::from_text) {
        let found = app.people.by_session(&app.orders, &secret, app.token.as_ref(), is_use).await?;
        if let Some(access) = found {
            return Ok(Admission::ByBrowser(access));
        }
    }
    // A wrong token is refused even if nobody needs to sign in.
    if needs_no_sign_in && bearer.is_none() {
        return Ok(Admission::ByBrowser(Access::anybody()));
    }
    let redeemed = ticket.as_deref().and_then(|text| app.tickets.redeem(text, Instant::now()));
    // A ticket ends with its session.
    let redeemed = match redeemed {
        Some(access) if app.people.still_has_access(&app.orders, &access).await? => Some(access),
        _ => None,
    };
    Ok(match redeemed {
        Some(access) => Admission::ByBrowser(access),
        // The cookie of an ended session is not a guess, but it looks like one.
        None => {
            Admission::Nobody { guessed: bearer.is_some() || cookie.is_some() || ticket.is_some() }
        }
    })
}

/// Whether the table allows it. The router answers unknown paths.
fn is_permitted(access: &Access, request: &Request) -> bool {
    let Some(path) = request.extensions().get::<MatchedPath>() else { return true };
    let who = match &access.holder {
        Holder::Token { role, .. } => Err(*role),
        _ => access.role().ok_or(qris_ledger::TokenRole::Display),
    };
    match permissions::find(request.method().as_str(), path.as_str()) {
        Some(permission) => permission.is_for(who),
        None => who == Ok(qris_ledger::Role::Owner),
    }
}

/// The error for a method that the path does not have. It comes before the check of the role.
fn wrong_method(request: &Request) -> Option<Response> {
    let path = request.extensions().get::<MatchedPath>()?.as_str();
    if permissions::find(request.method().as_str(), path).is_some() {
        return None;
    }
    let allowed = permissions::methods(path);
    (!allowed.is_empty()).then(|| http_error::wrong_method(&allowed))
}

/// A body that ends when its reader loses access.
fn ended_with(app: Arc<AppState>, access: Access, body: Body) -> Body {
    let revoked = Box::pin(async move {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            // If the ledger does not answer, access stays.
            if matches!(app.people.still_has_access(&app.orders, &access).await, Ok(false)) {
                return;
            }
        }
    });
    Body::from_stream(body.into_data_stream().take_until(revoked))
}

/// The token of the header `Authorization: Bearer`; empty if the scheme stands alone. Other schemes,
/// such as the Basic of a proxy in front of the till, say nothing about the till.
fn bearer(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// The ticket in the query of a stream of events. For other paths it has no effect.
fn ticket(request: &Request) -> Option<String> {
    if request.method() != Method::GET || !is_stream(request) {
        return None;
    }
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(request.uri()).ok()?;
    pairs.into_iter().find_map(|(name, value)| (name == "ticket").then_some(value))
}

fn is_stream(request: &Request) -> bool {
    let path = request.uri().path();
    // A slash in a number is percent-encoded.
    let order = path.strip_prefix("/api/orders/").and_then(|rest| rest.split_once('/'));
    match path {
        "/api/stream" => true,
        // The same path returns a list if the request does not accept a stream.
        "/api/events" => accepts_stream(request.headers()),
        _ => order.is_some_and(|(_, what)| what == "events"),
    }
}

/// Whether a request accepts a stream of events.
pub(crate) fn accepts_stream(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.contains("text/event-stream"))
}

/// Shows the sign-in page, or answers 401 to a program.
fn unauthorized(request: &Request) -> Response {
    if is_for_a_page(request) {
        return (StatusCode::UNAUTHORIZED, pages::login()).into_response();
    }
    let words = if bearer(request.headers()).is_some() {
        "this token is not known"
    } else {
        "expected the header Authorization: Bearer with a token, or the cookie of a session"
    };
    let mut response = refuse(StatusCode::UNAUTHORIZED, "unauthorized", words);
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// Answers 403; for a page, shows the sign-in page.
fn forbidden(request: &Request) -> Response {
    if is_for_a_page(request) {
        return (StatusCode::FORBIDDEN, pages::login_for_another()).into_response();
    }
    forbidden_answer()
}

/// The same for a program.
pub(crate) fn forbidden_answer() -> Response {
    let words = "expected a role or token with this permission, found one without it";
    refuse(StatusCode::FORBIDDEN, "forbidden", words)
}

fn is_for_a_page(request: &Request) -> bool {
    request.method() == Method::GET && pages::is_page(request.uri().path())
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

/// Programs send neither header. Browsers send at least one with requests that change something.
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

//! `/pay/{secret}`: the page of one order for its payer, without login.
//!
//! Reading the page changes nothing and sends nothing to the provider, because messengers and
//! search engines read links too. Only `POST` requests a code; the script of an opened page or a
//! button sends it.

mod ask;
pub(crate) mod limits;
mod page;
mod words;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Path, Query, Request};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
    HeaderValue, LOCATION, REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use qris_image::{Drawing, Size};
use qris_orders::{Actor, Order, Orders};
use serde::Deserialize;

use self::limits::PAYER;
use self::page::{Note, Page};
use self::words::Words;
use crate::connections::Connection;
use crate::request_body;
use crate::state::{AppState, stopped};
use crate::text::{clock, merchants_name, shop_name};

/// How long a request waits for changes. Proxies end longer requests.
const WAIT: Duration = Duration::from_secs(25);

/// `Retry-After` in seconds for a page that may not wait, because too many pages wait.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("10");

/// The width in pixels of the picture that a payer saves: sharp on a phone, and a small file.
const SAVED_WIDTH: u16 = 720;

/// The routes of the payment pages.
pub(crate) fn router(app: Arc<AppState>) -> Router {
    Router::new()
        .route("/pay/{secret}", get(show))
        .route("/pay/{secret}/news", get(news))
        .route("/pay/{secret}/code", post(code))
        .route("/pay/{secret}/qr.svg", get(svg))
        .route("/pay/{secret}/qr.png", get(png))
        .route(
            "/pay/assets/pay.css",
            get(async || file("text/css", include_str!("../pages/pay.css"))),
        )
        .route(
            "/pay/assets/pay.js",
            get(async || file("text/javascript", include_str!("../pages/pay.js"))),
        )
        .layer(middleware::from_fn(request_body::read))
        .layer(middleware::from_fn(keep_private))
        .with_state(app)
}

/// The router of the public listener: only the payment pages.
pub(crate) fn public_router(app: Arc<AppState>) -> Router {
    router(app).fallback(not_found).layer(middleware::from_fn(keep_private))
}

fn file(kind: &str, text: &'static str) -> Response {
    let kind = format!("{kind}; charset=utf-8");
    ([(CONTENT_TYPE, kind.as_str()), (CACHE_CONTROL, "no-cache")], text).into_response()
}

/// Tells browsers and search engines to store nothing, to send no referrer, and to allow no frames.
async fn keep_private(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let content = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                   connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, content),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow, noarchive"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The query parameters. Unknown ones are ignored.
#[derive(Default, Deserialize)]
struct PayQuery {
    lang: Option<String>,
    note: Option<String>,
    /// The version that the page already shows.
    seen: Option<String>,
}

/// A request for the page of an order.
struct PayRequest {
    app: Arc<AppState>,
    /// The orders of its merchant, with the payer as actor.
    orders: Orders,
    order: Order,
    secret: String,
    query: PayQuery,
    words: &'static Words,
}

impl FromRequestParts<Arc<AppState>> for PayRequest {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<AppState>) -> Result<Self, Response> {
        let query = Query::<PayQuery>::try_from_uri(&parts.uri);
        let query = query.map_or_else(|_| PayQuery::default(), |Query(query)| query);
        let words = Words::choose(query.lang.as_deref(), &parts.headers);
        let secret = Path::<String>::from_request_parts(parts, app).await;
        let secret = secret.map_or_else(|_| String::new(), |Path(secret)| secret);
        let asked = secret.clone();
        let orders = app.orders.by(Actor::new(PAYER));
        let found = orders.read(move |ledger| ledger.find_by_pay_secret(&asked)).await;
        match found {
            Ok(Some(order)) => {
                // An order of a merchant that this till does not have is unknown too.
                if let Ok(orders) = orders.for_merchant(order.merchant.clone()) {
                    let app = Arc::clone(app);
                    return Ok(Self { app, orders, order, secret, query, words });
                }
            }
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, "a payment page could not be read");
                let page = page::refusal(words, words.title, words.away);
                return Err((StatusCode::SERVICE_UNAVAILABLE, Html(page)).into_response());
            }
        }
        let Ok(Extension(connection)) =
            Extension::<Arc<Connection>>::from_request_parts(parts, app).await
        else {
            return Err(unknown(words));
        };
        // Each guess is answered late, and each address has a limited number.
        let slowed = app.pay.wrong_links.slow_down(connection.address, &app.metrics).await;
        Err(match slowed {
            Ok(()) => unknown(words),
            Err(failures) => {
                let page = page::refusal(words, words.title, words.crowded);
                let wait = [(RETRY_AFTER, failures.retry_after().as_secs().to_string())];
                (StatusCode::TOO_MANY_REQUESTS, wait, Html(page)).into_response()
            }
        })
    }
}

/// The answer for an unknown secret and for an unknown path.
fn unknown(words: &'static Words) -> Response {
    let [heading, advice] = words.unknown_link;
    (StatusCode::NOT_FOUND, Html(page::refusal(words, heading, advice))).into_response()
}

async fn not_found(headers: HeaderMap) -> Response {
    unknown(Words::choose(None, &headers))
}

impl PayRequest {
    /// The current page.
    async fn page(&self, note: Option<Note>) -> Response {
        let shop = match shop_name(&self.order) {
            Some(name) => Some(name),
            // An order without a code has no picture.
            None => merchants_name(&self.orders).await,
        };
        let page = Page {
            words: self.words,
            order: &self.order,
            now: self.orders.now(),
            secret: &self.secret,
            shop,
            note,
            lang: self.query.lang.as_ref().map(|_| self.words.lang),
        };
        Html(page.html()).into_response()
    }

    fn version(&self) -> String {
        page::version(&self.order, self.orders.now())
    }

    /// The drawing of the code, if it may be shown.
    fn drawing(&self) -> Result<Drawing<'_>, StatusCode> {
        let may_be_shown = self.order.may_be_shown(self.orders.now());
        let invoice = self.order.invoice.as_ref().filter(|_| may_be_shown);
        let drawing = invoice.and_then(|invoice| Drawing::parse(&invoice.qris_content).ok());
        drawing.ok_or(StatusCode::GONE)
    }
}

async fn show(visit: PayRequest) -> Response {
    let note = visit.query.note.as_deref().and_then(Note::parse);
    visit.page(note).await
}

/// Answers with the page when it changes; 204 if it does not change for a while.
async fn news(mut visit: PayRequest) -> Response {
    let seen = visit.query.seen.clone().unwrap_or_default();
    if visit.version() != seen {
        return visit.page(None).await;
    }
    let Ok(_permit) = visit.app.pay.followers.clone().try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, ASK_AGAIN)]).into_response();
    };
    let (app, number) = (Arc::clone(&visit.app), visit.order.number.clone());
    let mut changes = app.live.wait(visit.order.clone());
    // It may have changed between reading it and waiting for its changes.
    match visit.orders.find(&number).await {
        Ok(order) => app.live.show(order, visit.orders.now()),
        Err(error) => {
            tracing::warn!(%error, "a payment page follows its order without reading the ledger")
        }
    }
    let mut stopping = app.stopping.subscribe();
    let is_other = |order: &Order| page::version(order, visit.orders.now()) != seen;
    let changed = tokio::select! {
        changed = changes.wait_for(is_other) => changed.ok().map(|order| order.clone()),
        () = tokio::time::sleep(WAIT) => None,
        () = stopped(&mut stopping) => None,
    };
    match changed {
        Some(order) => {
            visit.order = order;
            visit.page(None).await
        }
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

/// Requests a code, then redirects to the page, so that a reload requests nothing.
async fn code(visit: PayRequest) -> Response {
    let note = ask::code(&visit.app, &visit.orders, &visit.order).await.err();
    let lang = visit.query.lang.as_ref().map(|_| format!("lang={}", visit.words.lang));
    let note = note.map(|note| format!("note={}", note.as_str()));
    let query: Vec<String> = lang.into_iter().chain(note).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    // Relative to /pay/{secret}/code, because a reverse proxy may add a path.
    let page = format!("../{}{mark}{}", visit.secret, query.join("&"));
    (StatusCode::SEE_OTHER, [(LOCATION, page)]).into_response()
}

async fn svg(visit: PayRequest) -> Result<Response, StatusCode> {
    let picture = visit.drawing()?.plain().svg();
    let picture = picture.map_err(|_| StatusCode::GONE)?;
    Ok(([(CONTENT_TYPE, "image/svg+xml")], picture).into_response())
}

/// The picture for a wallet that reads it from the gallery, with name, NMID, amount and time.
async fn png(visit: PayRequest) -> Result<Response, StatusCode> {
    let drawing = visit.drawing()?;
    let drawing = match visit.order.shown_until {
        Some(until) => {
            let (words, day) = (visit.words, visit.words.day(until));
            drawing.line(&format!("{} {} WIB, {day}", words.valid_until, clock(until)))
        }
        None => drawing,
    };
    let picture = drawing.size(Size::Width(SAVED_WIDTH)).png();
    let picture = picture.map_err(|_| StatusCode::GONE)?;
    let number = visit.order.number.as_str();
    let plain = |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte) } else { '-' };
    let name: String = number.bytes().map(plain).collect();
    let disposition = format!("attachment; filename=\"QRIS-{name}.png\"");
    let headers = [(CONTENT_TYPE, "image/png".to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, picture).into_response())
}

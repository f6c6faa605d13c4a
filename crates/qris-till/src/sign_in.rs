//! Signing in and out: `/login` for a page, `/api/session` for a program.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Form, Json, Router};
use qris_api::WibTime;
use qris_ledger::{Error as LedgerError, NewSession, Role, SignInTry, TokenRole};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::access::{Access, Credential, Holder};
use crate::connections::Connection;
use crate::failed_logins::{ask_later, too_many_logins};
use crate::http_error::{HttpError, refuse};
use crate::secret::Secret;
use crate::state::AppState;
use crate::{cookie, pages, pin};

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/login", get(|| async { pages::login() }).post(login))
        .route("/api/session", get(show).post(create).delete(end))
}

/// A name and a PIN, or a token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    #[serde(default)]
    name: String,
    #[serde(default, deserialize_with = "secret")]
    pin: Option<SecretString>,
    #[serde(default, deserialize_with = "secret")]
    token: Option<SecretString>,
}

/// The same from the form of the sign-in page.
#[derive(Deserialize)]
struct LoginForm {
    #[serde(default)]
    name: String,
    #[serde(default, deserialize_with = "secret")]
    pin: Option<SecretString>,
    #[serde(default, deserialize_with = "secret")]
    token: Option<SecretString>,
    /// The requested page.
    next: Option<String>,
}

fn secret<'de, D: Deserializer<'de>>(input: D) -> Result<Option<SecretString>, D::Error> {
    Ok(Option::<String>::deserialize(input)?.map(SecretString::from))
}

/// Why the sign-in failed.
enum Refused {
    /// The name, the PIN or the token is wrong.
    Wrong,
    /// There were too many failures: try again after this time.
    Later(Duration),
    Failed(HttpError),
}

impl From<LedgerError> for Refused {
    fn from(error: LedgerError) -> Self {
        match error {
            // The user was revoked or got a new PIN while the PIN was checked.
            LedgerError::NoSuchName => Self::Wrong,
            error => Self::Failed(error.into()),
        }
    }
}

/// Handles the form of the sign-in page, and sets the session cookie.
async fn login(
    State(app): State<Arc<AppState>>,
    Extension(connection): Extension<Arc<Connection>>,
    headers: HeaderMap,
    Form(LoginForm { name, pin, token, next }): Form<LoginForm>,
) -> Response {
    let credentials = Credentials { name, pin, token };
    match sign_in(&app, &connection, &headers, credentials).await {
        Ok((secret, _)) => {
            let asked = next.and_then(|next| next.parse::<Uri>().ok());
            let page = asked.filter(|uri| uri.authority().is_none() && pages::is_page(uri.path()));
            let page = page.map_or("/".to_owned(), |uri| uri.to_string());
            let mut response = (StatusCode::SEE_OTHER, [(LOCATION, page)]).into_response();
            set_session_cookie(&headers, &secret, &mut response);
            response
        }
        Err(Refused::Wrong) => (StatusCode::UNAUTHORIZED, pages::login_again()).into_response(),
        Err(Refused::Later(wait)) => ask_later(pages::login_later().into_response(), wait),
        Err(Refused::Failed(error)) => error.into_response(),
    }
}

/// The same for a program.
async fn create(
    State(app): State<Arc<AppState>>,
    Extension(connection): Extension<Arc<Connection>>,
    headers: HeaderMap,
    body: Result<Json<Credentials>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(credentials) = body?;
    match sign_in(&app, &connection, &headers, credentials).await {
        Ok((secret, access)) => {
            let view = view(&app, &access).await?;
            let mut response = (StatusCode::CREATED, Json(view)).into_response();
            set_session_cookie(&headers, &secret, &mut response);
            Ok(response)
        }
        Err(Refused::Wrong) => {
            let words = "expected the name and PIN of a user, or a valid token";
            Ok(refuse(StatusCode::UNAUTHORIZED, "unauthorized", words))
        }
        Err(Refused::Later(wait)) => Ok(too_many_logins(wait)),
        Err(Refused::Failed(error)) => Err(error),
    }
}

fn set_session_cookie(headers: &HeaderMap, secret: &Secret, response: &mut Response) {
    if let Some(cookie) = cookie::set_cookie(headers, secret) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
}

/// Who is signed in, and the names of other users.
async fn show(
    State(app): State<Arc<AppState>>,
    Extension(access): Extension<Access>,
) -> Result<Json<Value>, HttpError> {
    Ok(Json(view(&app, &access).await?))
}

/// Ends the session. This does not end a bearer token.
async fn end(
    State(app): State<Arc<AppState>>,
    Extension(access): Extension<Access>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    if let Credential::Session { secret_hash } = access.proof {
        end_session(&app, secret_hash).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = cookie::take(&headers) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn end_session(app: &AppState, secret_hash: String) -> Result<(), LedgerError> {
    app.people.forget_session(&secret_hash);
    let hash = secret_hash.clone();
    app.orders.write(move |ledger| ledger.end_session(&hash, WibTime::now())).await?;
    app.people.forget_session(&secret_hash);
    Ok(())
}

/// The answer about a session.
async fn view(app: &AppState, access: &Access) -> Result<Value, HttpError> {
    let (kind, name, role) = match &access.holder {
        Holder::Anybody => ("anybody", None, Role::Owner.as_str()),
        Holder::OwnerToken => ("owner-token", None, Role::Owner.as_str()),
        Holder::User { name, role } => ("user", Some(name), role.as_str()),
        Holder::Token { name, role, .. } => ("token", Some(name), role.as_str()),
    };
    let users = match access.role() {
        Some(_) => app.orders.read(|ledger| ledger.users()).await?,
        None => Vec::new(),
    };
    let people = users.iter().filter(|user| user.revoked_at.is_none());
    let people: Vec<&str> = people.map(|user| user.name.as_str()).collect();
    let name = name.map(|name| name.as_str());
    Ok(json!({"kind": kind, "name": name, "role": role, "people": people}))
}

/// Opens a session. The browser's earlier session ends.
async fn sign_in(
    app: &AppState,
    connection: &Connection,
    headers: &HeaderMap,
    credentials: Credentials,
) -> Result<(Secret, Access), Refused> {
    let secret = Secret::generate().ok_or_else(|| {
        let words = "expected random numbers from the system, found none: try again";
        Refused::Failed(HttpError::new(StatusCode::SERVICE_UNAVAILABLE, "no-random-numbers", words))
    })?;
    let counted = if credentials.pin.is_some() { &app.failed_pins } else { &app.failed_logins };
    let opened = match (credentials.pin, credentials.token) {
        (Some(pin), None) => by_pin(app, connection, credentials.name, pin, &secret).await,
        (None, Some(token)) => by_token(app, token, &secret).await,
        _ => {
            let error = HttpError::invalid("expected either name and pin, or token");
            return Err(Refused::Failed(error));
        }
    };
    let holder = match opened {
        Ok(holder) => holder,
        Err(Refused::Wrong) => {
            let slowed = counted.slow_down(connection.address, &app.metrics).await;
            return Err(slowed.map_or_else(
                |failures| Refused::Later(failures.retry_after()),
                |()| Refused::Wrong,
            ));
        }
        Err(refused) => return Err(refused),
    };
    if let Some(before) = cookie::read(headers).and_then(Secret::from_text) {
        end_session(app, before.hash()).await?;
    }
    let proof = Credential::Session { secret_hash: secret.hash() };
    Ok((secret, Access { holder, proof }))
}

async fn by_pin(
    app: &AppState,
    connection: &Connection,
    name: String,
    pin: SecretString,
    secret: &Secret,
) -> Result<Holder, Refused> {
    // A token is compared even after many failures. A PIN is not, because it is short and can be
    // guessed.
    if let Some(failures) = app.failed_pins.is_full(connection.address) {
        app.metrics.logins_too_many.add(1);
        return Err(Refused::Later(failures.retry_after()));
    }
    let tried = app.orders.write(move |ledger| ledger.try_sign_in(&name, WibTime::now())).await?;
    let user = match tried {
        SignInTry::After(wait) => {
            app.metrics.logins_too_many.add(1);
            return Err(Refused::Later(wait));
        }
        SignInTry::Now { user } => user,
    };
    let (id, hash) = user.map_or((None, None), |(id, hash)| (Some(id), Some(hash)));
    // The till never closes this semaphore.
    let _permit = app.people.hashing.acquire().await;
    let asked = hash.clone();
    let compare = move || pin::is_pin_of(asked.as_deref(), &pin);
    let is_right = tokio::task::spawn_blocking(compare).await.unwrap_or(false);
    let (Some(id), Some(hash), true) = (id, hash, is_right) else { return Err(Refused::Wrong) };
    let secret_hash = secret.hash();
    let signed_in = app
        .orders
        .write(move |ledger| ledger.sign_in(id, &hash, &secret_hash, WibTime::now()))
        .await?;
    Ok(Holder::User { name: signed_in.name, role: signed_in.role })
}

/// The till's own token, or a display's token. A program sends its token as a bearer token.
async fn by_token(app: &AppState, token: SecretString, secret: &Secret) -> Result<Holder, Refused> {
    let (text, secret_hash) = (token.expose_secret().trim(), secret.hash());
    if let Some(right) = app.token.as_ref().filter(|right| right.is(text)) {
        let mac = right.mac(secret);
        let open = app.orders.write(move |ledger| {
            ledger.open_session(&NewSession::owner_token(&mac, &secret_hash), WibTime::now())
        });
        open.await?;
        return Ok(Holder::OwnerToken);
    }
    let Some(hash) = Secret::from_text(text).map(|token| token.hash()) else {
        return Err(Refused::Wrong);
    };
    let found = app.orders.read(move |ledger| ledger.token_of_secret(&hash)).await?;
    let Some(display) = found.filter(|token| token.role == TokenRole::Display) else {
        return Err(Refused::Wrong);
    };
    let id = display.id;
    let open = app.orders.write(move |ledger| {
        ledger.open_session(&NewSession::token(id, &secret_hash), WibTime::now())
    });
    open.await?;
    let (name, role, merchant) = (display.name, display.role, display.merchant);
    Ok(Holder::Token { name, role, merchant })
}

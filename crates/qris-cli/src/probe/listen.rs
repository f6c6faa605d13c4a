//! Listens for the provider's webhook at a secret address.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use qris_api::probe::BodyForm;
use qris_api::webhook::{MAX_BODY_BYTES, WebhookEvent};
use qris_till::Token;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::Instant;

use crate::messages::message;
use crate::settings::SettingsError;

/// A received webhook.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) at: Instant,
    pub(super) content_type: Option<String>,
    pub(super) form: BodyForm,
    /// Its content; `None` if it cannot be read.
    pub(super) hint: Option<WebhookEvent>,
}

/// A listener that runs until it is dropped with its runtime.
pub(super) struct Webhooks {
    pub(super) received: UnboundedReceiver<Received>,
    pub(super) address: SocketAddr,
    /// The path, unless its token is a secret from the owner's environment.
    pub(super) path: Option<String>,
}

#[derive(Clone)]
struct AppState {
    /// The digest of the token. Comparing digests does not reveal the token through timing.
    token: Arc<[u8]>,
    sender: UnboundedSender<Received>,
}

impl Webhooks {
    /// Listens at the path of `QRIS_WEBHOOK_TOKEN`, as the till does, or at a random path.
    pub(super) async fn listen(address: SocketAddr) -> io::Result<Self> {
        let own = std::env::var("QRIS_WEBHOOK_TOKEN").ok().filter(|text| !text.is_empty());
        let (token, is_own) = match own {
            Some(token) => {
                Token::parse(token.clone())
                    .map_err(|error| SettingsError(format!("QRIS_WEBHOOK_TOKEN: {error}")))?;
                (token, true)
            }
            None => (random_token()?, false),
        };
        let listener = TcpListener::bind(address).await.map_err(|error| {
            io::Error::new(error.kind(), message!("probe-listen", address = address, error = error))
        })?;
        let address = listener.local_addr()?;
        let (sender, received) = mpsc::unbounded_channel();
        let state = AppState { token: digest_of(&token), sender };
        let app = Router::new()
            .route("/webhook/{token}", post(receive))
            .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
            .with_state(state);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { received, address, path: (!is_own).then(|| format!("/webhook/{token}")) })
    }
}

async fn receive(
    State(app): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    if digest_of(&token) != app.token {
        return StatusCode::NOT_FOUND;
    }
    let content_type = headers.get(CONTENT_TYPE).and_then(|text| text.to_str().ok());
    let received = Received {
        at: Instant::now(),
        content_type: content_type.map(|text| text.chars().take(100).collect()),
        form: BodyForm::from_webhook(&body),
        hint: WebhookEvent::parse(&body).ok(),
    };
    // Fails only after the probe has ended.
    let _ = app.sender.send(received);
    StatusCode::OK
}

fn digest_of(text: &str) -> Arc<[u8]> {
    digest(&SHA256, text.as_bytes()).as_ref().into()
}

/// 40 hexadecimal digits that nobody can guess.
fn random_token() -> io::Result<String> {
    let mut bytes = [0; 20];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| io::Error::other(message!("token-no-random-numbers")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

//! A program that receives events: it stores the requests and answers as the test says.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::serve::Listener;
use qris_till::SigningSecret;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::running;

/// A received request.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) timestamp: i64,
    pub(crate) signatures: Vec<String>,
    pub(crate) body: String,
}

impl Received {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    #[track_caller]
    pub(crate) fn event_type(&self) -> String {
        self.json()["type"].as_str().expect("a type").to_owned()
    }

    #[track_caller]
    pub(crate) fn number(&self) -> String {
        self.json()["data"]["number"].as_str().expect("a number").to_owned()
    }

    /// Whether one of its signatures was made with this secret.
    #[track_caller]
    pub(crate) fn is_signed_by(&self, secret: &str) -> bool {
        let secret = SigningSecret::parse(secret).expect("a secret");
        self.signatures.contains(&secret.sign(&self.id, self.timestamp, &self.body))
    }
}

/// The answer to a request, by the number of earlier requests.
type Answers = Box<dyn Fn(usize) -> (StatusCode, Duration) + Send + Sync>;

pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    received: Mutex<Vec<Received>>,
    answers: Answers,
}

impl Shared {
    fn received(&self) -> MutexGuard<'_, Vec<Received>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Receiver {
    /// Accepts everything.
    pub(crate) async fn start() -> Self {
        Self::answering(|_| (StatusCode::NO_CONTENT, Duration::ZERO)).await
    }

    pub(crate) async fn answering(
        answers: impl Fn(usize) -> (StatusCode, Duration) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        Self::on(listener.local_addr().expect("an address"), listener, answers)
    }

    /// Serves on a listener at this address.
    pub(crate) fn on(
        address: SocketAddr,
        listener: impl Listener<Addr = SocketAddr>,
        answers: impl Fn(usize) -> (StatusCode, Duration) + Send + Sync + 'static,
    ) -> Self {
        let shared = Arc::new(Shared { received: Mutex::default(), answers: Box::new(answers) });
        let router = Router::new().route("/{*path}", post(take)).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// The requests so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.shared.received().clone()
    }

    /// The requests, when there are this many.
    pub(crate) async fn reaches(&self, count: usize, limit: Duration) -> Vec<Received> {
        let started = Instant::now();
        loop {
            let received = self.received();
            if received.len() >= count {
                return received;
            }
            let found = received.len();
            assert!(started.elapsed() < limit, "expected {count} requests, found {found}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn take(
    State(shared): State<Arc<Shared>>,
    uri: axum::http::Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let count = {
        let mut received = shared.received();
        received.push(Received {
            path: uri.path().to_owned(),
            id: header("webhook-id"),
            timestamp: header("webhook-timestamp").parse().unwrap_or_default(),
            signatures: header("webhook-signature").split(' ').map(str::to_owned).collect(),
            body: String::from_utf8_lossy(&body).into_owned(),
        });
        received.len() - 1
    };
    let (status, delay) = (shared.answers)(count);
    tokio::time::sleep(delay).await;
    if status.is_redirection() {
        return (status, [(LOCATION, "/elsewhere")]).into_response();
    }
    status.into_response()
}

/// A listener that accepts connections and sends nothing.
pub(crate) async fn silent() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            open.push(stream);
        }
    });
    address
}

/// Creates an endpoint, and returns it with its secret.
pub(crate) async fn endpoint(till: SocketAddr, url: &str, events: &[&str]) -> Value {
    let body = json!({"url": url, "events": events}).to_string();
    running::post(till, "/api/endpoints", &body).await.json(201)
}

//! `qris listen`: forwards the events of a running till to a program on this machine.

use std::io;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::Args;
use qris_ledger::EventType;
use qris_till::SigningSecret;
use reqwest::{Method, Url};
use serde_json::{Value, json};

use crate::messages::message;
use crate::output::{print, visible};
use crate::service::{self, Service, TillAddress, failed, is_this_machine};
use crate::settings::SettingsError;

/// How long to wait before a stream that ended is opened again.
const RECONNECT_AFTER: Duration = Duration::from_secs(1);

/// How long the till may send nothing. It sends something every 15 s.
const SILENCE_LIMIT: Duration = Duration::from_secs(40);

/// How long the program may take to answer; the same as for an endpoint.
const FORWARD_TIMEOUT: Duration = Duration::from_secs(10);

/// The maximum length of a line of the stream.
const MAX_LINE_BYTES: usize = 1024 * 1024;

#[derive(Args)]
pub(crate) struct Listen {
    #[arg(long, value_name = "URL")]
    forward_to: String,

    #[arg(long, value_name = "TYPES", value_delimiter = ',', value_parser = event_type)]
    events: Vec<EventType>,

    #[arg(long, value_name = "CURSOR")]
    since: Option<u64>,

    #[command(flatten)]
    till: TillAddress,
}

fn event_type(word: &str) -> Result<EventType, qris_ledger::ParseWordError> {
    word.parse()
}

impl Listen {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let target = Url::parse(&self.forward_to)
            .ok()
            .filter(is_this_machine)
            .ok_or_else(|| SettingsError(message!("listen-forward-to")))?;
        let forwarder = Forwarder {
            till: self.till.service()?,
            program: service::client(false)?,
            target,
            secret: secret()?,
            events: self.events,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            tokio::select! {
                followed = forwarder.follow(self.since) => followed?,
                interrupted = tokio::signal::ctrl_c() => interrupted?,
            }
            Ok(ExitCode::SUCCESS)
        })
    }
}

/// The secret from the environment, or a new one.
fn secret() -> io::Result<SigningSecret> {
    let text = std::env::var("QRIS_WEBHOOK_SECRET").ok().filter(|text| !text.is_empty());
    let secret = match text {
        Some(text) => {
            SigningSecret::parse(&text).ok_or_else(|| SettingsError(message!("listen-secret")))?
        }
        None => SigningSecret::generate()
            .ok_or_else(|| io::Error::other(message!("token-no-random-numbers")))?,
    };
    Ok(secret)
}

struct Forwarder {
    till: Service,
    program: reqwest::Client,
    target: Url,
    secret: SigningSecret,
    events: Vec<EventType>,
}

impl Forwarder {
    /// Follows the till until the command is stopped.
    async fn follow(&self, since: Option<u64>) -> io::Result<()> {
        // The first answer shows whether the till is reachable and accepts the token.
        let mut cursor = match since {
            Some(cursor) => cursor,
            None => self.latest().await?,
        };
        print(&(message!("listen-signed", secret = self.secret.reveal()) + "\n"))?;
        loop {
            match self.stream(&mut cursor).await {
                Ok(()) => anstream::eprintln!("{}", message!("listen-stream-ended")),
                Err(error) => anstream::eprintln!("{}", message!("listen-again", error = error)),
            }
            tokio::time::sleep(RECONNECT_AFTER).await;
        }
    }

    async fn latest(&self) -> io::Result<u64> {
        let request = self.till.request(Method::GET, &["api", "events"]);
        let answer = request.query(&[("since", "latest")]).send().await.map_err(failed)?;
        if !answer.status().is_success() {
            let status = answer.status().as_u16();
            return Err(io::Error::other(message!("listen-no-events", status = status)));
        }
        let text = answer.text().await.map_err(failed)?;
        let body: Value = serde_json::from_str(&text).map_err(io::Error::other)?;
        body["next_cursor"].as_u64().ok_or_else(|| io::Error::other(message!("listen-no-till")))
    }

    /// Reads one stream to its end.
    async fn stream(&self, cursor: &mut u64) -> io::Result<()> {
        let request = self.till.request(Method::GET, &["api", "events"]);
        let request = request.query(&[("since", cursor.to_string())]);
        let request = request.header("accept", "text/event-stream");
        let mut answer = request.send().await.map_err(failed)?;
        if !answer.status().is_success() {
            let status = answer.status().as_u16();
            return Err(io::Error::other(message!("listen-no-stream", status = status)));
        }
        let mut unread = Vec::new();
        while let Some(piece) = next(&mut answer).await? {
            unread.extend_from_slice(&piece);
            while let Some(end) = memchr::memchr(b'\n', &unread) {
                let line: Vec<u8> = unread.drain(..=end).collect();
                if let Some(data) = line.strip_prefix(b"data: ") {
                    let event: Value = serde_json::from_slice(data).map_err(io::Error::other)?;
                    self.forward(&event).await?;
                    *cursor = event["cursor"].as_u64().unwrap_or(*cursor);
                }
            }
            if unread.len() > MAX_LINE_BYTES {
                return Err(io::Error::other(message!("listen-long-line")));
            }
        }
        Ok(())
    }

    /// Sends an event to the program, and prints the result.
    async fn forward(&self, event: &Value) -> io::Result<()> {
        let word = event["type"].as_str().unwrap_or_default();
        let wanted = |wanted: &EventType| wanted.as_str() == word;
        if !self.events.is_empty() && !self.events.iter().any(wanted) {
            return Ok(());
        }
        let id = event["id"].as_str().unwrap_or_default();
        let body = json!({
            "type": word,
            "timestamp": event["timestamp"],
            "data": event["data"],
        })
        .to_string();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(now.as_secs()).unwrap_or_default();
        let request = self.program.post(self.target.clone()).timeout(FORWARD_TIMEOUT);
        let request = request
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", now)
            .header("webhook-signature", self.secret.sign(id, now, &body))
            .body(body);
        let outcome = match request.send().await {
            Ok(answer) => answer.status().as_u16().to_string(),
            Err(error) if error.is_timeout() => message!("listen-no-answer"),
            Err(_) => message!("listen-nobody"),
        };
        let number = event["data"]["number"].as_str().unwrap_or_default();
        print(&format!("{word} {}: {outcome}\n", visible(number)))
    }
}

async fn next(answer: &mut reqwest::Response) -> io::Result<Option<Vec<u8>>> {
    let piece = tokio::time::timeout(SILENCE_LIMIT, answer.chunk()).await;
    let piece = piece.map_err(|_| io::Error::other(message!("listen-silence")))?;
    Ok(piece.map_err(failed)?.map(|piece| piece.to_vec()))
}

//! A minimal HTTP client that shows exactly what is sent and received.
#![allow(dead_code, reason = "no test file uses all of it")]

use std::time::Duration;

use qris_sandbox::Sandbox;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An answer as received.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The status line and the headers.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// Sends a body of a type and reads the answer to its end.
pub(crate) async fn exchange(
    sandbox: &Sandbox,
    method: &str,
    path: &str,
    (content_type, body): (&str, &str),
) -> Answer {
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: sandbox\r\n\
         Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let end = stream.read_to_end(&mut answer);
    tokio::time::timeout(Duration::from_secs(30), end).await.unwrap().unwrap();
    let end_of_head = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let body = answer.split_off(end_of_head + 4);
    let head = String::from_utf8(answer).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, body }
}

/// Sends a JSON request and reads the status and the text of the body.
pub(crate) async fn send(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> (u16, String) {
    let answer = exchange(sandbox, method, path, ("application/json", body)).await;
    (answer.status, String::from_utf8(answer.body).unwrap())
}

/// A JSON answer that comes with status 200.
#[track_caller]
pub(crate) fn json(answer: (u16, String)) -> Value {
    assert_eq!(answer.0, 200, "{}", answer.1);
    serde_json::from_str(&answer.1).unwrap()
}

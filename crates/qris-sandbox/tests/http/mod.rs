//! A bare HTTP client: what is sent and what comes back, with nothing in between.

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use qris_sandbox::Sandbox;

/// Sends a request and reads the status and the body to its end.
pub(crate) async fn send(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

/// GETs a JSON answer that comes with status 200.
#[track_caller]
pub(crate) fn json(answer: (u16, String)) -> Value {
    assert_eq!(answer.0, 200, "{}", answer.1);
    serde_json::from_str(&answer.1).unwrap()
}

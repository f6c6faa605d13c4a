//! A server that answers with given bytes.

#![allow(dead_code, reason = "each test uses its part")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Listens on this machine until it is dropped with its runtime.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// The path and query of each request, in order.
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers with these bytes, headers included, and closes the connection.
    pub(crate) async fn raw(answer: impl Into<Vec<u8>>) -> Self {
        Self::raw_in_turn(vec![answer.into()]).await
    }

    /// Answers the first request with the first of these, and so on; then with the last.
    pub(crate) async fn raw_in_turn(answers: Vec<Vec<u8>>) -> Self {
        let mut answers = answers.into_iter();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        tokio::spawn(async move {
            let mut answer = Vec::new();
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    let mut piece = [0; 4096];
                    match stream.read(&mut piece).await {
                        Ok(length) if length > 0 => request.extend_from_slice(&piece[..length]),
                        _ => break,
                    }
                    // A TLS handshake is not a request: stop reading.
                    if request.first() == Some(&0x16) {
                        break;
                    }
                }
                let request = String::from_utf8_lossy(&request).into_owned();
                let target = request.split(' ').nth(1).unwrap_or_default().to_owned();
                kept.lock().unwrap().push(target);
                answer = answers.next().unwrap_or(answer);
                // The client may have closed the connection.
                stream.write_all(&answer).await.ok();
                stream.shutdown().await.ok();
            }
        });
        Self { address, asked }
    }

    /// Answers with this HTTP status and body.
    pub(crate) async fn answering(status: u16, body: &[u8]) -> Self {
        Self::raw(reply(status, "", body)).await
    }

    /// Answers with HTTP status 200 and these bodies in turn, then with the last one.
    pub(crate) async fn in_turn(bodies: &[String]) -> Self {
        let answers = bodies.iter().map(|body| reply(200, "", body.as_bytes())).collect();
        Self::raw_in_turn(answers).await
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/restapi/qris/", self.address)
    }
}

/// A whole reply with these header lines, each with a line break at its end.
pub(crate) fn reply(status: u16, lines: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} Status\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n{lines}\
         Connection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

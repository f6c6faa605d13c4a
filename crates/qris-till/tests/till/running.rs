//! A sandbox, tills, and a minimal HTTP client.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use qris_sandbox::Sandbox;

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON. The answer must have this status.
    #[track_caller]
    pub(crate) fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        serde_json::from_str(&self.body).expect("JSON")
    }
}

/// The body of the answer to a GET, byte by byte.
pub(crate) async fn get_bytes(till: SocketAddr, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(till).await.expect("a connection");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {till}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("a request");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.expect("an answer");
    assert!(bytes.starts_with(b"HTTP/1.1 200 OK\r\n"), "{}", String::from_utf8_lossy(&bytes));
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("the end of the head");
    bytes.split_off(head + 4)
}

const JSON: &str = "Content-Type: application/json\r\n";

/// Sends a request and reads the answer to its end. Extra headers end with CR LF each.
pub(crate) async fn send(
    till: SocketAddr,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(till).await?;
    let host = if headers.contains("Host:") { String::new() } else { format!("Host: {till}\r\n") };
    let kind = if headers.contains("Content-Type:") { "" } else { JSON };
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\n{host}{headers}{kind}Connection: close\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let answer = String::from_utf8_lossy(&bytes).into_owned();
    let broken = || std::io::Error::other("an answer that breaks off");
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or_else(broken)?;
    Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

#[track_caller]
pub(crate) fn get(till: SocketAddr, path: &str) -> impl Future<Output = Answer> {
    let path = path.to_owned();
    async move { send(till, "GET", &path, "", "").await.expect("an answer") }
}

pub(crate) async fn post(till: SocketAddr, path: &str, body: &str) -> Answer {
    send(till, "POST", path, "", body).await.expect("an answer")
}

/// Charges over the API.
pub(crate) async fn charge(till: SocketAddr, number: &str, amount: u64) -> Answer {
    let body = format!(r#"{{"number":"{number}","amount":{amount},"channel":"pos","tip":false}}"#);
    post(till, "/api/orders", &body).await
}

/// Waits until an order has this state, and returns the order.
pub(crate) async fn reaches(till: SocketAddr, number: &str, state: &str) -> Value {
    let started = Instant::now();
    loop {
        let record = get(till, &format!("/api/orders/{number}")).await.json(200);
        if record["state"] == state {
            return record;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{number} is {}", record["state"]);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until a path returns this status.
pub(crate) async fn turns(till: SocketAddr, path: &str, status: u16) {
    let started = Instant::now();
    loop {
        let answer = get(till, path).await;
        if answer.status == status {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "{path}: {}", answer.status);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// An open stream of events.
pub(crate) struct Events {
    stream: TcpStream,
    text: String,
}

impl Events {
    pub(crate) async fn open(till: SocketAddr, number: &str) -> Self {
        Self::at(till, &format!("/api/orders/{number}/events")).await
    }

    pub(crate) async fn at(till: SocketAddr, path: &str) -> Self {
        Self::with(till, path, "").await
    }

    /// The same with more headers. Each ends with CR LF.
    pub(crate) async fn with(till: SocketAddr, path: &str, headers: &str) -> Self {
        let mut stream = TcpStream::connect(till).await.expect("a connection");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {till}\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.expect("a request");
        Self { stream, text: String::new() }
    }

    /// The next event's data, or nothing when the stream ends.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        self.next_named().await.map(|(_, data)| data)
    }

    /// The next event's name and data, or nothing when the stream ends.
    pub(crate) async fn next_named(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some(at) = self.text.find("event: ") {
                let event = self.text[at + 7..].split_once("\ndata: ");
                if let Some((name, data, rest)) = event.and_then(|(name, rest)| {
                    rest.split_once('\n').map(|(data, _)| (name, data, rest))
                }) {
                    let event = (name.to_owned(), serde_json::from_str(data).expect("JSON"));
                    self.text = rest[data.len()..].to_owned();
                    return Some(event);
                }
            }
            let mut buffer = [0; 4096];
            let read = self.stream.read(&mut buffer);
            let read = tokio::time::timeout(Duration::from_secs(20), read).await;
            match read.expect("an event within 20 s") {
                Ok(count) if count > 0 => {
                    self.text.push_str(&String::from_utf8_lossy(&buffer[..count]));
                }
                _ => return None,
            }
        }
    }
}

/// The example program that serves a till. It is built with the tests.
fn program() -> PathBuf {
    let test = std::env::current_exe().expect("this test's program");
    let folder = test.ancestors().nth(2).expect("the folder of the build");
    folder.join("examples").join("till").with_extension(std::env::consts::EXE_EXTENSION)
}

/// A till in a separate process, which can be killed.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Process {
    /// Starts a till with a sandbox and additional environment variables.
    #[track_caller]
    pub(crate) fn start(
        sandbox: &Sandbox,
        database: &str,
        log: &Path,
        more: &[(&str, &str)],
    ) -> Self {
        let command = Command::new(program());
        Self::spawn(command, sandbox, database, log, more)
    }

    /// Starts a till with a limit of open files, in the format of `ulimit`.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn start_under(
        ulimit: &str,
        sandbox: &Sandbox,
        database: &str,
        log: &Path,
        more: &[(&str, &str)],
    ) -> Self {
        let mut command = Command::new("sh");
        let script = format!("ulimit {ulimit} && exec \"$0\"");
        command.arg("-c").arg(script).arg(program());
        Self::spawn(command, sandbox, database, log, more)
    }

    #[track_caller]
    fn spawn(
        mut command: Command,
        sandbox: &Sandbox,
        database: &str,
        log: &Path,
        more: &[(&str, &str)],
    ) -> Self {
        let log = std::fs::File::options().create(true).append(true).open(log).expect("a log");
        let mut child = command
            .env("QRIS_API_KEY", qris_sandbox::DEFAULT_API_KEY)
            .env("QRIS_MERCHANT_ID", qris_sandbox::DEFAULT_MERCHANT_ID)
            .env("QRIS_BASE_URL", sandbox.base_url())
            .env("QRIS_DATABASE_URL", database)
            .env("QRIS_TILL_LISTEN", "127.0.0.1:0")
            .envs(more.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the till starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("listening on http://");
        let address = address.and_then(|address| address.parse().ok());
        Self { child, address: address.unwrap_or_else(|| panic!("no address in {line:?}")) }
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it: `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Stops it and waits for its end.
    pub(crate) fn terminate(&mut self) -> std::process::ExitStatus {
        let id = self.child.id().to_string();
        let done = Command::new("kill").args(["-TERM", &id]).status().expect("kill runs");
        assert!(done.success());
        self.child.wait().expect("it ends")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may already have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

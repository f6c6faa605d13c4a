//! Runs `qris probe` beside a sandbox, as an owner does: reads what it says, pays, and takes the page.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use qris_sandbox::{Payer, Sandbox, SandboxBuilder};
use serde_json::Value;

/// What must be seen nowhere: a key, a merchant ID, and the name of a payer.
pub(crate) const KEY: &str = "9f3c-key-77b1";
pub(crate) const MERCHANT_ID: &str = "mid-55d0e2";
pub(crate) const PAYER: &str = "SITI NURHALIZA";

/// No step of a probe with short gaps takes longer.
const LIMIT: Duration = Duration::from_secs(120);

/// A sandbox that takes the key of these tests, and a folder.
pub(crate) struct World {
    /// The sandbox answers while it lives.
    _runtime: tokio::runtime::Runtime,
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: tempfile::TempDir,
}

impl World {
    pub(crate) fn new(set: impl FnOnce(SandboxBuilder) -> SandboxBuilder) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let builder = set(Sandbox::builder().credentials(KEY, MERCHANT_ID));
        let sandbox = runtime.block_on(builder.start()).expect("a sandbox");
        Self { _runtime: runtime, sandbox, folder: tempfile::tempdir().expect("a folder") }
    }

    /// Starts a probe with these arguments.
    pub(crate) fn probe(&self, arguments: &[&str]) -> Probe {
        Probe::start(&mut self.command(arguments))
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        command(&self.folder, &self.sandbox.base_url(), (KEY, MERCHANT_ID), arguments)
    }

    /// The owner pays.
    pub(crate) fn pay(&self, invoice: u64) {
        self.sandbox.pay_as(invoice, Payer::new(PAYER, "BCA")).expect("a payment");
    }
}

pub(crate) fn command(
    folder: &tempfile::TempDir,
    base_url: &str,
    (key, merchant_id): (&str, &str),
    arguments: &[&str],
) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qris"));
    command
        .arg("probe")
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .env("HOME", folder.path())
        .env("QRIS_STATE_DIR", folder.path().join("state"))
        .env("QRIS_API_KEY", key)
        .env("QRIS_MERCHANT_ID", merchant_id)
        .env("QRIS_BASE_URL", base_url);
    command
}

/// A probe that runs.
pub(crate) struct Probe {
    pub(crate) child: Child,
    lines: Receiver<String>,
    /// What it said so far.
    pub(crate) said: String,
}

/// What a probe left behind.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    /// Standard output.
    pub(crate) page: String,
    /// Standard error.
    pub(crate) said: String,
}

impl Drop for Probe {
    fn drop(&mut self) {
        // It has ended, or the test has failed.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Probe {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let stderr = child.stderr.take().expect("a pipe");
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines() {
                if line.is_ok_and(|line| sender.send(line).is_ok()) {
                    continue;
                }
                break;
            }
        });
        Self { child, lines, said: String::new() }
    }

    /// Waits for a line that begins so, and gives the rest of it.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, beginning: &str) -> String {
        let until = Instant::now() + LIMIT;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else {
                panic!("no line begins with {beginning:?}:\n{}", self.said);
            };
            self.said += &line;
            self.said.push('\n');
            if let Some(rest) = line.strip_prefix(beginning) {
                return rest.to_owned();
            }
        }
    }

    /// The invoice that it asks to be paid.
    #[track_caller]
    pub(crate) fn invoice_to_pay(&mut self) -> u64 {
        self.wait_for("waiting for the payment of invoice ").parse().expect("an id")
    }

    /// Types a line.
    pub(crate) fn type_line(&mut self, line: &str) {
        let stdin = self.child.stdin.as_mut().expect("a pipe");
        writeln!(stdin, "{line}").expect("typed");
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Ended {
        drop(self.child.stdin.take());
        let mut page = String::new();
        let mut stdout = self.child.stdout.take().expect("a pipe");
        stdout.read_to_string(&mut page).expect("UTF-8");
        let status = self.child.wait().expect("it ends");
        let rest: Vec<String> = self.lines.iter().collect();
        let said = format!("{}{}", self.said, rest.join("\n"));
        for (what, text) in [("the page", &page), ("standard error", &said)] {
            for secret in [KEY, MERCHANT_ID, PAYER] {
                assert!(!text.contains(secret), "{what} shows {secret}");
            }
        }
        Ended { status, page, said }
    }
}

impl Ended {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.page).unwrap_or_else(|_| panic!("no JSON: {}", self.said))
    }
}

/// The answer to each question that has one.
pub(crate) fn answers(page: &Value) -> BTreeMap<&str, &str> {
    let facts = page["facts"].as_array().expect("a list");
    let seen = facts.iter().filter(|fact| fact["certainty"] != "not-seen");
    seen.map(|fact| {
        (fact["id"].as_str().expect("an id"), fact["answer"].as_str().expect("an answer"))
    })
    .collect()
}

/// Posts to an address, and gives the status of the answer.
pub(crate) fn post(url: &str, body: &str) -> u16 {
    let rest = url.strip_prefix("http://").expect("plain HTTP");
    let (address, path) = rest.split_once('/').expect("a path");
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
    let length = body.len();
    let request = format!(
        "POST /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
}

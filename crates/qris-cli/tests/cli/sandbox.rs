//! `qris sandbox`, as a shell starts it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::command::{complaint, qris};
use serde_json::Value;

const CREATE: &str = "show_qris.php?do=create-invoice&apikey=sandbox-key&mID=123456\
                      &cliTrxNumber=INV%2F2026%2F00001&cliTrxAmount=25578";

/// A running sandbox, ended when it is dropped.
struct Running {
    child: Child,
    address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().expect("it can be ended");
        self.child.wait().expect("it ends");
    }
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_qris"))
            .args(["sandbox", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("a pipe");
        BufReader::new(output).read_line(&mut line).expect("a line");
        let address = line
            .trim()
            .strip_prefix("QRIS_BASE_URL=http://")
            .and_then(|rest| rest.strip_suffix("/restapi/qris/"))
            .expect("the base URL")
            .to_owned();
        Self { child, address }
    }

    /// The status and the body of the answer.
    fn call(&self, method: &str, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: sandbox\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.expect("a status"), body.to_owned())
    }

    /// The answer to a create, and the minutes for which its invoice can be paid.
    #[track_caller]
    fn minutes_to_pay(&self, create: &str) -> i64 {
        let (status, body) = self.call("GET", &format!("/restapi/qris/{create}"));
        assert!(status == 200 && body.starts_with(r#"{"status":"success""#), "{status} {body}");
        let (_, listed) = self.call("GET", "/sandbox/invoices");
        let listed: Value = serde_json::from_str(&listed).expect("JSON");
        let moment = |name: &str| -> jiff::Timestamp {
            listed[0][name].as_str().expect("text").parse().expect("a moment")
        };
        let seconds = moment("expires_at").duration_since(moment("requested_at")).as_secs();
        assert_eq!(seconds % 60, 0);
        seconds / 60
    }
}

#[test]
fn the_sandbox_takes_a_create_without_use_tip_and_keeps_it_for_an_hour() {
    let sandbox = Running::start(&[]);
    assert_eq!(sandbox.minutes_to_pay(CREATE), 60);
    assert_eq!(sandbox.call("POST", &format!("/restapi/qris/{CREATE}")).0, 200);
}

#[test]
fn a_strict_sandbox_of_thirty_minutes_refuses_a_post_and_wants_use_tip() {
    let sandbox = Running::start(&["--strict", "--validity", "30"]);
    let (_, refused) = sandbox.call("GET", &format!("/restapi/qris/{CREATE}"));
    assert!(refused.contains("expected useTip as yes or no"), "{refused}");
    assert_eq!(sandbox.minutes_to_pay(&format!("{CREATE}&useTip=no")), 30);
    assert_eq!(sandbox.call("POST", &format!("/restapi/qris/{CREATE}&useTip=no")).0, 405);
}

#[test]
fn a_validity_that_is_no_number_of_minutes_is_refused() {
    for minutes in ["0", "-1", "half an hour"] {
        let output = qris(&["sandbox", &format!("--validity={minutes}")], b"");
        assert_eq!(output.status.code(), Some(2), "{minutes}");
        assert!(complaint(&output).contains("--validity <MINUTES>"), "{}", complaint(&output));
    }
}

//! `qris till` starts the service with the settings of the command.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use qris_api::Fingerprint;
use qris_ledger::Ledger;

/// A running command, ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_till_opens_says_where_and_is_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let child = Command::new(env!("CARGO_BIN_EXE_qris"))
        .args(["till", "--listen", "127.0.0.1:0", "--database", "sqlite://shop.db"])
        .current_dir(folder.path())
        .env("QRIS_API_KEY", "sandbox-key")
        .env("QRIS_MERCHANT_ID", "123456")
        .env("QRIS_BASE_URL", "http://127.0.0.1:9/restapi/qris/")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command starts");
    let mut running = Running(child);
    let mut line = String::new();
    let stdout = running.0.stdout.take().expect("a pipe");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let address = line
        .trim()
        .strip_prefix("The till is open at http://")
        .and_then(|rest| rest.strip_suffix('/'))
        .unwrap_or_else(|| panic!("{line:?} names no address"));

    let mut connection = TcpStream::connect(address).expect("it listens");
    write!(connection, "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
        .expect("asked");
    let mut reply = String::new();
    connection.read_to_string(&mut reply).expect("answered");
    assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");
    assert!(folder.path().join("shop.db").exists());
}

#[test]
fn a_till_that_others_can_reach_needs_a_token() {
    let folder = tempfile::tempdir().expect("a folder");
    for token in [None, Some("short")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qris"));
        command
            .args(["till", "--listen", "0.0.0.0:0", "--database", "sqlite://shop.db"])
            .current_dir(folder.path())
            .env("QRIS_API_KEY", "sandbox-key")
            .env("QRIS_MERCHANT_ID", "123456")
            .env_remove("QRIS_TILL_TOKEN");
        if let Some(token) = token {
            command.env("QRIS_TILL_TOKEN", token);
        }
        let output = command.output().expect("the command ends");
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// The till with good settings but for these arguments; what it complains of when it ends with 2.
#[track_caller]
fn refused(folder: &std::path::Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_qris"))
        .args(["till", "--listen", "127.0.0.1:0", "--database", "sqlite://shop.db"])
        .args(arguments)
        .current_dir(folder)
        .env("QRIS_API_KEY", "sandbox-key")
        .env("QRIS_MERCHANT_ID", "123456")
        .env("QRIS_BASE_URL", "http://127.0.0.1:9/restapi/qris/")
        .output()
        .expect("the command ends");
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{complaint}");
    complaint
}

#[test]
fn a_till_does_not_open_on_the_books_of_another_account() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut ledger = Ledger::open(folder.path().join("shop.db")).expect("books");
    let live = Fingerprint::from_parts("qris.interactive.co.id", "0c9f1d7ab4e84f3b9d62a7e0");
    ledger.bind_account(&live, None).expect("bound");
    let complaint = refused(folder.path(), &[]);
    assert!(complaint.contains("another account at localhost"), "{complaint}");
}

#[test]
fn a_till_takes_the_settings_of_the_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let complaint = refused(folder.path(), &["--shown-minutes", "90"]);
    assert!(complaint.contains("shown_minutes of at most the 60"), "{complaint}");
    let complaint = refused(folder.path(), &["--timeout-seconds", "601"]);
    assert!(complaint.contains("1..=600"), "{complaint}");
}

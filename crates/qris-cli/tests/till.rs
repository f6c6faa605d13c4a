//! `qris till` starts the service with the settings of the command.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

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

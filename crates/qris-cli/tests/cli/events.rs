//! `qris listen` and `qris trigger`, before a real till and a real sandbox.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::shop::{Shop, complaint, text};
use qris_till::SigningSecret;
use serde_json::Value;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SOON: Duration = Duration::from_secs(90);

/// A running command, ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A till before the shop's sandbox, and its address.
fn till(shop: &Shop) -> (Running, String) {
    let mut command = shop.command(&["till", "--listen", "127.0.0.1:0"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut running = Running(child.expect("the till starts"));
    let line = first_line(&mut running);
    let address = line.strip_prefix("The till is open at ").expect("an address").to_owned();
    (running, address)
}

fn first_line(running: &mut Running) -> String {
    let mut line = String::new();
    let stdout = running.0.stdout.take().expect("a pipe");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    line.trim().to_owned()
}

fn trigger(shop: &Shop, till: &str, event: &str, number: &str) -> Output {
    let mut command = shop.command(&["trigger", event, number]);
    command.env("QRIS_TILL_URL", till).output().expect("the command runs")
}

#[track_caller]
fn triggers(event: &str, expected: &str) {
    let shop = Shop::open();
    let (_till, address) = till(&shop);
    let output = trigger(&shop, &address, event, "INV-1");
    assert_eq!(text(&output), expected, "{}", complaint(&output));
    shop.close();
}

/// A program on this machine: takes each request, and hands it over with its head.
fn program() -> (SocketAddr, Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(connection) = connection else { return };
            let sender = sender.clone();
            std::thread::spawn(move || {
                while let Some(request) = take(&connection) {
                    if sender.send(request).is_err() {
                        return;
                    }
                }
            });
        }
    });
    (address, receiver)
}

/// Reads one request and answers 204.
fn take(mut connection: &TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(connection);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = header(&head, "content-length").parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    connection.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").ok()?;
    Some((head, String::from_utf8(body).ok()?))
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
}

#[test]
fn a_program_on_this_machine_is_handed_what_happens_signed() {
    let shop = Shop::open();
    let (_till, till) = till(&shop);
    let (address, requests) = program();
    let url = format!("http://{address}/hook");
    let mut listen = shop.command(&["listen", "--forward-to", &url, "--till", &till]);
    let listen = listen.env("QRIS_WEBHOOK_SECRET", SECRET).stdout(Stdio::piped()).spawn();
    let mut listen = Running(listen.expect("it starts"));
    assert_eq!(first_line(&mut listen), format!("signed with {SECRET}"));
    let output = trigger(&shop, &till, "paid", "INV-1");
    assert_eq!(text(&output), "INV-1 is paid\n", "{}", complaint(&output));
    let secret = SigningSecret::parse(SECRET).expect("a secret");
    for expected in ["order.created", "order.paid"] {
        let (head, body) = requests.recv_timeout(SOON).expect("an event");
        let event: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(event["type"], expected);
        assert_eq!(event["data"]["number"], "INV-1");
        let timestamp = header(&head, "webhook-timestamp").parse().expect("a time");
        let signature = secret.sign(header(&head, "webhook-id"), timestamp, &body);
        assert_eq!(header(&head, "webhook-signature"), signature);
    }
    shop.close();
}

#[test]
fn a_code_can_be_made_to_expire() {
    triggers("expired", "INV-1 is expired\n");
}

#[test]
fn an_order_can_be_paid_late() {
    triggers("paid_late", "INV-1 is paid\n");
}

#[test]
fn two_codes_of_an_order_can_be_paid() {
    triggers("overpaid", "INV-1 is paid, overpaid by Rp10.000\n");
}

#[test]
fn an_answer_can_be_lost() {
    triggers("unknown", "INV-1 is unknown\n");
}

#[test]
fn nothing_is_triggered_at_the_provider_and_nothing_is_handed_to_another_machine() {
    let shop = Shop::open();
    let mut command = shop.command(&["trigger", "paid", "INV-1"]);
    let output = command.env("QRIS_BASE_URL", "https://qris.interactive.co.id/restapi/qris/");
    let output = output.output().expect("the command runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(complaint(&output).contains("a sandbox on this machine"), "{}", complaint(&output));
    for url in ["http://192.168.1.20/hook", "https://shop.example/hook", "hook"] {
        let output = shop.qris(&["listen", "--forward-to", url]);
        assert_eq!(output.status.code(), Some(2), "{url}");
        assert!(complaint(&output).contains("--forward-to"), "{}", complaint(&output));
    }
    let lan =
        ["listen", "--forward-to", "http://127.0.0.1:1/", "--till", "http://192.168.1.20:8080"];
    let output = shop.command(&lan).env("QRIS_TILL_TOKEN", "0c9f1d7ab4e84f3b9d62").output();
    let output = output.expect("the command runs");
    assert!(complaint(&output).contains("others can read the token"), "{}", complaint(&output));
    shop.close();
}

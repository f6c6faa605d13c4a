//! `qris till` starts the service with the settings of the command.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
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

/// The command in this folder with nothing set but what is given.
fn till(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qris"));
    command
        .arg("till")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .envs(environment.iter().copied());
    command
}

/// A till that is open, and its address.
fn open(mut command: Command) -> (Running, String) {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut running = Running(child.expect("the command starts"));
    let mut line = String::new();
    let stdout = running.0.stdout.take().expect("a pipe");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let address = line
        .trim()
        .strip_prefix("The till is open at http://")
        .and_then(|rest| rest.strip_suffix('/'))
        .unwrap_or_else(|| panic!("{line:?} names no address"));
    (running, address.to_owned())
}

/// The status that the till answers this request with, and the whole reply.
fn ask(address: &str, request: &str, body: &str) -> (u16, String) {
    let mut connection = TcpStream::connect(address).expect("it listens");
    let length = body.len();
    write!(
        connection,
        "{request} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .expect("asked");
    let mut reply = String::new();
    connection.read_to_string(&mut reply).expect("answered");
    let status = reply.split(' ').nth(1).and_then(|code| code.parse().ok());
    (status.unwrap_or_else(|| panic!("no status in {reply}")), reply)
}

/// An account of a provider that is not there.
const ACCOUNT: [(&str, &str); 3] = [
    ("QRIS_API_KEY", "sandbox-key"),
    ("QRIS_MERCHANT_ID", "123456"),
    ("QRIS_BASE_URL", "http://127.0.0.1:9/restapi/qris/"),
];

/// Writes a settings file with these merchants, each with its key and this line more.
fn write_settings(folder: &Path, merchants: &[(&str, &str, &str)]) {
    let tables = merchants.iter().map(|(name, key, line)| {
        format!("[merchant.{name}]\napi_key = \"{key}\"\nmerchant_id = \"123456\"\n{line}\n")
    });
    let path = folder.join("qris.toml");
    std::fs::write(&path, tables.collect::<String>()).expect("written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("a mode");
    }
}

const NOWHERE: &str = "base_url = \"http://127.0.0.1:9/restapi/qris/\"";

#[test]
fn the_till_opens_says_where_and_is_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = ["--listen", "127.0.0.1:0", "--database", "sqlite://shop.db"];
    let (_running, address) = open(till(folder.path(), &arguments, &ACCOUNT));
    let (status, reply) = ask(&address, "GET /healthz", "");
    assert_eq!(status, 200, "{reply}");
    assert!(folder.path().join("shop.db").exists());
}

#[test]
fn every_setting_of_the_till_may_be_in_the_environment() {
    let folder = tempfile::tempdir().expect("a folder");
    let (token, webhook) = ("0c9f1d7ab4e84f3b9d62", "7d1e0b55c2a94be2a7e0");
    let own = [
        ("QRIS_DATABASE_URL", "sqlite://shop.db"),
        ("QRIS_TILL_LISTEN", "127.0.0.1:0"),
        ("QRIS_TILL_TOKEN", token),
        ("QRIS_WEBHOOK_TOKEN", webhook),
        ("QRIS_CHECKS_PER_MINUTE", "30"),
        ("QRIS_ABANDON_SECONDS", "20"),
        ("QRIS_TIMEOUT_SECONDS", "10"),
        ("QRIS_SHOWN_MINUTES", "20"),
        ("QRIS_VALIDITY_MINUTES", "30"),
        ("QRIS_NMID", "ID1020021181745"),
    ];
    let environment = [&ACCOUNT[..], &own].concat();
    let (_running, address) = open(till(folder.path(), &[], &environment));
    assert_eq!(ask(&address, "GET /api/orders", "").0, 401);
    let body = r#"{"invoice":"7","qris_status":"success"}"#;
    let (status, reply) = ask(&address, &format!("POST /webhook/{webhook}"), body);
    assert_eq!(status, 200, "{reply}");
    for (name, value) in [
        ("QRIS_TILL_LISTEN", "here"),
        ("QRIS_TILL_TOKEN", "short"),
        ("QRIS_WEBHOOK_TOKEN", "short"),
        ("QRIS_CHECKS_PER_MINUTE", "0"),
        ("QRIS_ABANDON_SECONDS", "0"),
    ] {
        let mut wrong = till(folder.path(), &[], &environment);
        let output = wrong.env(name, value).output().expect("the command ends");
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{name}: {complaint}");
    }
}

#[test]
fn the_till_serves_every_merchant_of_the_settings_file_or_the_one_that_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let token = "webhook_token = \"0c9f1d7ab4e84f3b9d62\"";
    let first = format!("{NOWHERE}\n{token}");
    write_settings(folder.path(), &[("kopi", "key-1", &first), ("roti", "key-2", NOWHERE)]);
    let arguments = ["--listen", "127.0.0.1:0"];
    let (running, address) = open(till(folder.path(), &arguments, &[]));
    for merchant in ["kopi", "roti"] {
        let (status, reply) = ask(&address, &format!("GET /api/orders?merchant={merchant}"), "");
        assert_eq!(status, 200, "{reply}");
    }
    assert_ne!(ask(&address, "GET /api/orders", "").0, 200, "a merchant has to be named");
    // The webhook is of the merchant whose token it has.
    let body = r#"{"invoice":"7","qris_status":"success"}"#;
    let (status, reply) = ask(&address, "POST /webhook/0c9f1d7ab4e84f3b9d62", body);
    assert_eq!(status, 200, "{reply}");
    let unbooked = |merchant: &str| {
        ask(&address, &format!("GET /api/webhooks/unbooked?merchant={merchant}"), "").1
    };
    assert!(unbooked("kopi").contains("\"qris_invoiceid\":7"), "{}", unbooked("kopi"));
    assert!(!unbooked("roti").contains("\"qris_invoiceid\":7"), "{}", unbooked("roti"));
    drop(running);

    let one = [&arguments[..], &["--merchant", "roti"]].concat();
    let (_running, address) = open(till(folder.path(), &one, &[]));
    assert_eq!(ask(&address, "GET /api/orders", "").0, 200);
    assert_ne!(ask(&address, "GET /api/orders?merchant=kopi", "").0, 200);
}

#[test]
fn merchants_that_cannot_be_served_together_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |arguments: &[&str], environment: &[(&str, &str)]| {
        let arguments = [&["--listen", "127.0.0.1:0"], arguments].concat();
        let output = till(folder.path(), &arguments, environment).output().expect("it ends");
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{complaint}");
        assert!(!complaint.contains("key-1"), "the key shows: {complaint}");
        complaint
    };
    write_settings(folder.path(), &[("kopi", "key-1", NOWHERE), ("roti", "key-1", NOWHERE)]);
    let complaint = refused(&[], &[]);
    assert!(complaint.contains("a separate API key for each merchant"), "{complaint}");

    // A sandbox's payments must not stand in the shop's books.
    write_settings(folder.path(), &[("kopi", "key-1", NOWHERE), ("roti", "key-2", "")]);
    let complaint = refused(&[], &[]);
    assert!(complaint.contains("some merchants use a sandbox and others do not"), "{complaint}");

    write_settings(folder.path(), &[("kopi", "key-1", NOWHERE), ("roti", "key-2", NOWHERE)]);
    let complaint = refused(&[], &[("QRIS_WEBHOOK_TOKEN", "0c9f1d7ab4e84f3b9d62")]);
    assert!(complaint.contains("expected webhook_token in the table"), "{complaint}");
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
fn refused(folder: &Path, arguments: &[&str]) -> String {
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
    assert!(complaint.contains("shown_minutes of at most 60"), "{complaint}");
    let complaint = refused(folder.path(), &["--timeout-seconds", "601"]);
    assert!(complaint.contains("expected a number from 1 to 600"), "{complaint}");
}

/// Books an order without a code and gives its JSON.
fn book(folder: &Path, number: &str, environment: &[(&str, &str)]) -> serde_json::Value {
    let output = Command::new(env!("CARGO_BIN_EXE_qris"))
        .args(["order", "create", number, "25578", "--no-code", "--json", "--database"])
        .arg(format!("sqlite://{}", folder.join("shop.db").display()))
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("QRIS_BASE_URL", "http://127.0.0.1:9/")
        .envs(environment.iter().copied())
        .output()
        .expect("the command starts");
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{complaint}"))
}

#[test]
fn an_order_of_the_command_has_the_link_of_its_page_and_a_till_serves_it_alone_on_another_address()
{
    let folder = tempfile::tempdir().expect("a folder");
    let public = [("QRIS_PUBLIC_URL", "https://bayar.toko.example")];
    let order = book(folder.path(), "INV-1", &public);
    let url = order["pay_url"].as_str().expect("a link").to_owned();
    let path = url.strip_prefix("https://bayar.toko.example").expect("the public address");
    assert_eq!(path.len(), "/pay/".len() + 22);
    assert!(folder.path().join("shop.db.pay-key").exists());
    assert_eq!(book(folder.path(), "INV-2", &[])["pay_url"], serde_json::Value::Null);

    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr());
    let pay = format!("127.0.0.1:{}", port.expect("a free port").port());
    let database = format!("sqlite://{}", folder.path().join("shop.db").display());
    let arguments = ["--listen", "127.0.0.1:0", "--database", &database];
    std::fs::write(folder.path().join("pay.toml"), format!("pay_listen = \"{pay}\"\n")).unwrap();
    let settings = [
        ("QRIS_API_KEY", "sandbox-key"),
        ("QRIS_MERCHANT_ID", "123456"),
        ("QRIS_BASE_URL", "http://127.0.0.1:9/"),
        public[0],
    ];
    let arguments = [&arguments[..], &["--settings", "pay.toml"]].concat();
    let (_running, address) = open(till(folder.path(), &arguments, &settings));
    for (at, path, status) in
        [(&address, path, 200), (&pay, path, 200), (&pay, "/", 404), (&pay, "/healthz", 404)]
    {
        assert_eq!(ask(at, &format!("GET {path}"), "").0, status, "{at} {path}");
    }
}

#[test]
fn an_address_or_key_of_payers_pages_that_cannot_be_right_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = [("QRIS_API_KEY", "sandbox-key"), ("QRIS_MERCHANT_ID", "123456")];
    std::fs::write(folder.path().join("short"), "x").expect("written");
    for (argument, value, expected) in [
        ("--public-url", "http://toko.example", "public_url: expected an address that begins with"),
        (
            "--public-url",
            "https://toko.example/?a",
            "public_url: expected an address to which /pay/",
        ),
        ("--pay-key-file", "short", "the key of payment pages cannot be used"),
    ] {
        let output = till(folder.path(), &[argument, value], &settings).output();
        let output = output.expect("the command starts");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{value}");
        assert!(complaint.contains(expected), "{value}: {complaint}");
    }
}

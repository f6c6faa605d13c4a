//! Tables `[printer.NAME]` of the settings file: the till prints by them, the doctor tries them, and
//! what is wrong in them is said.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::command::{json_of, text};
use qris_sandbox::{DEFAULT_API_KEY, DEFAULT_MERCHANT_ID, Sandbox};

/// A running command, ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The command in a folder of its own, with these tables in its settings file.
fn qris(folder: &Path, arguments: &[&str], base_url: &str, tables: &str) -> Command {
    let path = folder.join("shop.toml");
    fs::write(&path, format!("database_url = \"sqlite://shop.db\"\n{tables}")).expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_qris"));
    command
        .args(arguments)
        .args(["--settings", "shop.toml"])
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("QRIS_API_KEY", DEFAULT_API_KEY)
        .env("QRIS_MERCHANT_ID", DEFAULT_MERCHANT_ID)
        .env("QRIS_BASE_URL", base_url);
    command
}

const NOWHERE: &str = "http://127.0.0.1:9/restapi/qris/";

/// A port where nothing listens.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Sends a request with a JSON body, and reads the answer.
fn send(address: &str, request: &str, body: &str) -> String {
    let mut connection = TcpStream::connect(address).expect("it listens");
    let length = body.len();
    write!(
        connection,
        "{request} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .expect("asked");
    let mut reply = String::new();
    connection.read_to_string(&mut reply).expect("answered");
    reply
}

/// The first connection that comes to a printer within half a minute, to its end.
fn printed(printer: &TcpListener) -> String {
    printer.set_nonblocking(true).expect("a mode");
    let started = Instant::now();
    let mut connection = loop {
        match printer.accept() {
            Ok((connection, _)) => break connection,
            Err(_) => assert!(started.elapsed() < Duration::from_secs(30), "nothing is printed"),
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    connection.set_nonblocking(false).expect("a mode");
    connection.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
    let mut bytes = Vec::new();
    connection.read_to_end(&mut bytes).expect("a receipt");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn a_payment_is_printed_by_the_table_and_what_the_log_says_of_it_has_neither_amount_nor_name() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start()).expect("it starts");
    let printer = TcpListener::bind("127.0.0.1:0").expect("a port");
    let folder = tempfile::tempdir().expect("a folder");
    let tables = format!(
        "[printer.kasir]\naddress = \"{}\"\nwidth = 80\nauto = true\nstatus = false\n\
         language = \"en\"\n[printer.dapur]\naddress = \"127.0.0.1:{}\"\nauto = true\n",
        printer.local_addr().expect("an address"),
        free_port()
    );
    let log = folder.path().join("log");
    let mut command =
        qris(folder.path(), &["till", "--listen", "127.0.0.1:0"], &sandbox.base_url(), &tables);
    command.stdout(Stdio::piped()).stderr(File::create(&log).expect("a file"));
    let mut running = Running(command.spawn().expect("the command starts"));
    let mut line = String::new();
    let stdout = running.0.stdout.take().expect("a pipe");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let address = line.split("http://").nth(1).expect("an address").trim().trim_end_matches('/');

    let order = r#"{"number":"INV-1","amount":25578,"description":"kopi rahasia"}"#;
    let made = send(address, "POST /api/orders", order);
    let id = made.split("\"qris_invoiceid\":").nth(1).expect("an invoice");
    let id: String = id.chars().take_while(char::is_ascii_digit).collect();
    sandbox.pay(id.parse().expect("an id")).expect("the payer pays");
    send(address, "POST /api/orders/INV-1/check", "");
    let receipt = printed(&printer);
    assert!(receipt.contains(&format!("{:<40}{}\n", "TOTAL", "Rp25.578")), "{receipt}");
    assert!(receipt.contains("PAID (QRIS)"), "{receipt}");
    let read_log = || fs::read_to_string(&log).expect("a log");
    let started = Instant::now();
    while !read_log().contains("\"printer\":\"dapur\"") {
        assert!(started.elapsed() < Duration::from_secs(20), "{}", read_log());
        std::thread::sleep(Duration::from_millis(50));
    }
    let found = read_log();
    assert!(found.contains("nothing is printed"), "{found}");
    for secret in ["25.578", "rahasia", "PEMBAYAR", "Sakuku", "WARUNG"] {
        assert!(!found.contains(secret), "{secret} is in {found}");
    }
    for line in found.lines().filter(|line| line.contains("qris_till::printers")) {
        assert!(!line.contains("25578"), "{line}");
    }
}

fn doctor(folder: &Path, arguments: &[&str], tables: &str) -> Output {
    let arguments = [&["doctor"], arguments].concat();
    qris(folder, &arguments, NOWHERE, tables).output().expect("the command starts")
}

#[test]
fn the_doctor_says_of_each_printer_if_it_can_be_reached_and_sends_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("lp0"), "").expect("a file");
    let tables = format!(
        "[printer.dapur]\naddress = \"127.0.0.1:{}\"\n[printer.gudang]\ndevice = \"lp0\"\n\
         [printer.kasir]\naddress = \"{}\"\n",
        free_port(),
        listener.local_addr().expect("an address"),
    );
    let report = json_of(&doctor(folder.path(), &["--json"], &tables));
    let checks = report["checks"].as_array().expect("a list");
    let printers: Vec<_> = checks.iter().filter(|check| check["check"] == "printer").collect();
    let results: Vec<_> = printers.iter().map(|check| check["result"].as_str()).collect();
    assert_eq!(results, [Some("warning"), Some("ok"), Some("ok")], "{report}");
    let message = printers[0]["message"].as_str().expect("words");
    assert!(message.contains("no connection to the printer"), "{message}");
    let (mut connection, _) = listener.accept().expect("the doctor came");
    let mut sent = Vec::new();
    connection.read_to_end(&mut sent).expect("an end");
    assert_eq!(sent, b"");
    assert_eq!(fs::read(folder.path().join("lp0")).expect("the file"), b"");

    let lines = text(&doctor(folder.path(), &["--offline"], &tables));
    assert!(lines.contains("ok       printer   kasir at 127.0.0.1:"), "{lines}");
    assert_eq!(lines.matches("was not tried").count(), 3, "{lines}");
}

#[test]
fn what_is_wrong_with_a_printer_is_said_with_its_table_and_its_setting() {
    let folder = tempfile::tempdir().expect("a folder");
    for (table, expected) in [
        (
            "[printer.kasir]\n",
            "expected address or device in [printer.kasir] of shop.toml, found neither",
        ),
        (
            "[printer.kasir]\naddress = \"h\"\ndevice = \"d\"\n",
            "expected address or device in [printer.kasir] of shop.toml, found both",
        ),
        (
            "[printer.kasir]\naddress = \"http://printer\"\n",
            "address in [printer.kasir] of shop.toml: expected an address such as",
        ),
        (
            "[printer.kasir]\naddress = \"h\"\nwidth = 70\n",
            "width in [printer.kasir] of shop.toml: expected 58 or 80, found another number",
        ),
        (
            "[printer.kasir]\naddress = \"h\"\ndrawer = \"always\"\n",
            "drawer in [printer.kasir] of shop.toml: expected never or receipt",
        ),
        (
            "[printer.kasir]\naddress = \"h\"\nlanguage = \"fr\"\n",
            "language in [printer.kasir] of shop.toml: expected id or en",
        ),
        (
            "[printer.Kasir]\naddress = \"h\"\n",
            "a table [printer.NAME] of shop.toml: expected a printer's name",
        ),
        (
            "[printer.kasir]\naddress = \"h\"\ncuts = true\n",
            "shop.toml: line 4: expected a setting",
        ),
        (
            "[printer.kasir]\naddress = \"h\"\ncut = \"yes\"\n",
            "shop.toml: line 4: expected a setting",
        ),
    ] {
        let arguments = ["till", "--listen", "127.0.0.1:0"];
        let output = qris(folder.path(), &arguments, NOWHERE, table).output().expect("it starts");
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{table}: {message}");
        assert!(message.starts_with(&format!("error: {expected}")), "{table}: {message}");
    }
}

#[test]
fn printers_of_a_file_that_was_not_named_are_not_used_beside_a_key_of_the_environment() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = "[printer.kasir]\ndevice = \".bashrc\"\n";
    fs::write(folder.path().join("qris.toml"), table).expect("a file");
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_qris"))
            .args(arguments)
            .current_dir(folder.path())
            .env_clear()
            .env("HOME", folder.path())
            .env("QRIS_API_KEY", DEFAULT_API_KEY)
            .env("QRIS_MERCHANT_ID", DEFAULT_MERCHANT_ID)
            .env("QRIS_BASE_URL", NOWHERE)
            .output()
            .expect("the command starts")
    };
    let output = run(&["till", "--listen", "127.0.0.1:0"]);
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(
        message.contains("expected [printer.NAME] from the same place as the API key"),
        "{message}"
    );
    let advice = String::from_utf8_lossy(&run(&["doctor", "--offline"]).stdout).into_owned();
    assert!(advice.contains("add --settings qris.toml, also to the command"), "{advice}");
}

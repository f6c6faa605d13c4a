//! `qris order` says paid, unpaid or unknown only when it is so, and loses nothing that may be
//! paid.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::shop::{Shop, complaint, id_of, intend, number, order, text};
use qris_api::{
    Fingerprint, Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, Schedule, WibTime,
};
use qris_ledger::{Ledger, State};
use qris_sandbox::{Fault, FaultCall, FaultRepeat};
use rusqlite::Connection;

/// This many seconds ago.
fn ago(seconds: i64) -> WibTime {
    (WibTime::now().timestamp() - jiff::SignedDuration::from_secs(seconds)).into()
}

/// A running command whose complaints are read line by line.
struct Running {
    child: Child,
    stderr: BufReader<ChildStderr>,
    complaint: String,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        Self { child, stderr, complaint: String::new() }
    }

    /// Reads complaints until one contains these words.
    #[track_caller]
    fn complains(&mut self, words: &str) {
        while !self.complaint.contains(words) {
            let read = self.stderr.read_line(&mut self.complaint).expect("a line");
            assert!(read > 0, "no {words:?} in {}", self.complaint);
        }
    }

    /// Its exit status, its output, and all its complaints.
    fn end(mut self) -> (ExitStatus, String, String) {
        self.stderr.read_to_string(&mut self.complaint).expect("text");
        let output = self.child.wait_with_output().expect("it ends");
        (output.status, text(&output), self.complaint)
    }
}

#[test]
fn an_invoice_whose_last_check_had_no_answer_is_not_called_unpaid() {
    let shop = Shop::open();
    // It was made three hours ago, so nobody waits for an answer any more.
    let now = shop.sandbox.now();
    let three_hours = Duration::from_secs(3 * 60 * 60);
    shop.sandbox.set_time(now - three_hours);
    shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    shop.sandbox.advance(three_hours);
    shop.sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Standing);
    for (checks, action) in [(1, "check"), (2, "wait")] {
        // The next check is not waited for.
        let mut ledger = Ledger::open(shop.books()).expect("books");
        let id = shop.booked("INV-1").invoice.expect("an invoice").qris_invoiceid;
        ledger.schedule_check(id, WibTime::now(), WibTime::now()).expect("booked");
        let output = shop.qris(&["order", action, "INV-1", "--json"]);
        assert_eq!(output.status.code(), Some(3), "{action}: {}", complaint(&output));
        assert_eq!(shop.booked("INV-1").state, State::Expired);
        assert!(shop.booked("INV-1").next_check_at.is_some(), "it is asked about again");
        assert!(shop.sandbox.calls().checks() >= checks);
    }
    // Showing what is booked asks nothing, so it cannot fail to be answered.
    assert_eq!(shop.qris(&["order", "show", "INV-1"]).status.code(), Some(0));
    shop.close();
}

#[test]
fn a_check_that_comes_second_finds_the_invoice_paid() {
    let shop = Shop::open();
    let row = shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    let mut ledger = Ledger::open(shop.books()).expect("books");
    // Another check began a moment ago, so this one waits for three seconds.
    ledger.request_check(&number("INV-1"), 3, Duration::from_secs(15), ago(12)).expect("booked");
    let mut second = Running::start(shop.command(&["order", "check", "INV-1"]));
    second.complains("it was checked a moment ago");
    let paid = Payment::Paid(PaymentDetails::default());
    ledger.settle(InvoiceId::new(id_of(&row)), &paid, WibTime::now()).expect("booked");
    let (status, output, complaint) = second.end();
    assert_eq!(status.code(), Some(0), "{complaint}");
    assert!(output.contains("paid_at"), "{output}");
    assert!(!complaint.contains("expected"), "{complaint}");
    shop.close();
}

#[test]
fn a_wait_without_a_terminal_says_when_it_begins_and_what_changes() {
    let shop = Shop::open();
    let row = shop.json(&["order", "create", "INV-1", "25578", "--json"]);
    let mut waiting = Running::start(shop.command(&["order", "wait", "INV-1"]));
    waiting.complains("waiting until INV-1 is paid (Rp25.578); its code can be paid until ");
    waiting.complains("checked: not paid yet\n");
    shop.sandbox.pay(id_of(&row)).expect("payable");
    let (status, output, complaint) = waiting.end();
    assert_eq!(status.code(), Some(0), "{complaint}");
    assert!(output.contains("paid_at"), "{output}");
    let lines: Vec<&str> = complaint.lines().collect();
    assert_eq!(lines.len(), 3, "one line for each change: {complaint}");
    assert_eq!(lines[2], "INV-1 is now paid");
    shop.close();
}

/// Starts a create of INV-1, and locks the database after the intent is recorded and before the
/// provider answers.
fn create_with_locked_database(shop: &Shop) -> (Running, Connection) {
    Ledger::open(shop.books()).expect("books");
    let connection = Connection::open(shop.books()).expect("a database");
    connection.busy_timeout(Duration::from_secs(10)).expect("a time");
    shop.sandbox.inject(Fault::Slow { seconds: 3.0 }, FaultCall::Create, FaultRepeat::Once);
    let running = Running::start(shop.command(&["order", "create", "INV-1", "5000"]));
    let deadline = Instant::now() + Duration::from_secs(30);
    while shop.find("INV-1").is_none() {
        assert!(Instant::now() < deadline, "the intent is not recorded");
        std::thread::sleep(Duration::from_millis(20));
    }
    connection.execute_batch("BEGIN IMMEDIATE").expect("locked");
    (running, connection)
}

#[test]
fn a_create_that_finds_the_database_locked_waits_and_is_recorded() {
    let shop = Shop::open();
    let (mut running, connection) = create_with_locked_database(&shop);
    running.complains("the database cannot be written yet");
    connection.execute_batch("COMMIT").expect("released");
    let (status, output, complaint) = running.end();
    assert_eq!(status.code(), Some(0), "{complaint}");
    assert!(output.contains("█▀▀▀▀▀█"), "{output}");
    assert_eq!(shop.booked("INV-1").state, State::Pending);
    assert_eq!(shop.sandbox.calls().creates(), 1);
    shop.close();
}

#[cfg(unix)]
#[test]
fn a_create_that_cannot_be_recorded_ends_with_three_and_says_what_was_made() {
    let shop = Shop::open();
    let (mut running, connection) = create_with_locked_database(&shop);
    running.complains("the database cannot be written yet");
    let interrupt = ["-INT", &running.child.id().to_string()].map(ToOwned::to_owned);
    assert!(Command::new("kill").args(interrupt).status().expect("kill runs").success());
    let (status, output, complaint) = running.end();
    assert_eq!(status.code(), Some(3), "{complaint}");
    assert_eq!(output, "", "no QR that is not in the books");
    let error = complaint.lines().last().expect("a line");
    assert!(error.starts_with("error: the provider made an invoice that could not be recorded"));
    assert!(error.contains("number INV-1") && error.contains("+07:00"), "{error}");
    assert!(!complaint.contains("000201"), "the QR shows: {complaint}");
    // The id is that of an invoice that can be paid.
    let id = error.split("qris_invoiceid ").nth(1).and_then(|rest| rest.split(',').next());
    let id = id.and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("no id in {error}"));
    shop.sandbox.pay(id).expect("payable");
    drop(connection);
    shop.close();
}

#[cfg(unix)]
#[test]
fn ctrl_c_while_the_provider_is_asked_ends_with_three_and_the_code_is_not_asked_for_again() {
    let shop = Shop::open();
    shop.sandbox.inject(Fault::Slow { seconds: 60.0 }, FaultCall::Create, FaultRepeat::Once);
    let running = Running::start(shop.command(&["order", "create", "INV-1", "5000"]));
    let deadline = Instant::now() + Duration::from_secs(30);
    while shop.sandbox.calls().creates() == 0 {
        assert!(Instant::now() < deadline, "the provider is not asked");
        std::thread::sleep(Duration::from_millis(20));
    }
    let interrupt = ["-INT", &running.child.id().to_string()].map(ToOwned::to_owned);
    assert!(Command::new("kill").args(interrupt).status().expect("kill runs").success());
    let (status, output, complaint) = running.end();
    assert_eq!((status.code(), output.as_str()), (Some(3), ""), "{complaint}");
    assert!(complaint.contains("it is not known whether a code was made"), "{complaint}");
    assert_eq!(shop.booked("INV-1").state, State::Requested);
    let show = shop.qris(&["order", "renew", "INV-1"]);
    assert_eq!(show.status.code(), Some(3), "{}", self::complaint(&show));
    assert_eq!(shop.sandbox.calls().creates(), 1);
    shop.close();
}

#[test]
fn a_code_whose_shown_time_is_over_is_shown_by_no_command() {
    let shop = Shop::open();
    let mut ledger = Ledger::open(shop.books()).expect("books");
    let (amount, made) = (Rupiah::new(5_000), ago(2));
    let intent = intend(&mut ledger, &order("INV-1"), made);
    let content = "0002";
    let invoice = Invoice::new(number("INV-1"), amount, content, made, InvoiceId::new(7), "ID1");
    // Short, so that the code is of today: yesterday's number is refused for another reason.
    let schedule = Schedule::default().with_shown(Duration::from_secs(1));
    ledger.record_created(&intent, &invoice, &schedule, made).expect("booked");
    let shown_until = shop.booked("INV-1").shown_until.expect("a time").to_string();

    let again = shop.qris(&["order", "create", "INV-1", "5000"]);
    assert_eq!(again.status.code(), Some(1), "{}", complaint(&again));
    assert_eq!(text(&again), "");
    for words in ["this order is expired", &shown_until, "qris order renew"] {
        assert!(complaint(&again).contains(words), "no {words} in {}", complaint(&again));
    }
    let show = shop.qris(&["order", "show", "INV-1"]);
    assert_eq!(show.status.code(), Some(0), "{}", complaint(&show));
    assert!(text(&show).contains("state               expired"), "{}", text(&show));
    assert!(!text(&show).contains('█'), "{}", text(&show));
    assert_eq!(shop.json(&["order", "list", "--json"])[0]["state"], "expired");
    assert_eq!(shop.sandbox.calls().creates(), 0);
    shop.close();
}

#[test]
fn a_new_code_comes_with_the_time_until_which_it_is_shown() {
    let shop = Shop::open();
    let create = ["order", "create", "INV-1", "5000", "--shown-minutes", "3"];
    let output = shop.qris(&create);
    assert_eq!(output.status.code(), Some(0), "{}", complaint(&output));
    let record = shop.booked("INV-1");
    let made = record.invoice.expect("an invoice").qris_request_date;
    let shown_until = made.later_by(Duration::from_secs(3 * 60));
    assert_eq!(record.shown_until, Some(shown_until));
    let line = format!("shown_until         {shown_until}\n");
    assert!(text(&output).contains(&line), "no {line} in {}", text(&output));
    // The same number again shows the same code, and until when.
    assert_eq!(text(&shop.qris(&create)), text(&output));
    shop.close();
}

#[test]
fn every_command_takes_the_numbers_that_order_systems_print() {
    let shop = Shop::open();
    let numbers = ["INV/2026/00001", "#1001", "Order 00012-003-0004", "-1", "--json", "~`'$(x)"];
    for number in numbers {
        let row = shop.json(&["order", "create", "--json", "--", number, "5000"]);
        assert_eq!(row["number"], number);
        shop.sandbox.pay(id_of(&row)).expect("paid");
        for action in ["check", "wait", "show"] {
            let row = shop.json(&["order", action, "--json", "--", number]);
            assert_eq!((&row["number"], &row["state"]), (&number.into(), &"paid".into()));
        }
        let list = text(&shop.qris(&["order", "list"]));
        assert!(list.contains(number), "no {number} in {list}");
        let csv = text(&shop.qris(&["report", "--by", "payment", "--csv"]));
        assert!(csv.contains(number), "no {number} in {csv}");
    }
    let list = shop.json(&["order", "list", "--json"]);
    assert_eq!(list.as_array().expect("a list").len(), numbers.len());
    for (number, why) in [(" INV", "a space"), ("I\u{f1}V", "not ASCII"), ("", "empty")] {
        let output = shop.qris(&["order", "create", "--", number, "5000"]);
        assert_eq!(output.status.code(), Some(2), "{why}");
        assert!(complaint(&output).contains("1 to 64"), "{}", complaint(&output));
    }
    shop.close();
}

#[test]
fn the_client_of_another_account_is_refused_on_these_books() {
    let shop = Shop::open();
    let live = Fingerprint::from_parts("qris.interactive.co.id", "0c9f1d7ab4e84f3b9d62a7e0");
    let mut ledger = Ledger::open(shop.books()).expect("books");
    ledger.bind_account(&live, None).expect("bound");
    let made = WibTime::now();
    let (unpaid, amount) = (number("INV-1"), Rupiah::new(5_000));
    let intent = intend(&mut ledger, &order("INV-1"), made);
    let invoice = Invoice::new(unpaid, amount, "0002", made, InvoiceId::new(7), "ID1");
    ledger.record_created(&intent, &invoice, &Schedule::default(), made).expect("booked");
    for arguments in [
        &["order", "create", "INV-2", "5000"][..],
        &["order", "check", "INV-1"],
        &["order", "wait", "INV-1"],
    ] {
        let output = shop.qris(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", complaint(&output));
        for words in ["qris.interactive.co.id", "localhost", "another database"] {
            assert!(complaint(&output).contains(words), "no {words} in {}", complaint(&output));
        }
    }
    assert_eq!(shop.sandbox.calls().creates() + shop.sandbox.calls().checks(), 0);
    assert!(shop.find("INV-2").is_none(), "nothing was booked");
    // What asks nobody works as before.
    assert!(shop.qris(&["order", "show", "INV-1", "--json"]).status.success());
    assert!(shop.qris(&["report"]).status.success());
    shop.close();
}

#[test]
fn another_merchant_is_refused_on_the_books_of_the_first() {
    let shop = Shop::open();
    shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    let output = shop
        .command(&["order", "create", "INV-2", "5000"])
        .env("QRIS_MERCHANT_ID", "654321")
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2), "{}", complaint(&output));
    assert!(complaint(&output).contains("another account"), "{}", complaint(&output));
    assert_eq!(shop.sandbox.calls().creates(), 1);
    shop.close();
}

#[test]
fn a_code_of_another_nmid_than_the_one_that_is_set_is_not_shown() {
    let shop = Shop::open();
    let create = ["order", "create", "INV-1", "5000"];
    let output = shop.qris(&[&create[..], &["--nmid", "ID9999999999999"]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", complaint(&output));
    assert_eq!(text(&output), "");
    for words in ["ID9999999999999", shop.sandbox.nmid(), "number INV-1", "qris_invoiceid "] {
        assert!(complaint(&output).contains(words), "no {words} in {}", complaint(&output));
    }
    assert_eq!(shop.booked("INV-1").state, State::Unknown);

    std::fs::write(
        shop.folder.path().join("qris.toml"),
        format!("nmid = \"{}\"\n", shop.sandbox.nmid()),
    )
    .expect("written");
    let output = shop.qris(&["order", "create", "INV-2", "5000", "--settings", "qris.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", complaint(&output));
    shop.close();
}

#[test]
fn a_reference_label_that_is_not_the_invoices_is_said_once_and_the_code_is_shown() {
    let shop = Shop::open();
    shop.sandbox.inject(Fault::OtherReference, FaultCall::Create, FaultRepeat::Once);
    let output = shop.qris(&["order", "create", "INV-1", "5000"]);
    assert_eq!(output.status.code(), Some(0), "{}", complaint(&output));
    assert_eq!(complaint(&output).matches("warning: ").count(), 1, "{}", complaint(&output));
    assert!(complaint(&output).contains("62.05"), "{}", complaint(&output));
    assert!(text(&output).contains("INV-1"), "the code is shown");
    let again = shop.qris(&["order", "create", "INV-1", "5000"]);
    assert_eq!((again.status.code(), complaint(&again).as_str()), (Some(0), ""));
    shop.close();
}

#[test]
fn the_checks_of_a_key_are_counted_in_the_folder_that_is_set() {
    let shop = Shop::open();
    shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    let by_flag = shop.folder.path().join("by-flag");
    let folder = by_flag.to_str().expect("a path");
    let output = shop.qris(&["order", "check", "INV-1", "--state-dir", folder]);
    assert_eq!(output.status.code(), Some(1), "{}", complaint(&output));
    assert!(std::fs::read_dir(&by_flag).expect("a folder").next().is_some(), "a file in it");
    assert!(!shop.folder.path().join("state").exists(), "none in that of the environment");
    shop.close();
}

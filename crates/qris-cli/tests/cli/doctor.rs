//! `qris doctor` finds what is wrong, says what to do, and asks the API nothing.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use crate::command::{json_of, text};
use qris_api::{
    Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, Schedule, TransactionNumber, WibTime,
};
use qris_ledger::{Budget, CheckOutcome, Ledger, NewOrder, NewPlan, Period, Request};
use qris_sandbox::Sandbox;

/// A key that must not be seen anywhere.
const KEY: &str = "139139220920202";

/// The doctor in a folder of its own, with nothing set but what is given.
fn doctor(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_qris"))
        .arg("doctor")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .envs(environment.iter().copied())
        .output()
        .expect("the command starts");
    for stream in [&output.stdout, &output.stderr] {
        assert!(!String::from_utf8_lossy(stream).contains(KEY), "the key shows");
    }
    output
}

/// What came out of a check.
#[track_caller]
fn result<'a>(report: &'a serde_json::Value, check: &str) -> &'a str {
    let checks = report["checks"].as_array().expect("a list");
    let found = checks.iter().find(|found| found["check"] == check);
    let found = found.unwrap_or_else(|| panic!("no {check} in {report}"));
    let advised = found["advice"].is_string();
    assert_eq!(advised, found["result"] != "ok", "advice where something is wrong: {found}");
    found["result"].as_str().expect("a word")
}

/// Runs the doctor with good settings but for this base URL.
fn with_url(url: &str) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = [("QRIS_API_KEY", KEY), ("QRIS_MERCHANT_ID", "123456"), ("QRIS_BASE_URL", url)];
    doctor(folder.path(), &["--json"], &settings)
}

#[test]
fn all_is_well_beside_a_sandbox_and_no_call_is_spent() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start()).expect("it starts");
    let folder = tempfile::tempdir().expect("a folder");
    let settings = [
        ("QRIS_API_KEY", "sandbox-key"),
        ("QRIS_MERCHANT_ID", "123456"),
        ("QRIS_BASE_URL", &sandbox.base_url()),
    ];
    let before = format!("{:?}", sandbox.calls());
    let output = doctor(folder.path(), &[], &settings);
    let lines = text(&output);
    assert!(output.status.success(), "{lines}");
    assert_eq!(lines.lines().count(), 10, "{lines}");
    assert!(lines.lines().all(|line| line.starts_with("ok ")), "{lines}");
    assert_eq!(format!("{:?}", sandbox.calls()), before);

    let report = json_of(&doctor(folder.path(), &["--json"], &settings));
    assert_eq!(report["healthy"], true);
    for check in [
        "settings",
        "limits",
        "events",
        "pay links",
        "server",
        "clock",
        "books",
        "orders",
        "webhooks",
        "totals",
    ] {
        assert_eq!(result(&report, check), "ok", "{check}");
    }
}

#[cfg(unix)]
#[test]
fn a_key_of_pay_links_that_others_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("pay.key");
    std::fs::write(&key, [7; 32]).expect("written");
    let settings = [
        ("QRIS_API_KEY", KEY),
        ("QRIS_MERCHANT_ID", "123456"),
        ("QRIS_PAY_KEY_FILE", key.to_str().expect("a path")),
    ];
    for (mode, expected) in [(0o644, "warning"), (0o640, "warning"), (0o600, "ok")] {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&key, permissions).expect("changed");
        let report = json_of(&doctor(folder.path(), &["--offline", "--json"], &settings));
        assert_eq!(result(&report, "pay links"), expected, "{mode:o}");
    }
}

#[test]
fn without_settings_it_says_which() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = doctor(folder.path(), &["--offline"], &[]);
    assert_eq!(output.status.code(), Some(1));
    let lines = text(&output);
    assert!(lines.starts_with("problem  settings  expected QRIS_API_KEY"), "{lines}");
    assert!(lines.contains("do: set QRIS_API_KEY"), "{lines}");
    assert!(!lines.contains("server"), "{lines}");
}

#[test]
fn a_server_that_is_not_there_is_a_problem() {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port");
    let output = with_url(&format!("http://{free}/restapi/qris/"));
    assert_eq!(output.status.code(), Some(1));
    let report = json_of(&output);
    assert_eq!(report["healthy"], false);
    assert_eq!(result(&report, "server"), "problem");
    assert_eq!(result(&report, "settings"), "ok");
    let words = report.to_string();
    assert!(words.contains("the server refused the connection"), "{words}");
    assert!(!words.contains("os error") && !words.contains("tcp connect"), "{words}");
}

#[test]
fn a_bill_that_was_not_made_is_a_warning_with_its_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let books = folder.path().join("shop.db");
    let now = WibTime::now();
    let mut ledger = Ledger::open(&books).expect("a database");
    let period = Period::Monthly { day: 1 };
    let number = format!("SITI-{}", now.date().strftime("%Y-%m"));
    let order =
        NewOrder::new(TransactionNumber::parse(&number).expect("a number"), Rupiah::new(500));
    ledger.open_order(&order, now).expect("an order");
    let plan = NewPlan::new("SITI", Rupiah::new(150_000), period, now.date().first_of_month());
    ledger.add_plan(&plan, now).expect("a plan");
    assert_eq!(ledger.make_plan_orders(10, now).expect("orders"), []);
    drop(ledger);
    let url = format!("sqlite://{}", books.display());
    let settings =
        [("QRIS_API_KEY", KEY), ("QRIS_MERCHANT_ID", "123456"), ("QRIS_DATABASE_URL", &url)];
    let report = json_of(&doctor(folder.path(), &["--offline", "--json"], &settings));
    assert_eq!(result(&report, "bills"), "warning");
    let words = report.to_string();
    assert!(words.contains(&format!("{number} was not made")), "{words}");
}

#[test]
fn an_address_that_would_show_the_key_is_a_problem() {
    let report = json_of(&with_url("http://192.0.2.1/restapi/qris/"));
    assert_eq!(result(&report, "settings"), "problem");
    assert_eq!(result(&report, "server"), "problem");
}

/// A server whose clock says this; what it was asked.
fn server(date: &str) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/restapi/qris/", listener.local_addr().expect("an address"));
    let reply = format!("HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Length: 0\r\n\r\n");
    let asked = thread::spawn(move || {
        let (mut connection, _) = listener.accept().expect("a connection");
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            connection.read_exact(&mut byte).expect("a byte");
            asked.push(byte[0]);
        }
        connection.write_all(reply.as_bytes()).expect("answered");
        String::from_utf8(asked).expect("text")
    });
    (url, asked)
}

#[test]
fn a_clock_that_is_off_is_a_problem_and_the_server_sees_no_credentials() {
    let (url, asked) = server("Sun, 06 Nov 1994 08:49:37 GMT");
    let output = with_url(&url);
    assert_eq!(output.status.code(), Some(1));
    let report = json_of(&output);
    assert_eq!(result(&report, "server"), "ok");
    assert_eq!(result(&report, "clock"), "problem");
    let asked = asked.join().expect("asked");
    assert!(asked.starts_with("HEAD / HTTP/1.1\r\n"), "{asked}");
    assert!(!asked.contains(KEY) && !asked.contains("123456"), "{asked}");
}

#[test]
fn a_sandbox_whose_clock_was_moved_says_nothing_about_the_clock_of_this_machine() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start()).expect("it starts");
    sandbox.advance(Duration::from_secs(31 * 60));
    let output = with_url(&sandbox.base_url());
    let report = json_of(&output);
    assert!(output.status.success(), "{report}");
    assert_eq!(result(&report, "clock"), "ok");
    let words = "the sandbox's clock is 31 min away from this machine's clock: `qris trigger` or a \
                 program moved it";
    assert!(report.to_string().contains(words), "{report}");
}

#[test]
fn a_paid_order_with_an_unknown_second_code_is_resolved_and_not_checked_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut ledger = Ledger::open(folder.path().join("shop.db")).expect("a database");
    let ago = |minutes: i64| -> WibTime {
        (WibTime::now().timestamp() - jiff::SignedDuration::from_mins(minutes)).into()
    };
    let (number, amount) =
        (TransactionNumber::parse("INV-1").expect("a number"), Rupiah::new(25_578));
    let order = NewOrder::new(number.clone(), amount);
    let Ok(Request::New(intent)) = ledger.request(&order, ago(90)) else { panic!("no intent") };
    let invoice = Invoice::new(number.clone(), amount, "0002", ago(90), InvoiceId::new(1), "ID9");
    ledger.record_created(&intent, &invoice, &Schedule::default(), ago(90)).expect("booked");
    let claim = ledger.claim_checks(&Budget::default(), 1, ago(19)).expect("claims").remove(0);
    let unpaid = CheckOutcome::Unpaid;
    ledger.record_check(&claim, unpaid, &Schedule::default(), ago(19)).expect("booked");
    // The program is killed during the renewal, and the first code turns out to be paid.
    ledger.renew(&number, ago(19)).expect("an intent");
    let paid = Payment::Paid(PaymentDetails::default());
    ledger.settle(InvoiceId::new(1), &paid, ago(18)).expect("booked");
    ledger.abandon(ago(17), ago(15)).expect("abandoned");
    drop(ledger);
    let settings = [
        ("QRIS_API_KEY", KEY),
        ("QRIS_MERCHANT_ID", "123456"),
        ("QRIS_DATABASE_URL", "sqlite://shop.db"),
    ];
    let report = json_of(&doctor(folder.path(), &["--offline", "--json"], &settings));
    assert_eq!(result(&report, "orders"), "warning");
    let checks = report["checks"].as_array().expect("a list");
    let found: Vec<_> = checks.iter().filter(|found| found["check"] == "orders").collect();
    let [found] = found[..] else { panic!("{found:?}") };
    let advice = found["advice"].as_str().expect("advice");
    for words in ["qris order resolve", "--invoiceid N", "--not-made"] {
        assert!(advice.contains(words), "{found}");
    }
    assert!(!advice.contains("qris order check"), "{found}");
}

/// Whether the doctor misses webhooks, for a paid order whose payment has these details.
fn webhook_check(token: &str, paid_minutes_ago: i64, details: PaymentDetails) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let now = WibTime::now();
    let paid_at: WibTime =
        (now.timestamp() - jiff::SignedDuration::from_mins(paid_minutes_ago)).into();
    let mut details = details;
    details.paid_at = Some(paid_at);
    let mut ledger = Ledger::open(folder.path().join("shop.db")).expect("a database");
    let (number, amount) =
        (TransactionNumber::parse("INV-1").expect("a number"), Rupiah::new(25_578));
    let order = NewOrder::new(number.clone(), amount);
    let Ok(Request::New(intent)) = ledger.request(&order, paid_at) else { panic!("no intent") };
    let invoice = Invoice::new(number, amount, "0002", paid_at, InvoiceId::new(1), "ID9");
    ledger.record_created(&intent, &invoice, &Schedule::default(), paid_at).expect("booked");
    ledger.settle(InvoiceId::new(1), &Payment::Paid(details), paid_at).expect("booked");
    let settings = [
        ("QRIS_API_KEY", KEY),
        ("QRIS_MERCHANT_ID", "123456"),
        ("QRIS_DATABASE_URL", "sqlite://shop.db"),
        ("QRIS_WEBHOOK_TOKEN", token),
    ];
    let report = json_of(&doctor(folder.path(), &["--offline", "--json"], &settings));
    result(&report, "webhooks").to_owned()
}

#[test]
fn payments_without_webhooks_are_a_warning_only_if_webhooks_are_expected() {
    const TOKEN: &str = "0c9f1d7ab4e84f3b9d62";
    let plain = PaymentDetails::default;
    let mut with_rrn = plain();
    with_rrn.rrn = Some("633112345678".to_owned());
    assert_eq!(webhook_check(TOKEN, 60, plain()), "warning");
    assert_eq!(webhook_check("", 60, plain()), "ok", "no token is set");
    assert_eq!(webhook_check(TOKEN, 60, with_rrn), "ok", "a webhook came");
    assert_eq!(webhook_check(TOKEN, 1, plain()), "ok", "it may still come");
    assert_eq!(webhook_check(TOKEN, 8 * 24 * 60, plain()), "ok", "long ago");
}

#[test]
fn the_lines_about_events_say_what_is_allowed_without_counting_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let lines = text(&doctor(folder.path(), &["--offline"], &[]));
    let words = "events    the till can send events to programs at public https addresses and on this \
                 machine. An order cannot have its own notify_url, because notify_urls is not set\n";
    assert!(lines.contains(words), "{lines}");
    let set = [("QRIS_NOTIFY_URLS", "https://shop.example/notify/")];
    let lines = text(&doctor(folder.path(), &["--offline"], &set));
    let words = "The notify_url of an order must begin with https://shop.example/notify/\n";
    assert!(lines.contains(words), "{lines}");
}

#[test]
fn a_server_that_knows_no_time_is_a_warning() {
    let (url, _) = server("soon");
    let output = with_url(&url);
    assert!(output.status.success());
    assert_eq!(result(&json_of(&output), "clock"), "warning");
}

#[test]
fn books_that_cannot_be_opened_are_a_problem_and_stay_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let other = folder.path().join("letter.db");
    let words = "Dear Sir or Madam, this is no database. ".repeat(100);
    fs::write(&other, &words).expect("written");
    for url in ["sqlite://letter.db", "sqlite://no/such/folder/qris.db", "mysql://shop"] {
        let settings = [("QRIS_DATABASE_URL", url)];
        let output = doctor(folder.path(), &["--offline", "--json"], &settings);
        assert_eq!(result(&json_of(&output), "books"), "problem", "{url}");
        assert_eq!(output.status.code(), Some(1));
    }
    assert_eq!(fs::read_to_string(&other).expect("still there"), words);
}

#[test]
fn a_request_without_an_outcome_is_a_warning() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut ledger = Ledger::open(folder.path().join("shop.db")).expect("it opens");
    let number = TransactionNumber::parse("LOST-1").expect("a number");
    let long_ago = WibTime::parse("2020-08-07 11:13:40").expect("a date");
    let order = NewOrder::new(number, Rupiah::new(25_578));
    ledger.request(&order, long_ago).expect("booked");
    let settings = [
        ("QRIS_API_KEY", KEY),
        ("QRIS_MERCHANT_ID", "123456"),
        ("QRIS_DATABASE_URL", "sqlite://shop.db"),
    ];
    let output = doctor(folder.path(), &["--offline", "--json"], &settings);
    assert!(output.status.success());
    let report = json_of(&output);
    assert_eq!(result(&report, "orders"), "warning");
    assert!(report.to_string().contains("LOST-1"), "{report}");
}

#[test]
fn every_limit_that_is_set_is_listed() {
    let folder = tempfile::tempdir().expect("a folder");
    let account = [("QRIS_API_KEY", KEY), ("QRIS_MERCHANT_ID", "123456")];
    let limits = |arguments: &[&str], environment: &[(&str, &str)]| {
        let arguments = [&["--offline", "--json"], arguments].concat();
        let output = doctor(folder.path(), &arguments, &[&account[..], environment].concat());
        let report = json_of(&output);
        let checks = report["checks"].as_array().expect("a list");
        let found = checks.iter().find(|found| found["check"] == "limits").expect("limits");
        found["message"].as_str().expect("words").to_owned()
    };
    assert_eq!(
        limits(&[], &[]),
        "a code is shown for 30 min and valid for 60 min; an API call may take 35 s; codes \
         with another NMID than the first invoice's are refused; at most 60 checks a minute per API key, counted \
         in the user's state folder"
    );
    // A code is not shown for longer than it is valid.
    assert!(
        limits(&[], &[("QRIS_VALIDITY_MINUTES", "20")]).contains("for 20 min and valid for 20 min")
    );
    fs::write(
        folder.path().join("qris.toml"),
        "shown_minutes = 5\nvalidity_minutes = 45\ntimeout_seconds = 90\nnmid = \"ID7\"\n\
         state_dir = \"counts\"\nchecks_per_minute = 30\n",
    )
    .expect("a file");
    assert_eq!(
        limits(&["--settings", "qris.toml"], &[("QRIS_SHOWN_MINUTES", "10")]),
        "a code is shown for 10 min and valid for 45 min; an API call may take 90 s; codes \
         with another NMID than ID7 are refused; at most 30 checks a minute per API key, counted in counts"
    );
}

#[test]
fn a_total_that_somebody_changed_is_named_with_its_day_and_put_right_with_fix() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("qris.db");
    let url = format!("sqlite://{}", path.display());
    let mut ledger = Ledger::connect(&url).expect("a database");
    let now = WibTime::parse("2020-08-07 11:13:40").expect("a time");
    let (number, amount) =
        (TransactionNumber::parse("INV-1").expect("a number"), Rupiah::new(25_578));
    let order = NewOrder::new(number.clone(), amount);
    let Ok(Request::New(intent)) = ledger.request(&order, now) else { panic!("no intent") };
    let invoice = Invoice::new(number, amount, "0002", now, InvoiceId::new(1), "ID9");
    ledger.record_created(&intent, &invoice, &Schedule::default(), now).expect("booked");
    let paid = Payment::Paid(PaymentDetails::default());
    ledger.settle(InvoiceId::new(1), &paid, now).expect("booked");
    let settings = [
        ("QRIS_API_KEY", KEY),
        ("QRIS_MERCHANT_ID", "123456"),
        ("QRIS_DATABASE_URL", url.as_str()),
    ];
    let totals = |arguments: &[&str]| {
        let arguments = [&["--offline", "--json"], arguments].concat();
        let report = json_of(&doctor(folder.path(), &arguments, &settings));
        let said = report["checks"].as_array().expect("a list");
        let said = said.iter().find(|check| check["check"] == "totals").expect("totals").clone();
        (result(&report, "totals").to_owned(), said["message"].as_str().expect("words").to_owned())
    };
    assert_eq!(totals(&[]).0, "ok");
    let by_hand = rusqlite::Connection::open(&path).expect("a file");
    by_hand.execute("UPDATE qris_total SET paid = 30000", []).expect("changed");
    let words = "2020-08-07 pos: the orders have 1 codes, 1 payments and Rp25578, but the report has \
                 1, 1 and Rp30000";
    assert_eq!(totals(&[]), ("problem".to_owned(), words.to_owned()));
    assert_eq!(totals(&["--fix"]), ("warning".to_owned(), words.to_owned()));
    assert_eq!(totals(&[]).0, "ok");
}

#[test]
fn a_webhook_token_that_the_till_refuses_is_a_problem() {
    let folder = tempfile::tempdir().expect("a folder");
    for (token, is_refused) in [("0123456789abcde", true), ("0123456789abcdef", false)] {
        let settings =
            [("QRIS_API_KEY", KEY), ("QRIS_MERCHANT_ID", "123456"), ("QRIS_WEBHOOK_TOKEN", token)];
        let output = doctor(folder.path(), &["--offline", "--json"], &settings);
        let report = json_of(&output);
        let checks = report["checks"].as_array().expect("a list");
        let problem = checks.iter().find(|check| check["result"] == "problem");
        assert_eq!(problem.is_some(), is_refused, "{report}");
        assert_eq!(output.status.success(), !is_refused, "{report}");
        if let Some(problem) = problem {
            let message = problem["message"].as_str().expect("a text");
            assert!(message.contains("QRIS_WEBHOOK_TOKEN"), "{message}");
            assert!(message.contains("16 to 256"), "{message}");
            assert!(!message.contains(token), "{message}");
        }
    }
}

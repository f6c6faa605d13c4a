//! Settings: which books, whose server, and what is said when they are wrong.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use qris_ledger::Ledger;

const SANDBOX: (&str, &str) = ("QRIS_BASE_URL", "http://127.0.0.1:9/restapi/qris/");
const KEY: (&str, &str) = ("QRIS_API_KEY", "139139220920202");
const MERCHANT: (&str, &str) = ("QRIS_MERCHANT_ID", "195255685725");

/// The command in a folder of its own, with nothing set but what is given.
fn qris(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_qris"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .envs(environment.iter().copied())
        .output()
        .expect("the command starts");
    for stream in [&output.stdout, &output.stderr] {
        assert!(!String::from_utf8_lossy(stream).contains(KEY.1), "the key shows");
    }
    output
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{}", said(output));
    said(output)
}

#[test]
fn what_was_tried_out_on_the_sandbox_is_not_in_the_shops_books() {
    let folder = tempfile::tempdir().expect("a folder");
    let books = folder.path().join(".local/share/qris");
    let books = books.to_str().expect("a path");
    let sandbox = refused(&qris(folder.path(), &["report"], &[SANDBOX]));
    assert!(sandbox.contains(&format!("{books}/sandbox.db")), "{sandbox}");
    // An empty setting says nothing.
    let shop = refused(&qris(folder.path(), &["report"], &[("QRIS_BASE_URL", "")]));
    assert!(shop.contains(&format!("{books}/qris.db")), "{shop}");
}

#[test]
fn a_copy_of_the_books_is_whole_and_replaces_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let ledger = Ledger::open(at("shop.db")).expect("books");
    let arguments = ["backup", "copy.db", "--database", "sqlite://shop.db"];
    let output = qris(folder.path(), &arguments, &[]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "shop.db is copied to copy.db\n");
    drop(ledger);
    assert_eq!(Ledger::open(at("copy.db")).expect("a copy").list(9).expect("a list").len(), 0);
    let before = fs::read(at("copy.db")).expect("a file");
    let again = refused(&qris(folder.path(), &arguments, &[]));
    assert_eq!(again, "error: expected no file copy.db, found one\n");
    assert_eq!(fs::read(at("copy.db")).expect("a file"), before);
}

#[test]
fn books_that_are_not_there_are_not_copied_or_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = ["backup", "copy.db", "--database", "sqlite://tpyo.db"];
    let message = refused(&qris(folder.path(), &arguments, &[]));
    assert!(message.starts_with("error: expected a database in tpyo.db"), "{message}");
    assert!(!folder.path().join("tpyo.db").exists() && !folder.path().join("copy.db").exists());
}

#[test]
fn a_file_of_settings_that_was_named_must_be_there_and_its_lines_are_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let message = refused(&qris(folder.path(), &["report", "--settings", "salah.toml"], &[]));
    assert!(message.starts_with("error: salah.toml: "), "{message}");
    assert!(!folder.path().join(".local").exists(), "no other books are opened instead");

    let text = "# line 1\n# line 2\n\nmerchant_id = \"1\"\napi_kee = \"139139220920202\"\n";
    fs::write(folder.path().join("shop.toml"), text).expect("a file");
    let message = refused(&qris(folder.path(), &["report", "--settings", "shop.toml"], &[]));
    assert!(message.starts_with("error: shop.toml: line 5: "), "{message}");

    fs::write(folder.path().join("shop.toml"), "validity_minutes = 0\n").expect("a file");
    let arguments = ["order", "create", "INV-1", "25578", "--settings", "shop.toml"];
    let message = refused(&qris(folder.path(), &arguments, &[KEY, MERCHANT, SANDBOX]));
    assert!(message.contains("validity_minutes of at least 1 in shop.toml"), "{message}");
    let minutes = ("QRIS_VALIDITY_MINUTES", "0");
    assert_eq!(qris(folder.path(), &["report"], &[minutes]).status.code(), Some(2));
}

#[test]
fn what_keeps_a_till_from_opening_is_said_with_its_cause() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let arguments = ["till", "--listen", &address];
    let message = refused(&qris(folder.path(), &arguments, &[KEY, MERCHANT, SANDBOX]));
    assert!(message.contains(&address) && message.contains("in use"), "{message}");
    assert!(message.contains("a sandbox on this machine") && message.contains("sandbox.db"));

    fs::write(folder.path().join("letter.db"), "Dear customer,").expect("a file");
    for (database, cause) in [
        ("sqlite://letter.db", "not a database"),
        ("sqlite://no/such/folder/qris.db", "no such file"),
    ] {
        let arguments = ["report", "--database", database];
        let message = refused(&qris(folder.path(), &arguments, &[]));
        assert!(message.contains(&database[9..]), "{message}");
        assert!(message.contains(cause), "{message}");
    }
    let database = ("QRIS_DATABASE_URL", "postgres://shop:secret@127.0.0.1:1/books");
    let message = refused(&qris(folder.path(), &["report"], &[database]));
    assert!(message.contains("PostgreSQL at 127.0.0.1:1/books"), "{message}");
    assert!(!message.contains("secret"), "{message}");
}

#[test]
fn an_address_without_the_apis_folder_is_noticed() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sandbox = runtime.block_on(qris_sandbox::Sandbox::start()).expect("it starts");
    let folder = tempfile::tempdir().expect("a folder");
    let bare = sandbox.base_url().replace("/restapi/qris/", "");
    let settings = [KEY, MERCHANT, ("QRIS_BASE_URL", bare.as_str())];
    let output = qris(folder.path(), &["doctor"], &settings);
    let page = String::from_utf8_lossy(&output.stdout);
    assert!(page.contains("its address has no folder"), "{page}");
}

#[test]
fn a_password_in_an_argument_is_refused_and_one_in_the_environment_or_a_file_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    for database in [
        "postgres://shop:secret@127.0.0.1:1/books",
        "postgresql://shop:secret@127.0.0.1:1/books",
        "postgres://127.0.0.1:1/books?user=shop&password=secret",
    ] {
        for command in [&["report"][..], &["till"], &["order", "list"], &["backup", "copy.db"]] {
            let arguments = [command, &["--database", database]].concat();
            let message = refused(&qris(folder.path(), &arguments, &[KEY, MERCHANT, SANDBOX]));
            assert!(message.starts_with("error: expected --database without a password"));
            assert!(message.contains("QRIS_DATABASE_URL"), "{message}");
            assert!(!message.contains("secret"), "{message}");
        }
        let environment = [("QRIS_DATABASE_URL", database)];
        let message = refused(&qris(folder.path(), &["report"], &environment));
        assert!(message.contains("PostgreSQL at 127.0.0.1:1/books"), "{message}");
        fs::write(folder.path().join("qris.toml"), format!("database_url = \"{database}\"\n"))
            .expect("a file");
        let message = refused(&qris(folder.path(), &["report"], &[]));
        assert!(message.contains("PostgreSQL at 127.0.0.1:1/books"), "{message}");
        fs::remove_file(folder.path().join("qris.toml")).expect("a file");
    }
    let arguments = ["report", "--database", "postgres://shop@127.0.0.1:1/books"];
    let message = refused(&qris(folder.path(), &arguments, &[]));
    assert!(message.contains("PostgreSQL at 127.0.0.1:1/books"), "{message}");
}

#[test]
fn a_code_is_not_shown_for_longer_than_it_is_valid() {
    let folder = tempfile::tempdir().expect("a folder");
    let create = ["order", "create", "INV-1", "25578"];
    let account = [KEY, MERCHANT, SANDBOX];
    let flags = [&create[..], &["--shown-minutes", "61"]].concat();
    let message = refused(&qris(folder.path(), &flags, &account));
    assert!(message.contains("shown_minutes of at most 60"), "{message}");
    assert!(message.contains("found 61"), "{message}");

    let variables = [("QRIS_SHOWN_MINUTES", "20"), ("QRIS_VALIDITY_MINUTES", "15")];
    let message = refused(&qris(folder.path(), &create, &[&account[..], &variables].concat()));
    assert!(message.contains("at most 15") && message.contains("found 20"), "{message}");

    let text = "shown_minutes = 45\nvalidity_minutes = 40\n";
    fs::write(folder.path().join("qris.toml"), text).expect("a file");
    let named = [&create[..], &["--settings", "qris.toml"]].concat();
    let message = refused(&qris(folder.path(), &named, &account));
    assert!(message.contains("at most 40") && message.contains("found 45"), "{message}");
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_folder_named_qris_toml_is_refused_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("qris.toml");
    let made = Command::new("mkfifo").arg(&path).status().expect("mkfifo runs");
    assert!(made.success());
    let words = "qris.toml: expected a file, found something else with this name";
    // Opening a pipe waits for a writer, and there is none.
    let mut child = Command::new(env!("CARGO_BIN_EXE_qris"))
        .arg("report")
        .current_dir(folder.path())
        .env("HOME", folder.path())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the command starts");
    let started = std::time::Instant::now();
    while child.try_wait().expect("a state").is_none() {
        if started.elapsed().as_secs() >= 20 {
            child.kill().expect("it can be ended");
            panic!("the command waits for the pipe");
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let message = refused(&child.wait_with_output().expect("its output"));
    assert!(message.contains(words), "{message}");

    fs::remove_file(&path).expect("removed");
    fs::create_dir(&path).expect("a folder");
    let message = refused(&qris(folder.path(), &["report"], &[SANDBOX]));
    assert!(message.contains(words), "{message}");
}

#[test]
fn a_number_that_is_out_of_range_is_refused_with_the_range() {
    let folder = tempfile::tempdir().expect("a folder");
    let create = ["order", "create", "INV-1", "25578"];
    let account = [KEY, MERCHANT, SANDBOX];
    for (name, value, expected) in [
        ("shown_minutes", "0", "of at least 1"),
        ("validity_minutes", "0", "of at least 1"),
        ("timeout_seconds", "0", "of 1 to 600"),
        ("timeout_seconds", "601", "of 1 to 600"),
        ("checks_per_minute", "0", "of at least 1"),
    ] {
        fs::write(folder.path().join("qris.toml"), format!("{name} = {value}\n")).expect("a file");
        let named = [&create[..], &["--settings", "qris.toml"]].concat();
        let message = refused(&qris(folder.path(), &named, &account));
        assert!(message.contains(&format!("{name} {expected} in qris.toml")), "{message}");
        fs::remove_file(folder.path().join("qris.toml")).expect("a file");

        let variable = format!("QRIS_{}", name.to_uppercase());
        let variables = [&account[..], &[(&variable, value)]].concat();
        refused(&qris(folder.path(), &create, &variables));
        let flag = format!("--{}", name.replace('_', "-"));
        refused(&qris(folder.path(), &[&create[..], &[&flag, value]].concat(), &account));
    }
}

#[test]
fn a_call_ends_after_the_seconds_that_are_set() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sandbox = runtime.block_on(qris_sandbox::Sandbox::start()).expect("it starts");
    let slow = qris_sandbox::Fault::Slow { seconds: 20.0 };
    sandbox.inject(slow, qris_sandbox::FaultCall::Create, qris_sandbox::FaultRepeat::Standing);
    let folder = tempfile::tempdir().expect("a folder");
    let url = sandbox.base_url();
    let account = [("QRIS_API_KEY", "sandbox-key"), ("QRIS_MERCHANT_ID", "123456")];
    let account = [&account[..], &[("QRIS_BASE_URL", url.as_str())]].concat();
    let started = std::time::Instant::now();
    let create = ["order", "create", "INV-1", "25578", "--timeout-seconds", "1"];
    let output = qris(folder.path(), &create, &account);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(started.elapsed().as_secs() < 15, "{:?}", started.elapsed());
}

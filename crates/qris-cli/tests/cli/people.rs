//! `qris user` and `qris token`.

use std::io::Write as _;
use std::process::{Output, Stdio};

use crate::shop::{Shop, complaint, text};
use qris_ledger::{Ledger, Role, SignInTry};

/// Runs the command with this standard input.
fn with_input(shop: &Shop, arguments: &[&str], input: &str) -> Output {
    let mut command = shop.command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A command that refuses its arguments reads nothing.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the command ends")
}

#[track_caller]
fn add(shop: &Shop, name: &str, role: &str, pin: &str) -> Output {
    with_input(shop, &["user", "add", name, "--role", role, "--pin-stdin"], pin)
}

#[test]
fn a_user_is_added_listed_and_revoked_and_the_ledger_has_the_hash_of_the_pin_alone() {
    let shop = Shop::open();
    let added = add(&shop, "Siti", "cashier", "480615\n");
    assert!(added.status.success(), "{}", complaint(&added));
    assert_eq!(text(&added), "Siti may now sign in as cashier\n");
    let mut ledger = Ledger::open(shop.books()).expect("books");
    let tried = ledger.try_sign_in("siti", qris_api::WibTime::now()).expect("a try");
    let SignInTry::Now { user: Some((_, hash)) } = tried else { panic!("{tried:?}") };
    assert!(hash.starts_with("$argon2id$"), "{hash}");
    assert!(add(&shop, "Budi", "owner", "739104").status.success());
    let list = shop.json(&["user", "list", "--json"]);
    let names: Vec<_> = list.as_array().expect("users").iter().map(|it| &it["name"]).collect();
    assert_eq!(names, ["Siti", "Budi"]);
    assert_eq!(list[1]["role"], "owner");
    assert!(!list.to_string().contains("argon2"), "{list}");
    let other = with_input(&shop, &["user", "pin", "siti", "--pin-stdin"], "628401\n");
    assert_eq!(text(&other), "Siti has a new PIN\n");
    assert_eq!(text(&shop.qris(&["user", "revoke", "SITI"])), "Siti can no longer sign in\n");
    let users = ledger.users().expect("users");
    assert_eq!((users[0].role, users[0].revoked_at.is_some()), (Role::Cashier, true));
    let table = text(&shop.qris(&["user", "list"]));
    assert!(table.lines().next().expect("a line").contains("revoked 20"), "{table}");
    shop.close();
}

#[test]
fn a_pin_that_is_easily_guessed_a_taken_name_and_a_name_that_nobody_has_are_refused() {
    let shop = Shop::open();
    for pin in ["", "481", "1234", "0000", "48 06 15", "abcdef"] {
        let refused = add(&shop, "Siti", "cashier", pin);
        assert_eq!(refused.status.code(), Some(2), "{pin}");
        assert!(complaint(&refused).contains("expected a PIN of 4 to 12 digits"), "{pin}");
        assert!(pin.is_empty() || !complaint(&refused).contains(pin), "{pin}");
    }
    assert!(add(&shop, "Siti", "cashier", "480615").status.success());
    let taken = add(&shop, "SITI", "owner", "739104");
    assert_eq!(taken.status.code(), Some(2));
    assert!(complaint(&taken).contains("one that is taken"), "{}", complaint(&taken));
    for command in [["user", "revoke", "Budi"], ["token", "revoke", "Budi"]] {
        let absent = shop.qris(&command);
        assert_eq!(absent.status.code(), Some(2));
        assert!(complaint(&absent).contains("found another name"), "{}", complaint(&absent));
    }
    // The PIN is no argument, and without a terminal nobody can be asked.
    let asked = with_input(&shop, &["user", "add", "Budi", "--role", "owner"], "739104\n");
    assert_eq!(asked.status.code(), Some(2));
    assert!(complaint(&asked).contains("--pin-stdin"), "{}", complaint(&asked));
    for name in ["", "webhook", "a name of far more than thirty-two characters"] {
        assert_eq!(add(&shop, name, "owner", "739104").status.code(), Some(2), "{name}");
    }
    shop.close();
}

#[test]
fn a_token_is_printed_once_and_the_database_does_not_have_it() {
    let shop = Shop::open();
    let created = shop.qris(&["token", "create", "erp", "--role", "program"]);
    assert!(created.status.success(), "{}", complaint(&created));
    let token = text(&created).trim().to_owned();
    assert_eq!(token.len(), 43, "alone on standard output");
    let display = ["token", "create", "layar", "--role", "display", "--merchant", "main", "--json"];
    let display = shop.json(&display);
    assert_eq!((&display["role"], &display["merchant"]), (&"display".into(), &"main".into()));
    assert_eq!(display["token"].as_str().expect("a token").len(), 43);
    let list = shop.json(&["token", "list", "--json"]);
    assert_eq!(list[0]["name"], "erp");
    assert_eq!(list[0]["created_by"], "qris command");
    assert!(list[0]["merchant"].is_null() && list[0]["used_at"].is_null(), "{list}");
    assert!(!list.to_string().contains(&token), "{list}");
    for file in std::fs::read_dir(shop.folder.path()).expect("a folder") {
        let path = file.expect("a file").path();
        let bytes = if path.is_file() { std::fs::read(&path).expect("a file") } else { continue };
        let found = bytes.windows(token.len()).any(|window| window == token.as_bytes());
        assert!(!found, "{}", path.display());
    }
    let unknown = ["token", "create", "x", "--role", "program", "--merchant", "nobody"];
    assert_eq!(shop.qris(&unknown).status.code(), Some(2));
    assert_eq!(text(&shop.qris(&["token", "revoke", "erp"])), "erp no longer gives access\n");
    let table = text(&shop.qris(&["token", "list"]));
    assert!(table.contains("erp") && table.contains("revoked 20"), "{table}");
    assert!(table.contains("never used"), "{table}");
    shop.close();
}

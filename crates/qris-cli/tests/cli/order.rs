//! `qris order` and `qris report` against a sandbox, over real HTTP, with books in a file.

use std::process::Stdio;
use std::time::Duration;

use crate::shop::{Shop, complaint, id_of, intend, number, order, text};
use qris_api::{InvoiceId, Payment, PaymentDetails, WibTime};
use qris_ledger::Ledger;
use qris_sandbox::{Fault, FaultCall, FaultRepeat};
use serde_json::Value;

#[test]
fn an_invoice_is_created_booked_paid_and_reported() {
    let shop = Shop::open();
    let row = shop.json(&["order", "create", "INV-1", "25578", "--channel", "bill", "--json"]);
    assert_eq!(row["number"], "INV-1");
    assert_eq!(row["amount"], 25_578);
    assert_eq!(row["channel"], "bill");
    assert_eq!(row["state"], "pending");
    assert_eq!(row["qris_nmid"], shop.sandbox.nmid());
    assert!(row["qris_request_date"].as_str().is_some_and(|date| date.ends_with("+07:00")));
    assert!(row["watched_until"].as_str().is_some_and(|date| date.ends_with("+07:00")));
    let content = row["qris_content"].as_str().expect("a payload");
    assert!(qris_codec::Qris::parse(content).is_ok());

    let unpaid = shop.qris(&["order", "check", "INV-1"]);
    assert_eq!(unpaid.status.code(), Some(1), "{}", complaint(&unpaid));

    shop.sandbox.pay(id_of(&row)).expect("paid");
    let paid = shop.json(&["order", "check", "INV-1", "--json"]);
    assert_eq!(paid["state"], "paid");
    for key in ["paid_at", "method", "customer_name"] {
        assert!(paid[key].is_string(), "{key} of {paid}");
    }
    // Asked again, the books answer: the provider is not asked about what is paid.
    let checks = shop.sandbox.calls().checks();
    assert_eq!(shop.qris(&["order", "check", "INV-1"]).status.code(), Some(0));
    assert_eq!(shop.sandbox.calls().checks(), checks);

    let report = shop.json(&["report", "--by", "channel", "--json"]);
    assert_eq!(report[0]["channel"], "bill");
    assert_eq!(report[0]["paid"], 25_578);
    let payments = text(&shop.qris(&["report", "--by", "payment", "--csv"]));
    assert_eq!(payments.lines().count(), 2, "{payments}");
    assert!(payments.contains(",25578,bill,"), "{payments}");
    let csv = text(&shop.qris(&["report", "--by", "channel", "--csv"]));
    assert_eq!(csv, "channel,invoices,payments,paid\r\nbill,1,1,25578\r\n");
    assert_eq!(shop.json(&["order", "list", "--json"])[0]["number"], "INV-1");
    assert_eq!(shop.json(&["order", "show", "INV-1", "--json"])["state"], "paid");
    shop.close();
}

#[test]
fn qris_invoice_is_the_same_command_and_its_help_says_so() {
    let shop = Shop::open();
    let order = shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    assert_eq!(shop.json(&["invoice", "show", "INV-1", "--json"]), order);
    let help = text(&shop.qris(&["--help"]));
    assert!(help.contains("[alias: invoice]"), "{help}");
    shop.close();
}

#[test]
fn the_same_number_again_shows_the_same_invoice_and_another_amount_is_refused() {
    let shop = Shop::open();
    let first = shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    let again = shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    assert_eq!(again, first);
    assert_eq!(shop.sandbox.calls().creates(), 1);
    let other = shop.qris(&["order", "create", "INV-1", "6000"]);
    assert_eq!(other.status.code(), Some(1), "{}", complaint(&other));
    assert_eq!(shop.sandbox.calls().creates(), 1);
    shop.close();
}

#[test]
fn without_json_the_qr_is_drawn_with_the_nmid_under_it() {
    let shop = Shop::open();
    let output = shop.qris(&["order", "create", "INV-1", "5000"]);
    let text = text(&output);
    assert_eq!(output.status.code(), Some(0), "{}", complaint(&output));
    assert!(text.contains("█▀▀▀▀▀█"), "{text}");
    assert!(text.contains(&format!("NMID: {}", shop.sandbox.nmid())), "{text}");
    assert!(text.contains("Rp5.000"), "{text}");
    shop.close();
}

#[test]
fn waiting_ends_with_zero_when_it_is_paid_and_the_log_has_the_beginning_and_the_end() {
    let shop = Shop::open();
    let row = shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    shop.sandbox.pay(id_of(&row)).expect("paid");
    let output = shop.qris(&["order", "wait", "INV-1", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", complaint(&output));
    let log = complaint(&output);
    assert!(log.starts_with("waiting until INV-1 is paid (Rp5.000); its code can"), "{log}");
    assert!(log.ends_with("\nINV-1 is now paid\n") && log.lines().count() == 2, "{log}");
    let row: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(row["state"], "paid");
    assert_eq!(shop.sandbox.calls().checks(), 1);
    shop.close();
}

#[test]
fn a_refusal_ends_with_one_and_the_number_can_be_used_again() {
    let shop = Shop::open();
    shop.sandbox.inject(
        Fault::Refuse { words: "invalid amount".into() },
        FaultCall::Create,
        FaultRepeat::Once,
    );
    let refused = shop.qris(&["order", "create", "INV-1", "5000"]);
    assert_eq!(refused.status.code(), Some(1), "{}", complaint(&refused));
    assert_eq!(shop.json(&["order", "show", "INV-1", "--json"])["state"], "rejected");
    assert_eq!(shop.qris(&["order", "create", "INV-1", "5000"]).status.code(), Some(0));
    shop.close();
}

#[test]
fn an_unclear_outcome_ends_with_three_and_is_not_asked_for_again() {
    let shop = Shop::open();
    shop.sandbox.inject(Fault::DropAfterAccepting, FaultCall::Create, FaultRepeat::Once);
    let unclear = shop.qris(&["order", "create", "INV-1", "5000"]);
    assert_eq!(unclear.status.code(), Some(3), "{}", complaint(&unclear));
    assert_eq!(shop.json(&["order", "show", "INV-1", "--json"])["state"], "unknown");
    let again = shop.qris(&["order", "create", "INV-1", "5000"]);
    assert_eq!(again.status.code(), Some(3), "{}", complaint(&again));
    assert_eq!(shop.sandbox.calls().creates(), 1);
    shop.close();
}

#[test]
fn a_qr_that_is_not_what_was_asked_for_is_never_shown() {
    let shop = Shop::open();
    for (number, fault) in
        [("INV-1", Fault::WrongAmount), ("INV-2", Fault::WrongNmid), ("INV-3", Fault::BadChecksum)]
    {
        shop.sandbox.inject(fault, FaultCall::Create, FaultRepeat::Once);
        let output = shop.qris(&["order", "create", number, "5000"]);
        assert_eq!(output.status.code(), Some(1), "{}", complaint(&output));
        assert_eq!(text(&output), "");
        let row = shop.json(&["order", "show", number, "--json"]);
        assert_eq!((&row["state"], &row["qris_content"]), (&"unknown".into(), &Value::Null));
    }
    shop.close();
}

#[test]
fn a_failed_check_changes_nothing_and_does_not_say_unpaid() {
    let shop = Shop::open();
    shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    shop.sandbox.inject(Fault::Html, FaultCall::Check, FaultRepeat::Once);
    let output = shop.qris(&["order", "check", "INV-1"]);
    assert_eq!(output.status.code(), Some(3), "{}", complaint(&output));
    assert!(
        complaint(&output).contains("not known whether the order is paid"),
        "{}",
        complaint(&output)
    );
    assert_eq!(shop.json(&["order", "show", "INV-1", "--json"])["state"], "pending");
    let words = "invalid apikey".to_owned();
    shop.sandbox.inject(Fault::Refuse { words }, FaultCall::Check, FaultRepeat::Standing);
    let refused = shop.qris(&["order", "wait", "INV-1"]);
    assert_eq!(refused.status.code(), Some(1), "{}", complaint(&refused));
    shop.close();
}

/// The provider blocks keys that ask harder.
#[test]
fn checks_by_hand_keep_their_distance() {
    let shop = Shop::open();
    let row = shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    let first = shop.qris(&["order", "check", "INV-1"]);
    assert_eq!(first.status.code(), Some(1));
    assert!(!complaint(&first).contains("a moment ago"), "{}", complaint(&first));
    shop.sandbox.pay(id_of(&row)).expect("paid");
    let second = shop.qris(&["order", "check", "INV-1"]);
    assert_eq!(second.status.code(), Some(0), "{}", complaint(&second));
    assert!(complaint(&second).contains("it was checked a moment ago"), "{}", complaint(&second));
    assert_eq!(shop.sandbox.calls().checks(), 2);
    shop.close();
}

#[test]
fn processes_that_wait_for_one_invoice_ask_as_one() {
    let shop = Shop::open();
    let row = shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    let waiting: Vec<_> = (0..3)
        .map(|_| shop.command(&["order", "wait", "INV-1"]).spawn().expect("it starts"))
        .collect();
    while shop.sandbox.calls().checks() == 0 {
        std::thread::sleep(Duration::from_millis(50));
    }
    shop.sandbox.pay(id_of(&row)).expect("paid");
    for mut child in waiting {
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
    }
    assert_eq!(shop.sandbox.calls().checks(), 2);
    shop.close();
}

/// So that a till on the same books looks after it.
#[test]
fn an_invoice_is_due_from_the_beginning_whoever_made_it() {
    let shop = Shop::open();
    shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    let record = shop.booked("INV-1");
    let due = record.next_check_at.expect("a time").timestamp();
    let made = record.invoice.expect("an invoice").qris_request_date.timestamp();
    assert!(due.duration_since(made).as_secs() <= 15);
    shop.close();
}

#[test]
fn two_processes_that_ask_for_one_number_get_one_invoice() {
    let shop = Shop::open();
    shop.sandbox.inject(Fault::Slow { seconds: 2.0 }, FaultCall::Create, FaultRepeat::Once);
    let create = ["order", "create", "INV-1", "5000", "--json"];
    let first = shop.command(&create).stdout(Stdio::piped()).spawn().expect("it starts");
    while shop.find("INV-1").is_none() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let second = shop.json(&create);
    let first = first.wait_with_output().expect("it ends");
    let first: Value = serde_json::from_slice(&first.stdout).expect("JSON");
    assert_eq!(first, second);
    assert_eq!(shop.sandbox.calls().creates(), 1);
    shop.close();
}

#[test]
fn a_request_that_was_cut_off_is_known_to_be_unknown() {
    let shop = Shop::open();
    let mut ledger = Ledger::open(shop.books()).expect("books");
    let long_ago = WibTime::now().timestamp() - jiff::SignedDuration::from_mins(4);
    intend(&mut ledger, &order("INV-1"), long_ago.into());
    assert_eq!(shop.json(&["order", "show", "INV-1", "--json"])["state"], "unknown");
    let check = shop.qris(&["order", "check", "INV-1"]);
    assert_eq!(check.status.code(), Some(3), "{}", complaint(&check));
    assert!(complaint(&check).contains("ask InterActive"), "{}", complaint(&check));
    shop.close();
}

#[test]
fn settings_come_from_a_file_and_the_environment_goes_first() {
    let shop = Shop::open();
    let settings = format!(
        "api_key = \"sandbox-key\"\nmerchant_id = \"123456\"\nbase_url = \"{}\"\n\
         database_url = \"sqlite://from-file.db\"\nvalidity_minutes = 30\n\
         shown_minutes = 20\n",
        shop.sandbox.base_url()
    );
    let file = shop.folder.path().join("qris.toml");
    std::fs::write(&file, settings).expect("written");
    let mut command = shop.command(&["order", "create", "INV-1", "5000", "--json"]);
    for name in ["QRIS_API_KEY", "QRIS_MERCHANT_ID", "QRIS_BASE_URL", "QRIS_DATABASE_URL"] {
        command.env_remove(name);
    }
    let output = command.output().expect("the command runs");
    let row: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", complaint(&output)));
    assert!(complaint(&output).contains("other users can read it"), "{}", complaint(&output));
    assert!(shop.folder.path().join("from-file.db").exists());
    let ledger = Ledger::open(shop.folder.path().join("from-file.db")).expect("books");
    let booked = ledger.find(&number("INV-1")).expect("readable").expect("an order");
    let made = booked.invoice.expect("an invoice").qris_request_date;
    let later = |minutes: u64| Some(made.later_by(Duration::from_secs(minutes * 60)));
    assert_eq!((booked.shown_until, booked.expires_at), (later(20), later(30)));
    assert_eq!(row["shown_until"], booked.shown_until.expect("a time").to_string());

    let wrong = shop
        .command(&["order", "create", "INV-2", "5000", "--settings", "qris.toml"])
        .env("QRIS_API_KEY", "another-key")
        .output()
        .expect("the command runs");
    assert_eq!(wrong.status.code(), Some(1), "{}", complaint(&wrong));
    shop.close();
}

#[test]
fn no_output_ever_shows_the_key() {
    let shop = Shop::open();
    let secret = "very-secret-key-5f2d";
    let settings = shop.folder.path().join("qris.toml");
    std::fs::write(&settings, format!("api_key = \"{secret}\" nonsense\n")).expect("written");
    for arguments in [
        &["order", "create", "INV-1", "5000"][..],
        &["order", "create", "--help"],
        &["order", "list"],
        &["report"],
    ] {
        let output = shop.command(arguments).env("QRIS_API_KEY", secret).output().expect("it runs");
        let said = format!("{}{}", text(&output), complaint(&output));
        assert!(!said.contains(secret), "{said}");
        assert!(!said.contains("123456"), "{said}");
    }
    shop.close();
}

#[test]
fn missing_settings_end_with_two_and_say_what_is_missing() {
    let shop = Shop::open();
    let mut command = shop.command(&["order", "create", "INV-1", "5000"]);
    let output = command.env_remove("QRIS_API_KEY").output().expect("the command runs");
    assert!(complaint(&output).contains("QRIS_API_KEY"), "{}", complaint(&output));
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(shop.qris(&["order", "create", "M\u{fc}ller", "1"]).status.code(), Some(2));
    shop.close();
}

#[test]
fn books_that_are_not_there_are_not_made_to_be_looked_into() {
    let shop = Shop::open();
    for arguments in [
        &["order", "list"][..],
        &["order", "show", "INV-1"],
        &["order", "check", "INV-1"],
        &["order", "wait", "INV-1"],
        &["report"],
    ] {
        let output = shop.qris(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(complaint(&output).contains("found no such file"), "{}", complaint(&output));
        assert!(!shop.books().exists(), "{arguments:?}");
    }
    shop.close();
}

#[test]
fn a_number_that_is_not_in_the_books_is_refused() {
    let shop = Shop::open();
    assert!(shop.qris(&["order", "create", "INV-1", "5000"]).status.success());
    for action in ["check", "wait", "show"] {
        let output = shop.qris(&["order", action, "NONE"]);
        assert_eq!(output.status.code(), Some(1), "{action}");
        assert!(complaint(&output).contains("no order has this number"), "{}", complaint(&output));
    }
    shop.close();
}

/// Whether a terminal acts on it; line ends and a terminal's own drawing of a QR apart.
fn acts_on_a_terminal(c: char) -> bool {
    (c.is_control() && !"\r\n".contains(c)) || "\u{61c}\u{200b}\u{202e}\u{2066}".contains(c)
}

#[test]
fn nothing_that_a_payer_or_the_provider_writes_acts_on_a_terminal() {
    let shop = Shop::open();
    let row = shop.json(&["order", "create", "INV-1", "25578", "--json"]);
    let hostile = "A\u{1b}]0;title\u{7}\u{9b}2J\u{202e}\u{61c}Z";
    let mut ledger = Ledger::open(shop.books()).expect("books");
    let mut details = PaymentDetails::default();
    details.customer_name = Some(hostile.to_owned());
    details.method = Some(hostile.to_owned());
    details.paid_at = Some(WibTime::now());
    let paid = Payment::Paid(details);
    ledger.settle(InvoiceId::new(id_of(&row)), &paid, WibTime::now()).expect("settled");
    let words = hostile.to_owned();
    shop.sandbox.inject(Fault::Refuse { words }, FaultCall::Create, FaultRepeat::Standing);
    for (arguments, code) in [
        (&["order", "show", "INV-1"][..], 0),
        (&["order", "show", "INV-1", "--json"], 0),
        (&["order", "check", "INV-1"], 0),
        (&["order", "list"], 0),
        (&["order", "list", "--json"], 0),
        (&["report"], 0),
        (&["report", "--by", "payment", "--csv"], 0),
        (&["report", "--by", "payment", "--json"], 0),
        // Damaged words are no refusal that can be relied on.
        (&["order", "create", "INV-2", "25578"], 3),
        (&["doctor"], 0),
        (&["report", "--settings", hostile], 2),
        (&["decode", hostile], 1),
        (&["dynamic", hostile, "--amount", "100"], 1),
        (&["anonymize", hostile], 0),
        (&["draw", hostile], 1),
        (&["read", hostile], 1),
        (&["decode", hostile, "--json"], 1),
    ] {
        let output = shop.qris(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", complaint(&output));
        let shown = text(&output) + &complaint(&output);
        assert_eq!(
            shown.chars().find(|&c| acts_on_a_terminal(c)),
            None,
            "{arguments:?}: {shown:?}"
        );
    }
    shop.close();
}

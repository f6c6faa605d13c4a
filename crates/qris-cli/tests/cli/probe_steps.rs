//! `qris probe` asks before each step, keeps the rules of polling, and shows one code.

use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::probing::{Probe, World, answers, post};
use qris_sandbox::{Fault, FaultCall, FaultRepeat};

const QUICK: [&str; 3] = ["--json", "--gap-seconds", "0.3"];

fn world() -> World {
    World::new(|builder| builder)
}

#[test]
fn a_probe_of_which_every_step_is_skipped_makes_no_invoice() {
    let world = world();
    let mut probe = world.probe(&QUICK);
    for step in ["Step 1: ", "Step 2: ", "Step 3: "] {
        probe.wait_for(step);
        probe.type_line("skip");
    }
    let ended = probe.end();
    assert!(ended.status.success(), "{}", ended.said);
    let page = ended.json();
    assert_eq!(answers(&page).into_keys().collect::<Vec<_>>(), ["server-clock"]);
    assert_eq!((world.sandbox.calls().creates(), world.sandbox.calls().checks()), (0, 0));
    assert_eq!(page["invoices"], serde_json::json!([]));
    let why = |id: &str| {
        let facts = page["facts"].as_array().expect("a list");
        let fact = facts.iter().find(|fact| fact["id"] == id).expect("the fact");
        fact["seen"].as_str().expect("text").to_owned()
    };
    assert_eq!(why("tip-absent"), "the step was skipped");
    assert_eq!(why("repeated-number"), "there is no invoice to pay");
}

#[test]
fn stop_and_the_end_of_the_input_end_with_the_facts_so_far() {
    for last in [Some("stop"), None] {
        let world = world();
        let mut probe = world.probe(&QUICK);
        probe.wait_for("Step 1: ");
        probe.type_line("maybe");
        probe.wait_for("expected yes, skip or stop");
        probe.type_line("YES");
        probe.wait_for("Step 2: ");
        if let Some(word) = last {
            probe.type_line(word);
        }
        let ended = probe.end();
        assert!(ended.status.success(), "{}", ended.said);
        assert!(
            ended.said.contains("stopped: the page has the facts found so far"),
            "{}",
            ended.said
        );
        assert_eq!(answers(&ended.json())["refusal-status"], "200");
        assert_eq!(world.sandbox.calls().creates(), 2, "nothing after the first step");
    }
}

#[test]
fn an_interruption_ends_with_the_facts_so_far() {
    let world = world();
    let mut probe = world.probe(&["--yes", "--json"]);
    probe.invoice_to_pay();
    let id = probe.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill runs").success());
    let ended = probe.end();
    assert!(ended.status.success(), "{}", ended.said);
    let page = ended.json();
    assert_eq!(answers(&page)["repeated-number"], "second-invoice");
    assert_eq!(page["invoices"].as_array().expect("a list").len(), 5);
}

#[test]
fn the_owner_is_asked_and_the_press_of_enter_makes_a_check() {
    let world = world();
    // Long gaps, so that no check but that of the press comes while the test runs.
    let mut probe = world.probe(&["--json", "--gap-seconds", "60"]);
    for step in ["Step 1: ", "Step 2: ", "Step 3: ", "Step 4: ", "Step 5: "] {
        probe.wait_for(step);
        probe.type_line("yes");
    }
    let invoice = probe.invoice_to_pay();
    world.pay(invoice);
    probe.type_line("");
    probe.wait_for("A check says that it is paid.");
    assert_eq!(world.sandbox.calls().checks_of(invoice).len(), 1);
}

#[test]
fn a_webhook_makes_a_check_at_once() {
    let world = world();
    let mut probe = world.probe(&["--yes", "--gap-seconds", "60", "--listen", "127.0.0.1:0"]);
    let url = probe.wait_for("webhook address: ");
    world.sandbox.set_webhook(&url).expect("an address");
    let invoice = probe.invoice_to_pay();
    world.pay(invoice);
    probe.wait_for("A check says that it is paid.");
    assert_eq!(world.sandbox.calls().checks_of(invoice).len(), 1);
}

#[test]
fn a_payment_that_the_provider_learns_of_late_is_seen_to_be_late() {
    let world = world();
    world.sandbox.inject(Fault::LatePayment { seconds: 3.0 }, FaultCall::Any, FaultRepeat::Once);
    let mut probe = world.probe(&[&QUICK[..], &["--yes"]].concat());
    let invoice = probe.invoice_to_pay();
    world.pay(invoice);
    let page = probe.end().json();
    let delay = answers(&page)["payment-delay"].to_owned();
    let delay: Vec<u64> = delay.split(' ').filter_map(|word| word.parse().ok()).collect();
    let [least, most] = delay.as_slice() else { panic!("two numbers: {delay:?}") };
    // The provider's clock has whole seconds.
    assert!(*least >= 1 && *most >= 2 && most >= least, "{delay:?}");
}

#[test]
fn an_answer_to_a_create_that_cannot_be_read_or_is_lost_leaves_the_outcome_open() {
    for fault in [Fault::CutJson, Fault::DropAfterAccepting] {
        let world = world();
        world.sandbox.inject(fault, FaultCall::Create, FaultRepeat::Standing);
        let page = world.probe(&[&QUICK[..], &["--yes"]].concat()).end().json();
        let unclear = page["unclear"].as_array().expect("a list");
        assert_eq!(unclear.len(), 6, "{unclear:?}");
        assert_eq!(world.sandbox.calls().creates(), 6, "none is sent again");
        assert!(unclear[5].as_str().is_some_and(|number| number.starts_with("PAY-THIS-")));
        assert_eq!(page["invoices"], serde_json::json!([]));
    }
}

#[test]
fn a_page_that_cannot_be_written_is_refused_before_anything_is_sent() {
    let world = world();
    let ended = world.probe(&["--yes", "--out", "no-such-folder/facts.md"]).end();
    assert_eq!(ended.status.code(), Some(2));
    assert!(ended.said.contains("no-such-folder/facts.md"), "{}", ended.said);
    assert_eq!(world.sandbox.calls().creates(), 0);
}

#[test]
fn only_the_code_to_pay_is_shown_and_the_others_are_named() {
    let world = world();
    let mut probe = world.probe(&["--yes", "--gap-seconds", "0.3", "--out", "facts.md"]);
    let invoice = probe.invoice_to_pay();
    world.pay(invoice);
    let ended = probe.end();
    assert_eq!(ended.page, "", "the page is in the file");
    let page = fs::read_to_string(world.folder.path().join("facts.md")).expect("the page");
    let rows: Vec<&str> = page.lines().skip_while(|line| !line.starts_with("## Inv")).collect();
    let paid: Vec<&&str> = rows.iter().filter(|row| row.ends_with("| paid |")).collect();
    let [paid] = paid.as_slice() else { panic!("one is paid: {rows:?}") };
    assert!(paid.starts_with("| PAY-THIS-") && paid.contains(&invoice.to_string()), "{paid}");
    let others = rows.iter().filter(|row| row.ends_with("| not paid; do not pay this |"));
    let (named, second): (Vec<&str>, Vec<&str>) =
        others.copied().partition(|row| row.starts_with("| DO-NOT-PAY-"));
    assert_eq!((named.len(), second.len()), (3, 1), "{rows:?}");
    assert!(second[0].contains("the second create call with the same number"), "{second:?}");
    assert!(ended.said.contains("Do not scan or pay invoice "), "{}", ended.said);
    let pictures = ended.said.matches("WARUNG SANDBOX").count();
    assert_eq!(pictures, 1, "one code is drawn");
}

#[test]
fn a_code_that_is_not_as_asked_is_not_shown() {
    let world = world();
    world.sandbox.inject(Fault::WrongAmount, FaultCall::Create, FaultRepeat::Standing);
    let ended = world.probe(&["--yes", "--json", "--gap-seconds", "0.3"]).end();
    assert!(ended.status.success(), "{}", ended.said);
    assert!(!ended.said.contains("WARUNG SANDBOX"), "no code is drawn");
    let page = ended.json();
    assert_eq!(answers(&page)["qr-amount"], "no");
    assert!(!answers(&page).contains_key("payment-delay"));
    assert!(ended.said.contains("the amount (54) differs"), "{}", ended.said);
}

#[test]
fn nobody_pays_and_the_probe_ends_within_the_rules_of_polling() {
    let world = world();
    let mut probe = world.probe(&["--yes", "--json", "--gap-seconds", "0.1"]);
    let invoice = probe.invoice_to_pay();
    let ended = probe.end();
    assert!(ended.status.success(), "{}", ended.said);
    assert!(!answers(&ended.json()).contains_key("wrong-date"));
    let checks = world.sandbox.calls().checks_of(invoice);
    assert_eq!(checks.len(), 23, "3 and 20 of the 33");
    for pair in checks.windows(2) {
        let gap = Duration::try_from(pair[1].duration_since(pair[0])).expect("in order");
        assert!(gap >= Duration::from_millis(90), "{gap:?}");
    }
}

#[test]
fn without_a_shorter_gap_the_first_check_comes_fifteen_seconds_after_the_code() {
    let world = world();
    let mut probe = world.probe(&["--yes", "--json"]);
    let invoice = probe.invoice_to_pay();
    let shown_at = world.sandbox.now();
    probe.wait_for("not paid yet");
    let checks = world.sandbox.calls().checks_of(invoice);
    let [first] = checks.as_slice() else { panic!("one check: {checks:?}") };
    let waited = first.duration_since(shown_at).as_secs_f64();
    assert!((14.5..40.0).contains(&waited), "{waited} s");
}

#[test]
fn the_owner_is_asked_in_indonesian_and_the_page_stays_in_english() {
    let world = world();
    let mut command = world.command(&["--gap-seconds", "0.1"]);
    let mut probe = Probe::start(command.env("LANG", "id_ID.UTF-8"));
    probe.wait_for("Langkah 1: kirim tiga permintaan");
    probe.type_line("mungkin");
    probe.wait_for("seharusnya yes, skip, atau stop");
    probe.type_line("stop");
    let ended = probe.end();
    assert!(ended.said.contains("dihentikan: "), "{}", ended.said);
    assert!(ended.page.starts_with("# What `qris probe` found\n"), "{}", ended.page);
}

#[test]
fn gaps_cannot_be_shortened_beside_the_provider() {
    let world = world();
    let mut command = world.command(&["--yes", "--gap-seconds", "1"]);
    command.env("QRIS_BASE_URL", "https://qris.example/restapi/qris/");
    let output = command.output().expect("the command runs");
    assert_eq!(output.status.code(), Some(2));
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(words.contains("expected --gap-seconds only for a sandbox"), "{words}");
    let output = world.command(&["--gap-seconds", "0"]).output().expect("the command runs");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_refused_key_ends_the_probe_at_once() {
    let world = world();
    let mut command = world.command(&["--yes", "--json", "--gap-seconds", "0.1"]);
    command.env("QRIS_API_KEY", "another-key");
    let ended = Probe::start(&mut command).end();
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.said.contains("the provider refused the credentials: invalid API key"));
    let calls = world.sandbox.wrong_key_calls();
    assert_eq!((calls.creates(), calls.checks()), (2, 0), "no request after the refusal");
    assert!(!answers(&ended.json()).contains_key("tip-absent"));
}

#[test]
fn a_server_that_is_not_there_ends_with_one() {
    let world = world();
    let mut command = world.command(&["--yes", "--json"]);
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
    let url = format!("http://{}/restapi/qris/", free.expect("a port"));
    let ended = Probe::start(command.env("QRIS_BASE_URL", url)).end();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.said);
    assert!(ended.said.contains("could not be reached"), "{}", ended.said);
}

#[test]
fn an_unpaid_invoice_is_checked_after_31_and_61_minutes_by_the_servers_clock() {
    let world = world();
    let mut probe = world.probe(&["--yes", "--json", "--gap-seconds", "0.1", "--expiry"]);
    for minutes in [31, 61] {
        let words = probe.wait_for("waiting until invoice ");
        assert!(words.ends_with(&format!(" is {minutes} minutes old")), "{words}");
        world.sandbox.advance(Duration::from_secs(31 * 60));
    }
    let page = probe.end().json();
    assert_eq!(answers(&page)["unpaid-after-30"], "unpaid");
    assert_eq!(answers(&page)["unpaid-after-60"], "unpaid");
}

#[test]
fn a_webhook_counts_under_the_secret_path_only_and_the_owners_secret_is_not_shown() {
    const TOKEN: &str = "0c9f1d7ab4e84f3b9d62";
    let world = world();
    let mut command = world.command(&[&QUICK[..], &["--yes", "--listen", "127.0.0.1:0"]].concat());
    let mut probe = Probe::start(command.env("QRIS_WEBHOOK_TOKEN", TOKEN));
    let address = probe.wait_for("webhook address: ");
    let address = address.strip_suffix("/webhook/ and QRIS_WEBHOOK_TOKEN").expect("the address");
    let invoice = probe.invoice_to_pay();
    let body = |word: &str| format!(r#"{{"invoice":{invoice},"qris_status":"{word}"}}"#);
    let guess = format!("{address}/webhook/0c9f1d7ab4e84f3b9d63");
    assert_eq!(post(&guess, &body("guessed")), 404);
    assert_eq!(post(&format!("{address}/webhook/{TOKEN}"), &body("settled")), 200);
    world.pay(invoice);
    let ended = probe.end();
    assert!(!ended.said.contains(TOKEN) && !ended.page.contains(TOKEN));
    let page = ended.json();
    let found = answers(&page);
    assert_eq!((found["webhook"], found["webhook-status"]), ("came", "settled"));
    assert_eq!((found["webhook-note"], found["webhook-repeats"]), ("absent", "no"));
}

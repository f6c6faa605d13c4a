//! `qris probe` says of a sandbox what the sandbox was set to.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::probing::{Ended, Probe, World, answers, command, post};
use qris_sandbox::{
    AbsentTip, Behaviour, CheckAction, CheckAmount, CheckDate, Fault, FaultCall, FaultRepeat,
    IdKind, Note, RefusalShape, RepeatedNumber, Rrn, TimeInDate,
};
use serde_json::Value;

/// A whole probe for scripts, with gaps that only a sandbox takes.
const SCRIPT: [&str; 4] = ["--yes", "--json", "--gap-seconds", "0.3"];

/// The answers that no setting of a sandbox changes.
const SAME: [(&str, &str); 16] = [
    ("server-clock", "0 s"),
    ("create-form", ""),
    ("unpaid-form", "unpaid"),
    (
        "paid-form",
        "data.qris_paid_date, data.qris_payment_customername, data.qris_payment_methodby",
    ),
    ("refused-action", "refused: it does not know the request"),
    ("refused-amount", "refused: invalid amount"),
    ("refused-invoice", "refused: the invoice ID is empty"),
    ("request-date", "wib"),
    ("qr-initiation", "yes"),
    ("qr-amount", "yes"),
    ("qr-nmid", "yes"),
    ("qr-reference", "yes"),
    ("qr-rules", "valid"),
    ("tip-no", "no-tip"),
    ("tip-yes", "tip"),
    ("long-number", "yes"),
];

/// The answers that are times, and so not always the same.
const TIMES: [&str; 4] = ["server-clock", "reply-time", "payment-delay", "webhook-delay"];

/// Probes with a payment; with a webhook where the sandbox is to send it.
fn probe_and_pay(world: &World, arguments: &[&str], with_webhook: bool) -> Ended {
    let mut probe = world.probe(arguments);
    if with_webhook {
        let url = probe.wait_for("webhook address: ");
        world.sandbox.set_webhook(&url).expect("an address");
    }
    let invoice = probe.invoice_to_pay();
    world.pay(invoice);
    let ended = probe.end();
    assert!(ended.status.success(), "{}", ended.said);
    let calls = world.sandbox.calls();
    assert_eq!(calls.creates(), 7);
    assert!(calls.checks_of(invoice).len() <= 33);
    ended
}

/// That the page has these answers besides those that are the same, and no other.
#[track_caller]
fn assert_answers(page: &Value, expected: &[(&str, &str)]) {
    let mut found = answers(page);
    let form = found.remove("create-form").expect("the form of a create");
    for time in TIMES {
        if let Some(answer) = found.remove(time) {
            assert!(answer.ends_with(" s"), "{time}: {answer}");
        }
    }
    let same = SAME.iter().filter(|(id, _)| *id != "create-form" && !TIMES.contains(id));
    let expected: BTreeMap<&str, &str> = same.chain(expected).copied().collect();
    assert_eq!(found, expected);
    let content_type = expected["content-type"];
    assert_eq!(form, format!("HTTP 200, {content_type}"));
}

#[test]
fn the_sandbox_of_the_documents_is_found_as_it_is() {
    let world = World::new(|builder| builder.behaviour(Behaviour::default()));
    let listening = [&SCRIPT[..], &["--listen", "127.0.0.1:0"]].concat();
    let ended = probe_and_pay(&world, &listening, true);
    let page = ended.json();
    assert_answers(
        &page,
        &[
            ("surroundings", "nothing"),
            ("content-type", "application/json"),
            ("refusal-status", "200"),
            ("refusal-shape", "documented"),
            ("invoice-id-kind", "text"),
            ("tip-absent", "tip"),
            ("repeated-number", "second-invoice"),
            ("other-invoice-paid", "no"),
            ("wrong-date", "compared"),
            ("time-in-date", "ignored"),
            ("wrong-amount", "compared"),
            ("other-action", "ignored"),
            ("webhook", "came"),
            ("webhook-form", "application/json"),
            ("webhook-status", "success or paid"),
            ("webhook-note", "number-and-amount"),
            ("webhook-rrn", "present"),
            ("webhook-repeats", "no"),
        ],
    );
    assert!(answers(&page).contains_key("webhook-delay"));
    assert_eq!(
        page["sandbox"],
        "qris sandbox --ids text --repeated-number second-invoice --absent-tip tip --refusals \
         documented --time-in-date ignored --check-amount compared --check-action ignored --note \
         number-and-amount --rrn present --content-type 'application/json' --refusal-status 200"
    );
    let nmid = &page["facts"].as_array().expect("a list")[16];
    assert_eq!(nmid["id"], "qr-nmid");
    assert_eq!(nmid["setting"], format!("nmid = \"{}\"", world.sandbox.nmid()));
}

#[test]
fn a_loose_sandbox_is_found_as_it_is() {
    let mut behaviour = Behaviour::default();
    behaviour.ids = IdKind::Number;
    behaviour.repeated_number = RepeatedNumber::SameInvoice;
    behaviour.absent_tip = AbsentTip::NoTip;
    behaviour.refusals = RefusalShape::Text;
    behaviour.content_type = "text/html; charset=UTF-8".to_owned();
    behaviour.check_date = CheckDate::Ignored;
    behaviour.check_amount = CheckAmount::Ignored;
    behaviour.note = Note::Number;
    behaviour.rrn = Rrn::Absent;
    let world = World::new(|builder| builder.behaviour(behaviour));
    world.sandbox.inject(Fault::NoticeBefore, FaultCall::Any, FaultRepeat::Standing);
    world.sandbox.inject(Fault::DuplicateWebhook, FaultCall::Any, FaultRepeat::Once);
    let listening = [&SCRIPT[..], &["--listen", "127.0.0.1:0"]].concat();
    let page = probe_and_pay(&world, &listening, true).json();
    assert_answers(
        &page,
        &[
            ("surroundings", "a PHP message before"),
            ("content-type", "text/html; charset=UTF-8"),
            ("refusal-status", "200"),
            ("refusal-shape", "text"),
            ("invoice-id-kind", "number"),
            ("tip-absent", "no-tip"),
            ("repeated-number", "same-invoice"),
            ("wrong-date", "ignored"),
            ("time-in-date", "ignored"),
            ("wrong-amount", "ignored"),
            ("other-action", "ignored"),
            ("webhook", "came"),
            ("webhook-form", "application/json"),
            ("webhook-status", "success or paid"),
            ("webhook-note", "number"),
            ("webhook-rrn", "absent"),
            ("webhook-repeats", "yes"),
        ],
    );
    assert_eq!(
        page["sandbox"],
        "qris sandbox --ids number --repeated-number same-invoice --absent-tip no-tip --refusals \
         text --check-date ignored --time-in-date ignored --check-amount ignored --check-action \
         ignored --note number --rrn absent --content-type 'text/html; charset=UTF-8' \
         --refusal-status 200 --fault notice-before"
    );
}

fn exact() -> Behaviour {
    let mut behaviour = Behaviour::default();
    behaviour.repeated_number = RepeatedNumber::Refused;
    behaviour.absent_tip = AbsentTip::Refused;
    behaviour.refusals = RefusalShape::Object;
    behaviour.refusal_status = 400;
    behaviour.time_in_date = TimeInDate::Unpaid;
    behaviour.check_action = CheckAction::Refused;
    behaviour
}

/// The command of a sandbox that is exact.
const EXACT: &str = "qris sandbox --ids text --repeated-number refused --absent-tip refused \
                     --refusals object --time-in-date unpaid --check-amount compared \
                     --check-action refused --content-type 'application/json' --refusal-status 400 \
                     --fault byte-order-mark";

const EXACT_ANSWERS: [(&str, &str); 12] = [
    ("surroundings", "a byte-order mark"),
    ("content-type", "application/json"),
    ("refusal-status", "400"),
    ("refusal-shape", "object"),
    ("invoice-id-kind", "text"),
    ("tip-absent", "refused"),
    ("repeated-number", "refused"),
    ("wrong-date", "compared"),
    ("time-in-date", "unpaid"),
    ("wrong-amount", "compared"),
    ("other-action", "refused"),
    ("webhook", "did-not-come"),
];

#[test]
fn an_exact_sandbox_without_webhooks_is_found_as_it_is() {
    let world = World::new(|builder| builder.behaviour(exact()));
    world.sandbox.inject(Fault::ByteOrderMark, FaultCall::Any, FaultRepeat::Standing);
    let listening = [&SCRIPT[..], &["--listen", "127.0.0.1:0"]].concat();
    let page = probe_and_pay(&world, &listening, false).json();
    assert_answers(&page, &EXACT_ANSWERS);
    assert_eq!(page["sandbox"], EXACT);
}

/// A sandbox of the command, ended when it is dropped.
struct Running(std::process::Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
fn the_sandbox_command_of_a_page_makes_a_sandbox_of_which_the_page_is_the_same() {
    let flags = EXACT.strip_prefix("qris sandbox ").expect("the command");
    let flags = flags.replace("'application/json'", "application/json");
    let mut child = Command::new(env!("CARGO_BIN_EXE_qris"))
        .args(["sandbox", "--listen", "127.0.0.1:0"])
        .args(flags.split(' '))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let _running = Running(child);
    let line = lines.next().expect("a line").expect("UTF-8");
    let base_url = line.strip_prefix("QRIS_BASE_URL=").expect("the base URL");
    let folder = tempfile::tempdir().expect("a folder");
    let listening = [&SCRIPT[..], &["--listen", "127.0.0.1:0"]].concat();
    let account = ("sandbox-key", "123456");
    let mut probe = Probe::start(&mut command(&folder, base_url, account, &listening));
    let invoice = probe.invoice_to_pay();
    let pay = base_url.replace("/restapi/qris/", &format!("/sandbox/invoices/{invoice}/pay"));
    assert_eq!(post(&pay, ""), 200);
    let page = probe.end().json();
    assert_answers(&page, &EXACT_ANSWERS);
    assert_eq!(page["sandbox"], EXACT);
}

#[test]
fn a_number_of_64_characters_that_is_refused_is_found() {
    let mut behaviour = Behaviour::default();
    behaviour.longest_number = 40;
    let world = World::new(|builder| builder.behaviour(behaviour));
    let page = probe_and_pay(&world, &SCRIPT, false).json();
    assert_eq!(answers(&page)["long-number"], "refused");
    let command = page["sandbox"].as_str().expect("text");
    assert!(command.contains(" --longest-number 40"), "{command}");
}

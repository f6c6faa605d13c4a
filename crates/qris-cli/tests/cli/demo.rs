//! `qris demo`: the whole story ends well, and its books say so.

use std::process::Command;

use qris_api::{Rupiah, WibTime};
use qris_ledger::{InvoiceState, Ledger, State};

#[test]
fn the_demo_ends_with_a_payment_in_the_books() {
    let folder = tempfile::tempdir().expect("a folder");
    let books = folder.path().join("demo.db");
    let before = WibTime::now().date();
    let output = Command::new(env!("CARGO_BIN_EXE_qris"))
        .args(["demo", "--books"])
        .arg(&books)
        .output()
        .expect("the command runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("All steps succeeded"), "{text}");

    let ledger = Ledger::open(&books).expect("the books open");
    let records = ledger.list(10).expect("the books list");
    let [record] = records.as_slice() else { panic!("{} records", records.len()) };
    assert_eq!(record.state, State::Paid);
    assert_eq!(record.amount, Rupiah::new(25_578));
    assert!(record.payment.details().is_some_and(|details| details.method.is_some()));
    let states: Vec<_> = record.invoices.iter().map(|invoice| invoice.state).collect();
    assert_eq!(states, [InvoiceState::Expired, InvoiceState::Paid], "it was renewed once");
    let invoice = record.invoice.as_ref().expect("an invoice");
    assert!(text.contains(&invoice.qris_nmid), "the NMID is shown");
    assert!(qris_codec::Qris::parse(&invoice.qris_content).is_ok());
    let paid: u64 = ledger
        .report(before, WibTime::now().date())
        .expect("a report")
        .iter()
        .map(|line| line.paid.get())
        .sum();
    assert_eq!(paid, 25_578);
}

#[test]
fn the_demo_speaks_indonesian_where_the_environment_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_qris"))
        .args(["demo", "--books"])
        .arg(folder.path().join("no such folder").join("demo.db"))
        .env("LC_ALL", "id_ID.UTF-8")
        .output()
        .expect("the command runs");
    let (text, error) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(text.starts_with("1. sandbox menggantikan Open API di http://"), "{text}");
    assert!(error.starts_with("kesalahan: langkah \"membuka basis data\" gagal: "), "{error}");
}

#[test]
fn a_step_that_fails_is_named_and_ends_with_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_qris"))
        .args(["demo", "--books"])
        .arg(folder.path().join("no such folder").join("demo.db"))
        .output()
        .expect("the command runs");
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.starts_with("error: step \"open the database\" failed: "), "{text}");
}

//! A shop for the tests of `qris order`: a sandbox, and a folder with its ledger.

use std::path::PathBuf;
use std::process::{Command, Output};

use qris_api::{Rupiah, TransactionNumber, WibTime};
use qris_ledger::{Intent, Ledger, NewOrder, Order, Request};
use qris_sandbox::Sandbox;
use serde_json::Value;

/// A shop: a sandbox, and a folder with its books.
pub(crate) struct Shop {
    runtime: tokio::runtime::Runtime,
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: tempfile::TempDir,
}

impl Shop {
    pub(crate) fn open() -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let sandbox = runtime.block_on(Sandbox::start()).expect("a sandbox");
        Self { runtime, sandbox, folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn books(&self) -> PathBuf {
        self.folder.path().join("shop.db")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qris"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("QRIS_API_KEY", "sandbox-key")
            .env("QRIS_MERCHANT_ID", "123456")
            .env("QRIS_BASE_URL", self.sandbox.base_url())
            .env("QRIS_DATABASE_URL", format!("sqlite://{}", self.books().display()))
            .env("QRIS_STATE_DIR", self.folder.path().join("state"))
            .env_remove("QRIS_SHOWN_MINUTES")
            .env_remove("QRIS_VALIDITY_MINUTES")
            .env_remove("QRIS_TIMEOUT_SECONDS")
            .env_remove("QRIS_NMID");
        command
    }

    pub(crate) fn qris(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the command runs")
    }

    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = self.qris(arguments);
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("no JSON: {}", complaint(&output)))
    }

    pub(crate) fn find(&self, number_text: &str) -> Option<Order> {
        let number = number(number_text);
        Ledger::open(self.books()).expect("books").find(&number).expect("readable")
    }

    #[track_caller]
    pub(crate) fn booked(&self, number: &str) -> Order {
        self.find(number).expect("a booked number")
    }

    pub(crate) fn close(self) {
        self.runtime.block_on(self.sandbox.stop());
    }
}

pub(crate) fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn id_of(row: &Value) -> u64 {
    row["qris_invoiceid"].as_u64().expect("an invoice id")
}

pub(crate) fn number(text: &str) -> TransactionNumber {
    TransactionNumber::parse(text).expect("a number")
}

/// An order of Rp5,000.
pub(crate) fn order(text: &str) -> NewOrder {
    NewOrder::new(number(text), Rupiah::new(5_000))
}

/// Books the intent to ask for a code of an order.
#[track_caller]
pub(crate) fn intend(ledger: &mut Ledger, order: &NewOrder, at: WibTime) -> Intent {
    match ledger.request(order, at).expect("booked") {
        Request::New(intent) => intent,
        Request::Known(_) => panic!("the number is known"),
    }
}

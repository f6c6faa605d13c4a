//! The client trusts the servers that the system's certificate store trusts, and no others.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod tls_server;

use std::process::Command;

use qris_api::{
    ApiKey, Cause, CheckBudget, Client, Error, Invoice, InvoiceId, MerchantId, Payment, Rupiah,
    TransactionNumber, WibTime,
};
use tls_server::TlsServer;

const UNPAID: &str = r#"{"status":"failed","data":{"qris_status":"unpaid"}}"#;

async fn check(base_url: &str) -> Result<Payment, Error> {
    let client = Client::builder(ApiKey::parse("key").unwrap(), MerchantId::parse("1").unwrap())
        .base_url(base_url)
        .budget(CheckBudget::in_memory(60))
        .build()
        .unwrap();
    let invoice = Invoice::new(
        TransactionNumber::parse("INV-1").unwrap(),
        Rupiah::new(1_000),
        "",
        WibTime::parse("2020-08-07 11:13:42").unwrap(),
        InvoiceId::new(1),
        "",
    );
    client.check_invoice(&invoice).await
}

fn not_connected(outcome: Result<Payment, Error>) -> String {
    match outcome {
        Err(Error::Unreachable { cause: Cause::Connect { detail } }) => detail,
        other => panic!("expected no connection, found {other:?}"),
    }
}

#[tokio::test]
async fn an_untrusted_server_receives_nothing() {
    let (server, _) = TlsServer::answering(UNPAID).await;
    let detail = not_connected(check(&server.base_url("localhost")).await);
    assert!(detail.contains("UnknownIssuer"), "{detail}");
}

/// The address of the server whose authority is in the child's certificate store.
const TRUSTED: &str = "QRIS_API_TEST_TRUSTED_PORT";

/// The certificate store is read from the environment, so the client runs in its own process.
#[tokio::test]
async fn a_server_is_trusted_by_the_systems_store_and_under_its_own_name_only() {
    if let Ok(port) = std::env::var(TRUSTED) {
        let outcome = check(&format!("https://localhost:{port}/restapi/qris/")).await;
        assert_eq!(outcome, Ok(Payment::Unpaid));
        let other_name = check(&format!("https://127.0.0.1:{port}/restapi/qris/")).await;
        let detail = not_connected(other_name);
        assert!(detail.contains("not valid for name"), "{detail}");
        return;
    }
    let (server, authority) = TlsServer::answering(UNPAID).await;
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.pem");
    std::fs::write(&store, authority).unwrap();
    let test = "a_server_is_trusted_by_the_systems_store_and_under_its_own_name_only";
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", test])
        .env("SSL_CERT_FILE", &store)
        .env(TRUSTED, server.address.port().to_string());
    let run = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}

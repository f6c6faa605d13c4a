//! Ledgers of other accounts, and codes of other merchants.

use std::net::SocketAddr;

use qris_api::{ApiKey, Client, MerchantId};
use qris_sandbox::Sandbox;
use qris_till::{Error, MerchantSettings, Settings, Till};

use crate::running::{charge, get};
use crate::shop::{HOUR, Shop, client};

#[tokio::test(flavor = "multi_thread")]
async fn books_of_another_account_are_refused_in_words_that_say_what_to_do() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    let other = Sandbox::builder().credentials("other-key", "654321").start().await.unwrap();
    let client =
        Client::builder(ApiKey::parse("other-key").unwrap(), MerchantId::parse("654321").unwrap())
            .base_url(other.base_url());
    let database = format!("sqlite://{}", shop.folder.path().join("qris.db").display());
    let mut settings = Settings::main(client, database);
    settings.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let error = Till::start(settings).await.unwrap_err();
    let Error::Ledger(reason) = error else { panic!("{error}") };
    assert_eq!(
        reason.to_string(),
        "expected the account at localhost whose invoices are in this database, found another \
         account at localhost: use another database for it; a sandbox needs one of its own",
    );
    // The other account got no request about this shop's sales.
    assert_eq!(other.calls().checks() + other.wrong_key_calls().checks(), 0);
    assert_eq!(
        get(shop.at(), "/api/orders/INV-1").await.json(200)["qris_invoiceid"],
        record["qris_invoiceid"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_merchants_qr_is_not_shown_and_can_be_found_until_the_owner_names_the_merchant() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let database = format!("sqlite://{}", shop.folder.path().join("qris.db").display());
    let mut ledger = qris_ledger::Ledger::connect(&database).unwrap();
    let account = client(&shop.sandbox, HOUR).build().unwrap().fingerprint().clone();
    ledger.bind_account(&account, Some("ID1020021181745")).unwrap();
    let refused = charge(shop.at(), "INV-1", 500).await.json(502);
    assert_eq!(refused["error"], "content-mismatch");
    let words = format!(
        "expected an invoice for NMID ID1020021181745, found {0}: if that one is yours, set it as \
         the NMID in the settings",
        shop.sandbox.nmid()
    );
    assert_eq!(refused["message"], words);
    assert_eq!(get(shop.at(), "/api/orders/INV-1").await.json(200)["state"], "unknown");
    assert_eq!(get(shop.at(), "/api/orders/INV-1/qr.svg").await.status, 410);
    let number = qris_api::TransactionNumber::parse("INV-1").unwrap();
    let detail = ledger.events(&number).unwrap().pop().unwrap().detail.unwrap();
    assert!(detail.starts_with("qris_invoiceid ") && detail.ends_with(&words), "{detail}");

    let mut merchant = MerchantSettings::main(client(&shop.sandbox, HOUR));
    merchant.nmid = Some(shop.sandbox.nmid().to_owned());
    let mut settings = Settings::new([merchant], database);
    settings.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let till = Till::start(settings).await.unwrap();
    charge(till.address(), "INV-2", 500).await.json(201);
}

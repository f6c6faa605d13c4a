//! Both calls over real HTTP with the sandbox.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use qris_api::{
    ApiKey, CheckBudget, Client, Error, MerchantId, Payment, Reason, Rupiah, Schedule, Tip,
    TransactionNumber,
};
use qris_sandbox::{Payer, RefusalShape, Sandbox};

fn client(sandbox: &Sandbox, key: &str, merchant: &str) -> Client {
    Client::builder(ApiKey::parse(key).unwrap(), MerchantId::parse(merchant).unwrap())
        .base_url(sandbox.base_url())
        .budget(CheckBudget::in_memory(60))
        .schedule(Schedule::default().with_try_gap(Duration::ZERO).with_check_gap(Duration::ZERO))
        .build()
        .unwrap()
}

fn number() -> TransactionNumber {
    TransactionNumber::parse("INV-1").unwrap()
}

#[tokio::test]
async fn an_invoice_is_created_checked_paid_and_checked_again() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox, "sandbox-key", "123456");
    for tip in [Tip::None, Tip::Ask] {
        let invoice = client.create_invoice(&number(), Rupiah::new(25_578), tip).await.unwrap();
        assert_eq!(invoice.amount, Rupiah::new(25_578));
        assert!(invoice.reference_matches());
        assert_eq!(client.check_invoice(&invoice).await, Ok(Payment::Unpaid));
        sandbox.pay_as(invoice.qris_invoiceid.get(), Payer::new("SITI", "BCA")).unwrap();
        let payment = client.check_invoice(&invoice).await.unwrap();
        let details = payment.details().expect("it is paid");
        assert_eq!(details.customer_name.as_deref(), Some("SITI"));
        assert_eq!(details.method.as_deref(), Some("BCA"));
        assert!(details.paid_at >= Some(invoice.qris_request_date));
    }
}

#[tokio::test]
async fn wrong_keys_and_wrong_merchant_ids_are_different_errors_in_both_forms() {
    for shape in [RefusalShape::Text, RefusalShape::Object] {
        let sandbox = Sandbox::builder().refusals(shape).start().await.unwrap();
        for (key, merchant, reason) in [
            ("wrong", "123456", Reason::InvalidApiKey),
            ("sandbox-key", "654321", Reason::InvalidMerchantId),
        ] {
            let client = client(&sandbox, key, merchant);
            let refused = client.create_invoice(&number(), Rupiah::new(1_000), Tip::None).await;
            assert_eq!(refused, Err(Error::Rejected { reason }));
        }
    }
}

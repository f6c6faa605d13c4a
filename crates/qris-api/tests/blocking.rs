//! The blocking client, from outside and from inside an async runtime.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::ops::ControlFlow;
use std::time::Duration;

use qris_api::{
    ApiKey, CheckBudget, Client, Error, Invalid, MerchantId, Payment, Reason, Rupiah, Schedule,
    Tip, TransactionNumber, Trigger, Wait, blocking,
};
use qris_sandbox::Sandbox;
use tokio::runtime::Runtime;

fn client(sandbox: &Sandbox, key: &str) -> blocking::Client {
    let key = ApiKey::parse(key).unwrap();
    Client::builder(key, MerchantId::parse("123456").unwrap())
        .base_url(sandbox.base_url())
        .budget(CheckBudget::in_memory(60))
        .schedule(Schedule::default().with_validity(Duration::from_secs(2)))
        .build()
        .unwrap()
        .into()
}

fn number() -> TransactionNumber {
    TransactionNumber::parse("INV-1").unwrap()
}

/// A whole sale, up to a payment that the cashier's button finds.
fn buy(sandbox: &Sandbox) {
    let client = client(sandbox, "sandbox-key");
    let invoice = client.create_invoice(&number(), Rupiah::new(25_578), Tip::None).unwrap();
    assert_eq!(client.check_invoice(&invoice), Ok(Payment::Unpaid));
    // Another sale, because the first could be checked again only after the gap.
    let invoice = client.create_invoice(&number(), Rupiah::new(25_578), Tip::None).unwrap();
    sandbox.pay(invoice.qris_invoiceid.get()).unwrap();
    let early = client.early_check();
    early.press();
    let mut triggers = Vec::new();
    let wait = Wait::new().early_check(&early).on_check(|check| {
        triggers.push(check.trigger);
        ControlFlow::Continue(())
    });
    assert!(client.wait_for_payment(&invoice, wait).unwrap().is_paid());
    assert_eq!(triggers, [Trigger::Button]);
}

#[test]
fn an_invoice_is_created_waited_for_and_paid() {
    let runtime = Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::start()).unwrap();
    buy(&sandbox);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_may_be_called_and_dropped_inside_a_runtime() {
    let sandbox = Sandbox::start().await.unwrap();
    buy(&sandbox);
}

#[test]
fn several_threads_may_share_a_client() {
    let runtime = Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::start()).unwrap();
    let client = client(&sandbox, "sandbox-key");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let invoice = client.create_invoice(&number(), Rupiah::new(100), Tip::Ask);
                assert_eq!(client.check_invoice(&invoice.unwrap()), Ok(Payment::Unpaid));
            });
        }
    });
    assert_eq!((sandbox.calls().creates(), sandbox.calls().checks()), (8, 8));
}

#[test]
fn errors_are_the_same_as_of_the_async_client() {
    let runtime = Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::start()).unwrap();
    let refused = client(&sandbox, "wrong").create_invoice(&number(), Rupiah::new(100), Tip::None);
    assert_eq!(refused, Err(Error::Rejected { reason: Reason::InvalidApiKey }));
    let client = client(&sandbox, "sandbox-key");
    let refused = client.create_invoice(&number(), Rupiah::new(0), Tip::None).unwrap_err();
    assert!(matches!(refused, Error::Invalid(Invalid::Amount { .. })), "{refused:?}");
}

#[test]
fn a_panic_of_the_callback_is_passed_on() {
    let runtime = Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::start()).unwrap();
    let client = client(&sandbox, "sandbox-key");
    let invoice = client.create_invoice(&number(), Rupiah::new(100), Tip::None).unwrap();
    let early = client.early_check();
    early.press();
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let wait = Wait::new().early_check(&early).on_check(|_| panic!("told"));
        client.wait_for_payment(&invoice, wait)
    }));
    assert_eq!(outcome.unwrap_err().downcast_ref::<&str>(), Some(&"told"));
}

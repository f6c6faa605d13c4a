//! The client's answer to each fault.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use qris_api::{
    ApiKey, Cause, CheckBudget, Client, ClientBuilder, Defect, Error, Field, Invalid, Invoice,
    MerchantId, Payment, Reason, Rupiah, Schedule, Tip, TransactionNumber,
};
use qris_sandbox::{Fault, FaultCall, FaultRepeat, Payer, Sandbox};
use tokio::net::TcpListener;

fn builder(base_url: &str) -> ClientBuilder {
    let key = ApiKey::parse("sandbox-key").unwrap();
    let gap = Duration::ZERO;
    Client::builder(key, MerchantId::parse("123456").unwrap())
        .base_url(base_url)
        .budget(CheckBudget::in_memory(60))
        .schedule(Schedule::default().with_try_gap(gap).with_check_gap(gap))
}

fn number() -> TransactionNumber {
    TransactionNumber::parse("INV-1").unwrap()
}

async fn create(client: &Client, tip: Tip) -> Result<Invoice, Error> {
    client.create_invoice(&number(), Rupiah::new(25_578), tip).await
}

/// The number of creates that the sandbox received.
fn creates(sandbox: &Sandbox) -> usize {
    sandbox.calls().creates()
}

#[tokio::test]
async fn a_qr_that_is_not_as_requested_is_never_returned_and_the_error_names_the_part() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = builder(&sandbox.base_url()).build().unwrap();
    // The first invoice sets the merchant's NMID.
    create(&client, Tip::None).await.unwrap();
    for (fault, field) in [
        (Fault::BadChecksum, Field::Payload),
        (Fault::WrongCurrency, Field::Currency),
        (Fault::WrongAmount, Field::Amount),
        (Fault::WrongNmid, Field::NationalMerchantId),
        (Fault::OtherMerchant, Field::NationalMerchantId),
        (Fault::WrongTip, Field::Tip),
        (Fault::FixedFee, Field::Tip),
        (Fault::PercentageFee, Field::Tip),
        (Fault::StaticWithAmount, Field::Initiation),
    ] {
        for tip in [Tip::Ask, Tip::None] {
            sandbox.inject(fault.clone(), FaultCall::Create, FaultRepeat::Once);
            let outcome = create(&client, tip).await;
            let Err(Error::ContentMismatch { field: found, invoice: Some(invoice) }) = outcome
            else {
                panic!("{fault:?} {tip:?}: {outcome:?}");
            };
            assert_eq!(found, field, "{fault:?} {tip:?}");
            assert!(sandbox.pay(invoice.get()).is_ok(), "it is the invoice that exists");
        }
    }
    assert_eq!(creates(&sandbox), 19, "no create was sent again");
}

#[tokio::test]
async fn the_qr_of_an_earlier_sale_is_never_returned_under_a_new_number() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = builder(&sandbox.base_url()).build().unwrap();
    let earlier = create(&client, Tip::None).await.unwrap();
    sandbox.inject(Fault::OtherSalesQr, FaultCall::Create, FaultRepeat::Once);
    let outcome = create(&client.clone(), Tip::None).await;
    let Err(Error::ContentMismatch { field: Field::Reused, invoice: Some(made) }) = outcome else {
        panic!("found {outcome:?}");
    };
    assert_ne!(made, earlier.qris_invoiceid);
}

#[tokio::test]
async fn another_reference_is_a_warning_only() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = builder(&sandbox.base_url()).build().unwrap();
    assert!(create(&client, Tip::None).await.unwrap().reference_matches());
    sandbox.inject(Fault::OtherReference, FaultCall::Create, FaultRepeat::Once);
    assert!(!create(&client, Tip::None).await.unwrap().reference_matches());
}

#[tokio::test]
async fn an_invoice_number_may_come_as_a_number() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = builder(&sandbox.base_url()).build().unwrap();
    sandbox.inject(Fault::NumericId, FaultCall::Create, FaultRepeat::Once);
    let invoice = create(&client, Tip::None).await.unwrap();
    assert!(invoice.qris_invoiceid.get() > u64::from(u32::MAX));
    assert_eq!(client.check_invoice(&invoice).await, Ok(Payment::Unpaid));
}

#[tokio::test]
async fn a_refusal_keeps_unknown_words() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = builder(&sandbox.base_url()).build().unwrap();
    let invoice = create(&client, Tip::None).await.unwrap();
    let words = "Sistem sedang dalam perbaikan";
    sandbox.inject(
        Fault::Refuse { words: words.to_owned() },
        FaultCall::Any,
        FaultRepeat::Standing,
    );
    let refused = Error::Rejected { reason: Reason::Other(words.to_owned()) };
    assert_eq!(create(&client, Tip::None).await, Err(refused.clone()));
    assert_eq!(client.check_invoice(&invoice).await, Err(refused));
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_leaves_a_create_unknown_and_a_check_malformed() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = builder(&sandbox.base_url()).build().unwrap();
    let invoice = create(&client, Tip::None).await.unwrap();
    for fault in [Fault::Html, Fault::Empty, Fault::CutJson, Fault::Huge, Fault::Redirect] {
        let before = creates(&sandbox);
        sandbox.inject(fault.clone(), FaultCall::Create, FaultRepeat::Once);
        let error = create(&client, Tip::None).await.unwrap_err();
        let unknown =
            matches!(error, Error::OutcomeUnknown { cause: Cause::MalformedReply { .. } });
        assert!(unknown, "{fault:?}: {error:?}");
        assert_eq!(creates(&sandbox), before + 1, "{fault:?} was not sent again");

        sandbox.inject(fault.clone(), FaultCall::Check, FaultRepeat::Once);
        let error = client.check_invoice(&invoice).await.unwrap_err();
        assert!(matches!(error, Error::MalformedReply { .. }), "{fault:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_notice_a_mark_or_text_around_an_answer_is_ignored() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = builder(&sandbox.base_url()).build().unwrap();
    for fault in [Fault::PhpNotice, Fault::NoticeBefore, Fault::ByteOrderMark, Fault::TextBehind] {
        sandbox.inject(fault, FaultCall::Any, FaultRepeat::Standing);
        let invoice = create(&client, Tip::None).await.unwrap();
        assert_eq!(client.check_invoice(&invoice).await, Ok(Payment::Unpaid));
        sandbox.pay(invoice.qris_invoiceid.get()).unwrap();
        assert!(client.check_invoice(&invoice).await.unwrap().is_paid());
        sandbox.clear_faults();
    }
}

#[tokio::test]
async fn a_failure_with_an_invoice_or_a_server_error_leaves_a_create_unknown() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = builder(&sandbox.base_url()).build().unwrap();
    let invoice = create(&client, Tip::None).await.unwrap();
    let contradiction = Defect::Contradiction { found: "a failure with an invoice" };
    for (fault, expected) in
        [(Fault::FailedWithInvoice, contradiction), (Fault::Failed5xx, Defect::RefusalStatus)]
    {
        sandbox.inject(fault.clone(), FaultCall::Create, FaultRepeat::Once);
        let error = create(&client, Tip::None).await.unwrap_err();
        let Error::OutcomeUnknown { cause: Cause::MalformedReply { defect, .. } } = error else {
            panic!("{fault:?}: {error:?}");
        };
        assert_eq!(defect, expected);
    }
    sandbox.inject(Fault::Failed5xx, FaultCall::Check, FaultRepeat::Once);
    let error = client.check_invoice(&invoice).await.unwrap_err();
    let Error::MalformedReply { status: 500, defect, .. } = error else {
        panic!("found {error:?}");
    };
    assert_eq!(defect, Defect::RefusalStatus);
}

#[tokio::test]
async fn a_payment_with_a_damaged_name_is_found() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = builder(&sandbox.base_url()).build().unwrap();
    let invoice = create(&client, Tip::None).await.unwrap();
    sandbox.inject(Fault::BadBytesInNames, FaultCall::Any, FaultRepeat::Once);
    sandbox.pay_as(invoice.qris_invoiceid.get(), Payer::new("SITI", "BCA")).unwrap();
    let payment = client.check_invoice(&invoice).await.unwrap();
    let name = payment.details().and_then(|details| details.customer_name.as_deref());
    assert_eq!(name, Some("SITI JOS\u{fffd} DA SILVA \u{fffd}\u{fffd}"));
}

#[tokio::test]
async fn a_broken_connection_leaves_a_create_unknown_and_a_check_unreachable() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = builder(&sandbox.base_url()).build().unwrap();
    let invoice = create(&client, Tip::None).await.unwrap();
    for fault in [Fault::DropBeforeAccepting, Fault::DropAfterAccepting, Fault::CutConnection] {
        let (creates, checks) = (sandbox.calls().creates(), sandbox.calls().checks());
        sandbox.inject(fault.clone(), FaultCall::Create, FaultRepeat::Once);
        let error = create(&client, Tip::None).await.unwrap_err();
        let unknown = matches!(error, Error::OutcomeUnknown { cause: Cause::Interrupted { .. } });
        assert!(unknown, "{fault:?}: {error:?}");

        sandbox.inject(fault.clone(), FaultCall::Check, FaultRepeat::Once);
        let error = client.check_invoice(&invoice).await.unwrap_err();
        let safe = matches!(error, Error::Unreachable { cause: Cause::Interrupted { .. } });
        assert!(safe, "{fault:?}: {error:?}");
        let calls = sandbox.calls();
        assert_eq!((calls.creates(), calls.checks()), (creates + 1, checks + 1), "{fault:?}");
    }
}

#[tokio::test]
async fn an_answer_that_takes_too_long_leaves_a_create_unknown() {
    let sandbox = Sandbox::start().await.unwrap();
    let patient = builder(&sandbox.base_url()).build().unwrap();
    let invoice = create(&patient, Tip::None).await.unwrap();
    let limit = Duration::from_millis(250);
    let client = builder(&sandbox.base_url()).total_timeout(limit).build().unwrap();
    sandbox.inject(Fault::Slow { seconds: 30.0 }, FaultCall::Any, FaultRepeat::Standing);
    let cause = Cause::TimedOut { limit };
    let unknown = Error::OutcomeUnknown { cause: cause.clone() };
    assert_eq!(create(&client, Tip::None).await, Err(unknown));
    assert_eq!(client.check_invoice(&invoice).await, Err(Error::Unreachable { cause }));
    assert_eq!(
        (sandbox.calls().creates(), sandbox.calls().checks()),
        (2, 1),
        "no create was sent again"
    );
}

/// A port of this machine on which nothing listens.
async fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn without_a_server_nothing_is_sent_and_the_error_is_unreachable() {
    let base_url = format!("http://127.0.0.1:{}/restapi/qris/", free_port().await);
    let client = builder(&base_url).build().unwrap();
    let error = create(&client, Tip::None).await.unwrap_err();
    let Error::Unreachable { cause: Cause::Connect { detail } } = &error else {
        panic!("found {error:?}");
    };
    assert!(detail.contains("refused"), "{detail}");
}

#[tokio::test]
async fn a_create_is_sent_again_if_no_connection_was_made() {
    let address = format!("127.0.0.1:{}", free_port().await).parse().unwrap();
    let client = builder(&format!("http://{address}/restapi/qris/")).build().unwrap();
    let create = tokio::spawn(async move { create(&client, Tip::None).await });
    // The first try is refused; the second, half a second later, finds a server.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let sandbox = Sandbox::builder().listen(address).start().await.unwrap();
    let invoice = create.await.unwrap().unwrap();
    assert_eq!(invoice.number, number());
    assert_eq!(creates(&sandbox), 1);
}

#[tokio::test]
async fn an_amount_outside_the_limits_is_refused_before_anything_is_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = builder(&sandbox.base_url()).build().unwrap();
    let outcome = async |client: &Client, rupiah| {
        let created = client.create_invoice(&number(), Rupiah::new(rupiah), Tip::None).await;
        created.map(|invoice| invoice.amount.get())
    };
    let refused = |lowest, highest, found| {
        let [lowest, highest, found] = [lowest, highest, found].map(Rupiah::new);
        Err(Error::Invalid(Invalid::Amount { lowest, highest, found }))
    };
    for rupiah in [0, 99, 10_000_001, u64::MAX] {
        assert_eq!(outcome(&client, rupiah).await, refused(100, 10_000_000, rupiah));
    }
    assert_eq!(creates(&sandbox), 0);
    for rupiah in [100, 10_000_000] {
        assert_eq!(outcome(&client, rupiah).await, Ok(rupiah));
    }
    let bounds = Rupiah::new(0)..=Rupiah::new(50);
    let client = builder(&sandbox.base_url()).amounts(bounds).build().unwrap();
    assert_eq!(outcome(&client, 50).await, Ok(50));
    assert_eq!(outcome(&client, 51).await, refused(0, 50, 51));
    assert_eq!(outcome(&client, 0).await, refused(0, 50, 0), "0 is never an amount");
    let bounds = Rupiah::new(1)..=Rupiah::new(u64::MAX);
    let client = builder(&sandbox.base_url()).amounts(bounds).build().unwrap();
    let rejected = Err(Error::Rejected { reason: Reason::InvalidAmount });
    assert_eq!(outcome(&client, 10_000_001).await, rejected, "the provider has its own limits");
}

#[tokio::test]
async fn the_key_is_sent_unencrypted_to_this_machine_only() {
    for url in [
        "https://qris.online/restapi/qris/",
        "https://qris.id/restapi/qris",
        "http://127.0.0.1:7000/restapi/qris/",
        "http://127.9.9.9/",
        "http://[::1]:7000/restapi/qris/",
        "http://localhost:7000/restapi/qris/",
        "http://LOCALHOST/",
    ] {
        assert!(builder(url).build().is_ok(), "{url}");
    }
    for (url, found) in [
        ("", "no URL"),
        ("qris.online", "no URL"),
        ("/restapi/qris/", "no URL"),
        ("http://qris.online/restapi/qris/", "http to another machine"),
        ("http://10.0.0.1/", "http to another machine"),
        ("http://localhost.example.com/", "http to another machine"),
        ("http://127.0.0.1.example.com/", "http to another machine"),
        ("http://[::2]/", "http to another machine"),
        ("ftp://127.0.0.1/", "another scheme"),
        ("file:///etc/passwd", "no host"),
        ("https://user@qris.online/", "a user or password"),
        ("https://:word@qris.online/", "a user or password"),
        ("https://qris.online/?apikey=1", "a query"),
        ("https://qris.online/#x", "a fragment"),
    ] {
        let refused = builder(url).build().map(drop);
        assert_eq!(refused, Err(Error::Invalid(Invalid::BaseUrl { found })), "{url}");
    }
}

#[test]
fn wrong_numbers_keys_and_merchant_ids_are_refused() {
    let refused = |text: &str| TransactionNumber::parse(text).map(|_| ()).unwrap_err();
    let wrong = |chars, wrong_at| Invalid::TransactionNumber { chars, wrong_at };
    assert_eq!(refused(""), wrong(0, None));
    assert_eq!(refused(&"9".repeat(65)), wrong(65, None));
    assert_eq!(refused(" INV"), wrong(4, Some(0)));
    assert_eq!(refused("INV "), wrong(4, Some(3)));
    assert_eq!(refused(" "), wrong(1, Some(0)));
    assert_eq!(refused("INV\n1"), wrong(5, Some(3)));
    assert_eq!(refused("tagihan-é"), wrong(9, Some(8)));
    for text in ["INV/2026/00001", "#1001", "INV_7", "Order 00012-003-0004", "a&do=x%?\"'\\"] {
        assert!(TransactionNumber::parse(text).is_ok(), "{text}");
    }
    assert!(TransactionNumber::parse("9".repeat(64)).is_ok());
    for (text, chars, wrong_at) in [
        ("", 0, None),
        (" ", 1, Some(0)),
        ("a b", 3, Some(1)),
        ("a\n", 2, Some(1)),
        ("é", 1, Some(0)),
        (&"1".repeat(257), 257, None),
    ] {
        assert_eq!(ApiKey::parse(text).map(drop), Err(Invalid::ApiKey { chars, wrong_at }));
        let refused = MerchantId::parse(text).map(drop);
        assert_eq!(refused, Err(Invalid::MerchantId { chars, wrong_at }));
    }
    assert_eq!(
        ApiKey::parse("secret key").unwrap_err().to_string(),
        "expected an API key of 1 to 256 visible ASCII characters, found a wrong character at byte 6",
    );
}

//! Which QRs a client never returns.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod server;

use qris_api::{
    ApiKey, Client, ClientBuilder, Error, Field, Invoice, InvoiceId, MerchantId, Rupiah, Tip,
    TransactionNumber,
};
use qris_codec::encode::{Builder, NewAccount, NewAdditional};
use qris_codec::mpm::Entry;
use qris_codec::{Amount, Initiation, Rules};
use server::Server;

const NMID: &str = "ID1020021181745";
/// Another merchant's NMID with a right check digit.
const OTHER_NMID: &str = "ID2026000000128";

/// A QR that differs from the request in one way, or not at all.
#[derive(Clone)]
struct Qr {
    initiation: Initiation,
    tip: Option<qris_codec::Tip>,
    nmid: &'static str,
    reference: String,
}

impl Default for Qr {
    fn default() -> Self {
        Self { initiation: Initiation::Dynamic, tip: None, nmid: NMID, reference: "1".to_owned() }
    }
}

impl Qr {
    fn content(&self) -> String {
        let account = |tag: &str, guid, pan, id| NewAccount {
            tag: qris_codec::Tag::new(tag.parse().unwrap()).unwrap(),
            guid: Some(guid),
            pan,
            merchant_id: Some(id),
            criteria: Some("UMI"),
        };
        let accounts = [
            account("26", "ID.CO.TELKOM.WWW", Some("9360089830000000128"), "SANDBOX00000001"),
            account("51", "ID.CO.QRIS.WWW", None, self.nmid),
        ];
        let additional = NewAdditional {
            reference_label: Some(Entry::Text(&self.reference)),
            ..NewAdditional::default()
        };
        let mut builder = Builder::new("WARUNG SANDBOX", "KOTA SURABAYA", "5812")
            .rules(Rules::Emv)
            .initiation(self.initiation)
            .accounts(&accounts)
            .currency("360")
            .amount(Amount::rupiah(25_578))
            .postal_code("60136")
            .additional(additional);
        if let Some(tip) = self.tip {
            builder = builder.tip(tip);
        }
        builder.encode_into(&mut [0; 512]).unwrap().to_owned()
    }

    /// The reply with this QR.
    fn reply(&self, id: u64) -> String {
        format!(
            r#"{{"status":"success","data":{{"qris_content":"{}","qris_request_date":"2020-08-07 11:13:42","qris_invoiceid":{id},"qris_nmid":"{}"}}}}"#,
            self.content(),
            self.nmid
        )
    }
}

fn builder() -> ClientBuilder {
    Client::builder(ApiKey::parse("key").unwrap(), MerchantId::parse("1").unwrap())
}

/// A client of a provider that gives these replies in turn.
async fn client_of(builder: ClientBuilder, replies: &[String]) -> Client {
    let server = Server::in_turn(replies).await;
    builder.base_url(server.base_url()).build().unwrap()
}

async fn create(client: &Client, number: &str, tip: Tip) -> Result<Invoice, Error> {
    let number = TransactionNumber::parse(number).unwrap();
    client.create_invoice(&number, Rupiah::new(25_578), tip).await
}

fn mismatch(field: Field, id: u64) -> Result<InvoiceId, Error> {
    Err(Error::ContentMismatch { field, invoice: Some(InvoiceId::new(id)) })
}

/// The outcome for this QR with the number 1.
async fn outcome(qr: &Qr, tip: Tip) -> Result<InvoiceId, Error> {
    let client = client_of(builder(), &[qr.reply(1)]).await;
    create(&client, "A", tip).await.map(|invoice| invoice.qris_invoiceid)
}

#[tokio::test]
async fn a_static_code_with_an_amount_is_refused() {
    assert_eq!(outcome(&Qr::default(), Tip::None).await, Ok(InvoiceId::new(1)));
    let fixed = Qr { initiation: Initiation::Static, ..Qr::default() };
    let refused = outcome(&fixed, Tip::None).await;
    assert_eq!(refused, mismatch(Field::Initiation, 1));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the QR in the reply is not the requested one: the point of initiation (01) differs; \
         invoice 1 exists: do not show its QR",
    );
}

#[tokio::test]
async fn a_tip_or_fee_that_was_not_requested_is_refused() {
    let fee = Amount::rupiah(500);
    let percent = "2.5".parse().unwrap();
    let with = |tip| Qr { tip: Some(tip), ..Qr::default() };
    for tip in [qris_codec::Tip::Fixed(fee), qris_codec::Tip::Percent(percent)] {
        for asked in [Tip::None, Tip::Ask] {
            assert_eq!(outcome(&with(tip), asked).await, mismatch(Field::Tip, 1), "{tip:?}");
        }
    }
    let prompt = with(qris_codec::Tip::Prompt);
    assert_eq!(outcome(&prompt, Tip::Ask).await, Ok(InvoiceId::new(1)));
    assert_eq!(outcome(&prompt, Tip::None).await, mismatch(Field::Tip, 1));
    assert_eq!(outcome(&Qr::default(), Tip::Ask).await, mismatch(Field::Tip, 1));
}

/// The payload with one more object before 58 and a right checksum.
fn with_object(content: &str, object: &str) -> String {
    let (head, tail) = content.split_once("5802ID").unwrap();
    let unsealed = format!("{head}{object}5802ID{}", &tail[..tail.len() - 4]);
    format!("{unsealed}{:04X}", qris_codec::checksum(unsealed.as_bytes()))
}

#[tokio::test]
async fn a_fee_without_a_tip_indicator_is_refused() {
    for (tip, object) in [
        (None, "5603500"),
        (None, "57032.5"),
        (Some(qris_codec::Tip::Prompt), "5603500"),
        (Some(qris_codec::Tip::Prompt), "57032.5"),
    ] {
        let qr = Qr { tip, ..Qr::default() };
        let reply = qr.reply(1).replace(&qr.content(), &with_object(&qr.content(), object));
        let client = client_of(builder(), &[reply]).await;
        let asked = if tip.is_some() { Tip::Ask } else { Tip::None };
        let outcome = create(&client, "A", asked).await.map(|invoice| invoice.qris_invoiceid);
        assert_eq!(outcome, mismatch(Field::Tip, 1), "{object}");
    }
}

#[tokio::test]
async fn another_merchant_is_refused_even_if_reply_and_qr_agree() {
    let other = Qr { nmid: OTHER_NMID, reference: "2".to_owned(), ..Qr::default() };
    let first = Qr::default().reply(1);
    let client = client_of(builder(), &[first.clone(), other.reply(2), first]).await;
    assert!(create(&client, "A", Tip::None).await.is_ok(), "the first one received");
    let refused = create(&client, "B", Tip::None).await.map(|invoice| invoice.qris_invoiceid);
    assert_eq!(refused, mismatch(Field::NationalMerchantId, 2));
    assert!(create(&client, "A", Tip::None).await.is_ok());

    let client = client_of(builder().nmid(NMID), &[other.reply(2)]).await;
    let refused = create(&client, "A", Tip::None).await.map(|invoice| invoice.qris_invoiceid);
    assert_eq!(refused, mismatch(Field::NationalMerchantId, 2));
    let client = client_of(builder().nmid(""), &[other.reply(2)]).await;
    assert!(create(&client, "A", Tip::None).await.is_ok(), "none is set");
}

#[tokio::test]
async fn a_reply_that_was_refused_does_not_set_the_merchant() {
    let other = Qr { nmid: OTHER_NMID, initiation: Initiation::Static, ..Qr::default() };
    let client = client_of(builder(), &[other.reply(1), Qr::default().reply(1)]).await;
    assert!(create(&client, "A", Tip::None).await.is_err());
    assert!(create(&client, "A", Tip::None).await.is_ok());
}

#[tokio::test]
async fn the_qr_or_the_number_of_another_sale_is_refused() {
    let qr = |reference: &str| Qr { reference: reference.to_owned(), ..Qr::default() };
    for (second, id, field) in [
        (qr("1").reply(2), 2, Field::Reused),
        (qr("1").reply(1), 1, Field::Reused),
        (qr("2").reply(1), 1, Field::Reused),
        (Qr { tip: Some(qris_codec::Tip::Prompt), ..qr("1") }.reply(2), 2, Field::Reference),
    ] {
        let tip = if field == Field::Reference { Tip::Ask } else { Tip::None };
        let client = client_of(builder(), &[qr("1").reply(1), second]).await;
        create(&client, "A", Tip::None).await.unwrap();
        let refused = create(&client, "B", tip).await.map(|invoice| invoice.qris_invoiceid);
        assert_eq!(refused, mismatch(field, id));
    }
}

#[tokio::test]
async fn a_reference_of_no_known_invoice_is_accepted() {
    let qr = Qr { reference: "77".to_owned(), ..Qr::default() };
    let client = client_of(builder(), &[qr.reply(1)]).await;
    let invoice = create(&client, "A", Tip::None).await.unwrap();
    assert!(!invoice.reference_matches());
    assert_eq!(invoice.reference(), Some(InvoiceId::new(77)));
}

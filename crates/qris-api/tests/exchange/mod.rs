//! One create or check with a server that gives one answer.

#![allow(dead_code, reason = "each test uses its part")]

use qris_api::{
    ApiKey, Cause, Client, Defect, Error, Invoice, InvoiceId, MerchantId, Payment, Rupiah, Tip,
    TransactionNumber, WibTime,
};

use crate::server::Server;

/// The sample of the provider's documents: Rp25,578, with a tip.
pub(crate) fn content() -> &'static str {
    concat!(
        "00020101021226680016ID.CO.TELKOM.WWW011893600898025599662702150001952559966270303UMI",
        "51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.005502015802ID",
        "5916InterActive Corp6013KOTA SURABAYA61056013662130509413255111630439B7"
    )
}

pub(crate) fn client(server: &Server) -> Client {
    let key = ApiKey::parse("139139220920202").unwrap();
    Client::builder(key, MerchantId::parse("195255685725").unwrap())
        .base_url(server.base_url())
        .budget(qris_api::CheckBudget::in_memory(60))
        .build()
        .unwrap()
}

pub(crate) fn number() -> TransactionNumber {
    TransactionNumber::parse("INV-1").unwrap()
}

pub(crate) fn invoice() -> Invoice {
    Invoice::new(
        number(),
        Rupiah::new(25_578),
        content(),
        WibTime::parse("2020-08-07 11:13:42").unwrap(),
        InvoiceId::new(413_255_111),
        "ID1020021181745",
    )
}

pub(crate) async fn created(body: &str) -> Result<Invoice, Error> {
    created_with(200, body.as_bytes()).await
}

pub(crate) async fn created_with(status: u16, body: &[u8]) -> Result<Invoice, Error> {
    let server = Server::answering(status, body).await;
    client(&server).create_invoice(&number(), Rupiah::new(25_578), Tip::Ask).await
}

pub(crate) async fn checked(body: &str) -> Result<Payment, Error> {
    checked_with(200, body.as_bytes()).await
}

pub(crate) async fn checked_with(status: u16, body: &[u8]) -> Result<Payment, Error> {
    let server = Server::answering(status, body).await;
    client(&server).check_invoice(&invoice()).await
}

pub(crate) fn success(id: &str) -> String {
    format!(
        r#"{{"status":"success","data":{{"qris_content":"{}","qris_request_date":"2020-08-07 11:13:42","qris_invoiceid":{id},"qris_nmid":"ID1020021181745"}}}}"#,
        content()
    )
}

pub(crate) const ABSENT: Defect = Defect::Absent { marker: "status" };

/// Checks that a create ends unknown, for this reason.
#[track_caller]
pub(crate) fn assert_unknown(
    outcome: Result<Invoice, Error>,
    status: u16,
    body: &[u8],
    defect: Defect,
) {
    let cause = Cause::MalformedReply { status, length: body.len(), defect };
    let body = String::from_utf8_lossy(body);
    assert_eq!(outcome, Err(Error::OutcomeUnknown { cause }), "{body}");
}

/// Checks that a check has no answer, for this reason.
#[track_caller]
pub(crate) fn assert_malformed(
    outcome: Result<Payment, Error>,
    status: u16,
    body: &[u8],
    defect: Defect,
) {
    let error = Error::MalformedReply { status, length: body.len(), defect };
    assert_eq!(outcome, Err(error), "{}", String::from_utf8_lossy(body));
}

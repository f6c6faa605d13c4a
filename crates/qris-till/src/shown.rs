//! How a record is shown: on the pages, in events, to other programs.

use qris_api::WibTime;
use qris_codec::Payload;
use qris_ledger::Record;
use serde::Serialize;

/// A record's JSON, with what a page needs beside it.
#[derive(Serialize)]
pub(crate) struct Shown<'a> {
    #[serde(flatten)]
    record: &'a Record,
    merchant_name: Option<&'a str>,
    /// When the provider is asked next, if it is.
    next_check_at: Option<String>,
    /// The till's clock, for the countdown of a page whose own is wrong.
    now: String,
    /// That the provider did not answer the last check: the state may be out of date.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unanswered: bool,
}

impl<'a> Shown<'a> {
    pub(crate) fn of(record: &'a Record) -> Self {
        let content = record.invoice.as_ref().map(|invoice| invoice.qris_content.as_str());
        let payload = content.and_then(|content| Payload::parse(content).ok());
        Self {
            record,
            merchant_name: payload.and_then(|payload| payload.merchant_name()),
            next_check_at: record.next_check_at.map(|at| at.to_string()),
            now: WibTime::now().to_string(),
            unanswered: record.unanswered_at.is_some(),
        }
    }
}

//! How a record is shown: on the pages, in events, to other programs.

use std::borrow::Cow;

use qris_api::WibTime;
use qris_codec::Payload;
use qris_ledger::Order;
use serde::Serialize;

/// A record's JSON, with what a page needs beside it.
#[derive(Serialize)]
pub(crate) struct Shown<'a> {
    #[serde(flatten)]
    record: Cow<'a, Order>,
    merchant_name: Option<&'a str>,
    /// When the provider is asked next, if it is.
    next_check_at: Option<String>,
    /// The till's best-known time, for the countdown of a page whose own is wrong.
    now: String,
    /// That the provider did not answer the last check: the state may be out of date.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unanswered: bool,
}

impl<'a> Shown<'a> {
    /// The record as it is now: expired once its QR may not be shown, by the clock alone.
    pub(crate) fn of(record: &'a Order, now: WibTime) -> Self {
        let content = record.invoice.as_ref().map(|invoice| invoice.qris_content.as_str());
        let payload = content.and_then(|content| Payload::parse(content).ok());
        Self {
            record: at(record, now),
            merchant_name: payload.and_then(|payload| payload.merchant_name()),
            next_check_at: record.next_check_at.map(|at| at.to_string()),
            now: now.to_string(),
            unanswered: record.unanswered_at.is_some(),
        }
    }
}

fn at(record: &Order, now: WibTime) -> Cow<'_, Order> {
    let state = record.state_at(now);
    if state == record.state {
        return Cow::Borrowed(record);
    }
    let mut record = record.clone();
    record.state = state;
    Cow::Owned(record)
}

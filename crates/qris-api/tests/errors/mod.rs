//! One error of each kind, with its name in `codes.tsv`. The C binding uses both too.

use std::time::Duration;

use qris_api::{Cause, Defect, Error, Field, Invalid, PauseCause, Reason, Rupiah};

/// A line of `codes.tsv`: the error, its code, its status in C, its class in Python.
pub(crate) type Line = [&'static str; 4];

/// The lines after the heading.
pub(crate) fn lines() -> Vec<Line> {
    let lines = include_str!("../codes.tsv").lines().skip(1);
    lines
        .map(|line| {
            let fields: Vec<_> = line.split('\t').collect();
            fields.try_into().expect("four fields in each line")
        })
        .collect()
}

/// The name of an error, and one error of this kind.
pub(crate) fn samples() -> Vec<(&'static str, Error)> {
    let limit = Duration::from_secs(35);
    let detail = || "the server refused the connection".to_owned();
    let rupiah = Rupiah::new;
    let amount =
        Invalid::Amount { lowest: rupiah(100), highest: rupiah(10_000_000), found: rupiah(99) };
    let defect = Defect::Absent { marker: "status" };
    let malformed = Cause::MalformedReply { status: 200, length: 0, defect };
    let rejected = |reason| Error::Rejected { reason };
    let unknown = |cause| Error::OutcomeUnknown { cause };
    let unreachable = |cause| Error::Unreachable { cause };
    let paused = |cause| Error::Paused { wait: Duration::from_millis(6_500), cause };
    let mismatch = |field| Error::ContentMismatch { field, invoice: None };
    vec![
        ("Invalid/ApiKey", Invalid::ApiKey { chars: 0, wrong_at: None }.into()),
        ("Invalid/MerchantId", Invalid::MerchantId { chars: 0, wrong_at: None }.into()),
        (
            "Invalid/TransactionNumber",
            Invalid::TransactionNumber { chars: 5, wrong_at: Some(3) }.into(),
        ),
        ("Invalid/Amount", amount.into()),
        ("Invalid/BaseUrl", Invalid::BaseUrl { found: "a query" }.into()),
        ("Invalid/CertificateStore", Invalid::CertificateStore { detail: detail() }.into()),
        ("Rejected/InvalidAmount", rejected(Reason::InvalidAmount)),
        ("Rejected/InvalidApiKey", rejected(Reason::InvalidApiKey)),
        ("Rejected/InvalidMerchantId", rejected(Reason::InvalidMerchantId)),
        ("Rejected/TransactionNumberEmpty", rejected(Reason::TransactionNumberEmpty)),
        ("Rejected/InvoiceIdEmpty", rejected(Reason::InvoiceIdEmpty)),
        ("Rejected/UnknownRequest", rejected(Reason::UnknownRequest)),
        ("Rejected/Other", rejected(Reason::Other("closed today".into()))),
        ("OutcomeUnknown/TimedOut", unknown(Cause::TimedOut { limit })),
        ("OutcomeUnknown/Interrupted", unknown(Cause::Interrupted { detail: detail() })),
        ("OutcomeUnknown/MalformedReply", unknown(malformed)),
        ("Unreachable/Connect", unreachable(Cause::Connect { detail: detail() })),
        ("Unreachable/TimedOut", unreachable(Cause::TimedOut { limit })),
        ("Unreachable/Interrupted", unreachable(Cause::Interrupted { detail: detail() })),
        ("Paused/RetryAfter", paused(PauseCause::RetryAfter)),
        ("Paused/InvalidApiKey", paused(PauseCause::Refused(Reason::InvalidApiKey))),
        ("Paused/InvalidMerchantId", paused(PauseCause::Refused(Reason::InvalidMerchantId))),
        ("MalformedReply", Error::MalformedReply { status: 200, length: 0, defect }),
        ("ContentMismatch/Payload", mismatch(Field::Payload)),
        ("ContentMismatch/Initiation", mismatch(Field::Initiation)),
        ("ContentMismatch/Currency", mismatch(Field::Currency)),
        ("ContentMismatch/Amount", mismatch(Field::Amount)),
        ("ContentMismatch/NationalMerchantId", mismatch(Field::NationalMerchantId)),
        ("ContentMismatch/Tip", mismatch(Field::Tip)),
        ("ContentMismatch/Reference", mismatch(Field::Reference)),
        ("ContentMismatch/Reused", mismatch(Field::Reused)),
    ]
}

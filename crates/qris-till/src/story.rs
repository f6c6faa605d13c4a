//! `GET /api/orders/{number}/story`: what happened to an order, step by step.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use axum::routing::{MethodRouter, get};
use qris_ledger::{StoryEvent, StoryStep};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::http_error::HttpError;
use crate::language::Language;
use crate::merchant::Merchant;
use crate::orders::transaction_number;
use crate::state::AppState;

pub(crate) fn route() -> MethodRouter<Arc<AppState>> {
    get(story)
}

#[derive(Deserialize)]
struct StoryQuery {
    #[serde(default)]
    lang: Language,
}

/// A step with a sentence for people.
#[derive(Serialize)]
struct StepView<'a> {
    #[serde(flatten)]
    step: &'a StoryStep,
    message: &'static str,
}

async fn story(
    Merchant { orders, .. }: Merchant,
    Path(number): Path<String>,
    query: Result<Query<StoryQuery>, QueryRejection>,
) -> Result<Json<Value>, HttpError> {
    let (Query(query), number) = (query?, transaction_number(&number)?);
    let asked = number.clone();
    let steps = orders.read(move |ledger| ledger.story(&asked)).await?;
    let view = |step| StepView { step, message: message(step.event, query.lang) };
    let steps: Vec<_> = steps.iter().map(view).collect();
    Ok(Json(json!({ "number": number.as_str(), "story": steps })))
}

const fn message(event: StoryEvent, language: Language) -> &'static str {
    let (id, en) = match event {
        StoryEvent::Opened => ("Transaksi dicatat tanpa kode QR.", "Recorded without a code."),
        StoryEvent::CodeRequested => ("Kode QR diminta ke InterActive.", "A code was asked for."),
        StoryEvent::AnotherCodeRequested => {
            ("Kode QR lain diminta ke InterActive.", "Another code was asked for.")
        }
        StoryEvent::CodeMade => ("Kode QR dibuat dan ditampilkan.", "The code was made and shown."),
        StoryEvent::Paid => ("Dibayar.", "Paid."),
        StoryEvent::PaidLate => (
            "Dibayar terlambat: waktu kodenya sudah habis atau transaksinya sudah dibatalkan.",
            "Paid late: its code was over, or the order was cancelled.",
        ),
        StoryEvent::Overpaid => (
            "Kode lain dari transaksi ini juga dibayar: uang lebih harus dikembalikan.",
            "Another code of this order was paid too: give the money back.",
        ),
        StoryEvent::Expired => ("Waktu kode QR habis.", "The time of its code was over."),
        StoryEvent::Refused => ("InterActive menolak membuat kode.", "InterActive made no code."),
        StoryEvent::Unknown => (
            "Belum pasti kodenya sudah dibuat atau belum.",
            "It was not known whether its code was made.",
        ),
        StoryEvent::NotMade => (
            "Seseorang memastikan bahwa kodenya tidak dibuat.",
            "A person found out that its code was not made.",
        ),
        StoryEvent::Cancelled => ("Dibatalkan.", "Cancelled."),
        _ => ("Catatan.", "Noted."),
    };
    match language {
        Language::Indonesian => id,
        Language::English => en,
    }
}

//! `GET /api/orders/{number}/story`: the history of an order, step by step.

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
        StoryEvent::CodeRequested => ("Kode QR diminta ke InterActive.", "A code was requested."),
        StoryEvent::AnotherCodeRequested => {
            ("Kode QR lain diminta ke InterActive.", "A new code was requested.")
        }
        StoryEvent::CodeMade => {
            ("Kode QR dibuat dan ditampilkan.", "The code was created and shown.")
        }
        StoryEvent::Paid => ("Dibayar.", "Paid."),
        StoryEvent::PaidLate => (
            "Dibayar terlambat: kodenya sudah kedaluwarsa atau transaksinya sudah dibatalkan.",
            "Paid late: the code was expired, or the order was cancelled.",
        ),
        StoryEvent::Overpaid => (
            "Kode lain dari transaksi ini juga dibayar: kembalikan kelebihannya.",
            "Another code of this order was paid too: refund the extra amount.",
        ),
        StoryEvent::Expired => ("Kode QR kedaluwarsa.", "The code expired."),
        StoryEvent::Refused => {
            ("InterActive menolak membuat kode.", "InterActive refused to create a code.")
        }
        StoryEvent::Unknown => (
            "Belum pasti apakah kodenya sudah dibuat.",
            "It was not known whether the code was created.",
        ),
        StoryEvent::NotMade => (
            "Seseorang memastikan bahwa kodenya tidak dibuat.",
            "A person found out that the code was not created.",
        ),
        StoryEvent::Cancelled => ("Dibatalkan.", "Cancelled."),
        _ => ("Catatan.", "Noted."),
    };
    match language {
        Language::Indonesian => id,
        Language::English => en,
    }
}

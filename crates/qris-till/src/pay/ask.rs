//! Requests a code for a payer.

use std::time::Instant;

use qris_ledger::State;
use qris_orders::{Error, Order, Orders};

use super::limits::TooOften;
use super::page::Note;
use crate::state::AppState;

/// Requests the first code of an open order, or a new code after the last one. An order that has a
/// code, is paid or needs the shop does not change: its page says so.
pub(super) async fn code(app: &AppState, orders: &Orders, order: &Order) -> Result<(), Note> {
    let state = order.state_at(orders.now());
    if !matches!(state, State::Open | State::Expired | State::Rejected) {
        return Ok(());
    }
    let number = order.number.clone();
    let history = orders.read(move |ledger| ledger.events(&number)).await;
    let history = history.map_err(|_| Note::Failed)?;
    let key = (order.merchant.clone(), order.number.clone());
    let allowed = app.pay.request_code(key, &history, orders.now(), Instant::now());
    allowed.map_err(|often| match often {
        TooOften::Minute => Note::TooSoon,
        TooOften::Order => Note::TooMany,
    })?;
    let asked = if state == State::Open {
        orders.first_code(&order.number).await.map(drop)
    } else {
        orders.renew(&order.number).await.map(drop)
    };
    asked.map_err(|error| match error {
        Error::TooSoon { .. } => Note::TooSoon,
        Error::Unanswered(_) => Note::Unanswered,
        // Another request was faster.
        Error::Ledger(qris_ledger::Error::State { .. }) => Note::TooSoon,
        error => {
            tracing::warn!(number = %order.number, %error, "a payer got no code");
            Note::Failed
        }
    })
}

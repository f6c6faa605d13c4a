//! The JSON of an order for pages, events and other programs.

use std::borrow::Cow;

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use qris_api::WibTime;
use qris_codec::Payload;
use qris_ledger::Order;
use qris_orders::Orders;
use serde::Serialize;
use serde_json::json;

use crate::payer_names::PayerNames;

/// An order's JSON, with additional members for pages.
#[derive(Serialize)]
pub(crate) struct OrderView<'a> {
    #[serde(flatten)]
    order: Cow<'a, Order>,
    merchant_name: Option<&'a str>,
    /// The next check, if any.
    next_check_at: Option<String>,
    /// The till's best-known time, for the countdown of a page on a device with a wrong clock.
    now: String,
    /// Whether the provider did not answer the last check of a code that may be paid. The state may
    /// be out of date.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unanswered: bool,
}

impl<'a> OrderView<'a> {
    /// The order as it is now. It is expired if its code may not be shown, by the clock only. Names
    /// are shown as the sender may see them.
    pub(crate) fn new(order: &'a Order, names: PayerNames, now: WibTime) -> Self {
        let content = order.invoice.as_ref().map(|invoice| invoice.qris_content.as_str());
        let payload = content.and_then(|content| Payload::parse(content).ok());
        Self {
            order: names.in_order(at(order, now)),
            merchant_name: payload.and_then(|payload| payload.merchant_name()),
            next_check_at: order.next_check_at.map(|at| at.to_string()),
            now: now.to_string(),
            unanswered: order.is_unanswered(),
        }
    }

    /// The same after an action for which a code could not be checked: that has no answer either.
    pub(crate) const fn unchecked(mut self, unchecked: bool) -> Self {
        self.unanswered |= unchecked;
        self
    }
}

/// The answer that shows an order.
pub(crate) fn order_response(orders: &Orders, names: PayerNames, order: &Order) -> Response {
    Json(json!(OrderView::new(order, names, orders.now()))).into_response()
}

fn at(order: &Order, now: WibTime) -> Cow<'_, Order> {
    let state = order.state_at(now);
    if state == order.state {
        return Cow::Borrowed(order);
    }
    let mut order = order.clone();
    order.state = state;
    Cow::Owned(order)
}

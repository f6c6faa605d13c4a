//! What a customer display may see: the orders that a counter shows, without the shop's private
//! data.

use qris_api::WibTime;
use qris_ledger::{Error, Order};
use qris_orders::MerchantName;
use serde_json::{Value, json};

use crate::access::Access;
use crate::http_error::HttpError;
use crate::order_view::OrderView;
use crate::state::AppState;

/// The members of an order that a display gets.
const SHOWN: [&str; 14] = [
    "number",
    "merchant",
    "merchant_name",
    "amount",
    "tip",
    "state",
    "qris_content",
    "qris_invoiceid",
    "qris_nmid",
    "shown_until",
    "paid_at",
    "now",
    "unanswered",
    "invoices",
];

/// A display does not see an order that no counter of the merchant shows.
pub(crate) fn ensure_visible(
    app: &AppState,
    access: &Access,
    merchant: &MerchantName,
    number: &str,
) -> Result<(), HttpError> {
    match access.is_display() && !app.live.counters.is_shown(merchant, number) {
        true => Err(Error::Absent.into()),
        false => Ok(()),
    }
}

/// The order's JSON, with the members that the sender may see.
pub(crate) fn view_for(access: &Access, order: &Order, now: WibTime) -> Value {
    let mut view = json!(OrderView::new(order, access.payer_names(), now));
    if access.is_display()
        && let Some(object) = view.as_object_mut()
    {
        object.retain(|name, _| SHOWN.contains(&name.as_str()));
        let states = order.invoices.iter().map(|invoice| json!({"state": invoice.state}));
        object.insert("invoices".to_owned(), states.collect());
    }
    view
}

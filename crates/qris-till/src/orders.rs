//! `GET /api/orders`, and one order.

use std::sync::Arc;

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};
use axum::{Extension, Json};
use jiff::Timestamp;
use jiff::civil::Date;
use qris_api::{TransactionNumber, WibTime};
use qris_ledger::{OrderFilter, ReceiptCode, State};
use qris_orders::{Order, Orders};
use serde::Deserialize;
use serde_json::json;

use crate::access::Access;
use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::order_view::OrderView;
use crate::state::AppState;

/// The default and the maximum number of listed orders.
const DEFAULT_LIMIT: u32 = 20;
pub(crate) const MAX_LIMIT: u32 = 200;

pub(crate) fn list_route() -> MethodRouter<Arc<AppState>> {
    get(list)
}

pub(crate) fn transaction_number(text: &str) -> Result<TransactionNumber, HttpError> {
    TransactionNumber::parse(text).map_err(HttpError::invalid)
}

/// The member `number` of a body.
pub(crate) fn number_in_body(text: &str) -> Result<TransactionNumber, HttpError> {
    let number = TransactionNumber::parse(text);
    number.map_err(|error| HttpError::invalid(format!("number: {error}")))
}

pub(crate) async fn find(orders: &Orders, number: &str) -> Result<Order, HttpError> {
    let number = transaction_number(number)?;
    match orders.find(&number).await {
        Err(qris_orders::Error::Ledger(qris_ledger::Error::Absent)) => {
            let words = format!("there is no order {number}");
            Err(HttpError::new(StatusCode::NOT_FOUND, "not-found", words))
        }
        found => Ok(found?),
    }
}

/// The paid order whose receipt has this code.
pub(crate) async fn find_by_receipt_code(
    orders: &Orders,
    code: ReceiptCode,
) -> Result<Option<Order>, HttpError> {
    let now = orders.now();
    Ok(orders.read(move |ledger| ledger.find_by_receipt_code(code, now)).await?)
}

/// How many to list. The bounds are checked with `openapi.json`.
pub(crate) fn limit(asked: Option<u32>) -> u32 {
    asked.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT)
}

/// A day in a query, as `YYYY-MM-DD`.
pub(crate) fn day(text: Option<&str>) -> Result<Option<Date>, HttpError> {
    let day = text.map(str::parse).transpose();
    day.map_err(|_| {
        HttpError::invalid(
            "expected days as YYYY-MM-DD, found another text or a day that does not exist",
        )
    })
}

/// Checks that the first day is not after the last.
pub(crate) fn ensure_in_order(from: Option<Date>, to: Option<Date>) -> Result<(), HttpError> {
    match (from, to) {
        (Some(from), Some(to)) if from > to => {
            let words = "expected a first day that is not after the last day";
            Err(HttpError::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong-days", words))
        }
        _ => Ok(()),
    }
}

/// The orders to list.
#[derive(Default, Deserialize)]
struct ListQuery {
    state: Option<String>,
    channel: Option<String>,
    from: Option<String>,
    to: Option<String>,
    search: Option<String>,
    cursor: Option<String>,
    unacknowledged: Option<bool>,
    limit: Option<u32>,
}

impl ListQuery {
    fn filter(&self) -> Result<OrderFilter, HttpError> {
        let mut filter = OrderFilter::default();
        let state = self.state.as_deref().map(str::parse).transpose();
        filter.state = state.map_err(HttpError::invalid)?;
        let channel = self.channel.as_deref().map(str::parse).transpose();
        filter.channel = channel.map_err(HttpError::invalid)?;
        (filter.from, filter.to) = (day(self.from.as_deref())?, day(self.to.as_deref())?);
        ensure_in_order(filter.from, filter.to)?;
        filter.search.clone_from(&self.search);
        filter.after = self.cursor.as_deref().map(parse_cursor).transpose()?;
        Ok(filter)
    }

    /// The receipt code to search for, if there is no other condition.
    fn receipt_code(&self) -> Option<ReceiptCode> {
        let is_alone = self.state.is_none()
            && self.channel.is_none()
            && self.from.is_none()
            && self.to.is_none()
            && self.cursor.is_none();
        self.search.as_deref()?.parse().ok().filter(|_| is_alone)
    }

    /// Whether it has a filter that the list of unacknowledged orders does not have.
    const fn has_other_filter(&self) -> bool {
        self.state.is_some() || self.from.is_some() || self.to.is_some() || self.search.is_some()
    }
}

/// A cashier sees only today.
fn not_today() -> HttpError {
    let words = "expected orders of today, or the role supervisor or owner";
    HttpError::new(StatusCode::FORBIDDEN, "forbidden", words)
}

async fn list(
    Extension(access): Extension<Access>,
    Merchant { orders, payers, .. }: Merchant,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(query) = query?;
    let limit = limit(query.limit);
    let today = access.is_cashier().then(|| orders.now().date());
    let (found, next) = if query.unacknowledged == Some(true) {
        if query.has_other_filter() {
            return Err(HttpError::invalid(
                "expected unacknowledged=true only with channel, cursor, limit and merchant, found \
                 another filter",
            ));
        }
        if today.is_some() {
            return Err(not_today());
        }
        let OrderFilter { channel, after, .. } = query.filter()?;
        let after = after.map(|(_, number)| number);
        let more = limit.saturating_add(1);
        let read = orders
            .read(move |ledger| ledger.unacknowledged_after(channel, after.as_ref(), more))
            .await?;
        page(read, limit)
    } else {
        let mut filter = query.filter()?;
        if let Some(today) = today {
            if filter.from.is_some_and(|from| from < today) {
                return Err(not_today());
            }
            filter.from = filter.from.or(Some(today));
        }
        // One more than requested shows whether there is another page.
        let more = limit.saturating_add(1);
        let asked = filter.clone();
        let read = orders.read(move |ledger| ledger.orders(&asked, more)).await?;
        let (mut found, next) = page(read, limit);
        if let Some(state) = filter.state {
            // The watcher records the expiry a moment later.
            let now = orders.now();
            found.retain(|order| state != State::Pending || order.may_be_shown(now));
        }
        // The order of the receipt is first. A cashier sees it even if it is from another day,
        // because the customer has its receipt.
        if let Some(code) = query.receipt_code() {
            let paid = find_by_receipt_code(&orders, code).await?;
            found.retain(|order| paid.as_ref().is_none_or(|paid| paid.number != order.number));
            found.splice(..0, paid);
        }
        (found, next)
    };
    let now = orders.now();
    let views: Vec<_> = found.iter().map(|order| OrderView::new(order, payers, now)).collect();
    Ok(Json(json!({"orders": views, "next_cursor": next})).into_response())
}

/// The page, and the cursor of the next one if one more order than the limit was found.
fn page(mut found: Vec<Order>, limit: u32) -> (Vec<Order>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| is_more).map(cursor);
    (found, next)
}

/// The cursor of the next page, which begins after this order. It has only letters, digits and a
/// dot, so it needs no encoding in a query.
fn cursor(order: &Order) -> String {
    let number = order.number.as_str().bytes().map(|byte| format!("{byte:02x}"));
    format!("{}.{}", order.created_at.timestamp().as_second(), number.collect::<String>())
}

fn parse_cursor(text: &str) -> Result<(WibTime, TransactionNumber), HttpError> {
    let parsed = || {
        let (second, hex) = text.split_once('.')?;
        let second = Timestamp::from_second(second.parse().ok()?).ok()?;
        let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
        let bytes = hex.as_bytes().chunks(2).map(|pair| match pair {
            [high, low] => Some(digit(high)? * 16 + digit(low)?),
            _ => None,
        });
        let number = String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()?;
        Some((WibTime::from(second), TransactionNumber::parse(number).ok()?))
    };
    parsed().ok_or_else(|| {
        HttpError::invalid(
            "expected cursor as next_cursor of the previous page, found another text",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_that_is_not_a_cursor_is_taken_for_one() {
        let number = TransactionNumber::parse("#1 %&/\u{7e}").expect("a number");
        let hex: String = number.as_str().bytes().map(|byte| format!("{byte:02x}")).collect();
        let parsed = parse_cursor(&format!("1764230400.{hex}")).ok();
        assert_eq!(parsed.map(|(_, found)| found), Some(number));
        for text in
            ["", ".", "1", "1.", "x.41", "1.4", "1.+1", "1.c3", "1.\u{e9}1", "99999999999999.41"]
        {
            assert!(parse_cursor(text).is_err(), "{text}");
        }
    }
}

//! `GET /api/report`: totals, payments, and overpaid orders.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};
use axum::{Extension, Json};
use jiff::civil::Date;
use qris_api::Rupiah;
use qris_ledger::{Channel, Grouping, Total, payments_csv};
use qris_orders::{Order, Orders};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::access::Access;
use crate::http_error::HttpError;
use crate::merchant::Merchant;
use crate::order_view::OrderView;
use crate::orders::{day, ensure_in_order};
use crate::payer_names::PayerNames;
use crate::state::AppState;

pub(crate) fn route() -> MethodRouter<Arc<AppState>> {
    get(report)
}

#[derive(Deserialize)]
struct ReportQuery {
    from: Option<String>,
    to: Option<String>,
    by: Option<String>,
    format: Option<String>,
}

/// The days and the form of a report.
struct Form {
    from: Date,
    to: Date,
    is_csv: bool,
    payers: PayerNames,
}

impl Form {
    /// The report as JSON. The shape is the same for each grouping.
    fn json(&self, totals: &[TotalView<'_>], orders: &[OrderView<'_>]) -> Response {
        let (from, to) = (self.from.to_string(), self.to.to_string());
        Json(json!({"from": from, "to": to, "totals": totals, "orders": orders})).into_response()
    }

    fn csv(&self, text: String) -> Response {
        let name = format!("attachment; filename=\"qris-{}-{}.csv\"", self.from, self.to);
        let headers =
            [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
        (headers, text).into_response()
    }
}

async fn report(
    State(app): State<Arc<AppState>>,
    Extension(access): Extension<Access>,
    merchant: Result<Merchant, HttpError>,
    query: Result<Query<ReportQuery>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(query) = query?;
    // Totals of all merchants name no merchant.
    let orders = match query.by.as_deref() {
        Some("merchant") if access.merchant().is_none() => app.orders.clone(),
        Some("merchant") => {
            let words = "expected a token for all merchants, found one for a single merchant";
            return Err(HttpError::new(StatusCode::FORBIDDEN, "forbidden", words));
        }
        _ => merchant?.orders,
    };
    let to = day(query.to.as_deref())?.unwrap_or_else(|| orders.now().date());
    let from = day(query.from.as_deref())?.unwrap_or(to);
    ensure_in_order(Some(from), Some(to))?;
    let is_csv = match query.format.as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => return Err(HttpError::invalid("expected format as json or csv")),
    };
    let form = Form { from, to, is_csv, payers: access.payer_names() };
    let grouping = match query.by.as_deref() {
        None => Grouping::DayAndChannel,
        Some("day") => Grouping::Day,
        Some("channel") => Grouping::Channel,
        Some("merchant") => return by_merchant(&app, &form).await,
        Some("payment") => return payments(&orders, &form).await,
        Some("overpaid") => return overpaid(&orders, &form).await,
        Some(_) => {
            let words = "expected by as day, channel, merchant, payment or overpaid";
            return Err(HttpError::invalid(words));
        }
    };
    let lines = orders.read(move |ledger| ledger.report(from, to)).await?;
    let totals = Total::group(&lines, grouping);
    Ok(match is_csv {
        true => form.csv(Total::csv(&totals, grouping)),
        false => {
            let lines = totals.iter().map(|total| TotalView {
                day: total.day.map(|day| day.to_string()),
                channel: total.channel,
                ..TotalView::new(total.invoices, total.payments, total.paid)
            });
            form.json(&lines.collect::<Vec<_>>(), &[])
        }
    })
}

/// A line of totals, with its group.
#[derive(Serialize)]
struct TotalView<'a> {
    merchant: Option<&'a str>,
    day: Option<String>,
    channel: Option<Channel>,
    invoices: u64,
    payments: u64,
    paid: u64,
}

impl TotalView<'_> {
    const fn new(invoices: u64, payments: u64, paid: u64) -> Self {
        Self { merchant: None, day: None, channel: None, invoices, payments, paid }
    }
}

/// The totals of every merchant, also if the query names one.
async fn by_merchant(app: &AppState, form: &Form) -> Result<Response, HttpError> {
    let (from, to) = (form.from, form.to);
    let mut totals = Vec::new();
    for name in &app.merchants {
        let orders = app.orders.for_merchant(name.clone())?;
        let lines = orders.read(move |ledger| ledger.report(from, to)).await?;
        let mut total = TotalView { merchant: Some(name.as_str()), ..TotalView::new(0, 0, 0) };
        for line in &lines {
            total.invoices += line.invoices;
            total.payments += line.payments;
            total.paid += line.paid.get();
        }
        totals.push(total);
    }
    if !form.is_csv {
        return Ok(form.json(&totals, &[]));
    }
    // A merchant's name needs no quotes.
    let lines = totals.iter().map(|TotalView { merchant, invoices, payments, paid, .. }| {
        format!("{},{invoices},{payments},{paid}\r\n", merchant.unwrap_or_default())
    });
    let lines: String = lines.collect();
    Ok(form.csv(format!("merchant,invoices,payments,paid\r\n{lines}")))
}

async fn payments(orders: &Orders, form: &Form) -> Result<Response, HttpError> {
    let (from, to) = (form.from, form.to);
    let paid = orders.read(move |ledger| ledger.payments(from, to)).await?;
    Ok(if form.is_csv { form.csv(payments_csv(&paid)) } else { views(orders, form, &paid) })
}

/// Each overpaid order with a payment in these days.
async fn overpaid(orders: &Orders, form: &Form) -> Result<Response, HttpError> {
    if form.is_csv {
        return Err(HttpError::invalid("expected format as json with by=overpaid"));
    }
    let (from, to) = (form.from, form.to);
    let mut paid = orders.read(move |ledger| ledger.payments(from, to)).await?;
    let mut seen = std::collections::BTreeSet::new();
    paid.retain(|order| {
        order.overpaid > Rupiah::new(0) && seen.insert(order.number.as_str().to_owned())
    });
    Ok(views(orders, form, &paid))
}

fn views(orders: &Orders, form: &Form, found: &[Order]) -> Response {
    let now = orders.now();
    let views: Vec<_> = found.iter().map(|order| OrderView::new(order, form.payers, now)).collect();
    form.json(&[], &views)
}

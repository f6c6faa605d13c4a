//! Reads and writes the rows of orders, invoices and events.

use std::time::Duration;

use jiff::Timestamp;
use qris_api::{
    Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, Tip, TransactionNumber, Trigger, WibTime,
};

use crate::database::{Row, Step, Value};
use crate::invalid_row::InvalidRow;
use crate::order::Progress;
pub(crate) use crate::text::kept;
use crate::{Error, Event, InvoiceState, MerchantName, Order, OrderInvoice, State, sql};

/// The maximum number of characters of an event's detail.
const MAX_DETAIL_CHARS: usize = 1_000;

/// Ids from here on were not given by the provider: they are for payments that were recorded from its
/// settlement table. The provider's ids have about 11 digits.
pub(crate) const OWN_IDS: u64 = 9_000_000_000_000_000_000;

/// The provider's id, if it gave one.
fn given_id(id: u64) -> Option<InvoiceId> {
    (id < OWN_IDS).then_some(InvoiceId::new(id))
}

/// Appends a line to an order's history.
pub(crate) fn append(
    step: &mut Step<'_>,
    order: i64,
    invoice: Option<i64>,
    state: State,
    detail: Option<&str>,
    now: WibTime,
) -> Result<(), Error> {
    let detail = detail.and_then(|detail| kept(detail, MAX_DETAIL_CHARS));
    let event = [
        order.into(),
        invoice.into(),
        now.into(),
        state.as_str().into(),
        step.actor.as_str().into(),
        detail.as_deref().into(),
    ];
    step.query(sql::APPEND, &event)?;
    step.changed.insert(order, now);
    Ok(())
}

/// The order of a row. An unreadable row is set aside.
pub(crate) fn find_row(step: &mut Step<'_>, id: i64) -> Result<Option<Order>, Error> {
    Ok(orders(step, sql::FIND_ROW, &[id.into()])?.pop())
}

pub(crate) fn find(
    step: &mut Step<'_>,
    number: &TransactionNumber,
) -> Result<Option<Order>, Error> {
    let key = [step.merchant.into(), number.as_str().into()];
    one(step, sql::FIND, &key)
}

/// The order of any merchant with this hash of its payer's secret.
pub(crate) fn find_by_pay_hash(step: &mut Step<'_>, hash: &str) -> Result<Option<Order>, Error> {
    one(step, sql::FIND_PAY_HASH, &[hash.into()])
}

pub(crate) fn find_invoice(
    step: &mut Step<'_>,
    invoice: InvoiceId,
) -> Result<Option<Order>, Error> {
    let key = [step.merchant.into(), integer("qris_invoiceid", invoice.get())?.into()];
    one(step, sql::FIND_INVOICE, &key)
}

/// The rows of an invoice and of its order; `None` if the id is not recorded.
pub(crate) fn rows_of(
    step: &mut Step<'_>,
    invoice: InvoiceId,
) -> Result<Option<(i64, i64)>, Error> {
    let key = [step.merchant.into(), integer("qris_invoiceid", invoice.get())?.into()];
    let Some(mut row) = step.first(sql::INVOICE_ROW, &key)? else { return Ok(None) };
    Ok(Some((row.integer(0, "id")?, row.integer(1, "order_id")?)))
}

/// The order with a given key. An unreadable order is an error, not absent.
fn one(step: &mut Step<'_>, sql: &'static str, key: &[Value]) -> Result<Option<Order>, Error> {
    let Some(row) = step.first(sql, key)? else { return Ok(None) };
    let number = row.number();
    let order = order(step, row);
    if let Err(Error::Corrupt { column }) = order {
        step.set_aside(InvalidRow { number, column });
    }
    order.map(Some)
}

pub(crate) fn orders(
    step: &mut Step<'_>,
    sql: &'static str,
    parameters: &[Value],
) -> Result<Vec<Order>, Error> {
    let rows = step.query(sql, parameters)?;
    readable(step, rows)
}

/// The first orders of a list, as many as wanted. Unreadable rows do not reduce the number. The limit is the
/// statement's last parameter.
pub(crate) fn first_orders(
    step: &mut Step<'_>,
    sql: &'static str,
    parameters: &[Value],
    limit: u32,
) -> Result<Vec<Order>, Error> {
    first_orders_by(step, sql, limit, |limit| {
        parameters.iter().cloned().chain([limit.into()]).collect()
    })
}

/// The same for a statement whose limit is another parameter.
pub(crate) fn first_orders_by(
    step: &mut Step<'_>,
    sql: &'static str,
    limit: u32,
    parameters: impl Fn(u32) -> Vec<Value>,
) -> Result<Vec<Order>, Error> {
    let mut asked = limit;
    loop {
        let rows = step.query(sql, &parameters(asked))?;
        let is_all = u32::try_from(rows.len()).is_ok_and(|found| found < asked);
        let mut orders = readable(step, rows)?;
        if is_all || u32::try_from(orders.len()).is_ok_and(|found| found >= limit) {
            orders.truncate(limit.try_into().unwrap_or(usize::MAX));
            return Ok(orders);
        }
        asked = asked.saturating_mul(2);
    }
}

/// The orders after a row, in row order, and the last row of the page, readable or not; `None` at the end.
pub(crate) fn page(
    step: &mut Step<'_>,
    after: i64,
    limit: i64,
) -> Result<(Vec<Order>, Option<i64>), Error> {
    let rows = step.query(sql::PAGE, &[after.into(), limit.into()])?;
    let last = rows.iter().filter_map(Row::order_row).next_back();
    Ok((readable(step, rows)?, last))
}

/// Reads rows into orders, and sets the invalid ones aside.
fn readable(step: &mut Step<'_>, rows: Vec<Row>) -> Result<Vec<Order>, Error> {
    let mut orders = Vec::with_capacity(rows.len());
    for row in rows {
        let number = row.number();
        match order(step, row) {
            Ok(order) => orders.push(order),
            Err(error) => left_out(step, number, error)?,
        }
    }
    Ok(orders)
}

/// Sets an invalid row aside; any other error is returned.
pub(crate) fn left_out(
    step: &mut Step<'_>,
    number: Option<TransactionNumber>,
    error: Error,
) -> Result<(), Error> {
    match error {
        Error::Corrupt { column } => {
            step.set_aside(InvalidRow { number, column });
            Ok(())
        }
        error => Err(error),
    }
}

pub(crate) fn events(step: &mut Step<'_>, number: &TransactionNumber) -> Result<Vec<Event>, Error> {
    let rows = step.query(sql::EVENTS, &[step.merchant.into(), number.as_str().into()])?;
    history(step, rows, number)
}

/// The history of an order of any merchant.
pub(crate) fn events_of(step: &mut Step<'_>, order: &Order) -> Result<Vec<Event>, Error> {
    let rows = step.query(sql::EVENTS_OF, &[order.id.into()])?;
    history(step, rows, &order.number)
}

fn history(
    step: &mut Step<'_>,
    rows: Vec<Row>,
    number: &TransactionNumber,
) -> Result<Vec<Event>, Error> {
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        match event(row) {
            Ok(event) => events.push(event),
            Err(error) => left_out(step, Some(number.clone()), error)?,
        }
    }
    Ok(events)
}

fn event(mut row: Row) -> Result<Event, Error> {
    Ok(Event {
        at: row.time(0, "at")?,
        state: row.word(1, "state")?,
        actor: row.optional_text(2, "actor")?,
        detail: row.optional_text(3, "detail")?,
        // An invalid id is set aside with the invoice, and hides no event.
        invoice: row.optional_natural(4, "qris_invoiceid").ok().flatten().and_then(given_id),
    })
}

/// Reads the columns of [`sql`]'s orders.
fn order(step: &mut Step<'_>, mut row: Row) -> Result<Order, Error> {
    let number = transaction_number(&row.text(0, "number")?)?;
    let id = row.integer(1, "id")?;
    let amount = Rupiah::new(row.natural(3, "amount")?);
    let invoice_row = row.optional_integer(16, "invoice")?;
    let invoice_id = row.optional_natural(21, "qris_invoiceid")?.map(given_id);
    let invoice = match row.optional_text(19, "qris_content")? {
        None => None,
        Some(content) => {
            let id = invoice_id.ok_or(Error::Corrupt { column: "qris_invoiceid" })?;
            let made_at = row.time(20, "qris_request_date")?;
            let nmid = row.text(22, "qris_nmid")?;
            id.map(|id| Invoice::new(number.clone(), amount, content, made_at, id, nmid))
        }
    };
    let payment = match row.optional_time(36, "paid_at")? {
        None => Payment::Unpaid,
        paid_at => {
            let mut details = PaymentDetails::default();
            details.paid_at = paid_at;
            details.method = row.optional_text(37, "method")?;
            details.customer_name = row.optional_text(38, "customer_name")?;
            details.rrn = row.optional_text(39, "rrn")?;
            details.note = row.optional_text(40, "note")?;
            details.api_version = row.optional_text(41, "api_version")?;
            Payment::Paid(details)
        }
    };
    let state = row.optional_text(17, "state")?;
    let state = state.map(|word| word.parse()).transpose();
    let state: Option<InvoiceState> = state.map_err(|_| Error::Corrupt { column: "state" })?;
    let paid_after = row.optional_text(45, "state")?.map(|word| word.parse()).transpose();
    let merchant: MerchantName = row.word(2, "merchant")?;
    let pay_hash = row.optional_text(43, "pay_hash")?;
    let mut order = Order {
        pay_url: step.pay_url(&merchant, &number, pay_hash.as_deref()),
        return_url: row.optional_text(44, "return_url")?,
        merchant,
        number,
        reference: row.optional_text(7, "reference")?,
        amount,
        channel: row.word(4, "channel")?,
        tip: if row.natural(8, "tip")? == 0 { Tip::None } else { Tip::Ask },
        description: row.optional_text(9, "description")?,
        metadata: row.optional_text(10, "metadata")?,
        state: row.word(5, "state")?,
        created_at: row.time(6, "created_at")?,
        due_at: row.optional_time(11, "due_at")?,
        shown_for: row.optional_natural(12, "shown_seconds")?.map(Duration::from_secs),
        overpaid: Rupiah::new(row.natural(13, "overpaid")?),
        acknowledged_at: row.optional_time(14, "acknowledged_at")?,
        invoice,
        requested_at: row.optional_time(18, "requested_at")?,
        shown_until: row.optional_time(23, "shown_until")?,
        expires_at: row.optional_time(24, "expires_at")?,
        watched_until: row.optional_time(25, "watched_until")?,
        payment,
        next_check_at: row.optional_time(26, "next_check_at")?,
        unanswered_at: row.optional_time(32, "unanswered_at")?,
        invoices: Vec::new(),
        paid_after: paid_after.map_err(|_| Error::Corrupt { column: "state" })?,
        id,
        invoice_row,
        progress: Progress {
            state,
            set_at: row.optional_time(27, "check_set_at")?,
            checked_at: row.optional_time(28, "checked_at")?,
            asked_at: row.optional_time(42, "asked_at")?,
            answered_at: row.optional_time(29, "answered_at")?,
            checks: row.optional_natural(30, "checks")?.unwrap_or_default(),
            failures: row.optional_natural(31, "failures")?.unwrap_or_default(),
            trigger: match row.optional_text(34, "early")?.as_deref() {
                None => Trigger::Schedule,
                Some("button") => Trigger::Button,
                Some("hint") => Trigger::Webhook,
                Some(_) => return Err(Error::Corrupt { column: "early" }),
            },
            hint_checks: row.optional_natural(35, "hint_checks")?.unwrap_or_default(),
        },
    };
    let final_answer_at = row.optional_time(33, "final_answer_at")?;
    order.invoices = match (row.natural(15, "invoices")?, state, invoice_row) {
        (1, Some(state), Some(invoice_row)) => {
            let details = order.payment.details();
            vec![OrderInvoice {
                state,
                qris_invoiceid: order.invoice.as_ref().map(|invoice| invoice.qris_invoiceid),
                qris_request_date: order.invoice.as_ref().map(|invoice| invoice.qris_request_date),
                shown_until: order.shown_until,
                watched_until: order.watched_until,
                paid_at: details.and_then(|details| details.paid_at),
                method: details.and_then(|details| details.method.clone()),
                customer_name: details.and_then(|details| details.customer_name.clone()),
                rrn: details.and_then(|details| details.rrn.clone()),
                unanswered_at: order.unanswered_at,
                id: invoice_row,
                requested_at: order.requested_at.unwrap_or(order.created_at),
                answered_at: order.progress.answered_at,
                final_answer_at,
            }]
        }
        (0, ..) => Vec::new(),
        _ => invoices(step, id)?,
    };
    Ok(order)
}

fn invoices(step: &mut Step<'_>, order: i64) -> Result<Vec<OrderInvoice>, Error> {
    let rows = step.query(sql::INVOICES, &[order.into()])?;
    let invoice = |mut row: Row| {
        Ok(OrderInvoice {
            id: row.integer(0, "id")?,
            state: row.word(1, "state")?,
            qris_invoiceid: row.optional_natural(2, "qris_invoiceid")?.and_then(given_id),
            qris_request_date: row.optional_time(3, "qris_request_date")?,
            shown_until: row.optional_time(4, "shown_until")?,
            watched_until: row.optional_time(5, "watched_until")?,
            paid_at: row.optional_time(6, "paid_at")?,
            rrn: row.optional_text(7, "rrn")?,
            answered_at: row.optional_time(8, "answered_at")?,
            unanswered_at: row.optional_time(9, "unanswered_at")?,
            final_answer_at: row.optional_time(10, "final_answer_at")?,
            requested_at: row.time(11, "requested_at")?,
            method: row.optional_text(12, "method")?,
            customer_name: row.optional_text(13, "customer_name")?,
        })
    };
    rows.into_iter().map(invoice).collect()
}

/// The error when a step that needs one of these states could not start.
pub(crate) fn wrong_state(order: Option<Order>, expected: &'static [State]) -> Error {
    order.map_or(Error::Absent, |order| Error::State { expected, found: order.state })
}

pub(crate) fn transaction_number(text: &str) -> Result<TransactionNumber, Error> {
    TransactionNumber::parse(text).map_err(|_| Error::Corrupt { column: "number" })
}

pub(crate) fn integer(column: &'static str, number: u64) -> Result<i64, Error> {
    i64::try_from(number).map_err(|_| Error::TooLarge { column })
}

pub(crate) fn earlier(time: WibTime, by: Duration) -> WibTime {
    time.timestamp().checked_sub(by).unwrap_or(Timestamp::MIN).into()
}

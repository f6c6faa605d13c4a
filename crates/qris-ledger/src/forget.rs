//! Removes payers' names from old records.

use jiff::civil::Date;
use qris_api::WibTime;
use serde_json::Value as Json;

use crate::database::{Database, Row, Step, Value};
use crate::rows::left_out;
use crate::{Channel, Error, Ledger, sql};

/// The text in the order's history.
const DETAIL: &str = "payer's name forgotten";

/// The next orders after a position in time, each with the number of names and of events with a name to
/// remove. They stay locked until the step ends.
pub(crate) const ORDERS: &str = r#"
    SELECT o.number, o.id, o.created_at, o.state, o.channel, o.metadata,
        CASE WHEN p.paid_at < $1 THEN 1 ELSE 0 END,
        (SELECT count(*) FROM qris_invoice AS n
         WHERE n.order_id = o.id AND n.customer_name IS NOT NULL AND (n.paid_at < $1
             OR (n.paid_at IS NULL AND n.next_check_at IS NULL AND n.requested_at < $1))),
        CASE WHEN p.paid_at < $1 THEN
            (SELECT count(*) FROM qris_outbox AS v
             WHERE v.order_id = o.id
                 AND (v.payload LIKE '%"customer_name":"%' OR v.payload LIKE '%"customer":"%'))
        ELSE 0 END
    FROM qris_order AS o LEFT JOIN qris_invoice AS p ON p.id = o.paid_invoice
    WHERE o.merchant = $2 AND o.created_at >= $3 AND (o.created_at > $3 OR o.number > $4)
        AND o.created_at < $5
    ORDER BY o.created_at, o.number LIMIT $6 FOR UPDATE OF o"#;

pub(crate) const NAMES: &str = "
    UPDATE qris_invoice SET customer_name = NULL
    WHERE order_id = $1 AND customer_name IS NOT NULL AND (paid_at < $2
        OR (paid_at IS NULL AND next_check_at IS NULL AND requested_at < $2))
    RETURNING id";

/// The events of an order that may have a name, each with its number of open deliveries.
pub(crate) const EVENTS: &str = r#"
    SELECT v.id, v.payload,
        (SELECT count(*) FROM qris_delivery AS d JOIN qris_endpoint AS e ON e.id = d.endpoint
         WHERE d.event = v.id AND d.state = 'pending' AND e.state = 'enabled')
    FROM qris_outbox AS v
    WHERE v.order_id = $1
        AND (v.payload LIKE '%"customer_name":"%' OR v.payload LIKE '%"customer":"%')"#;

const PAYLOAD: &str = "UPDATE qris_outbox SET payload = $1 WHERE id = $2 RETURNING id";

const METADATA: &str = "UPDATE qris_order SET metadata = $1 WHERE id = $2 RETURNING id";

pub(crate) const WEBHOOKS: &str = "
    UPDATE qris_unbooked SET customer_name = NULL
    WHERE merchant = $1 AND qris_invoiceid IN (
        SELECT qris_invoiceid FROM qris_unbooked
        WHERE merchant = $1 AND received_at < $2 AND customer_name IS NOT NULL
            AND next_check_at IS NULL AND (paid_at IS NULL OR paid_at < $2)
        ORDER BY received_at LIMIT $3)
    RETURNING qris_invoiceid";

const PLANS: &str = "
    UPDATE qris_plan SET customer_name = NULL
    WHERE id IN (
        SELECT id FROM qris_plan
        WHERE merchant = $1 AND state = 'ended' AND created_at < $2 AND customer_name IS NOT NULL
        ORDER BY id LIMIT $3)
    RETURNING id";

/// The number of records that lost a payer's name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Forgotten {
    /// Orders. Each has a new row in `qris_event`.
    pub orders: u64,
    /// Outbox events of these orders.
    pub events: u64,
    /// Events that keep the name because they are still to be delivered.
    pub events_waiting: u64,
    /// Webhooks of invoices that are not recorded.
    pub webhooks: u64,
    /// Plans that have ended.
    pub plans: u64,
}

/// The position of a run over one merchant's payers: see [`Ledger::forget_payers`].
#[derive(Clone, Debug)]
pub struct Forgetting {
    before: Date,
    place: Place,
    /// The counts so far.
    pub done: Forgotten,
}

#[derive(Clone, Debug)]
enum Place {
    /// After the order with this time and number.
    Orders(Value, Value),
    Webhooks,
    Plans,
    End,
}

impl Forgetting {
    /// Starts a run that removes the payers of all payments before a day (WIB).
    pub fn new(before: Date) -> Self {
        let first = WibTime::parse("0001-01-01 00:00:00").map_or(Value::Null, Value::from);
        let place = Place::Orders(first, Value::Text(String::new()));
        Self { before, place, done: Forgotten::default() }
    }
}

/// What [`Ledger::erase_traces`] removes overwritten data from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EraseScope {
    /// The log beside the SQLite file.
    Log,
    /// The log, and the SQLite file, which is rewritten.
    LogAndFile,
}

/// Where removed names may still be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Traces {
    /// Nowhere in the SQLite file or the files beside it.
    None,
    /// In free space of the SQLite file, from before this program overwrote deleted data.
    FreeSpace,
    /// In the log beside the SQLite file, because another program kept reading.
    Log,
    /// In a PostgreSQL server: in old row versions until it vacuums the tables and reuses the space, and in
    /// its write-ahead log and archives.
    Server,
}

impl Ledger {
    /// Removes the payers' names from what the selected merchant was paid before a day: from the next orders
    /// (at most this many), or else from webhooks and plans. Returns whether more is left. The crate's page
    /// lists the columns with names. Today's payments keep theirs.
    ///
    /// Each call is one step, and other writers run between two steps. You can stop at any time; what was
    /// removed stays removed. A new [`Forgetting`] skips it.
    ///
    /// ```
    /// use qris_api::WibTime;
    /// use qris_ledger::{EraseScope, Forgetting, Forgotten, Ledger, Traces};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let mut forgetting = Forgetting::new("2026-01-01".parse()?);
    /// while ledger.forget_payers(&mut forgetting, 500, WibTime::now())? {}
    /// assert_eq!(forgetting.done, Forgotten::default());
    /// assert_eq!(ledger.erase_traces(EraseScope::LogAndFile)?, Traces::None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::ReadOnly`], [`Error::Unreachable`], [`Error::Database`].
    /// The step changed nothing then and can be repeated.
    pub fn forget_payers(
        &mut self,
        forgetting: &mut Forgetting,
        limit: u32,
        now: WibTime,
    ) -> Result<bool, Error> {
        let midnight = |day: Date| WibTime::parse(&format!("{day} 00:00:00"));
        let Some(before) = midnight(forgetting.before.min(now.date())) else { return Ok(false) };
        if let Database::Sqlite(sqlite) = self.database.get_mut() {
            sqlite.overwrite_deleted()?;
        }
        let (place, mut done) = (forgetting.place.clone(), forgetting.done);
        let next = self.write(|step| match place {
            Place::Orders(at, number) => {
                let next = orders(step, [at, number], before, limit, now, &mut done)?;
                Ok(next.map_or(Place::Webhooks, |[at, number]| Place::Orders(at, number)))
            }
            Place::Webhooks => {
                let count = batch(step, WEBHOOKS, before, limit)?;
                done.webhooks += count;
                Ok(if count < limit.into() { Place::Plans } else { Place::Webhooks })
            }
            Place::Plans => {
                let count = batch(step, PLANS, before, limit)?;
                done.plans += count;
                Ok(if count < limit.into() { Place::End } else { Place::Plans })
            }
            Place::End => Ok(Place::End),
        })?;
        (forgetting.place, forgetting.done) = (next, done);
        Ok(!matches!(forgetting.place, Place::End))
    }

    /// Removes overwritten data from a SQLite database. Returns where names may still be stored.
    ///
    /// [`EraseScope::LogAndFile`] needs as much free space as the file has bytes, and blocks all other writers: a few seconds
    /// for 100 MB. See [`Ledger::file_size`]. It does nothing for PostgreSQL.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::forget_payers`].
    pub fn erase_traces(&mut self, scope: EraseScope) -> Result<Traces, Error> {
        let rewrite = scope == EraseScope::LogAndFile;
        match self.database.get_mut() {
            Database::Sqlite(sqlite) => Ok(match sqlite.erase_traces(rewrite)? {
                false => Traces::Log,
                true if rewrite => Traces::None,
                true => Traces::FreeSpace,
            }),
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => Ok(Traces::Server),
        }
    }

    /// The size of the SQLite file in bytes. `None` for PostgreSQL and for a database in memory.
    pub fn file_size(&self) -> Option<u64> {
        match &*self.database.borrow() {
            Database::Sqlite(sqlite) => sqlite.size(),
            #[cfg(feature = "postgres")]
            Database::Postgres(_) => None,
        }
    }
}

/// Removes names from a table. Returns the number of rows.
fn batch(
    step: &mut Step<'_>,
    sql: &'static str,
    before: WibTime,
    limit: u32,
) -> Result<u64, Error> {
    let forgotten = step.query(sql, &[step.merchant.into(), before.into(), limit.into()])?;
    Ok(forgotten.len().try_into().unwrap_or(u64::MAX))
}

/// Removes the payers of the next orders. Returns the position of the last one, or `None` at the end.
fn orders(
    step: &mut Step<'_>,
    [at, number]: [Value; 2],
    before: WibTime,
    limit: u32,
    now: WibTime,
    done: &mut Forgotten,
) -> Result<Option<[Value; 2]>, Error> {
    // An order is recorded before it is paid, but the provider's clock may be behind.
    let booked_before = before.later_by(std::time::Duration::from_secs(24 * 60 * 60));
    let page =
        [before.into(), step.merchant.into(), at, number, booked_before.into(), limit.into()];
    let mut last = None;
    for row in step.query(ORDERS, &page)? {
        last = match row.0.as_slice() {
            [number, _, at, ..] => Some([at.clone(), number.clone()]),
            _ => None,
        };
        let number = row.number();
        if let Err(error) = order(step, row, before, now, done) {
            left_out(step, number, error)?;
        }
    }
    Ok(last)
}

fn order(
    step: &mut Step<'_>,
    mut row: Row,
    before: WibTime,
    now: WibTime,
    done: &mut Forgotten,
) -> Result<(), Error> {
    let id = row.integer(1, "id")?;
    let state = row.text(3, "state")?;
    let is_bill = row.text(4, "channel")? == Channel::Bill.as_str();
    let metadata = row.optional_text(5, "metadata")?;
    let is_paid = row.integer(6, "paid_at")? == 1;
    let (names, events) = (row.integer(7, "count")?, row.integer(8, "count")?);
    let mut changed = names > 0 && step.moved(NAMES, &[id.into(), before.into()])?;
    if events > 0 {
        changed |= forget_events(step, id, is_bill, done)?;
    }
    if is_paid
        && is_bill
        && let Some(metadata) = metadata.as_deref().and_then(without_customer)
    {
        changed |= step.moved(METADATA, &[metadata.as_deref().into(), id.into()])?;
    }
    if changed {
        done.orders += 1;
        let actor = step.actor.as_str().into();
        // This is not a step of the order, so no other program is notified.
        let event =
            [id.into(), Value::Null, now.into(), state.as_str().into(), actor, DETAIL.into()];
        step.query(sql::APPEND, &event)?;
    }
    Ok(())
}

/// Removes the names from an order's events that no endpoint waits for. Returns whether there were any.
fn forget_events(
    step: &mut Step<'_>,
    order: i64,
    is_bill: bool,
    done: &mut Forgotten,
) -> Result<bool, Error> {
    let mut changed = false;
    for mut row in step.query(EVENTS, &[order.into()])? {
        let (id, payload) = (row.integer(0, "id")?, row.text(1, "payload")?);
        let Some(payload) = without_names(&payload, is_bill) else { continue };
        if row.integer(2, "count")? > 0 {
            done.events_waiting += 1;
            continue;
        }
        step.query(PAYLOAD, &[payload.as_str().into(), id.into()])?;
        done.events += 1;
        changed = true;
    }
    Ok(changed)
}

/// The body of an event without names. `None` if it has none.
fn without_names(payload: &str, is_bill: bool) -> Option<String> {
    let mut body: Json = serde_json::from_str(payload).ok()?;
    let order = body.get_mut("data")?.as_object_mut()?;
    let mut changed = remove_payer(order.get_mut("customer_name"));
    let invoices = order.get_mut("invoices").and_then(Json::as_array_mut);
    for invoice in invoices.into_iter().flatten() {
        changed |= remove_payer(invoice.get_mut("customer_name"));
    }
    if is_bill && let Some(metadata) = order.get_mut("metadata") {
        changed |= remove_customer(metadata);
    }
    changed.then(|| body.to_string())
}

/// Removes a payer's name. Returns whether there was one.
fn remove_payer(name: Option<&mut Json>) -> bool {
    name.filter(|name| name.is_string()).is_some_and(|name| {
        *name = Json::Null;
        true
    })
}

/// The metadata of a bill without its customer, or nothing if no other member is left. `None` if it has no
/// customer.
fn without_customer(metadata: &str) -> Option<Option<String>> {
    let mut metadata: Json = serde_json::from_str(metadata).ok()?;
    let has_customer = remove_customer(&mut metadata);
    has_customer.then(|| Some(metadata).filter(|left| !left.is_null()).map(|left| left.to_string()))
}

/// Removes the customer that plans and imports put into the metadata. Returns whether there was one.
fn remove_customer(metadata: &mut Json) -> bool {
    let Some(members) = metadata.as_object_mut() else { return false };
    if !members.get("customer").is_some_and(Json::is_string) {
        return false;
    }
    members.remove("customer");
    if members.is_empty() {
        *metadata = Json::Null;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_body_the_names_are_left_out_and_nothing_else_is_changed() {
        let body = r#"{"data":{"amount":500,"customer_name":"SITI","metadata":{"customer":"SITI","plan":7},"rrn":"1"},"type":"order.paid"}"#;
        let without = r#"{"data":{"amount":500,"customer_name":null,"metadata":{"plan":7},"rrn":"1"},"type":"order.paid"}"#;
        assert_eq!(without_names(body, true).as_deref(), Some(without));
        assert_eq!(without_names(without, true), None);
        // Metadata of other programs is left alone.
        let sale = without_names(body, false).expect("a name");
        assert!(sale.contains(r#""customer":"SITI""#) && sale.contains(r#""customer_name":null"#));
        let twice = r#"{"data":{"customer_name":"SITI","invoices":[{"customer_name":"SITI"},{"customer_name":"BUDI"}]}}"#;
        let nobody = r#"{"data":{"customer_name":null,"invoices":[{"customer_name":null},{"customer_name":null}]}}"#;
        assert_eq!(without_names(twice, false).as_deref(), Some(nobody));
        for other in ["", "[]", r#"{"data":{"customer_name":null,"metadata":{"customer":7}}}"#] {
            assert_eq!(without_names(other, true), None, "{other}");
        }
    }

    #[test]
    fn metadata_without_any_member_left_is_none() {
        assert_eq!(without_customer(r#"{"customer":"SITI"}"#), Some(None));
        let left = without_customer(r#"{"customer":"SITI","plan":7}"#);
        assert_eq!(left, Some(Some(r#"{"plan":7}"#.to_owned())));
        assert_eq!(without_customer(r#"{"plan":7}"#), None);
    }
}

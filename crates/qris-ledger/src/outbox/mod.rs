//! Events for other programs, written in the transaction of the step that they report.

mod delivery;
mod endpoint;
mod endpoint_id;
mod event;
mod retention;
mod write_events;

pub use self::delivery::{
    Delivery, DeliveryFilter, DeliveryId, DeliveryState, DueDelivery, TryOutcome,
};
pub use self::endpoint::{Endpoint, EndpointSecrets, EndpointState, NewEndpoint};
pub use self::endpoint_id::EndpointId;
pub use self::event::{EventType, OutboxEvent};
pub(crate) use self::write_events::write_events;
use crate::database::{Row, Step};
use crate::rows::{left_out, transaction_number};
use crate::{Error, Ledger};

const LAST_CURSOR: &str = "SELECT last FROM qris_outbox_cursor WHERE merchant = $1";

const SINCE: &str = "
    SELECT v.cursor, v.webhook_id, v.type, v.at, o.number, v.payload, o.pay_hash
    FROM qris_outbox AS v JOIN qris_order AS o ON o.id = v.order_id
    WHERE v.merchant = $1 AND v.cursor > $2 ORDER BY v.cursor LIMIT $3";

impl Ledger {
    /// The selected merchant's events after a cursor, in order, at most this many. 0 is before the first.
    ///
    /// ```
    /// use qris_api::{Rupiah, TransactionNumber, WibTime};
    /// use qris_ledger::{EventType, Ledger, NewOrder};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let order = NewOrder::new(TransactionNumber::parse("INV-1")?, Rupiah::new(25_578));
    /// ledger.open_order(&order, WibTime::now())?;
    /// let told = ledger.outbox(0, 100)?;
    /// assert_eq!(told[0].event_type, EventType::Created);
    /// assert_eq!(ledger.outbox(told[0].cursor, 100)?, []);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn outbox(&self, after: u64, limit: u32) -> Result<Vec<OutboxEvent>, Error> {
        // A cursor that is too large for the database is after all events.
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        self.read(|step| {
            let rows = step.query(SINCE, &[step.merchant.into(), after.into(), limit.into()])?;
            let mut events = Vec::with_capacity(rows.len());
            for row in rows {
                match event(step, row) {
                    Ok(event) => events.push(event),
                    Err(error) => left_out(step, None, error)?,
                }
            }
            Ok(events)
        })
    }

    /// The cursor of the selected merchant's last event, or 0 if there is none.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn outbox_cursor(&self) -> Result<u64, Error> {
        self.read(|step| {
            let row = step.first(LAST_CURSOR, &[step.merchant.into()])?;
            row.map_or(Ok(0), |mut row| row.natural(0, "last"))
        })
    }
}

fn event(step: &Step<'_>, mut row: Row) -> Result<OutboxEvent, Error> {
    let hash = row.optional_text(6, "pay_hash")?;
    Ok(OutboxEvent {
        cursor: row.natural(0, "cursor")?,
        id: row.text(1, "webhook_id")?,
        event_type: row.word(2, "type")?,
        at: row.time(3, "at")?,
        number: transaction_number(&row.text(4, "number")?)?,
        payload: step.with_pay_url(row.text(5, "payload")?, hash.as_deref()),
    })
}

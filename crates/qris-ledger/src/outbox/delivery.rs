//! Deliveries of events to endpoints, the process that sends each, and its result.

use std::time::Duration;

use qris_api::{TransactionNumber, WibTime};

use super::endpoint::{EndpointSecrets, end_deliveries};
use super::endpoint_id::EndpointId;
use super::event::EventType;
use crate::database::{Row, Step, Value};
use crate::rows::{left_out, transaction_number};
use crate::{EndpointState, Error, Ledger, MerchantName, MerchantRowId};

/// The longest time between two attempts is six hours. A delivery that is due later was delayed by a clock
/// that was set back since.
const AHEAD: Duration = Duration::from_secs(7 * 60 * 60);

/// The endpoints of all merchants with a due delivery.
const DUE_ENDPOINTS: &str = "
    SELECT e.id, m.id, m.name FROM qris_endpoint AS e JOIN qris_merchant AS m ON m.id = e.merchant
    WHERE e.state = 'enabled' AND EXISTS (
        SELECT 1 FROM qris_delivery AS d
        WHERE d.endpoint = e.id AND d.state = 'pending'
            AND (d.next_try_at <= $1 OR d.next_try_at > $2))
    ORDER BY e.id";

/// The due deliveries of an endpoint: of each order, the first that has not ended.
const DUE: &str = "
    SELECT d.id, d.tries, v.webhook_id, v.type, v.payload, o.number, coalesce(e.url, o.notify_url),
        e.secret, e.old_secret, e.old_secret_until, e.url, o.pay_hash
    FROM qris_delivery AS d JOIN qris_endpoint AS e ON e.id = d.endpoint
        JOIN qris_outbox AS v ON v.id = d.event
        JOIN qris_order AS o ON o.id = d.order_id
    WHERE d.endpoint = $1 AND d.state = 'pending' AND e.state = 'enabled'
        AND (d.next_try_at <= $2 OR d.next_try_at > $3)
        AND NOT EXISTS (
            SELECT 1 FROM qris_delivery AS earlier
            WHERE earlier.endpoint = d.endpoint AND earlier.order_id = d.order_id
                AND earlier.state = 'pending' AND earlier.id < d.id)
    ORDER BY d.next_try_at, d.id LIMIT $4 FOR UPDATE OF d SKIP LOCKED";

const TRY: &str = "
    UPDATE qris_delivery SET next_try_at = $1, tried_at = $2, tries = tries + 1
    WHERE id = $3 AND state = 'pending' RETURNING id";

const DELIVERED: &str = "
    UPDATE qris_delivery SET state = 'delivered', delivered_at = $1, status = $2, failure = NULL
    WHERE id = $3 AND state = 'pending' RETURNING id";

/// A failed attempt, unless its lease ended and another process makes the next attempt.
const FAILED: &str = "
    UPDATE qris_delivery SET next_try_at = $1, state = $2, status = $3, failure = $4
    WHERE id = $5 AND state = 'pending' AND tries = $6 RETURNING id";

/// The `notify_url` of one order is gone.
const END_ORDER: &str = "
    UPDATE qris_delivery SET state = 'given-up', status = $1, failure = $2, next_try_at = $3
    WHERE state = 'pending' AND endpoint = $4
        AND order_id = (SELECT order_id FROM qris_delivery WHERE id = $5)
    RETURNING id";

const AGAIN: &str = "
    UPDATE qris_delivery SET state = 'pending', tries = 0, next_try_at = $1, delivered_at = NULL
    WHERE id = $2 AND merchant = $3
        AND EXISTS (SELECT 1 FROM qris_endpoint AS e
                    WHERE e.id = qris_delivery.endpoint AND e.state = 'enabled')
    RETURNING id";

macro_rules! deliveries {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.endpoint, v.webhook_id, v.cursor, v.type, o.number, d.state, d.tries, ",
            "d.next_try_at, d.tried_at, d.delivered_at, d.status, d.failure, ",
            "coalesce(e.url, o.notify_url), v.payload, o.pay_hash ",
            "FROM qris_delivery AS d JOIN qris_endpoint AS e ON e.id = d.endpoint ",
            "JOIN qris_outbox AS v ON v.id = d.event JOIN qris_order AS o ON o.id = d.order_id ",
            $rest
        )
    };
}

const LIST: &str = deliveries!(
    "WHERE d.merchant = $1 AND ($2 = '' OR d.state = $2) AND (d.endpoint = $3 OR $3 = 0) \
     AND ($4 = '' OR o.number = $4) AND d.id < $5 ORDER BY d.id DESC LIMIT $6"
);

const FIND: &str = deliveries!("WHERE d.merchant = $1 AND d.id = $2");

const COUNT_GIVEN_UP: &str = "
    SELECT count(*) FROM qris_delivery AS d JOIN qris_endpoint AS e ON e.id = d.endpoint
    WHERE d.merchant = $1 AND d.state = 'given-up' AND e.state <> 'deleted'";

/// The row id of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeliveryId(pub(crate) i64);

impl DeliveryId {
    /// The id with this number.
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// The state of a delivery.
///
/// ```
/// use qris_ledger::DeliveryState;
///
/// assert_eq!("given-up".parse(), Ok(DeliveryState::GivenUp));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DeliveryState {
    /// It is attempted until it succeeds or is given up.
    Pending,
    /// The endpoint accepted it.
    Delivered,
    /// The last attempt failed, or the endpoint is gone or deleted.
    GivenUp,
}

impl DeliveryState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::GivenUp];

    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::GivenUp => "given-up",
        }
    }
}

crate::state::words! {
    DeliveryState: "pending, delivered or given-up"
}

/// One delivery of an event to an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// Its row id.
    pub id: DeliveryId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// The event's `webhook-id`.
    pub event_id: String,
    /// The event's cursor.
    pub cursor: u64,
    /// The type of the event.
    pub event_type: EventType,
    /// The order.
    pub number: TransactionNumber,
    /// The state.
    pub state: DeliveryState,
    /// The number of attempts started.
    pub tries: u64,
    /// When the next attempt is due (while pending), or when it was given up.
    pub next_try_at: WibTime,
    /// When the last attempt was started.
    pub tried_at: Option<WibTime>,
    /// When the endpoint accepted it.
    pub delivered_at: Option<WibTime>,
    /// The HTTP status of the last answer.
    pub status: Option<u64>,
    /// Why the last attempt failed, in one word.
    pub failure: Option<String>,
    /// The URL.
    pub url: Option<String>,
    /// The body that is signed and sent.
    pub payload: String,
}

/// A filter for a list of deliveries. The default matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeliveryFilter {
    /// Deliveries in this state.
    pub state: Option<DeliveryState>,
    /// Deliveries to this endpoint.
    pub endpoint: Option<EndpointId>,
    /// Deliveries of this order.
    pub number: Option<TransactionNumber>,
    /// Deliveries after this one in the list: the last of the page before.
    pub before: Option<DeliveryId>,
}

/// A delivery that only this caller may attempt now, once: see [`Ledger::due_deliveries`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DueDelivery {
    /// Its row id.
    pub id: DeliveryId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// The event's id, the same in each attempt (`webhook-id`).
    pub event_id: String,
    /// The type of the event.
    pub event_type: EventType,
    /// The order.
    pub number: TransactionNumber,
    /// The URL to send it to.
    pub url: String,
    /// The secrets that sign it.
    pub secrets: EndpointSecrets,
    /// The body to sign and send.
    pub payload: String,
    /// The number of attempts, including this one.
    pub tries: u64,
    /// Whether the URL is the order's own `notify_url`.
    pub per_order: bool,
}

/// The result of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TryOutcome {
    /// The endpoint accepted it with this status, 200 to 299.
    Taken(u16),
    /// The endpoint wants no more events: status 410. It becomes [`Gone`](crate::EndpointState::Gone). If the
    /// URL is an order's own, only that order's deliveries are given up.
    Gone,
    /// The attempt failed.
    Failed {
        /// The status, if there was an answer.
        status: Option<u16>,
        /// Why, in one word.
        failure: &'static str,
        /// When to try again; `None` gives up.
        next: Option<WibTime>,
    },
}

impl Ledger {
    /// The endpoints of all merchants with deliveries that are due, each with its merchant.
    /// [`Ledger::due_deliveries`] claims the deliveries.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn due_endpoints(
        &self,
        now: WibTime,
    ) -> Result<Vec<(EndpointId, MerchantRowId, MerchantName)>, Error> {
        self.read(|step| {
            let due = step.query(DUE_ENDPOINTS, &[now.into(), now.later_by(AHEAD).into()])?;
            let endpoint = |mut row: Row| {
                let id = EndpointId(row.integer(0, "id")?);
                Ok((id, MerchantRowId(row.integer(1, "id")?), row.word(2, "name")?))
            };
            due.into_iter().map(endpoint).collect()
        })
    }

    /// Claims the due deliveries of an endpoint, at most this many. No other process gets them until `lease`
    /// is over, so send each at once and call [`Ledger::record_delivery`]. Of one order only the oldest
    /// delivery is due.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::claim_checks`].
    pub fn due_deliveries(
        &mut self,
        endpoint: EndpointId,
        limit: u32,
        lease: Duration,
        now: WibTime,
    ) -> Result<Vec<DueDelivery>, Error> {
        self.write(|step| {
            let due = [endpoint.0.into(), now.into(), now.later_by(AHEAD).into(), limit.into()];
            let mut taken = Vec::new();
            for row in step.query(DUE, &due)? {
                let id = row_id(&row)?;
                let until = now.later_by(lease);
                step.query(TRY, &[until.into(), now.into(), id.into()])?;
                match due_delivery(step, endpoint, row, now) {
                    Ok(delivery) => taken.push(delivery),
                    Err(error) => left_out(step, None, error)?,
                }
            }
            Ok(taken)
        })
    }

    /// Records the result of an attempt.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn record_delivery(
        &mut self,
        delivery: &DueDelivery,
        outcome: TryOutcome,
        now: WibTime,
    ) -> Result<(), Error> {
        let id = delivery.id.0;
        self.write(|step| match outcome {
            TryOutcome::Taken(status) => {
                let taken = [now.into(), u32::from(status).into(), id.into()];
                step.query(DELIVERED, &taken).map(drop)
            }
            TryOutcome::Gone => gone(step, delivery, now),
            TryOutcome::Failed { status, failure, next } => {
                let state = match next {
                    Some(_) => DeliveryState::Pending,
                    None => DeliveryState::GivenUp,
                };
                let failed = [
                    next.unwrap_or(now).into(),
                    state.as_str().into(),
                    status.map(u32::from).into(),
                    failure.into(),
                    id.into(),
                    i64::try_from(delivery.tries).unwrap_or(i64::MAX).into(),
                ];
                step.query(FAILED, &failed).map(drop)
            }
        })
    }

    /// The deliveries of the selected merchant that match a filter, newest first.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn deliveries(&self, filter: &DeliveryFilter, limit: u32) -> Result<Vec<Delivery>, Error> {
        self.read(|step| {
            let parameters = [
                step.merchant.into(),
                filter.state.map_or("", DeliveryState::as_str).into(),
                filter.endpoint.map_or(0, EndpointId::get).into(),
                filter.number.as_ref().map_or("", TransactionNumber::as_str).into(),
                filter.before.map_or(i64::MAX, DeliveryId::get).into(),
                limit.into(),
            ];
            let mut found = Vec::new();
            for row in step.query(LIST, &parameters)? {
                match delivery(step, row) {
                    Ok(delivery) => found.push(delivery),
                    Err(error) => left_out(step, None, error)?,
                }
            }
            Ok(found)
        })
    }

    /// One delivery of the selected merchant.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; the errors of [`Ledger::list`].
    pub fn delivery(&self, id: DeliveryId) -> Result<Delivery, Error> {
        self.read(|step| find(step, id))
    }

    /// The number of the selected merchant's deliveries that were given up, without those of deleted
    /// endpoints.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn count_given_up(&self) -> Result<u64, Error> {
        self.read(|step| {
            let row = step.first(COUNT_GIVEN_UP, &[step.merchant.into()])?;
            row.map_or(Ok(0), |mut row| row.natural(0, "count"))
        })
    }

    /// Sends a delivery again, even one that was accepted: it is due at once, with all its attempts.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::EndpointOff`] if its endpoint is not enabled.
    pub fn redeliver(&mut self, id: DeliveryId, now: WibTime) -> Result<Delivery, Error> {
        self.write(|step| {
            find(step, id)?;
            match step.moved(AGAIN, &[now.into(), id.0.into(), step.merchant.into()])? {
                true => find(step, id),
                false => Err(Error::EndpointOff),
            }
        })
    }
}

/// Records that an endpoint, or the URL of one order, wants no more events.
fn gone(step: &mut Step<'_>, delivery: &DueDelivery, now: WibTime) -> Result<(), Error> {
    const GONE: u32 = 410;
    let why = "endpoint-gone";
    let (endpoint, id) = (delivery.endpoint.0, delivery.id.0);
    let ended = [GONE.into(), why.into(), now.into(), endpoint.into(), id.into()];
    step.query(END_ORDER, &ended)?;
    if delivery.per_order {
        return Ok(());
    }
    let set = [EndpointState::Gone.as_str().into(), delivery.endpoint.0.into()];
    step.query(
        "UPDATE qris_endpoint SET state = $1 WHERE id = $2 AND state = 'enabled' RETURNING id",
        &set,
    )?;
    end_deliveries(step, delivery.endpoint, why, now)
}

fn due_delivery(
    step: &Step<'_>,
    endpoint: EndpointId,
    mut row: Row,
    now: WibTime,
) -> Result<DueDelivery, Error> {
    let hash = row.optional_text(11, "pay_hash")?;
    let previous = row.optional_text(8, "old_secret")?;
    let until = row.optional_time(9, "old_secret_until")?;
    Ok(DueDelivery {
        id: DeliveryId(row.integer(0, "id")?),
        endpoint,
        tries: row.natural(1, "tries")?.saturating_add(1),
        event_id: row.text(2, "webhook_id")?,
        event_type: row.word(3, "type")?,
        payload: step.with_pay_url(row.text(4, "payload")?, hash.as_deref()),
        number: transaction_number(&row.text(5, "number")?)?,
        url: row.text(6, "url")?,
        secrets: EndpointSecrets {
            current: row.text(7, "secret")?,
            previous: previous.filter(|_| until.is_some_and(|until| now < until)),
        },
        per_order: row.optional_text(10, "url")?.is_none(),
    })
}

fn find(step: &mut Step<'_>, id: DeliveryId) -> Result<Delivery, Error> {
    let row = step.first(FIND, &[step.merchant.into(), id.0.into()])?;
    delivery(step, row.ok_or(Error::Absent)?)
}

fn delivery(step: &Step<'_>, mut row: Row) -> Result<Delivery, Error> {
    let hash = row.optional_text(15, "pay_hash")?;
    Ok(Delivery {
        id: DeliveryId(row.integer(0, "id")?),
        endpoint: EndpointId(row.integer(1, "endpoint")?),
        event_id: row.text(2, "webhook_id")?,
        cursor: row.natural(3, "cursor")?,
        event_type: row.word(4, "type")?,
        number: transaction_number(&row.text(5, "number")?)?,
        state: row.word(6, "state")?,
        tries: row.natural(7, "tries")?,
        next_try_at: row.time(8, "next_try_at")?,
        tried_at: row.optional_time(9, "tried_at")?,
        delivered_at: row.optional_time(10, "delivered_at")?,
        status: row.optional_natural(11, "status")?,
        failure: row.optional_text(12, "failure")?,
        url: row.optional_text(13, "url")?,
        payload: step.with_pay_url(row.text(14, "payload")?, hash.as_deref()),
    })
}

fn row_id(row: &Row) -> Result<i64, Error> {
    match row.0.first() {
        Some(Value::Integer(id)) => Ok(*id),
        _ => Err(Error::Corrupt { column: "id" }),
    }
}

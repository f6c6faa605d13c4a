//! The endpoints that receive events.

use std::fmt;
use std::time::Duration;

use qris_api::WibTime;

use super::endpoint_id::EndpointId;
use super::event::EventType;
use super::retention::kept_since;
use crate::database::{Row, Step};
use crate::{Error, Ledger};

const ADD: &str = "
    INSERT INTO qris_endpoint (merchant, url, events, secret, state, created_at)
    VALUES ($1, $2, $3, $4, 'enabled', $5)
    RETURNING id";

/// A merchant has one endpoint for each URL, and one for the `notify_url` of its orders, stored as ''.
const SAME_ADDRESS: &str = "
    SELECT id FROM qris_endpoint
    WHERE merchant = $1 AND coalesce(url, '') = $2 AND state <> 'deleted'
    ORDER BY id LIMIT 1";

const LIST: &str = "
    SELECT id, url, events, state, created_at, old_secret_until FROM qris_endpoint
    WHERE merchant = $1 AND state <> 'deleted' ORDER BY id";

const FIND: &str = "
    SELECT id, url, events, state, created_at, old_secret_until FROM qris_endpoint
    WHERE merchant = $1 AND id = $2 AND state <> 'deleted'";

const SET_STATE: &str = "
    UPDATE qris_endpoint SET state = $1 WHERE merchant = $2 AND id = $3 AND state <> 'deleted'
    RETURNING id";

/// Waits for steps that write events, and blocks new ones.
const LOCK_CURSOR: &str =
    "UPDATE qris_outbox_cursor SET last = last WHERE merchant = $1 RETURNING last";

/// What was given up because the endpoint was gone becomes pending again.
const REVIVE: &str = "
    UPDATE qris_delivery SET state = 'pending', tries = 0, next_try_at = $1
    WHERE endpoint = $2 AND merchant = $3 AND state = 'given-up' AND failure = 'endpoint-gone'
        AND EXISTS (SELECT 1 FROM qris_endpoint AS e WHERE e.id = $2 AND e.state = 'gone')
    RETURNING id";

/// The events that came while the endpoint was off: after the last event with a delivery to it.
const DELIVER_MISSED: &str = "
    INSERT INTO qris_delivery (merchant, endpoint, event, order_id, state, next_try_at)
    SELECT v.merchant, e.id, v.id, v.order_id, 'pending', $1
    FROM qris_endpoint AS e
        JOIN qris_outbox AS v ON v.merchant = e.merchant
        JOIN qris_order AS o ON o.id = v.order_id
    WHERE e.id = $2 AND e.state IN ('disabled', 'gone')
        AND v.id > coalesce((SELECT max(d.event) FROM qris_delivery AS d WHERE d.endpoint = e.id), 0)
        AND v.at >= e.created_at AND v.at >= $3
        AND (e.events = '' OR e.events LIKE '% ' || v.type || ' %')
        AND (e.url IS NOT NULL OR o.notify_url IS NOT NULL)
    ORDER BY v.id";

const DELETE: &str = "
    UPDATE qris_endpoint SET state = 'deleted', secret = '', old_secret = NULL
    WHERE merchant = $1 AND id = $2 AND state <> 'deleted'
    RETURNING id";

const ROTATE: &str = "
    UPDATE qris_endpoint SET old_secret = secret, old_secret_until = $1, secret = $2
    WHERE merchant = $3 AND id = $4 AND state <> 'deleted'
    RETURNING id";

/// Ends all pending deliveries to an endpoint.
const END_DELIVERIES: &str = "
    UPDATE qris_delivery SET state = 'given-up', failure = $1, next_try_at = $2
    WHERE endpoint = $3 AND state = 'pending'
    RETURNING id";

/// An endpoint before it is stored.
///
/// ```
/// use qris_ledger::{EventType, NewEndpoint};
///
/// let mut endpoint = NewEndpoint::to("https://shop.example/hook");
/// endpoint.events = vec![EventType::Paid, EventType::PaidLate];
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewEndpoint {
    /// The URL; `None` for the `notify_url` of each order.
    pub url: Option<String>,
    /// The event types to send. Empty means all.
    pub events: Vec<EventType>,
}

impl NewEndpoint {
    /// An endpoint for all events of a merchant.
    pub fn to(url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), events: Vec::new() }
    }

    /// The endpoint for the `notify_url` of each order. A merchant has at most one.
    pub const fn per_order() -> Self {
        Self { url: None, events: Vec::new() }
    }
}

/// Whether an endpoint receives events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EndpointState {
    /// It receives events.
    Enabled,
    /// A person switched it off. Its deliveries wait.
    Disabled,
    /// It answered 410. It receives nothing until a person enables it.
    Gone,
}

impl EndpointState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Enabled, Self::Disabled, Self::Gone];

    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Gone => "gone",
        }
    }
}

crate::state::words! {
    EndpointState: "enabled, disabled or gone"
}

/// An endpoint, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endpoint {
    /// Its row id.
    pub id: EndpointId,
    /// The URL; `None` for the `notify_url` of each order.
    pub url: Option<String>,
    /// The event types that it receives. Empty means all.
    pub events: Vec<EventType>,
    /// Whether it receives events.
    pub state: EndpointState,
    /// When it was made.
    pub created_at: WibTime,
    /// Until when the previous secret signs too, after a rotation.
    pub old_secret_until: Option<WibTime>,
}

/// The secrets that sign events for an endpoint. `Debug` shows none of them.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointSecrets {
    /// The current secret.
    pub current: String,
    /// The secret before the last rotation, while it signs too.
    pub previous: Option<String>,
}

impl fmt::Debug for EndpointSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EndpointSecrets([redacted])")
    }
}

impl Ledger {
    /// Adds an endpoint that receives the selected merchant's events from now on.
    ///
    /// # Errors
    ///
    /// [`Error::EndpointTaken`] if the merchant has an endpoint with the same URL, for any events, or a
    /// second one [per order](NewEndpoint::per_order); the errors of [`Ledger::cancel`] without `Absent` and
    /// `State`.
    pub fn add_endpoint(
        &mut self,
        new: &NewEndpoint,
        secret: &str,
        now: WibTime,
    ) -> Result<Endpoint, Error> {
        let words: Vec<&str> = new.events.iter().map(|event| event.as_str()).collect();
        let events = match words.is_empty() {
            true => String::new(),
            false => format!(" {} ", words.join(" ")),
        };
        self.write(|step| {
            let address = [step.merchant.into(), new.url.as_deref().unwrap_or_default().into()];
            if let Some(mut there) = step.first(SAME_ADDRESS, &address)? {
                return Err(Error::EndpointTaken { id: EndpointId(there.integer(0, "id")?) });
            }
            let row = [
                step.merchant.into(),
                new.url.as_deref().into(),
                events.as_str().into(),
                secret.into(),
                now.into(),
            ];
            let mut row = step.first(ADD, &row)?.ok_or(Error::Absent)?;
            find(step, EndpointId(row.integer(0, "id")?))
        })
    }

    /// The endpoints of the selected merchant.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn endpoints(&self) -> Result<Vec<Endpoint>, Error> {
        self.read(|step| {
            let rows = step.query(LIST, &[step.merchant.into()])?;
            rows.into_iter().map(endpoint).collect()
        })
    }

    /// One endpoint of the selected merchant.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; the errors of [`Ledger::list`].
    pub fn endpoint(&self, id: EndpointId) -> Result<Endpoint, Error> {
        self.read(|step| find(step, id))
    }

    /// Enables or disables an endpoint. A disabled one receives nothing. When it is enabled again, it
    /// receives what waited and what happened meanwhile, in the order of the events, for the last 30 days. An
    /// endpoint that was [gone](EndpointState::Gone) also receives what was given up.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; the errors of [`Ledger::list`].
    pub fn set_endpoint_state(
        &mut self,
        id: EndpointId,
        state: EndpointState,
        now: WibTime,
    ) -> Result<Endpoint, Error> {
        self.write(|step| {
            if state == EndpointState::Enabled {
                // No event may be written meanwhile: it would be neither missed nor delivered.
                step.query(LOCK_CURSOR, &[step.merchant.into()])?;
                step.query(REVIVE, &[now.into(), id.0.into(), step.merchant.into()])?;
                step.query(DELIVER_MISSED, &[now.into(), id.0.into(), kept_since(now).into()])?;
            }
            let parameters = [state.as_str().into(), step.merchant.into(), id.0.into()];
            if !step.moved(SET_STATE, &parameters)? {
                return Err(Error::Absent);
            }
            if state == EndpointState::Gone {
                end_deliveries(step, id, "endpoint-gone", now)?;
            }
            find(step, id)
        })
    }

    /// Deletes an endpoint and its secrets. Its pending deliveries are given up.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; the errors of [`Ledger::list`].
    pub fn delete_endpoint(&mut self, id: EndpointId, now: WibTime) -> Result<(), Error> {
        self.write(|step| {
            if !step.moved(DELETE, &[step.merchant.into(), id.0.into()])? {
                return Err(Error::Absent);
            }
            end_deliveries(step, id, "endpoint-deleted", now)
        })
    }

    /// Gives an endpoint a new secret. The previous secret signs too for `keep_old`, so that the receiver can
    /// be changed meanwhile. Older secrets stop at once.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; the errors of [`Ledger::list`].
    pub fn rotate_secret(
        &mut self,
        id: EndpointId,
        secret: &str,
        keep_old: Duration,
        now: WibTime,
    ) -> Result<Endpoint, Error> {
        self.write(|step| {
            let until = now.later_by(keep_old);
            let parameters = [until.into(), secret.into(), step.merchant.into(), id.0.into()];
            if !step.moved(ROTATE, &parameters)? {
                return Err(Error::Absent);
            }
            find(step, id)
        })
    }
}

pub(super) fn end_deliveries(
    step: &mut Step<'_>,
    id: EndpointId,
    why: &'static str,
    now: WibTime,
) -> Result<(), Error> {
    step.query(END_DELIVERIES, &[why.into(), now.into(), id.0.into()]).map(drop)
}

fn find(step: &mut Step<'_>, id: EndpointId) -> Result<Endpoint, Error> {
    let row = step.first(FIND, &[step.merchant.into(), id.0.into()])?;
    endpoint(row.ok_or(Error::Absent)?)
}

fn endpoint(mut row: Row) -> Result<Endpoint, Error> {
    let events = row.text(2, "events")?;
    let events = events.split_whitespace().map(str::parse).collect::<Result<Vec<_>, _>>();
    Ok(Endpoint {
        id: EndpointId(row.integer(0, "id")?),
        url: row.optional_text(1, "url")?,
        events: events.map_err(|_| Error::Corrupt { column: "events" })?,
        state: row.word(3, "state")?,
        created_at: row.time(4, "created_at")?,
        old_secret_until: row.optional_time(5, "old_secret_until")?,
    })
}

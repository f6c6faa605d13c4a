//! Writes the events of a step at its end.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use qris_api::WibTime;
use serde_json::json;

use super::event::EventType;
use crate::database::Step;
use crate::rows::{find_row, left_out};
use crate::{Error, Order, State};

/// The current values of an order and the ones in its last event.
const FACTS: &str = "
    SELECT state, overpaid,
        (SELECT count(*) FROM qris_invoice AS i
         WHERE i.order_id = qris_order.id AND i.state = 'unknown'),
        told_state, told_overpaid, told_unknown, overdue, told_overdue
    FROM qris_order WHERE id = $1";

const TOLD: &str = "
    UPDATE qris_order
    SET told_state = $1, told_overpaid = $2, told_unknown = $3, told_overdue = $4
    WHERE id = $5
    RETURNING id";

/// The next cursor of a merchant. The row stays locked until the step ends.
const NEXT_CURSOR: &str = "
    INSERT INTO qris_outbox_cursor (merchant, last) VALUES ($1, 1)
    ON CONFLICT (merchant) DO UPDATE SET last = qris_outbox_cursor.last + 1
    RETURNING last";

const TELL: &str = "
    INSERT INTO qris_outbox (merchant, cursor, webhook_id, order_id, type, at, payload)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    RETURNING id";

/// Adds a delivery of an event for each endpoint that wants it.
const DELIVER: &str = "
    INSERT INTO qris_delivery (merchant, endpoint, event, order_id, state, next_try_at)
    SELECT v.merchant, e.id, v.id, v.order_id, 'pending', v.at
    FROM qris_outbox AS v
        JOIN qris_order AS o ON o.id = v.order_id
        JOIN qris_endpoint AS e ON e.merchant = v.merchant
    WHERE v.id = $1 AND e.state = 'enabled'
        AND (e.events = '' OR e.events LIKE '% ' || v.type || ' %')
        AND (e.url IS NOT NULL OR o.notify_url IS NOT NULL)";

/// The values of an order that events report.
struct Facts {
    state: State,
    overpaid: u64,
    /// The number of codes with an unknown outcome.
    unknown: u64,
    /// 1 if its due date passed while it was unpaid.
    overdue: u64,
}

/// Writes the events for the orders that a step changed. It compares the stored values with the last reported
/// ones, so no way of changing an order can miss an event.
pub(crate) fn write_events(step: &mut Step<'_>) -> Result<(), Error> {
    for (order, now) in std::mem::take(&mut step.changed) {
        match tell_of(step, order, now) {
            // An invalid row must not stop the step.
            Err(error @ Error::Corrupt { .. }) => left_out(step, None, error)?,
            done => done?,
        }
    }
    Ok(())
}

fn tell_of(step: &mut Step<'_>, id: i64, now: WibTime) -> Result<(), Error> {
    let Some(mut row) = step.first(FACTS, &[id.into()])? else { return Ok(()) };
    let facts = Facts {
        state: row.word(0, "state")?,
        overpaid: row.natural(1, "overpaid")?,
        unknown: row.natural(2, "count")?,
        overdue: row.natural(6, "overdue")?,
    };
    let told_state = row.optional_text(3, "told_state")?;
    let told_state = told_state.map(|word| word.parse()).transpose();
    let told_state: Option<State> =
        told_state.map_err(|_| Error::Corrupt { column: "told_state" })?;
    let told = told_state.map(|state| {
        let (overpaid, unknown) =
            (row.natural(4, "told_overpaid")?, row.natural(5, "told_unknown")?);
        let overdue = row.natural(7, "told_overdue")?;
        Ok::<_, Error>(Facts { state, overpaid, unknown, overdue })
    });
    let told = told.transpose()?;
    let news = news(told.as_ref(), &facts);
    let state = match &told {
        // A request for another code has no event: until a code is shown, the last reported state stands.
        Some(told) if facts.state == State::Requested => told.state,
        _ => facts.state,
    };
    if !news.is_empty() {
        let Some(mut order) = find_row(step, id)? else { return Ok(()) };
        // The database does not have the secret of a payer's page.
        order.pay_url = None;
        for event_type in news {
            write(step, &order, event_type, now)?;
        }
    }
    if told.is_some_and(|told| {
        (told.state, told.overpaid, told.unknown, told.overdue)
            == (state, facts.overpaid, facts.unknown, facts.overdue)
    }) {
        return Ok(());
    }
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let told = [
        state.as_str().into(),
        count(facts.overpaid).into(),
        count(facts.unknown).into(),
        count(facts.overdue).into(),
        id.into(),
    ];
    step.query(TOLD, &told).map(drop)
}

/// The events to write, given the last reported values.
fn news(told: Option<&Facts>, now: &Facts) -> Vec<EventType> {
    let mut news = Vec::new();
    let (before, overpaid, unknown) = match told {
        Some(told) => (Some(told.state), told.overpaid, told.unknown),
        None => {
            news.push(EventType::Created);
            (None, 0, 0)
        }
    };
    if now.unknown > unknown {
        news.push(EventType::Unknown);
    }
    if now.unknown < unknown {
        news.push(EventType::Resolved);
    }
    match (before, now.state) {
        (Some(before), state) if before == state => {}
        (Some(before), State::Paid) if before.is_over() => news.push(EventType::PaidLate),
        (_, State::Paid) => news.push(EventType::Paid),
        (_, State::Expired) => news.push(EventType::Expired),
        (_, State::Cancelled) => news.push(EventType::Cancelled),
        _ => {}
    }
    if now.overdue > told.map_or(0, |told| told.overdue) {
        news.push(EventType::Overdue);
    }
    if now.overpaid > overpaid {
        news.push(EventType::Overpaid);
    }
    news
}

/// Writes an event and a delivery for each endpoint that wants it.
fn write(
    step: &mut Step<'_>,
    order: &Order,
    event_type: EventType,
    now: WibTime,
) -> Result<(), Error> {
    let payload = json!({
        "type": event_type,
        "timestamp": now.to_string(),
        "data": order,
    });
    let mut row = step
        .first(NEXT_CURSOR, &[step.merchant.into()])?
        .ok_or(Error::Corrupt { column: "last" })?;
    let cursor = row.natural(0, "last")?;
    // After a backup is restored, a cursor may repeat. No receiver may mistake a new event for an old one, so
    // the id has a random part.
    let id = format!("evt_{cursor}_{:016x}", RandomState::new().build_hasher().finish());
    let event = [
        step.merchant.into(),
        i64::try_from(cursor).unwrap_or(i64::MAX).into(),
        id.as_str().into(),
        order.id.into(),
        event_type.as_str().into(),
        now.into(),
        payload.to_string().as_str().into(),
    ];
    let mut row = step.first(TELL, &event)?.ok_or(Error::Corrupt { column: "id" })?;
    step.query(DELIVER, &[row.integer(0, "id")?.into()]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn facts(state: State, overpaid: u64, unknown: u64) -> Facts {
        Facts { state, overpaid, unknown, overdue: 0 }
    }

    #[test]
    fn a_payment_is_late_only_after_an_event_that_the_order_is_over() {
        let paid = facts(State::Paid, 0, 0);
        for (told, expected) in [
            (State::Requested, EventType::Paid),
            (State::Pending, EventType::Paid),
            (State::Expired, EventType::PaidLate),
            (State::Cancelled, EventType::PaidLate),
        ] {
            assert_eq!(news(Some(&facts(told, 0, 0)), &paid), [expected], "{told}");
        }
        let lost = facts(State::Unknown, 0, 1);
        assert_eq!(news(Some(&lost), &paid), [EventType::Resolved, EventType::Paid]);
    }

    #[test]
    fn a_reported_change_has_no_second_event() {
        for state in State::ALL {
            let told = facts(state, 100, 1);
            assert_eq!(news(Some(&told), &facts(state, 100, 1)), [], "{state}");
        }
    }

    #[test]
    fn an_unknown_code_of_a_paid_order_is_not_reported_as_a_payment() {
        let paid = facts(State::Paid, 0, 0);
        let unknown = facts(State::Paid, 0, 1);
        assert_eq!(news(Some(&paid), &unknown), [EventType::Unknown]);
        assert_eq!(news(Some(&unknown), &paid), [EventType::Resolved]);
    }
}

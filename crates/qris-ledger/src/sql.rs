//! The statements, in the SQL that SQLite and PostgreSQL share.
//!
//! Parameters are numbered and first appear in ascending order, because SQLite numbers them by
//! their first appearance. Each step names the states it may start from and returns the number it
//! moved: that is the compare-and-set. Rows that several processes may want are picked with
//! [`SKIP_LOCKED`], so that on PostgreSQL each gets rows of its own and nobody waits.

/// What SQLite neither knows nor needs, for it has one writer at a time: left out there.
pub(crate) const SKIP_LOCKED: &str = " FOR UPDATE SKIP LOCKED";

pub(crate) const REQUEST: &str = "
    INSERT INTO qris_invoice (number, amount, channel, state, requested_at, reference)
    VALUES ($1, $2, $3, 'requested', $4, $5)
    ON CONFLICT (number) DO UPDATE
    SET amount = excluded.amount, channel = excluded.channel, state = 'requested',
        requested_at = excluded.requested_at, reference = excluded.reference
    WHERE qris_invoice.state = 'rejected'
    RETURNING number";

pub(crate) const REFERENCE: &str = "SELECT reference FROM qris_invoice WHERE number = $1";

pub(crate) const CREATED: &str = "
    UPDATE qris_invoice
    SET state = 'pending', qris_content = $1, qris_request_date = $2, qris_invoiceid = $3,
        qris_nmid = $4, shown_until = $5, expires_at = $6, next_check_at = $7, check_set_at = $8
    WHERE number = $9 AND amount = $10 AND state IN ('requested', 'unknown')
    RETURNING number";

/// Sets the NMID if none was seen before, and locks the row: creates are booked one at a time, so
/// that what is compared with other rows stays true.
pub(crate) const SEE_NMID: &str =
    "UPDATE qris_account SET nmid = coalesce(nmid, $1) RETURNING nmid";

pub(crate) const SET_NMID: &str = "UPDATE qris_account SET nmid = $1 RETURNING nmid";

pub(crate) const BIND_ACCOUNT: &str = "
    UPDATE qris_account SET host = coalesce(host, $1), digest = coalesce(digest, $2)
    RETURNING host, digest";

pub(crate) const CONTENT_ELSEWHERE: &str =
    "SELECT number FROM qris_invoice WHERE qris_content = $1 AND number <> $2 LIMIT 1";

pub(crate) const NOT_CREATED: &str = "
    UPDATE qris_invoice SET state = $1
    WHERE number = $2 AND state IN ('requested', 'unknown') AND state <> $1
    RETURNING number";

pub(crate) const ABANDON: &str = "
    UPDATE qris_invoice SET state = 'unknown'
    WHERE number IN (
        SELECT number FROM qris_invoice WHERE state = 'requested' AND requested_at <= $1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING number";

pub(crate) const SETTLE: &str = "
    UPDATE qris_invoice
    SET state = 'paid', paid_at = $1, method = coalesce($2, method),
        customer_name = coalesce($3, customer_name), rrn = coalesce($4, rrn),
        note = coalesce($5, note), api_version = coalesce($6, api_version),
        next_check_at = NULL, unanswered_at = NULL, early = NULL, hint_checks = 0
    WHERE qris_invoiceid = $7 AND state IN ('pending', 'expired', 'cancelled')
    RETURNING number";

pub(crate) const TIMES: &str = "
    SELECT requested_at, qris_request_date, hinted_paid_at FROM qris_invoice
    WHERE qris_invoiceid = $1";

pub(crate) const FILL: &str = "
    UPDATE qris_invoice
    SET method = coalesce(method, $1), customer_name = coalesce(customer_name, $2),
        rrn = coalesce(rrn, $3), note = coalesce(note, $4),
        api_version = coalesce(api_version, $5), hinted_paid_at = coalesce(hinted_paid_at, $6)
    WHERE qris_invoiceid = $7
    RETURNING number";

pub(crate) const CANCEL: &str = "
    UPDATE qris_invoice
    SET state = 'cancelled',
        check_set_at = CASE WHEN next_check_at IS NULL THEN $1 ELSE check_set_at END,
        next_check_at = coalesce(next_check_at, expires_at)
    WHERE number = $2 AND state = 'pending'
    RETURNING number";

pub(crate) const EXPIRE: &str = "
    UPDATE qris_invoice SET state = 'expired'
    WHERE number IN (
        SELECT number FROM qris_invoice WHERE state = 'pending' AND shown_until <= $1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING number";

/// What may be paid, has no final answer and yet no next check.
pub(crate) const REVIVE: &str = "
    UPDATE qris_invoice SET next_check_at = $1, check_set_at = $1
    WHERE number IN (
        SELECT number FROM qris_invoice
        WHERE state IN ('pending', 'expired', 'cancelled') AND next_check_at IS NULL
            AND final_answer_at IS NULL
        FOR UPDATE SKIP LOCKED
    )
    RETURNING number";

/// What had its final answer at a time that has not come: the clock was ahead.
pub(crate) const REVIVE_FINAL: &str = "
    UPDATE qris_invoice SET next_check_at = $1, check_set_at = $1, final_answer_at = NULL
    WHERE number IN (
        SELECT number FROM qris_invoice
        WHERE state IN ('pending', 'expired', 'cancelled') AND next_check_at IS NULL
            AND final_answer_at > $2
        FOR UPDATE SKIP LOCKED
    )
    RETURNING number";

/// What was put off by a clock that has been set back since.
pub(crate) const REVIVE_PUT_OFF: &str = "
    UPDATE qris_invoice SET next_check_at = $1, check_set_at = $1
    WHERE number IN (
        SELECT number FROM qris_invoice WHERE next_check_at IS NOT NULL AND check_set_at > $2
        FOR UPDATE SKIP LOCKED
    )
    RETURNING number";

pub(crate) const SCHEDULE: &str = "
    UPDATE qris_invoice SET next_check_at = $1, check_set_at = $2
    WHERE qris_invoiceid = $3 AND state IN ('pending', 'expired')
    RETURNING number";

pub(crate) const APPEND: &str =
    "INSERT INTO qris_event (number, at, state, detail) VALUES ($1, $2, $3, $4)";

pub(crate) const EVENTS: &str =
    "SELECT at, state, detail FROM qris_event WHERE number = $1 ORDER BY id";

pub(crate) const ALIVE: &str = "SELECT 1 FROM qris_invoice LIMIT 1";

pub(crate) const WRITE_CHECK: &str = "UPDATE qris_write_check SET filler = $1";

/// The columns of a record, in the order in which it is read.
macro_rules! records {
    ($rest:literal) => {
        concat!(
            "SELECT number, amount, channel, state, requested_at, qris_content, ",
            "qris_request_date, qris_invoiceid, qris_nmid, expires_at, paid_at, method, ",
            "customer_name, next_check_at, unanswered_at, rrn, note, api_version, shown_until, ",
            "check_set_at, checks, failures, early, hint_checks ",
            "FROM qris_invoice ",
            $rest
        )
    };
}

pub(crate) const FIND: &str = records!("WHERE number = $1");

pub(crate) const FIND_INVOICE: &str = records!("WHERE qris_invoiceid = $1");

pub(crate) const LIST: &str = records!("ORDER BY requested_at DESC, number DESC LIMIT $1");

pub(crate) const PAYMENTS: &str =
    records!("WHERE paid_at >= $1 AND paid_at < $2 ORDER BY paid_at, number");

pub(crate) const PAGE: &str = records!("WHERE number > $1 ORDER BY number LIMIT $2");

pub(crate) const DUE_EARLY: &str = records!(
    "WHERE early IS NOT NULL AND next_check_at <= $1
     ORDER BY next_check_at, number LIMIT $2 FOR UPDATE SKIP LOCKED"
);

pub(crate) const DUE: &str = records!(
    "WHERE early IS NULL AND next_check_at <= $1
     ORDER BY next_check_at, number LIMIT $2 FOR UPDATE SKIP LOCKED"
);

pub(crate) const DUE_ONE: &str =
    records!("WHERE number = $1 AND next_check_at <= $2 FOR UPDATE SKIP LOCKED");

pub(crate) const CLAIM: &str = "
    UPDATE qris_invoice SET next_check_at = $1, check_set_at = $2
    WHERE number = $3 RETURNING number";

/// Ends a claim, unless a press or a webhook has come since.
pub(crate) const RELEASE: &str = "
    UPDATE qris_invoice SET next_check_at = $1, check_set_at = $2, early = $3, hint_checks = $4
    WHERE number = $5 AND next_check_at = $6 AND hint_checks = $7
        AND state IN ('pending', 'expired', 'cancelled')
    RETURNING number";

pub(crate) const CHECKED: &str = "
    UPDATE qris_invoice
    SET checked_at = $1, checks = $2, failures = $3, unanswered_at = $4,
        final_answer_at = coalesce($5, final_answer_at)
    WHERE number = $6 AND state IN ('pending', 'expired', 'cancelled')
    RETURNING number";

pub(crate) const ADD_TURN: &str =
    "INSERT INTO qris_turn (slot) VALUES ($1) ON CONFLICT (slot) DO NOTHING";

/// Turns that were taken by a clock that has been set back since count as taken now.
pub(crate) const TURNS_AHEAD: &str =
    "UPDATE qris_turn SET taken_at = $1 WHERE taken_at > $2 RETURNING slot";

/// The last ones first: those that the schedule may not take.
pub(crate) const FREE_TURNS: &str = "
    SELECT slot FROM qris_turn
    WHERE slot < $1 AND (taken_at IS NULL OR taken_at <= $2)
    ORDER BY slot DESC LIMIT $1 FOR UPDATE SKIP LOCKED";

pub(crate) const TAKE_TURN: &str =
    "UPDATE qris_turn SET taken_at = $1 WHERE slot = $2 RETURNING slot";

pub(crate) const PRESS: &str = "
    UPDATE qris_invoice
    SET presses = presses + 1, pressed_at = $1, next_check_at = $2, check_set_at = $2,
        early = 'button'
    WHERE number = $3 AND state IN ('pending', 'expired', 'cancelled') AND presses < $4
        AND (pressed_at IS NULL OR pressed_at <= $5 OR pressed_at > $6)
    RETURNING presses";

pub(crate) const PRESSED: &str = "SELECT presses, pressed_at FROM qris_invoice WHERE number = $1";

/// When an invoice was first hinted at, where it was, and last checked.
pub(crate) const LAST_CHECK: &str =
    "SELECT hinted_at, checked_at FROM qris_invoice WHERE qris_invoiceid = $1";

pub(crate) const HINT: &str = "
    UPDATE qris_invoice
    SET hinted_at = $1, check_set_at = $1, next_check_at = $2, early = 'hint', hint_checks = $3,
        failures = 0
    WHERE qris_invoiceid = $4 AND state IN ('pending', 'expired', 'cancelled')
        AND hint_checks = 0
    RETURNING number";

/// What a report adds up, with the day in WIB of a column in the words of each database, and what
/// a row has that makes sense: no other spoils the sum that it would be part of.
macro_rules! report {
    ($requested_on:literal, $requested:literal, $paid_on:literal, $paid:literal) => {
        concat!(
            "SELECT day, channel, CAST(sum(invoices) AS BIGINT), CAST(sum(payments) AS BIGINT),
                    CAST(sum(paid) AS BIGINT)
             FROM (
                 SELECT ",
            $requested_on,
            " AS day, channel, 1 AS invoices, 0 AS payments, 0 AS paid
                 FROM qris_invoice
                 WHERE requested_at >= $1 AND requested_at < $2 AND qris_invoiceid IS NOT NULL
                     AND channel IN ('pos', 'ecommerce', 'bill') AND ",
            $requested,
            "
                 UNION ALL
                 SELECT ",
            $paid_on,
            " AS day, channel, 0 AS invoices, 1 AS payments, amount AS paid
                 FROM qris_invoice
                 WHERE paid_at >= $1 AND paid_at < $2
                     AND channel IN ('pos', 'ecommerce', 'bill') AND ",
            $paid,
            "
             ) AS happened
             GROUP BY day, channel
             ORDER BY day, channel"
        )
    };
}

pub(crate) const SQLITE_REPORT: &str = report!(
    "substr(requested_at, 1, 10)",
    "requested_at GLOB '????-??-??T??:??:??+07:00'",
    "substr(paid_at, 1, 10)",
    "typeof(amount) = 'integer' AND amount >= 0 AND paid_at GLOB '????-??-??T??:??:??+07:00'"
);

#[cfg(feature = "postgres")]
pub(crate) const POSTGRES_REPORT: &str = report!(
    "to_char(requested_at AT TIME ZONE INTERVAL '7 hours', 'YYYY-MM-DD')",
    "isfinite(requested_at)",
    "to_char(paid_at AT TIME ZONE INTERVAL '7 hours', 'YYYY-MM-DD')",
    "amount >= 0 AND isfinite(paid_at)"
);

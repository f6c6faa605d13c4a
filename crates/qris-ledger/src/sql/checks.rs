//! The statements of checks: due invoices, the budget's slots, manual checks and webhooks.

/// Whether the next three statements have anything to do. Usually not.
pub(crate) const UNSCHEDULED: &str = "
    SELECT 1 WHERE EXISTS (
        SELECT 1 FROM qris_invoice
        WHERE merchant = $1 AND state IN ('pending', 'expired') AND next_check_at IS NULL
            AND final_answer_at IS NULL
    ) OR EXISTS (
        SELECT 1 FROM qris_invoice
        WHERE merchant = $1 AND state IN ('pending', 'expired') AND next_check_at IS NULL
            AND final_answer_at > $2
    ) OR EXISTS (
        SELECT 1 FROM qris_invoice
        WHERE merchant = $1 AND next_check_at IS NOT NULL AND check_set_at > $2
    )";

/// Invoices that may be paid and have no final answer and no next check.
pub(crate) const REVIVE: &str = "
    UPDATE qris_invoice SET next_check_at = $1, check_set_at = $1
    WHERE id IN (
        SELECT id FROM qris_invoice
        WHERE merchant = $2 AND state IN ('pending', 'expired') AND next_check_at IS NULL
            AND final_answer_at IS NULL FOR UPDATE SKIP LOCKED
    )
    RETURNING id";

/// Invoices with a final answer in the future: the clock was ahead.
pub(crate) const REVIVE_FINAL: &str = "
    UPDATE qris_invoice SET next_check_at = $1, check_set_at = $1, final_answer_at = NULL
    WHERE id IN (
        SELECT id FROM qris_invoice
        WHERE merchant = $2 AND state IN ('pending', 'expired') AND next_check_at IS NULL
            AND final_answer_at > $3 FOR UPDATE SKIP LOCKED
    )
    RETURNING id";

/// Invoices that were delayed by a clock that was set back since.
pub(crate) const REVIVE_PUT_OFF: &str = "
    UPDATE qris_invoice SET next_check_at = $1, check_set_at = $1
    WHERE id IN (
        SELECT id FROM qris_invoice
        WHERE merchant = $2 AND next_check_at IS NOT NULL AND check_set_at > $3 FOR UPDATE SKIP LOCKED
    )
    RETURNING id";

/// Unpaid invoices that were requested in a period and have a final answer.
pub(crate) const UNPAID: &str = "
    SELECT id FROM qris_invoice
    WHERE merchant = $1 AND requested_at >= $2 AND requested_at < $3 AND state = 'expired'
        AND next_check_at IS NULL
    ORDER BY id FOR UPDATE SKIP LOCKED";

/// Schedules one more check.
pub(crate) const SWEEP: &str = "
    UPDATE qris_invoice SET next_check_at = $1, check_set_at = $2, final_answer_at = NULL
    WHERE id = $3 RETURNING id";

pub(crate) const SWEPT_ON: &str = "SELECT swept_on FROM qris_merchant WHERE id = $1";

pub(crate) const SET_SWEPT_ON: &str = "
    UPDATE qris_merchant SET swept_on = $1
    WHERE id = $2 AND (swept_on IS NULL OR swept_on <> $1)
    RETURNING id";

pub(crate) const SCHEDULE: &str = "
    UPDATE qris_invoice SET next_check_at = $1, check_set_at = $2
    WHERE merchant = $3 AND qris_invoiceid = $4 AND state IN ('pending', 'expired')
    RETURNING id";

pub(crate) const DUE_EARLY: &str = invoices!(
    "WHERE i.merchant = $1 AND i.early IS NOT NULL AND i.next_check_at <= $2
     ORDER BY i.next_check_at, o.number LIMIT $3 FOR UPDATE OF i SKIP LOCKED"
);

pub(crate) const DUE: &str = invoices!(
    "WHERE i.merchant = $1 AND i.early IS NULL AND i.next_check_at <= $2
     ORDER BY i.next_check_at, o.number LIMIT $3 FOR UPDATE OF i SKIP LOCKED"
);

/// The due invoice of an order, the newest if there are several.
pub(crate) const DUE_ONE: &str = invoices!(
    "WHERE o.merchant = $1 AND o.number = $2 AND i.next_check_at <= $3
     ORDER BY i.id DESC LIMIT 1 FOR UPDATE OF i SKIP LOCKED"
);

/// The invoices of an order that may be paid and have no final answer.
pub(crate) const PAYABLE: &str = invoices!(
    "WHERE o.merchant = $1 AND o.number = $2 AND i.state IN ('pending', 'expired')
         AND i.final_answer_at IS NULL
     ORDER BY i.id FOR UPDATE OF i"
);

/// The merchants with a due check.
pub(crate) const DUE_MERCHANTS: &str = "
    SELECT id FROM qris_merchant
    WHERE EXISTS (SELECT 1 FROM qris_invoice
                  WHERE merchant = qris_merchant.id AND early IS NULL AND next_check_at <= $1)
        OR EXISTS (SELECT 1 FROM qris_invoice
                  WHERE merchant = qris_merchant.id AND early IS NOT NULL AND next_check_at <= $1)
        OR EXISTS (SELECT 1 FROM qris_unbooked
                  WHERE merchant = qris_merchant.id AND next_check_at <= $1)";

pub(crate) const CLAIM: &str = "
    UPDATE qris_invoice SET next_check_at = $1, check_set_at = $2, asked_at = $3
    WHERE id = $4 RETURNING id";

/// Ends a claim, unless a manual check or a webhook came meanwhile.
pub(crate) const RELEASE: &str = "
    UPDATE qris_invoice SET next_check_at = $1, check_set_at = $2, early = $3, hint_checks = $4
    WHERE id = $5 AND next_check_at = $6 AND hint_checks = $7 AND state IN ('pending', 'expired')
    RETURNING id";

pub(crate) const CHECKED: &str = "
    UPDATE qris_invoice
    SET checked_at = $1, checks = $2, failures = $3, unanswered_at = $4,
        answered_at = coalesce($5, answered_at), final_answer_at = coalesce($6, final_answer_at)
    WHERE id = $7 AND state IN ('pending', 'expired')
    RETURNING id";

pub(crate) const ADD_TURN: &str = "
    INSERT INTO qris_turn (merchant, slot) VALUES ($1, $2)
    ON CONFLICT (merchant, slot) DO NOTHING";

/// Slots that were taken by a clock that was set back since count as taken now.
pub(crate) const TURNS_AHEAD: &str =
    "UPDATE qris_turn SET taken_at = $1 WHERE merchant = $2 AND taken_at > $3 RETURNING slot";

/// The last slots first: the schedule may not take those.
pub(crate) const FREE_TURNS: &str = "
    SELECT slot FROM qris_turn
    WHERE merchant = $1 AND slot < $2 AND (taken_at IS NULL OR taken_at <= $3)
    ORDER BY slot DESC LIMIT $4 FOR UPDATE SKIP LOCKED";

pub(crate) const TAKE_TURN: &str =
    "UPDATE qris_turn SET taken_at = $1 WHERE merchant = $2 AND slot = $3 RETURNING slot";

pub(crate) const PRESS: &str = "
    UPDATE qris_invoice
    SET presses = presses + 1, pressed_at = $1, next_check_at = $2, check_set_at = $3,
        early = 'button'
    WHERE id = $4 AND state IN ('pending', 'expired') AND presses < $5
        AND (pressed_at IS NULL OR pressed_at <= $6 OR pressed_at > $7)
    RETURNING presses";

pub(crate) const PRESSED: &str = "SELECT presses, pressed_at FROM qris_invoice WHERE id = $1";

/// When the first webhook of an invoice came, if any, and when it was last checked.
pub(crate) const LAST_CHECK: &str =
    "SELECT hinted_at, checked_at, asked_at FROM qris_invoice WHERE id = $1";

pub(crate) const HINT: &str = "
    UPDATE qris_invoice
    SET hinted_at = $1, check_set_at = $1, next_check_at = $2, early = 'hint', hint_checks = $3,
        failures = 0
    WHERE id = $4 AND state IN ('pending', 'expired') AND hint_checks = 0
    RETURNING id";

/// The number of consecutive payments that a webhook announced, and the time of the last one.
pub(crate) const ANNOUNCED: &str =
    "SELECT announced, announced_at FROM qris_merchant WHERE id = $1";

pub(crate) const ANNOUNCE: &str = "
    UPDATE qris_merchant SET announced = announced + 1, announced_at = $1 WHERE id = $2
    RETURNING announced";

pub(crate) const UNANNOUNCED: &str = "
    UPDATE qris_merchant SET announced = 0 WHERE id = $1 AND announced > 0 RETURNING id";

/// The invoices that the full schedule would have checked more often.
pub(crate) const THINNED: &str = "
    SELECT id, checked_at, next_check_at FROM qris_invoice
    WHERE merchant = $1 AND state IN ('pending', 'expired') AND early IS NULL
        AND next_check_at > $2
        AND (checked_at IS NULL OR checked_at <= $3) AND (asked_at IS NULL OR asked_at <= $3)
    ORDER BY id FOR UPDATE SKIP LOCKED";

/// The invoices with a next check in the future, newest first.
pub(crate) const AHEAD: &str = "
    SELECT id, early, requested_at, checked_at, asked_at, next_check_at FROM qris_invoice
    WHERE merchant = $1 AND state IN ('pending', 'expired') AND next_check_at > $2
    ORDER BY id DESC FOR UPDATE SKIP LOCKED";

pub(crate) const POLL_AGAIN: &str = "
    UPDATE qris_invoice SET next_check_at = $1, check_set_at = $2 WHERE id = $3 RETURNING id";

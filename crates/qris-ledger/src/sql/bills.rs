//! Bills: what is owed, overdue and paid.

/// Orders whose due date has passed and that have no overdue event yet.
pub(crate) const OVERDUE: &str = "
    UPDATE qris_order SET overdue = 1
    WHERE id IN (
        SELECT id FROM qris_order
        WHERE merchant = $1 AND overdue = 0 AND due_at <= $2 AND state NOT IN ('paid', 'cancelled')
        ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
    )
    RETURNING id";

/// Whether there is such an order.
pub(crate) const ANY_OVERDUE: &str = "
    SELECT id FROM qris_order
    WHERE merchant = $1 AND overdue = 0 AND due_at <= $2 AND state NOT IN ('paid', 'cancelled')
    LIMIT 1";

pub(crate) const UNPAID_BILLS: &str = newest!(
    "WHERE o.merchant = $1 AND o.channel = 'bill' AND o.state NOT IN ('paid', 'cancelled')
     ORDER BY o.due_at IS NULL, o.due_at, o.number LIMIT $2 OFFSET $3"
);

pub(crate) const PAID_BILLS: &str = newest!(
    "WHERE p.merchant = $1 AND p.paid_at >= $2 AND o.id = p.order_id AND o.channel = 'bill'
     ORDER BY p.paid_at DESC, o.number LIMIT $3 OFFSET $4"
);

pub(crate) const BILL_TOTALS: &str = "
    WITH unpaid AS (
        SELECT amount, due_at FROM qris_order
        WHERE merchant = $1 AND channel = 'bill' AND state NOT IN ('paid', 'cancelled')
    ), overdue AS (
        SELECT amount FROM unpaid WHERE due_at <= $2
    ), paid AS (
        SELECT o.amount FROM qris_invoice AS i
            JOIN qris_order AS o ON o.id = i.order_id AND o.paid_invoice = i.id
        WHERE i.merchant = $1 AND i.paid_at >= $3 AND o.channel = 'bill'
    )
    SELECT (SELECT count(*) FROM unpaid),
        (SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM unpaid),
        (SELECT count(*) FROM overdue),
        (SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM overdue),
        (SELECT count(*) FROM paid),
        (SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM paid)";

//! The SQL statements that SQLite and PostgreSQL share.
//!
//! Parameters are numbered and first appear in ascending order, because SQLite numbers them by first
//! appearance. Each step names the states from which it may start and returns the rows that it moved
//! (compare-and-set). Rows that several processes may want are selected with `SKIP LOCKED`: on PostgreSQL
//! each process gets other rows and none waits. A step that changes an order and an invoice locks the order
//! first.

/// Clauses that SQLite does not have. It has one writer at a time and does not need them, so they are removed
/// there. Longer clauses come first.
pub(crate) const ROW_LOCKS: [&str; 7] = [
    " FOR UPDATE OF i SKIP LOCKED",
    " FOR UPDATE OF o SKIP LOCKED",
    " FOR UPDATE OF d SKIP LOCKED",
    " FOR UPDATE SKIP LOCKED",
    " FOR UPDATE OF i",
    " FOR UPDATE OF o",
    " FOR SHARE",
];

pub(crate) const NEW_ORDER: &str = "
    INSERT INTO qris_order (merchant, number, amount, channel, tip, description, reference,
        metadata, due_at, shown_seconds, notify_url, return_url, pay_hash, state, created_at, shift)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    ON CONFLICT (merchant, number) DO NOTHING
    RETURNING id";

/// An order without an invoice, for which one may be requested with other terms.
pub(crate) const ORDER_AGAIN: &str = "
    UPDATE qris_order
    SET amount = $1, channel = $2, tip = $3, description = $4, reference = $5, metadata = $6,
        due_at = $7, shown_seconds = $8, notify_url = $9, return_url = $10, pay_hash = coalesce($11, pay_hash),
        state = 'requested', created_at = $12, told_state = NULL, overdue = 0, told_overdue = 0
    WHERE id = $13 AND state = 'rejected'
        AND NOT EXISTS (
            SELECT 1 FROM qris_invoice
            WHERE order_id = qris_order.id AND state IN ('pending', 'expired', 'paid', 'unknown')
        )
    RETURNING id";

/// Another invoice of an order.
pub(crate) const ASK_AGAIN: &str = "
    UPDATE qris_order SET state = 'requested'
    WHERE id = $1 AND state IN ('open', 'expired', 'rejected')
        AND NOT EXISTS (
            SELECT 1 FROM qris_invoice
            WHERE order_id = qris_order.id AND state IN ('requested', 'pending', 'unknown', 'paid')
        )
    RETURNING id";

pub(crate) const NEW_INVOICE: &str = "
    INSERT INTO qris_invoice (merchant, order_id, state, requested_at)
    VALUES ($1, $2, 'requested', $3)
    RETURNING id";

pub(crate) const NEWEST_INVOICE: &str = "
    UPDATE qris_order SET invoice = $1, invoices = invoices + 1 WHERE id = $2 RETURNING id";

/// The reply to an earlier request than the newest is recorded on its own row, and not shown.
pub(crate) const CREATED: &str = "
    UPDATE qris_invoice
    SET state = CASE
            WHEN id = (SELECT o.invoice FROM qris_order AS o WHERE o.id = qris_invoice.order_id)
            THEN 'pending' ELSE 'expired' END,
        qris_content = $1, qris_request_date = $2, qris_invoiceid = $3,
        qris_nmid = $4, shown_until = $5, expires_at = $6, watched_until = $7, next_check_at = $8,
        check_set_at = $9
    WHERE id = $10 AND state IN ('requested', 'unknown', 'resolved')
    RETURNING requested_at, state,
        (SELECT o.shift FROM qris_order AS o WHERE o.id = qris_invoice.order_id)";

/// Sets the NMID if there is none, and locks the row. Invoices are recorded one at a time, so that the
/// comparison with other rows stays valid.
pub(crate) const SEE_NMID: &str =
    "UPDATE qris_merchant SET nmid = coalesce(nmid, $1) WHERE id = $2 RETURNING nmid";

pub(crate) const SET_NMID: &str = "UPDATE qris_merchant SET nmid = $1 WHERE id = $2 RETURNING nmid";

pub(crate) const BIND_ACCOUNT: &str = "
    UPDATE qris_merchant SET host = coalesce(host, $1), digest = coalesce(digest, $2)
    WHERE id = $3
    RETURNING host, digest";

pub(crate) const ADD_MERCHANT: &str =
    "INSERT INTO qris_merchant (name) VALUES ($1) ON CONFLICT (name) DO NOTHING";

pub(crate) const MERCHANTS: &str = "SELECT name FROM qris_merchant ORDER BY name";

pub(crate) const MERCHANT: &str = "SELECT id FROM qris_merchant WHERE name = $1";

pub(crate) const MERCHANT_NAME: &str = "SELECT name FROM qris_merchant WHERE id = $1";

pub(crate) const CONTENT_ELSEWHERE: &str =
    "SELECT id FROM qris_invoice WHERE qris_content = $1 AND id <> $2 LIMIT 1";

/// The row of an invoice and of its order.
pub(crate) const INVOICE_ROW: &str =
    "SELECT id, order_id FROM qris_invoice WHERE merchant = $1 AND qris_invoiceid = $2";

pub(crate) const NOT_CREATED: &str = "
    UPDATE qris_invoice SET state = $1
    WHERE id = $2 AND state IN ('requested', 'unknown') AND state <> $1
    RETURNING id";

/// Locks an order, so that the values that are read stay valid.
pub(crate) const LOCK_ORDER: &str =
    "UPDATE qris_order SET state = state WHERE id = $1 RETURNING state";

/// The state of an order by its invoices. A paid or cancelled order keeps its state.
pub(crate) const FOLLOW_INVOICES: &str = "
    UPDATE qris_order SET state = CASE
        WHEN EXISTS (SELECT 1 FROM qris_invoice AS i
                     WHERE i.id = qris_order.invoice AND i.state IN ('requested', 'pending'))
            THEN (SELECT i.state FROM qris_invoice AS i WHERE i.id = qris_order.invoice)
        WHEN EXISTS (SELECT 1 FROM qris_invoice AS i
                     WHERE i.order_id = qris_order.id AND i.state = 'unknown')
            THEN 'unknown'
        WHEN EXISTS (SELECT 1 FROM qris_invoice AS i
                     WHERE i.order_id = qris_order.id AND i.state IN ('pending', 'expired'))
            THEN 'expired'
        ELSE 'rejected' END
    WHERE id = $1 AND state IN ('requested', 'pending', 'expired', 'rejected', 'unknown')
    RETURNING state";

/// Whether the next two statements have anything to do. SQLite uses the index of unfinished orders only if
/// the statement has the index's own condition.
pub(crate) const ANY_ABANDONED: &str = "
    SELECT 1 WHERE EXISTS (
        SELECT 1 FROM qris_order AS o JOIN qris_invoice AS i ON i.id = o.invoice
        WHERE o.merchant = $1 AND o.state IN ('requested', 'pending', 'unknown')
            AND o.state = 'requested'
            AND (i.requested_at <= $2 OR i.requested_at > $3)
    ) OR EXISTS (
        SELECT 1 FROM qris_invoice
        WHERE merchant = $1 AND state = 'requested' AND (requested_at <= $2 OR requested_at > $3)
    )";

pub(crate) const ABANDONED_ORDERS: &str = "
    UPDATE qris_order SET state = 'unknown'
    WHERE id IN (
        SELECT o.id FROM qris_order AS o JOIN qris_invoice AS i ON i.id = o.invoice
        WHERE o.merchant = $1 AND o.state IN ('requested', 'pending', 'unknown')
            AND o.state = 'requested'
            AND (i.requested_at <= $2 OR i.requested_at > $3) FOR UPDATE OF o SKIP LOCKED
    )
    RETURNING id, number, invoice";

pub(crate) const ABANDONED_INVOICES: &str = "
    UPDATE qris_invoice SET state = 'unknown'
    WHERE id IN (
        SELECT id FROM qris_invoice
        WHERE merchant = $1 AND state = 'requested' AND (requested_at <= $2 OR requested_at > $3)
        FOR UPDATE SKIP LOCKED
    )
    RETURNING id, order_id";

/// Records the payment of an invoice.
pub(crate) const SETTLE: &str = "
    UPDATE qris_invoice
    SET state = 'paid', paid_at = $1, method = coalesce($2, method),
        customer_name = coalesce($3, customer_name), rrn = coalesce($4, rrn),
        note = coalesce($5, note), api_version = coalesce($6, api_version),
        next_check_at = NULL, unanswered_at = NULL, early = NULL, hint_checks = 0,
        shift = $7, outside_shift = $8, late = $9
    WHERE id = $10 AND state IN ('pending', 'expired')
    RETURNING id, hinted_at";

/// The first payment of an order pays it.
pub(crate) const PAY: &str = "
    UPDATE qris_order SET state = 'paid', paid_invoice = $1
    WHERE id = $2 AND paid_invoice IS NULL
    RETURNING id";

/// Another payment of a paid order.
pub(crate) const OVERPAY: &str =
    "UPDATE qris_order SET overpaid = overpaid + amount WHERE id = $1 RETURNING overpaid";

pub(crate) const NUMBER: &str = "SELECT number FROM qris_order WHERE id = $1";

pub(crate) const AMOUNT: &str = "SELECT channel, amount FROM qris_order WHERE id = $1";

pub(crate) const TIMES: &str = "
    SELECT requested_at, qris_request_date, hinted_paid_at FROM qris_invoice WHERE id = $1";

pub(crate) const FILL: &str = "
    UPDATE qris_invoice
    SET method = coalesce(method, $1), customer_name = coalesce(customer_name, $2),
        rrn = coalesce(rrn, $3), note = coalesce(note, $4),
        api_version = coalesce(api_version, $5), hinted_paid_at = coalesce(hinted_paid_at, $6)
    WHERE id = $7
    RETURNING id";

pub(crate) const CANCEL: &str = "
    UPDATE qris_order SET state = 'cancelled', cancelled_shift = $1
    WHERE id = $2 AND state IN ('open', 'pending', 'expired')
    RETURNING id";

/// Whether the next two statements have anything to do.
pub(crate) const ANY_EXPIRED: &str = "
    SELECT 1 WHERE EXISTS (
        SELECT 1 FROM qris_order AS o JOIN qris_invoice AS i ON i.id = o.invoice
        WHERE o.merchant = $1 AND o.state IN ('requested', 'pending', 'unknown')
            AND o.state = 'pending' AND i.shown_until <= $2
    ) OR EXISTS (
        SELECT 1 FROM qris_invoice
        WHERE merchant = $1 AND state = 'pending' AND shown_until <= $2
    )";

/// Locks the order that is about to expire.
pub(crate) const EXPIRED_ORDERS: &str = "
    UPDATE qris_order SET state = 'expired'
    WHERE id IN (
        SELECT o.id FROM qris_order AS o JOIN qris_invoice AS i ON i.id = o.invoice
        WHERE o.merchant = $1 AND o.state IN ('requested', 'pending', 'unknown')
            AND o.state = 'pending' AND i.shown_until <= $2 FOR UPDATE OF o SKIP LOCKED
    )
    RETURNING id, number, invoice";

pub(crate) const EXPIRED_INVOICES: &str = "
    UPDATE qris_invoice SET state = 'expired'
    WHERE id IN (
        SELECT id FROM qris_invoice
        WHERE merchant = $1 AND state = 'pending' AND shown_until <= $2 FOR UPDATE SKIP LOCKED
    )
    RETURNING id";

/// Expires an order whose code is no longer shown, and its invoices.
pub(crate) const EXPIRE_ORDER: &str = "
    UPDATE qris_order SET state = 'expired' WHERE id = $1 AND state = 'pending' RETURNING invoice";

pub(crate) const EXPIRE_INVOICES_OF: &str = "
    UPDATE qris_invoice SET state = 'expired'
    WHERE order_id = $1 AND state = 'pending' AND shown_until <= $2
    RETURNING id";

pub(crate) const APPEND: &str = "
    INSERT INTO qris_event (order_id, invoice, at, state, actor, detail)
    VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) const EVENTS: &str = "
    SELECT e.at, e.state, e.actor, e.detail, i.qris_invoiceid FROM qris_order AS o
        JOIN qris_event AS e ON e.order_id = o.id
        LEFT JOIN qris_invoice AS i ON i.id = e.invoice
    WHERE o.merchant = $1 AND o.number = $2 ORDER BY e.id";

pub(crate) const EVENTS_OF: &str = "
    SELECT e.at, e.state, e.actor, e.detail, i.qris_invoiceid FROM qris_event AS e
        LEFT JOIN qris_invoice AS i ON i.id = e.invoice
    WHERE e.order_id = $1 ORDER BY e.id";

pub(crate) const LAST_EVENT: &str = "SELECT coalesce(max(id), 0) FROM qris_event";

pub(crate) const CHANGES_AFTER: &str = "
    SELECT e.id, m.name, o.number FROM qris_event AS e
        JOIN qris_order AS o ON o.id = e.order_id
        JOIN qris_merchant AS m ON m.id = o.merchant
    WHERE e.id > $1 ORDER BY e.id";

pub(crate) const NEXT_DUE: &str = "
    SELECT (SELECT min(next_check_at) FROM qris_invoice),
           (SELECT min(next_check_at) FROM qris_unbooked),
           (SELECT min(shown_until) FROM qris_invoice WHERE state = 'pending'),
           (SELECT min(requested_at) FROM qris_invoice WHERE state = 'requested')";

pub(crate) const ALIVE: &str = "SELECT 1 FROM qris_order LIMIT 1";

pub(crate) const WRITE_CHECK: &str = "UPDATE qris_write_check SET filler = $1";

/// The columns of an order, in the order of reading: `i` is one of its invoices, `p` the paid one. The last is the
/// state of a paid order before its payment; a request for another code does not change it.
macro_rules! orders {
    ($from:literal, $rest:literal) => {
        concat!(
            "SELECT o.number, o.id, m.name, o.amount, o.channel, o.state, o.created_at, ",
            "o.reference, o.tip, o.description, o.metadata, o.due_at, o.shown_seconds, ",
            "o.overpaid, o.acknowledged_at, o.invoices, ",
            "i.id, i.state, i.requested_at, i.qris_content, i.qris_request_date, ",
            "i.qris_invoiceid, i.qris_nmid, i.shown_until, i.expires_at, i.watched_until, ",
            "i.next_check_at, i.check_set_at, i.checked_at, i.answered_at, i.checks, i.failures, ",
            "i.unanswered_at, i.final_answer_at, i.early, i.hint_checks, ",
            "p.paid_at, p.method, p.customer_name, p.rrn, p.note, p.api_version, ",
            "i.asked_at, o.pay_hash, o.return_url, ",
            "CASE WHEN o.state = 'paid' THEN (
                 SELECT b.state FROM qris_event AS b
                 WHERE b.order_id = o.id AND b.state <> 'requested' AND b.id < (
                     SELECT min(f.id) FROM qris_event AS f
                     WHERE f.order_id = o.id AND f.state = 'paid'
                 )
                 ORDER BY b.id DESC LIMIT 1
             ) END FROM ",
            $from,
            " ",
            $rest
        )
    };
}

/// Orders with their newest invoice and the one that paid them. With a plain join, SQLite may start with the
/// merchants and then sort all of their orders.
macro_rules! newest {
    ($rest:literal) => {
        orders!(
            "qris_order AS o LEFT JOIN qris_merchant AS m ON m.id = o.merchant
             LEFT JOIN qris_invoice AS i ON i.id = o.invoice
             LEFT JOIN qris_invoice AS p ON p.id = o.paid_invoice",
            $rest
        )
    };
}

/// Invoices with their orders. The payment is the invoice's own.
macro_rules! invoices {
    ($rest:literal) => {
        orders!(
            "qris_invoice AS i JOIN qris_order AS o ON o.id = i.order_id
             LEFT JOIN qris_merchant AS m ON m.id = o.merchant
             LEFT JOIN qris_invoice AS p ON p.id = i.id AND p.state = 'paid'",
            $rest
        )
    };
}

mod bills;
mod checks;
mod search;

pub(crate) use bills::*;
pub(crate) use checks::*;
pub(crate) use search::*;

pub(crate) const FIND: &str = newest!("WHERE o.merchant = $1 AND o.number = $2");

pub(crate) const FIND_ROW: &str = newest!("WHERE o.id = $1");

pub(crate) const FIND_PAY_HASH: &str = newest!("WHERE o.pay_hash = $1");

/// The order with a number, of any merchant.
pub(crate) const FIND_ANYWHERE: &str =
    newest!("WHERE o.merchant IN (SELECT id FROM qris_merchant) AND o.number = $1");

pub(crate) const FIND_INVOICE: &str = newest!(
    "WHERE o.id = (
         SELECT order_id FROM qris_invoice WHERE merchant = $1 AND qris_invoiceid = $2
     )"
);

pub(crate) const LIST: &str =
    newest!("WHERE o.merchant = $1 ORDER BY o.created_at DESC, o.number DESC LIMIT $2");

pub(crate) const UNACKNOWLEDGED: &str = newest!(
    "WHERE o.merchant = $1 AND o.state = 'paid' AND o.acknowledged_at IS NULL
         AND ($2 = '' OR o.channel = $2)
         AND o.id > coalesce((
             SELECT n.id FROM qris_order AS n WHERE n.merchant = $1 AND n.number = $3
         ), 0)
     ORDER BY o.id LIMIT $4"
);

pub(crate) const ACKNOWLEDGE: &str = "
    UPDATE qris_order SET acknowledged_at = $1
    WHERE id = $2 AND state = 'paid' AND acknowledged_at IS NULL
    RETURNING id";

pub(crate) const PAYMENTS: &str = invoices!(
    "WHERE i.merchant = $1 AND i.paid_at >= $2 AND i.paid_at < $3 ORDER BY i.paid_at, o.number"
);

pub(crate) const PAGE: &str = newest!("WHERE o.id > $1 ORDER BY o.id LIMIT $2");

/// All invoices of an order, oldest first.
pub(crate) const INVOICES: &str = "
    SELECT id, state, qris_invoiceid, qris_request_date, shown_until, watched_until, paid_at, rrn,
        answered_at, unanswered_at, final_answer_at, requested_at, method, customer_name
    FROM qris_invoice WHERE order_id = $1 ORDER BY id";

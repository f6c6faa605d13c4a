//! Lists of orders, by filter and by need for a person. Each uses indexes, so its cost does not depend on the
//! number of orders.

/// A page of the orders that match a filter: the ones before a time and a number, in list order. `$2` is all
/// the wanted states, joined by commas, or empty for any state.
pub(crate) const FILTERED: &str = newest!(
    "WHERE o.merchant = $1 AND ($2 = '' OR $2 LIKE '%' || o.state || '%')
         AND ($3 = '' OR o.channel = $3)
         AND o.created_at >= $4 AND (o.created_at, o.number) < ($5, $6)
     ORDER BY o.created_at DESC, o.number DESC LIMIT $7"
);

/// The orders with this number or RRN, at any age. The merchant's condition is in the inner query only: next
/// to the days, SQLite might scan all orders of those days.
pub(crate) const SEARCH_WHOLE: &str = newest!(
    "WHERE o.id IN (
         SELECT n.id FROM qris_order AS n WHERE n.merchant = $1 AND n.number IN ($2, $3, $4)
         UNION ALL
         SELECT r.order_id FROM qris_invoice AS r WHERE r.merchant = $1 AND r.rrn = $2
     )
         AND ($5 = '' OR $5 LIKE '%' || o.state || '%') AND ($6 = '' OR o.channel = $6)
         AND o.created_at >= $7 AND o.created_at < $8
     ORDER BY o.created_at DESC, o.number DESC LIMIT $9"
);

/// A page of the orders with an amount, at any age, and of the orders since `$9` that contain a text. Written
/// as CASE, the days do not keep SQLite from using the index of amounts.
pub(crate) const SEARCH: &str = newest!(
    "WHERE o.id IN (
         SELECT id FROM (
             SELECT a.id FROM qris_order AS a
             WHERE a.merchant = $1 AND ($2 = '' OR $2 LIKE '%' || a.state || '%')
                 AND ($3 = '' OR a.channel = $3)
                 AND CASE WHEN a.created_at >= $4 AND (a.created_at, a.number) < ($5, $6)
                     THEN 1 ELSE 0 END = 1
                 AND a.amount = $7
             ORDER BY a.created_at DESC, a.number DESC LIMIT $8
         ) AS with_amount
         UNION ALL
         SELECT id FROM (
             SELECT c.id FROM qris_order AS c
             WHERE c.merchant = $1 AND ($2 = '' OR $2 LIKE '%' || c.state || '%')
                 AND ($3 = '' OR c.channel = $3)
                 AND c.created_at >= $9 AND (c.created_at, c.number) < ($5, $6)
                 AND (lower(c.number) LIKE lower($10) ESCAPE '!'
                     OR lower(c.description) LIKE lower($10) ESCAPE '!'
                     OR lower(c.reference) LIKE lower($10) ESCAPE '!'
                     OR (SELECT lower(p.rrn) LIKE lower($10) ESCAPE '!'
                             OR lower(p.method) LIKE lower($10) ESCAPE '!'
                         FROM qris_invoice AS p WHERE p.id = c.paid_invoice))
             ORDER BY c.created_at DESC, c.number DESC LIMIT $8
         ) AS with_part
     )
     ORDER BY o.created_at DESC, o.number DESC LIMIT $8"
);

/// The time of the oldest order in the search for a part of a text.
pub(crate) const SEARCHED_SINCE: &str = "
    SELECT created_at FROM qris_order
    WHERE merchant = $1 AND created_at < $2 ORDER BY created_at DESC LIMIT 1 OFFSET $3";

/// The orders that need a person: an unknown outcome, or no answer since the end of watching.
pub(crate) const ATTENTION: &str = newest!(
    "WHERE o.id IN (
         SELECT u.order_id FROM qris_invoice AS u WHERE u.merchant = $1 AND u.state = 'unknown'
         UNION ALL
         SELECT w.order_id FROM qris_invoice AS w
         WHERE w.merchant = $1 AND w.unanswered_at IS NOT NULL AND w.state IN ('pending', 'expired')
             AND w.watched_until <= $2
     )
     ORDER BY o.created_at DESC, o.number DESC LIMIT $3"
);

-- Format 4: orders, each with any number of the provider's invoices, of any number of merchants.
--
-- The constraints refuse values that no version of this program writes. SQLite checks only the columns that
-- a statement changes, so an existing invalid row does not block changes of the others.

CREATE TABLE qris_merchant (
    id           INTEGER PRIMARY KEY NOT NULL,
    name         TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 32 AND name NOT GLOB '*[^a-z0-9_-]*'),
    -- The account of its invoices, without secrets, and their NMID.
    host         TEXT,
    digest       TEXT,
    nmid         TEXT,
    -- The number of consecutive payments that a webhook announced before a check found them, and the time
    -- of the last one.
    announced    BIGINT NOT NULL DEFAULT 0,
    announced_at TEXT,
    -- The last day whose unpaid invoices were checked once more.
    swept_on     TEXT,
    CHECK ((host IS NULL) = (digest IS NULL))
);
INSERT INTO qris_merchant (id, name, nmid) VALUES (1, 'main', (
    SELECT qris_nmid FROM qris_invoice WHERE qris_nmid IS NOT NULL
    ORDER BY requested_at DESC, number DESC LIMIT 1));

ALTER TABLE qris_invoice RENAME TO qris_invoice_3;
ALTER TABLE qris_event RENAME TO qris_event_3;
DROP INDEX qris_invoice_requested;
DROP INDEX qris_invoice_paid;
DROP INDEX qris_invoice_made;
DROP INDEX qris_invoice_expiry;
DROP INDEX qris_invoice_check;
DROP INDEX qris_invoice_intent;
DROP INDEX qris_invoice_unwatched;
DROP INDEX qris_event_number;
DROP TRIGGER qris_event_is_not_changed;
DROP TRIGGER qris_event_is_not_deleted;

-- Orders.
CREATE TABLE qris_order (
    id              INTEGER PRIMARY KEY NOT NULL,
    merchant        BIGINT NOT NULL REFERENCES qris_merchant (id),
    number          TEXT NOT NULL CHECK (typeof(number) = 'text' AND length(number) BETWEEN 1 AND 64
                        AND number NOT GLOB '*[^ -~]*'),
    amount          BIGINT NOT NULL CHECK (typeof(amount) = 'integer' AND amount >= 0),
    channel         TEXT NOT NULL CHECK (channel IN ('pos', 'ecommerce', 'bill')),
    tip             BIGINT NOT NULL DEFAULT 0 CHECK (tip IN (0, 1)),
    description     TEXT CHECK (typeof(description) IN ('text', 'null')),
    -- The caller's own identifier of the order, and its own data as JSON.
    reference       TEXT CHECK (typeof(reference) IN ('text', 'null')),
    metadata        TEXT CHECK (typeof(metadata) IN ('text', 'null')),
    state           TEXT NOT NULL CHECK (state IN ('open', 'requested', 'pending', 'paid', 'expired',
                        'rejected', 'unknown', 'cancelled')),
    created_at      TEXT NOT NULL
        CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    due_at          TEXT
        CHECK (due_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    -- How long its codes are shown, if not the usual time.
    shown_seconds   BIGINT CHECK (typeof(shown_seconds) IN ('integer', 'null')),
    -- The number of its invoices, the newest one, and the one that paid it.
    invoices        BIGINT NOT NULL DEFAULT 0,
    invoice         BIGINT,
    paid_invoice    BIGINT,
    -- The excess amount in rupiah.
    overpaid        BIGINT NOT NULL DEFAULT 0 CHECK (typeof(overpaid) = 'integer' AND overpaid >= 0),
    -- When a program acknowledged the payment.
    acknowledged_at TEXT
        CHECK (acknowledged_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    -- The URL that receives this order's events, in addition to the merchant's endpoints.
    notify_url      TEXT CHECK (typeof(notify_url) IN ('text', 'null')),
    -- Where the payer's page links to after the payment, and the SHA-256 of the page's secret. The secret
    -- itself is not stored.
    return_url      TEXT CHECK (typeof(return_url) IN ('text', 'null')),
    pay_hash        TEXT CHECK (typeof(pay_hash) IN ('text', 'null')),
    -- The values in the order's last event: its state, the excess amount, and the number of codes with an
    -- unknown outcome. NULL before the first event.
    told_state      TEXT,
    told_overpaid   BIGINT NOT NULL DEFAULT 0,
    told_unknown    BIGINT NOT NULL DEFAULT 0,
    -- Whether its due date passed while it was unpaid, and whether an event reported that.
    overdue         BIGINT NOT NULL DEFAULT 0 CHECK (overdue IN (0, 1)),
    told_overdue    BIGINT NOT NULL DEFAULT 0,
    CHECK ((state = 'paid') = (paid_invoice IS NOT NULL)),
    UNIQUE (merchant, number)
);

-- The provider's invoices: one QR each. The first four column names are from the API's documentation.
CREATE TABLE qris_invoice (
    id                INTEGER PRIMARY KEY NOT NULL,
    merchant          BIGINT NOT NULL REFERENCES qris_merchant (id),
    order_id          BIGINT NOT NULL REFERENCES qris_order (id),
    state             TEXT NOT NULL CHECK (state IN ('requested', 'pending', 'paid', 'expired',
                          'rejected', 'unknown', 'resolved')),
    requested_at      TEXT NOT NULL
        CHECK (requested_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    qris_content      TEXT CHECK (typeof(qris_content) IN ('text', 'null')),
    qris_request_date TEXT
        CHECK (qris_request_date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    qris_invoiceid    BIGINT CHECK (qris_invoiceid IS NULL
                          OR (typeof(qris_invoiceid) = 'integer' AND qris_invoiceid >= 0)),
    qris_nmid         TEXT CHECK (typeof(qris_nmid) IN ('text', 'null')),
    -- Until when the code is shown, can be paid, and is watched.
    shown_until       TEXT
        CHECK (shown_until GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    expires_at        TEXT
        CHECK (expires_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    watched_until     TEXT
        CHECK (watched_until GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    -- The payment. A webhook's time has its own column until a check confirms the payment.
    paid_at           TEXT
        CHECK (paid_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    method            TEXT CHECK (typeof(method) IN ('text', 'null')),
    customer_name     TEXT CHECK (typeof(customer_name) IN ('text', 'null')),
    rrn               TEXT CHECK (typeof(rrn) IN ('text', 'null')),
    note              TEXT CHECK (typeof(note) IN ('text', 'null')),
    api_version       TEXT CHECK (typeof(api_version) IN ('text', 'null')),
    hinted_paid_at    TEXT
        CHECK (hinted_paid_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    -- When the next check is due, and when it was scheduled. If the second time is in the future, the clock
    -- was set back since.
    next_check_at     TEXT
        CHECK (next_check_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    check_set_at      TEXT
        CHECK (check_set_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    -- When a check was last started. The next one waits for the gap, except after a first webhook.
    asked_at          TEXT
        CHECK (asked_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    -- The time of the last check and of the last "not paid" answer, the number of scheduled checks, and the
    -- number of consecutive checks without an answer after the end or while a webhook was open.
    checked_at        TEXT
        CHECK (checked_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    answered_at       TEXT
        CHECK (answered_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    checks            BIGINT NOT NULL DEFAULT 0,
    failures          BIGINT NOT NULL DEFAULT 0,
    -- When the last check had no answer. NULL after a check with an answer.
    unanswered_at     TEXT
        CHECK (unanswered_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    -- When the provider answered "not paid" at or after the end of watching.
    final_answer_at   TEXT
        CHECK (final_answer_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    -- Why the next check goes before the scheduled ones.
    early             TEXT CHECK (early IN ('button', 'hint')),
    presses           BIGINT NOT NULL DEFAULT 0,
    pressed_at        TEXT
        CHECK (pressed_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    -- When a webhook last came, and the number of answers that an open one still waits for.
    hinted_at         TEXT
        CHECK (hinted_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    hint_checks       BIGINT NOT NULL DEFAULT 0,
    -- An invoice has all of its columns or none, and only a complete one can be pending or paid.
    CHECK ((qris_content IS NULL) = (qris_invoiceid IS NULL)),
    CHECK ((qris_request_date IS NULL) = (qris_invoiceid IS NULL)),
    CHECK ((qris_nmid IS NULL) = (qris_invoiceid IS NULL)),
    CHECK ((shown_until IS NULL) = (qris_invoiceid IS NULL)),
    CHECK ((expires_at IS NULL) = (qris_invoiceid IS NULL)),
    CHECK ((watched_until IS NULL) = (qris_invoiceid IS NULL)),
    CHECK (state IN ('requested', 'rejected', 'unknown', 'resolved') OR qris_invoiceid IS NOT NULL),
    CHECK ((state = 'paid') = (paid_at IS NOT NULL)),
    UNIQUE (merchant, qris_invoiceid)
);

CREATE TABLE qris_event (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id BIGINT NOT NULL REFERENCES qris_order (id),
    invoice  BIGINT REFERENCES qris_invoice (id),
    at       TEXT NOT NULL
        CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    state    TEXT NOT NULL CHECK (state IN ('open', 'requested', 'pending', 'paid', 'expired',
                   'rejected', 'unknown', 'cancelled')),
    -- The actor: a person, a program or a part of this program.
    actor    TEXT CHECK (typeof(actor) IN ('text', 'null')),
    detail   TEXT CHECK (typeof(detail) IN ('text', 'null'))
);

-- The columns that a report adds up, by day in WIB.
CREATE TABLE qris_total (
    merchant BIGINT NOT NULL REFERENCES qris_merchant (id),
    day      TEXT NOT NULL,
    channel  TEXT NOT NULL,
    invoices BIGINT NOT NULL DEFAULT 0,
    payments BIGINT NOT NULL DEFAULT 0,
    paid     BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (merchant, day, channel)
);

-- The budget of a merchant's key: one row for each check allowed in a minute, with the time of its last
-- use.
DROP TABLE qris_turn;
CREATE TABLE qris_turn (
    merchant BIGINT NOT NULL REFERENCES qris_merchant (id),
    slot     BIGINT NOT NULL,
    taken_at TEXT
        CHECK (taken_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    PRIMARY KEY (merchant, slot)
);

-- Provider invoices that have no row in qris_invoice. A webhook named them, or a person did for a number.
CREATE TABLE qris_unbooked (
    merchant       BIGINT NOT NULL REFERENCES qris_merchant (id),
    qris_invoiceid BIGINT NOT NULL,
    received_at    TEXT NOT NULL
        CHECK (received_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    status         TEXT NOT NULL,
    rrn            TEXT CHECK (typeof(rrn) IN ('text', 'null')),
    note           TEXT CHECK (typeof(note) IN ('text', 'null')),
    paid_at        TEXT
        CHECK (paid_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    method         TEXT CHECK (typeof(method) IN ('text', 'null')),
    customer_name  TEXT CHECK (typeof(customer_name) IN ('text', 'null')),
    number         TEXT CHECK (typeof(number) IN ('text', 'null')),
    tries          BIGINT NOT NULL DEFAULT 0,
    next_check_at  TEXT
        CHECK (next_check_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    PRIMARY KEY (merchant, qris_invoiceid)
);

-- Events for other programs, in commit order. The step that an event reports writes its row. `cursor`
-- counts each merchant's rows without a gap.
CREATE TABLE qris_outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    merchant   BIGINT NOT NULL REFERENCES qris_merchant (id),
    cursor     BIGINT NOT NULL,
    -- The same in all deliveries of this row.
    webhook_id TEXT NOT NULL UNIQUE,
    order_id   BIGINT NOT NULL REFERENCES qris_order (id),
    type       TEXT NOT NULL CHECK (type IN ('order.created', 'order.paid', 'order.paid_late',
                   'order.overpaid', 'order.expired', 'order.overdue', 'order.cancelled',
                   'order.unknown', 'order.resolved')),
    at         TEXT NOT NULL
        CHECK (at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    -- The signed and sent body: JSON with the order at that time.
    payload    TEXT NOT NULL,
    UNIQUE (merchant, cursor)
);

-- The last cursor of each merchant. Its row is locked until the event is committed, so that no later cursor
-- is visible before an earlier one.
CREATE TABLE qris_outbox_cursor (
    merchant BIGINT PRIMARY KEY NOT NULL REFERENCES qris_merchant (id),
    last     BIGINT NOT NULL
);

-- The endpoints that receive events. The secret signs the events, so it is stored unencrypted.
CREATE TABLE qris_endpoint (
    id               INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    merchant         BIGINT NOT NULL REFERENCES qris_merchant (id),
    -- NULL: the `notify_url` of each order.
    url              TEXT,
    -- The event types to send, with a space before and after each. Empty means all.
    events           TEXT NOT NULL DEFAULT '',
    secret           TEXT NOT NULL,
    -- The secret before the rotation, and until when it signs too.
    old_secret       TEXT,
    old_secret_until TEXT
        CHECK (old_secret_until GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    state            TEXT NOT NULL CHECK (state IN ('enabled', 'disabled', 'gone', 'deleted')),
    created_at       TEXT NOT NULL
        CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00')
);

-- Deliveries of events to endpoints, and their results.
CREATE TABLE qris_delivery (
    id           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    merchant     BIGINT NOT NULL REFERENCES qris_merchant (id),
    endpoint     BIGINT NOT NULL REFERENCES qris_endpoint (id),
    event        BIGINT NOT NULL REFERENCES qris_outbox (id),
    order_id     BIGINT NOT NULL REFERENCES qris_order (id),
    state        TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'given-up')),
    tries        BIGINT NOT NULL DEFAULT 0,
    -- When the next attempt is due. During an attempt, when another process may make it.
    next_try_at  TEXT NOT NULL
        CHECK (next_try_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    tried_at     TEXT
        CHECK (tried_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    delivered_at TEXT
        CHECK (delivered_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    -- The HTTP status of the last answer, and why the last attempt failed, in one word.
    status       BIGINT,
    failure      TEXT
);

-- Recurring bills: each plan makes one order for each period. Dates are in WIB, as YYYY-MM-DD.
CREATE TABLE qris_plan (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    merchant           BIGINT NOT NULL REFERENCES qris_merchant (id),
    -- The beginning of its orders' numbers.
    prefix             TEXT NOT NULL,
    amount             BIGINT NOT NULL CHECK (typeof(amount) = 'integer' AND amount > 0),
    period             TEXT NOT NULL CHECK (period IN ('weekly', 'monthly', 'yearly')),
    -- The day of the month, if the period is monthly.
    day                BIGINT CHECK (day BETWEEN 1 AND 31),
    first_date         TEXT NOT NULL CHECK (first_date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
    last_date          TEXT CHECK (last_date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
    -- How many days after its date an order is due.
    due_days           BIGINT NOT NULL,
    customer_reference TEXT CHECK (typeof(customer_reference) IN ('text', 'null')),
    customer_name      TEXT CHECK (typeof(customer_name) IN ('text', 'null')),
    description        TEXT CHECK (typeof(description) IN ('text', 'null')),
    state              TEXT NOT NULL CHECK (state IN ('active', 'paused', 'ended')),
    -- The date of its next order.
    next_date          TEXT CHECK (next_date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
    created_at         TEXT NOT NULL
        CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    CHECK ((period = 'monthly') = (day IS NOT NULL)),
    CHECK ((state = 'ended') = (next_date IS NULL)),
    UNIQUE (merchant, prefix)
);

-- One row that is written to check that writes succeed.
CREATE TABLE qris_write_check (
    id     INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    filler TEXT NOT NULL
);
INSERT INTO qris_write_check (id, filler) VALUES (1, '');

-- Migrates formats 1 to 3, in which a number was an order with its only invoice.
INSERT INTO qris_order (id, merchant, number, amount, channel, state, created_at, invoices, invoice,
    paid_invoice, acknowledged_at, told_state, told_unknown)
SELECT rowid, 1, number, amount, channel, state, requested_at, 1, rowid,
    CASE WHEN state = 'paid' THEN rowid END, paid_at,
    state, CASE WHEN state = 'unknown' THEN 1 ELSE 0 END
FROM qris_invoice_3;
INSERT INTO qris_invoice (id, merchant, order_id, state, requested_at, qris_content,
    qris_request_date, qris_invoiceid, qris_nmid, shown_until, expires_at, watched_until, paid_at,
    method, customer_name, next_check_at, unanswered_at, presses, pressed_at, hinted_at)
SELECT rowid, 1, rowid,
    CASE state WHEN 'cancelled' THEN 'expired' ELSE state END,
    requested_at, qris_content, qris_request_date, qris_invoiceid, qris_nmid,
    min(expires_at, strftime('%Y-%m-%dT%H:%M:%S', qris_request_date, '+7 hours', '+30 minutes')
        || '+07:00'),
    expires_at,
    strftime('%Y-%m-%dT%H:%M:%S', expires_at, '+7 hours', '+10 minutes') || '+07:00',
    paid_at, method, customer_name, next_check_at, unanswered_at, presses, pressed_at, hinted_at
FROM qris_invoice_3;
INSERT INTO qris_event (order_id, invoice, at, state)
SELECT qris_order.id, qris_order.invoice, at, qris_event_3.state
FROM qris_event_3 JOIN qris_order ON qris_order.number = qris_event_3.number
ORDER BY qris_event_3.id;
INSERT INTO qris_total (merchant, day, channel, invoices, payments, paid)
SELECT 1, day, channel, sum(invoices), sum(payments), sum(paid) FROM (
    SELECT substr(requested_at, 1, 10) AS day, channel, 1 AS invoices, 0 AS payments, 0 AS paid
    FROM qris_invoice_3
    WHERE qris_invoiceid IS NOT NULL AND requested_at GLOB '????-??-??T??:??:??+07:00'
    UNION ALL
    SELECT substr(paid_at, 1, 10), channel, 0, 1, amount FROM qris_invoice_3
    WHERE paid_at GLOB '????-??-??T??:??:??+07:00' AND typeof(amount) = 'integer' AND amount >= 0
) GROUP BY day, channel;
-- Invoices that may be paid but are no longer checked are checked once more: newest first, one every six
-- seconds, so that today's checks have free slots.
UPDATE qris_invoice SET next_check_at = later.at
FROM (
    SELECT id, strftime('%Y-%m-%dT%H:%M:%S', 'now', '+7 hours',
        '+' || (6 * row_number() OVER (ORDER BY requested_at DESC, id DESC)) || ' seconds')
        || '+07:00' AS at
    FROM qris_invoice WHERE state IN ('pending', 'expired') AND next_check_at IS NULL
) AS later
WHERE qris_invoice.id = later.id;
DROP TABLE qris_event_3;
DROP TABLE qris_invoice_3;

CREATE INDEX qris_order_created ON qris_order (merchant, created_at, number);
CREATE UNIQUE INDEX qris_order_pay_hash ON qris_order (pay_hash) WHERE pay_hash IS NOT NULL;
CREATE INDEX qris_order_unfinished ON qris_order (merchant, state)
    WHERE state IN ('requested', 'pending', 'unknown');
CREATE INDEX qris_order_unacknowledged ON qris_order (merchant, id)
    WHERE state = 'paid' AND acknowledged_at IS NULL;
-- Due orders without an overdue event, and unpaid bills.
CREATE INDEX qris_order_due ON qris_order (merchant, due_at)
    WHERE overdue = 0 AND due_at IS NOT NULL AND state NOT IN ('paid', 'cancelled');
CREATE INDEX qris_order_owed ON qris_order (merchant, due_at)
    WHERE channel = 'bill' AND state NOT IN ('paid', 'cancelled');
CREATE INDEX qris_plan_due ON qris_plan (merchant, next_date) WHERE state = 'active';
CREATE INDEX qris_invoice_order ON qris_invoice (order_id);
CREATE INDEX qris_invoice_paid ON qris_invoice (merchant, paid_at) WHERE paid_at IS NOT NULL;
CREATE INDEX qris_invoice_expiry ON qris_invoice (merchant, shown_until) WHERE state = 'pending';
CREATE INDEX qris_invoice_intent ON qris_invoice (merchant, requested_at) WHERE state = 'requested';
-- A code belongs to one order.
CREATE INDEX qris_invoice_content ON qris_invoice (qris_content) WHERE qris_content IS NOT NULL;
CREATE INDEX qris_invoice_check ON qris_invoice (merchant, next_check_at)
    WHERE next_check_at IS NOT NULL AND early IS NULL;
CREATE INDEX qris_invoice_early ON qris_invoice (merchant, next_check_at)
    WHERE next_check_at IS NOT NULL AND early IS NOT NULL;
CREATE INDEX qris_invoice_check_set ON qris_invoice (merchant, check_set_at) WHERE next_check_at IS NOT NULL;
-- Invoices that may be paid and have no next check. The ones without a final answer get one.
CREATE INDEX qris_invoice_unwatched ON qris_invoice (merchant, final_answer_at)
    WHERE state IN ('pending', 'expired') AND next_check_at IS NULL;
CREATE INDEX qris_event_order ON qris_event (order_id);
CREATE INDEX qris_outbox_order ON qris_outbox (order_id);
CREATE INDEX qris_endpoint_merchant ON qris_endpoint (merchant);
CREATE INDEX qris_delivery_due ON qris_delivery (endpoint, next_try_at) WHERE state = 'pending';
-- An endpoint receives an order's events one after the other.
CREATE INDEX qris_delivery_order ON qris_delivery (endpoint, order_id, id) WHERE state = 'pending';
CREATE INDEX qris_delivery_merchant ON qris_delivery (merchant, id);
CREATE INDEX qris_delivery_event ON qris_delivery (event);
CREATE INDEX qris_unbooked_received ON qris_unbooked (received_at);
CREATE INDEX qris_unbooked_check ON qris_unbooked (next_check_at) WHERE next_check_at IS NOT NULL;

CREATE TRIGGER qris_event_is_not_changed BEFORE UPDATE ON qris_event
BEGIN SELECT RAISE(ABORT, 'qris_event is append-only'); END;
CREATE TRIGGER qris_event_is_not_deleted BEFORE DELETE ON qris_event
BEGIN SELECT RAISE(ABORT, 'qris_event is append-only'); END;

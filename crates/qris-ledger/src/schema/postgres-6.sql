-- Stored totals, orders from settlements, journal and retention.

-- Tables that have many rows take longer than a step may.
SET LOCAL statement_timeout = 0;

-- What each invoice adds to the stored totals: one for its creation, one for its payment. Invalid rows add
-- nothing.
CREATE VIEW qris_counted (invoice, merchant, day, channel, shift, invoices, payments, paid) AS
SELECT i.id, i.merchant, to_char(i.requested_at AT TIME ZONE INTERVAL '7 hours', 'YYYY-MM-DD') COLLATE "C",
    o.channel, coalesce(o.shift, 0), 1::BIGINT, 0::BIGINT, 0::BIGINT
FROM qris_invoice AS i JOIN qris_order AS o ON o.id = i.order_id
WHERE i.qris_invoiceid IS NOT NULL
    AND i.requested_at >= TIMESTAMPTZ '0001-01-01 00:00:00+07'
    AND i.requested_at < TIMESTAMPTZ '10000-01-01 00:00:00+07'
    AND o.channel IN ('pos', 'ecommerce', 'bill')
UNION ALL
SELECT i.id, i.merchant, to_char(i.paid_at AT TIME ZONE INTERVAL '7 hours', 'YYYY-MM-DD') COLLATE "C",
    o.channel, CASE i.outside_shift WHEN 0 THEN coalesce(i.shift, 0) ELSE 0 END, 0, 1, o.amount
FROM qris_invoice AS i JOIN qris_order AS o ON o.id = i.order_id
WHERE i.paid_at >= TIMESTAMPTZ '0001-01-01 00:00:00+07'
    AND i.paid_at < TIMESTAMPTZ '10000-01-01 00:00:00+07'
    AND o.amount >= 0 AND o.channel IN ('pos', 'ecommerce', 'bill');

-- The stored totals, by day in WIB. `shift` is the shift of the payment or of the invoice's order, or 0 if
-- there is none.
DROP TABLE qris_total;
CREATE TABLE qris_total (
    merchant BIGINT NOT NULL REFERENCES qris_merchant (id),
    day      TEXT COLLATE "C" NOT NULL CHECK (day ~ '^[0-9]{4}-[01][0-9]-[0-3][0-9]$'),
    channel  TEXT COLLATE "C" NOT NULL CHECK (channel IN ('pos', 'ecommerce', 'bill')),
    shift    BIGINT NOT NULL,
    invoices BIGINT NOT NULL,
    payments BIGINT NOT NULL,
    paid     BIGINT NOT NULL,
    PRIMARY KEY (merchant, day, channel, shift)
) WITH (fillfactor = 50);
INSERT INTO qris_total (merchant, day, channel, shift, invoices, payments, paid)
SELECT merchant, day, channel, shift, sum(invoices), sum(payments), sum(paid) FROM qris_counted
GROUP BY merchant, day, channel, shift;

-- How often the stored totals were corrected. It is one row, so that two concurrent corrections do not both
-- apply.
CREATE TABLE qris_total_correction (
    id    BIGINT PRIMARY KEY CHECK (id = 1),
    times BIGINT NOT NULL
);
INSERT INTO qris_total_correction (id, times) VALUES (1, 0);

-- Indexes for searches by amount and RRN.
CREATE INDEX qris_order_amount ON qris_order (merchant, amount, created_at, number);
CREATE INDEX qris_invoice_rrn ON qris_invoice (merchant, rrn) WHERE rrn IS NOT NULL;
CREATE INDEX qris_invoice_hinted ON qris_invoice (merchant) WHERE hint_checks > 0;
-- The order that was recorded from a settlement line. If the line names no invoice, the id of its invoice
-- is 9000000000000000000 or more, which the provider never uses.
ALTER TABLE qris_settlement_line ADD COLUMN order_id BIGINT REFERENCES qris_order (id);
CREATE UNIQUE INDEX qris_settlement_line_order ON qris_settlement_line (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX qris_settlement_line_invoice ON qris_settlement_line (merchant, qris_invoiceid)
    WHERE qris_invoiceid IS NOT NULL;
CREATE INDEX qris_settlement_line_rrn ON qris_settlement_line (merchant, rrn) WHERE rrn IS NOT NULL;

-- The plan's last number that another order already had.
ALTER TABLE qris_plan ADD COLUMN taken_number TEXT;

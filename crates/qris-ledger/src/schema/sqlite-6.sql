-- Stored totals, orders from settlements, journal and retention.

-- What each invoice adds to the stored totals: one for its creation, one for its payment. Invalid rows add
-- nothing.
CREATE VIEW qris_counted (invoice, merchant, day, channel, shift, invoices, payments, paid) AS
SELECT i.id, i.merchant, substr(i.requested_at, 1, 10), o.channel,
    CASE typeof(o.shift) WHEN 'integer' THEN o.shift ELSE 0 END, 1, 0, 0
FROM qris_invoice AS i JOIN qris_order AS o ON o.id = i.order_id
WHERE i.qris_invoiceid IS NOT NULL
    AND i.requested_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'
    AND o.channel IN ('pos', 'ecommerce', 'bill')
UNION ALL
SELECT i.id, i.merchant, substr(i.paid_at, 1, 10), o.channel,
    CASE WHEN i.outside_shift = 0 AND typeof(i.shift) = 'integer' THEN i.shift ELSE 0 END, 0, 1, o.amount
FROM qris_invoice AS i JOIN qris_order AS o ON o.id = i.order_id
WHERE i.paid_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'
    AND typeof(o.amount) = 'integer' AND o.amount >= 0 AND o.channel IN ('pos', 'ecommerce', 'bill');

-- The stored totals, by day in WIB. `shift` is the shift of the payment or of the invoice's order, or 0 if
-- there is none.
DROP TABLE qris_total;
CREATE TABLE qris_total (
    merchant BIGINT NOT NULL REFERENCES qris_merchant (id),
    day      TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
    channel  TEXT NOT NULL CHECK (channel IN ('pos', 'ecommerce', 'bill')),
    shift    BIGINT NOT NULL CHECK (typeof(shift) = 'integer'),
    invoices BIGINT NOT NULL CHECK (typeof(invoices) = 'integer'),
    payments BIGINT NOT NULL CHECK (typeof(payments) = 'integer'),
    paid     BIGINT NOT NULL CHECK (typeof(paid) = 'integer'),
    PRIMARY KEY (merchant, day, channel, shift)
) WITHOUT ROWID;
INSERT INTO qris_total (merchant, day, channel, shift, invoices, payments, paid)
SELECT merchant, day, channel, shift, sum(invoices), sum(payments), sum(paid) FROM qris_counted
GROUP BY merchant, day, channel, shift HAVING merchant IN (SELECT id FROM qris_merchant);

-- How often the stored totals were corrected. It is one row, so that two concurrent corrections do not both
-- apply.
CREATE TABLE qris_total_correction (
    id    BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
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

-- REPLACE deletes rows without the triggers of a deletion, for any program that writes to the file.
CREATE TRIGGER qris_shift_is_not_replaced BEFORE INSERT ON qris_shift
WHEN EXISTS (SELECT 1 FROM qris_shift WHERE id = NEW.id OR (merchant = NEW.merchant AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'a shift is not replaced'); END;
CREATE TRIGGER qris_shift_keeps_its_number BEFORE UPDATE ON qris_shift
WHEN NEW.id <> OLD.id OR NEW.merchant <> OLD.merchant OR NEW.number <> OLD.number
BEGIN SELECT RAISE(ABORT, 'a shift keeps its number'); END;
CREATE TRIGGER qris_event_is_not_replaced BEFORE INSERT ON qris_event
WHEN EXISTS (SELECT 1 FROM qris_event WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'qris_event is append-only'); END;

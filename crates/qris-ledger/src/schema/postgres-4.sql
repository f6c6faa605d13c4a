-- Until when the code is shown: 30 minutes, and no longer than it is valid.
ALTER TABLE qris_invoice ADD COLUMN shown_until TIMESTAMPTZ;
UPDATE qris_invoice
SET shown_until = least(expires_at, qris_request_date + INTERVAL '30 minutes')
WHERE qris_invoiceid IS NOT NULL;
ALTER TABLE qris_invoice ADD CHECK ((shown_until IS NULL) = (qris_invoiceid IS NULL));
DROP INDEX qris_invoice_expiry;
CREATE INDEX qris_invoice_expiry ON qris_invoice (shown_until) WHERE state = 'pending';

-- What a payment says beside who, how and when. A webhook's time is kept apart until a check has
-- confirmed the payment.
ALTER TABLE qris_invoice ADD COLUMN rrn TEXT;
ALTER TABLE qris_invoice ADD COLUMN note TEXT;
ALTER TABLE qris_invoice ADD COLUMN api_version TEXT;
ALTER TABLE qris_invoice ADD COLUMN hinted_paid_at TIMESTAMPTZ;

-- What there is to say of a step beside the state.
ALTER TABLE qris_event ADD COLUMN detail TEXT;

-- A code belongs to one number.
CREATE INDEX qris_invoice_content ON qris_invoice (qris_content) WHERE qris_content IS NOT NULL;

-- The account that the invoices are of: one row.
CREATE TABLE qris_account (
    id     BIGINT PRIMARY KEY CHECK (id = 1),
    host   TEXT,
    digest TEXT,
    nmid   TEXT,
    CHECK ((host IS NULL) = (digest IS NULL))
);
INSERT INTO qris_account (id, nmid) VALUES (1, (
    SELECT qris_nmid FROM qris_invoice WHERE qris_nmid IS NOT NULL
    ORDER BY requested_at DESC, number DESC LIMIT 1));

-- What the caller calls the charge; the same again is the same charge, on another day too.
ALTER TABLE qris_invoice ADD COLUMN reference TEXT;

-- Invoices of the provider that no row of qris_invoice has: a webhook named them, or a person did,
-- who said of which number they are.
CREATE TABLE qris_unbooked (
    qris_invoiceid BIGINT PRIMARY KEY,
    received_at    TIMESTAMPTZ NOT NULL,
    status         TEXT NOT NULL,
    rrn            TEXT,
    note           TEXT,
    paid_at        TIMESTAMPTZ,
    method         TEXT,
    customer_name  TEXT,
    number         TEXT COLLATE "C",
    tries          BIGINT NOT NULL DEFAULT 0,
    next_check_at  TIMESTAMPTZ
);
CREATE INDEX qris_unbooked_received ON qris_unbooked (received_at);
CREATE INDEX qris_unbooked_check ON qris_unbooked (next_check_at) WHERE next_check_at IS NOT NULL;

CREATE TABLE qris_invoice (
    number            TEXT PRIMARY KEY NOT NULL,
    amount            BIGINT NOT NULL,
    channel           TEXT NOT NULL CHECK (channel IN ('pos', 'ecommerce', 'bill')),
    state             TEXT NOT NULL CHECK (state IN (
                          'requested', 'pending', 'paid', 'expired', 'rejected', 'unknown', 'cancelled')),
    requested_at      TEXT NOT NULL,
    qris_content      TEXT,
    qris_request_date TEXT,
    qris_invoiceid    BIGINT UNIQUE,
    qris_nmid         TEXT,
    expires_at        TEXT,
    paid_at           TEXT,
    method            TEXT,
    customer_name     TEXT,
    next_check_at     TEXT,
    -- An invoice has all of its columns or none, and only a complete one can be pending or paid.
    CHECK ((qris_content IS NULL) = (qris_invoiceid IS NULL)),
    CHECK ((qris_request_date IS NULL) = (qris_invoiceid IS NULL)),
    CHECK ((qris_nmid IS NULL) = (qris_invoiceid IS NULL)),
    CHECK ((expires_at IS NULL) = (qris_invoiceid IS NULL)),
    CHECK (state IN ('requested', 'rejected', 'unknown') OR qris_invoiceid IS NOT NULL),
    CHECK ((state = 'paid') = (paid_at IS NOT NULL))
);
CREATE INDEX qris_invoice_requested ON qris_invoice (requested_at, number);
CREATE INDEX qris_invoice_paid ON qris_invoice (paid_at) WHERE paid_at IS NOT NULL;
CREATE INDEX qris_invoice_expiry ON qris_invoice (expires_at) WHERE state = 'pending';
CREATE INDEX qris_invoice_check ON qris_invoice (next_check_at) WHERE next_check_at IS NOT NULL;

CREATE TABLE qris_event (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    number TEXT NOT NULL REFERENCES qris_invoice (number),
    at     TEXT NOT NULL,
    state  TEXT NOT NULL
);
CREATE INDEX qris_event_number ON qris_event (number);
CREATE TRIGGER qris_event_is_not_changed BEFORE UPDATE ON qris_event
BEGIN SELECT RAISE(ABORT, 'qris_event is append-only'); END;
CREATE TRIGGER qris_event_is_not_deleted BEFORE DELETE ON qris_event
BEGIN SELECT RAISE(ABORT, 'qris_event is append-only'); END;

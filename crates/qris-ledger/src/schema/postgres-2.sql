CREATE TABLE qris_invoice (
    number            TEXT COLLATE "C" PRIMARY KEY,
    amount            BIGINT NOT NULL,
    channel           TEXT COLLATE "C" NOT NULL CHECK (channel IN ('pos', 'ecommerce', 'bill')),
    state             TEXT NOT NULL CHECK (state IN (
                          'requested', 'pending', 'paid', 'expired', 'rejected', 'unknown', 'cancelled')),
    requested_at      TIMESTAMPTZ NOT NULL,
    qris_content      TEXT,
    qris_request_date TIMESTAMPTZ,
    qris_invoiceid    BIGINT UNIQUE,
    qris_nmid         TEXT,
    expires_at        TIMESTAMPTZ,
    paid_at           TIMESTAMPTZ,
    method            TEXT,
    customer_name     TEXT,
    next_check_at     TIMESTAMPTZ,
    presses           BIGINT NOT NULL DEFAULT 0,
    pressed_at        TIMESTAMPTZ,
    hinted_at         TIMESTAMPTZ,
    -- An invoice has all of its columns or none, and only a complete one can be pending or paid.
    CHECK ((qris_content IS NULL) = (qris_invoiceid IS NULL)),
    CHECK ((qris_request_date IS NULL) = (qris_invoiceid IS NULL)),
    CHECK ((qris_nmid IS NULL) = (qris_invoiceid IS NULL)),
    CHECK ((expires_at IS NULL) = (qris_invoiceid IS NULL)),
    CHECK (state IN ('requested', 'rejected', 'unknown') OR qris_invoiceid IS NOT NULL),
    CHECK ((state = 'paid') = (paid_at IS NOT NULL))
);
CREATE INDEX qris_invoice_requested ON qris_invoice (requested_at, number);
-- The index contains the columns that a report adds up.
CREATE INDEX qris_invoice_paid ON qris_invoice (paid_at, channel, amount)
    WHERE paid_at IS NOT NULL;
CREATE INDEX qris_invoice_made ON qris_invoice (requested_at, channel)
    WHERE qris_invoiceid IS NOT NULL;
CREATE INDEX qris_invoice_expiry ON qris_invoice (expires_at) WHERE state = 'pending';
CREATE INDEX qris_invoice_check ON qris_invoice (next_check_at) WHERE next_check_at IS NOT NULL;
CREATE INDEX qris_invoice_intent ON qris_invoice (requested_at) WHERE state = 'requested';
CREATE INDEX qris_invoice_unwatched ON qris_invoice (expires_at)
    WHERE state = 'expired' AND next_check_at IS NULL;

CREATE TABLE qris_event (
    id     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number TEXT COLLATE "C" NOT NULL REFERENCES qris_invoice (number),
    at     TIMESTAMPTZ NOT NULL,
    state  TEXT NOT NULL
);
CREATE INDEX qris_event_number ON qris_event (number);
CREATE FUNCTION qris_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'qris_event is append-only'; END $$;
CREATE TRIGGER qris_event_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON qris_event
FOR EACH STATEMENT EXECUTE FUNCTION qris_event_is_append_only();

-- The key's budget: one row for each check allowed in a minute, with the time of its last use.
CREATE TABLE qris_turn (
    slot     BIGINT PRIMARY KEY,
    taken_at TIMESTAMPTZ
);

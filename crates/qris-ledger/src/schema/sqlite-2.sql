ALTER TABLE qris_invoice ADD COLUMN presses BIGINT NOT NULL DEFAULT 0;
ALTER TABLE qris_invoice ADD COLUMN pressed_at TEXT;
ALTER TABLE qris_invoice ADD COLUMN hinted_at TEXT;
CREATE INDEX qris_invoice_intent ON qris_invoice (requested_at) WHERE state = 'requested';

-- The key's budget: one row for each check that may be made in a minute, and when it last was.
CREATE TABLE qris_turn (
    slot     INTEGER PRIMARY KEY NOT NULL,
    taken_at TEXT
);

ALTER TABLE qris_invoice ADD COLUMN presses BIGINT NOT NULL DEFAULT 0;
ALTER TABLE qris_invoice ADD COLUMN pressed_at TEXT;
ALTER TABLE qris_invoice ADD COLUMN hinted_at TEXT;
CREATE INDEX qris_invoice_intent ON qris_invoice (requested_at) WHERE state = 'requested';
CREATE INDEX qris_invoice_unwatched ON qris_invoice (expires_at)
    WHERE state = 'expired' AND next_check_at IS NULL;

-- The key's budget: one row for each check allowed in a minute, with the time of its last use.
CREATE TABLE qris_turn (
    slot     INTEGER PRIMARY KEY NOT NULL,
    taken_at TEXT
);

-- The index contains the columns that a report adds up.
DROP INDEX qris_invoice_paid;
CREATE INDEX qris_invoice_paid ON qris_invoice (paid_at, channel, amount)
    WHERE paid_at IS NOT NULL;
CREATE INDEX qris_invoice_made ON qris_invoice (requested_at, channel)
    WHERE qris_invoiceid IS NOT NULL;

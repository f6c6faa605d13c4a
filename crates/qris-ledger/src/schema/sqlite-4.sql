-- Until when the code is shown: 30 minutes, and no longer than it is valid.
ALTER TABLE qris_invoice ADD COLUMN shown_until TEXT;
UPDATE qris_invoice
SET shown_until = min(
    expires_at,
    strftime('%Y-%m-%dT%H:%M:%S', qris_request_date, '+7 hours', '+30 minutes') || '+07:00')
WHERE qris_invoiceid IS NOT NULL;
DROP INDEX qris_invoice_expiry;
CREATE INDEX qris_invoice_expiry ON qris_invoice (shown_until) WHERE state = 'pending';

-- What a payment says beside who, how and when. A webhook's time is kept apart until a check has
-- confirmed the payment.
ALTER TABLE qris_invoice ADD COLUMN rrn TEXT;
ALTER TABLE qris_invoice ADD COLUMN note TEXT;
ALTER TABLE qris_invoice ADD COLUMN api_version TEXT;
ALTER TABLE qris_invoice ADD COLUMN hinted_paid_at TEXT;

-- What there is to say of a step beside the state.
ALTER TABLE qris_event ADD COLUMN detail TEXT;

-- A code belongs to one number.
CREATE INDEX qris_invoice_content ON qris_invoice (qris_content) WHERE qris_content IS NOT NULL;

-- The account that the invoices are of: one row.
CREATE TABLE qris_account (
    id     INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    host   TEXT,
    digest TEXT,
    nmid   TEXT,
    CHECK ((host IS NULL) = (digest IS NULL))
);
INSERT INTO qris_account (id, nmid) VALUES (1, (
    SELECT qris_nmid FROM qris_invoice WHERE qris_nmid IS NOT NULL
    ORDER BY requested_at DESC, number DESC LIMIT 1));

-- The schedule of an invoice's checks. Whoever sets next_check_at says when it did: a time of
-- setting that lies ahead is of a clock that was set back since.
ALTER TABLE qris_invoice ADD COLUMN check_set_at TEXT;
-- The last check that was made, and how many the schedule made.
ALTER TABLE qris_invoice ADD COLUMN checked_at TEXT;
ALTER TABLE qris_invoice ADD COLUMN checks BIGINT NOT NULL DEFAULT 0;
-- How many checks in a row had no answer after validity and grace, or while a webhook was open.
ALTER TABLE qris_invoice ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
-- When the provider answered "not paid" at or after the end of validity and grace.
ALTER TABLE qris_invoice ADD COLUMN final_answer_at TEXT;
-- Why the next check goes before the schedule's.
ALTER TABLE qris_invoice ADD COLUMN early TEXT CHECK (early IN ('button', 'hint'));
-- How many answers an open webhook still waits for.
ALTER TABLE qris_invoice ADD COLUMN hint_checks BIGINT NOT NULL DEFAULT 0;
CREATE INDEX qris_invoice_early ON qris_invoice (next_check_at) WHERE early IS NOT NULL;
CREATE INDEX qris_invoice_check_set ON qris_invoice (check_set_at) WHERE next_check_at IS NOT NULL;
-- What may be paid and has no next check: those without a final answer get one.
DROP INDEX qris_invoice_unwatched;
CREATE INDEX qris_invoice_unwatched ON qris_invoice (final_answer_at)
    WHERE state IN ('pending', 'expired', 'cancelled') AND next_check_at IS NULL;

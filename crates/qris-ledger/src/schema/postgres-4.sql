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

-- The schedule of an invoice's checks. Whoever sets next_check_at says when it did: a time of
-- setting that lies ahead is of a clock that was set back since.
ALTER TABLE qris_invoice ADD COLUMN check_set_at TIMESTAMPTZ;
-- The last check that was made, and how many the schedule made.
ALTER TABLE qris_invoice ADD COLUMN checked_at TIMESTAMPTZ;
ALTER TABLE qris_invoice ADD COLUMN checks BIGINT NOT NULL DEFAULT 0;
-- How many checks in a row had no answer after validity and grace, or while a webhook was open.
ALTER TABLE qris_invoice ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
-- When the provider answered "not paid" at or after the end of validity and grace.
ALTER TABLE qris_invoice ADD COLUMN final_answer_at TIMESTAMPTZ;
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

-- What no version of this program writes is refused. Only what an update changes is looked at: a row
-- that is wrong already must not keep a statement from changing the others.
CREATE FUNCTION qris_invoice_is_checked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.number !~ '^[ -~]{1,64}$' AND (TG_OP = 'INSERT' OR NEW.number IS DISTINCT FROM OLD.number) THEN
        RAISE EXCEPTION 'number is not 1 to 64 printable ASCII characters';
    END IF;
    IF NEW.amount < 0 AND (TG_OP = 'INSERT' OR NEW.amount IS DISTINCT FROM OLD.amount) THEN
        RAISE EXCEPTION 'amount is not a whole number of rupiah';
    END IF;
    IF NEW.qris_invoiceid < 0 AND (TG_OP = 'INSERT' OR NEW.qris_invoiceid IS DISTINCT FROM OLD.qris_invoiceid) THEN
        RAISE EXCEPTION 'qris_invoiceid is not a whole number';
    END IF;
    IF NOT isfinite(NEW.requested_at) AND (TG_OP = 'INSERT' OR NEW.requested_at IS DISTINCT FROM OLD.requested_at) THEN
        RAISE EXCEPTION 'requested_at is not a time';
    END IF;
    IF NOT isfinite(NEW.qris_request_date) AND (TG_OP = 'INSERT' OR NEW.qris_request_date IS DISTINCT FROM OLD.qris_request_date) THEN
        RAISE EXCEPTION 'qris_request_date is not a time';
    END IF;
    IF NOT isfinite(NEW.expires_at) AND (TG_OP = 'INSERT' OR NEW.expires_at IS DISTINCT FROM OLD.expires_at) THEN
        RAISE EXCEPTION 'expires_at is not a time';
    END IF;
    IF NOT isfinite(NEW.shown_until) AND (TG_OP = 'INSERT' OR NEW.shown_until IS DISTINCT FROM OLD.shown_until) THEN
        RAISE EXCEPTION 'shown_until is not a time';
    END IF;
    IF NOT isfinite(NEW.paid_at) AND (TG_OP = 'INSERT' OR NEW.paid_at IS DISTINCT FROM OLD.paid_at) THEN
        RAISE EXCEPTION 'paid_at is not a time';
    END IF;
    IF NOT isfinite(NEW.hinted_paid_at) AND (TG_OP = 'INSERT' OR NEW.hinted_paid_at IS DISTINCT FROM OLD.hinted_paid_at) THEN
        RAISE EXCEPTION 'hinted_paid_at is not a time';
    END IF;
    IF NOT isfinite(NEW.next_check_at) AND (TG_OP = 'INSERT' OR NEW.next_check_at IS DISTINCT FROM OLD.next_check_at) THEN
        RAISE EXCEPTION 'next_check_at is not a time';
    END IF;
    IF NOT isfinite(NEW.unanswered_at) AND (TG_OP = 'INSERT' OR NEW.unanswered_at IS DISTINCT FROM OLD.unanswered_at) THEN
        RAISE EXCEPTION 'unanswered_at is not a time';
    END IF;
    IF NOT isfinite(NEW.check_set_at) AND (TG_OP = 'INSERT' OR NEW.check_set_at IS DISTINCT FROM OLD.check_set_at) THEN
        RAISE EXCEPTION 'check_set_at is not a time';
    END IF;
    IF NOT isfinite(NEW.checked_at) AND (TG_OP = 'INSERT' OR NEW.checked_at IS DISTINCT FROM OLD.checked_at) THEN
        RAISE EXCEPTION 'checked_at is not a time';
    END IF;
    IF NOT isfinite(NEW.final_answer_at) AND (TG_OP = 'INSERT' OR NEW.final_answer_at IS DISTINCT FROM OLD.final_answer_at) THEN
        RAISE EXCEPTION 'final_answer_at is not a time';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER qris_invoice_is_checked BEFORE INSERT OR UPDATE ON qris_invoice
FOR EACH ROW EXECUTE FUNCTION qris_invoice_is_checked();
-- Events are never changed, so older ones need not be looked at.
ALTER TABLE qris_event ADD CHECK (isfinite(at)) NOT VALID;
ALTER TABLE qris_event ADD CHECK (state IN (
    'requested', 'pending', 'paid', 'expired', 'rejected', 'unknown', 'cancelled')) NOT VALID;

-- Written to find out whether writes succeed: one row.
CREATE TABLE qris_write_check (
    id     BIGINT PRIMARY KEY CHECK (id = 1),
    filler TEXT NOT NULL
);
INSERT INTO qris_write_check (id, filler) VALUES (1, '');

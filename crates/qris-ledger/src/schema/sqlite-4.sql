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

-- What the caller calls the charge; the same again is the same charge, on another day too.
ALTER TABLE qris_invoice ADD COLUMN reference TEXT;

-- Invoices of the provider that no row of qris_invoice has: a webhook named them, or a person did,
-- who said of which number they are.
CREATE TABLE qris_unbooked (
    qris_invoiceid BIGINT PRIMARY KEY NOT NULL,
    received_at    TEXT NOT NULL,
    status         TEXT NOT NULL,
    rrn            TEXT,
    note           TEXT,
    paid_at        TEXT,
    method         TEXT,
    customer_name  TEXT,
    number         TEXT,
    tries          BIGINT NOT NULL DEFAULT 0,
    next_check_at  TEXT
);
CREATE INDEX qris_unbooked_received ON qris_unbooked (received_at);
CREATE INDEX qris_unbooked_check ON qris_unbooked (next_check_at) WHERE next_check_at IS NOT NULL;

-- What no version of this program writes is refused. Only what an update changes is looked at: a row
-- that is wrong already must not keep a statement from changing the others.
CREATE TRIGGER qris_invoice_is_checked_at_insert BEFORE INSERT ON qris_invoice BEGIN
    SELECT RAISE(ABORT, 'number is not 1 to 64 printable ASCII characters') WHERE typeof(NEW.number) <> 'text' OR length(NEW.number) NOT BETWEEN 1 AND 64
        OR NEW.number GLOB '*[^ -~]*';
    SELECT RAISE(ABORT, 'amount is not a whole number of rupiah') WHERE typeof(NEW.amount) <> 'integer' OR NEW.amount < 0;
    SELECT RAISE(ABORT, 'qris_invoiceid is not a whole number') WHERE NEW.qris_invoiceid IS NOT NULL
        AND (typeof(NEW.qris_invoiceid) <> 'integer' OR NEW.qris_invoiceid < 0);
    SELECT RAISE(ABORT, 'requested_at is not a time such as 2020-08-07T11:13:42+07:00') WHERE NEW.requested_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00';
    SELECT RAISE(ABORT, 'qris_request_date is not a time such as 2020-08-07T11:13:42+07:00') WHERE NEW.qris_request_date NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00';
    SELECT RAISE(ABORT, 'expires_at is not a time such as 2020-08-07T11:13:42+07:00') WHERE NEW.expires_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00';
    SELECT RAISE(ABORT, 'shown_until is not a time such as 2020-08-07T11:13:42+07:00') WHERE NEW.shown_until NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00';
    SELECT RAISE(ABORT, 'paid_at is not a time such as 2020-08-07T11:13:42+07:00') WHERE NEW.paid_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00';
    SELECT RAISE(ABORT, 'hinted_paid_at is not a time such as 2020-08-07T11:13:42+07:00') WHERE NEW.hinted_paid_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00';
    SELECT RAISE(ABORT, 'next_check_at is not a time such as 2020-08-07T11:13:42+07:00') WHERE NEW.next_check_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00';
    SELECT RAISE(ABORT, 'unanswered_at is not a time such as 2020-08-07T11:13:42+07:00') WHERE NEW.unanswered_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00';
    SELECT RAISE(ABORT, 'check_set_at is not a time such as 2020-08-07T11:13:42+07:00') WHERE NEW.check_set_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00';
    SELECT RAISE(ABORT, 'checked_at is not a time such as 2020-08-07T11:13:42+07:00') WHERE NEW.checked_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00';
    SELECT RAISE(ABORT, 'final_answer_at is not a time such as 2020-08-07T11:13:42+07:00') WHERE NEW.final_answer_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00';
    SELECT RAISE(ABORT, 'qris_content is not text') WHERE typeof(NEW.qris_content) NOT IN ('text', 'null');
    SELECT RAISE(ABORT, 'qris_nmid is not text') WHERE typeof(NEW.qris_nmid) NOT IN ('text', 'null');
    SELECT RAISE(ABORT, 'method is not text') WHERE typeof(NEW.method) NOT IN ('text', 'null');
    SELECT RAISE(ABORT, 'customer_name is not text') WHERE typeof(NEW.customer_name) NOT IN ('text', 'null');
    SELECT RAISE(ABORT, 'rrn is not text') WHERE typeof(NEW.rrn) NOT IN ('text', 'null');
    SELECT RAISE(ABORT, 'note is not text') WHERE typeof(NEW.note) NOT IN ('text', 'null');
    SELECT RAISE(ABORT, 'api_version is not text') WHERE typeof(NEW.api_version) NOT IN ('text', 'null');
END;
CREATE TRIGGER qris_invoice_is_checked_at_update BEFORE UPDATE ON qris_invoice BEGIN
    SELECT RAISE(ABORT, 'number is not 1 to 64 printable ASCII characters')
    WHERE NEW.number IS NOT OLD.number AND (typeof(NEW.number) <> 'text' OR length(NEW.number) NOT BETWEEN 1 AND 64
        OR NEW.number GLOB '*[^ -~]*');
    SELECT RAISE(ABORT, 'amount is not a whole number of rupiah')
    WHERE NEW.amount IS NOT OLD.amount AND (typeof(NEW.amount) <> 'integer' OR NEW.amount < 0);
    SELECT RAISE(ABORT, 'qris_invoiceid is not a whole number')
    WHERE NEW.qris_invoiceid IS NOT OLD.qris_invoiceid AND (NEW.qris_invoiceid IS NOT NULL
        AND (typeof(NEW.qris_invoiceid) <> 'integer' OR NEW.qris_invoiceid < 0));
    SELECT RAISE(ABORT, 'requested_at is not a time such as 2020-08-07T11:13:42+07:00')
    WHERE NEW.requested_at IS NOT OLD.requested_at AND (NEW.requested_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00');
    SELECT RAISE(ABORT, 'qris_request_date is not a time such as 2020-08-07T11:13:42+07:00')
    WHERE NEW.qris_request_date IS NOT OLD.qris_request_date AND (NEW.qris_request_date NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00');
    SELECT RAISE(ABORT, 'expires_at is not a time such as 2020-08-07T11:13:42+07:00')
    WHERE NEW.expires_at IS NOT OLD.expires_at AND (NEW.expires_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00');
    SELECT RAISE(ABORT, 'shown_until is not a time such as 2020-08-07T11:13:42+07:00')
    WHERE NEW.shown_until IS NOT OLD.shown_until AND (NEW.shown_until NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00');
    SELECT RAISE(ABORT, 'paid_at is not a time such as 2020-08-07T11:13:42+07:00')
    WHERE NEW.paid_at IS NOT OLD.paid_at AND (NEW.paid_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00');
    SELECT RAISE(ABORT, 'hinted_paid_at is not a time such as 2020-08-07T11:13:42+07:00')
    WHERE NEW.hinted_paid_at IS NOT OLD.hinted_paid_at AND (NEW.hinted_paid_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00');
    SELECT RAISE(ABORT, 'next_check_at is not a time such as 2020-08-07T11:13:42+07:00')
    WHERE NEW.next_check_at IS NOT OLD.next_check_at AND (NEW.next_check_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00');
    SELECT RAISE(ABORT, 'unanswered_at is not a time such as 2020-08-07T11:13:42+07:00')
    WHERE NEW.unanswered_at IS NOT OLD.unanswered_at AND (NEW.unanswered_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00');
    SELECT RAISE(ABORT, 'check_set_at is not a time such as 2020-08-07T11:13:42+07:00')
    WHERE NEW.check_set_at IS NOT OLD.check_set_at AND (NEW.check_set_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00');
    SELECT RAISE(ABORT, 'checked_at is not a time such as 2020-08-07T11:13:42+07:00')
    WHERE NEW.checked_at IS NOT OLD.checked_at AND (NEW.checked_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00');
    SELECT RAISE(ABORT, 'final_answer_at is not a time such as 2020-08-07T11:13:42+07:00')
    WHERE NEW.final_answer_at IS NOT OLD.final_answer_at AND (NEW.final_answer_at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00');
    SELECT RAISE(ABORT, 'qris_content is not text')
    WHERE NEW.qris_content IS NOT OLD.qris_content AND (typeof(NEW.qris_content) NOT IN ('text', 'null'));
    SELECT RAISE(ABORT, 'qris_nmid is not text')
    WHERE NEW.qris_nmid IS NOT OLD.qris_nmid AND (typeof(NEW.qris_nmid) NOT IN ('text', 'null'));
    SELECT RAISE(ABORT, 'method is not text')
    WHERE NEW.method IS NOT OLD.method AND (typeof(NEW.method) NOT IN ('text', 'null'));
    SELECT RAISE(ABORT, 'customer_name is not text')
    WHERE NEW.customer_name IS NOT OLD.customer_name AND (typeof(NEW.customer_name) NOT IN ('text', 'null'));
    SELECT RAISE(ABORT, 'rrn is not text')
    WHERE NEW.rrn IS NOT OLD.rrn AND (typeof(NEW.rrn) NOT IN ('text', 'null'));
    SELECT RAISE(ABORT, 'note is not text')
    WHERE NEW.note IS NOT OLD.note AND (typeof(NEW.note) NOT IN ('text', 'null'));
    SELECT RAISE(ABORT, 'api_version is not text')
    WHERE NEW.api_version IS NOT OLD.api_version AND (typeof(NEW.api_version) NOT IN ('text', 'null'));
END;
CREATE TRIGGER qris_event_is_checked BEFORE INSERT ON qris_event BEGIN
    SELECT RAISE(ABORT, 'at is not a time such as 2020-08-07T11:13:42+07:00') WHERE NEW.at NOT GLOB
        '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00';
    SELECT RAISE(ABORT, 'state is not the name of a state') WHERE NEW.state NOT IN (
        'requested', 'pending', 'paid', 'expired', 'rejected', 'unknown', 'cancelled');
    SELECT RAISE(ABORT, 'detail is not text') WHERE typeof(NEW.detail) NOT IN ('text', 'null');
END;

-- Written to find out whether writes succeed: one row.
CREATE TABLE qris_write_check (
    id     INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    filler TEXT NOT NULL
);
INSERT INTO qris_write_check (id, filler) VALUES (1, '');

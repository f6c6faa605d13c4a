-- The people who use the till.
CREATE TABLE qris_user (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name       TEXT NOT NULL,
    -- The name in lower case: SITI and siti are the same name.
    name_key   TEXT NOT NULL,
    role       TEXT NOT NULL CHECK (role IN ('cashier', 'supervisor', 'owner')),
    -- argon2id, in the PHC format; empty once the user is revoked.
    pin_hash   TEXT NOT NULL,
    created_at TEXT NOT NULL
        CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    revoked_at TEXT
        CHECK (revoked_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00')
);
-- The name of a revoked user may be used again.
CREATE UNIQUE INDEX qris_user_name ON qris_user (name_key) WHERE revoked_at IS NULL;

-- Sign-in attempts, by the SHA-256 of the name. Unknown names are treated the same.
CREATE TABLE qris_sign_in_try (
    name_hash TEXT PRIMARY KEY NOT NULL,
    failures  BIGINT NOT NULL,
    failed_at TEXT NOT NULL
        CHECK (failed_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00')
);

-- Bearer tokens of programs and displays. The database has a token's SHA-256, not the token.
CREATE TABLE qris_token (
    id          INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    role        TEXT NOT NULL CHECK (role IN ('program', 'display')),
    -- NULL: all merchants.
    merchant    BIGINT REFERENCES qris_merchant (id),
    secret_hash TEXT NOT NULL UNIQUE,
    created_at  TEXT NOT NULL
        CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    created_by  TEXT NOT NULL,
    used_at     TEXT
        CHECK (used_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    revoked_at  TEXT
        CHECK (revoked_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00')
);
CREATE UNIQUE INDEX qris_token_name ON qris_token (name_key) WHERE revoked_at IS NULL;

-- Sessions of users, displays and the owner's token. The cookie has a random secret, and the database its
-- SHA-256.
CREATE TABLE qris_session (
    id          INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    user_id     BIGINT REFERENCES qris_user (id),
    token_id    BIGINT REFERENCES qris_token (id),
    -- A value made from the owner's token and the session's secret. A new token ends the session.
    owner_mac   TEXT,
    created_at  TEXT NOT NULL
        CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    used_at     TEXT NOT NULL
        CHECK (used_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    ended_at    TEXT
        CHECK (ended_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    CHECK ((user_id IS NOT NULL) + (token_id IS NOT NULL) + (owner_mac IS NOT NULL) = 1)
);
CREATE INDEX qris_session_user ON qris_session (user_id) WHERE ended_at IS NULL;
CREATE INDEX qris_session_used ON qris_session (used_at);

-- A merchant's shifts. Only one can be open. Their numbers count up without a gap.
CREATE TABLE qris_shift (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    merchant            BIGINT NOT NULL REFERENCES qris_merchant (id),
    number              BIGINT NOT NULL CHECK (typeof(number) = 'integer' AND number > 0),
    name                TEXT NOT NULL,
    opened_at           TEXT NOT NULL
        CHECK (opened_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    opened_by           TEXT NOT NULL,
    closed_at           TEXT
        CHECK (closed_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    closed_by           TEXT,
    -- Whether it was closed while an order had no answer.
    unanswered_accepted BIGINT NOT NULL DEFAULT 0 CHECK (unanswered_accepted IN (0, 1)),
    -- The number of payments in it and their sum in rupiah, once it is closed.
    payments            BIGINT,
    paid                BIGINT,
    -- All of its totals at the close, as JSON.
    report              TEXT,
    CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    CHECK ((closed_at IS NULL) = (payments IS NULL)),
    CHECK ((closed_at IS NULL) = (paid IS NULL)),
    CHECK ((closed_at IS NULL) = (report IS NULL)),
    UNIQUE (merchant, number)
);
CREATE UNIQUE INDEX qris_shift_open ON qris_shift (merchant) WHERE closed_at IS NULL;

-- The shift in which an order was recorded, and the one in which it was cancelled.
ALTER TABLE qris_order ADD COLUMN shift BIGINT REFERENCES qris_shift (id);
ALTER TABLE qris_order ADD COLUMN cancelled_shift BIGINT REFERENCES qris_shift (id);
-- The shift whose report has the payment; whether it was recorded while no shift was open; and why it is
-- late, if it is.
ALTER TABLE qris_invoice ADD COLUMN shift BIGINT REFERENCES qris_shift (id);
ALTER TABLE qris_invoice ADD COLUMN outside_shift BIGINT NOT NULL DEFAULT 0 CHECK (outside_shift IN (0, 1));
ALTER TABLE qris_invoice ADD COLUMN late TEXT CHECK (late IN ('order-ended', 'earlier-code'));

CREATE INDEX qris_order_shift ON qris_order (shift) WHERE shift IS NOT NULL;
CREATE INDEX qris_order_cancelled_shift ON qris_order (cancelled_shift) WHERE cancelled_shift IS NOT NULL;
CREATE INDEX qris_invoice_shift ON qris_invoice (shift) WHERE shift IS NOT NULL;
CREATE INDEX qris_invoice_outside_shift ON qris_invoice (merchant) WHERE outside_shift = 1 AND shift IS NULL;
CREATE INDEX qris_invoice_unknown ON qris_invoice (merchant) WHERE state = 'unknown';
CREATE INDEX qris_invoice_unanswered ON qris_invoice (merchant) WHERE unanswered_at IS NOT NULL;

CREATE TRIGGER qris_shift_is_not_changed BEFORE UPDATE ON qris_shift WHEN OLD.closed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a closed shift is not changed'); END;
CREATE TRIGGER qris_shift_is_not_deleted BEFORE DELETE ON qris_shift
BEGIN SELECT RAISE(ABORT, 'a shift is not deleted'); END;

-- Settlement lines: the provider's tables that the owner imported, without the payers.
CREATE TABLE qris_settlement_line (
    id             INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    merchant       BIGINT NOT NULL REFERENCES qris_merchant (id),
    -- The key that identifies the line among the merchant's lines.
    line_key       TEXT NOT NULL,
    paid_at        TEXT NOT NULL
        CHECK (paid_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    amount         BIGINT NOT NULL CHECK (typeof(amount) = 'integer' AND amount >= 0),
    tip            BIGINT NOT NULL CHECK (typeof(tip) = 'integer' AND tip >= 0),
    transaction_id TEXT CHECK (typeof(transaction_id) IN ('text', 'null')),
    qris_invoiceid BIGINT CHECK (typeof(qris_invoiceid) IN ('integer', 'null')),
    rrn            TEXT CHECK (typeof(rrn) IN ('text', 'null')),
    method         TEXT CHECK (typeof(method) IN ('text', 'null')),
    -- The day in WIB; NULL until it is settled.
    settled_on     TEXT CHECK (settled_on GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
    imported_at    TEXT NOT NULL
        CHECK (imported_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    imported_by    TEXT NOT NULL,
    UNIQUE (merchant, line_key)
);
CREATE INDEX qris_settlement_line_paid ON qris_settlement_line (merchant, paid_at);

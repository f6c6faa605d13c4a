-- The people who use the till.
CREATE TABLE qris_user (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name       TEXT NOT NULL,
    -- The name in small letters: SITI and siti are one name.
    name_key   TEXT NOT NULL,
    role       TEXT NOT NULL CHECK (role IN ('cashier', 'supervisor', 'owner')),
    -- argon2id, in the PHC format; empty once the user is revoked.
    pin_hash   TEXT NOT NULL,
    created_at TEXT NOT NULL
        CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00'),
    revoked_at TEXT
        CHECK (revoked_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00')
);
-- The name of a user who is revoked may be given again.
CREATE UNIQUE INDEX qris_user_name ON qris_user (name_key) WHERE revoked_at IS NULL;

-- Tries to sign in, by the SHA-256 of the name: the same for names that nobody has.
CREATE TABLE qris_sign_in_try (
    name_hash TEXT PRIMARY KEY NOT NULL,
    failures  BIGINT NOT NULL,
    failed_at TEXT NOT NULL
        CHECK (failed_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+07:00')
);

-- Bearer tokens of programs and displays. The token is not in the database, its SHA-256 is.
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

-- Who is signed in: a user, a display, or somebody with the owner's token. The cookie has a random
-- secret, and the database its SHA-256.
CREATE TABLE qris_session (
    id          INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    user_id     BIGINT REFERENCES qris_user (id),
    token_id    BIGINT REFERENCES qris_token (id),
    -- Of the owner's token, made with the session's secret: another token ends the session.
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

//! Sessions of signed-in people and tokens.

use std::fmt;
use std::time::Duration;

use qris_api::WibTime;

use super::name::PersonName;
use super::tokens::{self, AccessToken, AccessTokenId};
use super::users::{self, Role, User, UserId};
use crate::database::Step;
use crate::{Error, Ledger};

/// The user of an attempt, if neither the user nor the PIN has changed since.
const UNCHANGED: &str = "
    SELECT id, name, role, created_at, revoked_at FROM qris_user
    WHERE id = $1 AND pin_hash = $2 AND revoked_at IS NULL";

const ADD: &str = "
    INSERT INTO qris_session (secret_hash, user_id, token_id, owner_mac, created_at, used_at)
    VALUES ($1, $2, $3, $4, $5, $5)
    RETURNING id";

const FIND: &str = "
    SELECT s.id, s.used_at, s.owner_mac, s.token_id, u.id, u.name, u.role
    FROM qris_session s
    LEFT JOIN qris_user u ON u.id = s.user_id
    LEFT JOIN qris_token t ON t.id = s.token_id
    WHERE s.secret_hash = $1 AND s.ended_at IS NULL
        AND u.revoked_at IS NULL AND t.revoked_at IS NULL";

const USED: &str = "
    UPDATE qris_session SET used_at = $1 WHERE id = $2 AND ended_at IS NULL RETURNING id";

const END: &str = "
    UPDATE qris_session SET ended_at = $1 WHERE secret_hash = $2 AND ended_at IS NULL RETURNING id";

/// Displays stay signed in without activity.
const DELETE_OLD: &str =
    "DELETE FROM qris_session WHERE used_at < $1 AND token_id IS NULL RETURNING id";

/// When an unused session is deleted.
const KEPT: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// A session's row id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub(crate) i64);

/// A session that is opened with a token. [`Ledger::sign_in`] opens a user's session.
#[derive(Clone)]
pub struct NewSession<'a> {
    secret_hash: &'a str,
    user: Option<UserId>,
    token: Option<AccessTokenId>,
    owner_mac: Option<&'a str>,
}

impl<'a> NewSession<'a> {
    const fn user(id: UserId, secret_hash: &'a str) -> Self {
        Self { secret_hash, user: Some(id), token: None, owner_mac: None }
    }

    /// A session for a token that is in the ledger.
    pub const fn token(id: AccessTokenId, secret_hash: &'a str) -> Self {
        Self { secret_hash, user: None, token: Some(id), owner_mac: None }
    }

    /// A session for the owner's token, which is not in the ledger. `mac` identifies the token.
    pub const fn owner_token(mac: &'a str, secret_hash: &'a str) -> Self {
        Self { secret_hash, user: None, token: None, owner_mac: Some(mac) }
    }
}

impl fmt::Debug for NewSession<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewSession([redacted])")
    }
}

/// The owner of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionHolder {
    /// A user.
    User {
        /// The user's row id.
        id: UserId,
        /// The user's name.
        name: PersonName,
        /// The user's role.
        role: Role,
    },
    /// A token of the ledger.
    Token(AccessToken),
    /// The owner's token.
    OwnerToken {
        /// The value that was given to [`NewSession::owner_token`].
        mac: String,
    },
}

/// A session that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Session {
    /// The row id.
    pub id: SessionId,
    /// The owner.
    pub holder: SessionHolder,
    /// When it was last used, to about a minute.
    pub used_at: WibTime,
}

impl Ledger {
    /// Opens a session for a user after the PIN was verified. Resets the failed attempts of the name.
    /// `pin_hash` is the hash that the PIN was verified against.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchName`] if the user was revoked or got another PIN meanwhile; the errors of
    /// [`Ledger::merchant`].
    pub fn sign_in(
        &mut self,
        user_id: UserId,
        pin_hash: &str,
        secret_hash: &str,
        now: WibTime,
    ) -> Result<User, Error> {
        self.write(|step| {
            let row = step.first(UNCHANGED, &[user_id.0.into(), pin_hash.into()])?;
            let user = users::user(row.ok_or(Error::NoSuchName)?)?;
            let hash = users::name_hash(&user.name.key());
            step.query(users::FORGET_TRIES, &[hash.as_str().into()])?;
            add_session(step, &NewSession::user(user.id, secret_hash), now)?;
            Ok(user)
        })
    }

    /// Opens a session with a token.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::merchant`].
    pub fn open_session(&mut self, new: &NewSession<'_>, now: WibTime) -> Result<(), Error> {
        self.write(|step| add_session(step, new, now))
    }

    /// The session whose secret has this hash, unless it has ended or its user or token was revoked.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn session(&self, secret_hash: &str) -> Result<Option<Session>, Error> {
        self.read(|step| {
            let Some(mut row) = step.first(FIND, &[secret_hash.into()])? else { return Ok(None) };
            let (id, used_at) = (SessionId(row.integer(0, "id")?), row.time(1, "used_at")?);
            let mac = row.optional_text(2, "owner_mac")?;
            let token = row.optional_integer(3, "token_id")?;
            let holder = match (row.optional_integer(4, "user_id")?, token, mac) {
                (Some(id), None, None) => SessionHolder::User {
                    id: UserId(id),
                    name: row.word(5, "name")?,
                    role: row.word(6, "role")?,
                },
                (None, Some(token), None) => SessionHolder::Token(tokens::find(step, token)?),
                (None, None, Some(mac)) => SessionHolder::OwnerToken { mac },
                _ => return Err(Error::Corrupt { column: "user_id" }),
            };
            Ok(Some(Session { id, holder, used_at }))
        })
    }

    /// Records when a session was last used.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::merchant`].
    pub fn session_used(&mut self, id: SessionId, now: WibTime) -> Result<(), Error> {
        self.write(|step| step.query(USED, &[now.into(), id.0.into()]).map(drop))
    }

    /// Ends the session whose secret has this hash. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::merchant`].
    pub fn end_session(&mut self, secret_hash: &str, now: WibTime) -> Result<bool, Error> {
        self.write(|step| step.moved(END, &[now.into(), secret_hash.into()]))
    }
}

fn add_session(step: &mut Step<'_>, new: &NewSession<'_>, now: WibTime) -> Result<(), Error> {
    step.query(DELETE_OLD, &[crate::rows::earlier(now, KEPT).into()])?;
    let row = [
        new.secret_hash.into(),
        new.user.map(|id| id.0).into(),
        new.token.map(|id| id.0).into(),
        new.owner_mac.into(),
        now.into(),
    ];
    step.query(ADD, &row).map(drop)
}

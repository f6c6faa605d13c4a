//! The people who use the till, and their sign-in attempts.

use std::fmt;
use std::time::Duration;

use qris_api::WibTime;
use ring::digest;

use super::name::PersonName;
use crate::database::Row;
use crate::{Error, Ledger};

const ADD: &str = "
    INSERT INTO qris_user (name, name_key, role, pin_hash, created_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING
    RETURNING id, name, role, created_at, revoked_at";

const LIST: &str = "
    SELECT id, name, role, created_at, revoked_at FROM qris_user ORDER BY id";

const ANY: &str = "SELECT id FROM qris_user LIMIT 1";

const PIN_HASH: &str = "
    SELECT id, pin_hash FROM qris_user WHERE name_key = $1 AND revoked_at IS NULL";

const SET_PIN: &str = "
    UPDATE qris_user SET pin_hash = $1 WHERE name_key = $2 AND revoked_at IS NULL
    RETURNING id, name, role, created_at, revoked_at";

const REVOKE: &str = "
    UPDATE qris_user SET revoked_at = $1, pin_hash = '' WHERE name_key = $2 AND revoked_at IS NULL
    RETURNING id, name, role, created_at, revoked_at";

const END_SESSIONS: &str = "
    UPDATE qris_session SET ended_at = $1 WHERE user_id = $2 AND ended_at IS NULL RETURNING id";

/// The attempts with a name. The statement writes, so that concurrent attempts are counted one after the
/// other.
const TRIES: &str = "
    INSERT INTO qris_sign_in_try (name_hash, failures, failed_at) VALUES ($1, 0, $2)
    ON CONFLICT (name_hash) DO UPDATE SET failures = qris_sign_in_try.failures
    RETURNING failures, failed_at";

const COUNT_TRY: &str = "
    UPDATE qris_sign_in_try SET failures = $1, failed_at = $2 WHERE name_hash = $3
    RETURNING failures";

pub(super) const FORGET_TRIES: &str =
    "DELETE FROM qris_sign_in_try WHERE name_hash = $1 RETURNING failures";

const FORGET_OLD_TRIES: &str =
    "DELETE FROM qris_sign_in_try WHERE failed_at < $1 RETURNING failures";

/// The number of failed attempts with a name before there is a pause.
const FREE_TRIES: u32 = 5;

/// The first pause. Each following pause is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// When the failed attempts with a name are forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// A user's row id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(pub(crate) i64);

/// The role of a person, from least to most rights.
///
/// ```
/// use qris_ledger::Role;
///
/// assert_eq!("supervisor".parse(), Ok(Role::Supervisor));
/// assert!(Role::Cashier < Role::Owner);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Charges, lists today's orders, and finds any order by its number.
    Cashier,
    /// Also resolves, reads reports, and lists all days.
    Supervisor,
    /// Everything.
    Owner,
}

impl Role {
    /// All roles, from least to most rights.
    pub const ALL: [Self; 3] = [Self::Cashier, Self::Supervisor, Self::Owner];

    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cashier => "cashier",
            Self::Supervisor => "supervisor",
            Self::Owner => "owner",
        }
    }
}

crate::state::words! {
    Role: "cashier, supervisor or owner"
}

/// A person who uses or used the till.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The row id.
    pub id: UserId,
    /// The name to sign in with.
    pub name: PersonName,
    /// The role.
    pub role: Role,
    /// When the user was added.
    pub created_at: WibTime,
    /// When the user was revoked.
    pub revoked_at: Option<WibTime>,
}

/// Whether a PIN may be tried for a name.
#[derive(Clone, PartialEq, Eq)]
pub enum SignInTry {
    /// The attempt counts as failed until [`Ledger::sign_in`]. `user` has the hash to verify the PIN against,
    /// or is `None` if nobody has this name. Then verify the PIN against another hash, so that the answer
    /// takes the same time.
    Now {
        /// The user with this name and the hash of the PIN.
        user: Option<(UserId, String)>,
    },
    /// Too many attempts failed: no PIN is accepted until this time has passed.
    After(Duration),
}

impl fmt::Debug for SignInTry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now { .. } => f.write_str("Now { [redacted] }"),
            Self::After(pause) => f.debug_tuple("After").field(pause).finish(),
        }
    }
}

impl Ledger {
    /// Adds a user. `pin_hash` is stored as it is: the ledger hashes no PIN.
    ///
    /// # Errors
    ///
    /// [`Error::NameTaken`]; the errors of [`Ledger::merchant`].
    pub fn add_user(
        &mut self,
        name: &PersonName,
        role: Role,
        pin_hash: &str,
        now: WibTime,
    ) -> Result<User, Error> {
        self.write(|step| {
            let key = name.key();
            let row = [
                name.as_str().into(),
                key.as_str().into(),
                role.as_str().into(),
                pin_hash.into(),
                now.into(),
            ];
            user(step.first(ADD, &row)?.ok_or(Error::NameTaken)?)
        })
    }

    /// All users, including revoked ones, oldest first.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn users(&self) -> Result<Vec<User>, Error> {
        self.read(|step| step.query(LIST, &[])?.into_iter().map(user).collect())
    }

    /// Whether there is or was a user. A till whose last user was revoked still asks for a sign-in.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn has_users(&self) -> Result<bool, Error> {
        self.read(|step| step.moved(ANY, &[]))
    }

    /// Gives a user another PIN. It ends the user's sessions and resets the failed attempts.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchName`]; the errors of [`Ledger::merchant`].
    pub fn set_pin_hash(
        &mut self,
        name: &PersonName,
        pin_hash: &str,
        now: WibTime,
    ) -> Result<User, Error> {
        self.write(|step| {
            let key = name.key();
            let row = step.first(SET_PIN, &[pin_hash.into(), key.as_str().into()])?;
            let user = user(row.ok_or(Error::NoSuchName)?)?;
            step.query(END_SESSIONS, &[now.into(), user.id.0.into()])?;
            step.query(FORGET_TRIES, &[name_hash(&key).as_str().into()])?;
            Ok(user)
        })
    }

    /// Revokes a user and ends the user's sessions. The name may be used again.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchName`]; the errors of [`Ledger::merchant`].
    pub fn revoke_user(&mut self, name: &PersonName, now: WibTime) -> Result<User, Error> {
        self.write(|step| {
            let row = step.first(REVOKE, &[now.into(), name.key().as_str().into()])?;
            let user = user(row.ok_or(Error::NoSuchName)?)?;
            step.query(END_SESSIONS, &[now.into(), user.id.0.into()])?;
            Ok(user)
        })
    }

    /// Says whether a PIN may be tried for a name, and counts the attempt. After five failed attempts, each
    /// one has to wait: 30 seconds at first, 15 minutes at most. An unknown name is treated the same.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use qris_api::WibTime;
    /// use qris_ledger::{Ledger, Role, SignInTry};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let now = WibTime::parse("2026-11-27 08:00:00").ok_or("no time")?;
    /// ledger.add_user(&"Siti".parse()?, Role::Cashier, "$argon2id$…", now)?;
    /// for _ in 0..5 {
    ///     assert!(matches!(ledger.try_sign_in("siti", now)?, SignInTry::Now { user: Some(_) }));
    /// }
    /// assert_eq!(ledger.try_sign_in("siti", now)?, SignInTry::After(Duration::from_secs(30)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::merchant`].
    pub fn try_sign_in(&mut self, name: &str, now: WibTime) -> Result<SignInTry, Error> {
        let key = name.trim().to_lowercase();
        let hash = name_hash(&key);
        // An invalid name is not looked up: PostgreSQL refuses some characters.
        let known = name.parse::<PersonName>().ok().map(|name| name.key());
        self.write(|step| {
            let old = crate::rows::earlier(now, FORGOTTEN_AFTER);
            step.query(FORGET_OLD_TRIES, &[old.into()])?;
            let mut row = step
                .first(TRIES, &[hash.as_str().into(), now.into()])?
                .ok_or(Error::Corrupt { column: "failures" })?;
            let failures = u32::try_from(row.natural(0, "failures")?).unwrap_or(u32::MAX);
            let left = left_of_pause(failures, row.time(1, "failed_at")?, now);
            if !left.is_zero() {
                return Ok(SignInTry::After(left));
            }
            let counted = [failures.saturating_add(1).into(), now.into(), hash.as_str().into()];
            step.query(COUNT_TRY, &counted)?;
            let key = known.as_deref().unwrap_or_default();
            let row = step.first(PIN_HASH, &[key.into()])?;
            let user = row.map(|mut row| {
                Ok::<_, Error>((UserId(row.integer(0, "id")?), row.text(1, "pin_hash")?))
            });
            Ok(SignInTry::Now { user: user.transpose()? })
        })
    }
}

/// The rest of the pause after this many failures.
fn left_of_pause(failures: u32, failed_at: WibTime, now: WibTime) -> Duration {
    let Some(beyond) = failures.checked_sub(FREE_TRIES) else { return Duration::ZERO };
    let doubled = 1_u32.checked_shl(beyond).filter(|_| beyond < 16);
    let pause = doubled.map_or(LONGEST_PAUSE, |times| (FIRST_PAUSE * times).min(LONGEST_PAUSE));
    let since = now.timestamp().duration_since(failed_at.timestamp());
    // A clock that was set back locks nobody out.
    let Ok(since) = Duration::try_from(since) else { return Duration::ZERO };
    pause.saturating_sub(since)
}

/// The hash that represents a name in the table of attempts, because someone may type a PIN as the name.
pub(super) fn name_hash(key: &str) -> String {
    let hash = digest::digest(&digest::SHA256, key.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn user(mut row: Row) -> Result<User, Error> {
    Ok(User {
        id: UserId(row.integer(0, "id")?),
        name: row.word(1, "name")?,
        role: row.word(2, "role")?,
        created_at: row.time(3, "created_at")?,
        revoked_at: row.optional_time(4, "revoked_at")?,
    })
}

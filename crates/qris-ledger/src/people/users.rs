//! The people who use the till, and their tries to sign in.

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

/// The tries with a name. It writes, so that of several at once one counts after the other.
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

/// How many tries with a name may fail before there is a pause.
const FREE_TRIES: u32 = 5;

/// The first pause. Each one after it is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// When the failed tries with a name are forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// A user's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(pub(crate) i64);

/// What a person may do, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Charges, lists the orders of today, and finds any order by its number.
    Cashier,
    /// Also resolves, reads reports, and lists all days.
    Supervisor,
    /// Everything.
    Owner,
}

impl Role {
    /// All roles, from least to most.
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

/// A person who uses the till, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The row.
    pub id: UserId,
    /// The name to sign in with.
    pub name: PersonName,
    /// What the user may do.
    pub role: Role,
    /// When the user was added.
    pub created_at: WibTime,
    /// Since when the user is let in no more.
    pub revoked_at: Option<WibTime>,
}

/// Whether a PIN may be tried for a name.
#[derive(Clone, PartialEq, Eq)]
pub enum SignInTry {
    /// The try is counted as failed until [`Ledger::sign_in`] says otherwise. `user` has what the PIN is
    /// held against, or is `None` where nobody has this name: hold it against something else then, so
    /// that the answer takes as long.
    Now {
        /// The user of this name and the hash of the PIN.
        user: Option<(UserId, String)>,
    },
    /// Too many tries failed: no PIN counts until this time has passed.
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
    /// Adds a user. `pin_hash` is kept as it is: the ledger hashes no PIN.
    ///
    /// # Errors
    ///
    /// [`Error::NameTaken`]; those of [`Ledger::merchant`].
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

    /// All users, also those who are revoked, in the order in which they were added.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::list`].
    pub fn users(&self) -> Result<Vec<User>, Error> {
        self.read(|step| step.query(LIST, &[])?.into_iter().map(user).collect())
    }

    /// Whether there is a user, or was one: a till whose last user was revoked goes on asking who it is.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::list`].
    pub fn has_users(&self) -> Result<bool, Error> {
        self.read(|step| step.moved(ANY, &[]))
    }

    /// Gives a user another PIN. It ends the user's sessions, and failed tries are forgotten.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchName`]; those of [`Ledger::merchant`].
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

    /// Lets a user in no more. It ends the user's sessions; the name may be given to another.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchName`]; those of [`Ledger::merchant`].
    pub fn revoke_user(&mut self, name: &PersonName, now: WibTime) -> Result<User, Error> {
        self.write(|step| {
            let row = step.first(REVOKE, &[now.into(), name.key().as_str().into()])?;
            let user = user(row.ok_or(Error::NoSuchName)?)?;
            step.query(END_SESSIONS, &[now.into(), user.id.0.into()])?;
            Ok(user)
        })
    }

    /// Says whether a PIN may be tried for a name, and counts the try. Five may fail; after that each
    /// one waits, 30 seconds at first and 15 minutes at most. A name that nobody has is treated the same.
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
    /// Those of [`Ledger::merchant`].
    pub fn try_sign_in(&mut self, name: &str, now: WibTime) -> Result<SignInTry, Error> {
        let key = name.trim().to_lowercase();
        let hash = name_hash(&key);
        // What no name can be is not looked for: PostgreSQL refuses some of it.
        let known = name.parse::<PersonName>().ok().map(|name| name.key());
        self.write(|step| {
            let old = crate::rows::earlier(now, FORGOTTEN_AFTER);
            step.query(FORGET_OLD_TRIES, &[old.into()])?;
            let mut row = step
                .first(TRIES, &[hash.as_str().into(), now.into()])?
                .ok_or(Error::Foreign { column: "failures" })?;
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

/// What is left of the pause after so many failures.
fn left_of_pause(failures: u32, failed_at: WibTime, now: WibTime) -> Duration {
    let Some(beyond) = failures.checked_sub(FREE_TRIES) else { return Duration::ZERO };
    let doubled = 1_u32.checked_shl(beyond).filter(|_| beyond < 16);
    let pause = doubled.map_or(LONGEST_PAUSE, |times| (FIRST_PAUSE * times).min(LONGEST_PAUSE));
    let since = now.timestamp().duration_since(failed_at.timestamp());
    // A clock that was set back keeps nobody out.
    let Ok(since) = Duration::try_from(since) else { return Duration::ZERO };
    pause.saturating_sub(since)
}

/// What stands for a name in the table of tries: somebody may type a PIN for a name.
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

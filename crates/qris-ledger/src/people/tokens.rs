//! Bearer tokens of programs and displays.

use qris_api::WibTime;

use super::name::PersonName;
use crate::database::{Row, Step};
use crate::{Error, Ledger, MerchantName};

const ADD: &str = "
    INSERT INTO qris_token (name, name_key, role, merchant, secret_hash, created_at, created_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING
    RETURNING id";

const FIND: &str = "
    SELECT t.id, t.name, t.role, m.name, t.created_at, t.created_by, t.used_at, t.revoked_at
    FROM qris_token t LEFT JOIN qris_merchant m ON m.id = t.merchant WHERE t.id = $1";

const LIST: &str = "
    SELECT t.id, t.name, t.role, m.name, t.created_at, t.created_by, t.used_at, t.revoked_at
    FROM qris_token t LEFT JOIN qris_merchant m ON m.id = t.merchant ORDER BY t.id";

const BY_SECRET: &str = "
    SELECT t.id, t.name, t.role, m.name, t.created_at, t.created_by, t.used_at, t.revoked_at
    FROM qris_token t LEFT JOIN qris_merchant m ON m.id = t.merchant
    WHERE t.secret_hash = $1 AND t.revoked_at IS NULL";

const USED: &str = "
    UPDATE qris_token SET used_at = $1 WHERE id = $2 AND revoked_at IS NULL RETURNING id";

const REVOKE: &str = "
    UPDATE qris_token SET revoked_at = $1 WHERE name_key = $2 AND revoked_at IS NULL RETURNING id";

/// A token's row id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccessTokenId(pub(crate) i64);

/// The purpose of a token.
///
/// ```
/// use qris_ledger::TokenRole;
///
/// assert_eq!("display".parse(), Ok(TokenRole::Display));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenRole {
    /// A program that uses the HTTP API.
    Program,
    /// A screen that shows customers what to pay.
    Display,
}

impl TokenRole {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Program, Self::Display];

    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Display => "display",
        }
    }
}

crate::state::words! {
    TokenRole: "program or display"
}

/// A token of a program or a display, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessToken {
    /// The row id.
    pub id: AccessTokenId,
    /// The name.
    pub name: PersonName,
    /// The purpose.
    pub role: TokenRole,
    /// The merchant that it is limited to; `None` for all.
    pub merchant: Option<MerchantName>,
    /// When it was made.
    pub created_at: WibTime,
    /// Who made it.
    pub created_by: String,
    /// When it was last used, to about a minute.
    pub used_at: Option<WibTime>,
    /// When it was revoked.
    pub revoked_at: Option<WibTime>,
}

impl Ledger {
    /// Adds a token. The ledger stores only its SHA-256. Without a merchant it is valid for all of them.
    ///
    /// ```
    /// use qris_api::WibTime;
    /// use qris_ledger::{Ledger, TokenRole};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let (hash, now) = ("0c9f…", WibTime::now());
    /// ledger.add_token(&"erp".parse()?, TokenRole::Program, None, hash, now)?;
    /// assert!(ledger.token_of_secret(hash)?.is_some());
    /// ledger.revoke_token(&"erp".parse()?, now)?;
    /// assert!(ledger.token_of_secret(hash)?.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NameTaken`]; the errors of [`Ledger::merchant`].
    pub fn add_token(
        &mut self,
        name: &PersonName,
        role: TokenRole,
        merchant: Option<&MerchantName>,
        secret_hash: &str,
        now: WibTime,
    ) -> Result<AccessToken, Error> {
        let merchant = merchant.map(|name| self.merchant(name)).transpose()?;
        self.write(|step| {
            let (key, actor) = (name.key(), step.actor.as_str());
            let row = [
                name.as_str().into(),
                key.as_str().into(),
                role.as_str().into(),
                merchant.into(),
                secret_hash.into(),
                now.into(),
                actor.into(),
            ];
            let mut row = step.first(ADD, &row)?.ok_or(Error::NameTaken)?;
            find(step, row.integer(0, "id")?)
        })
    }

    /// All tokens, including revoked ones, oldest first.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn tokens(&self) -> Result<Vec<AccessToken>, Error> {
        self.read(|step| {
            step.query(LIST, &[])?.into_iter().map(|mut row| token(&mut row)).collect()
        })
    }

    /// The token whose secret has this hash, unless it is revoked.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn token_of_secret(&self, secret_hash: &str) -> Result<Option<AccessToken>, Error> {
        self.read(|step| {
            let row = step.first(BY_SECRET, &[secret_hash.into()])?;
            row.map(|mut row| token(&mut row)).transpose()
        })
    }

    /// Records when a token was last used.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::merchant`].
    pub fn token_used(&mut self, id: AccessTokenId, now: WibTime) -> Result<(), Error> {
        self.write(|step| step.query(USED, &[now.into(), id.0.into()]).map(drop))
    }

    /// Revokes a token. Its name may be used again.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchName`]; the errors of [`Ledger::merchant`].
    pub fn revoke_token(&mut self, name: &PersonName, now: WibTime) -> Result<AccessToken, Error> {
        self.write(|step| {
            let row = step.first(REVOKE, &[now.into(), name.key().as_str().into()])?;
            let id = row.ok_or(Error::NoSuchName)?.integer(0, "id")?;
            find(step, id)
        })
    }
}

pub(super) fn find(step: &mut Step<'_>, id: i64) -> Result<AccessToken, Error> {
    token(&mut step.first(FIND, &[id.into()])?.ok_or(Error::NoSuchName)?)
}

fn token(row: &mut Row) -> Result<AccessToken, Error> {
    let merchant = row.optional_text(3, "merchant")?.map(|name| name.parse()).transpose();
    Ok(AccessToken {
        id: AccessTokenId(row.integer(0, "id")?),
        name: row.word(1, "name")?,
        role: row.word(2, "role")?,
        merchant: merchant.map_err(|_| Error::Corrupt { column: "merchant" })?,
        created_at: row.time(4, "created_at")?,
        created_by: row.text(5, "created_by")?,
        used_at: row.optional_time(6, "used_at")?,
        revoked_at: row.optional_time(7, "revoked_at")?,
    })
}

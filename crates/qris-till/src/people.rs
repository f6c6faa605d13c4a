//! Users, sessions and tokens from the ledger.
//!
//! Results are cached for two seconds, so that a page with twenty pictures does not cause twenty
//! queries. Revoked access ends within two seconds, also if another process revoked it.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use qris_api::WibTime;
use qris_ledger::{AccessToken, Error, Session, SessionHolder, TokenRole};
use qris_orders::Orders;
use tokio::sync::Semaphore;

use crate::Token;
use crate::access::{Access, Credential, Holder};
use crate::secret::Secret;

/// How long a result is cached.
pub(crate) const REMEMBERED: Duration = Duration::from_secs(2);

/// How long the ledger may take to answer whether there are users.
const LEDGER_TIMEOUT: Duration = Duration::from_secs(1);

/// The maximum number of cached results.
const MAX_REMEMBERED: usize = 4_096;

/// How often the use of a session or token is recorded.
const BOOK_USE_EVERY: Duration = Duration::from_secs(60);

/// How many PINs are hashed at a time. Each takes 19 MiB.
const HASHES_AT_ONCE: usize = 2;

/// Looks up users, sessions and tokens in the ledger.
pub(crate) struct People {
    /// How long a session may be idle.
    idle_timeout: Duration,
    known: Mutex<HashMap<String, Known<Option<Access>>>>,
    has_users: Mutex<Known<bool>>,
    pub(crate) hashing: Semaphore,
}

#[derive(Clone)]
struct Known<T> {
    at: Instant,
    value: T,
}

impl<T: Clone> Known<T> {
    fn fresh(&self) -> Option<T> {
        (self.at.elapsed() < REMEMBERED).then(|| self.value.clone())
    }
}

impl People {
    pub(crate) fn new(idle_timeout: Duration, has_users: bool) -> Self {
        Self {
            idle_timeout,
            known: Mutex::default(),
            has_users: Mutex::new(Known { at: Instant::now(), value: has_users }),
            hashing: Semaphore::new(HASHES_AT_ONCE),
        }
    }

    /// Whether there are users. If the ledger does not answer, its last answer counts.
    pub(crate) async fn has_users(&self, orders: &Orders) -> bool {
        let last = lock(&self.has_users).clone();
        if let Some(value) = last.fresh() {
            return value;
        }
        let asked = orders.read(|ledger| ledger.has_users());
        let value = match tokio::time::timeout(LEDGER_TIMEOUT, asked).await {
            Ok(Ok(value)) => value,
            _ => {
                tracing::warn!("the ledger did not answer whether there are users");
                last.value
            }
        };
        *lock(&self.has_users) = Known { at: Instant::now(), value };
        value
    }

    /// The holder of a token in the ledger.
    pub(crate) async fn by_token(
        &self,
        orders: &Orders,
        secret: &Secret,
    ) -> Result<Option<Access>, Error> {
        self.by_token_hash(orders, secret.hash()).await
    }

    async fn by_token_hash(&self, orders: &Orders, hash: String) -> Result<Option<Access>, Error> {
        let key = format!("token {hash}");
        if let Some(known) = self.known(&key) {
            return Ok(known);
        }
        let asked = hash.clone();
        let found = orders.read(move |ledger| ledger.token_of_secret(&asked)).await?;
        let access = match found {
            None => None,
            Some(token) => {
                let is_due = token.used_at.is_none_or(|at| is_older_than(at, BOOK_USE_EVERY));
                if is_due {
                    let id = token.id;
                    book_use(orders, move |ledger| ledger.token_used(id, WibTime::now())).await;
                }
                Some(Access {
                    holder: holder_of(token),
                    proof: Credential::Token { secret_hash: hash },
                })
            }
        };
        self.remember(key, access.clone());
        Ok(access)
    }

    /// The holder of the session with this secret. A session of the till's own token ends when that
    /// token changes. Only requests by a person count as use, because an open page sends requests
    /// all day.
    pub(crate) async fn by_session(
        &self,
        orders: &Orders,
        secret: &Secret,
        owner_token: Option<&Token>,
        is_use: bool,
    ) -> Result<Option<Access>, Error> {
        let is_owner = |mac: &str| owner_token.is_some_and(|token| token.has_mac(secret, mac));
        let hash = secret.hash();
        let key = format!("session {hash}");
        if !is_use && let Some(known) = self.known(&key) {
            return Ok(known);
        }
        let asked = hash.clone();
        let found = orders.read(move |ledger| ledger.session(&asked)).await?;
        let access = match found {
            Some(session) => self.admit(orders, session, hash, is_owner, is_use).await,
            None => None,
        };
        self.remember(key, access.clone());
        Ok(access)
    }

    async fn admit(
        &self,
        orders: &Orders,
        session: Session,
        hash: String,
        is_owner: impl FnOnce(&str) -> bool,
        is_use: bool,
    ) -> Option<Access> {
        let is_display = matches!(session.holder, SessionHolder::Token(_));
        // A display has no requests by a person.
        if !is_display && is_older_than(session.used_at, self.idle_timeout) {
            return None;
        }
        let holder = match session.holder {
            SessionHolder::User { name, role, .. } => Holder::User { name, role },
            SessionHolder::Token(token) if token.role == TokenRole::Display => holder_of(token),
            SessionHolder::OwnerToken { mac } if is_owner(&mac) => Holder::OwnerToken,
            _ => return None,
        };
        if is_use && is_older_than(session.used_at, BOOK_USE_EVERY.min(self.idle_timeout / 4)) {
            let id = session.id;
            book_use(orders, move |ledger| ledger.session_used(id, WibTime::now())).await;
        }
        Some(Access { holder, proof: Credential::Session { secret_hash: hash } })
    }

    /// Whether a holder still has access. An open stream asks this; it does not count as use of a
    /// session.
    pub(crate) async fn still_has_access(
        &self,
        orders: &Orders,
        access: &Access,
    ) -> Result<bool, Error> {
        Ok(match access.proof.clone() {
            Credential::None => true,
            Credential::Token { secret_hash } => {
                self.by_token_hash(orders, secret_hash).await?.is_some()
            }
            Credential::Session { secret_hash } => {
                orders.read(move |ledger| ledger.session(&secret_hash)).await?.is_some()
            }
        })
    }

    /// Removes an ended session from the cache.
    pub(crate) fn forget_session(&self, secret_hash: &str) {
        lock(&self.known).remove(&format!("session {secret_hash}"));
    }

    fn known(&self, key: &str) -> Option<Option<Access>> {
        lock(&self.known).get(key).and_then(Known::fresh)
    }

    /// Caches a granted access. A refused one is not cached, because it may be granted the next
    /// moment.
    fn remember(&self, key: String, value: Option<Access>) {
        let mut known = lock(&self.known);
        if value.is_none() {
            known.remove(&key);
            return;
        }
        if known.len() >= MAX_REMEMBERED {
            known.retain(|_, one| one.fresh().is_some());
        }
        if known.len() < MAX_REMEMBERED {
            known.insert(key, Known { at: Instant::now(), value });
        }
    }
}

impl fmt::Debug for People {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("People").field("idle_timeout", &self.idle_timeout).finish_non_exhaustive()
    }
}

fn holder_of(token: AccessToken) -> Holder {
    let AccessToken { name, role, merchant, .. } = token;
    Holder::Token { name, role, merchant }
}

fn is_older_than(at: WibTime, limit: Duration) -> bool {
    let since = WibTime::now().timestamp().duration_since(at.timestamp());
    Duration::try_from(since).is_ok_and(|since| since > limit)
}

/// Records a use. A failure does not end the access.
async fn book_use(
    orders: &Orders,
    work: impl FnOnce(&mut qris_ledger::Ledger) -> Result<(), Error> + Send + 'static,
) {
    if let Err(error) = orders.write(work).await {
        tracing::warn!(%error, "the use of a session or token was not recorded");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

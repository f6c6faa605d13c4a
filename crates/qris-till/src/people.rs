//! Users, sessions and tokens, as the ledger has them.
//!
//! What was found is remembered for two seconds, so that a page of twenty pictures is not twenty
//! questions. So what is revoked ends within two seconds, also if another process revoked it.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use qris_api::WibTime;
use qris_ledger::{AccessToken, Error, Session, SessionHolder, TokenRole};
use qris_orders::Orders;
use tokio::sync::Semaphore;

use crate::Token;
use crate::access::{Access, Holder, Proof};
use crate::secret::Secret;

/// How long an answer of the ledger counts.
pub(crate) const REMEMBERED: Duration = Duration::from_secs(2);

/// How long the ledger may take to say whether there are users.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many answers are remembered.
const MAX_REMEMBERED: usize = 4_096;

/// How often it is booked that a session or a token is used.
const BOOK_USE_EVERY: Duration = Duration::from_secs(60);

/// How many PINs are hashed at the same time: each takes 19 MiB.
const HASHES_AT_ONCE: usize = 2;

/// Who may come in, by the ledger.
pub(crate) struct People {
    /// How long a session may be without a request.
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

    /// Whether there are users. While the ledger does not answer, what it last said counts.
    pub(crate) async fn has_users(&self, orders: &Orders) -> bool {
        let last = lock(&self.has_users).clone();
        if let Some(value) = last.fresh() {
            return value;
        }
        let asked = orders.read(|ledger| ledger.has_users());
        let value = match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(value)) => value,
            _ => {
                tracing::warn!("the ledger did not say whether there are users");
                last.value
            }
        };
        *lock(&self.has_users) = Known { at: Instant::now(), value };
        value
    }

    /// Who has a token of the ledger.
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
                Some(Access { holder: holder_of(token), proof: Proof::Token { secret_hash: hash } })
            }
        };
        self.remember(key, access.clone());
        Ok(access)
    }

    /// Whose session has this secret. A session of the till's own token ends when the till has another.
    /// Only a request that a person makes is a use of it: an open page asks by itself all day.
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
        // Nobody touches a display.
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
        Some(Access { holder, proof: Proof::Session { secret_hash: hash } })
    }

    /// Whether somebody who was let in still is. A stream asks while it is open; it is no use of a
    /// session.
    pub(crate) async fn is_still(&self, orders: &Orders, access: &Access) -> Result<bool, Error> {
        Ok(match access.proof.clone() {
            Proof::None => true,
            Proof::Token { secret_hash } => {
                self.by_token_hash(orders, secret_hash).await?.is_some()
            }
            Proof::Session { secret_hash } => {
                orders.read(move |ledger| ledger.session(&secret_hash)).await?.is_some()
            }
        })
    }

    /// Forgets what is remembered of a session that has just ended.
    pub(crate) fn forget_session(&self, secret_hash: &str) {
        lock(&self.known).remove(&format!("session {secret_hash}"));
    }

    fn known(&self, key: &str) -> Option<Option<Access>> {
        lock(&self.known).get(key).and_then(Known::fresh)
    }

    /// Remembers who was let in. Who was not may be let in the next moment, so that is asked again.
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

/// Books a use. Nobody is kept out because it fails.
async fn book_use(
    orders: &Orders,
    work: impl FnOnce(&mut qris_ledger::Ledger) -> Result<(), Error> + Send + 'static,
) {
    if let Err(error) = orders.write(work).await {
        tracing::warn!(%error, "the use of a session or token was not booked");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

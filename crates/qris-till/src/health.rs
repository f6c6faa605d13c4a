//! Whether all is well, and whether charges can be taken: for programs that look after the till.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use qris_api::{Error, PauseCause, Reason};
use serde_json::json;
use tokio::time::timeout;

use crate::shop::Shop;
use crate::till::Doors;

/// How long after the watcher's last round something is wrong.
const ROUND_LIMIT: Duration = Duration::from_secs(60);

/// How long the refusal of a key counts. The client tries a refused key again every 15 minutes
/// while there is something to ask; without that nobody would ever hear that it is right again.
const REFUSAL_COUNTS_FOR: Duration = Duration::from_secs(16 * 60);

/// How long the answer of the database counts, so that questions without a token cost little.
const WRITE_CHECK_EVERY: Duration = Duration::from_secs(1);

/// How long the database may take for an answer.
const DATABASE_LIMIT: Duration = Duration::from_secs(5);

/// What is known of how the till does, in monotonic time: a clock that is set changes nothing.
#[derive(Debug)]
pub(crate) struct Health {
    started: Instant,
    /// When the watcher last made a whole round, in milliseconds since the start.
    last_round: AtomicU64,
    /// When the provider last refused the key, unless it has answered since.
    key_refused: Mutex<Option<Instant>>,
    /// When it was last found out whether writes succeed, and whether they do.
    writable: tokio::sync::Mutex<Option<(Instant, bool)>>,
}

impl Health {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            last_round: AtomicU64::new(0),
            key_refused: Mutex::default(),
            writable: tokio::sync::Mutex::default(),
        }
    }

    /// The watcher has made a round: what is due is being checked.
    pub(crate) fn round_made(&self) {
        self.round_made_at(Instant::now());
    }

    fn round_made_at(&self, now: Instant) {
        let since = now.duration_since(self.started).as_millis();
        self.last_round.store(u64::try_from(since).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn rounds_go_on(&self, now: Instant) -> bool {
        let last = Duration::from_millis(self.last_round.load(Ordering::Relaxed));
        now.duration_since(self.started).saturating_sub(last) < ROUND_LIMIT
    }

    /// The provider was called: says whether it takes the key, if that is known.
    pub(crate) fn provider_called<T>(&self, answer: &Result<T, Error>) {
        self.provider_called_at(answer, Instant::now());
    }

    fn provider_called_at<T>(&self, answer: &Result<T, Error>, now: Instant) {
        let refused = match answer {
            Err(
                Error::Rejected { reason: Reason::InvalidApiKey | Reason::InvalidMerchantId }
                | Error::Paused { cause: PauseCause::Refused(_), .. },
            ) => Some(now),
            Ok(_) | Err(Error::Rejected { .. } | Error::ContentMismatch { .. }) => None,
            // Nothing was said of the key.
            Err(_) => return,
        };
        *self.key_refused.lock().unwrap_or_else(PoisonError::into_inner) = refused;
    }

    fn takes_the_key(&self, now: Instant) -> bool {
        let refused = *self.key_refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.is_none_or(|at| now.duration_since(at) >= REFUSAL_COUNTS_FOR)
    }
}

impl Shop {
    /// Whether a charge would be taken, and a payment be seen and booked.
    async fn is_ready(&self) -> bool {
        let now = Instant::now();
        !*self.stopping.borrow()
            && self.health.rounds_go_on(now)
            && self.health.takes_the_key(now)
            && timeout(DATABASE_LIMIT, self.is_writable()).await.unwrap_or(false)
    }

    /// Whether nothing needs a person: the till is ready, and no row of the database makes no sense.
    async fn is_well(&self) -> bool {
        let all_make_sense = self.books.all_rows_make_sense();
        self.is_ready().await && timeout(DATABASE_LIMIT, all_make_sense).await.unwrap_or(false)
    }

    async fn is_writable(&self) -> bool {
        let mut known = self.health.writable.lock().await;
        if let Some((at, writable)) = *known
            && at.elapsed() < WRITE_CHECK_EVERY
        {
            return writable;
        }
        let checked = self.books.write(|ledger| ledger.check_writable()).await;
        if let Err(error) = &checked {
            tracing::warn!(%error, "nothing can be booked");
        }
        *known = Some((Instant::now(), checked.is_ok()));
        checked.is_ok()
    }
}

pub(crate) async fn healthz(State(doors): State<Arc<Doors>>) -> Response {
    answer(doors.shop.is_well().await, "unwell")
}

pub(crate) async fn readyz(State(doors): State<Arc<Doors>>) -> Response {
    answer(doors.shop.is_ready().await, "not-ready")
}

/// Ok or not, and no more: no token is asked for.
fn answer(ok: bool, otherwise: &str) -> Response {
    match ok {
        true => Json(json!({"status": "ok"})).into_response(),
        false => {
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": otherwise}))).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_without_a_round_of_the_watcher_is_unwell_and_the_next_round_is_well_again() {
        let health = Health::new();
        let at = |seconds| health.started + Duration::from_secs(seconds);
        assert!(health.rounds_go_on(at(59)), "the first round may take its time");
        assert!(!health.rounds_go_on(at(60)));
        health.round_made_at(at(70));
        assert!(health.rounds_go_on(at(129)));
        assert!(!health.rounds_go_on(at(130)));
    }

    #[test]
    fn a_refused_key_counts_until_the_provider_takes_it_or_nobody_asked_for_long() {
        let health = Health::new();
        let at = |minutes: u64| health.started + Duration::from_secs(minutes * 60);
        let refused = Err::<(), _>(Error::Rejected { reason: Reason::InvalidApiKey });
        assert!(health.takes_the_key(at(0)));
        health.provider_called_at(&refused, at(1));
        assert!(!health.takes_the_key(at(1)));
        let cause = PauseCause::RetryAfter;
        let asked_to_wait = Err::<(), _>(Error::Paused { wait: Duration::ZERO, cause });
        health.provider_called_at(&asked_to_wait, at(2));
        assert!(!health.takes_the_key(at(2)), "nothing was said of the key");
        health.provider_called_at(&Ok(()), at(3));
        assert!(health.takes_the_key(at(3)));
        let cause = PauseCause::Refused(Reason::InvalidMerchantId);
        let paused = Err::<(), _>(Error::Paused { wait: Duration::ZERO, cause });
        health.provider_called_at(&paused, at(4));
        assert!(!health.takes_the_key(at(19)));
        assert!(health.takes_the_key(at(20)), "so that a charge is tried again");
    }
}

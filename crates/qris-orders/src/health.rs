//! Health: whether the watcher runs, and whether the provider accepts the keys.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use qris_api::{Error, PauseCause, Reason};
use qris_ledger::MerchantName;

/// The maximum time since the watcher's last round.
const ROUND_LIMIT: Duration = Duration::from_secs(60);

/// How long the refusal of a key counts. The client retries a refused key every 15 minutes while there is
/// something to check. Without calls, nothing would show that the key is valid again.
const REFUSAL_COUNTS_FOR: Duration = Duration::from_secs(16 * 60);

/// The state of the watcher and the keys, in monotonic time ([`Clock::elapsed`](crate::Clock::elapsed)), so
/// that setting the clock changes nothing.
#[derive(Debug)]
pub struct Health {
    /// When the watcher last finished a round, in milliseconds.
    last_round: AtomicU64,
    /// When the provider last refused a merchant's key, unless it accepted the key since.
    refused: Mutex<BTreeMap<MerchantName, Duration>>,
}

impl Health {
    pub(crate) fn new(now: Duration) -> Self {
        Self { last_round: AtomicU64::new(milliseconds(now)), refused: Mutex::default() }
    }

    /// Whether the watcher finished a round in the last minute, so that due checks are made.
    pub fn is_running(&self, now: Duration) -> bool {
        let last = Duration::from_millis(self.last_round.load(Ordering::Relaxed));
        now.saturating_sub(last) < ROUND_LIMIT
    }

    /// The merchants whose key the provider has refused and not accepted since. A refusal counts for 16
    /// minutes.
    pub fn refused_keys(&self, now: Duration) -> Vec<MerchantName> {
        let refused = self.refused();
        let recent = refused.iter().filter(|(_, at)| now.saturating_sub(**at) < REFUSAL_COUNTS_FOR);
        recent.map(|(merchant, _)| merchant.clone()).collect()
    }

    /// Records a finished round of the watcher.
    pub(crate) fn round_made(&self, now: Duration) {
        self.last_round.store(milliseconds(now), Ordering::Relaxed);
    }

    /// Records from a call's result whether the provider accepts the key, if that is known. A key counts as
    /// accepted again after any refusal, however long ago.
    pub(crate) fn provider_called<T>(
        &self,
        merchant: &MerchantName,
        answer: &Result<T, Error>,
        now: Duration,
    ) -> KeySeen {
        match answer {
            Err(
                Error::Rejected { reason: Reason::InvalidApiKey | Reason::InvalidMerchantId }
                | Error::Paused { cause: PauseCause::Refused(_), .. },
            ) => {
                self.refused().insert(merchant.clone(), now);
            }
            Ok(_) | Err(Error::Rejected { .. } | Error::ContentMismatch { .. }) => {
                if self.refused().remove(merchant).is_some() {
                    return KeySeen::AcceptedAgain;
                }
            }
            // The result does not show whether the key is accepted.
            Err(_) => {}
        }
        KeySeen::NothingNew
    }

    fn refused(&self) -> MutexGuard<'_, BTreeMap<MerchantName, Duration>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a call shows about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeySeen {
    /// The provider accepts a key that it refused before.
    AcceptedAgain,
    /// Nothing that was not known.
    NothingNew,
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_without_a_round_of_the_watcher_is_unwell_and_the_next_round_is_well_again() {
        let at = |seconds: u64| Duration::from_secs(1_000 + seconds);
        let health = Health::new(at(0));
        assert!(health.is_running(at(59)), "the first round may take its time");
        assert!(!health.is_running(at(60)));
        health.round_made(at(70));
        assert!(health.is_running(at(129)));
        assert!(!health.is_running(at(130)));
    }

    #[test]
    fn a_refused_key_counts_until_the_provider_takes_it_or_nobody_asked_for_long() {
        let at = |minutes: u64| Duration::from_secs(minutes * 60);
        let (health, main) = (Health::new(at(0)), MerchantName::default());
        let is_taken = |minutes| health.refused_keys(at(minutes)).is_empty();
        let refused = Err::<(), _>(Error::Rejected { reason: Reason::InvalidApiKey });
        assert!(is_taken(0));
        health.provider_called(&main, &refused, at(1));
        assert!(!is_taken(1));
        let cause = PauseCause::RetryAfter;
        let asked_to_wait = Err::<(), _>(Error::Paused { wait: Duration::ZERO, cause });
        health.provider_called(&main, &asked_to_wait, at(2));
        assert!(!is_taken(2), "nothing was said of the key");
        assert_eq!(health.provider_called(&main, &Ok(()), at(3)), KeySeen::AcceptedAgain);
        assert_eq!(health.provider_called(&main, &Ok(()), at(3)), KeySeen::NothingNew);
        assert!(is_taken(3));
        let cause = PauseCause::Refused(Reason::InvalidMerchantId);
        let paused = Err::<(), _>(Error::Paused { wait: Duration::ZERO, cause });
        health.provider_called(&main, &paused, at(4));
        assert!(!is_taken(19));
        assert!(is_taken(20), "so that a charge is tried again");
    }
}

//! The open connections: their limits, and which connection is closed first.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::metrics::Metrics;

/// How long the head of a request may take to arrive after its first byte. A new connection may
/// also be silent for this long.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the body of a request may take to arrive after the end of its head.
pub(crate) const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// How much later a connection without its body is closed, even if the client does not read the
/// refusal.
const BODY_GRACE: Duration = Duration::from_secs(10);

/// How long a connection may stay open between two requests.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// The maximum number of open connections, even if the system allows more open files.
const MAX_CONNECTIONS: u64 = 1024;

/// Open files that are reserved for the database, calls to the provider, and logs. The maximum is
/// 64 checks at a time and 12 database connections.
const RESERVED_FILES: u64 = 128;

/// Limits of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) total: usize,
    /// Per address, except loopback.
    pub(crate) per_address: usize,
}

impl Limits {
    /// Half of the limits, for one of two listeners.
    pub(crate) fn half(self) -> Self {
        Self { total: (self.total / 2).max(2), per_address: (self.per_address / 2).max(2) }
    }

    /// Limits that leave room for the till's own connections within this number of open files.
    pub(crate) fn within(open_files: u64) -> Self {
        let reserved = RESERVED_FILES.min(open_files / 2);
        // A request may need a second connection, to the provider.
        let total = ((open_files - reserved) / 2).clamp(4, MAX_CONNECTIONS);
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        Self { total, per_address: (total / 4).max(2) }
    }
}

/// The state of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The head of a request is arriving, or the connection is new and silent.
    Head,
    /// The body of a request is arriving, or its token was wrong.
    Body,
    /// A request is being answered. A stream of events stays in this phase to its end.
    Busy,
    /// The last answer was sent, and the next request has not begun.
    Idle,
}

/// An open connection.
#[derive(Debug)]
pub(crate) struct Connection {
    /// The client's address.
    pub(crate) address: IpAddr,
    state: Mutex<State>,
    closed: Notify,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    since: Instant,
    is_closing: bool,
}

impl Connection {
    fn new(address: IpAddr, now: Instant) -> Self {
        let state = State { phase: Phase::Head, since: now, is_closing: false };
        Self { address, state: Mutex::new(state), closed: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, phase: Phase) {
        let mut state = self.state();
        (state.phase, state.since) = (phase, Instant::now());
    }

    /// Bytes arrived: a request begins if none was active.
    pub(crate) fn received(&self) {
        if self.state().phase == Phase::Idle {
            self.enter(Phase::Head);
        }
    }

    /// Bytes were sent: the client reads a long answer.
    pub(crate) fn sent(&self) {
        if self.state().phase == Phase::Idle {
            self.enter(Phase::Idle);
        }
    }

    /// The head of a request is complete.
    pub(crate) fn head_received(&self) {
        self.enter(Phase::Body);
    }

    /// The body of a request is complete. From now on the till is working.
    pub(crate) fn body_received(&self) {
        self.enter(Phase::Busy);
    }

    /// The answer is complete.
    pub(crate) fn answered(&self) {
        self.enter(Phase::Idle);
    }

    /// Whether only a part of a request has arrived, or nothing yet.
    pub(crate) fn is_receiving(&self) -> bool {
        matches!(self.state().phase, Phase::Head | Phase::Body)
    }

    /// Waits until the connection has to close, even during a request.
    pub(crate) async fn closed(&self) {
        self.closed.notified().await;
    }

    fn close(&self) {
        self.state().is_closing = true;
        self.closed.notify_one();
    }

    /// When the connection became idle; `None` during a request, or if it is closing.
    fn spare_since(&self) -> Option<Instant> {
        let state = self.state();
        (state.phase != Phase::Busy && !state.is_closing).then_some(state.since)
    }

    fn is_closing(&self) -> bool {
        self.state().is_closing
    }
}

/// The part of an address that a client cannot freely change; `None` for loopback, where a reverse
/// proxy forwards the requests of many clients.
pub(crate) fn client_of(address: IpAddr) -> Option<IpAddr> {
    match address.to_canonical() {
        address if address.is_loopback() => None,
        IpAddr::V4(address) => Some(address.into()),
        // A client has a whole /64 network.
        IpAddr::V6(address) => {
            let network = u128::from(address) & (u128::MAX << 64);
            Some(Ipv6Addr::from(network).into())
        }
    }
}

/// All open connections of a till.
#[derive(Debug)]
pub(crate) struct Connections {
    limits: Limits,
    slots: Arc<Semaphore>,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    last_id: u64,
    by_id: BTreeMap<u64, Arc<Connection>>,
}

impl Connections {
    pub(crate) fn new(limits: Limits) -> Self {
        let slots = Arc::new(Semaphore::new(limits.total));
        Self { limits, slots, open: Mutex::default() }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of connections.
    pub(crate) fn count(&self) -> usize {
        self.open().by_id.len()
    }

    /// Waits for a free slot. If there is none, the connection that is idle for the longest time is
    /// closed. If all are busy, new ones wait in the system's queue.
    pub(crate) async fn slot(&self, metrics: &Metrics) -> Slot {
        loop {
            if let Ok(permit) = Arc::clone(&self.slots).try_acquire_owned() {
                return Slot { _permit: permit };
            }
            self.close_oldest(|_| true, metrics);
            let permit = Arc::clone(&self.slots).acquire_owned();
            // The semaphore is never closed.
            if let Ok(Ok(permit)) = tokio::time::timeout(Duration::from_secs(1), permit).await {
                return Slot { _permit: permit };
            }
        }
    }

    /// Admits a new connection; `None` if its address has reached its limit and all of its
    /// connections are busy. Otherwise the address's oldest idle connection is closed.
    pub(crate) fn admit(
        self: &Arc<Self>,
        address: IpAddr,
        slot: Slot,
        now: Instant,
        metrics: &Metrics,
    ) -> Option<Admitted> {
        let client = client_of(address);
        let same = |connection: &Connection| client_of(connection.address) == client;
        if client.is_some() {
            let open = self.open();
            let held = open.by_id.values().filter(|it| same(it) && !it.is_closing()).count();
            drop(open);
            if held >= self.limits.per_address && !self.close_oldest(same, metrics) {
                metrics.connections_refused.add(1);
                return None;
            }
        }
        let connection = Arc::new(Connection::new(address, now));
        let mut open = self.open();
        open.last_id += 1;
        let id = open.last_id;
        open.by_id.insert(id, Arc::clone(&connection));
        Some(Admitted { id, connection, connections: Arc::clone(self), _slot: slot })
    }

    fn close_oldest(&self, which: impl Fn(&Connection) -> bool, metrics: &Metrics) -> bool {
        let open = self.open();
        let spare = open.by_id.values().filter(|connection| which(connection));
        let spare = spare.filter_map(|it| it.spare_since().map(|since| (since, it)));
        let oldest = spare.min_by_key(|(since, _)| *since);
        if let Some((_, connection)) = oldest {
            connection.close();
            metrics.connections_crowded_out.add(1);
        }
        oldest.is_some()
    }

    /// Closes the connections that are too slow.
    pub(crate) fn close_late(&self, now: Instant, metrics: &Metrics) {
        for connection in self.open().by_id.values() {
            let state = connection.state();
            let (phase, waited) = (state.phase, now.saturating_duration_since(state.since));
            let is_late = match phase {
                Phase::Head => waited >= HEAD_TIMEOUT,
                Phase::Body => waited >= BODY_TIMEOUT + BODY_GRACE,
                Phase::Busy => false,
                Phase::Idle => waited >= IDLE_TIMEOUT,
            };
            let is_closing = state.is_closing;
            drop(state);
            if is_late && !is_closing {
                connection.close();
                if phase != Phase::Idle {
                    metrics.connections_too_slow.add(1);
                }
            }
        }
    }
}

/// A slot for one connection.
#[derive(Debug)]
pub(crate) struct Slot {
    _permit: OwnedSemaphorePermit,
}

/// An admitted connection. Dropping it frees the slot.
#[derive(Debug)]
pub(crate) struct Admitted {
    id: u64,
    pub(crate) connection: Arc<Connection>,
    connections: Arc<Connections>,
    _slot: Slot,
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.connections.open().by_id.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { total: 8, per_address: 2 };

    struct Fixture {
        connections: Arc<Connections>,
        metrics: Metrics,
        start: Instant,
    }

    impl Fixture {
        fn new() -> Self {
            let connections = Arc::new(Connections::new(LIMITS));
            Self { connections, metrics: Metrics::default(), start: Instant::now() }
        }

        async fn open(&self, address: &str) -> Option<Admitted> {
            let slot = self.connections.slot(&self.metrics).await;
            let address = address.parse().expect("an address");
            self.connections.admit(address, slot, Instant::now(), &self.metrics)
        }

        /// Closes what is late after this many seconds.
        fn after(&self, seconds: u64) {
            let now = self.start + Duration::from_secs(seconds) + Duration::from_millis(500);
            self.connections.close_late(now, &self.metrics);
        }
    }

    #[test]
    fn half_of_the_files_or_more_are_left_for_the_tills_own_connections() {
        for (open_files, total, per_address) in [
            (0, 4, 2),
            (64, 16, 4),
            (160, 40, 10),
            (256, 64, 16),
            (1024, 448, 112),
            (4096, 1024, 256),
            (u64::MAX, 1024, 256),
        ] {
            assert_eq!(Limits::within(open_files), Limits { total, per_address }, "{open_files}");
        }
    }

    #[tokio::test]
    async fn each_phase_has_its_own_time_and_an_answer_under_way_has_none() {
        let it = Fixture::new();
        let [head, body, busy, idle] = [
            it.open("::1").await,
            it.open("::1").await,
            it.open("::1").await,
            it.open("::1").await,
        ]
        .map(|admitted| admitted.expect("room").connection.clone());
        // Dropping the value would free the slot.
        let kept: Vec<_> = [&head, &body, &busy, &idle].map(Arc::clone).into();
        let mut open = it.connections.open();
        for (id, connection) in (100..).zip(&kept) {
            open.by_id.insert(id, Arc::clone(connection));
        }
        drop(open);
        body.head_received();
        busy.body_received();
        idle.answered();
        let closing = || [&head, &body, &busy, &idle].map(|connection| connection.is_closing());
        it.after(8);
        assert_eq!(closing(), [false, false, false, false]);
        it.after(10);
        assert_eq!(closing(), [true, false, false, false]);
        it.after(20);
        assert_eq!(closing(), [true, true, false, false]);
        it.after(60);
        assert_eq!(closing(), [true, true, false, true]);
        it.after(60 * 60 * 24);
        assert_eq!(closing(), [true, true, false, true]);
        assert_eq!(it.metrics.connections_too_slow.value(), 2);
    }

    #[tokio::test]
    async fn one_address_makes_room_for_its_new_connections_out_of_its_own() {
        let it = Fixture::new();
        let other = it.open("192.0.2.7").await.expect("room");
        let first = it.open("192.0.2.1").await.expect("room");
        let second = it.open("::ffff:192.0.2.1").await.expect("room");
        first.connection.body_received();
        let third = it.open("192.0.2.1").await.expect("room");
        let closing =
            [&other, &first, &second, &third].map(|admitted| admitted.connection.is_closing());
        assert_eq!(closing, [false, false, true, false]);
        third.connection.body_received();
        // Both are busy: a third would have to close one of them.
        assert!(it.open("192.0.2.1").await.is_none());
        assert_eq!(it.metrics.connections_refused.value(), 1);
        assert!(it.open("192.0.2.2").await.is_some());
    }

    #[tokio::test]
    async fn a_network_of_one_client_counts_as_one_address_and_loopback_is_not_counted() {
        let it = Fixture::new();
        let mut busy = Vec::new();
        for address in ["2001:db8::1", "2001:db8::2", "127.0.0.1", "127.0.0.1", "::1"] {
            let admitted = it.open(address).await.expect("room");
            admitted.connection.body_received();
            busy.push(admitted);
        }
        assert!(it.open("2001:db8::3").await.is_none());
        assert!(it.open("2001:db8:0:1::3").await.is_some());
        assert!(it.open("127.0.0.1").await.is_some());
    }

    #[tokio::test]
    async fn a_full_till_closes_the_oldest_connection_without_a_request_and_no_other() {
        let it = Fixture::new();
        let mut open = Vec::new();
        for _ in 0..LIMITS.total {
            open.push(it.open("127.0.0.1").await.expect("room"));
        }
        open[0].connection.body_received();
        // The slot is free only after the connection has really closed.
        let next = it.open("127.0.0.1");
        let close = async {
            open[1].connection.closed().await;
            drop(open.remove(1));
        };
        let (next, ()) = tokio::join!(next, close);
        assert!(next.is_some());
        assert!(open.iter().all(|admitted| !admitted.connection.is_closing()));
        assert_eq!(it.connections.count(), LIMITS.total);
    }
}

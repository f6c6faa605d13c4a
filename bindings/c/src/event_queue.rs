//! Events of orders, queued for the thread that polls.

use std::collections::VecDeque;
use std::time::Duration;

use ::qris_orders::Orders;
use qris_api::{TransactionNumber, WibTime};
use qris_ledger::{EventType, OutboxEvent};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

/// How often the database is read for events of other programs.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How many events are read at once, and how many wait for the caller.
const BATCH: u32 = 64;

/// An event. Its order is read when the event is delivered.
#[derive(Debug)]
pub(crate) struct QueuedEvent {
    pub(crate) cursor: u64,
    pub(crate) event: EventType,
    pub(crate) at: WibTime,
    pub(crate) number: TransactionNumber,
}

impl QueuedEvent {
    fn new(event: OutboxEvent) -> Self {
        let OutboxEvent { cursor, event_type, at, number, .. } = event;
        Self { cursor, event: event_type, at, number }
    }
}

/// The events that the caller has not handled.
#[derive(Debug)]
pub(crate) struct EventQueue {
    waiting: VecDeque<QueuedEvent>,
    incoming: mpsc::Receiver<QueuedEvent>,
}

impl EventQueue {
    /// Starts to read the events after this one. It runs as long as the runtime.
    pub(crate) fn follow(orders: Orders, after: u64) -> Self {
        let (sender, incoming) = mpsc::channel(usize::try_from(BATCH).unwrap_or(1));
        tokio::spawn(follow(orders, after, sender));
        Self { waiting: VecDeque::new(), incoming }
    }

    /// Waits until there are events, up to this limit.
    pub(crate) async fn wait(&mut self, limit: Duration) {
        if !self.waiting.is_empty() {
            // The caller refused an event a moment ago, or its order could not be read. Other work
            // continues in this time.
            return sleep(limit).await;
        }
        let mut received = Vec::new();
        let all = usize::try_from(BATCH).unwrap_or(1);
        // Events that were received before the time-out are not lost.
        if timeout(limit, self.incoming.recv_many(&mut received, all)).await.is_ok() {
            self.waiting.extend(received);
        }
    }

    pub(crate) fn first(&self) -> Option<&QueuedEvent> {
        self.waiting.front()
    }

    /// Removes the first event, which the caller handled.
    pub(crate) fn pop(&mut self) {
        self.waiting.pop_front();
    }
}

async fn follow(orders: Orders, mut after: u64, sender: mpsc::Sender<QueuedEvent>) {
    let mut changes = orders.changes();
    loop {
        match orders.read(move |ledger| ledger.outbox(after, BATCH)).await {
            Ok(events) => {
                for event in events {
                    after = event.cursor;
                    if sender.send(QueuedEvent::new(event)).await.is_err() {
                        return;
                    }
                }
            }
            // Try again later. The caller's own calls report the failure.
            Err(_) => sleep(LOOK_EVERY).await,
        }
        tokio::select! {
            // The sender of changes lives as long as the orders.
            _ = changes.next() => {}
            () = sleep(LOOK_EVERY) => {}
            () = sender.closed() => return,
        }
    }
}

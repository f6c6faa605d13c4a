//! What became of orders, on its way to the thread that asks for it.

use std::collections::VecDeque;
use std::time::Duration;

use ::qris_orders::{Order, Orders};
use qris_api::{TransactionNumber, WibTime};
use qris_ledger::{EventType, Ledger};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

/// How often the database is looked into for what other programs did.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How many events are read at once, and wait for the caller.
const BATCH: u32 = 64;

/// An event, and the order as it is now.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) cursor: u64,
    pub(crate) event: EventType,
    pub(crate) at: WibTime,
    pub(crate) number: TransactionNumber,
    /// Nothing where its row makes no sense.
    pub(crate) order: Option<Order>,
}

/// The events that the caller has not dealt with.
#[derive(Debug)]
pub(crate) struct EventQueue {
    waiting: VecDeque<Told>,
    coming: mpsc::Receiver<Told>,
}

impl EventQueue {
    /// Begins to follow the events after this one. It goes on while the runtime runs.
    pub(crate) fn follow(orders: Orders, after: u64) -> Self {
        let (sender, coming) = mpsc::channel(usize::try_from(BATCH).unwrap_or(1));
        tokio::spawn(follow(orders, after, sender));
        Self { waiting: VecDeque::new(), coming }
    }

    /// Waits until there are events, for no longer than this.
    pub(crate) async fn wait(&mut self, limit: Duration) {
        if !self.waiting.is_empty() {
            // The caller refused one a moment ago; other work goes on meanwhile.
            return sleep(limit).await;
        }
        let mut come = Vec::new();
        let all = usize::try_from(BATCH).unwrap_or(1);
        // What has come is not lost when the time is up.
        if timeout(limit, self.coming.recv_many(&mut come, all)).await.is_ok() {
            self.waiting.extend(come);
        }
    }

    pub(crate) fn first(&self) -> Option<&Told> {
        self.waiting.front()
    }

    /// The first has been dealt with.
    pub(crate) fn pop(&mut self) {
        self.waiting.pop_front();
    }
}

async fn follow(orders: Orders, mut after: u64, sender: mpsc::Sender<Told>) {
    let mut changes = orders.changes();
    loop {
        match orders.read(move |ledger| read(ledger, after)).await {
            Ok(events) => {
                for told in events {
                    after = told.cursor;
                    if sender.send(told).await.is_err() {
                        return;
                    }
                }
            }
            // It is read again in a moment; the caller's own calls say what is wrong.
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

fn read(ledger: &Ledger, after: u64) -> Result<Vec<Told>, qris_ledger::Error> {
    let told = |event: qris_ledger::OutboxEvent| {
        let order = match ledger.find(&event.number) {
            Err(qris_ledger::Error::Corrupt { .. }) => None,
            found => found?,
        };
        let (cursor, number, at) = (event.cursor, event.number, event.at);
        Ok(Told { cursor, event: event.event_type, at, number, order })
    };
    ledger.outbox(after, BATCH)?.into_iter().map(told).collect()
}

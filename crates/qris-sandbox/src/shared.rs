//! The state that all calls share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;

use crate::behaviour::Behaviour;
use crate::calls::Calls;
use crate::clock::Clock;
use crate::fault::Fault;
use crate::invoice::Invoices;
use crate::listener::Port;
use crate::order::{Order, Orders};
use crate::webhook::{Address, Sending};

/// The state that all calls share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) api_key: String,
    pub(crate) merchant_id: String,
    pub(crate) validity: SignedDuration,
    pub(crate) behaviour: Behaviour,
    pub(crate) port: Arc<Port>,
    /// The runtime that sends webhooks, so that a payment can come from any thread.
    pub(crate) runtime: tokio::runtime::Handle,
    pub(crate) state: Mutex<State>,
}

/// What changes while the sandbox runs.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) invoices: Invoices,
    pub(crate) faults: Orders,
    /// The calls with the right key.
    pub(crate) calls: Calls,
    /// The calls with any other key.
    pub(crate) wrong_key_calls: Calls,
    pub(crate) webhook: Option<Address>,
    pub(crate) sendings: Vec<Sending>,
}

impl Shared {
    /// A panic in another thread leaves no partial change, so a poisoned lock can be used.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a fault happen.
    pub(crate) fn inject(&self, order: Order) {
        if let Fault::RefusedConnection { seconds } = order.fault {
            let time = Duration::try_from_secs_f64(seconds).unwrap_or_default();
            self.port.refuse(&self.runtime, time);
        } else {
            self.state().faults.add(order);
        }
    }

    /// Removes all faults.
    pub(crate) fn clear_faults(&self) {
        self.state().faults.clear();
        self.port.stop_refusing(&self.runtime);
    }
}

//! What all calls to a sandbox share.

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

/// What all calls share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) api_key: String,
    pub(crate) merchant_id: String,
    pub(crate) validity: SignedDuration,
    pub(crate) behaviour: Behaviour,
    pub(crate) port: Arc<Port>,
    /// Where webhooks are sent from, so that anybody may pay.
    pub(crate) runtime: tokio::runtime::Handle,
    pub(crate) state: Mutex<State>,
}

/// What changes while the sandbox runs.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) invoices: Invoices,
    pub(crate) faults: Orders,
    /// Those that came with the right key.
    pub(crate) calls: Calls,
    /// Those that came with any other.
    pub(crate) foreign_calls: Calls,
    pub(crate) webhook: Option<Address>,
    pub(crate) sendings: Vec<Sending>,
}

impl Shared {
    /// A panic elsewhere leaves nothing half-written, so a poisoned lock is as good as any.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes something go wrong.
    pub(crate) fn inject(&self, order: Order) {
        if let Fault::RefusedConnection { seconds } = order.fault {
            let time = Duration::try_from_secs_f64(seconds).unwrap_or_default();
            self.port.refuse(&self.runtime, time);
        } else {
            self.state().faults.add(order);
        }
    }

    /// Makes everything go right again.
    pub(crate) fn clear_faults(&self) {
        self.state().faults.clear();
        self.port.stop_refusing(&self.runtime);
    }
}

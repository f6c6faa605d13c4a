//! The orders of a process: opened once, and again in a forked process.

use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use qris_ledger::PayLinks;
use qris_orders::{Error, Orders, OrdersSettings};
use tokio::sync::OnceCell;
use tokio::task::JoinSet;

use super::fork;
use crate::call::runtime;
use crate::merchant::Merchant;

/// The orders after they are opened.
pub(super) type Cell = OnceCell<Orders>;

/// The settings to open orders.
pub(super) struct Settings {
    pub(super) database: String,
    pub(super) merchants: Vec<Merchant>,
    pub(super) pay_links: Option<PayLinks>,
}

impl Settings {
    async fn connect(&self) -> Result<Orders, Error> {
        let merchants = self.merchants.iter().map(Merchant::settings);
        let mut settings = OrdersSettings::new(merchants, self.database.clone());
        settings.pay_links.clone_from(&self.pay_links);
        let orders = Orders::connect(settings).await?;
        // A wrong host clock must not expire a code that may still be shown.
        let mut asked = JoinSet::new();
        for merchant in &self.merchants {
            let orders = orders.for_merchant(merchant.name.clone())?;
            asked.spawn(async move { orders.learn_time().await });
        }
        asked.join_all().await;
        Ok(orders)
    }
}

/// The state that all views of the same orders share.
pub(super) struct Shared {
    pub(super) settings: Arc<Settings>,
    /// The id of the process, and its orders; `None` after closing. Locked only while attached to
    /// Python, so no thread is in here while another one forks.
    opened: Mutex<Option<(u32, Arc<Cell>)>>,
}

impl Shared {
    pub(super) fn new(settings: Settings) -> Self {
        let cell = fork::register(Cell::new());
        Self { settings: Arc::new(settings), opened: Mutex::new(Some((process::id(), cell))) }
    }

    /// The orders of this process, to [open](open).
    pub(super) fn cell(&self) -> PyResult<Arc<Cell>> {
        let mut opened = self.opened();
        let Some((owner, cell)) = &mut *opened else {
            return Err(PyRuntimeError::new_err("expected open orders, found closed ones"));
        };
        let own = process::id();
        if *owner != own {
            fork::ensure_was_idle()?;
            *owner = own;
            // Dropping the parent's orders would end their work.
            std::mem::forget(std::mem::replace(cell, fork::register(Cell::new())));
        }
        Ok(Arc::clone(cell))
    }

    /// Closes them. Returns the open orders of this process, if there are any.
    pub(super) fn close(&self) -> Option<Arc<Cell>> {
        let (owner, cell) = self.opened().take()?;
        if owner == process::id() {
            return Some(cell);
        }
        std::mem::forget(cell);
        None
    }

    fn opened(&self) -> MutexGuard<'_, Option<(u32, Arc<Cell>)>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Shared {
    /// Ends the watcher, which would otherwise continue.
    fn drop(&mut self) {
        if let Some(cell) = self.close()
            && let Some(orders) = cell.get().cloned()
            && let Ok(runtime) = runtime()
        {
            runtime.spawn(async move { orders.stop().await });
        }
    }
}

/// Opens the orders if they are not open.
pub(super) async fn open(settings: &Settings, cell: &Cell) -> Result<Orders, Error> {
    cell.get_or_try_init(|| settings.connect()).await.cloned()
}

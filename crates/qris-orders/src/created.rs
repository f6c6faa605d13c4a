//! An invoice that the provider made and that is still to be recorded.

use qris_api::{Invoice, Schedule, WibTime};
use qris_ledger::{Intent, Ledger, Order};

use crate::Context;

/// An invoice that the provider made and that is still to be recorded.
#[derive(Clone, Debug)]
pub(crate) struct Created {
    pub(crate) context: Context,
    pub(crate) intent: Intent,
    pub(crate) invoice: Invoice,
    pub(crate) schedule: Schedule,
    /// When the provider's reply came.
    pub(crate) at: WibTime,
}

impl Created {
    /// Records it, once.
    pub(crate) fn record(&self, ledger: &mut Ledger) -> Result<Order, qris_ledger::Error> {
        let Self { intent, invoice, schedule, at, .. } = self;
        let recorded = ledger.record_created(intent, invoice, schedule, *at);
        let order = ledger.find(&invoice.number)?.ok_or(qris_ledger::Error::Absent)?;
        // An earlier attempt may have been recorded although its answer was lost.
        let ours = order.invoice_of(intent).and_then(|code| code.qris_invoiceid);
        let ours = ours == Some(invoice.qris_invoiceid);
        match recorded {
            Err(qris_ledger::Error::State { .. }) if ours => Ok(order),
            recorded => recorded.map(|()| order),
        }
    }
}

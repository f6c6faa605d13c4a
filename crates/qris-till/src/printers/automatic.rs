//! Prints a receipt automatically for each payment.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use qris_ledger::{Error, EventType};
use qris_orders::MerchantName;

use super::job;
use super::printer::Printer;
use crate::receipt::Document;
use crate::state::{AppState, stopped};

/// How often the task looks for payments at this or another till with the same database.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How many events are read at a time.
const AT_ONCE: u32 = 100;

/// Prints a receipt for each new payment until the till stops. Each is printed once, because each
/// has one event in the ledger. Does nothing if no printer has `auto`.
pub(crate) async fn print_payments(app: Arc<AppState>) {
    if !app.printers.iter().any(|printer| printer.settings.auto) {
        return;
    }
    let mut stopping = app.stopping.subscribe();
    let mut cursors = BTreeMap::new();
    loop {
        for merchant in &app.merchants {
            if let Err(error) = look(&app, merchant, &mut cursors).await {
                tracing::warn!(%error, "payments to print could not be read");
            }
        }
        tokio::select! {
            () = stopped(&mut stopping) => return,
            () = app.outgoing.told.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Prints receipts of a merchant's payments since the last time. The first time it only notes the
/// position.
async fn look(
    app: &AppState,
    merchant: &MerchantName,
    cursors: &mut BTreeMap<MerchantName, u64>,
) -> Result<(), Error> {
    // Only the till's own merchants.
    let Ok(orders) = app.orders.for_merchant(merchant.clone()) else { return Ok(()) };
    let Some(&after) = cursors.get(merchant) else {
        let last = orders.read(|ledger| ledger.outbox_cursor()).await?;
        cursors.insert(merchant.clone(), last);
        return Ok(());
    };
    let told = orders.read(move |ledger| ledger.outbox(after, AT_ONCE)).await?;
    for event in told {
        if matches!(event.event_type, EventType::Paid | EventType::PaidLate) {
            let number = event.number.clone();
            // No customer waits for a receipt of a payment that was recorded from the provider's
            // table.
            let found = orders.read(move |ledger| {
                let is_from_table = ledger.is_booked_from_settlement(&number)?;
                Ok(ledger.find(&number)?.filter(|_| !is_from_table))
            });
            let order = found.await?;
            for printer in app.printers.iter().filter(|printer| printer.settings.auto) {
                let links = app.pay_links.as_ref();
                let language = printer.settings.language;
                let document = order
                    .as_ref()
                    .and_then(|order| Document::for_order(order, orders.now(), links, language));
                if let Some(document) = document {
                    print(printer, &document);
                }
            }
        }
        cursors.insert(merchant.clone(), event.cursor);
    }
    Ok(())
}

fn print(printer: &Printer, document: &Document) {
    let name = printer.settings.name.as_str();
    // A receipt has no picture, so it cannot be too large.
    let Ok(commands) = job::commands(&printer.settings, document) else { return };
    if printer.submit(commands).is_err() {
        tracing::warn!(printer = name, "a receipt is not printed: 50 jobs wait for the printer");
    }
}

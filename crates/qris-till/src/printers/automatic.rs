//! Prints a receipt for each payment by itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use qris_ledger::{Error, EventType};
use qris_orders::MerchantName;

use super::job;
use super::printer::Printer;
use crate::receipt::Document;
use crate::state::{AppState, stopped};

/// How often it is looked what was paid, here or at another till of these books.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How many events are read at a time.
const AT_ONCE: u32 = 100;

/// Prints what is paid from now on, until the till stops: once for each payment, because each has one
/// event in the ledger. Does nothing where no printer is to.
pub(crate) async fn print_payments(app: Arc<AppState>) {
    if !app.printers.iter().any(|printer| printer.settings.auto) {
        return;
    }
    let mut stopping = app.stopping.subscribe();
    let mut cursors = BTreeMap::new();
    loop {
        for merchant in &app.merchants {
            if let Err(error) = look(&app, merchant, &mut cursors).await {
                tracing::warn!(%error, "it is not known which receipts are to be printed");
            }
        }
        tokio::select! {
            () = stopped(&mut stopping) => return,
            () = app.outgoing.told.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Prints what was paid of a merchant since the last time; the first time only notes where that is.
async fn look(
    app: &AppState,
    merchant: &MerchantName,
    cursors: &mut BTreeMap<MerchantName, u64>,
) -> Result<(), Error> {
    // The till's own merchants only.
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
            // Nobody waits for a receipt of what was booked from the provider's table.
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
                    .and_then(|order| Document::of(order, orders.now(), links, language));
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
    // A receipt has no picture that could be too large.
    let Ok(commands) = job::commands(&printer.settings, document) else { return };
    if printer.submit(commands).is_err() {
        tracing::warn!(printer = name, "a receipt is not printed: 50 jobs wait at the printer");
    }
}

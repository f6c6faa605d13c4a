//! Webhooks: the provider reports that a code may be paid.

use qris_api::webhook::{Status, WebhookEvent};
use qris_ledger::{Ledger, WebhookEffect};

use crate::{Clock, Context, Error, OrderService, Provider, SharedLedger, WebhookOutcome};

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// Takes a webhook. It is no proof of payment: it only makes a check of the code due. A webhook of an
    /// unknown invoice is kept. When this returns without an error, it is on disk.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with the database's error: refuse the webhook, so that the provider sends it again;
    /// [`Error::UnknownMerchant`].
    pub async fn receive_webhook(
        &self,
        context: &Context,
        event: WebhookEvent,
    ) -> Result<WebhookOutcome, Error> {
        let now = self.served(context)?.now();
        self.counters.webhooks_taken.add(1);
        let (invoice, is_paid) = (event.invoice, event.status == Status::Paid);
        let write = move |ledger: &mut Ledger| {
            let effect = match is_paid {
                true => Some(ledger.record_webhook(invoice, &event.details(), now)?),
                false => None,
            };
            let outcome = match ledger.find_invoice(invoice)? {
                Some(order) => WebhookOutcome::Known(Box::new(order)),
                None => match ledger.keep_webhook(&event, now) {
                    // The provider never uses such an id. An error would make it send the webhook again and
                    // again.
                    Err(qris_ledger::Error::TooLarge { .. }) => WebhookOutcome::Kept(None),
                    kept => WebhookOutcome::Kept(kept?),
                },
            };
            Ok((effect, outcome))
        };
        let (effect, outcome) = self.ledger.write(context, write).await?;
        if let Some(WebhookEffect::Due(number)) = effect {
            tracing::info!(%number, "a webhook reports a payment");
            self.due.notify_one();
        }
        match &outcome {
            // A paid one may get its reference number (RRN) only now.
            WebhookOutcome::Known(order) => self.changed(order),
            WebhookOutcome::Kept(None) => {
                self.counters.webhooks_unbooked.add(1);
                tracing::warn!(%invoice, "a webhook names an unknown invoice");
            }
            WebhookOutcome::Kept(Some(number)) => {
                self.counters.webhooks_unbooked.add(1);
                tracing::warn!(%invoice, %number, "a webhook may belong to an order without an invoice");
                self.candidates_due.notify_one();
            }
        }
        Ok(outcome)
    }
}

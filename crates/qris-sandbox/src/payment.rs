//! Takes a payment and calls the merchant's webhook.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use serde::Serialize;

use crate::behaviour::{Behaviour, Note, Rrn};
use crate::clock::{api_text, later};
use crate::fault::{Fault, Occasion};
use crate::invoice::{Invoice, PayError, Payer, Received};
use crate::reply::{customer_name, to_json};
use crate::shared::{Shared, State};
use crate::webhook::{Address, Sending};

/// The time limit for a webhook's answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The pauses before a webhook is called again that did not answer 200.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

impl Shared {
    /// Pays an invoice and calls the webhook.
    pub(crate) fn pay(self: &Arc<Self>, invoice_id: u64, payer: Payer) -> Result<(), PayError> {
        let mut state = self.state();
        let State { clock, invoices, faults, webhook, .. } = &mut *state;
        let now = clock.now();
        let invoice = invoices.open(invoice_id, now)?;
        let faults = faults.take(Occasion::Payment);
        let delay = faults.iter().find_map(|fault| match fault {
            Fault::LatePayment { seconds } => SignedDuration::try_from_secs_f64(*seconds).ok(),
            _ => None,
        });
        let lands_at = later(now, delay.unwrap_or_default());
        let bad_bytes = faults.contains(&Fault::BadBytesInNames);
        let payment = Received { payer, at: now, lands_at, bad_bytes };
        invoice.payment = Some(payment.clone());
        let invoice = invoice.clone();
        if let Some(address) = webhook.clone() {
            let to_nobody = faults.contains(&Fault::WebhookOfUnbooked);
            let unbooked = to_nobody.then(|| invoices.reserve_id());
            let announcement = Announcement { address, invoice, payment, faults, unbooked };
            self.runtime.spawn(announcement.tell(Arc::clone(self)));
        }
        Ok(())
    }
}

/// The webhook's body, without amount and signature. Members are sent in this order.
#[derive(Debug, Serialize)]
struct Event<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    rrn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    invoice: String,
    qris_status: &'static str,
    qris_paid_date: String,
    qris_payment_methodby: &'a str,
    qris_payment_customername: String,
}

/// A payment that the webhook will report.
struct Announcement {
    address: Address,
    invoice: Invoice,
    payment: Received,
    faults: Vec<Fault>,
    /// A number that no invoice has or will get, for an extra webhook.
    unbooked: Option<u64>,
}

impl Announcement {
    /// Reports the payment once the provider knows of it, until the webhook answers 200.
    async fn tell(self, shared: Arc<Shared>) {
        while shared.state().clock.now() < self.payment.lands_at {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        if let Some(id) = self.unbooked {
            self.send(&shared, id, "success").await;
        }
        self.send(&shared, self.invoice.id, "success").await;
        if self.faults.contains(&Fault::OutOfOrderWebhook) {
            self.send(&shared, self.invoice.id, "pending").await;
        } else if self.faults.contains(&Fault::DuplicateWebhook) {
            self.send(&shared, self.invoice.id, "success").await;
        }
    }

    /// Posts one event until it is answered with 200, or the last pause is over.
    async fn send(&self, shared: &Shared, id: u64, word: &'static str) {
        let body = self.body(&shared.behaviour, id, word);
        let mut pauses = PAUSES.into_iter();
        loop {
            let post = tokio::time::timeout(TIMEOUT, self.address.post(&body)).await;
            let answered = post.ok().and_then(Result::ok);
            shared.state().sendings.push(Sending { invoice: id, qris_status: word, answered });
            match pauses.next().filter(|_| answered != Some(200)) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => break,
            }
        }
    }

    fn body(&self, behaviour: &Behaviour, id: u64, word: &'static str) -> Vec<u8> {
        let Self { invoice, payment, .. } = self;
        let has_both = !self.faults.contains(&Fault::WebhookWithoutNote);
        let has_rrn = has_both && behaviour.rrn == Rrn::Present;
        let note = match behaviour.note {
            Note::NumberAndAmount => Some(format!("1 {} {}", invoice.number, invoice.amount)),
            Note::Number => Some(invoice.number.clone()),
            Note::Absent => None,
        };
        let event = Event {
            rrn: has_rrn.then(|| format!("{:012}", id % 1_000_000_000_000)),
            note: note.filter(|_| has_both),
            invoice: id.to_string(),
            qris_status: word,
            qris_paid_date: api_text(payment.at),
            qris_payment_methodby: &payment.payer.method,
            qris_payment_customername: customer_name(payment),
        };
        to_json(&event, payment.bad_bytes)
    }
}

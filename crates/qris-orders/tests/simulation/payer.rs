//! The payers, and the provider's webhooks.

use std::sync::Arc;
use std::time::Duration;

use qris_api::webhook::WebhookEvent;
use qris_api::{InvoiceId, Trigger};
use qris_orders::Order;

use crate::executor::WORLD;
use crate::news::news_is_checked_in_time;
use crate::properties;
use crate::random::Chance;
use crate::scenario::{OrderPlan, Payer, hours, minutes, seconds};
use crate::shop::{Shop, number};
use crate::world::{Paid, Truth};

impl Shop {
    /// A code is shown to a payer.
    pub(crate) fn show(self: &Arc<Self>, plan: &OrderPlan, amount: u64, record: &Order) {
        let Some(invoice) = &record.invoice else { return };
        let id = invoice.qris_invoiceid;
        self.world.tell(|| format!("the payer of {} sees the code of invoice {id}", record.number));
        properties::a_shown_code_is_the_orders_own(&self.world, plan, amount, record);
        let Some(truth) = self.world.invoice(id) else { return };
        let now = self.world.now();
        if truth.shown.is_none() {
            self.world.change(id, |truth| truth.shown = Some(now));
            self.payer(plan, &truth, 450);
        }
    }

    /// Codes of a number that nobody was shown, because the reply was lost or the process was
    /// killed. Sometimes somebody pays one anyway, from a printed slip or a second screen.
    pub(crate) fn print_slips(self: &Arc<Self>, plan: &OrderPlan) {
        let number = number(plan);
        let unseen = self.world.with(|state| {
            let of_this = |truth: &&mut Truth| {
                let is_this = truth.merchant == plan.merchant && truth.number == number;
                is_this && truth.shown.is_none() && !truth.is_on_a_slip
            };
            let unseen = state.invoices.values_mut().filter(of_this).map(|truth| {
                truth.is_on_a_slip = true;
                truth.clone()
            });
            unseen.collect::<Vec<_>>()
        });
        unseen.iter().for_each(|truth| self.payer(plan, truth, 300));
    }

    /// Somebody who may pay, and how often in a thousand a code is paid.
    pub(crate) fn payer(self: &Arc<Self>, plan: &OrderPlan, truth: &Truth, often: u32) {
        let id = truth.id;
        let mut chance = Chance::new(self.world.scenario.seed, "payer", id.get(), 0);
        let is_payer = match plan.payer {
            Payer::Nobody => false,
            Payer::Somebody => chance.per_mille(often),
            Payer::Soon => true,
        };
        if !is_payer {
            return;
        }
        let webhooks = match plan.payer {
            Payer::Soon => 1_000,
            _ => self.world.scenario.webhooks,
        };
        let waits = match chance.number(0..10) {
            _ if plan.payer == Payer::Soon => chance.time(seconds(5)..minutes(1)),
            0 => chance.time(minutes(30)..minutes(60)),
            1 => chance.time(minutes(59)..minutes(60)),
            _ => chance.any_time(seconds(2)..minutes(29)),
        };
        let shop = Arc::clone(self);
        let (made, validity) = (truth.made, self.world.scenario.validity);
        self.world.time.spawn(WORLD, async move {
            shop.world.time.sleep(waits).await;
            let now = shop.world.now();
            if shop.world.invoice(id).is_some_and(|truth| truth.paid.is_some()) {
                return;
            }
            if now >= made + validity {
                shop.world.tell(|| format!("a payer finds that the code of {id} is over"));
                return;
            }
            let lag = if chance.per_mille(900) {
                chance.any_time(Duration::from_millis(100)..seconds(30))
            } else {
                chance.any_time(seconds(30)..minutes(9))
            };
            shop.world.change(id, |truth| {
                truth.paid = Some(Paid { at: now, confirmed: now + lag });
            });
            shop.world.tell(|| {
                format!(
                    "a payer pays invoice {id}; a check says so {:.1} s later",
                    lag.as_secs_f32()
                )
            });
            if chance.per_mille(webhooks) {
                shop.announce(id, &mut chance).await;
            }
        });
    }

    /// The provider's webhook of a payment, repeated until it is answered with 200.
    async fn announce(self: &Arc<Self>, id: InvoiceId, chance: &mut Chance) {
        let first = if chance.per_mille(900) { minutes(1) } else { hours(3) };
        self.world.time.sleep(chance.any_time(Duration::from_millis(100)..first)).await;
        let Some(truth) = self.world.invoice(id) else { return };
        let mut pause = seconds(10);
        let mut times_more = chance.pick(&[0, 0, 1, 3]);
        loop {
            let body = format!(
                r#"{{"rrn":"{:012}","note":"1 {} {}","invoice":"{id}","qris_status":"success"}}"#,
                id.get(),
                truth.number,
                truth.amount,
            );
            let event = WebhookEvent::parse(body.as_bytes()).expect("a webhook");
            let process = self.any_process(chance);
            let context = self.context(truth.merchant, "webhook");
            let taken = self.call(process, |service| async move {
                service.receive_webhook(&context, event).await.is_ok()
            });
            if taken.await == Some(true) {
                let now = self.world.now();
                self.world
                    .tell(|| format!("the webhook of {id} is answered 200 by process {process}"));
                news_is_checked_in_time(self, truth.merchant, id, Trigger::Webhook);
                self.world.change(id, |truth| truth.webhooks_taken.push(now));
                self.is_news();
                if times_more == 0 {
                    return;
                }
                times_more -= 1;
            } else {
                self.world.tell(|| format!("the webhook of {id} is not taken"));
            }
            self.world.time.sleep(pause).await;
            pause = (pause * 2).min(hours(1));
        }
    }
}

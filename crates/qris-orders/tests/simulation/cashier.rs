//! The cashiers: they charge, request checks, renew, cancel, and read the provider's portal.

use std::sync::Arc;

use qris_api::{ManualCheck, Rupiah, Trigger};
use qris_ledger::{InvoiceState, OrderInvoice};
use qris_orders::{Charged, Context, Error, NewOrder, Renewed};

use crate::news::news_is_checked_in_time;
use crate::properties;
use crate::random::Chance;
use crate::scenario::{Act, OrderPlan, hours, minutes, seconds};
use crate::shop::{Service, Shop, number};
use crate::world::Truth;

impl Shop {
    /// The cashier of an order.
    pub(crate) async fn serve(self: Arc<Self>, plan: OrderPlan) {
        let seed = self.world.scenario.seed;
        let mut chance = Chance::new(seed, "cashier", u64::try_from(plan.id).unwrap_or(0), 0);
        self.world.time.sleep_until(plan.at).await;
        for _ in 0..4 {
            if self.charge(&plan, plan.amount, &mut chance).await {
                break;
            }
            let pause = chance.any_time(seconds(2)..minutes(3));
            self.world.time.sleep(pause).await;
        }
        for &(after, act) in &plan.acts {
            self.world.time.sleep_until(plan.at + after).await;
            match act {
                Act::Charge => drop(self.charge(&plan, plan.amount, &mut chance).await),
                Act::ChargeAnotherAmount => {
                    self.charge(&plan, plan.amount + 500, &mut chance).await;
                }
                act => self.press(&plan, act, &mut chance).await,
            }
        }
    }

    /// Charges. `false` if it should be retried.
    async fn charge(self: &Arc<Self>, plan: &OrderPlan, amount: u64, chance: &mut Chance) -> bool {
        let number = number(plan);
        let mut order = NewOrder::new(number.clone(), Rupiah::new(amount));
        order.reference = plan.has_reference.then(|| format!("cart-{}", plan.id));
        let context = self.context(plan.merchant, "cashier");
        let process = self.any_process(chance);
        self.is_busy();
        self.world
            .tell(|| format!("the cashier charges Rp{amount} for {number} (process {process})"));
        let begun = self.world.true_time();
        let asked = context.clone();
        let charged = self.call(process, |service| async move {
            let charged = service.charge(&asked, &order).await;
            (charged, service.now(&asked))
        });
        let charged = charged.await;
        let Some((charged, now)) = charged else {
            self.print_slips(plan);
            self.world.tell(|| format!("nobody answers the cashier about {number}"));
            return false;
        };
        self.is_busy();
        match charged {
            Ok(charged) => {
                let record = match charged {
                    Charged::Created(record) => record,
                    Charged::Known(record) => {
                        properties::a_number_of_an_earlier_day_is_another_sale(
                            &self.world,
                            plan,
                            begun,
                            &record,
                        );
                        record
                    }
                };
                if let Ok(now) = now
                    && record.may_be_shown(now)
                {
                    self.show(plan, amount, &record);
                }
                properties::what_is_seen_is_true(&self.world, plan, &record);
                true
            }
            Err(error) => {
                self.print_slips(plan);
                self.world.tell(|| format!("{number} is not charged: {error}"));
                match error {
                    Error::Ledger(error) => !error.is_transient(),
                    Error::Provider(error) => {
                        matches!(error, qris_api::Error::OutcomeUnknown { .. })
                    }
                    _ => true,
                }
            }
        }
    }

    /// A cashier's action on an order that was charged before.
    pub(crate) async fn press(self: &Arc<Self>, plan: &OrderPlan, act: Act, chance: &mut Chance) {
        let number = number(plan);
        let process = self.any_process(chance);
        self.world.tell(|| format!("the cashier wants of {number}: {act:?} (process {process})"));
        self.is_busy();
        let context = self.context(plan.merchant, "cashier");
        let (asked, shop, of) = (number.clone(), Arc::clone(self), plan.clone());
        let done = self.call(process, move |service| async move {
            match act {
                Act::Check => {
                    let (press, order) = service.check(&context, &asked).await?;
                    // The newest code that may be paid is checked.
                    let may_be_paid = |code: &&OrderInvoice| {
                        matches!(code.state, InvoiceState::Pending | InvoiceState::Expired)
                    };
                    let code = order.invoices.iter().rfind(may_be_paid);
                    if matches!(press, ManualCheck::Accepted { .. })
                        && let Some(id) = code.and_then(|code| code.qris_invoiceid)
                    {
                        news_is_checked_in_time(&shop, of.merchant, id, Trigger::Button);
                    }
                    Ok(())
                }
                Act::Cancel => service.cancel(&context, &asked).await.map(drop),
                Act::Resolve => shop.resolve(&service, &context, &of).await,
                Act::Renew => shop.renew(&service, &context, &of).await,
                Act::Charge | Act::ChargeAnotherAmount => Ok(()),
            }
        });
        match done.await {
            None => self.world.tell(|| format!("nobody answers the cashier about {number}")),
            Some(Err(error)) => self.world.tell(|| format!("{act:?} of {number}: {error}")),
            Some(Ok(())) => {}
        }
        if act == Act::Renew {
            self.print_slips(plan);
        }
        self.is_news();
    }

    async fn renew(
        self: &Arc<Self>,
        service: &Service,
        context: &Context,
        plan: &OrderPlan,
    ) -> Result<(), Error> {
        let (key, begun) = ((plan.merchant, number(plan)), self.world.now());
        self.world.with(|state| state.renewing.insert(key, begun));
        match service.renew(context, &number(plan)).await? {
            Renewed::Created(order) => {
                if order.may_be_shown(service.now(context)?) {
                    // The other amount may have been charged first.
                    self.show(plan, order.amount.get(), &order);
                }
            }
            Renewed::Paid(order) => properties::what_is_seen_is_true(&self.world, plan, &order),
        }
        Ok(())
    }

    /// A person who looks at the provider's portal and enters what it shows.
    async fn resolve(
        &self,
        service: &Service,
        context: &Context,
        plan: &OrderPlan,
    ) -> Result<(), Error> {
        let number = number(plan);
        let now = self.world.now();
        let order = service.find(context, &number).await?;
        let is_booked = |id| order.invoices.iter().any(|code| code.qris_invoiceid == Some(id));
        let found = self.world.with(|state| {
            let of_this = |truth: &&Truth| {
                truth.merchant == plan.merchant && truth.number == number && !is_booked(truth.id)
            };
            state.invoices.values().filter(of_this).cloned().collect::<Vec<_>>()
        });
        let is_open = |truth: &&Truth| truth.paid.is_none() && now < truth.made + hours(1);
        if let Some(paid) = found.iter().find(|truth| truth.paid.is_some()) {
            self.world.tell(|| format!("a person says that {number} is invoice {}", paid.id));
            let resolved = service.resolve_paid(context, &number, paid.id).await?;
            self.world.tell(|| format!("{number} is resolved: {resolved:?}"));
        } else if !found.iter().any(|truth| is_open(&truth)) {
            self.world.tell(|| format!("a person says that {number} was never made"));
            service.resolve_not_made(context, &number, "not in the portal").await?;
        }
        Ok(())
    }
}

//! Property 1 for news: slots of the budget are reserved for webhooks and manual checks.

use std::sync::Arc;
use std::time::Duration;

use qris_api::{InvoiceId, Trigger};

use crate::executor::WORLD;
use crate::properties::is_booked;
use crate::scenario::{Kind, minutes, seconds};
use crate::shop::Shop;
use crate::world::World;

/// The longest time between the checks of a webhook, if each has an answer.
const GAP: Duration = minutes(1);

/// The shortest total time of the three checks.
const THREE_CHECKS: Duration = seconds(28);

/// The longest time of a ledger call, a check call and its answer without failures.
const ANSWER: Duration = seconds(10);

/// How long there must have been no failures before: after this, a killed process's claim, a
/// hanging call and the pause after a refused key are over.
const SETTLED: Duration = minutes(20);

/// How many other checks of news may be made in the same minutes. Of the budget's 60 slots a
/// minute, twelve are reserved for news, and a check after midnight takes two.
const OTHERS: usize = 3;

/// Property 1: a payment is recorded as soon as an answer allows it, and news of it goes before the
/// schedule, even if the schedule is full.
///
/// Tested for each webhook that was answered with 200 and each accepted manual check:
///
/// - If a check would say "paid" by then, the payment is recorded after the gap of a minute, the
///   pause between two rounds, and ten seconds. The first webhook of an invoice does not wait for a
///   gap.
/// - If a check says "paid" only later, but within the shortest time of the three checks of a first
///   webhook, it is recorded when the last of the three is made.
///
/// This holds if nothing has failed for twenty minutes, and if other news does not use up the
/// reserved slots.
pub(crate) fn news_is_checked_in_time(
    shop: &Arc<Shop>,
    merchant: usize,
    id: InvoiceId,
    trigger: Trigger,
) {
    let (world, at) = (&shop.world, shop.world.now());
    let Some(truth) = world.invoice(id) else { return };
    let Some(paid) = truth.paid else { return };
    let is_first = trigger == Trigger::Webhook
        && truth.webhooks_taken.is_empty()
        && !world.with(|state| {
            state.questions_about(id).any(|question| question.trigger == Trigger::Webhook)
        });
    let late = world.scenario.round_gap + ANSWER;
    let deadline = match (is_first, paid.confirmed) {
        (true, confirmed) if confirmed <= at => at + late,
        (true, confirmed) if confirmed <= at + THREE_CHECKS => at + 3 * (GAP + late),
        (false, confirmed) if confirmed <= at => at + GAP + late,
        _ => return,
    };
    let is_known =
        shop.store.with(merchant, |ledger| ledger.find_invoice(id)).is_ok_and(|it| it.is_some());
    if !is_known || !is_calm(world, at, deadline) {
        return;
    }
    let shop = Arc::clone(shop);
    world.time.clone().spawn(WORLD, async move {
        let world = &shop.world;
        world.time.sleep_until(deadline).await;
        let others = world.with(|state| {
            let all = state.questions.iter().rev();
            let lately = all.take_while(|question| question.at + GAP + seconds(2) >= at);
            let of_news = lately.filter(|question| {
                let is_own = question.invoice == id && question.at >= at;
                question.merchant == merchant
                    && question.trigger != Trigger::Schedule
                    && !question.is_further_day
                    && !is_own
            });
            of_news.count()
        });
        if others > OTHERS {
            return;
        }
        let order = shop.store.with(merchant, |ledger| ledger.find_invoice(id)).ok().flatten();
        if !is_booked(order.as_ref(), id) {
            let what = match trigger {
                Trigger::Webhook => "a webhook said",
                _ => "a person asked",
            };
            let ago = (world.now() - at).as_secs();
            world.broken(1, format!("{what} {ago} s ago whether {id} is paid: it is, not booked"));
        }
    });
}

/// Whether nothing fails in a period, and nothing failed for twenty minutes before it.
fn is_calm(world: &World, from: Duration, to: Duration) -> bool {
    let from = from.saturating_sub(SETTLED);
    let mut troubles = world.scenario.trouble.iter();
    !troubles.any(|trouble| {
        // These two apply to creates only.
        let is_of_checks = !matches!(trouble.kind, Kind::Mismatch(_) | Kind::OldId(_));
        is_of_checks && trouble.from <= to && from < trouble.to
    })
}

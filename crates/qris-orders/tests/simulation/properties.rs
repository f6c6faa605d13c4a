//! The six properties. Each function names its property and its exact meaning.

use std::sync::Arc;
use std::time::Duration;

use qris_api::{InvoiceId, Schedule, TransactionNumber, Trigger, WibTime};
use qris_ledger::{Event, InvoiceState, Order, OrderInvoice, State};

use crate::executor::WORLD;
use crate::ledger::Store;
use crate::process::Life;
use crate::scenario::{Kind, OrderPlan, hours, minutes, seconds};
use crate::shop::number;
use crate::world::{Question, Truth, World, is_undone, read_content};

/// The maximum number of calls of a key in any minute.
const BUDGET: usize = 60;

/// Times are stored in whole seconds, so a check may be this much early.
const ROUNDING: Duration = Duration::from_millis(1_100);

/// Property 3: a new code of an order is not requested while an older one is paid, if a check could have
/// shown it.
///
/// When a create is sent to the provider, each of the order's shown codes with a confirmed payment
/// must have been answered "unpaid" since the cashier requested the new code. A restored database
/// need not know of the payment.
pub(crate) fn no_new_code_beside_a_paid_one(
    world: &World,
    merchant: usize,
    number: &TransactionNumber,
) {
    let now = world.now();
    let key = (merchant, number.clone());
    // A charge requests no code while another of its codes may be paid.
    let begun = world.with(|state| state.renewing.get(&key).copied()).unwrap_or(now);
    let since = begun.saturating_sub(ON_THE_WAY + ROUNDING);
    let is_missed = |truth: &Truth| {
        let is_paid = truth.paid.is_some_and(|paid| paid.confirmed <= now);
        let was_asked = truth.unpaid_said.is_some_and(|at| at >= since);
        is_paid && truth.shown.is_some() && !was_asked && !is_forgotten(world, truth)
    };
    let truths = world.with(|state| {
        let of_this = |truth: &&Truth| truth.merchant == merchant && truth.number == *number;
        state.invoices.values().filter(of_this).cloned().collect::<Vec<_>>()
    });
    if let Some(Truth { id, .. }) = truths.iter().find(|truth| is_missed(truth)) {
        world.broken(3, format!("a new code of {number} is asked for while invoice {id} is paid"));
    }
}

/// How long an answer may take to arrive: half of the reply's time limit. The ledger stores the
/// arrival time.
const ON_THE_WAY: Duration = Duration::from_millis(17_500);

/// Whether the database that knew of it was replaced by an older copy.
pub(crate) fn is_forgotten(world: &World, truth: &Truth) -> bool {
    world.with(|state| truth.is_forgotten(&state.restored))
}

/// Property 4: no key makes more calls than its budget in any minute, and no invoice is checked closer
/// than its gaps, also after restarts.
///
/// Every check call to the provider counts: at most 60 for a key in any 60 s. An invoice is checked
/// at least 15 s after its last check, and by the schedule at least 60 s after its last scheduled
/// check, except for the first three. The first webhook of an invoice is free of this, and so is a
/// further day of the same check.
///
/// In half of the runs the client has no budget and gaps of its own, so the ledger must enforce
/// them. In these, a restored database has forgotten the checks since its copy, so those do not
/// count. The gaps are not tested while the host's clock is wrong and for five minutes after. The
/// budget always is.
pub(crate) fn no_key_is_asked_too_often(world: &World, question: Question) {
    let broken = world.with(|state| {
        let has_budget = world.scenario.client_budget;
        let is_known = |earlier: &&Question| has_budget || !is_undone(earlier.at, &state.restored);
        let mut in_a_minute = 1;
        for earlier in state.questions.iter().rev().filter(&is_known) {
            if earlier.at + minutes(1) <= question.at {
                break;
            }
            in_a_minute += usize::from(earlier.merchant == question.merchant);
        }
        let gap = (has_budget || !world.was_clock_wrong()).then(|| {
            let earlier = state.questions_about(question.invoice).filter(&is_known);
            too_close(&world.scenario.schedule, earlier, question)
        });
        state.add_question(question);
        if in_a_minute > BUDGET {
            return Some(format!("the key is asked {in_a_minute} times in a minute"));
        }
        gap.flatten()
    });
    if let Some(how) = broken {
        world.broken(4, how);
    }
}

/// How a check comes too soon after these earlier ones of the same invoice, if it does.
fn too_close<'a>(
    schedule: &Schedule,
    earlier: impl Iterator<Item = &'a Question>,
    question: Question,
) -> Option<String> {
    let of_this = earlier.filter(|earlier| !earlier.is_further_day);
    if question.is_further_day {
        return None;
    }
    let (mut last, mut last_scheduled, mut scheduled, mut hints) = (None, None, 0, 0);
    for earlier in of_this {
        last = Some(earlier.at);
        match earlier.trigger {
            Trigger::Webhook => hints += 1,
            Trigger::Button => {}
            _ => {
                last_scheduled = Some(earlier.at);
                scheduled += 1;
            }
        }
    }
    if question.trigger == Trigger::Webhook && hints == 0 {
        return None;
    }
    let is_scheduled = question.trigger == Trigger::Schedule && scheduled >= schedule.tries;
    let gaps =
        [(last, schedule.try_gap), (last_scheduled.filter(|_| is_scheduled), schedule.check_gap)];
    gaps.into_iter().find_map(|(last, gap)| {
        let since = question.at.saturating_sub(last?);
        (since + ROUNDING < gap).then(|| {
            format!(
                "invoice {} is asked about again after {:.1} s, which may be after {} s ({:?})",
                question.invoice,
                since.as_secs_f32(),
                gap.as_secs(),
                question.trigger,
            )
        })
    })
}

/// Property 3: no payer is shown a code with another amount, order or merchant, or two codes of one
/// order at once.
///
/// The shown QR has the merchant, the requested amount, and the ledger's invoice; the provider made
/// that invoice for this number. No other code of the order was shown within its last 30 minutes.
pub(crate) fn a_shown_code_is_the_orders_own(
    world: &World,
    plan: &OrderPlan,
    amount: u64,
    order: &Order,
) {
    let Some(invoice) = &order.invoice else { return };
    let id = invoice.qris_invoiceid;
    if read_content(&invoice.qris_content) != Some((plan.merchant, id.get(), amount)) {
        world.broken(3, format!("{} is shown another's code", order.number));
        return;
    }
    let Some(truth) = world.invoice(id) else {
        world.broken(3, format!("{} is shown a code that was never made", order.number));
        return;
    };
    if truth.number != order.number || truth.amount.get() != amount {
        world.broken(3, format!("{} is shown the code of {}", order.number, truth.number));
    }
    let now = world.now();
    let other = world.with(|state| {
        let is_other = |other: &&Truth| {
            other.merchant == plan.merchant && other.number == order.number && other.id != id
        };
        let is_shown = |other: &Truth| {
            other.shown.is_some() && now + seconds(2) < other.made + world.scenario.schedule.shown
        };
        state.invoices.values().filter(is_other).find(|other| is_shown(other)).map(|other| other.id)
    });
    if let Some(other) = other
        && !world.invoice(other).is_some_and(|truth| is_forgotten(world, &truth))
    {
        world.broken(3, format!("{} is shown with invoice {id} beside {other}", order.number));
    }
    if now > truth.made + world.scenario.schedule.shown + seconds(2) && !world.is_clock_wrong() {
        world.broken(3, format!("invoice {id} is shown after its time"));
    }
}

/// Property 2: nothing is reported as paid that the provider did not confirm for that invoice.
///
/// An order that the shop reports as paid has an invoice that the provider made for this merchant,
/// number and amount, and its payment was confirmed before this moment.
pub(crate) fn what_is_seen_is_true(world: &World, plan: &OrderPlan, order: &Order) {
    if order.state != State::Paid {
        return;
    }
    let paid: Vec<_> = order.invoices.iter().filter(|code| is_paid(code)).collect();
    if paid.is_empty() {
        world.broken(2, format!("{} is called paid without a paid code", order.number));
    }
    for code in &paid {
        let truth = code.qris_invoiceid.and_then(|id| world.invoice(id));
        let is_true = truth.is_some_and(|truth| {
            truth.merchant == plan.merchant
                && truth.number == order.number
                && truth.amount == order.amount
                && truth.paid.is_some_and(|paid| paid.confirmed <= world.now())
        });
        if !is_true {
            let id = code.qris_invoiceid.map_or(0, InvoiceId::get);
            world.broken(2, format!("{} is called paid by {id}, which is not", order.number));
        }
    }
    let more = u64::try_from(paid.len().saturating_sub(1)).unwrap_or_default();
    if order.overpaid.get() != more * order.amount.get() {
        let codes = paid.len();
        let overpaid = order.overpaid;
        world.broken(2, format!("{} has {codes} paid codes, overpaid {overpaid}", order.number));
    }
}

/// Property 2: goods are handed over for a payment of this sale, not for one of an earlier day.
///
/// If a number was paid, expired or cancelled before the day on which it is charged again, the
/// charge does not return that order: a shop that restarts its numbers each day would take it for
/// today's. With the same reference, the caller means the same sale. In runs with a wrong host
/// clock, the day is unknown.
pub(crate) fn a_number_of_an_earlier_day_is_another_sale(
    world: &World,
    plan: &OrderPlan,
    charged: WibTime,
    order: &Order,
) {
    if plan.has_reference || world.is_clock_wrong() {
        return;
    }
    let state = order.state_at(charged);
    let ended = match state {
        State::Paid => order.payment.details().and_then(|details| details.paid_at),
        State::Expired | State::Cancelled => Some(order.created_at),
        _ => None,
    };
    if let Some(day) = ended.map(WibTime::date)
        && day < charged.date()
    {
        let number = &order.number;
        let today = charged.date();
        world.broken(2, format!("{number} of {today} is answered as {state}: that was on {day}"));
    }
}

fn is_paid(code: &OrderInvoice) -> bool {
    code.state == InvoiceState::Paid
}

/// Whether the shop has recorded the payment of this invoice.
pub(crate) fn is_booked(order: Option<&Order>, id: InvoiceId) -> bool {
    order.is_some_and(|order| {
        let mut codes = order.invoices.iter();
        let is_this = |code: &OrderInvoice| code.qris_invoiceid == Some(id) && is_paid(code);
        order.state == State::Paid && codes.any(is_this)
    })
}

/// Property 1: a payment is recorded as soon as an answer allows it.
///
/// Five minutes after a process received the answer "paid", it is recorded, if that process is
/// alive and the database was always available.
pub(crate) fn what_is_heard_is_booked(
    life: &Life,
    store: &Arc<Store>,
    merchant: usize,
    id: InvoiceId,
) {
    let (world, store, life) = (Arc::clone(life.world()), Arc::clone(store), life.clone());
    let heard = world.now();
    world.time.clone().spawn(WORLD, async move {
        world.time.sleep(minutes(5)).await;
        let now = world.now();
        let is_away = |kind: Kind| {
            matches!(
                kind,
                Kind::Busy(_)
                    | Kind::Full(_)
                    | Kind::ReadOnly(_)
                    | Kind::Frozen(_)
                    | Kind::AnswerLost(_)
                    | Kind::Restore
            )
        };
        let mut troubles = world.scenario.trouble.iter();
        let was_away = troubles.any(|trouble| {
            is_away(trouble.kind) && trouble.from < now && heard < trouble.to + seconds(1)
        });
        if was_away || life.is_dead() {
            return;
        }
        let order = store.with(merchant, |ledger| ledger.find_invoice(id)).ok().flatten();
        if !is_booked(order.as_ref(), id) {
            world.broken(1, format!("{life} heard 5 minutes ago that {id} is paid: not booked"));
        }
    });
}

/// The state when the world is quiet: the provider and the database are available, all processes
/// run, the clocks are right, a person has resolved unknown outcomes, and a day has passed.
///
/// - Property 1: the payment of each invoice that was shown or that the ledger has is recorded, once. So
///   is the payment in a webhook whose note names an order without a known invoice. If no such
///   order is left, for example because the database was restored, the webhook is listed as
///   unknown. A payment of an invoice that neither a reply nor a webhook reported to the shop must
///   be found by a person; its order is `unknown`. Each invoice whose reply a process received is
///   in the ledger, even after a long outage of the database, if that process is alive. The stored
///   totals equal the sums over the orders.
/// - Property 2: each `paid` is true.
/// - Property 5: no order is `unknown` or `requested` after a person has said what the portal shows.
/// - Property 6: nothing is due, and in the last twelve hours no invoice was checked, except once by the
///   day's sweep.
pub(crate) fn at_the_end(world: &World, store: &Store) {
    for plan in &world.scenario.orders {
        let number = number(plan);
        let order = match store.with(plan.merchant, |ledger| ledger.find(&number)) {
            Ok(Some(order)) => order,
            Ok(None) => continue,
            Err(error) => return world.broken(5, format!("{number} cannot be read: {error}")),
        };
        what_is_seen_is_true(world, plan, &order);
        let events = store.with(plan.merchant, |ledger| ledger.events(&number));
        let events = events.unwrap_or_default();
        // An event has the order's state, also if it is about another code.
        let of_payments = ["found as", "another code was paid too", "paid_at as said"];
        let is_payment = |event: &&Event| {
            let detail = event.detail.as_deref().unwrap_or_default();
            let is_of_payment = of_payments.iter().any(|words| detail.starts_with(words));
            event.state == State::Paid && (detail.is_empty() || is_of_payment)
        };
        let booked = events.iter().filter(is_payment).count();
        let paid = order.invoices.iter().filter(|code| is_paid(code)).count();
        if booked != paid {
            let how = format!("{number} has {paid} paid codes, and {booked} events that say so");
            world.broken(1, how);
        }
        if matches!(order.state, State::Requested | State::Unknown) {
            world.broken(5, format!("{number} is {} at the end", order.state));
        }
        for code in &order.invoices {
            if matches!(code.state, InvoiceState::Requested | InvoiceState::Unknown) {
                world.broken(5, format!("a code of {number} is {} at the end", code.state));
            }
        }
    }
    match store.with(0, |ledger| ledger.compare_totals()) {
        Ok(differences) if differences.is_empty() => {}
        found => {
            world.broken(1, format!("the kept totals are not the sums of the orders: {found:?}"))
        }
    }
    if let Some(at) = store.next_due() {
        world.broken(6, format!("something is due at {at} at the end"));
    }
    for merchant in 0..world.scenario.merchants {
        let unbooked = store.with(merchant, |ledger| ledger.unbooked_webhooks(1_000));
        let unbooked = unbooked.unwrap_or_default();
        let truths = world.with(|state| state.invoices.values().cloned().collect::<Vec<_>>());
        let mine = truths.iter().filter(|truth| truth.merchant == merchant);
        for Truth { id, number, got_by, .. } in mine.clone() {
            let lives = got_by.as_ref().filter(|life| !life.is_dead());
            let found = store.with(merchant, |ledger| ledger.find_invoice(*id));
            if let (Some(life), Ok(None)) = (lives, found) {
                world.broken(1, format!("{life} got invoice {id} of {number}: not in the ledger"));
            }
        }
        for truth in mine.filter(|truth| truth.paid.is_some()) {
            let Truth { id, number, .. } = truth;
            let found = store.with(merchant, |ledger| ledger.find_invoice(*id)).ok().flatten();
            if is_booked(found.as_ref(), *id) {
                continue;
            }
            let is_shown = truth.shown.is_some() && !is_forgotten(world, truth);
            if is_shown || found.is_some() {
                world.broken(1, format!("invoice {id} of {number} is paid, not booked"));
            }
            match unbooked.iter().find(|webhook| webhook.invoice == *id) {
                Some(listed) if listed.number.as_ref() == Some(number) => {
                    let how = format!("a webhook of {id} names {number}, which it does not pay");
                    world.broken(1, how);
                }
                Some(_) => {}
                None if world.with(|state| truth.has_webhook(&state.restored)) => {
                    world.broken(1, format!("a webhook of {id} was taken, and is not listed"));
                }
                None => {}
            }
        }
    }
    nothing_is_asked_any_more(world);
}

/// Property 6: in the last twelve hours no invoice was checked, except once by the day's sweep, in the
/// first round after 02:00.
fn nothing_is_asked_any_more(world: &World) {
    let last = world.now().saturating_sub(hours(12));
    let late = world.with(|state| {
        let late = |question: &&Question| question.at >= last && !question.is_further_day;
        state.questions.iter().filter(late).copied().collect::<Vec<_>>()
    });
    for (at, question) in late.iter().enumerate() {
        let at_night = world.time_at(question.at).to_api_text();
        let at_night = ["02", "03", "04"].contains(&&at_night[11..13]);
        let is_swept = question.trigger == Trigger::Schedule && at_night;
        let is_again = late[..at].iter().any(|earlier| earlier.invoice == question.invoice);
        if !is_swept || is_again {
            world.broken(6, format!("invoice {} is asked about at the end", question.invoice));
        }
    }
}

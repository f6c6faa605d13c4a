//! Runs a seed. If a property is broken, shrinks its run and prints it.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::database::Closing;
use crate::executor::Executor;
use crate::ledger::Store;
use crate::random::Chance;
use crate::scenario::{OrderPlan, Payer, Scenario, hours, minutes, seconds};
use crate::shop::Shop;
use crate::world::{Broken, World};
use crate::{bills, properties, told};

/// The result of a run.
pub(crate) struct Told {
    pub(crate) broken: Option<Broken>,
    pub(crate) lines: Vec<String>,
    /// The number of ledger calls and of check calls.
    pub(crate) size: (u64, u64),
}

/// Runs a scenario; keeps its lines, if they are wanted.
pub(crate) fn tell(scenario: &Scenario, with_lines: bool) -> Told {
    let mut executor = Executor::new(Chance::new(scenario.seed, "turns", 0, 0));
    let world = Arc::new(World::new(scenario.clone(), executor.handle(), with_lines));
    let shop = Shop::new(Arc::clone(&world), Store::new());
    bills::begin(&world, &shop.store);
    shop.open();
    let is_broken = || world.is_broken();
    let quiet = scenario.end() + minutes(90);
    let mut ends = executor.run_until(quiet, &is_broken);
    if ends && !world.is_broken() {
        shop.quiet();
        ends = executor.run_until(quiet + hours(30), &is_broken);
    }
    if !ends {
        world.broken(6, "the processes keep each other busy without end");
    }
    if !world.is_broken() {
        properties::at_the_end(&world, &shop.store);
        told::what_is_booked_is_told(&world, &shop.store);
        bills::each_bill_is_made_once_and_has_one_event(&world, &shop.store);
    }
    world.with(|state| {
        let questions = u64::try_from(state.questions.len()).unwrap_or(u64::MAX);
        let size = (state.ledger_calls, questions);
        // They refer to processes, which refer to the world.
        state.invoices.clear();
        Told { broken: state.broken.clone(), lines: world.log(), size }
    })
}

/// Removes everything that the run does not need to break the same property.
fn shrunk(scenario: Scenario, property: u8) -> Scenario {
    let still_breaks = |smaller: &Scenario| {
        tell(smaller, false).broken.is_some_and(|broken| broken.property == property)
    };
    let started = Instant::now();
    let mut best = scenario;
    loop {
        let mut is_smaller = false;
        for smaller in smaller_ones(&best) {
            if started.elapsed() > Duration::from_secs(20) {
                return best;
            }
            if still_breaks(&smaller) {
                best = smaller;
                is_smaller = true;
                break;
            }
        }
        if !is_smaller {
            return best;
        }
    }
}

/// The same run with one part less, for each part.
fn smaller_ones(scenario: &Scenario) -> Vec<Scenario> {
    let mut smaller = Vec::new();
    let mut add = |change: &dyn Fn(&mut Scenario)| {
        let mut one = scenario.clone();
        change(&mut one);
        smaller.push(one);
    };
    let of_crowd = |order: &OrderPlan| order.payer == Payer::Nobody;
    let crowd = scenario.orders.iter().filter(|order| of_crowd(order)).count();
    for left in [0, crowd / 2] {
        let few = scenario.orders.len() - crowd + left;
        if few < scenario.orders.len() {
            // They are the last ones.
            add(&|one| one.orders.truncate(few));
        }
    }
    for at in 0..scenario.orders.len() - crowd {
        add(&|one| drop(one.orders.remove(at)));
    }
    for at in 0..scenario.trouble.len() {
        add(&|one| {
            one.trouble.remove(at);
        });
    }
    for (at, order) in scenario.orders.iter().enumerate() {
        for act in 0..order.acts.len() {
            add(&|one| {
                one.orders[at].acts.remove(act);
            });
        }
    }
    if scenario.webhooks > 0 {
        add(&|one| one.webhooks = 0);
    }
    smaller
}

/// Runs the runs of the seeds in the environment, and fails with the first one that breaks a
/// property.
///
/// `SIM_SEEDS` runs from `SIM_FIRST_SEED` on are divided among `SIM_PARTS` tests (default 16).
/// They end early when a file exists at `SIM_STOP`.
pub(crate) fn check_seeds(part: u64, count: u64) {
    let number =
        |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let parts = number("SIM_PARTS").unwrap_or(16).max(1);
    let count = number("SIM_SEEDS").map_or(count, |seeds| seeds.div_ceil(parts).max(1));
    let first = number("SIM_FIRST_SEED").unwrap_or(1) + part * count;
    let stop = std::env::var_os("SIM_STOP").map(PathBuf::from);
    let _closing = Closing;
    let started = Instant::now();
    let mut said = started;
    let (mut runs, mut calls, mut questions) = (0, 0, 0);
    let progress = |runs: u64, calls: u64, questions: u64| {
        let taken = started.elapsed();
        let rate = runs as f64 / taken.as_secs_f64();
        let (calls, questions) = (calls / runs.max(1), questions / runs.max(1));
        println!(
            "{runs} runs from seed {first} in {taken:.1?}: {rate:.1} a second, each with \
             {calls} calls of the ledger and {questions} questions",
        );
    };
    for seed in first..first + count {
        if stop.as_ref().is_some_and(|file| file.exists()) {
            break;
        }
        let scenario = Scenario::new(seed);
        let told = tell(&scenario, false);
        if let Some(broken) = told.broken {
            progress(runs, calls, questions);
            panic!("{}", report(scenario, &broken));
        }
        runs += 1;
        calls += told.size.0;
        questions += told.size.1;
        if said.elapsed() > seconds(10) {
            said = Instant::now();
            progress(runs, calls, questions);
        }
    }
    progress(runs, calls, questions);
}

fn report(scenario: Scenario, broken: &Broken) -> String {
    let seed = scenario.seed;
    let scenario = shrunk(scenario, broken.property);
    let told = tell(&scenario, true);
    let broken = told.broken.unwrap_or_else(|| broken.clone());
    let mut text = format!("seed {seed} breaks {broken}\n\n");
    writeln!(text, "The run, made short ({} lines):", told.lines.len()).ok();
    writeln!(
        text,
        "{} processes, {} merchants, it begins at {}, codes can be paid for {} minutes",
        scenario.processes,
        scenario.merchants,
        scenario.start,
        scenario.validity.as_secs() / 60,
    )
    .ok();
    const MOST_LINES: usize = 400;
    let left_out = told.lines.len().saturating_sub(MOST_LINES);
    if left_out > 0 {
        writeln!(text, "({left_out} lines left out)").ok();
    }
    told.lines.iter().skip(left_out).for_each(|line| writeln!(text, "{line}").unwrap_or(()));
    let place = std::env::var("SIM_LEDGER").map(|place| format!("SIM_LEDGER={place} "));
    let place = place.unwrap_or_default();
    write!(
        text,
        "\nTo see it again: {place}SIM_FIRST_SEED={seed} SIM_SEEDS=1 cargo test -p qris-orders \
         --test simulation part_01"
    )
    .ok();
    text
}

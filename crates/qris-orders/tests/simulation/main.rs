//! The order service in a seeded simulation: no real time, no threads, no network.
//!
//! A run is one seed: a shop's day with 3 to 12 orders, one or two merchants, one to four
//! processes, and random behaviour of the provider, payers, cashiers, clocks and database. In one
//! of fifty runs, up to 200 more orders fill a key's schedule. The six properties in [`properties`] and
//! [`news`] hold at every step and at the end, the seventh in [`told`] and the eighth in [`bills`]
//! at the end.
//!
//! ```text
//! SIM_FIRST_SEED=17 SIM_SEEDS=1 cargo test -p qris-orders --test simulation part_01   # one run
//! SIM_LEDGER=file cargo test -p qris-orders --test simulation the_properties   # on a file; or postgres
//! ```
//!
//! `run-long.sh` makes more runs: a million by default.

mod bills;
mod capacity;
mod cashier;
mod database;
mod executor;
mod ledger;
mod news;
mod payer;
#[path = "../../../qris-ledger/tests/postgres/mod.rs"]
#[expect(dead_code, reason = "runs need a server, and nothing of its network")]
mod postgres;
mod process;
mod properties;
mod provider;
mod random;
mod run;
mod scenario;
mod shop;
mod told;
mod world;

use run::check_seeds;

/// The default number of runs in a test.
const SEEDS: u64 = 20;

macro_rules! seeds {
    ($($name:ident $part:literal)*) => {
        $(
            #[test]
            fn $name() {
                check_seeds($part, SEEDS);
            }
        )*
    };
}

seeds! {
    the_properties_hold_in_runs_of_part_01 0
    the_properties_hold_in_runs_of_part_02 1
    the_properties_hold_in_runs_of_part_03 2
    the_properties_hold_in_runs_of_part_04 3
    the_properties_hold_in_runs_of_part_05 4
    the_properties_hold_in_runs_of_part_06 5
    the_properties_hold_in_runs_of_part_07 6
    the_properties_hold_in_runs_of_part_08 7
    the_properties_hold_in_runs_of_part_09 8
    the_properties_hold_in_runs_of_part_10 9
    the_properties_hold_in_runs_of_part_11 10
    the_properties_hold_in_runs_of_part_12 11
    the_properties_hold_in_runs_of_part_13 12
    the_properties_hold_in_runs_of_part_14 13
    the_properties_hold_in_runs_of_part_15 14
    the_properties_hold_in_runs_of_part_16 15
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let _closing = database::Closing;
    for seed in 0..10 {
        let scenario = scenario::Scenario::new(seed);
        let first = run::tell(&scenario, true);
        let second = run::tell(&scenario, true);
        assert_eq!(first.lines, second.lines, "seed {seed}");
        assert!(!first.lines.is_empty());
    }
}

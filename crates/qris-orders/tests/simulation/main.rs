//! The order service in a seeded simulation: no real time, no threads, no network.
//!
//! A story is one seed: a shop's day with 3 to 12 orders, one or two merchants, one to four
//! processes, and random behaviour of the provider, payers, cashiers, clocks and database. In one
//! of fifty stories, up to 200 more orders fill a key's schedule. The six laws in [`laws`] and
//! [`news`] hold at every step and at the end, the seventh in [`told`] and the eighth in [`bills`]
//! at the end.
//!
//! ```text
//! SIM_FIRST_SEED=17 SIM_SEEDS=1 cargo test -p qris-orders --test simulation part_01   # one story
//! SIM_LEDGER=file cargo test -p qris-orders --test simulation the_laws   # on a file; or postgres
//! ```
//!
//! `run-long.sh` runs more stories: a million by default.

mod bills;
mod capacity;
mod cashier;
mod database;
mod executor;
mod laws;
mod ledger;
mod news;
mod payer;
#[path = "../../../qris-ledger/tests/postgres/mod.rs"]
#[expect(dead_code, reason = "stories need a server, and nothing of its network")]
mod postgres;
mod process;
mod provider;
mod random;
mod scenario;
mod shop;
mod story;
mod told;
mod world;

use story::check_seeds;

/// The default number of stories in a test.
const SEEDS: u64 = 60;

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
    the_laws_hold_in_stories_of_part_01 0
    the_laws_hold_in_stories_of_part_02 1
    the_laws_hold_in_stories_of_part_03 2
    the_laws_hold_in_stories_of_part_04 3
    the_laws_hold_in_stories_of_part_05 4
    the_laws_hold_in_stories_of_part_06 5
    the_laws_hold_in_stories_of_part_07 6
    the_laws_hold_in_stories_of_part_08 7
    the_laws_hold_in_stories_of_part_09 8
    the_laws_hold_in_stories_of_part_10 9
    the_laws_hold_in_stories_of_part_11 10
    the_laws_hold_in_stories_of_part_12 11
    the_laws_hold_in_stories_of_part_13 12
    the_laws_hold_in_stories_of_part_14 13
    the_laws_hold_in_stories_of_part_15 14
    the_laws_hold_in_stories_of_part_16 15
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let _closing = database::Closing;
    for seed in 0..20 {
        let scenario = scenario::Scenario::new(seed);
        let first = story::tell(&scenario, true);
        let second = story::tell(&scenario, true);
        assert_eq!(first.lines, second.lines, "seed {seed}");
        assert!(!first.lines.is_empty());
    }
}

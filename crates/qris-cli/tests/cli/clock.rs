//! `qris order` goes by the provider's clock, however wrong the host's is.

use std::time::Duration;

use crate::shop::{Shop, complaint, text};
use qris_ledger::State;

const TWO_HOURS: Duration = Duration::from_secs(2 * 60 * 60);
const QR: char = '█';

#[test]
fn a_host_that_is_two_hours_ahead_shows_the_new_code() {
    let shop = Shop::open();
    shop.sandbox.set_time(shop.sandbox.now() - TWO_HOURS);
    for action in [&["order", "create", "INV-1", "5000"][..], &["order", "show", "INV-1"]] {
        let output = shop.qris(action);
        assert_eq!(output.status.code(), Some(0), "{action:?}: {}", complaint(&output));
        assert!(text(&output).contains(QR), "{action:?}: {}", text(&output));
        assert!(text(&output).contains("state               pending"), "{}", text(&output));
    }
    // The same number again is the same code, and the list says the same of it.
    assert!(text(&shop.qris(&["order", "create", "INV-1", "5000"])).contains(QR));
    assert_eq!(shop.json(&["order", "list", "--json"])[0]["state"], "pending");
    assert_eq!(shop.sandbox.calls().creates(), 1);
    shop.close();
}

#[test]
fn a_host_that_is_two_hours_behind_shows_no_code_whose_time_is_over() {
    let shop = Shop::open();
    shop.sandbox.set_time(shop.sandbox.now() + TWO_HOURS);
    let created = shop.qris(&["order", "create", "INV-1", "5000"]);
    assert!(text(&created).contains(QR), "{}", complaint(&created));
    shop.sandbox.advance(Duration::from_secs(31 * 60));
    let shown = shop.qris(&["order", "show", "INV-1"]);
    assert_eq!(shown.status.code(), Some(0), "{}", complaint(&shown));
    assert!(!text(&shown).contains(QR), "{}", text(&shown));
    assert!(text(&shown).contains("state               expired"), "{}", text(&shown));
    let again = shop.qris(&["order", "create", "INV-1", "5000"]);
    assert_eq!(again.status.code(), Some(1), "{}", complaint(&again));
    assert_eq!(text(&again), "");
    assert_eq!(shop.booked("INV-1").state, State::Expired);
    shop.close();
}

#[test]
fn the_provider_is_asked_for_its_time_without_the_key() {
    let shop = Shop::open();
    shop.sandbox.set_time(shop.sandbox.now() - TWO_HOURS);
    shop.json(&["order", "create", "INV-1", "5000", "--json"]);
    let mut command = shop.command(&["order", "show", "INV-1"]);
    let output = command.env_remove("QRIS_API_KEY").output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", complaint(&output));
    assert!(text(&output).contains(QR), "{}", text(&output));
    shop.close();
}

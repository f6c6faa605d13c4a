//! `qris backup`: what is restored from a copy has all of its links.

use std::fs;

use crate::shop::{Shop, complaint, text};

const ADDRESS: &str = "https://bayar.toko.example";

/// The link of an order, as the command shows it.
#[track_caller]
fn link(shop: &Shop, number: &str) -> String {
    let shown = shop.json(&["order", "show", number, "--json", "--public-url", ADDRESS]);
    shown["pay_url"].as_str().expect("a link").to_owned()
}

#[track_caller]
fn book(shop: &Shop, number: &str) {
    let booked = shop.qris(&["order", "create", number, "150000", "--no-code"]);
    assert!(booked.status.success(), "{}", complaint(&booked));
}

#[test]
fn a_restored_copy_shows_the_same_links_and_makes_the_next_ones_with_the_same_key() {
    let shop = Shop::open();
    book(&shop, "BILL-1");
    let before = link(&shop, "BILL-1");
    let copied = shop.qris(&["backup", "copy.db"]);
    assert!(copied.status.success(), "{}", complaint(&copied));
    assert!(text(&copied).ends_with("shop.db.pay-key is copied to copy.db.pay-key\n"));
    book(&shop, "BILL-2");
    let second = link(&shop, "BILL-2");

    // The machine is lost: nothing is left but the copy.
    let at = |name: &str| shop.folder.path().join(name);
    for name in ["shop.db", "shop.db-wal", "shop.db-shm", "shop.db.pay-key"] {
        fs::remove_file(at(name)).ok();
    }
    fs::rename(at("copy.db"), at("shop.db")).expect("restored");
    fs::rename(at("copy.db.pay-key"), at("shop.db.pay-key")).expect("restored");
    assert_eq!(link(&shop, "BILL-1"), before);
    let ledger = qris_ledger::Ledger::open(shop.books()).expect("books");
    let secret = before.rsplit('/').next().expect("a secret");
    assert!(ledger.find_by_pay_secret(secret).expect("an answer").is_some());
    book(&shop, "BILL-2");
    assert_eq!(link(&shop, "BILL-2"), second, "the same number has the same link");
    shop.close();
}

#[test]
fn a_key_of_another_place_is_copied_beside_the_copy_for_its_owner_alone() {
    let shop = Shop::open();
    let key = shop.folder.path().join("keys").join("pay.key");
    fs::create_dir(key.parent().expect("a folder")).expect("made");
    fs::write(&key, [7; 32]).expect("written");
    let name = key.to_str().expect("a path");
    book(&shop, "BILL-1");
    let copied = shop.qris(&["backup", "copy.db", "--pay-key-file", name]);
    assert!(copied.status.success(), "{}", complaint(&copied));
    let copy = shop.folder.path().join("copy.db.pay-key");
    assert_eq!(fs::read(&copy).expect("a key"), [7; 32]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&copy).expect("a file").permissions().mode() & 0o077, 0);
    }
    // A key that is there is not replaced, and no half of a copy is made.
    fs::remove_file(shop.folder.path().join("copy.db")).expect("removed");
    let refused = shop.qris(&["backup", "copy.db", "--pay-key-file", name]);
    assert!(complaint(&refused).contains("expected no file copy.db.pay-key, found one"));
    assert!(!shop.folder.path().join("copy.db").exists());
    let refused = shop.qris(&["backup", "absent/copy.db", "--pay-key-file", name]);
    assert!(complaint(&refused).contains("expected a folder absent, found none: make it first"));
    shop.close();
}

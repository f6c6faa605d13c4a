//! `qris settle journal`: debits and credits, under names of one's own.

use std::process::Output;

use crate::shop::{Shop, complaint, intend, number, order, text};
use qris_api::{Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, Schedule, WibTime};
use qris_ledger::Ledger;

const NAME: &str = "SITI NURHALIZA";

/// A payment of Rp5,000 on Friday, 9 January 2026.
#[track_caller]
fn pay(ledger: &mut Ledger, name: &str, id: u64) {
    let at = WibTime::parse("2026-01-09 10:15:30").expect("a time");
    let intent = intend(ledger, &order(name), at);
    let (amount, content) = (Rupiah::new(5_000), format!("content of {id}"));
    let id = InvoiceId::new(id);
    let invoice = Invoice::new(number(name), amount, content, at, id, "ID1020021181745");
    ledger.record_created(&intent, &invoice, &Schedule::default(), at).expect("recorded");
    let mut details = PaymentDetails::default();
    details.customer_name = Some(NAME.into());
    ledger.settle(id, &Payment::Paid(details), at).expect("settled");
}

const TABLE: &str = "tgl,nominal,tip,status,cs,idtrans,idinv,datesettle\n\
    09/01/2026 10:15:30,5000,0,Sukses,SITI NURHALIZA,T-1,1,12/01/2026\n\
    09/01/2026 10:15:31,6000,1000,Sukses,SITI NURHALIZA,T-2,2,12/01/2026\n";

/// A shop with two payments, of which the second came with a tip, and a third that is not settled.
#[track_caller]
fn shop() -> Shop {
    let shop = Shop::open();
    let mut ledger = Ledger::open(shop.books()).expect("a database");
    for (name, id) in [("INV-1", 1), ("INV-2", 2), ("=INV-3", 3)] {
        pay(&mut ledger, name, id);
    }
    std::fs::write(shop.folder.path().join("table.csv"), TABLE).expect("written");
    let imported = shop.qris(&["settle", "import", "table.csv"]);
    assert!(imported.status.success(), "{}", complaint(&imported));
    shop
}

const COMMAND: [&str; 6] = ["settle", "journal", "--from", "2026-01-01", "--to", "2026-01-31"];
const UKE: [&str; 2] = ["--criteria", "uke"];

#[track_caller]
fn journal(shop: &Shop, more: &[&str]) -> String {
    let done = shop.qris(&[&COMMAND[..], &UKE, more].concat());
    assert!(done.status.success(), "{}", complaint(&done));
    text(&done)
}

#[test]
fn a_journal_has_debits_and_credits_and_no_payer() {
    let shop = shop();
    let csv = journal(&shop, &[]);
    let expected = "date,journal,account,debit,credit,description\r\n\
        2026-01-09,QRIS-main-2026-01-09-pos,\"Piutang QRIS\",15000,,\"Penjualan QRIS main pos, 3 pembayaran\"\r\n\
        2026-01-09,QRIS-main-2026-01-09-pos,\"Penjualan\",,15000,\"Penjualan QRIS main pos, 3 pembayaran\"\r\n\
        2026-01-12,QRIS-main-2026-01-12-settlement,\"Bank\",10923,,\"Pencairan QRIS main, 2 transaksi\"\r\n\
        2026-01-12,QRIS-main-2026-01-12-settlement,\"Beban MDR\",77,,\"Pencairan QRIS main, 2 transaksi\"\r\n\
        2026-01-12,QRIS-main-2026-01-12-settlement,\"Piutang QRIS\",,10000,\"Pencairan QRIS main, 2 transaksi\"\r\n\
        2026-01-12,QRIS-main-2026-01-12-settlement,\"Utang tip\",,1000,\"Pencairan QRIS main, 2 transaksi\"\r\n";
    assert_eq!(csv, expected);
    // The same entries in a file, and again the same.
    let out = journal(&shop, &["--format", "hledger", "--out", "january.journal"]);
    assert_eq!(out, "");
    let file = std::fs::read_to_string(shop.folder.path().join("january.journal"));
    let file = file.expect("a file");
    assert!(file.contains("    Piutang QRIS  IDR 15000\n    Penjualan  IDR -15000\n"), "{file}");
    assert_eq!(journal(&shop, &["--format", "hledger"]), file);
    for text in [csv, file, journal(&shop, &["--by", "payment", "--format", "beancount"])] {
        assert!(!text.contains(NAME), "{text}");
    }
    shop.close();
}

/// The same with a settings file.
#[track_caller]
fn with(shop: &Shop, settings: &str, more: &[&str]) -> Output {
    let path = shop.folder.path().join("accounts.toml");
    std::fs::write(&path, settings).expect("written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&path, private).expect("a private file");
    }
    shop.qris(&[&COMMAND[..], &["--settings", "accounts.toml"], more].concat())
}

#[test]
fn each_payment_may_have_an_entry_of_its_own() {
    let shop = shop();
    let settings = "[settlement]\ncriteria = \"uke\"\nbank = \"BCA\"\n";
    let by_payment = with(&shop, settings, &["--by", "payment"]);
    let by_payment = text(&by_payment);
    let entries = by_payment.lines().filter(|line| line.contains("\"Penjualan\",,5000,"));
    let words: Vec<_> = entries.filter_map(|line| line.rsplit_once(",5000,")).collect();
    let words: Vec<_> = words.into_iter().map(|(_, words)| words).collect();
    let of = |name: &str| format!("\"Penjualan QRIS main pos {name}\"");
    assert_eq!(words, [of("INV-1"), of("INV-2"), of("=INV-3")]);
    // Rp10,923 are too little for a transfer.
    assert!(by_payment.contains("\"Saldo di InterActive\",10923,,"), "{by_payment}");
    shop.close();
}

#[test]
fn accounts_have_the_names_of_the_settings_file() {
    let shop = shop();
    let with = |table: &str| with(&shop, table, &[&UKE[..], &["--format", "beancount"]].concat());
    let named = with("[journal]\nbank = \"Assets:Bank:BCA\"\nsales = \"4-1000 Penjualan\"\n");
    let named = text(&named);
    assert!(named.contains("  Assets:Bank:BCA  10923 IDR\n"), "{named}");
    assert!(named.contains("  Income:4-1000-Penjualan  -15000 IDR\n"), "{named}");
    assert!(named.contains("  Assets:Piutang-QRIS  15000 IDR\n"), "{named}");
    let refused = with("[journal]\nbank = \"Bank; BCA\"\n");
    assert_eq!(refused.status.code(), Some(2));
    assert!(complaint(&refused).contains("[journal] bank: expected an account of"));
    let refused = with("[journal]\nkas = \"Kas\"\n");
    assert_eq!(refused.status.code(), Some(2));
    assert!(complaint(&refused).contains("expected a setting with a value of its kind"));
    shop.close();
}

#[test]
fn without_criteria_or_days_in_order_there_is_no_journal() {
    let shop = shop();
    let refused = shop.qris(&COMMAND);
    assert_eq!(refused.status.code(), Some(2));
    let words = "expected the merchant's criteria, by which the MDR is computed, found none";
    assert!(complaint(&refused).contains(words), "{}", complaint(&refused));
    let backwards = ["settle", "journal", "--from", "2026-01-02", "--to", "2026-01-01"];
    assert_eq!(shop.qris(&backwards).status.code(), Some(2));
    shop.close();
}

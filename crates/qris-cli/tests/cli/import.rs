//! `qris order import`: a file of orders without codes.

use std::process::Output;

use crate::shop::{Shop, complaint, text};
use qris_api::{Rupiah, WibTime};
use qris_ledger::{Channel, State};

fn import(shop: &Shop, file: &str) -> Output {
    std::fs::write(shop.folder.path().join("bills.csv"), file).expect("written");
    // Nobody is asked, so no key is needed.
    let mut command = shop.command(&["order", "import", "bills.csv"]);
    command.env_remove("QRIS_API_KEY").output().expect("it runs")
}

const BILLS: &str = "number,amount,channel,description,reference,due_at\n\
    BILL-1,150000,bill,\"November, flat 3\",contract 7,2026-11-30\n\
    BILL-2,25000,,,,2026-12-01 17:00:00\n\
    BILL-3,100,ecommerce,,,2026-12-01T10:00:00Z\n";

#[test]
fn each_line_is_an_order_without_a_code_and_the_same_file_again_changes_nothing() {
    let shop = Shop::open();
    let imported = import(&shop, BILLS);
    assert_eq!(imported.status.code(), Some(0), "{}", complaint(&imported));
    assert!(complaint(&imported).contains("imported 3 orders; 0 were"), "{}", complaint(&imported));
    assert_eq!(text(&imported).lines().count(), 4, "{}", text(&imported));
    let first = shop.booked("BILL-1");
    assert_eq!((first.state, first.amount), (State::Open, Rupiah::new(150_000)));
    assert_eq!(first.channel, Channel::Bill);
    assert_eq!(first.description.as_deref(), Some("November, flat 3"));
    assert_eq!(first.reference.as_deref(), Some("contract 7"));
    assert_eq!(first.due_at, WibTime::parse("2026-11-30 23:59:59"));
    let second = shop.booked("BILL-2");
    assert_eq!((second.channel, second.description), (Channel::Bill, None));
    assert_eq!(second.due_at, WibTime::parse("2026-12-01 17:00:00"));
    assert_eq!(shop.booked("BILL-3").due_at, second.due_at);

    let again = import(&shop, BILLS);
    assert_eq!(again.status.code(), Some(0), "{}", complaint(&again));
    assert!(complaint(&again).contains("imported 0 orders; 3 were"), "{}", complaint(&again));
    assert_eq!(text(&again), text(&imported));
    assert_eq!(shop.booked("BILL-1"), first);
    // One is charged meanwhile; the file changes nothing of it.
    let charge = ["order", "create", "BILL-2", "25000", "--json"];
    assert_eq!(shop.json(&charge)["state"], "pending");
    assert_eq!(import(&shop, BILLS).status.code(), Some(0));
    assert_eq!(shop.booked("BILL-2").state, State::Pending);
    assert_eq!(shop.sandbox.calls().creates(), 1);
    shop.close();
}

#[test]
fn a_file_as_a_spreadsheet_writes_it_is_read() {
    let shop = Shop::open();
    let file = "\u{feff}Amount;Number\r\n5000;\"A;1\"\r\n\r\n6000; B 2 \r\n";
    let imported = import(&shop, file);
    assert_eq!(imported.status.code(), Some(0), "{}", complaint(&imported));
    assert_eq!(shop.booked("A;1").amount, Rupiah::new(5_000));
    assert_eq!(shop.booked("B 2").amount, Rupiah::new(6_000));
    shop.close();
}

#[test]
fn a_file_with_a_fault_is_refused_whole_with_the_line_and_the_column() {
    let shop = Shop::open();
    assert_eq!(import(&shop, "number,amount\nBILL-1,5000\n").status.code(), Some(0));
    for (file, place) in [
        (
            "number,amount\nNEW-1,5000\nNEW-2,25.578\n",
            "line 3, column amount: expected an amount in rupiah of digits only, such as 25578",
        ),
        (
            "number,amount\nNEW-1,5000\nNEW-2,99\n",
            "line 3, column amount: expected an amount of Rp100 to Rp10.000.000, found 99",
        ),
        ("number,amount\nNEW-1,5000\nNEW-2,10000001\n", "line 3, column amount"),
        ("number,amount\nNEW-1,5000\nNEW-2,0\n", "line 3, column amount"),
        ("number,amount\nNEW-1,5000\n,5000\n", "line 3, column number"),
        ("number,amount\nNEW-1,5000\nM\u{fc}ller,5000\n", "line 3, column number"),
        ("number,amount\nNEW-1,5000\nNEW-1,5000\n", "line 3, column number"),
        ("number,amount,channel\nNEW-1,5000,\nNEW-2,5000,shop\n", "line 3, column channel"),
        ("number,amount,due_at\nNEW-1,5000,\nNEW-2,5000,30/11/2026\n", "line 3, column due_at"),
        (
            "number,amount,description\nNEW-1,5000,\n\"NEW-2\",5000,\"a\nb\"\n",
            "line 3, column description",
        ),
        ("number,amount\nNEW-1,5000\nNEW-2\n", "line 3: expected 2 cells, found 1"),
        ("number,amount\nNEW-1,5000\nBILL-1,6000\n", "line 3, column amount"),
        ("number,amount,channel\nNEW-1,5000,\nBILL-1,5000,pos\n", "line 3, column channel"),
        ("number,amount,due\nNEW-1,5000,\nBILL-1,5000,2026-12-01\n", "line 3, column due"),
        (
            "number,amount,due,due_at\nNEW-1,1,,\n",
            "line 1: expected one of the columns due and due_at",
        ),
        ("number,price\nNEW-1,5000\n", "line 1: "),
        ("number,channel\nNEW-1,bill\n", "line 1: expected a column amount"),
        ("", "line 1: "),
    ] {
        let refused = import(&shop, file);
        assert_eq!(refused.status.code(), Some(1), "{file}: {}", complaint(&refused));
        assert!(complaint(&refused).contains(place), "{file}: {}", complaint(&refused));
        assert_eq!(text(&refused), "");
        assert!(shop.find("NEW-1").is_none(), "{file}");
    }
    let absent = shop.qris(&["order", "import", "absent.csv"]);
    assert_eq!(absent.status.code(), Some(2), "{}", complaint(&absent));
    shop.close();
}

#[test]
fn the_file_comes_back_with_the_link_of_each_order_and_can_be_imported_again() {
    let shop = Shop::open();
    let file = "number,amount,description,due,customer\n\
        BILL-1,150000,\"November, flat 3\",2026-11-30,Siti\nBILL-2,25000,,,\n";
    std::fs::write(shop.folder.path().join("bills.csv"), file).expect("written");
    let address = "https://bayar.toko.example";
    let to_file = |from: &str| {
        let import = ["order", "import", from, "--public-url", address, "--out", "links.csv"];
        let imported = shop.qris(&import);
        assert_eq!(imported.status.code(), Some(0), "{}", complaint(&imported));
        assert_eq!(text(&imported), "");
        std::fs::read_to_string(shop.folder.path().join("links.csv")).expect("a file")
    };
    let written = to_file("bills.csv");
    let lines: Vec<_> = written.lines().collect();
    assert_eq!(lines[0], "number,amount,description,due,customer,pay_url");
    let first =
        "BILL-1,150000,\"November, flat 3\",2026-11-30,Siti,https://bayar.toko.example/pay/";
    let secret = lines[1].strip_prefix(first).expect("the line and its link");
    let ledger = qris_ledger::Ledger::open(shop.books()).expect("books");
    let found = ledger.find_by_pay_secret(secret).expect("an answer").expect("an order");
    assert_eq!(found.number.as_str(), "BILL-1");
    assert_eq!(found.metadata.as_deref(), Some(r#"{"customer":"Siti"}"#));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = std::fs::metadata(shop.folder.path().join("links.csv")).expect("a file");
        assert_eq!(file.permissions().mode() & 0o077, 0, "others can read the links");
    }
    assert_eq!(to_file("links.csv"), written);
    assert_eq!(to_file("bills.csv"), written);
    shop.close();
}

#[test]
fn a_file_without_a_public_address_comes_back_with_empty_links_and_says_which_setting_is_missing() {
    let shop = Shop::open();
    let imported = import(&shop, "number,amount\nBILL-1,150000\n");
    assert_eq!(text(&imported), "number,amount,pay_url\nBILL-1,150000,\n");
    assert!(complaint(&imported).contains("--public-url"), "{}", complaint(&imported));
    let shown = shop.json(&["order", "show", "BILL-1", "--json"]);
    assert!(shown["pay_url"].is_null(), "{shown}");
    let url = ["order", "show", "BILL-1", "--json", "--public-url", "https://bayar.toko.example"];
    let shown = shop.json(&url);
    let link = shown["pay_url"].as_str().expect("a link");
    assert!(link.starts_with("https://bayar.toko.example/pay/"), "{link}");
    shop.close();
}

#[test]
fn an_order_that_the_provider_makes_no_code_of_is_not_recorded_without_one() {
    let shop = Shop::open();
    for amount in ["99", "10000001"] {
        let refused = shop.qris(&["order", "create", "BILL-1", amount, "--no-code"]);
        assert_eq!(refused.status.code(), Some(1), "{}", complaint(&refused));
        assert!(complaint(&refused).contains("Rp100 to Rp10.000.000"), "{}", complaint(&refused));
    }
    assert!(!shop.books().exists(), "a ledger was made for nothing");
    shop.close();
}

#[test]
fn every_wrong_line_is_named_up_to_a_limit() {
    let shop = Shop::open();
    let mut file = "number,amount\nGOOD,5000\n".to_owned();
    for line in 3..=32 {
        file += &format!("BAD-{line},0\n");
    }
    let refused = import(&shop, &file);
    assert_eq!(refused.status.code(), Some(1));
    let complaint = complaint(&refused);
    for line in 3..=22 {
        assert!(complaint.contains(&format!("line {line}, column amount")), "{line}: {complaint}");
    }
    assert!(!complaint.contains("line 23"), "{complaint}");
    assert!(complaint.contains("10 more lines are wrong; nothing was imported"), "{complaint}");
    shop.close();
}

#[test]
fn five_thousand_bills_are_imported_whole_or_not_at_all() {
    let shop = Shop::open();
    assert_eq!(import(&shop, "number,amount\nBILL-4999,5000\n").status.code(), Some(0));
    let bills = |last_amount: u64| {
        let mut file = "number,amount,due,customer\n".to_owned();
        for at in 0..5_000_u64 {
            let amount = if at == 4_999 { last_amount } else { 100_000 + at };
            file += &format!("BILL-{at},{amount},,\n");
        }
        file
    };
    let refused = import(&shop, &bills(6_000));
    assert_eq!(refused.status.code(), Some(1));
    assert!(complaint(&refused).contains("line 5001, column amount"), "{}", complaint(&refused));
    assert!(shop.find("BILL-0").is_none());
    let imported = import(&shop, &bills(5_000));
    assert_eq!(imported.status.code(), Some(0), "{}", complaint(&imported));
    assert!(
        complaint(&imported).contains("imported 4999 orders; 1 were"),
        "{}",
        complaint(&imported)
    );
    assert_eq!(shop.booked("BILL-4998").amount, Rupiah::new(104_998));
    shop.close();
}

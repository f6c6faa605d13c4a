//! `qris settle`: the provider's table, held against what is booked.

use std::io::Write as _;
use std::process::{Output, Stdio};
use std::time::Duration;

use crate::shop::{Shop, complaint, intend, number, order, text};
use qris_api::{Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, Schedule, WibTime};
use qris_ledger::Ledger;
use serde_json::{Value, json};

fn at(text: &str) -> WibTime {
    WibTime::parse(text).expect("a time")
}

/// Books an order of Rp5,000 that was paid at this time, with this invoice id.
fn paid(shop: &Shop, name: &str, id: u64, paid_at: &str) {
    let mut ledger = Ledger::open(shop.books()).expect("a database");
    let paid_at = at(paid_at);
    let made = at("2020-08-07 09:55:00");
    let intent = intend(&mut ledger, &order(name), made);
    let invoice = Invoice::new(
        number(name),
        Rupiah::new(5_000),
        format!("content of {id}"),
        made,
        InvoiceId::new(id),
        "ID1020021181745",
    );
    let schedule = Schedule::default().with_validity(Duration::from_secs(3_600));
    ledger.record_created(&intent, &invoice, &schedule, made).expect("recorded");
    let mut details = PaymentDetails::default();
    details.paid_at = Some(paid_at);
    ledger.settle(InvoiceId::new(id), &Payment::Paid(details), paid_at).expect("settled");
}

/// 7 August 2020 was a Friday.
fn shop() -> Shop {
    let shop = Shop::open();
    paid(&shop, "INV-1", 1, "2020-08-07 10:15:30");
    paid(&shop, "INV-2", 2, "2020-08-07 10:20:00");
    paid(&shop, "=INV-3", 3, "2020-08-07 10:30:00");
    shop
}

/// INV-1 by its id, nothing of INV-2, a tip on =INV-3, and a payment of a sticker.
const TABLE: &str = "tgl\tnominal\ttip\tstatus\tcs\tket\trrn\tidtrans\tidinv\tdatesettle\n\
    07/08/2020 10:15:31\t5.000\t0\tSukses\tSITI NURHALIZA\tkopi susu\tR1\tT-1\t1\t10/08/2020\n\
    07/08/2020 10:30:00\t6.000\t1.000\tSukses\tSITI NURHALIZA\t-\tR3\tT-3\t3\t10/08/2020\n\
    07/08/2020 12:00:00\t7.500\t0\tSukses\tSITI NURHALIZA\t-\tR4\tT-4\t-\t\n\
    07/08/2020 12:05:00\t9.000\t0\tGagal\tSITI NURHALIZA\t-\t\tT-5\t-\t\n";

const DAYS: [&str; 4] = ["--from", "2020-08-01", "--to", "2020-08-31"];

fn import(shop: &Shop, table: &str, arguments: &[&str]) -> Output {
    std::fs::write(shop.folder.path().join("table.tsv"), table).expect("written");
    let arguments = [&["settle", "import", "table.tsv"], arguments].concat();
    // Nobody is asked, so no key is needed.
    shop.command(&arguments).env_remove("QRIS_API_KEY").output().expect("it runs")
}

#[track_caller]
fn imported(shop: &Shop, table: &str) -> Value {
    let output = import(shop, table, &["--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", complaint(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[track_caller]
fn report(shop: &Shop, arguments: &[&str]) -> Value {
    shop.json(&[&["settle", "report", "--json"], &DAYS[..], arguments].concat())
}

#[test]
fn a_table_is_kept_once_and_no_payer_and_no_note_of_it() {
    let shop = shop();
    let first = json!({"new": 3, "completed": 0, "known": 0, "unpaid": 1});
    assert_eq!(imported(&shop, TABLE), first);
    let again = json!({"new": 0, "completed": 0, "known": 3, "unpaid": 1});
    assert_eq!(imported(&shop, TABLE), again);
    // The last one is settled by now.
    let later = TABLE.replace("T-4\t-\t\n", "T-4\t-\t11/08/2020\n");
    assert_eq!(imported(&shop, &later)["completed"], 1);
    let words = text(&import(&shop, TABLE, &[]));
    assert!(words.starts_with("0 new lines, 0 completed, 3 already known"), "{words}");
    for file in std::fs::read_dir(shop.folder.path()).expect("a folder") {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if !name.starts_with("shop.db") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        for secret in ["NURHALIZA", "kopi susu"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} in {name}");
        }
    }
    shop.close();
}

#[test]
fn the_report_lists_what_agrees_what_is_missing_and_what_is_not_booked() {
    let shop = shop();
    imported(&shop, TABLE);
    let report = report(&shop, &["--criteria", "uke"]);
    let one = |list: &str| {
        let rows = report[list].as_array().expect("a list");
        assert_eq!(rows.len(), 1, "{list}: {report}");
        rows[0].clone()
    };
    assert_eq!(
        one("matched"),
        json!({
            "number": "INV-1", "qris_invoiceid": 1, "rrn": "R1",
            "paid_at": "2020-08-07T10:15:30+07:00", "booked": 5_000, "settled": 5_000, "tip": 0,
            "transaction": "T-1", "settled_on": "2020-08-10",
        }),
    );
    let tipped = one("other_amount");
    assert_eq!((&tipped["number"], &tipped["is_tip"]), (&json!("=INV-3"), &json!(true)));
    assert_eq!((&tipped["booked"], &tipped["settled"]), (&json!(5_000), &json!(6_000)));
    assert_eq!(
        one("only_booked"),
        json!({
            "number": "INV-2", "qris_invoiceid": 2, "paid_at": "2020-08-07T10:20:00+07:00",
            "booked": 5_000, "due": "2020-08-10", "is_late": true, "is_ambiguous": false,
        }),
    );
    let sticker = one("only_settled");
    assert_eq!((&sticker["transaction"], &sticker["settled"]), (&json!("T-4"), &json!(7_500)));
    assert_eq!(sticker["key"], "id:T-4");
    // No rate of 2020 is known: no MDR is better than a wrong one.
    let day = |settled_on: Value, lines: u64, gross: u64| {
        json!({
            "settled_on": settled_on, "lines": lines, "gross": gross, "mdr": null, "net": null,
            "carried": null, "fee": null, "expected": null, "waiting": null,
        })
    };
    let days = json!([day("2020-08-10".into(), 2, 11_000), day(Value::Null, 1, 7_500)]);
    assert_eq!(report["days"], days);
    shop.close();
}

#[test]
fn a_holiday_and_more_days_put_off_when_a_payment_should_have_come() {
    let shop = shop();
    imported(&shop, TABLE);
    for (arguments, due) in [
        (&["--holiday", "2020-08-10"][..], "2020-08-11"),
        (&["--holiday", "2020-08-10,2020-08-11"], "2020-08-12"),
        (&["--due-days", "2"], "2020-08-11"),
    ] {
        assert_eq!(report(&shop, arguments)["only_booked"][0]["due"], due, "{arguments:?}");
    }
    shop.close();
}

#[test]
fn the_mdr_is_the_merchants_cost_by_settlement_day() {
    let shop = shop();
    let table = "tgl,nominal,idtrans,datesettle\n\
                 07/08/2026 10:00:00,\"25,578\",T-1,10/08/2026\n\
                 07/08/2026 11:00:00,25.578,T-2,10/08/2026\n";
    imported(&shop, table);
    let days = ["settle", "report", "--json", "--from", "2026-08-07", "--to", "2026-08-07"];
    let days = |more: &[&str]| shop.json(&[&days[..], more].concat())["days"].clone();
    // Rp179.046 each.
    let uke = days(&["--criteria", "uke"]);
    let sums = ["lines", "gross", "mdr", "net"].map(|name| uke[0][name].as_u64());
    assert_eq!(sums, [Some(2), Some(51_156), Some(358), Some(50_798)]);
    assert_eq!(days(&["--criteria", "umi"])[0]["net"], 51_156);
    assert_eq!(days(&[])[0]["mdr"], Value::Null);
    shop.close();
}

#[test]
fn the_report_is_a_table_for_people_and_csv_without_formulas_for_spreadsheets() {
    let shop = shop();
    imported(&shop, TABLE);
    let table = text(&shop.qris(&[&["settle", "report"], &DAYS[..]].concat()));
    for part in [
        "settled with a different amount                 1           Rp6.000\n",
        "=INV-3               2020-08-07T10:30:00+07:00  recorded Rp5.000  settled Rp6.000  with tip",
        "INV-2                2020-08-07T10:20:00+07:00  recorded Rp5.000  due 2020-08-10, late",
        "settled on 2020-08-10                           2          Rp11.000\n",
        "not settled yet                                 1           Rp7.500\n",
    ] {
        assert!(table.contains(part), "{part}\n{table}");
    }
    let csv = text(&shop.qris(&[&["settle", "report", "--csv"], &DAYS[..]].concat()));
    assert_eq!(
        csv,
        "list,number,qris_invoiceid,rrn,paid_at,booked,settled,tip,transaction,settled_on,due,\
         is_late,is_tip,is_ambiguous\r\n\
         matched,\"INV-1\",1,\"R1\",2020-08-07T10:15:30+07:00,5000,5000,0,\"T-1\",2020-08-10,,,,\r\n\
         other_amount,\"'=INV-3\",3,\"R3\",2020-08-07T10:30:00+07:00,5000,6000,1000,\"T-3\",\
         2020-08-10,,,true,\r\n\
         only_booked,\"INV-2\",2,\"\",2020-08-07T10:20:00+07:00,5000,,,\"\",,2020-08-10,true,,false\r\n\
         only_settled,\"\",,\"R4\",2020-08-07T12:00:00+07:00,,7500,0,\"T-4\",,,,,false\r\n",
    );
    shop.close();
}

#[test]
fn a_table_with_a_fault_is_refused_whole_with_line_and_column_and_names_nobody() {
    let shop = shop();
    let faulty = TABLE.replace("7.500", "SITI");
    let refused = import(&shop, &faulty, &[]);
    assert_eq!(refused.status.code(), Some(1));
    let words = complaint(&refused);
    assert!(words.contains("table.tsv: line 4, column amount: expected whole rupiah"), "{words}");
    assert!(words.contains("nothing was imported") && !words.contains("SITI"), "{words}");
    assert_eq!(report(&shop, &[])["matched"], json!([]));
    imported(&shop, TABLE);
    // A different amount from the imported one.
    let other = TABLE.replace("7.500", "7.000").replace("T-3", "T-9");
    let refused = import(&shop, &other, &[]);
    assert_eq!(refused.status.code(), Some(1));
    let words = complaint(&refused);
    assert!(
        words.contains("table.tsv: line 4, column amount: expected the value of an earlier import"),
        "{words}"
    );
    assert_eq!(report(&shop, &[])["only_settled"][0]["settled"], 7_500);
    assert!(!report(&shop, &[]).to_string().contains("T-9"));
    shop.close();
}

#[test]
fn a_payment_and_its_line_on_both_sides_of_midnight_are_matched() {
    let shop = shop();
    paid(&shop, "LATE-1", 9, "2020-08-07 23:59:59");
    let table = "tgl,nominal,idtrans,idinv\n08/08/2020 00:00:01,5000,T-9,9\n";
    imported(&shop, table);
    let day = |day: &str| {
        let arguments = ["settle", "report", "--json", "--from", day, "--to", day];
        let report = shop.json(&arguments);
        let count = |list: &str| report[list].as_array().expect("a list").len();
        (count("matched"), count("only_booked"), count("only_settled"))
    };
    assert_eq!(day("2020-08-07"), (1, 3, 0));
    assert_eq!(day("2020-08-08"), (0, 0, 0));
    shop.close();
}

#[test]
fn a_column_of_another_name_is_read_once_it_is_said() {
    let shop = shop();
    let table = "Jam;Uang masuk;No\n07/08/2020 10:15;5.000;1\n";
    let refused = import(&shop, table, &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(complaint(&refused).contains("line 1, column paid_at"), "{}", complaint(&refused));
    let columns =
        ["--column", "paid_at=jam", "--column", "amount=Uang masuk", "--column", "invoice=no"];
    let done = import(&shop, table, &columns);
    assert_eq!(done.status.code(), Some(0), "{}", complaint(&done));
    assert_eq!(report(&shop, &[])["matched"][0]["number"], "INV-1");
    for wrong in ["jam", "jam=paid_at", "amount=", "amount=-"] {
        assert_eq!(import(&shop, table, &["--column", wrong]).status.code(), Some(2), "{wrong}");
    }
    shop.close();
}

#[test]
fn a_table_is_read_from_standard_input() {
    let shop = shop();
    let mut command = shop.command(&["settle", "import", "-", "--json"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(TABLE.as_bytes()).expect("written");
    drop(stdin);
    let output = child.wait_with_output().expect("the command ends");
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(found["new"], 3);
    shop.close();
}

#[test]
fn without_a_database_or_a_file_the_command_says_what_it_expected() {
    let shop = Shop::open();
    for refused in [
        import(&shop, TABLE, &[]),
        shop.qris(&["settle", "report"]),
        shop.qris(&["settle", "import", "absent.csv"]),
        shop.qris(&["settle", "report", "--from", "2020-08-02", "--to", "2020-08-01"]),
    ] {
        assert_eq!(refused.status.code(), Some(2), "{}", complaint(&refused));
    }
    assert!(!shop.books().exists());
    shop.close();
}

fn settings(shop: &Shop, text: &str) {
    std::fs::write(shop.folder.path().join("shop.toml"), text).expect("written");
}

const SETTINGS: [&str; 2] = ["--settings", "shop.toml"];

/// Two payments that are settled on one day, and a small one on the next.
const SETTLED: &str = "tgl;nominal;idtrans;datesettle\n\
    07/08/2026 10:00:00;25.578;T-1;10/08/2026\n\
    07/08/2026 11:00:00;25.578;T-2;10/08/2026\n\
    10/08/2026 11:00:00;5.000;T-3;11/08/2026\n\
    11/08/2026 11:00:00;60.000;T-4;12/08/2026\n";

const AUGUST: [&str; 4] = ["--from", "2026-08-01", "--to", "2026-08-31"];

#[test]
fn a_workbook_adds_nothing_after_the_csv_of_the_same_payments() {
    let shop = shop();
    imported(&shop, TABLE);
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, line) in (0..).zip(TABLE.lines()) {
        for (column, text) in (0..).zip(line.split('\t')) {
            sheet.write_string(row, column, text).expect("a cell");
        }
    }
    workbook.save(shop.folder.path().join("table.xlsx")).expect("written");
    let again = shop.json(&["settle", "import", "table.xlsx", "--json"]);
    assert_eq!(again, json!({"new": 0, "completed": 0, "known": 3, "unpaid": 1}));
    let folder = shop.folder.path();
    std::fs::write(folder.join("old.xls"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").expect("written");
    let refused = shop.qris(&["settle", "import", "old.xls"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(complaint(&refused).contains("an old Excel file (.xls)"), "{}", complaint(&refused));
    shop.close();
}

#[test]
fn the_terms_of_the_settings_file_give_mdr_fee_and_what_should_come_to_the_bank_account() {
    let shop = shop();
    imported(&shop, SETTLED);
    let days = |text: &str| {
        settings(&shop, text);
        let arguments = [&["settle", "report", "--json"], &AUGUST[..], &SETTINGS[..]].concat();
        let days = shop.json(&arguments)["days"].clone();
        let names = ["mdr", "net", "carried", "fee", "expected", "waiting"];
        let of = |day: &Value| names.map(|name| day[name].as_u64());
        days.as_array().expect("days").iter().map(of).collect::<Vec<_>>()
    };
    let all = |sums: [u64; 6]| sums.map(Some);
    assert_eq!(
        days("[settlement]\ncriteria = \"uke\"\nbank = \"Mandiri\"\n"),
        [
            all([358, 50_798, 0, 3_000, 47_798, 0]),
            // Too little for a transfer.
            all([35, 4_965, 0, 0, 0, 4_965]),
            all([420, 59_580, 4_965, 3_000, 61_545, 0]),
        ],
    );
    // A small transfer, to another bank.
    let other = days(
        "[settlement]\ncriteria = \"umi\"\nbank = \"Bank Jago\"\n\
                      small_transfer_below = 51157\n",
    );
    assert_eq!(other[0], all([0, 51_156, 0, 4_900, 46_256, 0]));
    let own = days(
        "[settlement]\ncriteria = \"uke\"\ntransfer_fee = 500\ntransfer_minimum = 1\n\
         [[settlement.mdr]]\ncriteria = \"uke\"\nfrom = 2026-08-01\npercent = 0.63\n\
         [[settlement.mdr]]\ncriteria = \"uke\"\nfrom = \"2026-08-11\"\npercent = \"1\"\nup_to = 60000\n",
    );
    assert_eq!(own[1], all([32, 4_968, 0, 500, 4_468, 0]));
    assert_eq!(own[2], all([600, 59_400, 0, 500, 58_900, 0]));
    let no_bank = days("[settlement]\ncriteria = \"uke\"\n");
    assert_eq!(no_bank[0], [Some(358), Some(50_798), None, None, None, None]);
    settings(&shop, "[settlement]\ncriteria = \"uke\"\nbank = \"bca\"\n");
    let table = text(&shop.qris(&[&["settle", "report"], &AUGUST[..], &SETTINGS[..]].concat()));
    for part in [
        "Rp51.156  MDR Rp358  net Rp50.798  fee Rp3.000  expected Rp47.798\n",
        "MDR Rp35  net Rp4.965  waiting for the next day Rp4.965\n",
        "net Rp59.580  carried over Rp4.965  fee Rp3.000  expected Rp61.545\n",
        "half a rupiah up.\n",
        "fees from press reports of 2023: Rp2.000 below Rp50.000, otherwise Rp3.000; less than",
        "No holidays of 2026 are listed",
    ] {
        assert!(table.contains(part), "{part}\n{table}");
    }
    shop.close();
}

#[test]
fn holidays_and_columns_of_the_settings_file_count_and_the_flags_add_to_them() {
    let shop = shop();
    let table = "Jam;Uang masuk\n07/08/2020 10:15;5.000\n";
    let columns = "[settlement.columns]\npaid_at = \"Jam\"\namount = \"Uang masuk\"\n";
    settings(&shop, columns);
    let done = import(&shop, table, &[&["--json"], &SETTINGS[..]].concat());
    assert_eq!(done.status.code(), Some(0), "{}", complaint(&done));
    let due = |text: &str, more: &[&str]| {
        settings(&shop, text);
        let report = report(&shop, &[&SETTINGS[..], more].concat());
        (report["only_booked"][0]["due"].clone(), report["years_without_holidays"].clone())
    };
    std::fs::write(shop.folder.path().join("libur.txt"), "# 2020\n2020-08-10 Libur\n")
        .expect("written");
    assert_eq!(due("", &[]), (json!("2020-08-10"), json!([2020])));
    let in_file = "[settlement]\nholidays = \"libur.txt\"\n";
    assert_eq!(due(in_file, &[]), (json!("2020-08-11"), json!([])));
    let with_flag = due(in_file, &["--holiday", "2020-08-11"]);
    assert_eq!(with_flag.0, "2020-08-12");
    let in_list = "[settlement]\ndue_days = 2\nholidays = [\"2020-08-10\", 2020-08-12]\n";
    assert_eq!(due(in_list, &[]).0, "2020-08-13");
    assert_eq!(due(in_list, &["--due-days", "0"]).0, "2020-08-07");
    shop.close();
}

#[test]
fn each_merchant_has_its_own_terms_and_lines() {
    let shop = Shop::open();
    let table = "[merchant.kopi]\napi_key = \"k\"\nmerchant_id = \"1\"\nbase_url = \"http://127.0.0.1:9/\"\n";
    let text = format!(
        "[settlement]\ncriteria = \"uke\"\n{table}[merchant.kopi.settlement]\ncriteria = \"fuel\"\n"
    );
    settings(&shop, &text);
    let import = |name: &str| {
        std::fs::write(shop.folder.path().join("table.csv"), SETTLED).expect("written");
        let arguments = ["settle", "import", "table.csv", "--json", "--merchant", name];
        shop.json(&[&arguments[..], &SETTINGS[..]].concat())["new"].clone()
    };
    Ledger::open(shop.books()).expect("a database");
    assert_eq!((import("kopi"), import("main")), (json!(4), json!(4)));
    let mdr = |name: &str| {
        let report = ["settle", "report", "--json", "--merchant", name];
        let report = shop.json(&[&report[..], &AUGUST[..], &SETTINGS[..]].concat());
        (report["criteria"].clone(), report["days"][0]["mdr"].clone())
    };
    assert_eq!(mdr("main"), (json!("uke"), json!(358)));
    assert_eq!(mdr("kopi"), (json!("fuel"), json!(204)));
    shop.close();
}

#[test]
fn a_wrong_setting_of_settlements_is_refused_by_its_name() {
    let shop = shop();
    for (wrong, words) in [
        ("[settlement]\ncriteria = \"warung\"", "settlement.criteria in shop.toml: expected umi,"),
        (
            "[settlement]\ndue_days = 61",
            "settlement.due_days in shop.toml: expected 0 to 60, found 61",
        ),
        (
            "[settlement]\nholidays = \"absent.txt\"",
            "settlement.holidays in shop.toml: absent.txt:",
        ),
        (
            "[settlement]\nholidays = [\"besok\"]",
            "settlement.holidays in shop.toml: expected a day",
        ),
        ("[settlement.columns]\nuang = \"x\"", "settlement.columns in shop.toml: expected paid_at"),
        ("[settlement.columns]\namount = \"-\"", "expected a name for amount"),
        (
            "[[settlement.mdr]]\ncriteria = \"uke\"\nfrom = 2026-08-01\npercent = 101",
            "settlement.mdr in shop.toml: expected a percent",
        ),
        ("[settlement]\nkriteria = \"umi\"", "shop.toml: line"),
    ] {
        settings(&shop, wrong);
        let refused = shop.qris(&[&["settle", "report"], &SETTINGS[..]].concat());
        assert_eq!(refused.status.code(), Some(2), "{wrong}");
        assert!(complaint(&refused).contains(words), "{wrong}: {}", complaint(&refused));
    }
    std::fs::write(shop.folder.path().join("libur.txt"), "2026-08-17\nLibur\n").expect("written");
    settings(&shop, "[settlement]\nholidays = \"libur.txt\"");
    let refused = shop.qris(&[&["settle", "report"], &SETTINGS[..]].concat());
    assert!(complaint(&refused).contains("libur.txt: line 2: expected a day"), "{refused:?}");
    shop.close();
}

#[test]
fn the_mdr_is_never_added_to_the_price_that_a_payer_is_asked_for() {
    let shop = Shop::open();
    settings(&shop, "[settlement]\ncriteria = \"uke\"\nbank = \"Bank Jago\"\n");
    let create = ["order", "create", "INV-9", "25578", "--json"];
    let order = shop.json(&[&create[..], &SETTINGS[..]].concat());
    assert_eq!(order["amount"], 25_578, "{order}");
    let content = order["qris_content"].as_str().expect("a code");
    let code = shop.json(&["decode", "--json", content]);
    assert_eq!((&code["amount"], &code["tip"]), (&json!("25578.00"), &Value::Null));
    assert_eq!(shop.booked("INV-9").amount, Rupiah::new(25_578));
    shop.close();
}

//! Merchants in the settings file: which are chosen, where their keys may be, what is refused.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use qris_api::{
    Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, Schedule, TransactionNumber, WibTime,
};
use qris_ledger::{Actor, Ledger, NewOrder, Request};
use qris_sandbox::Sandbox;

/// The account that the sandbox takes.
const KEY: &str = "sandbox-key";
const MERCHANT: &str = "123456";

/// A sandbox, which takes one key and one merchant, and a folder with nothing in it.
struct Shop {
    runtime: tokio::runtime::Runtime,
    sandbox: Sandbox,
    folder: tempfile::TempDir,
}

impl Shop {
    fn open() -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let sandbox = runtime.block_on(Sandbox::start()).expect("a sandbox");
        Self { runtime, sandbox, folder: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file for its owner alone.
    fn write(&self, name: &str, text: &str) {
        write_private(&self.path(name), text);
    }

    /// The table of a merchant of the sandbox's account, with this line for its key.
    fn table(&self, name: &str, key: &str) -> String {
        let url = self.sandbox.base_url();
        format!("[merchant.{name}]\n{key}\nmerchant_id = \"{MERCHANT}\"\nbase_url = \"{url}\"\n")
    }

    /// The command with nothing set but what is given. No output shows a key.
    fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let output = Command::new(env!("CARGO_BIN_EXE_qris"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .envs(environment.iter().copied())
            .output()
            .expect("the command starts");
        for stream in [&output.stdout, &output.stderr] {
            assert!(!String::from_utf8_lossy(stream).contains(KEY), "the key shows");
        }
        output
    }

    fn create(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let create = ["order", "create", "INV-1", "5000", "--database", "sqlite://shop.db"];
        self.run(&[&create, arguments].concat(), environment)
    }

    /// A code was made, with the account that the sandbox takes. What was said on standard error.
    #[track_caller]
    fn takes(&self, arguments: &[&str], environment: &[(&str, &str)]) -> String {
        let before = self.sandbox.calls().creates();
        let output = self.create(arguments, environment);
        assert_eq!(output.status.code(), Some(0), "{}", complaint(&output));
        assert_eq!(self.sandbox.calls().creates(), before + 1);
        fs::remove_file(self.path("shop.db")).expect("a database");
        complaint(&output)
    }

    /// The settings were refused, and nobody was asked anything.
    #[track_caller]
    fn refuses(&self, arguments: &[&str], environment: &[(&str, &str)]) -> String {
        let before = self.sandbox.calls().creates();
        let output = self.create(arguments, environment);
        assert_eq!(output.status.code(), Some(2), "{}", complaint(&output));
        assert_eq!(self.sandbox.calls().creates(), before);
        complaint(&output)
    }

    fn close(self) {
        self.runtime.block_on(self.sandbox.stop());
    }
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn write_private(path: &Path, text: &str) {
    fs::write(path, text).expect("written");
    set_mode(path, 0o600);
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

const OWN_KEY: &str = "api_key = \"sandbox-key\"";
const OTHER_KEY: &str = "api_key = \"another-key\"";

#[test]
fn the_only_merchant_with_a_table_is_the_default() {
    let shop = Shop::open();
    shop.write("qris.toml", &shop.table("kopi-2", OWN_KEY));
    assert_eq!(shop.takes(&[], &[]), "");
    assert_eq!(shop.takes(&["--merchant", "kopi-2"], &[]), "");
    shop.close();
}

#[test]
fn one_of_several_merchants_is_chosen_by_flag_or_variable_and_the_error_names_them() {
    let shop = Shop::open();
    shop.write("qris.toml", &(shop.table("roti", OTHER_KEY) + &shop.table("kopi", OWN_KEY)));
    shop.takes(&["--merchant", "kopi"], &[]);
    shop.takes(&[], &[("QRIS_MERCHANT", "kopi")]);
    let message = shop.refuses(&[], &[]);
    assert!(message.contains("there are several merchants: choose one of "), "{message}");
    assert!(message.contains("kopi, roti"), "{message}");
    let message = shop.refuses(&["--merchant", "main"], &[]);
    assert!(message.contains("to be one of kopi, roti, found another name"), "{message}");
    // The key of the other is not the sandbox's.
    let rejected = shop.create(&["--merchant", "roti"], &[]);
    assert_eq!(rejected.status.code(), Some(1), "{}", complaint(&rejected));
    shop.close();
}

#[test]
fn main_is_the_default_beside_merchants_with_tables() {
    let shop = Shop::open();
    let url = shop.sandbox.base_url();
    let account = [("QRIS_API_KEY", KEY), ("QRIS_MERCHANT_ID", MERCHANT), ("QRIS_BASE_URL", &*url)];
    shop.write("qris.toml", &shop.table("roti", OTHER_KEY));
    shop.takes(&[], &account);
    shop.takes(&["--merchant", "main"], &account);

    let main = format!("{OWN_KEY}\nmerchant_id = \"{MERCHANT}\"\nbase_url = \"{url}\"\n");
    shop.write("qris.toml", &(main + &shop.table("roti", OTHER_KEY)));
    shop.takes(&[], &[]);

    shop.write("qris.toml", &(shop.table("main", OWN_KEY) + &shop.table("roti", OTHER_KEY)));
    shop.takes(&[], &[]);
    shop.close();
}

#[test]
fn the_variables_of_main_say_nothing_of_another_merchant_and_its_flags_are_refused() {
    let shop = Shop::open();
    shop.write("qris.toml", &shop.table("kopi", OWN_KEY));
    let main = [
        ("QRIS_API_KEY", "another-key"),
        ("QRIS_MERCHANT_ID", "1"),
        ("QRIS_BASE_URL", "http://127.0.0.1:9/restapi/qris/"),
        ("QRIS_SHOWN_MINUTES", "5"),
    ];
    shop.takes(&["--merchant", "kopi"], &main);
    for flag in [["--merchant-id", "2"], ["--shown-minutes", "6"], ["--base-url", "http://[::1]/"]]
    {
        let message = shop.refuses(&[&["--merchant", "kopi"][..], &flag].concat(), &main);
        let expected = format!("expected {} only for merchant main", flag[0]);
        assert!(message.contains(&expected), "{message}");
    }
    shop.close();
}

#[test]
fn a_setting_of_main_without_a_key_is_refused_beside_tables() {
    let shop = Shop::open();
    let table = shop.table("kopi", OWN_KEY);
    shop.write("qris.toml", &table);
    let message = shop.refuses(&[], &[("QRIS_BASE_URL", "https://127.0.0.1:9/restapi/qris/")]);
    assert!(message.contains("expected base_url in a table [merchant.NAME]"), "{message}");
    let message = shop.refuses(&["--shown-minutes", "5"], &[]);
    assert!(message.contains("expected shown_minutes in a table [merchant.NAME]"), "{message}");
    shop.write("qris.toml", &format!("nmid = \"ID1\"\n{table}"));
    let message = shop.refuses(&[], &[]);
    assert!(message.contains("expected nmid in a table [merchant.NAME]"), "{message}");
    shop.close();
}

#[test]
fn the_settings_of_main_stand_outside_of_tables_or_in_its_table() {
    let shop = Shop::open();
    shop.write("qris.toml", &format!("shown_minutes = 5\n{}", shop.table("main", OWN_KEY)));
    let message = shop.refuses(&[], &[]);
    assert!(message.contains("found shown_minutes outside the table [merchant.main]"));
    shop.close();
}

#[test]
fn each_merchant_has_its_own_limits_and_they_are_judged_by_name() {
    let shop = Shop::open();
    for (line, expected) in [
        ("shown_minutes = 0", "shown_minutes of at least 1 in [merchant.kopi] of qris.toml"),
        ("timeout_seconds = 601", "timeout_seconds of 1 to 600 in [merchant.kopi] of qris.toml"),
        (
            "checks_per_minute = 0",
            "checks_per_minute of at least 1 in [merchant.kopi] of qris.toml",
        ),
    ] {
        shop.write("qris.toml", &format!("{}{line}\n", shop.table("kopi", OWN_KEY)));
        let message = shop.refuses(&[], &[]);
        assert!(message.contains(expected), "{message}");
    }
    shop.write("qris.toml", &format!("[merchant.kopi]\n{OWN_KEY}\n"));
    let message = shop.refuses(&[], &[]);
    assert!(message.contains("expected merchant_id in [merchant.kopi] of qris.toml"), "{message}");
    shop.write("qris.toml", "[merchant.kopi]\nmerchant_id = \"1\"\n");
    // The key of the environment is that of main.
    let message = shop.refuses(&["--merchant", "kopi"], &[("QRIS_API_KEY", KEY)]);
    assert!(message.contains("expected api_key_file or api_key in [merchant.kopi]"), "{message}");
    shop.close();
}

#[test]
fn a_name_or_a_key_that_is_not_allowed_is_refused_with_its_line() {
    let shop = Shop::open();
    let long = "a".repeat(33);
    for table in [
        "[merchant.Kopi]\napi_key = \"sandbox-key\"\n".to_owned(),
        "[merchant.\"kopi susu\"]\napi_key = \"sandbox-key\"\n".to_owned(),
        "[merchant.\"\"]\napi_key = \"sandbox-key\"\n".to_owned(),
        format!("[merchant.{long}]\napi_key = \"sandbox-key\"\n"),
        "[merchant.kopi]\napi_kee = \"sandbox-key\"\n".to_owned(),
        "[merchant.kopi]\ndatabase_url = \"sandbox-key\"\n".to_owned(),
    ] {
        shop.write("qris.toml", &format!("# line 1\n{table}"));
        let message = shop.refuses(&[], &[]);
        let line = if table.starts_with("[merchant.kopi]") { 3 } else { 2 };
        assert!(message.starts_with(&format!("error: qris.toml: line {line}: ")), "{message}");
        assert!(message.contains("expected a setting with a value of its kind"), "{message}");
    }
    let name = "a".repeat(32);
    shop.write("qris.toml", &shop.table(&name, OWN_KEY));
    shop.takes(&["--merchant", &name], &[]);
    shop.close();
}

#[test]
fn a_key_file_is_read_from_the_folder_of_the_settings_file_and_trimmed() {
    let shop = Shop::open();
    fs::create_dir(shop.path("etc")).expect("a folder");
    shop.write("etc/shop.toml", &shop.table("kopi", "api_key_file = \"kopi.key\""));
    shop.write("etc/kopi.key", &format!("\n  {KEY} \r\n"));
    assert_eq!(shop.takes(&["--settings", "etc/shop.toml"], &[]), "");
    // A file that was named may use any key file, and main may have one too.
    let url = shop.sandbox.base_url();
    let path = shop.path("etc/kopi.key");
    let main = format!("api_key_file = \"{}\"\nmerchant_id = \"{MERCHANT}\"\n", path.display());
    shop.write("main.toml", &format!("{main}base_url = \"{url}\"\n"));
    assert_eq!(shop.takes(&["--settings", "main.toml"], &[]), "");

    let arguments = ["--settings", "etc/shop.toml"];
    shop.write("etc/kopi.key", " \n");
    let message = shop.refuses(&arguments, &[]);
    assert!(message.contains("kopi.key: expected an API key, found an empty file"), "{message}");
    fs::remove_file(shop.path("etc/kopi.key")).expect("removed");
    let message = shop.refuses(&arguments, &[]);
    assert!(message.contains("kopi.key: expected an API key file, found no such file"));
    let both = format!("{OWN_KEY}\napi_key_file = \"kopi.key\"");
    shop.write("etc/shop.toml", &shop.table("kopi", &both));
    let message = shop.refuses(&arguments, &[]);
    assert!(message.contains("expected api_key or api_key_file in [merchant.kopi]"), "{message}");
    shop.close();
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_write_is_refused_and_one_that_they_can_read_is_a_warning() {
    let shop = Shop::open();
    shop.write("qris.toml", &shop.table("kopi", "api_key_file = \"kopi.key\""));
    shop.write("kopi.key", KEY);
    for mode in [0o620, 0o602, 0o666] {
        set_mode(&shop.path("kopi.key"), mode);
        let message = shop.refuses(&[], &[]);
        assert!(message.contains("kopi.key: expected an API key file that only"), "{message}");
    }
    set_mode(&shop.path("kopi.key"), 0o644);
    let warning = "warning: kopi.key holds an API key and other users can read it: \
                   run chmod 600 kopi.key\n";
    assert_eq!(shop.takes(&[], &[]), warning);
    set_mode(&shop.path("kopi.key"), 0o600);
    assert_eq!(shop.takes(&[], &[]), "");
    shop.close();
}

#[cfg(unix)]
#[test]
fn a_settings_file_that_is_not_named_reads_no_key_from_another_folder() {
    let shop = Shop::open();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let secret = elsewhere.path().join("secret.key");
    write_private(&secret, KEY);
    std::os::unix::fs::symlink(&secret, shop.path("linked.key")).expect("a link");
    fs::create_dir(shop.path("keys")).expect("a folder");
    shop.write("keys/kopi.key", KEY);
    let secret = secret.to_str().expect("a path");
    for file in [secret, "linked.key", "keys/kopi.key"] {
        let key = format!("api_key_file = \"{file}\"");
        let main = format!("{key}\nmerchant_id = \"{MERCHANT}\"\n");
        let main = format!("{main}base_url = \"{}\"\n", shop.sandbox.base_url());
        for text in [shop.table("kopi", &key), main] {
            shop.write("qris.toml", &text);
            let message = shop.refuses(&[], &[]);
            assert!(message.contains("expected api_key_file in the folder of qris.toml"));
            shop.takes(&["--settings", "qris.toml"], &[]);
        }
    }
    shop.close();
}

#[test]
fn a_file_that_is_not_named_says_nothing_for_the_key_of_the_environment() {
    let shop = Shop::open();
    let url = shop.sandbox.base_url();
    let account = [("QRIS_API_KEY", KEY), ("QRIS_MERCHANT_ID", MERCHANT), ("QRIS_BASE_URL", &*url)];
    for (name, value, flag) in [
        ("database_url", "\"sqlite://other.db\"", "--database"),
        ("state_dir", "\"other\"", "--state-dir"),
        ("nmid", "\"ID1\"", "--nmid"),
        ("shown_minutes", "5", "--shown-minutes"),
        ("validity_minutes", "50", "--validity-minutes"),
        ("timeout_seconds", "30", "--timeout-seconds"),
        ("checks_per_minute", "600", "--checks-per-minute"),
    ] {
        shop.write("qris.toml", &format!("{name} = {value}\n"));
        let create = ["order", "create", "INV-1", "5000"];
        let output = shop.run(&create, &account);
        assert_eq!(output.status.code(), Some(2), "{name}: {}", complaint(&output));
        let message = complaint(&output);
        let expected = format!("expected {name} from the same place as the API key");
        assert!(message.contains(&expected), "{message}");
        let advice = format!("set {flag} or QRIS_{}", name.to_uppercase());
        assert!(message.contains(&advice), "{message}");
    }
    // What a variable or flag replaces does no harm, and a file that is named may say all.
    shop.write("qris.toml", "shown_minutes = 5\nstate_dir = \"other\"\n");
    let more = [&account[..], &[("QRIS_STATE_DIR", "state")]].concat();
    shop.takes(&["--shown-minutes", "6"], &more);
    shop.takes(&["--settings", "qris.toml"], &account);
    shop.close();
}

#[test]
fn merchants_in_a_sandbox_and_others_have_no_default_database_in_common() {
    let shop = Shop::open();
    let live = "[merchant.roti]\napi_key = \"another-key\"\nmerchant_id = \"1\"\n";
    shop.write("qris.toml", &(shop.table("kopi", OWN_KEY) + live));
    let output = shop.run(&["report"], &[]);
    assert_eq!(output.status.code(), Some(2));
    let message = complaint(&output);
    assert!(message.contains("expected --database, QRIS_DATABASE_URL"), "{message}");
    let of_one = complaint(&shop.run(&["report", "--merchant", "kopi"], &[]));
    assert!(of_one.contains("/sandbox.db, found no such file"), "{of_one}");
    let of_other = complaint(&shop.run(&["report", "--merchant", "roti"], &[]));
    assert!(of_other.contains("/qris.db, found no such file"), "{of_other}");
    shop.close();
}

#[test]
fn the_doctor_lists_each_merchant_and_says_what_is_missing() {
    let shop = Shop::open();
    let incomplete = "[merchant.roti]\napi_key = \"another-key\"\n";
    shop.write("qris.toml", &(shop.table("kopi", OWN_KEY) + incomplete));
    let doctor = ["doctor", "--offline", "--database", "sqlite://shop.db"];
    let output = shop.run(&doctor, &[]);
    assert_eq!(output.status.code(), Some(1));
    let page = String::from_utf8_lossy(&output.stdout).into_owned();
    let kopi = "ok       settings  kopi: API key, merchant ID and address have the right form\n";
    assert!(page.contains(kopi), "{page}");
    let roti = "problem  settings  roti: expected merchant_id in [merchant.roti] of qris.toml, found none\n";
    assert!(page.contains(roti), "{page}");

    shop.write("qris.toml", &(shop.table("kopi", OWN_KEY) + &shop.table("roti", OWN_KEY)));
    let output = shop.run(&[&doctor[..], &["--json"]].concat(), &[]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let checks = report["checks"].as_array().expect("a list");
    let complete = checks.iter().filter(|check| check["check"] == "settings");
    let complete = complete.filter(|check| check["result"] == "ok").map(|check| &check["merchant"]);
    assert_eq!(complete.collect::<Vec<_>>(), ["kopi", "roti"], "{report}");
    let shared = "expected a separate API key for each merchant, found the key of kopi in roti too";
    assert!(checks.iter().any(|check| check["message"] == shared), "{report}");
    assert_eq!(report["healthy"], false);
    shop.close();
}

/// Books a payment of Rp7,000 for a merchant, under this number.
fn book_payment(path: &Path, merchant: &str, number: &str) {
    let mut ledger = Ledger::open(path).expect("books");
    let id = ledger.merchant(&merchant.parse().expect("a name")).expect("a merchant");
    ledger.act_for(id, &Actor::default());
    let number = TransactionNumber::parse(number).expect("a number");
    let (amount, now) = (Rupiah::new(7_000), WibTime::now());
    let request = ledger.request(&NewOrder::new(number.clone(), amount), now).expect("booked");
    let Request::New(intent) = request else { panic!("the number is known") };
    let invoice = Invoice::new(number, amount, "0002", now, InvoiceId::new(7), "ID1");
    ledger.record_created(&intent, &invoice, &Schedule::default(), now).expect("booked");
    let paid = Payment::Paid(PaymentDetails::default());
    ledger.settle(invoice.qris_invoiceid, &paid, now).expect("booked");
}

#[test]
fn each_merchant_has_orders_of_its_own_and_reports_are_of_one_or_of_all() {
    let shop = Shop::open();
    shop.write("qris.toml", &(shop.table("roti", OTHER_KEY) + &shop.table("kopi", OWN_KEY)));
    let created = shop.create(&["--merchant", "kopi"], &[]);
    assert_eq!(created.status.code(), Some(0), "{}", complaint(&created));
    book_payment(&shop.path("shop.db"), "roti", "INV-1");

    let json = |arguments: &[&str]| -> serde_json::Value {
        let database = ["--json", "--database", "sqlite://shop.db"];
        let output = shop.run(&[arguments, &database].concat(), &[]);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", complaint(&output)))
    };
    for (merchant, amount) in [("kopi", 5_000), ("roti", 7_000)] {
        let order = json(&["order", "show", "INV-1", "--merchant", merchant]);
        assert_eq!((&order["merchant"], &order["amount"]), (&merchant.into(), &amount.into()));
        let list = json(&["order", "list", "--merchant", merchant]);
        assert_eq!(list.as_array().map(Vec::len), Some(1), "{list}");
    }
    let by_merchant = json(&["report", "--by", "merchant"]);
    let line = |merchant: &str, payments: u64, paid: u64| {
        serde_json::json!({
            "merchant": merchant, "invoices": 1, "payments": payments, "paid": paid
        })
    };
    assert_eq!(by_merchant, serde_json::json!([line("kopi", 0, 0), line("roti", 1, 7_000)]));
    assert_eq!(json(&["report", "--by", "channel"])[0]["invoices"], 2);
    assert_eq!(json(&["report", "--by", "channel", "--merchant", "kopi"])[0]["invoices"], 1);
    assert_eq!(json(&["report", "--by", "payment"])[0]["merchant"], "roti");

    let database = ["--database", "sqlite://shop.db"];
    let csv = shop.run(&[&["report", "--by", "merchant", "--csv"], &database[..]].concat(), &[]);
    assert_eq!(
        String::from_utf8_lossy(&csv.stdout),
        "merchant,invoices,payments,paid\r\nkopi,1,0,0\r\nroti,1,1,7000\r\n",
    );
    // The lines of a list of payments do not name the merchant.
    let payments = shop.run(&[&["report", "--by", "payment"], &database[..]].concat(), &[]);
    assert_eq!(payments.status.code(), Some(2), "{}", complaint(&payments));
    assert!(complaint(&payments).contains("kopi, roti"), "{}", complaint(&payments));
    shop.close();
}

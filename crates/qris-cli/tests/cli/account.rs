//! Which account is used: where its key, its merchant and its address may come from.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use qris_sandbox::Sandbox;

/// The key of the sandbox's account.
const KEY: (&str, &str) = ("QRIS_API_KEY", "sandbox-key");
const MERCHANT: (&str, &str) = ("QRIS_MERCHANT_ID", "123456");

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

    fn url(&self) -> String {
        self.sandbox.base_url()
    }

    /// Writes `qris.toml` for its owner alone.
    fn write(&self, lines: &[String]) {
        write_private(&self.folder.path().join("qris.toml"), &lines.concat());
    }

    fn create(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let create = ["order", "create", "INV-1", "5000", "--database", "sqlite://shop.db"];
        run(self.folder.path(), &[&create, arguments].concat(), environment)
    }

    /// An invoice was made, by this account at this address.
    #[track_caller]
    fn takes(&self, arguments: &[&str], environment: &[(&str, &str)]) {
        let before = self.sandbox.calls().creates();
        let output = self.create(arguments, environment);
        assert_eq!(output.status.code(), Some(0), "{}", complaint(&output));
        assert_eq!(complaint(&output), "");
        assert_eq!(self.sandbox.calls().creates(), before + 1);
        fs::remove_file(self.folder.path().join("shop.db")).expect("a database");
    }

    /// The settings were refused, and nobody was asked anything.
    #[track_caller]
    fn refuses(&self, environment: &[(&str, &str)]) -> String {
        let output = self.create(&[], environment);
        assert_eq!(output.status.code(), Some(2), "{}", complaint(&output));
        assert_eq!(self.sandbox.calls().creates(), 0);
        complaint(&output)
    }

    fn close(self) {
        self.runtime.block_on(self.sandbox.stop());
    }
}

fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qris"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .envs(environment.iter().copied())
        .output()
        .expect("the command starts")
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

fn line(name: &str, value: &str) -> String {
    format!("{name} = \"{value}\"\n")
}

#[test]
fn a_file_that_is_not_named_never_says_where_the_key_of_the_environment_goes() {
    let shop = Shop::open();
    shop.write(&[line("base_url", &shop.url())]);
    let message = shop.refuses(&[KEY, MERCHANT]);
    for words in ["base_url from", "qris.toml", "--settings qris.toml", "QRIS_BASE_URL"] {
        assert!(message.contains(words), "no {words} in {message}");
    }
    // Not when the file has a key of its own either: it is not the one that would be sent.
    shop.write(&[line("base_url", &shop.url()), line("api_key", "bait")]);
    shop.refuses(&[KEY, MERCHANT]);
    shop.close();
}

#[test]
fn a_file_that_is_not_named_never_says_for_which_merchant_the_key_of_the_environment_asks() {
    let shop = Shop::open();
    shop.write(&[line("merchant_id", MERCHANT.1)]);
    let message = shop.refuses(&[KEY, ("QRIS_BASE_URL", &shop.url())]);
    assert!(message.contains("merchant_id from the same place as the API key"), "{message}");
    shop.close();
}

#[test]
fn a_file_with_an_address_and_no_key_is_refused_by_every_command() {
    let shop = Shop::open();
    shop.write(&[line("base_url", &shop.url())]);
    for arguments in [&["report"][..], &["order", "list"], &["till"], &["backup", "copy.db"]] {
        let output = run(shop.folder.path(), arguments, &[]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", complaint(&output));
        assert!(
            complaint(&output).contains("expected base_url from the same place"),
            "{}",
            complaint(&output)
        );
    }
    let doctor = run(shop.folder.path(), &["doctor", "--offline"], &[KEY, MERCHANT]);
    assert_eq!(doctor.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&doctor.stdout).contains("expected base_url from the same place")
    );
    shop.close();
}

#[test]
fn a_file_that_is_named_may_say_where_the_key_of_the_environment_goes() {
    let shop = Shop::open();
    shop.write(&[line("base_url", &shop.url()), line("merchant_id", MERCHANT.1)]);
    shop.takes(&["--settings", "qris.toml"], &[KEY]);
    shop.close();
}

#[test]
fn a_file_with_its_own_key_says_the_merchant_and_the_address_of_that_key() {
    let shop = Shop::open();
    let account =
        [line("api_key", KEY.1), line("merchant_id", MERCHANT.1), line("base_url", &shop.url())];
    shop.write(&account);
    shop.takes(&[], &[]);
    // An empty variable is not set.
    shop.takes(&[], &[("QRIS_API_KEY", ""), ("QRIS_BASE_URL", "")]);
    shop.close();
}

#[test]
fn flags_and_the_environment_go_before_what_a_file_says_of_its_own_key() {
    let shop = Shop::open();
    shop.write(&[
        line("api_key", KEY.1),
        line("merchant_id", "1"),
        line("base_url", "http://127.0.0.1:9/"),
    ]);
    let url = shop.url();
    shop.takes(&["--base-url", &url], &[MERCHANT]);
    shop.takes(&["--merchant-id", MERCHANT.1], &[("QRIS_BASE_URL", &url)]);
    shop.close();
}

#[test]
fn a_file_whose_whole_account_is_overridden_is_no_reason_to_refuse() {
    let shop = Shop::open();
    shop.write(&[line("base_url", "http://127.0.0.1:9/"), line("merchant_id", "1")]);
    shop.takes(&[], &[KEY, MERCHANT, ("QRIS_BASE_URL", &shop.url())]);
    shop.close();
}

#[cfg(unix)]
#[test]
fn a_settings_file_that_others_can_write_is_refused_whether_it_is_named_or_not() {
    let shop = Shop::open();
    shop.write(&[
        line("api_key", KEY.1),
        line("merchant_id", MERCHANT.1),
        line("base_url", &shop.url()),
    ]);
    for mode in [0o620, 0o602, 0o666] {
        set_mode(&shop.folder.path().join("qris.toml"), mode);
        let message = shop.refuses(&[]);
        assert!(message.contains("qris.toml: expected"), "{message}");
        assert!(message.contains("chmod 600"), "{message}");
        let named = shop.create(&["--settings", "qris.toml"], &[]);
        assert_eq!(named.status.code(), Some(2), "{mode:o}: {}", complaint(&named));
    }
    set_mode(&shop.folder.path().join("qris.toml"), 0o600);
    shop.takes(&[], &[]);
    shop.close();
}

/// Only root can give a file away; other users see the rule in the tests beside the code.
#[cfg(unix)]
#[test]
fn a_settings_file_of_another_user_is_refused_and_so_is_a_link_of_another_user() {
    use std::os::unix::fs::{chown, lchown, symlink};

    let shop = Shop::open();
    let account = [line("api_key", KEY.1), line("merchant_id", MERCHANT.1)];
    shop.write(&account);
    let file = shop.folder.path().join("qris.toml");
    if chown(&file, Some(65_534), None).is_err() {
        return;
    }
    let message = shop.refuses(&[]);
    assert!(message.contains("found one of another user"), "{message}");

    let own = shop.folder.path().join("own.toml");
    fs::rename(&file, &own).expect("moved");
    chown(&own, Some(0), None).expect("given back");
    symlink(&own, &file).expect("a link");
    lchown(&file, Some(65_534), None).expect("given away");
    assert!(shop.refuses(&[]).contains("found one of another user"));
    shop.close();
}

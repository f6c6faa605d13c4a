//! The command in Indonesian, where the environment or `--lang` says so.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use crate::command::{SAMPLE, STICKER, WARNED, ZERO, complaint, json_of, text};
use crate::shop::Shop;

/// Runs the command with these variables for its language alone.
fn qris_in(variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qris"));
    speak(&mut command, variables);
    command.args(arguments).output().expect("the command runs")
}

fn speak(command: &mut Command, variables: &[(&str, &str)]) {
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
}

const INDONESIAN: &[(&str, &str)] = &[("LANG", "id_ID.UTF-8")];

#[test]
fn decode_is_in_the_language_of_the_option_or_else_of_the_environment() {
    let english = text(&qris_in(&[], &["decode", WARNED]));
    assert!(
        english.contains("warning[postal-code-missing]: object 61 (postal code):"),
        "{english}"
    );
    let option = text(&qris_in(&[], &["decode", "--lang", "id", WARNED]));
    for line in [
        "peringatan[postal-code-missing]: objek 61 (kode pos): objek 61 (kode pos) wajib ada untuk \
         negara ID, tidak ditemukan",
        "putusan: warn",
        "jenis       statis",
    ] {
        assert!(option.contains(line), "{line}\n{option}");
    }
    assert_eq!(text(&qris_in(INDONESIAN, &["decode", WARNED])), option);
    assert_eq!(text(&qris_in(INDONESIAN, &["decode", "--lang", "en", WARNED])), english);
    // The first variable that says something counts.
    let overridden = [("LANG", "id_ID.UTF-8"), ("LC_ALL", "C.UTF-8")];
    assert_eq!(text(&qris_in(&overridden, &["decode", WARNED])), english);
    let empty = [("LC_ALL", ""), ("LC_MESSAGES", "id"), ("LANG", "C")];
    assert_eq!(text(&qris_in(&empty, &["decode", WARNED])), option);
}

#[test]
fn json_is_the_same_everywhere_unless_a_language_is_asked_for() {
    for arguments in [&["decode", "--json", ZERO][..], &["doctor", "--json", "--offline"]] {
        let [english, indonesian] = [&[][..], INDONESIAN].map(|it| qris_in(it, arguments));
        assert_eq!(json_of(&indonesian), json_of(&english), "{arguments:?}");
        assert_eq!(indonesian.status, english.status);
    }
    let asked = json_of(&qris_in(&[], &["decode", "--json", "--lang", "id", ZERO]));
    let finding = &asked["findings"][0];
    assert_eq!(finding["message"], "seharusnya nominal bukan nol, ditemukan nol");
    assert_eq!((&finding["code"], &finding["severity"]), (&"amount-zero".into(), &"error".into()));
}

#[test]
fn help_is_in_the_language_of_the_environment() {
    for arguments in [&["order", "create", "--help"][..], &["help", "order", "create"]] {
        let english = text(&qris_in(&[], arguments));
        assert!(english.contains("Usage: qris order create"), "{english}");
        assert!(english.contains("The amount in whole rupiah, digits only"), "{english}");
        let indonesian = text(&qris_in(INDONESIAN, arguments));
        assert!(indonesian.contains("Cara pakai: qris order create"), "{indonesian}");
        assert!(indonesian.contains("Nominal dalam rupiah bulat, hanya angka"), "{indonesian}");
    }
    let list = text(&qris_in(INDONESIAN, &["--help"]));
    assert!(
        list.contains("Perintah:\n") && list.contains("Menampilkan isi sebuah payload"),
        "{list}"
    );
}

#[test]
fn the_list_of_settings_is_printed_by_help_and_by_its_own_command() {
    for (variables, words) in [
        (&[][..], "The API key is never a flag"),
        (INDONESIAN, "Kunci API tidak pernah menjadi flag"),
    ] {
        let list = text(&qris_in(variables, &["settings"]));
        assert!(list.contains(words) && list.contains("--database <URL>"), "{list}");
        assert_eq!(text(&qris_in(variables, &["help", "settings"])), list);
    }
}

#[test]
fn wrong_arguments_are_explained_in_the_language_of_the_environment() {
    for (arguments, english, indonesian) in [
        (
            &["user", "add", "Siti", "--role", "boss"][..],
            "error: expected --role <ROLE> as one of cashier, supervisor, owner, found boss\n",
            "kesalahan: --role <ROLE> harus salah satu dari cashier, supervisor, owner, bukan boss\n",
        ),
        (
            &["user", "add", "Siti"],
            "error: expected --role <ROLE>, found nothing\n",
            "kesalahan: --role <ROLE> belum diisi\n",
        ),
        (
            &["user", "add", "webhook", "--role", "owner"],
            "error: <NAME>: expected a name of 1 to 32",
            "kesalahan: <NAME>: seharusnya nama 1 sampai 32",
        ),
        (
            &["order", "create", "INV-1", "Rp25.000"],
            "error: <AMOUNT>: expected an amount in rupiah of digits only, such as 25578: without Rp, \
             dots or commas\n",
            "kesalahan: <AMOUNT>: seharusnya nominal rupiah berisi angka saja, seperti 25578: tanpa \
             Rp, titik, atau koma\n",
        ),
        (
            &["order", "create", "", "25000"],
            "error: <NUMBER>: expected a number of 1 to 64",
            "kesalahan: <NUMBER>: seharusnya nomor 1 sampai 64",
        ),
        (
            &["report", "--from", "kemarin"],
            "error: --from <DATE>: expected a day such as 2026-11-30\n",
            "kesalahan: --from <DATE>: seharusnya hari seperti 2026-11-30\n",
        ),
        (
            &["report", "--timeout-seconds", "601"],
            "error: --timeout-seconds <N>: expected a number from 1 to 600\n",
            "kesalahan: --timeout-seconds <N>: seharusnya angka dari 1 sampai 600\n",
        ),
        (
            &["ordr"],
            "error: expected a command, found ordr. Did you mean order?\n",
            "kesalahan: tidak ada perintah ordr. Maksud Anda order?\n",
        ),
        (
            &["report", "--jsn"],
            "error: expected an argument of this command, found --jsn. Did you mean --json?\n",
            "kesalahan: perintah ini tidak punya argumen --jsn. Maksud Anda --json?\n",
        ),
    ] {
        for (variables, words) in [(&[][..], english), (INDONESIAN, indonesian)] {
            let refused = qris_in(variables, arguments);
            assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
            let said = complaint(&refused);
            assert!(said.starts_with(words), "{said}");
        }
    }
    let refused = complaint(&qris_in(INDONESIAN, &["order", "create", "INV-1", "50"]));
    let words = "kesalahan: nominal harus Rp100 sampai Rp10.000.000; yang ditulis 50\n";
    assert_eq!(refused, words);
    let refused = complaint(&qris_in(INDONESIAN, &["read", "tidak-ada.png"]));
    assert_eq!(refused, "kesalahan: tidak-ada.png: berkas atau folder ini tidak ada\n");
    let refused =
        complaint(&qris_in(INDONESIAN, &["sandbox", "--webhook", "https://toko.example"]));
    assert_eq!(refused, "kesalahan: URL webhook harus diawali http:// dan menyebut host\n");
}

#[test]
fn a_weak_pin_a_taken_name_and_a_wrong_line_are_explained_in_indonesian() {
    let shop = Shop::open();
    let run = |arguments: &[&str], input: &str| {
        let mut command = shop.command(arguments);
        speak(&mut command, INDONESIAN);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // A command that refuses its arguments reads nothing.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().expect("the command ends")
    };
    let add = ["user", "add", "Siti", "--role", "cashier", "--pin-stdin"];
    let weak = complaint(&run(&add, "1234"));
    assert!(weak.starts_with("kesalahan: PIN harus 4 sampai 12 angka"), "{weak}");
    assert!(run(&add, "480615").status.success());
    let taken = complaint(&run(&add, "480615"));
    assert!(taken.starts_with("kesalahan: nama ini sudah dipakai"), "{taken}");
    let absent = complaint(&run(&["token", "revoke", "erp"], ""));
    assert!(absent.starts_with("kesalahan: tidak ada pengguna atau token aktif"), "{absent}");
    let orders = "number,amount,channel\nA-1,5000,web\n,5000,\nA-3,Rp5.000,\n";
    let refused = complaint(&run(&["order", "import", "-"], orders));
    for line in [
        "baris 2, kolom channel: seharusnya pos, ecommerce, atau bill",
        "baris 3, kolom number: seharusnya ada nilai",
        "baris 4, kolom amount: seharusnya nominal rupiah berisi angka saja",
    ] {
        assert!(refused.contains(line), "{line}\n{refused}");
    }
    let table = "tgl,nominal\n27/11/2026 10:15,banyak\n";
    let refused = complaint(&run(&["settle", "import", "-"], table));
    let words = "baris 2, kolom amount: seharusnya rupiah bulat seperti 25.578";
    assert!(refused.contains(words), "{refused}");
    shop.close();
}

#[test]
fn manual_pages_and_completions_are_in_english_everywhere() {
    for arguments in [["man"].as_slice(), &["completions", "zsh"]] {
        let [english, indonesian] = [&[][..], INDONESIAN].map(|it| text(&qris_in(it, arguments)));
        assert!(english.contains("Shows the content of a payload"), "{english}");
        assert_eq!(indonesian, english);
    }
}

#[test]
fn doctor_says_in_indonesian_what_it_says_in_english() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qris"));
        speak(&mut command, variables);
        command.args(["doctor", "--offline"]).current_dir(folder.path());
        command.env("QRIS_DATABASE_URL", format!("sqlite://{}/shop.db", folder.path().display()));
        for name in ["QRIS_API_KEY", "QRIS_MERCHANT_ID", "QRIS_BASE_URL"] {
            command.env_remove(name);
        }
        command.output().expect("the command runs")
    };
    let (english, indonesian) = (run(&[]), run(INDONESIAN));
    assert_eq!(indonesian.status, english.status);
    let (english, indonesian) = (text(&english), text(&indonesian));
    assert_eq!(indonesian.lines().count(), english.lines().count(), "{indonesian}{english}");
    for line in ["masalah  setelan", "ok       database", "saran: isi QRIS_API_KEY"] {
        assert!(indonesian.contains(line), "{line}\n{indonesian}");
    }
}

#[test]
fn an_order_is_shown_and_refused_in_indonesian() {
    let shop = Shop::open();
    let run = |arguments: &[&str]| {
        let mut command = shop.command(arguments);
        speak(&mut command, INDONESIAN);
        command.output().expect("the command runs")
    };
    let created = run(&["order", "create", "INV-1", "25578"]);
    assert!(created.status.success(), "{}", complaint(&created));
    let created = text(&created);
    for line in
        ["nominal             Rp25.578", "status              pending", "ditampilkan sampai  "]
    {
        assert!(created.contains(line), "{line}\n{created}");
    }
    let renewed = run(&["order", "renew", "INV-1"]);
    assert_eq!(renewed.status.code(), Some(1));
    let said = complaint(&renewed);
    assert!(said.starts_with("kesalahan: kodenya ditampilkan sampai "), "{said}");
    let story = text(&run(&["order", "show", "INV-1"]));
    assert!(story.contains("\nriwayat:\n"), "{story}");
    let report = text(&run(&["report"]));
    assert!(report.contains("invoice      1 lunas      0"), "{report}");
    let settled = text(&run(&["settle", "report"]));
    assert!(settled.contains("\ntercatat dan cair  "), "{settled}");
    assert_eq!(report.lines().count(), 2, "{report}");
    let widths: Vec<usize> = report.lines().map(|line| line.chars().count()).collect();
    assert_eq!(widths[0], widths[1], "{report}");
    // What programs read is as ever.
    let shown = run(&["order", "show", "INV-1", "--json"]);
    assert_eq!(json_of(&shown)["state"], "pending");
    let unknown = run(&["order", "show", "INV-2", "--json"]);
    assert!(complaint(&unknown).starts_with("error: "), "{}", complaint(&unknown));
    shop.close();
}

#[test]
fn what_a_picture_leaves_out_and_what_is_no_poster_is_said_in_indonesian() {
    let name = STICKER.replace("5911TOKO CONTOH", "5904最佳运输");
    let name = &name[..name.len() - 4];
    let chinese = format!("{name}{:04X}", qris_codec::checksum(name.as_bytes()));
    let drawn = qris_in(INDONESIAN, &["draw", &chinese, "--format", "png"]);
    assert!(
        complaint(&drawn).contains("catatan: \"最佳运输\" tidak digambar"),
        "{}",
        complaint(&drawn)
    );
    let refused = qris_in(INDONESIAN, &["draw", SAMPLE, "--poster", "a5", "--format", "pdf"]);
    assert!(complaint(&refused).contains("seharusnya kode statis untuk poster"));
}

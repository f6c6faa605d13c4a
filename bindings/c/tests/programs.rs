//! C and C++ programs that are compiled with all warnings as errors and run: linked with the
//! shared library under valgrind, and with the static one and the compiler's sanitizers.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use qris_sandbox::{DEFAULT_API_KEY, DEFAULT_MERCHANT_ID, Fault, Lasting, On, Sandbox};
use tempfile::TempDir;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What the static library needs of the system.
const SYSTEM: [&str; 6] = ["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl"];

/// How a program is linked and run.
#[derive(Clone, Copy)]
enum Mode {
    /// With the shared library, under valgrind.
    Valgrind,
    /// With the static library and the address and undefined behaviour sanitizers.
    Sanitized,
}

/// A program, compiled.
struct Program {
    path: PathBuf,
    mode: Mode,
    /// Where it lives, and where it may write.
    folder: TempDir,
}

fn here(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// The folder with the libraries that were built for this test.
fn libraries() -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let folder = test.parent().ok_or("the test lies in no folder")?;
    assert!(folder.join("libqris.so").exists(), "expected libqris.so beside the test");
    Ok(folder.to_owned())
}

impl Program {
    fn compile(source: &str, mode: Mode) -> Result<Self> {
        Self::compile_with(source, mode, &[])
    }

    /// The same, with further arguments for the compiler.
    fn compile_with(source: &str, mode: Mode, further: &[&str]) -> Result<Self> {
        let folder = TempDir::new()?;
        let path = folder.path().join("program");
        let libraries = libraries()?;
        let (compiler, standard) =
            if source.ends_with(".cpp") { ("g++", "-std=c++17") } else { ("gcc", "-std=c99") };
        let mut command = Command::new(compiler);
        command
            .args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-O1", "-I"])
            .arg(here("include"))
            .args(further)
            .args([here(source).as_os_str(), "-o".as_ref(), path.as_os_str()]);
        match mode {
            Mode::Valgrind => {
                // The program asks for the library by its SONAME.
                let soname =
                    folder.path().join(concat!("libqris.so.", env!("CARGO_PKG_VERSION_MAJOR")));
                std::os::unix::fs::symlink(libraries.join("libqris.so"), soname)?;
                let mut search = OsString::from("-Wl,-rpath,");
                search.push(folder.path());
                command.arg(libraries.join("libqris.so")).arg(search).arg("-pthread");
            }
            Mode::Sanitized => {
                let sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
                command.args(sanitizers).arg(libraries.join("libqris.a")).args(SYSTEM);
            }
        }
        let output = command.output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{source} does not compile:\n{said}");
        Ok(Self { path, mode, folder })
    }

    /// The program, ready to be given arguments.
    fn command(&self) -> Command {
        let mut command = match self.mode {
            Mode::Valgrind => {
                let mut command = Command::new("valgrind");
                let mut known = OsString::from("--suppressions=");
                known.push(here("tests/c/valgrind.supp"));
                command
                    .arg(known)
                    .args(["--quiet", "--error-exitcode=99", "--leak-check=full"])
                    .args(["--show-leak-kinds=definite,possible"])
                    .args(["--errors-for-leak-kinds=definite,possible"])
                    .arg(&self.path);
                command
            }
            Mode::Sanitized => {
                let mut command = Command::new(&self.path);
                command.env("ASAN_OPTIONS", "detect_leaks=1");
                command
            }
        };
        // The budget of the key is that of this program, however often it runs.
        command.env("QRIS_STATE_DIR", self.folder.path().join("state"));
        command
    }

    /// Runs it to its end and returns what it said.
    #[track_caller]
    fn run(&self, arguments: &[&Path]) -> Result<String> {
        let output = self.command().args(arguments).output()?;
        let (said, complained) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{}\n{said}\n{complained}", output.status);
        assert_eq!(complained, "", "nothing to complain about");
        Ok(said.into_owned())
    }

    /// Runs it with a sandbox, whose payer and faults it asks for on its standard output, and
    /// returns the other lines it said.
    #[track_caller]
    fn run_with(&self, sandbox: &Sandbox) -> Result<Vec<String>> {
        let mut child = self
            .command()
            .current_dir(self.folder.path())
            .env("QRIS_BASE_URL", sandbox.base_url())
            .env("QRIS_API_KEY", DEFAULT_API_KEY)
            .env("QRIS_MERCHANT_ID", DEFAULT_MERCHANT_ID)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut answers = child.stdin.take().ok_or("no standard input")?;
        let said = child.stdout.take().ok_or("no standard output")?;
        let mut others = Vec::new();
        for line in BufReader::new(said).lines() {
            let line = line?;
            match line.split_once(' ') {
                Some(("pay", id)) => sandbox.pay(id.parse()?)?,
                Some(("behind", seconds)) => {
                    let behind = Duration::from_secs(seconds.parse()?);
                    sandbox.set_time(sandbox.now() - behind);
                }
                Some(("fault", name)) => {
                    let known = Fault::all().into_iter().find(|fault| fault.name() == name);
                    sandbox.inject(known.ok_or(name)?, On::Any, Lasting::Once);
                }
                _ => {
                    others.push(line);
                    continue;
                }
            }
            answers.write_all(b"done\n")?;
        }
        let status = child.wait()?;
        assert!(status.success(), "{status} after {others:#?}");
        Ok(others)
    }
}

/// A sandbox on a runtime that serves it while this thread waits for a program.
fn sandbox() -> Result<(tokio::runtime::Runtime, Sandbox)> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let sandbox = runtime.block_on(Sandbox::start())?;
    Ok((runtime, sandbox))
}

fn vectors(mode: Mode) -> Result<()> {
    let payloads = here("../../crates/qris-codec/tests/vectors/payloads.tsv");
    let lines = std::fs::read_to_string(&payloads)?.lines().count();
    let said = Program::compile("tests/c/vectors.c", mode)?.run(&[&payloads])?;
    assert_eq!(said, format!("{} vectors\nevery vector is judged as its line says\n", lines - 1));
    Ok(())
}

#[test]
fn c_judges_every_vector_as_its_line_says() -> Result<()> {
    vectors(Mode::Valgrind)
}

#[test]
fn c_judges_every_vector_as_its_line_says_under_sanitizers() -> Result<()> {
    vectors(Mode::Sanitized)
}

fn misuse(mode: Mode) -> Result<()> {
    let said = Program::compile("tests/c/misuse.c", mode)?.run(&[])?;
    assert_eq!(said, "misuse is answered as the header says\n");
    Ok(())
}

#[test]
fn misuse_is_answered_as_the_header_says() -> Result<()> {
    misuse(Mode::Valgrind)
}

#[test]
fn misuse_is_answered_as_the_header_says_under_sanitizers() -> Result<()> {
    misuse(Mode::Sanitized)
}

fn draw(mode: Mode) -> Result<()> {
    let program = Program::compile("tests/c/draw.c", mode)?;
    assert_eq!(program.run(&[program.folder.path()])?, "drawn\n");
    // What comes over the border in pieces is what Rust draws in one.
    let text = "00020101021226680016ID.CO.TELKOM.WWW011893600898025599662702150001952559966270303\
                UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.00550\
                2015802ID5916InterActive Corp6013KOTA SURABAYA61056013662130509413255111630439B7";
    let drawing = qris_image::Drawing::parse(text)?;
    let file = |name| std::fs::read(program.folder.path().join(name));
    assert_eq!(file("qr.svg")?, drawing.svg()?.into_bytes());
    assert_eq!(file("qr.png")?, drawing.png()?);
    assert_eq!(file("qr.txt")?, drawing.terminal()?.into_bytes());
    assert_eq!(file("qr58.escpos")?, drawing.escpos(qris_image::Paper::Mm58)?);
    assert_eq!(file("qr80.escpos")?, drawing.escpos(qris_image::Paper::Mm80)?);
    Ok(())
}

#[test]
fn c_draws_byte_for_byte_what_rust_draws() -> Result<()> {
    draw(Mode::Valgrind)
}

#[test]
fn c_draws_byte_for_byte_what_rust_draws_under_sanitizers() -> Result<()> {
    draw(Mode::Sanitized)
}

fn client(mode: Mode) -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    let said = Program::compile("tests/c/client.c", mode)?.run_with(&sandbox)?;
    assert_eq!(said, ["the client does what the header says"]);
    Ok(())
}

#[test]
fn the_client_does_what_the_header_says() -> Result<()> {
    client(Mode::Valgrind)
}

#[test]
fn the_client_does_what_the_header_says_under_sanitizers() -> Result<()> {
    client(Mode::Sanitized)
}

/// Three processes that check invoices without a pause, and the sandbox that they ask.
struct Careless {
    children: Vec<Child>,
    sandbox: Sandbox,
    _runtime: tokio::runtime::Runtime,
    _program: Program,
}

impl Careless {
    /// Each process is told which invoices to check, and how often.
    fn start(arguments: [[&str; 3]; 3]) -> Result<Self> {
        let (runtime, sandbox) = sandbox()?;
        let program = Program::compile("tests/c/loop.c", Mode::Sanitized)?;
        let children = arguments.map(|arguments| {
            program.command().env("QRIS_BASE_URL", sandbox.base_url()).args(arguments).spawn()
        });
        let children = children.into_iter().collect::<std::io::Result<_>>()?;
        Ok(Self { children, sandbox, _runtime: runtime, _program: program })
    }
}

impl Drop for Careless {
    fn drop(&mut self) {
        for child in &mut self.children {
            // It may have ended.
            child.kill().ok();
            child.wait().ok();
        }
    }
}

#[test]
fn three_processes_check_one_invoice_no_closer_together_than_the_gap() -> Result<()> {
    let mut careless = Careless::start([["1", "1", "2"]; 3])?;
    for child in &mut careless.children {
        assert!(child.wait()?.success());
    }
    let checks = careless.sandbox.calls().checks_of(1);
    assert_eq!(checks.len(), 6);
    for pair in checks.windows(2) {
        let gap = pair[1].duration_since(pair[0]).as_millis();
        // A request may take a little longer than the one after it.
        assert!(gap > 900, "{gap} ms between two checks: {checks:?}");
    }
    Ok(())
}

#[test]
fn three_processes_share_the_sixty_checks_a_minute_of_their_key() -> Result<()> {
    let careless = Careless::start([["1", "30", "1"], ["101", "30", "1"], ["201", "30", "1"]])?;
    let asked = || careless.sandbox.calls().checks();
    let started = Instant::now();
    while asked() < 60 {
        assert!(started.elapsed() < Duration::from_secs(40), "{} checks", asked());
        std::thread::sleep(Duration::from_millis(10));
    }
    // All that do not fit wait now.
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(asked(), 60);
    Ok(())
}

fn exceptions(mode: Mode) -> Result<()> {
    assert_eq!(Program::compile("tests/c/hpp.cpp", mode)?.run(&[])?, "C++ has its exceptions\n");
    Ok(())
}

#[test]
fn c_plus_plus_has_its_exceptions() -> Result<()> {
    exceptions(Mode::Valgrind)
}

#[test]
fn c_plus_plus_has_its_exceptions_under_sanitizers() -> Result<()> {
    exceptions(Mode::Sanitized)
}

#[test]
fn the_example_decodes_a_payload_and_tells_what_is_wrong_with_it() -> Result<()> {
    let program = Program::compile("examples/decode.c", Mode::Valgrind)?;
    let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI514\
                40014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH\
                6007JAKARTA62070703A01630440DE";
    let said = program.run(&[Path::new(text)])?;
    assert!(said.contains("merchant TOKO CONTOH, JAKARTA\n"), "{said}");
    assert!(said.contains("  51.02 ID1020038431489\n"), "{said}");
    assert!(said.contains("postal-code-missing"), "{said}");
    let refused = program.command().arg("0002015912WARUNG").output()?;
    assert_eq!(refused.status.code(), Some(1));
    let complained = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(complained, "object 59 should hold 12 characters, found 6 at byte 10\n");
    Ok(())
}

fn take_payment(source: &str, mode: Mode) -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    let program = Program::compile(source, mode)?;
    let mut child = program
        .command()
        .current_dir(program.folder.path())
        .env("QRIS_BASE_URL", sandbox.base_url())
        .env("QRIS_API_KEY", DEFAULT_API_KEY)
        .env("QRIS_MERCHANT_ID", DEFAULT_MERCHANT_ID)
        .args(["INV-2026-1", "25578"])
        .stdout(Stdio::piped())
        .spawn()?;
    let said = child.stdout.take().ok_or("no standard output")?;
    let mut lines = Vec::new();
    for line in BufReader::new(said).lines() {
        let line = line?;
        if let Some(id) = line.strip_prefix("invoice ") {
            sandbox.pay(id.parse()?)?;
        }
        lines.push(line);
    }
    let status = child.wait()?;
    assert!(status.success(), "{status} after {lines:#?}");
    let receipt = lines.join("\n");
    for part in ["invoice ", "Rp25578", "NMID", "paid by"] {
        assert!(receipt.contains(part), "{part} is missing in\n{receipt}");
    }
    let svg = std::fs::read_to_string(program.folder.path().join("qr.svg"))?;
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
    let escpos = std::fs::read(program.folder.path().join("qr.escpos"))?;
    assert_eq!(escpos[..4], *b"\x1dv0\0");
    assert_eq!(sandbox.calls().creates(), 1);
    Ok(())
}

#[test]
fn the_examples_call_for_a_person_when_somebody_may_pay() -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    for source in ["examples/take_payment.c", "examples/take_payment.cpp"] {
        let program = Program::compile(source, Mode::Sanitized)?;
        for (fault, expected) in [
            (Some(Fault::WrongAmount), 3),
            (Some(Fault::DropAfterAccepting), 3),
            (Some(Fault::Refuse { words: "closed today".into() }), 1),
            // The invoice is there, and its picture has no place.
            (None, 3),
        ] {
            let svg = program.folder.path().join("qr.svg");
            match fault.clone() {
                Some(fault) => sandbox.inject(fault, On::Create, Lasting::Once),
                None => std::fs::create_dir(svg)?,
            }
            let ended = program
                .command()
                .current_dir(program.folder.path())
                .env("QRIS_BASE_URL", sandbox.base_url())
                .env("QRIS_API_KEY", DEFAULT_API_KEY)
                .env("QRIS_MERCHANT_ID", DEFAULT_MERCHANT_ID)
                .args(["INV-2026-1", "25578"])
                .output()?;
            assert_eq!(ended.status.code(), Some(expected), "{source} with {fault:?}: {ended:?}");
            let number = String::from_utf8_lossy(&ended.stdout).contains("invoice ");
            assert_eq!(number, fault.is_none(), "{source} with {fault:?}: {ended:?}");
        }
    }
    Ok(())
}

#[test]
fn the_examples_take_the_qr_away_when_its_shown_time_is_over() -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    for source in ["examples/take_payment.c", "examples/take_payment.cpp"] {
        let program = Program::compile_with(source, Mode::Sanitized, &["-DSHOWN_SECONDS=2"])?;
        let svg = program.folder.path().join("qr.svg");
        let mut child = program
            .command()
            .current_dir(program.folder.path())
            .env("QRIS_BASE_URL", sandbox.base_url())
            .env("QRIS_API_KEY", DEFAULT_API_KEY)
            .env("QRIS_MERCHANT_ID", DEFAULT_MERCHANT_ID)
            .args(["INV-2026-1", "25578"])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut was_shown = false;
        let mut was_removed = false;
        for line in BufReader::new(child.stdout.take().ok_or("no standard output")?).lines() {
            match line?.as_str() {
                "qr.svg is removed: the time to pay is over" => {
                    was_removed = !svg.exists();
                    break;
                }
                line if line.contains(" until 20") => was_shown = svg.exists(),
                _ => {}
            }
        }
        child.kill()?;
        child.wait()?;
        assert!(was_shown && was_removed, "{source}: {was_shown} {was_removed}");
    }
    Ok(())
}

#[test]
fn the_examples_refuse_an_amount_that_is_not_digits_alone_before_they_ask_for_an_invoice()
-> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    // An amount that is taken is refused by the provider, so that nothing waits for a payer.
    let refuse = Fault::Refuse { words: "closed today".into() };
    sandbox.inject(refuse, On::Create, Lasting::Standing);
    for source in ["examples/take_payment.c", "examples/take_payment.cpp"] {
        let program = Program::compile(source, Mode::Sanitized)?;
        for amount in [
            "250.000",
            "250,000",
            "",
            "-5",
            "+5",
            " 5",
            "5 ",
            "12abc",
            "0x10",
            "\u{0661}",
            "1000000000000",
            "99999999999999999999",
        ] {
            let ended = program
                .command()
                .current_dir(program.folder.path())
                .env("QRIS_BASE_URL", sandbox.base_url())
                .env("QRIS_API_KEY", DEFAULT_API_KEY)
                .env("QRIS_MERCHANT_ID", DEFAULT_MERCHANT_ID)
                .args(["INV-2026-1", amount])
                .output()?;
            assert_eq!(
                String::from_utf8_lossy(&ended.stderr),
                "expected whole rupiah as digits alone, such as 250000\n",
                "{source} with {amount:?}"
            );
            assert_eq!(ended.status.code(), Some(2), "{source} with {amount:?}: {ended:?}");
        }
    }
    assert_eq!(sandbox.calls().creates(), 0);
    Ok(())
}

#[test]
fn the_example_takes_a_payment() -> Result<()> {
    take_payment("examples/take_payment.c", Mode::Valgrind)
}

#[test]
fn the_example_takes_a_payment_under_sanitizers() -> Result<()> {
    take_payment("examples/take_payment.c", Mode::Sanitized)
}

#[test]
fn the_example_in_c_plus_plus_takes_a_payment() -> Result<()> {
    take_payment("examples/take_payment.cpp", Mode::Valgrind)
}

#[test]
fn the_example_in_c_plus_plus_takes_a_payment_under_sanitizers() -> Result<()> {
    take_payment("examples/take_payment.cpp", Mode::Sanitized)
}

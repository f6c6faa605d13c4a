//! C and C++ programs that are compiled with all warnings as errors and run: under valgrind, and with
//! the compiler's sanitizers. Only one is linked with the static library, because linking that takes
//! fifteen times as long.

mod client;
mod codec;
mod examples;
mod orders;
mod pos;
#[path = "../../../../crates/qris-ledger/tests/postgres/mod.rs"]
#[allow(dead_code, reason = "the tests of the ledger use all of it")]
mod postgres;
mod readme;

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use qris_sandbox::{DEFAULT_API_KEY, DEFAULT_MERCHANT_ID, Fault, FaultCall, FaultRepeat, Sandbox};
use tempfile::TempDir;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The system libraries that the static library needs.
const SYSTEM: [&str; 6] = ["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl"];

/// How a program is linked and run.
#[derive(Clone, Copy)]
enum Mode {
    /// With the shared library, under valgrind.
    Valgrind,
    /// With the shared library and the address and undefined behaviour sanitizers.
    Sanitized,
    /// The same with the static library.
    Static,
}

/// A compiled program.
struct Program {
    path: PathBuf,
    mode: Mode,
    /// Its folder, in which it may write.
    folder: TempDir,
}

fn here(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// The folder with the libraries that were built for this test.
fn libraries() -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let folder = test.parent().ok_or("expected the test in a folder")?;
    assert!(folder.join("libqris.so").exists(), "expected libqris.so next to the test");
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
        if !matches!(mode, Mode::Valgrind) {
            command.args(["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]);
        }
        if matches!(mode, Mode::Static) {
            command.arg(libraries.join("libqris.a")).args(SYSTEM);
        } else {
            // The program asks for the library by its SONAME.
            let soname =
                folder.path().join(concat!("libqris.so.", env!("CARGO_PKG_VERSION_MAJOR")));
            std::os::unix::fs::symlink(libraries.join("libqris.so"), soname)?;
            let mut search = OsString::from("-Wl,-rpath,");
            search.push(folder.path());
            command.arg(libraries.join("libqris.so")).arg(search).arg("-pthread");
        }
        let output = command.output()?;
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{source} does not compile:\n{errors}");
        Ok(Self { path, mode, folder })
    }

    /// The program, ready for arguments.
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
            Mode::Sanitized | Mode::Static => {
                let mut command = Command::new(&self.path);
                command.env("ASAN_OPTIONS", "detect_leaks=1");
                command
            }
        };
        // Each run of this program shares one budget of the key.
        command.env("QRIS_STATE_DIR", self.folder.path().join("state"));
        command
    }

    /// Runs it to its end and returns its output.
    #[track_caller]
    fn run(&self, arguments: &[&Path]) -> Result<String> {
        let ended = self.command().args(arguments).output()?;
        let (output, errors) =
            (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        assert!(ended.status.success(), "{}\n{output}\n{errors}", ended.status);
        assert_eq!(errors, "", "expected nothing on standard error");
        Ok(output.into_owned())
    }

    /// Runs it with a sandbox. The program requests payments and faults on its standard output.
    /// Returns the other lines of its output.
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
        let output = child.stdout.take().ok_or("no standard output")?;
        let mut others = Vec::new();
        for line in BufReader::new(output).lines() {
            let line = line?;
            match line.split_once(' ') {
                Some(("pay", id)) => sandbox.pay(id.parse()?)?,
                Some(("behind", seconds)) => {
                    let behind = Duration::from_secs(seconds.parse()?);
                    sandbox.set_time(sandbox.now() - behind);
                }
                Some((wish @ ("fault" | "create-fault"), name)) => {
                    let known = Fault::all().into_iter().find(|fault| fault.name() == name);
                    let call = if wish == "fault" { FaultCall::Any } else { FaultCall::Create };
                    sandbox.inject(known.ok_or(name)?, call, FaultRepeat::Once);
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

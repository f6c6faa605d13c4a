//! The client against the sandbox, in one process and in several.

use std::process::Child;
use std::time::{Duration, Instant};

use qris_sandbox::Sandbox;

use super::{Mode, Program, Result, sandbox};

fn client(mode: Mode) -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    let output = Program::compile("tests/c/client.c", mode)?.run_with(&sandbox)?;
    assert_eq!(output, ["the client works as the header says"]);
    Ok(())
}

#[test]
fn the_client_works_as_the_header_says() -> Result<()> {
    client(Mode::Valgrind)
}

#[test]
fn the_client_works_as_the_header_says_under_sanitizers() -> Result<()> {
    client(Mode::Sanitized)
}

fn waiting(mode: Mode) -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    let output = Program::compile("tests/c/wait.c", mode)?.run_with(&sandbox)?;
    assert_eq!(output, ["waiting works as the header says"]);
    Ok(())
}

#[test]
fn waiting_works_as_the_header_says() -> Result<()> {
    waiting(Mode::Valgrind)
}

#[test]
fn waiting_works_as_the_header_says_under_sanitizers() -> Result<()> {
    waiting(Mode::Sanitized)
}

/// Three processes that check invoices without a pause, and their sandbox.
struct Careless {
    children: Vec<Child>,
    sandbox: Sandbox,
    _runtime: tokio::runtime::Runtime,
    _program: Program,
}

impl Careless {
    /// Starts each process with the invoices to check, and how often.
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
            // It may have ended already.
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
    // The rest waits now.
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(asked(), 60);
    Ok(())
}

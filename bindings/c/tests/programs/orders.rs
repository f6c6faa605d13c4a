//! Orders against the sandbox.

use super::{Mode, Program, Result, sandbox};

fn orders(mode: Mode) -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    let said = Program::compile("tests/c/orders.c", mode)?.run_with(&sandbox)?;
    assert_eq!(said, ["orders do what the header says"]);
    Ok(())
}

#[test]
fn orders_do_what_the_header_says() -> Result<()> {
    orders(Mode::Valgrind)
}

#[test]
fn orders_do_what_the_header_says_under_sanitizers() -> Result<()> {
    orders(Mode::Sanitized)
}

//! The program in the README.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use qris_codec::Payload;
use qris_sandbox::{DEFAULT_API_KEY, DEFAULT_MERCHANT_ID};

use super::{Mode, Program, Result, sandbox};

/// The program in a section of the README.
fn program(section: &str) -> Result<&'static str> {
    let readme = include_str!("../../README.md");
    let heading = format!("\n## {section}\n");
    let (_, text) = readme.split_once(&heading).ok_or("expected the section")?;
    let (_, block) = text.split_once("```c\n").ok_or("expected a program in the section")?;
    Ok(block.split_once("```").ok_or("expected the end of the program")?.0)
}

#[test]
fn the_orders_of_the_readme_are_paid() -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    let folder = tempfile::tempdir()?;
    let source = folder.path().join("orders.c");
    std::fs::write(&source, program("Orders")?)?;
    let source = source.to_str().ok_or("a path of UTF-8")?;
    let program = Program::compile(source, Mode::Sanitized)?;
    let mut child = program
        .command()
        .current_dir(program.folder.path())
        .env("QRIS_BASE_URL", sandbox.base_url())
        .env("QRIS_API_KEY", DEFAULT_API_KEY)
        .env("QRIS_MERCHANT_ID", DEFAULT_MERCHANT_ID)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut is_shown = false;
    let mut last = String::new();
    for line in BufReader::new(child.stdout.take().ok_or("no standard output")?).lines() {
        last = line?;
        if let Some(shown) = last.strip_prefix("show ")
            && !is_shown
        {
            is_shown = true;
            let (content, _) = shown.rsplit_once(" for ").ok_or("no time")?;
            let label = Payload::parse(content)?.additional().reference_label();
            sandbox.pay(label.ok_or("no reference label")?.as_str().parse()?)?;
        }
    }
    assert!(child.wait()?.success());
    assert!(last.starts_with("paid with "), "{last}");
    Ok(())
}

//! The examples that ship with the library.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use qris_sandbox::{DEFAULT_API_KEY, DEFAULT_MERCHANT_ID, Fault, FaultCall, FaultRepeat};

use super::{Mode, Program, Result, sandbox};

#[test]
fn the_example_decodes_a_payload_and_prints_its_findings() -> Result<()> {
    let program = Program::compile("examples/decode.c", Mode::Valgrind)?;
    let text = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI514\
                40014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH\
                6007JAKARTA62070703A01630440DE";
    let output = program.run(&[Path::new(text)])?;
    assert!(output.contains("merchant TOKO CONTOH, JAKARTA\n"), "{output}");
    assert!(output.contains("  51.02 ID1020038431489\n"), "{output}");
    assert!(output.contains("postal-code-missing"), "{output}");
    let refused = program.command().arg("0002015912WARUNG").output()?;
    assert_eq!(refused.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(errors, "object 59 should hold 12 characters, found 6 at byte 10\n");
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
    let output = child.stdout.take().ok_or("no standard output")?;
    let mut lines = Vec::new();
    for line in BufReader::new(output).lines() {
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
            // The invoice exists, but its picture cannot be written.
            (None, 3),
        ] {
            let svg = program.folder.path().join("qr.svg");
            match fault.clone() {
                Some(fault) => sandbox.inject(fault, FaultCall::Create, FaultRepeat::Once),
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
fn the_examples_remove_the_qr_after_its_shown_time() -> Result<()> {
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
    // If an amount is accepted, the provider refuses it, so that no program waits for a payer.
    let refuse = Fault::Refuse { words: "closed today".into() };
    sandbox.inject(refuse, FaultCall::Create, FaultRepeat::Standing);
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

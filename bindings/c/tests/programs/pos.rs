//! The example of a till, killed during a payment.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use qris_sandbox::{DEFAULT_API_KEY, DEFAULT_MERCHANT_ID, Fault, FaultCall, FaultRepeat, Sandbox};

use super::{Mode, Program, Result, sandbox};

/// The till while it runs. It ends with the test.
struct Running {
    child: Child,
    keys: ChildStdin,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Running {
    fn start(program: &Program, sandbox: &Sandbox, number: &str, printer: &str) -> Result<Self> {
        let mut child = program
            .command()
            .current_dir(program.folder.path())
            .env("QRIS_BASE_URL", sandbox.base_url())
            .env("QRIS_API_KEY", DEFAULT_API_KEY)
            .env("QRIS_MERCHANT_ID", DEFAULT_MERCHANT_ID)
            .env("QRIS_PRINTER", printer)
            .args([number, "25578"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let keys = child.stdin.take().ok_or("no standard input")?;
        let lines = BufReader::new(child.stdout.take().ok_or("no standard output")?).lines();
        Ok(Self { child, keys, lines })
    }

    /// The rest of the first line that begins with this text.
    fn line(&mut self, start: &str) -> Result<String> {
        for line in &mut self.lines {
            let line = line?;
            if let Some(rest) = line.strip_prefix(start) {
                return Ok(rest.to_owned());
            }
        }
        Err(format!("it ended without a line that begins with {start}").into())
    }

    /// The provider's number of the code that is shown.
    fn code(&mut self) -> Result<u64> {
        let rest = self.line("kode ")?;
        Ok(rest.split(' ').next().unwrap_or_default().parse()?)
    }

    fn press(&mut self, key: &str) -> Result<()> {
        Ok(writeln!(self.keys, "{key}")?)
    }

    fn end(mut self) -> Result<Option<i32>> {
        for line in &mut self.lines {
            line?;
        }
        Ok(self.child.wait()?.code())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// How often the receipt of a number was printed.
fn receipts(program: &Program, number: &str) -> Result<usize> {
    let printed = std::fs::read(program.folder.path().join("printed"))?;
    let printed = String::from_utf8_lossy(&printed);
    Ok(printed.matches(&format!("{number}\nRp25578 LUNAS\n")).count())
}

fn killed_in_the_middle(mode: Mode) -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    let program = Program::compile("examples/pos.c", mode)?;
    let start = |number| Running::start(&program, &sandbox, number, "printed");

    // Killed while the code is shown; the payer pays while no program runs.
    let mut till = start("INV-1")?;
    let code = till.code()?;
    till.child.kill()?;
    assert_eq!(till.child.wait()?.code(), None, "it was killed");
    drop(till);
    assert_eq!(receipts(&program, "INV-1")?, 0);

    // Killed again before the program learns of the payment.
    let mut till = start("INV-1")?;
    assert_eq!(till.code()?, code, "the same code is shown again");
    till.child.kill()?;
    drop(till);
    sandbox.pay(code)?;

    let mut till = start("INV-1")?;
    assert_eq!(till.code()?, code);
    till.press("c")?;
    till.line("lunas: INV-1")?;
    assert_eq!(till.end()?, Some(0));
    assert_eq!(receipts(&program, "INV-1")?, 1);
    assert_eq!(sandbox.calls().creates(), 1, "one code was requested");

    // It stays paid: nothing is requested or printed again.
    let mut till = start("INV-1")?;
    till.line("lunas: INV-1 sudah dibayar")?;
    assert_eq!(till.end()?, Some(0));
    assert_eq!(receipts(&program, "INV-1")?, 1);
    assert_eq!(sandbox.calls().creates(), 1);
    Ok(())
}

#[test]
fn a_till_that_is_killed_continues_and_the_payment_is_there_once() -> Result<()> {
    killed_in_the_middle(Mode::Valgrind)
}

#[test]
fn a_till_that_is_killed_continues_under_sanitizers() -> Result<()> {
    killed_in_the_middle(Mode::Sanitized)
}

#[test]
fn a_till_that_starts_again_lists_the_orders_that_are_not_ended() -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    let program = Program::compile("examples/pos.c", Mode::Sanitized)?;
    let mut till = Running::start(&program, &sandbox, "INV-1", "printed")?;
    till.code()?;
    till.child.kill()?;
    drop(till);

    let mut till = Running::start(&program, &sandbox, "INV-2", "printed")?;
    assert_eq!(till.line("belum selesai: ")?, "INV-1 Rp25578");
    till.code()?;
    till.press("b")?;
    assert_eq!(till.end()?, Some(1));
    Ok(())
}

#[test]
fn a_receipt_that_could_not_be_printed_is_printed_at_the_next_start() -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    let program = Program::compile("examples/pos.c", Mode::Sanitized)?;
    let mut till = Running::start(&program, &sandbox, "INV-1", "printed")?;
    let code = till.code()?;
    // The printer is missing when the receipt is due.
    std::fs::rename(program.folder.path().join("printed"), program.folder.path().join("code"))?;
    std::fs::create_dir(program.folder.path().join("printed"))?;
    sandbox.pay(code)?;
    till.press("c")?;
    assert_eq!(till.end()?, Some(3), "a person must look");
    std::fs::remove_dir(program.folder.path().join("printed"))?;

    let mut till = Running::start(&program, &sandbox, "INV-2", "printed")?;
    till.line("lunas: INV-1, struk dicetak")?;
    let other = till.code()?;
    assert_ne!(other, code);
    assert_eq!(receipts(&program, "INV-1")?, 1);
    till.press("b")?;
    till.line("dibatalkan")?;
    assert_eq!(till.end()?, Some(1));
    assert_eq!(receipts(&program, "INV-2")?, 0);
    Ok(())
}

#[test]
fn a_provider_that_takes_two_seconds_to_make_the_code_does_not_end_the_till() -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    let program = Program::compile("examples/pos.c", Mode::Sanitized)?;
    let slow = Fault::Slow { seconds: 2.0 };
    sandbox.inject(slow, FaultCall::Create, FaultRepeat::Once);
    let mut till = Running::start(&program, &sandbox, "INV-1", "printed")?;
    let code = till.code()?;
    sandbox.pay(code)?;
    till.press("c")?;
    till.line("lunas: INV-1")?;
    assert_eq!(till.end()?, Some(0));
    Ok(())
}

#[test]
fn of_two_tills_that_wait_for_the_same_order_one_ends_with_zero() -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    let program = Program::compile("examples/pos.c", Mode::Sanitized)?;
    let mut first = Running::start(&program, &sandbox, "A-1", "printed")?;
    let code = first.code()?;
    let mut second = Running::start(&program, &sandbox, "A-1", "printed")?;
    assert_eq!(second.code()?, code);
    sandbox.pay(code)?;
    first.press("c")?;
    let mut ends = [first.end()?, second.end()?];
    ends.sort_unstable();
    assert_eq!(ends, [Some(0), Some(3)], "the goods are handed out once");
    Ok(())
}

#[test]
fn a_till_prints_the_late_receipt_of_its_earlier_order_and_none_of_another_till() -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    let program = Program::compile("examples/pos.c", Mode::Sanitized)?;
    // The other till's order is the older one, so it is checked first.
    for number in ["B-1", "A-1"] {
        let mut till = Running::start(&program, &sandbox, number, "printed")?;
        let code = till.code()?;
        till.child.kill()?;
        drop(till);
        sandbox.pay(code)?;
    }
    let mut till = Running::start(&program, &sandbox, "A-2", "printed")?;
    till.code()?;
    till.line("lunas: A-1, struk dicetak")?;
    till.press("b")?;
    assert_eq!(till.end()?, Some(1));
    assert_eq!(receipts(&program, "A-1")?, 1);

    // The other order was paid too, and its receipt comes out at its own till.
    assert_eq!(receipts(&program, "B-1")?, 0);
    let mut other = Running::start(&program, &sandbox, "B-2", "printed")?;
    other.line("lunas: B-1, struk dicetak")?;
    Ok(())
}

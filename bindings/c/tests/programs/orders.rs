//! Orders against the sandbox.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::postgres::Server;
use super::{Mode, Program, Result, sandbox};

fn orders(mode: Mode) -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    let output = Program::compile("tests/c/orders.c", mode)?.run_with(&sandbox)?;
    assert_eq!(output, ["orders work as the header says"]);
    Ok(())
}

#[test]
fn orders_work_as_the_header_says() -> Result<()> {
    orders(Mode::Valgrind)
}

#[test]
fn orders_work_as_the_header_says_with_the_static_library_under_sanitizers() -> Result<()> {
    orders(Mode::Static)
}

/// Programs that end with the test.
struct Children(Vec<Child>);

impl Drop for Children {
    fn drop(&mut self) {
        for child in &mut self.0 {
            // It may have ended already.
            child.kill().ok();
            child.wait().ok();
        }
    }
}

#[test]
fn two_programs_on_one_postgresql_take_twenty_orders_each_once_and_keep_the_budget() -> Result<()> {
    let (_runtime, sandbox) = sandbox()?;
    let server = Server::start();
    let url = server.url("shop");
    let program = Program::compile("tests/c/many.c", Mode::Sanitized)?;
    let start = || {
        let mut command = program.command();
        command.env("QRIS_BASE_URL", sandbox.base_url()).arg(&url).stdout(Stdio::piped());
        command.spawn()
    };
    let mut children = Children(vec![start()?, start()?]);
    let started = Instant::now();
    while sandbox.calls().creates() < 20 {
        assert!(started.elapsed() < Duration::from_secs(120), "{:?}", sandbox.calls());
        std::thread::sleep(Duration::from_millis(20));
    }
    let known = "SELECT qris_invoiceid FROM shop.qris_invoice WHERE qris_invoiceid IS NOT NULL";
    while server.sql(known).lines().count() < 20 {
        assert!(started.elapsed() < Duration::from_secs(120), "{}", server.sql(known));
        std::thread::sleep(Duration::from_millis(20));
    }
    for id in server.sql(known).lines() {
        sandbox.pay(id.parse()?)?;
    }
    let mut firsts = Vec::new();
    for child in std::mem::take(&mut children.0) {
        let output = child.wait_with_output()?;
        assert!(output.status.success(), "{output:?}");
        firsts.push(String::from_utf8(output.stdout)?.trim().parse::<u32>()?);
    }
    assert_eq!(firsts.iter().sum::<u32>(), 20, "each is acknowledged by one program: {firsts:?}");
    assert_eq!(sandbox.calls().creates(), 20, "each is requested by one program");
    assert!(sandbox.calls().busiest_minute() <= 60, "{:?}", sandbox.calls());
    let paid = server.sql("SELECT count(*) FROM shop.qris_outbox WHERE type = 'order.paid'");
    assert_eq!(paid, "20");
    Ok(())
}

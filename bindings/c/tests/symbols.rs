//! The shared library exports the functions of the header and nothing else.

use std::collections::BTreeSet;
use std::process::Command;

/// The functions that programs link with. Removing a line breaks them.
const PROMISED: &str = include_str!("symbols.txt");

/// The functions of a library with the features of this build.
fn promised() -> BTreeSet<&'static str> {
    let client = [
        "qris_client_",
        "qris_create_invoice",
        "qris_check_invoice",
        "qris_read_webhook",
        "qris_wait_for_",
    ];
    let is_in = |name: &str| match name {
        "qris_draw" | "qris_draw_with" => cfg!(feature = "draw"),
        "qris_read_image" => cfg!(feature = "read"),
        name if name.starts_with("qris_orders_") => cfg!(feature = "orders"),
        name if client.iter().any(|part| name.starts_with(part)) => cfg!(feature = "client"),
        _ => true,
    };
    PROMISED.lines().filter(|name| is_in(name)).collect()
}

#[test]
fn the_shared_library_exports_the_functions_of_the_list() -> Result<(), Box<dyn std::error::Error>>
{
    let test = std::env::current_exe()?;
    let library = test.with_file_name("libqris.so");
    let output = Command::new("nm").args(["-D", "--defined-only"]).arg(library).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout)?;
    let exported: BTreeSet<&str> =
        listed.lines().filter_map(|line| line.split_whitespace().last()).collect();
    assert_eq!(exported, promised());
    Ok(())
}

#[test]
fn the_header_declares_the_functions_of_the_list() {
    let header = include_str!("../include/qris.h");
    let declared: BTreeSet<&str> = header
        .lines()
        .filter(|line| !line.starts_with([' ', '#', '/', '}']) && !line.starts_with("static "))
        .filter_map(|line| line.split_once('('))
        .filter_map(|(before, _)| before.rsplit([' ', '*']).next())
        .filter(|name| name.starts_with("qris_"))
        .collect();
    assert_eq!(declared, PROMISED.lines().collect());
}

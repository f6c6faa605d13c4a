//! Payloads and pictures, and C++ exceptions.

use super::{Mode, Program, Result, here};

fn vectors(mode: Mode) -> Result<()> {
    let payloads = here("../../crates/qris-codec/tests/vectors/payloads.tsv");
    let lines = std::fs::read_to_string(&payloads)?.lines().count();
    let output = Program::compile("tests/c/vectors.c", mode)?.run(&[&payloads])?;
    assert_eq!(output, format!("{} vectors\nevery vector has the result of its line\n", lines - 1));
    Ok(())
}

#[test]
fn c_gives_every_vector_the_result_of_its_line() -> Result<()> {
    vectors(Mode::Valgrind)
}

#[test]
fn c_gives_every_vector_the_result_of_its_line_under_sanitizers() -> Result<()> {
    vectors(Mode::Sanitized)
}

fn misuse(mode: Mode) -> Result<()> {
    let output = Program::compile("tests/c/misuse.c", mode)?.run(&[])?;
    assert_eq!(output, "misuse returns the statuses of the header\n");
    Ok(())
}

#[test]
fn misuse_returns_the_statuses_of_the_header() -> Result<()> {
    misuse(Mode::Valgrind)
}

#[test]
fn misuse_returns_the_statuses_of_the_header_under_sanitizers() -> Result<()> {
    misuse(Mode::Sanitized)
}

fn hints(mode: Mode) -> Result<()> {
    let output = Program::compile("tests/c/hints.c", mode)?.run(&[])?;
    assert_eq!(output, "hints work as the header says\n");
    Ok(())
}

#[test]
fn hints_work_as_the_header_says() -> Result<()> {
    hints(Mode::Valgrind)
}

#[test]
fn hints_work_as_the_header_says_under_sanitizers() -> Result<()> {
    hints(Mode::Sanitized)
}

fn static_copy(mode: Mode) -> Result<()> {
    let output = Program::compile("tests/c/static.c", mode)?.run(&[])?;
    assert_eq!(output, "static copies and paths work as the header says\n");
    Ok(())
}

#[test]
fn static_copies_and_paths_work_as_the_header_says() -> Result<()> {
    static_copy(Mode::Valgrind)
}

#[test]
fn static_copies_and_paths_work_as_the_header_says_under_sanitizers() -> Result<()> {
    static_copy(Mode::Sanitized)
}

fn webhook(mode: Mode) -> Result<()> {
    let output = Program::compile("tests/c/webhook.c", mode)?.run(&[])?;
    assert_eq!(output, "a webhook is read as the header says\n");
    Ok(())
}

#[test]
fn a_webhook_is_read_as_the_header_says() -> Result<()> {
    webhook(Mode::Valgrind)
}

#[test]
fn a_webhook_is_read_as_the_header_says_under_sanitizers() -> Result<()> {
    webhook(Mode::Sanitized)
}

/// Without valgrind: finding symbols would take minutes.
#[test]
#[cfg(feature = "read")]
fn pictures_are_read_as_the_header_says_under_sanitizers() -> Result<()> {
    let output = Program::compile("tests/c/read.c", Mode::Sanitized)?.run(&[])?;
    assert_eq!(output, "pictures are read as the header says\n");
    Ok(())
}

fn draw(mode: Mode) -> Result<()> {
    let program = Program::compile("tests/c/draw.c", mode)?;
    assert_eq!(program.run(&[program.folder.path()])?, "drawn\n");
    // The pieces from C together are what Rust draws at once.
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
    let sticker = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI514\
                   40014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTO\
                   H6007JAKARTA61051011062070703A01630466DC";
    let poster = qris_image::Poster::parse(sticker, qris_image::PosterSize::A6)?;
    let poster = poster.printed_by("Percetakan").print_version("2.1");
    assert_eq!(file("a6.svg")?, poster.svg()?.into_bytes());
    assert_eq!(file("a6.pdf")?, poster.pdf()?);
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

fn exceptions(mode: Mode) -> Result<()> {
    let program = Program::compile("tests/c/hpp.cpp", mode)?;
    assert_eq!(program.run(&[program.folder.path()])?, "C++ throws exceptions\n");
    Ok(())
}

#[test]
fn c_plus_plus_throws_exceptions() -> Result<()> {
    exceptions(Mode::Valgrind)
}

#[test]
fn c_plus_plus_throws_exceptions_under_sanitizers() -> Result<()> {
    exceptions(Mode::Sanitized)
}

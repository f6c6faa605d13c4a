//! Calls the `qris` command the way a shell does.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The sample of the Open API's documentation.
pub(crate) const SAMPLE: &str = "00020101021226680016ID.CO.TELKOM.WWW011893600898025599662702150001952559966270303UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.005502015802ID5916InterActive Corp6013KOTA SURABAYA61056013662130509413255111630439B7";

/// A static code of the kind that hangs on a stall.
pub(crate) const STICKER: &str = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007JAKARTA61051011062070703A01630466DC";

/// The sticker without its postal code: one warning.
pub(crate) const WARNED: &str = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007JAKARTA62070703A01630440DE";

/// The sticker with an amount of zero under a right checksum: an error.
pub(crate) const ZERO: &str = "00020101021226620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI520458125303360540105802ID5911TOKO CONTOH6007JAKARTA61051011062070703A016304F46C";

/// Runs the command with this standard input.
pub(crate) fn qris(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_qris"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    // Beside the command, so that neither waits for the other to read. A command that does not
    // read its input may close it first.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the command ends");
    writer.join().expect("the writer ends");
    output
}

/// What the command printed.
pub(crate) fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the output is UTF-8")
}

/// What the command complained of.
pub(crate) fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("the output is UTF-8")
}

/// What the command printed, as JSON.
#[track_caller]
pub(crate) fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("the output is one JSON object")
}

//! The measured tasks of the codec: each function does one complete task and returns its result.

use qris_codec::encode::Builder;
use qris_codec::{Amount, Payload, Qris, Rules, findings};

/// Walks the root and verifies the checksum. Returns the checksum.
pub fn parse(text: &str) -> Option<u16> {
    Payload::parse(text).ok().map(|payload| payload.checksum())
}

/// The same with all national rules. Returns the checksum.
pub fn qris_parse(text: &str) -> Option<u16> {
    Qris::parse(text).ok().map(|code| code.payload().checksum())
}

/// Parses and finds all findings. Returns their number.
pub fn findings(text: &str) -> Option<usize> {
    findings::inspect(text, Rules::Qris).ok().map(Iterator::count)
}

/// Writes from values, and checks the rules. Returns the length.
pub fn encode(values: &Builder<'_>, buffer: &mut [u8]) -> Option<usize> {
    values.encode_into(buffer).ok().map(str::len)
}

/// Makes the text of a dynamic payload with an amount from a static payload. Returns the length.
pub fn amend_parsed(payload: &Payload<'_>, amount: Amount, buffer: &mut [u8]) -> Option<usize> {
    payload.to_dynamic(amount).encode_into(buffer).ok().map(str::len)
}

/// The same from the text of a static payload, which is parsed first.
pub fn amend(text: &str, amount: Amount, buffer: &mut [u8]) -> Option<usize> {
    amend_parsed(&Payload::parse(text).ok()?, amount, buffer)
}

/// The number of these texts that `Qris::parse` accepts, and the number of all findings: the
/// expected results of the tasks, counted once before measuring.
pub fn outcome(texts: &[String]) -> (usize, usize) {
    let accepted = texts.iter().filter(|text| qris_parse(text).is_some()).count();
    (accepted, texts.iter().filter_map(|text| findings(text)).sum())
}

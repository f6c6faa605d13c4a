//! What is measured of the codec: each function does one thing whole and says what came out.

use qris_codec::encode::Builder;
use qris_codec::{Amount, Payload, Qris, Rules, findings};

/// Root walked, checksum verified; the checksum.
pub fn parse(text: &str) -> Option<u16> {
    Payload::parse(text).ok().map(|payload| payload.checksum())
}

/// The same and all national rules; the checksum.
pub fn qris_parse(text: &str) -> Option<u16> {
    Qris::parse(text).ok().map(|code| code.payload().checksum())
}

/// Parsed and every finding looked at; how many there are.
pub fn findings(text: &str) -> Option<usize> {
    findings::inspect(text, Rules::Qris).ok().map(Iterator::count)
}

/// Written from values, and judged on the way; the length.
pub fn encode(values: &Builder<'_>, buffer: &mut [u8]) -> Option<usize> {
    values.encode_into(buffer).ok().map(str::len)
}

/// From a static payload to the text of a dynamic one with an amount; the length.
pub fn amend_parsed(payload: &Payload<'_>, amount: Amount, buffer: &mut [u8]) -> Option<usize> {
    payload.to_dynamic(amount).encode_into(buffer).ok().map(str::len)
}

/// The same from the text of a static payload, which is parsed first.
pub fn amend(text: &str, amount: Amount, buffer: &mut [u8]) -> Option<usize> {
    amend_parsed(&Payload::parse(text).ok()?, amount, buffer)
}

/// How many of these texts `Qris::parse` accepts, and how many findings there are in all: what the
/// measured work must come to, counted once beforehand.
pub fn outcome(texts: &[String]) -> (usize, usize) {
    let accepted = texts.iter().filter(|text| qris_parse(text).is_some()).count();
    (accepted, texts.iter().filter_map(|text| findings(text)).sum())
}

//! Rules about the whole text: its length, and characters around the payload.

use super::limits;
use super::listener::{Listener, Report};
use crate::error::ErrorKind as K;
use crate::tlv::Unit;

/// A payload in the given text.
pub(crate) struct Surroundings<'a> {
    pub(crate) before: &'a str,
    pub(crate) payload: &'a str,
    pub(crate) after: &'a str,
    /// What lengths count.
    pub(crate) unit: Unit,
}

impl Surroundings<'_> {
    /// Checks every rule about the whole text.
    #[cold]
    pub(crate) fn check<L: Listener>(&self, out: &mut L) {
        let len = self.payload.len();
        self.around(out);
        let start = self.before.len();
        let is_ascii = self.payload.is_ascii();
        if !is_ascii && self.unit == Unit::Bytes {
            out.report(Report::new(K::LengthInBytes, None, start, len));
        }
        let chars = if is_ascii { len } else { self.payload.chars().count() };
        if chars > limits::MAX_PAYLOAD_CHARS {
            let found = u16::try_from(chars).unwrap_or(u16::MAX);
            out.report(Report::new(K::PayloadLong { found }, None, start, len));
        }
    }

    #[inline]
    fn around<L: Listener>(&self, out: &mut L) {
        let behind = self.before.len().saturating_add(self.payload.len());
        for (around, start) in [(self.before, 0), (self.after, behind)] {
            if around.is_empty() {
                continue;
            }
            if let Some(at) = around.find(MARK) {
                let offset = start.saturating_add(at);
                out.report(Report::new(K::ByteOrderMark, None, offset, MARK.len_utf8()));
            }
            if around.contains(char::is_whitespace) {
                out.report(Report::new(K::SurroundingSpace, None, start, around.len()));
            }
        }
    }
}

/// The byte-order mark.
const MARK: char = '\u{feff}';

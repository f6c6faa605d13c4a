//! The receivers of findings.

use crate::error::{ErrorKind, Severity};
use crate::finding::Finding;
use crate::tag::Path;

/// A finding for a listener.
#[derive(Clone, Copy)]
pub(crate) struct Report {
    kind: ErrorKind,
    path: Option<Path>,
    offset: usize,
    len: usize,
}

impl Report {
    /// A report: what is wrong, with which object, and where in the whole text.
    #[inline(always)]
    pub(crate) const fn new(
        kind: ErrorKind,
        path: Option<Path>,
        offset: usize,
        len: usize,
    ) -> Self {
        Self { kind, path, offset, len }
    }
}

/// Receives the findings of the rules.
pub(crate) trait Listener {
    /// Whether it keeps findings. Otherwise it needs only their severity.
    const KEEPS: bool = true;

    /// A state for [`rewind`](Self::rewind).
    type Mark: Copy;

    /// Reports a finding. It is ignored if its severity is not wanted.
    fn report(&mut self, report: Report);

    /// The present state.
    fn mark(&self) -> Self::Mark;

    /// Removes everything since the mark.
    fn rewind(&mut self, mark: Self::Mark);

    /// Whether it needs no more findings.
    #[inline(always)]
    fn is_enough(&self) -> bool {
        false
    }

    /// Whether it gives up if objects are in an unusual order.
    #[inline(always)]
    fn declines(&mut self) -> bool {
        false
    }

    /// Whether it wants findings of this severity. Used before costly checks.
    fn wants(&self, severity: Severity) -> bool;

    /// Reports a finding unless the condition is true.
    #[inline(always)]
    fn ensure(&mut self, condition: bool, report: impl FnOnce() -> Report) {
        if !condition {
            self.report(report());
        }
    }
}

/// All findings.
pub(crate) const INFO: u8 = 0;

/// Warnings and errors.
pub(crate) const WARNING: u8 = 1;

/// Errors only.
pub(crate) const ERROR: u8 = 2;

/// One bit for each severity of at least `LEAST` that was found.
#[derive(Clone, Copy)]
pub(crate) struct Any<const LEAST: u8>(u8);

impl<const LEAST: u8> Any<LEAST> {
    pub(crate) const NONE: Self = Self(0);

    /// Whether there is no finding.
    #[inline(always)]
    pub(crate) const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether it gave up, so the result is unknown.
    pub(crate) const fn has_declined(self) -> bool {
        self.0 & DECLINED != 0
    }
}

/// The bit for giving up.
const DECLINED: u8 = 1 << 7;

impl<const LEAST: u8> Listener for Any<LEAST> {
    const KEEPS: bool = false;
    type Mark = Self;

    #[inline(always)]
    fn wants(&self, severity: Severity) -> bool {
        severity as u8 >= LEAST
    }

    #[inline(always)]
    fn report(&mut self, report: Report) {
        let severity = report.kind.severity();
        if self.wants(severity) {
            self.0 |= 1 << severity as u8;
        }
    }

    #[inline(always)]
    fn is_enough(&self) -> bool {
        self.0 != 0
    }

    #[inline(always)]
    fn declines(&mut self) -> bool {
        self.0 |= DECLINED;
        true
    }

    #[inline(always)]
    fn mark(&self) -> Self {
        *self
    }

    #[inline(always)]
    fn rewind(&mut self, mark: Self) {
        *self = mark;
    }
}

/// A few findings. The ones that do not fit need another pass.
#[derive(Clone, Debug)]
pub(crate) struct FindingBuffer {
    findings: [Option<Finding>; FindingBuffer::CAPACITY],
    /// Whether it takes information as well as errors and warnings.
    with_info: bool,
    state: State,
}

/// The state of a [`FindingBuffer`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct State {
    /// The number of findings in it.
    len: usize,
    /// How many more to skip.
    skip: usize,
    /// Whether there were more than fit.
    is_over: bool,
}

impl FindingBuffer {
    const CAPACITY: usize = 8;

    /// Takes errors, warnings and information.
    pub(crate) const ALL: Self = Self::new(true);

    /// Takes errors and warnings.
    pub(crate) const SEVERE: Self = Self::new(false);

    #[inline(always)]
    const fn new(with_info: bool) -> Self {
        let state = State { len: 0, skip: 0, is_over: false };
        Self { findings: [None; Self::CAPACITY], with_info, state }
    }

    /// An empty one that skips the first `skip` findings.
    pub(crate) fn after(&self, skip: usize) -> Self {
        let mut buffer = Self::new(self.with_info);
        buffer.state.skip = skip;
        buffer
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.state.len == 0
    }

    pub(crate) fn get(&self, at: usize) -> Option<Finding> {
        self.findings.get(..self.state.len)?.get(at).copied().flatten()
    }

    pub(crate) const fn is_over(&self) -> bool {
        self.state.is_over
    }

    #[cold]
    #[inline(never)]
    fn keep(&mut self, kind: ErrorKind, path: Option<Path>, offset: usize, length: usize) {
        if !self.wants(kind.severity()) {
            return;
        }
        let State { len, skip, is_over } = &mut self.state;
        if let Some(left) = skip.checked_sub(1) {
            *skip = left;
        } else if let Some(slot) = self.findings.get_mut(*len) {
            *slot = Some(Finding::new(kind, path, offset, length));
            *len = len.saturating_add(1);
        } else {
            *is_over = true;
        }
    }
}

impl Listener for FindingBuffer {
    type Mark = State;

    #[inline(always)]
    fn wants(&self, severity: Severity) -> bool {
        self.with_info || severity != Severity::Info
    }

    #[inline(always)]
    fn report(&mut self, Report { kind, path, offset, len }: Report) {
        self.keep(kind, path, offset, len);
    }

    #[inline]
    fn mark(&self) -> State {
        self.state
    }

    #[inline]
    fn rewind(&mut self, mark: State) {
        self.state = mark;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    const WARNING_FOUND: ErrorKind = ErrorKind::TemplateNotTlv;
    const ERROR_FOUND: ErrorKind = ErrorKind::AccountNotTlv;

    fn finding(kind: ErrorKind) -> Report {
        Report::new(kind, None, 0, 0)
    }

    #[test]
    fn rewind_removes_findings_since_the_mark_and_keeps_earlier_ones() {
        fn rewound<L: Listener>(mut out: L) -> L {
            out.report(finding(WARNING_FOUND));
            let mark = out.mark();
            out.report(finding(ERROR_FOUND));
            out.rewind(mark);
            out
        }
        let any = rewound(Any::<INFO>::NONE);
        assert_eq!(any.0, 1 << WARNING);
        let buffer = rewound(FindingBuffer::ALL);
        assert_eq!(buffer.get(0).map(|it| it.kind()), Some(WARNING_FOUND));
        assert_eq!(buffer.get(1), None);
    }

    #[test]
    fn information_is_kept_only_if_it_is_wanted() {
        for (mut buffer, is_kept) in [(FindingBuffer::ALL, true), (FindingBuffer::SEVERE, false)] {
            buffer.report(finding(ErrorKind::GuidUnknown));
            assert_eq!(buffer.is_empty(), !is_kept);
            buffer.report(finding(WARNING_FOUND));
            assert!(!buffer.is_empty());
        }
    }
}

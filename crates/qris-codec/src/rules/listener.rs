//! Who hears what the rules find.

use crate::error::{Found, Severity};
use crate::finding::Finding;

/// Takes the findings of the rules.
pub(crate) trait Listener {
    /// What is less severe is of no interest, and no rule looks for it.
    const LEAST: Severity;

    /// Whether it keeps what it takes: otherwise only the severity of a finding is of interest.
    const KEEPS: bool = true;

    /// What [`rewind`](Self::rewind) goes back to.
    type Mark: Copy;

    /// Takes a finding that is severe enough.
    fn take(&mut self, finding: Finding);

    /// What has been taken so far.
    fn mark(&self) -> Self::Mark;

    /// Forgets what has been taken since.
    fn rewind(&mut self, mark: Self::Mark);

    /// Whether findings of this severity are of interest: asked before costly checks.
    #[inline(always)]
    fn wants(severity: Severity) -> bool {
        severity as u8 >= Self::LEAST as u8
    }

    /// What a value is found to be, for those who keep findings.
    #[inline(always)]
    fn found(found: impl FnOnce() -> Found) -> Found {
        Self::detail(Found::Nothing, found)
    }

    /// Something that a finding says beside, for those who keep findings; `unknown` for others.
    #[inline(always)]
    fn detail<T>(unknown: T, detail: impl FnOnce() -> T) -> T {
        if Self::KEEPS { detail() } else { unknown }
    }

    /// Reports a finding.
    #[inline(always)]
    fn report(&mut self, finding: Finding) {
        if Self::wants(finding.severity()) {
            self.take(finding);
        }
    }

    /// Reports a finding unless the condition holds.
    #[inline(always)]
    fn ensure(&mut self, holds: bool, finding: impl FnOnce() -> Finding) {
        if !holds {
            self.report(finding());
        }
    }
}

/// Everything is of interest.
pub(crate) const INFO: u8 = 0;

/// Warnings and errors are of interest.
pub(crate) const WARNING: u8 = 1;

/// Errors are of interest.
pub(crate) const ERROR: u8 = 2;

const fn severity(least: u8) -> Severity {
    match least {
        INFO => Severity::Info,
        WARNING => Severity::Warning,
        _ => Severity::Error,
    }
}

/// A bit for each severity of which there is a finding as severe as `LEAST`.
#[derive(Clone, Copy)]
pub(crate) struct Any<const LEAST: u8>(u8);

impl<const LEAST: u8> Any<LEAST> {
    pub(crate) const NONE: Self = Self(0);

    /// Whether there is no finding.
    #[inline(always)]
    pub(crate) const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The errors alone.
    #[inline(always)]
    pub(crate) const fn errors(self) -> Self {
        Self(self.0 & 1 << ERROR)
    }
}

impl<const LEAST: u8> Listener for Any<LEAST> {
    const LEAST: Severity = severity(LEAST);
    const KEEPS: bool = false;
    type Mark = Self;

    #[inline(always)]
    fn take(&mut self, finding: Finding) {
        self.0 |= 1 << finding.severity() as u8;
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

/// The first finding as severe as `LEAST`, and how severe the worst is.
#[derive(Default)]
pub(crate) struct First<const LEAST: u8> {
    pub(crate) finding: Option<Finding>,
    pub(crate) worst: Option<Severity>,
}

impl<const LEAST: u8> Listener for First<LEAST> {
    const LEAST: Severity = severity(LEAST);
    type Mark = (Option<Finding>, Option<Severity>);

    #[cold]
    fn take(&mut self, finding: Finding) {
        self.worst = self.worst.max(Some(finding.severity()));
        self.finding = self.finding.or(Some(finding));
    }

    #[inline]
    fn mark(&self) -> Self::Mark {
        (self.finding, self.worst)
    }

    #[inline]
    fn rewind(&mut self, (finding, worst): Self::Mark) {
        (self.finding, self.worst) = (finding, worst);
    }
}

/// Some findings, one after another; what does not fit is asked for again.
#[derive(Clone, Debug)]
pub(crate) struct FindingBuffer {
    findings: [Option<Finding>; FindingBuffer::CAPACITY],
    state: State,
}

/// How far a [`FindingBuffer`] is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct State {
    /// How many findings it holds.
    len: usize,
    /// How many more are to be passed over.
    skip: usize,
    /// Whether there were more than fit.
    is_over: bool,
}

impl FindingBuffer {
    const CAPACITY: usize = 16;

    /// No findings; the first `skip` that come are passed over.
    pub(crate) const fn new(skip: usize) -> Self {
        let state = State { len: 0, skip, is_over: false };
        Self { findings: [None; Self::CAPACITY], state }
    }

    pub(crate) fn get(&self, at: usize) -> Option<Finding> {
        self.findings.get(..self.state.len)?.get(at).copied().flatten()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.findings.get(..self.state.len).unwrap_or_default().iter().flatten()
    }

    pub(crate) const fn is_over(&self) -> bool {
        self.state.is_over
    }
}

impl Listener for FindingBuffer {
    const LEAST: Severity = Severity::Info;
    type Mark = State;

    #[cold]
    fn take(&mut self, finding: Finding) {
        let State { len, skip, is_over } = &mut self.state;
        if let Some(left) = skip.checked_sub(1) {
            *skip = left;
        } else if let Some(slot) = self.findings.get_mut(*len) {
            *slot = Some(finding);
            *len = len.saturating_add(1);
        } else {
            *is_over = true;
        }
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

    fn finding(kind: ErrorKind) -> Finding {
        Finding::new(kind, None, 0, 0)
    }

    #[test]
    fn what_was_taken_since_a_mark_is_forgotten_and_what_was_taken_before_is_not() {
        fn rewound<L: Listener>(mut out: L) -> L {
            out.report(finding(WARNING_FOUND));
            let mark = out.mark();
            out.report(finding(ERROR_FOUND));
            out.rewind(mark);
            out
        }
        let any = rewound(Any::<INFO>::NONE);
        assert!(any.errors().is_none() && !any.is_none());
        let first = rewound(First::<INFO>::default());
        assert_eq!(first.finding.map(|it| it.kind()), Some(WARNING_FOUND));
        assert_eq!(first.worst, Some(Severity::Warning));
        let buffer = rewound(FindingBuffer::new(0));
        assert!(buffer.iter().map(Finding::kind).eq([WARNING_FOUND]));
    }
}

//! Why a probe ends early.

/// Why the probe ends before its last step.
#[derive(Debug)]
pub(super) enum Abort {
    /// The owner stopped it.
    Stopped,
    /// It cannot continue; the reason.
    Failed(String),
}

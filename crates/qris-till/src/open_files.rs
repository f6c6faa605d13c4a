//! The limit of open files of this process, including connections.

/// The number that a till can need: twice the maximum of connections, plus the reserve for database
/// and provider.
const NEEDED: u64 = 4096;

/// The limit if the system has none.
#[cfg(not(unix))]
pub(crate) fn limit() -> u64 {
    NEEDED
}

/// The limit of this process.
#[cfg(unix)]
pub(crate) fn limit() -> u64 {
    use rustix::process::{Resource, getrlimit};
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// Raises the limit of this process to what a till needs, or as far as the system allows.
#[cfg(unix)]
pub(crate) fn raise_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(NEEDED, |maximum| maximum.min(NEEDED));
    if current.is_some_and(|current| current < wanted) {
        let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
        if let Err(error) = raised {
            tracing::warn!(%error, "the limit of open files could not be raised");
        }
    }
}

/// There is no limit to raise.
#[cfg(not(unix))]
pub(crate) fn raise_limit() {}

//! How many files, connections among them, this process may have open.

/// As many as a till can need: twice the most connections that it holds open, and what is kept for
/// the database and the provider.
const WANTED: u64 = 4096;

/// The limit where the system names none.
#[cfg(not(unix))]
pub(crate) fn limit() -> u64 {
    WANTED
}

/// The limit of this process.
#[cfg(unix)]
pub(crate) fn limit() -> u64 {
    use rustix::process::{Resource, getrlimit};
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// Raises the limit of this process to what a till needs, or as near to it as the system allows.
#[cfg(unix)]
pub(crate) fn raise_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(WANTED, |maximum| maximum.min(WANTED));
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

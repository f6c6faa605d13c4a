//! Which file a path leads to, so that a file that was put in its place is told from it.

use std::path::Path;

/// The file of a SQLite database: two are equal if they are the same file, under any path and
/// with any content. See [`Ledger::file_id`](crate::Ledger::file_id).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// The file at a path, if there is one that can be looked at.
    #[cfg(unix)]
    pub(crate) fn at(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let file = std::fs::metadata(path).ok()?;
        Some(Self { device: file.dev(), inode: file.ino() })
    }

    /// Other systems do not let an open file be replaced.
    #[cfg(not(unix))]
    pub(crate) const fn at(_: &Path) -> Option<Self> {
        None
    }
}

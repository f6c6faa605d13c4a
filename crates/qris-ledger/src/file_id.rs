//! Identifies the file at a path, to detect that it was replaced.

use std::path::Path;

/// The file of a SQLite database. Two are equal if they are the same file, under any path and with any
/// content. See [`Ledger::file_id`](crate::Ledger::file_id).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// The file at a path, if it exists and its metadata can be read.
    #[cfg(unix)]
    pub(crate) fn at(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let file = std::fs::metadata(path).ok()?;
        Some(Self { device: file.dev(), inode: file.ino() })
    }

    /// Other systems do not allow replacing an open file.
    #[cfg(not(unix))]
    pub(crate) const fn at(_: &Path) -> Option<Self> {
        None
    }
}

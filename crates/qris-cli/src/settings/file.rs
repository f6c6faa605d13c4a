//! The settings file: what it may say, and which files are refused.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Once;

use serde::Deserialize;

use super::SettingsError;
use crate::output::visible;

/// What `qris.toml` may say.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsFile {
    pub(super) api_key: Option<String>,
    pub(super) merchant_id: Option<String>,
    pub(super) base_url: Option<String>,
    pub(super) database_url: Option<String>,
    pub(super) nmid: Option<String>,
    pub(super) state_dir: Option<String>,
    pub(super) shown_minutes: Option<u32>,
    pub(super) validity_minutes: Option<u32>,
    pub(super) timeout_seconds: Option<u32>,
}

impl SettingsFile {
    /// Reads the file; `None` where there is no such file.
    ///
    /// A file that another user owns or can write is refused: it could send the API key elsewhere.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, SettingsError> {
        let failed = |error: io::Error| SettingsError(format!("{}: {error}", path.display()));
        // Opening a pipe would wait for somebody to write into it.
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => {
                return Err(SettingsError(format!(
                    "{}: expected a file, found something else of this name",
                    path.display()
                )));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        }
        let mut file = File::open(path).map_err(failed)?;
        // The open file is judged, not its name, which could be another file by now.
        let access = access(path, &file).map_err(failed)?;
        if let Access::OthersCanChange(problem) = access {
            return Err(SettingsError(format!("{}: {problem}", path.display())));
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed)?;
        let settings = Self::parse(&text, path)?;
        static WARNED: Once = Once::new();
        if settings.api_key.is_some() && access == Access::OthersCanRead {
            WARNED.call_once(|| {
                let path = path.display().to_string();
                anstream::eprintln!(
                    "warning: {0} holds the API key and other users can read it: run chmod 600 {0}",
                    visible(&path)
                );
            });
        }
        Ok(Some(settings))
    }

    /// The parser's own message quotes the line, and a line may hold the key.
    fn parse(text: &str, path: &Path) -> Result<Self, SettingsError> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| text[..span.start].matches('\n').count() + 1);
            SettingsError(format!(
                "{}: line {line}: expected the keys api_key, merchant_id, base_url, database_url, \
                 nmid, state_dir (text), shown_minutes, validity_minutes and timeout_seconds (numbers)",
                path.display()
            ))
        })
    }
}

/// What other users can do with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Private,
    OthersCanRead,
    /// Why, and what to do.
    OthersCanChange(&'static str),
}

#[cfg(unix)]
fn access(path: &Path, file: &File) -> io::Result<Access> {
    use std::os::unix::fs::MetadataExt as _;

    // A symbolic link belongs to the user who chose what it points to.
    let link = std::fs::symlink_metadata(path)?;
    let file = file.metadata()?;
    Ok(judge([link.uid(), file.uid()], file.mode(), user_id()?))
}

#[cfg(unix)]
fn judge(owners: [u32; 2], mode: u32, user: u32) -> Access {
    if owners.iter().any(|&owner| owner != user && owner != 0) {
        return Access::OthersCanChange(
            "expected a settings file of this user or of root, found one of another user: make \
             it yours with chown, or use a copy",
        );
    }
    if mode & 0o022 != 0 {
        return Access::OthersCanChange(
            "expected a settings file that only its owner can write, found one that other users \
             can write: look at what it says, then run chmod 600 on it",
        );
    }
    if mode & 0o044 != 0 { Access::OthersCanRead } else { Access::Private }
}

/// The user of this process: the kernel gives each new pipe to the user who makes it.
#[cfg(unix)]
fn user_id() -> io::Result<u32> {
    use std::os::fd::OwnedFd;
    use std::os::unix::fs::MetadataExt as _;

    let (reader, _writer) = io::pipe()?;
    Ok(File::from(OwnedFd::from(reader)).metadata()?.uid())
}

#[cfg(not(unix))]
fn access(_: &Path, _: &File) -> io::Result<Access> {
    Ok(Access::Private)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    #[test]
    fn a_file_of_another_user_can_be_changed_by_others_and_one_of_root_cannot() {
        assert_eq!(judge([1000, 1000], 0o100_600, 1000), Access::Private);
        assert_eq!(judge([0, 0], 0o100_644, 1000), Access::OthersCanRead);
        for owners in [[1001, 1000], [1000, 1001], [1001, 0]] {
            for user in [0, 1000] {
                let access = judge(owners, 0o100_600, user);
                assert!(matches!(access, Access::OthersCanChange(_)), "{owners:?} {user}");
            }
        }
    }

    #[test]
    fn the_group_and_all_others_must_not_be_able_to_write() {
        for mode in [0o100_620, 0o100_602, 0o100_666] {
            let access = judge([1000, 1000], mode, 1000);
            assert!(matches!(access, Access::OthersCanChange(_)), "{mode:o}");
        }
    }

    #[test]
    fn the_user_of_this_process_owns_the_files_it_makes() {
        let file = tempfile::tempfile().expect("a file");
        assert_eq!(user_id().expect("a user"), file.metadata().expect("metadata").uid());
    }
}

//! Refuses files that other users can change.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use super::error::SettingsError;
use crate::messages::message;

/// A settings file that no other user can change.
pub(super) struct PrivateFile {
    pub(super) text: String,
    pub(super) others_can_read: bool,
}

impl PrivateFile {
    /// Reads the file; `None` if it does not exist. `kind` is its description, such as
    /// "a settings file".
    ///
    /// A file that another user owns or can write is refused: it could send the API key elsewhere.
    pub(super) fn read(path: &Path, kind: &str) -> Result<Option<Self>, SettingsError> {
        let failed = |error: io::Error| SettingsError(format!("{}: {error}", path.display()));
        // Opening a pipe would block until a program writes into it.
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => {
                return Err(SettingsError(message!("settings-no-file", file = path.display())));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        }
        let mut file = File::open(path).map_err(failed)?;
        // Checks the open file, not its name: the name could belong to another file by now.
        let access = access(path, &file).map_err(failed)?;
        if let Access::OthersCanChange(expected) = access {
            return Err(SettingsError(format!("{}: {}", path.display(), expected.refusal(kind))));
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed)?;
        Ok(Some(Self { text, others_can_read: access == Access::OthersCanRead }))
    }
}

/// What other users can do with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Private,
    #[cfg_attr(not(unix), expect(dead_code, reason = "owners and modes are of Unix"))]
    OthersCanRead,
    #[cfg_attr(not(unix), expect(dead_code, reason = "owners and modes are of Unix"))]
    OthersCanChange(Owner),
}

/// Who can change a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(unix), expect(dead_code, reason = "owners and modes are of Unix"))]
enum Owner {
    AnotherUser,
    SeveralUsers,
}

impl Owner {
    /// Why a file of this kind is refused, and what to do.
    fn refusal(self, kind: &str) -> String {
        match self {
            Self::AnotherUser => message!("settings-other-owner", kind = kind),
            Self::SeveralUsers => message!("settings-others-can-write", kind = kind),
        }
    }
}

#[cfg(unix)]
fn access(path: &Path, file: &File) -> io::Result<Access> {
    use std::os::unix::fs::MetadataExt as _;

    // The owner of a symbolic link is the user who chose its target.
    let link = fs::symlink_metadata(path)?;
    let file = file.metadata()?;
    Ok(access_of([link.uid(), file.uid()], file.mode(), user_id()?))
}

#[cfg(unix)]
fn access_of(owners: [u32; 2], mode: u32, user: u32) -> Access {
    if owners.iter().any(|&owner| owner != user && owner != 0) {
        return Access::OthersCanChange(Owner::AnotherUser);
    }
    if mode & 0o022 != 0 {
        return Access::OthersCanChange(Owner::SeveralUsers);
    }
    if mode & 0o044 != 0 { Access::OthersCanRead } else { Access::Private }
}

/// The user of this process: it is the owner of a new pipe.
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
        assert_eq!(access_of([1000, 1000], 0o100_600, 1000), Access::Private);
        assert_eq!(access_of([0, 0], 0o100_644, 1000), Access::OthersCanRead);
        for owners in [[1001, 1000], [1000, 1001], [1001, 0]] {
            for user in [0, 1000] {
                let access = access_of(owners, 0o100_600, user);
                assert_eq!(
                    access,
                    Access::OthersCanChange(Owner::AnotherUser),
                    "{owners:?} {user}"
                );
            }
        }
    }

    #[test]
    fn the_group_and_all_others_must_not_be_able_to_write() {
        for mode in [0o100_620, 0o100_602, 0o100_666] {
            let access = access_of([1000, 1000], mode, 1000);
            assert_eq!(access, Access::OthersCanChange(Owner::SeveralUsers), "{mode:o}");
        }
    }

    #[test]
    fn the_user_of_this_process_owns_the_files_it_makes() {
        let file = tempfile::tempfile().expect("a file");
        assert_eq!(user_id().expect("a user"), file.metadata().expect("metadata").uid());
    }
}

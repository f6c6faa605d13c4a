//! A small disk that can be full: its own tmpfs. Needs root for the mount.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

pub(crate) struct Disk(TempDir);

impl Disk {
    #[track_caller]
    pub(crate) fn of_kib(kib: u32) -> Self {
        let disk = Self(tempfile::tempdir().expect("a temporary folder"));
        mount(disk.path(), &format!("size={kib}k"));
        disk
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    #[track_caller]
    pub(crate) fn resize_to_kib(&self, kib: u32) {
        mount(self.path(), &format!("remount,size={kib}k"));
    }
}

#[track_caller]
fn mount(on: &Path, options: &str) {
    let done = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(on).status();
    assert!(done.expect("mount runs").success(), "mounting a small tmpfs needs root");
}

impl Drop for Disk {
    fn drop(&mut self) {
        // A lazy unmount, because a failing test may still have files open.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

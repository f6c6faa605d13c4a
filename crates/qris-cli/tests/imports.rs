//! The files of the crate import each other one way.

#[path = "../../../tests/imports.rs"]
mod imports;

use imports::assert_one_way_between_folders;

#[test]
fn no_folder_imports_one_that_imports_it() {
    assert_one_way_between_folders(env!("CARGO_MANIFEST_DIR"));
}

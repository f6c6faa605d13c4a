//! The files of the crate import each other one way.

#[path = "../../../tests/imports.rs"]
mod imports;

use imports::assert_one_way;

#[test]
fn no_file_imports_one_that_imports_it() {
    assert_one_way(env!("CARGO_MANIFEST_DIR"));
}

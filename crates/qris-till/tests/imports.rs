//! The files of the till import each other one way.

#[path = "../../../tests/imports.rs"]
mod imports;

#[test]
fn no_file_imports_one_that_imports_it() {
    imports::assert_one_way(env!("CARGO_MANIFEST_DIR"));
}

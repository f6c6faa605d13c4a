//! The files of this crate import each other one way.

#[path = "../../../tests/imports.rs"]
mod imports;

#[test]
fn no_file_of_the_codec_uses_itself_by_way_of_others() {
    imports::assert_one_way(env!("CARGO_MANIFEST_DIR"));
}

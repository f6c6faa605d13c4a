//! Lists the public interface of a crate, one item a line, for `.ci/api`: reads the file that
//! `rustdoc --output-format json` writes.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let file =
        std::env::args_os().nth(1).ok_or("expected the path of a file that rustdoc has written")?;
    let listing = public_api::Builder::from_rustdoc_json(file)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()?;
    for item in listing.items() {
        println!("{item}");
    }
    Ok(())
}

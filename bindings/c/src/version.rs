//! Which library this is.

use std::ffi::{CStr, c_char};

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };

/// The version of the library that is running, such as `0.1.0`.
///
/// The macro `QRIS_VERSION` is that of the header that the program was compiled with. The text
/// ends with a NUL, is never NULL, belongs to the library and lives as long as it is loaded.
/// Threads: from any, at any time.
#[unsafe(no_mangle)]
pub extern "C" fn qris_version() -> *const c_char {
    VERSION.as_ptr()
}

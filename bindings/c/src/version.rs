//! The version of the library.

use std::ffi::{CStr, c_char};

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };

/// Returns the version of the running library, such as `0.1.0`.
///
/// The macro `QRIS_VERSION` is the version of the header that the program was compiled with. The
/// text ends with a NUL and is never NULL. The library owns it; it is valid as long as the library
/// is loaded. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn qris_version() -> *const c_char {
    VERSION.as_ptr()
}

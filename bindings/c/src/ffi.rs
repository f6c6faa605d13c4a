//! Common code of all exported functions: checks pointers, catches panics, writes results.

use std::ffi::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;

use qris_codec::{Amount, Payload};

use crate::error::{Problem, qris_error};
use crate::status::qris_status;
use crate::text::qris_str;

/// Runs a call, catches a panic, and writes why the call failed.
///
/// # Safety
///
/// `error` is NULL or can be written to.
pub(crate) unsafe fn boundary(
    error: *mut qris_error,
    call: impl FnOnce() -> Result<(), Problem>,
) -> qris_status {
    let problem = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(())) => return qris_status::Ok,
        Ok(Err(problem)) => problem,
        Err(_) => Problem::Plain(qris_status::Internal),
    };
    if !error.is_null() {
        // SAFETY: not NULL (checked above), and the caller promises that it can be written to.
        unsafe { error.write(problem.for_c()) };
    }
    problem.status()
}

/// The bytes that C passed.
///
/// # Safety
///
/// `ptr` is NULL, or `len` bytes from it can be read and do not change for `'a`.
pub(crate) unsafe fn bytes<'a>(
    ptr: *const c_char,
    len: usize,
    name: &'static str,
) -> Result<&'a [u8], Problem> {
    if ptr.is_null() {
        return Err(Problem::Null(name));
    }
    if isize::try_from(len).is_err() {
        // No object is that large, so the length is wrong.
        return Err(Problem::Plain(qris_status::TextTooLong));
    }
    // SAFETY: `ptr` is not NULL and `len` fits into an `isize` (both checked above); the caller
    // promises that the bytes can be read and do not change for `'a`.
    Ok(unsafe { slice::from_raw_parts(ptr.cast::<u8>(), len) })
}

/// The payload in the bytes that C passed.
///
/// # Safety
///
/// As for [`bytes`].
pub(crate) unsafe fn payload<'a>(text: *const c_char, len: usize) -> Result<Payload<'a>, Problem> {
    // SAFETY: the caller promises the same.
    let bytes = unsafe { bytes(text, len, "text") }?;
    Ok(Payload::parse_bytes(bytes)?)
}

/// A text of a struct, or `None` if its length is 0.
///
/// # Safety
///
/// As for [`bytes`].
pub(crate) unsafe fn optional<'a>(
    text: qris_str,
    name: &'static str,
) -> Result<Option<&'a str>, Problem> {
    if text.len == 0 {
        return Ok(None);
    }
    // SAFETY: the caller promises the same.
    let bytes = unsafe { bytes(text.ptr, text.len, name) }?;
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(error) => Err(Problem::NotUtf8 { name, offset: error.valid_up_to() }),
    }
}

/// An amount of a struct, or `None` if there is no text.
///
/// # Safety
///
/// As for [`bytes`].
pub(crate) unsafe fn amount(text: qris_str, name: &'static str) -> Result<Option<Amount>, Problem> {
    // SAFETY: the caller promises the same.
    let text = unsafe { optional(text, name) }?;
    let parsed = text.map(str::parse::<Amount>).transpose();
    parsed.map_err(|error| Problem::NotAmount { name, offset: error.offset() })
}

/// An array of a struct.
///
/// # Safety
///
/// `ptr` is NULL, or `len` items from it can be read and do not change for `'a`.
pub(crate) unsafe fn items<'a, T>(
    ptr: *const T,
    len: usize,
    most: usize,
    name: &'static str,
) -> Result<&'a [T], Problem> {
    if len == 0 {
        return Ok(&[]);
    }
    if len > most {
        return Err(Problem::TooMany { name, most, found: len });
    }
    if ptr.is_null() {
        return Err(Problem::Null(name));
    }
    // SAFETY: `ptr` is not NULL and `len` is small (both checked above); the caller promises that
    // the items can be read and do not change for `'a`.
    Ok(unsafe { slice::from_raw_parts(ptr, len) })
}

/// A struct that begins with its own size, so that it can grow.
///
/// # Safety
///
/// `repr(C)`, the first field is a `usize`, any bytes are a valid value, and the default means "not
/// set" in every field.
pub(crate) unsafe trait Options: Copy + Default {
    /// Its name in C.
    const NAME: &'static str;
    /// Its size in the first release. Every caller has at least this size.
    const MIN_SIZE: usize;
}

/// The options of a caller. The caller may use an older or a newer header.
///
/// Fields missing in an older, smaller struct have their default. A newer, larger struct is
/// accepted if the fields that this library does not know are zero, "not set".
///
/// # Safety
///
/// `from` is NULL, or begins with its size, and that many bytes can be read.
pub(crate) unsafe fn options<T: Options>(from: *const T) -> Result<T, Problem> {
    /// No struct will ever be larger, so a larger size is uninitialized memory.
    const MAX_SIZE: usize = 4096;
    if from.is_null() {
        return Err(Problem::Null(T::NAME));
    }
    // SAFETY: not NULL (checked above); the caller promises that it begins with a size.
    let size = unsafe { from.cast::<usize>().read() };
    let known = size_of::<T>();
    if size < T::MIN_SIZE || size > MAX_SIZE || !size.is_multiple_of(align_of::<T>()) {
        return Err(Problem::Size { name: T::NAME, expected: known, found: size });
    }
    // SAFETY: not NULL (checked above); the caller promises that `size` bytes can be read.
    let given = unsafe { slice::from_raw_parts(from.cast::<u8>(), size) };
    let (given, beyond) = given.split_at(size.min(known));
    if beyond.iter().any(|byte| *byte != 0) {
        return Err(Problem::Size { name: T::NAME, expected: known, found: size });
    }
    let mut options = T::default();
    // SAFETY: `given` is no longer than `options`, they do not overlap, and any bytes are a valid
    // `T`, as implementations of `Options` promise.
    unsafe {
        (&raw mut options).cast::<u8>().copy_from_nonoverlapping(given.as_ptr(), given.len())
    };
    Ok(options)
}

/// A struct that the library fills in. It begins with its own size, so that it can grow.
///
/// # Safety
///
/// `repr(C)`, and the first field is a `usize`.
#[cfg(feature = "orders")]
pub(crate) unsafe trait SizedOutput: Sized {
    /// Its name in C.
    const NAME: &'static str;
    /// Its size in the first release. Every caller has at least this size.
    const MIN_SIZE: usize;
}

/// The size of the caller's struct.
///
/// # Safety
///
/// `to` is NULL, or begins with a size that can be read.
#[cfg(feature = "orders")]
pub(crate) unsafe fn room<T: SizedOutput>(to: *const T) -> Result<usize, Problem> {
    /// No struct will ever be larger, so a larger size is uninitialized memory.
    const MAX_SIZE: usize = 65_536;
    if to.is_null() {
        return Err(Problem::Null(T::NAME));
    }
    // SAFETY: not NULL (checked above); the caller promises that it begins with a size.
    let size = unsafe { to.cast::<usize>().read() };
    if size < T::MIN_SIZE || size > MAX_SIZE || !size.is_multiple_of(align_of::<T>()) {
        return Err(Problem::Size { name: T::NAME, expected: size_of::<T>(), found: size });
    }
    Ok(size)
}

/// Fills in the caller's struct, which may be older or newer than this library. Fields that this
/// library does not know become zero.
///
/// # Safety
///
/// `to` is not NULL, and `room` bytes from it can be written to, at least a `usize`.
#[cfg(feature = "orders")]
pub(crate) unsafe fn fill<T: SizedOutput>(to: *mut T, room: usize, value: &T) {
    // SAFETY: the caller promises that as many bytes can be written to.
    unsafe { to.cast::<u8>().write_bytes(0, room) };
    let (value, known) = ((&raw const *value).cast::<u8>(), room.min(size_of::<T>()));
    // SAFETY: as above; `known` is at most the size of the value, and the two do not overlap.
    unsafe { to.cast::<u8>().copy_from_nonoverlapping(value, known) };
    // SAFETY: as above.
    unsafe { to.cast::<usize>().write(room) };
}

/// Checks that a reserved field is zero, so that it can get a meaning later.
pub(crate) fn reserved(found: i32) -> Result<(), Problem> {
    if found == 0 { Ok(()) } else { Err(Problem::Reserved { found }) }
}

/// Writes a result for C.
///
/// # Safety
///
/// `to` is not NULL and can be written to.
pub(crate) unsafe fn write_out<T>(to: *mut T, value: T) {
    // SAFETY: the caller promises both.
    unsafe { to.write(value) }
}

/// Checks that a result can be written.
pub(crate) fn writable<T>(to: *mut T, name: &'static str) -> Result<(), Problem> {
    if to.is_null() { Err(Problem::Null(name)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::mem::MaybeUninit;
    use std::ptr;

    use super::*;

    #[test]
    fn a_panic_becomes_a_status() {
        let mut error = MaybeUninit::<qris_error>::uninit();
        // SAFETY: the error can be written to.
        let status = unsafe { boundary(error.as_mut_ptr(), || panic!("inside")) };
        assert_eq!(status, qris_status::Internal);
        // SAFETY: written, as the status says.
        let error = unsafe { error.assume_init() };
        assert_eq!(error.status, qris_status::Internal);
        // SAFETY: NULL asks for no details.
        let status = unsafe { boundary(ptr::null_mut(), || panic!("inside")) };
        assert_eq!(status, qris_status::Internal);
    }

    /// An options struct of the present library.
    #[repr(C)]
    #[derive(Clone, Copy, Debug, Default, PartialEq)]
    struct Today {
        size: usize,
        old: u64,
        new: u64,
    }

    // SAFETY: `repr(C)`, begins with its size, plain numbers whose zero says nothing.
    unsafe impl Options for Today {
        const NAME: &'static str = "today";
        const MIN_SIZE: usize = 16;
    }

    #[track_caller]
    fn read(words: &[u64]) -> Result<Today, Problem> {
        // SAFETY: at least one word, and the sizes in the tests are those of the slices.
        unsafe { options(words.as_ptr().cast::<Today>()) }
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn older_and_newer_callers_are_accepted_without_unknown_fields() {
        assert_eq!(read(&[16, 1, 2]).unwrap(), Today { size: 16, old: 1, new: 0 });
        assert_eq!(read(&[24, 1, 2]).unwrap(), Today { size: 24, old: 1, new: 2 });
        assert_eq!(read(&[32, 1, 2, 0]).unwrap(), Today { size: 32, old: 1, new: 2 });
        assert_eq!(read(&[32, 1, 2, 3]).unwrap_err().status(), qris_status::StructSize);
    }

    /// A struct that the present library fills in.
    #[cfg(feature = "orders")]
    #[repr(C)]
    struct Filled {
        size: usize,
        old: u64,
        new: u64,
    }

    // SAFETY: `repr(C)`, and begins with its size.
    #[cfg(feature = "orders")]
    unsafe impl SizedOutput for Filled {
        const NAME: &'static str = "filled";
        const MIN_SIZE: usize = 16;
    }

    #[test]
    #[cfg(all(feature = "orders", target_pointer_width = "64"))]
    fn older_and_newer_callers_get_the_fields_that_they_know() {
        let value = Filled { size: 0, old: 1, new: 2 };
        for (size, expected) in [(16, [16, 1, 9, 9]), (24, [24, 1, 2, 9]), (32, [32, 1, 2, 0])] {
            let mut words = [9_u64; 4];
            words[0] = size;
            let to = words.as_mut_ptr().cast::<Filled>();
            // SAFETY: the size is in the first word.
            let room = unsafe { room(to) }.expect("a size that it has");
            // SAFETY: four words can be written to, and no size is larger.
            unsafe { fill(to, room, &value) };
            assert_eq!(words, expected);
        }
        for size in [0, 8, 15, 17, 65_544, u64::MAX] {
            // SAFETY: it is a size.
            let refused = unsafe { room((&raw const size).cast::<Filled>()) };
            assert_eq!(refused.unwrap_err().status(), qris_status::StructSize, "{size}");
        }
    }

    #[test]
    fn a_wrong_size_is_refused() {
        for size in [0, 4, 7, 8, 9, 15, 4104, u64::MAX] {
            assert_eq!(read(&[size]).unwrap_err().status(), qris_status::StructSize, "{size}");
        }
    }
}

#![no_main]
use qris_fuzz::pictures;

libfuzzer_sys::fuzz_target!(|file: &[u8]| pictures::any_file_is_read_or_refused(file));

#![no_main]
use qris_fuzz::laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| laws::any_bytes_are_judged(bytes));

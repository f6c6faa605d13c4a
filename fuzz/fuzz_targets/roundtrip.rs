#![no_main]
use qris_fuzz::laws;

libfuzzer_sys::fuzz_target!(|input: (u64, &str)| {
    let fields: Vec<&str> = input.1.split('\n').collect();
    laws::what_is_written_reads_back(&fields, input.0);
    laws::nearly_right_values_are_written_right(input.1.as_bytes());
});

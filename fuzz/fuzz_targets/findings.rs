#![no_main]
use qris_fuzz::laws;

// Appends the checksum, because almost no text would pass the parser without it.
libfuzzer_sys::fuzz_target!(|text: &str| {
    let text = laws::sealed(&format!("000201{text}"));
    laws::any_text_is_judged(&text);
    laws::the_reader_agrees_with_the_naive_one(&text);
    laws::anonymising_keeps_the_verdict_and_no_name(&text);
});

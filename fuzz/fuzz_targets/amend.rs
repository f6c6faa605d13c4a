#![no_main]
use qris_fuzz::{laws, path_and_text};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((path, text)) = path_and_text(bytes) else { return };
    let (value, body) = text.split_once('\n').unwrap_or(("1", text));
    let text = laws::sealed(&format!("000201{body}"));
    laws::amending_leaves_the_rest_alone(&text, path, (value != "-").then_some(value));
    laws::changes_bring_nothing_wrong(&text, value.as_bytes());
    laws::there_and_back_is_the_same(&text, value.len() as u64, value);
});

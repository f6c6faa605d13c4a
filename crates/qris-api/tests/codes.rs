//! Each failure has one code word, the same in Rust, C and Python: `codes.tsv`.

mod errors;

#[test]
fn every_error_has_the_code_of_its_line() {
    let samples = errors::samples();
    let found: Vec<_> = samples.iter().map(|(name, error)| (*name, error.code())).collect();
    let listed: Vec<_> = errors::lines().iter().map(|[name, code, ..]| (*name, *code)).collect();
    assert_eq!(found, listed);
}

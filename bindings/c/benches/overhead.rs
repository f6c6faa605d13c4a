//! The cost of the C interface: `qris_parse` and five `qris_get` compared with Rust, in one run.
//!
//! `cargo bench -p qris-c --bench overhead`

use std::ffi::{CStr, c_char};
use std::hint::black_box;
use std::mem::MaybeUninit;
use std::ptr;
use std::time::{Duration, Instant};

use qris::{qris_error, qris_get, qris_parse, qris_payload, qris_status, qris_str};
use qris_codec::{Error, Path, Payload};

type Parse =
    unsafe extern "C" fn(*const c_char, usize, *mut qris_payload, *mut qris_error) -> qris_status;
type Get = unsafe extern "C" fn(*const qris_payload, *const c_char, *mut qris_str) -> qris_status;

/// The Open API's sample reply: 242 characters.
const TEXT: &str = "00020101021226680016ID.CO.TELKOM.WWW011893600898025599662702150001952559966270303\
                    UMI51440014ID.CO.QRIS.WWW0215ID10200211817450303UMI520457325303360540825578.00550\
                    2015802ID5916InterActive Corp6013KOTA SURABAYA61056013662130509413255111630439B7";

const PATHS: [(&str, &CStr); 5] =
    [("59", c"59"), ("60", c"60"), ("54", c"54"), ("51.02", c"51.02"), ("62.05", c"62.05")];

const CALLS: u32 = 20_000;
const ROUNDS: usize = 61;

/// The bytes of the five values together, through the C interface.
fn through_c(parse: Parse, get: Get, text: &str) -> Option<usize> {
    let mut payload = MaybeUninit::<qris_payload>::uninit();
    // SAFETY: the text can be read, the payload can be written to, NULL asks for no details.
    let status =
        unsafe { parse(text.as_ptr().cast(), text.len(), payload.as_mut_ptr(), ptr::null_mut()) };
    (status == qris_status::Ok).then_some(())?;
    let mut bytes = 0;
    for (_, path) in PATHS {
        let mut value = MaybeUninit::<qris_str>::uninit();
        // SAFETY: the payload has been filled in, the path ends with a NUL, the value can be
        // written to.
        let status = unsafe { get(payload.as_ptr(), black_box(path).as_ptr(), value.as_mut_ptr()) };
        (status == qris_status::Ok).then_some(())?;
        // SAFETY: written, as the status says.
        bytes += unsafe { value.assume_init() }.len;
    }
    Some(bytes)
}

/// The same in Rust. The text from C may not be UTF-8, so that is checked here too.
fn in_rust(text: &[u8]) -> Result<usize, Error> {
    let payload = Payload::parse_bytes(text)?;
    let mut bytes = 0;
    for (path, _) in PATHS {
        let path: Path = black_box(path).parse()?;
        bytes += payload.get(path).map_or(0, str::len);
    }
    Ok(bytes)
}

fn time(mut call: impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..CALLS {
        call();
    }
    start.elapsed()
}

fn main() {
    // The calls go through function pointers that the compiler does not know, as in a program that
    // links the library.
    let (parse, get): (Parse, Get) = (black_box(qris_parse), black_box(qris_get));
    assert_eq!(through_c(parse, get, TEXT), in_rust(TEXT.as_bytes()).ok(), "both read the same");
    let mut ratios = Vec::new();
    let (mut c, mut rust) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let this_rust = time(|| {
            let _ = black_box(in_rust(black_box(TEXT.as_bytes())));
        });
        let this_c = time(|| {
            black_box(through_c(parse, get, black_box(TEXT)));
        });
        rust = rust.min(this_rust);
        c = c.min(this_c);
        ratios.push(this_c.as_secs_f64() / this_rust.as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    let each = |whole: Duration| whole.as_secs_f64() * 1e9 / f64::from(CALLS);
    println!("parse and five fields, {} characters, {ROUNDS} rounds of {CALLS}", TEXT.len());
    println!("Rust {:.0} ns, C {:.0} ns (the fastest rounds)", each(rust), each(c));
    println!("C / Rust: {:.3} (the median of the rounds)", ratios[ROUNDS / 2]);
}

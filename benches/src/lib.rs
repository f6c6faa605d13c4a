//! The payloads, tasks, bounds and peers of the benches: see `README.md`.
#![forbid(unsafe_code)]

pub mod bounds;
pub mod mixed;
pub mod payloads;
#[cfg(feature = "peers")]
pub mod peers;
pub mod work;

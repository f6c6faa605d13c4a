//! What the benches measure, beside which bounds and which peers: see `README.md`.
#![forbid(unsafe_code)]

pub mod bounds;
pub mod mixed;
pub mod payloads;
#[cfg(feature = "peers")]
pub mod peers;
pub mod work;

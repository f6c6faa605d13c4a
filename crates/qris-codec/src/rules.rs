//! The rules: each limit, each check of a value and each check across objects stands here once.
//!
//! Reading, scanning and writing bring the values here and know no rules themselves.

pub mod limits;

//! The compiled half of the Python package `qris`.
//!
//! What people import is `python/qris/`; this crate does the work behind it. Calls into it name
//! their arguments in full, so defaults and their documentation stand in Python only. Default times
//! are those of `qris_api::limits`, which this crate hands to Python as numbers of seconds.
#![forbid(unsafe_code)]

mod amount;
mod argument;
mod batch;
mod call;
mod client;
mod code;
mod cpm;
mod encoding;
mod errors;
mod import;
mod inspection;
mod moment;
mod pictures;
mod sandbox;

use pyo3::prelude::*;

/// The compiled half of the package.
#[pymodule(gil_used = false)]
mod _native {
    use pyo3::prelude::*;
    use qris_api::limits;

    #[pymodule_export]
    use crate::call::Call;
    #[pymodule_export]
    use crate::client::{Client, read_webhook};
    #[pymodule_export]
    use crate::code::{Qris, decode, decode_many};
    #[pymodule_export]
    use crate::cpm::decode_cpm;
    #[pymodule_export]
    use crate::encoding::{anonymize, encode};
    #[pymodule_export]
    use crate::inspection::{hints, inspect, inspect_many, institution};
    #[pymodule_export]
    use crate::pictures::{draw, read_image};
    #[pymodule_export]
    use crate::sandbox::Sandbox;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        let shut_down = wrap_pyfunction!(crate::call::shut_down, py)?;
        py.import("atexit")?.call_method1("register", (shut_down,))?;
        for (name, time) in [
            ("CALL_TIMEOUT_SECONDS", limits::CALL_TIMEOUT),
            ("CHECK_GAP_SECONDS", limits::CHECK_GAP),
            ("SHOWN_SECONDS", limits::SHOWN),
            ("TRY_GAP_SECONDS", limits::TRY_GAP),
            ("VALIDITY_SECONDS", limits::VALIDITY),
        ] {
            module.add(name, time.as_secs_f64())?;
        }
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}

//! The compiled half of the Python package `qris`.
//!
//! Users import `python/qris/`; this crate does the work behind it. Calls into it pass all
//! arguments, so defaults and their documentation are only in Python. Default times come from
//! `qris_api::limits`; this crate exports them to Python as numbers of seconds.
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
mod merchant;
mod moment;
mod orders;
mod pictures;
mod sandbox;

use pyo3::prelude::*;

/// The compiled half of the package.
#[pymodule(gil_used = false)]
mod _native {
    use pyo3::prelude::*;
    use pyo3::types::PyDict;
    use qris_api::limits;

    #[pymodule_export]
    use crate::call::Call;
    #[pymodule_export]
    use crate::client::{Client, EarlyCheck, read_webhook};
    #[pymodule_export]
    use crate::code::{Qris, decode, decode_many};
    #[pymodule_export]
    use crate::cpm::decode_cpm;
    #[pymodule_export]
    use crate::encoding::{anonymize, encode};
    #[pymodule_export]
    use crate::inspection::{hints, inspect, inspect_many, institution};
    #[pymodule_export]
    use crate::merchant::check_merchant;
    #[pymodule_export]
    use crate::orders::Orders;
    #[pymodule_export]
    use crate::pictures::{draw, draw_poster, read_image};
    #[pymodule_export]
    use crate::sandbox::Sandbox;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        let shut_down = wrap_pyfunction!(crate::call::shut_down, py)?;
        py.import("atexit")?.call_method1("register", (shut_down,))?;
        let os = py.import("os")?;
        if os.hasattr("register_at_fork")? {
            let hooks = PyDict::new(py);
            hooks.set_item("before", wrap_pyfunction!(crate::orders::before_fork, py)?)?;
            let in_parent = wrap_pyfunction!(crate::orders::after_fork_in_parent, py)?;
            hooks.set_item("after_in_parent", in_parent)?;
            let in_child = wrap_pyfunction!(crate::orders::after_fork_in_child, py)?;
            hooks.set_item("after_in_child", in_child)?;
            os.call_method("register_at_fork", (), Some(&hooks))?;
        }
        for (name, time) in [
            ("CALL_TIMEOUT_SECONDS", limits::CALL_TIMEOUT),
            ("CHECK_GAP_SECONDS", limits::CHECK_GAP),
            ("GRACE_SECONDS", limits::GRACE),
            ("SHOWN_SECONDS", limits::SHOWN),
            ("TRY_GAP_SECONDS", limits::TRY_GAP),
            ("VALIDITY_SECONDS", limits::VALIDITY),
        ] {
            module.add(name, time.as_secs_f64())?;
        }
        module.add("CHECKS_PER_MINUTE", limits::CHECKS_PER_MINUTE)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}

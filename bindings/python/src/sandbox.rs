//! The sandbox, for `qris.SandboxServer`.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::{PyOSError, PyRuntimeError};
use pyo3::prelude::*;
use qris_sandbox::{Fault, FaultCall, FaultRepeat, Payer, StartError};

use crate::argument::{self, Text, number};
use crate::call::{Call, runtime};
use crate::errors;
use crate::moment;

/// A sandbox that listens on a port of this machine.
#[pyclass(frozen, module = "qris._native")]
pub(crate) struct Sandbox {
    running: Mutex<Option<qris_sandbox::Sandbox>>,
}

type Running<'a> = MutexGuard<'a, Option<qris_sandbox::Sandbox>>;

impl Sandbox {
    fn running(&self) -> Running<'_> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls `act` with the sandbox. It must not run Python, which could wait for this lock.
    fn with<T>(&self, act: impl FnOnce(&qris_sandbox::Sandbox) -> T) -> PyResult<T> {
        match &*self.running() {
            Some(sandbox) => Ok(act(sandbox)),
            None => Err(PyRuntimeError::new_err("expected a running sandbox, found a closed one")),
        }
    }
}

#[pymethods]
impl Sandbox {
    #[new]
    fn new(
        py: Python<'_>,
        listen: Text<'_>,
        api_key: Text<'_>,
        merchant_id: Text<'_>,
        validity_seconds: &Bound<'_, PyAny>,
        webhook: Option<Text<'_>>,
    ) -> PyResult<Self> {
        let address = listen.0.parse().map_err(|_| {
            errors::invalid_argument("expected an address such as 127.0.0.1:0, found another text")
        })?;
        let validity = argument::seconds("validity", validity_seconds)?;
        let mut builder = qris_sandbox::Sandbox::builder()
            .listen(address)
            .credentials(api_key.0, merchant_id.0)
            .validity(validity);
        if let Some(url) = webhook {
            builder = builder.webhook(url.0);
        }
        let runtime = runtime()?;
        let started = py.detach(|| runtime.block_on(builder.start()));
        let sandbox = started.map_err(|error| match error {
            StartError::Listen { ref source, .. } => {
                PyOSError::new_err(format!("{error}: {source}"))
            }
            error => errors::invalid_argument(error.to_string()),
        })?;
        Ok(Self { running: Mutex::new(Some(sandbox)) })
    }

    fn base_url(&self) -> PyResult<String> {
        self.with(qris_sandbox::Sandbox::base_url)
    }

    fn nmid(&self) -> PyResult<String> {
        self.with(|sandbox| sandbox.nmid().to_owned())
    }

    fn pay(
        &self,
        py: Python<'_>,
        invoice_id: &Bound<'_, PyAny>,
        customer_name: Text<'_>,
        method: Text<'_>,
    ) -> PyResult<()> {
        let invoice_id = number("invoice", 0..=u64::MAX, invoice_id)?;
        let payer = Payer::new(customer_name.0, method.0);
        let paid = self.with(|sandbox| sandbox.pay_as(invoice_id, payer))?;
        paid.map_err(|error| errors::pay_error(py, error))
    }

    fn inject(
        &self,
        name: Text<'_>,
        on: Text<'_>,
        standing: bool,
        seconds: Option<&Bound<'_, PyAny>>,
        words: Option<Text<'_>>,
    ) -> PyResult<()> {
        let seconds = seconds.map(|wanted| argument::seconds("seconds", wanted)).transpose()?;
        let seconds = seconds.map(|wanted| wanted.as_secs_f64());
        let fault = Fault::named(name.0, seconds, words.map(|words| words.0))
            .map_err(|error| errors::invalid_argument(error.to_string()))?;
        let on = match on.0 {
            "any" => FaultCall::Any,
            "create" => FaultCall::Create,
            "check" => FaultCall::Check,
            _ => {
                return Err(errors::invalid_argument(
                    "expected any, create or check as on, found another word",
                ));
            }
        };
        if !fault.can_happen(on) {
            return Err(errors::invalid_argument(format!(
                "expected a value of on for which {} can happen, found another word",
                fault.name()
            )));
        }
        let lasting = if standing { FaultRepeat::Standing } else { FaultRepeat::Once };
        self.with(|sandbox| sandbox.inject(fault, on, lasting))
    }

    fn clear_faults(&self) -> PyResult<()> {
        self.with(qris_sandbox::Sandbox::clear_faults)
    }

    fn set_webhook(&self, url: Text<'_>) -> PyResult<()> {
        let taken = self.with(|sandbox| sandbox.set_webhook(url.0))?;
        taken.map_err(|error| errors::invalid_argument(error.to_string()))
    }

    fn now<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        moment::to_python(py, self.with(qris_sandbox::Sandbox::now)?)
    }

    fn set_time(&self, now: &Bound<'_, PyAny>) -> PyResult<()> {
        let now = moment::from_python(now)?;
        self.with(|sandbox| sandbox.set_time(now))
    }

    /// The numbers of creates and checks, and the maximum number of checks in any minute.
    fn calls(&self) -> PyResult<(usize, usize, usize)> {
        let calls = self.with(qris_sandbox::Sandbox::calls)?;
        Ok((calls.creates(), calls.checks(), calls.busiest_minute()))
    }

    /// Ends it after a short wait for running calls. A second call does nothing.
    fn stop(&self) -> PyResult<Option<Call>> {
        let sandbox = self.running().take();
        sandbox
            .map(|sandbox| {
                Call::start(None, |sender| async move {
                    sandbox.stop().await;
                    sender.send(|py| Ok(py.None().into_bound(py)));
                })
            })
            .transpose()
    }
}

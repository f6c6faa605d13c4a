//! The Open API's calls, on their way from and to the classes in `qris/_api.py`.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::ops::ControlFlow;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use qris_api::webhook::{Hint, Status};
use qris_api::{
    ApiKey, CheckBudget, Error, Invoice, InvoiceId, MerchantId, Payment, Schedule, Tip,
    TransactionNumber, Trigger, Wait,
};

use crate::amount;
use crate::call::Call;
use crate::errors;
use crate::import::Import;
use crate::moment;

static INVOICE: Import = Import::new("qris._api", "Invoice");
static PAYMENT: Import = Import::new("qris._api", "Payment");
static CHECK: Import = Import::new("qris._api", "Check");
static WEBHOOK: Import = Import::new("qris._api", "Webhook");

/// The budgets of this process, by a hash of address and key, so that clients that are made over
/// and over again for one key cannot ask more than one.
static BUDGETS: LazyLock<(RandomState, Mutex<HashMap<u64, CheckBudget>>)> =
    LazyLock::new(Default::default);

fn budget(base_url: &str, api_key: &str) -> CheckBudget {
    let (hasher, budgets) = &*BUDGETS;
    let mut budgets = budgets.lock().unwrap_or_else(PoisonError::into_inner);
    budgets.entry(hasher.hash_one((base_url, api_key))).or_default().clone()
}

/// `qris.Invoice`, as it comes from Python.
#[derive(FromPyObject)]
pub(crate) struct InvoiceFields<'py> {
    number: String,
    amount: Bound<'py, PyAny>,
    qris_content: String,
    qris_request_date: Bound<'py, PyAny>,
    qris_invoiceid: u64,
    qris_nmid: String,
}

impl InvoiceFields<'_> {
    fn read(self) -> PyResult<Invoice> {
        Ok(Invoice::new(
            TransactionNumber::parse(&self.number).map_err(invalid)?,
            amount::rupiah(&self.amount)?,
            self.qris_content,
            moment::from_python(&self.qris_request_date)?.into(),
            InvoiceId::new(self.qris_invoiceid),
            self.qris_nmid,
        ))
    }
}

fn invalid(error: qris_api::Invalid) -> PyErr {
    PyValueError::new_err(error.to_string())
}

fn duration(name: &str, seconds: f64) -> PyResult<Duration> {
    let whole = Duration::try_from_secs_f64(seconds).ok().filter(|duration| !duration.is_zero());
    whole.ok_or_else(|| {
        PyValueError::new_err(format!(
            "expected {name} to be longer than nothing, found {seconds} s"
        ))
    })
}

/// Starts calls to the Open API.
#[pyclass(frozen, module = "qris._native")]
pub(crate) struct Client(qris_api::Client);

#[pymethods]
impl Client {
    #[new]
    fn new(
        api_key: &str,
        merchant_id: &str,
        base_url: Option<&str>,
        timeout_seconds: f64,
        validity_seconds: f64,
    ) -> PyResult<Self> {
        let base_url = base_url.unwrap_or(qris_api::DEFAULT_BASE_URL);
        let key = ApiKey::parse(api_key).map_err(invalid)?;
        let merchant = MerchantId::parse(merchant_id).map_err(invalid)?;
        let timeout = duration("timeout", timeout_seconds)?;
        let validity = duration("validity", validity_seconds)?;
        let client = qris_api::Client::builder(key, merchant)
            .base_url(base_url)
            .total_timeout(timeout)
            .schedule(Schedule { validity, ..Schedule::default() })
            .budget(budget(base_url, api_key))
            .build();
        client.map(Self).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn create_invoice(
        &self,
        number: &str,
        amount: &Bound<'_, PyAny>,
        tip: bool,
        heard: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let number = TransactionNumber::parse(number).map_err(invalid)?;
        let amount = amount::rupiah(amount)?;
        let tip = if tip { Tip::Ask } else { Tip::None };
        let client = self.0.clone();
        let validity = client.schedule().validity;
        Call::start(heard, |voice| async move {
            let made = client.create_invoice(&number, amount, tip).await;
            voice.say(move |py| match made {
                Ok(made) => invoice(py, &made, validity),
                Err(error) => Err(errors::api_error(py, &error)),
            });
        })
    }

    fn check_invoice(
        &self,
        invoice: InvoiceFields<'_>,
        heard: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let invoice = invoice.read()?;
        let client = self.0.clone();
        Call::start(heard, |voice| async move {
            let outcome = client.check_invoice(&invoice).await;
            voice.say(|py| payment(py, outcome));
        })
    }

    /// Says a `Check` for each check, if they are asked for, and a `Payment` at the end.
    fn wait_for_payment(
        &self,
        invoice: InvoiceFields<'_>,
        tell_checks: bool,
        heard: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let invoice = invoice.read()?;
        let client = self.0.clone();
        Call::start(heard, |voice| async move {
            let mut wait = Wait::new();
            if tell_checks {
                let voice = voice.clone();
                wait = wait.on_check(move |made| {
                    let made = made.clone();
                    voice.say(|py| check(py, made));
                    ControlFlow::Continue(())
                });
            }
            let outcome = client.wait_for_payment(&invoice, wait).await;
            voice.say(|py| payment(py, outcome));
        })
    }
}

fn invoice<'py>(
    py: Python<'py>,
    invoice: &Invoice,
    validity: Duration,
) -> PyResult<Bound<'py, PyAny>> {
    INVOICE.get(py)?.call1((
        invoice.number.as_str(),
        amount::to_decimal(py, qris_codec::Amount::rupiah(invoice.amount.get()))?,
        invoice.qris_content.as_str(),
        moment::to_python(py, invoice.qris_request_date)?,
        invoice.qris_invoiceid.get(),
        invoice.qris_nmid.as_str(),
        moment::to_python(py, invoice.expires_at(validity))?,
    ))
}

fn payment(py: Python<'_>, outcome: Result<Payment, Error>) -> PyResult<Bound<'_, PyAny>> {
    let class = PAYMENT.get(py)?;
    match outcome {
        Ok(Payment::Paid { customer_name, method, paid_at }) => {
            let paid_at = paid_at.map(|moment| moment::to_python(py, moment)).transpose()?;
            class.call1((true, paid_at, method, customer_name))
        }
        Ok(Payment::Unpaid) => class.call1((false,)),
        Err(error) => Err(errors::api_error(py, &error)),
    }
}

fn check(py: Python<'_>, made: qris_api::Check) -> PyResult<Bound<'_, PyAny>> {
    let trigger = match made.trigger {
        Trigger::Schedule => "schedule",
        Trigger::Button => "button",
        Trigger::Hint => "hint",
    };
    let next_at = made.next_at.map(|moment| moment::to_python(py, moment)).transpose()?;
    let made_at = moment::to_python(py, made.made_at)?;
    let (payment, error) = match payment(py, made.outcome) {
        Ok(payment) => (Some(payment), None),
        Err(error) => (None, Some(error.into_value(py))),
    };
    CHECK.get(py)?.call1((made.number, trigger, made_at, payment, error, next_at))
}

#[pyfunction]
pub(crate) fn read_webhook<'py>(py: Python<'py>, body: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let hint = Hint::parse(body).map_err(|error| errors::webhook_error(py, error))?;
    let status = match &hint.status {
        Status::Paid => "paid",
        Status::Pending => "pending",
        _ => "other",
    };
    let paid_at = hint.paid_at.map(|moment| moment::to_python(py, moment)).transpose()?;
    let named = (hint.rrn, hint.note, paid_at, hint.method, hint.customer_name);
    let (rrn, note, paid_at, method, customer_name) = named;
    let fields = (hint.invoice.get(), status, paid_at, method, customer_name, rrn, note);
    WEBHOOK.get(py)?.call1(fields)
}

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
use crate::argument::{self, Text, number};
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
    budgets.entry(hasher.hash_one((server(base_url), api_key))).or_default().clone()
}

/// The server of a URL, however it is spelled: scheme, host and port, without the path.
fn server(url: &str) -> String {
    let url = url.trim().to_ascii_lowercase();
    let (scheme, rest) = url.split_once(':').unwrap_or(("", &url));
    let rest = rest.trim_start_matches(['/', '\\']);
    let authority = rest.split(['/', '\\']).next().unwrap_or_default();
    let usual_port = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(usual_port).unwrap_or(authority);
    format!("{scheme}://{}", authority.trim_end_matches(['.', ':']))
}

/// Reads a `qris.Invoice`.
fn invoice_of(value: &Bound<'_, PyAny>) -> PyResult<Invoice> {
    let value = argument::instance(&INVOICE, value)?;
    let field = |name| value.getattr(name);
    let text = |name| {
        let text = field(name)?;
        let text: Text<'_> = argument::string(name, &text)?.extract()?;
        PyResult::Ok(text.0.to_owned())
    };
    Ok(Invoice::new(
        TransactionNumber::parse(&text("number")?).map_err(invalid)?,
        amount::rupiah(&field("amount")?)?,
        text("qris_content")?,
        moment::from_python(&field("qris_request_date")?)?.into(),
        InvoiceId::new(number("qris_invoiceid", 0..=u64::MAX, &field("qris_invoiceid")?)?),
        text("qris_nmid")?,
    ))
}

/// A time that is longer than nothing.
fn duration(name: &str, seconds: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let duration = argument::seconds(name, seconds)?;
    if duration.is_zero() {
        let message = format!("expected {name} to be longer than nothing, found 0 s");
        return Err(PyValueError::new_err(message));
    }
    Ok(duration)
}

fn invalid(error: qris_api::Invalid) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Starts calls to the Open API.
#[pyclass(frozen, module = "qris._native")]
pub(crate) struct Client(qris_api::Client);

#[pymethods]
impl Client {
    #[new]
    fn new(
        api_key: Text<'_>,
        merchant_id: Text<'_>,
        base_url: Option<Text<'_>>,
        timeout_seconds: &Bound<'_, PyAny>,
        validity_seconds: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let base_url = base_url.map_or(qris_api::DEFAULT_BASE_URL, |url| url.0);
        let key = ApiKey::parse(api_key.0).map_err(invalid)?;
        let merchant = MerchantId::parse(merchant_id.0).map_err(invalid)?;
        let timeout = duration("timeout", timeout_seconds)?;
        let validity = duration("validity", validity_seconds)?;
        let client = qris_api::Client::builder(key, merchant)
            .base_url(base_url)
            .total_timeout(timeout)
            .schedule(Schedule { validity, ..Schedule::default() })
            .budget(budget(base_url, api_key.0))
            .build();
        client.map(Self).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn create_invoice(
        &self,
        number: Text<'_>,
        amount: &Bound<'_, PyAny>,
        tip: bool,
        heard: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let number = TransactionNumber::parse(number.0).map_err(invalid)?;
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
        invoice: &Bound<'_, PyAny>,
        heard: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let invoice = invoice_of(invoice)?;
        let client = self.0.clone();
        Call::start(heard, |voice| async move {
            let answer = client.check_invoice(&invoice).await;
            voice.say(|py| outcome(py, answer));
        })
    }

    /// Says a `Check` for each check, if they are asked for, and a `Payment` at the end.
    fn wait_for_payment(
        &self,
        invoice: &Bound<'_, PyAny>,
        tell_checks: bool,
        heard: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let invoice = invoice_of(invoice)?;
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
            let answer = client.wait_for_payment(&invoice, wait).await;
            voice.say(|py| outcome(py, answer));
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

fn outcome(py: Python<'_>, outcome: Result<Payment, Error>) -> PyResult<Bound<'_, PyAny>> {
    match outcome {
        Ok(made) => payment(py, made),
        Err(error) => Err(errors::api_error(py, &error)),
    }
}

fn payment(py: Python<'_>, payment: Payment) -> PyResult<Bound<'_, PyAny>> {
    let class = PAYMENT.get(py)?;
    match payment {
        Payment::Paid(details) => {
            let paid_at =
                details.paid_at.map(|moment| moment::to_python(py, moment)).transpose()?;
            class.call1((true, paid_at, details.method, details.customer_name))
        }
        Payment::Unpaid => class.call1((false,)),
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
    let (payment, error) = match made.outcome {
        Ok(outcome) => (Some(payment(py, outcome)?), None),
        Err(error) => (None, Some(errors::make_api_error(py, &error)?)),
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

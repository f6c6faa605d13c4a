//! The Open API's calls, with the classes of `qris/_api.py`.

use std::ops::ControlFlow;

use pyo3::prelude::*;
use qris_api::webhook::{Status, WebhookEvent};
use qris_api::{
    CheckBudget, Error, Invoice, InvoiceId, ManualCheck, Payment, Schedule, Tip, TransactionNumber,
    Trigger, Wait,
};

use crate::amount;
use crate::argument::{self, Text, number};
use crate::call::Call;
use crate::errors;
use crate::import::Import;
use crate::merchant::Merchant;
use crate::moment;

static INVOICE: Import = Import::new("qris._api", "Invoice");
static PAYMENT: Import = Import::new("qris._api", "Payment");
static PRESS: Import = Import::new("qris._api", "Press");
static CHECK: Import = Import::new("qris._api", "Check");
static WEBHOOK: Import = Import::new("qris._api", "Webhook");

/// Reads a `qris.Invoice`.
fn invoice_of(value: &Bound<'_, PyAny>) -> PyResult<Invoice> {
    let value = argument::instance(&INVOICE, value)?;
    let py = value.py();
    let field = |name| value.getattr(name);
    let text = |name| {
        let text = field(name)?;
        let text: Text<'_> = argument::string(name, &text)?.extract()?;
        PyResult::Ok(text.0.to_owned())
    };
    Ok(Invoice::new(
        TransactionNumber::parse(text("number")?).map_err(|error| invalid(py, error))?,
        amount::rupiah(&field("amount")?)?,
        text("qris_content")?,
        moment::from_python(&field("qris_request_date")?)?.into(),
        InvoiceId::new(number("qris_invoiceid", 0..=u64::MAX, &field("qris_invoiceid")?)?),
        text("qris_nmid")?,
    ))
}

fn invalid(py: Python<'_>, error: qris_api::Invalid) -> PyErr {
    errors::api_error(py, &Error::Invalid(error))
}

/// Starts calls to the Open API.
#[pyclass(frozen, module = "qris._native")]
pub(crate) struct Client(qris_api::Client);

#[pymethods]
impl Client {
    #[new]
    fn new(py: Python<'_>, merchant: &Bound<'_, PyAny>, budget: Text<'_>) -> PyResult<Self> {
        let merchant = Merchant::extract(merchant)?;
        let budget = match budget.0 {
            "file" => CheckBudget::per_minute(merchant.checks_per_minute()),
            "memory" => CheckBudget::in_memory(merchant.checks_per_minute()),
            _ => {
                let message = "expected file or memory as budget, found another text";
                return Err(errors::invalid_argument(message));
            }
        };
        let client = merchant.client(budget).build();
        client.map(Self).map_err(|error| errors::api_error(py, &error))
    }

    fn early_check(&self) -> EarlyCheck {
        EarlyCheck(self.0.early_check())
    }

    fn create_invoice(
        &self,
        py: Python<'_>,
        number: Text<'_>,
        amount: &Bound<'_, PyAny>,
        tip: bool,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let number = TransactionNumber::parse(number.0).map_err(|error| invalid(py, error))?;
        let amount = amount::rupiah(amount)?;
        let tip = if tip { Tip::Ask } else { Tip::None };
        let client = self.0.clone();
        let schedule = client.schedule();
        Call::start(on_ready, |sender| async move {
            let made = client.create_invoice(&number, amount, tip).await;
            sender.send(move |py| match made {
                Ok(made) => invoice(py, &made, &schedule),
                Err(error) => Err(errors::api_error(py, &error)),
            });
        })
    }

    fn check_invoice(
        &self,
        invoice: &Bound<'_, PyAny>,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let invoice = invoice_of(invoice)?;
        let client = self.0.clone();
        Call::start(on_ready, |sender| async move {
            let answer = client.check_invoice(&invoice).await;
            sender.send(|py| outcome(py, answer));
        })
    }

    /// Sends a `Check` after each check, if requested, and a `Payment` at the end.
    fn wait_for_payment(
        &self,
        invoice: &Bound<'_, PyAny>,
        tell_checks: bool,
        early_check: Option<&Bound<'_, EarlyCheck>>,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let invoice = invoice_of(invoice)?;
        let client = self.0.clone();
        let early_check = early_check.map(|early| early.get().0.clone());
        Call::start(on_ready, |sender| async move {
            let mut wait = Wait::new();
            if let Some(early) = &early_check {
                wait = wait.early_check(early);
            }
            if tell_checks {
                let sender = sender.clone();
                wait = wait.on_check(move |made| {
                    let made = made.clone();
                    sender.send(|py| check(py, made));
                    ControlFlow::Continue(())
                });
            }
            let answer = client.wait_for_payment(&invoice, wait).await;
            sender.send(|py| outcome(py, answer));
        })
    }
}

/// Requests early checks of an invoice during a wait.
///
/// Returned by `Client.early_check` for one invoice; pass it to `wait_for_payment`. Any thread may use
/// it.
#[pyclass(frozen, module = "qris")]
pub(crate) struct EarlyCheck(qris_api::EarlyCheck);

#[pymethods]
impl EarlyCheck {
    /// Requests a check for the cashier's button: three presses, `try_gap` apart.
    fn press<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let (is_accepted, left, wait) = match self.0.press() {
            ManualCheck::Accepted { left } => (true, Some(left), None),
            ManualCheck::TooSoon { wait } => (false, None, Some(wait.as_secs_f64())),
            _ => (false, Some(0), None),
        };
        PRESS.get(py)?.call1((is_accepted, left, wait))
    }

    /// Requests a check for a webhook. The first call allows a check at once; later calls allow
    /// none.
    fn webhook(&self) {
        self.0.webhook();
    }
}

fn invoice<'py>(
    py: Python<'py>,
    invoice: &Invoice,
    schedule: &Schedule,
) -> PyResult<Bound<'py, PyAny>> {
    INVOICE.get(py)?.call1((
        invoice.number.as_str(),
        invoice.amount.get(),
        invoice.qris_content.as_str(),
        moment::to_python(py, invoice.qris_request_date)?,
        invoice.qris_invoiceid.get(),
        invoice.qris_nmid.as_str(),
        moment::to_python(py, invoice.shown_until(schedule.shown))?,
        moment::to_python(py, invoice.expires_at(schedule.validity))?,
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
            let (rrn, note, api_version) = (details.rrn, details.note, details.api_version);
            let (method, customer_name) = (details.method, details.customer_name);
            class.call1((true, paid_at, method, customer_name, rrn, note, api_version))
        }
        Payment::Unpaid => class.call1((false,)),
    }
}

fn check(py: Python<'_>, made: qris_api::Check) -> PyResult<Bound<'_, PyAny>> {
    let trigger = match made.trigger {
        Trigger::Button => "button",
        Trigger::Webhook => "webhook",
        _ => "schedule",
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
    let event = WebhookEvent::parse(body).map_err(|error| errors::webhook_error(py, error))?;
    let status = match &event.status {
        Status::Paid => "paid",
        Status::Pending => "pending",
        _ => "other",
    };
    let paid_at = event.paid_at.map(|moment| moment::to_python(py, moment)).transpose()?;
    let named = (event.rrn, event.note, paid_at, event.method, event.customer_name);
    let (rrn, note, paid_at, method, customer_name) = named;
    let fields = (event.invoice.get(), status, paid_at, method, customer_name, rrn, note);
    WEBHOOK.get(py)?.call1(fields)
}

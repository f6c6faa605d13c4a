//! A merchant's settings, from `qris.Merchant`.

use std::path::PathBuf;
use std::time::Duration;

use pyo3::prelude::*;
use qris_api::{ApiKey, CheckBudget, ClientBuilder, MerchantId, Schedule};
use qris_ledger::MerchantName;
use qris_orders::MerchantSettings;

use crate::argument::{self, Text, number};
use crate::errors;
use crate::import::Import;

static MERCHANT: Import = Import::new("qris._merchant", "Merchant");
static TO_SECONDS: Import = Import::new("qris._moment", "to_seconds");

/// Refuses a `qris.Merchant` with a wrong value, when it is created.
#[pyfunction]
pub(crate) fn check_merchant(merchant: &Bound<'_, PyAny>) -> PyResult<()> {
    let checked = Merchant::extract(merchant)?;
    // Only building a client checks the address. The default address needs no check.
    if checked.base_url != qris_api::DEFAULT_BASE_URL {
        let client = checked.client(CheckBudget::in_memory(checked.checks_per_minute)).build();
        client.map_err(|error| errors::api_error(merchant.py(), &error))?;
    }
    Ok(())
}

/// A merchant's settings, for clients and orders.
#[derive(Clone)]
pub(crate) struct Merchant {
    pub(crate) name: MerchantName,
    key: ApiKey,
    id: MerchantId,
    base_url: String,
    nmid: Option<String>,
    timeout: Duration,
    schedule: Schedule,
    checks_per_minute: u32,
    state_dir: Option<PathBuf>,
}

impl Merchant {
    /// Reads a `qris.Merchant`.
    pub(crate) fn extract(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let value = argument::instance(&MERCHANT, value)?;
        let py = value.py();
        let invalid = |error: qris_api::Invalid| errors::api_error(py, &error.into());
        let time = |name| {
            let seconds = TO_SECONDS.get(py)?.call1((name, value.getattr(name)?))?;
            argument::duration(name, &seconds)
        };
        let usual = Schedule::default();
        let try_gap = time("try_gap")?;
        let grace = TO_SECONDS.get(py)?.call1(("grace", value.getattr("grace")?))?;
        let schedule = usual
            .with_shown(time("shown")?)
            .with_validity(time("validity")?)
            .with_grace(argument::seconds("grace", &grace)?)
            .with_try_gap(try_gap)
            .with_check_gap(time("check_gap")?)
            .with_jitter(usual.jitter.min(try_gap / 3));
        let name = text(value, "name")?.parse().map_err(|_| {
            errors::invalid_value(
                "merchant-name",
                "expected name of 1 to 32 characters of a to z, 0 to 9, - and _, found another text",
            )
        })?;
        let base_url = optional_text(value, "base_url")?;
        let checks = value.getattr("checks_per_minute")?;
        Ok(Self {
            name,
            key: ApiKey::parse(text(value, "api_key")?).map_err(invalid)?,
            id: MerchantId::parse(text(value, "merchant_id")?).map_err(invalid)?,
            base_url: base_url.unwrap_or_else(|| qris_api::DEFAULT_BASE_URL.to_owned()),
            nmid: optional_text(value, "nmid")?,
            timeout: argument::duration("timeout", &value.getattr("timeout")?)?,
            schedule,
            checks_per_minute: number("checks_per_minute", 1..=u32::MAX, &checks)?,
            state_dir: value.getattr("state_dir")?.extract()?,
        })
    }

    pub(crate) const fn checks_per_minute(&self) -> u32 {
        self.checks_per_minute
    }

    /// A client with this budget.
    pub(crate) fn client(&self, budget: CheckBudget) -> ClientBuilder {
        let mut builder = qris_api::Client::builder(self.key.clone(), self.id.clone())
            .base_url(&self.base_url)
            .total_timeout(self.timeout)
            .schedule(self.schedule)
            .budget(budget);
        if let Some(nmid) = &self.nmid {
            builder = builder.nmid(nmid);
        }
        if let Some(folder) = &self.state_dir {
            builder = builder.state_dir(folder);
        }
        builder
    }

    /// The settings for orders.
    pub(crate) fn settings(&self) -> MerchantSettings {
        let client = self.client(CheckBudget::per_minute(self.checks_per_minute));
        let mut settings = MerchantSettings::named(self.name.clone(), client);
        settings.nmid.clone_from(&self.nmid);
        settings.budget = settings.budget.with_checks_per_minute(self.checks_per_minute);
        settings.with_call_timeout(self.timeout)
    }
}

fn text(value: &Bound<'_, PyAny>, name: &str) -> PyResult<String> {
    let text = value.getattr(name)?;
    let text: Text<'_> = argument::string(name, &text)?.extract()?;
    Ok(text.0.to_owned())
}

fn optional_text(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Option<String>> {
    match value.getattr(name)?.is_none() {
        true => Ok(None),
        false => text(value, name).map(Some),
    }
}

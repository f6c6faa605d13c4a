//! Writing: payloads from values, and payloads from other payloads.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use qris_codec::encode::{Amendment, Builder, NewAccount, NewAdditional};
use qris_codec::mpm::Language;
use qris_codec::{Entry, ErrorKind, Finding, Initiation, Path, Payload, Tag, Tip};

use crate::amount;
use crate::errors;
use crate::inspection;

/// `qris.Account`, as it comes from Python.
#[derive(FromPyObject)]
pub(crate) struct AccountFields {
    tag: String,
    guid: Option<String>,
    pan: Option<String>,
    merchant_id: Option<String>,
    criteria: Option<String>,
}

/// `qris.Additional`, as it comes from Python.
#[derive(FromPyObject)]
pub(crate) struct AdditionalFields {
    bill_number: Option<String>,
    mobile_number: Option<String>,
    store_label: Option<String>,
    loyalty_number: Option<String>,
    reference_label: Option<String>,
    customer_label: Option<String>,
    terminal_label: Option<String>,
    purpose: Option<String>,
    consumer_data_request: Option<String>,
    merchant_tax_id: Option<String>,
    merchant_channel: Option<String>,
}

/// `qris.Language`, as it comes from Python.
#[derive(FromPyObject)]
pub(crate) struct LanguageFields {
    code: String,
    merchant_name: String,
    merchant_city: Option<String>,
}

/// The tip or fee of three keywords, of which one may be given.
pub(crate) fn tip(
    ask: bool,
    fee: Option<&Bound<'_, PyAny>>,
    fee_percent: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<Tip>> {
    match (ask, fee, fee_percent) {
        (false, None, None) => Ok(None),
        (true, None, None) => Ok(Some(Tip::Prompt)),
        (false, Some(fee), None) => Ok(Some(Tip::Fixed(amount::from_python(fee)?))),
        (false, None, Some(percent)) => Ok(Some(Tip::Percent(amount::from_python(percent)?))),
        _ => Err(PyValueError::new_err(
            "expected one of tip, fee and fee_percent at most, found several",
        )),
    }
}

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "keywords in Python")]
pub(crate) fn encode(
    py: Python<'_>,
    merchant_name: &str,
    merchant_city: &str,
    merchant_category_code: &str,
    accounts: Vec<AccountFields>,
    national_merchant_id: Option<&str>,
    criteria: Option<&str>,
    postal_code: Option<&str>,
    amount: Option<&Bound<'_, PyAny>>,
    initiation: Option<&str>,
    tip: bool,
    fee: Option<&Bound<'_, PyAny>>,
    fee_percent: Option<&Bound<'_, PyAny>>,
    additional: Option<AdditionalFields>,
    language: Option<LanguageFields>,
    templates: Vec<(String, String)>,
    country_code: &str,
    currency: &str,
    rules: &str,
) -> PyResult<String> {
    let amount = amount.map(amount::from_python).transpose()?;
    let initiation = match initiation {
        Some("static") => Initiation::Static,
        Some("dynamic") => Initiation::Dynamic,
        Some(_) => {
            let message = "expected \"static\" or \"dynamic\" as initiation, found another word";
            return Err(PyValueError::new_err(message));
        }
        None if amount.is_some() => Initiation::Dynamic,
        None => Initiation::Static,
    };
    let mut new_accounts = accounts
        .iter()
        .map(|account| {
            Ok(NewAccount {
                tag: account_tag(py, &account.tag)?,
                guid: account.guid.as_deref(),
                pan: account.pan.as_deref(),
                merchant_id: account.merchant_id.as_deref(),
                criteria: account.criteria.as_deref(),
            })
        })
        .collect::<PyResult<Vec<_>>>()?;
    if let Some(nmid) = national_merchant_id {
        new_accounts.push(NewAccount {
            tag: Tag::NATIONAL_ACCOUNT,
            guid: Some("ID.CO.QRIS.WWW"),
            pan: None,
            merchant_id: Some(nmid),
            criteria,
        });
    }
    new_accounts.sort_by_key(|account| account.tag);
    let mut objects = templates
        .iter()
        .map(|(path, value)| {
            let path: Path = path.parse().map_err(|error| errors::encode_error(py, error))?;
            Ok((path, value.as_str()))
        })
        .collect::<PyResult<Vec<_>>>()?;
    objects.sort_by_key(|(path, _)| path.to_string());

    let mut builder = Builder::new(merchant_name, merchant_city, merchant_category_code)
        .rules(inspection::rules(rules)?)
        .initiation(initiation)
        .accounts(&new_accounts)
        .country_code(country_code)
        .currency(currency)
        .templates(&objects);
    if let Some(postal_code) = postal_code {
        builder = builder.postal_code(postal_code);
    }
    if let Some(amount) = amount {
        builder = builder.amount(amount);
    }
    if let Some(tip) = self::tip(tip, fee, fee_percent)? {
        builder = builder.tip(tip);
    }
    if let Some(additional) = &additional {
        builder = builder.additional(additional.borrowed());
    }
    if let Some(language) = &language {
        builder = builder.language(Language {
            code: &language.code,
            merchant_name: &language.merchant_name,
            merchant_city: language.merchant_city.as_deref(),
        });
    }
    let mut buffer = vec![0; builder.encoded_len()];
    let written = builder.encode_into(&mut buffer);
    written.map(str::to_owned).map_err(|error| errors::encode_error(py, error))
}

/// The tag of an account: `02` to `51`.
fn account_tag(py: Python<'_>, text: &str) -> PyResult<Tag> {
    let path: Path = text.parse().map_err(|error| errors::encode_error(py, error))?;
    let tag = path.root();
    if path != Path::of(tag) || !(2..=51).contains(&tag.number()) {
        let found = ErrorKind::NotAmendable { tag };
        return Err(errors::unencodable(py, found));
    }
    Ok(tag)
}

impl AdditionalFields {
    fn borrowed(&self) -> NewAdditional<'_> {
        let entries = [
            &self.bill_number,
            &self.mobile_number,
            &self.store_label,
            &self.loyalty_number,
            &self.reference_label,
            &self.customer_label,
            &self.terminal_label,
            &self.purpose,
        ];
        let data = [&self.consumer_data_request, &self.merchant_tax_id, &self.merchant_channel];
        NewAdditional {
            // `***`, which asks the payer, is written like any other text.
            entries: entries.map(|text| text.as_deref().map(Entry::Text)),
            data: data.map(|text| text.as_deref()),
        }
    }
}

/// Writes a changed payload.
pub(crate) fn amended(py: Python<'_>, amendment: &Amendment<'_>) -> PyResult<String> {
    let mut buffer = vec![0; amendment.encoded_len()];
    let written = amendment.encode_into(&mut buffer);
    written.map(str::to_owned).map_err(|error| errors::encode_error(py, error))
}

#[pyfunction]
pub(crate) fn anonymize(py: Python<'_>, text: &str) -> PyResult<String> {
    let refused = |error| errors::decode_error(py, &Finding::from(error));
    let payload = Payload::parse(text).map_err(refused)?;
    let mut buffer = vec![0; text.len()];
    payload.anonymize_into(&mut buffer).map(str::to_owned).map_err(refused)
}

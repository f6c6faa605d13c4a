//! Writing new payloads, and changed copies of payloads.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;
use qris_codec::encode::{Amendment, Builder, NewAccount, NewAdditional};
use qris_codec::mpm::Language;
use qris_codec::{Entry, ErrorKind, Finding, Initiation, Path, Tag, Tip, anonymize_into};

use crate::amount;
use crate::argument::{self, Text, value};
use crate::batch;
use crate::errors;
use crate::import::Import;
use crate::inspection;

static ACCOUNT: Import = Import::new("qris._fields", "Account");
static ANONYMIZED: Import = Import::new("qris._findings", "Anonymized");
static ADDITIONAL: Import = Import::new("qris._fields", "Additional");
static LANGUAGE: Import = Import::new("qris._fields", "Language");

/// The fields of `qris.Additional` and their paths.
const ADDITIONAL_FIELDS: [(&str, &str); 11] = [
    ("62.01", "bill_number"),
    ("62.02", "mobile_number"),
    ("62.03", "store_label"),
    ("62.04", "loyalty_number"),
    ("62.05", "reference_label"),
    ("62.06", "customer_label"),
    ("62.07", "terminal_label"),
    ("62.08", "purpose"),
    ("62.09", "consumer_data_request"),
    ("62.10", "merchant_tax_id"),
    ("62.11", "merchant_channel"),
];

/// A field of text, or `None`.
fn text(value: &Bound<'_, PyAny>, name: &str, path: Option<&str>) -> PyResult<Option<String>> {
    let field = value.getattr(name)?;
    if field.is_none() {
        return Ok(None);
    }
    let text = argument::value(path, argument::string(name, &field)?)?;
    Ok(Some(text.to_owned()))
}

/// A field of text that is not `None`.
fn needed(value: &Bound<'_, PyAny>, name: &str, path: Option<&str>) -> PyResult<String> {
    text(value, name, path)?
        .ok_or_else(|| PyTypeError::new_err(format!("expected str as {name}, found None")))
}

/// The fields of a `qris.Account`.
struct AccountFields {
    tag: Tag,
    guid: Option<String>,
    pan: Option<String>,
    merchant_id: Option<String>,
    criteria: Option<String>,
}

impl AccountFields {
    fn read(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let value = argument::instance(&ACCOUNT, value)?;
        let tag = account_tag(value.py(), &needed(value, "tag", None)?)?;
        let text = |name, part| text(value, name, Some(&format!("{tag}.{part}")));
        Ok(Self {
            tag,
            guid: text("guid", "00")?,
            pan: text("pan", "01")?,
            merchant_id: text("merchant_id", "02")?,
            criteria: text("criteria", "03")?,
        })
    }
}

/// The fields of a `qris.Additional`.
#[derive(Default)]
struct AdditionalFields([Option<String>; ADDITIONAL_FIELDS.len()]);

impl AdditionalFields {
    fn read(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let value = argument::instance(&ADDITIONAL, value)?;
        let mut fields = Self::default();
        for (field, (path, name)) in fields.0.iter_mut().zip(ADDITIONAL_FIELDS) {
            *field = text(value, name, Some(path))?;
        }
        Ok(fields)
    }

    fn borrowed(&self) -> NewAdditional<'_> {
        let texts = self.0.each_ref().map(Option::as_deref);
        let [entries @ .., consumer_data_request, merchant_tax_id, merchant_channel] = texts;
        // `***`, for which the wallet asks the payer, is written like any other text.
        let [
            bill_number,
            mobile_number,
            store_label,
            loyalty_number,
            reference_label,
            customer_label,
            terminal_label,
            purpose,
        ] = entries.map(|text| text.map(Entry::Text));
        NewAdditional {
            bill_number,
            mobile_number,
            store_label,
            loyalty_number,
            reference_label,
            customer_label,
            terminal_label,
            purpose,
            consumer_data_request,
            merchant_tax_id,
            merchant_channel,
        }
    }
}

/// The fields of a `qris.Language`.
struct LanguageFields {
    code: String,
    merchant_name: String,
    merchant_city: Option<String>,
}

impl LanguageFields {
    fn read(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let value = argument::instance(&LANGUAGE, value)?;
        Ok(Self {
            code: needed(value, "code", Some("64.00"))?,
            merchant_name: needed(value, "merchant_name", Some("64.01"))?,
            merchant_city: text(value, "merchant_city", Some("64.02"))?,
        })
    }
}

/// The tip or fee from three keywords, of which at most one may be given.
pub(crate) fn tip(
    ask: bool,
    fee: Option<&Bound<'_, PyAny>>,
    fee_percent: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<Tip>> {
    match (ask, fee, fee_percent) {
        (false, None, None) => Ok(None),
        (true, None, None) => Ok(Some(Tip::Prompt)),
        (false, Some(fee), None) => Ok(Some(Tip::Fixed(amount::from_python("56", fee)?))),
        (false, None, Some(percent)) => {
            Ok(Some(Tip::Percent(amount::from_python(amount::FEE_PERCENT, percent)?)))
        }
        _ => Err(errors::invalid_argument(
            "expected at most one of tip, fee and fee_percent, found several",
        )),
    }
}

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "keywords in Python")]
pub(crate) fn encode(
    py: Python<'_>,
    merchant_name: &Bound<'_, PyString>,
    merchant_city: &Bound<'_, PyString>,
    merchant_category_code: &Bound<'_, PyString>,
    accounts: Vec<Bound<'_, PyAny>>,
    national_merchant_id: Option<&Bound<'_, PyString>>,
    criteria: Option<&Bound<'_, PyString>>,
    postal_code: Option<&Bound<'_, PyString>>,
    amount: Option<&Bound<'_, PyAny>>,
    initiation: Option<Text<'_>>,
    tip: bool,
    fee: Option<&Bound<'_, PyAny>>,
    fee_percent: Option<&Bound<'_, PyAny>>,
    additional: Option<&Bound<'_, PyAny>>,
    language: Option<&Bound<'_, PyAny>>,
    templates: Vec<(Bound<'_, PyString>, Bound<'_, PyString>)>,
    country_code: &Bound<'_, PyString>,
    currency: &Bound<'_, PyString>,
    rules: Text<'_>,
) -> PyResult<String> {
    let merchant_name = value(Some("59"), merchant_name)?;
    let merchant_city = value(Some("60"), merchant_city)?;
    let national_merchant_id =
        national_merchant_id.map(|text| value(Some("51.02"), text)).transpose()?;
    let criteria = criteria.map(|text| value(Some("51.03"), text)).transpose()?;
    if criteria.is_some() && national_merchant_id.is_none() {
        return Err(errors::invalid_argument(
            "expected national_merchant_id beside criteria, found none; an account has criteria \
             of its own",
        ));
    }
    let accounts = accounts.iter().map(AccountFields::read).collect::<PyResult<Vec<_>>>()?;
    let additional = additional.map(AdditionalFields::read).transpose()?.unwrap_or_default();
    let language = language.map(LanguageFields::read).transpose()?;
    let amount = amount.map(|amount| amount::from_python("54", amount)).transpose()?;
    let initiation = match initiation.map(|initiation| initiation.0) {
        Some("static") => Initiation::Static,
        Some("dynamic") => Initiation::Dynamic,
        Some(_) => {
            let message = "expected \"static\" or \"dynamic\" as initiation, found another word";
            return Err(errors::invalid_argument(message));
        }
        None if amount.is_some() => Initiation::Dynamic,
        None => Initiation::Static,
    };
    let mut new_accounts: Vec<_> = accounts
        .iter()
        .map(|account| NewAccount {
            tag: account.tag,
            guid: account.guid.as_deref(),
            pan: account.pan.as_deref(),
            merchant_id: account.merchant_id.as_deref(),
            criteria: account.criteria.as_deref(),
        })
        .collect();
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
        .map(|(path, text)| {
            let path = parse_path(py, value(None, path)?)?;
            Ok((path, value(Some(&path.to_string()), text)?))
        })
        .collect::<PyResult<Vec<_>>>()?;
    objects.sort_by_key(|(path, _)| path.to_string());

    let mut builder =
        Builder::new(merchant_name, merchant_city, value(Some("52"), merchant_category_code)?)
            .rules(inspection::rules(rules.0)?)
            .initiation(initiation)
            .accounts(&new_accounts)
            .country_code(value(Some("58"), country_code)?)
            .currency(value(Some("53"), currency)?)
            .additional(additional.borrowed())
            .templates(&objects);
    if let Some(postal_code) = postal_code {
        builder = builder.postal_code(value(Some("61"), postal_code)?);
    }
    if let Some(amount) = amount {
        builder = builder.amount(amount);
    }
    if let Some(tip) = self::tip(tip, fee, fee_percent)? {
        builder = builder.tip(tip);
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
    written.map(str::to_owned).map_err(|finding| errors::encode_error(py, &finding))
}

fn parse_path(py: Python<'_>, text: &str) -> PyResult<Path> {
    text.parse().map_err(|error: qris_codec::Error| errors::unencodable(py, error.kind(), None))
}

/// The tag of an account: `02` to `51`.
fn account_tag(py: Python<'_>, text: &str) -> PyResult<Tag> {
    let path = parse_path(py, text)?;
    let tag = path.root();
    if path != Path::new(tag) || !(2..=51).contains(&tag.number()) {
        let found = ErrorKind::NotAmendable { tag };
        return Err(errors::unencodable(py, found, Some(&tag.to_string())));
    }
    Ok(tag)
}

/// Writes a changed payload.
pub(crate) fn amended(py: Python<'_>, amendment: &Amendment<'_>) -> PyResult<String> {
    let mut buffer = vec![0; amendment.encoded_len()];
    let written = amendment.encode_into(&mut buffer);
    written.map(str::to_owned).map_err(|finding| errors::encode_error(py, &finding))
}

#[pyfunction]
pub(crate) fn anonymize<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
    let py = text.py();
    let text = batch::utf8(text)?.map_err(|finding| errors::decode_error(py, &finding))?;
    let mut buffer = vec![0; text.len()];
    let copy = anonymize_into(text, &mut buffer)
        .map_err(|error| errors::decode_error(py, &Finding::from(error)))?;
    let fault = copy.fault().map(|fault| inspection::to_python(py, &Finding::from(fault)));
    ANONYMIZED.get(py)?.call1((copy.as_str(), fault.transpose()?, copy.unread()))
}

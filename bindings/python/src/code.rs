//! `decode`: a `Qris` from a text, or a `DecodeError`.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use qris_codec::mpm::{AdditionalData, Parsed};
use qris_codec::qris::Account;
use qris_codec::{Entry, Error, Finding, Initiation, Path, Payload, Rules, Tip};

use crate::amount;
use crate::argument::{self, Text};
use crate::batch;
use crate::encoding;
use crate::errors;
use crate::import::Import;
use crate::pictures;

static ACCOUNT: Import = Import::new("qris._fields", "Account");
static ADDITIONAL: Import = Import::new("qris._fields", "Additional");
static LANGUAGE: Import = Import::new("qris._fields", "Language");
static OBJECT: Import = Import::new("qris._fields", "Object");
static TIP: Import = Import::new("qris._fields", "Tip");

/// A usable payload: its framing and checksum are right, and it has no error under the national
/// rules.
///
/// Returned by `decode`. It keeps the text and the result of parsing, and reads a field on access.
#[pyclass(frozen, module = "qris")]
pub(crate) struct Qris {
    text: Py<PyString>,
    parsed: Parsed,
}

impl Qris {
    fn payload<'a>(&'a self, py: Python<'a>) -> PyResult<Payload<'a>> {
        let text = self.text.to_str(py)?;
        // A `str` never changes, so this is the parsed text.
        self.parsed
            .payload(text)
            .ok_or_else(|| errors::invalid_argument("expected the text of a code"))
    }
}

/// The payload in a text, or why it must not be used.
#[inline]
fn check(text: Result<&str, Finding>) -> Result<Payload<'_>, Finding> {
    let text = text?;
    match qris_codec::Qris::parse(text) {
        Ok(code) => Ok(*code.payload()),
        Err(error) => Err(refusal(text, error)),
    }
}

/// The error with its object, which the finding has.
#[cold]
fn refusal(text: &str, error: Error) -> Finding {
    let payload = Payload::parse(text).ok();
    let mut findings = payload.into_iter().flat_map(|payload| payload.findings(Rules::Qris));
    findings.find(|finding| finding.error() == error).unwrap_or(Finding::from(error))
}

/// Keeps the payload. If nothing surrounds the payload, the text of `whole` bytes itself is kept.
#[inline]
fn keep(text: &Bound<'_, PyString>, whole: usize, payload: &Payload<'_>) -> Qris {
    let (own, parsed) = (payload.as_str(), payload.parsed());
    let kept = if own.len() == whole { text.clone() } else { PyString::new(text.py(), own) };
    Qris { text: kept.unbind(), parsed }
}

/// Reads a payload, verifies its checksum and checks it against the national rules.
///
/// White space and a byte-order mark around it are ignored. A text that must not be used raises
/// `DecodeError` with `code`, `tag` and `offset`. `inspect` returns all deviations, including
/// warnings.
///
/// >>> code = qris.decode(
/// ...     "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI"
/// ...     "51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO "
/// ...     "CONTOH6007JAKARTA61051011062070703A01630466DC"
/// ... )
/// >>> code.merchant_name, code.amount, code.initiation
/// ('TOKO CONTOH', None, 'static')
/// >>> code.get("51.02")
/// 'ID1020038431489'
#[pyfunction]
pub(crate) fn decode(text: &Bound<'_, PyString>) -> PyResult<Qris> {
    let given = batch::utf8(text)?;
    let whole = given.as_ref().map_or(0, |given| given.len());
    match check(given) {
        Ok(payload) => Ok(keep(text, whole, &payload)),
        Err(finding) => Err(errors::decode_error(text.py(), &finding)),
    }
}

/// How many texts a thread checks before they are kept.
const PART: usize = 8_192;

#[pyfunction]
pub(crate) fn decode_many<'py>(
    texts: &Bound<'py, PyAny>,
    threads: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyList>> {
    let py = texts.py();
    let threads = batch::threads(threads)?;
    let texts = batch::texts(texts)?;
    let check = |text: Result<_, _>| Ok((check(text)?, text?.len()));
    let mut codes: Vec<Py<PyAny>> = Vec::with_capacity(texts.len());
    // In parts, so that the checked texts are still in the processor's cache when they are kept.
    for part in texts.chunks(PART.saturating_mul(batch::count(threads))) {
        for (text, checked) in part.iter().zip(batch::work(py, part, threads, check)?) {
            codes.push(match checked {
                Ok((payload, whole)) => Py::new(py, keep(text, whole, &payload))?.into_any(),
                Err(finding) => errors::make_decode_error(py, &finding)?.unbind(),
            });
        }
    }
    PyList::new(py, codes)
}

#[pymethods]
impl Qris {
    /// The payload itself, without anything around it.
    #[getter]
    fn text(&self, py: Python<'_>) -> Py<PyString> {
        self.text.clone_ref(py)
    }

    /// 59, the merchant's name.
    #[getter]
    fn merchant_name<'a>(&'a self, py: Python<'a>) -> PyResult<&'a str> {
        Ok(self.payload(py)?.merchant_name().unwrap_or_default())
    }

    /// 60, the merchant's city.
    #[getter]
    fn merchant_city<'a>(&'a self, py: Python<'a>) -> PyResult<&'a str> {
        Ok(self.payload(py)?.merchant_city().unwrap_or_default())
    }

    /// 61, the merchant's postal code.
    #[getter]
    fn postal_code<'a>(&'a self, py: Python<'a>) -> PyResult<Option<&'a str>> {
        Ok(self.payload(py)?.postal_code())
    }

    /// 58, the country: two upper-case letters.
    #[getter]
    fn country_code<'a>(&'a self, py: Python<'a>) -> PyResult<&'a str> {
        Ok(self.payload(py)?.country_code().unwrap_or_default())
    }

    /// 52, the merchant category code: four digits.
    #[getter]
    fn merchant_category_code<'a>(&'a self, py: Python<'a>) -> PyResult<&'a str> {
        Ok(self.payload(py)?.merchant_category_code().unwrap_or_default())
    }

    /// 53, the currency: three digits, `360` is the rupiah.
    #[getter]
    fn currency<'a>(&'a self, py: Python<'a>) -> PyResult<&'a str> {
        Ok(self.payload(py)?.currency().unwrap_or_default())
    }

    /// 54, the amount with its written decimals; `None` if the payer enters it.
    #[getter]
    fn amount<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let amount = self.payload(py)?.amount().and_then(Result::ok);
        amount.map(|amount| amount::to_decimal(py, amount)).transpose()
    }

    /// 01: `"static"` for many payments, `"dynamic"` for one, `None` if it is missing.
    #[getter]
    fn initiation(&self, py: Python<'_>) -> PyResult<Option<&'static str>> {
        Ok(self.payload(py)?.initiation().map(|initiation| match initiation {
            Initiation::Static => "static",
            Initiation::Dynamic => "dynamic",
        }))
    }

    /// 55 to 57, a tip or fee that is added to the amount.
    #[getter]
    fn tip<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(Ok(tip)) = self.payload(py)?.tip() else { return Ok(None) };
        let (kind, value) = match tip {
            Tip::Prompt => ("prompt", None),
            Tip::Fixed(fee) => ("fixed", Some(fee)),
            Tip::Percent(percent) => ("percent", Some(percent)),
        };
        let value = value.map(|value| amount::to_decimal(py, value)).transpose()?;
        TIP.get(py)?.call1((kind, value)).map(Some)
    }

    /// 51.02, the National Merchant ID (NMID). Show it under the QR.
    #[getter]
    fn national_merchant_id<'a>(&'a self, py: Python<'a>) -> PyResult<Option<&'a str>> {
        Ok(self.payload(py)?.nmid())
    }

    /// The merchant's size: `UMI`, `UKE`, `UME`, `UBE`, `URE`, `PSO` or `BLU`.
    #[getter]
    fn criteria<'a>(&'a self, py: Python<'a>) -> PyResult<Option<&'a str>> {
        Ok(self.payload(py)?.criteria())
    }

    /// 02 to 50, the accounts through which the merchant is paid.
    #[getter]
    fn accounts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = ACCOUNT.get(py)?;
        let account = |account: Account<'_>| {
            class.call1((
                account.tag().to_string(),
                account.guid(),
                account.pan(),
                account.merchant_id(),
                account.criteria(),
            ))
        };
        let accounts = self.payload(py)?.accounts().map(account).collect::<PyResult<Vec<_>>>()?;
        PyTuple::new(py, accounts)
    }

    /// 62, additional data about the payment.
    #[getter]
    fn additional<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let data: AdditionalData<'_> = self.payload(py)?.additional();
        let text = |entry: Option<Entry<'_>>| entry.map(|entry| entry.as_str().to_owned());
        let entries = [
            text(data.bill_number()),
            text(data.mobile_number()),
            text(data.store_label()),
            text(data.loyalty_number()),
            text(data.reference_label()),
            text(data.customer_label()),
            text(data.terminal_label()),
            text(data.purpose()),
            data.consumer_data_request().map(str::to_owned),
            data.merchant_tax_id().map(str::to_owned),
            data.merchant_channel().map(str::to_owned),
        ];
        ADDITIONAL.get(py)?.call1(PyTuple::new(py, entries)?)
    }

    /// 64, the merchant's name and city in another language.
    #[getter]
    fn language<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(language) = self.payload(py)?.language() else { return Ok(None) };
        let fields = (language.code, language.merchant_name, language.merchant_city);
        LANGUAGE.get(py)?.call1(fields).map(Some)
    }

    /// The value of the object at a tag path such as `"62.05"`, or `None` if there is none.
    fn get<'a>(&'a self, py: Python<'a>, path: Text<'_>) -> PyResult<Option<&'a str>> {
        let path: Path = path.0.parse().map_err(|error: qris_codec::Error| {
            errors::invalid_argument(error.kind().to_string())
        })?;
        Ok(self.payload(py)?.get(path))
    }

    /// All objects in order; the objects inside a template follow right after it.
    ///
    /// >>> sticker = qris.decode(
    /// ...     "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI"
    /// ...     "51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO "
    /// ...     "CONTOH6007JAKARTA61051011062070703A01630466DC"
    /// ... )
    /// >>> [object.path for object in sticker.walk()][:4]
    /// ['00', '01', '26', '26.00']
    fn walk<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = OBJECT.get(py)?;
        let objects = self
            .payload(py)?
            .walk()
            .map(|(path, it)| class.call1((path.to_string(), it.offset(), it.value())))
            .collect::<PyResult<Vec<_>>>()?;
        PyTuple::new(py, objects)
    }

    /// The code for one payment of this amount: 01 = 12, 54 = the amount; everything else stays the
    /// same.
    ///
    /// At most one of `tip` (the payer's app asks for one), `fee` and `fee_percent` replaces the
    /// code's own. `reference_label` is 62.05 and `bill_number` is 62.01. A wallet may refuse a
    /// code that the acquirer did not make.
    ///
    /// >>> sticker = qris.decode(
    /// ...     "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI"
    /// ...     "51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO "
    /// ...     "CONTOH6007JAKARTA61051011062070703A01630466DC"
    /// ... )
    /// >>> bill = qris.decode(sticker.to_dynamic(25_000, reference_label="INV-1"))
    /// >>> bill.amount, bill.additional.reference_label
    /// (Decimal('25000'), 'INV-1')
    /// >>> bill.to_static() == sticker.text
    /// True
    #[pyo3(signature = (amount, *, tip = false, fee = None, fee_percent = None, reference_label = None, bill_number = None))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn to_dynamic(
        &self,
        py: Python<'_>,
        amount: &Bound<'_, PyAny>,
        tip: bool,
        fee: Option<&Bound<'_, PyAny>>,
        fee_percent: Option<&Bound<'_, PyAny>>,
        reference_label: Option<&Bound<'_, PyString>>,
        bill_number: Option<&Bound<'_, PyString>>,
    ) -> PyResult<String> {
        let labels = [("62.05", reference_label), ("62.01", bill_number)];
        let [reference_label, bill_number] = labels
            .map(|(path, text)| text.map(|text| argument::value(Some(path), text)).transpose());
        let (reference_label, bill_number) = (reference_label?, bill_number?);
        let amount = amount::from_python("54", amount)?;
        let mut amendment = self.payload(py)?.to_dynamic(amount);
        if let Some(tip) = encoding::tip(tip, fee, fee_percent)? {
            amendment = amendment.tip(Some(tip));
        }
        if let Some(text) = reference_label {
            amendment = amendment.reference_label(text);
        }
        if let Some(text) = bill_number {
            amendment = amendment.bill_number(text);
        }
        encoding::amended(py, &amendment)
    }

    /// The code for any number of payments: without amount, tip, bill number and reference.
    fn to_static(&self, py: Python<'_>) -> PyResult<String> {
        encoding::amended(py, &self.payload(py)?.to_static())
    }

    #[classattr]
    fn __match_args__() -> (&'static str, &'static str, &'static str) {
        ("merchant_name", "amount", "initiation")
    }

    fn __str__(&self, py: Python<'_>) -> Py<PyString> {
        self.text(py)
    }

    /// Shows no merchant and no account, because representations end up in logs.
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let payload = self.payload(py)?;
        let kind = self.initiation(py)?.unwrap_or("undeclared");
        let amount = payload.amount().and_then(Result::ok);
        let amount = amount.map(|amount| format!(" amount={amount}")).unwrap_or_default();
        let currency = payload.currency().unwrap_or_default();
        Ok(format!("<qris.Qris {kind} currency={currency}{amount}>"))
    }

    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let Ok(other) = other.cast::<Self>() else { return Ok(py.NotImplemented()) };
        let same = self.text.bind(py).as_any().eq(&other.get().text)?;
        Ok(same.into_pyobject(py)?.to_owned().into_any().unbind())
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.text.bind(py).hash()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Py<PyString>,))> {
        let decode = py.import("qris")?.getattr("decode")?;
        Ok((decode, (self.text(py),)))
    }

    fn _repr_svg_(&self, py: Python<'_>) -> PyResult<String> {
        pictures::svg(py, &self.payload(py)?)
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<div style=\"max-width: 20em\">{}</div>", self._repr_svg_(py)?))
    }
}

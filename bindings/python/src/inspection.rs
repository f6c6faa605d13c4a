//! `inspect`: all deviations of a text from the rules.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use qris_codec::{Finding, Hint, Language, Rules, Verdict, findings, tables};

use crate::argument::Text;
use crate::batch;
use crate::errors;
use crate::import::Import;

static FINDING: Import = Import::new("qris._findings", "Finding");
static HINT: Import = Import::new("qris._findings", "Hint");
static INSPECTION: Import = Import::new("qris._findings", "Inspection");

/// The findings of a text, the worst first.
struct Inspected {
    verdict: Verdict,
    findings: Vec<Finding>,
}

impl Inspected {
    fn new(text: Result<&str, Finding>, rules: Rules) -> Self {
        match text.and_then(|text| findings::inspect(text, rules).map_err(Finding::from)) {
            Err(finding) => Self { verdict: Verdict::Malformed, findings: vec![finding] },
            Ok(found) => {
                let findings: Vec<Finding> = findings::worst_first(&found).collect();
                let worst = findings.first().map(|finding| finding.severity());
                Self { verdict: Verdict::from_worst(worst), findings }
            }
        }
    }

    fn into_python(self, py: Python<'_>, language: Language) -> PyResult<Bound<'_, PyAny>> {
        let finding = |finding: Finding| in_language(py, &finding, language);
        let findings = self.findings.into_iter().map(finding).collect::<PyResult<Vec<_>>>()?;
        INSPECTION.get(py)?.call1((self.verdict.as_str(), PyTuple::new(py, findings)?))
    }
}

/// A finding as a Python object, in English.
pub(crate) fn to_python<'py>(py: Python<'py>, finding: &Finding) -> PyResult<Bound<'py, PyAny>> {
    in_language(py, finding, Language::English)
}

fn in_language<'py>(
    py: Python<'py>,
    finding: &Finding,
    language: Language,
) -> PyResult<Bound<'py, PyAny>> {
    FINDING.get(py)?.call1((
        finding.code(),
        finding.severity().to_string(),
        finding.path().map(|path| path.to_string()),
        finding.offset(),
        finding.kind().localized(language).to_string(),
        finding.localized(language).to_string(),
    ))
}

/// The rules with this name.
pub(crate) fn rules(name: &str) -> PyResult<Rules> {
    match name {
        "qris" => Ok(Rules::Qris),
        "emv" => Ok(Rules::Emv),
        _ => Err(errors::invalid_argument(
            "expected \"qris\" or \"emv\" as rules, found another word",
        )),
    }
}

/// The language with this code.
fn language(code: &str) -> PyResult<Language> {
    Language::from_code(code).ok_or_else(|| {
        errors::invalid_argument("expected \"en\" or \"id\" as lang, found another word")
    })
}

#[pyfunction]
pub(crate) fn inspect<'py>(
    text: &Bound<'py, PyString>,
    rules: Text<'_>,
    lang: Text<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    let (rules, language) = (self::rules(rules.0)?, self::language(lang.0)?);
    Inspected::new(batch::utf8(text)?, rules).into_python(text.py(), language)
}

#[pyfunction]
pub(crate) fn inspect_many<'py>(
    texts: &Bound<'py, PyAny>,
    rules: Text<'_>,
    lang: Text<'_>,
    threads: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyList>> {
    let py = texts.py();
    let (rules, language) = (self::rules(rules.0)?, self::language(lang.0)?);
    let threads = batch::threads(threads)?;
    let texts = batch::texts(texts)?;
    let inspected = batch::work(py, &texts, threads, |text| Inspected::new(text, rules))?;
    let inspections = inspected.into_iter().map(|inspected| inspected.into_python(py, language));
    PyList::new(py, inspections.collect::<PyResult<Vec<_>>>()?)
}

#[pyfunction]
pub(crate) fn hints<'py>(
    text: &Bound<'py, PyString>,
    rules: Text<'_>,
    lang: Text<'_>,
) -> PyResult<Bound<'py, PyTuple>> {
    let py = text.py();
    let (rules, language) = (self::rules(rules.0)?, self::language(lang.0)?);
    // A text that UTF-8 cannot encode has no hints.
    let Ok(text) = batch::utf8(text)? else { return Ok(PyTuple::empty(py)) };
    let class = HINT.get(py)?;
    let hint = |hint: Hint| class.call1((hint.code(), hint.localized(language).to_string()));
    PyTuple::new(py, qris_codec::hints(text, rules).map(hint).collect::<PyResult<Vec<_>>>()?)
}

#[pyfunction]
pub(crate) fn institution(pan: Text<'_>) -> Option<&'static str> {
    let nns = pan.0.get(..8).filter(|nns| nns.starts_with("9360"))?;
    tables::institution(nns).map(|institution| institution.name)
}

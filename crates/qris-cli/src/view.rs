//! The JSON shape of a payload: what `decode --json` prints.

use serde::Serialize;

use qris_codec::tlv::{Object, Reader, Unit};
use qris_codec::{Entry, Error, Finding, Initiation, Payload, Rules, Tag, Tip, Verdict, checksum};

/// Everything that `decode --json` says about a text.
#[derive(Serialize)]
pub(crate) struct View<'a> {
    pub(crate) verdict: &'static str,
    pub(crate) findings: Vec<FindingView>,
    pub(crate) checksum: ChecksumView,
    #[serde(flatten)]
    pub(crate) fields: Option<Fields<'a>>,
    pub(crate) objects: Vec<ObjectView<'a>>,
}

#[derive(Serialize)]
pub(crate) struct FindingView {
    code: &'static str,
    severity: String,
    tag: Option<String>,
    offset: usize,
    message: String,
}

/// Four hexadecimal digits each; `null` where the text has no checksum that can be found.
#[derive(Default, Serialize)]
pub(crate) struct ChecksumView {
    pub(crate) found: Option<String>,
    pub(crate) expected: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Fields<'a> {
    initiation: Option<&'static str>,
    merchant: Merchant<'a>,
    currency: Option<&'a str>,
    amount: Option<String>,
    tip: Option<TipView>,
    national_merchant_id: Option<&'a str>,
    criteria: Option<&'a str>,
    accounts: Vec<AccountView<'a>>,
    additional: Additional<'a>,
    language: Option<LanguageView<'a>>,
}

#[derive(Serialize)]
struct Merchant<'a> {
    name: Option<&'a str>,
    city: Option<&'a str>,
    postal_code: Option<&'a str>,
    country: Option<&'a str>,
    category_code: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum TipView {
    Prompt,
    Fixed(String),
    Percent(String),
}

#[derive(Serialize)]
struct AccountView<'a> {
    tag: String,
    guid: Option<&'a str>,
    pan: Option<&'a str>,
    merchant_id: Option<&'a str>,
    criteria: Option<&'a str>,
    institution: Option<&'static str>,
}

#[derive(Serialize)]
struct Additional<'a> {
    bill_number: Option<&'a str>,
    mobile_number: Option<&'a str>,
    store_label: Option<&'a str>,
    loyalty_number: Option<&'a str>,
    reference_label: Option<&'a str>,
    customer_label: Option<&'a str>,
    terminal_label: Option<&'a str>,
    purpose: Option<&'a str>,
    consumer_data_request: Option<&'a str>,
    merchant_tax_id: Option<&'a str>,
    merchant_channel: Option<&'a str>,
}

#[derive(Serialize)]
struct LanguageView<'a> {
    code: &'a str,
    merchant_name: &'a str,
    merchant_city: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct ObjectView<'a> {
    pub(crate) tag: String,
    pub(crate) offset: usize,
    pub(crate) value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) objects: Option<Vec<ObjectView<'a>>>,
}

/// What was found in a text, worst first.
pub(crate) struct Judged<'a> {
    pub(crate) verdict: Verdict,
    pub(crate) findings: Vec<Finding>,
    pub(crate) payload: Option<Payload<'a>>,
}

impl<'a> Judged<'a> {
    pub(crate) fn of(text: &'a str, rules: Rules) -> Self {
        match Payload::parse(text) {
            Ok(payload) => {
                let mut findings: Vec<Finding> = payload.findings(rules).collect();
                // Stable: of one severity the order of the payload stays.
                findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
                Self { verdict: payload.verdict(rules), findings, payload: Some(payload) }
            }
            Err(error) => Self::refused(error),
        }
    }

    pub(crate) fn refused(error: Error) -> Self {
        let findings = vec![Finding::from(error)];
        Self { verdict: Verdict::Malformed, findings, payload: None }
    }
}

impl<'a> View<'a> {
    pub(crate) fn of(text: &'a str, judged: &Judged<'a>) -> Self {
        let (objects, checksum) = match &judged.payload {
            Some(payload) => (objects(payload.objects(), payload.unit()), right(payload)),
            None => salvaged(text),
        };
        Self {
            verdict: judged.verdict.as_str(),
            findings: judged.findings.iter().map(FindingView::of).collect(),
            checksum,
            fields: judged.payload.as_ref().map(Fields::of),
            objects,
        }
    }
}

impl FindingView {
    pub(crate) fn of(finding: &Finding) -> Self {
        Self {
            code: finding.code(),
            severity: finding.severity().to_string(),
            tag: finding.path().map(|path| path.to_string()),
            offset: finding.offset(),
            message: finding.kind().to_string(),
        }
    }
}

impl<'a> Fields<'a> {
    fn of(payload: &Payload<'a>) -> Self {
        Self {
            initiation: payload.initiation().map(initiation),
            merchant: Merchant {
                name: payload.merchant_name(),
                city: payload.merchant_city(),
                postal_code: payload.postal_code(),
                country: payload.country_code(),
                category_code: payload.merchant_category_code(),
            },
            currency: payload.currency(),
            amount: payload.amount().and_then(Result::ok).map(|amount| amount.to_string()),
            tip: payload.tip().and_then(Result::ok).map(|tip| match tip {
                Tip::Prompt => TipView::Prompt,
                Tip::Fixed(amount) => TipView::Fixed(amount.to_string()),
                Tip::Percent(percent) => TipView::Percent(percent.to_string()),
            }),
            national_merchant_id: payload.nmid(),
            criteria: payload.criteria(),
            accounts: payload
                .accounts()
                .map(|account| AccountView {
                    tag: account.tag().to_string(),
                    guid: account.guid(),
                    pan: account.pan(),
                    merchant_id: account.merchant_id(),
                    criteria: account.criteria(),
                    institution: account.institution().map(|institution| institution.name),
                })
                .collect(),
            additional: Additional::of(payload),
            language: payload.language().map(|language| LanguageView {
                code: language.code,
                merchant_name: language.merchant_name,
                merchant_city: language.merchant_city,
            }),
        }
    }
}

impl<'a> Additional<'a> {
    fn of(payload: &Payload<'a>) -> Self {
        let data = payload.additional();
        let text = |entry: Option<Entry<'a>>| entry.map(Entry::as_str);
        Self {
            bill_number: text(data.bill_number()),
            mobile_number: text(data.mobile_number()),
            store_label: text(data.store_label()),
            loyalty_number: text(data.loyalty_number()),
            reference_label: text(data.reference_label()),
            customer_label: text(data.customer_label()),
            terminal_label: text(data.terminal_label()),
            purpose: text(data.purpose()),
            consumer_data_request: data.consumer_data_request(),
            merchant_tax_id: data.merchant_tax_id(),
            merchant_channel: data.merchant_channel(),
        }
    }
}

pub(crate) fn initiation(initiation: Initiation) -> &'static str {
    match initiation {
        Initiation::Static => "static",
        Initiation::Dynamic => "dynamic",
    }
}

fn hex(checksum: u16) -> Option<String> {
    Some(format!("{checksum:04X}"))
}

fn right(payload: &Payload<'_>) -> ChecksumView {
    ChecksumView { found: hex(payload.checksum()), expected: hex(payload.checksum()) }
}

/// The objects with those inside them, wherever the standard has templates.
fn objects<'a>(all: impl Iterator<Item = Object<'a>>, unit: Unit) -> Vec<ObjectView<'a>> {
    all.map(|object| {
        let template = matches!(object.tag().number(), 26..=51 | 62 | 64 | 80..=99);
        let inner = template.then(|| inside(&object, unit, object.tag() == Tag::ADDITIONAL_DATA));
        ObjectView { objects: inner.flatten(), ..leaf(&object) }
    })
    .collect()
}

fn leaf<'a>(object: &Object<'a>) -> ObjectView<'a> {
    ObjectView {
        tag: object.tag().to_string(),
        offset: object.offset(),
        value: object.value(),
        objects: None,
    }
}

/// The objects inside a value, or `None` if it is not objects to its end.
fn inside<'a>(object: &Object<'a>, unit: Unit, additional: bool) -> Option<Vec<ObjectView<'a>>> {
    let mut reader = Reader::inside(object, unit);
    let mut found = Vec::new();
    while let Some(inner) = reader.next_object().ok()? {
        let deeper = additional && inner.tag().number() >= 50;
        let objects = if deeper { inside(&inner, unit, false) } else { None };
        found.push(ObjectView { objects, ..leaf(&inner) });
    }
    (!found.is_empty()).then_some(found)
}

/// What can be read of a text that is no payload: its objects up to the fault.
fn salvaged(text: &str) -> (Vec<ObjectView<'_>>, ChecksumView) {
    let body = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let start = text.find(body).unwrap_or(0);
    let unit = Unit::Characters;
    let mut reader = Reader::at(body, start, unit);
    let mut read = Vec::new();
    while let Ok(Some(object)) = reader.next_object() {
        read.push(object);
    }
    let crc = read.iter().find(|object| object.tag() == Tag::CHECKSUM);
    let checksum = crc.map_or_else(ChecksumView::default, |crc| ChecksumView {
        found: Some(crc.value().to_owned()),
        expected: text
            .get(start..crc.value_offset())
            .and_then(|covered| hex(checksum(covered.as_bytes()))),
    });
    (objects(read.into_iter(), unit), checksum)
}

/// Exit code 1 belongs to payloads that must not be used.
pub(crate) fn is_usable(verdict: Verdict) -> bool {
    verdict < Verdict::Invalid
}

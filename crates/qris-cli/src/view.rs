//! The JSON form of a payload: the output of `decode --json`.

use std::iter::Peekable;

use serde::Serialize;

use qris_codec::tlv::Object;
use qris_codec::{
    Entry, Error, Finding, Hint, Initiation, Path, Payload, Rules, Tag, Tip, Verdict, Walk,
    checksum, findings, hints,
};

use crate::messages::{language, message};

/// The output of `decode --json` for a text.
#[derive(Serialize)]
pub(crate) struct View<'a> {
    pub(crate) verdict: &'static str,
    pub(crate) findings: Vec<FindingView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) hints: Vec<HintView>,
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

/// What was recognised in a text.
#[derive(Serialize)]
pub(crate) struct HintView {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// Four hexadecimal digits each; `null` if no checksum is found in the text.
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
pub(crate) struct Inspection<'a> {
    pub(crate) verdict: Verdict,
    pub(crate) findings: Vec<Finding>,
    pub(crate) hints: Vec<Hint>,
    pub(crate) payload: Option<Payload<'a>>,
}

impl<'a> Inspection<'a> {
    pub(crate) fn new(text: &'a str, rules: Rules) -> Self {
        let hints = hints(text, rules).collect();
        match Payload::parse(text) {
            Ok(payload) => {
                let findings = findings::worst_first(&payload.findings(rules)).collect();
                let verdict = payload.verdict(rules);
                Self { verdict, findings, hints, payload: Some(payload) }
            }
            Err(error) => Self { hints, ..Self::refused(error) },
        }
    }

    pub(crate) fn refused(error: Error) -> Self {
        let findings = vec![Finding::from(error)];
        Self { verdict: Verdict::Malformed, findings, hints: Vec::new(), payload: None }
    }
}

impl<'a> View<'a> {
    pub(crate) fn new(text: &'a str, inspected: &Inspection<'a>) -> Self {
        let walk =
            inspected.payload.map_or_else(|| Walk::from_text(text), |payload| payload.walk());
        Self {
            verdict: inspected.verdict.as_str(),
            findings: inspected.findings.iter().map(FindingView::new).collect(),
            hints: inspected.hints.iter().map(HintView::new).collect(),
            checksum: ChecksumView::new(text, walk.clone()),
            fields: inspected.payload.as_ref().map(Fields::new),
            objects: nested(&mut walk.peekable(), 1),
        }
    }

    /// Whether the QRIS parts of accounts apply: 58 is ID or absent.
    pub(crate) fn is_national(&self) -> bool {
        let country = self.objects.iter().find(|object| object.tag == "58");
        country.is_none_or(|country| country.value == "ID")
    }
}

impl HintView {
    pub(crate) fn new(hint: &Hint) -> Self {
        let message = match hint {
            Hint::Foreign { country } => {
                message!("decode-hint-foreign", country = country.escape_ascii())
            }
            hint => hint.localized(language()).to_string(),
        };
        Self { code: hint.code(), message }
    }
}

impl FindingView {
    pub(crate) fn new(finding: &Finding) -> Self {
        Self {
            code: finding.code(),
            severity: finding.severity().to_string(),
            tag: finding.path().map(|path| path.to_string()),
            offset: finding.offset(),
            message: finding.kind().localized(language()).to_string(),
        }
    }
}

impl<'a> Fields<'a> {
    fn new(payload: &Payload<'a>) -> Self {
        // Other countries use these tags for other things: a phone number may be in the place of the criteria.
        let national = payload.country_code() == Some("ID");
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
            national_merchant_id: payload.nmid().filter(|_| national),
            criteria: payload.criteria().filter(|_| national),
            accounts: payload
                .accounts()
                .map(|account| AccountView {
                    tag: account.tag().to_string(),
                    guid: account.guid(),
                    pan: account.pan().filter(|_| national),
                    merchant_id: account.merchant_id().filter(|_| national),
                    criteria: account.criteria().filter(|_| national),
                    institution: account
                        .institution()
                        .filter(|_| national)
                        .map(|institution| institution.name),
                })
                .collect(),
            additional: Additional::new(payload),
            language: payload.language().map(|language| LanguageView {
                code: language.code,
                merchant_name: language.merchant_name,
                merchant_city: language.merchant_city,
            }),
        }
    }
}

impl<'a> Additional<'a> {
    fn new(payload: &Payload<'a>) -> Self {
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

impl ChecksumView {
    fn new(text: &str, mut walk: Walk<'_>) -> Self {
        let start = walk.offset();
        let Some((_, crc)) = walk.find(|(path, _)| *path == Path::from(Tag::CHECKSUM)) else {
            return Self::default();
        };
        let covered = text.get(start..crc.value_offset());
        Self {
            found: Some(crc.value().to_ascii_uppercase()),
            expected: covered.and_then(|covered| hex(checksum(covered.as_bytes()))),
        }
    }
}

/// The objects of this depth, with those inside them.
fn nested<'a>(walk: &mut Peekable<Walk<'a>>, depth: usize) -> Vec<ObjectView<'a>> {
    let mut level = Vec::new();
    while let Some((_, object)) = walk.next_if(|(path, _)| path.depth() == depth) {
        let inner = nested(walk, depth + 1);
        let objects = (!inner.is_empty()).then_some(inner);
        level.push(ObjectView { objects, ..ObjectView::new(&object) });
    }
    level
}

impl<'a> ObjectView<'a> {
    fn new(object: &Object<'a>) -> Self {
        Self {
            tag: object.tag().to_string(),
            offset: object.offset(),
            value: object.value(),
            objects: None,
        }
    }
}

/// Exit code 1 means that the payload must not be used.
pub(crate) fn is_usable(verdict: Verdict) -> bool {
    verdict < Verdict::Invalid
}

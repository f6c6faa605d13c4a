//! `qris decode` of a consumer-presented code.

use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use qris_codec::cpm::{self, Application, Object, Objects, Payload};
use qris_codec::{Finding, Verdict};
use serde::Serialize;

use crate::messages::{language, message};
use crate::output::{print, print_json, visible};
use crate::view::{FindingView, is_usable};

/// The beginning of all of these codes: object 85 with `CPV` in Base64.
const BEGINNING: &str = "hQVDUFY";

/// Whether a text is a consumer-presented code.
pub(crate) fn is_cpm(text: &str) -> bool {
    text.trim_start().starts_with(BEGINNING)
}

/// The output of `decode --json` for such a code.
#[derive(Serialize)]
struct View {
    verdict: &'static str,
    findings: Vec<FindingView>,
    presented_by: &'static str,
    applications: Vec<ApplicationView>,
    objects: Vec<ObjectView>,
}

#[derive(Serialize)]
struct ApplicationView {
    adf_name: String,
    label: Option<String>,
    pan: String,
    cardholder_name: Option<String>,
    languages: Option<String>,
    issuer_url: Option<String>,
}

/// The value is in hexadecimal.
#[derive(Serialize)]
struct ObjectView {
    tag: String,
    offset: usize,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    objects: Option<Vec<ObjectView>>,
}

/// Shows the code. Exit code 1 if it must not be used.
pub(crate) fn show(text: &str, json: bool) -> io::Result<ExitCode> {
    let mut buffer = vec![0; text.len()];
    let parsed = cpm::decode_into(text, &mut buffer).and_then(Payload::parse);
    let mut verdict = if parsed.is_ok() { Verdict::Valid } else { Verdict::Malformed };
    let mut findings: Vec<Finding> = parsed.err().map(Finding::from).into_iter().collect();
    let (mut applications, mut objects) = (Vec::new(), Vec::new());
    if let Ok(payload) = &parsed {
        objects = nested(payload.objects());
        for name in payload.adf_names() {
            match payload.application(name) {
                Ok(Some(application)) => applications.push(ApplicationView::new(&application)),
                Ok(None) => {}
                Err(error) => {
                    verdict = Verdict::Invalid;
                    findings.push(Finding::from(error));
                }
            }
        }
    }
    let view = View {
        verdict: verdict.as_str(),
        findings: findings.iter().map(FindingView::new).collect(),
        presented_by: "consumer",
        applications,
        objects,
    };
    if json {
        print_json(&view)?;
    } else {
        print(&view.text(&findings))?;
    }
    Ok(ExitCode::from(u8::from(!is_usable(verdict))))
}

impl ApplicationView {
    fn new(application: &Application<'_>) -> Self {
        let text = |tag| application.text(tag).map(str::to_owned);
        Self {
            adf_name: hex(application.adf_name()),
            label: text(cpm::LABEL),
            pan: application.pan().as_str().to_owned(),
            cardholder_name: text(cpm::CARDHOLDER_NAME),
            languages: text(cpm::LANGUAGES),
            issuer_url: text(cpm::ISSUER_URL),
        }
    }
}

impl View {
    fn text(&self, findings: &[Finding]) -> String {
        let mut out = message!("decode-cpm") + "\n";
        for application in &self.applications {
            out.push('\n');
            for (name, value) in [
                (message!("decode-cpm-application"), Some(&application.adf_name)),
                (message!("decode-cpm-label"), application.label.as_ref()),
                (message!("decode-cpm-pan"), Some(&application.pan)),
                (message!("decode-cpm-cardholder"), application.cardholder_name.as_ref()),
                (message!("decode-cpm-languages"), application.languages.as_ref()),
                (message!("decode-cpm-issuer"), application.issuer_url.as_ref()),
            ] {
                if let Some(value) = value {
                    let _ = writeln!(out, "{name:<12}{}", visible(value));
                }
            }
        }
        out.push('\n');
        for object in &self.objects {
            object.show(&mut out, 0);
        }
        for finding in findings {
            let finding = finding.localized(language());
            let _ = writeln!(out, "\n{finding}");
        }
        let _ = writeln!(out, "\n{}", message!("decode-verdict", verdict = self.verdict));
        out
    }
}

impl ObjectView {
    fn show(&self, out: &mut String, depth: usize) {
        let label = format!("{:depth$}{}", "", self.tag);
        match &self.objects {
            Some(objects) => {
                let _ = writeln!(out, "{label}");
                objects.iter().for_each(|object| object.show(out, depth + 2));
            }
            None => {
                let _ = writeln!(out, "{label:<10}  {}", self.value);
            }
        }
    }
}

fn nested(objects: Objects<'_>) -> Vec<ObjectView> {
    let view = |object: Object<'_>| ObjectView {
        tag: format!("{:02X}", object.tag),
        offset: object.offset,
        value: hex(object.value),
        objects: object.objects().map(nested),
    };
    objects.map(view).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

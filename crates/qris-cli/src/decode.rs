//! `qris decode`: fields, objects and findings of one payload.

use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use clap::Args;
use qris_codec::{Finding, Path, Payload, Severity, Tag, Tip};

use crate::names;
use crate::output::{payload_bytes, print_json, print_styled, visible};
use crate::rules::PayloadArguments;
use crate::view::{Inspection, ObjectView, View, initiation, is_usable};

/// Shows what a payload says and what is wrong with it
///
/// Exit code 0 when it is valid or has warnings only, 1 when it is invalid or malformed. A code that
/// a payer's phone shows (CPM, Base64 that begins with hQVDUFY) is shown as well.
#[derive(Args)]
#[command(after_help = "Example:\n  qris decode 00020101021126620014COM.GO-JEK.WWW…6304ABCD\n  \
                        qris decode --json - < payload.txt")]
pub(crate) struct Decode {
    #[command(flatten)]
    judged: PayloadArguments,
}

impl Decode {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let bytes = payload_bytes(self.judged.payload)?;
        let lossy = String::from_utf8_lossy(&bytes);
        #[cfg(feature = "cpm")]
        if crate::cpm::is_cpm(&lossy) {
            return crate::cpm::show(&lossy, self.judged.json);
        }
        let judged = match std::str::from_utf8(&bytes) {
            Ok(text) => Inspection::of(text, self.judged.rules.into()),
            Err(_) => match Payload::parse_bytes(&bytes) {
                Ok(payload) => Inspection::of(payload.as_str(), self.judged.rules.into()),
                Err(error) => Inspection::refused(error),
            },
        };
        let view = View::of(&lossy, &judged);
        if self.judged.json {
            print_json(&view)?;
        } else {
            print_styled(&text(&lossy, &judged, &view))?;
        }
        Ok(ExitCode::from(u8::from(!is_usable(judged.verdict))))
    }
}

fn text(source: &str, judged: &Inspection<'_>, view: &View<'_>) -> String {
    let mut out = String::new();
    if let Some(payload) = &judged.payload {
        summary(&mut out, payload);
        out.push('\n');
    }
    let national = view.is_national();
    for object in &view.objects {
        show(&mut out, object, None, national);
    }
    if !view.objects.is_empty() {
        out.push('\n');
    }
    for finding in &judged.findings {
        let _ = writeln!(out, "{}\n", report(source, finding, national));
    }
    for hint in &view.hints {
        let _ = writeln!(out, "hint: {}\n", hint.message);
    }
    let _ = writeln!(out, "verdict: {}", judged.verdict);
    out
}

fn summary(out: &mut String, payload: &Payload<'_>) {
    let mut line = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "{name:<12}{}", visible(&value));
        }
    };
    let owned = |value: Option<&str>| value.map(str::to_owned);
    line("merchant", owned(payload.merchant_name()));
    let place: Vec<&str> = [payload.merchant_city(), payload.postal_code(), payload.country_code()]
        .into_iter()
        .flatten()
        .collect();
    line("place", (!place.is_empty()).then(|| place.join(" ")));
    let national = payload.country_code() == Some("ID");
    line("NMID", owned(payload.nmid().filter(|_| national)));
    line("category", owned(payload.merchant_category_code()));
    line("kind", payload.initiation().map(|kind| initiation(kind).to_owned()));
    line("currency", owned(payload.currency()));
    line("amount", payload.amount().and_then(Result::ok).map(|amount| amount.to_string()));
    line(
        "tip",
        payload.tip().and_then(Result::ok).map(|tip| match tip {
            Tip::Prompt => "asked of the payer".to_owned(),
            Tip::Fixed(amount) => format!("{amount} fixed"),
            Tip::Percent(percent) => format!("{percent} %"),
        }),
    );
    for account in payload.accounts() {
        let parts = if national {
            let institution = account.institution().map(|institution| institution.name);
            [institution, account.pan(), account.merchant_id(), account.criteria()]
        } else {
            [account.guid(), None, None, None]
        };
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        line("account", Some(format!("{}: {}", account.tag(), parts.join(" "))));
    }
    let additional = payload.additional();
    line("bill", additional.bill_number().map(|entry| entry.as_str().to_owned()));
    line("reference", additional.reference_label().map(|entry| entry.as_str().to_owned()));
    line("terminal", additional.terminal_label().map(|entry| entry.as_str().to_owned()));
}

fn show(out: &mut String, object: &ObjectView<'_>, above: Option<Path>, national: bool) {
    let tag = object.tag.parse().map_or(Tag::FORMAT, Path::root);
    let path = above.map_or(Path::of(tag), |above| above.join(tag));
    let depth = 2 * (path.tags().count() - 1);
    let label = format!("{:depth$}{path}", "");
    let name = names::of(path, national);
    match &object.objects {
        Some(objects) => {
            let _ = writeln!(out, "{label:<10}  {name}");
            for inner in objects {
                show(out, inner, Some(path), national);
            }
        }
        None => {
            let _ = writeln!(out, "{label:<10}  {name:<27} {}", visible(object.value));
        }
    }
}

/// A finding with a caret under its bytes.
fn report(source: &str, finding: &Finding, national: bool) -> String {
    let level = match finding.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = match finding.path() {
        Some(path) => format!("object {path} ({}): {}", names::of(path, national), finding.kind()),
        None => finding.kind().to_string(),
    };
    let span = finding.span();
    // An invalid byte became a replacement character of another length: point no further
    // than the text goes.
    let boundary = |at: usize| {
        (0..=at.min(source.len())).rfind(|&at| source.is_char_boundary(at)).unwrap_or(0)
    };
    // Written out, a character is longer: the caret moves with it.
    let shown = visible(source);
    let column = |at: usize| visible(&source[..boundary(at)]).len();
    let annotation = AnnotationKind::Primary
        .span(column(span.start)..column(span.end))
        .label(format!("byte {}", finding.offset()));
    let group = level
        .primary_title(title)
        .id(finding.code())
        .element(Snippet::source(shown.as_ref()).annotation(annotation));
    Renderer::styled().render(&[group])
}

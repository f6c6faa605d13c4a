//! `qris decode`: fields, objects and findings of a payload, or of several from standard input.

use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use qris_codec::{Finding, Initiation, Language, Path, Payload, Rules, Severity, Tag, Tip};

use crate::messages::{language, message, set_language};
use crate::object_names;
use crate::output::{payload_lines, print, print_json, print_styled, visible};
use crate::rules::PayloadArguments;
use crate::view::{Inspection, ObjectView, View, is_usable};

#[derive(Args)]
pub(crate) struct Decode {
    #[command(flatten)]
    judged: PayloadArguments,

    #[arg(long, value_name = "LANGUAGE", value_parser = language_parser())]
    lang: Option<Language>,
}

/// The languages of findings.
fn language_parser() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new(Language::ALL.iter().map(|language| language.code()))
        .map(|code| Language::from_code(&code).unwrap_or_default())
}

impl Decode {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        if let Some(language) = self.lang {
            set_language(language);
        }
        let mut code = ExitCode::SUCCESS;
        let (rules, json) = (self.judged.rules.into(), self.judged.json);
        for (at, payload) in payload_lines(self.judged.payload)?.iter().enumerate() {
            if at > 0 && !json {
                print("\n")?;
            }
            let shown = show_payload(payload, rules, json)?;
            if shown != ExitCode::SUCCESS {
                code = shown;
            }
        }
        Ok(code)
    }
}

fn show_payload(bytes: &[u8], rules: Rules, json: bool) -> io::Result<ExitCode> {
    let lossy = String::from_utf8_lossy(bytes);
    #[cfg(feature = "cpm")]
    if crate::cpm::is_cpm(&lossy) {
        return crate::cpm::show(&lossy, json);
    }
    let judged = match std::str::from_utf8(bytes) {
        Ok(text) => Inspection::new(text, rules),
        Err(_) => match Payload::parse_bytes(bytes) {
            Ok(payload) => Inspection::new(payload.as_str(), rules),
            Err(error) => Inspection::refused(error),
        },
    };
    let view = View::new(&lossy, &judged);
    if json {
        print_json(&view)?;
    } else {
        print_styled(&text(&lossy, &judged, &view))?;
    }
    Ok(ExitCode::from(u8::from(!is_usable(judged.verdict))))
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
        let _ = writeln!(out, "{}\n", message!("decode-hint", hint = hint.message));
    }
    let _ = writeln!(out, "{}", message!("decode-verdict", verdict = judged.verdict));
    out
}

fn summary(out: &mut String, payload: &Payload<'_>) {
    let mut line = |name: String, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "{name:<12}{}", visible(&value));
        }
    };
    let owned = |value: Option<&str>| value.map(str::to_owned);
    line(message!("decode-merchant"), owned(payload.merchant_name()));
    let place: Vec<&str> = [payload.merchant_city(), payload.postal_code(), payload.country_code()]
        .into_iter()
        .flatten()
        .collect();
    line(message!("decode-place"), (!place.is_empty()).then(|| place.join(" ")));
    let national = payload.country_code() == Some("ID");
    line(message!("decode-nmid"), owned(payload.nmid().filter(|_| national)));
    line(message!("decode-category"), owned(payload.merchant_category_code()));
    line(
        message!("decode-kind"),
        payload.initiation().map(|kind| match kind {
            Initiation::Static => message!("decode-static"),
            Initiation::Dynamic => message!("decode-dynamic"),
        }),
    );
    line(message!("decode-currency"), owned(payload.currency()));
    line(
        message!("decode-amount"),
        payload.amount().and_then(Result::ok).map(|amount| amount.to_string()),
    );
    line(
        message!("decode-tip"),
        payload.tip().and_then(Result::ok).map(|tip| match tip {
            Tip::Prompt => message!("decode-tip-asked"),
            Tip::Fixed(amount) => message!("decode-tip-fixed", amount = amount),
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
        line(message!("decode-account"), Some(format!("{}: {}", account.tag(), parts.join(" "))));
    }
    let additional = payload.additional();
    line(message!("decode-bill"), additional.bill_number().map(|entry| entry.as_str().to_owned()));
    line(
        message!("decode-reference"),
        additional.reference_label().map(|entry| entry.as_str().to_owned()),
    );
    line(
        message!("decode-terminal"),
        additional.terminal_label().map(|entry| entry.as_str().to_owned()),
    );
}

fn show(out: &mut String, object: &ObjectView<'_>, above: Option<Path>, national: bool) {
    let tag = object.tag.parse().map_or(Tag::FORMAT, Path::root);
    let path = above.map_or(Path::new(tag), |above| above.join(tag));
    let depth = 2 * (path.tags().count() - 1);
    let label = format!("{:depth$}{path}", "");
    let name = object_names::name(path, national);
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
    let level = level.with_name(finding.severity().localized(language()).to_string());
    let fault = finding.kind().localized(language());
    let title = match finding.path() {
        Some(path) => {
            message!(
                "decode-object",
                path = path,
                name = object_names::name(path, national),
                fault = fault
            )
        }
        None => fault.to_string(),
    };
    let span = finding.span();
    // A replacement character differs in length from the invalid byte, so the offset may be beyond
    // the end of the text.
    let boundary = |at: usize| {
        (0..=at.min(source.len())).rfind(|&at| source.is_char_boundary(at)).unwrap_or(0)
    };
    // Escaped characters are longer, so the caret moves.
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

//! `qris read`: pictures to payloads.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Read as _};
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use qris_codec::{Hint, Payload, Rules, hints};
use qris_image::Found;
use serde::Serialize;

use crate::messages::{language, message};
use crate::output::{chain, input, note, print, print_error, print_json_line, visible};

#[derive(Args)]
pub(crate) struct Read {
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<OsString>,

    #[arg(long)]
    json: bool,
}

/// The largest file that is read, in bytes. The reader bounds the pixels.
const MAX_FILE: u64 = 256 << 20;

/// One symbol, as `--json` prints it.
#[derive(Serialize)]
struct Symbol<'a> {
    file: String,
    text: &'a str,
    kind: &'static str,
    country: Option<&'a str>,
    corners: [[f32; 2]; 4],
}

impl Read {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let mut code = ExitCode::SUCCESS;
        for image in &self.images {
            let name = Path::new(image).display().to_string();
            match read(image) {
                Ok(found) if found.is_empty() => {
                    print_error(&message!("read-no-qr", file = name));
                    code = ExitCode::FAILURE;
                }
                Ok(found) => {
                    for symbol in &found {
                        self.show(&name, symbol)?;
                    }
                }
                Err(problem) => {
                    print_error(&problem);
                    code = ExitCode::FAILURE;
                }
            }
        }
        Ok(code)
    }

    fn show(&self, file: &str, found: &Found) -> io::Result<()> {
        let text = found.text();
        let kind = Kind::new(text);
        if self.json {
            let corners = found.corners().map(|corner| [corner.x, corner.y]);
            let file = file.to_owned();
            let country = kind.country;
            print_json_line(&Symbol { file, text, kind: kind.word, country, corners })?;
        } else if io::stdout().is_terminal() {
            print(&format!("{}\n", visible(text)))?;
        } else {
            print(&format!("{text}\n"))?;
            if text.contains(['\n', '\r']) {
                note(&message!("read-line-break", file = file));
            }
        }
        if let Some(what) = kind.sentence {
            note(&message!("read-no-qris", file = file, what = what));
        }
        Ok(())
    }
}

/// The symbols in a file, or in standard input where it is `-`.
fn read(image: &OsString) -> Result<Vec<Found>, String> {
    let named = |words: String| format!("{}: {words}", Path::new(image).display());
    let mut file = Vec::new();
    // An error of opening names the file itself.
    let opened = input(image).map_err(|error| chain(&error))?;
    let len = opened.take(MAX_FILE + 1).read_to_end(&mut file);
    let len = len.map_err(|error| named(chain(&error)))?;
    if len as u64 > MAX_FILE {
        return Err(named(message!("read-too-large", megabytes = MAX_FILE >> 20)));
    }
    qris_image::read(&file).map_err(|error| named(chain(&error)))
}

/// What the text of a symbol is.
struct Kind<'a> {
    /// The stable word in JSON.
    word: &'static str,
    country: Option<&'a str>,
    /// What it is instead of a QRIS.
    sentence: Option<String>,
}

impl<'a> Kind<'a> {
    fn new(text: &'a str) -> Self {
        let other = |word, sentence| Kind { word, country: None, sentence: Some(sentence) };
        match Payload::parse(text) {
            Ok(payload) => match payload.country_code() {
                Some("ID") => Kind { word: "qris", country: Some("ID"), sentence: None },
                country => {
                    let shown = country.unwrap_or("?");
                    let sentence = message!("read-is-foreign", country = shown);
                    Kind { word: "emv", country, sentence: Some(sentence) }
                }
            },
            Err(error) => match hints(text, Rules::Qris).next() {
                Some(hint @ Hint::Cpm) => other("cpm", hint.localized(language()).to_string()),
                Some(hint) => other("malformed", hint.localized(language()).to_string()),
                None if text.trim_start().trim_start_matches('\u{feff}').starts_with("000201") => {
                    let fault = error.localized(language());
                    other("malformed", message!("read-is-malformed", fault = fault))
                }
                None => other_kind(text),
            },
        }
    }
}

/// What a text is that has nothing to do with EMV.
fn other_kind(text: &str) -> Kind<'static> {
    let begins = |start: &str| {
        text.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
    };
    let any = |starts: &[&str]| starts.iter().any(|start| begins(start));
    let (word, sentence) = if text.trim().is_empty() {
        ("empty", message!("read-is-empty"))
    } else if any(&["https://", "http://", "www."]) {
        ("web-address", message!("read-is-web-address"))
    } else if begins("WIFI:") {
        ("wifi", message!("read-is-wifi"))
    } else if any(&["BEGIN:VCARD", "MECARD:", "BIZCARD:"]) {
        ("contact", message!("read-is-contact"))
    } else if any(&["tel:", "sms:", "smsto:", "mailto:", "MATMSG:"]) {
        ("message", message!("read-is-message"))
    } else if begins("geo:") {
        ("location", message!("read-is-location"))
    } else if any(&["BEGIN:VEVENT", "BEGIN:VCALENDAR"]) {
        ("event", message!("read-is-event"))
    } else if any(&["otpauth:", "otpauth-migration:"]) {
        ("one-time-password", message!("read-is-one-time-password"))
    } else if begins("upi:") {
        ("upi", message!("read-is-upi"))
    } else if text.trim().bytes().all(|byte| byte.is_ascii_digit()) {
        ("number", message!("read-is-number"))
    } else {
        ("text", message!("read-is-text"))
    };
    Kind { word, country: None, sentence: Some(sentence) }
}

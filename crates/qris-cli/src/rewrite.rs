//! `qris dynamic`, `qris static` and `qris anonymize`: make a payload from another one.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::process::ExitCode;

use clap::Args;
use qris_codec::{Amount, Error, Initiation, Payload, Rules, Severity, Tip, anonymize_into};

use crate::messages::{language, message};
use crate::output::{payload_bytes, print, print_error};
use crate::rules::RuleSet;

#[derive(Args)]
pub(crate) struct Dynamic {
    #[command(flatten)]
    source: Source,

    #[arg(long)]
    replace: bool,

    #[arg(long, value_enum, default_value_t = RuleSet::Qris)]
    rules: RuleSet,

    #[arg(long, value_name = "N")]
    amount: Amount,

    #[arg(long, conflicts_with_all = ["fee", "fee_percent"])]
    tip: bool,

    #[arg(long, value_name = "N", conflicts_with = "fee_percent")]
    fee: Option<Amount>,

    #[arg(long, value_name = "N")]
    fee_percent: Option<Amount>,

    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,

    #[arg(long, value_name = "TEXT")]
    bill: Option<String>,
}

#[derive(Args)]
pub(crate) struct Static {
    #[command(flatten)]
    source: Source,
}

#[derive(Args)]
pub(crate) struct Anonymize {
    #[command(flatten)]
    source: Source,
}

#[derive(Args)]
struct Source {
    #[arg(value_name = "PAYLOAD", allow_hyphen_values = true)]
    payload: OsString,
}

/// Why no payload was made.
enum Refusal {
    AlreadyDynamic,
    /// What is wrong with the result.
    Invalid(Error),
    /// Another country's code is invalid under the national rules.
    Foreign(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Invalid(error)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyDynamic => f.write_str(&message!("rewrite-already-dynamic")),
            Self::Invalid(error) => f.write_str(&message!(
                "rewrite-invalid",
                fault = error.localized(language()),
                code = error.kind().code()
            )),
            Self::Foreign(error) => f.write_str(&message!(
                "rewrite-foreign",
                fault = error.localized(language()),
                code = error.kind().code()
            )),
        }
    }
}

/// Refuses a result that is invalid under these rules: `amend` applies the national rules only if 58
/// is ID.
fn refuse_invalid(text: &str, rules: Rules) -> Result<(), Refusal> {
    let payload = Payload::parse(text)?;
    let error = payload.findings(rules).find(|finding| finding.severity() == Severity::Error);
    match error.map(|finding| finding.error()) {
        None => Ok(()),
        Some(error) if payload.country_code() == Some("ID") => Err(Refusal::Invalid(error)),
        Some(error) => Err(Refusal::Foreign(error)),
    }
}

impl Source {
    /// Prints the result of `rewrite`. Exit code 1 if the codec refuses.
    fn rewrite(
        self,
        rewrite: impl FnOnce(&Payload<'_>, &mut [u8]) -> Result<usize, Refusal>,
    ) -> io::Result<ExitCode> {
        let bytes = payload_bytes(self.payload)?;
        // A longer text could not be parsed again.
        let mut buffer = vec![0; Payload::MAX_LEN];
        let payload = match Payload::parse_bytes(&bytes) {
            Ok(payload) => payload,
            Err(error) => {
                print_error(&format!("{} [{}]", error.localized(language()), error.kind().code()));
                return Ok(ExitCode::FAILURE);
            }
        };
        match rewrite(&payload, &mut buffer) {
            Ok(len) => {
                let text = String::from_utf8_lossy(&buffer[..len]);
                print(&format!("{}\n", text.trim_matches(['\r', '\n'])))?;
                Ok(ExitCode::SUCCESS)
            }
            Err(refusal) => {
                print_error(&refusal.to_string());
                Ok(ExitCode::FAILURE)
            }
        }
    }
}

impl Dynamic {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let Self { source, replace, rules, amount, tip, fee, fee_percent, reference, bill } = self;
        source.rewrite(|payload, buffer| {
            if payload.initiation() == Some(Initiation::Dynamic) && !replace {
                return Err(Refusal::AlreadyDynamic);
            }
            let mut amendment = payload.to_dynamic(amount);
            let tip = match (tip, fee, fee_percent) {
                (true, _, _) => Some(Tip::Prompt),
                (_, Some(fee), _) => Some(Tip::Fixed(fee)),
                (_, _, Some(percent)) => Some(Tip::Percent(percent)),
                _ => None,
            };
            if tip.is_some() {
                amendment = amendment.tip(tip);
            }
            if let Some(reference) = &reference {
                amendment = amendment.reference_label(reference);
            }
            if let Some(bill) = &bill {
                amendment = amendment.bill_number(bill);
            }
            let text = amendment.encode_into(buffer).map_err(qris_codec::Error::from)?;
            refuse_invalid(text, rules.into())?;
            Ok(text.len())
        })
    }
}

impl Static {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        self.source.rewrite(|payload, buffer| {
            Ok(payload.to_static().encode_into(buffer).map_err(qris_codec::Error::from)?.len())
        })
    }
}

impl Anonymize {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let bytes = payload_bytes(self.source.payload)?;
        // Bytes that are not UTF-8 become replacement characters, which are masked.
        let text = String::from_utf8_lossy(&bytes);
        let mut buffer = vec![0; text.len()];
        let copy = match anonymize_into(&text, &mut buffer) {
            Ok(copy) => copy,
            Err(error) => {
                print_error(&format!("{} [{}]", error.localized(language()), error.kind().code()));
                return Ok(ExitCode::FAILURE);
            }
        };
        print(&format!("{}\n", copy.as_str().trim_matches(['\r', '\n'])))?;
        if let Err(fault) = Payload::parse_bytes(&bytes) {
            let (code, fault) = (fault.kind().code(), fault.localized(language()));
            let note = match copy.unread() {
                Some(offset) => {
                    message!("anonymize-unread", fault = fault, code = code, offset = offset)
                }
                None => message!("anonymize-no-payload", fault = fault, code = code),
            };
            anstream::eprintln!("{note}");
        }
        Ok(ExitCode::SUCCESS)
    }
}

//! `qris dynamic`, `qris static` and `qris anonymize`: a payload made from another.

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::Args;
use qris_codec::{Amount, Error, Payload, Tip};

use crate::output::{complain, payload_bytes, print};

/// Makes a static code dynamic: for one payment of a given amount
///
/// All other objects stay as they are. The result is this tool's, not the acquirer's: whether a
/// wallet takes it is up to the wallet.
#[derive(Args)]
#[command(after_help = "Example:\n  qris dynamic \"$STICKER\" --amount 25000 --reference INV-1")]
pub(crate) struct Dynamic {
    #[command(flatten)]
    source: Source,

    /// The amount, such as 25000 or 25000.00
    #[arg(long, value_name = "N")]
    amount: Amount,

    /// Have the wallet ask the payer for a tip
    #[arg(long, conflicts_with_all = ["fee", "fee_percent"])]
    tip: bool,

    /// Add a fixed fee
    #[arg(long, value_name = "N", conflicts_with = "fee_percent")]
    fee: Option<Amount>,

    /// Add a fee in percent of the amount, such as 2.5
    #[arg(long, value_name = "N")]
    fee_percent: Option<Amount>,

    /// The reference label (62.05)
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,

    /// The bill number (62.01)
    #[arg(long, value_name = "TEXT")]
    bill: Option<String>,
}

/// Makes a dynamic code static again: without amount, tip, fee, bill number and reference
#[derive(Args)]
#[command(after_help = "Example:\n  qris static \"$PAYLOAD\"")]
pub(crate) struct Static {
    #[command(flatten)]
    source: Source,
}

/// Makes a copy that is safe to show to support: names and numbers become stand-ins
///
/// Lengths, check digits, the checksum and the verdict stay as they are.
#[derive(Args)]
#[command(after_help = "Example:\n  qris anonymize \"$PAYLOAD\"\n  qris anonymize - < payload.txt")]
pub(crate) struct Anonymize {
    #[command(flatten)]
    source: Source,
}

#[derive(Args)]
struct Source {
    /// The payload, or `-` to read it from standard input
    #[arg(value_name = "PAYLOAD", allow_hyphen_values = true)]
    payload: OsString,
}

impl Source {
    /// Prints what `rewrite` makes of the payload; 1 where the codec refuses.
    fn rewrite(
        self,
        rewrite: impl FnOnce(&Payload<'_>, &mut [u8]) -> Result<usize, Error>,
    ) -> io::Result<ExitCode> {
        let bytes = payload_bytes(self.payload)?;
        // Nothing that can be parsed afterwards is longer.
        let mut buffer = vec![0; Payload::MAX_LEN];
        let refused = |error: Error, place: &str| {
            complain(&format!("{error}{place} [{}]", error.kind().code()));
            Ok(ExitCode::FAILURE)
        };
        let payload = match Payload::parse_bytes(&bytes) {
            Ok(payload) => payload,
            Err(error) => return refused(error, ""),
        };
        match rewrite(&payload, &mut buffer) {
            Ok(len) => {
                let text = String::from_utf8_lossy(&buffer[..len]);
                print(&format!("{}\n", text.trim_matches(['\r', '\n'])))?;
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => refused(error, " of what it would become"),
        }
    }
}

impl Dynamic {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let Self { source, amount, tip, fee, fee_percent, reference, bill } = self;
        source.rewrite(|payload, buffer| {
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
            amendment.encode_into(buffer).map(str::len)
        })
    }
}

impl Static {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        self.source.rewrite(|payload, buffer| payload.to_static().encode_into(buffer).map(str::len))
    }
}

impl Anonymize {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        self.source.rewrite(|payload, buffer| payload.anonymize_into(buffer).map(str::len))
    }
}

//! Whose rules a payload is judged by.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

/// What `--help` says of `--rules`.
pub(crate) const RULES_HELP: &str = "Whose rules apply\n\n\
    The project's docs/rules.md has each rule with its clause, how certain it is, and what is met in \
    the field.";

/// A payload, and the rules to judge it by.
#[derive(Args)]
pub(crate) struct PayloadArguments {
    /// The payload, or `-` to read it from standard input
    #[arg(value_name = "PAYLOAD", allow_hyphen_values = true)]
    pub(crate) payload: OsString,

    /// Whose rules apply
    #[arg(long, value_enum, default_value_t = RuleSet::Qris, long_help = RULES_HELP)]
    pub(crate) rules: RuleSet,

    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RuleSet {
    /// EMVCo's, for any country
    Emv,
    /// EMVCo's and Indonesia's national rules
    Qris,
}

impl From<RuleSet> for qris_codec::Rules {
    fn from(rules: RuleSet) -> Self {
        match rules {
            RuleSet::Emv => Self::Emv,
            RuleSet::Qris => Self::Qris,
        }
    }
}

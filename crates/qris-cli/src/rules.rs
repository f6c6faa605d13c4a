//! The rules to check a payload with.

use std::ffi::OsString;

use clap::Args;

use crate::help::value_enum;

/// A payload, and the rules to check it with.
#[derive(Args)]
pub(crate) struct PayloadArguments {
    #[arg(value_name = "PAYLOAD", allow_hyphen_values = true)]
    pub(crate) payload: OsString,

    #[arg(long, value_enum, default_value_t = RuleSet::Qris)]
    pub(crate) rules: RuleSet,

    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy)]
pub(crate) enum RuleSet {
    Emv,
    Qris,
}

value_enum!(RuleSet, "values-rules", Emv = "emv", Qris = "qris");

impl From<RuleSet> for qris_codec::Rules {
    fn from(rules: RuleSet) -> Self {
        match rules {
            RuleSet::Emv => Self::Emv,
            RuleSet::Qris => Self::Qris,
        }
    }
}

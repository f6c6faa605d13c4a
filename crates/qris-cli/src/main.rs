//! The `qris` command.
#![forbid(unsafe_code)]

mod attention;
mod backup;
#[cfg(feature = "cpm")]
mod cpm;
mod decode;
mod demo;
mod doctor;
mod encode;
mod manual;
mod money;
mod names;
mod order;
mod output;
mod picture;
mod probe;
mod report;
mod rewrite;
mod sandbox;
mod settings;
mod till;
mod validate;
mod view;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Reads, judges, draws and takes QRIS payments.
#[derive(Parser)]
#[command(name = "qris", version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Demo),
    Decode(decode::Decode),
    Validate(validate::Validate),
    Encode(encode::Encode),
    Dynamic(rewrite::Dynamic),
    Static(rewrite::Static),
    Anonymize(rewrite::Anonymize),
    Draw(picture::Draw),
    Read(picture::Read),
    #[command(visible_alias = "invoice")]
    Order(order::OrderCommand),
    Report(report::Report),
    Probe(probe::Probe),
    Sandbox(sandbox::SandboxCommand),
    Till(till::TillCommand),
    Backup(backup::Backup),
    Doctor(doctor::Doctor),
    Completions(manual::Completions),
    Man(manual::Man),
}

/// A payload, and the rules to judge it by.
#[derive(Args)]
struct Judged {
    /// The payload, or `-` to read it from standard input
    #[arg(value_name = "PAYLOAD", allow_hyphen_values = true)]
    payload: OsString,

    /// Whose rules apply
    #[arg(long, value_enum, default_value_t = RuleSet::Qris)]
    rules: RuleSet,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum RuleSet {
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

/// Exit code 2, as for wrong usage: the command could not be carried out at all.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Demo(command) => command.run(),
        Command::Decode(command) => command.run(),
        Command::Validate(command) => command.run(),
        Command::Encode(command) => command.run(),
        Command::Dynamic(command) => command.run(),
        Command::Static(command) => command.run(),
        Command::Anonymize(command) => command.run(),
        Command::Draw(command) => command.run(),
        Command::Read(command) => command.run(),
        Command::Order(command) => command.run(),
        Command::Report(command) => command.run(),
        Command::Probe(command) => command.run(),
        Command::Sandbox(command) => command.run(),
        Command::Till(command) => command.run(),
        Command::Backup(command) => command.run(),
        Command::Doctor(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    };
    done.unwrap_or_else(|problem| {
        output::complain(&output::chain(&problem));
        ExitCode::from(USAGE)
    })
}

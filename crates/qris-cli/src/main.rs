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
mod forget;
mod help;
mod listen;
mod manual;
mod messages;
mod money;
mod object_names;
mod order;
mod output;
mod picture;
mod pin;
mod probe;
mod read;
mod report;
mod rewrite;
mod rules;
mod sandbox;
mod service;
mod settings;
mod settle;
#[cfg(test)]
mod tests;
mod till;
mod token;
mod trigger;
mod usage_error;
mod user;
mod validate;
mod view;

use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use qris_codec::Language;

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
    Read(read::Read),
    #[command(visible_alias = "invoice")]
    Order(order::OrderCommand),
    Report(report::Report),
    Settle(settle::SettleCommand),
    Probe(probe::Probe),
    Sandbox(sandbox::SandboxCommand),
    Till(till::TillCommand),
    User(user::UserCommand),
    Token(token::TokenCommand),
    Listen(listen::Listen),
    Trigger(trigger::Trigger),
    Backup(backup::Backup),
    Forget(forget::Forget),
    Doctor(doctor::Doctor),
    Settings(manual::SettingsList),
    Completions(manual::Completions),
    Man(manual::Man),
}

/// The arguments; help and complaints about them are shown by the end of the program.
fn arguments() -> Arguments {
    messages::set_language(messages::language_of_environment());
    // The help of all commands is put together only where something of it is shown.
    let matches = Arguments::command().try_get_matches().unwrap_or_else(|_| {
        help::localized_with_help_commands(Arguments::command(), messages::language())
            .try_get_matches()
            .unwrap_or_else(|error| usage_error::exit(&error))
    });
    if is_json(&matches) {
        messages::set_language(Language::English);
    }
    Arguments::from_arg_matches(&matches).unwrap_or_else(|error| usage_error::exit(&error))
}

/// Whether a program reads the output: it is the same wherever it runs.
fn is_json(matches: &ArgMatches) -> bool {
    let json = matches.try_get_one("json").ok().flatten().copied().unwrap_or_default();
    json || matches.subcommand().is_some_and(|(_, inner)| is_json(inner))
}

fn main() -> ExitCode {
    let done = match arguments().command {
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
        Command::Settle(command) => command.run(),
        Command::Probe(command) => command.run(),
        Command::Sandbox(command) => command.run(),
        Command::Till(command) => command.run(),
        Command::User(command) => command.run(),
        Command::Token(command) => command.run(),
        Command::Listen(command) => command.run(),
        Command::Trigger(command) => command.run(),
        Command::Backup(command) => command.run(),
        Command::Forget(command) => command.run(),
        Command::Doctor(command) => command.run(),
        Command::Settings(command) => command.run(Arguments::command()),
        Command::Completions(command) => command.run(manual::command::<Arguments>()),
        Command::Man(command) => command.run(manual::command::<Arguments>()),
    };
    done.unwrap_or_else(|problem| {
        output::print_error(&output::chain(&problem));
        ExitCode::from(output::USAGE)
    })
}

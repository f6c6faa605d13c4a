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
mod listen;
mod manual;
mod money;
mod names;
mod order;
mod output;
mod picture;
mod pin;
mod probe;
mod report;
mod rewrite;
mod rules;
mod sandbox;
mod service;
mod settings;
mod settle;
mod till;
mod token;
mod trigger;
mod user;
mod validate;
mod view;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

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
    Completions(manual::Completions),
    Man(manual::Man),
}

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
        Command::Completions(command) => command.run(Arguments::command()),
        Command::Man(command) => command.run(Arguments::command()),
    };
    done.unwrap_or_else(|problem| {
        output::complain(&output::chain(&problem));
        ExitCode::from(output::USAGE)
    })
}

//! `qris settings`, `qris completions` and `qris man`: the list of settings, shell completions and manual
//! pages.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;
use qris_codec::Language;

use crate::help;
use crate::messages::{language, set_language};
use crate::output::{print, print_styled};
use crate::settings::Settings;

/// The command with its help in English, because the headings of manual pages are English.
pub(crate) fn command<T: CommandFactory>() -> Command {
    set_language(Language::English);
    help::localized(T::command(), Language::English)
}

/// `qris settings`, which only has help: each setting with its flag, its variable and its default.
#[derive(Args)]
pub(crate) struct SettingsList {
    #[command(flatten)]
    _settings: Settings,
}

impl SettingsList {
    pub(crate) fn run(self, command: Command) -> io::Result<ExitCode> {
        let mut command = help::localized_with_help_commands(command, language());
        if let Some(list) = command.find_subcommand_mut("settings") {
            print_styled(&list.render_long_help().ansi().to_string())?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

#[derive(Args)]
pub(crate) struct Completions {
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, mut command: Command) -> io::Result<ExitCode> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "qris", &mut script);
        print(&String::from_utf8_lossy(&script))?;
        Ok(ExitCode::SUCCESS)
    }
}

#[derive(Args)]
pub(crate) struct Man {
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Man {
    pub(crate) fn run(self, command: Command) -> io::Result<ExitCode> {
        // Without the command `help`: its pages would repeat all others.
        let command = command.disable_help_subcommand(true);
        match self.out {
            Some(folder) => {
                let failed =
                    |error: io::Error| io::Error::other(format!("{}: {error}", folder.display()));
                fs::create_dir_all(&folder).map_err(failed)?;
                clap_mangen::generate_to(command, &folder).map_err(failed)?;
            }
            None => {
                let mut page = Vec::new();
                clap_mangen::Man::new(command).render(&mut page)?;
                print(&String::from_utf8_lossy(&page))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

//! `qris completions` and `qris man`: what the command says of itself, for shells and readers.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::Shell;

use crate::output::print;

/// Prints what makes a shell complete the words of this command
#[derive(Args)]
#[command(after_help = "Example:\n  \
    qris completions bash > ~/.local/share/bash-completion/completions/qris\n  \
    qris completions zsh > ~/.zfunc/_qris     # with fpath+=~/.zfunc before compinit\n  \
    qris completions fish > ~/.config/fish/completions/qris.fish")]
pub(crate) struct Completions {
    /// For which shell
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

/// Prints the manual page, or writes those of all commands to a folder
#[derive(Args)]
#[command(after_help = "Example:\n  qris man | man -l -\n  \
                        qris man --out ~/.local/share/man/man1 && man qris-order-wait")]
pub(crate) struct Man {
    /// A folder for a page of each command; made if there is none
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Man {
    pub(crate) fn run(self, command: Command) -> io::Result<ExitCode> {
        // Without the command `help`, whose pages would say what all others do.
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

//! Asks for a PIN. A PIN is never an argument, because other users can see arguments.

use std::io::{self, BufRead as _, IsTerminal as _};

use clap::Args;
use qris_till::Pin;

use crate::messages::message;
use crate::settings::SettingsError;

/// How many bytes of standard input are read for a PIN.
const MAX_BYTES: u64 = 64;

/// Where the PIN comes from.
#[derive(Args)]
pub(crate) struct PinInput {
    #[arg(long)]
    pin_stdin: bool,
}

impl PinInput {
    /// Reads the PIN; on a terminal it asks twice.
    pub(crate) fn read(&self) -> io::Result<Pin> {
        let text = match self.pin_stdin {
            true => line()?,
            false => asked_twice()?,
        };
        Ok(Pin::parse(text).map_err(|_| SettingsError(message!("pin-weak")))?)
    }
}

fn asked_twice() -> io::Result<String> {
    if !io::stdin().is_terminal() {
        return Err(SettingsError(message!("pin-no-terminal")).into());
    }
    let text = ask(&message!("pin-ask"))?;
    if ask(&message!("pin-ask-again"))? != text {
        return Err(SettingsError(message!("pin-two")).into());
    }
    Ok(text)
}

/// The first line of standard input, without the line end.
fn line() -> io::Result<String> {
    let mut text = String::new();
    io::Read::take(io::stdin().lock(), MAX_BYTES).read_line(&mut text)?;
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    Ok(text)
}

/// Asks on the terminal, which does not show what is typed.
#[cfg(unix)]
fn ask(question: &str) -> io::Result<String> {
    anstream::eprint!("{question} ");
    let hidden = HiddenInput::new()?;
    let text = line();
    drop(hidden);
    anstream::eprintln!();
    text
}

/// On a system where typing cannot be hidden, this asks for nothing.
#[cfg(not(unix))]
fn ask(_: &str) -> io::Result<String> {
    Err(SettingsError(message!("pin-stdin-only")).into())
}

/// A terminal that hides what is typed until this is dropped.
#[cfg(unix)]
struct HiddenInput(rustix::termios::Termios);

#[cfg(unix)]
impl HiddenInput {
    fn new() -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(io::stdin())?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &hidden)?;
        Ok(Self(before))
    }
}

#[cfg(unix)]
impl Drop for HiddenInput {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // Nothing to restore if the terminal is gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}

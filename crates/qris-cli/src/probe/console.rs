//! The conversation with the owner, on standard error and standard input.

use std::io::{self, BufRead as _};
use std::thread;

use tokio::sync::mpsc::{self, UnboundedReceiver};

use super::error::Abort;
use crate::messages::message;
use crate::output::visible;

/// The owner's answer to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Consent {
    Yes,
    Skip,
}

/// Asks the owner, or answers yes for a script.
pub(super) struct Console {
    /// The lines of standard input; `None` if nobody is asked.
    lines: Option<UnboundedReceiver<String>>,
}

impl Console {
    /// A console that answers yes to everything.
    pub(super) const fn yes() -> Self {
        Self { lines: None }
    }

    /// A console that reads standard input.
    pub(super) fn interactive() -> Self {
        let (sender, lines) = mpsc::unbounded_channel();
        thread::spawn(move || {
            for line in io::stdin().lock().lines() {
                // Ends at the end of input or of the probe.
                if line.is_ok_and(|line| sender.send(line).is_ok()) {
                    continue;
                }
                break;
            }
        });
        Self { lines: Some(lines) }
    }

    pub(super) const fn is_interactive(&self) -> bool {
        self.lines.is_some()
    }

    /// Prints a line.
    pub(super) fn say(&self, words: &str) {
        anstream::eprintln!("{}", visible(words));
    }

    /// Asks before a step.
    pub(super) async fn ask(&mut self, question: &str) -> Result<Consent, Abort> {
        let Some(lines) = &mut self.lines else {
            let line = message!("probe-answered-yes", question = question);
            anstream::eprintln!("\n{}", visible(&line));
            return Ok(Consent::Yes);
        };
        loop {
            anstream::eprintln!("\n{} [yes/skip/stop]", visible(question));
            let line = lines.recv().await.ok_or(Abort::Stopped)?;
            match line.trim().to_ascii_lowercase().as_str() {
                "yes" | "y" | "ya" => return Ok(Consent::Yes),
                "skip" => return Ok(Consent::Skip),
                "stop" => return Err(Abort::Stopped),
                _ => anstream::eprintln!("{}", message!("probe-yes-skip-stop")),
            }
        }
    }

    /// Asks what the owner sees; `None` if the owner cannot say, or nobody is asked.
    pub(super) async fn ask_what_is_seen(&mut self, question: &str) -> Result<Option<bool>, Abort> {
        let Some(lines) = &mut self.lines else { return Ok(None) };
        loop {
            anstream::eprintln!("\n{} [yes/no/skip/stop]", visible(question));
            let line = lines.recv().await.ok_or(Abort::Stopped)?;
            match line.trim().to_ascii_lowercase().as_str() {
                "yes" | "y" | "ya" => return Ok(Some(true)),
                "no" | "n" | "tidak" => return Ok(Some(false)),
                "skip" => return Ok(None),
                "stop" => return Err(Abort::Stopped),
                _ => anstream::eprintln!("{}", message!("probe-yes-no-skip-stop")),
            }
        }
    }

    /// The next line from the owner; waits forever if nobody is asked.
    pub(super) async fn line(&mut self) -> Result<String, Abort> {
        match &mut self.lines {
            Some(lines) => lines.recv().await.ok_or(Abort::Stopped),
            None => std::future::pending().await,
        }
    }
}

//! `qris user`: the people who use the till.

use std::io;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use qris_api::WibTime;
use qris_ledger::{Ledger, PersonName, Role, User};
use serde::Serialize;

use crate::help::value_enum;
use crate::messages::message;
use crate::output::{print, print_json, visible};
use crate::pin::PinInput;
use crate::settings::Settings;

#[derive(Args)]
pub(crate) struct UserCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    Add {
        name: PersonName,
        #[arg(long, value_enum)]
        role: RoleWord,
        #[command(flatten)]
        pin: PinInput,
        #[command(flatten)]
        common: Common,
    },
    Pin {
        name: PersonName,
        #[command(flatten)]
        pin: PinInput,
        #[command(flatten)]
        common: Common,
    },
    List {
        #[command(flatten)]
        common: Common,
    },
    Revoke {
        name: PersonName,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(Args)]
struct Common {
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Clone, Copy)]
enum RoleWord {
    Cashier,
    Supervisor,
    Owner,
}

value_enum!(
    RoleWord,
    "values-user-role",
    Cashier = "cashier",
    Supervisor = "supervisor",
    Owner = "owner"
);

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Cashier => Self::Cashier,
            RoleWord::Supervisor => Self::Supervisor,
            RoleWord::Owner => Self::Owner,
        }
    }
}

/// A user's JSON.
#[derive(Serialize)]
struct UserView<'a> {
    name: &'a str,
    role: Role,
    created_at: String,
    revoked_at: Option<String>,
}

impl<'a> UserView<'a> {
    fn new(user: &'a User) -> Self {
        Self {
            name: user.name.as_str(),
            role: user.role,
            created_at: user.created_at.to_string(),
            revoked_at: user.revoked_at.map(|at| at.to_string()),
        }
    }
}

impl UserCommand {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let now = WibTime::now();
        match self.action {
            Action::Add { name, role, pin, common } => {
                // Opens the database before it asks for a PIN, so that no PIN is typed in vain.
                let mut ledger = common.settings.ledger()?;
                let hash = pin.read()?.hash().map_err(io::Error::other)?;
                let added = ledger.add_user(&name, role.into(), &hash, now);
                let user = added.map_err(not_changed)?;
                common.say(
                    &user,
                    &(message!("user-added", name = shown(&user), role = user.role) + "\n"),
                )
            }
            Action::Pin { name, pin, common } => {
                let mut ledger = common.settings.existing_ledger()?;
                let hash = pin.read()?.hash().map_err(io::Error::other)?;
                let changed = ledger.set_pin_hash(&name, &hash, now);
                let user = changed.map_err(not_changed)?;
                common.say(&user, &(message!("user-pin", name = shown(&user)) + "\n"))
            }
            Action::List { common } => common.list(&common.settings.existing_ledger()?),
            Action::Revoke { name, common } => {
                let mut ledger = common.settings.existing_ledger()?;
                let user = ledger.revoke_user(&name, now).map_err(not_changed)?;
                common.say(&user, &(message!("user-revoked", name = shown(&user)) + "\n"))
            }
        }
    }
}

/// Why a user or token was not added or changed.
pub(crate) fn not_changed(error: qris_ledger::Error) -> io::Error {
    match error {
        qris_ledger::Error::NameTaken => io::Error::other(message!("person-name-taken")),
        qris_ledger::Error::NoSuchName => io::Error::other(message!("person-no-such-name")),
        error => io::Error::other(error),
    }
}

fn shown(user: &User) -> String {
    visible(user.name.as_str()).into_owned()
}

impl Common {
    fn say(&self, user: &User, words: &str) -> io::Result<ExitCode> {
        match self.json {
            true => print_json(&UserView::new(user))?,
            false => print(words)?,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn list(&self, ledger: &Ledger) -> io::Result<ExitCode> {
        let users = ledger.users().map_err(io::Error::other)?;
        if self.json {
            print_json(&users.iter().map(UserView::new).collect::<Vec<_>>())?;
            return Ok(ExitCode::SUCCESS);
        }
        let line = |user: &User| {
            let until = user.revoked_at.map(|at| message!("revoked", at = at)).unwrap_or_default();
            let (name, role) = (shown(user), user.role);
            format!("{name:<32}  {role:<10}  {until}").trim_end().to_owned() + "\n"
        };
        print(&users.iter().map(line).collect::<String>())?;
        Ok(ExitCode::SUCCESS)
    }
}

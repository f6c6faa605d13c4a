//! `qris user`: the people who use the till.

use std::io;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use qris_api::WibTime;
use qris_ledger::{Ledger, PersonName, Role, User};
use serde::Serialize;

use crate::output::{print, print_json, visible};
use crate::pin::PinInput;
use crate::settings::Settings;

/// Adds, lists and revokes the people who use the till
///
/// A user signs in at the till with name and PIN. A till that runs knows of a change within
/// two seconds. Once there is a user, a till without QRIS_TILL_TOKEN asks everybody to sign in.
#[derive(Args)]
#[command(after_help = "Example:\n  qris user add Siti --role cashier\n  qris user list")]
pub(crate) struct UserCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Adds a user, and asks for the PIN
    ///
    /// A cashier charges, lists the orders of today, and finds any order by its number. A supervisor also
    /// resolves, lists all days, and reads reports. An owner may do everything.
    #[command(after_help = "Examples:\n  qris user add Siti --role cashier\n  \
        qris user add Budi --role owner --pin-stdin < pin")]
    Add {
        /// The name to sign in with: 1 to 32 characters
        name: PersonName,
        /// What the user may do
        #[arg(long, value_enum)]
        role: RoleWord,
        #[command(flatten)]
        pin: PinInput,
        #[command(flatten)]
        common: Common,
    },
    /// Gives a user another PIN; it ends the user's sessions and the pause after wrong PINs
    #[command(after_help = "Example:\n  qris user pin Siti")]
    Pin {
        /// The user's name
        name: PersonName,
        #[command(flatten)]
        pin: PinInput,
        #[command(flatten)]
        common: Common,
    },
    /// Lists the users, also those who are revoked
    #[command(after_help = "Example:\n  qris user list --json")]
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Lets a user in no more, and ends the user's sessions
    #[command(after_help = "Example:\n  qris user revoke Siti")]
    Revoke {
        /// The user's name
        name: PersonName,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(Args)]
struct Common {
    /// Print JSON instead of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleWord {
    /// Charges, lists the orders of today, and finds any order by its number
    Cashier,
    /// Also resolves, lists all days, and reads reports
    Supervisor,
    /// Everything
    Owner,
}

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
                // First the database, so that nobody types a PIN for nothing.
                let mut ledger = common.settings.ledger()?;
                let hash = pin.read()?.hash().map_err(io::Error::other)?;
                let added = ledger.add_user(&name, role.into(), &hash, now);
                let user = added.map_err(io::Error::other)?;
                common.say(&user, &format!("{} may sign in as {}\n", shown(&user), user.role))
            }
            Action::Pin { name, pin, common } => {
                let mut ledger = common.settings.existing_ledger()?;
                let hash = pin.read()?.hash().map_err(io::Error::other)?;
                let changed = ledger.set_pin_hash(&name, &hash, now);
                let user = changed.map_err(io::Error::other)?;
                common.say(&user, &format!("{} has another PIN\n", shown(&user)))
            }
            Action::List { common } => common.list(&common.settings.existing_ledger()?),
            Action::Revoke { name, common } => {
                let mut ledger = common.settings.existing_ledger()?;
                let user = ledger.revoke_user(&name, now).map_err(io::Error::other)?;
                common.say(&user, &format!("{} is let in no more\n", shown(&user)))
            }
        }
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
            let until = user.revoked_at.map(|at| format!("revoked {at}")).unwrap_or_default();
            let (name, role) = (shown(user), user.role);
            format!("{name:<32}  {role:<10}  {until}").trim_end().to_owned() + "\n"
        };
        print(&users.iter().map(line).collect::<String>())?;
        Ok(ExitCode::SUCCESS)
    }
}

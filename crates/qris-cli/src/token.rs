//! `qris token`: the programs and displays that use the till.

use std::io;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use qris_api::WibTime;
use qris_ledger::{AccessToken, Actor, Ledger, MerchantId, PersonName, TokenRole};
use qris_till::Secret;
use serde::Serialize;

use crate::output::{print, print_json, visible};
use crate::settings::Settings;

/// Creates, lists and revokes the tokens of programs and displays
///
/// A program sends its token as `Authorization: Bearer`. A display sends it the same way, or somebody
/// types it in once on the sign-in page of its screen. A till that runs knows of a change within two
/// seconds.
#[derive(Args)]
#[command(after_help = "Example:\n  qris token create erp --role program --merchant main\n  \
                        qris token list")]
pub(crate) struct TokenCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Creates a token and prints it, this once
    ///
    /// With --merchant it is for the orders of that merchant alone.
    #[command(
        after_help = "Examples:\n  (umask 077; qris token create erp --role program > token)\n  \
        qris token create layar-1 --role display"
    )]
    Create {
        /// What it is called: 1 to 32 characters; events say `token NAME`
        name: PersonName,
        /// What it is for
        #[arg(long, value_enum)]
        role: RoleWord,
        #[command(flatten)]
        common: Common,
    },
    /// Lists the tokens, also those that are revoked; none can be read again
    #[command(after_help = "Example:\n  qris token list --json")]
    List {
        #[command(flatten)]
        common: Common,
    },
    /// Ends a token, and what is signed in with it
    #[command(after_help = "Example:\n  qris token revoke erp")]
    Revoke {
        /// The token's name
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
    /// A program that uses the HTTP API
    Program,
    /// A screen that shows customers what they are to pay
    Display,
}

impl From<RoleWord> for TokenRole {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Program => Self::Program,
            RoleWord::Display => Self::Display,
        }
    }
}

/// A token's JSON.
#[derive(Serialize)]
struct TokenView<'a> {
    name: &'a str,
    role: TokenRole,
    merchant: Option<&'a str>,
    created_at: String,
    created_by: &'a str,
    used_at: Option<String>,
    revoked_at: Option<String>,
    /// Only in the answer to `create`.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
}

impl<'a> TokenView<'a> {
    fn new(token: &'a AccessToken) -> Self {
        Self {
            name: token.name.as_str(),
            role: token.role,
            merchant: token.merchant.as_ref().map(|name| name.as_str()),
            created_at: token.created_at.to_string(),
            created_by: &token.created_by,
            used_at: token.used_at.map(|at| at.to_string()),
            revoked_at: token.revoked_at.map(|at| at.to_string()),
            token: None,
        }
    }
}

impl TokenCommand {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        match self.action {
            Action::Create { name, role, common } => create(&name, role.into(), &common)?,
            Action::List { common } => list(&common.settings.existing_ledger()?, common.json)?,
            Action::Revoke { name, common } => {
                let mut ledger = common.settings.existing_ledger()?;
                let revoked = ledger.revoke_token(&name, WibTime::now());
                let token = revoked.map_err(io::Error::other)?;
                match common.json {
                    true => print_json(&TokenView::new(&token))?,
                    false => print(&format!("{} lets nobody in any more\n", shown(&token)))?,
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn create(name: &PersonName, role: TokenRole, common: &Common) -> io::Result<()> {
    let merchant = common.settings.named_merchant()?;
    let mut ledger = common.settings.ledger()?;
    ledger.act_for(MerchantId::MAIN, &Actor::new("qris command"));
    let secret = Secret::generate()
        .ok_or_else(|| io::Error::other("expected random numbers of the system, found none"))?;
    let added = ledger.add_token(name, role, merchant.as_ref(), &secret.hash(), WibTime::now());
    let token = added.map_err(io::Error::other)?;
    if common.json {
        return print_json(&TokenView { token: Some(secret.reveal()), ..TokenView::new(&token) });
    }
    anstream::eprintln!("the token of {}, which is shown this once:", shown(&token));
    print(&format!("{}\n", secret.reveal()))
}

fn shown(token: &AccessToken) -> String {
    visible(token.name.as_str()).into_owned()
}

fn list(ledger: &Ledger, json: bool) -> io::Result<()> {
    let tokens = ledger.tokens().map_err(io::Error::other)?;
    if json {
        return print_json(&tokens.iter().map(TokenView::new).collect::<Vec<_>>());
    }
    let line = |token: &AccessToken| {
        let merchant = token.merchant.as_ref().map_or("all merchants", |name| name.as_str());
        let state = match (token.revoked_at, token.used_at) {
            (Some(at), _) => format!("revoked {at}"),
            (None, Some(at)) => format!("used {at}"),
            (None, None) => "never used".to_owned(),
        };
        let (name, role) = (shown(token), token.role);
        format!("{name:<32}  {role:<7}  {merchant:<32}  {state}\n")
    };
    print(&tokens.iter().map(line).collect::<String>())
}

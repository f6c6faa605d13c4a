//! `qris token`: the programs and displays that use the till.

use std::io;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use qris_api::WibTime;
use qris_ledger::{AccessToken, Actor, Ledger, MerchantRowId, PersonName, TokenRole};
use qris_till::Secret;
use serde::Serialize;

use crate::help::value_enum;
use crate::messages::message;
use crate::output::{print, print_json, visible};
use crate::settings::Settings;
use crate::user::not_changed;

#[derive(Args)]
pub(crate) struct TokenCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    Create {
        name: PersonName,
        #[arg(long, value_enum)]
        role: RoleWord,
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
    Program,
    Display,
}

value_enum!(RoleWord, "values-token-role", Program = "program", Display = "display");

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
    /// Only set in the answer to `create`.
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
                let token = revoked.map_err(not_changed)?;
                match common.json {
                    true => print_json(&TokenView::new(&token))?,
                    false => print(&(message!("token-revoked", name = shown(&token)) + "\n"))?,
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn create(name: &PersonName, role: TokenRole, common: &Common) -> io::Result<()> {
    let merchant = common.settings.named_merchant()?;
    let mut ledger = common.settings.ledger()?;
    ledger.act_for(MerchantRowId::MAIN, &Actor::new("qris command"));
    let secret =
        Secret::generate().ok_or_else(|| io::Error::other(message!("token-no-random-numbers")))?;
    let added = ledger.add_token(name, role, merchant.as_ref(), &secret.hash(), WibTime::now());
    let token = added.map_err(not_changed)?;
    let has_owner_token = std::env::var_os("QRIS_TILL_TOKEN").is_some_and(|text| !text.is_empty());
    if !has_owner_token && !ledger.has_users().map_err(io::Error::other)? {
        anstream::eprintln!("{}", message!("token-till-open"));
    }
    if common.json {
        return print_json(&TokenView { token: Some(secret.reveal()), ..TokenView::new(&token) });
    }
    anstream::eprintln!("{}", message!("token-shown-once", name = shown(&token)));
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
    let all = message!("token-all-merchants");
    let line = |token: &AccessToken| {
        let merchant = token.merchant.as_ref().map_or(all.as_str(), |name| name.as_str());
        let state = match (token.revoked_at, token.used_at) {
            (Some(at), _) => message!("revoked", at = at),
            (None, Some(at)) => message!("token-used", at = at),
            (None, None) => message!("token-never-used"),
        };
        let (name, role) = (shown(token), token.role);
        format!("{name:<32}  {role:<7}  {merchant:<32}  {state}\n")
    };
    print(&tokens.iter().map(line).collect::<String>())
}

//! Who sends a request.

use qris_ledger::{PersonName, Role, TokenRole};
use qris_orders::{Actor, MerchantName};

use crate::payer_names::PayerNames;
use crate::permissions::sees_payers;

/// Somebody who is let in.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) holder: Holder,
    /// What of theirs can be revoked.
    pub(crate) proof: Proof,
}

/// Who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// Anybody on this machine, where nobody is asked.
    Anybody,
    /// Somebody with the till's own token.
    OwnerToken,
    /// A user who signed in.
    User { name: PersonName, role: Role },
    /// A program or a display, for one merchant or for all.
    Token { name: PersonName, role: TokenRole, merchant: Option<MerchantName> },
}

/// How somebody showed who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// By nothing that is in the ledger.
    None,
    /// By a session whose secret has this hash.
    Session { secret_hash: String },
    /// By a token with this hash.
    Token { secret_hash: String },
}

impl Access {
    pub(crate) const fn anybody() -> Self {
        Self { holder: Holder::Anybody, proof: Proof::None }
    }

    pub(crate) const fn owner_token() -> Self {
        Self { holder: Holder::OwnerToken, proof: Proof::None }
    }

    /// The name that events have for them.
    pub(crate) fn actor(&self) -> Actor {
        match &self.holder {
            Holder::Anybody => Actor::new("cashier"),
            Holder::OwnerToken => Actor::new("owner token"),
            Holder::User { name, .. } => Actor::new(name.as_str()),
            Holder::Token { name, .. } => Actor::new(&format!("token {name}")),
        }
    }

    /// What a person may do; `None` for a program or a display.
    pub(crate) const fn role(&self) -> Option<Role> {
        match &self.holder {
            Holder::Anybody | Holder::OwnerToken => Some(Role::Owner),
            Holder::User { role, .. } => Some(*role),
            Holder::Token { .. } => None,
        }
    }

    /// How much of a payer's name they see.
    pub(crate) fn payer_names(&self) -> PayerNames {
        let who = match &self.holder {
            Holder::Token { role, .. } => Err(*role),
            Holder::Anybody | Holder::OwnerToken => Ok(Role::Owner),
            Holder::User { role, .. } => Ok(*role),
        };
        if sees_payers(who) { PayerNames::Whole } else { PayerNames::Masked }
    }

    /// Whether it is a person who sees the orders of one day alone.
    pub(crate) fn is_cashier(&self) -> bool {
        self.role() == Some(Role::Cashier)
    }

    /// Whether it is a screen, which sees what is shown and nothing else.
    pub(crate) const fn is_display(&self) -> bool {
        matches!(&self.holder, Holder::Token { role: TokenRole::Display, .. })
    }

    /// The only merchant that they may ask about; `None` for all.
    pub(crate) const fn merchant(&self) -> Option<&MerchantName> {
        match &self.holder {
            Holder::Token { merchant, .. } => merchant.as_ref(),
            _ => None,
        }
    }
}

//! Who sends a request.

use qris_ledger::{PersonName, Role, TokenRole};
use qris_orders::{Actor, MerchantName};

use crate::payer_names::PayerNames;
use crate::permissions::sees_payers;

/// An authenticated sender.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) holder: Holder,
    /// The credential, which can be revoked.
    pub(crate) proof: Credential,
}

/// Who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// Anybody on this machine, if nobody needs to sign in.
    Anybody,
    /// The till's own token.
    OwnerToken,
    /// A signed-in user.
    User { name: PersonName, role: Role },
    /// A program or a display, for one merchant or for all.
    Token { name: PersonName, role: TokenRole, merchant: Option<MerchantName> },
}

/// The credential of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Credential {
    /// Nothing from the ledger.
    None,
    /// A session; this is the hash of its secret.
    Session { secret_hash: String },
    /// A token; this is its hash.
    Token { secret_hash: String },
}

impl Access {
    pub(crate) const fn anybody() -> Self {
        Self { holder: Holder::Anybody, proof: Credential::None }
    }

    pub(crate) const fn owner_token() -> Self {
        Self { holder: Holder::OwnerToken, proof: Credential::None }
    }

    /// The actor's name in events.
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

    /// How much of a payer's name the sender sees.
    pub(crate) fn payer_names(&self) -> PayerNames {
        let who = match &self.holder {
            Holder::Token { role, .. } => Err(*role),
            Holder::Anybody | Holder::OwnerToken => Ok(Role::Owner),
            Holder::User { role, .. } => Ok(*role),
        };
        if sees_payers(who) { PayerNames::Whole } else { PayerNames::Masked }
    }

    /// Whether it is a person who sees only today's orders.
    pub(crate) fn is_cashier(&self) -> bool {
        self.role() == Some(Role::Cashier)
    }

    /// Whether it is a display, which sees only the shown order.
    pub(crate) const fn is_display(&self) -> bool {
        matches!(&self.holder, Holder::Token { role: TokenRole::Display, .. })
    }

    /// The only merchant that the sender may access; `None` for all.
    pub(crate) const fn merchant(&self) -> Option<&MerchantName> {
        match &self.holder {
            Holder::Token { merchant, .. } => merchant.as_ref(),
            _ => None,
        }
    }
}

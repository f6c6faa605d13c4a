//! The merchant and the actor of a call.

use qris_ledger::{Actor, MerchantName};

/// The merchant and the actor of a call.
///
/// ```
/// use qris_orders::{Actor, Context};
///
/// let context = Context::main(Actor::new("siti"));
/// assert_eq!(context.merchant.to_string(), "main");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The merchant.
    pub merchant: MerchantName,
    /// The actor, as events name it.
    pub actor: Actor,
}

impl Context {
    /// The merchant `main`.
    pub fn main(actor: Actor) -> Self {
        Self { merchant: MerchantName::default(), actor }
    }
}

//! For which merchant, and by whom, something is done.

use qris_ledger::{Actor, MerchantName};

/// For which merchant, and by whom, something is done.
///
/// ```
/// use qris_orders::{Actor, Context};
///
/// let context = Context::main(Actor::new("siti"));
/// assert_eq!(context.merchant.to_string(), "main");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The merchant whose orders these are.
    pub merchant: MerchantName,
    /// Who does it, as the events say.
    pub actor: Actor,
}

impl Context {
    /// The merchant `main`.
    pub fn main(actor: Actor) -> Self {
        Self { merchant: MerchantName::default(), actor }
    }
}

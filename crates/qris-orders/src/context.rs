//! For which merchant, and by whom, something is done.

use std::fmt;

/// The name of a merchant in the settings. One merchant is called `main` where nothing else is
/// said.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MerchantName(String);

impl MerchantName {
    /// The merchant `main`.
    pub fn main() -> Self {
        Self("main".to_owned())
    }
}

impl fmt::Display for MerchantName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Who does something: a part of the program such as `schedule`, or a person such as `cashier`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Actor(&'static str);

impl Actor {
    /// The watcher, by the schedule.
    pub const SCHEDULE: Self = Self("schedule");
    /// The provider's webhook.
    pub const WEBHOOK: Self = Self("webhook");

    /// A program that uses this crate.
    pub fn program() -> Self {
        Self("program")
    }

    /// An actor of this name.
    pub const fn named(name: &'static str) -> Self {
        Self(name)
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// For which merchant, and by whom, something is done.
///
/// ```
/// use qris_orders::{Actor, Context};
///
/// let context = Context::main(Actor::program());
/// assert_eq!(context.merchant.to_string(), "main");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Context {
    /// The merchant whose orders these are.
    pub merchant: MerchantName,
    /// Who does it.
    pub actor: Actor,
}

impl Context {
    /// The merchant `main`.
    pub fn main(actor: Actor) -> Self {
        Self { merchant: MerchantName::main(), actor }
    }
}

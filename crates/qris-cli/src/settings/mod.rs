//! Settings: flags, then the environment, then `qris.toml`.

mod access;
mod database;
mod defaults;
mod error;
mod file;
mod flags;
mod journal;
mod key;
mod merchant;
mod merchants;
mod network;
mod pay;
mod printers;
mod settlement;
mod tables;

pub(crate) use self::database::{not_opened, place_of_database};
pub(crate) use self::error::SettingsError;
pub(crate) use self::flags::Settings;
pub(crate) use self::merchant::{MerchantSettings, unauthenticated_client};
pub(crate) use self::settlement::SettlementSettings;

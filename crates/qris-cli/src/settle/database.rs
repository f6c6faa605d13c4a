//! The database of `qris settle`.

use std::io;

use qris_ledger::{Actor, Ledger};

use crate::settings::{Settings, SettlementSettings};

/// The actor of imported lines.
const ACTOR: &str = "qris settle";

/// Opens the existing database for the chosen merchant, and reads the merchant's settlement terms.
pub(super) fn open(settings: &Settings) -> io::Result<(Ledger, SettlementSettings)> {
    let merchant = settings.merchant()?;
    let settlement = settings.settlement(&merchant)?;
    let mut ledger = settings.existing_ledger()?;
    let id = ledger.merchant(merchant.name()).map_err(io::Error::other)?;
    ledger.act_for(id, &Actor::new(ACTOR));
    Ok((ledger, settlement))
}

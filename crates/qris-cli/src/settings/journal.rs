//! The names of the accounts in a journal: `[journal]`.

use qris_settlement::{Account, Accounts};
use serde::Deserialize;

use super::{Settings, SettingsError};

/// The keys of the table.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JournalTable {
    receivable: Option<String>,
    bank: Option<String>,
    waiting: Option<String>,
    sales: Option<String>,
    mdr: Option<String>,
    transfer_fee: Option<String>,
    tips: Option<String>,
    differences: Option<String>,
    unbooked: Option<String>,
}

impl Settings {
    /// The names of the accounts.
    pub(crate) fn journal_accounts(&self) -> Result<Accounts, SettingsError> {
        let table = &self.file()?.journal;
        let mut accounts = Accounts::default();
        for (key, account, name) in [
            ("receivable", Account::Receivable, &table.receivable),
            ("bank", Account::Bank, &table.bank),
            ("waiting", Account::Waiting, &table.waiting),
            ("sales", Account::Sales, &table.sales),
            ("mdr", Account::Mdr, &table.mdr),
            ("transfer_fee", Account::TransferFee, &table.transfer_fee),
            ("tips", Account::Tips, &table.tips),
            ("differences", Account::Differences, &table.differences),
            ("unbooked", Account::Unbooked, &table.unbooked),
        ] {
            if let Some(name) = super::non_empty(name.clone()) {
                let refused = |error| SettingsError(format!("[journal] {key}: {error}"));
                accounts.set(account, &name).map_err(refused)?;
            }
        }
        Ok(accounts)
    }
}

//! The names of the accounts in a journal: `[journal]`.

use qris_settlement::{Account, Accounts};

use super::defaults::non_empty;
use super::error::SettingsError;
use super::flags::Settings;

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
            if let Some(name) = non_empty(name.clone()) {
                let refused = |error| SettingsError(format!("[journal] {key}: {error}"));
                accounts.set(account, &name).map_err(refused)?;
            }
        }
        Ok(accounts)
    }
}

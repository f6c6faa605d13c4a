//! The names of the accounts.

use super::entry::Account;

/// The names of the accounts. The defaults are Indonesian.
///
/// ```
/// use qris_settlement::{Account, Accounts};
///
/// let mut accounts = Accounts::default();
/// assert_eq!(accounts.name(Account::Receivable), "Piutang QRIS");
/// accounts.set(Account::Bank, "Bank BCA 1234")?;
/// assert_eq!(accounts.name(Account::Bank), "Bank BCA 1234");
/// assert!(accounts.set(Account::Bank, "Bank; BCA").is_err());
/// # Ok::<(), qris_settlement::InvalidAccount>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounts([String; Account::ALL.len()]);

/// The maximum number of characters of a name.
const MAX_CHARS: usize = 100;

/// The allowed characters beside letters and digits: none that has a meaning in a spreadsheet or an
/// accounting program.
const MARKS: &str = " :-_.&/";

/// The name is not valid in every accounting program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected an account of 1 to 100 letters, digits, single spaces and : - _ . & /, which begins \
     with a letter or a digit and does not end with a space, found another name"
)]
pub struct InvalidAccount;

impl Default for Accounts {
    fn default() -> Self {
        Self(Account::ALL.map(|account| default_name(account).to_owned()))
    }
}

const fn default_name(account: Account) -> &'static str {
    match account {
        Account::Receivable => "Piutang QRIS",
        Account::Bank => "Bank",
        Account::Waiting => "Saldo di InterActive",
        Account::Sales => "Penjualan",
        Account::Mdr => "Beban MDR",
        Account::TransferFee => "Beban transfer",
        Account::Tips => "Utang tip",
        Account::Differences => "Selisih QRIS",
        Account::Unbooked => "QRIS belum dibukukan",
    }
}

impl Accounts {
    /// The name of an account.
    pub fn name(&self, account: Account) -> &str {
        &self.0[index(account)]
    }

    /// Sets the name of an account. Two accounts may have the same name.
    ///
    /// # Errors
    ///
    /// [`InvalidAccount`]
    pub fn set(&mut self, account: Account, name: &str) -> Result<(), InvalidAccount> {
        let is_known = |c: char| c.is_alphanumeric() || MARKS.contains(c);
        let is_valid = name.chars().count() <= MAX_CHARS
            && name.chars().all(is_known)
            && name.starts_with(char::is_alphanumeric)
            && !name.ends_with(' ')
            && !name.contains("  ");
        if !is_valid {
            return Err(InvalidAccount);
        }
        name.clone_into(&mut self.0[index(account)]);
        Ok(())
    }
}

fn index(account: Account) -> usize {
    Account::ALL.iter().position(|one| *one == account).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_account_has_a_name_of_its_own_that_is_valid() {
        let mut accounts = Accounts::default();
        for account in Account::ALL {
            let name = accounts.name(account).to_owned();
            assert_eq!(name, default_name(account));
            assert_eq!(accounts.set(account, &name), Ok(()), "{name}");
        }
    }

    #[test]
    fn no_name_is_taken_that_an_accounting_program_reads_as_something_else() {
        let mut accounts = Accounts::default();
        let long = "x".repeat(101);
        for name in
            ["", " Bank", "Bank ", "Bank  BCA", "Bank;", "=1+1", "(Bank)", "\"Bank\"", "B\n", &long]
        {
            assert_eq!(accounts.set(Account::Bank, name), Err(InvalidAccount), "{name:?}");
        }
        for name in ["Assets:Bank:BCA", "1-1100 Kas & Bank", "Bank Rakyat/BRI", "Réserve"] {
            assert_eq!(accounts.set(Account::Bank, name), Ok(()), "{name}");
        }
    }
}

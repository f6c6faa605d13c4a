//! Writes a journal for accounting programs.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::str::FromStr;

use qris_ledger::text_cell;

use super::accounts::Accounts;
use super::entry::{Account, Entry, Journal};

/// The format of a journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum JournalFormat {
    /// CSV for any program: `date,journal,account,debit,credit,description`, one line for each posting. The
    /// lines of an entry have the same `journal`.
    #[default]
    Csv,
    /// An hledger journal.
    Hledger,
    /// A Beancount ledger, without `open`: the file that includes it opens the accounts, or has `plugin
    /// "beancount.plugins.auto_accounts"`. A name that does not begin with one of Beancount's five account
    /// types gets one, and characters that are not letters or digits become `-`: `Assets:Piutang-QRIS`.
    Beancount,
}

/// The text is not the name of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected csv, hledger or beancount, found another word")]
pub struct UnknownJournalFormat;

impl FromStr for JournalFormat {
    type Err = UnknownJournalFormat;

    fn from_str(text: &str) -> Result<Self, UnknownJournalFormat> {
        match text {
            "csv" => Ok(Self::Csv),
            "hledger" => Ok(Self::Hledger),
            "beancount" => Ok(Self::Beancount),
            _ => Err(UnknownJournalFormat),
        }
    }
}

impl Journal {
    /// The entries in a format, with these account names.
    ///
    /// ```
    /// use qris_settlement::{Accounts, Journal, JournalFormat};
    ///
    /// let text = Journal::default().write(JournalFormat::Csv, &Accounts::default());
    /// assert_eq!(text, "date,journal,account,debit,credit,description\r\n");
    /// ```
    pub fn write(&self, format: JournalFormat, accounts: &Accounts) -> String {
        match format {
            JournalFormat::Csv => self.csv(accounts),
            JournalFormat::Hledger => self.hledger(accounts),
            JournalFormat::Beancount => self.beancount(accounts),
        }
    }

    fn csv(&self, accounts: &Accounts) -> String {
        let mut csv = "date,journal,account,debit,credit,description\r\n".to_owned();
        for Entry { date, id, description, postings } in &self.entries {
            let description = text_cell(description);
            for posting in postings {
                let amount = posting.amount.unsigned_abs();
                let account = text_cell(accounts.name(posting.account));
                // Writing to a string cannot fail.
                let _ = match posting.amount > 0 {
                    true => write!(csv, "{date},{id},{account},{amount},,{description}\r\n"),
                    false => write!(csv, "{date},{id},{account},,{amount},{description}\r\n"),
                };
            }
        }
        csv
    }

    fn hledger(&self, accounts: &Accounts) -> String {
        let postings = self.entries.iter().flat_map(|entry| &entry.postings);
        let used: BTreeSet<Account> = postings.map(|posting| posting.account).collect();
        // Whole rupiah, whose thousands separator would be a point.
        let mut text = "commodity IDR 1000.\n".to_owned();
        for account in used {
            let kind = kind(account).1;
            let _ = writeln!(text, "account {}  ; type: {kind}", accounts.name(account));
        }
        for Entry { date, id, description, postings } in &self.entries {
            // A semicolon begins a comment.
            let _ = writeln!(text, "\n{date} ({id}) {}", description.replace(';', ","));
            for posting in postings {
                let name = accounts.name(posting.account);
                let _ = writeln!(text, "    {name}  IDR {}", posting.amount);
            }
        }
        text
    }

    fn beancount(&self, accounts: &Accounts) -> String {
        let mut text = String::new();
        for Entry { date, id, description, postings } in &self.entries {
            let description = description.replace('\\', "\\\\").replace('"', "\\\"");
            let _ = writeln!(text, "{date} * \"{description}\" ^{id}");
            for posting in postings {
                let name = beancount_name(posting.account, accounts.name(posting.account));
                let _ = writeln!(text, "  {name}  {} IDR", posting.amount);
            }
            text.push('\n');
        }
        text
    }
}

/// The account types of Beancount and hledger.
const fn kind(account: Account) -> (&'static str, char) {
    match account {
        Account::Receivable | Account::Bank | Account::Waiting => ("Assets", 'A'),
        Account::Sales | Account::Differences => ("Income", 'R'),
        Account::Mdr | Account::TransferFee => ("Expenses", 'X'),
        Account::Tips | Account::Unbooked => ("Liabilities", 'L'),
    }
}

/// An account name that Beancount accepts.
fn beancount_name(account: Account, name: &str) -> String {
    const KINDS: [&str; 5] = ["Assets", "Liabilities", "Equity", "Income", "Expenses"];
    let mut parts: Vec<&str> = name.split(':').filter(|part| !part.is_empty()).collect();
    if parts.len() < 2 || !parts.first().is_some_and(|first| KINDS.contains(first)) {
        parts.insert(0, kind(account).0);
    }
    parts.into_iter().map(beancount_part).collect::<Vec<_>>().join(":")
}

/// Letters, digits and `-`, beginning with a capital letter or a digit.
fn beancount_part(part: &str) -> String {
    let mut chars = part.chars().map(|c| if c.is_alphanumeric() { c } else { '-' });
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    let is_start = first.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let start = if is_start { "" } else { "X" };
    format!("{start}{first}{}", chars.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sale whose number has all special characters of the formats.
    fn odd() -> Journal {
        let amounts = [(Account::Sales, -500), (Account::Receivable, 500), (Account::Tips, 0)];
        let words = "Penjualan QRIS main pos =1;\"2\\".to_owned();
        let date = "2026-11-27".parse().expect("a day");
        let entry = Entry::new(date, "QRIS-main-1".to_owned(), words, &amounts);
        Journal { entries: entry.into_iter().collect() }
    }

    #[test]
    fn a_line_of_csv_has_a_debit_or_a_credit_and_no_formula() {
        assert_eq!(
            odd().write(JournalFormat::Csv, &Accounts::default()),
            "date,journal,account,debit,credit,description\r\n\
             2026-11-27,QRIS-main-1,\"Piutang QRIS\",500,,\"Penjualan QRIS main pos =1;\"\"2\\\"\r\n\
             2026-11-27,QRIS-main-1,\"Penjualan\",,500,\"Penjualan QRIS main pos =1;\"\"2\\\"\r\n"
        );
    }

    #[test]
    fn no_text_ends_an_entry_of_hledger_or_beancount() {
        assert_eq!(
            odd().write(JournalFormat::Hledger, &Accounts::default()),
            "commodity IDR 1000.\naccount Piutang QRIS  ; type: A\naccount Penjualan  ; type: R\n\n\
             2026-11-27 (QRIS-main-1) Penjualan QRIS main pos =1,\"2\\\n    \
             Piutang QRIS  IDR 500\n    Penjualan  IDR -500\n"
        );
        assert_eq!(
            odd().write(JournalFormat::Beancount, &Accounts::default()),
            "2026-11-27 * \"Penjualan QRIS main pos =1;\\\"2\\\\\" ^QRIS-main-1\n  \
             Assets:Piutang-QRIS  500 IDR\n  Income:Penjualan  -500 IDR\n\n"
        );
    }

    #[test]
    fn any_name_is_one_that_beancount_takes() {
        for (name, expected) in [
            ("Piutang QRIS", "Assets:Piutang-QRIS"),
            ("Assets:Bank:BCA", "Assets:Bank:BCA"),
            ("Income:Sales", "Income:Sales"),
            ("Assets", "Assets:Assets"),
            ("1-1100 kas & bank", "Assets:1-1100-kas---bank"),
            ("aset:kas", "Assets:Aset:Kas"),
            ("aset::-kas", "Assets:Aset:X-kas"),
        ] {
            assert_eq!(beancount_name(Account::Receivable, name), expected, "{name}");
        }
    }
}

//! Entries of a journal, each of which balances.

use jiff::civil::Date;

/// What an amount is booked on. [`Accounts`](crate::Accounts) has their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Account {
    /// What the provider owes: what is paid and not settled.
    Receivable,
    /// The bank account.
    Bank,
    /// What the provider settled and did not transfer yet, because it is too little.
    Waiting,
    /// What was sold.
    Sales,
    /// The MDR, which is the merchant's cost.
    Mdr,
    /// What transfers to the bank account cost.
    TransferFee,
    /// Tips that came with payments.
    Tips,
    /// What was settled with another amount than was booked, without tips.
    Differences,
    /// What was settled and is not booked, or fits several payments.
    Unbooked,
}

impl Account {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Receivable,
        Self::Bank,
        Self::Waiting,
        Self::Sales,
        Self::Mdr,
        Self::TransferFee,
        Self::Tips,
        Self::Differences,
        Self::Unbooked,
    ];
}

/// An amount on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Posting {
    /// The account.
    pub account: Account,
    /// Whole rupiah: a debit is positive, a credit negative. Never 0.
    pub amount: i128,
}

/// An entry: its postings come to 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The day in WIB: of the payments, or of their settlement.
    pub date: Date,
    /// What tells it from all other entries: the same at each export.
    pub id: String,
    /// What it is, in Indonesian.
    pub description: String,
    /// The postings, debits first.
    pub postings: Vec<Posting>,
}

impl Entry {
    /// An entry of the amounts that are not 0; `None` where all of them are.
    pub(super) fn new(
        date: Date,
        id: String,
        description: String,
        amounts: &[(Account, i128)],
    ) -> Option<Self> {
        let posting = |&(account, amount): &(Account, i128)| Posting { account, amount };
        let mut postings: Vec<_> =
            amounts.iter().filter(|(_, amount)| *amount != 0).map(posting).collect();
        postings.sort_by_key(|posting| posting.amount < 0);
        (!postings.is_empty()).then_some(Self { date, id, description, postings })
    }
}

/// The entries of some days, in the order of time. See [`journal`](crate::journal()).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Journal {
    /// The entries.
    pub entries: Vec<Entry>,
}

impl Journal {
    /// What the entries come to on an account, in rupiah: debits less credits.
    pub fn balance(&self, account: Account) -> i128 {
        let postings = self.entries.iter().flat_map(|entry| &entry.postings);
        postings.filter(|it| it.account == account).map(|it| it.amount).sum()
    }
}

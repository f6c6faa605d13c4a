//! Journal entries, which always balance.

use jiff::civil::Date;

/// An account. [`Accounts`](crate::Accounts) has the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Account {
    /// What the provider owes: paid but not settled.
    Receivable,
    /// The bank account.
    Bank,
    /// Settled but not transferred yet, because the amount is too small.
    Waiting,
    /// Sales.
    Sales,
    /// The MDR, which the merchant pays.
    Mdr,
    /// The fees of transfers to the bank account.
    TransferFee,
    /// Tips that came with payments.
    Tips,
    /// The difference between settled and recorded amounts, without tips.
    Differences,
    /// Settled payments that are not recorded, or that fit several payments.
    Unbooked,
}

impl Account {
    /// All accounts.
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

/// An entry. Its postings add up to 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The day in WIB: of the payments, or of the settlement.
    pub date: Date,
    /// The unique id of the entry. It is the same in each export.
    pub id: String,
    /// The description, in Indonesian.
    pub description: String,
    /// The postings, debits first.
    pub postings: Vec<Posting>,
}

impl Entry {
    /// An entry with the amounts that are not 0; `None` if all are 0.
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

/// The entries of a period, in time order. See [`journal`](crate::journal()).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Journal {
    /// The entries.
    pub entries: Vec<Entry>,
}

impl Journal {
    /// The balance of the entries on an account, in rupiah: debits minus credits.
    pub fn balance(&self, account: Account) -> i128 {
        let postings = self.entries.iter().flat_map(|entry| &entry.postings);
        postings.filter(|it| it.account == account).map(|it| it.amount).sum()
    }
}

//! A line of the provider's table, and a set of them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::civil::{Date, DateTime};

/// A payment as the provider's table has it, without its payer.
///
/// ```
/// use qris_settlement::{Columns, read};
///
/// let file = b"tgl,nominal,idtrans,datesettle\n27/11/2026 10:15:30,25.578,T-1,30/11/2026\n";
/// let lines = read(file, &Columns::default())?;
/// let line = lines.lines().next().ok_or("no line")?;
/// assert_eq!((line.key.as_str(), line.amount), ("id:T-1", 25_578));
/// assert_eq!(line.settled_on.map(|day| day.to_string()).as_deref(), Some("2026-11-30"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// What tells it from all others: `id:` and its transaction id, or `line:` and a digest of the whole
    /// line without its settlement day.
    pub key: String,
    /// When it was paid, in WIB.
    pub paid_at: DateTime,
    /// How many rupiah were paid.
    pub amount: u64,
    /// How many rupiah of tip came with it.
    pub tip: u64,
    /// The portal's id of the transaction.
    pub transaction: Option<String>,
    /// The provider's invoice id.
    pub invoice: Option<u64>,
    /// The national retrieval reference number.
    pub rrn: Option<String>,
    /// The payer's bank or wallet.
    pub method: Option<String>,
    /// The day on which it was settled; `None` until then.
    pub settled_on: Option<Date>,
}

impl Line {
    /// A line of which nothing else is known.
    pub fn new(key: impl Into<String>, paid_at: DateTime, amount: u64) -> Self {
        Self {
            key: key.into(),
            paid_at,
            amount,
            tip: 0,
            transaction: None,
            invoice: None,
            rrn: None,
            method: None,
            settled_on: None,
        }
    }

    /// Takes what the other line of the same key knows. The order of two lines does not matter.
    fn merge(&mut self, other: Self) -> Result<bool, Contradiction> {
        let same = self.amount == other.amount
            && minute(self.paid_at) == minute(other.paid_at)
            && agree(self.invoice.as_ref(), other.invoice.as_ref())
            && agree(self.rrn.as_ref(), other.rrn.as_ref());
        if !same {
            return Err(Contradiction);
        }
        let before = self.clone();
        self.paid_at = self.paid_at.max(other.paid_at);
        self.tip = self.tip.max(other.tip);
        self.invoice = self.invoice.max(other.invoice);
        // An absent value is less than any other.
        let text = |mine: &mut Option<String>, other| *mine = mine.take().max(other);
        text(&mut self.transaction, other.transaction);
        text(&mut self.rrn, other.rrn);
        text(&mut self.method, other.method);
        self.settled_on = self.settled_on.max(other.settled_on);
        Ok(*self != before)
    }
}

/// A time without its seconds.
pub(crate) fn minute(time: DateTime) -> (Date, i8, i8) {
    (time.date(), time.hour(), time.minute())
}

/// Whether two may be the same: one that is not known may be any.
pub(crate) fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one == other)
}

/// Two lines with the same transaction id have another amount, minute, invoice id or RRN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected the amount, minute, invoice id and RRN of the earlier line with the same \
     transaction id, found others"
)]
pub struct Contradiction;

/// What a line added to a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New,
    /// It was there, and now more is known of it, such as its settlement day.
    More,
    /// It was there with all that is known of it.
    Nothing,
}

/// Lines, each of them once: the same set for any order and repetition of the lines.
///
/// ```
/// use qris_settlement::{Added, Line, Lines};
///
/// let mut lines = Lines::default();
/// let mut line = Line::new("id:T-1", "2026-11-27T10:15:30".parse()?, 25_578);
/// assert_eq!(lines.add(line.clone())?, Added::New);
/// assert_eq!(lines.add(line.clone())?, Added::Nothing);
/// line.settled_on = Some("2026-11-30".parse()?);
/// assert_eq!(lines.add(line.clone())?, Added::More);
/// line.amount = 25_000;
/// assert!(lines.add(line).is_err());
/// assert_eq!(lines.iter().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines(BTreeMap<String, Line>);

impl Lines {
    /// Adds a line. One that was there already stays, with what both of them know; the later settlement
    /// day counts.
    ///
    /// # Errors
    ///
    /// [`Contradiction`]; the set is as it was then.
    pub fn add(&mut self, line: Line) -> Result<Added, Contradiction> {
        match self.0.entry(line.key.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(line);
                Ok(Added::New)
            }
            Entry::Occupied(mut entry) => {
                let knows_more = entry.get_mut().merge(line)?;
                Ok(if knows_more { Added::More } else { Added::Nothing })
            }
        }
    }

    /// All lines, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = &Line> {
        self.0.values()
    }
}

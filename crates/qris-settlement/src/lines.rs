//! A set of lines of the provider's table.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use qris_ledger::SettlementLine;

/// Two lines with the same key have another amount, minute, invoice id or RRN.
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
/// use qris_api::Rupiah;
/// use qris_settlement::{Added, Lines, SettlementLine};
///
/// let mut lines = Lines::default();
/// let paid_at = "2026-11-27T10:15:30+07:00".parse()?;
/// let mut line = SettlementLine::new("id:T-1", paid_at, Rupiah::new(25_578));
/// assert_eq!(lines.add(line.clone())?, Added::New);
/// assert_eq!(lines.add(line.clone())?, Added::Nothing);
/// line.settled_on = Some("2026-11-30".parse()?);
/// assert_eq!(lines.add(line.clone())?, Added::More);
/// line.amount = Rupiah::new(25_000);
/// assert!(lines.add(line).is_err());
/// assert_eq!(lines.iter().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines(BTreeMap<String, SettlementLine>);

impl Lines {
    /// Adds a line. One that was there already stays, with what both of them know; the later settlement
    /// day counts.
    ///
    /// # Errors
    ///
    /// [`Contradiction`]; the set is as it was then.
    pub fn add(&mut self, line: SettlementLine) -> Result<Added, Contradiction> {
        match self.0.entry(line.key.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(line);
                Ok(Added::New)
            }
            Entry::Occupied(mut entry) => {
                let knows_more = entry.get_mut().merge(&line).map_err(|_| Contradiction)?;
                Ok(if knows_more { Added::More } else { Added::Nothing })
            }
        }
    }

    /// All lines, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = &SettlementLine> {
        self.0.values()
    }
}

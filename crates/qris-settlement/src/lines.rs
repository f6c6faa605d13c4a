//! A set of settlement lines.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use qris_ledger::SettlementLine;

/// Two lines with the same key have a different amount, minute, invoice id or RRN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected the amount, minute, invoice id and RRN of the earlier line with the same \
     transaction id, found others"
)]
pub struct Contradiction;

/// The result of adding a line to a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Added {
    /// It is new.
    New,
    /// It existed, and got new values, such as its settlement day.
    More,
    /// It existed with all its values.
    Nothing,
}

/// Lines, each of them once. The order and repetition of added lines do not matter.
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
    /// Adds a line. An existing line with the same key gets the values that it lacks; the later settlement
    /// day wins.
    ///
    /// # Errors
    ///
    /// [`Contradiction`]; the set is unchanged then.
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

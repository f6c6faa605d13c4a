//! Many orders in one transaction.

use qris_api::WibTime;

use crate::database::Value;
use crate::request::Terms;
use crate::rows::{append, find};
use crate::{Difference, Error, Ledger, NewOrder, Order, State};

/// The result of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// All orders of the import, in their order.
    pub orders: Vec<Order>,
    /// The number of orders that are new in the ledger.
    pub new: usize,
}

impl Ledger {
    /// Records these orders without requesting codes, as [`Ledger::open_order`] does: all in one transaction,
    /// or none. Other writers wait until it ends; 5,000 orders take about a second in SQLite.
    ///
    /// An existing order stays as it is, in any state. So repeating an import changes nothing.
    ///
    /// ```
    /// use qris_api::{Rupiah, TransactionNumber, WibTime};
    /// use qris_ledger::{Error, Ledger, NewOrder};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let mut bills = Vec::new();
    /// for number in ["BILL-1", "BILL-2"] {
    ///     bills.push(NewOrder::new(TransactionNumber::parse(number)?, Rupiah::new(150_000)));
    /// }
    /// assert_eq!(ledger.import_orders(&bills, WibTime::now())?.new, 2);
    /// assert_eq!(ledger.import_orders(&bills, WibTime::now())?.new, 0);
    /// bills[1].amount = Rupiah::new(175_000);
    /// let refused = ledger.import_orders(&bills, WibTime::now());
    /// let Err(Error::Differs(differences)) = refused else { panic!() };
    /// assert_eq!((differences[0].index, differences[0].column), (1, "amount"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Differs`] if a number exists with another amount, channel, tip, description, reference, due
    /// date or, if the import has metadata, other metadata. [`Error::TooLarge`] and [`Error::TooLong`] as for
    /// [`Ledger::request`].
    pub fn import_orders(&mut self, new: &[NewOrder], now: WibTime) -> Result<Imported, Error> {
        let terms: Vec<Terms> = new.iter().map(Terms::new).collect::<Result<_, _>>()?;
        self.write(|step| {
            let mut imported = Imported { orders: Vec::with_capacity(new.len()), new: 0 };
            let mut differences = Vec::new();
            for (index, (new, terms)) in new.iter().zip(&terms).enumerate() {
                let inserted = terms.insert(step, new, State::Open, None, now)?;
                if let Some(id) = inserted {
                    append(step, id, None, State::Open, None, now)?;
                    imported.new += 1;
                }
                let order = find(step, &new.number)?.ok_or(Error::Absent)?;
                if inserted.is_none()
                    && let Some(column) = terms.difference(new, &order)
                {
                    differences.push(Difference { index, column });
                }
                imported.orders.push(order);
            }
            // The error ends the transaction, so nothing is stored.
            if differences.is_empty() { Ok(imported) } else { Err(Error::Differs(differences)) }
        })
    }
}

impl Terms {
    /// The first column in which the order in the ledger differs.
    fn difference(&self, new: &NewOrder, order: &Order) -> Option<&'static str> {
        let second = |at: Option<WibTime>| at.map(Value::from);
        let same = [
            ("amount", new.amount == order.amount),
            ("channel", new.channel == order.channel),
            ("tip", new.tip == order.tip),
            ("description", self.description == order.description),
            ("reference", self.reference == order.reference),
            ("due_at", second(new.due_at) == second(order.due_at)),
            ("metadata", self.metadata.is_none() || self.metadata == order.metadata),
        ];
        same.into_iter().find_map(|(column, is_same)| (!is_same).then_some(column))
    }
}

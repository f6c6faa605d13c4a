//! Pay links for orders that were recorded without one.

use crate::rows::{left_out, transaction_number};
use crate::{Error, Ledger};

/// The last of the next 1,000 orders.
const LAST_OF_PAGE: &str = "
    SELECT max(id) FROM (SELECT id FROM qris_order WHERE id > $1 ORDER BY id LIMIT 1000) AS page";

/// The orders of a page without a hash.
const WITHOUT_PAGE: &str = "
    SELECT o.id, m.name, o.number
    FROM qris_order AS o JOIN qris_merchant AS m ON m.id = o.merchant
    WHERE o.id > $1 AND o.id <= $2 AND o.pay_hash IS NULL ORDER BY o.id";

const ADD_PAGE: &str =
    "UPDATE qris_order SET pay_hash = $1 WHERE id = $2 AND pay_hash IS NULL RETURNING id";

impl Ledger {
    /// Gives a payer's page to orders of any merchant that were recorded without one, by an earlier version
    /// or without [`PayLinks`](crate::PayLinks). Each call reads the next 1,000 orders after a row (start
    /// with 0) and returns the row of the last one, or `None` at the end. Other writers wait only while one
    /// order is changed.
    ///
    /// ```
    /// use qris_api::{Rupiah, TransactionNumber, WibTime};
    /// use qris_ledger::{Ledger, NewOrder, PayKey, PayLinks, WebAddress};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let number = TransactionNumber::parse("INV-1")?;
    /// ledger.open_order(&NewOrder::new(number.clone(), Rupiah::new(25_578)), WibTime::now())?;
    /// let address = WebAddress::parse("https://bayar.toko.example")?;
    /// ledger.set_pay_links(Some(PayLinks::new(PayKey::from_bytes(&[7; 32]), Some(address))));
    /// assert_eq!(ledger.find(&number)?.and_then(|order| order.pay_url), None);
    /// let mut last = Some(0);
    /// while let Some(row) = last {
    ///     last = ledger.add_pay_links(row)?;
    /// }
    /// assert!(ledger.find(&number)?.is_some_and(|order| order.pay_url.is_some()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn add_pay_links(&mut self, after: i64) -> Result<Option<i64>, Error> {
        let Some(links) = self.pay_links.clone() else { return Ok(None) };
        let (last, missing) = self.read(|step| {
            let mut row = step.first(LAST_OF_PAGE, &[after.into()])?.ok_or(Error::Absent)?;
            let Some(last) = row.optional_integer(0, "id")? else { return Ok((None, Vec::new())) };
            Ok((Some(last), step.query(WITHOUT_PAGE, &[after.into(), last.into()])?))
        })?;
        if missing.is_empty() {
            return Ok(last);
        }
        self.write(|step| {
            for mut row in missing {
                let (id, merchant) = (row.integer(0, "id")?, row.word(1, "name"));
                let number = row.text(2, "number").and_then(|text| transaction_number(&text));
                match merchant.and_then(|merchant| Ok((merchant, number?))) {
                    Ok((merchant, number)) => {
                        let hash = links.hash(&merchant, &number);
                        step.query(ADD_PAGE, &[hash.as_str().into(), id.into()])?;
                    }
                    Err(error) => left_out(step, None, error)?,
                }
            }
            Ok(last)
        })
    }
}

//! Which merchants a ledger has, and the account of each.

use qris_api::Fingerprint;

use crate::created::MAX_NMID_CHARS;
use crate::text::kept;
use crate::{Actor, Error, Ledger, MerchantName, MerchantRowId, sql};

impl Ledger {
    /// Returns the merchant with this name. Adds it if it is missing.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn merchant(&mut self, name: &MerchantName) -> Result<MerchantRowId, Error> {
        let name = [name.as_str().into()];
        self.write(|step| {
            if !step.moved(sql::MERCHANT, &name)? {
                step.query(sql::ADD_MERCHANT, &name)?;
            }
            let mut row = step.first(sql::MERCHANT, &name)?.ok_or(Error::Absent)?;
            Ok(MerchantRowId(row.integer(0, "id")?))
        })
    }

    /// The names of all merchants in the ledger, in alphabetical order. `main` is always among them.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Unreachable`], [`Error::Database`].
    pub fn merchants(&self) -> Result<Vec<MerchantName>, Error> {
        self.read(|step| {
            let rows = step.query(sql::MERCHANTS, &[])?;
            rows.into_iter().map(|mut row| row.word(0, "name")).collect()
        })
    }

    /// Selects the merchant for all following calls, and the actor that their events name. A newly opened
    /// ledger has the merchant `main` selected.
    ///
    /// ```
    /// use qris_api::{Rupiah, TransactionNumber, WibTime};
    /// use qris_ledger::{Actor, Ledger, MerchantRowId, NewOrder};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let kiosk = ledger.merchant(&"kiosk".parse()?)?;
    /// ledger.act_for(kiosk, &Actor::new("siti"));
    /// let number = TransactionNumber::parse("INV-1")?;
    /// ledger.request(&NewOrder::new(number.clone(), Rupiah::new(5_000)), WibTime::now())?;
    /// assert_eq!(ledger.events(&number)?[0].actor.as_deref(), Some("siti"));
    /// ledger.act_for(MerchantRowId::MAIN, &Actor::default());
    /// assert_eq!(ledger.find(&number)?, None, "each merchant has numbers of its own");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn act_for(&mut self, merchant: MerchantRowId, actor: &Actor) {
        self.merchant = merchant;
        self.actor = actor.clone();
    }

    /// Checks that the selected merchant's invoices belong to this account. Remembers the account if none is
    /// stored yet.
    ///
    /// Call it before you charge or check. The provider of another account, such as a sandbox, does not know
    /// the invoices in this ledger, or reports them as paid. `nmid` is the merchant's national number as the
    /// owner configured it. It replaces the NMID that was seen first; see
    /// [`record_created`](Ledger::record_created).
    ///
    /// ```
    /// use qris_api::Fingerprint;
    /// use qris_ledger::{Error, Ledger};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// // What Client::fingerprint returns.
    /// let shop = Fingerprint::from_parts("qris.interactive.co.id", "0c9f1d7ab4e84f3b");
    /// ledger.bind_account(&shop, None)?;
    /// let sandbox = Fingerprint::from_parts("localhost", "7d1e0b55c2a94be2");
    /// let refused = ledger.bind_account(&sandbox, None);
    /// assert!(matches!(refused, Err(Error::OtherAccount { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::OtherAccount`] if they belong to another account. Nothing is changed then.
    pub fn bind_account(&mut self, account: &Fingerprint, nmid: Option<&str>) -> Result<(), Error> {
        self.write(|step| {
            let parameters = [account.host().into(), account.digest().into(), step.merchant.into()];
            let mut row = step
                .first(sql::BIND_ACCOUNT, &parameters)?
                .ok_or(Error::Corrupt { column: "qris_merchant" })?;
            let (host, digest) = (row.text(0, "host")?, row.text(1, "digest")?);
            if (host.as_str(), digest.as_str()) != (account.host(), account.digest()) {
                let found = account.host().to_owned();
                return Err(Error::OtherAccount { booked: host, found });
            }
            if let Some(nmid) = nmid.and_then(|nmid| kept(nmid, MAX_NMID_CHARS)) {
                step.query(sql::SET_NMID, &[nmid.as_str().into(), step.merchant.into()])?;
            }
            Ok(())
        })
    }
}

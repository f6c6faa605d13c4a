//! Which account the books are of.

use qris_api::Fingerprint;

use crate::created::MAX_NMID_CHARS;
use crate::rows::kept;
use crate::{Error, Ledger, sql};

impl Ledger {
    /// Makes sure that the books are of this account, and remembers it if they are of none yet.
    ///
    /// Call it before anything is charged or checked: another account's provider, a sandbox for
    /// instance, knows nothing of the invoices in these books, or calls them paid. `nmid` is the
    /// owner's word on the merchant's national number and replaces the one that was seen first;
    /// see [`record_created`](Ledger::record_created).
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
    /// [`Error::OtherAccount`] when they are of another; then nothing is changed.
    pub fn bind_account(&mut self, account: &Fingerprint, nmid: Option<&str>) -> Result<(), Error> {
        self.write(|step| {
            let parameters = [account.host().into(), account.digest().into()];
            let rows = step.query(sql::BIND_ACCOUNT, &parameters)?;
            let mut row =
                rows.into_iter().next().ok_or(Error::Foreign { column: "qris_account" })?;
            let (host, digest) = (row.text(0, "host")?, row.text(1, "digest")?);
            if (host.as_str(), digest.as_str()) != (account.host(), account.digest()) {
                let found = account.host().to_owned();
                return Err(Error::OtherAccount { booked: host, found });
            }
            if let Some(nmid) = nmid.and_then(|nmid| kept(nmid, MAX_NMID_CHARS)) {
                step.query(sql::SET_NMID, &[nmid.as_str().into()])?;
            }
            Ok(())
        })
    }
}

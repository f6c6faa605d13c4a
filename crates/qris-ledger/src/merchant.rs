//! Whose orders they are, and who takes a step.

use std::fmt;
use std::str::FromStr;

use qris_api::Fingerprint;

use crate::created::MAX_NMID_CHARS;
use crate::rows::kept;
use crate::{Error, Ledger, NotAWord, sql};

/// A merchant of a ledger: [`Ledger::merchant`] gives it for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MerchantId(pub(crate) i64);

impl MerchantId {
    /// The merchant called `main`, whom each ledger has.
    pub const MAIN: Self = Self(1);
}

/// What a merchant is called in settings and reports: 1 to 32 of `a` to `z`, `0` to `9`, `-`
/// and `_`.
///
/// ```
/// use qris_ledger::MerchantName;
///
/// let name: MerchantName = "kios-2".parse()?;
/// assert_eq!(name.to_string(), "kios-2");
/// assert!("Kios 2".parse::<MerchantName>().is_err());
/// assert_eq!(MerchantName::default().as_str(), "main");
/// # Ok::<(), qris_ledger::NotAWord>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MerchantName(String);

impl MerchantName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for MerchantName {
    /// `main`, the only merchant where nothing else is said.
    fn default() -> Self {
        Self("main".to_owned())
    }
}

impl FromStr for MerchantName {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        let is_plain = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
        };
        match (1..=32).contains(&text.len()) && text.bytes().all(is_plain) {
            true => Ok(Self(text.to_owned())),
            false => Err(NotAWord::new("a merchant's name: 1 to 32 of a to z, 0 to 9, - and _")),
        }
    }
}

impl fmt::Display for MerchantName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Who takes a step, as the events say it: a person's name, or a word for a part of the program, such
/// as `schedule` or `webhook`.
///
/// ```
/// use qris_ledger::Actor;
///
/// assert_eq!(Actor::new("kasir siti\n").as_str(), "kasir siti");
/// assert_eq!(Actor::default().as_str(), "program");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor(String);

impl Actor {
    /// The most characters that are kept.
    const MAX_CHARS: usize = 64;

    /// Takes a name: control characters are left out, and what is longer than 64 characters is cut.
    pub fn new(name: &str) -> Self {
        kept(name, Self::MAX_CHARS).map_or_else(Self::default, Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Actor {
    /// `program`.
    fn default() -> Self {
        Self("program".to_owned())
    }
}

impl Ledger {
    /// The merchant of this name, who is added where there is none yet.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn merchant(&mut self, name: &MerchantName) -> Result<MerchantId, Error> {
        let name = [name.as_str().into()];
        self.write(|step| {
            if !step.moved(sql::MERCHANT, &name)? {
                step.query(sql::ADD_MERCHANT, &name)?;
            }
            let mut row = step.first(sql::MERCHANT, &name)?.ok_or(Error::Absent)?;
            Ok(MerchantId(row.integer(0, "id")?))
        })
    }

    /// The names of the merchants that have orders here, in the order of the alphabet; `main` always.
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

    /// Says whose numbers and invoices all that follows is about, and who does it. A ledger that was
    /// opened is for the merchant `main`.
    ///
    /// ```
    /// use qris_api::{Rupiah, TransactionNumber, WibTime};
    /// use qris_ledger::{Actor, Ledger, MerchantId, NewOrder};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let kiosk = ledger.merchant(&"kiosk".parse()?)?;
    /// ledger.act_for(kiosk, &Actor::new("siti"));
    /// let number = TransactionNumber::parse("INV-1")?;
    /// ledger.request(&NewOrder::new(number.clone(), Rupiah::new(5_000)), WibTime::now())?;
    /// assert_eq!(ledger.events(&number)?[0].actor.as_deref(), Some("siti"));
    /// ledger.act_for(MerchantId::MAIN, &Actor::default());
    /// assert_eq!(ledger.find(&number)?, None, "each merchant has numbers of its own");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn act_for(&mut self, merchant: MerchantId, actor: &Actor) {
        self.merchant = merchant;
        self.actor = actor.clone();
    }

    /// Makes sure that the selected merchant's invoices are of this account, and remembers it if there
    /// is none yet.
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
            let parameters = [account.host().into(), account.digest().into(), step.merchant.into()];
            let mut row = step
                .first(sql::BIND_ACCOUNT, &parameters)?
                .ok_or(Error::Foreign { column: "qris_merchant" })?;
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

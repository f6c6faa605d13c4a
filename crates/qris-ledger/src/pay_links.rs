//! Links to the payers' pages. The database has the hash of each secret, but no secret and no key.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use qris_api::TransactionNumber;
use ring::digest::{SHA256, digest};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::ser::{Serialize, Serializer};

use crate::MerchantName;
use crate::web_address::WebAddress;

/// The length of a key in bytes.
const KEY_BYTES: usize = 32;

/// The number of bytes of the HMAC in a secret.
const SECRET_BYTES: usize = 16;

/// The length of a secret: 22 characters of base64url are 128 bits.
const SECRET_CHARS: usize = 22;

/// The key from which the secrets of pay links are made: 32 random bytes in a file.
///
/// Programs that share a ledger also share the key. Links that were made with another key still work, but
/// cannot be shown again.
///
/// ```
/// use qris_ledger::PayKey;
///
/// # let folder = tempfile::tempdir()?;
/// let path = folder.path().join("qris.db.pay-key");
/// assert_eq!(PayKey::path_beside("sqlite:///srv/qris.db"), Some("/srv/qris.db.pay-key".into()));
/// let made = PayKey::read_or_create(&path)?;
/// assert_eq!(std::fs::read(&path)?.len(), 32);
/// assert_eq!(format!("{:?}", PayKey::read(&path)?), "PayKey(…)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct PayKey(hmac::Key);

impl PayKey {
    /// A key with these bytes.
    pub fn from_bytes(bytes: &[u8; KEY_BYTES]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// The usual path for the key of a SQLite database: the database's path with `.pay-key` appended. `None`
    /// for any other database.
    pub fn path_beside(database: &str) -> Option<PathBuf> {
        let path = database.strip_prefix("sqlite://")?;
        Some(PathBuf::from(format!("{path}.pay-key")))
    }

    /// Reads the key from a file.
    ///
    /// # Errors
    ///
    /// The errors of reading the file; [`ErrorKind::InvalidData`] if it does not have 32 bytes.
    pub fn read(path: &Path) -> io::Result<Self> {
        Ok(Self::from_bytes(&bytes_in(path)?))
    }

    /// Reads the key, or creates a file with a new key that only its owner can read. If several processes do
    /// this at the same time, all get the same key.
    ///
    /// # Errors
    ///
    /// The errors of [`read`](Self::read) and of creating the file.
    pub fn read_or_create(path: &Path) -> io::Result<Self> {
        match Self::read(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => match create(path, &random()?) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
                _ => Self::read(path),
            },
            read => read,
        }
    }

    /// Copies a key to a new file that only its owner can read. It writes the complete file or nothing.
    ///
    /// ```
    /// use qris_ledger::PayKey;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let (path, copy) = (folder.path().join("key"), folder.path().join("copy"));
    /// PayKey::read_or_create(&path)?;
    /// PayKey::copy(&path, &copy)?;
    /// assert_eq!(std::fs::read(&copy)?, std::fs::read(&path)?);
    /// assert!(PayKey::is_private(&copy)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`read`](Self::read) and of creating the file: [`ErrorKind::AlreadyExists`] if it
    /// exists.
    pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
        create(to, &bytes_in(from)?)
    }

    /// Whether only its owner can read and write a key's file. Always `true` on systems without file modes.
    ///
    /// # Errors
    ///
    /// The errors of reading the file's metadata.
    pub fn is_private(path: &Path) -> io::Result<bool> {
        let metadata = fs::metadata(path)?;
        #[cfg(unix)]
        let is_private = std::os::unix::fs::MetadataExt::mode(&metadata) & 0o077 == 0;
        #[cfg(not(unix))]
        let is_private = metadata.is_file();
        Ok(is_private)
    }
}

impl fmt::Debug for PayKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PayKey(…)")
    }
}

fn bytes_in(path: &Path) -> io::Result<[u8; KEY_BYTES]> {
    let bytes = fs::read(path)?;
    let found = bytes.len();
    bytes.try_into().map_err(|_| {
        let words = format!("expected a key of {KEY_BYTES} bytes, found {found}");
        io::Error::new(ErrorKind::InvalidData, words)
    })
}

fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut random = [0; N];
    let failed = |_| io::Error::other("the system has no random numbers");
    SystemRandom::new().fill(&mut random).map_err(failed)?;
    Ok(random)
}

/// Creates the file of a key, complete or not at all. Fails if there is one.
fn create(path: &Path, key: &[u8; KEY_BYTES]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", base64url(&random::<8>()?)));
    let unfinished = PathBuf::from(name);
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&unfinished).and_then(|mut file| {
        file.write_all(key)?;
        file.sync_all()
    });
    // A hard link: a rename would replace the key of another process.
    let linked = written.and_then(|()| fs::hard_link(&unfinished, path));
    fs::remove_file(&unfinished).ok();
    linked
}

/// The link of a payer's page. Anyone with the link can see and pay the order, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct PayUrl(String);

impl PayUrl {
    /// The link.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PayUrl(…)")
    }
}

impl Serialize for PayUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Makes the links of the payers' pages. A secret is derived from the key, the merchant and the number, so a
/// link can be shown again although the database only has its hash.
///
/// A [`Ledger`](crate::Ledger) with pay links stores the hash with each order, and sets
/// [`pay_url`](crate::Order::pay_url) of each order.
///
/// ```
/// use qris_api::{Rupiah, TransactionNumber, WibTime};
/// use qris_ledger::{Ledger, NewOrder, PayKey, PayLinks, WebAddress};
///
/// # let folder = tempfile::tempdir()?;
/// let key = PayKey::read_or_create(&folder.path().join("qris.db.pay-key"))?;
/// let links = PayLinks::new(key, Some(WebAddress::parse("https://bayar.toko.example")?));
///
/// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
/// ledger.set_pay_links(Some(links.clone()));
/// let number = TransactionNumber::parse("INV-1")?;
/// let order = ledger.open_order(&NewOrder::new(number, Rupiah::new(25_578)), WibTime::now())?;
/// let secret = links.secret(&order.merchant, &order.number);
/// let url = format!("https://bayar.toko.example/pay/{secret}");
/// assert_eq!(order.pay_url.as_ref().map(|url| url.as_str()), Some(url.as_str()));
/// assert_eq!(ledger.find_by_pay_secret(&secret)?, Some(order));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PayLinks(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    key: PayKey,
    public_url: Option<WebAddress>,
}

impl PayLinks {
    /// Links below this address, which serves the till's `/pay/`. Without an address no links are shown, but
    /// hashes are stored, so that orders can have links later.
    pub fn new(key: PayKey, public_url: Option<WebAddress>) -> Self {
        Self(Arc::new(Inner { key, public_url }))
    }

    /// The secret of an order's page: 128 bits as 22 characters of base64url.
    pub fn secret(&self, merchant: &MerchantName, number: &TransactionNumber) -> String {
        // No merchant's name has a line break.
        let text = format!("{merchant}\n{number}");
        let tag = self.sign(text.as_bytes());
        base64url(tag.as_ref().get(..SECRET_BYTES).unwrap_or_default())
    }

    /// Signs a text with the key, for example to derive another key.
    pub(crate) fn sign(&self, text: &[u8]) -> hmac::Tag {
        hmac::sign(&self.0.key.0, text)
    }

    /// The link of an order's page; `None` without an address.
    pub fn url(&self, merchant: &MerchantName, number: &TransactionNumber) -> Option<PayUrl> {
        let base = self.0.public_url.as_ref()?.as_str().trim_end_matches('/');
        Some(PayUrl(format!("{base}/pay/{}", self.secret(merchant, number))))
    }

    /// The hash in the database of an order's secret: its SHA-256 as 64 hexadecimal digits.
    pub fn hash(&self, merchant: &MerchantName, number: &TransactionNumber) -> String {
        hash_of(&self.secret(merchant, number))
    }

    /// The link of an order with this stored hash. `None` if the hash was made with another key.
    pub(crate) fn url_of(
        &self,
        merchant: &MerchantName,
        number: &TransactionNumber,
        hash: &str,
    ) -> Option<PayUrl> {
        self.url(merchant, number).filter(|_| self.hash(merchant, number) == hash)
    }
}

/// The hash of a text that should be a secret. It takes the same time for any text that is not one.
pub(crate) fn hash_of_untrusted(secret: &str) -> String {
    hash_of(if secret.len() == SECRET_CHARS { secret } else { "" })
}

fn hash_of(secret: &str) -> String {
    let hash = digest(&SHA256, secret.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Base64url without padding.
fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for shift in [18, 12, 6, 0].into_iter().take(three.len() + 1) {
            let digit = usize::try_from(bits >> shift & 63).unwrap_or_default();
            text.push(DIGITS.get(digit).copied().map_or('-', char::from));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_the_first_half_of_the_hmac_of_merchant_and_number() {
        // printf 'main\nINV-1' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0101… -binary
        // | head -c 16 | basenc --base64url
        let links = PayLinks::new(PayKey::from_bytes(&[1; KEY_BYTES]), None);
        let number = TransactionNumber::parse("INV-1").expect("a number");
        let main = MerchantName::default();
        assert_eq!(links.secret(&main, &number), "JHfQPaQWN0fRQ4o2GBzYrA");
        assert_eq!(links.url(&main, &number), None);
        let other = "kios".parse().expect("a name");
        assert_ne!(links.secret(&other, &number), links.secret(&main, &number));
    }

    #[test]
    fn base64url_is_that_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64url(bytes.as_bytes()), text);
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn processes_that_make_the_key_at_the_same_time_get_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        let number = TransactionNumber::parse("INV-1").expect("a number");
        let secret = || {
            let key = PayKey::read_or_create(&path).expect("a key");
            PayLinks::new(key, None).secret(&MerchantName::default(), &number)
        };
        let secrets: Vec<String> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(secret)).collect();
            all.into_iter().map(|one| one.join().expect("it ends")).collect()
        });
        assert!(secrets.iter().all(|secret| *secret == secrets[0]), "{secrets:?}");
        let files: Vec<_> = fs::read_dir(folder.path()).expect("the folder").collect();
        assert_eq!(files.len(), 1, "nothing unfinished is left");
    }

    #[cfg(unix)]
    #[test]
    fn a_new_key_can_be_read_by_its_owner_alone_and_a_short_one_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        PayKey::read_or_create(&path).expect("a key");
        let mode = fs::metadata(&path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::write(&path, [0; 31]).expect("written");
        let error = PayKey::read_or_create(&path).expect_err("it is short");
        assert_eq!(error.to_string(), "expected a key of 32 bytes, found 31");
    }
}

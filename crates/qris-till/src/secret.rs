//! Random secrets of sessions and tokens.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::{digest, hmac};
use secrecy::{ExposeSecret as _, SecretString};

/// A random secret of 256 bits as text: a token of a program or a display, or the value of a
/// session cookie.
///
/// Only [`reveal`](Self::reveal) shows it, and it is wiped on drop.
///
/// ```
/// use qris_till::Secret;
///
/// let secret = Secret::generate().ok_or("no random numbers")?;
/// assert_eq!(format!("{secret:?}"), "Secret([redacted])");
/// assert_eq!(secret.hash().len(), 64);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The maximum number of characters that are read.
    const MAX_CHARS: usize = 256;

    /// Generates a secret; `None` if the system has no random numbers.
    pub fn generate() -> Option<Self> {
        let mut bytes = [0; 32];
        SystemRandom::new().fill(&mut bytes).ok()?;
        Some(Self(BASE64_URL_SAFE_NO_PAD.encode(bytes).into()))
    }

    /// A secret from a request.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        (text.len() <= Self::MAX_CHARS).then(|| Self(text.into()))
    }

    /// The text.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// Its SHA-256 in hexadecimal digits, as stored in the ledger. A secret of 256 bits cannot be
    /// guessed from it.
    pub fn hash(&self) -> String {
        hex(digest::digest(&digest::SHA256, self.reveal().as_bytes()).as_ref())
    }

    /// A MAC of another secret. Without this secret nobody can test guesses against it.
    pub(crate) fn mac(&self, other: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.reveal().as_bytes());
        hex(hmac::sign(&key, other.as_bytes()).as_ref())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_secrets_differ_and_so_do_their_hashes_and_what_they_make_of_a_token() {
        let [one, two] = [(); 2].map(|()| Secret::generate().expect("random numbers"));
        assert_eq!(one.reveal().len(), 43);
        assert_ne!(one.reveal(), two.reveal());
        assert_ne!(one.hash(), two.hash());
        assert_ne!(one.mac("token"), two.mac("token"));
        assert_ne!(one.mac("token"), one.mac("other"));
        assert_eq!(one.mac("token"), one.mac("token"));
        assert_eq!(Secret::from_text(one.reveal()).map(|same| same.hash()), Some(one.hash()));
        // From `sha256sum`.
        let known = Secret::from_text("abc").expect("a text").hash();
        assert!(known.starts_with("ba7816bf") && known.ends_with("f20015ad"), "{known}");
        assert!(Secret::from_text(&"x".repeat(257)).is_none());
    }
}

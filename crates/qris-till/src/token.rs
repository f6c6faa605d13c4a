//! The secrets of a till.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use crate::secret::Secret;

/// A secret that gives access: the till's bearer token, or a merchant's webhook token.
///
/// `Debug` does not show it, it is compared in constant time, and it is wiped on drop.
///
/// ```
/// use qris_till::Token;
///
/// let token = Token::parse("0c9f1d7ab4e84f3b9d62")?;
/// assert_eq!(format!("{token:?}"), "Token([redacted])");
/// assert!(Token::parse("password").is_err());
/// # Ok::<(), qris_till::WeakToken>(())
/// ```
#[derive(Clone)]
pub struct Token(SecretString);

/// A text that is easy to guess, or cannot be used in a header, a cookie and a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a token of 16 to 256 characters from A-Z a-z 0-9 - . _ ~, found {chars} characters or other ones"
)]
pub struct WeakToken {
    chars: usize,
}

impl Token {
    /// Parses 16 to 256 of `A-Z a-z 0-9 - . _ ~`. `openssl rand -hex 20` makes a good one.
    ///
    /// # Errors
    ///
    /// [`WeakToken`] for anything else.
    pub fn parse(text: impl Into<String>) -> Result<Self, WeakToken> {
        let secret = SecretString::from(text.into());
        let bytes = secret.expose_secret().as_bytes();
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
        if !(16..=256).contains(&bytes.len()) || !bytes.iter().all(plain) {
            return Err(WeakToken { chars: secret.expose_secret().chars().count() });
        }
        Ok(Self(secret))
    }

    /// Whether both are the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.is(other.0.expose_secret())
    }

    /// The hash that a session of this token stores.
    pub(crate) fn mac(&self, secret: &Secret) -> String {
        secret.mac(self.0.expose_secret())
    }

    /// Whether a session with this secret was opened with this token.
    pub(crate) fn has_mac(&self, secret: &Secret, mac: &str) -> bool {
        self.mac(secret).as_bytes().ct_eq(mac.as_bytes()).into()
    }

    /// Whether this is the token, compared in constant time.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.0.expose_secret().as_bytes().ct_eq(text.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([redacted])")
    }
}

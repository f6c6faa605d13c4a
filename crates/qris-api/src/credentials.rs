//! The credentials of the caller.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::invalid::Invalid;
use crate::limits::MAX_CREDENTIAL_CHARS;

/// The secret key from the registration at the provider.
///
/// It is wiped from memory on drop and is never in `Debug`, errors or logs.
///
/// ```
/// use qris_api::ApiKey;
///
/// let key = ApiKey::parse("139139220920202")?;
/// assert_eq!(format!("{key:?}"), "ApiKey([redacted])");
/// assert!(ApiKey::parse("").is_err());
/// # Ok::<(), qris_api::Invalid>(())
/// ```
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// Reads 1 to [`MAX_CREDENTIAL_CHARS`] visible ASCII characters.
    ///
    /// # Errors
    ///
    /// [`Invalid::ApiKey`] for anything else, white space included.
    pub fn parse(key: impl Into<String>) -> Result<Self, Invalid> {
        let refused = |(chars, wrong_at)| Invalid::ApiKey { chars, wrong_at };
        visible(key.into()).map(Self).map_err(refused)
    }

    /// The secret itself, only for the request.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([redacted])")
    }
}

/// The provider's number of the merchant (`mID`); not the NMID.
///
/// Every request has it next to the key, so it is protected like the key.
///
/// ```
/// use qris_api::MerchantId;
///
/// let merchant = MerchantId::parse("195255685725")?;
/// assert_eq!(format!("{merchant:?}"), "MerchantId([redacted])");
/// # Ok::<(), qris_api::Invalid>(())
/// ```
#[derive(Clone)]
pub struct MerchantId(SecretString);

impl MerchantId {
    /// Reads 1 to [`MAX_CREDENTIAL_CHARS`] visible ASCII characters. Known numbers have 9 or 12 digits.
    ///
    /// # Errors
    ///
    /// [`Invalid::MerchantId`] for anything else, white space included.
    pub fn parse(number: impl Into<String>) -> Result<Self, Invalid> {
        let refused = |(chars, wrong_at)| Invalid::MerchantId { chars, wrong_at };
        visible(number.into()).map(Self).map_err(refused)
    }

    /// The number itself, only for the request.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for MerchantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MerchantId([redacted])")
    }
}

/// The text as a secret, if it is 1 to [`MAX_CREDENTIAL_CHARS`] visible ASCII characters. Otherwise
/// the number of its characters, and the byte of the first wrong one.
fn visible(text: String) -> Result<SecretString, (usize, Option<usize>)> {
    let secret = SecretString::from(text);
    let text = secret.expose_secret();
    let chars = text.chars().count();
    let wrong_at = text.bytes().position(|byte| !byte.is_ascii_graphic());
    if wrong_at.is_none() && (1..=MAX_CREDENTIAL_CHARS).contains(&chars) {
        Ok(secret)
    } else {
        Err((chars, wrong_at))
    }
}

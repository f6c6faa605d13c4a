//! What proves who is calling.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::invalid::Invalid;
use crate::limits::MAX_CREDENTIAL_CHARS;

/// The secret that the provider gives out at registration.
///
/// It is wiped from memory on drop and shows itself nowhere: not in `Debug`, errors or logs.
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
    /// Takes 1 to [`MAX_CREDENTIAL_CHARS`] visible ASCII characters.
    ///
    /// # Errors
    ///
    /// [`Invalid::ApiKey`] for anything else, white space included.
    pub fn parse(key: impl Into<String>) -> Result<Self, Invalid> {
        let refused = |(chars, wrong_at)| Invalid::ApiKey { chars, wrong_at };
        visible(key.into()).map(Self).map_err(refused)
    }

    /// The secret itself, for the request and nowhere else.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([redacted])")
    }
}

/// The number under which the provider knows the merchant (`mID`); not the NMID.
///
/// It stands beside the key in every request, so it is kept as close as the key.
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
    /// Takes 1 to [`MAX_CREDENTIAL_CHARS`] visible ASCII characters; numbers of 9 and 12 digits are seen.
    ///
    /// # Errors
    ///
    /// [`Invalid::MerchantId`] for anything else, white space included.
    pub fn parse(number: impl Into<String>) -> Result<Self, Invalid> {
        let refused = |(chars, wrong_at)| Invalid::MerchantId { chars, wrong_at };
        visible(number.into()).map(Self).map_err(refused)
    }

    /// The number itself, for the request and nowhere else.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for MerchantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MerchantId([redacted])")
    }
}

/// The text as a secret, if it is one to [`MAX_CREDENTIAL_CHARS`] visible ASCII characters; otherwise how many
/// characters it has, and the byte at which the first stands that does not belong.
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

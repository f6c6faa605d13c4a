//! Signs events, as defined by Standard Webhooks.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use secrecy::{ExposeSecret as _, SecretString};

const PREFIX: &str = "whsec_";

/// The length of a generated secret in bytes.
const SECRET_BYTES: usize = 24;

/// The secret for the signatures of one endpoint: `whsec_` and 24 to 64 bytes in Base64, as defined
/// by [Standard Webhooks](https://www.standardwebhooks.com).
///
/// ```
/// use qris_till::SigningSecret;
///
/// let secret = SigningSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").ok_or("no secret")?;
/// let signature = secret.sign("evt_1", 1_614_265_330, r#"{"type":"order.paid"}"#);
/// assert!(signature.starts_with("v1,"));
/// assert_eq!(format!("{secret:?}"), "SigningSecret([redacted])");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SigningSecret {
    text: SecretString,
    key: hmac::Key,
}

impl SigningSecret {
    /// Generates a secret; `None` if the system has no random numbers.
    pub fn generate() -> Option<Self> {
        let mut bytes = [0; SECRET_BYTES];
        SystemRandom::new().fill(&mut bytes).ok()?;
        Self::parse(&format!("{PREFIX}{}", STANDARD.encode(bytes)))
    }

    /// Parses `whsec_` and 24 to 64 bytes in Base64; `None` for other text.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?;
        (24..=64).contains(&bytes.len()).then(|| Self {
            text: SecretString::from(text.to_owned()),
            key: hmac::Key::new(hmac::HMAC_SHA256, &bytes),
        })
    }

    /// The signature of a body sent at this Unix time in seconds, for the header
    /// `webhook-signature`.
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let signed = format!("{id}.{timestamp}.{body}");
        let tag = hmac::sign(&self.key, signed.as_bytes());
        format!("v1,{}", STANDARD.encode(tag.as_ref()))
    }

    /// The secret itself, to show it once.
    pub fn reveal(&self) -> &str {
        self.text.expose_secret()
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published example of Standard Webhooks.
    #[test]
    fn a_signature_is_the_one_that_standard_webhooks_publishes() {
        let secret = SigningSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("one");
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let signature = secret.sign(id, 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_are_new_each_time_and_no_weak_one_is_taken() {
        let [one, other] = [(); 2].map(|()| SigningSecret::generate().expect("a secret"));
        assert_ne!(one.reveal(), other.reveal());
        for text in ["", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_?"] {
            assert!(SigningSecret::parse(text).is_none(), "{text}");
        }
    }
}

//! PINs: hashed as argon2id.

use std::fmt;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use secrecy::{ExposeSecret as _, SecretString};

/// A hash to compare with if the name is unknown, so that the answer takes the same time. No PIN
/// matches it.
const DUMMY_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$81dlDrcEuWCpctrSJ4ciuQ$\
                            11B2pwr/LzfbiYhbHGAyrox7juW2ETg5VWcEF8F3wlE";

/// A new PIN of a user: 4 to 12 digits that are not easy to guess. Six or more are better.
///
/// `Debug` does not show it, and it is wiped on drop.
///
/// ```
/// use qris_till::Pin;
///
/// let pin = Pin::parse("480615")?;
/// assert_eq!(format!("{pin:?}"), "Pin([redacted])");
/// for text in ["481", "1234", "987654", "7777", "48a6"] {
///     assert!(Pin::parse(text).is_err(), "{text}");
/// }
/// # Ok::<(), qris_till::WeakPin>(())
/// ```
#[derive(Clone)]
pub struct Pin(SecretString);

/// A text that is not a PIN, or a PIN that is easy to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a PIN of 4 to 12 digits, neither one digit again and again nor digits in a row, found \
     another text"
)]
pub struct WeakPin;

/// The system has no random numbers for a salt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected random numbers from the system, found none")]
pub struct NotHashed;

impl Pin {
    /// Parses 4 to 12 digits.
    ///
    /// # Errors
    ///
    /// [`WeakPin`] for anything else, for a repeated digit, and for digits in sequence.
    pub fn parse(text: impl Into<String>) -> Result<Self, WeakPin> {
        let secret = SecretString::from(text.into());
        let digits = secret.expose_secret().as_bytes();
        if !(4..=12).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
            return Err(WeakPin);
        }
        let steps = |step: i16| {
            let pairs = digits.iter().zip(digits.iter().skip(1));
            pairs.into_iter().all(|(one, next)| i16::from(*next) - i16::from(*one) == step)
        };
        if [-1, 0, 1].into_iter().any(steps) { Err(WeakPin) } else { Ok(Self(secret)) }
    }

    /// Its argon2id hash in PHC format. This takes some tens of milliseconds and 19 MiB.
    ///
    /// # Errors
    ///
    /// [`NotHashed`].
    pub fn hash(&self) -> Result<String, NotHashed> {
        let hash = Argon2::default().hash_password(self.0.expose_secret().as_bytes());
        hash.map(|hash| hash.to_string()).map_err(|_| NotHashed)
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin([redacted])")
    }
}

/// Whether a text is the PIN of this hash. Without a hash the answer is no, after the same time.
pub(crate) fn is_pin_of(hash: Option<&str>, text: &SecretString) -> bool {
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(DUMMY_HASH)) else { return false };
    let right = Argon2::default().verify_password(text.expose_secret().as_bytes(), &parsed).is_ok();
    right && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_known_by_its_hash_which_is_argon2id_and_has_a_salt_of_its_own() {
        let pin = Pin::parse("480615").expect("a PIN");
        let [one, two] = [(); 2].map(|()| pin.hash().expect("a hash"));
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, two);
        assert!(is_pin_of(Some(&one), &"480615".into()));
        for wrong in ["480616", "48061", "", "nobody's"] {
            assert!(!is_pin_of(Some(&one), &wrong.into()), "{wrong}");
        }
        assert!(!is_pin_of(None, &"480615".into()), "a name that nobody has");
        // It takes the same time as a user's hash: same algorithm, same parameters.
        let parameters = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_owned);
        assert_eq!(parameters(DUMMY_HASH), parameters(&one));
        assert!(PasswordHash::new(DUMMY_HASH).is_ok());
        assert!(!is_pin_of(Some(""), &"".into()), "the hash of a user who is revoked");
    }
}

//! Addresses of web pages from settings and programs.

use std::net::IpAddr;

/// The address of a page for a payer's browser: `https://`, or `http://` on this machine.
///
/// It has no user or password, and only characters that every program reads in the same way: no spaces,
/// backslashes, quotes or non-ASCII letters. These may be percent-encoded.
///
/// ```
/// use qris_ledger::WebAddress;
///
/// let address = WebAddress::parse("https://toko.example/pesanan/7?lang=id")?;
/// assert_eq!(address.as_str(), "https://toko.example/pesanan/7?lang=id");
/// assert!(WebAddress::parse("http://localhost:3000/").is_ok());
/// for refused in ["http://toko.example/", "https://toko@example/", "javascript:alert(1)", "/7"] {
///     assert!(WebAddress::parse(refused).is_err());
/// }
/// # Ok::<(), qris_ledger::InvalidWebAddress>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress(String);

/// A text is not a [`WebAddress`]. The message does not repeat it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected an address that begins with https://, or with http:// and is on this machine, \
     without a user, of at most 2048 characters of ASCII"
)]
pub struct InvalidWebAddress;

impl WebAddress {
    /// The maximum number of characters.
    pub const MAX_CHARS: usize = 2_048;

    /// Parses an address.
    ///
    /// # Errors
    ///
    /// [`InvalidWebAddress`].
    pub fn parse(text: &str) -> Result<Self, InvalidWebAddress> {
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !br#""'<>\^`{|}"#.contains(&byte);
        if text.len() > Self::MAX_CHARS || !text.bytes().all(is_plain) {
            return Err(InvalidWebAddress);
        }
        let (scheme, rest) = text.split_once("://").ok_or(InvalidWebAddress)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, _) = rest.split_at(end);
        let host = host(authority).ok_or(InvalidWebAddress)?;
        match scheme {
            "https" => {}
            "http" if is_this_machine(host) => {}
            _ => return Err(InvalidWebAddress),
        }
        Ok(Self(text.to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a path can be appended: it has neither a query nor a fragment.
    pub fn is_base(&self) -> bool {
        !self.0.contains(['?', '#'])
    }
}

/// The host of `host` or `host:port`.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            address.parse::<std::net::Ipv6Addr>().ok()?;
            (address, port)
        }
        None => {
            let at = authority.find(':').unwrap_or(authority.len());
            let (host, port) = authority.split_at(at);
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
            if host.is_empty() || !host.bytes().all(is_name) {
                return None;
            }
            (host, port)
        }
    };
    match port.strip_prefix(':') {
        None if port.is_empty() => Some(host),
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse::<u16>().ok().map(|_| host)
        }
        _ => None,
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_every_browser_reads_alike_are_taken() {
        for text in [
            "https://toko.example",
            "https://toko.example:8443/a/b?c=d#e",
            "https://[2001:db8::1]/",
            "https://toko.example/%E2%9C%93?kembali=https://x@y",
            "http://127.0.0.1:3000/selesai",
            "http://[::1]:3000/",
            "http://LOCALHOST/",
        ] {
            assert_eq!(WebAddress::parse(text).map(|it| it.0).as_deref(), Ok(text));
        }
        for text in [
            "",
            "https://",
            "https:///toko.example",
            "https:toko.example",
            "HTTPS://toko.example",
            "//toko.example",
            "ftp://localhost/",
            "http://toko.example/",
            "http://127.0.0.1.toko.example/",
            "http://localhost@toko.example/",
            "http://localhost:80@toko.example/",
            "https://siti:rahasia@toko.example/",
            "https://toko.example\\@jahat.example/",
            "https://toko .example/",
            "https://toko.example/ ",
            "https://toko.example/\n",
            "https://toko.example/\"onload=",
            "https://tökö.example/",
            "https://toko.example:port/",
            "https://toko.example:99999/",
            "https://[::1/",
            "https://[toko]/",
            "https://%6a/",
            "javascript://localhost/%0aalert(1)",
            "data:text/html,x",
        ] {
            assert_eq!(WebAddress::parse(text), Err(InvalidWebAddress), "{text}");
        }
        let long = format!("https://toko.example/{}", "a".repeat(WebAddress::MAX_CHARS));
        assert_eq!(WebAddress::parse(&long), Err(InvalidWebAddress));
    }
}

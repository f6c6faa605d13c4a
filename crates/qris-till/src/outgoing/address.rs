//! The addresses to which events may be sent.
//!
//! Without these rules a program that may create an endpoint could make the till call targets that
//! only the till can reach: a router, a database, cloud metadata. A name is resolved once, each of
//! its addresses is checked, and the connection goes to one of the checked addresses. A second DNS
//! answer has no effect.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The maximum length of a URL.
const MAX_URL_CHARS: usize = 2_048;

/// A network of addresses, such as `192.168.1.0/24` or `fd00::/8`; a single address is a network of
/// one.
///
/// ```
/// use qris_till::Network;
///
/// let network: Network = "192.168.1.0/24".parse()?;
/// assert!(network.contains("192.168.1.20".parse()?));
/// assert!(!network.contains("192.168.2.20".parse()?));
/// assert!("192.168.1.0/33".parse::<Network>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    /// The number of bits of the prefix.
    bits: u8,
}

/// A text that is not a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a network such as 192.168.1.0/24, found another text")]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().map_err(|_| NotANetwork)?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(all);
        if bits > all { Err(NotANetwork) } else { Ok(Self { address, bits }) }
    }
}

impl Network {
    /// Whether an address is in this network.
    pub fn contains(&self, address: IpAddr) -> bool {
        let bits = u32::from(self.bits);
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differ = u32::from(own) ^ u32::from(other);
                differ.checked_shr(32 - bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differ = u128::from(own) ^ u128::from(other);
                differ.checked_shr(128 - bits).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// The addresses to which the settings allow events.
#[derive(Debug)]
pub(crate) struct AddressRules {
    private_networks: Vec<Network>,
    /// The allowed prefixes of an order's `notify_url`.
    notify_urls: Vec<Url>,
}

/// Why a URL is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UrlError {
    #[error(
        "expected a URL such as https://shop.example/events, of at most {MAX_URL_CHARS} characters, without a user name, a password or #, found another text"
    )]
    NotAUrl,
    #[error(
        "expected a URL that begins with https, found http: http is only for this machine and for the networks in private_networks of the till's settings"
    )]
    Plain,
    #[error(
        "expected a public address, found a private one: add its network to private_networks in the till's settings"
    )]
    NotAllowed,
    #[error(
        "expected a notify_url that begins with one of notify_urls in the till's settings, found another URL"
    )]
    NotListed,
}

impl AddressRules {
    /// `None` if an allowed prefix is not a URL.
    pub(crate) fn new(private_networks: Vec<Network>, notify_urls: &[String]) -> Option<Self> {
        let urls = notify_urls.iter().map(|text| parse(text).ok());
        Some(Self { private_networks, notify_urls: urls.collect::<Option<_>>()? })
    }

    /// The URL of an endpoint, if events may be sent there. This does not use DNS.
    pub(crate) fn endpoint(&self, text: &str) -> Result<Url, UrlError> {
        let url = parse(text)?;
        let is_plain = url.scheme() == "http";
        match literal(&url) {
            Some(address) if self.allows(address, is_plain) => Ok(url),
            Some(address) if is_plain && is_public(address) => Err(UrlError::Plain),
            Some(_) => Err(UrlError::NotAllowed),
            // The addresses of a name are checked at sending.
            None if !is_plain || is_localhost(&url) || !self.private_networks.is_empty() => Ok(url),
            None => Err(UrlError::Plain),
        }
    }

    /// The `notify_url` of an order, if the settings allow it.
    pub(crate) fn notify_url(&self, text: &str) -> Result<Url, UrlError> {
        let url = self.endpoint(text)?;
        match self.notify_urls.iter().any(|allowed| begins_with(&url, allowed)) {
            true => Ok(url),
            false => Err(UrlError::NotListed),
        }
    }

    /// Whether a connection to an address is allowed.
    pub(crate) fn allows(&self, address: IpAddr, is_plain: bool) -> bool {
        let address = address.to_canonical();
        address.is_loopback()
            || self.private_networks.iter().any(|network| network.contains(address))
            || (!is_plain && is_public(address))
    }
}

fn parse(text: &str) -> Result<Url, UrlError> {
    let url = Url::parse(text).map_err(|_| UrlError::NotAUrl)?;
    let is_whole = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
        && text.chars().count() <= MAX_URL_CHARS;
    if is_whole { Ok(url) } else { Err(UrlError::NotAUrl) }
}

/// Whether a URL is allowed by a prefix: the same server, and the same path or one below it.
fn begins_with(url: &Url, allowed: &Url) -> bool {
    // A server that decodes the path could leave the prefix.
    let path = url.path().to_ascii_lowercase();
    if ["%2f", "%5c", "%2e"].iter().any(|coded| path.contains(coded)) {
        return false;
    }
    let same_server = url.scheme() == allowed.scheme()
        && url.host_str() == allowed.host_str()
        && url.port_or_known_default() == allowed.port_or_known_default();
    let rest = url.path().strip_prefix(allowed.path());
    same_server
        && rest.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with('/') || allowed.path().ends_with('/')
        })
}

/// The address in a URL without a name.
pub(crate) fn literal(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_matches(['[', ']']).parse().ok()
}

fn is_localhost(url: &Url) -> bool {
    url.host_str() == Some("localhost")
}

/// Whether an address is on the public internet.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        // This network, carriers, protocols, benchmarks, and reserved ranges.
        || first == 0
        || (first == 100 && second & 0xC0 == 64)
        || (first == 192 && second == 0 && third == 0)
        || (first == 198 && second & 0xFE == 18)
        || first >= 240)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match segments {
        // Addresses that contain an IPv4 address: NAT64 and 6to4.
        [0x64, 0xFF9B, 0, 0, 0, 0, high, low] => is_public_v4(v4(high, low)),
        [0x2002, high, low, ..] => is_public_v4(v4(high, low)),
        [0x2001, 0xDB8, ..] => false,
        // All assigned addresses begin with 001.
        [first, ..] => first & 0xE000 == 0x2000,
    }
}

/// Resolves names as the system does.
pub(crate) struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            // The result borrows the name.
            let found: Vec<SocketAddr> = found.collect();
            Ok::<Addrs, _>(Box::new(found.into_iter()))
        })
    }
}

/// Returns only the allowed addresses of a name. The connection goes to one of them; the name is
/// not resolved again.
#[derive(Clone)]
pub(crate) struct Resolver {
    pub(crate) names: Arc<dyn Resolve>,
    pub(crate) rules: Arc<AddressRules>,
    pub(crate) is_plain: bool,
}

/// None of the addresses of a name is allowed.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("expected a host name with an allowed address, found none")]
pub(crate) struct NoAllowedAddress;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let found = resolver.names.resolve(name).await?;
            Ok(resolver.allowed(found)?)
        })
    }
}

impl Resolver {
    fn allowed(&self, found: impl Iterator<Item = SocketAddr>) -> io::Result<Addrs> {
        let allowed: Vec<SocketAddr> =
            found.filter(|at| self.rules.allows(at.ip(), self.is_plain)).collect();
        if allowed.is_empty() {
            return Err(io::Error::other(NoAllowedAddress));
        }
        Ok(Box::new(allowed.into_iter()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(private: &[&str], notify: &[&str]) -> AddressRules {
        let networks = private.iter().map(|text| text.parse().expect("a network")).collect();
        let urls: Vec<String> = notify.iter().map(|&url| url.to_owned()).collect();
        AddressRules::new(networks, &urls).expect("rules")
    }

    #[test]
    fn events_go_to_public_addresses_over_https_and_to_this_machine_alone() {
        let rules = rules(&[], &[]);
        for url in [
            "https://shop.example/hook",
            "https://shop.example:8443/",
            "https://8.8.8.8/",
            "http://127.0.0.1:3000/hook",
            "http://[::1]:3000/hook",
            "http://localhost:3000/hook",
        ] {
            assert_eq!(rules.endpoint(url).err(), None, "{url}");
        }
        for (url, error) in [
            ("http://shop.example/hook", UrlError::Plain),
            ("http://8.8.8.8/", UrlError::Plain),
            ("https://10.0.0.1/", UrlError::NotAllowed),
            ("http://192.168.1.20/hook", UrlError::NotAllowed),
            ("https://169.254.169.254/latest/meta-data", UrlError::NotAllowed),
            ("https://[fd00::1]/", UrlError::NotAllowed),
            ("https://[::ffff:10.0.0.1]/", UrlError::NotAllowed),
            ("https://[64:ff9b::a00:1]/", UrlError::NotAllowed),
            ("https://[2002:a00:1::]/", UrlError::NotAllowed),
            ("https://0x0a000001/", UrlError::NotAllowed),
            ("https://0/", UrlError::NotAllowed),
            ("https://100.64.0.1/", UrlError::NotAllowed),
            ("https://198.19.0.1/", UrlError::NotAllowed),
            ("https://255.255.255.255/", UrlError::NotAllowed),
            ("ftp://shop.example/", UrlError::NotAUrl),
            ("https://user:word@shop.example/", UrlError::NotAUrl),
            ("https://shop.example/#part", UrlError::NotAUrl),
            ("shop.example", UrlError::NotAUrl),
            ("https://", UrlError::NotAUrl),
        ] {
            assert_eq!(rules.endpoint(url).err(), Some(error), "{url}");
        }
    }

    #[test]
    fn a_private_network_is_reached_only_where_the_settings_name_it() {
        let rules = rules(&["192.168.1.0/24", "fd00::/8"], &[]);
        for url in ["http://192.168.1.20:81/hook", "https://[fd12::1]/", "http://kasir.lan/hook"] {
            assert_eq!(rules.endpoint(url).err(), None, "{url}");
        }
        assert_eq!(rules.endpoint("http://192.168.2.20/").err(), Some(UrlError::NotAllowed));
        let (names, rules) = (Arc::new(SystemNames), Arc::new(rules));
        let lan = Resolver { names, rules, is_plain: true };
        let found = |addresses: &[&str]| {
            let addresses = addresses.iter().map(|text| text.parse().expect("an address"));
            lan.allowed(addresses).map(|allowed| allowed.map(|at| at.to_string()).collect()).ok()
        };
        let expected: Option<Vec<String>> = Some(vec!["192.168.1.20:0".to_owned()]);
        assert_eq!(found(&["8.8.8.8:0", "192.168.1.20:0", "10.0.0.1:0"]), expected);
        assert_eq!(found(&["8.8.8.8:0", "10.0.0.1:0"]), None);
    }

    #[test]
    fn an_order_is_told_of_only_where_the_settings_allow_it() {
        let rules = rules(&[], &["https://shop.example/notify", "https://other.example/"]);
        for url in [
            "https://shop.example/notify",
            "https://shop.example/notify/7?x=1",
            "https://shop.example:443/notify/7",
            "https://other.example/any",
        ] {
            assert_eq!(rules.notify_url(url).err(), None, "{url}");
        }
        for url in [
            "https://shop.example/",
            "https://shop.example/notifyother",
            "https://shop.example/notify/../admin",
            "https://shop.example/notify/%2e%2e/admin",
            "https://shop.example/notify/a%2f..%2F..%2fadmin",
            "https://shop.example/notify/..%5cadmin",
            "https://shop.example:8443/notify",
            "https://shop.example.evil.example/notify",
        ] {
            assert_eq!(rules.notify_url(url).err(), Some(UrlError::NotListed), "{url}");
        }
        let url = "http://shop.example/notify";
        assert_eq!(rules.notify_url(url).err(), Some(UrlError::Plain));
    }
}

//! The connection to a printer.

use std::fmt;
use std::path::PathBuf;

/// The connection to a printer.
///
/// ```
/// use qris_till::PrinterConnection;
///
/// let printer = PrinterConnection::address("192.168.1.50")?;
/// assert_eq!(printer.to_string(), "192.168.1.50:9100");
/// assert_eq!(PrinterConnection::Device("/dev/usb/lp0".into()).to_string(), "/dev/usb/lp0");
/// # Ok::<(), qris_till::InvalidPrinterAddress>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrinterConnection {
    /// Raw TCP, for network printers.
    Network {
        /// A name or an IP address.
        host: String,
        /// 9100 as a rule.
        port: u16,
    },
    /// A device file, opened for each receipt. Only on Unix.
    Device(PathBuf),
}

impl PrinterConnection {
    /// The port on which printers accept raw data.
    const RAW_PORT: u16 = 9100;

    /// Parses `HOST:PORT` or `HOST`; the default port is 9100. An IPv6 address with a port needs
    /// brackets.
    ///
    /// # Errors
    ///
    /// [`InvalidPrinterAddress`] for any other text.
    pub fn address(text: &str) -> Result<Self, InvalidPrinterAddress> {
        let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, "")) => (host, None),
            Some((host, rest)) => {
                (host, Some(rest.strip_prefix(':').ok_or(InvalidPrinterAddress)?))
            }
            None if text.matches(':').count() > 1 => (text, None),
            None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
        };
        let port =
            port.map_or(Ok(Self::RAW_PORT), str::parse).map_err(|_| InvalidPrinterAddress)?;
        let is_host = |char: char| char.is_ascii_alphanumeric() || "-._:%".contains(char);
        if port == 0 || host.is_empty() || !host.chars().all(is_host) {
            return Err(InvalidPrinterAddress);
        }
        Ok(Self::Network { host: host.to_owned(), port })
    }
}

impl fmt::Display for PrinterConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Network { host, port } => write!(f, "{host}:{port}"),
            Self::Device(path) => path.display().fmt(f),
        }
    }
}

/// A text that is not a printer address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an address such as 192.168.1.50:9100, found another text")]
pub struct InvalidPrinterAddress;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_perhaps_a_port() {
        for (text, expected) in [
            ("192.168.1.50", "192.168.1.50:9100"),
            ("192.168.1.50:9101", "192.168.1.50:9101"),
            ("printer.local:9100", "printer.local:9100"),
            ("fe80::1", "[fe80::1]:9100"),
            ("[fe80::1]", "[fe80::1]:9100"),
            ("[fe80::1%eth0]:1", "[fe80::1%eth0]:1"),
        ] {
            let found = PrinterConnection::address(text).map(|found| found.to_string());
            assert_eq!(found, Ok(expected.to_owned()), "{text}");
        }
        for text in
            ["", ":9100", "host:", "host:0", "host:70000", "http://host", "[::1]9100", "a b"]
        {
            assert_eq!(PrinterConnection::address(text), Err(InvalidPrinterAddress), "{text}");
        }
    }
}

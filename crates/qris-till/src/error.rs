//! Why a till did not start, or stopped.

use std::net::SocketAddr;

use qris_orders::MerchantName;

use crate::PrinterName;

/// Why a till cannot run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The till would be open to everybody. Give it a token or a user, or listen on loopback.
    #[error(
        "expected a token, a user, or a loopback address to listen on; found {address} without token and users"
    )]
    Exposed {
        /// The address.
        address: SocketAddr,
    },
    /// It could not listen: another program uses the address, or it is not an address of this
    /// machine.
    #[error("cannot listen on {address}: stop the program that uses it, or choose another address")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's error.
        source: std::io::Error,
    },
    /// The settings name no merchant.
    #[error("expected at least one merchant in the settings, found none")]
    NoMerchant,
    /// Two merchants of the settings have the same name.
    #[error("expected merchants with different names, found two called {0}")]
    SameMerchant(MerchantName),
    /// A webhook token belongs to a merchant that is not in the settings.
    #[error("expected webhook tokens only for merchants in the settings, found one for {0}")]
    WebhookMerchant(MerchantName),
    /// Two merchants have the same webhook token, so their webhooks could be confused.
    #[error("expected a separate webhook token for each merchant, found the token of {0} twice")]
    SameWebhookToken(MerchantName),
    /// Two printers of the settings have the same name.
    #[error("expected printers with different names, found two called {0}")]
    SamePrinter(PrinterName),
    /// An allowed prefix of `notify_url` is not a URL.
    #[error(
        "expected notify_urls with URLs such as https://shop.example/notify/, found another text"
    )]
    NotifyUrl,
    /// The file of certificate authorities cannot be used.
    #[error("the file of certificate authorities (ca_file) cannot be used")]
    CaFile(#[source] std::io::Error),
    /// The public address has a query or a fragment, so no path can be added.
    #[error("expected a public URL such as https://bayar.toko.example, found one with ? or #")]
    PublicUrl,
    /// The key of payment pages cannot be read or created.
    #[error("the file with the key of payment pages cannot be used")]
    PayKey(#[source] std::io::Error),
    /// The client could not be created.
    #[error(transparent)]
    Client(qris_api::Error),
    /// The ledger could not be opened, or belongs to another account.
    #[error("the ledger could not be opened")]
    Ledger(#[source] qris_ledger::Error),
    /// The till cannot wait for signals.
    #[error("cannot wait for SIGTERM and Ctrl-C")]
    Signals(#[source] std::io::Error),
}

impl From<qris_orders::Error> for Error {
    fn from(error: qris_orders::Error) -> Self {
        match error {
            qris_orders::Error::Provider(error) => Self::Client(error),
            qris_orders::Error::Ledger(error) => Self::Ledger(error),
            // The name of an unknown merchant is not repeated.
            error => Self::Ledger(qris_ledger::Error::Database(Box::new(error))),
        }
    }
}

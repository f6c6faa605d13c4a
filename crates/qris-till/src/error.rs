//! Why a till did not start, or ended.

use std::net::SocketAddr;

use qris_orders::MerchantName;

use crate::PrinterName;

/// What keeps a till from running.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The till would be open to everybody: give it a token or a user, or let it listen on loopback.
    #[error(
        "expected a token, a user, or a loopback address to listen on; found {address} and neither"
    )]
    Exposed {
        /// Where it was to listen.
        address: SocketAddr,
    },
    /// It could not listen: another program has the address, or it is not this machine's.
    #[error("expected to listen on {address}: end what listens there, or choose another address")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The settings name no merchant.
    #[error("expected at least one merchant in the settings, found none")]
    NoMerchant,
    /// Two merchants of the settings have the same name.
    #[error("expected merchants of different names, found two called {0}")]
    SameMerchant(MerchantName),
    /// A webhook's token is for a merchant that is not in the settings.
    #[error("expected the webhook token of a merchant in the settings, found one of {0}")]
    WebhookMerchant(MerchantName),
    /// Two merchants have the same webhook token, so one's webhooks would be taken for the other's.
    #[error("expected a webhook token of its own for each merchant, found that of {0} twice")]
    SameWebhookToken(MerchantName),
    /// Two printers of the settings have the same name.
    #[error("expected printers of different names, found two called {0}")]
    SamePrinter(PrinterName),
    /// One of the allowed beginnings of `notify_url` is no URL.
    #[error(
        "expected notify_urls of URLs such as https://shop.example/notify/, found another text"
    )]
    NotifyUrl,
    /// The file of certificate authorities cannot be used.
    #[error("the file of certificate authorities (ca_file) cannot be used")]
    CaFile(#[source] std::io::Error),
    /// The public address has a query or a fragment, so nothing can be put behind it.
    #[error("expected a public URL such as https://bayar.toko.example, found one with ? or #")]
    PublicUrl,
    /// The key of payers' pages cannot be read, or cannot be made.
    #[error("the file with the key of payers' pages cannot be used")]
    PayKey(#[source] std::io::Error),
    /// The client could not be made.
    #[error(transparent)]
    Client(qris_api::Error),
    /// The ledger could not be opened, or is of another account.
    #[error("the ledger could not be opened")]
    Ledger(#[source] qris_ledger::Error),
    /// The system does not let the till wait for signals.
    #[error("expected to be told of SIGTERM and Ctrl-C")]
    Signals(#[source] std::io::Error),
}

impl From<qris_orders::Error> for Error {
    fn from(error: qris_orders::Error) -> Self {
        match error {
            qris_orders::Error::Provider(error) => Self::Client(error),
            qris_orders::Error::Ledger(error) => Self::Ledger(error),
            // The till names no merchant that it has not got.
            error => Self::Ledger(qris_ledger::Error::Database(Box::new(error))),
        }
    }
}

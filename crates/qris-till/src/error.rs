//! Why a till did not start, or ended.

use std::net::SocketAddr;

/// What keeps a till from running.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The till would be open to everybody: give it a token, or let it listen on loopback.
    #[error("expected a token, or a loopback address to listen on; found {address} and no token")]
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
    /// The client could not be made.
    #[error(transparent)]
    Client(#[from] qris_api::Error),
    /// The books could not be opened, or are of another account.
    #[error("the books could not be opened")]
    Books(#[from] qris_ledger::Error),
    /// The system does not let the till wait for signals.
    #[error("expected to be told of SIGTERM and Ctrl-C")]
    Signals(#[source] std::io::Error),
}

//! Events over TLS: trusted certificates, and errors for others.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::serve::Listener;
use qris_api::{Rupiah, TransactionNumber, WibTime};
use qris_ledger::{Ledger, NewOrder};
use qris_till::{Error, Settings, Till};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::server::TlsStream;

use crate::outgoing::deliveries;
use crate::receiver::{Receiver, endpoint};
use crate::shop::Shop;

const SOON: Duration = Duration::from_secs(30);

/// A company's own certificate authority.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(authority, key).expect("an authority"))
    }

    fn write(&self, folder: &Path) -> PathBuf {
        let path = folder.join("ca.pem");
        std::fs::write(&path, self.0.pem()).expect("written");
        path
    }

    /// A receiver with a certificate for this host.
    async fn receiver(&self, host: &str, status: StatusCode) -> Receiver {
        let key = KeyPair::generate().expect("a key");
        let certificate = CertificateParams::new(vec![host.to_owned()]).expect("a name");
        let certificate = certificate.signed_by(&key, &self.0).expect("a certificate");
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .expect("a server");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let listener = TlsListener { listener, acceptor: TlsAcceptor::from(Arc::new(config)) };
        Receiver::on(address, listener, move |_| (status, Duration::ZERO))
    }
}

struct TlsListener {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, from) = self.listener.accept().await.expect("a connection");
            // A client that does not trust the certificate aborts the handshake.
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, from);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// A shop whose till trusts this authority, if any, in addition to the system's.
async fn shop(trusted: Option<&Authority>) -> Shop {
    let folder = tempfile::tempdir().expect("a folder");
    let ca_file = trusted.map(|authority| authority.write(folder.path()));
    let settings = |mut settings: Settings| {
        settings.ca_file = ca_file;
        settings
    };
    Shop::with(Duration::from_secs(1), settings).await
}

fn book(shop: &Shop) {
    let mut ledger = Ledger::connect(&shop.database()).expect("the ledger");
    let number = TransactionNumber::parse("INV-1").expect("a number");
    ledger.open_order(&NewOrder::new(number, Rupiah::new(1_000)), WibTime::now()).expect("booked");
}

/// The delivery of an event after its first try.
async fn tried(shop: &Shop) -> Value {
    let started = std::time::Instant::now();
    loop {
        let found = deliveries(shop, "", 1).await.remove(0);
        if !found["failure"].is_null() || found["state"] != "pending" {
            return found;
        }
        assert!(started.elapsed() < SOON, "{found}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn https(host: &str, receiver: &Receiver) -> String {
    format!("https://{host}:{}/hook", receiver.address.port())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_delivered_over_tls_to_a_certificate_of_the_companys_own_authority() {
    let authority = Authority::new();
    let receiver = authority.receiver("localhost", StatusCode::NO_CONTENT).await;
    let shop = shop(Some(&authority)).await;
    let made = endpoint(shop.at(), &https("localhost", &receiver), &[]).await;
    book(&shop);
    let received = receiver.reaches(1, SOON).await;
    assert!(received[0].is_signed_by(made["secret"].as_str().expect("a secret")));
    assert_eq!(received[0].number(), "INV-1");
    let delivered = tried(&shop).await;
    assert_eq!((&delivered["state"], &delivered["status"]), (&"delivered".into(), &204.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_another_name_is_told_nothing_and_the_delivery_says_why() {
    let authority = Authority::new();
    let receiver = authority.receiver("other.example", StatusCode::NO_CONTENT).await;
    let shop = shop(Some(&authority)).await;
    endpoint(shop.at(), &https("localhost", &receiver), &[]).await;
    book(&shop);
    let failed = tried(&shop).await;
    assert_eq!(failed["failure"], "certificate-not-trusted");
    assert_eq!((&failed["state"], &failed["status"]), (&"pending".into(), &Value::Null));
    assert!(receiver.received().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_an_unknown_authority_is_told_nothing_and_the_delivery_says_why() {
    let receiver = Authority::new().receiver("localhost", StatusCode::NO_CONTENT).await;
    for trusted in [None, Some(Authority::new())] {
        let shop = shop(trusted.as_ref()).await;
        endpoint(shop.at(), &https("localhost", &receiver), &[]).await;
        book(&shop);
        assert_eq!(tried(&shop).await["failure"], "certificate-not-trusted");
    }
    assert!(receiver.received().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_over_tls_is_not_followed() {
    let authority = Authority::new();
    let receiver = authority.receiver("localhost", StatusCode::TEMPORARY_REDIRECT).await;
    let shop = shop(Some(&authority)).await;
    endpoint(shop.at(), &https("localhost", &receiver), &[]).await;
    book(&shop);
    let failed = tried(&shop).await;
    assert_eq!((&failed["failure"], &failed["status"]), (&"redirect".into(), &307.into()));
    assert!(receiver.received().iter().all(|one| one.path == "/hook"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_does_not_start_with_a_file_that_has_no_authority() {
    let shop = Shop::open().await.close().await;
    for text in
        ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
    {
        let path = shop.folder.path().join("ca.pem");
        std::fs::write(&path, text).expect("written");
        let client = crate::shop::client(&shop.sandbox, SOON);
        let database = format!("sqlite://{}", shop.folder.path().join("qris.db").display());
        let mut settings = Settings::main(client, database);
        settings.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        settings.ca_file = Some(path);
        let refused = Till::start(settings).await;
        assert!(matches!(refused, Err(Error::CaFile(_))), "{text:?}: {refused:?}");
    }
}

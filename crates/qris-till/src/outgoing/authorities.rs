//! A company's own certificate authorities.

use std::io;
use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// Reads the certificates in a PEM file, each of which can be an authority.
pub(crate) fn read(path: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let invalid = || {
        let words = "expected PEM certificates of authorities, found something else";
        io::Error::new(io::ErrorKind::InvalidData, words)
    };
    let file = std::fs::read(path)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&file).collect();
    let found = found.map_err(|_| invalid())?;
    let mut store = RootCertStore::empty();
    for certificate in &found {
        store.add(certificate.clone()).map_err(|_| invalid())?;
    }
    if found.is_empty() { Err(invalid()) } else { Ok(found) }
}

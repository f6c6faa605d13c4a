//! The other Rust crates that read such payloads, each with its closest equivalent of parsing with
//! a verified checksum.
//!
//! All of them panic on some cut or non-ASCII text, so they get complete payloads only.

use std::borrow::Cow;

use emv_qrcps::EmvEncoder;

/// A crate, with its function that parses a text and verifies the checksum.
pub struct Peer {
    /// The crate's name.
    pub name: &'static str,
    /// Whether the text was read, looks right, and has the right checksum.
    pub parse: fn(&str) -> bool,
}

/// All peers.
pub static ALL: [Peer; 4] = [
    // A flat list of owned strings. The crate does not verify, so its checksum is compared here.
    Peer {
        name: "peer: qris-gen",
        parse: |text| {
            let objects = qris_gen::tlv::parse_tlv(text).unwrap_or_default();
            let (covered, crc) = text.split_at(text.len() - 4);
            objects.iter().any(|object| object.tag == "59")
                && qris_gen::crc::calculate_crc(covered) == crc
        },
    },
    // Borrows, into a structure that the caller declares.
    Peer {
        name: "peer: emv-qrcps",
        parse: |text| {
            let Declared { format, account, national, merchant_name } = Declared::from_str(text);
            let read = [format, account, national, merchant_name].iter().all(|it| !it.is_empty());
            read && emv_qrcps::helpers::validate(text)
        },
    },
    // A tree of owned strings, encoded again to verify the checksum.
    Peer {
        name: "peer: qris",
        parse: |text| {
            qris::node::Nodes::from_str(text)
                .is_ok_and(|nodes| nodes.get(59).is_some() && nodes.verify())
        },
    },
    // A tree of owned strings. The crate does not verify, so its checksum is compared here.
    Peer {
        name: "peer: brcode",
        parse: |text| {
            let objects = brcode::from_str(text);
            let (covered, crc) = text.split_at(text.len() - 4);
            objects.iter().any(|(tag, _)| *tag == 59) && brcode::crc16_ccitt(covered) == crc
        },
    },
];

/// The fields that `emv-qrcps` reads from a QRIS payload.
#[derive(EmvEncoder)]
struct Declared<'a> {
    #[encoder(id = "00")]
    format: Cow<'a, str>,
    #[encoder(id = "26")]
    account: Cow<'a, str>,
    #[encoder(id = "51")]
    national: Cow<'a, str>,
    #[encoder(id = "59")]
    merchant_name: Cow<'a, str>,
}

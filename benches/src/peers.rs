//! The other Rust crates that read such payloads, each doing what it can that is nearest to
//! parsing with the checksum verified.
//!
//! All of them panic on some cut or non-ASCII text, so they are shown whole payloads only.

use std::borrow::Cow;

use emv_qrcps::EmvEncoder;

/// A crate, and its way to parse a text and verify the checksum.
pub struct Peer {
    /// The crate's name.
    pub name: &'static str,
    /// Whether the text was read, looks right, and its checksum holds.
    pub parse: fn(&str) -> bool,
}

/// All there are.
pub static ALL: [Peer; 4] = [
    // A flat list of owned strings; the crate has no verification, so its checksum is compared.
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
    // A tree of owned strings, written anew to verify the checksum.
    Peer {
        name: "peer: qris",
        parse: |text| {
            qris::node::Nodes::from_str(text)
                .is_ok_and(|nodes| nodes.get(59).is_some() && nodes.verify())
        },
    },
    // A tree of owned strings; the crate has no verification, so its checksum is compared.
    Peer {
        name: "peer: brcode",
        parse: |text| {
            let objects = brcode::from_str(text);
            let (covered, crc) = text.split_at(text.len() - 4);
            objects.iter().any(|(tag, _)| *tag == 59) && brcode::crc16_ccitt(covered) == crc
        },
    },
];

/// What `emv-qrcps` reads of a QRIS payload.
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

//! The numbers of statuses never change, because C programs were compiled with them.

use std::ffi::CStr;

use qris::{qris_status, qris_status_message};

/// Never change or remove a line, and never reuse a number; retired ones stay as a comment.
const PROMISED: [(i32, &str); 61] = [
    (0, "OK"),
    (1, "ABSENT"),
    (10, "NULL_ARGUMENT"),
    (11, "STRUCT_SIZE"),
    (12, "UNKNOWN_VALUE"),
    (13, "NOT_PARSED"),
    (14, "PATH_SYNTAX"),
    (15, "BUFFER_TOO_SMALL"),
    (16, "CURSOR_INVALID"),
    (17, "TOO_MANY"),
    (18, "CLIENT_UNKNOWN"),
    (19, "INVOICE_INVALID"),
    (20, "TEXT_EMPTY"),
    (21, "TEXT_TOO_LONG"),
    (22, "TEXT_NOT_UTF8"),
    (23, "OBJECT_HEADER_SHORT"),
    (24, "OBJECT_HEADER_NOT_DIGITS"),
    (25, "OBJECT_TRUNCATED"),
    (26, "OBJECT_SPLITS_CHARACTER"),
    (27, "OBJECT_DUPLICATE"),
    (28, "FORMAT_NOT_FIRST"),
    (30, "CHECKSUM_MISSING"),
    (31, "CHECKSUM_NOT_LAST"),
    (32, "CHECKSUM_LENGTH"),
    (33, "CHECKSUM_NOT_HEXADECIMAL"),
    (34, "CHECKSUM_MISMATCH"),
    (40, "VALUE_TOO_LONG"),
    (41, "TEXT_NOT_PRECOMPOSED"),
    (42, "OBJECT_NOT_AMENDABLE"),
    (43, "AMOUNT_SYNTAX"),
    (44, "RULE_BROKEN"),
    (45, "NOT_ANONYMIZABLE"),
    (50, "DRAWING_TOO_LONG"),
    (51, "DRAWING_TOO_NARROW"),
    (52, "DRAWING_TOO_LARGE"),
    (53, "WRITER_STOPPED"),
    (54, "PICTURE_FORMAT"),
    (55, "PICTURE_TOO_LARGE"),
    (56, "PICTURE_DAMAGED"),
    (58, "DRAWING_NOT_STATIC"),
    (60, "VALUE_REFUSED"),
    (61, "REJECTED"),
    (62, "OUTCOME_UNKNOWN"),
    (63, "UNREACHABLE"),
    (64, "MALFORMED_REPLY"),
    (65, "CONTENT_MISMATCH"),
    (66, "CANCELLED"),
    (67, "CERTIFICATE_STORE"),
    (68, "PAUSED"),
    (69, "WEBHOOK_MALFORMED"),
    (70, "ORDERS_UNKNOWN"),
    (71, "ORDER_CONFLICT"),
    (72, "ORDER_STATE"),
    (73, "TOO_SOON"),
    (74, "NOT_CHECKED"),
    (75, "DATABASE_UNAVAILABLE"),
    (76, "DATABASE_REFUSED"),
    (77, "DATABASE_FAILED"),
    (78, "POLL_BUSY"),
    (79, "WAIT_BUSY"),
    (90, "INTERNAL"),
];

/// The statuses in the committed header: number and name.
fn in_the_header() -> Vec<(i32, String)> {
    let header = include_str!("../include/qris.h");
    let lines = header.lines().filter_map(|line| line.trim().strip_prefix("QRIS_STATUS_"));
    lines
        .filter_map(|line| line.trim_end_matches(',').split_once(" = "))
        .filter_map(|(name, number)| Some((number.parse().ok()?, name.to_owned())))
        .collect()
}

#[test]
fn no_status_changed_its_number() {
    let promised: Vec<_> =
        PROMISED.iter().map(|(number, name)| (*number, (*name).to_owned())).collect();
    assert_eq!(in_the_header(), promised);
}

#[test]
fn every_status_has_its_own_sentence_and_no_other_number_has_one() {
    // SAFETY: the function promises a text that ends with a NUL and is never freed.
    let sentence = |number| unsafe { CStr::from_ptr(qris_status_message(number)) };
    let unknown = sentence(i32::MIN);
    let mut known = std::collections::BTreeSet::new();
    for number in -1000..1000 {
        if PROMISED.iter().any(|(promised, _)| *promised == number) {
            assert!(known.insert(sentence(number)), "{number} has the sentence of another");
        } else {
            assert_eq!(sentence(number), unknown, "{number}");
        }
    }
    assert!(!known.contains(unknown));
    assert_eq!(qris_status::Internal as i32, 90);
}

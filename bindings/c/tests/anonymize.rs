//! `qris_anonymize`, called as from C.

use std::ffi::c_char;
use std::ptr;

use qris::{qris_anonymize, qris_status};

/// 26.03 has a name and a phone number.
const LEAK: &str = "00020101021126830014COM.GO-JEK.WWW01189360091436640017570210M6640017570325BUDI SANTOSO 08123456789051440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007JAKARTA61051011063045CCF";

/// The status, the copy, and the byte at which reading ended.
fn anonymize(text: &str, room: usize) -> (qris_status, String, usize) {
    let mut buffer = vec![0_u8; room];
    let (mut written, mut unread) = (0, usize::MAX);
    // SAFETY: the text can be read, the buffer and both numbers can be written to.
    let status = unsafe {
        qris_anonymize(
            text.as_ptr().cast(),
            text.len(),
            buffer.as_mut_ptr().cast::<c_char>(),
            room,
            &raw mut written,
            &raw mut unread,
            ptr::null_mut(),
        )
    };
    if status == qris_status::Ok {
        buffer.truncate(written);
        return (status, String::from_utf8(buffer).expect("UTF-8"), unread);
    }
    assert!(buffer.iter().all(|byte| *byte == 0), "nothing is left behind");
    (status, written.to_string(), unread)
}

#[test]
fn a_copy_has_no_name_and_no_phone_number() {
    let (status, copy, unread) = anonymize(LEAK, 600);
    assert_eq!((status, copy.len(), unread), (qris_status::Ok, LEAK.len(), LEAK.len()));
    assert!(copy.contains("0325XXXX XXXXXXX 0000000000005144"), "{copy}");
    assert!(!copy.contains("TOKO"), "{copy}");
}

#[test]
fn a_cut_text_is_masked_and_its_unread_byte_is_returned() {
    let cut = &LEAK[..LEAK.find(" CONTOH").expect("a name")];
    let (status, copy, unread) = anonymize(cut, 600);
    assert_eq!((status, unread), (qris_status::Ok, cut.len() - 8));
    assert_eq!(&copy[unread..], "5911XXXX");
}

#[test]
fn a_small_buffer_gets_the_needed_size_and_an_empty_text_is_refused() {
    let (status, written, unread) = anonymize(LEAK, 10);
    assert_eq!(status, qris_status::BufferTooSmall);
    assert_eq!((written, unread), (LEAK.len().to_string(), usize::MAX));
    assert_eq!(anonymize(" ", 10).0, qris_status::TextEmpty);
}

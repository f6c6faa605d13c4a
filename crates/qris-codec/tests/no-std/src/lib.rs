//! Proof that the codec needs neither std nor an allocator: were either pulled in, this library
//! would not build, for there is no allocator here and the panic handler would stand twice.
#![no_std]

use qris_codec::encode::{Builder, NewAccount};
use qris_codec::{Amount, Initiation, Payload, Qris, Rules, Tag};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// Writes, reads, checks, amends and masks a payload. Returns 0 on success, otherwise the
/// number of the step that did not.
#[unsafe(no_mangle)]
pub extern "C" fn qris_no_std() -> i32 {
    let accounts = [
        NewAccount {
            tag: Tag::FIRST_ACCOUNT,
            guid: Some("COM.GO-JEK.WWW"),
            pan: Some("936009143664001757"),
            merchant_id: Some("M664001757"),
            criteria: Some("UMI"),
        },
        NewAccount {
            tag: Tag::NATIONAL_ACCOUNT,
            guid: Some("ID.CO.QRIS.WWW"),
            pan: None,
            merchant_id: Some("ID1020038431489"),
            criteria: Some("UMI"),
        },
    ];
    let builder = Builder::new("TOKO CONTOH", "JAKARTA", "5812")
        .postal_code("10110")
        .accounts(&accounts)
        .initiation(Initiation::Static);
    let mut buffer = [0; 512];
    let Ok(text) = builder.encode_into(&mut buffer) else { return 1 };
    let Ok(sticker) = Payload::parse(text) else { return 2 };
    if sticker.findings(Rules::Qris).count() != 0 {
        return 3;
    }
    let mut buffer = [0; 512];
    let amount = Amount::rupiah(25_578);
    let Ok(text) = sticker.to_dynamic(amount).encode_into(&mut buffer) else { return 4 };
    match Qris::parse(text) {
        Ok(code) if code.amount() == Some(amount) => {}
        _ => return 5,
    }
    let mut buffer = [0; 512];
    if sticker.anonymize_into(&mut buffer).is_err() { 6 } else { 0 }
}

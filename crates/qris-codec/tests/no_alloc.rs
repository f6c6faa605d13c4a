//! Nothing in the codec allocates.

use allocation_counter::measure;
use qris_codec::encode::{Builder, NewAccount};
use qris_codec::{Amount, Initiation, Payload, Qris, Rules, Tag};

const STICKER: &str = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI51440014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO CONTOH6007JAKARTA61051011062070703A01630466DC";

#[track_caller]
fn allocates_nothing(act: impl FnOnce()) {
    assert_eq!(measure(act).count_total, 0);
}

#[test]
fn the_counter_counts() {
    assert_eq!(measure(|| drop(std::hint::black_box(Box::new(1)))).count_total, 1);
}

#[test]
fn reading_judging_and_refusing_allocate_nothing() {
    let vectors: Vec<&str> = include_str!("vectors/payloads.tsv")
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').nth(5))
        .collect();
    allocates_nothing(|| {
        for text in &vectors {
            let _ = Qris::parse(text);
            let Ok(payload) = Payload::parse(text) else { continue };
            for rules in [Rules::Emv, Rules::Qris] {
                assert!(payload.findings(rules).count() < 100);
            }
            let _ = (payload.amount(), payload.tip(), payload.language(), payload.nmid());
            for account in payload.accounts() {
                let _ = account.guid();
                #[cfg(feature = "tables")]
                let _ = account.institution();
            }
        }
    });
}

#[test]
fn writing_amending_and_anonymising_allocate_nothing() {
    let accounts = [NewAccount {
        tag: Tag::FIRST_ACCOUNT,
        guid: Some("COM.GO-JEK.WWW"),
        pan: Some("936009143664001757"),
        merchant_id: Some("M664001757"),
        criteria: Some("UMI"),
    }];
    allocates_nothing(|| {
        let builder = Builder::new("TOKO CONTOH", "JAKARTA", "5812")
            .postal_code("10110")
            .accounts(&accounts)
            .initiation(Initiation::Dynamic)
            .amount(Amount::rupiah(25_578));
        let mut buffer = [0; 600];
        assert!(builder.encode_into(&mut buffer).is_ok());
        let sticker = Payload::parse(STICKER).expect("a payload");
        assert!(sticker.to_dynamic(Amount::rupiah(1)).encode_into(&mut buffer).is_ok());
        assert!(sticker.anonymize_into(&mut buffer).is_ok());
    });
}

//! `qris forget`: payers' names leave the ledger, and the money stays.

use crate::shop::{Shop, complaint, intend, order, text};
use qris_api::{InvoiceId, Payment, PaymentDetails, WibTime};
use qris_ledger::{Actor, Ledger, MerchantRowId};

const NAME: &str = "SITI ZULAIKHA";

/// A payment of this number, years ago, of the merchant that is selected.
#[track_caller]
fn pay(ledger: &mut Ledger, number: &str, id: u64) {
    let made = WibTime::parse("2020-08-07 11:13:42").expect("a time");
    let order = order(number);
    let intent = intend(ledger, &order, made);
    let invoice = qris_api::Invoice::new(
        order.number.clone(),
        order.amount,
        format!("a code {id}"),
        made,
        InvoiceId::new(id),
        "ID1020021181745",
    );
    // Its code is nobody's, so that it cannot be shown, and it is paid.
    ledger.record_created(&intent, &invoice, &qris_api::Schedule::default(), made).expect("made");
    let mut details = PaymentDetails::default();
    details.customer_name = Some(NAME.into());
    details.rrn = Some("633100000001".into());
    let paid = Payment::Paid(details);
    ledger.settle(InvoiceId::new(id), &paid, made).expect("a payment");
}

#[track_caller]
fn has_name(shop: &Shop) -> bool {
    let files = std::fs::read_dir(shop.folder.path()).expect("files");
    files.map(|file| file.expect("a file").path()).filter(|path| path.is_file()).any(|path| {
        let bytes = std::fs::read(path).expect("a file");
        bytes.windows(NAME.len()).any(|window| window == NAME.as_bytes())
    })
}

/// A shop with an old payment of each of two merchants.
#[track_caller]
fn with_payments() -> Shop {
    let shop = Shop::open();
    let mut ledger = Ledger::open(shop.books()).expect("books");
    pay(&mut ledger, "INV-1", 1);
    let kopi = ledger.merchant(&"kopi".parse().expect("a name")).expect("a merchant");
    ledger.act_for(kopi, &Actor::default());
    pay(&mut ledger, "INV-2", 2);
    ledger.act_for(MerchantRowId::MAIN, &Actor::default());
    shop
}

#[test]
fn payers_of_all_merchants_leave_the_file_and_money_and_rrn_stay() {
    let shop = with_payments();
    let report = ["report", "--from", "2020-08-01", "--to", "2020-08-31", "--by", "payment"];
    let before = text(&shop.qris(&report));
    assert!(before.contains("633100000001"), "{before}");
    assert!(has_name(&shop));
    let done = shop.qris(&["forget", "--payers-before", "2020-08-08", "--by", "ibu dewi"]);
    assert!(done.status.success(), "{}", complaint(&done));
    assert_eq!(
        text(&done),
        "payers before 2020-08-08 of kopi, main: names deleted from 2 orders, 2 events, \
         0 webhooks and 0 plans\n\
         no name is left in the database file\n\
         backups and exports made before this still have the names: delete them, or keep them no \
         longer than you are allowed to\n"
    );
    assert!(!has_name(&shop));
    assert_eq!(text(&shop.qris(&report)), before);
    let story = text(&shop.qris(&["order", "show", "INV-1"]));
    assert!(story.contains("payer's name forgotten") && story.contains("ibu dewi"), "{story}");
    let again = shop.json(&["forget", "--payers-before", "2020-08-08", "--json"]);
    assert_eq!((&again["orders"], &again["events"]), (&0.into(), &0.into()), "{again}");
    assert_eq!(
        (&again["traces"], &again["earlier_backups_have_names"]),
        (&"none".into(), &true.into())
    );
    shop.close();
}

#[test]
fn payers_of_a_named_merchant_are_forgotten_alone_and_none_of_today_and_later() {
    let shop = with_payments();
    let forget = ["forget", "--payers-before", "2020-08-07", "--json"];
    assert_eq!(shop.json(&forget)["orders"], 0, "they paid on that day");
    let forget = ["forget", "--payers-before", "2020-08-08", "--merchant", "main", "--json"];
    let done = shop.json(&forget);
    assert_eq!((&done["merchants"], &done["orders"]), (&serde_json::json!(["main"]), &1.into()));
    assert!(has_name(&shop), "the other merchant's");
    let later = shop.qris(&["forget", "--payers-before", "2100-01-01"]);
    assert_eq!(later.status.code(), Some(2));
    assert!(complaint(&later).contains("found a later day"), "{}", complaint(&later));
    assert!(has_name(&shop));
    shop.close();
}

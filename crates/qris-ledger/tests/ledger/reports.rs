//! Reports, exports and lists of payments, on any database.

use std::collections::BTreeSet;

use qris_api::{InvoiceId, Rupiah, WibTime};
use qris_ledger::{Channel, Grouping, Settlement, Total, payments_csv};
use serde_json::json;

use crate::properties::{SCHEDULE, at, booked, content, invoice, number, paid, payment, pending};
use crate::{OneCode as _, TestDatabase};

pub(crate) fn a_report_is_added_up_by_day_or_by_channel(database: &TestDatabase) {
    let mut ledger = database.open();
    for (name, id, channel, made) in [
        ("INV-1", 1, Channel::Pos, "2020-08-07 10:00:00"),
        ("INV-2", 2, Channel::Bill, "2020-08-07 11:00:00"),
        ("INV-3", 3, Channel::Pos, "2020-08-08 10:00:00"),
    ] {
        ledger.ask(&number(name), Rupiah::new(25_578), channel, at(made)).unwrap();
        ledger.made(&invoice(name, id, made), &SCHEDULE, at(made)).unwrap();
        ledger.settle(InvoiceId::new(id), &paid("SITI"), at(made)).unwrap();
    }
    let lines =
        ledger.report("2020-08-01".parse().unwrap(), "2020-08-31".parse().unwrap()).unwrap();
    let csv = |grouping| Total::csv(&Total::group(&lines, grouping), grouping);
    assert_eq!(
        csv(Grouping::Day),
        "day,invoices,payments,paid\r\n2020-08-07,2,2,51156\r\n2020-08-08,1,1,25578\r\n",
    );
    assert_eq!(
        csv(Grouping::Channel),
        "channel,invoices,payments,paid\r\nbill,1,1,25578\r\npos,2,2,51156\r\n",
    );
    assert_eq!(
        csv(Grouping::DayAndChannel),
        "day,channel,invoices,payments,paid\r\n2020-08-07,bill,1,1,25578\r\n\
         2020-08-07,pos,1,1,25578\r\n2020-08-08,pos,1,1,25578\r\n",
    );
    let days = Total::group(&lines, Grouping::Day);
    assert_eq!(
        serde_json::to_string(&days[1]).unwrap(),
        r#"{"day":"2020-08-08","invoices":1,"payments":1,"paid":25578}"#,
    );
}

pub(crate) fn the_export_has_every_record_with_its_history(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 41_325_511_100);
    let paid_at = at("2020-08-07 11:20:00");
    ledger.settle(InvoiceId::new(41_325_511_100), &paid("SITI"), paid_at).unwrap();
    ledger.ask(&number("INV-2"), Rupiah::new(100), Channel::Bill, paid_at).unwrap();
    let mut out = Vec::new();
    assert_eq!(ledger.export(&mut out).unwrap(), 2);
    let content = content(41_325_511_100);
    let made = "2020-08-07T11:13:42+07:00";
    let paid = "2020-08-07T11:20:00+07:00";
    let expected = [
        json!({
            "merchant": "main", "number": "INV-1", "reference": null, "amount": 25_578,
            "channel": "pos", "tip": false, "description": null, "metadata": null, "state": "paid",
            "created_at": made, "due_at": null, "pay_url": null, "qris_content": content,
            "qris_request_date": made, "qris_invoiceid": 41_325_511_100_u64,
            "qris_nmid": "ID1020021181745", "shown_until": "2020-08-07T11:43:42+07:00",
            "watched_until": "2020-08-07T12:13:42+07:00", "paid_late": false, "paid_at": paid, "method": "BCA",
            "customer_name": "SITI", "rrn": null, "overpaid": 0,
            "invoices": [{
                "state": "paid", "qris_invoiceid": 41_325_511_100_u64, "qris_request_date": made,
                "paid_at": paid, "method": "BCA", "customer_name": "SITI", "rrn": null,
            }],
            "events": [
                {"at": made, "state": "requested", "actor": "program"},
                {"at": made, "state": "pending", "actor": "program"},
                {"at": paid, "state": "paid", "actor": "program"},
            ],
        }),
        json!({
            "merchant": "main", "number": "INV-2", "reference": null, "amount": 100,
            "channel": "bill", "tip": false, "description": null, "metadata": null,
            "state": "requested", "created_at": paid, "due_at": null, "pay_url": null,
            "qris_content": null, "qris_request_date": null, "qris_invoiceid": null,
            "qris_nmid": null, "shown_until": null, "watched_until": null, "paid_late": false,
            "invoices": [{
                "state": "requested", "qris_invoiceid": null, "qris_request_date": null,
                "paid_at": null, "method": null, "customer_name": null, "rrn": null,
            }],
            "events": [{"at": paid, "state": "requested", "actor": "program"}],
        }),
    ];
    let lines = String::from_utf8(out).unwrap();
    let found: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found, expected);
}

pub(crate) fn an_export_of_more_than_a_page_skips_and_repeats_nothing(database: &TestDatabase) {
    let mut ledger = database.open();
    let now = at("2020-08-07 11:20:00");
    for name in 0..1_001 {
        let number = number(&format!("N{name}"));
        ledger.ask(&number, Rupiah::new(100), Channel::Pos, now).unwrap();
    }
    let mut out = Vec::new();
    assert_eq!(ledger.export(&mut out).unwrap(), 1_001);
    let text = String::from_utf8(out).unwrap();
    let numbers: BTreeSet<&str> = text.lines().filter_map(|line| line.split('"').nth(7)).collect();
    assert_eq!(numbers.len(), 1_001);
}

pub(crate) fn the_report_counts_by_day_in_wib_and_by_channel(database: &TestDatabase) {
    let mut ledger = database.open();
    // The last second of a day in WIB is 16:59:59 UTC; the payment of INV-1 is of the next day.
    let sales = [
        ("INV-1", 1, Channel::Pos, "2020-08-07 23:59:59", Some("2020-08-08 00:00:00")),
        ("INV-2", 2, Channel::Pos, "2020-08-08 00:00:00", Some("2020-08-08 00:01:00")),
        ("INV-3", 3, Channel::Ecommerce, "2020-08-08 12:00:00", Some("2020-08-08 12:01:00")),
        ("INV-4", 4, Channel::Ecommerce, "2020-08-08 12:00:00", None),
        ("INV-5", 5, Channel::Bill, "2020-08-09 00:00:00", Some("2020-08-09 00:01:00")),
    ];
    for (name, id, channel, made, paid_at) in sales {
        ledger.ask(&number(name), Rupiah::new(25_578), channel, at(made)).unwrap();
        ledger.made(&invoice(name, id, made), &SCHEDULE, at(made)).unwrap();
        if let Some(paid_at) = paid_at {
            let settled = ledger.settle(InvoiceId::new(id), &paid("SITI"), at(paid_at));
            assert_eq!(settled.unwrap(), Settlement::Settled);
        }
    }
    // Nothing was made for this one.
    let refused = number("INV-6");
    let noon = at("2020-08-08 12:00:00");
    ledger.ask(&refused, Rupiah::new(25_578), Channel::Bill, noon).unwrap();
    ledger.refused(&refused, noon).unwrap();

    let report = |from: &str, to: &str| -> Vec<(String, Channel, u64, u64, u64)> {
        ledger
            .report(from.parse().unwrap(), to.parse().unwrap())
            .unwrap()
            .iter()
            .map(|line| {
                (line.day.to_string(), line.channel, line.invoices, line.payments, line.paid.get())
            })
            .collect()
    };
    let eighth = || "2020-08-08".to_owned();
    assert_eq!(
        report("2020-08-08", "2020-08-08"),
        [(eighth(), Channel::Ecommerce, 2, 1, 25_578), (eighth(), Channel::Pos, 1, 2, 51_156),],
    );
    let whole = report("2020-08-07", "2020-08-09");
    assert_eq!(whole.len(), 4);
    assert_eq!(whole[0], ("2020-08-07".to_owned(), Channel::Pos, 1, 0, 0));
    assert_eq!(whole[3], ("2020-08-09".to_owned(), Channel::Bill, 1, 1, 25_578));
    assert_eq!(report("2020-08-10", "2020-08-31"), []);

    let payments = |from: &str, to: &str| {
        let records = ledger.payments(from.parse().unwrap(), to.parse().unwrap()).unwrap();
        records.iter().map(|record| record.number.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(payments("2020-08-08", "2020-08-08"), ["INV-1", "INV-2", "INV-3"]);
    assert_eq!(payments("2020-08-07", "2020-08-09"), ["INV-1", "INV-2", "INV-3", "INV-5"]);
    assert_eq!(payments("2020-08-10", "2020-08-31"), [""; 0]);
}

pub(crate) fn a_list_of_payments_has_what_a_bank_statement_is_held_against(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    for (id, name, method) in
        [(1, "INV-1", "Sakuku"), (2, "=2;-1", "=1+1"), (3, "INV-3", "A \"B\", C")]
    {
        pending(&mut ledger, name, id);
        let paid_at = WibTime::parse(&format!("2020-08-07 11:20:0{id}"));
        let paid = payment(Some("SITI"), Some(method), paid_at);
        ledger.settle(InvoiceId::new(id), &paid, at("2020-08-07 11:21:00")).unwrap();
    }
    let day = "2020-08-07".parse().unwrap();
    let csv = payments_csv(&ledger.payments(day, day).unwrap());
    assert_eq!(
        csv,
        "paid_at,number,qris_invoiceid,amount,channel,method,rrn,note,api_version\r\n\
         2020-08-07T11:20:01+07:00,\"INV-1\",1,25578,pos,\"Sakuku\",\"\",\"\",\"\"\r\n\
         2020-08-07T11:20:02+07:00,\"'=2;'-1\",2,25578,pos,\"'=1+1\",\"\",\"\",\"\"\r\n\
         2020-08-07T11:20:03+07:00,\"INV-3\",3,25578,pos,\"A \"\"B\"\", C\",\"\",\"\",\"\"\r\n"
    );
}

pub(crate) fn neither_records_nor_errors_show_the_payer(database: &TestDatabase) {
    let mut ledger = database.open();
    pending(&mut ledger, "INV-1", 1);
    ledger.settle(InvoiceId::new(1), &paid("SITI"), at("2020-08-07 11:20:00")).unwrap();
    let shown = format!("{:?}", booked(&ledger, "INV-1"));
    assert!(shown.contains("INV-1"));
    assert!(!shown.contains("SITI"), "{shown}");
}

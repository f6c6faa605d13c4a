//! Settlement lines, on any database: each line once, and whole imports or nothing.

use std::sync::Barrier;
use std::thread;

use qris_api::{InvoiceId, Rupiah, WibTime};
use qris_ledger::{Actor, Error, Ledger, MerchantRowId, SettlementImport, SettlementLine};

use crate::TestDatabase;
use crate::properties::at;

const NOW: &str = "2026-12-01 08:00:00";

fn line(key: &str, paid_at: &str) -> SettlementLine {
    SettlementLine::new(key, at(paid_at), Rupiah::new(25_578))
}

#[track_caller]
fn import(ledger: &mut Ledger, lines: &[SettlementLine]) -> (u64, u64, u64) {
    let done = ledger.import_settlement(lines, at(NOW)).expect("lines that contradict nothing");
    let SettlementImport { new, completed, known, .. } = done;
    (new, completed, known)
}

#[track_caller]
fn kept(ledger: &Ledger, from: &str, to: &str) -> Vec<SettlementLine> {
    ledger.settlement_lines(from.parse().unwrap(), to.parse().unwrap()).expect("lines")
}

pub(crate) fn a_line_is_there_once_and_takes_what_it_did_not_know_in_any_order(
    database: &TestDatabase,
) {
    let mut whole = line("id:T-1", "2026-11-27 10:15:30");
    whole.tip = Rupiah::new(1_000);
    whole.transaction = Some("T-1".into());
    whole.invoice = Some(InvoiceId::new(413_255_111));
    whole.rrn = Some("633100000001".into());
    whole.method = Some("GOPAY".into());
    whole.settled_on = Some("2026-11-30".parse().unwrap());
    // The older page has no seconds.
    let bare = line("id:T-1", "2026-11-27 10:15:00");
    let mut ledger = database.open();
    assert_eq!(import(&mut ledger, std::slice::from_ref(&bare)), (1, 0, 0));
    assert_eq!(import(&mut ledger, std::slice::from_ref(&whole)), (0, 1, 0));
    assert_eq!(import(&mut ledger, &[bare, whole.clone()]), (0, 0, 2));
    assert_eq!(kept(&database.open(), "2026-11-27", "2026-11-27"), [whole.clone()]);
    // The later settlement day counts, in both orders.
    let mut later = whole.clone();
    later.settled_on = Some("2026-12-01".parse().unwrap());
    assert_eq!(import(&mut ledger, &[later.clone(), whole]), (0, 1, 1));
    assert_eq!(kept(&ledger, "2026-11-27", "2026-11-27"), [later]);
}

pub(crate) fn a_line_that_contradicts_the_ledger_keeps_all_others_of_its_import_out(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let mut first = line("id:T-1", "2026-11-27 10:15:30");
    first.invoice = Some(InvoiceId::new(1));
    first.rrn = Some("R-1".into());
    import(&mut ledger, std::slice::from_ref(&first));
    let new = line("id:T-0", "2026-11-27 10:00:00");
    let mut others: [SettlementLine; 4] = std::array::from_fn(|_| first.clone());
    others[0].amount = Rupiah::new(1);
    others[1].paid_at = at("2026-11-27 10:16:00");
    others[2].invoice = Some(InvoiceId::new(2));
    others[3].rrn = Some("R-2".into());
    let columns = ["amount", "paid_at", "qris_invoiceid", "rrn"];
    for (other, column) in others.into_iter().zip(columns) {
        let refused = ledger.import_settlement(&[other, new.clone()], at(NOW)).unwrap_err();
        let Error::SettlementDiffers(differences) = refused else { panic!("{refused}") };
        let found: Vec<_> = differences.iter().map(|it| (it.index, it.column)).collect();
        assert_eq!(found, [(0, column)]);
    }
    let mut large = new.clone();
    large.amount = Rupiah::new(u64::MAX);
    let long = line(&"x".repeat(129), "2026-11-27 10:00:00");
    for wrong in [large, long] {
        let refused = ledger.import_settlement(&[new.clone(), wrong], at(NOW)).unwrap_err();
        let is_size = matches!(refused, Error::TooLarge { .. } | Error::TooLong { .. });
        assert!(is_size, "{refused}");
    }
    assert_eq!(kept(&ledger, "2026-11-01", "2026-11-30"), [first]);
}

pub(crate) fn settlement_lines_are_one_merchants_and_of_the_days_on_which_they_were_paid(
    database: &TestDatabase,
) {
    let mut ledger = database.open();
    let days = [
        "2026-11-26 23:59:59",
        "2026-11-27 00:00:00",
        "2026-11-27 23:59:59",
        "2026-11-28 00:00:00",
    ];
    let lines = days.map(|paid_at| line(&format!("id:{paid_at}"), paid_at));
    assert_eq!(import(&mut ledger, &lines), (4, 0, 0));
    assert_eq!(kept(&ledger, "2026-11-27", "2026-11-27"), lines[1..3]);
    let kopi = ledger.merchant(&"kopi".parse().unwrap()).unwrap();
    ledger.act_for(kopi, &Actor::new("siti"));
    assert_eq!(kept(&ledger, "2026-11-01", "2026-11-30"), []);
    // The same key belongs to another line there.
    let mut own = lines[1].clone();
    own.amount = Rupiah::new(5_000);
    assert_eq!(import(&mut ledger, std::slice::from_ref(&own)), (1, 0, 0));
    assert_eq!(kept(&ledger, "2026-11-01", "2026-11-30"), [own]);
    ledger.act_for(MerchantRowId::MAIN, &Actor::new("siti"));
    assert_eq!(kept(&ledger, "2026-11-01", "2026-11-30"), lines);
}

pub(crate) fn of_many_that_import_the_same_lines_at_once_each_line_is_new_to_one(
    database: &TestDatabase,
) {
    const PROGRAMS: usize = 4;
    const LINES: u64 = 30;
    let start = Barrier::new(PROGRAMS);
    let new: Vec<u64> = thread::scope(|scope| {
        let programs: Vec<_> = (0..PROGRAMS)
            .map(|program| {
                let (mut ledger, start) = (database.open(), &start);
                scope.spawn(move || {
                    let mut lines: Vec<_> = (0..LINES)
                        .map(|at| line(&format!("id:T-{at}"), "2026-11-27 10:15:30"))
                        .collect();
                    // Each line knows something that no other knows, and half of them come in
                    // reverse order.
                    match program {
                        0 => lines.iter_mut().for_each(|line| line.rrn = Some("R".into())),
                        1 => lines.iter_mut().for_each(|line| line.method = Some("BCA".into())),
                        _ => lines.reverse(),
                    }
                    start.wait();
                    ledger.import_settlement(&lines, WibTime::now()).expect("imported").new
                })
            })
            .collect();
        programs.into_iter().map(|program| program.join().expect("it ends")).collect()
    });
    assert_eq!(new.iter().sum::<u64>(), LINES);
    let lines = kept(&database.open(), "2026-11-27", "2026-11-27");
    assert_eq!(lines.len() as u64, LINES);
    for line in lines {
        assert_eq!((line.rrn.as_deref(), line.method.as_deref()), (Some("R"), Some("BCA")));
    }
}

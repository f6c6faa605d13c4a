//! Reading files of the portal, and comparing them with payments.

use proptest::prelude::*;
use qris_api::{InvoiceId, Rupiah, WibTime};
use qris_settlement::jiff::ToSpan as _;
use qris_settlement::jiff::civil::Date;
use qris_settlement::{
    Added, Column, Columns, Comparison, Contradiction, Criteria, Fault, Lines, Payment, ReadError,
    SettlementLine, Terms, TransferFees, compare, day_totals, read,
};

#[track_caller]
fn at(text: &str) -> WibTime {
    WibTime::parse(&text.replace('T', " ")).expect("a time")
}

#[track_caller]
fn lines(file: &str) -> Vec<SettlementLine> {
    let file = read(file.as_bytes(), &Columns::default()).expect("a file without faults");
    file.lines().cloned().collect()
}

#[track_caller]
fn fault(file: &[u8]) -> (u64, Option<Column>, Fault) {
    let ReadError { line, column, fault, .. } =
        read(file, &Columns::default()).expect_err("a file with a fault");
    (line, column, fault)
}

const PORTAL: &str = "tgl\tnominal\tnominal1\ttip\tstatus\tcs\tpaytype\trrn\tket\tidtrans\tidinv\tdatesettle\n\
    27/11/2026 10:15:30\t25.578\t25.578\t0\tSukses\tSITI\tGOPAY\t633100000001\t-\tT-1\t413255111\t30/11/2026\n\
    27/11/2026 11:00:00\t11.000\t10.000\t1.000\tSukses\tBUDI\tBCA\t633100000002\t-\tT-2\t413255112\t\n\
    27/11/2026 11:05:00\t5.000\t5.000\t0\tGagal\tBUDI\tBCA\t\t-\tT-3\t\t\n";

/// The older page of the portal, as a spreadsheet with Indonesian settings saves it.
const OLDER: &str = "\u{feff}id;timestamp;nominal;status;inv_id;tanggal_settlement;asal;customer;rrn\r\n\
    T-1;2026-11-27 10:15:30;\"25.578,00\";Sukses;413255111;2026-11-30;GOPAY;SITI;'633100000001\r\n";

#[test]
fn both_pages_of_the_portal_are_read_and_say_the_same_of_a_payment() {
    let portal = lines(PORTAL);
    let mut expected = line("id:T-1", "2026-11-27T10:15:30", 25_578);
    expected.transaction = Some("T-1".into());
    expected.invoice = Some(InvoiceId::new(413_255_111));
    expected.rrn = Some("633100000001".into());
    expected.method = Some("GOPAY".into());
    expected.settled_on = Some("2026-11-30".parse().unwrap());
    assert_eq!(portal[0], expected);
    assert_eq!(lines(OLDER), [expected]);
    assert_eq!((portal.len(), portal[1].tip.get(), portal[1].settled_on), (2, 1_000, None));
    let file = read(PORTAL.as_bytes(), &Columns::default()).unwrap();
    assert_eq!((file.unpaid, file.repeated, file.line_number("id:T-2")), (1, 0, Some(3)));
}

#[test]
fn a_fault_is_named_by_line_and_column_and_no_cell_is_quoted() {
    let of = |cells: &str| format!("tgl,nominal,status,cs,idtrans,idinv\n{cells}\n");
    for (cells, column, expected) in [
        ("11/27/2026 10:15,1,Sukses,SITI,T-1,1", Column::PaidAt, Fault::Time),
        (",1,Sukses,SITI,T-1,1", Column::PaidAt, Fault::Time),
        ("27/11/2026 10:15,SITI,Sukses,SITI,T-1,1", Column::Amount, Fault::Amount),
        ("27/11/2026 10:15,1,SITI,SITI,T-1,1", Column::Status, Fault::Status),
        ("27/11/2026 10:15,1,,SITI,T-1,1", Column::Status, Fault::Status),
        ("27/11/2026 10:15,1,Sukses,SITI,3.3E+11,1", Column::Transaction, Fault::Id),
        ("27/11/2026 10:15,1,Sukses,SITI,T-1,SITI", Column::Invoice, Fault::Invoice),
        ("27/11/2026 10:15,1,Sukses,SITI,T-1,9223372036854775808", Column::Invoice, Fault::Invoice),
        (
            "27/11/2026 10:15,1,Sukses,SITI,\
             T2345678901234567890123456789012345678901234567890123456789012345,1",
            Column::Transaction,
            Fault::Id,
        ),
    ] {
        let file = of(cells);
        assert_eq!(fault(file.as_bytes()), (2, Some(column), expected), "{cells}");
        let words = read(file.as_bytes(), &Columns::default()).unwrap_err().to_string();
        assert!(!words.contains("SITI"), "{words}");
    }
    let short = of("27/11/2026 10:15,1,Sukses,SITI,T-1,1\n27/11/2026 10:15,1");
    assert_eq!(fault(short.as_bytes()), (3, None, Fault::Cells { expected: 6, found: 2 }));
    let bytes = [b"tgl,nominal\n".as_slice(), b"27/11/2026 10:15,\xff\n"].concat();
    assert_eq!(fault(&bytes), (2, None, Fault::Encoding));
}

#[test]
fn a_file_without_a_column_that_it_needs_or_with_two_of_a_kind_is_refused() {
    assert_eq!(fault(b""), (1, Some(Column::PaidAt), Fault::NoColumn));
    assert_eq!(fault(b"tgl,rrn\n"), (1, Some(Column::Amount), Fault::NoColumn));
    let two = b"tgl,nominal,amount\n27/11/2026 10:15,1,2\n";
    assert_eq!(fault(two), (1, Some(Column::Amount), Fault::TwoColumns));
    let chosen = Columns::default().with(Column::Amount, "Amount");
    assert_eq!(read(two, &chosen).unwrap().lines().next().unwrap().amount.get(), 2);
}

#[test]
fn a_transaction_id_with_another_amount_is_refused_with_its_line() {
    let file = b"tgl,nominal,idtrans\n27/11/2026 10:15,1,T-1\n27/11/2026 10:15,2,T-1\n";
    let (line, column, fault) = fault(file);
    assert_eq!((line, column), (3, Some(Column::Transaction)));
    assert!(matches!(fault, Fault::Contradiction(_)), "{fault:?}");
}

#[test]
fn a_line_without_a_transaction_id_is_itself_until_and_after_it_is_settled() {
    let of = |payer: &str, settled: &str| {
        lines(&format!("tgl,nominal,cs,datesettle\n27/11/2026 10:15:30,5000,{payer},{settled}\n"))
    };
    let [before, after, other] = [("SITI", ""), ("SITI", "30/11/2026"), ("BUDI", "")]
        .map(|(payer, settled)| of(payer, settled).remove(0));
    assert_eq!(before.key, after.key);
    assert_ne!(before.key, other.key);
    assert!(before.key.starts_with("line:") && !before.key.contains("SITI"));
}

#[test]
fn a_line_takes_what_another_of_its_transaction_id_knows_in_either_order() {
    let bare = line("id:T-1", "2026-11-27T10:15:00", 5_000);
    let mut whole = line("id:T-1", "2026-11-27T10:15:30", 5_000);
    whole.tip = Rupiah::new(500);
    whole.invoice = Some(InvoiceId::new(1));
    whole.rrn = Some("R-1".into());
    whole.method = Some("BCA".into());
    whole.settled_on = Some("2026-11-30".parse().unwrap());
    for (pair, added) in [
        ([bare.clone(), whole.clone()], Added::More),
        ([whole.clone(), bare.clone()], Added::Nothing),
    ] {
        let mut lines = Lines::default();
        let found = pair.map(|line| lines.add(line).expect("one payment"));
        assert_eq!(found, [Added::New, added]);
        assert!(lines.iter().eq([&whole]));
    }
}

#[test]
fn a_line_of_another_amount_minute_invoice_or_rrn_contradicts_and_changes_nothing() {
    let mut first = line("id:T-1", "2026-11-27T10:15:30", 5_000);
    first.invoice = Some(InvoiceId::new(1));
    first.rrn = Some("R-1".into());
    let mut others: [SettlementLine; 4] = std::array::from_fn(|_| first.clone());
    others[0].amount = Rupiah::new(5_001);
    others[1].paid_at = at("2026-11-27T10:16:30");
    others[2].invoice = Some(InvoiceId::new(2));
    others[3].rrn = Some("R-2".into());
    for other in others {
        let mut lines = Lines::default();
        lines.add(first.clone()).expect("a new line");
        assert_eq!(lines.add(other.clone()), Err(Contradiction), "{other:?}");
        assert!(lines.iter().eq([&first]));
    }
}

#[test]
fn a_line_that_is_there_twice_is_read_once_and_counted() {
    let row = "27/11/2026 10:15:30,5000,T-1\n";
    let file = format!("tgl,nominal,idtrans\n{row}\n{row}{row}");
    let file = read(file.as_bytes(), &Columns::default()).unwrap();
    assert_eq!((file.lines().count(), file.repeated), (1, 2));
}

#[test]
fn a_file_of_more_lines_than_anybody_sells_is_refused() {
    let file = "tgl,nominal\n".to_owned() + &"27/11/2026 10:15,1\n".repeat(200_001);
    assert_eq!(fault(file.as_bytes()), (200_002, None, Fault::TooLong));
}

fn payment(number: &str, invoice: u64, time: &str, amount: u64) -> Payment {
    Payment::new(number, InvoiceId::new(invoice), at(time), Rupiah::new(amount))
}

fn line(key: &str, time: &str, amount: u64) -> SettlementLine {
    SettlementLine::new(key, at(time), Rupiah::new(amount))
}

/// The numbers and keys of the four lists.
fn lists(comparison: &Comparison<'_>) -> [Vec<String>; 4] {
    let pairs = |pairs: &[qris_settlement::Pair<'_>]| {
        pairs.iter().map(|pair| format!("{}={}", pair.payment.number, pair.line.key)).collect()
    };
    [
        pairs(&comparison.matched),
        pairs(&comparison.other_amount),
        comparison.only_booked.iter().map(|it| it.item.number.clone()).collect(),
        comparison.only_settled.iter().map(|it| it.item.key.clone()).collect(),
    ]
}

#[test]
fn the_invoice_id_goes_before_the_rrn_and_that_before_amount_and_minute() {
    let mut booked = vec![
        payment("by-invoice", 1, "2026-11-27T10:15:30", 5_000),
        payment("by-rrn", 2, "2026-11-27T10:15:31", 5_000),
        payment("by-minute", 3, "2026-11-27T10:15:59", 5_000),
        payment("tipped", 4, "2026-11-27T10:20:00", 5_000),
        payment("missing", 5, "2026-11-27T10:21:59", 5_000),
    ];
    booked[1].rrn = Some("R-2".into());
    let mut theirs = vec![
        line("a", "2026-11-27T23:00:00", 5_000),
        line("b", "2026-11-27T10:15:00", 5_000),
        line("c", "2026-11-27T10:15:00", 5_000),
        line("d", "2026-11-27T10:20:00", 6_000),
        // A minute later than the one that is missing.
        line("e", "2026-11-27T10:22:00", 5_000),
    ];
    theirs[0].invoice = Some(InvoiceId::new(1));
    theirs[1].rrn = Some("R-2".into());
    theirs[3].invoice = Some(InvoiceId::new(4));
    theirs[3].tip = Rupiah::new(1_000);
    let comparison = compare(&booked, &theirs);
    let expected: [&[&str]; 4] =
        [&["by-invoice=a", "by-rrn=b", "by-minute=c"], &["tipped=d"], &["missing"], &["e"]];
    assert_eq!(lists(&comparison), expected);
    assert!(comparison.other_amount[0].is_tip() && !comparison.matched[0].is_tip());
    assert!(!comparison.only_booked[0].is_ambiguous && !comparison.only_settled[0].is_ambiguous);
}

#[test]
fn ids_that_differ_keep_a_payment_and_a_line_apart() {
    let mut booked = [payment("one", 1, "2026-11-27T10:15:30", 5_000)];
    let mut theirs = [line("a", "2026-11-27T10:15:30", 5_000)];
    booked[0].rrn = Some("R-1".into());
    theirs[0].rrn = Some("R-2".into());
    assert!(compare(&booked, &theirs).matched.is_empty());
    theirs[0].rrn = Some("R-1".into());
    theirs[0].invoice = Some(InvoiceId::new(2));
    assert!(compare(&booked, &theirs).matched.is_empty());
    theirs[0].invoice = None;
    assert_eq!(compare(&booked, &theirs).matched.len(), 1);
}

#[test]
fn nothing_is_guessed_between_two_that_fit() {
    let booked = [
        payment("one", 1, "2026-11-27T10:15:30", 5_000),
        payment("two", 2, "2026-11-27T10:15:40", 5_000),
    ];
    let theirs = [line("a", "2026-11-27T10:15:30", 5_000)];
    let comparison = compare(&booked, &theirs);
    let expected: [&[&str]; 4] = [&[], &[], &["one", "two"], &["a"]];
    assert_eq!(lists(&comparison), expected);
    assert!(comparison.only_booked.iter().all(|it| it.is_ambiguous));
    assert!(comparison.only_settled[0].is_ambiguous);
    // Two lines that name one invoice.
    let mut twice =
        [line("a", "2026-11-27T10:15:30", 5_000), line("b", "2026-11-27T12:00:00", 5_000)];
    twice.iter_mut().for_each(|line| line.invoice = Some(InvoiceId::new(1)));
    let comparison = compare(&booked[..1], &twice);
    // One of them is of its minute too.
    assert_eq!(lists(&comparison)[0], ["one=a"]);
    assert_eq!(lists(&comparison)[3], ["b"]);
    // Neither is matched, and the payment still fits both.
    twice[0].paid_at = at("2026-11-27T12:00:00");
    let comparison = compare(&booked[..1], &twice);
    assert!(comparison.only_booked[0].is_ambiguous);
    assert!(comparison.only_settled.iter().all(|it| it.is_ambiguous));
}

#[test]
fn days_are_added_up_and_what_is_not_settled_comes_last() {
    let mut settled = line("a", "2026-11-27T10:15:30", 125);
    settled.settled_on = Some("2026-11-30".parse().unwrap());
    let mut again = settled.clone();
    again.key = "b".into();
    let open = line("c", "2026-11-27T10:15:30", 10_000);
    let all = [open, settled, again];
    let mut terms = Terms::default();
    assert_eq!(day_totals(&all, &terms)[0].net, None);
    terms.criteria = Some(Criteria::Fuel);
    let totals = day_totals(&all, &terms);
    let found: Vec<_> = totals
        .iter()
        .map(|it| (it.settled_on.is_some(), it.count, it.gross, it.mdr, it.net))
        .collect();
    // 0.4 % of 125 is half a rupiah, rounded up for each of the two.
    assert_eq!(
        found,
        [(true, 2, 250, Some(2), Some(248)), (false, 1, 10_000, Some(40), Some(9_960))],
    );
    // No rate of that day is known.
    let early = [line("d", "2022-11-27T10:15:30", 125)];
    assert_eq!(day_totals(&early, &terms)[0].mdr, None);
}

#[test]
fn what_is_too_little_for_a_transfer_waits_for_the_next_settlement_day() {
    let of = |key: &str, amount: u64, day: &str| {
        let mut line = line(key, "2026-11-27T10:15:30", amount);
        line.settled_on = Some(day.parse().expect("a day"));
        line
    };
    let open = line("e", "2026-11-27T10:15:30", 90_000);
    let all = [
        of("a", 24_999, "2026-11-30"),
        of("b", 1, "2026-12-01"),
        of("c", 49_999, "2026-12-02"),
        of("d", 50_000, "2026-12-03"),
        open,
    ];
    let mut terms = Terms::default();
    // Nothing is subtracted.
    terms.criteria = Some(Criteria::Umi);
    assert!(day_totals(&all, &terms).iter().all(|day| day.expected.is_none()));
    terms.transfer = Some(TransferFees::to_bank("bca"));
    let found: Vec<_> = day_totals(&all, &terms)
        .iter()
        .map(|day| (day.carried, day.fee, day.expected, day.waiting))
        .collect();
    let of =
        |carried, fee, expected, waiting| (Some(carried), Some(fee), Some(expected), Some(waiting));
    assert_eq!(
        found,
        [
            of(0, 0, 0, 24_999),
            of(24_999, 2_000, 23_000, 0),
            of(0, 2_000, 47_999, 0),
            of(0, 3_000, 47_000, 0),
            (None, None, None, None),
        ],
    );
}

/// Rows of a file: a transaction id or none, minutes, amounts and RRNs that collide often.
fn rows() -> impl Strategy<Value = Vec<String>> {
    let row = (any::<bool>(), 0..60_u32, 1..3_u32, 0..4_u32);
    prop::collection::vec(row, 1..20).prop_map(|rows| {
        let rows = rows.into_iter().enumerate();
        let row = |(at, (has_id, minute, thousands, rrn)): (usize, (bool, u32, u32, u32))| {
            let id = if has_id { format!("T-{at}") } else { String::new() };
            let settled = if at % 2 == 0 { "30/11/2026" } else { "" };
            format!("27/11/2026 10:{minute:02}:00;{thousands}.000;{id};R-{rrn};{settled}")
        };
        rows.map(row).collect()
    })
}

fn booked() -> impl Strategy<Value = Vec<Payment>> {
    let payment = (0..60_u32, 1..3_u64, prop::option::of(0..4_u32));
    prop::collection::vec(payment, 0..20).prop_map(|payments| {
        let payments = (1..).zip(payments).map(|(id, (minute, thousands, rrn))| {
            let time = format!("2026-11-27T10:{minute:02}:30");
            let mut payment = payment_of(id, &time, thousands * 1_000);
            payment.rrn = rrn.map(|rrn| format!("R-{rrn}"));
            payment
        });
        payments.collect()
    })
}

fn payment_of(id: u64, time: &str, amount: u64) -> Payment {
    payment(&format!("INV-{id}"), id, time, amount)
}

fn file(rows: &[String]) -> Vec<SettlementLine> {
    lines(&format!("tgl;nominal;idtrans;rrn;datesettle\n{}\n", rows.join("\n")))
}

proptest! {
    #[test]
    fn no_function_of_the_mdr_or_the_fees_gives_more_than_it_was_given(
        amount in 0..=10_000_000_u64,
        which in 0..8_usize,
        day in 0..2_000_i64,
        bank in "[a-z]{0,8}",
    ) {
        let all = [
            Criteria::Umi, Criteria::Uke, Criteria::Ume, Criteria::Ube, Criteria::Ure,
            Criteria::Education, Criteria::Fuel, Criteria::PublicService,
        ];
        let first: Date = "2023-07-01".parse().expect("a day");
        let day = first + day.days();
        let mut terms = Terms::default();
        terms.criteria = Some(all[which]);
        terms.transfer = Some(TransferFees::to_bank(&bank));
        let mdr = terms.mdr.mdr(all[which], day, amount).expect("a rate");
        prop_assert!(mdr <= amount);
        let mut line = line("a", &format!("{day}T10:15:30"), amount);
        line.settled_on = Some(day);
        let total = day_totals(&[line], &terms)[0];
        prop_assert_eq!((total.gross, total.net), (amount, Some(amount - mdr)));
        let paid_out = total.expected.expect("fees") + total.waiting.expect("fees");
        prop_assert_eq!(paid_out + total.fee.expect("fees") + mdr, amount);
    }

    #[test]
    fn any_split_order_and_repetition_of_a_files_lines_gives_the_same_result(
        (rows, parts) in rows().prop_flat_map(|rows| {
            // The same lines before they were settled.
            let before = rows.iter().map(|row| row.replace("30/11/2026", "")).collect();
            let shuffled = Just([rows.clone(), rows.clone(), before].concat()).prop_shuffle();
            let parts = (shuffled, 1..8_usize).prop_map(|(rows, size)| {
                rows.chunks(size).map(<[String]>::to_vec).collect::<Vec<_>>()
            });
            (Just(rows), parts)
        }),
        booked in booked(),
    ) {
        let whole = file(&rows);
        let mut split = Lines::default();
        for line in parts.iter().flat_map(|part| file(part)) {
            split.add(line).expect("the lines of one file");
        }
        let split: Vec<_> = split.iter().cloned().collect();
        prop_assert_eq!(&whole, &split);
        let backwards = (booked.iter().rev().cloned().collect::<Vec<_>>(), split.into_iter().rev().collect::<Vec<_>>());
        let comparison = compare(&booked, &whole);
        prop_assert_eq!(&comparison, &compare(&backwards.0, &backwards.1));
        let pairs = comparison.matched.len() + comparison.other_amount.len();
        prop_assert_eq!(pairs + comparison.only_booked.len(), booked.len());
        prop_assert_eq!(pairs + comparison.only_settled.len(), whole.len());
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,60}") {
        let _ = read(&bytes, &Columns::default());
        let file = format!("tgl,nominal,tip,status,idinv,datesettle\n{text}\n{text},{text},{text},Sukses,{text},{text}\n");
        let _ = read(file.as_bytes(), &Columns::default());
    }
}

//! The file formats that an owner saves: each gives the same payments.

use std::io::{Cursor, Read as _, Write as _};

use proptest::prelude::*;
use qris_api::WibTime;
use qris_settlement::{Column, Columns, Fault, Lines, ReadError, SettlementLine, preview, read};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const PORTAL: &str = "tgl\tnominal\tnominal1\ttip\tstatus\tcs\tpaytype\trrn\tket\tidtrans\tidinv\tdatesettle\n\
    27/11/2026 10:15:30\t25.578\t25.578\t0\tSukses\tSITI\tGOPAY\t633100000001\t-\tT-1\t413255111\t30/11/2026\n\
    27/11/2026 11:00:00\t11.000\t10.000\t1.000\tSukses\tBUDI\tBCA\t633100000002\t-\t\t413255112\t\n\
    27/11/2026 11:05:00\t5.000\t5.000\t0\tGagal\tBUDI\tBCA\t\t-\tT-3\t\t\n";

#[track_caller]
fn lines(file: &[u8]) -> Vec<SettlementLine> {
    let file = read(file, &Columns::default()).expect("a file without faults");
    file.lines().cloned().collect()
}

#[track_caller]
fn fault(file: &[u8]) -> (u64, Option<Column>, Fault) {
    let ReadError { line, column, fault, .. } =
        read(file, &Columns::default()).expect_err("a file with a fault");
    (line, column, fault)
}

/// A workbook of one sheet.
fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.save_to_buffer().expect("a workbook")
}

/// A sheet of texts, from this line on.
fn write_texts(sheet: &mut Worksheet, first: u32, table: &str) {
    for (row, line) in (first..).zip(table.lines()) {
        for (column, text) in (0..).zip(line.split('\t')) {
            sheet.write_string(row, column, text).expect("a cell");
        }
    }
}

fn write_time(sheet: &mut Worksheet, row: u32, column: u16, time: &str) {
    let time = ExcelDateTime::parse_from_str(time).expect("a time");
    let format = Format::new().set_num_format("dd/mm/yyyy hh:mm:ss");
    sheet.write_datetime_with_format(row, column, &time, &format).expect("a cell");
}

/// The portal's table in a spreadsheet that has numbers and dates.
fn typed_portal(sheet: &mut Worksheet) {
    write_texts(sheet, 0, PORTAL);
    write_time(sheet, 1, 0, "2026-11-27T10:15:30");
    write_time(sheet, 1, 11, "2026-11-30");
    // A day without a date format.
    sheet.write_number(2, 0, 46_353.458_333_333_336).expect("a cell");
    let numbers = [
        (1, 1, 25_578.0),
        (1, 2, 25_578.0),
        (1, 3, 0.0),
        (1, 7, 633_100_000_001.0),
        (1, 10, 413_255_111.0),
        (2, 1, 11_000.0),
        (2, 3, 1_000.0),
        (2, 10, 413_255_112.0),
    ];
    for (row, column, number) in numbers {
        sheet.write_number(row, column, number).expect("a cell");
    }
}

/// The table as a portal saves it under the name .xls, below a title.
fn web_page(table: &str) -> String {
    let row = |line: &str| {
        let cells = line.split('\t').map(|cell| format!("<td>{cell}</td>"));
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    let rows: String = table.lines().map(row).collect();
    format!(
        "<html><body><table><tr><th colspan=12>Transaksi &amp; tip</th></tr>\n{rows}</table></body>"
    )
}

fn utf16(text: &str, mark: &[u8], unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    mark.iter().copied().chain(text.encode_utf16().flat_map(unit)).collect()
}

#[test]
fn the_same_table_is_read_from_csv_tsv_and_xlsx_in_any_encoding_and_typing() {
    let expected = lines(PORTAL.as_bytes());
    assert_eq!(expected.len(), 2);
    let csv = PORTAL.replace('\t', ";");
    let files = [
        ("CSV", csv.clone().into_bytes()),
        ("CSV with its mark", format!("\u{feff}{csv}").into_bytes()),
        ("CSV with Excel's hint", format!("sep=;\r\n{csv}").into_bytes()),
        ("CSV with commas", PORTAL.replace('\t', ",").into_bytes()),
        ("Unicode text", utf16(PORTAL, b"\xff\xfe", u16::to_le_bytes)),
        ("Unicode text, the other way", utf16(PORTAL, b"\xfe\xff", u16::to_be_bytes)),
        ("a web page", web_page(PORTAL).into_bytes()),
        ("XLSX of texts", workbook(|sheet| write_texts(sheet, 0, PORTAL))),
        ("XLSX of numbers and days", workbook(typed_portal)),
    ];
    for (name, file) in files {
        assert_eq!(lines(&file), expected, "{name}");
        let unpaid = read(&file, &Columns::default()).map(|file| file.unpaid);
        assert_eq!(unpaid, Ok(1), "{name}");
    }
}

#[test]
fn the_first_shown_sheet_with_the_columns_is_read_below_its_title() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write_string(0, 0, "Ringkasan").expect("a cell");
    let hidden = workbook.add_worksheet();
    write_texts(hidden, 0, "tgl\tnominal\n27/11/2026 10:15:30\t1\n");
    hidden.set_hidden(true);
    let sheet = workbook.add_worksheet();
    sheet.set_name("Transaksi").expect("a name");
    sheet.write_string(0, 0, "Laporan transaksi").expect("a cell");
    sheet.write_string(1, 0, "nominal").expect("a cell");
    write_texts(sheet, 4, PORTAL);
    let file = workbook.save_to_buffer().expect("a workbook");
    assert_eq!(lines(&file), lines(PORTAL.as_bytes()));
    let read = read(&file, &Columns::default()).expect("a file");
    assert_eq!(read.line_number("id:T-1"), Some(6));
    let preview = preview(&file, &Columns::default()).expect("a preview");
    assert_eq!((preview.sheet.as_deref(), preview.head_line), (Some("Transaksi"), 5));
}

#[test]
fn a_fault_of_a_workbook_is_named_by_row_and_column_and_refuses_it_whole() {
    let of = |row: u32, column: u16, number: f64| {
        workbook(|sheet| {
            typed_portal(sheet);
            sheet.write_number(row, column, number).expect("a cell");
        })
    };
    for (row, column, number, expected) in [
        // It may originally have been the text 25.578.
        (1, 1, 25.578, (2, Some(Column::Amount), Fault::Amount)),
        (1, 3, -1.0, (2, Some(Column::Tip), Fault::Amount)),
        (2, 0, 12.0, (3, Some(Column::PaidAt), Fault::Time)),
        (2, 9, 1e15, (3, Some(Column::Transaction), Fault::Id)),
        (2, 10, 0.5, (3, Some(Column::Invoice), Fault::Invoice)),
        (2, 11, 1e9, (3, Some(Column::SettledOn), Fault::Day)),
        (2, 4, 1.0, (3, Some(Column::Status), Fault::Status)),
        (1, 256, 1.0, (2, None, Fault::TooWide)),
    ] {
        assert_eq!(fault(&of(row, column, number)), expected, "{row} {column} {number}");
    }
    let date_as_amount = workbook(|sheet| {
        typed_portal(sheet);
        write_time(sheet, 1, 1, "2026-11-30");
    });
    assert_eq!(fault(&date_as_amount), (2, Some(Column::Amount), Fault::Amount));
    let unknown = workbook(|sheet| write_texts(sheet, 2, "tgl\tuang\n27/11/2026 10:15\t1\n"));
    assert_eq!(fault(&unknown), (3, Some(Column::Amount), Fault::NoColumn));
    let two = workbook(|sheet| write_texts(sheet, 0, "tgl\tnominal\tjumlah\n"));
    assert_eq!(fault(&two), (1, Some(Column::Amount), Fault::TwoColumns));
    assert_eq!(fault(&workbook(|_| ())), (1, Some(Column::PaidAt), Fault::NoColumn));
}

#[test]
fn a_fault_of_a_web_page_is_in_the_row_that_a_spreadsheet_shows() {
    let page = web_page(&PORTAL.replace("11.000", "sebelas"));
    assert_eq!(fault(page.as_bytes()), (4, Some(Column::Amount), Fault::Amount));
}

#[test]
fn an_error_has_an_editors_line_number_with_any_line_endings() {
    for end in ["\n", "\r\n"] {
        for (before, hint) in [("", 0), ("sep=,", 1)] {
            let rows = ["tgl,nominal", "", "27/11/2026 10:15,1", "", "", "27/11/2026 10:15,x"];
            let head: Vec<_> =
                [before].into_iter().filter(|it| !it.is_empty()).chain(rows).collect();
            let file = head.join(end) + end;
            let expected = (6 + hint, Some(Column::Amount), Fault::Amount);
            assert_eq!(fault(file.as_bytes()), expected, "{file:?}");
            let short = file.replace("10:15,x", "10:15");
            let expected = (6 + hint, None, Fault::Cells { expected: 2, found: 1 });
            assert_eq!(fault(short.as_bytes()), expected, "{short:?}");
        }
    }
}

#[test]
fn a_file_of_another_kind_is_refused_by_its_name_with_what_to_do() {
    let whole = workbook(typed_portal);
    let mut other_zip = ZipWriter::new(Cursor::new(Vec::new()));
    other_zip.start_file("mimetype", SimpleFileOptions::default()).expect("a part");
    let other_zip = other_zip.finish().expect("a file").into_inner();
    let latin = [PORTAL.as_bytes(), b"27/11/2026 10:15\tJOS\xc9\n"].concat();
    let unmarked = utf16(PORTAL, b"", u16::to_le_bytes);
    let half = [utf16(PORTAL, b"\xff\xfe", u16::to_le_bytes), vec![b'x']].concat();
    for (file, line, words) in [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more".to_vec(), 1, "an old Excel file (.xls)"),
        (b"\xef\xbb\xbf\n <html><p>tgl;nominal</p>".to_vec(), 1, "a web page (HTML) without"),
        (b"<?xml version=\"1.0\"?><Workbook>".to_vec(), 1, "or XML"),
        (b"%PDF-1.7".to_vec(), 1, "a PDF"),
        (other_zip, 1, "an XLSX file that is damaged, or another kind of zip"),
        (whole[..whole.len() / 2].to_vec(), 1, "an XLSX file that is damaged"),
        (latin, 5, "UTF-8"),
        (unmarked, 1, "UTF-16 with a byte order mark"),
        (half, 5, "UTF-16"),
    ] {
        let error = read(&file, &Columns::default()).expect_err("another kind");
        let text = error.to_string();
        assert!(text.contains(words) && text.contains("save it as"), "{words}: {text}");
        assert_eq!((error.line, error.column), (line, None), "{words}");
        assert_eq!(preview(&file, &Columns::default()), Err(error));
    }
}

/// The parts of a workbook, changed by the caller, in a new file.
fn repacked(file: &[u8], change: impl Fn(&str, &mut Vec<u8>)) -> Vec<u8> {
    let mut parts = ZipArchive::new(Cursor::new(file)).expect("a zip");
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("its bytes");
        change(&name, &mut bytes);
        new.start_file(name, options).expect("a part");
        new.write_all(&bytes).expect("its bytes");
    }
    new.finish().expect("a file").into_inner()
}

#[test]
fn a_file_that_unpacks_to_more_than_is_read_is_refused_before_it_is_parsed() {
    let bomb = repacked(&workbook(typed_portal), |name, bytes| {
        if name == "xl/sharedStrings.xml" {
            bytes.resize(64 * 1024 * 1024 + 1, b' ');
        }
    });
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    assert_eq!(fault(&bomb), (1, None, Fault::TooLarge));
    assert_eq!(preview(&bomb, &Columns::default()).map_err(|it| it.fault), Err(Fault::TooLarge));
}

#[test]
fn a_workbook_whose_lines_go_backwards_is_refused() {
    let backwards = repacked(&workbook(typed_portal), |name, bytes| {
        if name == "xl/worksheets/sheet1.xml" {
            let text = String::from_utf8(bytes.clone()).expect("XML").replace("\"B3\"", "\"B1\"");
            *bytes = text.into_bytes();
        }
    });
    let (line, column, fault) = fault(&backwards);
    assert_eq!((line, column), (3, None));
    assert!(matches!(fault, Fault::Format(_)), "{fault:?}");
}

#[test]
fn the_second_amount_of_the_portal_counts_only_where_it_is_the_first_with_the_tip() {
    for (nominal, nominal1, tip, expected) in [
        ("11.000", "10.000", "1.000", 11_000),
        ("10.000", "11.000", "1.000", 11_000),
        ("10.000", "10.000", "1.000", 10_000),
        ("10.000", "9.930", "0", 10_000),
        ("10.000", "-", "", 10_000),
        ("10.000", "sepuluh", "1.000", 10_000),
    ] {
        let file =
            format!("tgl;nominal;nominal1;tip\n27/11/2026 10:15;{nominal};{nominal1};{tip}\n");
        assert_eq!(lines(file.as_bytes())[0].amount.get(), expected, "{nominal} {nominal1} {tip}");
    }
}

#[test]
fn a_preview_says_what_each_column_is_taken_for_and_shows_five_lines() {
    let row = "27/11/2026 10:15\t5.000\tSITI\t1\n";
    let table = format!("Jam\tUang masuk\tcs\tRRN\n{}", row.repeat(6));
    let columns = Columns::default().with(Column::Amount, "uang masuk");
    for file in [table.clone().into_bytes(), workbook(|sheet| write_texts(sheet, 0, &table))] {
        let preview = preview(&file, &columns).expect("a preview");
        let taken: Vec<_> =
            preview.columns.iter().map(|it| (it.name.as_str(), it.column)).collect();
        let expected = [
            ("Jam", None),
            ("Uang masuk", Some(Column::Amount)),
            ("cs", Some(Column::Payer)),
            ("RRN", Some(Column::Rrn)),
        ];
        assert_eq!(taken, expected);
        assert_eq!(preview.lines, [["27/11/2026 10:15", "5.000", "SITI", "1"]; 5]);
        assert_eq!((preview.missing, preview.repeated), (vec![Column::PaidAt], vec![]));
    }
    let two = preview(b"tgl,nominal,amount\n", &Columns::default()).expect("a preview");
    assert_eq!((two.missing, two.repeated), (vec![], vec![Column::Amount]));
    let empty = preview(b"", &Columns::default()).expect("a preview");
    assert_eq!((empty.head_line, empty.missing.len(), empty.columns.len()), (0, 2, 0));
    let typed = preview(&workbook(typed_portal), &Columns::default()).expect("a preview");
    assert_eq!(typed.lines[0][..2], ["27/11/2026 10:15:30", "25578"]);
}

/// A payment that each kind of file can have.
#[derive(Clone, Debug)]
struct Paid {
    minute: u32,
    amount: u32,
    id: Option<u32>,
    rrn: u64,
    is_settled: bool,
}

const NAMES: &str = "tgl\tnominal\tidtrans\trrn\tdatesettle\n";

impl Paid {
    fn text(&self, separator: &str, thousands: char) -> String {
        let Self { minute, amount, id, rrn, is_settled } = self;
        let id = id.map(|id| format!("T-{id}")).unwrap_or_default();
        let settled = if *is_settled { "30/11/2026" } else { "" };
        let (front, rest) = (amount / 1_000, amount % 1_000);
        let amount = format!("{front}{thousands}{rest:03}");
        let time = format!("27/11/2026 10:{minute:02}:00");
        [time, amount, id, format!("{rrn:012}"), settled.to_owned()].join(separator) + "\n"
    }

    fn write(&self, sheet: &mut Worksheet, row: u32) {
        write_time(sheet, row, 0, &format!("2026-11-27T10:{:02}:00", self.minute));
        sheet.write_number(row, 1, self.amount).expect("a cell");
        if let Some(id) = self.id {
            sheet.write_string(row, 2, format!("T-{id}")).expect("a cell");
        }
        // Its zeros are lost here.
        sheet.write_number(row, 3, self.rrn as f64).expect("a cell");
        if self.is_settled {
            write_time(sheet, row, 4, "2026-11-30");
        }
    }
}

/// The same payments as a file of one of the kinds.
fn file(kind: usize, payments: &[Paid]) -> Vec<u8> {
    let text = |separator, thousands| {
        let lines = payments.iter().map(|paid| paid.text(separator, thousands));
        NAMES.replace('\t', separator) + &lines.collect::<String>()
    };
    match kind {
        0 => text(";", '.').into_bytes(),
        1 => utf16(&text("\t", ','), b"\xff\xfe", u16::to_le_bytes),
        _ => workbook(|sheet| {
            write_texts(sheet, 0, NAMES);
            for (row, paid) in (1..).zip(payments) {
                paid.write(sheet, row);
            }
        }),
    }
}

fn payments() -> impl Strategy<Value = Vec<Paid>> {
    let paid = (0..60_u32, 1_000..900_000_u32, any::<bool>(), 0..1_000_000_000_000_u64);
    let paid = (paid, any::<bool>());
    prop::collection::vec(paid, 1..10).prop_map(|payments| {
        let mut all = Vec::new();
        for (at, ((minute, amount, has_id, rrn), is_settled)) in (0..).zip(payments) {
            let id = has_id.then_some(at);
            all.push(Paid { minute, amount, id, rrn, is_settled });
        }
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn one_payment_is_one_line_in_whichever_kinds_of_files_in_any_order_and_parts_it_is_read(
        (all, parts) in payments().prop_flat_map(|all| {
            let twice = Just([all.clone(), all.clone()].concat()).prop_shuffle();
            let parts = (twice, prop::collection::vec((0..3_usize, 1..7_usize), 20));
            (Just(all), parts.prop_map(|(mut rest, cuts)| {
                let mut parts = Vec::new();
                for (kind, size) in cuts {
                    let part: Vec<_> = rest.drain(..size.min(rest.len())).collect();
                    parts.push((kind, part));
                }
                parts
            }))
        }),
    ) {
        let expected = lines(&file(0, &all));
        let mut found = Lines::default();
        for (kind, part) in &parts {
            for line in lines(&file(*kind, part)) {
                found.add(line).expect("the same lines");
            }
        }
        // No file may have lost the zeros of an RRN.
        let without_zeros = |mut line: SettlementLine| {
            line.rrn = line.rrn.map(|rrn| rrn.trim_start_matches('0').to_owned());
            line
        };
        let expected: Vec<_> = expected.into_iter().map(without_zeros).collect();
        let found: Vec<_> = found.iter().cloned().map(without_zeros).collect();
        prop_assert_eq!(expected, found);
    }

    #[test]
    fn no_change_of_a_workbooks_bytes_makes_the_reader_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        part in any::<prop::sample::Index>(),
        is_inside in any::<bool>(),
    ) {
        let whole = workbook(typed_portal);
        let change = |bytes: &mut Vec<u8>| {
            for (at, byte) in &changes {
                if !bytes.is_empty() {
                    let at = at.index(bytes.len());
                    bytes[at] = *byte;
                }
            }
        };
        let file = if is_inside {
            let names = ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",
                "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "_rels/.rels"];
            let chosen = names[part.index(names.len())];
            repacked(&whole, |name, bytes| if name == chosen { change(bytes) })
        } else {
            let mut file = whole;
            change(&mut file);
            file
        };
        let _ = read(&file, &Columns::default());
        let _ = preview(&file, &Columns::default());
    }
}

proptest! {
    #[test]
    fn no_bytes_after_the_marks_of_a_format_make_the_reader_panic(
        mark in prop::sample::select(vec![
            b"".as_slice(), b"PK\x03\x04", b"PK\x05\x06", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf",
            b"sep=;\n", b"tgl,nominal\n", b"<table><tr><td>tgl<td>nominal<tr><td>",
        ]),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let file = [mark, &bytes].concat();
        let _ = read(&file, &Columns::default());
        let _ = preview(&file, &Columns::default());
    }
}

#[test]
fn zeros_that_a_spreadsheet_takes_away_from_an_rrn_are_put_back_by_the_other_file() {
    let of = |rrn: &str| format!("tgl;nominal;idtrans;rrn\n27/11/2026 10:15;5.000;T-1;{rrn}\n");
    for pair in [
        ["000012345678", "12345678"],
        ["12345678", "000012345678"],
        ["0000000000000", "000012345678"],
        ["000012345678", "0"],
    ] {
        let mut all = Lines::default();
        for line in pair.iter().flat_map(|rrn| lines(of(rrn).as_bytes())) {
            all.add(line).expect("one payment");
        }
        let rrns: Vec<_> = all.iter().map(|line| line.rrn.as_deref()).collect();
        assert_eq!(rrns, [Some("000012345678")]);
    }
    let paid_at = WibTime::parse("2026-11-27 23:00:00").expect("a time");
    let id = qris_api::InvoiceId::new(1);
    let mut booked =
        qris_settlement::Payment::new("INV-1", id, paid_at, qris_api::Rupiah::new(5_000));
    booked.rrn = Some("000012345678".into());
    let settled = lines(of("12345678").as_bytes());
    assert_eq!(qris_settlement::compare(&[booked], &settled).matched.len(), 1);
}

//! The QR and the text in the picture that a payer saves for a wallet, read from its pixels.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};
use qris_api::{Invoice, InvoiceId, Rupiah, Schedule, TransactionNumber, WibTime};
use qris_ledger::{Ledger, NewOrder, Request};
use serde_json::{Value, json};

use crate::running::{get, get_bytes, post};
use crate::shop::{HOUR, Shop};

/// A pixel of a letter counts as black from this intensity on.
const INK: u8 = 110;

/// Black and white pixels.
struct Pixels {
    width: usize,
    rows: Vec<Vec<bool>>,
}

impl Pixels {
    #[track_caller]
    fn of_png(file: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().expect("a PNG");
        let mut bytes = vec![0; reader.output_buffer_size().expect("a size")];
        let frame = reader.next_frame(&mut bytes).expect("pixels");
        let samples = frame.color_type.samples();
        let width = usize::try_from(frame.width).expect("a width");
        let rows = bytes[..frame.buffer_size()].chunks(width * samples);
        let row = |row: &[u8]| row.chunks(samples).map(|pixel| pixel[0] < 128).collect();
        Self { width, rows: rows.map(row).collect() }
    }

    /// A line of text in this size.
    fn of_text(text: &str, size: RasterHeight, times: usize) -> Self {
        let letter = get_raster_width(FontWeight::Bold, size) * times;
        let width = letter * text.chars().count();
        let mut rows = vec![vec![false; width]; size.val() * times];
        for (column, c) in text.chars().enumerate() {
            let raster = get_raster(c, FontWeight::Bold, size).expect("a letter");
            let shades: Vec<&[u8]> = raster.rows().collect();
            for (y, row) in rows.iter_mut().enumerate() {
                for x in 0..letter {
                    row[column * letter + x] = shades[y / times][x / times] >= INK;
                }
            }
        }
        Self { width, rows }
    }

    fn has(&self, part: &Self) -> bool {
        let Some(down) = self.rows.len().checked_sub(part.rows.len()) else { return false };
        let Some(across) = self.width.checked_sub(part.width) else { return false };
        // The row with the most ink occurs in the fewest places.
        let ink = |row: &&Vec<bool>| row.iter().filter(|&&black| black).count();
        let rows = part.rows.iter().enumerate();
        let (at, inked) = rows.max_by_key(|(_, row)| ink(row)).expect("rows");
        let black = inked.iter().position(|&black| black).expect("ink");
        (0..=down).any(|top| {
            let own = &self.rows[top + at];
            let is_here =
                |left: &usize| own[left + black] && own[*left..left + inked.len()] == inked[..];
            (0..=across).filter(is_here).any(|left| {
                let mut rows = part.rows.iter().zip(&self.rows[top..]);
                rows.all(|(part, own)| own[left..left + part.len()] == part[..])
            })
        })
    }

    /// Whether the picture has this text, in any size.
    fn says(&self, text: &str) -> bool {
        let sizes = [RasterHeight::Size16, RasterHeight::Size24, RasterHeight::Size32];
        let sizes = sizes.into_iter().flat_map(|size| (1..=4).map(move |times| (size, times)));
        sizes.into_iter().any(|(size, times)| self.has(&Self::of_text(text, size, times)))
    }
}

fn path_of(order: &Value) -> String {
    let url = order["pay_url"].as_str().expect("a link");
    url[url.find("/pay/").expect("a page")..].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_picture_that_a_payer_saves_has_the_code_and_name_nmid_amount_and_time() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let body = json!({"number": "INV-1", "amount": 25_578}).to_string();
    let order = post(shop.at(), "/api/orders", &body).await.json(201);
    for (lang, valid_until) in [("id", "Berlaku sampai pukul"), ("en", "Valid until")] {
        let path = format!("{}/qr.png?lang={lang}", path_of(&order));
        let file = get_bytes(shop.at(), &path).await;
        let found = qris_image::read(&file).expect("a picture");
        let texts: Vec<&str> = found.iter().map(qris_image::Found::text).collect();
        assert_eq!(texts, [order["qris_content"].as_str().expect("a payload")]);

        let pixels = Pixels::of_png(&file);
        let until = order["shown_until"].as_str().expect("a time");
        let clock = &until[11..16];
        let year = &until[..4];
        for words in [
            "WARUNG SANDBOX",
            order["qris_nmid"].as_str().expect("an NMID"),
            "25.578",
            &format!("{valid_until} {clock} WIB"),
            year,
        ] {
            assert!(pixels.says(words), "{lang}: the picture does not say {words}");
        }
        assert!(!pixels.says("WARUNG SANDBOK") && !pixels.says("25.579"));
    }
}

/// A payload of these objects with its checksum.
fn payload(objects: &str) -> String {
    let text = format!("{objects}6304");
    format!("{text}{:04X}", qris_codec::checksum(text.as_bytes()))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_that_the_saved_picture_lacks_the_shops_name_only_if_it_does() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let note = "Nama toko tidak tertulis di gambar yang disimpan";
    for (number, name, is_lacking) in
        [("INV-1", "5904TOKO", false), ("INV-2", "5902\u{9eba}\u{5c4b}", true)]
    {
        let body = json!({"number": number, "amount": 25_578, "code": false}).to_string();
        let order = post(shop.at(), "/api/orders", &body).await.json(201);
        let number = TransactionNumber::parse(number).expect("a number");
        let (amount, now) = (Rupiah::new(25_578), WibTime::now());
        let mut ledger = Ledger::connect(&shop.database()).expect("a ledger");
        let asked = ledger.request(&NewOrder::new(number.clone(), amount), now);
        let Ok(Request::New(intent)) = asked else { panic!("an open order gets a code") };
        let id = InvoiceId::new(if is_lacking { 8 } else { 7 });
        let content = payload(&format!("000201{name}"));
        let invoice = Invoice::new(number, amount, content, now, id, "ID1020021181745");
        ledger.record_created(&intent, &invoice, &Schedule::default(), now).expect("an invoice");
        let page = get(shop.at(), &path_of(&order)).await;
        assert!(page.body.contains("Simpan gambar"), "{}", page.body);
        assert_eq!(page.body.contains(note), is_lacking, "{}", page.body);
    }
}

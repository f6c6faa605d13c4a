//! Receipts and slips: their content in each format, and the code that cannot be forged.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::paper::Paper;
use crate::running::{charge, get, post, reaches, turns};
use crate::shop::{HOOK, HOUR, Shop};

/// The body of an answer with 200, as bytes.
async fn bytes(till: SocketAddr, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(till).await.expect("a connection");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {till}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    assert!(answer.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&answer));
    answer.split_off(end + 4)
}

/// A time of the JSON in the format of a receipt.
fn moment(text: &Value) -> String {
    let text = text.as_str().expect("a time");
    let (year, month, day) = (&text[..4], &text[5..7], &text[8..10]);
    format!("{day}/{month}/{year} {} WIB", &text[11..16])
}

/// Charges with a description, and pays.
async fn paid(shop: &Shop, number: &str, amount: u64, description: &str) -> Value {
    let body = json!({"number": number, "amount": amount, "description": description});
    let order = post(shop.at(), "/api/orders", &body.to_string()).await.json(201);
    shop.pay(&order);
    let number = number.replace('<', "%3C").replace('>', "%3E");
    reaches(shop.at(), &number, "paid").await
}

/// The code on the receipt of an order.
async fn code(shop: &Shop, number: &str) -> String {
    let text = get(shop.at(), &format!("/api/orders/{number}/receipt.txt")).await;
    assert_eq!(text.status, 200, "{}", text.body);
    let line = text.body.lines().last().expect("lines");
    let code =
        line.trim().strip_prefix("Cek kode: ").and_then(|rest| rest.strip_suffix(" di kasir."));
    code.unwrap_or_else(|| panic!("no code in {line}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_as_text_is_as_wide_as_the_paper_with_its_amounts_at_the_right() {
    let shop = Shop::open().await;
    let order =
        paid(&shop, "INV-1", 25_578, "dua kopi susu gula aren dan satu roti bakar keju").await;
    let (at, code) = (moment(&order["paid_at"]), code(&shop, "INV-1").await);
    let narrow = get(shop.at(), "/api/orders/INV-1/receipt.txt").await;
    assert!(narrow.head.contains("content-type: text/plain; charset=utf-8"), "{}", narrow.head);
    let expected = format!(
        "         WARUNG SANDBOX
     NMID: ID2026000000128
--------------------------------
No.                        INV-1
Dibayar     {at}
Metode                    Sakuku
Dijual lewat               Kasir
Keterangan
dua kopi susu gula aren dan satu
roti bakar keju
--------------------------------
TOTAL                   Rp25.578
          LUNAS (QRIS)
--------------------------------
Struk ini bukan bukti transfer.
 Cek kode: {code} di kasir.
"
    );
    assert_eq!(narrow.body, expected);
    let wide = get(shop.at(), "/api/orders/INV-1/receipt.txt?width=80&lang=en").await.body;
    let expected = format!(
        "                 WARUNG SANDBOX
             NMID: ID2026000000128
------------------------------------------------
No.                                        INV-1
Paid                        {at}
Method                                    Sakuku
Sold via                                 Counter
Description
dua kopi susu gula aren dan satu roti bakar keju
------------------------------------------------
TOTAL                                   Rp25.578
                  PAID (QRIS)
------------------------------------------------
            Not a proof of transfer.
       Check code: {code} at the till.
"
    );
    assert_eq!(wide, expected);
    for (path, status) in [("width=70", 422), ("lang=fr", 422), ("wide=58", 400)] {
        let answer = get(shop.at(), &format!("/api/orders/INV-1/receipt.txt?{path}")).await;
        assert_eq!(answer.status, status, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rrn_is_on_the_receipt_once_a_webhook_has_brought_it() {
    let shop = Shop::open().await;
    let hook = format!("http://{}/webhook/{HOOK}", shop.at());
    shop.sandbox.set_webhook(&hook).expect("an address");
    let order = paid(&shop, "INV-1", 500, "kopi").await;
    let rrn = format!("{:012}", order["qris_invoiceid"].as_u64().expect("an id"));
    let before = code(&shop, "INV-1").await;
    let line = format!("No. ref. (RRN)      {rrn}");
    let has_rrn = async || {
        let text = get(shop.at(), "/api/orders/INV-1/receipt.txt").await.body;
        text.lines().any(|found| found == line)
    };
    let waiting = async {
        while !has_rrn().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("the RRN comes");
    assert_eq!(code(&shop, "INV-1").await, before, "the code stays the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_as_a_page_has_texts_as_texts_and_the_size_of_its_paper() {
    let shop = Shop::open().await;
    let description = "<script>alert(1)</script> \u{202e}\u{5976}\u{8336} & \"kopi\"";
    paid(&shop, "INV-<1>", 25_578, description).await;
    let page = get(shop.at(), "/api/orders/INV-%3C1%3E/receipt.html?width=80").await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.head.contains("content-type: text/html"), "{}", page.head);
    assert!(!page.body.contains("<script>"), "{}", page.body);
    let text = "&lt;script&gt;alert(1)&lt;/script&gt; \u{5976}\u{8336} &amp; &quot;kopi&quot;";
    for expected in
        [text, "INV-&lt;1&gt;", "<span>Rp25.578</span>", "Struk ini bukan bukti transfer."]
    {
        assert!(page.body.contains(expected), "{expected} is not in {}", page.body);
    }
    let style = page.body.split("../../../").nth(1).and_then(|rest| rest.split('"').next());
    let style = format!("/{}", style.expect("a style sheet").replace("&amp;", "&"));
    assert!(style.starts_with("/assets/receipt.css?width=80&height="), "{style}");
    let style = get(shop.at(), &style).await;
    assert!(style.head.contains("content-type: text/css"), "{}", style.head);
    assert!(style.body.starts_with("@page { size: 80mm "), "{}", style.body);
    assert_eq!(get(shop.at(), "/assets/receipt.js").await.status, 200);
    assert_eq!(get(shop.at(), "/assets/receipt.css?width=;}&height=1").await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_says_that_it_is_unpaid_and_zbar_reads_the_code_off_the_paper() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let order = charge(shop.at(), "INV-1", 25_578).await.json(201);
    let until = moment(&order["shown_until"]);
    let text = get(shop.at(), "/api/orders/INV-1/receipt.txt").await.body;
    let expected = format!(
        "         WARUNG SANDBOX
     NMID: ID2026000000128
--------------------------------
No.                        INV-1
TOTAL                   Rp25.578
         BELUM DIBAYAR
 [Kode QR hanya berupa gambar]
Berlaku sampai
            {until}
Pindai dengan aplikasi bank atau
        dompet digital.
"
    );
    assert_eq!(text, expected);
    for (width, across) in [(58, 48), (80, 72)] {
        let path = format!("/api/orders/INV-1/receipt.escpos?width={width}");
        let paper = Paper::print(&bytes(shop.at(), &path).await);
        assert!(paper.rows.iter().all(|row| row.len() == across), "{width}");
        assert_eq!(paper.scanned(), order["qris_content"].as_str().expect("a code"), "{width}");
        assert_eq!((paper.resets, paper.cuts, paper.kicks), (1, 1, 0), "{width}");
        assert!(paper.text().contains("BELUM DIBAYAR"), "{}", paper.text());
    }
    let page = get(shop.at(), "/api/orders/INV-1/receipt.html").await.body;
    assert!(page.contains("<svg") && page.contains("BELUM DIBAYAR"), "{page}");
    // A cancelled order has neither receipt nor slip.
    post(shop.at(), "/api/orders/INV-1/cancel", "").await.json(200);
    turns(shop.at(), "/api/orders/INV-1/receipt.txt", 409).await;
    assert_eq!(get(shop.at(), "/api/orders/INV-2/receipt.txt").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_for_a_printer_is_what_the_text_says_with_a_large_total_and_one_cut() {
    let shop = Shop::open().await;
    paid(&shop, "INV-1", 25_578, "Caf\u{e9} \u{5976}\u{8336}").await;
    let paper = Paper::print(&bytes(shop.at(), "/api/orders/INV-1/receipt.escpos").await);
    let text = get(shop.at(), "/api/orders/INV-1/receipt.txt").await.body;
    let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&paper.text()), lines(&text));
    assert!(text.contains("Keterangan                  Cafe\n"), "{text}");
    assert!(text.ends_with("Sebagian huruf tidak bisa\n            dicetak.\n"), "{text}");
    let page = async |number: &str| {
        get(shop.at(), &format!("/api/orders/{number}/receipt.html")).await.body
    };
    let note = "Printer struk tidak punya semua huruf di halaman ini.";
    assert!(page("INV-1").await.contains(note), "the page does not say what the paper lacks");
    paid(&shop, "INV-2", 25_578, "Caf\u{e9}").await;
    assert!(!page("INV-2").await.contains(note), "the paper has a letter for each of these");
    let large: Vec<_> = paper.lines.iter().filter(|line| line.height == 2).collect();
    assert_eq!(large.len(), 2, "the shop and the total: {large:?}");
    assert_eq!(large[1].text, "TOTAL                   Rp25.578");
    assert!(large.iter().all(|line| line.is_bold));
    assert_eq!((paper.resets, paper.cuts, paper.kicks), (1, 1, 0));
    assert!(paper.rows.is_empty(), "no code to pay a second time");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_of_a_receipt_finds_its_order_and_no_other_code_does() {
    let shop = Shop::open().await;
    paid(&shop, "INV-1", 25_578, "kopi").await;
    paid(&shop, "INV-2", 25_578, "kopi").await;
    charge(shop.at(), "INV-3", 700).await.json(201);
    let (first, second) = (code(&shop, "INV-1").await, code(&shop, "INV-2").await);
    assert_ne!(first, second);
    for (code, number) in [(&first, "INV-1"), (&second, "INV-2")] {
        let typed = code.replace('-', "").to_lowercase();
        for code in [code.clone(), typed] {
            let found = get(shop.at(), &format!("/api/receipts/{code}")).await.json(200);
            assert_eq!((&found["number"], &found["amount"]), (&json!(number), &json!(25_578)));
            let list = get(shop.at(), &format!("/api/orders?search={code}")).await.json(200);
            assert_eq!(list["orders"].as_array().map(Vec::len), Some(1), "{code}");
            assert_eq!(list["orders"][0]["number"], number);
        }
    }
    let mut forged = first.clone().into_bytes();
    forged[8] = if forged[8] == b'7' { b'8' } else { b'7' };
    let forged = String::from_utf8(forged).expect("ASCII");
    let refused = get(shop.at(), &format!("/api/receipts/{forged}")).await.json(404);
    assert_eq!(refused["error"], "not-found");
    assert_eq!(get(shop.at(), "/api/receipts/INV-1").await.json(422)["error"], "invalid");
    let list = get(shop.at(), &format!("/api/orders?search={forged}")).await.json(200);
    assert_eq!(list["orders"], json!([]));
    // Another till with the same ledger and key has the same code.
    let shop = shop.close().await.open(HOUR, |settings| settings).await;
    assert_eq!(code(&shop, "INV-1").await, first);
}

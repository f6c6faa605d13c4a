//! Printers: their jobs, and that no printer delays a charge.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use qris_till::{Drawer, PrinterConnection, PrinterName, PrinterSettings, Settings};
use serde_json::{Value, json};

use crate::paper::{Mood, Paper, Printer};
use crate::running::{charge, get, post, reaches};
use crate::shop::{HOUR, Shop};

/// Longer than a charge takes with a working printer, and shorter than the timeouts of a broken one.
const NORMAL: Duration = Duration::from_millis(2_500);

fn printer(name: &str, connection: PrinterConnection) -> PrinterSettings {
    PrinterSettings::new(PrinterName::parse(name).expect("a name"), connection)
}

fn network(address: SocketAddr) -> PrinterConnection {
    PrinterConnection::address(&address.to_string()).expect("an address")
}

fn with_printer(settings: Settings, printer: PrinterSettings) -> Settings {
    with_printers(settings, vec![printer])
}

fn with_printers(mut settings: Settings, printers: Vec<PrinterSettings>) -> Settings {
    settings.printers = printers;
    settings
}

/// Requests a print, and returns the answer.
async fn print(shop: &Shop, number: &str, what: &str) -> Value {
    let body = json!({"printer": "kasir", "what": what}).to_string();
    post(shop.at(), &format!("/api/orders/{number}/print"), &body).await.json(202)
}

/// The printer in the API, when it fulfils a condition.
async fn once(shop: &Shop, is: impl Fn(&Value) -> bool) -> Value {
    let started = Instant::now();
    loop {
        let printers = get(shop.at(), "/api/printers").await.json(200);
        let printer = &printers["printers"][0];
        if is(printer) {
            return printer.clone();
        }
        assert!(started.elapsed() < Duration::from_secs(30), "{printer}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Charges, and checks that it takes a normal time.
async fn charge_in_normal_time(shop: &Shop, number: &str) -> Value {
    let started = Instant::now();
    let order = charge(shop.at(), number, 25_578).await.json(201);
    assert!(started.elapsed() < NORMAL, "{number} took {:?}", started.elapsed());
    order
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_and_a_receipt_are_printed_as_asked_and_the_drawer_opens_with_the_receipt() {
    let paper = Printer::start(Mood::Well).await;
    let shop = Shop::with(Duration::from_secs(1), |settings| {
        let mut kasir = printer("kasir", network(paper.address));
        kasir.drawer = Drawer::Receipt;
        kasir.paper = qris_till::Paper::Mm80;
        with_printer(settings, kasir)
    })
    .await;
    let order = charge(shop.at(), "INV-1", 25_578).await.json(201);
    let wrong = post(shop.at(), "/api/orders/INV-1/print", r#"{"what":"receipt"}"#).await;
    assert_eq!(wrong.json(409)["error"], "wrong-state");
    let queued = print(&shop, "INV-1", "qr").await;
    assert_eq!((&queued["name"], &queued["width"]), (&json!("kasir"), &json!(80)));
    let slip = paper.reaches(1).await.remove(0);
    assert_eq!(slip.scanned(), order["qris_content"].as_str().expect("a code"));
    assert!(slip.text().contains("BELUM DIBAYAR"), "{}", slip.text());
    assert_eq!((slip.cuts, slip.kicks), (1, 0));

    shop.pay(&order);
    reaches(shop.at(), "INV-1", "paid").await;
    let wrong = post(shop.at(), "/api/orders/INV-1/print", r#"{"what":"qr"}"#).await;
    assert_eq!(wrong.json(409)["error"], "wrong-state");
    print(&shop, "INV-1", "receipt").await;
    let receipt = paper.reaches(2).await.remove(1);
    let total = format!("{:<40}{}", "TOTAL", "Rp25.578");
    assert!(receipt.lines.iter().any(|line| line.text == total), "{}", receipt.text());
    assert_eq!((receipt.cuts, receipt.kicks), (1, 1));
    let state = once(&shop, |printer| printer["queued"] == 0).await;
    assert_eq!((&state["state"], &state["last_error"]), (&json!("ok"), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_without_a_knife_and_without_answers_is_not_told_to_cut() {
    let paper = Printer::start(Mood::Silent).await;
    let shop = Shop::with(HOUR, |settings| {
        let mut kasir = printer("kasir", network(paper.address));
        kasir.cut = false;
        with_printer(settings, kasir)
    })
    .await;
    charge(shop.at(), "INV-1", 500).await.json(201);
    print(&shop, "INV-1", "qr").await;
    print(&shop, "INV-1", "qr").await;
    let printed = paper.reaches(2).await;
    assert!(printed.iter().all(|paper| (paper.cuts, paper.kicks) == (0, 0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_payment_is_printed_once_by_a_printer_that_does_so_by_itself() {
    let (auto, asked) = (Printer::start(Mood::Silent).await, Printer::start(Mood::Silent).await);
    let shop = Shop::with(Duration::from_secs(1), |settings| {
        let mut kasir = printer("kasir", network(auto.address));
        kasir.auto = true;
        with_printers(settings, vec![kasir, printer("dapur", network(asked.address))])
    })
    .await;
    for number in ["INV-1", "INV-2"] {
        let order = charge(shop.at(), number, 25_578).await.json(201);
        shop.pay(&order);
        reaches(shop.at(), number, "paid").await;
        post(shop.at(), &format!("/api/orders/{number}/check"), "").await;
    }
    auto.reaches(2).await;
    // Jobs are printed in order, so nothing else was printed before this one.
    print(&shop, "INV-1", "receipt").await;
    let printed = auto.reaches(3).await;
    let has = |paper: &Paper, number: &str| paper.text().contains(&format!("{number}\n"));
    assert!(has(&printed[0], "INV-1") && has(&printed[1], "INV-2") && has(&printed[2], "INV-1"));
    assert!(printed.iter().all(|paper| paper.text().contains("LUNAS")));
    assert_eq!(asked.printed(), []);
    // A restarted till does not print earlier payments again.
    let shop = shop
        .close()
        .await
        .open(HOUR, |settings| {
            let mut kasir = printer("kasir", network(auto.address));
            kasir.auto = true;
            with_printer(settings, kasir)
        })
        .await;
    print(&shop, "INV-2", "receipt").await;
    assert!(has(&auto.reaches(4).await[3], "INV-2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_that_reads_nothing_holds_up_no_charge_and_is_said_to_be_slow() {
    let paper = Printer::start(Mood::Stuck).await;
    let shop = Shop::with(HOUR, |settings| {
        with_printer(settings, printer("kasir", network(paper.address)))
    })
    .await;
    charge_in_normal_time(&shop, "INV-1").await;
    // One job is being printed, and fifty wait.
    print(&shop, "INV-1", "qr").await;
    let busy = once(&shop, |printer| printer["state"] == "busy").await;
    assert_eq!(busy["last_error"], Value::Null);
    let body = r#"{"what":"qr"}"#;
    let mut refused = None;
    for _ in 0..60 {
        let answer = post(shop.at(), "/api/orders/INV-1/print", body).await;
        if answer.status != 202 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a full queue");
    assert_eq!(refused.json(503)["error"], "printer-busy");
    assert!(refused.head.contains("retry-after: "), "{}", refused.head);
    charge_in_normal_time(&shop, "INV-2").await;
    let slow = once(&shop, |printer| printer["state"] == "away").await;
    assert_eq!(slow["last_error"]["error"], "too-slow", "{slow}");
    let closing = Instant::now();
    shop.close().await;
    assert!(closing.elapsed() < Duration::from_secs(15), "{:?}", closing.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_that_is_away_is_tried_again_and_prints_once_it_is_there() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let shop =
        Shop::with(HOUR, |settings| with_printer(settings, printer("kasir", network(address))))
            .await;
    charge_in_normal_time(&shop, "INV-1").await;
    print(&shop, "INV-1", "qr").await;
    let away = once(&shop, |printer| printer["state"] == "away").await;
    assert_eq!((&away["last_error"]["error"], &away["queued"]), (&json!("away"), &json!(1)));
    charge_in_normal_time(&shop, "INV-2").await;
    let paper = Printer::start_at(address, Mood::Silent).await;
    assert_eq!(paper.reaches(1).await.len(), 1);
    let back = once(&shop, |printer| printer["state"] == "ok").await;
    assert_eq!((&back["queued"], &back["last_error"]["error"]), (&json!(0), &json!("away")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_that_hangs_up_at_the_question_has_printed_nothing_and_is_tried_again() {
    let paper = Printer::start(Mood::HangsUp).await;
    let shop = Shop::with(HOUR, |settings| {
        with_printer(settings, printer("kasir", network(paper.address)))
    })
    .await;
    charge_in_normal_time(&shop, "INV-1").await;
    print(&shop, "INV-1", "qr").await;
    let away = once(&shop, |printer| printer["state"] == "away").await;
    assert_eq!((&away["last_error"]["error"], &away["queued"]), (&json!("cut-off"), &json!(1)));
    paper.turn(Mood::Silent);
    assert_eq!(paper.reaches(1).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_that_is_out_of_paper_says_so_and_prints_once_there_is_paper() {
    let paper = Printer::start(Mood::OutOfPaper).await;
    let shop = Shop::with(HOUR, |settings| {
        with_printer(settings, printer("kasir", network(paper.address)))
    })
    .await;
    charge_in_normal_time(&shop, "INV-1").await;
    print(&shop, "INV-1", "qr").await;
    let empty = once(&shop, |printer| printer["state"] == "away").await;
    assert_eq!(empty["last_error"]["error"], "out-of-paper");
    assert_eq!(empty["last_error"]["message"], "the printer is out of paper");
    charge_in_normal_time(&shop, "INV-2").await;
    assert_eq!(paper.printed(), []);
    paper.turn(Mood::Well);
    assert_eq!(paper.reaches(1).await.len(), 1);
    once(&shop, |printer| printer["state"] == "ok").await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_device_file_is_written_to_and_one_that_nobody_reads_is_said_to_be_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, pipe) = (folder.path().join("lp0"), folder.path().join("lp1"));
    std::fs::write(&file, "").expect("a file");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let shop = Shop::with(HOUR, |settings| {
        let device = |path: &std::path::Path| PrinterConnection::Device(path.to_owned());
        let (kasir, dapur) = (printer("kasir", device(&pipe)), printer("dapur", device(&file)));
        with_printers(settings, vec![kasir, dapur])
    })
    .await;
    let order = charge_in_normal_time(&shop, "INV-1").await;
    let body = r#"{"printer":"dapur","what":"qr"}"#;
    post(shop.at(), "/api/orders/INV-1/print", body).await.json(202);
    let started = Instant::now();
    let mut written = Vec::new();
    while !written.ends_with(&[0x1d, b'V', 66, 0]) {
        assert!(started.elapsed() < Duration::from_secs(20), "{} bytes", written.len());
        tokio::time::sleep(Duration::from_millis(20)).await;
        written = std::fs::read(&file).expect("the file");
    }
    let paper = Paper::print(&written);
    assert_eq!(paper.scanned(), order["qris_content"].as_str().expect("a code"));

    print(&shop, "INV-1", "qr").await;
    let away = once(&shop, |printer| printer["state"] == "away").await;
    assert_eq!(away["last_error"]["error"], "no-device");
    // When the printer reads again, the job is tried again and printed.
    let reader = tokio::task::spawn_blocking(move || std::fs::read(pipe).expect("a pipe"));
    let read = tokio::time::timeout(Duration::from_secs(30), reader).await.expect("in time");
    assert_eq!(Paper::print(&read.expect("a reader")), paper);
    charge_in_normal_time(&shop, "INV-2").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_is_chosen_by_name_and_one_that_is_not_there_is_refused() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    charge(shop.at(), "INV-1", 500).await.json(201);
    let at = "/api/orders/INV-1/print";
    let none = post(shop.at(), at, r#"{"what":"qr"}"#).await.json(404);
    assert_eq!(none["error"], "no-printer");
    assert_eq!(get(shop.at(), "/api/printers").await.json(200)["printers"], json!([]));
    let shop = shop
        .close()
        .await
        .open(HOUR, |settings| {
            let free = network(SocketAddr::from(([127, 0, 0, 1], 9)));
            with_printers(settings, vec![printer("kasir", free.clone()), printer("dapur", free)])
        })
        .await;
    for body in [r#"{"what":"qr"}"#, r#"{"what":"qr","printer":"gudang"}"#] {
        let refused = post(shop.at(), at, body).await.json(404);
        assert_eq!(refused["error"], "unknown-printer");
        let words = refused["message"].as_str().expect("words");
        assert!(words.starts_with("expected printer as kasir or dapur, found "), "{words}");
    }
    for body in ["{}", r#"{"what":"z"}"#] {
        assert_eq!(post(shop.at(), at, body).await.status, 422, "{body}");
    }
}

#[tokio::test]
async fn two_printers_of_one_name_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let sandbox = qris_sandbox::Sandbox::start().await.expect("a sandbox");
    let database = format!("sqlite://{}", folder.path().join("qris.db").display());
    let mut settings = Settings::main(crate::shop::client(&sandbox, HOUR), database);
    let kasir = printer("kasir", network(SocketAddr::from(([127, 0, 0, 1], 9))));
    settings.printers = vec![kasir.clone(), kasir];
    let error = qris_till::Till::start(settings).await.expect_err("refused");
    assert_eq!(error.to_string(), "expected printers with different names, found two called kasir");
}

//! The key and the merchant's number are in no error, no log line and no panic.
//!
//! One test in its own process, because it captures everything that the process logs.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod server;
mod tls_server;

use std::error::Error as _;
use std::fmt::Debug;
use std::io;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use qris_api::clock::ManualClock;
use qris_api::{
    ApiKey, CheckBudget, Client, Error, Invoice, InvoiceId, MerchantId, Rupiah, Schedule, Tip,
    TransactionNumber, Wait, WibTime, blocking,
};
use qris_sandbox::{Fault, FaultCall, FaultRepeat, Sandbox};
use server::Server;
use tls_server::TlsServer;

const KEY: &str = "k3y+with/signs=&%7";
const KEY_IN_A_URL: &str = "k3y%2Bwith%2Fsigns%3D%26%257";
const MERCHANT: &str = "987654321098";
const PAYER: &str = "SITI NURHALIZA";

/// The output of all channels.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Heard {
    fn hear(&self, words: impl AsRef<[u8]>) {
        let mut heard = self.0.lock().unwrap();
        heard.extend_from_slice(words.as_ref());
        heard.push(b'\n');
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    fn error(&self, error: &Error) {
        self.hear(format!("{error}\n{error:?}\n{error:#?}"));
        let mut source = error.source();
        while let Some(cause) = source {
            self.hear(format!("{cause}\n{cause:?}"));
            source = cause.source();
        }
    }
}

impl io::Write for Heard {
    fn write(&mut self, words: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(words);
        Ok(words.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn client(base_url: &str) -> Client {
    // A clock that jumps to each wake time, so that nothing waits.
    let hand = ManualClock::starting_at("2026-11-22T10:00:00+07:00".parse().unwrap());
    let clock = hand.clock();
    tokio::spawn(async move {
        loop {
            hand.set(hand.asleep(1).await);
        }
    });
    Client::builder(ApiKey::parse(KEY).unwrap(), MerchantId::parse(MERCHANT).unwrap())
        .base_url(base_url)
        .clock(clock)
        .budget(CheckBudget::in_memory(60))
        .total_timeout(Duration::from_millis(500))
        .connect_timeout(Duration::from_millis(500))
        .schedule(Schedule::default().with_validity(Duration::ZERO).with_grace(Duration::ZERO))
        .build()
        .unwrap()
}

fn number() -> TransactionNumber {
    TransactionNumber::parse("INV-1").unwrap()
}

/// Makes every call and records its results.
async fn call(client: &Client, heard: &Heard) -> usize {
    heard.hear(format!("{client:?} {:?}", client.early_check()));
    let invoice = Invoice::new(
        number(),
        Rupiah::new(25_578),
        "",
        WibTime::parse("2026-11-22 10:00:00").unwrap(),
        InvoiceId::new(413_255_111),
        "ID1020021181745",
    );
    let wait = Wait::new().on_check(|check| {
        heard.hear(format!("{check:?}"));
        // Without an answer it would continue.
        ControlFlow::Break(())
    });
    let created = client.create_invoice(&number(), Rupiah::new(25_578), Tip::None).await;
    let checked = client.check_invoice(&invoice).await;
    let waited = client.wait_for_payment(&invoice, wait).await;
    let mut errors = 0;
    for error in [created.err(), checked.err(), waited.err()].into_iter().flatten() {
        heard.error(&error);
        errors += 1;
    }
    errors
}

#[tokio::test]
async fn no_error_log_line_or_panic_has_the_key_the_merchant_or_the_payer() {
    let heard = Heard::default();
    let writer = heard.clone();
    // The lines of other libraries too, at the most detailed level.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let panics = heard.clone();
    std::panic::set_hook(Box::new(move |panic| {
        eprintln!("{panic}");
        panics.hear(panic.to_string());
    }));

    let sandbox = Sandbox::builder().credentials(KEY, MERCHANT).start().await.unwrap();
    let against_sandbox = client(&sandbox.base_url());
    for fault in Fault::all() {
        let fault = match fault {
            Fault::Slow { .. } => Fault::Slow { seconds: 5.0 },
            Fault::Refuse { .. } => Fault::Refuse {
                words: format!("apikey {KEY} of {MERCHANT}, {KEY_IN_A_URL}, is closed"),
            },
            other => other,
        };
        sandbox.inject(fault, FaultCall::Any, FaultRepeat::Standing);
        call(&against_sandbox, &heard).await;
        sandbox.clear_faults();
    }

    // A payment: only the caller may see the payer's name.
    let paid = format!(
        r#"{{"status":"success","data":{{"qris_status":"paid","qris_payment_customername":"{PAYER}"}}}}"#
    );
    let server = Server::answering(200, paid.as_bytes()).await;
    call(&client(&server.base_url()), &heard).await;
    let asked = server.asked.lock().unwrap().concat();
    assert!(asked.contains(KEY_IN_A_URL) && asked.contains(MERCHANT), "the server received them");

    let elsewhere = format!("http://127.0.0.1:9/?apikey={KEY}&mID={MERCHANT}");
    for answer in [
        format!("HTTP/1.1 302 Found\r\nLocation: {elsewhere}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\n{KEY_IN_A_URL} {MERCHANT}\r\n\r\n"),
        format!("{KEY} {MERCHANT}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\nContent-Length: {KEY}\r\n\r\n"),
        format!("HTTP/1.1 401 {KEY_IN_A_URL}\r\nContent-Length: 3\r\n\r\n{{}}"),
        String::new(),
    ] {
        let server = Server::raw(answer).await;
        assert_eq!(call(&client(&server.base_url()), &heard).await, 3);
        // A server that does not speak TLS at all.
        let unencrypted = format!("https://127.0.0.1:{}/", server.address.port());
        assert_eq!(call(&client(&unencrypted), &heard).await, 3);
    }
    let (tls, _) = TlsServer::answering("{}").await;
    assert_eq!(call(&client(&tls.base_url("localhost")), &heard).await, 3);
    for nobody in ["http://127.0.0.1:9/", "https://nobody.invalid/restapi/qris/"] {
        assert_eq!(call(&client(nobody), &heard).await, 3);
    }

    let builder =
        Client::builder(ApiKey::parse(KEY).unwrap(), MerchantId::parse(MERCHANT).unwrap());
    heard.hear(format!("{builder:?}"));
    heard
        .error(&builder.base_url(format!("http://{KEY}:{MERCHANT}@[/?{KEY}")).build().unwrap_err());
    for secret in [format!("{KEY} "), format!("{MERCHANT}\n")] {
        heard.error(&ApiKey::parse(&secret).unwrap_err().into());
        heard.error(&MerchantId::parse(&secret).unwrap_err().into());
        heard.error(&TransactionNumber::parse(&secret).unwrap_err().into());
    }
    let blocking = blocking::Client::from(against_sandbox.clone());
    sandbox.inject(Fault::Html, FaultCall::Any, FaultRepeat::Standing);
    heard.error(&blocking.create_invoice(&number(), Rupiah::new(100), Tip::None).unwrap_err());
    heard.hear(format!("{blocking:?}"));

    let said = heard.text();
    // Everything was captured: our own lines, the lines of libraries, and the errors.
    for line in [
        "create_invoice",
        "the Open API answered",
        "hyper_util::client",
        "reqwest::connect",
        "rustls::client",
        "UnknownIssuer",
        "[redacted]",
    ] {
        assert!(said.contains(line), "expected {line} in the log");
    }
    for secret in [KEY, KEY_IN_A_URL, MERCHANT, PAYER, "with%2Fsigns", "apikey="] {
        let line = said.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} leaked");
    }
    // A panic would be captured too.
    fn boom() -> impl Debug {
        std::panic::catch_unwind(|| panic!("boom")).unwrap_err()
    }
    drop(boom());
    assert!(heard.text().contains("boom"));
}

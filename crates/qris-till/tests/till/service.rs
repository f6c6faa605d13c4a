//! What cashiers, shops' programs and the provider rely on, over real HTTP.

use std::net::SocketAddr;
use std::time::Duration;

use qris_api::{ApiKey, Client, MerchantId, Schedule};
use qris_sandbox::{DEFAULT_API_KEY, DEFAULT_MERCHANT_ID, Fault, Lasting, On, Sandbox};
use qris_till::{Error, Settings, Till, Token};
use serde_json::Value;
use tempfile::TempDir;

use crate::running::{Events, Process, charge, get, post, reaches, send};

pub(crate) const TOKEN: &str = "0c9f1d7ab4e84f3b9d62";
pub(crate) const HOOK: &str = "7d1e0b55c2a94be2a3f0";

/// A shop: a sandbox, a till before it, and books in a folder that goes when the test ends.
pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) till: Till,
    folder: TempDir,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        // Checks a second apart, so that no test waits long.
        Self::with(Duration::from_secs(1), |settings| settings).await
    }

    pub(crate) async fn with(gap: Duration, change: impl FnOnce(Settings) -> Settings) -> Self {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        let folder = tempfile::tempdir().expect("a folder");
        ClosedShop { sandbox, folder }.open(gap, change).await
    }

    /// Ends the till; the sandbox and the books stay.
    pub(crate) async fn close(self) -> ClosedShop {
        self.till.stop().await;
        ClosedShop { sandbox: self.sandbox, folder: self.folder }
    }

    pub(crate) fn at(&self) -> SocketAddr {
        self.till.address()
    }

    /// The URL of the till's database.
    pub(crate) fn database(&self) -> String {
        format!("sqlite://{}", self.folder.path().join("qris.db").display())
    }

    /// Has the payer pay a charged invoice.
    #[track_caller]
    pub(crate) fn pay(&self, record: &Value) {
        let id = record["qris_invoiceid"].as_u64().expect("an invoice");
        self.sandbox.pay(id).expect("the payer pays");
    }
}

/// A shop without a running till.
pub(crate) struct ClosedShop {
    pub(crate) sandbox: Sandbox,
    folder: TempDir,
}

impl ClosedShop {
    pub(crate) async fn open(
        self,
        gap: Duration,
        change: impl FnOnce(Settings) -> Settings,
    ) -> Shop {
        let Self { sandbox, folder } = self;
        let database = format!("sqlite://{}", folder.path().join("qris.db").display());
        let settings = Settings {
            webhook_token: Some(Token::parse(HOOK).expect("a token")),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            ..Settings::new(client(&sandbox, gap), database)
        };
        let till = Till::start(change(settings)).await.expect("a till");
        Shop { sandbox, till, folder }
    }
}

fn client(sandbox: &Sandbox, gap: Duration) -> qris_api::ClientBuilder {
    let key = ApiKey::parse(DEFAULT_API_KEY).expect("a key");
    let merchant = MerchantId::parse(DEFAULT_MERCHANT_ID).expect("a merchant");
    Client::builder(key, merchant)
        .base_url(sandbox.base_url())
        .total_timeout(Duration::from_secs(5))
        .schedule(Schedule { try_gap: gap, check_gap: gap, ..Schedule::default() })
}

pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_is_watched_and_shown_paid_to_whoever_looks_on() {
    let shop = Shop::open().await;
    let record = charge(shop.at(), "INV-1", 25_578).await.json(201);
    assert_eq!(record["state"], "pending");
    assert_eq!(record["amount"], 25_578);
    assert_eq!(record["channel"], "pos");
    assert_eq!(record["merchant_name"], "WARUNG SANDBOX");
    assert_eq!(record["qris_nmid"], shop.sandbox.nmid());
    let mut events = Events::open(shop.at(), "INV-1").await;
    assert_eq!(events.next().await.unwrap()["state"], "pending");
    shop.pay(&record);
    let paid = events.next().await.unwrap();
    assert_eq!(paid["state"], "paid");
    assert_eq!(paid["method"], "Sakuku");
    assert_eq!(paid["customer_name"], "PEMBAYAR SANDBOX");
    assert!(paid["paid_at"].as_str().unwrap().ends_with("+07:00"));
    let listed = get(shop.at(), "/api/invoices").await.json(200);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["state"], "paid");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_charge_again_gives_the_same_invoice_and_another_amount_a_conflict() {
    let shop = Shop::open().await;
    let first = charge(shop.at(), "INV-1", 25_578).await.json(201);
    let again = charge(shop.at(), "INV-1", 25_578).await.json(200);
    assert_eq!(again["qris_content"], first["qris_content"]);
    let conflict = charge(shop.at(), "INV-1", 30_000).await.json(409);
    assert_eq!(conflict["error"], "conflict");
    assert_eq!(
        conflict["message"],
        "this number is booked with Rp25578, found Rp30000: use a new number for a new amount",
    );
    assert_eq!(shop.sandbox.calls().creates(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_makes_one_invoice_and_both_clicks_see_it() {
    let shop = Shop::open().await;
    shop.sandbox.inject(Fault::Slow { seconds: 1.0 }, On::Create, Lasting::Once);
    let clicks = tokio::join!(charge(shop.at(), "INV-1", 500), charge(shop.at(), "INV-1", 500));
    let mut statuses = [clicks.0.status, clicks.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 201]);
    let [one, two] = [clicks.0, clicks.1].map(|answer| answer.json(answer.status));
    assert_eq!(one["qris_invoiceid"], two["qris_invoiceid"]);
    assert_eq!(shop.sandbox.calls().creates(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_is_brought_to_its_end_though_the_page_was_closed() {
    let shop = Shop::open().await;
    shop.sandbox.inject(Fault::Slow { seconds: 1.0 }, On::Create, Lasting::Once);
    let asked = charge(shop.at(), "INV-1", 500);
    assert!(tokio::time::timeout(Duration::from_millis(300), asked).await.is_err());
    reaches(shop.at(), "INV-1", "pending").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_that_is_not_known_is_said_and_never_charged_again_by_itself() {
    let shop = Shop::open().await;
    shop.sandbox.inject(Fault::DropAfterAccepting, On::Create, Lasting::Once);
    let refused = charge(shop.at(), "INV-1", 500).await.json(502);
    assert_eq!(refused["error"], "outcome-unknown");
    reaches(shop.at(), "INV-1", "unknown").await;
    let refused = charge(shop.at(), "INV-1", 500).await.json(502);
    assert_eq!(refused["error"], "outcome-unknown");
    assert_eq!(shop.sandbox.calls().creates(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_qr_that_is_not_the_one_asked_for_is_never_drawn() {
    let shop = Shop::open().await;
    charge(shop.at(), "FIRST", 500).await.json(201);
    let database = format!("sqlite://{}", shop.folder.path().join("qris.db").display());
    let ledger = qris_ledger::Ledger::connect(&database).unwrap();
    // The last two are consistent in themselves: only the books know better.
    let faults = [
        Fault::WrongAmount,
        Fault::WrongNmid,
        Fault::BadChecksum,
        Fault::OtherMerchant,
        Fault::OtherSalesQr,
    ];
    for (at, fault) in faults.into_iter().enumerate() {
        shop.sandbox.inject(fault, On::Create, Lasting::Once);
        let number = format!("INV-{at}");
        let refused = charge(shop.at(), &number, 500).await.json(502);
        assert_eq!(refused["error"], "content-mismatch");
        let picture = get(shop.at(), &format!("/api/invoices/{number}/qr.svg")).await;
        assert_eq!(picture.json(410)["error"], "not-payable");
        reaches(shop.at(), &number, "unknown").await;
        let number = qris_api::TransactionNumber::parse(number).unwrap();
        let event = ledger.events(&number).unwrap().pop().unwrap();
        let words = refused["message"].as_str().unwrap();
        assert!(event.detail.is_some_and(|detail| detail.ends_with(words)), "{refused}");
    }
    charge(shop.at(), "LAST", 500).await.json(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_number_may_be_charged_again() {
    let shop = Shop::open().await;
    let words = "system maintenance".to_owned();
    shop.sandbox.inject(Fault::Refuse { words }, On::Create, Lasting::Once);
    let refused = charge(shop.at(), "INV-1", 500).await.json(502);
    assert_eq!(refused["error"], "rejected");
    let record = charge(shop.at(), "INV-1", 700).await.json(201);
    assert_eq!(record["amount"], 700);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_charged_is_refused_by_name() {
    let shop = Shop::open().await;
    for (body, status, word) in [
        (r#"{"number":" INV","amount":500}"#, 422, "invalid"),
        (r#"{"number":"","amount":500}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":0}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":99}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":10000001}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":500,"channel":"web"}"#, 422, "invalid"),
        (r#"{"number":"INV-1","amount":500.5}"#, 422, "bad-request"),
        (r#"{"number":"INV-1","amount":-5}"#, 422, "bad-request"),
        (r#"{"number":"INV-1","amount":500,"price":1}"#, 422, "bad-request"),
        (r#"{"number":"INV-1""#, 400, "bad-request"),
    ] {
        let answer = post(shop.at(), "/api/invoices", body).await;
        assert_eq!(answer.json(status)["error"], word, "{body}");
    }
    let plain = "Content-Type: text/plain\r\n";
    let answer = send(shop.at(), "POST", "/api/invoices/NONE/cancel", plain, "").await.unwrap();
    assert_eq!(answer.json(404)["error"], "not-found");
    assert_eq!(shop.sandbox.calls().creates(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_request_of_the_till_is_refused_in_words_too() {
    let shop = Shop::open().await;
    let long = format!(r#"{{"number":"{}","amount":500}}"#, "1".repeat(20_000));
    for (method, path, body, status, word) in [
        ("GET", "/api/invoices?limit=many", "", 400, "bad-request"),
        ("GET", "/api/invoices?limit=-1", "", 400, "bad-request"),
        ("GET", "/api/invoices/%FF", "", 400, "bad-request"),
        ("GET", "/api/invoice", "", 404, "not-found"),
        ("DELETE", "/api/invoices/INV-1", "", 405, "wrong-method"),
        ("POST", "/api/invoices", long.as_str(), 413, "too-large"),
        ("POST", "/webhook/none", long.as_str(), 413, "too-large"),
    ] {
        let answer = send(shop.at(), method, path, "", body).await.unwrap();
        let refusal = answer.json(status);
        assert_eq!(refusal["error"], word, "{method} {path}");
        assert!(refusal["message"].as_str().is_some_and(|it| it.len() > 8), "{refusal}");
        assert_eq!(answer.head.to_lowercase().contains("\r\nallow: get"), status == 405);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_without_an_answer_is_told_to_whoever_looks_later_and_to_other_tills() {
    let shop = Shop::open().await;
    let database = format!("sqlite://{}", shop.folder.path().join("qris.db").display());
    let log = shop.folder.path().join("log");
    shop.sandbox.inject(Fault::Html, On::Check, Lasting::Standing);
    charge(shop.at(), "INV-1", 500).await.json(201);
    post(shop.at(), "/api/invoices/INV-1/check", "").await.json(200);
    // Nobody looks on while it is asked.
    let doubted = async {
        while get(shop.at(), "/api/invoices/INV-1").await.json(200)["unanswered"] != true {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), doubted).await.expect("it is told");
    let other = Process::start(&shop.sandbox, &database, &log, &[]);
    for at in [shop.at(), other.address] {
        let mut events = Events::open(at, "INV-1").await;
        assert_eq!(events.next().await.unwrap()["unanswered"], true);
        assert_eq!(get(at, "/api/invoices/INV-1").await.json(200)["unanswered"], true);
        assert_eq!(get(at, "/api/invoices").await.json(200)[0]["unanswered"], true);
    }
    let mut events = Events::open(shop.at(), "INV-1").await;
    assert_eq!(events.next().await.unwrap()["unanswered"], true);
    shop.sandbox.clear_faults();
    // A check may be under way that was made before.
    let answered = loop {
        let event = events.next().await.unwrap();
        if event["unanswered"] == Value::Null {
            break event;
        }
    };
    assert_eq!(answered["state"], "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_a_hint_that_is_checked_and_not_believed() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    let id = record["qris_invoiceid"].as_u64().unwrap();
    let hint = format!(r#"{{"invoice":"{id}","qris_status":"success"}}"#);
    let path = format!("/webhook/{HOOK}");
    // Nobody paid: the hint makes one check and no more.
    assert_eq!(post(shop.at(), &path, &hint).await.status, 200);
    while shop.sandbox.calls().checks() == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(reaches(shop.at(), "INV-1", "pending").await["amount"], 500);
    assert_eq!(post(shop.at(), &path, &hint).await.status, 200);
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(shop.sandbox.calls().checks(), 1);

    let paid = charge(shop.at(), "INV-2", 500).await.json(201);
    shop.sandbox.set_webhook(&format!("http://{}{path}", shop.at())).unwrap();
    shop.sandbox.inject(Fault::DuplicateWebhook, On::Any, Lasting::Once);
    shop.pay(&paid);
    reaches(shop.at(), "INV-2", "paid").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_without_its_token_or_with_another_body_changes_nothing() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    let id = record["qris_invoiceid"].as_u64().unwrap();
    let hint = format!(r#"{{"invoice":"{id}","qris_status":"success"}}"#);
    let path = format!("/webhook/{HOOK}");
    let almost = format!("/webhook/{}1", &HOOK[..HOOK.len() - 1]);
    assert_eq!(post(shop.at(), &almost, &hint).await.status, 404);
    assert_eq!(post(shop.at(), &path, "no json").await.status, 400);
    assert_eq!(post(shop.at(), &path, &" ".repeat(16 * 1024 + 1)).await.status, 413);
    // Anything but 200 would have it sent again and again.
    for foreign in ["1", "9223372036854775808", "18446744073709551615"] {
        let hint = format!(r#"{{"invoice":"{foreign}","qris_status":"success"}}"#);
        assert_eq!(post(shop.at(), &path, &hint).await.status, 200, "{foreign}");
    }
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(shop.sandbox.calls().checks(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_has_the_provider_asked_at_once_and_is_held_to_its_pause() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    shop.pay(&record);
    let pressed = post(shop.at(), "/api/invoices/INV-1/check", "").await.json(200);
    assert_eq!(pressed["left"], 2);
    reaches(shop.at(), "INV-1", "paid").await;

    charge(shop.at(), "INV-2", 500).await.json(201);
    post(shop.at(), "/api/invoices/INV-2/check", "").await.json(200);
    let refused = post(shop.at(), "/api/invoices/INV-2/check", "").await;
    assert_eq!(refused.json(429)["error"], "too-soon");
    let wait = refused.head.lines().find_map(|line| line.strip_prefix("retry-after: "));
    let wait: u64 = wait.unwrap().parse().unwrap();
    assert!((3_590..=3_601).contains(&wait), "{wait}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_of_half_an_hour_ago_is_shown_expired_and_paid_when_the_payment_lands_late() {
    let shop = Shop::open().await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    // The till learns it from the next reply.
    shop.sandbox.advance(Duration::from_secs(30 * 60 - 3));
    let hook = format!("http://{}/webhook/{HOOK}", shop.at());
    shop.sandbox.set_webhook(&hook).unwrap();
    shop.sandbox.inject(Fault::LatePayment { seconds: 5.0 }, On::Any, Lasting::Once);
    shop.pay(&record);
    let mut events = Events::open(shop.at(), "INV-1").await;
    let mut states = Vec::new();
    while states.last().is_none_or(|state| state != "paid") {
        let state = events.next().await.unwrap()["state"].as_str().unwrap().to_owned();
        if states.last() != Some(&state) {
            states.push(state);
        }
    }
    assert_eq!(states, ["pending", "expired", "paid"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_a_pending_invoice_are_drawn() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    charge(shop.at(), "INV-1", 500).await.json(201);
    let svg = get(shop.at(), "/api/invoices/INV-1/qr.svg").await;
    assert_eq!(svg.status, 200);
    assert!(svg.head.contains("content-type: image/svg+xml"), "{}", svg.head);
    assert!(svg.body.starts_with("<svg"), "{}", &svg.body[..80]);
    assert!(svg.body.contains(shop.sandbox.nmid()));
    let plain = get(shop.at(), "/api/invoices/INV-1/qr.svg?plain=yes").await;
    assert!(!plain.body.contains(shop.sandbox.nmid()));
    let png = get(shop.at(), "/api/invoices/INV-1/qr.png?width=400").await;
    assert_eq!(png.status, 200);
    assert!(png.head.contains("content-type: image/png"), "{}", png.head);
    assert_eq!(get(shop.at(), "/api/invoices/INV-1/qr.png?width=10").await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_adds_up_what_was_paid_today() {
    let shop = Shop::open().await;
    for number in ["INV-1", "INV-2", "INV-3"] {
        let record = charge(shop.at(), number, 25_578).await.json(201);
        if number != "INV-3" {
            shop.pay(&record);
            reaches(shop.at(), number, "paid").await;
        }
    }
    let day = qris_api::WibTime::now().date();
    let report = get(shop.at(), "/api/report").await.json(200);
    let expected =
        format!(r#"[{{"channel":"pos","day":"{day}","invoices":3,"paid":51156,"payments":2}}]"#);
    assert_eq!(report.to_string(), expected);
    let csv = get(shop.at(), &format!("/api/report?from={day}&to={day}&by=day&format=csv")).await;
    assert_eq!(csv.body, format!("day,invoices,payments,paid\r\n{day},3,2,51156\r\n"));
    let csv = get(shop.at(), &format!("/api/report?from={day}&by=payment&format=csv")).await;
    let lines: Vec<&str> = csv.body.lines().collect();
    assert_eq!(
        lines.first(),
        Some(&"paid_at,number,qris_invoiceid,amount,channel,method,rrn,note,api_version")
    );
    assert_eq!(lines.len(), 3, "{}", csv.body);
    assert_eq!(get(shop.at(), "/api/report?from=yesterday").await.status, 422);
    let turned = get(shop.at(), "/api/report?from=2026-11-02&to=2026-11-01").await.json(422);
    assert_eq!(turned["error"], "wrong-days");
}

pub(crate) fn with_token(settings: Settings) -> Settings {
    Settings { token: Some(Token::parse(TOKEN).expect("a token")), ..settings }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_guards_everything_but_the_health_and_the_webhook_which_has_its_own() {
    let shop = Shop::with(HOUR, with_token).await;
    let at = shop.at();
    let mut tries = Vec::new();
    for (method, path) in [
        ("POST", "/api/invoices"),
        ("GET", "/api/invoices"),
        ("GET", "/api/invoices/INV-1"),
        ("GET", "/api/invoices/INV-1/qr.svg"),
        ("GET", "/api/invoices/INV-1/events"),
        ("POST", "/api/invoices/INV-1/check"),
        ("POST", "/api/invoices/INV-1/cancel"),
        ("GET", "/api/report"),
        ("GET", "/metrics"),
        ("GET", "/openapi.json"),
        ("GET", "/api/stream?counter=main"),
        ("GET", "/api/counters/main"),
        ("PUT", "/api/counters/main"),
    ] {
        // Wrong tokens are slowed: all are tried at the same time.
        let headers = ["", "Authorization: Bearer 0c9f1d7ab4e84f3b9d63\r\n"];
        tries.extend(headers.map(|header| async move {
            let answer = send(at, method, path, header, "{}").await.unwrap();
            assert_eq!(answer.json(401)["error"], "unauthorized", "{method} {path}");
            assert!(answer.head.contains("www-authenticate: Bearer"), "{}", answer.head);
        }));
    }
    futures_util::future::join_all(tries).await;
    for page in ["/", "/display", "/report"] {
        let answer = get(at, page).await;
        assert_eq!(answer.status, 401);
        assert!(answer.body.contains("name=\"token\""), "a page that asks for the token");
    }
    let bearer = format!("Authorization: Bearer {TOKEN}\r\n");
    assert_eq!(send(at, "GET", "/metrics", &bearer, "").await.unwrap().status, 200);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(get(at, path).await.json(200)["status"], "ok", "for load balancers");
    }
    assert_eq!(post(at, &format!("/webhook/{HOOK}"), "no json").await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_opens_the_pages_with_a_cookie_that_scripts_and_other_sites_cannot_use() {
    let shop = Shop::with(HOUR, with_token).await;
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let wrong =
        send(shop.at(), "POST", "/login", form, "token=0c9f1d7ab4e84f3b9d63").await.unwrap();
    assert_eq!(wrong.status, 401);
    let right = send(shop.at(), "POST", "/login", form, &format!("token={TOKEN}")).await.unwrap();
    assert_eq!(right.status, 303);
    let cookie = right.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = format!("Cookie: {}\r\n", cookie.split(';').next().unwrap());
    assert_eq!(send(shop.at(), "GET", "/", &cookie, "").await.unwrap().status, 200);
    let foreign = format!("{cookie}Origin: https://example.com\r\n");
    let answer = send(shop.at(), "POST", "/api/invoices", &foreign, "{}").await.unwrap();
    assert_eq!(answer.json(403)["error"], "cross-origin");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_only_this_machine_and_the_tills_own_pages_get_in() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let send = async |headers: &str| send(shop.at(), "POST", "/api/invoices", headers, "{}").await;
    let rebound = send("Host: till.example.com\r\n").await.unwrap();
    assert_eq!(rebound.json(421)["error"], "wrong-host");
    for headers in ["Origin: https://example.com\r\n", "Sec-Fetch-Site: cross-site\r\n"] {
        assert_eq!(send(headers).await.unwrap().json(403)["error"], "cross-origin");
    }
    let own = format!("Origin: http://{}\r\n", shop.at());
    assert_eq!(send(&own).await.unwrap().json(422)["error"], "bad-request");

    let everywhere = SocketAddr::from(([0, 0, 0, 0], 0));
    let sandbox = Sandbox::start().await.unwrap();
    let database = format!("sqlite://{}", shop.folder.path().join("other.db").display());
    let settings = Settings::new(client(&sandbox, HOUR), database);
    let error = Till::start(Settings { listen: everywhere, ..settings }).await.unwrap_err();
    assert!(matches!(error, Error::Exposed { address } if address == everywhere), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_may_load_nothing_from_elsewhere_and_stand_in_no_frame() {
    let shop = Shop::open().await;
    for path in ["/", "/display", "/report", "/api/invoices", "/nowhere"] {
        let head = get(shop.at(), path).await.head;
        for header in [
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'",
            "worker-src 'self'",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: same-origin",
            "cache-control: no-store",
        ] {
            assert!(head.contains(header), "{path}: {header} is not in {head}");
        }
    }
    for page in ["/", "/display", "/report"] {
        let body = get(shop.at(), page).await.body;
        assert!(!body.contains("http://") && !body.contains("https://"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_that_stops_ends_streams_and_finishes_the_charge_under_way() {
    let shop = Shop::open().await;
    charge(shop.at(), "INV-1", 500).await.json(201);
    let mut events = Events::open(shop.at(), "INV-1").await;
    events.next().await.unwrap();
    shop.sandbox.inject(Fault::Slow { seconds: 1.0 }, On::Create, Lasting::Once);
    let at = shop.at();
    let under_way = tokio::spawn(async move { charge(at, "INV-2", 500).await });
    while shop.sandbox.calls().creates() < 2 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    shop.till.stop().await;
    assert_eq!(events.next().await, None);
    assert_eq!(under_way.await.unwrap().json(201)["state"], "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_and_the_document_are_served() {
    let shop = Shop::open().await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    charge(shop.at(), "INV-1", 500).await.json(200);
    shop.pay(&record);
    reaches(shop.at(), "INV-1", "paid").await;
    let metrics = get(shop.at(), "/metrics").await.body;
    for line in [
        "qris_charges_total{outcome=\"created\"} 1",
        "qris_charges_total{outcome=\"repeated\"} 1",
        "qris_checks_total{outcome=\"paid\"} 1",
        "qris_settled_total 1",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} is not in {metrics}");
    }
    assert_eq!(get(shop.at(), "/healthz").await.json(200)["status"], "ok");
    let document = get(shop.at(), "/openapi.json").await.json(200);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let path = path.replace("{number}", "INV-1").replace("{token}", HOOK);
            if path.ends_with("/events") {
                continue;
            }
            let answer = send(shop.at(), &method.to_uppercase(), &path, "", "{}").await.unwrap();
            assert!(![404, 405].contains(&answer.status), "{method} {path}: {}", answer.status);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_a_whole_payment_has_its_number_and_neither_payer_nor_secrets() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let database = format!("sqlite://{}", folder.path().join("qris.db").display());
    let more = [("QRIS_TILL_TOKEN", TOKEN), ("QRIS_WEBHOOK_TOKEN", HOOK)];
    let mut till = Process::start(&sandbox, &database, &log, &more);
    let bearer = format!("Authorization: Bearer {TOKEN}\r\n");
    let body = r#"{"number":"INV-1","amount":500}"#;
    let answer = send(till.address, "POST", "/api/invoices", &bearer, body).await.unwrap();
    let id = answer.json(201)["qris_invoiceid"].as_u64().unwrap();
    sandbox.set_webhook(&format!("http://{}/webhook/{HOOK}", till.address)).unwrap();
    sandbox.inject(Fault::Html, On::Check, Lasting::Once);
    sandbox.pay(id).unwrap();
    let press = "/api/invoices/INV-1/check";
    let mut paid = false;
    for _ in 0..100 {
        send(till.address, "POST", press, &bearer, "").await.unwrap();
        let answer = send(till.address, "GET", "/api/invoices/INV-1", &bearer, "").await.unwrap();
        paid = answer.json(200)["state"] == "paid";
        if paid {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(paid);
    assert!(till.terminate().success());
    let log = std::fs::read_to_string(log).unwrap();
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).expect("each line is JSON");
        assert!(line["level"].is_string());
    }
    assert!(log.contains("\"number\":\"INV-1\""), "{log}");
    for secret in [DEFAULT_API_KEY, DEFAULT_MERCHANT_ID, TOKEN, HOOK, "PEMBAYAR", "000201"] {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
}

/// A number as it stands in a path.
fn encoded(number: &str) -> String {
    number
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_of_any_printable_ascii_are_charged_and_stand_percent_encoded_in_paths() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let long = "~".repeat(64);
    for number in [
        "INV/2026/00001",
        "#1001",
        "Order 00012-003-0004",
        "what?a=1&b=2",
        "100%",
        "%2F",
        "'\"\\",
        "a+b",
        "/",
        "{number}",
        long.as_str(),
    ] {
        let body = serde_json::json!({"number": number, "amount": 500}).to_string();
        let charged = post(shop.at(), "/api/invoices", &body).await.json(201);
        assert_eq!(charged["number"], number);
        let path = format!("/api/invoices/{}", encoded(number));
        let found = get(shop.at(), &path).await.json(200);
        assert_eq!(found["qris_invoiceid"], charged["qris_invoiceid"], "{number}");
        for picture in ["qr.svg", "qr.png"] {
            assert_eq!(get(shop.at(), &format!("{path}/{picture}")).await.status, 200, "{number}");
        }
        let mut events = Events::open(shop.at(), &encoded(number)).await;
        assert_eq!(events.next().await.unwrap()["number"], number);
        let cancelled = post(shop.at(), &format!("{path}/cancel"), "").await.json(200);
        assert_eq!(cancelled["state"], "cancelled", "{number}");
    }
    assert_eq!(
        get(shop.at(), "/api/invoices?limit=200").await.json(200).as_array().unwrap().len(),
        11
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_picture_is_shown_past_its_time_though_the_books_cannot_be_written() {
    let shown = Schedule { shown: Duration::from_secs(2), ..Schedule::default() };
    let shop = Shop::with(HOUR, |mut settings| {
        settings.client = settings.client.schedule(shown);
        settings
    })
    .await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    assert!(record["shown_until"].as_str() < record["watched_until"].as_str(), "{record}");
    let mut events = Events::open(shop.at(), "INV-1").await;
    assert_eq!(events.next().await.unwrap()["state"], "pending");
    assert_eq!(get(shop.at(), "/api/invoices/INV-1/qr.svg").await.status, 200);
    // Nobody can book now that its time is over.
    let books = rusqlite::Connection::open(shop.folder.path().join("qris.db")).unwrap();
    books.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(events.next().await.unwrap()["state"], "expired");
    let booked: String =
        books.query_row("SELECT state FROM qris_order", [], |row| row.get(0)).unwrap();
    assert_eq!(booked, "pending");
    for picture in ["qr.svg", "qr.png"] {
        let refused = get(shop.at(), &format!("/api/invoices/INV-1/{picture}")).await.json(410);
        assert_eq!(refused["message"], "expected an invoice that is pending, found it expired");
    }
    assert_eq!(get(shop.at(), "/api/invoices/INV-1").await.json(200)["state"], "expired");
    books.execute_batch("ROLLBACK").unwrap();
    drop(books);
    // It is watched on: the money is booked.
    shop.pay(&record);
    post(shop.at(), "/api/invoices/INV-1/check", "").await.json(200);
    reaches(shop.at(), "INV-1", "paid").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhooks_reference_number_and_note_are_in_the_payment_whenever_they_come() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let path = format!("/webhook/{HOOK}");
    let hint = |record: &Value, rrn: &str| {
        serde_json::json!({
            "rrn": rrn, "note": "1 INV 500", "invoice": record["qris_invoiceid"].to_string(),
            "qris_status": "success",
        })
        .to_string()
    };
    let before = charge(shop.at(), "BEFORE", 500).await.json(201);
    shop.pay(&before);
    assert_eq!(post(shop.at(), &path, &hint(&before, "000380970875")).await.status, 200);
    let paid = reaches(shop.at(), "BEFORE", "paid").await;
    assert_eq!(paid["rrn"], "000380970875");
    let csv = get(shop.at(), "/api/report?by=payment&format=csv").await.body;
    assert!(csv.contains(r#","000380970875","1 INV 500","#), "{csv}");

    let after = charge(shop.at(), "AFTER", 500).await.json(201);
    shop.pay(&after);
    post(shop.at(), "/api/invoices/AFTER/check", "").await.json(200);
    assert_eq!(reaches(shop.at(), "AFTER", "paid").await["rrn"], Value::Null);
    let mut events = Events::open(shop.at(), "AFTER").await;
    assert_eq!(events.next().await.unwrap()["rrn"], Value::Null);
    assert_eq!(post(shop.at(), &path, &hint(&after, "000380970876")).await.status, 200);
    assert_eq!(events.next().await.unwrap()["rrn"], "000380970876");
    assert_eq!(reaches(shop.at(), "AFTER", "paid").await["rrn"], "000380970876");
}

#[tokio::test(flavor = "multi_thread")]
async fn books_of_another_account_are_refused_in_words_that_say_what_to_do() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let record = charge(shop.at(), "INV-1", 500).await.json(201);
    let other = Sandbox::builder().credentials("other-key", "654321").start().await.unwrap();
    let client =
        Client::builder(ApiKey::parse("other-key").unwrap(), MerchantId::parse("654321").unwrap())
            .base_url(other.base_url());
    let database = format!("sqlite://{}", shop.folder.path().join("qris.db").display());
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let settings = Settings { listen, ..Settings::new(client, database) };
    let error = Till::start(settings).await.unwrap_err();
    let Error::Ledger(reason) = error else { panic!("{error}") };
    assert_eq!(
        reason.to_string(),
        "expected the account at localhost whose invoices are in this database, found another \
         account at localhost: use another database for it; a sandbox needs one of its own",
    );
    // Nobody has asked the other one about this shop's sales.
    assert_eq!(other.calls().checks() + other.foreign_calls().checks(), 0);
    assert_eq!(
        get(shop.at(), "/api/invoices/INV-1").await.json(200)["qris_invoiceid"],
        record["qris_invoiceid"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_merchants_qr_is_not_shown_and_can_be_found_until_the_owner_names_the_merchant() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let database = format!("sqlite://{}", shop.folder.path().join("qris.db").display());
    let mut ledger = qris_ledger::Ledger::connect(&database).unwrap();
    let account = client(&shop.sandbox, HOUR).build().unwrap().fingerprint().clone();
    ledger.bind_account(&account, Some("ID1020021181745")).unwrap();
    let refused = charge(shop.at(), "INV-1", 500).await.json(502);
    assert_eq!(refused["error"], "content-mismatch");
    let words = format!(
        "expected an invoice for NMID ID1020021181745, found {0}: if that one is yours, set it as \
         the NMID in the settings",
        shop.sandbox.nmid()
    );
    assert_eq!(refused["message"], words);
    assert_eq!(get(shop.at(), "/api/invoices/INV-1").await.json(200)["state"], "unknown");
    assert_eq!(get(shop.at(), "/api/invoices/INV-1/qr.svg").await.status, 410);
    let number = qris_api::TransactionNumber::parse("INV-1").unwrap();
    let detail = ledger.events(&number).unwrap().pop().unwrap().detail.unwrap();
    assert!(detail.starts_with("qris_invoiceid ") && detail.ends_with(&words), "{detail}");

    let settings = Settings {
        nmid: Some(shop.sandbox.nmid().to_owned()),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        ..Settings::new(client(&shop.sandbox, HOUR), database)
    };
    let till = Till::start(settings).await.unwrap();
    charge(till.address(), "INV-2", 500).await.json(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_times_of_a_till_come_from_its_environment() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let database = format!("sqlite://{}", folder.path().join("qris.db").display());
    let more = [
        ("QRIS_SHOWN_MINUTES", "3"),
        ("QRIS_VALIDITY_MINUTES", "40"),
        ("QRIS_TIMEOUT_SECONDS", "1"),
        ("QRIS_NMID", sandbox.nmid()),
    ];
    let till = Process::start(&sandbox, &database, &log, &more);
    let record = charge(till.address, "INV-1", 500).await.json(201);
    let seconds = |member: &str| {
        let time: jiff::Timestamp = record[member].as_str().unwrap().parse().unwrap();
        time.as_second()
    };
    let made = seconds("qris_request_date");
    assert_eq!(seconds("shown_until") - made, 3 * 60);
    assert_eq!(seconds("watched_until") - made, 50 * 60);
    sandbox.inject(Fault::Slow { seconds: 10.0 }, On::Create, Lasting::Once);
    let started = std::time::Instant::now();
    let refused = charge(till.address, "INV-2", 500).await.json(502);
    assert_eq!(refused["error"], "outcome-unknown");
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
}

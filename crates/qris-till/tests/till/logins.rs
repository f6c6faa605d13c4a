//! Wrong tokens do not block a till or the clients with the right token.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use qris_sandbox::Sandbox;

use crate::running::{Answer, Process, get, post, send};
use crate::shop::{HOOK, HOUR, Shop, TOKEN, with_token};

/// How many wrong tokens of an address are answered at once, and after what time one more is.
const AT_ONCE: u64 = 20;
const ONE_MORE_EACH: Duration = Duration::from_secs(3);

/// Sends these requests at the same time.
async fn at_once(
    at: SocketAddr,
    method: &str,
    requests: impl Iterator<Item = (String, String, String)>,
) -> Vec<Answer> {
    let answers = requests.map(|(path, headers, body)| async move {
        send(at, method, &path, &headers, &body).await.expect("an answer")
    });
    join_all(answers).await
}

/// How many got this status. The others must be told to wait.
#[track_caller]
fn count(answers: &[Answer], status: u16, started: Instant) -> usize {
    for answer in answers.iter().filter(|answer| answer.status != status) {
        assert_eq!(answer.status, 429, "{}", answer.body);
        let wait = answer.head.lines().find_map(|line| line.strip_prefix("retry-after: "));
        let wait: u64 = wait.expect("a time to wait").parse().expect("seconds");
        assert!((1..=60).contains(&wait), "{wait}");
    }
    let answered = answers.iter().filter(|answer| answer.status == status).count();
    let most = AT_ONCE + started.elapsed().as_secs() / ONE_MORE_EACH.as_secs();
    assert!((AT_ONCE..=most).contains(&(answered as u64)), "{answered} were answered");
    answered
}

fn guess(number: usize) -> String {
    format!("guess-of-a-token-{number:03}")
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_bearers_are_slowed_counted_and_logged_without_the_guess() {
    let sandbox = Sandbox::start().await.expect("a sandbox");
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    let database = format!("sqlite://{}", folder.path().join("qris.db").display());
    let mut till = Process::start(&sandbox, &database, &log, &[("QRIS_TILL_TOKEN", TOKEN)]);
    let at = till.address;
    let started = Instant::now();
    let guesses = (0..60).map(|it| ("/api/orders".into(), bearer(&guess(it)), String::new()));
    let answers = at_once(at, "GET", guesses).await;
    let wrong = count(&answers, 401, started);
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());

    // The right token works at once from the same address.
    let started = Instant::now();
    let metrics = send(at, "GET", "/metrics", &bearer(TOKEN), "").await.expect("an answer").body;
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    for line in [
        format!("qris_logins_refused_total{{outcome=\"wrong\"}} {wrong}"),
        format!("qris_logins_refused_total{{outcome=\"too-many\"}} {}", 60 - wrong),
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} is not in {metrics}");
    }
    // A request without a token does not count.
    assert_eq!(get(at, "/api/orders").await.status, 401);

    assert!(till.terminate().success());
    let log = std::fs::read_to_string(log).expect("the log");
    let lines = log.lines().filter(|line| line.contains("wrong token")).count();
    assert!((1..=3).contains(&lines), "{log}");
    assert!(log.contains("\"address\":\"127.0.0.1\""), "{log}");
    assert!(!log.contains("guess-of"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_logins_are_slowed_and_the_right_one_is_taken_from_the_same_address() {
    let shop = Shop::with(HOUR, with_token).await;
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let wrong =
        (0..50).map(|it| ("/login".into(), form.to_owned(), format!("token={}", guess(it))));
    let started = Instant::now();
    let answers = at_once(shop.at(), "POST", wrong).await;
    count(&answers, 401, started);
    for answer in answers {
        assert!(answer.body.contains("name=\"token\""), "a page that asks for the token");
    }
    let right = format!("token={TOKEN}");
    let right = send(shop.at(), "POST", "/login", form, &right).await.expect("an answer");
    assert_eq!(right.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_asked_for_with_too_many_old_cookies_is_the_one_that_asks_for_the_token() {
    let shop = Shop::with(HOUR, with_token).await;
    let old = (0..50)
        .map(|it| ("/".into(), format!("Cookie: qris_till={}\r\n", guess(it)), String::new()));
    let started = Instant::now();
    let answers = at_once(shop.at(), "GET", old).await;
    count(&answers, 401, started);
    for answer in answers {
        assert!(answer.body.contains("name=\"token\""), "a page that asks for the token");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_webhook_tokens_are_slowed_and_the_right_one_is_taken() {
    let shop = Shop::with(HOUR, with_token).await;
    let wrong = (0..50).map(|it| (format!("/webhook/{}", guess(it)), String::new(), "{}".into()));
    let started = Instant::now();
    let answers = at_once(shop.at(), "POST", wrong).await;
    count(&answers, 404, started);
    let hint = r#"{"invoice":"1","qris_status":"success"}"#;
    assert_eq!(post(shop.at(), &format!("/webhook/{HOOK}"), hint).await.status, 200);
}

//! Who has access, and what a browser may do.

use std::net::SocketAddr;

use qris_ledger::TokenRole;
use qris_sandbox::Sandbox;
use qris_till::{Error, Settings, Till};

use crate::people::{add_token, bearer};
use crate::running::{get, post, send};
use crate::shop::{HOOK, HOUR, Shop, TOKEN, client, with_token};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_guards_everything_but_the_health_and_the_webhook_which_has_its_own() {
    let shop = Shop::with(HOUR, with_token).await;
    let at = shop.at();
    let mut tries = Vec::new();
    for (method, path) in [
        ("POST", "/api/orders"),
        ("GET", "/api/orders"),
        ("GET", "/api/orders/INV-1"),
        ("GET", "/api/orders/INV-1/qr.svg"),
        ("GET", "/api/orders/INV-1/events"),
        ("POST", "/api/orders/INV-1/check"),
        ("POST", "/api/orders/INV-1/cancel"),
        ("GET", "/api/report"),
        ("GET", "/metrics"),
        ("GET", "/openapi.json"),
        ("GET", "/api/stream?counter=main"),
        ("GET", "/api/counters/main"),
        ("PUT", "/api/counters/main"),
    ] {
        // The till slows wrong tokens down, so all are sent at the same time.
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
    let answer = send(shop.at(), "POST", "/api/orders", &foreign, "{}").await.unwrap();
    assert_eq!(answer.json(403)["error"], "cross-origin");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_only_this_machine_and_the_tills_own_pages_get_in() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let send = async |headers: &str| send(shop.at(), "POST", "/api/orders", headers, "{}").await;
    let rebound = send("Host: till.example.com\r\n").await.unwrap();
    assert_eq!(rebound.json(421)["error"], "wrong-host");
    for headers in ["Origin: https://example.com\r\n", "Sec-Fetch-Site: cross-site\r\n"] {
        assert_eq!(send(headers).await.unwrap().json(403)["error"], "cross-origin");
    }
    let own = format!("Origin: http://{}\r\n", shop.at());
    assert_eq!(send(&own).await.unwrap().json(422)["error"], "invalid");

    let everywhere = SocketAddr::from(([0, 0, 0, 0], 0));
    let sandbox = Sandbox::start().await.unwrap();
    let database = format!("sqlite://{}", shop.folder.path().join("other.db").display());
    let mut settings = Settings::main(client(&sandbox, HOUR), database);
    settings.listen = everywhere;
    let error = Till::start(settings).await.unwrap_err();
    assert!(matches!(error, Error::Exposed { address } if address == everywhere), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_may_load_nothing_from_elsewhere_and_stand_in_no_frame() {
    let shop = Shop::open().await;
    for path in ["/", "/display", "/report", "/api/orders", "/nowhere"] {
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
async fn a_token_that_is_not_known_is_refused_by_a_till_that_asks_nobody() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let wrong = ["Bearer x", "Bearer 0c9f1d7ab4e84f3b9d63", "bearer"];
    let at = shop.at();
    let refused = wrong.map(|header| async move {
        let header = format!("Authorization: {header}\r\n");
        let refusal = send(at, "GET", "/api/orders", &header, "").await.unwrap().json(401);
        assert_eq!(refusal["message"], "this token is not known", "{header}");
    });
    futures_util::future::join_all(refused).await;
    assert_eq!(get(shop.at(), "/api/orders").await.status, 200);
    let of_a_proxy = "Authorization: Basic cXJpczpxcmlz\r\n";
    let answer = send(shop.at(), "GET", "/api/orders", of_a_proxy, "").await.unwrap();
    assert_eq!(answer.status, 200, "the name and password of a proxy are no token");
    let program = bearer(&add_token(&shop, "erp", TokenRole::Program, None));
    assert_eq!(send(shop.at(), "GET", "/api/orders", &program, "").await.unwrap().status, 200);
    let answer = send(shop.at(), "GET", "/report", &program, "").await.unwrap();
    assert_eq!(answer.status, 403, "a program's token, and not everybody's rights");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_a_path_does_not_have_is_said_to_be_wrong_whoever_asks() {
    let shop = Shop::with(HOUR, with_token).await;
    let program = bearer(&add_token(&shop, "erp", TokenRole::Program, None));
    for headers in [program.as_str(), &bearer(TOKEN)] {
        let answer = send(shop.at(), "PUT", "/api/orders/INV-1/check", headers, "").await.unwrap();
        assert_eq!(answer.json(405)["error"], "wrong-method", "{headers}");
        assert!(answer.head.contains("allow: POST"), "{}", answer.head);
        let answer = send(shop.at(), "DELETE", "/api/orders", headers, "").await.unwrap();
        assert_eq!(answer.json(405)["error"], "wrong-method", "{headers}");
    }
    let answer = send(shop.at(), "PUT", "/api/orders/INV-1/check", "", "").await.unwrap();
    assert_eq!(answer.json(401)["error"], "unauthorized", "nobody is told what there is");
}

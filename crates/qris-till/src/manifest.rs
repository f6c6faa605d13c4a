//! The web app manifest, for installing a page on a device.

use axum::Json;
use axum::extract::Query;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

/// The start URL: the page, till and merchant with which it was installed.
#[derive(Default, Deserialize)]
pub(crate) struct Start {
    page: Option<String>,
    till: Option<String>,
    merchant: Option<String>,
}

impl Start {
    /// The address; only known pages and valid names are used.
    fn address(&self) -> String {
        let page = self.page.as_deref().filter(|page| {
            page.strip_prefix('/')
                .is_some_and(|name| name.bytes().all(|it| it.is_ascii_lowercase()))
        });
        let page = page.unwrap_or("/");
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let plain = |value: &&str| (1..=32).contains(&value.len()) && value.bytes().all(is_plain);
        let pair = |name, value: &Option<String>| {
            value.as_deref().filter(plain).map(|value| format!("{name}={value}"))
        };
        let query = [pair("till", &self.till), pair("merchant", &self.merchant)];
        let query: Vec<String> = query.into_iter().flatten().collect();
        if query.is_empty() { page.to_owned() } else { format!("{page}?{}", query.join("&")) }
    }

    fn manifest(&self) -> Value {
        let address = self.address();
        let (name, display) = match address.split('?').next() {
            Some("/kiosk") => ("Kios QRIS", "fullscreen"),
            Some("/display") => ("Layar pelanggan QRIS", "fullscreen"),
            _ => ("Kasir QRIS", "standalone"),
        };
        json!({
            "name": name,
            "short_name": name,
            "lang": "id",
            "id": address,
            "start_url": address,
            "scope": "/",
            "display": display,
            "background_color": "#f3f5f8",
            "theme_color": "#b3121d",
            "icons": [
                {"src": "/assets/icon.svg", "sizes": "any", "type": "image/svg+xml"},
                {"src": "/assets/icon-192.png", "sizes": "192x192", "type": "image/png"},
                {"src": "/assets/icon-512.png", "sizes": "512x512", "type": "image/png"},
                {"src": "/assets/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
            ],
        })
    }
}

pub(crate) async fn show(Query(start): Query<Start>) -> Response {
    let kind = (CONTENT_TYPE, "application/manifest+json");
    ([kind, (CACHE_CONTROL, "no-cache")], Json(start.manifest())).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(page: &str, till: &str, merchant: &str) -> String {
        let some = |text: &str| Some(text.to_owned());
        Start { page: some(page), till: some(till), merchant: some(merchant) }.address()
    }

    #[test]
    fn an_installed_till_begins_with_its_own_page_till_and_merchant() {
        assert_eq!(address("/kiosk", "K1", "kios-1"), "/kiosk?till=K1&merchant=kios-1");
        assert_eq!(address("/", "K1", ""), "/?till=K1");
        assert_eq!(Start::default().address(), "/");
    }

    #[test]
    fn an_address_of_elsewhere_is_no_start() {
        assert_eq!(address("https://elsewhere.example/", "", ""), "/");
        assert_eq!(address("//elsewhere.example", "K1&next=//x", "a b"), "/");
    }
}

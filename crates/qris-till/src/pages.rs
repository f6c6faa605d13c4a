//! The pages: plain files in the program itself; they ask nobody but the till.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use qris_api::limits::{MAX_INVOICE_RUPIAH, MIN_INVOICE_RUPIAH};

use crate::state::AppState;

/// The script of all pages, with the limits of an invoice.
static TILL_SCRIPT: LazyLock<String> = LazyLock::new(|| {
    include_str!("pages/till.js")
        .replace("{{MIN_INVOICE_RUPIAH}}", &MIN_INVOICE_RUPIAH.to_string())
        .replace("{{MAX_INVOICE_RUPIAH}}", &MAX_INVOICE_RUPIAH.to_string())
});

/// Whether somebody without a token is to be asked for one here.
pub(crate) fn is_page(path: &str) -> bool {
    matches!(path, "/" | "/bills" | "/display" | "/report")
}

pub(crate) fn login() -> Html<&'static str> {
    Html(include_str!("pages/login.html"))
}

/// The same for somebody whose token was wrong, with a word about that.
pub(crate) fn login_again() -> Html<String> {
    Html(include_str!("pages/login.html").replace(" hidden>", ">"))
}

pub(crate) fn routes() -> Router<Arc<AppState>> {
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    const STYLE: &str = "text/css; charset=utf-8";
    let page = |text: &'static str| get(move || async move { Html(text) });
    let file = |kind: &'static str, text: &'static str| {
        get(move || async move {
            ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], text).into_response()
        })
    };
    Router::new()
        .route("/", page(include_str!("pages/cashier.html")))
        .route("/bills", page(include_str!("pages/bills.html")))
        .route("/display", page(include_str!("pages/display.html")))
        .route("/report", page(include_str!("pages/report.html")))
        .route("/assets/till.css", file(STYLE, include_str!("pages/till.css")))
        .route("/assets/till.js", file(SCRIPT, &TILL_SCRIPT))
        .route("/assets/bills.js", file(SCRIPT, include_str!("pages/bills.js")))
        .route("/assets/counter.js", file(SCRIPT, include_str!("pages/counter.js")))
        .route("/assets/live.js", file(SCRIPT, include_str!("pages/live.js")))
        .route("/assets/picture.js", file(SCRIPT, include_str!("pages/picture.js")))
        .route("/assets/resolve.js", file(SCRIPT, include_str!("pages/resolve.js")))
        .route("/assets/stream.js", file(SCRIPT, include_str!("pages/stream.js")))
        .route("/assets/cashier.js", file(SCRIPT, include_str!("pages/cashier.js")))
        .route("/assets/display.js", file(SCRIPT, include_str!("pages/display.js")))
        .route("/assets/report.js", file(SCRIPT, include_str!("pages/report.js")))
        .route("/assets/login.js", file(SCRIPT, include_str!("pages/login.js")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_of_all_pages_says_the_limits_of_an_invoice() {
        assert!(!TILL_SCRIPT.contains("{{"), "a limit has not been filled in");
        for limit in [MIN_INVOICE_RUPIAH, MAX_INVOICE_RUPIAH] {
            assert!(TILL_SCRIPT.contains(&format!("Number(\"{limit}\")")), "{limit}");
        }
    }
}

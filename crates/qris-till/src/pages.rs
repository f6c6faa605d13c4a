//! The pages: static files in the program. They load nothing from other servers.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::response::{Html, IntoResponse};
use axum::routing::{MethodRouter, get};
use qris_api::limits::{MAX_INVOICE_RUPIAH, MIN_INVOICE_RUPIAH};

use crate::manifest;
use crate::state::AppState;

/// The shared script of all pages, with the limits of an invoice.
static TILL_SCRIPT: LazyLock<String> = LazyLock::new(|| {
    include_str!("pages/till.js")
        .replace("{{MIN_INVOICE_RUPIAH}}", &MIN_INVOICE_RUPIAH.to_string())
        .replace("{{MAX_INVOICE_RUPIAH}}", &MAX_INVOICE_RUPIAH.to_string())
});

/// Whether a path is a page. Somebody who is not signed in gets the sign-in page there.
pub(crate) fn is_page(path: &str) -> bool {
    matches!(path, "/" | "/bills" | "/display" | "/kiosk" | "/report" | "/settlement" | "/shift")
}

/// The sign-in page.
pub(crate) fn login() -> Html<&'static str> {
    Html(include_str!("pages/login.html"))
}

/// The sign-in page after a wrong PIN or token.
pub(crate) fn login_again() -> Html<String> {
    login_because("wrong")
}

/// The sign-in page for somebody who has to wait.
pub(crate) fn login_later() -> Html<String> {
    login_because("later")
}

/// The sign-in page for somebody without the needed role.
pub(crate) fn login_for_another() -> Html<String> {
    login_because("another")
}

/// Shows the line of the page with the reason.
fn login_because(why: &str) -> Html<String> {
    let hidden = format!("id=\"{why}\" hidden");
    Html(include_str!("pages/login.html").replace(&hidden, &format!("id=\"{why}\"")))
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// The modules of the pages, by file name.
macro_rules! scripts {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("pages/", $name, ".js")))),+]
    };
}

const SCRIPTS: &[(&str, &str)] = scripts![
    "amount",
    "awake",
    "bills",
    "cashier",
    "counter",
    "details",
    "display",
    "keypad",
    "kiosk",
    "live",
    "login",
    "paid_late",
    "picture",
    "printers",
    "put_aside",
    "receipt",
    "report",
    "resolve",
    "sale_words",
    "sales_list",
    "settlement",
    "settlement_rows",
    "settlement_words",
    "shift",
    "shift_print",
    "sound",
    "spoken",
    "story_detail",
    "stream",
    "who",
];

/// The sounds of the pages, made by `sound/make`.
macro_rules! sounds {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_bytes!(concat!("../sound/", $name, ".mp3")).as_slice())),+]
    };
}

const SOUNDS: [(&str, &[u8]); 21] = sounds![
    "chime", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
    "sepuluh", "sebelas", "belas", "puluh", "seratus", "ratus", "seribu", "ribu", "juta", "rupiah",
    "lunas",
];

pub(crate) fn routes() -> Router<Arc<AppState>> {
    let page = |text: &'static str| get(move || async move { Html(text) });
    let mut router = Router::new()
        .route("/", page(include_str!("pages/cashier.html")))
        .route("/bills", page(include_str!("pages/bills.html")))
        .route("/display", page(include_str!("pages/display.html")))
        .route("/kiosk", page(include_str!("pages/kiosk.html")))
        .route("/report", page(include_str!("pages/report.html")))
        .route("/settlement", page(include_str!("pages/settlement.html")))
        .route("/shift", page(include_str!("pages/shift.html")))
        .route("/assets/till.css", text(STYLE, include_str!("pages/till.css")))
        .route("/assets/login.css", text(STYLE, include_str!("pages/login.css")))
        .route("/assets/shift_print.css", text(STYLE, include_str!("pages/shift_print.css")))
        .route("/assets/till.js", text(SCRIPT, &TILL_SCRIPT))
        .route("/assets/away.js", get(service_worker))
        .route("/assets/manifest.webmanifest", get(manifest::show))
        .route("/assets/icon.svg", media("image/svg+xml", include_bytes!("../icons/icon.svg")))
        .route("/assets/icon-192.png", media("image/png", include_bytes!("../icons/icon-192.png")))
        .route("/assets/icon-512.png", media("image/png", include_bytes!("../icons/icon-512.png")));
    for (name, script) in SCRIPTS {
        router = router.route(&format!("/assets/{name}.js"), text(SCRIPT, script));
    }
    for (name, sound) in SOUNDS {
        router = router.route(&format!("/assets/sound/{name}.mp3"), media("audio/mpeg", sound));
    }
    router
}

/// Browsers revalidate each time, because the version may change.
fn text(kind: &'static str, text: &'static str) -> MethodRouter<Arc<AppState>> {
    get(move || async move { ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], text) })
}

/// A sound or an icon, cached for a day.
fn media(kind: &'static str, bytes: &'static [u8]) -> MethodRouter<Arc<AppState>> {
    const DAY: &str = "public, max-age=86400";
    get(move || async move { ([(CONTENT_TYPE, kind), (CACHE_CONTROL, DAY)], bytes) })
}

/// The service worker is below `/assets/`, but controls all pages. Browsers allow that only with
/// this header.
async fn service_worker() -> impl IntoResponse {
    let allowed = HeaderName::from_static("service-worker-allowed");
    let (kind, cache) = ((CONTENT_TYPE, SCRIPT), (CACHE_CONTROL, "no-cache"));
    ([(allowed, "/"), kind, cache], include_str!("pages/away.js"))
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

    #[test]
    fn every_script_that_a_page_or_a_script_loads_is_served() {
        let served: Vec<&str> = SCRIPTS.iter().map(|(name, _)| *name).collect();
        let pages =
            ["bills", "cashier", "display", "kiosk", "login", "report", "settlement", "shift"];
        let page = |name: &str| match name {
            "bills" => include_str!("pages/bills.html"),
            "cashier" => include_str!("pages/cashier.html"),
            "display" => include_str!("pages/display.html"),
            "kiosk" => include_str!("pages/kiosk.html"),
            "login" => include_str!("pages/login.html"),
            "settlement" => include_str!("pages/settlement.html"),
            "shift" => include_str!("pages/shift.html"),
            _ => include_str!("pages/report.html"),
        };
        let texts = pages.map(page).into_iter().chain(SCRIPTS.iter().map(|(_, text)| *text));
        let mut loaded = 0;
        for part in texts.flat_map(|text| text.split("\"/assets/").skip(1)) {
            let Some(name) = part.split('"').next().and_then(|file| file.strip_suffix(".js"))
            else {
                continue;
            };
            loaded += 1;
            assert!(
                matches!(name, "till" | "away") || served.contains(&name),
                "{name}.js is not served"
            );
        }
        assert!(loaded > 40, "found {loaded} scripts that are loaded");
    }

    #[test]
    fn the_sounds_are_mp3_and_small() {
        for (name, sound) in SOUNDS {
            // A frame of MPEG layer 3 begins with eleven set bits.
            assert!(matches!(sound, [0xff, second, ..] if second & 0xe6 == 0xe2), "{name}");
        }
        let bytes: usize = SOUNDS.iter().map(|(_, sound)| sound.len()).sum();
        assert!(bytes <= 300 * 1024, "{bytes} bytes");
    }
}

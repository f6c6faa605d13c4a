//! The merchant of a request: `?merchant=NAME`.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use qris_orders::{MerchantName, Orders};
use serde::Deserialize;

use crate::access::Access;
use crate::http_error::HttpError;
use crate::payer_names::PayerNames;
use crate::state::AppState;

/// The merchant that the query names, and its orders. By default it is `main`, or the only
/// merchant. Actions are recorded under the name of the user or program that sends the request.
pub(crate) struct Merchant {
    pub(crate) name: MerchantName,
    pub(crate) orders: Orders,
    /// How much of a payer's name the sender sees.
    pub(crate) payers: PayerNames,
}

#[derive(Deserialize)]
struct MerchantQuery {
    merchant: Option<String>,
}

impl FromRequestParts<Arc<AppState>> for Merchant {
    type Rejection = HttpError;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<AppState>,
    ) -> Result<Self, Self::Rejection> {
        let Query(MerchantQuery { merchant }) = Query::try_from_uri(&parts.uri)?;
        let access = parts.extensions.get::<Access>();
        let only = access.and_then(Access::merchant);
        // For a token, another merchant does not exist.
        let known = app.merchants.iter().filter(|name| only.is_none_or(|only| only == *name));
        let known: Vec<MerchantName> = known.cloned().collect();
        let name = select(&known, merchant.as_deref())?.clone();
        let orders = app.orders.for_merchant(name.clone())?;
        Ok(match access {
            Some(access) => {
                Self { name, orders: orders.by(access.actor()), payers: access.payer_names() }
            }
            None => Self { name, orders, payers: PayerNames::Masked },
        })
    }
}

/// The merchant of this name in the settings.
fn select<'a>(
    merchants: &'a [MerchantName],
    asked: Option<&str>,
) -> Result<&'a MerchantName, HttpError> {
    let main = MerchantName::default();
    let found = match (asked, merchants) {
        (Some(asked), _) => merchants.iter().find(|name| name.as_str() == asked),
        (None, [only]) => Some(only),
        (None, _) => merchants.iter().find(|name| **name == main),
    };
    found.ok_or_else(|| {
        let found = if asked.is_some() { "another name" } else { "none" };
        let words = format!("expected merchant={} in the query, found {found}", names(merchants));
        HttpError::new(StatusCode::NOT_FOUND, "unknown-merchant", words)
    })
}

fn names(merchants: &[MerchantName]) -> String {
    let names: Vec<&str> = merchants.iter().map(MerchantName::as_str).collect();
    names.join(" or ")
}

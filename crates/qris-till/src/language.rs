//! The language of what people read, by `lang` in a query.

use serde::Deserialize;

/// The language of what people read: Indonesian unless a request asks for English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Language {
    #[default]
    #[serde(rename = "id")]
    Indonesian,
    #[serde(rename = "en")]
    English,
}

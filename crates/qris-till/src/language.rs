//! The language of texts for people, from `lang` in a query.

use serde::Deserialize;

/// The language of texts for people: Indonesian by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Language {
    #[default]
    #[serde(rename = "id")]
    Indonesian,
    #[serde(rename = "en")]
    English,
}

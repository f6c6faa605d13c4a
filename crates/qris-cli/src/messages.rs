//! The texts of the command in the user's language. Each text is once in the catalogue `messages/`,
//! which has a folder for each language, with the same keys.
//!
//! JSON, codes, log lines and exit codes are the same in every language.

use std::env;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use qris_codec::Language;

/// The files of a language.
macro_rules! catalogue {
    ($language:literal, $($name:literal),+) => {
        [$(include_str!(concat!("../messages/", $language, "/", $name, ".ftl"))),+]
    };
}

/// The files of both languages.
macro_rules! catalogues {
    ($($name:literal),+ $(,)?) => {
        pub(crate) const ENGLISH: &[&str] = &catalogue!("en", $($name),+);
        pub(crate) const INDONESIAN: &[&str] = &catalogue!("id", $($name),+);
    };
}

catalogues!(
    "decode",
    "demo",
    "doctor",
    "help-options",
    "help-orders",
    "help-payloads",
    "help-till",
    "help-trying-out",
    "orders",
    "payloads",
    "probe",
    "settings",
    "settle",
    "till",
    "tools",
    "usage",
);

/// A message of the catalogue, with its facts.
macro_rules! message {
    ($key:literal $(, $fact:ident = $value:expr)* $(,)?) => {
        $crate::messages::format($key, &[$((stringify!($fact), ($value).to_string())),*])
    };
}

pub(crate) use message;

/// Whether messages are in Indonesian.
static IS_INDONESIAN: AtomicBool = AtomicBool::new(false);

/// The language of messages.
pub(crate) fn language() -> Language {
    if IS_INDONESIAN.load(Ordering::Relaxed) { Language::Indonesian } else { Language::English }
}

/// From now on messages are in this language.
pub(crate) fn set_language(language: Language) {
    IS_INDONESIAN.store(language == Language::Indonesian, Ordering::Relaxed);
}

/// The language that the environment asks for, as POSIX orders the variables.
pub(crate) fn language_of_environment() -> Language {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let locale = names.iter().filter_map(|name| env::var(name).ok()).find(|text| !text.is_empty());
    language_of_locale(&locale.unwrap_or_default())
}

/// The language of a locale such as `id_ID.UTF-8`; English for others than Indonesian ones.
pub(crate) fn language_of_locale(locale: &str) -> Language {
    let code = locale.split(['_', '.', '@', '-']).next().unwrap_or_default();
    Language::from_code(code).unwrap_or_default()
}

/// A message in the language of the user; the key where the catalogue has none, which a test rules
/// out.
pub(crate) fn format(key: &str, facts: &[(&str, String)]) -> String {
    let facts: FluentArgs<'_> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    find_with(language(), key, None, Some(&facts)).unwrap_or_else(|| key.to_owned())
}

/// A text without facts: of a message, or of one of its attributes.
pub(crate) fn find(language: Language, key: &str, attribute: Option<&str>) -> Option<String> {
    find_with(language, key, attribute, None)
}

pub(crate) fn find_with(
    language: Language,
    key: &str,
    attribute: Option<&str>,
    facts: Option<&FluentArgs<'_>>,
) -> Option<String> {
    let bundle = bundle(language);
    let message = bundle.get_message(key)?;
    let pattern = match attribute {
        Some(name) => message.get_attribute(name)?.value(),
        None => message.value()?,
    };
    Some(bundle.format_pattern(pattern, facts, &mut Vec::new()).into_owned())
}

type Bundle = FluentBundle<FluentResource>;

/// The catalogue of a language, read when the first message is asked for.
fn bundle(language: Language) -> &'static Bundle {
    static BUNDLES: [OnceLock<Bundle>; 2] = [OnceLock::new(), OnceLock::new()];
    let (at, files) = match language {
        Language::Indonesian => (1, INDONESIAN),
        _ => (0, ENGLISH),
    };
    BUNDLES[at].get_or_init(|| {
        let locale = language.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Facts are not set apart by characters that cannot be seen: output may be copied.
        bundle.set_use_isolating(false);
        for file in files {
            // A test holds that every file is without faults and that no key stands twice.
            let resource = FluentResource::try_new((*file).to_owned());
            let _ = bundle.add_resource(resource.unwrap_or_else(|(resource, _)| resource));
        }
        bundle
    })
}

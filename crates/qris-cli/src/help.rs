//! The help of all commands, from the catalogue.
//!
//! The key of a command is its path, such as `help-order-create`; its attributes are the ids of its
//! arguments, `long` for the additional text of `--help`, and `after` for the examples. If the command has
//! no text for an argument, the text of the command above it or of `help-options` is used.

use clap::builder::{PossibleValue, Resettable, StyledStr};
use clap::{Arg, ArgAction, Args as _, Command};
use qris_codec::Language;

use crate::messages::{find, language};
use crate::settings::Settings;

/// The values of an option with their help. It replaces `derive(ValueEnum)`, whose help cannot come from
/// the catalogue.
macro_rules! value_enum {
    ($type:ty, $group:literal, $($variant:ident = $word:literal),+ $(,)?) => {
        impl clap::ValueEnum for $type {
            fn value_variants<'a>() -> &'a [Self] {
                &[$(Self::$variant),+]
            }

            fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
                Some(match self { $(Self::$variant => $crate::help::value($group, $word)),+ })
            }
        }
    };
}

pub(crate) use value_enum;

/// A value of an option, with its help from the catalogue.
pub(crate) fn value(group: &str, word: &'static str) -> PossibleValue {
    let help = find(language(), group, Some(word));
    PossibleValue::new(word).help(optional(help))
}

/// Where the help lists the shared settings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SettingsIn {
    /// In every command that has them, as manual pages and completions need them.
    EveryCommand,
    /// In `qris settings`. The other commands point to it, so that their help fits a screen.
    OneCommand,
}

/// The command that lists the settings.
const SETTINGS: &str = "settings";

/// The command with all of its help in this language.
pub(crate) fn localized(command: Command, language: Language) -> Command {
    texts(command, "help", language, SettingsIn::EveryCommand)
}

/// The command as its help is shown: with the commands `help` that clap adds, and with the shared settings
/// only in `qris settings`.
pub(crate) fn localized_with_help_commands(command: Command, language: Language) -> Command {
    let mut command = texts(command, "help", language, SettingsIn::OneCommand);
    command.build();
    name_help_commands(command, &label(language, "help-command"))
}

fn optional(text: Option<String>) -> Resettable<StyledStr> {
    text.map(StyledStr::from).into()
}

pub(crate) fn label(language: Language, name: &str) -> String {
    find(language, "help-labels", Some(name)).unwrap_or_default()
}

/// The ids of the arguments of all settings.
fn settings_ids() -> Vec<String> {
    let settings = Settings::augment_args(Command::new(SETTINGS));
    settings.get_arguments().map(|arg| arg.get_id().to_string()).collect()
}

/// Hides the settings in the help of a command that has them. Returns whether it has them.
fn hide_settings(command: Command) -> (Command, bool) {
    let ids = settings_ids();
    let is_setting = |arg: &Arg| ids.iter().any(|id| arg.get_id().as_str() == id);
    let count = command.get_arguments().filter(|arg| is_setting(arg)).count();
    if count < ids.len() || command.get_name() == SETTINGS {
        return (command, false);
    }
    (command.mut_args(|arg| if is_setting(&arg) { arg.hide(true) } else { arg }), true)
}

fn texts(command: Command, path: &str, language: Language, settings: SettingsIn) -> Command {
    let label = |name: &str| label(language, name);
    let (mut command, points_to_settings) = match settings {
        SettingsIn::EveryCommand => (command, false),
        SettingsIn::OneCommand => hide_settings(command),
    };
    let mut has_long = command.get_long_about().is_some();
    if let Some(about) = find(language, path, None) {
        let long = find(language, path, Some("long")).map(|long| format!("{about}\n\n{long}"));
        has_long = long.is_some();
        let after = find(language, path, Some("after"));
        command = command.about(about).long_about(optional(long)).after_help(optional(after));
    }
    let usage = command.get_styles().get_usage();
    let (on, off) = (usage.render(), usage.render_reset());
    let pointer = match points_to_settings {
        true => format!("\n\n{}", label("settings")),
        false => String::new(),
    };
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{on}{}{off} {{usage}}\n\n{{all-args}}{pointer}{{after-help}}",
        label("usage")
    );
    let mut positionals = 0;
    command = command.mut_args(|arg| {
        let arg = argument(arg, path, language);
        if !arg.is_positional() {
            return arg;
        }
        positionals += 1;
        arg.display_order(positionals)
    });
    has_long |=
        command.get_arguments().any(|arg| !arg.is_hide_set() && arg.get_long_help().is_some());
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    let help = match has_long {
        true => help.help(label("help-more")).long_help(label("help-less")),
        false => help.help(label("help")),
    };
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    command
        .help_template(template)
        .subcommand_help_heading(label("commands"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(help.help_heading(label("options")))
        .arg(version.help(label("version")).help_heading(label("options")))
        .mut_subcommands(|inner| {
            let path = format!("{path}-{}", inner.get_name());
            texts(inner, &path, language, settings)
        })
}

/// An argument with its help, heading and default.
fn argument(arg: Arg, path: &str, language: Language) -> Arg {
    let id = arg.get_id().as_str();
    let own = |heading: &str| look_up(path, heading, language);
    let heading = arg.get_help_heading().and_then(own);
    let heading = heading.unwrap_or_else(|| match arg.is_positional() {
        true => label(language, "arguments"),
        false => label(language, "options"),
    });
    let help = arg.get_help().map(ToString::to_string).or_else(|| look_up(path, id, language));
    let Some(mut help) = help else { return arg.help_heading(heading) };
    let long = look_up(path, &format!("{id}-long"), language);
    let (default, words) = (default_of(&arg, language), words_of(&arg, language));
    let (has_default, has_words) = (default.is_some(), words.line.is_some());
    // In `--help` each is a separate paragraph; values with help are a list.
    let line = words.line.clone().filter(|_| words.list.is_none());
    let brackets: Vec<String> = [default, line].into_iter().flatten().collect();
    let brackets = (!brackets.is_empty()).then(|| brackets.join("\n"));
    let more: Vec<String> = [long, words.list, brackets].into_iter().flatten().collect();
    let long = (!more.is_empty()).then(|| format!("{help}\n\n{}", more.join("\n\n")));
    for bracket in [default_of(&arg, language), words.line].into_iter().flatten() {
        help = format!("{help} {bracket}");
    }
    let arg = arg.help(help).long_help(optional(long)).help_heading(heading);
    // The text above already has them, in the right language.
    let arg = if has_default { arg.hide_default_value(true) } else { arg };
    if has_words { arg.hide_possible_values(true) } else { arg }
}

/// The text of an argument: from the command, from a command above it, or from the shared options.
pub(crate) fn look_up(path: &str, id: &str, language: Language) -> Option<String> {
    let mut path = Some(path);
    while let Some(key) = path {
        if let Some(text) = find(language, key, Some(id)) {
            return Some(text);
        }
        path = key.rsplit_once('-').map(|(above, _)| above);
    }
    find(language, "help-options", Some(id))
}

/// `[default: 20]`.
fn default_of(arg: &Arg, language: Language) -> Option<String> {
    let values: Vec<_> = arg.get_default_values().iter().map(|it| it.to_string_lossy()).collect();
    let is_shown = !values.is_empty() && !arg.is_hide_default_value_set();
    is_shown.then(|| format!("[{}: {}]", label(language, "default"), values.join(" ")))
}

/// The values of an argument.
#[derive(Default)]
struct Words {
    /// In one line.
    line: Option<String>,
    /// With their help, if they have any.
    list: Option<String>,
}

fn words_of(arg: &Arg, language: Language) -> Words {
    let takes_words = arg.get_action().takes_values();
    let words = if takes_words { arg.get_possible_values() } else { Vec::new() };
    if words.is_empty() || arg.is_hide_possible_values_set() {
        return Words::default();
    }
    let names: Vec<&str> = words.iter().map(PossibleValue::get_name).collect();
    let line = format!("[{}: {}]", label(language, "values"), names.join(", "));
    let width = names.iter().map(|name| name.len() + 1).max().unwrap_or_default();
    let list: Vec<String> = words
        .iter()
        .filter_map(|word| {
            let name = format!("{}:", word.get_name());
            Some(format!("- {name:<width$} {}", word.get_help()?))
        })
        .collect();
    let heading = label(language, "values-long");
    let list = (!list.is_empty()).then(|| format!("{heading}:\n{}", list.join("\n")));
    Words { line: Some(line), list }
}

/// Describes the commands `help`.
fn name_help_commands(command: Command, about: &str) -> Command {
    command.mut_subcommands(|inner| match inner.get_name() {
        "help" => inner.about(about.to_owned()),
        _ => name_help_commands(inner, about),
    })
}

//! The names that flags and environment variables choose for one run: the settings file, the theme,
//! the key preset.
//!
//! A wrong name among them ends the program: a script cannot notice a notice. A wrong name in a file
//! is only reported, because the reader starts without it.

use std::path::Path;

use super::{
    config::read_config_file, environment::Environment, exit_status::UsageError,
    global_args::GlobalArgs, theme_catalog::ThemeCatalog,
};
use crate::{
    model::{OverriddenSetting, io_error_reason},
    settings::KeyPreset,
    text::{nearest_word, unknown_name_message},
};

/// The environment variables of the settings that can also be changed in the reader.
const VARIABLES: [(OverriddenSetting, &str); 5] = [
    (OverriddenSetting::Theme, "NEWSREADER_THEME"),
    (OverriddenSetting::Keys, "NEWSREADER_KEYS"),
    (OverriddenSetting::Density, "NEWSREADER_LIST_DENSITY"),
    (OverriddenSetting::Copies, "NEWSREADER_LIST_COPIES"),
    (OverriddenSetting::Bidi, "NEWSREADER_BIDI"),
];

/// Checks the names that flags and variables choose.
///
/// # Errors
///
/// Returns an error for the first wrong name, with the nearest valid one.
pub fn check_fixed_choices(args: &GlobalArgs, environment: &Environment) -> Result<(), UsageError> {
    args.settings.as_deref().map_or(Ok(()), check_settings_file)?;
    if let Some((source, name)) =
        chosen_name("--keys", args.keys.as_deref(), "NEWSREADER_KEYS", environment)
    {
        check_name(source, "key preset", name, KeyPreset::NAMES)?;
    }
    if let Some((source, name)) =
        chosen_name("--theme", args.theme.as_deref(), "NEWSREADER_THEME", environment)
    {
        let (themes, _) = ThemeCatalog::load(environment);
        let names = themes.names();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        check_name(source, "theme", name, &names)?;
    }
    Ok(())
}

/// Returns the settings that a flag or a variable sets. What was toggled in an earlier run does not
/// override these.
pub fn fixed_settings(args: &GlobalArgs, environment: &Environment) -> Vec<OverriddenSetting> {
    let is_fixed = |setting: OverriddenSetting, variable: &str| {
        let has_flag = match setting {
            OverriddenSetting::Theme => args.theme.is_some(),
            OverriddenSetting::Keys => args.keys.is_some(),
            OverriddenSetting::Density | OverriddenSetting::Copies | OverriddenSetting::Bidi => {
                false
            }
        };
        has_flag || environment.variable(variable).is_some()
    };
    let fixed = VARIABLES.into_iter().filter(|(setting, variable)| is_fixed(*setting, variable));
    fixed.map(|(setting, _)| setting).collect()
}

/// Returns the name that the flag or else the variable chooses, after the name of the one that does.
fn chosen_name<'a>(
    flag: &'static str,
    value: Option<&'a str>,
    variable: &'static str,
    environment: &'a Environment,
) -> Option<(&'static str, &'a str)> {
    value
        .map(|name| (flag, name))
        .or_else(|| environment.variable(variable).map(|name| (variable, name)))
}

fn check_name(source: &str, what: &str, name: &str, known: &[&str]) -> Result<(), UsageError> {
    if known.contains(&name) {
        return Ok(());
    }
    let message = unknown_name_message(what, name, known.iter().copied());
    let known = known.join(", ");
    Err(UsageError(format!("{source}: {message} (known: {known})")))
}

/// Checks that a settings file can be read.
fn check_settings_file(path: &Path) -> Result<(), UsageError> {
    let Err(error) = read_config_file(path) else { return Ok(()) };
    let hint =
        nearest_file(path).map_or_else(String::new, |nearest| format!("; did you mean {nearest}?"));
    let reason = io_error_reason(&error);
    Err(UsageError(format!("--settings: cannot read {}: {reason}{hint}", path.display())))
}

/// Returns the path of the settings file beside a missing one whose name is nearest.
fn nearest_file(missing: &Path) -> Option<String> {
    let folder = missing.parent().filter(|folder| !folder.as_os_str().is_empty());
    let files = std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
    let names: Vec<String> = files
        .flatten()
        .filter(|file| file.path().extension().is_some_and(|extension| extension == "toml"))
        .filter_map(|file| file.file_name().into_string().ok())
        .collect();
    let name = missing.file_name()?.to_str()?;
    let nearest = nearest_word(name, names.iter().map(String::as_str))?;
    Some(missing.with_file_name(nearest).display().to_string())
}

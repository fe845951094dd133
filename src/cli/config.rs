//! The user's configuration: the settings, merged from all layers, and the keymaps.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::{environment::Environment, global_args::GlobalArgs, output};
use crate::{
    command::Keymap,
    library::is_readable_by_others,
    markup::BoilerplateRule,
    model::{Failure, FailureKind, io_error_reason},
    settings::{Settings, SettingsLayer, merge_layers},
    text::url,
};

/// Maximum size of a file that the user writes: settings, keys, a theme, rules. Five hundred rules with
/// long queries have a quarter of it.
pub(super) const MAX_FILE_BYTES: u64 = 1 << 20;

/// Returns the rules for the boilerplate that the settings remove from articles.
pub fn boilerplate_filters(settings: &Settings) -> Vec<BoilerplateRule> {
    settings
        .article
        .tidy
        .iter()
        .filter_map(|rule| BoilerplateRule::from_name(rule.name()))
        .collect()
}

/// Loads the settings. The command line overrides the environment, which overrides the file. Also
/// returns the errors in them.
pub fn load_settings(args: &GlobalArgs, environment: &Environment) -> (Settings, Vec<Failure>) {
    let (file_layer, mut failures) = load_settings_file(args, environment);
    let environment_layer = SettingsLayer::from_environment(environment.variables());
    let flags = SettingsLayer::from_values("the command line", &flag_values(args));
    let layers = file_layer.into_iter().chain([environment_layer, flags]).collect();
    let (settings, merge_failures) = merge_layers(layers);
    failures.extend(merge_failures);
    failures.extend(exposed_password_failure(args, environment, &settings));
    (settings, failures)
}

/// Loads the settings, and says on standard error what is wrong with them.
pub fn load_reported_settings(args: &GlobalArgs, environment: &Environment) -> Settings {
    let (settings, failures) = load_settings(args, environment);
    for failure in &failures {
        output::write_stderr_line(&failure.summary);
    }
    settings
}

/// Returns the path of the settings file; `None` without a home folder.
pub(super) fn settings_path(args: &GlobalArgs, environment: &Environment) -> Option<PathBuf> {
    let default_file = || Some(environment.config_folder()?.join("settings.toml"));
    args.settings.clone().or_else(default_file)
}

/// Returns a failure if other users can read the password of the proxy.
fn exposed_password_failure(
    args: &GlobalArgs,
    environment: &Environment,
    settings: &Settings,
) -> Option<Failure> {
    let proxy = &settings.network.proxy;
    let path = settings_path(args, environment)
        .filter(|_| url::without_user_info(proxy) != proxy.as_str())?;
    let is_exposed = fs::File::open(&path).is_ok_and(|file| is_readable_by_others(&file));
    let sentence = format!(
        "{} holds the password of a proxy, which other users can read; protect it with chmod 600",
        path.display()
    );
    is_exposed.then(|| Failure::new(FailureKind::Settings, sentence))
}

/// Loads the settings file. Only a file that the user named must exist.
fn load_settings_file(
    args: &GlobalArgs,
    environment: &Environment,
) -> (Option<SettingsLayer>, Vec<Failure>) {
    let Some(file) = settings_path(args, environment) else {
        return (None, Vec::new());
    };
    let text = match read_optional_file(&file) {
        Ok(Some(text)) => text,
        Ok(None) if args.settings.is_some() => {
            let sentence = format!("There is no settings file {}", file.display());
            return (None, vec![Failure::new(FailureKind::Settings, sentence)]);
        }
        Ok(None) => return (None, Vec::new()),
        Err(failure) => return (None, vec![failure]),
    };
    (Some(SettingsLayer::from_toml(&file.display().to_string(), &text)), Vec::new())
}

/// Returns the settings that the options of the command line set, as names and values.
fn flag_values(args: &GlobalArgs) -> Vec<(String, String)> {
    let theme = args.theme.clone().map(|theme| ("theme".to_owned(), theme));
    let keys = args.keys.clone().map(|keys| ("keys".to_owned(), keys));
    let accessible = args.accessible.then(|| ("accessible".to_owned(), "true".to_owned()));
    [theme, keys, accessible].into_iter().flatten().collect()
}

/// The keymaps of both presets, overridden by the user's own keys.
pub struct Keymaps {
    /// Letters go into the filter.
    pub typing: Keymap,
    /// Letters are commands.
    pub vim: Keymap,
}

/// Loads the keymaps, which may run the commands of `settings`. Also returns the errors in the
/// user's file.
pub fn load_keymaps(environment: &Environment, settings: &Settings) -> (Keymaps, Vec<Failure>) {
    let presets = Keymaps { typing: Keymap::type_preset(), vim: Keymap::vim_preset() };
    let Some(file) = environment.config_folder().map(|folder| folder.join("keymap.toml")) else {
        return (presets, Vec::new());
    };
    let text = match read_optional_file(&file) {
        Ok(Some(text)) => text,
        Ok(None) => return (presets, Vec::new()),
        Err(failure) => return (presets, vec![failure]),
    };
    let programs: Vec<&str> = settings.commands.keys().map(String::as_str).collect();
    let (own, warnings) = Keymap::parse_lenient(&text, &programs);
    let to_failure =
        |warning| Failure::new(FailureKind::Settings, format!("{}, {warning}", file.display()));
    let failures = warnings.iter().map(to_failure).collect();
    let typing = presets.typing.overridden_by(own.clone());
    (Keymaps { typing, vim: presets.vim.overridden_by(own) }, failures)
}

/// Reads a file that the user writes: settings, keys, a theme, rules.
///
/// # Errors
///
/// Fails if the file cannot be read, has more than a megabyte, or is not UTF-8.
pub(super) fn read_config_file(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::other("it is not a text in UTF-8"))
}

/// As [`read_config_file`]; `None` if the file does not exist.
pub(super) fn read_optional_file(path: &Path) -> Result<Option<String>, Failure> {
    match read_config_file(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::new(
            FailureKind::Settings,
            format!("Cannot read {}: {}", path.display(), io_error_reason(&error)),
        )),
    }
}

//! The themes: those that are built in, and the user's own.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::{config::read_config_file, environment::Environment};
use crate::{
    model::{Failure, FailureKind, io_error_reason},
    settings::{GlyphMode, Settings},
    text::unknown_name_message,
    ui::{self, ScreenStyle, Theme},
};

/// The themes that can be chosen. Those that are built in are parsed when they are shown: the first frame
/// waits for one of them only.
pub struct ThemeCatalog {
    /// The user's own themes, by name. One of them may replace a built-in theme.
    own: BTreeMap<String, Theme>,
}

impl ThemeCatalog {
    /// Loads the user's own themes. Also returns the errors in them.
    pub fn load(environment: &Environment) -> (ThemeCatalog, Vec<Failure>) {
        let (mut own, mut failures) = (BTreeMap::new(), Vec::new());
        for path in list_user_themes(environment) {
            match load_user_theme(&path, &mut failures) {
                Ok((name, theme)) => drop(own.insert(name, theme)),
                Err(failure) => failures.push(failure),
            }
        }
        (ThemeCatalog { own }, failures)
    }

    /// Returns the names of all themes, those of the built-in ones first.
    pub fn names(&self) -> Vec<String> {
        let built_in: Vec<String> = Theme::names().map(str::to_owned).collect();
        let own: Vec<String> =
            self.own.keys().filter(|name| !built_in.contains(name)).cloned().collect();
        [built_in, own].concat()
    }

    /// Returns a failure if no theme is called `name`, with the nearest name as a hint.
    pub fn unknown_theme_failure(&self, name: &str) -> Option<Failure> {
        let names = self.names();
        if names.iter().any(|known| known == name) {
            return None;
        }
        let sentence = unknown_name_message("theme", name, names.iter().map(String::as_str));
        Some(Failure::new(FailureKind::Settings, sentence.replacen("there", "There", 1)))
    }

    /// Returns the styles of a theme, limited to the colours of the terminal. An unknown theme has
    /// the styles of the default.
    pub fn theme_styles(&self, name: &str, settings: &Settings) -> ScreenStyle {
        let find = |name: &str| self.own.get(name).cloned().or_else(|| Theme::built_in(name));
        let theme = find(name).or_else(|| find("sixteen"));
        let theme = theme.expect("the default theme is built in").limited_to(settings.colors);
        let is_ascii = settings.glyphs == GlyphMode::Ascii;
        let glyphs = match (settings.accessible, is_ascii) {
            (true, _) => ui::Glyphs { is_ascii, ..ui::Glyphs::WORDS },
            (false, true) => ui::Glyphs::ASCII,
            (false, false) => ui::Glyphs::UNICODE,
        };
        ScreenStyle { theme, glyphs }
    }
}

/// Lists the theme files of the user; without a `themes` folder the list is empty.
fn list_user_themes(environment: &Environment) -> Vec<PathBuf> {
    let Some(folder) = environment.config_folder() else { return Vec::new() };
    let Ok(files) = fs::read_dir(folder.join("themes")) else { return Vec::new() };
    let paths = files.flatten().map(|file| file.path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect()
}

/// Loads a theme file; its name without the extension is the name of the theme. Adds a failure for
/// each role that is wrong.
fn load_user_theme(path: &Path, failures: &mut Vec<Failure>) -> Result<(String, Theme), Failure> {
    let to_failure = |sentence: String| Failure::new(FailureKind::Settings, sentence);
    let text = read_config_file(path).map_err(|error| {
        let reason = io_error_reason(&error);
        to_failure(format!("Cannot read the theme {}: {reason}", path.display()))
    })?;
    let (theme, errors) = Theme::parse_lenient(&text);
    failures.extend(errors.iter().map(|error| to_failure(format!("{}, {error}", path.display()))));
    Ok((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), theme))
}

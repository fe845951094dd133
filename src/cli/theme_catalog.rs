//! The themes there are: those that come with the program, and the user's own.

use std::{collections::BTreeMap, fs, path::Path};

use super::environment::Environment;
use crate::{
    model::{Failure, FailureKind},
    settings::{GlyphMode, Settings},
    text::nearest_word,
    ui::{self, ScreenStyle, Theme},
};

/// Themes by name.
pub struct ThemeCatalog(BTreeMap<String, Theme>);

impl ThemeCatalog {
    /// Reads them all; and what was wrong with the user's own.
    pub fn load(environment: &Environment) -> (ThemeCatalog, Vec<Failure>) {
        let built_in = |name: &str| Some((name.to_owned(), Theme::built_in(name)?));
        let mut themes: BTreeMap<String, Theme> = Theme::names().filter_map(built_in).collect();
        let mut failures = Vec::new();
        let folder = environment.config_folder().map(|folder| folder.join("themes"));
        // Without such a folder there are none; that is no failure.
        let files =
            folder.and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
        for path in files
            .map(|file| file.path())
            .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        {
            match load_user_theme(&path) {
                Ok((name, theme)) => drop(themes.insert(name, theme)),
                Err(failure) => failures.push(failure),
            }
        }
        (ThemeCatalog(themes), failures)
    }

    /// The names, those that come with the program first.
    pub fn names(&self) -> Vec<String> {
        let built_in: Vec<String> = Theme::names().map(str::to_owned).collect();
        let own: Vec<String> =
            self.0.keys().filter(|name| !built_in.contains(name)).cloned().collect();
        [built_in, own].concat()
    }

    /// What is wrong with the name of a theme in the settings.
    pub fn unknown_theme_failure(&self, name: &str) -> Option<Failure> {
        if self.0.contains_key(name) {
            return None;
        }
        let hint = nearest_word(name, self.0.keys().map(String::as_str));
        let hint = hint.map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
        Some(Failure::new(FailureKind::Settings, format!("There is no theme `{name}`{hint}")))
    }

    /// The look of a theme in the colours of the terminal; one that is not there looks like the default.
    pub fn theme_styles(&self, name: &str, settings: &Settings) -> ScreenStyle {
        let theme = self.0.get(name).or_else(|| self.0.get("sixteen")).cloned();
        let theme =
            theme.expect("the default theme comes with the program").limited_to(settings.colors);
        let glyphs = if settings.glyphs == GlyphMode::Ascii {
            ui::Glyphs::ASCII
        } else {
            ui::Glyphs::UNICODE
        };
        ScreenStyle { theme, glyphs }
    }
}

fn load_user_theme(path: &Path) -> Result<(String, Theme), Failure> {
    let failed = |reason: &dyn std::fmt::Display| {
        Failure::new(
            FailureKind::Settings,
            format!("Cannot read the theme {}: {reason}", path.display()),
        )
    };
    let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
    let theme = Theme::parse(&text).map_err(|error| failed(&error))?;
    Ok((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), theme))
}

//! Layers of settings, merged as tables and read once.

use serde::Deserialize as _;
use toml::{Table, Value};

use super::{Settings, SettingsError};
use crate::{model::Failure, text::nearest_word};

const DEFAULT_SETTINGS: &str = include_str!("../../assets/settings.toml");

/// One layer: where it comes from, and what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingsLayer {
    name: String,
    text: Option<String>,
    table: Table,
}

impl SettingsLayer {
    /// A settings file.
    pub fn from_toml(name: &str, text: &str) -> Result<SettingsLayer, SettingsError> {
        let table = text.parse::<Table>().map_err(|error| SettingsError {
            source_name: name.to_owned(),
            line: error.span().map(|span| line_number(text, span.start)),
            problem: error.message().to_owned(),
        })?;
        Ok(SettingsLayer { name: name.to_owned(), text: Some(text.to_owned()), table })
    }

    /// Named values, `article.measure` and the like, as text.
    pub fn from_values(name: &str, values: &[(String, String)]) -> SettingsLayer {
        let mut table = Table::new();
        for (path, value) in values {
            insert_at(&mut table, path, parse_typed_value(path, value));
        }
        SettingsLayer { name: name.to_owned(), text: None, table }
    }

    /// The variables `NEWSREADER_ARTICLE_MEASURE` and the like.
    pub fn from_environment(variables: &[(String, String)]) -> SettingsLayer {
        let known = value_paths(&default_table(), "");
        let value = |path: &String| {
            let name = format!("NEWSREADER_{}", path.replace('.', "_").to_ascii_uppercase());
            let found =
                variables.iter().find(|(variable, value)| *variable == name && !value.is_empty());
            found.map(|(_, value)| (path.clone(), value.clone()))
        };
        let values: Vec<_> = known.iter().filter_map(value).collect();
        SettingsLayer::from_values("the environment", &values)
    }
}

/// The settings that the layers, lowest first, make of the defaults; and what was wrong in them, which is left out.
pub fn merge_layers(layers: Vec<SettingsLayer>) -> (Settings, Vec<Failure>) {
    let mut merged = default_table();
    let mut settings =
        deserialize_settings(&merged).expect("assets/settings.toml is read by a test");
    let mut failures = Vec::new();
    for mut layer in layers {
        while let Some((path, error)) = find_first_error(&layer) {
            failures.push(error.into());
            remove_at(&mut layer.table, &path);
        }
        merge_tables(&mut merged, &layer.table);
        settings = deserialize_settings(&merged).unwrap_or(settings);
    }
    (settings, failures)
}

fn default_table() -> Table {
    DEFAULT_SETTINGS.parse().expect("assets/settings.toml is read by a test")
}

fn deserialize_settings(table: &Table) -> Result<Settings, String> {
    Settings::deserialize(Value::Table(table.clone())).map_err(|error| error.message().to_owned())
}

/// The first mistake in a layer: the path of the value, and what is wrong with it.
fn find_first_error(layer: &SettingsLayer) -> Option<(String, SettingsError)> {
    let known = value_paths(&default_table(), "");
    let wrong = |path: &String| {
        // The user names the programs.
        let named = known.contains(path) || path.starts_with("programs.");
        let problem =
            if named { check_value(layer, path)? } else { unknown_setting_message(path, &known) };
        let key = path.rsplit('.').next().unwrap_or(path);
        let line = layer.text.as_ref().and_then(|text| find_key_line(text, key));
        Some((path.clone(), SettingsError { source_name: layer.name.clone(), line, problem }))
    };
    value_paths(&layer.table, "").iter().find_map(wrong)
}

fn unknown_setting_message(path: &str, known: &[String]) -> String {
    let hint = nearest_word(path, known.iter().map(String::as_str));
    let hint = hint.map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
    format!("there is no setting `{path}`{hint}")
}

/// What is wrong with one value, tried over what is right, so that the error can name it.
fn check_value(layer: &SettingsLayer, path: &str) -> Option<String> {
    let mut one = default_table();
    if let Some(value) = get_at(&layer.table, path) {
        insert_at(&mut one, path, value.clone());
    }
    match deserialize_settings(&one) {
        Ok(settings) => check_ranges(&settings).err(),
        Err(problem) => Some(format!("`{path}`: {problem}")),
    }
}

fn remove_at(table: &mut Table, path: &str) {
    match path.split_once('.') {
        Some((first, rest)) => {
            if let Some(Value::Table(inner)) = table.get_mut(first) {
                remove_at(inner, rest);
            }
        }
        None => {
            table.remove(path);
        }
    }
}

fn check_ranges(settings: &Settings) -> Result<(), String> {
    if !(25..=80).contains(&settings.article.measure) {
        return Err(format!(
            "`article.measure` is {}; it goes from 25 to 80",
            settings.article.measure
        ));
    }
    if !(5..=500).contains(&settings.escape_ms) {
        return Err(format!("`escape_ms` is {}; it goes from 5 to 500", settings.escape_ms));
    }
    if settings.refresh.every > 10_080 {
        return Err(format!(
            "`refresh.every` is {}; it goes up to 10080, a week",
            settings.refresh.every
        ));
    }
    if let Some((name, _)) = settings.programs.iter().find(|(_, argv)| argv.is_empty()) {
        return Err(format!("`programs.{name}` names no program"));
    }
    Ok(())
}

fn merge_tables(into: &mut Table, from: &Table) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Table(into)), Value::Table(from)) => merge_tables(into, from),
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The paths of all values: `theme`, `article.measure`.
fn value_paths(table: &Table, prefix: &str) -> Vec<String> {
    let path = |(key, value): (&String, &Value)| match value {
        Value::Table(inner) => value_paths(inner, &format!("{prefix}{key}.")),
        _ => vec![format!("{prefix}{key}")],
    };
    table.iter().flat_map(path).collect()
}

fn get_at<'t>(table: &'t Table, path: &str) -> Option<&'t Value> {
    match path.split_once('.') {
        Some((first, rest)) => get_at(table.get(first)?.as_table()?, rest),
        None => table.get(path),
    }
}

fn insert_at(table: &mut Table, path: &str, value: Value) {
    match path.split_once('.') {
        Some((first, rest)) => {
            let inner = table.entry(first).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                insert_at(inner, rest, value);
            }
        }
        None => {
            table.insert(path.to_owned(), value);
        }
    }
}

/// A value given as text has the type that the default has.
fn parse_typed_value(path: &str, text: &str) -> Value {
    let defaults = default_table();
    let parsed = match get_at(&defaults, path) {
        Some(Value::Integer(_)) => text.parse().ok().map(Value::Integer),
        Some(Value::Array(_)) => {
            let names =
                text.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "none");
            Some(Value::Array(names.map(|name| Value::String(name.to_owned())).collect()))
        }
        Some(Value::Boolean(_)) => match text {
            "1" | "true" | "yes" | "on" => Some(Value::Boolean(true)),
            "0" | "false" | "no" | "off" => Some(Value::Boolean(false)),
            _ => None,
        },
        _ => None,
    };
    parsed.unwrap_or_else(|| Value::String(text.to_owned()))
}

fn line_number(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// The line that sets `key`.
fn find_key_line(text: &str, key: &str) -> Option<usize> {
    let sets = |line: &str| {
        line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    text.lines().position(sets).map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::{SettingsLayer, merge_layers};
    use crate::settings::{KeyPreset, ListDensity};

    fn first_failure(text: &str) -> String {
        let (_, failures) =
            merge_layers(vec![SettingsLayer::from_toml("settings.toml", text).unwrap()]);
        failures.first().map(|failure| failure.summary.clone()).unwrap_or_default()
    }

    #[test]
    fn settings_later_layer_overrides_only_its_keys() {
        let file =
            SettingsLayer::from_toml("settings.toml", "keys = \"vim\"\n[article]\nmeasure = 50\n")
                .unwrap();
        let environment = SettingsLayer::from_environment(&[
            ("NEWSREADER_ARTICLE_MEASURE".to_owned(), "60".to_owned()),
            ("NEWSREADER_ACCESSIBLE".to_owned(), "1".to_owned()),
        ]);
        let (settings, failures) = merge_layers(vec![file, environment]);
        assert_eq!(failures, []);
        assert_eq!((settings.keys, settings.article.measure), (KeyPreset::Vim, 60));
        assert!(settings.accessible);
        assert_eq!(settings.list.density, ListDensity::Auto);
    }

    #[test]
    fn settings_error_names_file_line_and_suggestion() {
        assert_eq!(
            first_failure("theme = \"ink\"\n[article]\nmesure = 60\n"),
            "settings.toml, line 3: there is no setting `article.mesure`; did you mean `article.measure`?"
        );
        assert_eq!(
            first_failure("[article]\nmeasure = 90\n"),
            "settings.toml, line 2: `article.measure` is 90; it goes from 25 to 80"
        );
        assert!(
            first_failure("keys = \"emacs\"\n").starts_with("settings.toml, line 1: `keys`:"),
            "{}",
            first_failure("keys = \"emacs\"\n")
        );
        let error =
            SettingsLayer::from_toml("settings.toml", "theme = \n").unwrap_err().to_string();
        assert!(error.starts_with("settings.toml, line 1: "), "{error}");
    }

    #[test]
    fn settings_error_drops_only_its_own_key() {
        let text = "keys = \"vim\"\nnonsense = 1\n[article]\nmeasure = 9\n";
        let (settings, failures) =
            merge_layers(vec![SettingsLayer::from_toml("settings.toml", text).unwrap()]);
        assert_eq!(
            (settings.keys, settings.article.measure, failures.len()),
            (KeyPreset::Vim, 68, 2)
        );
    }
}

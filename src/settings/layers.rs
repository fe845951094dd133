//! Layers of settings, merged as tables and read once.

use serde::Deserialize as _;
use toml::{Table, Value};

use super::{Settings, SettingsError};
use crate::{model::Failure, text::nearest};

const DEFAULTS: &str = include_str!("../../assets/settings.toml");

/// One layer: where it comes from, and what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    name: String,
    text: Option<String>,
    table: Table,
}

impl Layer {
    /// A settings file.
    pub fn file(name: &str, text: &str) -> Result<Layer, SettingsError> {
        let table = text.parse::<Table>().map_err(|error| SettingsError {
            source_name: name.to_owned(),
            line: error.span().map(|span| line_of(text, span.start)),
            problem: error.message().to_owned(),
        })?;
        Ok(Layer { name: name.to_owned(), text: Some(text.to_owned()), table })
    }

    /// Named values, `article.measure` and the like, as text.
    pub fn values(name: &str, values: &[(String, String)]) -> Layer {
        let mut table = Table::new();
        for (path, value) in values {
            put(&mut table, path, parse(path, value));
        }
        Layer { name: name.to_owned(), text: None, table }
    }

    /// The variables `NEWSREADER_ARTICLE_MEASURE` and the like.
    pub fn environment(variables: &[(String, String)]) -> Layer {
        let known = paths(&defaults(), "");
        let value = |path: &String| {
            let name = format!("NEWSREADER_{}", path.replace('.', "_").to_ascii_uppercase());
            let found = variables.iter().find(|(variable, value)| *variable == name && !value.is_empty());
            found.map(|(_, value)| (path.clone(), value.clone()))
        };
        let values: Vec<_> = known.iter().filter_map(value).collect();
        Layer::values("the environment", &values)
    }
}

/// The settings that the layers, lowest first, make of the defaults; and what was wrong in them, which is left out.
pub fn load(layers: Vec<Layer>) -> (Settings, Vec<Failure>) {
    let mut merged = defaults();
    let mut settings = read(&merged).expect("assets/settings.toml is read by a test");
    let mut failures = Vec::new();
    for mut layer in layers {
        while let Some((path, error)) = mistake(&layer) {
            failures.push(error.into());
            remove(&mut layer.table, &path);
        }
        merge(&mut merged, &layer.table);
        settings = read(&merged).unwrap_or(settings);
    }
    (settings, failures)
}

fn defaults() -> Table {
    DEFAULTS.parse().expect("assets/settings.toml is read by a test")
}

fn read(table: &Table) -> Result<Settings, String> {
    Settings::deserialize(Value::Table(table.clone())).map_err(|error| error.message().to_owned())
}

/// The first mistake in a layer: the path of the value, and what is wrong with it.
fn mistake(layer: &Layer) -> Option<(String, SettingsError)> {
    let known = paths(&defaults(), "");
    let wrong = |path: &String| {
        // The user names the programs.
        let named = known.contains(path) || path.starts_with("programs.");
        let problem = if named { problem(layer, path)? } else { unknown(path, &known) };
        let key = path.rsplit('.').next().unwrap_or(path);
        let line = layer.text.as_ref().and_then(|text| line_with(text, key));
        Some((path.clone(), SettingsError { source_name: layer.name.clone(), line, problem }))
    };
    paths(&layer.table, "").iter().find_map(wrong)
}

fn unknown(path: &str, known: &[String]) -> String {
    let hint = nearest(path, known.iter().map(String::as_str));
    let hint = hint.map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
    format!("there is no setting `{path}`{hint}")
}

/// What is wrong with one value, tried over what is right, so that the error can name it.
fn problem(layer: &Layer, path: &str) -> Option<String> {
    let mut one = defaults();
    if let Some(value) = get(&layer.table, path) {
        put(&mut one, path, value.clone());
    }
    match read(&one) {
        Ok(settings) => in_range(&settings).err(),
        Err(problem) => Some(format!("`{path}`: {problem}")),
    }
}

fn remove(table: &mut Table, path: &str) {
    match path.split_once('.') {
        Some((first, rest)) => {
            if let Some(Value::Table(inner)) = table.get_mut(first) {
                remove(inner, rest);
            }
        }
        None => {
            table.remove(path);
        }
    }
}

fn in_range(settings: &Settings) -> Result<(), String> {
    if !(25..=80).contains(&settings.article.measure) {
        return Err(format!("`article.measure` is {}; it goes from 25 to 80", settings.article.measure));
    }
    if !(5..=500).contains(&settings.escape_ms) {
        return Err(format!("`escape_ms` is {}; it goes from 5 to 500", settings.escape_ms));
    }
    if settings.refresh.every > 10_080 {
        return Err(format!("`refresh.every` is {}; it goes up to 10080, a week", settings.refresh.every));
    }
    if let Some((name, _)) = settings.programs.iter().find(|(_, argv)| argv.is_empty()) {
        return Err(format!("`programs.{name}` names no program"));
    }
    Ok(())
}

fn merge(into: &mut Table, from: &Table) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Table(into)), Value::Table(from)) => merge(into, from),
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The paths of all values: `theme`, `article.measure`.
fn paths(table: &Table, prefix: &str) -> Vec<String> {
    let path = |(key, value): (&String, &Value)| match value {
        Value::Table(inner) => paths(inner, &format!("{prefix}{key}.")),
        _ => vec![format!("{prefix}{key}")],
    };
    table.iter().flat_map(path).collect()
}

fn get<'t>(table: &'t Table, path: &str) -> Option<&'t Value> {
    match path.split_once('.') {
        Some((first, rest)) => get(table.get(first)?.as_table()?, rest),
        None => table.get(path),
    }
}

fn put(table: &mut Table, path: &str, value: Value) {
    match path.split_once('.') {
        Some((first, rest)) => {
            let inner = table.entry(first).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                put(inner, rest, value);
            }
        }
        None => {
            table.insert(path.to_owned(), value);
        }
    }
}

/// A value given as text has the type that the default has.
fn parse(path: &str, text: &str) -> Value {
    let defaults = defaults();
    let parsed = match get(&defaults, path) {
        Some(Value::Integer(_)) => text.parse().ok().map(Value::Integer),
        Some(Value::Array(_)) => {
            let names = text.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "none");
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

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// The line that sets `key`.
fn line_with(text: &str, key: &str) -> Option<usize> {
    let sets = |line: &str| {
        line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    text.lines().position(sets).map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::{Layer, load};
    use crate::settings::{Density, Preset};

    fn wrong(text: &str) -> String {
        let (_, failures) = load(vec![Layer::file("settings.toml", text).unwrap()]);
        failures.first().map(|failure| failure.summary.clone()).unwrap_or_default()
    }

    #[test]
    fn later_layers_win_and_the_rest_stays() {
        let file = Layer::file("settings.toml", "keys = \"vim\"\n[article]\nmeasure = 50\n").unwrap();
        let environment = Layer::environment(&[
            ("NEWSREADER_ARTICLE_MEASURE".to_owned(), "60".to_owned()),
            ("NEWSREADER_ACCESSIBLE".to_owned(), "1".to_owned()),
        ]);
        let (settings, failures) = load(vec![file, environment]);
        assert_eq!(failures, []);
        assert_eq!((settings.keys, settings.article.measure), (Preset::Vim, 60));
        assert!(settings.accessible);
        assert_eq!(settings.list.density, Density::Auto);
    }

    #[test]
    fn a_mistake_is_named_with_file_line_and_nearest_key() {
        assert_eq!(
            wrong("theme = \"ink\"\n[article]\nmesure = 60\n"),
            "settings.toml, line 3: there is no setting `article.mesure`; did you mean `article.measure`?"
        );
        assert_eq!(
            wrong("[article]\nmeasure = 90\n"),
            "settings.toml, line 2: `article.measure` is 90; it goes from 25 to 80"
        );
        assert!(
            wrong("keys = \"emacs\"\n").starts_with("settings.toml, line 1: `keys`:"),
            "{}",
            wrong("keys = \"emacs\"\n")
        );
        let error = Layer::file("settings.toml", "theme = \n").unwrap_err().to_string();
        assert!(error.starts_with("settings.toml, line 1: "), "{error}");
    }

    #[test]
    fn a_mistake_costs_nothing_but_itself() {
        let text = "keys = \"vim\"\nnonsense = 1\n[article]\nmeasure = 9\n";
        let (settings, failures) = load(vec![Layer::file("settings.toml", text).unwrap()]);
        assert_eq!((settings.keys, settings.article.measure, failures.len()), (Preset::Vim, 68, 2));
    }
}

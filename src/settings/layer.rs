//! Layers of settings: parsing, checking and merging.
//!
//! Start with [`merge_layers`].

use std::sync::LazyLock;

use serde::Deserialize as _;
use toml::{Table, Value, de::DeTable};

use super::{
    Settings, SettingsError,
    table_path::{TablePath, get_at, insert_at, merge_tables, remove_at, value_paths},
    value_forms::{duration_forms, normalize_value},
};
use crate::{
    model::Failure,
    text::{LenientToml, LineNumbers, TomlSyntaxError, unknown_name_message},
};

/// All settings with their defaults; the lowest layer.
const DEFAULT_SETTINGS: &str = include_str!("../../assets/settings.toml");

/// One layer of settings: the name of its source, and its values.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingsLayer {
    name: String,
    text: Option<String>,
    table: Table,
    syntax_errors: Vec<SettingsError>,
}

impl SettingsLayer {
    /// Parses the text of a settings file. A syntax error costs the value that it is in;
    /// [`merge_layers`] reports it.
    pub fn from_toml(name: &str, text: &str) -> SettingsLayer {
        let LenientToml { table, text, errors } = LenientToml::parse(text);
        let to_settings_error = |error: TomlSyntaxError| SettingsError {
            source_name: name.to_owned(),
            line: Some(error.line),
            problem: error.problem,
        };
        let syntax_errors = errors.into_iter().map(to_settings_error).collect();
        SettingsLayer { name: name.to_owned(), text: Some(text), table, syntax_errors }
    }

    /// Creates a layer from named values such as `article.measure`, each as text.
    pub fn from_values(name: &str, values: &[(String, String)]) -> SettingsLayer {
        let mut table = Table::new();
        for (path, value) in values {
            let path = TablePath::parse(path);
            insert_at(&mut table, &path, parse_typed_value(&path, value));
        }
        SettingsLayer { name: name.to_owned(), text: None, table, syntax_errors: Vec::new() }
    }

    /// Creates a layer from environment variables such as `NEWSREADER_ARTICLE_MEASURE`; empty ones
    /// are ignored.
    pub fn from_environment(variables: &[(String, String)]) -> SettingsLayer {
        let known = value_paths(default_table());
        let find_value = |path: &TablePath| {
            let path = path.to_string();
            let name = format!("NEWSREADER_{}", path.replace('.', "_").to_ascii_uppercase());
            let found =
                variables.iter().find(|(variable, value)| *variable == name && !value.is_empty());
            found.map(|(_, value)| (path, value.clone()))
        };
        let values: Vec<_> = known.iter().filter_map(find_value).collect();
        SettingsLayer::from_values("the environment", &values)
    }
}

/// Merges the layers, lowest first, over the defaults. Returns the settings, and a failure for each
/// invalid value or syntax error; invalid values are ignored.
pub fn merge_layers(layers: Vec<SettingsLayer>) -> (Settings, Vec<Failure>) {
    let mut merged = default_table().clone();
    let mut settings =
        deserialize_settings(&merged).expect("assets/settings.toml is read by a test");
    let mut failures = Vec::new();
    for mut layer in layers {
        normalize_values(&mut layer.table);
        let invalid_values = find_errors(&layer);
        for (path, _) in &invalid_values {
            remove_at(&mut layer.table, path);
        }
        let mut errors = layer.syntax_errors;
        errors.extend(invalid_values.into_iter().map(|(_, error)| error));
        errors.sort_by_key(|error| error.line);
        failures.extend(errors.into_iter().map(Failure::from));
        merge_tables(&mut merged, &layer.table);
        settings = deserialize_settings(&merged).unwrap_or(settings);
    }
    (settings, failures)
}

/// Brings the values into the form of the defaults.
fn normalize_values(table: &mut Table) {
    let defaults = default_table();
    for path in value_paths(table) {
        if let (Some(default), Some(value)) = (get_at(defaults, &path), get_at(table, &path)) {
            let value = normalize_value(&path.to_string(), default, value.clone());
            insert_at(table, &path, value);
        }
    }
}

/// Returns the default of every setting. They are parsed once, because the first frame waits for it.
fn default_table() -> &'static Table {
    static DEFAULTS: LazyLock<Table> =
        LazyLock::new(|| DEFAULT_SETTINGS.parse().expect("assets/settings.toml is read by a test"));
    &DEFAULTS
}

fn deserialize_settings(table: &Table) -> Result<Settings, String> {
    Settings::deserialize(Value::Table(table.clone())).map_err(|error| error.message().to_owned())
}

/// Returns the invalid values of a layer: their paths and the errors.
fn find_errors(layer: &SettingsLayer) -> Vec<(TablePath, SettingsError)> {
    let defaults = default_table();
    let known: Vec<String> = value_paths(defaults).iter().map(TablePath::to_string).collect();
    let key_lines = layer.text.as_deref().map(KeyLines::of);
    let check_path = |path: TablePath| {
        // The names of programs and commands are chosen by the user.
        let is_known =
            path.is_in("programs") || is_command_path(&path) || known.contains(&path.to_string());
        let problem = match get_at(&layer.table, &path) {
            Some(value) if get_at(defaults, &path).is_some_and(Value::is_table) => {
                format!("`{path}` is {value}; it must be a table")
            }
            Some(value) if is_known => check_value(defaults, &path, value)?,
            _ => {
                let known = known.iter().map(String::as_str);
                unknown_name_message("setting", &path.to_string(), known)
            }
        };
        let line = key_lines.as_ref().and_then(|lines| lines.find(&path));
        Some((path, SettingsError { source_name: layer.name.clone(), line, problem }))
    };
    value_paths(&layer.table).into_iter().filter_map(check_path).collect()
}

/// Checks one value and returns a description of its error; `None` if it is valid.
///
/// The value is deserialized together with the defaults of all other settings, so an error can only
/// come from this value.
fn check_value(defaults: &Table, path: &TablePath, value: &Value) -> Option<String> {
    if path.is_in("programs") || path.is_in("commands") {
        return check_program(path, value);
    }
    let problem = check_type(defaults, path, value).or_else(|| check_range(path, value));
    if problem.is_some() {
        return problem;
    }
    let mut defaults_with_value = defaults.clone();
    insert_at(&mut defaults_with_value, path, value.clone());
    let result = deserialize_settings(&defaults_with_value);
    result.err().map(|problem| format!("`{path}`: {problem}"))
}

/// Returns whether a path is that of a command of the user's, or of a part of one.
fn is_command_path(path: &TablePath) -> bool {
    path.is_in("commands")
        && (path.depth() == 2
            || (path.depth() == 3 && ["run", "terminal", "json"].contains(&path.key())))
}

/// Checks the command line of a program or a command, and the switch of a command.
fn check_program(path: &TablePath, value: &Value) -> Option<String> {
    let is_switch = path.depth() == 3 && ["terminal", "json"].contains(&path.key());
    let expected = match value {
        Value::Boolean(_) if is_switch => return None,
        _ if is_switch => "true or false",
        Value::Array(argv) if argv.is_empty() => {
            return Some(format!("`{path}` is empty; it must name a program to start"));
        }
        Value::Array(argv) if argv.iter().all(Value::is_str) => return None,
        _ => "an array of strings",
    };
    Some(format!("`{path}` is {value}; it must be {expected}"))
}

/// Compares the type of a value with that of the default. The messages of `serde` would name Rust
/// types.
fn check_type(defaults: &Table, path: &TablePath, value: &Value) -> Option<String> {
    let expected = match get_at(defaults, path) {
        Some(default) if default.same_type(value) => return None,
        Some(_) if duration_forms(&path.to_string()).is_some() => {
            duration_forms(&path.to_string()).unwrap_or_default()
        }
        Some(Value::String(_)) => "a string in quotation marks",
        Some(Value::Integer(_)) => "a whole number",
        Some(Value::Boolean(_)) => "true or false",
        Some(Value::Array(_)) => "an array in square brackets",
        _ => return None,
    };
    Some(format!("`{path}` is {value}; it must be {expected}"))
}

/// The settings whose range is limited, with their minimum and maximum. 10,080 minutes are a week.
const RANGES: [(&str, i64, i64); 7] = [
    ("archive_newest", 0, 100_000_000),
    ("article.measure", 25, 80),
    ("article.mark_read_after", 0, 3_600),
    ("escape_ms", 5, 500),
    ("library.keep", 0, 36_500),
    ("podcasts.max_mb", 1, 1_000_000),
    ("refresh.every", 0, 10_080),
];

/// Checks the range of a number.
fn check_range(path: &TablePath, value: &Value) -> Option<String> {
    let range = RANGES.iter().find(|(name, ..)| *name == path.to_string());
    match (value, range) {
        (Value::Integer(number), Some((_, min, max))) if !(*min..=*max).contains(number) => {
            Some(format!("`{path}` is {number}; it must be between {min} and {max}"))
        }
        _ => None,
    }
}

/// Converts text to the type of the setting's default: an integer, a comma-separated list (`none`
/// for an empty one), otherwise a string. Text that does not fit stays a string, so that the check
/// reports it.
fn parse_typed_value(path: &TablePath, text: &str) -> Value {
    let defaults = default_table();
    let parsed = match get_at(defaults, path) {
        Some(Value::Integer(_)) => text.parse().ok().map(Value::Integer),
        Some(Value::Array(_)) => {
            let names =
                text.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "none");
            Some(Value::Array(names.map(|name| Value::String(name.to_owned())).collect()))
        }
        _ => None,
    };
    parsed.unwrap_or_else(|| Value::String(text.to_owned()))
}

/// The lines of the keys in a settings file.
struct KeyLines<'t> {
    file: DeTable<'t>,
    lines: LineNumbers,
}

impl KeyLines<'_> {
    fn of(text: &str) -> KeyLines<'_> {
        let (file, _) = DeTable::parse_recoverable(text);
        KeyLines { file: file.into_inner(), lines: LineNumbers::of(text) }
    }

    /// Returns the number of the line with the key of a value, counted from 1.
    fn find(&self, path: &TablePath) -> Option<usize> {
        let mut table = &self.file;
        let mut at = None;
        for key in path.keys() {
            let (name, value) = table.get_key_value(key)?;
            at = Some(name.span().start);
            table = match value.get_ref().as_table() {
                Some(inner) => inner,
                None => break,
            };
        }
        at.map(|at| self.lines.at(at))
    }
}

#[cfg(test)]
mod tests {
    use super::{SettingsLayer, merge_layers};
    use crate::settings::{KeyPreset, ListDensity};

    fn first_failure(text: &str) -> String {
        let (_, failures) = merge_layers(vec![SettingsLayer::from_toml("settings.toml", text)]);
        failures.first().map(|failure| failure.summary.clone()).unwrap_or_default()
    }

    #[test]
    fn settings_later_layer_overrides_only_its_keys() {
        let file =
            SettingsLayer::from_toml("settings.toml", "keys = \"vim\"\n[article]\nmeasure = 50\n");
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
            "settings.toml, line 2: `article.measure` is 90; it must be between 25 and 80"
        );
        assert!(
            first_failure("keys = \"emacs\"\n").starts_with("settings.toml, line 1: `keys`:"),
            "{}",
            first_failure("keys = \"emacs\"\n")
        );
        let error = first_failure("theme = \n");
        assert!(error.starts_with("settings.toml, line 1: "), "{error}");
    }

    #[test]
    fn settings_errors_of_a_long_file_have_their_lines() {
        let table = |n: usize| format!("[article.a{n}]\nb = 1\n");
        let text: String = (1..=5_000).map(table).collect();
        let (_, failures) = merge_layers(vec![SettingsLayer::from_toml("settings.toml", &text)]);
        assert_eq!(failures.len(), 5_000);
        let last = &failures[4_999].summary;
        assert!(last.starts_with("settings.toml, line 10000: "), "{last}");
    }

    #[test]
    fn settings_error_describes_expected_value_in_words() {
        let cases = [
            ("keys = 1\n", "`keys` is 1; it must be a string in quotation marks"),
            ("keys = \"emacs\"\n", "`keys`: \"emacs\" is not one of \"type\", \"vim\""),
            ("accessible = 1\n", "`accessible` is 1; it must be true or false"),
            ("escape_ms = \"5\"\n", "`escape_ms` is \"5\"; it must be a whole number"),
            ("escape_ms = -1\n", "`escape_ms` is -1; it must be between 5 and 500"),
            ("article = 1\n", "settings.toml, line 1: `article` is 1; it must be a table"),
            ("article.pager = 1\n", "`article.pager` is 1; it must be an array in square brackets"),
            ("programs.rain = [1]\n", "`programs.rain` is [1]; it must be an array of strings"),
            (
                "commands.mpv = \"mpv\"\n",
                "`commands.mpv` is \"mpv\"; it must be an array of strings",
            ),
            ("commands.mpv = []\n", "`commands.mpv` is empty; it must name a program to start"),
            ("[commands]\nw = { run = \"w\" }\n", "`commands.w.run` is \"w\"; it must be an array"),
            (
                "[commands]\nw = { run = [\"w\"], terminal = 1 }\n",
                "settings.toml, line 2: `commands.w.terminal` is 1; it must be true or false",
            ),
            ("[commands]\nw = { rnu = [\"w\"] }\n", "there is no setting `commands.w.rnu`"),
            ("refresh.every = \"1x\"\n", "it must be a number of minutes, or a time such as"),
            ("article.mark_read_after = true\n", "it must be a number of seconds, a time such as"),
            ("article.images = 3\n", "`article.images` is 3; it must be a string"),
            ("programs.rain = 1\n", "`programs.rain` is 1; it must be an array of strings"),
            ("programs.rain = []\n", "`programs.rain` is empty; it must name a program to start"),
            (
                "sites = [1]\n",
                "`sites`: invalid type: integer `1`, expected a table of site settings",
            ),
        ];
        for (text, problem) in cases {
            let failure = first_failure(text);
            assert!(failure.starts_with("settings.toml"), "{failure}");
            assert!(failure.contains(problem), "{failure}");
        }
        for path in super::value_paths(super::default_table()) {
            for value in ["1979-05-27", "-1", "1", "1.5", "true", "\"?\"", "[1]", "[[]]"] {
                let failure = first_failure(&format!("{path} = {value}\n"));
                for jargon in ["struct", "enum", "variant", "Settings", "Option", "u16", "u32"] {
                    assert!(!failure.contains(jargon), "{path} = {value}: {failure}");
                }
            }
        }
    }

    #[test]
    fn settings_commands_have_two_forms() {
        let text = "[commands]\nmpv = [\"mpv\", \"{url}\"]\n\
            w3m = { run = [\"w3m\"], terminal = true }\n\
            wrong = { run = \"w3m\", terminal = true }\n";
        let layer = SettingsLayer::from_toml("settings.toml", text);
        let (settings, failures) = merge_layers(vec![layer]);
        assert_eq!(failures.len(), 1);
        let names: Vec<&String> = settings.commands.keys().collect();
        assert_eq!(names, ["mpv", "w3m"]);
        assert!(settings.commands["w3m"].terminal && !settings.commands["mpv"].terminal);
        assert_eq!(settings.commands["mpv"].argv, ["mpv", "{url}"]);
    }

    #[test]
    fn settings_keys_may_contain_dots() {
        assert_eq!(
            first_failure("\"a.b\" = 1\n"),
            "settings.toml, line 1: there is no setting `\"a.b\"`"
        );
        assert!(first_failure("[\"\"]\n\".\" = 1\n").contains("there is no setting `\"\".\".\"`"));
        let text = "[programs]\n\"rain.example\" = [\"rain\", \"--today\"]\n";
        let layer = SettingsLayer::from_toml("settings.toml", text);
        let (settings, failures) = merge_layers(vec![layer]);
        assert_eq!(failures, []);
        assert!(settings.programs.contains_key("rain.example"));
    }

    #[test]
    fn settings_after_a_syntax_error_apply_and_are_checked() {
        let text = "theme \"ink\"\nkeys = \"vim\"\n[article]\nmeasure = 9\n";
        let layer = SettingsLayer::from_toml("settings.toml", text);
        let (settings, failures) = merge_layers(vec![layer]);
        assert_eq!(settings.keys, KeyPreset::Vim);
        let failures: Vec<&str> = failures.iter().map(|failure| &*failure.summary).collect();
        assert!(
            failures[0].starts_with("settings.toml, line 1: key with no value"),
            "{failures:?}"
        );
        assert!(
            failures[1].starts_with("settings.toml, line 4: `article.measure`"),
            "{failures:?}"
        );
    }

    #[test]
    fn settings_error_drops_only_its_own_key() {
        let text = "keys = \"vim\"\nnonsense = 1\n[article]\nmeasure = 9\n";
        let (settings, failures) =
            merge_layers(vec![SettingsLayer::from_toml("settings.toml", text)]);
        assert_eq!(
            (settings.keys, settings.article.measure, failures.len()),
            (KeyPreset::Vim, 68, 2)
        );
    }
}

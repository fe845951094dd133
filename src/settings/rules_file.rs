//! The file of rules, `rules.toml` beside the settings file: one table `[[rule]]` for each.
//!
//! It is read leniently: a rule with a mistake is reported and left out, and the others apply. Changes
//! of the file are in `rule_edit.rs` and `rule_change.rs`.

use toml::{Table, Value, de::DeTable};

use super::SettingsError;
use crate::{
    model::{Rule, RuleActions, TagName, parse_rule_weight},
    text::{LenientToml, LineNumbers, unknown_name_message},
};

/// Maximum number of rules.
pub(super) const MAX_RULES: usize = 500;

/// Maximum length of the name of a rule, in bytes.
const MAX_NAME_BYTES: usize = 100;

/// The key of the tables.
pub(super) const RULE_KEY: &str = "rule";

/// The keys of a rule.
const KEYS: [&str; 13] = [
    "name",
    "query",
    "off",
    "tag",
    "star",
    "read",
    "hide",
    "hide_until",
    "remove",
    "notify",
    "full_text",
    "run",
    "weight",
];

/// A rule and the line at which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledRule {
    /// The rule.
    pub rule: Rule,
    /// The line, from 1.
    pub line: usize,
}

/// The rules of a file, and the mistakes in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RulesFile {
    /// The rules, in the order of the file.
    pub rules: Vec<FiledRule>,
    /// The mistakes, each of which costs its rule.
    pub errors: Vec<SettingsError>,
}

impl RulesFile {
    /// Parses the text of the file called `name`.
    pub fn parse(name: &str, text: &str) -> RulesFile {
        let LenientToml { table, text, errors } = LenientToml::parse(text);
        let at_line = |(line, problem)| SettingsError {
            source_name: name.to_owned(),
            line: Some(line),
            problem,
        };
        let syntax = errors.into_iter().map(|error| at_line((error.line, error.problem)));
        let mut file = RulesFile { rules: Vec::new(), errors: syntax.collect() };
        let (keys, rules) = find_lines(&text);
        for (key, line) in keys {
            if key != RULE_KEY {
                let problem = unknown_name_message("table", &key, [RULE_KEY]);
                file.errors.push(at_line((line, problem)));
            }
        }
        let tables = table.get(RULE_KEY).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if let Some(first) = rules.get(MAX_RULES) {
            let problem = format!("there are more than {MAX_RULES} rules; the rest is left out");
            file.errors.push(at_line((first.start, problem)));
        }
        for (table, lines) in tables.iter().zip(rules).take(MAX_RULES) {
            match file.check_rule(table, &lines) {
                Ok(rule) => file.rules.push(FiledRule { rule, line: lines.start }),
                Err(mistake) => file.errors.push(at_line(mistake)),
            }
        }
        file.errors.sort_by_key(|error| error.line);
        file
    }

    /// Parses one rule, which must differ from those before it; or returns the line of a mistake and
    /// its description.
    fn check_rule(&self, table: &Value, lines: &RuleLines) -> Result<Rule, (usize, String)> {
        let problem = |sentence: &str| (lines.start, sentence.to_owned());
        let table = table.as_table().ok_or_else(|| problem("a rule is a table [[rule]]"))?;
        let rule = parse_rule(table, lines)?;
        let key = rule.name.to_lowercase();
        if let Some(other) = self.rules.iter().find(|other| other.rule.name.to_lowercase() == key) {
            let sentence =
                format!("“{}” is the name of the rule in line {}", rule.name, other.line);
            return Err((lines.of("name"), sentence));
        }
        Ok(rule)
    }
}

/// The lines of a rule in its file.
struct RuleLines {
    start: usize,
    keys: Vec<(String, usize)>,
}

impl RuleLines {
    /// Returns the line of a key, or the first line of a rule without it.
    fn of(&self, key: &str) -> usize {
        self.keys.iter().find(|(known, _)| known == key).map_or(self.start, |(_, line)| *line)
    }
}

/// Returns the keys of the file with their lines, and the lines of every rule.
fn find_lines(text: &str) -> (Vec<(String, usize)>, Vec<RuleLines>) {
    let (file, _) = DeTable::parse_recoverable(text);
    let (file, lines) = (file.get_ref(), LineNumbers::of(text));
    let rules = file.get(RULE_KEY).and_then(|rules| rules.get_ref().as_array());
    let to_lines = |rule: &toml::Spanned<toml::de::DeValue<'_>>| RuleLines {
        start: lines.at(rule.span().start),
        keys: rule.get_ref().as_table().map_or_else(Vec::new, |table| key_lines(table, &lines)),
    };
    let rules = rules.map_or_else(Vec::new, |rules| rules.iter().map(to_lines).collect());
    (key_lines(file, &lines), rules)
}

fn key_lines(table: &DeTable<'_>, lines: &LineNumbers) -> Vec<(String, usize)> {
    let to_line = |key: &toml::Spanned<toml::de::DeString<'_>>| {
        (key.get_ref().to_string(), lines.at(key.span().start))
    };
    table.keys().map(to_line).collect()
}

/// Parses a rule; or returns the line of a mistake and its description.
fn parse_rule(table: &Table, lines: &RuleLines) -> Result<Rule, (usize, String)> {
    if let Some(unknown) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err((lines.of(unknown), unknown_name_message("action", unknown, KEYS)));
    }
    let at = |key: &str| {
        let line = lines.of(key);
        move |problem: String| (line, problem)
    };
    let flag = |key: &str| match table.get(key) {
        None => Ok(false),
        Some(Value::Boolean(is_set)) => Ok(*is_set),
        Some(other) => {
            Err((lines.of(key), format!("`{key}` is {other}; it must be true or false")))
        }
    };
    let text = |key: &str| match table.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err((
            lines.of(key),
            format!("`{key}` is {other}; it must be a string in quotation marks"),
        )),
    };
    let name = text("name")?.unwrap_or_default().trim().to_owned();
    check_rule_name(&name).map_err(at("name"))?;
    let actions = RuleActions {
        tags: parse_tags(table.get("tag")).map_err(at("tag"))?,
        star: flag("star")?,
        read: flag("read")?,
        hide: flag("hide")?,
        hide_until: text("hide_until")?,
        remove: flag("remove")?,
        notify: flag("notify")?,
        full_text: flag("full_text")?,
        run: text("run")?,
        weight: parse_weight(table.get("weight")).map_err(at("weight"))?,
    };
    if actions.is_empty() {
        return Err((lines.start, format!("the rule “{name}” has no action, such as tag or hide")));
    }
    let query = text("query")?.unwrap_or_default();
    Ok(Rule { name, query, off: flag("off")?, actions })
}

/// Checks the name of a rule.
///
/// # Errors
///
/// Returns what is wrong with it.
pub fn check_rule_name(name: &str) -> Result<(), String> {
    if name.trim().is_empty() {
        Err("a rule needs a name".to_owned())
    } else if name.len() > MAX_NAME_BYTES || name.contains(char::is_control) {
        Err(format!("the name of a rule is one line of at most {MAX_NAME_BYTES} bytes"))
    } else {
        Ok(())
    }
}

/// Parses what a rule adds to the weight of articles.
fn parse_weight(weight: Option<&Value>) -> Result<i32, String> {
    match weight {
        None => Ok(0),
        Some(Value::Integer(weight)) => parse_rule_weight(&weight.to_string()),
        Some(Value::String(weight)) => parse_rule_weight(weight),
        Some(other) => Err(format!("`weight` is {other}; it must be a whole number")),
    }
}

/// Parses the tags of a rule: one, or an array of several.
fn parse_tags(tags: Option<&Value>) -> Result<Vec<TagName>, String> {
    let names: Vec<&str> = match tags {
        None => Vec::new(),
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) if names.iter().all(Value::is_str) => {
            names.iter().filter_map(Value::as_str).collect()
        }
        Some(other) => return Err(format!("`tag` is {other}; it must be an array of strings")),
    };
    let parse =
        |name: &str| TagName::parse(name).map_err(|error| format!("“{name}” is no tag: {error}"));
    let mut tags = names.into_iter().map(parse).collect::<Result<Vec<TagName>, String>>()?;
    tags.sort_by_key(TagName::key);
    tags.dedup_by_key(|tag| tag.key());
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::{MAX_RULES, RulesFile};

    const FILE: &str =
        "# Mine.\n[[rule]]\nname = \"Noise\" # loud\nquery = \"title:sponsored\"\nhide = true\n";

    #[test]
    fn wrong_rule_is_named_with_its_line_and_costs_only_itself() {
        for (wrong, line, problem) in [
            (
                "name = \"A\"\nquery = \"a\"\ntga = [\"x\"]",
                10,
                "there is no action `tga`; did you mean `tag`?",
            ),
            ("name = \"A\"\nquery = \"a\"\nstar = 1", 10, "`star` is 1; it must be true or false"),
            ("name = \"A\"\nquery = \"a\"\ntag = \"two words\"", 10, "“two words” is no tag: "),
            ("name = \"A\"\nquery = \"a\"", 7, "the rule “A” has no action"),
            (
                "name = \"noise\"\nquery = \"a\"\nstar = true",
                8,
                "“noise” is the name of the rule in line 2",
            ),
            ("query = \"a\"\nstar = true", 7, "a rule needs a name"),
            (
                "name = \"A\"\nquery = \"a\"\nweight = 1001",
                10,
                "a weight is a whole number from -1000",
            ),
            (
                "name = \"A\"\nquery = \"a\"\nweight = true",
                10,
                "`weight` is true; it must be a whole number",
            ),
            ("name = \"A\"\nquery = 7\nstar = true", 9, "`query` is 7; it must be a string"),
        ] {
            let last = "[[rule]]\nname = \"Last\"\nquery = \"b\"\nread = true\n";
            let file =
                RulesFile::parse("rules.toml", &format!("{FILE}\n[[rule]]\n{wrong}\n{last}"));
            let names: Vec<&str> = file.rules.iter().map(|filed| &*filed.rule.name).collect();
            assert_eq!(names, ["Noise", "Last"], "{wrong}");
            let [error] = &file.errors[..] else { panic!("{wrong}: {:?}", file.errors) };
            assert_eq!(error.line, Some(line), "{error}");
            assert!(error.problem.starts_with(problem), "{error}");
        }
        let file = RulesFile::parse("rules.toml", "[[rules]]\nname = \"A\"\n");
        assert!(file.errors[0].to_string().ends_with("did you mean `rule`?"), "{:?}", file.errors);
    }

    #[test]
    fn rules_beyond_the_maximum_are_left_out_with_one_error() {
        let rule = |n: usize| format!("[[rule]]\nname = \"{n}\"\nquery = \"a\"\nstar = true\n");
        let text: String = (1..=MAX_RULES + 2).map(rule).collect();
        let RulesFile { rules, errors } = RulesFile::parse("rules.toml", &text);
        assert_eq!(rules.last().unwrap().rule.name, MAX_RULES.to_string());
        let [error] = &errors[..] else { panic!("{errors:?}") };
        assert_eq!(error.line, Some(4 * MAX_RULES + 1));
        assert!(error.problem.ends_with("more than 500 rules; the rest is left out"), "{error}");
    }
}

//! The macros of newsboat, as far as they run one program or one operation.

use std::path::Path;

use super::{
    config_lines::{ConfigLine, split_config_words},
    key_names::translate_key,
    notes::note,
    operations::command_of,
    settings::{program_words, propose},
};
use crate::model::{ConfigFile, ConfigValue, ImportedLibrary, ImportedSetting, NoteKind};

/// The tables of the keymap in which macros are.
const MACRO_TABLES: [&str; 2] = ["list", "article"];

/// Reads `macro KEY operation; operation … -- "description"`. Keys come after `prefix`.
pub(super) fn read_macro(
    file: &str,
    line: &ConfigLine,
    (prefix, home): (&str, Option<&Path>),
    imported: &mut ImportedLibrary,
) {
    let place = (file, line.line);
    let Some(key) = translate_key(line.word(1)) else {
        return note(imported, NoteKind::NotTaken, place, &line.raw, "there is no such key");
    };
    let operations = split_operations(&line.raw);
    let command = match &operations[..] {
        [one] if one.len() == 1 => command_of(&one[0]).map(str::to_owned),
        _ => program_of(&operations).and_then(|(program, is_browser)| {
            let mut words = program_words(program, home).ok()?;
            // newsboat adds the address to a browser without a slot; a pipe gets the text.
            if is_browser && !words.iter().any(|word| word.contains('{')) {
                words.push("{url}".to_owned());
            }
            Some(format!("run:{}", command_name(imported, place, words)))
        }),
    };
    let Some(command) = command else {
        let reason = "it does more than run one program on the article; a script in [commands] of \
                      settings.toml may do it";
        return note(imported, NoteKind::NotTaken, place, &line.raw, reason);
    };
    for table in MACRO_TABLES {
        let keys = format!("{prefix} {key}");
        let binding = (ConfigFile::Keymap, table, keys.as_str());
        propose(imported, place, binding, ConfigValue::Text(command.clone()));
    }
}

/// Splits the operations of a macro, each into its words.
fn split_operations(raw: &str) -> Vec<Vec<String>> {
    let mut parts = vec![String::new()];
    let (mut is_quoted, mut is_escaped) = (false, false);
    // The directive and the key are before the operations.
    let mut rest = raw.trim_start();
    for _ in 0..2 {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        rest = rest[end..].trim_start();
    }
    for c in rest.chars() {
        let part = parts.last_mut().expect("there is always a part");
        match c {
            ';' if !is_quoted => {
                parts.push(String::new());
                continue;
            }
            '"' if !is_escaped => is_quoted = !is_quoted,
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
        part.push(c);
    }
    let mut operations = Vec::new();
    for part in parts {
        let (mut words, _) = split_config_words(&part);
        let description = words.iter().position(|word| word == "--");
        words.truncate(description.unwrap_or(words.len()));
        if !words.is_empty() {
            operations.push(words);
        }
        if description.is_some() {
            break;
        }
    }
    operations
}

/// Returns the program of a macro that hands the article to one: as a browser for a moment, which is true,
/// or by a pipe.
fn program_of(operations: &[Vec<String>]) -> Option<(&str, bool)> {
    let (first, rest) = operations.split_first()?;
    if first.len() == 2 && first[0] == "pipe-to" && rest.is_empty() {
        return Some((&first[1], false));
    }
    let [set, browser, program] = &first[..] else { return None };
    let (open, after) = rest.split_first()?;
    let opens = open.len() == 1 && open[0].starts_with("open-in-browser");
    let restores = after.iter().all(|words| {
        words.len() == 3 && words[0] == "set" && words[1] == "browser"
            || words.len() == 1 && words[0] == "toggle-article-read"
    });
    (set == "set" && browser == "browser" && opens && restores).then_some((program.as_str(), true))
}

/// Returns the name of the command that runs a program; a new one is added.
fn command_name(imported: &mut ImportedLibrary, place: (&str, u64), words: Vec<String>) -> String {
    let base = words[0].rsplit('/').next().unwrap_or_default().to_owned();
    let is_command = |known: &&ImportedSetting| {
        known.file == ConfigFile::Settings && known.table == ["commands"]
    };
    let same = imported
        .settings
        .iter()
        .filter(is_command)
        .find(|known| known.value == ConfigValue::Words(words.clone()));
    if let Some(known) = same {
        return known.key.clone();
    }
    let is_free =
        |name: &str| !imported.settings.iter().filter(is_command).any(|known| known.key == name);
    let mut names = (1..).map(|number| match number {
        1 => base.clone(),
        number => format!("{base}-{number}"),
    });
    let name = names.find(|name| is_free(name)).expect("one of endless names is free");
    let key = (ConfigFile::Settings, "commands", name.as_str());
    propose(imported, place, key, ConfigValue::Words(words));
    name
}

//! newsboat's `config`: every line becomes a setting, a key, a command or a view, or is listed.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use super::{
    FlagNames,
    colors::{read_color, read_highlight},
    config_lines::{ConfigLine, split_config_lines},
    filter_translation::{TranslatedFilter, translate_filter},
    key_names::{is_printable, translate_key, translate_sequence},
    macros::read_macro,
    notes::{note, shorten},
    operations::{command_of, tables_of},
    settings::{CombinedSettings, propose, read_setting},
    text_file::{file_name, read_text_file},
    urls::add_view,
};
use crate::model::{
    ConfigFile, ConfigValue, Failure, ImportSource, ImportedLibrary, ImportedRule, NoteKind,
    NotePlace,
};

/// Maximum number of files that one configuration includes.
const MAX_INCLUDES: usize = 32;

/// The reason for a line that means nothing here.
const NO_COUNTERPART: &str = "it has no counterpart here";

/// Reads a configuration for its own sake, without the files that it includes.
pub fn parse_newsboat_config(text: &str) -> ImportedLibrary {
    let (mut imported, flags) = (ImportedLibrary::default(), FlagNames::default());
    let mut reader = ConfigReader::new(&flags, None);
    reader.read_text("config", None, text, &mut imported);
    reader.finish("config", &mut imported);
    imported
}

/// Reads the configuration and the files that it includes. Returns the path of the cache that it names.
pub(super) fn read_config(
    path: &Path,
    home: Option<&Path>,
    flags: &FlagNames,
    imported: &mut ImportedLibrary,
) -> Result<Option<PathBuf>, Failure> {
    let mut reader = ConfigReader::new(flags, home);
    let text = read_text_file(path)?;
    reader.seen.insert(path.to_owned());
    reader.read_text(&file_name(path), path.parent(), &text, imported);
    while let Some((included, place)) = reader.includes.pop() {
        match read_text_file(&included) {
            Ok(text) => {
                let name = included.display().to_string();
                reader.read_text(&name, included.parent(), &text, imported);
            }
            Err(failure) => {
                let subject = format!("include {}", included.display());
                note(imported, NoteKind::NotTaken, (&place.0, place.1), &subject, failure.summary);
            }
        }
    }
    let cache = reader.cache.take();
    reader.finish(&file_name(path), imported);
    Ok(cache)
}

struct ConfigReader<'a> {
    flags: &'a FlagNames,
    home: Option<&'a Path>,
    combined: CombinedSettings,
    macro_prefix: String,
    cache: Option<PathBuf>,
    /// Files that are still to be read, and the lines that name them.
    includes: Vec<(PathBuf, (String, u64))>,
    seen: HashSet<PathBuf>,
}

impl<'a> ConfigReader<'a> {
    fn new(flags: &'a FlagNames, home: Option<&'a Path>) -> ConfigReader<'a> {
        ConfigReader {
            flags,
            home,
            combined: CombinedSettings::default(),
            macro_prefix: ",".to_owned(),
            cache: None,
            includes: Vec::new(),
            seen: HashSet::new(),
        }
    }

    fn read_text(
        &mut self,
        file: &str,
        folder: Option<&Path>,
        text: &str,
        imported: &mut ImportedLibrary,
    ) {
        let (lines, is_cut) = split_config_lines(text);
        let read = lines.len() as u64;
        self.find_macro_prefix(&lines);
        for line in &lines {
            self.read_line(file, folder, line, imported);
        }
        if let Some(last) = lines.last().filter(|_| is_cut) {
            let reason = "the file has too many lines; the rest is left out";
            note(imported, NoteKind::NotTaken, (file, last.line), &last.raw, reason);
        }
        imported.report.sources.push(ImportSource { path: file.to_owned(), unit: "line", read });
    }

    /// Finds the key before macros, which may be set after them.
    fn find_macro_prefix(&mut self, lines: &[ConfigLine]) {
        let is_prefix =
            |line: &&ConfigLine| line.word(0) == "bind-key" && line.word(2) == "macro-prefix";
        let key = lines.iter().rfind(is_prefix).and_then(|line| translate_key(line.word(1)));
        self.macro_prefix = key.unwrap_or_else(|| std::mem::take(&mut self.macro_prefix));
    }

    fn read_line(
        &mut self,
        file: &str,
        folder: Option<&Path>,
        line: &ConfigLine,
        imported: &mut ImportedLibrary,
    ) {
        let place = (file, line.line);
        if line.runs_program {
            let reason = "the output of a program is a part of it; nothing is started by an import";
            return note(imported, NoteKind::NotTaken, place, &line.raw, reason);
        }
        let (combined, home) = (&mut self.combined, self.home);
        if read_setting(file, line, (combined, home), imported) {
            return;
        }
        match line.word(0) {
            "bind-key" => bind_key(place, line, imported),
            "bind" => bind(place, line, imported),
            "unbind-key" => unbind_key(place, line, imported),
            "macro" => read_macro(file, line, (&self.macro_prefix, self.home), imported),
            "define-filter" => {
                add_view(place, (line.word(1), line.word(2)), self.flags, imported);
            }
            "ignore-article" => self.ignore_article(place, line, imported),
            "color" => read_color(place, line, imported),
            "highlight" => read_highlight(place, line, imported),
            "cache-file" => {
                self.cache = Some(self.resolve(folder, line.word(1)));
                let reason = "articles are read from there";
                note(imported, NoteKind::NoCounterpart, place, &line.raw, reason);
            }
            "include" => self.include(place, folder, line, imported),
            "urls-source" if line.word(1) != "local" => {
                let reason = "add the account with `newsreader account add`; its articles come with a \
                              sync";
                note(imported, NoteKind::NotTaken, place, &line.raw, reason);
            }
            directive => {
                let is_secret = directive.contains("password") || directive.contains("auth");
                let subject = if is_secret { directive } else { &line.raw };
                note(imported, NoteKind::NoCounterpart, place, subject, NO_COUNTERPART);
            }
        }
    }

    fn resolve(&self, folder: Option<&Path>, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), self.home, folder) {
            (Some(rest), Some(home), _) => home.join(rest),
            (_, _, Some(folder)) => folder.join(path),
            _ => PathBuf::from(path),
        }
    }

    fn include(
        &mut self,
        place: (&str, u64),
        folder: Option<&Path>,
        line: &ConfigLine,
        imported: &mut ImportedLibrary,
    ) {
        let path = self.resolve(folder, line.word(1));
        if self.home.is_none() || self.seen.len() >= MAX_INCLUDES {
            let reason = format!("at most {MAX_INCLUDES} files are read");
            return note(imported, NoteKind::NotTaken, place, &line.raw, reason);
        }
        if self.seen.insert(path.clone()) {
            self.includes.push((path, (place.0.to_owned(), place.1)));
        }
    }

    /// Reads `ignore-article FEED FILTER`, which becomes a rule that hides such articles.
    fn ignore_article(
        &self,
        (file, number): (&str, u64),
        line: &ConfigLine,
        imported: &mut ImportedLibrary,
    ) {
        let (feed, place) = (line.word(1), (file, number));
        if feed.starts_with("regex:") {
            let reason = "a rule names one feed, or is for all";
            return note(imported, NoteKind::NotTaken, place, &line.raw, reason);
        }
        match translate_filter(line.word(2), self.flags) {
            Ok(TranslatedFilter { query, is_approximate }) => imported.rules.push(ImportedRule {
                query,
                feed: (feed != "*").then(|| feed.to_owned()),
                is_approximate,
                source: shorten(&line.raw),
                place: NotePlace { file: file.to_owned(), line: Some(number) },
            }),
            Err(reason) => note(imported, NoteKind::NotTaken, place, &line.raw, reason),
        }
    }

    fn finish(self, file: &str, imported: &mut ImportedLibrary) {
        self.combined.finish(file, imported);
        propose_preset(imported);
        propose_theme(imported);
    }
}

/// The name of the theme with newsboat's colours.
const THEME: &str = "newsboat";

/// Proposes the theme, if a colour is set.
fn propose_theme(imported: &mut ImportedLibrary) {
    let colors = imported.settings.iter().find(|setting| setting.file == ConfigFile::Theme);
    let Some(source) = colors.map(|setting| setting.source.clone()) else { return };
    let key = (ConfigFile::Settings, "", "theme");
    let line = source.line.unwrap_or_default();
    propose(imported, (&source.file, line), key, ConfigValue::Text(THEME.to_owned()));
}

/// Proposes the preset in which letters are commands, if one is bound in a list.
fn propose_preset(imported: &mut ImportedLibrary) {
    let types = imported.settings.iter().find(|setting| {
        setting.file == ConfigFile::Keymap
            && setting.table == ["list"]
            && is_printable(&setting.key)
    });
    let Some(source) = types.map(|setting| setting.source.clone()) else { return };
    let key = (ConfigFile::Settings, "", "keys");
    let line = source.line.unwrap_or_default();
    propose(imported, (&source.file, line), key, ConfigValue::Text("vim".to_owned()));
}

/// Reads `bind-key KEY OPERATION [DIALOG]`.
fn bind_key(place: (&str, u64), line: &ConfigLine, imported: &mut ImportedLibrary) {
    if line.word(2) == "macro-prefix" {
        let reason = "the keys of macros begin with it";
        return note(imported, NoteKind::NoCounterpart, place, &line.raw, reason);
    }
    let keys = translate_key(line.word(1));
    bind_operation(place, line, (keys, line.word(2)), &[line.word(3)], imported);
}

/// Reads `bind KEYS DIALOGS OPERATION [; …]`.
fn bind(place: (&str, u64), line: &ConfigLine, imported: &mut ImportedLibrary) {
    let dialogs: Vec<&str> = line.word(2).split(',').collect();
    let operation = line.word(3);
    let has_more = line.words.get(4).is_some_and(|word| word != "--");
    if has_more || operation.ends_with(';') {
        let reason =
            "a key does one thing here; a script in [commands] of settings.toml may do more";
        return note(imported, NoteKind::NotTaken, place, &line.raw, reason);
    }
    let keys = translate_sequence(line.word(1));
    bind_operation(place, line, (keys, operation), &dialogs, imported);
}

fn bind_operation(
    place: (&str, u64),
    line: &ConfigLine,
    (keys, operation): (Option<String>, &str),
    dialogs: &[&str],
    imported: &mut ImportedLibrary,
) {
    let Some(keys) = keys else {
        return note(imported, NoteKind::NotTaken, place, &line.raw, "there is no such key");
    };
    let Some(command) = command_of(operation) else {
        let reason = format!("no command here does what `{operation}` does");
        return note(imported, NoteKind::NoCounterpart, place, &line.raw, reason);
    };
    bind_in_tables(place, line, (&keys, command), dialogs, imported);
}

fn bind_in_tables(
    place: (&str, u64),
    line: &ConfigLine,
    (keys, command): (&str, &str),
    dialogs: &[&str],
    imported: &mut ImportedLibrary,
) {
    let tables: Vec<&str> =
        dialogs.iter().flat_map(|dialog| tables_of(dialog.trim())).copied().collect();
    if tables.is_empty() {
        let reason = "its dialog has no counterpart here";
        return note(imported, NoteKind::NoCounterpart, place, &line.raw, reason);
    }
    for table in tables {
        let binding = (ConfigFile::Keymap, table, keys);
        propose(imported, place, binding, ConfigValue::Text(command.to_owned()));
    }
}

/// Reads `unbind-key KEY [DIALOG]`.
fn unbind_key(place: (&str, u64), line: &ConfigLine, imported: &mut ImportedLibrary) {
    let Some(keys) = translate_key(line.word(1)) else {
        let reason = "the keys that newsboat has by itself are none of this reader";
        return note(imported, NoteKind::NoCounterpart, place, &line.raw, reason);
    };
    bind_in_tables(place, line, (&keys, "none"), &[line.word(2)], imported);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ImportedSetting;

    fn values(imported: &ImportedLibrary) -> Vec<(String, &ConfigValue)> {
        let name = |setting: &ImportedSetting| {
            let table = setting.table.join(".");
            format!("{:?} [{table}] {}", setting.file, setting.key)
        };
        imported.settings.iter().map(|setting| (name(setting), &setting.value)).collect()
    }

    fn text(value: &str) -> ConfigValue {
        ConfigValue::Text(value.to_owned())
    }

    fn words(words: &[&str]) -> ConfigValue {
        ConfigValue::Words(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn config_becomes_settings_keys_and_commands() {
        let imported = parse_newsboat_config(
            "auto-reload yes\nreload-time 30\nbrowser \"firefox --new-tab '%u' >/dev/null &\"\n\
             text-width 72\nbind-key ^O open-in-browser articlelist\nbind-key j down\n\
             macro y set browser \"mpv %u\" ; open-in-browser ; set browser \"firefox %u\" -- \"play\"\n\
             macro p pipe-to \"wc -w\"\nbookmark-cmd ~/bin/mark\nuse-proxy yes\nproxy localhost:8118\n\
             define-filter \"New\" \"age < 2\"\n",
        );
        let [number, new] = [ConfigValue::Number(72), ConfigValue::Number(30)];
        let expected: Vec<(String, ConfigValue)> = [
            ("Settings [] browser", words(&["firefox", "--new-tab", "{url}"])),
            ("Settings [article] measure", number),
            ("Keymap [list] ctrl-o", text("open-in-browser")),
            ("Keymap [list] j", text("move-down")),
            ("Keymap [article] j", text("move-down")),
            ("Keymap [sidebar] j", text("move-down")),
            ("Settings [commands] mpv", words(&["mpv", "{url}"])),
            ("Keymap [list] , y", text("run:mpv")),
            ("Keymap [article] , y", text("run:mpv")),
            ("Settings [commands] wc", words(&["wc", "-w"])),
            ("Keymap [list] , p", text("run:wc")),
            ("Keymap [article] , p", text("run:wc")),
            ("Settings [commands] bookmark", words(&["~/bin/mark", "{url}", "{title}"])),
            ("Settings [refresh] every", new),
            ("Settings [network] proxy", text("http://localhost:8118")),
            ("Settings [] keys", text("vim")),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        let found: Vec<(String, ConfigValue)> =
            values(&imported).into_iter().map(|(name, value)| (name, value.clone())).collect();
        assert_eq!(found, expected);
        assert_eq!(imported.views[0].query, "age:<2d");
        assert_eq!(imported.report.notes, []);
        assert_eq!(imported.report.sources[0].read, 12);
    }

    #[test]
    fn lines_without_a_counterpart_are_listed_and_secrets_are_not_shown() {
        let imported = parse_newsboat_config(
            "color info white black\nbind-key x goto-url\nbind-key ENTER open urlview\n\
             html-renderer `which w3m`\nfeedhq-password S3CRET\nurls-source \"freshrss\"\n\
             macro z open ; reload ; quit\nignore-article \"*\" \"title =~ \\\"ad\\\"\"\nreload-time 9\n\
             browser \"a | b\"\nbind-key k down\nbind-key k up articlelist\nunbind-key -a\n",
        );
        let lines: Vec<_> =
            imported.report.notes.iter().filter_map(|note| note.place.line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5, 6, 7, 10, 11, 13, 9]);
        let shown: Vec<String> = imported
            .report
            .notes
            .iter()
            .map(|note| format!("{} {}", note.subject, note.reason))
            .collect();
        assert!(!shown.join("\n").contains("S3CRET"), "{shown:?}");
        let rule = &imported.rules[0];
        assert_eq!((&*rule.query, &rule.feed, rule.is_approximate), ("title:ad*", &None, true));
        let kept = values(&imported);
        assert!(kept.contains(&("Keymap [list] k".to_owned(), &text("move-up"))), "{kept:?}");
    }

    #[test]
    fn colors_become_a_theme() {
        let imported = parse_newsboat_config(
            "color background white default\ncolor listfocus black color214 bold blink\n\
             color listnormal_unread default default\ncolor article pink black\n\
             highlight article \"(http|https)://[^ ]+\" cyan default underline\n\
             highlight all \"bridge\" red\n",
        );
        let expected: Vec<(String, ConfigValue)> = [
            ("Theme [text] fg", text("gray")),
            ("Theme [selection] fg", text("black")),
            ("Theme [selection] bg", text("214")),
            ("Theme [selection] bold", ConfigValue::Flag(true)),
            ("Theme [link] fg", text("cyan")),
            ("Theme [link] underline", ConfigValue::Flag(true)),
            ("Settings [] theme", text("newsboat")),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        let found: Vec<(String, ConfigValue)> =
            values(&imported).into_iter().map(|(name, value)| (name, value.clone())).collect();
        assert_eq!(found, expected);
        let lines: Vec<_> =
            imported.report.notes.iter().filter_map(|note| note.place.line).collect();
        assert_eq!(lines, [2, 3, 4, 6], "each line is accounted for");
        assert!(imported.report.notes[2].reason.contains("no colour `pink`"));
    }

    #[test]
    fn ignored_articles_become_rules() {
        let imported = parse_newsboat_config(
            "ignore-article \"https://a.org/feed\" \"author = \\\"Ann\\\"\"\n\
             ignore-article \"regex:.*\" \"title =~ \\\"ad\\\"\"\n\
             ignore-article \"*\" \"total_count > \\\"3\\\"\"\n",
        );
        let [rule] = &imported.rules[..] else { panic!("{:?}", imported.rules) };
        assert_eq!(rule.feed.as_deref(), Some("https://a.org/feed"));
        let kinds: Vec<_> =
            imported.report.notes.iter().map(|note| (note.place.line, note.kind)).collect();
        assert!(kinds.contains(&(Some(2), NoteKind::NotTaken)), "{kinds:?}");
        assert!(kinds.contains(&(Some(3), NoteKind::NotTaken)), "{kinds:?}");
    }
}

//! newsboat's settings as settings of this reader.

use std::path::Path;

use super::{config_lines::ConfigLine, notes::note};
use crate::{
    imports::shell_words::split_command_line,
    model::{ConfigFile, ConfigValue, ImportedLibrary, ImportedSetting, NoteKind, NotePlace},
};

/// Adds a value for a file of this reader. Of two for one key, the last counts, as in newsboat.
pub(super) fn propose(
    imported: &mut ImportedLibrary,
    (file, line): (&str, u64),
    (config, table, key): (ConfigFile, &str, &str),
    value: ConfigValue,
) {
    let source = NotePlace { file: file.to_owned(), line: Some(line) };
    let table: Vec<String> =
        Some(table).filter(|table| !table.is_empty()).map(str::to_owned).into_iter().collect();
    let is_same =
        |known: &ImportedSetting| known.file == config && known.table == table && known.key == key;
    if let Some(known) = imported.settings.iter_mut().find(|known| is_same(known)) {
        let before = std::mem::replace(&mut known.source, source);
        known.value = value;
        let reason = format!("line {line} sets it again");
        return imported.report.note(NoteKind::NoCounterpart, before, key, reason);
    }
    let key = key.to_owned();
    imported.settings.push(ImportedSetting { file: config, table, key, value, source });
}

/// The settings of newsboat that become one together.
#[derive(Debug, Default)]
pub(super) struct CombinedSettings {
    auto_reload: Option<(bool, u64)>,
    reload_time: Option<(u32, u64)>,
    use_proxy: Option<(bool, u64)>,
    proxy: Option<(String, u64)>,
    proxy_type: Option<(String, u64)>,
}

impl CombinedSettings {
    /// Takes a line if it is a part of such a setting.
    fn take(&mut self, line: &ConfigLine) -> bool {
        match (line.word(0), line.flag()) {
            ("auto-reload", Some(flag)) => self.auto_reload = Some((flag, line.line)),
            ("use-proxy", Some(flag)) => self.use_proxy = Some((flag, line.line)),
            ("reload-time", _) => match line.word(1).parse() {
                Ok(minutes) => self.reload_time = Some((minutes, line.line)),
                Err(_) => return false,
            },
            ("proxy", _) => self.proxy = Some((line.word(1).to_owned(), line.line)),
            ("proxy-type", _) => self.proxy_type = Some((line.word(1).to_owned(), line.line)),
            _ => return false,
        }
        true
    }

    /// Adds the settings that were read.
    pub(super) fn finish(self, file: &str, imported: &mut ImportedLibrary) {
        self.propose_interval(file, imported);
        let Some((address, line)) = self.proxy else { return };
        let kind = self.proxy_type.as_ref().map_or("http", |(kind, _)| kind.as_str());
        if self.use_proxy.is_none_or(|(is_used, _)| !is_used) {
            let reason = "newsboat does not use it without `use-proxy yes`";
            return note(imported, NoteKind::NoCounterpart, (file, line), "proxy", reason);
        }
        if !kind.starts_with("http") {
            let reason = format!("proxies of the type {kind} are not supported");
            return note(imported, NoteKind::NotTaken, (file, line), "proxy", reason);
        }
        let url = if address.contains("://") { address } else { format!("http://{address}") };
        let key = (ConfigFile::Settings, "network", "proxy");
        propose(imported, (file, line), key, ConfigValue::Text(url));
    }

    fn propose_interval(&self, file: &str, imported: &mut ImportedLibrary) {
        let key = (ConfigFile::Settings, "refresh", "every");
        match (self.auto_reload, self.reload_time) {
            (Some((true, line)), minutes) => {
                let minutes = minutes.map_or(60, |(minutes, _)| minutes).clamp(1, 10_080);
                propose(imported, (file, line), key, ConfigValue::Number(minutes));
            }
            (Some((false, line)), _) => {
                propose(imported, (file, line), key, ConfigValue::Number(0));
            }
            (None, Some((_, line))) => {
                let reason = "newsboat does not use it without `auto-reload yes`";
                note(imported, NoteKind::NoCounterpart, (file, line), "reload-time", reason);
            }
            (None, None) => {}
        }
    }
}

/// Reads a line that sets one thing. Returns false for one that is not known here.
pub(super) fn read_setting(
    file: &str,
    line: &ConfigLine,
    (combined, home): (&mut CombinedSettings, Option<&Path>),
    imported: &mut ImportedLibrary,
) -> bool {
    if combined.take(line) {
        return true;
    }
    let place = (file, line.line);
    let key = |table, key| (ConfigFile::Settings, table, key);
    match (line.word(0), line.flag(), line.word(1).parse::<u32>()) {
        ("refresh-on-startup", Some(flag), _) => {
            propose(imported, place, key("refresh", "at_start"), ConfigValue::Flag(flag));
        }
        ("text-width", _, Ok(width)) if (25..=80).contains(&width) => {
            propose(imported, place, key("article", "measure"), ConfigValue::Number(width));
        }
        ("keep-articles-days", _, Ok(days)) if days <= 36_500 => {
            propose(imported, place, key("library", "keep"), ConfigValue::Number(days));
            let reason = "only articles that you have read are removed after this time";
            note(imported, NoteKind::Changed, place, &line.raw, reason);
        }
        ("browser", ..) => propose_program(imported, place, line, key("", "browser"), home),
        ("download-path", ..) => {
            let folder = line.word(1).to_owned();
            propose(imported, place, key("podcasts", "folder"), ConfigValue::Text(folder));
        }
        ("player", ..) if line.word(1) == "mpv" => {
            note(imported, NoteKind::NoCounterpart, place, &line.raw, "it is so by default");
        }
        ("player", ..) => propose_program(imported, place, line, key("podcasts", "player"), home),
        ("max-downloads", ..) => {
            let reason = "two files are fetched at a time";
            note(imported, NoteKind::NoCounterpart, place, &line.raw, reason);
        }
        ("download-filename-format", ..) => {
            let reason = "podcasts.name in settings.toml names downloaded files";
            note(imported, NoteKind::NoCounterpart, place, &line.raw, reason);
        }
        ("reset-unread-on-update", ..) => {
            let reason = "an article that its publisher edits stays read; `is:edited` finds it";
            note(imported, NoteKind::NoCounterpart, place, &line.raw, reason);
        }
        ("pager", ..) if line.word(1) == "internal" => {
            note(imported, NoteKind::NoCounterpart, place, &line.raw, "it is so by default");
        }
        ("pager", ..) => propose_program(imported, place, line, key("article", "pager"), home),
        ("bookmark-cmd", ..) => match program_words(line.word(1), home) {
            Ok(mut words) => {
                words.extend(["{url}".to_owned(), "{title}".to_owned()]);
                let key = (ConfigFile::Settings, "commands", "bookmark");
                propose(imported, place, key, ConfigValue::Words(words));
            }
            Err(reason) => note(imported, NoteKind::NotTaken, place, &line.raw, reason),
        },
        _ => return false,
    }
    true
}

fn propose_program(
    imported: &mut ImportedLibrary,
    place: (&str, u64),
    line: &ConfigLine,
    key: (ConfigFile, &str, &str),
    home: Option<&Path>,
) {
    match program_words(line.word(1), home) {
        // The pager gets the article as its input.
        Ok(mut words) => {
            words.retain(|word| word != "{file}" || key.2 != "pager");
            // podboat adds the file to a player without a slot.
            if key.2 == "player" && !words.iter().any(|word| word.contains('{')) {
                words.push("{file}".to_owned());
            }
            propose(imported, place, key, ConfigValue::Words(words));
        }
        Err(reason) => note(imported, NoteKind::NotTaken, place, &line.raw, reason),
    }
}

/// Returns the words of a command line of newsboat, with the slots of this reader.
pub(super) fn program_words(line: &str, home: Option<&Path>) -> Result<Vec<String>, String> {
    let words = split_command_line(line).ok_or(
        "only a shell understands it; put it into a script, and name that in the settings",
    )?;
    words.iter().enumerate().map(|(index, word)| fill_word(word, index == 0, home)).collect()
}

fn fill_word(word: &str, is_program: bool, home: Option<&Path>) -> Result<String, String> {
    let (mut filled, mut rest) = (expand_home(word, home), String::new());
    for (slot, own) in [("%u", "{url}"), ("%t", "{title}"), ("%f", "{file}")] {
        filled = filled.replace(slot, own);
    }
    std::mem::swap(&mut rest, &mut filled);
    match rest.split_once('%') {
        Some((_, after)) if after.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            Err(format!("“{word}” has a slot that there is not here"))
        }
        _ if is_program && rest.contains('{') => Err("the program is no fixed name".to_owned()),
        _ => Ok(rest),
    }
}

/// Replaces a leading `~/` by the home folder: programs are started without a shell.
fn expand_home(word: &str, home: Option<&Path>) -> String {
    match (word.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest).display().to_string(),
        _ => word.to_owned(),
    }
}

/// Returns what to write into the settings for a feed that is the output of a program.
pub(super) fn program_hint(address: &str) -> String {
    let (kind, line) = address.split_once(':').unwrap_or(("exec", address));
    if kind == "filter" {
        let (program, url) = line.split_once(':').unwrap_or((line, ""));
        return format!(
            "an imported list starts no program; write a script that fetches {url} and runs \
             {program}, name it in [programs] of settings.toml, and subscribe with `newsreader feed \
             add exec:NAME`"
        );
    }
    let Some(words) = split_command_line(line) else {
        return "an imported list starts no program, and only a shell understands this one; put it into \
                a script, name that in [programs] of settings.toml, and subscribe with `newsreader feed \
                add exec:NAME`"
            .to_owned();
    };
    let base = words[0].rsplit('/').next().unwrap_or_default();
    let stem = base.split('.').next().unwrap_or_default();
    let name: String =
        stem.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    let name = if name.is_empty() { "program".to_owned() } else { name };
    format!(
        "an imported list starts no program; write `{name} = {words:?}` into [programs] of \
         settings.toml, and subscribe with `newsreader feed add exec:{name}`"
    )
}

//! newsboat's colours as a theme of this reader.

use super::{config_lines::ConfigLine, notes::note, settings::propose};
use crate::model::{ConfigFile, ConfigValue, ImportedLibrary, NoteKind};

/// The parts of newsboat's screen that have a role in themes. Of two for one role, the last line counts.
const ROLES: [(&str, &str); 6] = [
    ("background", "text"),
    ("article", "text"),
    ("listnormal_unread", "unread"),
    ("listfocus", "selection"),
    ("hint-key", "focus"),
    ("hint-description", "muted"),
];

/// The names of the sixteen colours, as themes have them: newsboat's white is the seventh.
const COLORS: [(&str, &str); 8] = [
    ("black", "black"),
    ("red", "red"),
    ("green", "green"),
    ("yellow", "yellow"),
    ("blue", "blue"),
    ("magenta", "magenta"),
    ("cyan", "cyan"),
    ("white", "gray"),
];

/// The attributes that themes have, too.
const ATTRIBUTES: [(&str, &str); 5] = [
    ("bold", "bold"),
    ("dim", "dim"),
    ("underline", "underline"),
    ("reverse", "reverse"),
    ("standout", "reverse"),
];

/// Reads `color PART FOREGROUND BACKGROUND [ATTRIBUTE …]`.
pub(super) fn read_color(place: (&str, u64), line: &ConfigLine, imported: &mut ImportedLibrary) {
    if let Some((_, role)) = ROLES.iter().find(|(part, _)| *part == line.word(1)) {
        return propose_style(place, line, (role, 2), imported);
    }
    let reason = "themes here have no colour for this part of the screen";
    note(imported, NoteKind::NoCounterpart, place, &line.raw, reason);
}

/// Reads `highlight DIALOG EXPRESSION FOREGROUND [BACKGROUND [ATTRIBUTE …]]`, of which the colour of
/// addresses in articles has a role.
pub(super) fn read_highlight(
    place: (&str, u64),
    line: &ConfigLine,
    imported: &mut ImportedLibrary,
) {
    let is_of_links = matches!(line.word(1), "article" | "all") && line.word(2).contains("http");
    if is_of_links {
        return propose_style(place, line, ("link", 3), imported);
    }
    let reason =
        "only a filter colours words here; a rule can put a tag, which has a colour, on articles";
    note(imported, NoteKind::NoCounterpart, place, &line.raw, reason);
}

/// Proposes the style that begins with the word `first` of a line.
fn propose_style(
    place: (&str, u64),
    line: &ConfigLine,
    (role, first): (&str, usize),
    imported: &mut ImportedLibrary,
) {
    let mut properties = Vec::new();
    for (key, name) in [("fg", line.word(first)), ("bg", line.word(first + 1))] {
        match color_value(name) {
            Ok(color) => properties.extend(color.map(|color| (key, ConfigValue::Text(color)))),
            Err(reason) => {
                return note(imported, NoteKind::NotTaken, place, &line.raw, reason);
            }
        }
    }
    for attribute in line.words.iter().skip(first + 2) {
        if let Some((_, key)) = ATTRIBUTES.iter().find(|(name, _)| name == attribute) {
            properties.push((key, ConfigValue::Flag(true)));
            continue;
        }
        let reason = format!("themes here have no attribute `{attribute}`; the rest is taken");
        note(imported, NoteKind::NoCounterpart, place, &line.raw, reason);
    }
    if properties.is_empty() {
        let reason = "the colours of the terminal are used by default";
        return note(imported, NoteKind::NoCounterpart, place, &line.raw, reason);
    }
    for (key, value) in properties {
        propose(imported, place, (ConfigFile::Theme, role, key), value);
    }
}

/// Returns a colour as themes name it; `None` for the one of the terminal.
fn color_value(name: &str) -> Result<Option<String>, String> {
    let known = COLORS.iter().find(|(known, _)| *known == name);
    let number = name.strip_prefix("color").and_then(|number| number.parse::<u8>().ok());
    match (known, number, name) {
        (Some((_, color)), ..) => Ok(Some((*color).to_owned())),
        (None, Some(number), _) => Ok(Some(number.to_string())),
        (None, None, "default" | "") => Ok(None),
        (None, None, name) => Err(format!("there is no colour `{name}`")),
    }
}

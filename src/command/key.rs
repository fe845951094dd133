//! Key presses, independent of the terminal library, with their spelling in files and in hints.

use std::{fmt, str::FromStr};

/// A key press. Shift is part of the character, or a key of its own ([`KeyCode::BackTab`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The key.
    pub code: KeyCode,
    /// Ctrl is held.
    pub ctrl: bool,
    /// Alt is held.
    pub alt: bool,
}

/// A key of the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are those on the keys")]
pub enum KeyCode {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

/// Names of keys in files, and their shorter forms in hints.
const KEY_NAMES: [(KeyCode, &str, &str); 16] = [
    (KeyCode::Enter, "enter", "Enter"),
    (KeyCode::Esc, "esc", "Esc"),
    (KeyCode::Tab, "tab", "Tab"),
    (KeyCode::BackTab, "shift-tab", "Shift-Tab"),
    (KeyCode::Backspace, "backspace", "Backspace"),
    (KeyCode::Delete, "delete", "Del"),
    (KeyCode::Insert, "insert", "Ins"),
    (KeyCode::Up, "up", "↑"),
    (KeyCode::Down, "down", "↓"),
    (KeyCode::Left, "left", "←"),
    (KeyCode::Right, "right", "→"),
    (KeyCode::Home, "home", "Home"),
    (KeyCode::End, "end", "End"),
    (KeyCode::PageUp, "page-up", "PgUp"),
    (KeyCode::PageDown, "page-down", "PgDn"),
    (KeyCode::Char(' '), "space", "Space"),
];

/// The error for text that does not name a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a key; keys are written a, ctrl-a, alt-a, enter, page-up, f1")]
pub struct KeyParseError(pub String);

impl Key {
    /// Creates a key press without Ctrl or Alt.
    pub fn without_modifiers(code: KeyCode) -> Key {
        Key { code, ctrl: false, alt: false }
    }

    /// Formats the key as hints show it: `^S`, `Alt-s`, `↑`, `PgUp`.
    pub fn hint(self) -> String {
        let named =
            KEY_NAMES.iter().find(|(code, ..)| *code == self.code).map(|(.., short)| *short);
        let code = match (named, self.code) {
            (Some(short), _) => short.to_owned(),
            (None, KeyCode::Char(c)) if self.ctrl => c.to_uppercase().to_string(),
            (None, KeyCode::Char(c)) => c.to_string(),
            (None, KeyCode::F(number)) => format!("F{number}"),
            (None, _) => String::new(),
        };
        let alt = if self.alt { "Alt-" } else { "" };
        let ctrl = if self.ctrl { "^" } else { "" };
        format!("{alt}{ctrl}{code}")
    }
}

impl FromStr for Key {
    type Err = KeyParseError;

    fn from_str(text: &str) -> Result<Key, KeyParseError> {
        let (mut rest, mut ctrl, mut alt) = (text, false, false);
        loop {
            if let Some(tail) = strip_modifier(rest, &["ctrl-", "C-", "^"]) {
                (rest, ctrl) = (tail, true);
            } else if let Some(tail) = strip_modifier(rest, &["alt-", "A-"]) {
                (rest, alt) = (tail, true);
            } else {
                break;
            }
        }
        let code = parse_key_code(rest).ok_or_else(|| KeyParseError(text.to_owned()))?;
        Ok(Key { code, ctrl, alt })
    }
}

/// Strips one of `prefixes`, unless nothing would be left.
fn strip_modifier<'a>(text: &'a str, prefixes: &[&str]) -> Option<&'a str> {
    prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)).filter(|tail| !tail.is_empty())
}

fn parse_key_code(text: &str) -> Option<KeyCode> {
    let mut chars = text.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control() && c != ' ').then_some(KeyCode::Char(c));
    }
    let name = text.to_ascii_lowercase();
    let function = || {
        name.strip_prefix('f')?
            .parse()
            .ok()
            .filter(|number| (1..=24).contains(number))
            .map(KeyCode::F)
    };
    KEY_NAMES.iter().find(|(_, known, _)| *known == name).map(|(code, ..)| *code).or_else(function)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        match (KEY_NAMES.iter().find(|(code, ..)| *code == self.code), self.code) {
            (Some((_, name, _)), _) => f.write_str(name),
            (None, KeyCode::F(number)) => write!(f, "f{number}"),
            (None, KeyCode::Char(c)) => write!(f, "{c}"),
            (None, _) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Key;

    #[test]
    fn key_hint_uses_terminal_notation() {
        for (text, short) in [
            ("ctrl-s", "^S"),
            ("alt-s", "Alt-s"),
            ("up", "↑"),
            ("space", "Space"),
            ("F1", "F1"),
            ("^x", "^X"),
        ] {
            assert_eq!(text.parse::<Key>().unwrap().hint(), short);
        }
        for nonsense in ["", "ctrl-", "f0", "f25", "upp", "\t"] {
            assert!(nonsense.parse::<Key>().is_err(), "{nonsense:?}");
        }
    }

    proptest! {
        #[test]
        fn key_display_parse_round_trips(
            text in "(ctrl-|C-|\\^)?(alt-|A-)?([a-zA-Z!-/日]|enter|esc|space|tab|shift-tab|page-up|f[1-9])"
        ) {
            let key: Key = text.parse()?;
            prop_assert_eq!(key.to_string().parse::<Key>(), Ok(key));
        }
    }
}

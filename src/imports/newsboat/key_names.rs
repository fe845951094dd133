//! The names of keys in newsboat's configuration.

/// Maximum number of keys of a binding.
const MAX_KEYS: usize = 4;

/// The names here of the keys that are held.
const CONTROL: &str = "ctrl";
const ALT: &str = "alt";

/// The named keys, and their names here.
const NAMED_KEYS: [(&str, &str); 17] = [
    ("ENTER", "enter"),
    ("SPACE", "space"),
    ("TAB", "tab"),
    ("ESC", "esc"),
    ("BACKSPACE", "backspace"),
    ("BACKTAB", "shift-tab"),
    ("DELETE", "delete"),
    ("INSERT", "insert"),
    ("UP", "up"),
    ("DOWN", "down"),
    ("LEFT", "left"),
    ("RIGHT", "right"),
    ("HOME", "home"),
    ("END", "end"),
    ("NPAGE", "page-down"),
    ("PPAGE", "page-up"),
    ("PAGEDOWN", "page-down"),
];

/// Returns the name here of a key of `bind-key`; `None` for one that there is not.
pub(super) fn translate_key(key: &str) -> Option<String> {
    if let Some(control) = key.strip_prefix('^') {
        let mut chars = control.chars();
        return match (chars.next(), chars.next()) {
            (None, _) => Some("^".to_owned()),
            (Some(c), None) if c.is_ascii_alphabetic() => {
                Some(with_modifier(CONTROL, &c.to_ascii_lowercase().to_string()))
            }
            _ => None,
        };
    }
    let name = key.to_ascii_uppercase();
    if name == "PAGEUP" {
        return Some("page-up".to_owned());
    }
    if let Some((_, own)) = NAMED_KEYS.iter().find(|(known, _)| *known == name) {
        return Some((*own).to_owned());
    }
    let is_function =
        |number: &str| number.parse().is_ok_and(|number| (1..=24_u8).contains(&number));
    if name.strip_prefix('F').is_some_and(is_function) {
        return Some(name.to_ascii_lowercase());
    }
    let mut chars = key.chars();
    match (chars.next(), chars.next()) {
        (Some(' '), None) => Some("space".to_owned()),
        (Some(c), None) if !c.is_control() && !c.is_whitespace() => Some(c.to_string()),
        _ => None,
    }
}

/// Returns the keys here of a sequence of `bind`, such as `gg`, `^D` or `<C-d>g`; `None` for one with a
/// key that there is not.
pub(super) fn translate_sequence(sequence: &str) -> Option<String> {
    let (mut keys, mut rest) = (Vec::new(), sequence);
    while let Some(c) = rest.chars().next() {
        let named = rest.strip_prefix('<').and_then(|inner| inner.split_once('>'));
        let (key, after) = match (c, named) {
            ('<', Some((name, after))) if !name.is_empty() => (translate_named(name)?, after),
            ('^', _) if rest.len() > 1 => {
                let end = 1 + rest[1..].chars().next()?.len_utf8();
                (translate_key(&rest[..end])?, &rest[end..])
            }
            (c, _) => (translate_key(&rest[..c.len_utf8()])?, &rest[c.len_utf8()..]),
        };
        keys.push(key);
        rest = after;
    }
    (!keys.is_empty() && keys.len() <= MAX_KEYS).then(|| keys.join(" "))
}

/// Translates the name within angle brackets: `ENTER`, `C-d`, `M-x`.
fn translate_named(name: &str) -> Option<String> {
    let modifiers = [("C-", CONTROL), ("M-", ALT), ("A-", ALT)];
    let held = modifiers.iter().find_map(|(sign, modifier)| {
        Some((modifier, name.strip_prefix(sign).filter(|key| !key.is_empty())?))
    });
    match held {
        Some((modifier, key)) => Some(with_modifier(modifier, &translate_key(key)?)),
        None => translate_key(name),
    }
}

/// Returns the name here of a key that is pressed together with another one.
fn with_modifier(modifier: &str, key: &str) -> String {
    format!("{modifier}-{key}")
}

/// Returns whether a key types a letter, so that it would go into the filter bar.
pub(super) fn is_printable(keys: &str) -> bool {
    let first = keys.split(' ').next().unwrap_or_default();
    first == "space" || first.chars().count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_names_of_this_reader() {
        for (key, own) in [
            ("j", Some("j")),
            ("J", Some("J")),
            ("^R", Some("ctrl-r")),
            ("^", Some("^")),
            ("ENTER", Some("enter")),
            ("enter", Some("enter")),
            (" ", Some("space")),
            ("NPAGE", Some("page-down")),
            ("F5", Some("f5")),
            ("F", Some("F")),
            ("F99", None),
            ("^ab", None),
            ("nonsense", None),
        ] {
            assert_eq!(translate_key(key).as_deref(), own, "{key}");
        }
        for (sequence, own) in [
            ("gg", Some("g g")),
            ("^Dx", Some("ctrl-d x")),
            ("<C-d>", Some("ctrl-d")),
            ("<ENTER>", Some("enter")),
            ("<F1>", Some("f1")),
            ("<", Some("<")),
            ("abcde", None),
            ("", None),
            ("<nonsense>", None),
        ] {
            assert_eq!(translate_sequence(sequence).as_deref(), own, "{sequence}");
        }
        assert!(is_printable("g g") && is_printable("space") && !is_printable("ctrl-d"));
    }
}

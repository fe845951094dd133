//! Keys in words, for screen readers: most of them skip punctuation, and read `X` as `x`.

/// Names of keys that are punctuation.
const PUNCTUATION: [(&str, &str); 16] = [
    ("?", "question-mark"),
    (":", "colon"),
    ("/", "slash"),
    ("\\", "backslash"),
    ("[", "left-bracket"),
    ("]", "right-bracket"),
    ("<", "less-than"),
    (">", "greater-than"),
    ("|", "bar"),
    (".", "period"),
    (",", "comma"),
    ("#", "hash"),
    ("-", "minus"),
    ("+", "plus"),
    ("=", "equals"),
    ("*", "asterisk"),
];

/// Spells the keys of a hint, which are separated by blanks: `^X E  ?` becomes
/// `Ctrl-x Shift-e  question-mark`.
pub fn spell_keys(keys: &str) -> String {
    let spelled: Vec<String> = keys.split(' ').map(spell_key).collect();
    spelled.join(" ")
}

fn spell_key(key: &str) -> String {
    if let Some(rest) = key.strip_prefix("Alt-") {
        return format!("Alt-{}", spell_key(rest));
    }
    let control = key.strip_prefix('^').filter(|rest| !rest.is_empty());
    if let Some(rest) = control {
        return format!("Ctrl-{}", spell_key(&rest.to_lowercase()));
    }
    let name = PUNCTUATION.iter().find(|(known, _)| *known == key).map(|(_, name)| *name);
    match name {
        Some(name) => name.to_owned(),
        None if is_capital(key) => format!("Shift-{}", key.to_lowercase()),
        None => key.to_owned(),
    }
}

fn is_capital(key: &str) -> bool {
    let mut letters = key.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::spell_keys;

    #[test]
    fn spell_keys_names_modifiers_capitals_and_punctuation() {
        for (keys, spelled) in [
            ("^X E  ?", "Ctrl-x Shift-e  question-mark"),
            ("Alt-A", "Alt-Shift-a"),
            ("Alt-^S", "Alt-Ctrl-s"),
            ("^X |", "Ctrl-x bar"),
            ("x", "x"),
            ("^", "^"),
            ("Down PgDn F1", "Down PgDn F1"),
            ("is:unread is:star", "is:unread is:star"),
            ("", ""),
        ] {
            assert_eq!(spell_keys(keys), spelled, "{keys}");
        }
    }
}

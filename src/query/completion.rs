//! What a filter may go on with: names of fields, and their values.

use super::{
    MediaKind,
    fields::{FIELD_NAMES, STATE_NAMES},
};

/// The names that only the library knows.
#[derive(Debug, Clone, Default)]
pub struct CompletionSources<'a> {
    /// Feeds.
    pub feeds: Vec<&'a str>,
    /// Folders.
    pub folders: Vec<&'a str>,
    /// Tags of feeds.
    pub tags: Vec<&'a str>,
}

/// Letters that a name of a field needs before it is offered.
const MIN_FIELD_CHARS: usize = 2;

const DATE_VALUES: [&str; 12] = [
    "today",
    "yesterday",
    "this-week",
    "last-week",
    "this-month",
    "last-month",
    "this-year",
    "last-year",
    "monday",
    "3d",
    "2w",
    "6m",
];

const LANGUAGE_CODES: [&str; 16] = [
    "ar", "de", "en", "es", "fa", "fr", "he", "hi", "it", "ja", "ko", "nl", "pt", "ru", "ur", "zh",
];

/// What `before`, the text before the caret, may go on with: each is the whole text as it would be then. What is
/// complete already goes on with nothing.
pub fn complete_query(before: &str, vocabulary: &CompletionSources<'_>) -> Vec<String> {
    let start = before.rfind(|c: char| c.is_whitespace() || c == '(').map_or(0, |at| at + 1);
    let part = before[start..].trim_start_matches(['!', '-']);
    let start = before.len() - part.len();
    let candidates: Vec<String> = match part.split_once(':') {
        Some((name, value)) => complete_value(name, value, vocabulary),
        None if part.len() >= MIN_FIELD_CHARS => FIELD_NAMES
            .iter()
            .filter(|name| starts_with_ignore_case(name, part))
            .map(|name| format!("{name}:"))
            .collect(),
        None => Vec::new(),
    };
    candidates.into_iter().map(|candidate| format!("{}{candidate}", &before[..start])).collect()
}

fn complete_value(name: &str, value: &str, vocabulary: &CompletionSources<'_>) -> Vec<String> {
    let value = value.trim_start_matches('"');
    let known: Vec<&str> = match name.to_ascii_lowercase().as_str() {
        "is" => STATE_NAMES.iter().map(|(_, name)| *name).collect(),
        "has" => MediaKind::ALL.iter().map(|(_, name)| *name).collect(),
        "lang" => LANGUAGE_CODES.to_vec(),
        "since" | "before" | "on" => DATE_VALUES.to_vec(),
        "feed" => vocabulary.feeds.clone(),
        "folder" => vocabulary.folders.clone(),
        "in" => [vocabulary.folders.as_slice(), vocabulary.feeds.as_slice()].concat(),
        "tag" => vocabulary.tags.clone(),
        _ => return Vec::new(),
    };
    let begun = known
        .into_iter()
        .filter(|known| starts_with_ignore_case(known, value) && known.len() > value.len());
    let mut found: Vec<String> =
        begun.map(|known| format!("{name}:{}", quote_value(known))).collect();
    found.dedup();
    found
}

fn starts_with_ignore_case(word: &str, start: &str) -> bool {
    word.to_lowercase().starts_with(&start.to_lowercase())
}

/// A value of several words needs quotes to be one.
fn quote_value(value: &str) -> String {
    let value = value.replace('"', "");
    if value.contains(|c: char| c.is_whitespace() || c == ')') {
        format!("\"{value}\"")
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::{CompletionSources, complete_query};

    #[test]
    fn completion_offers_fields_and_values() {
        let vocabulary = CompletionSources {
            feeds: vec!["Evening Post", "LWN"],
            folders: vec!["World"],
            tags: vec!["daily"],
        };
        let found = |before: &str| complete_query(before, &vocabulary);
        assert_eq!(found("rust ti"), ["rust title:"]);
        assert_eq!(found("!au"), ["!author:"]);
        assert_eq!(found("be"), ["before:", "between:"]);
        assert_eq!(found("(is:un"), ["(is:unread"]);
        assert_eq!(found("feed:"), ["feed:\"Evening Post\"", "feed:LWN"]);
        assert_eq!(found("in:w"), ["in:World"]);
        assert_eq!(found("-tag:d"), ["-tag:daily"]);
        assert_eq!(found("since:last"), ["since:last-week", "since:last-month", "since:last-year"]);
        for nothing in ["", "t", "rust", "is:unread", "title:x", "foo:", "re:a", "12:3"] {
            assert_eq!(found(nothing), Vec::<String>::new(), "{nothing}");
        }
    }
}

//! Completes field names and values while a filter is typed.

use super::{
    MediaKind,
    fields::{FIELD_NAMES, STATE_NAMES},
};

/// The names in the library that can complete a value.
#[derive(Debug, Clone, Default)]
pub struct CompletionSources<'a> {
    /// Feed names.
    pub feeds: Vec<&'a str>,
    /// Folder names.
    pub folders: Vec<&'a str>,
    /// Tags of feeds.
    pub tags: Vec<&'a str>,
}

/// Minimum number of letters before field names are offered.
const MIN_FIELD_CHARS: usize = 2;

/// The values that are offered after `since:`, `before:` and `on:`.
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

/// The values that are offered after `lang:`.
const LANGUAGE_CODES: [&str; 16] = [
    "ar", "de", "en", "es", "fa", "fr", "he", "hi", "it", "ja", "ko", "nl", "pt", "ru", "ur", "zh",
];

/// Returns the completions of `before`, the text before the cursor. Each is the whole text
/// including the completion. A complete value has no completions.
pub fn complete_query(before: &str, sources: &CompletionSources<'_>) -> Vec<String> {
    let start = before.rfind(|c: char| c.is_whitespace() || c == '(').map_or(0, |at| at + 1);
    let word = before[start..].trim_start_matches(['!', '-']);
    let start = before.len() - word.len();
    let candidates: Vec<String> = match word.split_once(':') {
        Some((name, value)) => complete_value(name, value, sources),
        None if word.len() >= MIN_FIELD_CHARS => FIELD_NAMES
            .iter()
            .filter(|name| starts_with_ignore_case(name, word))
            .map(|name| format!("{name}:"))
            .collect(),
        None => Vec::new(),
    };
    candidates.into_iter().map(|candidate| format!("{}{candidate}", &before[..start])).collect()
}

fn complete_value(name: &str, value: &str, sources: &CompletionSources<'_>) -> Vec<String> {
    let value = value.trim_start_matches('"');
    let candidates: Vec<&str> = match name.to_ascii_lowercase().as_str() {
        "is" => STATE_NAMES.iter().map(|(_, name)| *name).collect(),
        "has" => MediaKind::ALL.iter().map(|(_, name)| *name).collect(),
        "lang" => LANGUAGE_CODES.to_vec(),
        "since" | "before" | "on" => DATE_VALUES.to_vec(),
        "feed" => sources.feeds.clone(),
        "folder" => sources.folders.clone(),
        "in" => [sources.folders.as_slice(), sources.feeds.as_slice()].concat(),
        "tag" => sources.tags.clone(),
        _ => return Vec::new(),
    };
    let matching = candidates.into_iter().filter(|candidate| {
        starts_with_ignore_case(candidate, value) && candidate.len() > value.len()
    });
    let mut completions: Vec<String> =
        matching.map(|candidate| format!("{name}:{}", quote_value(candidate))).collect();
    completions.dedup();
    completions
}

fn starts_with_ignore_case(word: &str, start: &str) -> bool {
    word.to_lowercase().starts_with(&start.to_lowercase())
}

/// Quotes a value that contains whitespace or `)`, either of which would end the value.
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
        let sources = CompletionSources {
            feeds: vec!["Evening Post", "LWN"],
            folders: vec!["World"],
            tags: vec!["daily"],
        };
        let complete = |before: &str| complete_query(before, &sources);
        assert_eq!(complete("rust ti"), ["rust title:"]);
        assert_eq!(complete("!au"), ["!author:"]);
        assert_eq!(complete("be"), ["before:", "between:"]);
        assert_eq!(complete("(is:un"), ["(is:unread"]);
        assert_eq!(complete("feed:"), ["feed:\"Evening Post\"", "feed:LWN"]);
        assert_eq!(complete("in:w"), ["in:World"]);
        assert_eq!(complete("-tag:d"), ["-tag:daily"]);
        assert_eq!(
            complete("since:last"),
            ["since:last-week", "since:last-month", "since:last-year"]
        );
        for nothing in ["", "t", "rust", "is:unread", "title:x", "foo:", "re:a", "12:3"] {
            assert_eq!(complete(nothing), Vec::<String>::new(), "{nothing}");
        }
    }
}

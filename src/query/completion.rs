//! Completes field names and values while a filter is typed.

use super::{
    MediaKind,
    fields::{FIELD_NAMES, STATE_NAMES, VERSIONS_VALUE},
};
use crate::text::fold;

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
    let word = last_word(before);
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

/// Returns the value before the cursor if it is to be the name of a feed, a folder or a tag and no
/// name matches it.
pub fn find_unknown_name<'a>(before: &'a str, sources: &CompletionSources<'_>) -> Option<&'a str> {
    let (field, value) = last_word(before).split_once(':')?;
    let names = name_candidates(field, sources)?;
    let value = value.trim_matches('"');
    (!names.iter().any(|name| name_matches(name, value))).then_some(value)
}

/// Returns the word before the cursor, without signs of negation. A quoted value is part of it.
fn last_word(before: &str) -> &str {
    let is_quote_open = before.matches('"').count() % 2 == 1;
    let unquoted = if is_quote_open { before.rfind('"').unwrap_or(0) } else { before.len() };
    let is_boundary = |c: char| c.is_whitespace() || c == '(';
    let start = before[..unquoted].trim_end_matches(|c| !is_boundary(c)).len();
    before[start..].trim_start_matches(['!', '-'])
}

/// Returns the names that complete the value of a field; `None` for a field of other values.
fn name_candidates<'a>(field: &str, sources: &CompletionSources<'a>) -> Option<Vec<&'a str>> {
    Some(match field.to_ascii_lowercase().as_str() {
        "feed" => sources.feeds.clone(),
        "folder" => sources.folders.clone(),
        "in" => [sources.folders.as_slice(), sources.feeds.as_slice()].concat(),
        "tag" => sources.tags.clone(),
        _ => return None,
    })
}

/// Returns true if a word of a name begins with `value`, as the filter matches it.
fn name_matches(name: &str, value: &str) -> bool {
    fold(name).contains(fold(value).trim_end())
}

fn complete_value(name: &str, value: &str, sources: &CompletionSources<'_>) -> Vec<String> {
    let value = value.trim_start_matches('"');
    if value.ends_with('"') {
        return Vec::new();
    }
    let candidates: Vec<&str> = match name.to_ascii_lowercase().as_str() {
        "is" => STATE_NAMES.iter().map(|(_, name)| *name).collect(),
        "has" => {
            let media = MediaKind::ALL.iter().map(|(_, name)| *name);
            media.chain([VERSIONS_VALUE]).collect()
        }
        "lang" => LANGUAGE_CODES.to_vec(),
        "since" | "before" | "on" => DATE_VALUES.to_vec(),
        _ => match name_candidates(name, sources) {
            Some(names) => return complete_name(name, value, names),
            None => return Vec::new(),
        },
    };
    let matching = candidates.into_iter().filter(|candidate| {
        starts_with_ignore_case(candidate, value) && candidate.len() > value.len()
    });
    matching.map(|candidate| format!("{name}:{}", quote_value(candidate))).collect()
}

/// Returns the names that match a value; those that begin with it come first.
fn complete_name(field: &str, value: &str, names: Vec<&str>) -> Vec<String> {
    let matches = |name: &&str| name_matches(name, value) && name.len() > value.len();
    let mut matching: Vec<&str> = names.into_iter().filter(matches).collect();
    matching.sort_by_key(|name| !starts_with_ignore_case(name, value));
    let mut completions: Vec<String> =
        matching.into_iter().map(|name| format!("{field}:{}", quote_value(name))).collect();
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
    use proptest::prelude::*;

    use super::{CompletionSources, complete_query, find_unknown_name};

    const SOURCES: fn() -> CompletionSources<'static> = || CompletionSources {
        feeds: vec!["The Guardian", "Guardian Books", "Le Café"],
        folders: vec!["World"],
        tags: vec!["daily"],
    };

    #[test]
    fn completion_matches_names_anywhere_with_beginnings_first() {
        let complete = |before: &str| complete_query(before, &SOURCES());
        assert_eq!(complete("in:gua"), ["in:\"Guardian Books\"", "in:\"The Guardian\""]);
        assert_eq!(complete("a feed:\"the gu"), ["a feed:\"The Guardian\""]);
        assert_eq!(complete("in:cafe"), ["in:\"Le Café\""]);
        assert_eq!(complete("in:\"The Guardian\""), Vec::<String>::new());
    }

    #[test]
    fn find_unknown_name_tells_unfinished_from_unknown_names() {
        let unknown = |before: &str| find_unknown_name(before, &SOURCES()).map(str::to_owned);
        assert_eq!(unknown("in:zzz"), Some("zzz".to_owned()));
        assert_eq!(unknown("rust -tag:weekly"), Some("weekly".to_owned()));
        for known in ["in:gua", "in:\"The Guardian\"", "tag:daily", "title:zzz", "zzz", "in:zzz a"]
        {
            assert_eq!(unknown(known), None, "{known}");
        }
    }

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

    #[test]
    fn completion_follows_any_blank() {
        assert_eq!(complete_query("a\u{a0}is:unr", &SOURCES()), ["a\u{a0}is:unread"]);
        assert_eq!(complete_query("東京\u{3000}in:wor", &SOURCES()), ["東京\u{3000}in:World"]);
    }

    proptest! {
        #[test]
        fn completion_adds_to_any_text(
            before in "(is:|in:|feed:|tag:|un|gua|é|[a-z:\"(! \u{a0}\u{3000}\u{1680}東-]){0,8}",
        ) {
            let sources = SOURCES();
            let _ = find_unknown_name(&before, &sources);
            for completion in complete_query(&before, &sources) {
                prop_assert!(completion != before, "{before:?}");
            }
        }
    }
}

//! What the dictionary of a segment has in it: words of the text, and whatever else narrows a list.

use crate::{model::FeedId, text::stands_alone};

/// What a key of the dictionary speaks of. The order of the spaces is the order of the keys: words come first, so that
/// the first ordinals are theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::index) enum Space {
    /// A word anywhere in the folded text.
    Word = 1,
    /// Two neighbouring words, where both are [frequent](frequent) or written without blanks: `of the`, `東 京`.
    Pair,
    /// A word of the title.
    Title,
    /// A word of the author's name.
    Author,
    /// A word of a tag of the entry.
    Tag,
    /// A word of its address.
    Url,
    /// Something that holds or does not: its feed, its language.
    Fact,
}

/// The key of `word` in a space.
pub(in crate::index) fn key(space: Space, word: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(word.len() + 1);
    key.push(space as u8);
    key.extend_from_slice(word.as_bytes());
    key
}

/// The first key that does not begin with `prefix`; `None` behind the last of all keys.
pub(in crate::index) fn behind(prefix: &[u8]) -> Option<Vec<u8>> {
    let end = prefix.iter().rposition(|byte| *byte < u8::MAX)?;
    let mut behind = prefix[..=end].to_vec();
    behind[end] += 1;
    Some(behind)
}

/// Entries of a feed.
pub(in crate::index) fn of_feed(feed: FeedId) -> String {
    format!("feed {}", feed.0)
}

/// Entries of which only the day is known.
pub(in crate::index) const DAY_ONLY: &str = "day only";

/// Whether pairs of a word are in the dictionary: never, or with words of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::index) enum Pairing {
    Never,
    Frequent,
    Alone,
}

impl Pairing {
    pub(in crate::index) fn of(word: &str) -> Pairing {
        match word.chars().next() {
            Some(c) if stands_alone(c) => Pairing::Alone,
            _ if is_frequent(word) => Pairing::Frequent,
            _ => Pairing::Never,
        }
    }
}

/// The words whose pairs are kept, sorted, a line each.
const FREQUENT: &str = include_str!("../../../assets/frequent-words.txt");

/// Whether pairs of this word are kept: it is among the most frequent of its language.
pub(in crate::index) fn is_frequent(word: &str) -> bool {
    use std::sync::LazyLock;
    static WORDS: LazyLock<hashbrown::HashSet<&str>> = LazyLock::new(|| FREQUENT.lines().collect());
    WORDS.contains(word)
}

/// The frequent words that begin with `prefix`, in the order of the dictionary.
pub(in crate::index) fn frequent_words(prefix: &str) -> impl Iterator<Item = &'static str> {
    FREQUENT.lines().filter(move |word| word.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix_is_behind_all_that_begins_with_it() {
        assert_eq!(behind(b"ab"), Some(b"ac".to_vec()));
        assert_eq!(behind(b"a\xff"), Some(b"b".to_vec()));
        assert_eq!(behind(b"\xff"), None);
        assert!(key(Space::Word, "zzz") < key(Space::Pair, "a a"));
        assert!(is_frequent("the") && !is_frequent("zeppelin"));
    }

    #[test]
    fn frequent_words_are_folded_as_texts_are() {
        for word in FREQUENT.lines() {
            assert_eq!(crate::text::fold(word).trim(), word);
        }
        assert!(FREQUENT.lines().is_sorted());
    }
}

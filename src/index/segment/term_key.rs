//! What the dictionary of a segment has in it: words of the text, and whatever else narrows a list.

use crate::{model::FeedId, text::is_single_char_word};

/// What a key of the dictionary speaks of. The order of the spaces is the order of the keys: words come first, so that
/// the first ordinals are theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::index) enum TermField {
    /// A word anywhere in the folded text.
    Word = 1,
    /// Two neighbouring words, where both are frequent or written without blanks: `of the`, `東 京`.
    Bigram,
    /// A word of the title.
    Title,
    /// A word of the author's name.
    Author,
    /// A word of a tag of the entry.
    Tag,
    /// A word of its address.
    Url,
    /// Something that holds or does not: its feed, its language.
    Attribute,
}

/// The key of `word` in a space.
pub(in crate::index) fn term_key(space: TermField, word: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(word.len() + 1);
    key.push(space as u8);
    key.extend_from_slice(word.as_bytes());
    key
}

/// The first key that does not begin with `prefix`; `None` behind the last of all keys.
pub(in crate::index) fn prefix_end(prefix: &[u8]) -> Option<Vec<u8>> {
    let end = prefix.iter().rposition(|byte| *byte < u8::MAX)?;
    let mut behind = prefix[..=end].to_vec();
    behind[end] += 1;
    Some(behind)
}

/// Entries of a feed.
pub(in crate::index) fn feed_attribute(feed: FeedId) -> String {
    format!("feed {}", feed.0)
}

/// Entries of which only the day is known.
pub(in crate::index) const DAY_ONLY_ATTRIBUTE: &str = "day only";

/// Whether pairs of a word are in the dictionary: never, or with words of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::index) enum BigramClass {
    Ordinary,
    Frequent,
    Unspaced,
}

impl BigramClass {
    pub(in crate::index) fn of_word(word: &str) -> BigramClass {
        match word.chars().next() {
            Some(c) if is_single_char_word(c) => BigramClass::Unspaced,
            _ if is_frequent_word(word) => BigramClass::Frequent,
            _ => BigramClass::Ordinary,
        }
    }
}

/// The words whose pairs are kept, sorted, a line each.
const FREQUENT_WORD_LIST: &str = include_str!("../../../assets/frequent-words.txt");

/// Whether pairs of this word are kept: it is among the most frequent of its language.
pub(in crate::index) fn is_frequent_word(word: &str) -> bool {
    use std::sync::LazyLock;
    static WORDS: LazyLock<hashbrown::HashSet<&str>> =
        LazyLock::new(|| FREQUENT_WORD_LIST.lines().collect());
    WORDS.contains(word)
}

/// The frequent words that begin with `prefix`, in the order of the dictionary.
pub(in crate::index) fn frequent_words_with_prefix(
    prefix: &str,
) -> impl Iterator<Item = &'static str> {
    FREQUENT_WORD_LIST.lines().filter(move |word| word.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefix_end_is_after_all_keys_with_prefix() {
        assert_eq!(prefix_end(b"ab"), Some(b"ac".to_vec()));
        assert_eq!(prefix_end(b"a\xff"), Some(b"b".to_vec()));
        assert_eq!(prefix_end(b"\xff"), None);
        assert!(term_key(TermField::Word, "zzz") < term_key(TermField::Bigram, "a a"));
        assert!(is_frequent_word("the") && !is_frequent_word("zeppelin"));
    }

    #[test]
    fn frequent_words_are_folded_and_sorted() {
        for word in FREQUENT_WORD_LIST.lines() {
            assert_eq!(crate::text::fold(word).trim(), word);
        }
        assert!(FREQUENT_WORD_LIST.lines().is_sorted());
    }
}

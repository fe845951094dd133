//! The keys of the term dictionary: words of texts and fields, bigrams and attributes.

use crate::{model::FeedId, text::is_single_char_word};

/// The kind of a key, which is the first byte of the key. The order of the variants is the order of
/// the keys: words come first, so that they have the lowest ordinals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::index) enum TermField {
    /// A word anywhere in the folded text.
    Word = 1,
    /// Two adjacent words that are both frequent or both written without spaces: `of the`, `東 京`.
    Bigram,
    /// A word of the title.
    Title,
    /// A word of the author.
    Author,
    /// A word of the entry's tags.
    Tag,
    /// A word of the URL.
    Url,
    /// A property that an entry has or has not, such as its feed or its language.
    Attribute,
    /// The joined form of a compound in title or body, as `alsharaa` of `al-sharaa`. Only the entries
    /// with [`JOINED_ATTRIBUTE`] have these keys.
    Joined,
}

/// Returns the key of `word` in `field`.
pub(in crate::index) fn term_key(field: TermField, word: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(word.len() + 1);
    key.push(field as u8);
    key.extend_from_slice(word.as_bytes());
    key
}

/// Returns the first possible key after all keys that begin with `prefix`, or `None` if there is
/// none.
pub(in crate::index) fn prefix_end(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte < u8::MAX)?;
    let mut end_key = prefix[..=last].to_vec();
    end_key[last] += 1;
    Some(end_key)
}

/// Returns the attribute of the entries of a feed.
pub(in crate::index) fn feed_attribute(feed: FeedId) -> String {
    format!("feed {}", feed.0)
}

/// The attribute of entries of which only the day of publication is known.
pub(in crate::index) const DAY_ONLY_ATTRIBUTE: &str = "day only";

/// The attribute of entries whose [joined forms](TermField::Joined) are in the dictionary: those that
/// were indexed since the dictionary has them.
pub(in crate::index) const JOINED_ATTRIBUTE: &str = "joined forms";

/// A class of words. The dictionary has the bigrams of two frequent words and of two unspaced
/// words; other bigrams are in [`common_bigrams`](super::common_bigrams) if both words are common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::index) enum BigramClass {
    /// A word whose bigrams are not in the dictionary.
    Ordinary,
    /// A word on the list of frequent words.
    Frequent,
    /// A single character of a script that is written without spaces.
    Unspaced,
}

impl BigramClass {
    /// Returns the class of `word`.
    pub(in crate::index) fn of_word(word: &str) -> BigramClass {
        match word.chars().next() {
            Some(c) if is_single_char_word(c) => BigramClass::Unspaced,
            _ if is_frequent_word(word) => BigramClass::Frequent,
            _ => BigramClass::Ordinary,
        }
    }
}

/// The frequent words, one per line, in ascending order.
const FREQUENT_WORD_LIST: &str = include_str!("../../../assets/frequent-words.txt");

/// Returns true if `word` is among the most frequent words of its language.
pub fn is_frequent_word(word: &str) -> bool {
    use std::sync::LazyLock;
    static WORDS: LazyLock<hashbrown::HashSet<&str>> =
        LazyLock::new(|| FREQUENT_WORD_LIST.lines().collect());
    WORDS.contains(word)
}

/// Iterates over the frequent words that begin with `prefix`, in the order of the dictionary.
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

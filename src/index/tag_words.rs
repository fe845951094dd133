//! The words of the entries' tags, and how many entries have each.

use std::{cmp::Reverse, collections::BTreeSet};

use hashbrown::HashMap;

use super::{
    IndexError, Segment,
    segment::term_key::{TermField, is_frequent_word},
};

/// The words of tags with the number of documents that have them. Documents that are deleted, or of
/// unsubscribed feeds, may be among these.
#[derive(Debug, Default)]
pub struct TagWords {
    doc_freqs: HashMap<String, u32>,
}

impl TagWords {
    /// Adds the words of a segment.
    pub(super) fn add_segment(&mut self, segment: &Segment) -> Result<(), IndexError> {
        segment.for_each_word(TermField::Tag, |word, doc_freq| {
            *self.doc_freqs.entry_ref(word).or_default() += doc_freq;
        })
    }

    /// Adds the words of one entry that is not indexed yet.
    pub(super) fn add_folded_tags(&mut self, tags: &str) {
        let words: BTreeSet<&str> = tags.split(' ').collect();
        for word in words {
            *self.doc_freqs.entry_ref(word).or_default() += 1;
        }
    }

    /// Returns the most frequent words, at most `limit`, the most frequent first. Words that say
    /// nothing alone are left out: single characters, and short frequent ones such as "of".
    pub fn most_frequent(self, limit: usize) -> Vec<String> {
        let mut words: Vec<(Reverse<u32>, String)> = self
            .doc_freqs
            .into_iter()
            .filter(|(word, _)| !is_filler(word))
            .map(|(word, doc_freq)| (Reverse(doc_freq), word))
            .collect();
        words.sort_unstable();
        words.into_iter().take(limit).map(|(_, word)| word).collect()
    }
}

/// Returns whether a word of a tag says nothing alone: a single character, or a short word among the
/// frequent ones ("of"). Longer frequent words, such as "news", are topics as well.
fn is_filler(word: &str) -> bool {
    let length = word.chars().count();
    length < 2 || (length <= 3 && is_frequent_word(word))
}

#[cfg(test)]
mod tests {
    use super::TagWords;

    #[test]
    fn most_frequent_tag_words_come_first_without_filler() {
        let mut words = TagWords::default();
        for tags in ["kernel and x", "kernel news kernel", "audio news kernel", ""] {
            words.add_folded_tags(tags);
        }
        assert_eq!(words.most_frequent(3), ["kernel", "news", "audio"]);
    }
}

//! Copies by text: how much of one article is in another.
//!
//! The share of the shorter text's runs of three words that the longer one has finds a teaser of two
//! sentences in its full text, where Jaccard's measure and SimHash, which compare whole texts, find
//! 1 % and nothing.

use std::collections::HashSet;

use super::StoryText;
use crate::text::{floor_char_boundary, for_each_word, stable_digest};

/// Maximum length of a text that is compared, in bytes.
const MAX_TEXT_BYTES: usize = 256 << 10;

/// Minimum number of runs of the shorter text: fewer may occur in two articles by chance.
const MIN_SHINGLES: usize = 12;

/// The runs of three words of an article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shingles {
    digests: HashSet<u64>,
}

impl Shingles {
    /// Reads the runs of words of the body.
    pub fn new(text: StoryText<'_>) -> Shingles {
        let body = &text.body[..floor_char_boundary(text.body, MAX_TEXT_BYTES)];
        let mut last_words: [u64; 2] = [0, 0];
        let (mut count, mut digests) = (0_usize, HashSet::new());
        for_each_word(body, |word| {
            let word = stable_digest(&[word.folded.as_bytes()]);
            count += 1;
            if count >= 3 {
                let [first, second] = last_words.map(u64::to_le_bytes);
                digests.insert(stable_digest(&[&first, &second, &word.to_le_bytes()]));
            }
            last_words = [last_words[1], word];
        });
        Shingles { digests }
    }

    /// Returns whether at least half of the shorter text is in the other, so that both are one
    /// article.
    pub fn contains_half_of(&self, other: &Shingles) -> bool {
        let (short, long) = if self.digests.len() <= other.digests.len() {
            (&self.digests, &other.digests)
        } else {
            (&other.digests, &self.digests)
        };
        let shared = short.iter().filter(|digest| long.contains(*digest)).count();
        short.len() >= MIN_SHINGLES && shared * 2 >= short.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "A fire has destroyed the church that the governor of Alaska attends. Nobody \
        was hurt, the minister said on Friday, and the cause of the fire is not known. The governor \
        apologised if the fire had anything to do with the attention that she has received.";

    fn shingles(body: &str) -> Shingles {
        Shingles::new(StoryText { title: "", body })
    }

    #[test]
    fn teaser_is_contained_in_its_full_text() {
        let teaser = &REPORT[..REPORT.find(" Nobody").unwrap() + 60];
        assert!(shingles(REPORT).contains_half_of(&shingles(teaser)));
        assert!(shingles(teaser).contains_half_of(&shingles(REPORT)));
        let framed = format!("Read more about Alaska here: {REPORT} Follow us for more of this.");
        assert!(shingles(&framed).contains_half_of(&shingles(REPORT)));
    }

    #[test]
    fn report_in_other_words_is_no_copy() {
        let other = "Investigators look for the cause of a fire that has burnt down the church of \
            Alaska's governor, who said she was sorry if it had been set because of her.";
        assert!(!shingles(REPORT).contains_half_of(&shingles(other)));
    }

    #[test]
    fn few_words_are_never_a_copy() {
        assert!(!shingles(REPORT).contains_half_of(&shingles("A fire has destroyed the church")));
        assert!(!shingles("").contains_half_of(&shingles("")));
    }
}

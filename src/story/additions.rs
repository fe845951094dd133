//! The sentences of a story's other articles that one does not have.
//!
//! A sentence counts as known if at least half of its runs of three words (3-shingles) are in the texts
//! before it, so that one that was shortened or carried over is not shown twice. Start with
//! [`find_additions`].

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
};

use crate::text::{for_each_word, split_sentences};

/// Share of the 3-shingles of a sentence, in hundredths, from which on a text has it: the share that makes a text a
/// copy of another (see [`Shingles::is_copy_of`](super::Shingles::is_copy_of)).
const MIN_SHARE_PERCENT: usize = 50;

/// Number of words of a shingle.
const SHINGLE_WORDS: usize = 3;

/// Minimum number of words of a sentence that is an addition: shorter ones are credits, dates and crossheads.
const MIN_SENTENCE_WORDS: usize = 5;

/// Maximum number of words that are read of an article, and of all others together.
const MAX_WORDS: usize = 50_000;

/// Minimum number of letters of a word by which the place of an addition is found.
const MIN_PLACE_LETTERS: usize = 4;

/// Maximum number of blocks that have a word by which the place of an addition is found; what more have tells
/// no place.
const MAX_BLOCKS_PER_WORD: usize = 16;

/// Sentences that neighbour in a block of another article, and are new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryAddition {
    /// Index of the other article.
    pub source: usize,
    /// The sentences.
    pub text: String,
    /// Number of words.
    pub word_count: usize,
    /// Index of the block of the first article that is most like the one with the sentences; `None` if
    /// none is.
    pub nearest_block: Option<usize>,
}

/// Returns what `others` say that `own` does not, in their order. Each article is a list of blocks: paragraphs,
/// headings and the like. What several of the others say is an addition of the first of them.
pub fn find_additions(own: &[String], others: &[&[String]]) -> Vec<StoryAddition> {
    let mut known = KnownShingles::default();
    for block in own {
        known.add(&folded_words(block));
    }
    let places = BlockPlaces::new(own);
    let (mut additions, mut words_left) = (Vec::new(), MAX_WORDS);
    for (source, blocks) in others.iter().enumerate() {
        for block in *blocks {
            let words = folded_words(block);
            words_left = words_left.saturating_sub(words.len());
            if words_left == 0 {
                return additions;
            }
            for (text, word_count) in new_sentences(block, &known) {
                let nearest_block = places.nearest(&words);
                additions.push(StoryAddition { source, text, word_count, nearest_block });
            }
            known.add(&words);
        }
    }
    additions
}

/// Returns the runs of sentences of a block that are not known, with their numbers of words.
fn new_sentences(block: &str, known: &KnownShingles) -> Vec<(String, usize)> {
    let mut runs: Vec<(String, usize)> = Vec::new();
    let mut follows_run = false;
    for sentence in split_sentences(block) {
        let words = folded_words(sentence);
        let is_new = words.len() >= MIN_SENTENCE_WORDS && !known.has(&words);
        match runs.last_mut().filter(|_| follows_run) {
            Some((run, count)) if is_new => {
                run.push_str(sentence);
                *count += words.len();
            }
            _ if is_new => runs.push((sentence.to_owned(), words.len())),
            _ => {}
        }
        follows_run = is_new;
    }
    for (run, _) in &mut runs {
        run.truncate(run.trim_end().len());
    }
    runs
}

/// Returns the folded words of a text, without joined forms, which repeat parts of it.
fn folded_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for_each_word(text, |word| {
        if words.len() < MAX_WORDS {
            words.push(word.folded.to_owned());
        }
    });
    words
}

/// The shingles of texts.
#[derive(Default)]
struct KnownShingles(HashSet<u64>);

impl KnownShingles {
    fn add(&mut self, words: &[String]) {
        self.0.extend(words.windows(SHINGLE_WORDS).map(shingle_hash));
    }

    /// Returns whether the texts have so many of the shingles that they have the words.
    fn has(&self, words: &[String]) -> bool {
        let shingles = words.windows(SHINGLE_WORDS);
        let count = shingles.len();
        let shared = shingles.filter(|shingle| self.0.contains(&shingle_hash(shingle))).count();
        count > 0 && shared * 100 >= count * MIN_SHARE_PERCENT
    }
}

/// Returns a hash that is the same in every run.
fn shingle_hash(words: &[String]) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(words)
}

/// The blocks of an article by their words.
struct BlockPlaces {
    blocks_by_word: HashMap<String, Vec<usize>>,
}

impl BlockPlaces {
    fn new(blocks: &[String]) -> BlockPlaces {
        let mut blocks_by_word: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, block) in blocks.iter().enumerate() {
            let words = folded_words(block).into_iter().filter(|word| is_telling(word));
            for word in words.collect::<HashSet<String>>() {
                let places = blocks_by_word.entry(word).or_default();
                if places.len() <= MAX_BLOCKS_PER_WORD {
                    places.push(index);
                }
            }
        }
        blocks_by_word.retain(|_, places| places.len() <= MAX_BLOCKS_PER_WORD);
        BlockPlaces { blocks_by_word }
    }

    /// Returns the block that shares most with these words, the first of several; a word of few blocks
    /// counts more.
    fn nearest(&self, words: &[String]) -> Option<usize> {
        /// A word of one block alone has this weight, and others their share of it.
        const WEIGHT: usize = 720_720;
        let mut weights: HashMap<usize, usize> = HashMap::new();
        for word in words.iter().collect::<HashSet<&String>>() {
            let places = self.blocks_by_word.get(word).map_or(&[][..], Vec::as_slice);
            for place in places {
                *weights.entry(*place).or_default() += WEIGHT / places.len();
            }
        }
        let best = weights.into_iter().max_by_key(|(place, weight)| (*weight, usize::MAX - place));
        best.map(|(place, _)| place)
    }
}

/// Returns whether a word may tell the place of an addition.
fn is_telling(word: &str) -> bool {
    word.chars().count() >= MIN_PLACE_LETTERS || word.contains(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MAX_WORDS, StoryAddition, find_additions};

    fn blocks(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    const OWN: [&str; 3] = [
        "Fire destroys church in Wasilla",
        "The church of governor Sarah Palin in Wasilla, Alaska, burnt down on Friday night.",
        "Nobody was hurt, said the minister Larry Kroon. The building was insured.",
    ];

    #[test]
    fn additions_are_sentences_that_the_article_does_not_have() {
        let post = blocks(&[
            "The church of governor Sarah Palin in Wasilla burnt down on Friday night. Investigators believe that the fire was set.",
            "By Anna Weil",
            "Kroon called it a loss of a million dollars. He plans to rebuild the church within two years.",
        ]);
        let mail = blocks(&[
            "Investigators believe that the fire was set on purpose.",
            "Palin apologised to the minister if the fire was set because of her.",
        ]);
        let found = find_additions(&blocks(&OWN), &[&post, &mail]);
        let expected = |source, text: &str, word_count, nearest_block| StoryAddition {
            source,
            text: text.to_owned(),
            word_count,
            nearest_block,
        };
        assert_eq!(
            found,
            [
                expected(0, "Investigators believe that the fire was set.", 7, Some(1)),
                expected(
                    0,
                    "Kroon called it a loss of a million dollars. He plans to rebuild the church within two years.",
                    18,
                    Some(2)
                ),
                expected(
                    1,
                    "Palin apologised to the minister if the fire was set because of her.",
                    13,
                    Some(0)
                ),
            ]
        );
    }

    #[test]
    fn article_adds_nothing_to_itself() {
        let own = blocks(&OWN);
        assert_eq!(find_additions(&own, &[&own]), []);
        assert_eq!(find_additions(&own, &[]), []);
        assert_eq!(find_additions(&[], &[&own]).len(), 3);
    }

    #[test]
    fn additions_end_at_the_limit_of_words() {
        let long: Vec<String> = (0..MAX_WORDS / 10)
            .map(|number| {
                format!("Report {number} of the long day says that {number} ships sailed.")
            })
            .collect();
        let found = find_additions(&[], &[&long]);
        let words: usize = found.iter().map(|addition| addition.word_count).sum();
        assert!((MAX_WORDS - 50..MAX_WORDS).contains(&words), "{words}");
    }

    proptest! {
        #[test]
        fn additions_are_parts_of_their_source(
            own in prop::collection::vec("([a-d]{1,2}[ .]){0,12}", 0..5),
            other in prop::collection::vec("([a-d]{1,2}[ .]){0,12}", 0..5),
        ) {
            let found = find_additions(&own, &[&other, &own]);
            for addition in &found {
                prop_assert_eq!(addition.source, 0);
                prop_assert!(other.iter().any(|block| block.contains(&addition.text)));
                prop_assert!(addition.nearest_block.is_none_or(|block| block < own.len()));
            }
        }
    }
}

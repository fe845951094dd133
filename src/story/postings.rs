//! The articles of a window by their strongest terms.

use std::collections::HashMap;

use super::packed_terms::STRONG_TERMS;

/// Maximum number of articles that are looked through for one term, the latest first: a term that
/// more of a window have says little, and the cost of an arrival has to be the same in any library.
const MAX_ARTICLES_PER_TERM: usize = 1024;

/// The end of a list.
const END: u32 = u32::MAX;

/// For each term, the articles that have it among their strongest: lists that are chained through one
/// array, which takes 4 bytes for each of an article's terms.
#[derive(Debug, Default)]
pub(super) struct TermPostings {
    /// The latest posting of each term.
    latest: HashMap<u32, u32>,
    /// For each posting, the one before it of the same term. The postings of an article are at
    /// [`STRONG_TERMS`] times its number.
    previous: Vec<u32>,
}

impl TermPostings {
    /// Adds the article with the next number.
    pub(super) fn push_article(&mut self, strong_hashes: impl Iterator<Item = u32>) {
        let start = self.previous.len();
        for hash in strong_hashes.take(STRONG_TERMS) {
            let posting = u32::try_from(self.previous.len()).unwrap_or(END);
            let previous = self.latest.insert(hash, posting).unwrap_or(END);
            self.previous.push(previous);
        }
        self.previous.resize(start + STRONG_TERMS, END);
    }

    /// Counts the terms that each article shares with another, and returns those that share at least
    /// two, by their numbers.
    pub(super) fn find_candidates(&self, strong_hashes: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut counts: HashMap<u32, u8> = HashMap::new();
        for hash in strong_hashes {
            let mut posting = self.latest.get(&hash).copied().unwrap_or(END);
            for _ in 0..MAX_ARTICLES_PER_TERM {
                if posting == END {
                    break;
                }
                let article = posting / u32::try_from(STRONG_TERMS).expect("it is a small number");
                *counts.entry(article).or_default() += 1;
                posting = self.previous[posting as usize];
            }
        }
        let shared = counts.into_iter().filter(|(_, count)| *count >= 2);
        let mut candidates: Vec<u32> = shared.map(|(article, _)| article).collect();
        candidates.sort_unstable();
        candidates
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_share_two_terms() {
        let mut postings = TermPostings::default();
        for terms in [[1, 2, 3], [3, 4, 5], [2, 3, 9], [7, 8, 9]] {
            postings.push_article(terms.into_iter());
        }
        assert_eq!(postings.find_candidates([2, 3, 9].into_iter()), [0, 2]);
        assert_eq!(postings.find_candidates([1].into_iter()), [0; 0]);
    }

    #[test]
    fn frequent_term_leads_to_the_latest_articles() {
        let mut postings = TermPostings::default();
        for _ in 0..=MAX_ARTICLES_PER_TERM {
            postings.push_article([1, 2].into_iter());
        }
        let candidates = postings.find_candidates([1, 2].into_iter());
        assert_eq!((candidates[0], candidates.len()), (1, MAX_ARTICLES_PER_TERM));
    }
}

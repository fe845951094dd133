//! The articles of a window by their strongest terms.

use super::{number_table::NumberTable, packed_terms::STRONG_TERMS, window_terms::WindowTerms};

/// Maximum number of articles that are looked through for one term, the latest first: a term that
/// more of a window have says little, and the cost of an arrival has to be the same in any library.
const MAX_ARTICLES_PER_TERM: usize = 256;

/// The bits of a posting that are its weight; the others are the posting before it.
const WEIGHT_BITS: u32 = 6;

/// The end of a list, and the maximum number of postings: those of 2.8 million articles.
const END: u32 = u32::MAX >> WEIGHT_BITS;

/// The bits of a counter that are the number of shared terms; the others are the sum of the products.
const COUNT_BITS: u32 = 5;

/// Number of postings of an article.
#[expect(clippy::cast_possible_truncation, reason = "it is a small number")]
const ARTICLE_POSTINGS: u32 = STRONG_TERMS as u32;

/// For each term, the articles that have it among their strongest: lists that are chained through one
/// array, which takes 4 bytes for each of an article's terms.
#[derive(Debug, Default)]
pub(super) struct TermPostings {
    /// The latest posting of each term, by the term.
    latest: NumberTable,
    /// For each posting, the one before it of the same term, and the weight. The postings of an article are at
    /// [`STRONG_TERMS`] times its number.
    postings: Vec<u32>,
    /// For each article, a counter of what it shares with the one that is compared; zeros between comparisons.
    counters: Vec<u32>,
}

/// An article that shares strong terms with another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StoryCandidate {
    /// The number of the article.
    pub(super) number: u32,
    /// The sum of the products of the weights of the strong terms that both have.
    pub(super) product: u32,
}

impl TermPostings {
    /// Creates lists with room for a number of articles.
    pub(super) fn with_capacity(article_count: usize) -> TermPostings {
        TermPostings {
            postings: Vec::with_capacity(article_count * STRONG_TERMS),
            counters: Vec::with_capacity(article_count),
            ..TermPostings::default()
        }
    }

    /// Adds the article with the next number, whose terms are the last ones of `terms`.
    pub(super) fn push_article(&mut self, terms: &WindowTerms) {
        let number = u32::try_from(self.counters.len()).expect("a window is no library");
        let end = self.postings.len() + STRONG_TERMS;
        for (hash, weight) in terms.terms_of(number).strong_terms().take(STRONG_TERMS) {
            let posting = u32::try_from(self.postings.len()).unwrap_or(END);
            let key_of = |posting| term_of(terms, posting);
            let previous = if posting < END {
                self.latest.insert((hash.into(), posting), key_of)
            } else {
                None
            };
            self.postings.push(previous.unwrap_or(END) << WEIGHT_BITS | weight);
        }
        self.postings.resize(end, END << WEIGHT_BITS);
        self.counters.push(0);
    }

    /// Returns the articles that share at least two strong terms with another one, and of whose weights the sum
    /// of the products is at least `min_product`, by their numbers.
    pub(super) fn find_candidates(
        &mut self,
        terms: &WindowTerms,
        strong_terms: impl Iterator<Item = (u32, u32)>,
        min_product: u32,
    ) -> Vec<StoryCandidate> {
        let mut seen = Vec::new();
        let mut lists: Vec<(u32, u32)> = strong_terms
            .filter_map(|(hash, weight)| {
                let latest = self.latest.get(hash.into(), |posting| term_of(terms, posting))?;
                Some((weight, latest))
            })
            .collect();
        // A step of each list after the other, because a step waits for the memory of the one before it: 0.21 ms an
        // article in place of 0.37 with 100,000 (`tests/benches/stories.rs`).
        for _ in 0..MAX_ARTICLES_PER_TERM {
            lists.retain_mut(|(weight, posting)| {
                let number = *posting / ARTICLE_POSTINGS;
                let packed = self.postings[*posting as usize];
                let counter = &mut self.counters[number as usize];
                if *counter == 0 {
                    seen.push(number);
                }
                let other_weight = packed & ((1 << WEIGHT_BITS) - 1);
                *counter += (*weight * other_weight) << COUNT_BITS | 1;
                *posting = packed >> WEIGHT_BITS;
                *posting != END
            });
        }
        let mut candidates = Vec::new();
        for number in seen {
            let counter = std::mem::take(&mut self.counters[number as usize]);
            let (count, product) = (counter & ((1 << COUNT_BITS) - 1), counter >> COUNT_BITS);
            if count >= 2 && product >= min_product {
                candidates.push(StoryCandidate { number, product });
            }
        }
        candidates.sort_unstable();
        candidates
    }
}

/// Returns the term of a posting, as the key by which the latest one is found.
fn term_of(terms: &WindowTerms, posting: u32) -> u64 {
    terms.strong_term(posting / ARTICLE_POSTINGS, posting % ARTICLE_POSTINGS).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::packed_terms::{STRONG_BIT, TermSlice};

    /// Lists of articles with these strong terms, which all have one weight.
    #[derive(Default)]
    struct Lists {
        terms: WindowTerms,
        postings: TermPostings,
    }

    impl Lists {
        fn push(&mut self, (hashes, weight): (&[u32], u8)) {
            let weights = vec![weight | STRONG_BIT; hashes.len()];
            self.terms.push_article(&TermSlice { hashes, weights: &weights, years: &[] });
            self.postings.push_article(&self.terms);
        }

        fn find(
            &mut self,
            (hashes, weight): (&[u32], u32),
            min_product: u32,
        ) -> Vec<StoryCandidate> {
            let strong_terms = hashes.iter().map(|hash| (*hash, weight));
            self.postings.find_candidates(&self.terms, strong_terms, min_product)
        }
    }

    #[test]
    fn candidates_share_two_terms() {
        let mut lists = Lists::default();
        for hashes in [[1, 2, 3], [3, 4, 5], [2, 3, 9], [7, 8, 9]] {
            lists.push((&hashes, 10));
        }
        let shares = |number, count: u32| StoryCandidate { number, product: count * 100 };
        // The counters are zeros again after each comparison.
        for _ in 0..2 {
            assert_eq!(lists.find((&[2, 3, 9], 10), 0), [shares(0, 2), shares(2, 3)]);
            assert_eq!(lists.find((&[2, 3, 9], 10), 201), [shares(2, 3)]);
            assert_eq!(lists.find((&[1], 10), 0), []);
        }
    }

    #[test]
    fn most_shared_terms_fit_a_counter() {
        let mut lists = Lists::default();
        let hashes: Vec<u32> = (0..ARTICLE_POSTINGS).collect();
        lists.push((&hashes, 63));
        let product = ARTICLE_POSTINGS * 63 * 63;
        assert_eq!(lists.find((&hashes, 63), 0), [StoryCandidate { number: 0, product }]);
    }

    #[test]
    fn frequent_term_leads_to_the_latest_articles() {
        let mut lists = Lists::default();
        for _ in 0..=MAX_ARTICLES_PER_TERM {
            lists.push((&[1, 2], 10));
        }
        let candidates = lists.find((&[1, 2], 10), 0);
        assert_eq!((candidates[0].number, candidates.len()), (1, MAX_ARTICLES_PER_TERM));
    }
}

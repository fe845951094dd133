//! The terms of the articles of a window.

use super::packed_terms::{MAX_TERMS, STRONG_BIT, TermSlice};

/// The terms of articles, one after the other, in the order of the numbers of the articles.
#[derive(Debug, Default)]
pub(super) struct WindowTerms {
    hashes: Vec<u32>,
    weights: Vec<u8>,
    articles: Vec<ArticleTerms>,
}

/// The place of the terms of an article, which begin at the end of those of the one before.
#[derive(Debug, Clone, Copy)]
struct ArticleTerms {
    end: u32,
    /// A bit for each term that is one of the strongest.
    strong: u32,
}

impl WindowTerms {
    /// Creates room for the terms of a number of articles.
    pub(super) fn with_capacity(article_count: usize) -> WindowTerms {
        WindowTerms {
            hashes: Vec::with_capacity(article_count * MAX_TERMS),
            weights: Vec::with_capacity(article_count * MAX_TERMS),
            articles: Vec::with_capacity(article_count),
        }
    }

    /// Adds the terms of the article with the next number.
    pub(super) fn push_article(&mut self, terms: &TermSlice<'_>) {
        self.hashes.extend(terms.hashes);
        self.weights.extend(terms.weights);
        let bits = terms.weights.iter().rev();
        self.articles.push(ArticleTerms {
            end: u32::try_from(self.hashes.len()).expect("32 terms of each article"),
            strong: bits.fold(0, |bits, weight| bits << 1 | u32::from(weight & STRONG_BIT != 0)),
        });
    }

    /// Returns the terms of an article; its years are elsewhere.
    pub(super) fn terms_of(&self, number: u32) -> TermSlice<'_> {
        let range = self.start_of(number)..self.articles[number as usize].end as usize;
        TermSlice { hashes: &self.hashes[range.clone()], weights: &self.weights[range], years: &[] }
    }

    /// Returns the hash of one of the strongest terms of an article, by its rank in the order of the hashes. The weights
    /// are not read for it: they would be a step to memory more.
    pub(super) fn strong_term(&self, number: u32, rank: u32) -> u32 {
        let ArticleTerms { strong, .. } = self.articles[number as usize];
        let after = (0..rank).fold(strong, |bits, _| bits & bits.wrapping_sub(1));
        self.hashes[self.start_of(number) + after.trailing_zeros() as usize]
    }

    fn start_of(&self, number: u32) -> usize {
        let before = (number as usize).checked_sub(1);
        before.map_or(0, |before| self.articles[before].end as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strongest_terms_are_found_by_their_rank() {
        let mut terms = WindowTerms::default();
        let (strong, weak) = (STRONG_BIT | 9, 9);
        for (hashes, weights) in [
            ([1, 5, 7, 8], [weak, strong, strong, weak]),
            ([2, 5, 6, 9], [strong, weak, weak, strong]),
        ] {
            terms.push_article(&TermSlice { hashes: &hashes, weights: &weights, years: &[] });
        }
        for number in 0..2 {
            let strong: Vec<u32> =
                terms.terms_of(number).strong_terms().map(|(hash, _)| hash).collect();
            assert_eq!([0, 1].map(|rank| terms.strong_term(number, rank)).as_slice(), strong);
        }
        let all: Vec<u32> = (0..).take(MAX_TERMS).collect();
        terms.push_article(&TermSlice { hashes: &all, weights: &[strong; MAX_TERMS], years: &[] });
        assert_eq!(terms.strong_term(2, 31), 31);
    }
}

//! The similarity of two articles.

use super::packed_terms::{StoryTerms, TermFilter, TermSlice};

/// The similarity of articles with the same terms. Similarities are whole numbers, so that sums do not
/// depend on their order.
pub(super) const ONE: u64 = 1_000_000;

/// Minimum part of the similarity that names and numbers have to make: without one in common, two
/// articles are about the same kind of event.
const MIN_DISTINCTIVE: u64 = 80_000;

/// Minimum part of the cosine of two articles, in millionths, that their strongest terms have to make before all
/// terms are compared.
const MIN_STRONG_COSINE: u64 = 100_000;

/// The factor, in percent, for articles that name years and none in common.
const OTHER_YEARS_PERCENT: u64 = 50;

/// Number of terms below which an article is little more than a headline.
const MIN_TERMS: usize = 8;

/// Minimum number of terms that a headline shares with another article of its story.
const MIN_SHARED_BY_HEADLINE: usize = 3;

/// Minimum share of the weight of a headline's terms, in percent, that the other article has.
const MIN_HEADLINE_SHARE_PERCENT: u32 = 75;

/// Two articles compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PairSimilarity {
    /// The cosine of the angle between the terms, in millionths.
    pub(super) cosine: u64,
    /// The nearness of the articles as members of one story, in millionths: the cosine, or less where
    /// names, numbers or years speak against one event.
    pub(super) nearness: u64,
    /// One of the articles is a headline, and the other has most of its terms.
    pub(super) is_headline_match: bool,
    /// The larger of the shares of the weight of both articles' terms that the other one has, in percent.
    pub(super) shared_percent: u32,
}

/// An article's terms with the sum of their squared weights.
#[derive(Debug, Clone, Copy)]
pub(super) struct MeasuredTerms<'a> {
    pub(super) terms: TermSlice<'a>,
    pub(super) square: u32,
}

/// An article's terms as they are compared with those of many others.
#[derive(Debug, Clone, Copy)]
pub(super) struct ComparedTerms<'a> {
    terms: TermSlice<'a>,
    square: u32,
    filter: TermFilter,
}

impl<'a> From<MeasuredTerms<'a>> for ComparedTerms<'a> {
    fn from(MeasuredTerms { terms, square }: MeasuredTerms<'a>) -> ComparedTerms<'a> {
        ComparedTerms { terms, square, filter: TermFilter::new(&terms) }
    }
}

impl<'a> ComparedTerms<'a> {
    pub(super) fn new(terms: &'a StoryTerms) -> ComparedTerms<'a> {
        let terms = terms.as_slice();
        ComparedTerms::from(MeasuredTerms { terms, square: terms.square() })
    }

    /// Iterates over the hashes of the strongest terms, with their weights.
    pub(super) fn strong_terms(&self) -> impl Iterator<Item = (u32, u32)> {
        self.terms.strong_terms()
    }

    /// Returns whether an article may be near, of which the sum of the products of the strong terms that both
    /// have and the sum of the squared weights are known. Of most candidates, these are not enough; so their
    /// terms need not be read.
    pub(super) fn may_be_near(&self, (product, square): (u32, u32)) -> bool {
        product >= self.min_product(square)
    }

    /// Returns the sum of the products from which on an article may be near, of which the sum of the squared
    /// weights is at least `square`.
    pub(super) fn min_product(&self, square: u32) -> u32 {
        if self.terms.hashes.len() < MIN_TERMS {
            return 0;
        }
        let lengths = (u64::from(self.square) * u64::from(square)).isqrt();
        u32::try_from(lengths * MIN_STRONG_COSINE / ONE).unwrap_or(u32::MAX)
    }

    /// Compares two articles.
    pub(super) fn compare(&self, other: &MeasuredTerms<'_>) -> PairSimilarity {
        let overlap = self.terms.overlap(&self.filter, &other.terms);
        let lengths = (u64::from(self.square) * u64::from(other.square)).isqrt().max(1);
        let cosine = u64::from(overlap.product) * ONE / lengths;
        let distinctive = u64::from(overlap.distinctive) * ONE / lengths;
        let share = |shared: u32, all: u32| shared * 100 / all.max(1);
        let shared_percent =
            share(overlap.squares.0, self.square).max(share(overlap.squares.1, other.square));
        if self.terms.hashes.len().min(other.terms.hashes.len()) < MIN_TERMS {
            let own = (overlap.squares.0, self.square, self.terms.hashes.len());
            let others = (overlap.squares.1, other.square, other.terms.hashes.len());
            let has_most = [own, others].iter().any(|(part, square, count)| {
                *count < MIN_TERMS && part * 100 >= square * MIN_HEADLINE_SHARE_PERCENT
            });
            let is_headline_match = has_most && overlap.count >= MIN_SHARED_BY_HEADLINE;
            let nearness = if is_headline_match { cosine } else { 0 };
            return PairSimilarity { cosine, nearness, is_headline_match, shared_percent };
        }
        let nearness = match () {
            () if distinctive < MIN_DISTINCTIVE => 0,
            () if self.terms.disagrees_about_years(&other.terms) => {
                cosine * OTHER_YEARS_PERCENT / 100
            }
            () => cosine,
        };
        PairSimilarity { cosine, nearness, is_headline_match: false, shared_percent }
    }
}

/// Returns how similar the terms of two articles are: from 0 to a million.
pub fn term_similarity(first: &StoryTerms, second: &StoryTerms) -> u64 {
    let second = second.as_slice();
    let second = MeasuredTerms { terms: second, square: second.square() };
    ComparedTerms::new(first).compare(&second).cosine
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::{StoryText, extract_terms, term_extractor::tests::SampleStatistics};

    fn terms(body: &str) -> StoryTerms {
        extract_terms(StoryText { title: "", body }, &SampleStatistics)
    }

    fn compare(first: &str, second: &str) -> PairSimilarity {
        let terms = [first, second].map(terms);
        let measured = terms.each_ref().map(|terms| MeasuredTerms {
            terms: terms.as_slice(),
            square: terms.as_slice().square(),
        });
        let similarity = ComparedTerms::new(&terms[0]).compare(&measured[1]);
        assert_eq!(similarity, ComparedTerms::new(&terms[1]).compare(&measured[0]));
        similarity
    }

    const CHURCH: &str = "a blaze destroyed the church of governor Sarah Palin in Wasilla, firefighters reported today";

    #[test]
    fn article_is_as_near_as_can_be_to_itself() {
        let own = compare(CHURCH, CHURCH);
        assert!(own.cosine.abs_diff(ONE) < 10 && own.nearness == own.cosine);
        assert_eq!(compare(CHURCH, "").nearness, 0);
    }

    #[test]
    fn event_of_the_same_kind_with_other_names_is_not_near() {
        let other = "a blaze destroyed the church of pastor John Miller in Dallas, firefighters reported today";
        let similarity = compare(CHURCH, other);
        assert!(similarity.cosine > 0 && similarity.nearness == 0);
    }

    #[test]
    fn other_years_halve_the_nearness() {
        let years = |first: &str, second: &str| {
            compare(&format!("{CHURCH} in {first}"), &format!("{CHURCH} in {second}"))
        };
        let other = years("2008", "2011");
        assert_eq!(other.nearness, other.cosine / 2);
        assert_eq!(years("2008", "2008").nearness, years("2008", "2008").cosine);
    }

    #[test]
    fn headline_matches_an_article_with_most_of_its_words() {
        assert!(compare("Palin church blaze in Wasilla", CHURCH).is_headline_match);
        assert!(!compare("Palin speaks to voters in Ohio", CHURCH).is_headline_match);
        assert!(!compare("Palin", CHURCH).is_headline_match);
    }
}

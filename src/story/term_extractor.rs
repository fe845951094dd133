//! Finding the strongest terms of an article.

use std::cmp::Ordering;

use super::{
    StoryTerms,
    packed_terms::{MAX_TERMS, WeightedTerm, term_hash},
    word_uses::{WordUse, WordUses},
};
use crate::text::floor_char_boundary;

/// Maximum length of the text from which terms are taken, in bytes. News are shorter; of a book, the
/// beginning says what it is about.
const MAX_TEXT_BYTES: usize = 64 << 10;

/// Documents that every word is taken to occur in besides those that are counted, and documents that
/// are taken to exist besides them: a small library says little about how rare a word is.
/// Chosen together with the other constants over all topics of a labelled corpus, read in three orders, with
/// frequencies of 300 to 10,000 articles.
const SMOOTHING: (f64, f64) = (8.0, 2000.0);

/// Minimum number of documents that show that a word is in all: of the first articles of a library, those
/// about one event share every word that tells it.
const MIN_FREQUENCY_OF_ALL: u32 = 100;

/// The exponent of the inverse document frequency.
const RARITY_EXPONENT: f64 = 0.85;

/// The factor of the weight of a name.
const NAME_FACTOR: f64 = 2.0;

/// The factor of the weight of a number.
const NUMBER_FACTOR: f64 = 3.0;

/// Smallest number of documents among which one has a name or a number that tells events apart. More have
/// the name of the agency, and the numbers of its boilerplate.
const MIN_DISTINCTIVE_RATE: f64 = 20.0;

/// The text of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoryText<'a> {
    /// The title.
    pub title: &'a str,
    /// The text that the user reads.
    pub body: &'a str,
}

impl<'a> StoryText<'a> {
    /// Returns the title and the part of the body that counts. A body that begins with the title
    /// counts alone.
    pub(super) fn parts(self) -> [&'a str; 2] {
        let body = self.body.trim_start();
        let body = &body[..floor_char_boundary(body, MAX_TEXT_BYTES)];
        let title = &self.title[..floor_char_boundary(self.title, MAX_TEXT_BYTES)];
        if body.starts_with(title.trim()) { ["", body] } else { [title, body] }
    }
}

/// The frequencies of words in the library.
pub trait TermStatistics {
    /// Returns the number of documents that are counted.
    fn document_count(&self) -> u32;

    /// Returns the number of documents that have a folded word, or two neighbouring characters that
    /// are words by themselves, with a blank between them. A word that says nothing is in all.
    fn document_frequency(&self, word: &str) -> u32;
}

/// Returns the strongest terms of an article: the words that it has often and others seldom have.
pub fn extract_terms(text: StoryText<'_>, statistics: &dyn TermStatistics) -> StoryTerms {
    let mut uses = WordUses::default();
    for part in text.parts() {
        uses.add_text(part);
    }
    let mut weights = RarityWeights::new(statistics);
    let weigh = |(word, uses)| Some((weigh_word(word, uses, &mut weights)?, word));
    let mut terms: Vec<(WeightedTerm, &str)> = uses.iter().filter_map(weigh).collect();
    let by_strength = |a: &(WeightedTerm, &str), b: &(WeightedTerm, &str)| -> Ordering {
        b.0.weight.total_cmp(&a.0.weight).then(a.1.cmp(b.1))
    };
    if terms.len() > MAX_TERMS {
        terms.select_nth_unstable_by(MAX_TERMS - 1, by_strength);
        terms.truncate(MAX_TERMS);
    }
    terms.sort_unstable_by(by_strength);
    let years = uses.iter().filter_map(|(word, _)| parse_year(word));
    let strongest: Vec<WeightedTerm> = terms.iter().map(|(term, _)| *term).collect();
    StoryTerms::pack(&strongest, years)
}

/// Returns the folded words of an article, each once, as [`TermStatistics`] counts them.
pub fn distinct_words(text: StoryText<'_>) -> Vec<String> {
    let mut uses = WordUses::default();
    for part in text.parts() {
        uses.add_text(part);
    }
    uses.iter().map(|(word, _)| word.to_owned()).collect()
}

/// Number of frequencies whose weights are kept while a text is read.
const KEPT_WEIGHTS: usize = 256;

/// The weights of words by how rare they are. A long text has thousands of words, and their frequencies are the same small
/// numbers again and again, of which a logarithm and a power need not be taken each time.
struct RarityWeights<'s> {
    statistics: &'s dyn TermStatistics,
    documents: u32,
    /// The weights of the first frequencies; zero where they are not known yet.
    known: [f64; KEPT_WEIGHTS],
}

impl RarityWeights<'_> {
    fn new(statistics: &dyn TermStatistics) -> RarityWeights<'_> {
        let documents = statistics.document_count();
        RarityWeights { statistics, documents, known: [0.0; KEPT_WEIGHTS] }
    }

    /// Returns the number of documents among which one has a word of a frequency.
    fn rate_of(&self, frequency: u32) -> f64 {
        let (seen, unseen) = SMOOTHING;
        (f64::from(self.documents) + unseen) / (f64::from(frequency.max(1)) + seen)
    }

    /// Returns the weight of a word of a frequency that occurs once.
    fn weight_of(&mut self, frequency: u32) -> f64 {
        let weigh = |rate: f64| rate.ln().powf(RARITY_EXPONENT);
        let rate = self.rate_of(frequency);
        match self.known.get_mut(frequency as usize) {
            Some(known) if *known > 0.0 => *known,
            Some(unknown) => {
                *unknown = weigh(rate);
                *unknown
            }
            None => weigh(rate),
        }
    }
}

/// Returns a word as a term; `None` for one that says nothing.
fn weigh_word(word: &str, uses: &WordUse, weights: &mut RarityWeights<'_>) -> Option<WeightedTerm> {
    let frequency = weights.statistics.document_frequency(word);
    let is_letter = word.chars().nth(1).is_none() && !uses.is_number;
    if is_letter || (frequency >= MIN_FREQUENCY_OF_ALL && frequency >= weights.documents) {
        return None;
    }
    let rate = weights.rate_of(frequency);
    let is_rare = rate >= MIN_DISTINCTIVE_RATE;
    let factor = match uses {
        WordUse { is_number: true, .. } if is_rare => NUMBER_FACTOR,
        uses if is_rare && uses.is_name() => NAME_FACTOR,
        _ => 1.0,
    };
    let weight = (1.0 + f64::from(uses.count).ln()) * weights.weight_of(frequency) * factor;
    let is_distinctive = is_rare && (uses.is_number || uses.is_name() || uses.is_caseless);
    Some(WeightedTerm { hash: term_hash(word), weight, is_distinctive })
}

/// Returns the year that a word is, if it is one of recent history.
fn parse_year(word: &str) -> Option<u16> {
    let year: u16 = (word.len() == 4).then(|| word.parse().ok())??;
    (1950..2050).contains(&year).then_some(year)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A library in which a few words are in most documents.
    pub(in crate::story) struct SampleStatistics;

    impl TermStatistics for SampleStatistics {
        fn document_count(&self) -> u32 {
            1000
        }

        fn document_frequency(&self, word: &str) -> u32 {
            match word {
                "the" | "of" | "in" | "a" | "was" | "by" | "on" | "and" | "to" => 1000,
                "fire" | "police" | "said" => 300,
                _ => 2,
            }
        }
    }

    fn terms(title: &str, body: &str) -> StoryTerms {
        extract_terms(StoryText { title, body }, &SampleStatistics)
    }

    #[test]
    fn extract_terms_leaves_out_words_of_all_documents() {
        assert!(terms("The fire", "In the of the a").len() == 1);
        assert!(terms("", "").is_empty());
    }

    #[test]
    fn extract_terms_prefers_names_and_numbers() {
        let words: Vec<String> = ('a'..='z').map(|c| format!("word{c}x word{c}y")).collect();
        let long = words.join(" ");
        let with_name = terms("", &format!("{long} in Wasilla on 12 May"));
        assert!(with_name.hashes().contains(&term_hash("wasilla")));
        assert!(with_name.hashes().contains(&term_hash("12")));
    }

    #[test]
    fn title_at_the_start_of_the_body_counts_once() {
        let body = "Church burns in Alaska.\nNobody was hurt.";
        assert_eq!(terms("Church burns in Alaska", body), terms("", body));
    }

    #[test]
    fn extract_terms_reads_the_beginning_of_a_long_text() {
        let long = format!("Wasilla {}", "é ".repeat(MAX_TEXT_BYTES));
        let longer = format!("{long} Anchorage");
        assert_eq!(terms("", &long), terms("", &longer));
    }

    #[test]
    fn years_are_four_digits_of_recent_history() {
        let years = ["2008", "1949", "12008", "+200", "2050", "1950"].map(parse_year);
        assert_eq!(years, [Some(2008), None, None, None, None, Some(1950)]);
    }
}

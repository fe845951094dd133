//! The words that explain why two articles are in one story.

use std::{cmp::Reverse, collections::HashSet};

use super::{
    StoryTerms, StoryText,
    packed_terms::term_hash,
    word_uses::{WordUse, WordUses},
};

/// Returns the words of an article that are among the strongest terms of both, as the article folds
/// them: names and numbers first, then by their number in the text.
pub fn shared_words(text: StoryText<'_>, own: &StoryTerms, other: &StoryTerms) -> Vec<String> {
    let others: HashSet<u32> = other.hashes().iter().copied().collect();
    let shared: HashSet<u32> =
        own.hashes().iter().copied().filter(|hash| others.contains(hash)).collect();
    let mut uses = WordUses::default();
    for part in text.parts() {
        uses.add_text(part);
    }
    let mut words: Vec<_> =
        uses.iter().filter(|(word, _)| shared.contains(&term_hash(word))).collect();
    let order = |uses: &WordUse| (!(uses.is_name() || uses.is_number), Reverse(uses.count));
    words.sort_by(|(a, first), (b, second)| order(first).cmp(&order(second)).then(a.cmp(b)));
    words.into_iter().map(|(word, _)| word.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::{extract_terms, term_extractor::tests::SampleStatistics};

    #[test]
    fn shared_words_are_names_first() {
        let [first, second] = [
            "A blaze destroyed the church of Palin in Wasilla on 12 December",
            "On 12 December a blaze was set in the church that Palin visits in Wasilla",
        ]
        .map(|body| StoryText { title: "", body });
        let [own, other] = [first, second].map(|text| extract_terms(text, &SampleStatistics));
        let expected = ["12", "december", "palin", "wasilla", "blaze", "church"];
        assert_eq!(shared_words(first, &own, &other), expected);
    }
}

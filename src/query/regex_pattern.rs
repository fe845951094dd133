//! Regular expressions of `re:`: what they match, within a limit on their memory.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use super::{
    word_expression::has_accent,
    word_pattern::{MAX_COMPILED_BYTES, WordPattern},
};
use crate::text::{FoldedLetters, fold, for_each_word};

/// A compiled regular expression that ignores case and, if it is written without accents, ignores
/// accents as well.
///
/// An expression for a part of a word is matched against folded words, as the words of a filter are.
/// Any other is matched against the text.
#[derive(Debug, Clone)]
pub struct RegexPattern {
    regex: Regex,
    words: Option<Box<WordPattern>>,
    ignores_accents: bool,
}

impl RegexPattern {
    /// Compiles `text`. Returns `None` if it is not a valid expression or takes more than 256 KiB
    /// when compiled.
    pub fn new(text: &str) -> Option<RegexPattern> {
        let mut builder = RegexBuilder::new(text);
        let regex = builder.case_insensitive(true).size_limit(MAX_COMPILED_BYTES).build().ok()?;
        let words = WordPattern::of_expression(text).map(Box::new);
        Some(RegexPattern { regex, words, ignores_accents: !text.chars().any(has_accent) })
    }

    /// Returns the pattern for folded words if they alone decide what matches.
    pub fn words(&self) -> Option<&WordPattern> {
        self.words.as_deref()
    }

    /// Returns true if `text` contains a match. The time is linear in the length of the text.
    pub fn is_match(&self, text: &str) -> bool {
        match self.words() {
            Some(words) => words.is_match(running_words(&fold(text))),
            None => {
                self.regex.is_match(text)
                    || self
                        .fold_letters(text)
                        .is_some_and(|folded| self.regex.is_match(folded.as_str()))
            }
        }
    }

    /// Returns the expression as it was typed.
    pub fn as_str(&self) -> &str {
        self.regex.as_str()
    }

    /// Returns the byte ranges of all matches that are not empty. They may overlap.
    pub fn find_ranges(&self, text: &str) -> Vec<Range<usize>> {
        if let Some(words) = self.words() {
            return find_in_words(words, text);
        }
        let mut ranges: Vec<Range<usize>> =
            self.regex.find_iter(text).map(|hit| hit.range()).collect();
        if let Some(folded) = self.fold_letters(text) {
            let matches = self.regex.find_iter(folded.as_str()).map(|hit| hit.range());
            let matches = matches.filter(|range| !range.is_empty());
            ranges.extend(matches.map(|range| folded.range_in_text(&range)));
        }
        ranges.retain(|range| !range.is_empty());
        ranges
    }

    /// Returns `text` with folded letters if the expression may match it better.
    fn fold_letters(&self, text: &str) -> Option<FoldedLetters> {
        (self.ignores_accents && !text.is_ascii()).then(|| FoldedLetters::new(text))
    }
}

/// Returns the words of a folded text without joined forms.
pub(super) fn running_words(folded: &str) -> &str {
    folded.split('\n').next().unwrap_or_default()
}

/// Returns the byte ranges of the matches in the words of `text`.
fn find_in_words(pattern: &WordPattern, text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    for_each_word(text, |word| {
        if pattern.is_match(word.folded) {
            let letters = FoldedLetters::new(&text[word.range()]);
            let matches = pattern.find_ranges(letters.as_str());
            ranges.extend(matches.map(|range| {
                let range = letters.range_in_text(&range);
                word.start + range.start..word.start + range.end
            }));
        }
    });
    ranges
}

impl PartialEq for RegexPattern {
    fn eq(&self, other: &RegexPattern) -> bool {
        self.regex.as_str() == other.regex.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::RegexPattern;

    #[test]
    fn regex_pattern_rejects_invalid_and_huge() {
        assert!(RegexPattern::new("colou?r").is_some_and(|pattern| pattern.is_match("Of COLOR")));
        assert!(RegexPattern::new("a(b").is_none());
        assert!(RegexPattern::new("(x{1000}){1000}").is_none(), "it would take megabytes");
        for nested in ["(", "[", "(?:a|", "a{2"] {
            assert!(RegexPattern::new(&nested.repeat(50_000)).is_none(), "{nested}");
        }
        let balanced = ["(".repeat(50_000), ")".repeat(50_000)].concat();
        assert!(RegexPattern::new(&balanced).is_none());
    }
}

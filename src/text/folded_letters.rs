//! A text with folded letters, and everything between the words as it is.

use std::ops::Range;

use super::fold::fold_letter_into;

/// A text whose letters are folded as [`fold`](super::fold) does, for searches that need its blanks
/// and punctuation as well.
#[derive(Debug)]
pub struct FoldedLetters {
    folded: String,
    /// For each character of the text, its end in the folded text and its end in the text.
    char_ends: Vec<(usize, usize)>,
}

impl FoldedLetters {
    /// Folds the letters of `text`.
    pub fn new(text: &str) -> FoldedLetters {
        let mut folded = String::with_capacity(text.len());
        let char_ends = text.char_indices().map(|(start, c)| {
            fold_letter_into(c, &mut folded);
            (folded.len(), start + c.len_utf8())
        });
        let char_ends = char_ends.collect();
        FoldedLetters { folded, char_ends }
    }

    /// Returns the folded text.
    pub fn as_str(&self) -> &str {
        &self.folded
    }

    /// Returns the bytes of the text that `range` of the folded text was made from, with the marks
    /// that were dropped behind them. `range` must not be empty.
    pub fn range_in_text(&self, range: &Range<usize>) -> Range<usize> {
        let first = self.char_ends.partition_point(|(folded_end, _)| *folded_end <= range.start);
        let last = self.char_ends.partition_point(|(folded_end, _)| *folded_end < range.end);
        let folded_end = self.char_ends.get(last).map_or(range.end, |(folded_end, _)| *folded_end);
        let behind = self.char_ends.partition_point(|(end, _)| *end <= folded_end);
        self.text_end(first)..self.text_end(behind)
    }

    /// Returns the end of the first `count` characters in the text.
    fn text_end(&self, count: usize) -> usize {
        count.checked_sub(1).map_or(0, |last| self.char_ends[last].1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::FoldedLetters;
    use crate::text::fold;

    #[test]
    fn folded_letters_keep_blanks_and_lead_back_to_text() {
        let text = "Ein e\u{301}te\u{301}, Straße – ﬁne soft\u{ad}ware";
        let folded = FoldedLetters::new(text);
        assert_eq!(folded.as_str(), "ein ete, strasse – fine software");
        let source_of = |part: &str| {
            let start = folded.as_str().find(part).unwrap();
            &text[folded.range_in_text(&(start..start + part.len()))]
        };
        assert_eq!(source_of("ete"), "e\u{301}te\u{301}");
        assert_eq!(source_of("tras"), "traß", "a letter is marked as a whole");
        assert_eq!(source_of("se –"), "ße –");
        assert_eq!(source_of("ine"), "ﬁne");
        assert_eq!(source_of("tw"), "t\u{ad}w");
    }

    proptest! {
        // No digit has a mark or is a fraction: a comma after such a one joins no number before the
        // letters are folded.
        #[test]
        fn words_of_folded_letters_are_words_of_text(text in "([aBéÉßﬁ한ή]\u{301}?|3|カ\u{3099}?|ก\u{e34}?|[ .,'’\n東-]){0,24}") {
            let folded = FoldedLetters::new(&text);
            prop_assert_eq!(fold(folded.as_str()), fold(&text));
            for (start, c) in folded.as_str().char_indices() {
                let range = folded.range_in_text(&(start..start + c.len_utf8()));
                prop_assert!(text.get(range).is_some_and(|source| !source.is_empty()));
            }
        }
    }
}

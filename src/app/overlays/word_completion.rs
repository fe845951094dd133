//! Completion of the word before a caret, as a key steps through the words that complete it.

use crate::app::TextInput;

/// The words that a completion went through.
#[derive(Debug, Default)]
pub(super) struct WordCompletion {
    /// The words, and the index of the one inserted.
    cycle: Option<(Vec<String>, usize)>,
}

impl WordCompletion {
    /// Returns the words of a completion that goes on.
    pub(super) fn offered(&self) -> Option<&[String]> {
        self.cycle.as_ref().map(|(words, _)| words.as_slice())
    }

    /// Ends a completion, because the line was edited.
    pub(super) fn reset(&mut self) {
        self.cycle = None;
    }

    /// Completes the word before the caret: with the first of `words`, or with the one `step` words
    /// after the one that was inserted last.
    pub(super) fn complete(&mut self, input: &mut TextInput, words: Vec<String>, step: isize) {
        if words.is_empty() {
            return;
        }
        let index = match &self.cycle {
            Some((_, index)) => (index + words.len()).saturating_add_signed(step) % words.len(),
            None => 0,
        };
        let (before, word) = split_before_caret(input);
        let after = &input.text()[before.len() + word.len()..];
        let completed = format!("{before}{}", words[index]);
        let (caret, text) = (completed.chars().count(), format!("{completed}{after}"));
        input.set_text(&text);
        input.set_caret(caret);
        self.cycle = Some((words, index));
    }
}

/// Splits the text before the caret into what stands before its last word, and the word.
pub(super) fn split_before_caret(input: &TextInput) -> (&str, &str) {
    let before = input.text_before_caret();
    before.split_at(before.trim_end_matches(|c| !is_separator(c)).len())
}

/// Returns whether a character stands between words: a blank or a comma.
pub(super) fn is_separator(c: char) -> bool {
    c.is_whitespace() || c == ','
}

/// Returns the words that begin with `start` in any case, after `sign`; not a word that is complete.
pub(super) fn matching_words<'w>(
    words: impl Iterator<Item = &'w str>,
    sign: &str,
    start: &str,
) -> Vec<String> {
    let start = start.to_lowercase();
    let matching = words.filter(|word| {
        let word = word.to_lowercase();
        word.starts_with(&start) && word != start
    });
    matching.map(|word| format!("{sign}{word}")).collect()
}

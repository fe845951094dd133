//! Suggestions for mistyped words.

/// Returns the word of `known` with the smallest edit distance to `word`; `None` if even that
/// one is too far away to be a useful suggestion.
pub fn nearest_word<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let max_distance = (word.chars().count() / 3).max(1) + 1;
    let scored =
        known.into_iter().map(|candidate| (strsim::levenshtein(word, candidate), candidate));
    scored.filter(|(distance, _)| *distance <= max_distance).min().map(|(_, nearest)| nearest)
}

#[cfg(test)]
mod tests {
    use super::nearest_word;

    #[test]
    fn nearest_word_accepts_typo_and_rejects_nonsense() {
        let known = ["toggle-star", "toggle-read", "quit"];
        assert_eq!(nearest_word("togle-star", known), Some("toggle-star"));
        assert_eq!(nearest_word("quti", known), Some("quit"));
        assert_eq!(nearest_word("xyzzy", known), None);
    }
}

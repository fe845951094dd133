//! Suggestions for mistyped words.

/// Returns the word of `known` with the smallest edit distance to `word`; `None` if even that
/// one is too far away to be a useful suggestion.
pub fn nearest_word<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let max_distance = (length / 3).max(1) + 1;
    // A word of a megabyte is near to none, without a comparison of every letter.
    let is_near_in_length =
        |candidate: &&str| candidate.chars().count().abs_diff(length) <= max_distance;
    let scored = known
        .into_iter()
        .filter(is_near_in_length)
        .map(|candidate| (strsim::levenshtein(word, candidate), candidate));
    scored.filter(|(distance, _)| *distance <= max_distance).min().map(|(_, nearest)| nearest)
}

/// Returns the name of `known` that is nearest to `name`, where upper and lower case make no difference;
/// `None` if even that one is too far away to be a useful suggestion.
pub fn nearest_name<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded: Vec<(String, &str)> =
        known.into_iter().map(|known| (known.to_lowercase(), known)).collect();
    let nearest = nearest_word(&name.to_lowercase(), folded.iter().map(|(key, _)| key.as_str()))?;
    folded.iter().find(|(key, _)| key == nearest).map(|(_, known)| *known)
}

/// Returns the sentence about a name that does not exist, such as "there is no theme `inc`; did you
/// mean `ink`?", with the nearest name of `known` if one is near.
pub fn unknown_name_message<'a>(
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> String {
    let hint = nearest_word(name, known)
        .map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
    format!("there is no {what} `{name}`{hint}")
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
        assert_eq!(nearest_word(&"quit".repeat(1 << 20), known), None);
    }
}

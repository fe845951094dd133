//! The word that was probably meant.

/// The known word nearest to `word`, if one is near enough to be worth naming.
pub fn nearest_word<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1) + 1;
    let scored =
        known.into_iter().map(|candidate| (levenshtein_distance(word, candidate), candidate));
    scored.filter(|(distance, _)| *distance <= limit).min().map(|(_, candidate)| candidate)
}

/// How many characters to insert, delete or replace to get from one word to the other (Levenshtein).
pub fn levenshtein_distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, b) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
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

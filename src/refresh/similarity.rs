//! The likeness of two texts, by their words.

use std::collections::HashSet;

use crate::diff::shared_of_shorter;

/// Maximum number of words that are compared; the beginning of a longer text decides.
const MAX_WORDS: usize = 400;

/// Minimum number of words for a comparison; shorter texts must be equal.
const MIN_WORDS: usize = 4;

/// Minimum share of common words of one text in two versions.
const SAME_TEXT_SHARE: f32 = 0.6;

/// Minimum share of common words of one paragraph in two versions; with less, another paragraph is
/// in its place. Measured for stories: pairs below 0.4 have nothing to do with each other.
const SAME_BLOCK_SHARE: f32 = 0.4;

/// Returns true if `one` and `other` are the same text, perhaps edited or continued.
pub(super) fn is_same_text(one: &str, other: &str) -> bool {
    common_share(one, other) >= SAME_TEXT_SHARE
}

/// Returns true if `one` and `other` are the same paragraph, perhaps edited.
pub(super) fn is_same_block(one: &str, other: &str) -> bool {
    common_share(one, other) >= SAME_BLOCK_SHARE
}

/// Returns the share of the different words of the shorter text that the other one has too.
fn common_share(one: &str, other: &str) -> f32 {
    let (one, other) = (words(one), words(other));
    if one == other {
        return 1.0;
    }
    if one.len().min(other.len()) < MIN_WORDS { 0.0 } else { shared_of_shorter(&one, &other) }
}

fn words(text: &str) -> HashSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(MAX_WORDS).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_same_text_accepts_edits_and_continuations() {
        let text = "The old ferry across the sound runs again after the storm";
        assert!(is_same_text(text, "The old ferry runs again after the long storm"));
        assert!(is_same_text(
            text,
            &format!("{text}. It left the harbour at nine in the morning.")
        ));
        assert!(!is_same_text(text, "A museum opens on Sunday with a concert in the yard"));
        assert!(!is_same_text("Read more", "Read this"));
        assert!(is_same_text("Read more!", "read more"));
    }
}

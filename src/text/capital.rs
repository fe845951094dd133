//! The first letter of sentences.

/// Returns `sentence` with its first letter in upper case.
pub fn capitalize(sentence: &str) -> String {
    let mut chars = sentence.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

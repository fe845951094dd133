//! Language detection and hyphenation points.

use hypher::Lang;

use crate::text::{detect_language, floor_char_boundary, fold};

/// Length of the text prefix used for language detection, in bytes.
const SAMPLE_BYTES: usize = 4096;

/// Minimum length of a hyphenated word, in bytes.
const MIN_HYPHENATED_BYTES: usize = 6;

/// Detects the language of `text` and returns its BCP 47 tag; `None` if it is uncertain.
pub(super) fn certain_language(text: &str) -> Option<String> {
    detect_language(&fold(&text[..floor_char_boundary(text, SAMPLE_BYTES)])).map(str::to_owned)
}

/// Returns the hyphenation rules for a BCP 47 tag; `None` if there are none for its language.
pub(super) fn hyphenation_language(tag: &str) -> Option<Lang> {
    let code = tag.split(['-', '_']).next()?.to_ascii_lowercase();
    let iso_code: [u8; 2] = code.as_bytes().try_into().ok()?;
    // Both Norwegian languages, Bokmål and Nynorsk, have the same hyphenation rules, stored as
    // `nb`.
    let is_norwegian = matches!(&iso_code, b"no" | b"nn");
    Lang::from_iso(if is_norwegian { *b"nb" } else { iso_code })
}

/// Returns the hyphenation points of `word` as byte offsets.
///
/// Punctuation around the letters is skipped; a word with any other character, such as a digit or
/// an apostrophe, has no points.
pub(super) fn hyphenation_points(word: &str, language: Lang) -> Vec<usize> {
    let letters = word.trim_matches(|c: char| !c.is_alphabetic());
    if letters.len() < MIN_HYPHENATED_BYTES || !letters.chars().all(char::is_alphabetic) {
        return Vec::new();
    }
    let mut offset = word.find(letters).unwrap_or(0);
    let syllables: Vec<&str> = hypher::hyphenate(letters, language).collect();
    let last = syllables.len().saturating_sub(1);
    syllables[..last]
        .iter()
        .map(|syllable| {
            offset += syllable.len();
            offset
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certain_language_knows_english_and_german() {
        let english = "The first surprise was who came: not the nostalgic, but the young, with laptops and no car.";
        let german = "Die erste Überraschung war, wer kam: nicht die Nostalgiker, sondern die Jungen ohne Auto.";
        assert_eq!(certain_language(english).as_deref(), Some("en"));
        assert_eq!(certain_language(german).as_deref(), Some("de"));
        assert_eq!(certain_language("ok"), None);
        assert_eq!(certain_language("12:30 Lorem"), None);
    }

    #[test]
    fn hyphenation_points_fall_between_syllables() {
        let hyphenate = |word: &str, tag: &str| {
            let points = hyphenation_points(word, hyphenation_language(tag).unwrap());
            let mut hyphenated = word.to_owned();
            for point in points.into_iter().rev() {
                hyphenated.insert(point, '-');
            }
            hyphenated
        };
        assert_eq!(hyphenate("“hyphenation,”", "en-GB"), "“hy-phen-ation,”");
        assert_eq!(hyphenate("Überraschung", "de"), "Über-ra-schung");
        for word in ["train", "3.14159265", "don’tworry", "https://example.org", "x1y2z3w4"] {
            assert_eq!(hyphenate(word, "en"), word);
        }
        assert!(
            hyphenation_language("tlh").is_none()
                && hyphenation_language("").is_none()
                && hyphenation_language("no").is_some()
        );
    }
}

//! The language of an article, and where its words may be parted.

use hypher::Lang;

use crate::text::{detect_language, floor_char_boundary, fold};

/// A text is told by so much of its beginning, in bytes.
const SAMPLE_BYTES: usize = 4096;

/// Shorter words are not parted, in bytes.
const MIN_HYPHENATED_BYTES: usize = 6;

/// The language of `text`, as a BCP 47 tag, if it is certain.
pub(super) fn certain_language(text: &str) -> Option<String> {
    detect_language(&fold(&text[..floor_char_boundary(text, SAMPLE_BYTES)])).map(str::to_owned)
}

/// How words of a language are parted; `None` for one whose rules are not known.
pub(super) fn hyphenation_language(tag: &str) -> Option<Lang> {
    let code = tag.split(['-', '_']).next()?.to_ascii_lowercase();
    let code: [u8; 2] = code.as_bytes().try_into().ok()?;
    // Norwegian is written in two ways, and parted in one.
    let code = if matches!(&code, b"no" | b"nn") { *b"nb" } else { code };
    Lang::from_iso(code)
}

/// Where `word` may be parted, in bytes from its start.
pub(super) fn hyphenation_points(word: &str, language: Lang) -> Vec<usize> {
    let letters = word.trim_matches(|c: char| !c.is_alphabetic());
    if letters.len() < MIN_HYPHENATED_BYTES || !letters.chars().all(char::is_alphabetic) {
        return Vec::new();
    }
    let mut at = word.find(letters).unwrap_or(0);
    let syllables: Vec<&str> = hypher::hyphenate(letters, language).collect();
    let before_last = syllables.len().saturating_sub(1);
    syllables[..before_last]
        .iter()
        .map(|syllable| {
            at += syllable.len();
            at
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
        let parted = |word: &str, tag: &str| {
            let mut out = word.to_owned();
            for at in hyphenation_points(word, hyphenation_language(tag).unwrap()).into_iter().rev()
            {
                out.insert(at, '-');
            }
            out
        };
        assert_eq!(parted("“hyphenation,”", "en-GB"), "“hy-phen-ation,”");
        assert_eq!(parted("Überraschung", "de"), "Über-ra-schung");
        for word in ["train", "3.14159265", "don’tworry", "https://example.org", "x1y2z3w4"] {
            assert_eq!(parted(word, "en"), word);
        }
        assert!(
            hyphenation_language("tlh").is_none()
                && hyphenation_language("").is_none()
                && hyphenation_language("no").is_some()
        );
    }
}

//! The words and signs of a text, as a person would count them.

use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed, options::WordBreakInvariantOptions};
use unicode_segmentation::UnicodeSegmentation;

/// Signs that separate words without a blank.
const WORD_SEPARATORS: [char; 5] = ['—', '–', '…', '/', '|'];

/// Splits a text into words and signs, without the white space between them: `(12:30), well-known`
/// gives `(`, `12:30`, `)`, `,`, `well-known`. A Chinese character is a word; the words of Thai and its
/// neighbours, which are written without blanks, are found by their shapes (UAX #29 §6.2 and the
/// models of ICU).
pub fn split_word_units(text: &str) -> Vec<&str> {
    let mut units = Vec::new();
    for chunk in text.split_whitespace() {
        if chunk.contains(is_of_script_without_blanks) {
            split_unspaced(chunk, &mut units);
        } else if chunk.contains("://") {
            split_trimmed(chunk, &mut units, |url, units| units.push(url));
        } else {
            split_trimmed(chunk, &mut units, split_at_separators);
        }
    }
    units
}

/// Adds the signs at the ends of a chunk, and what is between them by `add_inner`.
fn split_trimmed<'t>(
    chunk: &'t str,
    units: &mut Vec<&'t str>,
    add_inner: impl Fn(&'t str, &mut Vec<&'t str>),
) {
    let inner = chunk.trim_matches(|c: char| !is_word_char(c));
    if inner.is_empty() {
        units.extend(chunk.graphemes(true));
        return;
    }
    let start = inner.as_ptr() as usize - chunk.as_ptr() as usize;
    units.extend(chunk[..start].graphemes(true));
    add_inner(inner, units);
    units.extend(chunk[start + inner.len()..].graphemes(true));
}

fn split_at_separators<'t>(inner: &'t str, units: &mut Vec<&'t str>) {
    let mut rest = inner;
    while let Some(at) = rest.find(WORD_SEPARATORS) {
        let length = rest[at..].chars().next().map_or(0, char::len_utf8);
        if at > 0 {
            units.push(&rest[..at]);
        }
        units.push(&rest[at..at + length]);
        rest = &rest[at + length..];
    }
    if !rest.is_empty() {
        units.push(rest);
    }
}

fn split_unspaced<'t>(chunk: &'t str, units: &mut Vec<&'t str>) {
    let mut rest = chunk;
    while let Some(first) = rest.chars().next() {
        let is_complex = is_of_complex_script(first);
        let end = rest.find(|c| is_of_complex_script(c) != is_complex).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if is_complex {
            let ends: Vec<usize> = COMPLEX_WORDS.with(|words| words.segment_str(run).collect());
            let words = ends.windows(2).map(|pair| &run[pair[0]..pair[1]]);
            units.extend(words.filter(|word| !word.is_empty()));
        } else {
            units.extend(run.split_word_bounds());
        }
        rest = after;
    }
}

thread_local! {
    static COMPLEX_WORDS: WordSegmenterBorrowed<'static> =
        WordSegmenter::new_lstm(WordBreakInvariantOptions::default());
}

/// Returns true for letters, digits and the marks on them.
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

/// Returns true for Chinese characters, kana, and the letters of [`is_of_complex_script`].
fn is_of_script_without_blanks(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
        || is_of_complex_script(c)
}

/// Returns true for the letters of Thai, Lao, Burmese and Khmer.
fn is_of_complex_script(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn split_word_units_separates_words_and_signs() {
        for (text, expected) in [
            ("", vec![]),
            ("(12:30), well-known", vec!["(", "12:30", ")", ",", "well-known"]),
            ("“No,” he said…", vec!["“", "No", ",", "”", "he", "said", "…"]),
            ("$1,204.50 rise—again", vec!["$", "1,204.50", "rise", "—", "again"]),
            ("see https://a.example/b-c?d.", vec!["see", "https://a.example/b-c?d", "."]),
            ("and/or – x", vec!["and", "/", "or", "–", "x"]),
            ("東京の天気、晴れ", vec!["東", "京", "の", "天", "気", "、", "晴", "れ"]),
            ("ประเทศไทย", vec!["ประเทศ", "ไทย"]),
        ] {
            assert_eq!(split_word_units(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn split_word_units_loses_nothing_but_blanks(text in "\\PC{0,40}") {
            let joined: String = split_word_units(&text).concat();
            let expected: String = text.split_whitespace().collect();
            prop_assert_eq!(joined, expected);
        }
    }
}

//! Signs that are part of what a filter looks for: `c++`, `C#`, `.NET`, `R&D`, `$100`.
//!
//! Folded text has words alone. The index finds the texts with the words of a pattern, and this
//! module decides by the text itself whether the signs are there.

use std::ops::Range;

use super::{Field, LastWord};
use crate::text::for_each_word;

/// The parts of an entry without folding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlainText {
    /// The title.
    pub title: String,
    /// The author.
    pub author: String,
    /// The text.
    pub body: String,
    /// The tags.
    pub tags: String,
}

/// Folded words side by side with signs at their sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedWords {
    words: Vec<String>,
    /// The signs before each word, and those after the last one.
    gaps: Vec<SignGap>,
    last_word: LastWord,
}

/// The signs between two words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct SignGap {
    /// Signs directly after the word before the gap.
    after: String,
    /// Signs directly before the word after the gap.
    before: String,
    /// The two words have nothing but these signs between them.
    is_closed: bool,
}

/// Signs that count beside a word. Others, such as commas and quotation marks, are punctuation.
const SIGNS: &[char] = &['+', '#', '&', '@', '$', '€', '£', '%', '_'];

/// A sign that counts before a word that begins with it, such as `.NET`.
const LEADING_SIGN: char = '.';

impl PlainText {
    /// Returns the title and the text, which regular expressions search.
    pub fn title_and_body(&self) -> String {
        format!("{}\n{}", self.title, self.body)
    }
}

impl SignedWords {
    /// Returns the words of `text` with their signs. Returns `None` if there are no words, or no
    /// signs beside them.
    pub(super) fn parse(text: &str, last_word: LastWord) -> Option<SignedWords> {
        let words = words_of(text);
        let gaps: Vec<SignGap> =
            (0..=words.len()).map(|index| SignGap::parse(text, &words, index)).collect();
        let has_signs = gaps.iter().any(|gap| !gap.after.is_empty() || !gap.before.is_empty());
        // A sign ends the word before it.
        let ends_with_sign = gaps.last().is_some_and(|last| !last.after.is_empty());
        let last_word = if ends_with_sign { LastWord::Whole } else { last_word };
        let words: Vec<String> = words.into_iter().map(|(word, _)| word).collect();
        (has_signs && !words.is_empty()).then_some(SignedWords { words, gaps, last_word })
    }

    /// Returns the meaning of the last word.
    pub(super) fn last_word(&self) -> LastWord {
        self.last_word
    }

    /// Returns true if one part of `plain` that belongs to `field` contains the words and signs.
    /// URLs are searched by their words alone.
    pub(super) fn is_in_field(&self, field: Field, plain: &PlainText) -> bool {
        match field {
            Field::Anywhere => [&plain.title, &plain.author, &plain.body, &plain.tags]
                .iter()
                .any(|part| self.is_match(part)),
            Field::Title => self.is_match(&plain.title),
            Field::Author => self.is_match(&plain.author),
            Field::Body => self.is_match(&plain.body),
            Field::Tags | Field::Categories => self.is_match(&plain.tags),
            Field::Url => true,
        }
    }

    /// Returns true if `text` contains the words and signs.
    pub(super) fn is_match(&self, text: &str) -> bool {
        !self.find_ranges(text).is_empty()
    }

    /// Returns the byte ranges of all occurrences, with their signs.
    pub(super) fn find_ranges(&self, text: &str) -> Vec<Range<usize>> {
        let words = words_of(text);
        let starts = 0..(words.len() + 1).saturating_sub(self.words.len());
        let is_match = |start: &usize| self.is_match_at(text, &words, *start);
        let last = self.words.len() - 1;
        let to_range = |start: usize| {
            let from = words[start].1.start - self.gaps[0].before.len();
            from..words[start + last].1.end + self.gaps[last + 1].after.len()
        };
        starts.filter(is_match).map(to_range).collect()
    }

    fn is_match_at(&self, text: &str, words: &[FoundWord], start: usize) -> bool {
        let last = self.words.len() - 1;
        let has_words = self.words.iter().enumerate().all(|(index, wanted)| {
            let word = &words[start + index].0;
            match self.last_word {
                LastWord::Prefix if index == last => word.starts_with(wanted.as_str()),
                _ => word == wanted,
            }
        });
        has_words
            && self
                .gaps
                .iter()
                .enumerate()
                .all(|(index, gap)| gap.is_match(gap_text(text, words, start + index), index == 0))
    }
}

impl SignGap {
    /// Returns the signs before the word with this index, in the gap after the word before it.
    fn parse(text: &str, words: &[FoundWord], index: usize) -> SignGap {
        let gap = gap_text(text, words, index);
        let (is_first, is_last) = (index == 0, index == words.len());
        let after = gap.trim_start_matches(SIGNS);
        let after = if is_first { "" } else { &gap[..gap.len() - after.len()] };
        let stem = gap.trim_end_matches(SIGNS);
        let begins_word =
            |stem: &str| stem.is_empty() && is_first || stem.ends_with(char::is_whitespace);
        let stem = stem.strip_suffix(LEADING_SIGN).filter(|stem| begins_word(stem)).unwrap_or(stem);
        let before = if is_last { "" } else { &gap[stem.len()..] };
        let is_closed = !is_first && !is_last && !gap.is_empty() && after.len() == gap.len();
        SignGap { after: after.to_owned(), before: before.to_owned(), is_closed }
    }

    /// Returns true if the signs are in `gap`, the text between two words.
    fn is_match(&self, gap: &str, is_first: bool) -> bool {
        if self.is_closed {
            return gap == self.after;
        }
        (is_first || gap.starts_with(&self.after)) && gap.ends_with(&self.before)
    }
}

/// A folded word and its bytes in the text.
type FoundWord = (String, Range<usize>);

fn words_of(text: &str) -> Vec<FoundWord> {
    let mut words = Vec::new();
    for_each_word(text, |word| words.push((word.folded.to_owned(), word.range())));
    words
}

/// Returns the text before the word with this index, from the end of the word before it.
fn gap_text<'t>(text: &'t str, words: &[FoundWord], index: usize) -> &'t str {
    let start = index.checked_sub(1).map_or(0, |before| words[before].1.end);
    let end = words.get(index).map_or(text.len(), |(_, range)| range.start);
    text.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{LastWord, SignedWords};

    /// Returns the occurrences of `pattern`, typed without anything after it.
    fn find<'t>(pattern: &str, text: &'t str) -> Vec<&'t str> {
        let signed = SignedWords::parse(pattern, LastWord::Prefix).unwrap();
        signed.find_ranges(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn signed_words_match_their_signs() {
        let text = "C, C++ and C#; ASP.NET, R&D, .Net Core, net 100% c++17, abc++ user@host, É#.";
        assert_eq!(find("c++", text), ["C++", "c++"]);
        assert_eq!(find("c+", text), ["C+", "c+"]);
        assert_eq!(find("C#", text), ["C#"]);
        assert_eq!(find(".ne", text), [".NET", ".Net"]);
        assert_eq!(find(".net core", text), [".Net Core"]);
        assert_eq!(find("c++ and c#", text), ["C++ and C#"]);
        assert_eq!(find("r&d", text), ["R&D"]);
        assert_eq!(find("c++17", text), ["c++17"]);
        assert_eq!(find("100%", text), ["100%"]);
        assert_eq!(find("user@host", text), ["user@host"]);
        assert_eq!(find("e#", text), ["É#"]);
        assert_eq!(find("d#", text), [""; 0]);
    }

    #[test]
    fn punctuation_is_no_sign() {
        for text in [
            "moscow,",
            "“night train”",
            "node.js",
            "al-sharaa",
            "end. Next",
            "q & a",
            "#",
            "3.11",
            "",
        ] {
            assert_eq!(SignedWords::parse(text, LastWord::Whole), None, "{text}");
        }
    }
}

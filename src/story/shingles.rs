//! Copies by text: how much of one article is in another.
//!
//! The share of the shorter text's runs of three words that the longer one has finds a teaser of two
//! sentences in its full text, where Jaccard's measure and SimHash, which compare whole texts, find
//! 1 % and nothing.

use super::StoryText;
use crate::text::{floor_char_boundary, for_each_word, stable_digest};

/// Maximum length of a text that is compared, in bytes.
const MAX_TEXT_BYTES: usize = 256 << 10;

/// Minimum number of runs of the shorter text: fewer may occur in two articles by chance, and are often
/// a sentence that a publisher has in every article.
const MIN_SHINGLES: usize = 16;

/// The runs of three words of an article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shingles {
    /// The digests of the runs, each once, in ascending order. Two texts of 1,000 words have one of them in common
    /// by chance in one case of four thousand.
    digests: Vec<u32>,
}

impl Shingles {
    /// Reads the runs of words of the body.
    pub fn new(text: StoryText<'_>) -> Shingles {
        let body = &text.body[..floor_char_boundary(text.body, MAX_TEXT_BYTES)];
        let mut last_words: [u64; 2] = [0, 0];
        let (mut count, mut digests) = (0_usize, Vec::new());
        let mut urls = UrlSkipper::new(body);
        for_each_word(body, |word| {
            if urls.skips(word.start) {
                return;
            }
            let word = stable_digest(&[word.folded.as_bytes()]);
            count += 1;
            if count >= 3 {
                let [first, second] = last_words.map(u64::to_le_bytes);
                let digest = stable_digest(&[&first, &second, &word.to_le_bytes()]);
                digests.push(u32::try_from(digest >> 32).expect("the upper half has 32 bits"));
            }
            last_words = [last_words[1], word];
        });
        digests.sort_unstable();
        digests.dedup();
        Shingles { digests }
    }

    /// Returns the number of runs.
    pub fn len(&self) -> usize {
        self.digests.len()
    }

    /// Returns whether there are no runs.
    pub fn is_empty(&self) -> bool {
        self.digests.is_empty()
    }

    /// Returns whether two articles are one: at least half of the shorter text is in the other.
    pub fn is_copy_of(&self, other: &Shingles) -> bool {
        let (short, long) = if self.digests.len() <= other.digests.len() {
            (&self.digests, &other.digests)
        } else {
            (&other.digests, &self.digests)
        };
        let shared = short.iter().filter(|digest| long.binary_search(digest).is_ok()).count();
        short.len() >= MIN_SHINGLES && shared * 2 >= short.len()
    }
}

/// Finds the words of URLs in a text: those of one site begin alike, and are no text of an article.
struct UrlSkipper<'t> {
    text: &'t str,
    /// The range of the next URL.
    next: std::ops::Range<usize>,
}

impl<'t> UrlSkipper<'t> {
    fn new(text: &'t str) -> UrlSkipper<'t> {
        let mut skipper = UrlSkipper { text, next: 0..0 };
        skipper.advance();
        skipper
    }

    /// Moves on to the URL after the present one.
    fn advance(&mut self) {
        let from = self.next.end;
        let Some(slashes) = self.text[from..].find("://").map(|at| from + at) else {
            self.next = self.text.len()..self.text.len();
            return;
        };
        let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '(' | ')');
        let start = self.text[from..slashes].rfind(is_end).map_or(from, |at| from + at);
        let end = self.text[slashes..].find(is_end).map_or(self.text.len(), |at| slashes + at);
        self.next = start..end;
    }

    /// Returns whether the word at a place, which is never before that of the last call, is part of a URL.
    fn skips(&mut self, start: usize) -> bool {
        while self.next.end <= start && self.next.start < self.text.len() {
            self.advance();
        }
        self.next.contains(&start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "A fire has destroyed the church that the governor of Alaska attends. Nobody \
        was hurt, the minister said on Friday, and the cause of the fire is not known. The governor \
        apologised if the fire had anything to do with the attention that she has received.";

    fn shingles(body: &str) -> Shingles {
        Shingles::new(StoryText { title: "", body })
    }

    #[test]
    fn teaser_is_a_copy_of_its_full_text() {
        let teaser = &REPORT[..REPORT.find(" Nobody").unwrap() + 60];
        assert!(shingles(REPORT).is_copy_of(&shingles(teaser)));
        assert!(shingles(teaser).is_copy_of(&shingles(REPORT)));
        let framed = format!("Read more about Alaska here: {REPORT} Follow us for more of this.");
        assert!(shingles(&framed).is_copy_of(&shingles(REPORT)));
    }

    #[test]
    fn report_in_other_words_is_no_copy() {
        let other = "Investigators look for the cause of a fire that has burnt down the church of \
            Alaska's governor, who said she was sorry if it had been set because of her.";
        assert!(!shingles(REPORT).is_copy_of(&shingles(other)));
    }

    #[test]
    fn words_of_urls_are_no_text() {
        let link = "https://press.example/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t?u=v&w=x&y=z";
        let [first, second] =
            ["The bridge", "A ferry"].map(|words| shingles(&format!("{words} {link}")));
        assert!(!first.is_copy_of(&second));
        assert_eq!(shingles(&format!("{REPORT} ({link})")), shingles(REPORT));
        assert_eq!(shingles(&format!("{link} {REPORT} {link}")), shingles(REPORT));
    }

    #[test]
    fn few_words_are_never_a_copy() {
        let words: Vec<&str> = REPORT.split_inclusive(' ').collect();
        let beginning = |count: usize| shingles(&words[..count].concat());
        assert!(!shingles(REPORT).is_copy_of(&beginning(MIN_SHINGLES + 1)));
        assert!(shingles(REPORT).is_copy_of(&beginning(MIN_SHINGLES + 2)));
        assert!(!shingles("").is_copy_of(&shingles("")));
    }
}

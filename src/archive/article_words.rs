//! The words by which an archive finds an article: those of the reader's own index, so that both agree on what a word
//! is. The words of single fields are repeated with a mark in front, which no folded word begins with.

use std::collections::BTreeSet;

use crate::query::{FIELD_SEPARATOR, Field, FoldedText};

/// Maximum length of a word in bytes. PostgreSQL takes 2,046; longer ones are data and no words.
pub(super) const MAX_WORD_BYTES: usize = 500;

/// Maximum number of bytes of the words of an article. PostgreSQL takes 1 MiB with what it adds to each.
const MAX_TOTAL_BYTES: usize = 600_000;

/// Number of bytes that PostgreSQL stores beside each word.
const BYTES_BESIDE_WORD: usize = 4;

/// Returns the mark in front of the words of a field; `None` for a field whose words are only among all of them.
pub(super) fn field_mark(field: Field) -> Option<&'static str> {
    match field {
        Field::Anywhere | Field::Body => None,
        Field::Title => Some("=t"),
        Field::Author => Some("=a"),
        Field::Tags | Field::Categories => Some("=g"),
        Field::Url => Some("=u"),
    }
}

/// Returns the words of an article without repetition, in order: those of the title, author, categories and URL first. Of a
/// text with more words than an archive stores, the first ones; about 60,000 different words fit.
pub fn list_article_words(text: &FoldedText) -> Vec<String> {
    let mut words = ArticleWords::default();
    let ends = text.field_ends;
    let part = |from: u32, to: u32| text.text.get(from as usize..to as usize).unwrap_or_default();
    let all = u32::try_from(text.text.len()).unwrap_or(u32::MAX);
    for (field, part) in [
        (Field::Title, part(0, ends.title)),
        (Field::Author, part(ends.title, ends.author)),
        (Field::Categories, part(ends.body, all)),
    ] {
        let mark = field_mark(field).unwrap_or_default();
        words.add_all(part, &["", mark]);
    }
    words.add_all(&text.url, &[field_mark(Field::Url).unwrap_or_default()]);
    words.add_all(text.body(), &[""]);
    words.words.into_iter().collect()
}

#[derive(Default)]
struct ArticleWords {
    words: BTreeSet<String>,
    bytes: usize,
}

impl ArticleWords {
    /// Adds the words of a folded text, each with each of the marks.
    fn add_all(&mut self, folded: &str, marks: &[&str]) {
        let is_gap = |c: char| c.is_whitespace() || c == FIELD_SEPARATOR;
        for word in folded.split(is_gap).filter(|word| !word.is_empty()) {
            for mark in marks {
                if word.len() <= MAX_WORD_BYTES && !self.add(format!("{mark}{word}")) {
                    return;
                }
            }
        }
    }

    /// Adds a word; returns false if there is no room left.
    fn add(&mut self, word: String) -> bool {
        let bytes = self.bytes + word.len() + BYTES_BESIDE_WORD;
        if bytes > MAX_TOTAL_BYTES {
            return false;
        }
        if self.words.insert(word) {
            self.bytes = bytes;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_fields_have_a_mark() {
        let url = "https://example.org/a";
        let text = FoldedText::new("Brücke öffnet", "Ann", "The bridge, the bridge.", "Sea", url);
        assert_eq!(
            list_article_words(&text),
            [
                "=aann",
                "=gsea",
                "=tbrucke",
                "=toffnet",
                "=ua",
                "=uexample",
                "=uhttps",
                "=uorg",
                "ann",
                "bridge",
                "brucke",
                "offnet",
                "sea",
                "the",
            ]
        );
    }

    #[test]
    fn words_end_at_the_limit() {
        let body: Vec<String> = (0..90_000).map(|number| format!("w{number}")).collect();
        let text = FoldedText::new("Title", "", &body.join(" "), "", "");
        let words = list_article_words(&text);
        let bytes: usize = words.iter().map(|word| word.len() + BYTES_BESIDE_WORD).sum();
        assert!(bytes <= MAX_TOTAL_BYTES, "{bytes}");
        assert!(bytes > MAX_TOTAL_BYTES - 20, "{bytes}");
        assert!(words.contains(&"=ttitle".to_owned()));
        let long = "x".repeat(MAX_WORD_BYTES + 1);
        assert_eq!(list_article_words(&FoldedText::new("", "", &long, "", "")), [""; 0]);
    }
}

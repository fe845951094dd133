//! HTML without a parser: tags off, paragraphs kept. For what the parser must not see, and for HTML within Markdown.

use super::tag::{Meaning, meaning, tags};
use crate::text::decode_entities;

/// Hands each paragraph of `text` to `take`, tags off and entities decoded; takes linear time.
pub(in crate::markup) fn paragraphs(text: &str, mut take: impl FnMut(&str)) {
    let mut words = String::new();
    let mut done = 0;
    for tag in tags(text) {
        decode_entities(&text[done..tag.start], &mut words);
        done = tag.end;
        if !tag.is_element() {
            continue;
        }
        match meaning(&tag.name.to_ascii_lowercase()) {
            Meaning::Stress(_) | Meaning::Link | Meaning::Inline | Meaning::Quotation => {}
            Meaning::Break | Meaning::Cell(_) | Meaning::Reading => words.push(' '),
            _ => end(&mut words, &mut take),
        }
    }
    decode_entities(&text[done..], &mut words);
    end(&mut words, &mut take);
}

fn end(words: &mut String, take: &mut impl FnMut(&str)) {
    if !words.trim().is_empty() {
        take(words);
    }
    words.clear();
}

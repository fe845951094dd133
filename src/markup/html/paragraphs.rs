//! HTML without a parser: tags off, paragraphs kept. For what the parser must not see, and for HTML within Markdown.

use super::{
    element_role::{ElementRole, element_role},
    tokenizer::tokenize_tags,
};
use crate::text::decode_entities;

/// Hands each paragraph of `text` to `take`, tags off and entities decoded; takes linear time.
pub(in crate::markup) fn for_each_paragraph(text: &str, mut take: impl FnMut(&str)) {
    let mut words = String::new();
    let mut done = 0;
    for tag in tokenize_tags(text) {
        decode_entities(&text[done..tag.start], &mut words);
        done = tag.end;
        if !tag.is_element() {
            continue;
        }
        match element_role(&tag.name.to_ascii_lowercase()) {
            ElementRole::Emphasis(_)
            | ElementRole::Link
            | ElementRole::Inline
            | ElementRole::InlineQuote => {}
            ElementRole::LineBreak | ElementRole::TableCell(_) | ElementRole::RubyText => {
                words.push(' ');
            }
            _ => finish_paragraph(&mut words, &mut take),
        }
    }
    decode_entities(&text[done..], &mut words);
    finish_paragraph(&mut words, &mut take);
}

fn finish_paragraph(words: &mut String, take: &mut impl FnMut(&str)) {
    if !words.trim().is_empty() {
        take(words);
    }
    words.clear();
}

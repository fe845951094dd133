//! The paragraphs of HTML without a parser, for text that must not reach it and for HTML within
//! Markdown.

use super::{
    element_role::{ElementRole, element_role},
    left_out::{TagAudience, shown_tags},
};
use crate::text::decode_entities;

/// Calls `take` with each paragraph of `text`, without tags and with references decoded. Takes
/// linear time.
pub(in crate::markup) fn for_each_paragraph(text: &str, mut take: impl FnMut(&str)) {
    let mut words = String::new();
    let mut text_start = 0;
    for tag in shown_tags(text, TagAudience::Text) {
        decode_entities(&text[text_start..tag.start], &mut words);
        text_start = tag.end;
        let role = element_role(&tag.name.to_ascii_lowercase());
        if !tag.is_element() && !role.is_block() {
            continue;
        }
        match role {
            role if role.is_within_line() && role != ElementRole::RubyText => {}
            ElementRole::LineBreak | ElementRole::TableCell(_) | ElementRole::RubyText => {
                words.push(' ');
            }
            _ => finish_paragraph(&mut words, &mut take),
        }
    }
    decode_entities(&text[text_start..], &mut words);
    finish_paragraph(&mut words, &mut take);
}

fn finish_paragraph(words: &mut String, take: &mut impl FnMut(&str)) {
    if !words.trim().is_empty() {
        take(words);
    }
    words.clear();
}

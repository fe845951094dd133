//! Reads the stored text of a document: the term ids of its words, field by field.

use super::{
    segment::{FIELD_BREAK, PHRASE_BREAK},
    varint,
};

/// The index of the author among the fields of a text.
const AUTHOR: u32 = 1;

/// The index of the body among the fields of a text.
const BODY: u32 = 2;

/// Iterates over all numbers of `text`: term ids and breaks.
pub(super) fn decode_term_ids(mut text: &[u8]) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || varint::decode(&mut text))
}

/// Iterates over the term ids of the words in title and body, without joined forms.
pub(super) fn running_term_ids(text: &[u8]) -> impl Iterator<Item = u32> {
    let (mut field, mut in_joined_forms) = (0, false);
    let in_fields = decode_term_ids(text).map_while(move |number| {
        match number {
            FIELD_BREAK if field == BODY => return None,
            FIELD_BREAK => (field, in_joined_forms) = (field + 1, false),
            PHRASE_BREAK => in_joined_forms = true,
            _ if in_joined_forms || field == AUTHOR => {}
            term_id => return Some(Some(term_id)),
        }
        Some(None)
    });
    in_fields.flatten()
}

/// Returns the title of a text.
pub(super) fn title_of_text(text: &[u8]) -> &[u8] {
    field_of_text(text, 0).unwrap_or_default()
}

/// Returns the field with this index: 0 title, 1 author, 2 body, 3 tags.
pub(super) fn field_of_text(text: &[u8], index: usize) -> Option<&[u8]> {
    let is_break =
        |at: &usize| u32::from(text[*at]) == FIELD_BREAK && (*at == 0 || text[at - 1] < 0x80);
    let find_break = |from: usize| (from..text.len()).find(is_break);
    let start = (0..index).try_fold(0, |from, _| Some(find_break(from)? + 1))?;
    Some(&text[start..find_break(start).unwrap_or(text.len())])
}

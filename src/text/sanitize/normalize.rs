//! The normal form of scrubbed text: NFC, with a limited number of marks on each letter.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::chars::{
    ZERO_WIDTH_SPACE, is_inert, is_place_to_break, is_sequence_part, is_stacked_mark,
};

/// Maximum number of combining marks on one letter. No script needs more; pranks stack hundreds.
pub(super) const MAX_COMBINING_MARKS: usize = 8;

/// Returns scrubbed text in normal form C, with a limited number of marks on each letter.
pub(super) fn normalize(scrubbed: String) -> String {
    // Composed twice: letters that Unicode keeps decomposed have marks only then.
    let composed = compose(join_stacked_marks(compose(scrubbed)));
    if has_stacked_marks(&composed) { limit_stacked_marks(&composed) } else { composed }
}

/// Returns true if a letter has more marks than [`MAX_COMBINING_MARKS`].
pub(super) fn has_stacked_marks(text: &str) -> bool {
    if text.chars().all(is_inert) {
        return false;
    }
    let mut height = 0;
    text.chars().any(|c| {
        height = stack_height(c, height);
        height > MAX_COMBINING_MARKS
    })
}

/// Returns the text in normal form C.
fn compose(text: String) -> String {
    if is_nfc(&text) { text } else { text.nfc().collect() }
}

/// Removes what would part a combining mark from its letter or from another mark, and keep marks from
/// their normal order: places to break before a mark, and parts of sequences between two.
fn join_stacked_marks(text: String) -> String {
    let may_part_marks = |c: char| is_sequence_part(c) || c == ZERO_WIDTH_SPACE;
    if !(text.contains(may_part_marks) && text.contains(is_stacked_mark)) {
        return text;
    }
    let (mut joined, mut parts, mut follows_mark) = (String::new(), String::new(), false);
    for c in text.chars() {
        if may_part_marks(c) {
            parts.push(c);
            continue;
        }
        let is_mark = is_stacked_mark(c);
        let is_kept = |part: &char| !is_mark || !follows_mark && !is_place_to_break(*part);
        joined.extend(parts.chars().filter(is_kept));
        parts.clear();
        joined.push(c);
        follows_mark = is_mark;
    }
    joined + &parts
}

/// Returns the number of combining marks in a row up to `c`, of which there are `before` before it.
fn stack_height(c: char, before: usize) -> usize {
    match c {
        c if is_stacked_mark(c) => before + 1,
        c if is_sequence_part(c) => before,
        _ => 0,
    }
}

fn limit_stacked_marks(text: &str) -> String {
    let mut height = 0;
    let is_within_limit = |c: &char| {
        height = stack_height(*c, height);
        height <= MAX_COMBINING_MARKS || is_sequence_part(*c)
    };
    text.chars().filter(is_within_limit).collect()
}

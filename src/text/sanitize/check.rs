//! The check that most texts pass: nothing in them changes.

use unicode_normalization::is_nfc;

use super::{
    chars::{is_inert, is_joiner, is_line_end, is_nonspacing_mark, is_removed, is_sequence_part},
    normalize::has_stacked_marks,
    scrubber::{LineBreaks, Medium},
};

/// Returns true if scrubbing and normalising leave `text` as it is.
pub(super) fn is_sanitized(text: &str, shape: LineBreaks, medium: Medium) -> bool {
    if is_inert_text(text, shape) {
        return true;
    }
    let is_kept_white =
        |c: char| shape == LineBreaks::Keep && (c == '\n' || (c == '\t' && medium == Medium::Text));
    let is_unchanged = |c: char| {
        is_kept_white(c)
            || !(c.is_control()
                || is_removed(c)
                || is_sequence_part(c)
                || is_joiner(c)
                || is_line_end(c))
    };
    text.chars().all(is_unchanged)
        && is_nfc(text)
        && !has_stacked_marks(text)
        && !(medium == Medium::Screen
            && text.split('\n').any(|line| line.starts_with(is_nonspacing_mark)))
}

/// Returns true if `text` holds only characters that are displayed unchanged: a fast check that
/// most texts pass.
fn is_inert_text(text: &str, shape: LineBreaks) -> bool {
    let mut rest = text;
    while let Some(at) = find_special_byte(rest.as_bytes(), shape) {
        let mut chars = rest[at..].chars();
        if !chars.next().is_some_and(is_inert) {
            return false;
        }
        rest = chars.as_str();
    }
    true
}

/// Number of bytes that are checked one by one: in most scripts, the next special byte is near.
const CHECKED_ALONE: usize = 16;

/// Number of bytes after them that are checked together, which takes an eighth of the time.
const CHECKED_TOGETHER: usize = 64;

/// Returns the place of the first byte that is no printable ASCII character, nor a line feed where that is kept.
fn find_special_byte(bytes: &[u8], shape: LineBreaks) -> Option<usize> {
    let is_plain =
        |byte: u8| matches!(byte, b' '..=b'~') || (byte == b'\n' && shape == LineBreaks::Keep);
    let find = |bytes: &[u8]| bytes.iter().position(|byte| !is_plain(*byte));
    let (start, rest) = bytes.split_at(bytes.len().min(CHECKED_ALONE));
    if let Some(at) = find(start) {
        return Some(at);
    }
    let (parts, _) = rest.as_chunks::<CHECKED_TOGETHER>();
    // Without a branch for each, so that the compiler checks many at once.
    let are_plain = |part: &&[u8; CHECKED_TOGETHER]| {
        part.iter().fold(true, |are_plain, byte| are_plain & is_plain(*byte))
    };
    let checked = CHECKED_TOGETHER * parts.iter().take_while(are_plain).count();
    find(&rest[checked..]).map(|at| start.len() + checked + at)
}

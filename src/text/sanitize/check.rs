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
    let is_plain =
        |byte: u8| matches!(byte, b' '..=b'~') || (byte == b'\n' && shape == LineBreaks::Keep);
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !is_plain(byte)) {
        let mut chars = rest[at..].chars();
        if !chars.next().is_some_and(is_inert) {
            return false;
        }
        rest = chars.as_str();
    }
    true
}

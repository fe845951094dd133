//! Sentences in the rows of dialogs and notices.

use super::{Block, LayoutLine, RichText, wrap_block};
use crate::text::{sanitize, truncate};

/// Wraps a sentence into rows. The last one ends with `…` if there is no room for all of it.
pub fn wrap_sentence(sentence: &str, columns: u16, max_rows: u16) -> Vec<String> {
    let text = Block::Paragraph(RichText::plain(sanitize::to_line(sentence)));
    let lines = wrap_block(text, columns.max(1), max_rows.saturating_add(1));
    let mut rows: Vec<String> = lines.iter().map(LayoutLine::text).collect();
    if rows.len() > usize::from(max_rows) {
        rows.truncate(max_rows.into());
        if let Some(last) = rows.last_mut() {
            *last = truncate(&format!("{last} …"), columns.into()).into_owned();
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::wrap_sentence;

    #[test]
    fn wrapped_sentence_says_that_there_is_more() {
        let sentence = "The server does not accept the password";
        assert_eq!(wrap_sentence(sentence, 20, 2), ["The server does not", "accept the password"]);
        assert_eq!(wrap_sentence(sentence, 20, 1), ["The server does not…"]);
        assert_eq!(wrap_sentence(sentence, 14, 2), ["The server", "does not …"]);
        assert_eq!(wrap_sentence(sentence, 20, 0), [""; 0]);
    }
}

//! The opening of a document without a title of its own: its first sentence is set as the headline.

use super::{Block, Document, Emphasis, RichText, TextSpan};
use crate::text::ceil_grapheme_boundary;

impl Document {
    /// Returns the text of the paragraph that the document begins with; `None` if it begins with
    /// another block.
    pub fn opening_paragraph(&self) -> Option<String> {
        match self.blocks.first() {
            Some(Block::Paragraph(text)) => Some(text.plain_text()),
            _ => None,
        }
    }

    /// Sets the first `bytes` of the opening paragraph in bold, as the headline of the document.
    /// The text stays as it is, and so do links and positions in it.
    pub fn set_opening_as_headline(&mut self, bytes: usize) {
        if let Some(Block::Paragraph(text)) = self.blocks.first_mut() {
            embolden_start(text, bytes);
            self.opens_with_headline = true;
        }
    }
}

/// Sets the first `bytes` of `text` in bold, and what belongs to the last letter of them.
fn embolden_start(text: &mut RichText, bytes: usize) {
    let mut start = 0;
    let mut spans = Vec::with_capacity(text.0.len() + 1);
    for mut span in std::mem::take(&mut text.0) {
        let end = ceil_grapheme_boundary(&span.text, bytes.saturating_sub(start));
        start += span.text.len();
        let rest = TextSpan { text: span.text.split_off(end), ..span.clone() };
        span.emphasis = span.emphasis.union(Emphasis::STRONG);
        spans.extend([span, rest].into_iter().filter(|span| !span.text.is_empty()));
    }
    text.0 = spans;
}

#[cfg(test)]
mod tests {
    use crate::markup::{Block, Emphasis, parse_plain_text};

    #[test]
    fn set_opening_as_headline_keeps_text_and_links() {
        let text = "See https://example.org/a now. More words.";
        let mut document = parse_plain_text(text);
        document.set_opening_as_headline("See https://example.org/a now.".len());
        assert_eq!(document.plain_text(), text);
        let Block::Paragraph(opening) = &document.blocks[0] else { unreachable!() };
        let spans: Vec<(&str, bool, bool)> = opening
            .0
            .iter()
            .map(|span| (&*span.text, span.emphasis == Emphasis::STRONG, span.link.is_some()))
            .collect();
        assert_eq!(
            spans,
            [
                ("See ", true, false),
                ("https://example.org/a", true, true),
                (" now.", true, false),
                (" More words.", false, false)
            ]
        );
    }
}

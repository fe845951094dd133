//! Division of a subscription list into chunks that are parsed one by one, so that an error in one
//! tag does not affect the other tags.
//!
//! After an unpaired quotation mark, an XML parser takes attributes for text and text for
//! attributes, to the end of the file. So the parser gets at most one OPML tag at a time, and this
//! file finds where each chunk starts. It looks only for the starts of a few tags, because their
//! ends cannot be trusted. For the same reason the HTML tokenizer (`markup::html`), which pairs
//! quotes, cannot be used.

/// Tags at which a chunk begins. Other tags may be part of an attribute: "How to use `<title>`".
const OPML_TAGS: [&[u8]; 6] = [b"outline", b"/outline", b"body", b"/body", b"opml", b"/opml"];

/// Returns the start of the next chunk of `text`, at `from` or later; `from` is within the text.
pub(super) fn next_chunk_start(text: &str, from: usize) -> usize {
    let mut at = from;
    while !text.is_char_boundary(at) {
        at += 1;
    }
    while let Some(found) = text[at..].find('<') {
        at += found + 1;
        if starts_chunk(&text.as_bytes()[at..]) {
            return at - 1;
        }
    }
    text.len()
}

fn starts_chunk(rest: &[u8]) -> bool {
    // A comment is read as a whole, whatever was wrong before it.
    if rest.starts_with(b"!--") {
        return true;
    }
    OPML_TAGS.iter().any(|tag| {
        let named = rest.get(..tag.len()).is_some_and(|name| name.eq_ignore_ascii_case(tag));
        named
            && rest
                .get(tag.len())
                .is_none_or(|after| after.is_ascii_whitespace() || matches!(after, b'/' | b'>'))
    })
}

/// A counter that converts byte offsets to line numbers.
pub(super) struct LineCounter<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl<'a> LineCounter<'a> {
    pub(super) fn new(text: &'a str) -> LineCounter<'a> {
        LineCounter { text, at: 0, line: 1 }
    }

    /// Returns the line of the byte `at`, counted from 1. Offsets must not decrease from call to
    /// call.
    pub(super) fn line_at(&mut self, at: usize) -> u64 {
        let passed = self.text.get(self.at..at).unwrap_or_default();
        self.line += passed.matches('\n').count() as u64;
        self.at = self.at.max(at);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_chunk_start_finds_opml_tags() {
        let text = "x<a><!--<a><OUTLINE/><outlines></outline\n><opml";
        let mut at = 0;
        let mut found = Vec::new();
        while at < text.len() {
            at = next_chunk_start(text, at + 1);
            found.push(&text[at..]);
        }
        assert_eq!(
            found[1..],
            ["<OUTLINE/><outlines></outline\n><opml", "</outline\n><opml", "<opml", ""]
        );
    }

    #[test]
    fn line_counter_counts_from_one() {
        let mut lines = LineCounter::new("a\nb\n\nc");
        assert_eq!([0, 1, 2, 5, 3, 99].map(|at| lines.line_at(at)), [1, 1, 2, 4, 4, 4]);
    }
}

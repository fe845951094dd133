//! The pieces of a text between which its style changes.
//!
//! White space at the end of a styled text keeps what it shares with both neighbours, because a
//! delimiter of Markdown next to white space does not count. Start with [`split_pieces`].

use crate::markup::{Emphasis, LinkTarget, TextSpan};

/// A piece of text of one style: a line break, white space, or text without white space at its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InlinePiece {
    pub(super) text: String,
    pub(super) emphasis: Emphasis,
    pub(super) link: Option<LinkTarget>,
}

impl InlinePiece {
    /// Returns true for line breaks and other white space.
    pub(super) fn is_white(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// Cuts a text into pieces.
pub(super) fn split_pieces(spans: &[TextSpan]) -> Vec<InlinePiece> {
    let mut pieces: Vec<InlinePiece> = Vec::new();
    for same in spans.chunk_by(|a, b| (a.emphasis, a.link) == (b.emphasis, b.link)) {
        let text: String = same.iter().map(|span| span.text.as_str()).collect();
        let Some(span) = same.first() else { continue };
        for line in text.split_inclusive('\n') {
            let (line, line_end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
            let core = line.trim();
            let start = line.len() - line.trim_start().len();
            let end = if core.is_empty() { start } else { start + core.len() };
            for part in [&line[..start], core, &line[end..], line_end] {
                push_piece(part, span, &mut pieces);
            }
        }
    }
    share_styles_of_white_space(&mut pieces);
    pieces
}

fn push_piece(text: &str, span: &TextSpan, pieces: &mut Vec<InlinePiece>) {
    if text.is_empty() {
        return;
    }
    let piece = InlinePiece { text: text.to_owned(), emphasis: span.emphasis, link: span.link };
    match pieces.last_mut() {
        Some(last)
            if last.is_white() == piece.is_white()
                && last.text != "\n"
                && text != "\n"
                && (piece.is_white()
                    || (last.emphasis, last.link) == (span.emphasis, span.link)) =>
        {
            last.emphasis = last.emphasis.intersection(span.emphasis);
            last.link = last.link.filter(|_| last.link == span.link);
            last.text.push_str(text);
        }
        _ => pieces.push(piece),
    }
}

/// Leaves white space the style that it shares with the texts on both sides; it is never code.
fn share_styles_of_white_space(pieces: &mut [InlinePiece]) {
    let style_of = |piece: &InlinePiece| (piece.emphasis, piece.link);
    let mut next_styles = vec![(Emphasis::NONE, None); pieces.len()];
    let mut next = (Emphasis::NONE, None);
    for (piece, next_style) in pieces.iter().zip(&mut next_styles).rev() {
        *next_style = next;
        if !piece.is_white() {
            next = style_of(piece);
        }
    }
    let mut before = (Emphasis::NONE, None);
    for (piece, next) in pieces.iter_mut().zip(next_styles) {
        if piece.is_white() {
            let shared = before.0.intersection(next.0).intersection(piece.emphasis);
            piece.emphasis = shared.difference(Emphasis::CODE.union(Emphasis::CHECK_BOX));
            piece.link = piece.link.filter(|_| before.1 == piece.link && next.1 == piece.link);
        } else {
            before = style_of(piece);
        }
    }
}
